-- Keeping and destroying cases: reviews that keep them longer, legal holds, proposals to destroy, certificates of what was destroyed. Governed row by
-- row like the tables of 0007, for information governance leads alone; of a sealed person's case, for those who keep the seal. The database itself
-- refuses what must not be destroyed: nothing goes without a certificate that two people made, and nothing goes while a hold is on it.

-- Closing starts the clock of many schedules. Those who may give a case another lead may close it.
alter table case_file add column closed_at timestamptz, add check (closed_at is null or status = 'closed');
comment on column case_file.closed_at is 'When it was closed; null where it is open, or was closed before this was kept.';
create function close_case() returns trigger language plpgsql as $$
begin
  if new.status = 'open' then
    new.closed_at := null;
  elsif old.status = 'open' and (reader_user() is not null or new.closed_at is null) then
    new.closed_at := coalesce(reader_at(), now());
  end if;
  return new;
end $$;
create trigger finish before update of status on case_file for each row execute function close_case();
grant select (closed_at), update (status) on case_file to headwater_app;

create table legal_hold (
  legal_hold_id uuid primary key default gen_random_uuid(),
  kind text not null check (kind in ('person', 'case', 'agency', 'feed')),
  target text not null check (length(target) between 1 and 200),
  person_keys text[] not null check (cardinality(person_keys) <= 1000),
  reason text not null check (length(reason) between 1 and 1000),
  authority text not null check (length(authority) between 1 and 300),
  placed_by text not null check (length(placed_by) between 1 and 200),
  placed_at timestamptz not null,
  check ((kind = 'person') = (cardinality(person_keys) > 0))
);
comment on table legal_hold is 'What must not be destroyed for now, whatever a schedule says. Lifted by a row of legal_hold_lifting, never deleted.';
comment on column legal_hold.target is 'A person''s key, the id of a case, the code of an agency (all cases that it holds) or the code of a feed.';
comment on column legal_hold.person_keys is 'Every key that the person had when the hold was placed.';
create index legal_hold_at on legal_hold (placed_at desc, legal_hold_id);
create table legal_hold_lifting (
  legal_hold_id uuid primary key references legal_hold,
  reason text not null check (length(reason) between 1 and 1000),
  authority text not null check (length(authority) between 1 and 300),
  lifted_by text not null,
  lifted_at timestamptz not null
);
comment on table legal_hold_lifting is 'Holds that hold no more.';

create table retention_review (
  retention_review_id uuid primary key default gen_random_uuid(),
  case_id uuid not null,
  keep_until date not null,
  schedule text not null check (schedule ~ '^[a-z][a-z0-9-]*$'),
  due_on date not null,
  reason text not null check (length(reason) between 1 and 1000),
  reviewed_by text not null,
  reviewed_at timestamptz not null,
  check (keep_until > (reviewed_at at time zone 'Europe/London')::date and keep_until <= ((reviewed_at at time zone 'Europe/London')::date + interval '10 years')::date)
);
comment on table retention_review is 'Decisions to keep a case that was due, until a day, and why. The newest counts.';
create index retention_review_case on retention_review (case_id, reviewed_at desc);

create table destruction_proposal (
  destruction_proposal_id uuid primary key default gen_random_uuid(),
  case_id uuid not null,
  holder text not null check (holder ~ '^[a-z][a-z0-9-]*$'),
  schedule text not null check (schedule ~ '^[a-z][a-z0-9-]*$'),
  schedule_words text not null check (length(schedule_words) between 1 and 1000),
  due_on date not null,
  reason text not null check (length(reason) between 1 and 1000),
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  proposed_by text not null check (length(proposed_by) between 1 and 200),
  proposed_at timestamptz not null,
  check (due_on <= (proposed_at at time zone 'Europe/London')::date)
);
comment on table destruction_proposal is 'Cases that somebody proposed to destroy. Another person confirms or refuses; what changed since is not destroyed.';
comment on column destruction_proposal.sha256 is 'Of all that the case held when it was proposed; see case_digest().';
create index destruction_proposal_case on destruction_proposal (case_id);
create index destruction_proposal_at on destruction_proposal (proposed_at desc);
create table destruction_refusal (
  destruction_proposal_id uuid primary key references destruction_proposal,
  reason text not null check (length(reason) between 1 and 1000),
  refused_by text not null,
  refused_at timestamptz not null
);
comment on table destruction_refusal is 'Proposals that were refused, or taken back by whoever made them.';

create table destruction_certificate (
  certificate_number bigint primary key check (certificate_number > 0),
  destruction_proposal_id uuid not null unique references destruction_proposal,
  case_id uuid not null unique,
  holder text not null,
  schedule text not null,
  schedule_words text not null,
  due_on date not null,
  reason text not null,
  counts jsonb not null,
  first_on date not null,
  last_on date not null,
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  copies text[] not null check (cardinality(copies) between 1 and 20),
  proposed_by text not null,
  proposed_at timestamptz not null,
  confirmed_by text not null,
  confirmed_at timestamptz not null,
  check (proposed_by <> confirmed_by)
);
comment on table destruction_certificate is 'What was destroyed, by whom and under which schedule; numbered without a gap. Rows are added, never changed.';
comment on column destruction_certificate.counts is 'How many rows of each kind, section and agency.';
comment on column destruction_certificate.copies is 'What else may hold copies, in the words of that day.';

-- A hold on the case, its person under any of these keys, or all cases of its agency.
create function case_is_held(which uuid, of_agency text, keys text[]) returns boolean language sql stable security definer set search_path = casework, pg_temp as $$
  select exists (
    select from legal_hold h where not exists (select from legal_hold_lifting l where l.legal_hold_id = h.legal_hold_id)
      and case h.kind when 'case' then h.target = which::text when 'agency' then h.target = of_agency when 'person' then h.person_keys && keys else false end
  )
$$;

-- Whether the reader may know of a case here: information governance leads, of a sealed person's case only those who keep the seal. What is destroyed has no person any more.
create function retention_sees(which uuid) returns boolean language sql stable security definer set search_path = casework, pg_temp as $$
  select is_reader() and reader_role() = 'governance-lead' and not exists (select from case_file f where f.case_id = which and f.sealed and not coalesce(reader_access() ? ('keeps ' || f.person_key), false))
$$;

create function micros_field(at timestamptz) returns text language sql immutable as $$
  select audit_field(((extract(epoch from at) * 1000000)::bigint)::text)
$$;

-- Each row of a case with the SHA-256 of its content: every field as its length in bytes, a colon, the field and a comma, "-," where there is none.
create function case_rows(which uuid) returns table (kind text, id uuid, section text, agency text, at timestamptz, size bigint, sha256 text) language sql stable security definer set search_path = casework, pg_temp as $$
  select r.kind, r.id, r.section, r.agency, r.at, r.size, encode(sha256(convert_to(r.content, 'UTF8')), 'hex') from (
    select 'case' as kind, case_id as id, null::text as section, holder as agency, opened_at as at, 0::bigint as size,
      audit_field(case_id::text) || audit_field(person_key) || audit_field(holder) || audit_field(status) || audit_field(lead_user) || audit_field(lead_agency) || micros_field(opened_at) || micros_field(closed_at) as content
    from case_file where case_id = which
    union all select 'member', case_member_id, null, agency, since, 0, audit_field(case_member_id::text) || audit_field(user_id) || audit_field(agency) || micros_field(since) || micros_field(until)
    from case_member where case_id = which
    union all select 'entry', entry_id, section, holder, created_at, octet_length(text), audit_field(entry_id::text) || audit_field(section) || audit_field(holder) || audit_field(author) || audit_field(text) || micros_field(created_at)
    from case_entry where case_id = which
    union all select 'attachment', attachment_id, section, holder, added_at, bytes, audit_field(attachment_id::text) || audit_field(entry_id::text) || audit_field(file_name) || audit_field(media_type) || audit_field(bytes::text) || audit_field(case_attachment.sha256) || audit_field(added_by) || micros_field(added_at)
    from case_attachment where case_id = which
  ) r
$$;

-- Of the whole case: its rows by kind and id, each as "KIND ID SHA-256", with a line feed between.
create function case_digest(which uuid) returns text language sql stable security definer set search_path = casework, pg_temp as $$
  select encode(sha256(convert_to(string_agg(r.kind || ' ' || r.id || ' ' || r.sha256, e'\n' order by r.kind collate "C", r.id), 'UTF8')), 'hex') from case_rows(which) r
$$;

-- What a lead sees of cases to decide about them: no text of any entry.
create function retention_cases(which uuid, most int) returns table (
  case_id uuid, person_key text, holder text, status text, opened_at timestamptz, closed_at timestamptz, last_at timestamptz, keep_until date, reviewed_at timestamptz, held boolean, destruction_proposal_id uuid
) language sql stable security definer set search_path = casework, pg_temp as $$
  select f.case_id, f.person_key, f.holder, f.status, f.opened_at, f.closed_at,
    greatest(f.opened_at, (select max(e.created_at) from case_entry e where e.case_id = f.case_id), (select max(a.added_at) from case_attachment a where a.case_id = f.case_id)),
    v.keep_until, v.reviewed_at, case_is_held(f.case_id, f.holder, array[f.person_key]),
    (select p.destruction_proposal_id from destruction_proposal p where p.case_id = f.case_id and not exists (select from destruction_refusal x where x.destruction_proposal_id = p.destruction_proposal_id))
  from case_file f left join lateral (select r.keep_until, r.reviewed_at from retention_review r where r.case_id = f.case_id order by r.reviewed_at desc, r.retention_review_id limit 1) v on true
  where (which is null or f.case_id = which) and is_reader() and reader_role() = 'governance-lead' and (not f.sealed or coalesce(reader_access() ? ('keeps ' || f.person_key), false))
  order by f.opened_at, f.case_id limit most
$$;
create function retention_rows(which uuid) returns table (kind text, id uuid, section text, agency text, at timestamptz, size bigint, sha256 text) language sql stable security definer set search_path = casework, pg_temp as $$
  select r.* from case_rows(which) r where retention_sees(which) order by r.kind collate "C", r.at, r.id
$$;

-- One after another: a hold that is being placed, a proposal and a destruction.
create function lock_retention() returns void language sql as $$ select pg_advisory_xact_lock(hashtextextended('retention', 0)) $$;

-- Why a case may not be destroyed now; null where it may.
create function destruction_hindrance(which uuid, keys text[]) returns text language plpgsql stable security definer set search_path = casework, pg_temp as $$
declare file case_file;
begin
  select * into file from case_file where case_id = which;
  if not found or not retention_sees(which) then return 'not-there'; end if;
  if case_is_held(which, file.holder, keys || file.person_key) then return 'held'; end if;
  if file.status <> 'closed' then return 'open'; end if;
  if exists (select from retention_review r where r.case_id = which and r.keep_until >= (reader_at() at time zone 'Europe/London')::date
    and not exists (select from retention_review n where n.case_id = which and n.reviewed_at > r.reviewed_at)) then return 'kept'; end if;
  return null;
end $$;

create function fill_retention() returns trigger language plpgsql security definer set search_path = casework, pg_temp as $$
declare file case_file;
begin
  perform lock_retention();
  case tg_table_name
    when 'legal_hold' then
      if reader_user() is not null then new.placed_by := reader_user(); new.placed_at := reader_at(); end if;
      if new.kind = 'case' and not exists (select from case_file f where f.case_id::text = new.target and (reader_user() is null or retention_sees(f.case_id))) then
        raise exception 'There is no such case' using errcode = 'insufficient_privilege';
      end if;
    when 'legal_hold_lifting' then
      if reader_user() is not null then new.lifted_by := reader_user(); new.lifted_at := reader_at(); end if;
    when 'retention_review' then
      if reader_user() is not null then new.reviewed_by := reader_user(); new.reviewed_at := reader_at(); end if;
      if not exists (select from case_file f where f.case_id = new.case_id) then raise exception 'There is no such case' using errcode = 'insufficient_privilege'; end if;
    when 'destruction_proposal' then
      if reader_user() is not null then new.proposed_by := reader_user(); new.proposed_at := reader_at(); end if;
      select * into file from case_file f where f.case_id = new.case_id for update;
      if destruction_hindrance(new.case_id, '{}') is not null or exists (select from destruction_proposal p where p.case_id = new.case_id and not exists (select from destruction_refusal x where x.destruction_proposal_id = p.destruction_proposal_id)) then
        raise exception 'This cannot be proposed' using errcode = 'insufficient_privilege';
      end if;
      new.holder := file.holder;
      new.sha256 := case_digest(new.case_id);
    when 'destruction_refusal' then
      if reader_user() is not null then new.refused_by := reader_user(); new.refused_at := reader_at(); end if;
      if exists (select from destruction_certificate c where c.destruction_proposal_id = new.destruction_proposal_id) then raise exception 'It is destroyed' using errcode = 'insufficient_privilege'; end if;
    when 'destruction_certificate' then
      select f.* into file from case_file f where f.case_id = new.case_id;
      if case_is_held(new.case_id, file.holder, array[file.person_key]) then raise exception 'A legal hold is on it' using errcode = 'insufficient_privilege'; end if;
      if not exists (select from destruction_proposal p where p.destruction_proposal_id = new.destruction_proposal_id and p.case_id = new.case_id and p.proposed_by = new.proposed_by and p.sha256 = new.sha256) then
        raise exception 'The certificate is not of its proposal' using errcode = 'insufficient_privilege';
      end if;
  end case;
  return new;
end $$;

-- Destroys the case of a proposal and makes its certificate: "done" with its number, or why not, and then nothing has changed. `keys`: all that the person is or was known by.
create function destroy_case(proposal uuid, keys text[], other_copies text[]) returns table (outcome text, certificate bigint) language plpgsql security definer set search_path = casework, pg_temp as $$
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
  if hindrance is null and case_digest(p.case_id) <> p.sha256 then hindrance := 'changed'; end if;
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

-- Whoever deletes, the owner too: only what a certificate is of, and nothing under a hold.
create function keep_until_destroyed() returns trigger language plpgsql security definer set search_path = casework, pg_temp as $$
begin
  if not exists (select from destruction_certificate c where c.case_id = old.case_id) then raise exception 'A case is never removed but under a certificate of destruction' using errcode = 'insufficient_privilege'; end if;
  if case_is_held(old.case_id, coalesce((select f.holder from case_file f where f.case_id = old.case_id), old.holder), array[old.person_key]) then raise exception 'A legal hold is on it' using errcode = 'insufficient_privilege'; end if;
  return old;
end $$;
create trigger keep before delete on case_file for each row execute function keep_until_destroyed();
create trigger keep before delete on case_member for each row execute function keep_until_destroyed();
create trigger keep before delete on case_attachment for each row execute function keep_until_destroyed();
create or replace function keep_case_entry() returns trigger language plpgsql security definer set search_path = casework, pg_temp as $$
begin
  if tg_op = 'UPDATE' and (new.entry_id, new.case_id, new.section, new.holder, new.author, new.text, new.created_at, new.person_key) is not distinct from (old.entry_id, old.case_id, old.section, old.holder, old.author, old.text, old.created_at, old.person_key) then return new; end if;
  if tg_op = 'UPDATE' or not exists (select from destruction_certificate c where c.case_id = old.case_id) then raise exception 'Entries are added, never changed or removed' using errcode = 'insufficient_privilege'; end if;
  if case_is_held(old.case_id, (select f.holder from case_file f where f.case_id = old.case_id), array[old.person_key]) then raise exception 'A legal hold is on it' using errcode = 'insufficient_privilege'; end if;
  return old;
end $$;

-- A certificate stands for what is gone, wholly.
create function certificate_is_true() returns trigger language plpgsql security definer set search_path = casework, pg_temp as $$
begin
  if exists (select from case_file f where f.case_id = new.case_id) then raise exception 'The case is still there' using errcode = 'insufficient_privilege'; end if;
  return null;
end $$;
create constraint trigger gone after insert on destruction_certificate deferrable initially deferred for each row execute function certificate_is_true();

-- None of these is kept that the audit does not tell of in the same transaction: action, column of the id, column of who.
create function retention_is_audited() returns trigger language plpgsql security definer set search_path = casework, pg_temp as $$
begin
  if not exists (select from audit_event a where a.subject_ids @> array[to_jsonb(new) ->> tg_argv[1]] and a.action = tg_argv[0] and a.outcome = 'done' and a.actor_id = to_jsonb(new) ->> tg_argv[2]) then
    raise exception 'It cannot be kept: the audit does not say so' using errcode = 'insufficient_privilege';
  end if;
  return null;
end $$;

do $$
declare each text[];
begin
  foreach each slice 1 in array array[
    ['legal_hold', 'retention.hold', 'legal_hold_id', 'placed_by'], ['legal_hold_lifting', 'retention.lift', 'legal_hold_id', 'lifted_by'], ['retention_review', 'retention.keep', 'retention_review_id', 'reviewed_by'],
    ['destruction_proposal', 'retention.propose', 'destruction_proposal_id', 'proposed_by'], ['destruction_refusal', 'retention.refuse', 'destruction_proposal_id', 'refused_by'], ['destruction_certificate', 'retention.destroy', 'destruction_proposal_id', 'confirmed_by']
  ] loop
    execute format('create trigger fill before insert on %I for each row execute function fill_retention()', each[1]);
    execute format('create trigger keep before update or delete on %I for each row execute function keep_rows()', each[1]);
    execute format('create constraint trigger audited after insert on %I deferrable initially deferred for each row execute function retention_is_audited(%L, %L, %L)', each[1], each[2], each[3], each[4]);
    execute format('alter table %I enable row level security, force row level security', each[1]);
    execute format('create policy keep_whole on %I to headwater_owner using (true) with check (true)', each[1]);
  end loop;
end $$;

create function sees_proposal(which uuid) returns boolean language sql stable security definer set search_path = casework, pg_temp as $$
  select exists (select from destruction_proposal p where p.destruction_proposal_id = which and retention_sees(p.case_id))
$$;
create function sees_hold(of_kind text, of_target text) returns boolean language sql stable security definer set search_path = casework, pg_temp as $$
  select is_reader() and reader_role() = 'governance-lead' and case of_kind
    when 'case' then not exists (select from case_file f where f.case_id::text = of_target and not retention_sees(f.case_id))
    when 'person' then not is_sealed(of_target) or coalesce(reader_access() ? ('keeps ' || of_target), false) else true end
$$;
create policy read on legal_hold for select to headwater_app using (sees_hold(kind, target));
create policy add on legal_hold for insert to headwater_app with check (sees_hold(kind, target));
create policy read on legal_hold_lifting for select to headwater_app using (exists (select from legal_hold h where h.legal_hold_id = legal_hold_lifting.legal_hold_id));
create policy add on legal_hold_lifting for insert to headwater_app with check (exists (select from legal_hold h where h.legal_hold_id = legal_hold_lifting.legal_hold_id));
create policy read on retention_review for select to headwater_app using (retention_sees(case_id));
create policy add on retention_review for insert to headwater_app with check (retention_sees(case_id));
create policy read on destruction_proposal for select to headwater_app using (retention_sees(case_id));
create policy add on destruction_proposal for insert to headwater_app with check (retention_sees(case_id));
create policy read on destruction_refusal for select to headwater_app using (sees_proposal(destruction_proposal_id));
create policy add on destruction_refusal for insert to headwater_app with check (sees_proposal(destruction_proposal_id));
create policy read on destruction_certificate for select to headwater_app using ((select is_reader()) and (select reader_role()) = 'governance-lead');

grant select, insert (kind, target, person_keys, reason, authority) on legal_hold to headwater_app;
grant select, insert (legal_hold_id, reason, authority) on legal_hold_lifting to headwater_app;
grant select, insert (case_id, keep_until, schedule, due_on, reason) on retention_review to headwater_app;
grant select, insert (case_id, schedule, schedule_words, due_on, reason) on destruction_proposal to headwater_app;
grant select, insert (destruction_proposal_id, reason) on destruction_refusal to headwater_app;
grant select on destruction_certificate to headwater_app;
revoke execute on function close_case, case_rows, case_digest, case_is_held, fill_retention, keep_until_destroyed, certificate_is_true, retention_is_audited, micros_field from public;
