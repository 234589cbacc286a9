-- A legal hold also stands in the way of emptying a whole table of cases, which no row's trigger sees. And the list of cases asks once, not for each
-- case, who reads it.

create function keep_while_held() returns trigger language plpgsql security definer set search_path = casework, pg_temp as $$
begin
  perform lock_retention();
  if exists (select from legal_hold h where h.kind <> 'feed' and not exists (select from legal_hold_lifting l where l.legal_hold_id = h.legal_hold_id)) then
    raise exception 'A legal hold is on cases' using errcode = 'insufficient_privilege';
  end if;
  return null;
end $$;
create trigger keep_all before truncate on case_file for each statement execute function keep_while_held();
create trigger keep_all before truncate on case_entry for each statement execute function keep_while_held();
create trigger keep_all before truncate on case_member for each statement execute function keep_while_held();
create trigger keep_all before truncate on case_attachment for each statement execute function keep_while_held();
do $$
declare each text;
begin
  foreach each in array array['legal_hold', 'legal_hold_lifting', 'retention_review', 'destruction_proposal', 'destruction_refusal', 'destruction_certificate'] loop
    execute format('create trigger keep_all before truncate on %I for each statement execute function keep_rows()', each);
  end loop;
end $$;

create or replace function retention_cases(which uuid, most int) returns table (
  case_id uuid, person_key text, holder text, status text, opened_at timestamptz, closed_at timestamptz, last_at timestamptz, keep_until date, reviewed_at timestamptz, held boolean, destruction_proposal_id uuid
) language sql stable security definer set search_path = casework, pg_temp as $$
  select f.case_id, f.person_key, f.holder, f.status, f.opened_at, f.closed_at,
    greatest(f.opened_at, (select max(e.created_at) from case_entry e where e.case_id = f.case_id), (select max(a.added_at) from case_attachment a where a.case_id = f.case_id)),
    v.keep_until, v.reviewed_at, case_is_held(f.case_id, f.holder, array[f.person_key]),
    (select p.destruction_proposal_id from destruction_proposal p where p.case_id = f.case_id and not exists (select from destruction_refusal x where x.destruction_proposal_id = p.destruction_proposal_id))
  from case_file f left join lateral (select r.keep_until, r.reviewed_at from retention_review r where r.case_id = f.case_id order by r.reviewed_at desc, r.retention_review_id limit 1) v on true
  where (which is null or f.case_id = which) and (select is_reader() and reader_role() = 'governance-lead') and (not f.sealed or coalesce((select reader_access()) ? ('keeps ' || f.person_key), false))
  order by f.opened_at, f.case_id limit most
$$;
revoke execute on function keep_while_held from public;
