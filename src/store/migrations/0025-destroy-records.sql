-- Keeping and destroying what is neither a case nor a loaded file: decisions to share, requests for access with their answers, and corrections. The same
-- decisions, proposals, refusals and certificates, in one series. What a case, a file and a record have in common is asked in one place each: whether
-- the reader may know of it, what stands in the way, its fingerprint, what it consists of.

alter table retention_review add column record_kind text check (record_kind in ('share-record', 'subject-access', 'correction')), add column record_id uuid;
alter table destruction_proposal add column record_kind text check (record_kind in ('share-record', 'subject-access', 'correction')), add column record_id uuid;
alter table destruction_certificate add column record_kind text, add column record_id uuid unique;
do $$
declare each record;
begin
  for each in select conrelid::regclass as of_table, conname from pg_constraint where conrelid in ('retention_review'::regclass, 'destruction_proposal'::regclass, 'destruction_certificate'::regclass) and contype = 'c' and pg_get_constraintdef(oid) ~ 'num_nonnulls\(case_id, load_id\) = 1' loop
    execute format('alter table %s drop constraint %I, add check (num_nonnulls(case_id, load_id, record_id) = 1), add check ((record_kind is null) = (record_id is null))', each.of_table, each.conname);
  end loop;
end $$;
create index retention_review_record on retention_review (record_id, reviewed_at desc) where record_id is not null;
create index destruction_proposal_record on destruction_proposal (record_id) where record_id is not null;
comment on table retention_review is 'Decisions to keep a case, a loaded file or a record that was due, until a day, and why. The newest counts.';
comment on table destruction_proposal is 'Cases, loaded files and records that somebody proposed to destroy. Another person confirms or refuses; what changed since is not destroyed.';
comment on column destruction_proposal.sha256 is 'Of all that the case or the record held when it was proposed, see case_digest() and record_digest(); of a loaded file, of the file as it came.';
comment on column destruction_certificate.record_kind is 'Of a decision to share, a request for access or a correction; null where it is of a case or a file.';
comment on column legal_hold.target is 'A person''s key, the id of a case, the code of an agency (all cases that it holds or wrote in, all files of its feeds, its decisions to share and the corrections of its facts) or the code of a feed.';

-- One row for each record. A request for access is the whole partnership's. `ended`: when what it was about was over, null while it is not: of a decision
-- to share, what was last added to it; a decision stands as long as a case about the person, for which destruction looks.
create function records_of(of_kind text, which uuid) returns table (record_kind text, record_id uuid, person_key text, holder text, feed text, row_key text, recorded_at timestamptz, last_at timestamptz, ended_at timestamptz)
language sql stable security definer set search_path = casework, pg_temp as $$
  select 'share-record', s.share_record_id, s.person_key, s.from_agency, null, null, s.recorded_at, added.at, added.at from share_record s
    cross join lateral (select greatest(s.recorded_at, (select max(f.recorded_at) from share_follow_up f where f.share_record_id = s.share_record_id), (select max(v.reviewed_at) from share_review v where v.share_record_id = s.share_record_id)) as at) added
  where of_kind = 'share-record' and (which is null or s.share_record_id = which)
  union all
  select 'subject-access', a.subject_access_id, a.person_key, 'partnership', null, null, a.opened_at, greatest(a.opened_at, steps.at, given.at), greatest(closed.at, given.at) from subject_access a
    cross join lateral (select max(t.done_at) as at from subject_access_step t where t.subject_access_id = a.subject_access_id) steps
    cross join lateral (select max(t.done_at) as at from subject_access_step t where t.subject_access_id = a.subject_access_id and t.kind = 'closing') closed
    cross join lateral (select max(r.released_at) as at from subject_access_release r where r.subject_access_id = a.subject_access_id) given
  where of_kind = 'subject-access' and (which is null or a.subject_access_id = which)
  union all
  select 'correction', c.correction_id, c.person_key, c.holder, c.feed, c.row_key, c.reported_at, greatest(c.reported_at, d.decided_at), d.decided_at from correction c left join correction_decision d using (correction_id)
  where of_kind = 'correction' and (which is null or c.correction_id = which)
$$;

-- Each row of a record with the SHA-256 of its fields, as JSON with times in UTC.
create function record_rows(of_kind text, which uuid) returns table (kind text, id text, at timestamptz, sha256 text)
language sql stable security definer set search_path = casework, pg_temp set timezone = 'UTC' as $$
  select r.kind, r.id, r.at, encode(sha256(convert_to(r.content::text, 'UTF8')), 'hex') from (
    select 'decision' as kind, s.share_record_id::text as id, s.recorded_at as at, to_jsonb(s) - 'sealed' as content from share_record s where of_kind = 'share-record' and s.share_record_id = which
    union all select 'follow-up', f.share_follow_up_id::text, f.recorded_at, to_jsonb(f) from share_follow_up f where of_kind = 'share-record' and f.share_record_id = which
    union all select 'review', v.share_review_id::text, v.reviewed_at, to_jsonb(v) from share_review v where of_kind = 'share-record' and v.share_record_id = which
    union all select 'request', a.subject_access_id::text, a.opened_at, to_jsonb(a) from subject_access a where of_kind = 'subject-access' and a.subject_access_id = which
    union all select 'step', t.subject_access_step_id::text, t.done_at, to_jsonb(t) from subject_access_step t where of_kind = 'subject-access' and t.subject_access_id = which
    union all select 'word', w.subject_access_word_id::text, w.added_at, to_jsonb(w) from subject_access_word w where of_kind = 'subject-access' and w.subject_access_id = which
    union all select 'choice', o.subject_access_choice_id::text, o.decided_at, to_jsonb(o) from subject_access_choice o where of_kind = 'subject-access' and o.subject_access_id = which
    union all select 'exemption', x.subject_access_exemption_id::text, x.decided_at, to_jsonb(x) from subject_access_exemption x where of_kind = 'subject-access' and x.subject_access_id = which
    union all select 'release', r.subject_access_release_id::text, r.released_at, to_jsonb(r) from subject_access_release r where of_kind = 'subject-access' and r.subject_access_id = which
    union all select 'report', c.correction_id::text, c.reported_at, to_jsonb(c) from correction c where of_kind = 'correction' and c.correction_id = which
    union all select 'outcome', d.correction_id::text, d.decided_at, to_jsonb(d) from correction_decision d where of_kind = 'correction' and d.correction_id = which
    union all select 'notice', n.correction_notice_id::text, n.made_at, to_jsonb(n) from correction_notice n where of_kind = 'correction' and n.correction_id = which
    union all select 'acknowledgement', k.correction_notice_id::text, k.acknowledged_at, to_jsonb(k) from correction_acknowledgement k join correction_notice n using (correction_notice_id) where of_kind = 'correction' and n.correction_id = which
  ) r
$$;

-- Of the whole record: its rows by kind and id, each as "KIND ID SHA-256", with a line feed between.
create function record_digest(of_kind text, which uuid) returns text language sql stable security definer set search_path = casework, pg_temp as $$
  select encode(sha256(convert_to(string_agg(r.kind || ' ' || r.id || ' ' || r.sha256, e'\n' order by r.kind collate "C", r.id collate "C"), 'UTF8')), 'hex') from record_rows(of_kind, which) r
$$;

-- A hold on its person under any of these keys, its agency or, of a correction, its feed.
create function record_is_held(of_kind text, which uuid, keys text[]) returns boolean language sql stable security definer set search_path = casework, pg_temp as $$
  select exists (
    select from records_of(of_kind, which) r join legal_hold h on case h.kind when 'person' then h.person_keys && (keys || r.person_key) when 'agency' then h.target = r.holder when 'feed' then h.target = r.feed else false end
    where not exists (select from legal_hold_lifting l where l.legal_hold_id = h.legal_hold_id)
  )
$$;

-- Whether the reader may know of a record here; nothing is asked of what is no record, or is gone.
create function retention_sees_record(of_kind text, which uuid) returns boolean language sql stable security definer set search_path = casework, pg_temp as $$
  select is_reader() and reader_role() = 'governance-lead' and (of_kind is null or not exists (select from records_of(of_kind, which) r where shut_to_reader(r.person_key)))
$$;

-- Whether something still stands that needs the record: a case about the person, a request that is not answered or closed, a report that nobody decided.
create function record_is_open(of_kind text, which uuid, keys text[]) returns boolean language sql stable security definer set search_path = casework, pg_temp as $$
  select exists (select from records_of(of_kind, which) r where r.ended_at is null or (of_kind = 'share-record' and exists (select from case_file f where f.person_key = any (keys || r.person_key))))
$$;

create function newest_decision_keeps(c uuid, l text, r uuid) returns boolean language sql stable security definer set search_path = casework, pg_temp as $$
  select coalesce((select v.keep_until >= (reader_at() at time zone 'Europe/London')::date from retention_review v where v.case_id = c or v.load_id = l or v.record_id = r order by v.reviewed_at desc, v.retention_review_id limit 1), false)
$$;

-- Why a record may not be destroyed now, but for what the program knows alone; null where it may.
create function record_hindrance(of_kind text, which uuid, keys text[]) returns text language plpgsql stable security definer set search_path = casework, pg_temp as $$
begin
  if not coalesce(retention_sees_record(of_kind, which), false) or not exists (select from records_of(of_kind, which)) then return 'not-there'; end if;
  if record_is_held(of_kind, which, keys) then return 'held'; end if;
  if record_is_open(of_kind, which, keys) then return 'open'; end if;
  if newest_decision_keeps(null, null, which) then return 'kept'; end if;
  return null;
end $$;

-- What a lead sees of records to decide about them: whose, when, and nothing that was written. `open` by the record's own key of the person. Of all, those alone that ended before a moment.
create function retention_records(of_kind text, which uuid, ended_before timestamptz, most int) returns table (
  record_id uuid, person_key text, holder text, feed text, row_key text, recorded_at timestamptz, last_at timestamptz, ended_at timestamptz, open boolean, keep_until date, reviewed_at timestamptz, held boolean, destruction_proposal_id uuid
) language sql stable security definer set search_path = casework, pg_temp as $$
  select r.record_id, r.person_key, r.holder, r.feed, r.row_key, r.recorded_at, r.last_at, r.ended_at, record_is_open(of_kind, r.record_id, '{}'), v.keep_until, v.reviewed_at, record_is_held(of_kind, r.record_id, '{}'),
    (select p.destruction_proposal_id from destruction_proposal p where p.record_id = r.record_id and not exists (select from destruction_refusal x where x.destruction_proposal_id = p.destruction_proposal_id))
  from records_of(of_kind, which) r left join lateral (select v.keep_until, v.reviewed_at from retention_review v where v.record_id = r.record_id order by v.reviewed_at desc, v.retention_review_id limit 1) v on true
  where (select is_reader() and reader_role() = 'governance-lead') and (which is not null or r.ended_at < ended_before) and not shut_to_reader(r.person_key)
  order by r.recorded_at, r.record_id limit most
$$;
-- Those of the keys under which there is a case: asked of every key that a person is or was known by, when a decision to share about them may go.
create function retention_case_keys(keys text[]) returns setof text language sql stable security definer set search_path = casework, pg_temp as $$
  select distinct f.person_key from case_file f where f.person_key = any (keys) and is_reader() and reader_role() = 'governance-lead'
$$;
-- Whether the reader may know of a case or a record under a key.
create or replace function retention_knows(key text) returns boolean language sql stable security definer set search_path = casework, pg_temp as $$
  select exists (select from case_file f where f.person_key = key and retention_sees(f.case_id))
    or (is_reader() and reader_role() = 'governance-lead' and not shut_to_reader(key) and (exists (select from share_record s where s.person_key = key) or exists (select from subject_access a where a.person_key = key) or exists (select from correction c where c.person_key = key)))
$$;
-- What would go, by kind.
create function retention_record_counts(of_kind text, which uuid) returns table (kind text, rows bigint) language sql stable security definer set search_path = casework, pg_temp as $$
  select r.kind, count(*) from record_rows(of_kind, which) r where retention_sees_record(of_kind, which) group by r.kind order by min(r.at), r.kind
$$;

-- What a proposal or a certificate is of, whichever it is.
create function target_hindrance(p destruction_proposal, keys text[]) returns text language sql stable security definer set search_path = casework, pg_temp as $$
  select case when p.load_id is not null then load_hindrance(p.load_id, p.feed, p.holder) when p.case_id is not null then destruction_hindrance(p.case_id, keys) else record_hindrance(p.record_kind, p.record_id, keys) end
$$;
create function target_is_held(c destruction_certificate) returns boolean language sql stable security definer set search_path = casework, pg_temp as $$
  select case when c.case_id is not null then exists (select from case_file f where f.case_id = c.case_id and case_is_held(f.case_id, f.holder, array[f.person_key])) when c.load_id is not null then load_is_held(c.feed, c.holder) else record_is_held(c.record_kind, c.record_id, '{}') end
$$;
create function target_waits(p destruction_proposal) returns boolean language sql stable security definer set search_path = casework, pg_temp as $$
  select exists (select from destruction_proposal o where (o.case_id = p.case_id or o.load_id = p.load_id or o.record_id = p.record_id) and not exists (select from destruction_refusal x where x.destruction_proposal_id = o.destruction_proposal_id))
$$;

create or replace function fill_retention() returns trigger language plpgsql security definer set search_path = casework, pg_temp as $$
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
      if not (case when new.case_id is not null then exists (select from case_file f where f.case_id = new.case_id) when new.load_id is not null then not exists (select from destruction_certificate c where c.load_id = new.load_id) else exists (select from records_of(new.record_kind, new.record_id)) end) then
        raise exception 'There is nothing of that id to keep' using errcode = 'insufficient_privilege';
      end if;
    when 'destruction_proposal' then
      if reader_user() is not null then new.proposed_by := reader_user(); new.proposed_at := reader_at(); end if;
      perform from case_file f where f.case_id = new.case_id for update;
      if target_hindrance(new, '{}') is not null or target_waits(new) then raise exception 'This cannot be proposed' using errcode = 'insufficient_privilege'; end if;
      if new.case_id is not null and new.load_id is null then
        new.holder := (select f.holder from case_file f where f.case_id = new.case_id); new.sha256 := case_digest(new.case_id);
      elsif new.record_id is not null then
        new.holder := (select r.holder from records_of(new.record_kind, new.record_id) r); new.sha256 := record_digest(new.record_kind, new.record_id);
      end if;
    when 'destruction_refusal' then
      if reader_user() is not null then new.refused_by := reader_user(); new.refused_at := reader_at(); end if;
      if exists (select from destruction_certificate c where c.destruction_proposal_id = new.destruction_proposal_id) then raise exception 'It is destroyed' using errcode = 'insufficient_privilege'; end if;
    when 'destruction_certificate' then
      if target_is_held(new) then raise exception 'A legal hold is on it' using errcode = 'insufficient_privilege'; end if;
      if not exists (select from destruction_proposal p where p.destruction_proposal_id = new.destruction_proposal_id
        and (p.case_id, p.load_id, p.feed, p.loads, p.record_kind, p.record_id, p.proposed_by, p.sha256) is not distinct from (new.case_id, new.load_id, new.feed, new.loads, new.record_kind, new.record_id, new.proposed_by, new.sha256)) then
        raise exception 'The certificate is not of its proposal' using errcode = 'insufficient_privilege';
      end if;
  end case;
  return new;
end $$;

-- Destroys what a proposal is of and makes its certificate: "done" with its number, or why not, and then nothing has changed. Of a loaded file the certificate
-- alone is made, and from then on its files go. `keys`: all that the person is or was known by; `parts`: the loads that are the file's now.
create function destroy(proposal uuid, keys text[], parts text[], other_copies text[]) returns table (outcome text, certificate bigint) language plpgsql security definer set search_path = casework, pg_temp as $$
declare
  p destruction_proposal;
  found_counts jsonb;
  first_day date;
  last_day date;
  next_number bigint;
  hindrance text;
begin
  if not coalesce(is_reader() and reader_role() = 'governance-lead', false) then raise exception 'Only an information governance lead destroys' using errcode = 'insufficient_privilege'; end if;
  perform lock_retention();
  select * into p from destruction_proposal d where d.destruction_proposal_id = proposal and not exists (select from destruction_refusal x where x.destruction_proposal_id = proposal);
  if not found then return query select 'not-there', null::bigint; return; end if;
  if p.proposed_by = reader_user() then return query select 'same-person', null::bigint; return; end if;
  perform from case_file f where f.case_id = p.case_id for update;
  perform from share_record s where s.share_record_id = p.record_id for update;
  perform from subject_access a where a.subject_access_id = p.record_id for update;
  perform from correction c where c.correction_id = p.record_id for update;
  hindrance := target_hindrance(p, keys);
  if hindrance is null and (
    case when p.case_id is not null then case_digest(p.case_id) <> p.sha256 when p.load_id is not null then p.loads is distinct from parts else record_digest(p.record_kind, p.record_id) <> p.sha256 end
    or exists (select from retention_review r where (r.case_id = p.case_id or r.load_id = p.load_id or r.record_id = p.record_id) and r.reviewed_at >= p.proposed_at)
  ) then hindrance := 'changed'; end if;
  if hindrance is not null then return query select hindrance, null::bigint; return; end if;

  select jsonb_agg(jsonb_build_object('kind', c.kind, 'section', c.section, 'agency', c.agency, 'rows', c.rows) order by c.kind, c.section, c.agency), min(c.first_on), max(c.last_on) into found_counts, first_day, last_day from (
    select r.kind, r.section, r.agency, count(*) as rows, min(r.at at time zone 'Europe/London')::date as first_on, max(r.at at time zone 'Europe/London')::date as last_on from case_rows(p.case_id) r group by 1, 2, 3
    union all select r.kind, null, p.holder, count(*), min(r.at at time zone 'Europe/London')::date, max(r.at at time zone 'Europe/London')::date from record_rows(p.record_kind, p.record_id) r group by 1
    union all select 'row', null, p.holder, p.load_rows, p.first_on, p.last_on where p.load_id is not null
  ) c;
  select coalesce(max(c.certificate_number), 0) + 1 into next_number from destruction_certificate c;
  insert into destruction_certificate (certificate_number, destruction_proposal_id, case_id, load_id, feed, loads, record_kind, record_id, holder, schedule, schedule_words, due_on, reason, counts, first_on, last_on, sha256, copies, proposed_by, proposed_at, confirmed_by, confirmed_at)
  values (next_number, proposal, p.case_id, p.load_id, p.feed, p.loads, p.record_kind, p.record_id, p.holder, p.schedule, p.schedule_words, p.due_on, p.reason, found_counts, first_day, last_day, p.sha256, other_copies, p.proposed_by, p.proposed_at, reader_user(), reader_at());

  delete from case_attachment a where a.case_id = p.case_id;
  delete from case_entry e where e.case_id = p.case_id;
  delete from case_member m where m.case_id = p.case_id;
  delete from case_file f where f.case_id = p.case_id;
  delete from share_review v where p.record_kind = 'share-record' and v.share_record_id = p.record_id;
  delete from share_follow_up f where p.record_kind = 'share-record' and f.share_record_id = p.record_id;
  delete from share_record s where p.record_kind = 'share-record' and s.share_record_id = p.record_id;
  delete from subject_access_release r where p.record_kind = 'subject-access' and r.subject_access_id = p.record_id;
  delete from subject_access_exemption x where p.record_kind = 'subject-access' and x.subject_access_id = p.record_id;
  delete from subject_access_choice o where p.record_kind = 'subject-access' and o.subject_access_id = p.record_id;
  delete from subject_access_word w where p.record_kind = 'subject-access' and w.subject_access_id = p.record_id;
  delete from subject_access_step t where p.record_kind = 'subject-access' and t.subject_access_id = p.record_id;
  delete from subject_access a where p.record_kind = 'subject-access' and a.subject_access_id = p.record_id;
  delete from correction_acknowledgement k using correction_notice n where p.record_kind = 'correction' and n.correction_notice_id = k.correction_notice_id and n.correction_id = p.record_id;
  delete from correction_notice n where p.record_kind = 'correction' and n.correction_id = p.record_id;
  delete from correction_decision d where p.record_kind = 'correction' and d.correction_id = p.record_id;
  delete from correction c where p.record_kind = 'correction' and c.correction_id = p.record_id;
  return query select 'done', next_number;
end $$;
drop function destroy_case(uuid, text[], text[]);
drop function destroy_load(uuid, text[], text[]);

-- Whoever deletes, the owner too: only what a certificate is of, and nothing under a hold. Nothing is changed but the copy of a seal.
create function keep_record() returns trigger language plpgsql security definer set search_path = casework, pg_temp as $$
declare which uuid := case tg_table_name when 'correction_acknowledgement' then (select n.correction_id from correction_notice n where n.correction_notice_id::text = to_jsonb(old) ->> 'correction_notice_id') else (to_jsonb(old) ->> tg_argv[1])::uuid end;
begin
  if not exists (select from destruction_certificate c where c.record_kind = tg_argv[0] and c.record_id = which) then raise exception 'These rows are added, never changed or removed but under a certificate of destruction' using errcode = 'insufficient_privilege'; end if;
  if record_is_held(tg_argv[0], which, '{}') then raise exception 'A legal hold is on it' using errcode = 'insufficient_privilege'; end if;
  return old;
end $$;
do $$
declare each text[];
begin
  foreach each slice 1 in array array[
    ['share_record', 'share-record', 'share_record_id'], ['share_follow_up', 'share-record', 'share_record_id'], ['share_review', 'share-record', 'share_record_id'],
    ['subject_access', 'subject-access', 'subject_access_id'], ['subject_access_step', 'subject-access', 'subject_access_id'], ['subject_access_word', 'subject-access', 'subject_access_id'],
    ['subject_access_choice', 'subject-access', 'subject_access_id'], ['subject_access_exemption', 'subject-access', 'subject_access_id'], ['subject_access_release', 'subject-access', 'subject_access_id'],
    ['correction', 'correction', 'correction_id'], ['correction_decision', 'correction', 'correction_id'], ['correction_notice', 'correction', 'correction_id'], ['correction_acknowledgement', 'correction', 'correction_id']
  ] loop
    execute format('drop trigger keep on %I', each[1]);
    execute format('create trigger keep before update on %I for each row execute function %I()', each[1], case each[1] when 'share_record' then 'keep_share_record' else 'keep_rows' end);
    execute format('create trigger keep_until_destroyed before delete on %I for each row execute function keep_record(%L, %L)', each[1], each[2], each[3]);
    execute format('drop trigger if exists keep_all on %I', each[1]);
    execute format('create trigger keep_all before truncate on %I for each statement execute function keep_rows()', each[1]);
  end loop;
end $$;

create or replace function certificate_is_true() returns trigger language plpgsql security definer set search_path = casework, pg_temp as $$
begin
  if exists (select from case_file f where f.case_id = new.case_id) or exists (select from records_of(new.record_kind, new.record_id)) then raise exception 'It is still there' using errcode = 'insufficient_privilege'; end if;
  return null;
end $$;

create or replace function sees_proposal(which uuid) returns boolean language sql stable security definer set search_path = casework, pg_temp as $$
  select exists (select from destruction_proposal p where p.destruction_proposal_id = which and retention_sees(p.case_id) and retention_sees_record(p.record_kind, p.record_id))
$$;
alter policy read on retention_review using (retention_sees(case_id) and retention_sees_record(record_kind, record_id));
alter policy add on retention_review with check (retention_sees(case_id) and retention_sees_record(record_kind, record_id));
alter policy read on destruction_proposal using (retention_sees(case_id) and retention_sees_record(record_kind, record_id));
alter policy add on destruction_proposal with check (retention_sees(case_id) and retention_sees_record(record_kind, record_id));

grant insert (record_kind, record_id) on retention_review, destruction_proposal to headwater_app;
revoke execute on function records_of, record_rows, record_digest, record_is_held, record_is_open, newest_decision_keeps, target_hindrance, target_is_held, target_waits, keep_record from public;
