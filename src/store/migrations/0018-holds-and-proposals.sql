-- A hold on an agency also holds its entries in cases of others. A decision to keep ends every proposal made before it, also when its day has passed. And
-- a lead may place a hold on somebody of whom they may know a case, whether or not the person is in the snapshot that is served.

create or replace function case_is_held(which uuid, of_agency text, keys text[]) returns boolean language sql stable security definer set search_path = casework, pg_temp as $$
  select exists (
    select from legal_hold h where not exists (select from legal_hold_lifting l where l.legal_hold_id = h.legal_hold_id)
      and case h.kind when 'case' then h.target = which::text when 'person' then h.person_keys && keys
        when 'agency' then h.target = of_agency or exists (select from case_entry e where e.case_id = which and e.holder = h.target) else false end
  )
$$;
comment on column legal_hold.target is 'A person''s key, the id of a case, the code of an agency (all cases that it holds or wrote in) or the code of a feed.';

-- Destroys the case of a proposal and makes its certificate: "done" with its number, or why not, and then nothing has changed. `keys`: all that the person is or was known by.
create or replace function destroy_case(proposal uuid, keys text[], other_copies text[]) returns table (outcome text, certificate bigint) language plpgsql security definer set search_path = casework, pg_temp as $$
declare
  p destruction_proposal;
  found_counts jsonb;
  spans record;
  next_number bigint;
  hindrance text;
begin
  if not coalesce(is_reader() and reader_role() = 'governance-lead', false) then raise exception 'Only an information governance lead destroys' using errcode = 'insufficient_privilege'; end if;
  perform lock_retention();
  select * into p from destruction_proposal d where d.destruction_proposal_id = proposal and not exists (select from destruction_refusal x where x.destruction_proposal_id = proposal);
  if not found then return query select 'not-there', null::bigint; return; end if;
  if p.proposed_by = reader_user() then return query select 'same-person', null::bigint; return; end if;
  perform from case_file f where f.case_id = p.case_id for update;
  hindrance := destruction_hindrance(p.case_id, keys);
  if hindrance is null and (case_digest(p.case_id) <> p.sha256 or exists (select from retention_review r where r.case_id = p.case_id and r.reviewed_at >= p.proposed_at)) then hindrance := 'changed'; end if;
  if hindrance is not null then return query select hindrance, null::bigint; return; end if;

  select jsonb_agg(jsonb_build_object('kind', c.kind, 'section', c.section, 'agency', c.agency, 'rows', c.rows) order by c.kind, c.section, c.agency) into found_counts
  from (select r.kind, r.section, r.agency, count(*) as rows from case_rows(p.case_id) r group by 1, 2, 3) c;
  select min(r.at at time zone 'Europe/London')::date as first_on, max(r.at at time zone 'Europe/London')::date as last_on into spans from case_rows(p.case_id) r;
  select coalesce(max(c.certificate_number), 0) + 1 into next_number from destruction_certificate c;
  insert into destruction_certificate (certificate_number, destruction_proposal_id, case_id, holder, schedule, schedule_words, due_on, reason, counts, first_on, last_on, sha256, copies, proposed_by, proposed_at, confirmed_by, confirmed_at)
  values (next_number, proposal, p.case_id, p.holder, p.schedule, p.schedule_words, p.due_on, p.reason, found_counts, spans.first_on, spans.last_on, p.sha256, other_copies, p.proposed_by, p.proposed_at, reader_user(), reader_at());
  delete from case_attachment a where a.case_id = p.case_id;
  delete from case_entry e where e.case_id = p.case_id;
  delete from case_member m where m.case_id = p.case_id;
  delete from case_file f where f.case_id = p.case_id;
  return query select 'done', next_number;
end $$;

-- Whether the reader may know of a case under a key.
create function retention_knows(key text) returns boolean language sql stable security definer set search_path = casework, pg_temp as $$
  select exists (select from case_file f where f.person_key = key and retention_sees(f.case_id))
$$;
