-- The least casework that access must govern, and the policies that govern it. They say what src/govern/access-decision.ts says; a property
-- test holds the two together. Who reads, for which purpose and when comes as settings of the transaction (see reader-transaction.store.ts);
-- without them there are no rows. What a policy needs about the reader is asked once per statement: `(select …)`. What it needs about
-- the row stands in the row: `sealed` and the `works_` columns are copies that triggers keep, under a lock of the case.

-- The reader of this transaction, as become_reader() set it. Settings alone are not believed: what policies give comes from reader_now.
create function reader_user() returns text language sql stable as $$ select nullif(current_setting('headwater.user', true), '') $$;
create function reader_role() returns text language sql stable as $$ select nullif(current_setting('headwater.role', true), '') $$;
create function reader_agency() returns text language sql stable as $$ select nullif(current_setting('headwater.agency', true), '') $$;
create function reader_purpose() returns text language sql stable as $$ select nullif(current_setting('headwater.purpose', true), '') $$;
create function reader_at() returns timestamptz language sql stable as $$ select to_timestamp(nullif(current_setting('headwater.at', true), '')::bigint / 1000.0) $$;

create unlogged table reader_now (
  pid int primary key,
  xid xid8 not null,
  reader text[] not null,
  access jsonb not null
);
comment on table reader_now is 'For each connection the reader of its newest transaction, and what they have in it: worked out once, by become_reader(). The application may not touch it.';

-- The same list as src/govern/score-of-a-person.ts, held together by a test.
create function means_score(key text) returns boolean language sql immutable as $$
  select '_' || lower(regexp_replace(regexp_replace(key, '([a-z0-9])([A-Z])', '\1_\2', 'g'), '[^A-Za-z0-9]+', '_', 'g')) || '_' ~ '(_aces?(count|score|total|number|sum|tally|index|level|band|rating|rank|percentile|decile)?([0-9]+[a-z]*)?_|_adverse_?(childhood_?)?experiences?_|_childhood_?advers(e|ity|ities)_|_(trauma|adversity|adversities)_?(count|score|total|number|sum|tally|index|level|band|rating|rank|percentile|decile)_|_(risk|vulnerability|threat|harm|needs?|crime|offending|reoffending|offender|victim|victimisation|escalation|person|family|household|child)_?(score|index|rank|percentile|decile|probability|likelihood|chance|prediction|propensity)_|_(score|index|rank|percentile|decile|probability|likelihood|chance|prediction)_(of|for|that|to)_|_(predict|predicts|predicted|prediction|predictions|predictive|predictor|propensity|forecast|forecasts|forecasted)_|_(ogrs|ogp|ovp|rsr)[0-9]*_)'
$$;

create table case_file (
  case_id uuid primary key default gen_random_uuid(),
  person_key text not null check (length(person_key) between 1 and 200),
  holder text not null check (holder ~ '^[a-z][a-z0-9-]*$'),
  status text not null default 'open' check (status in ('open', 'closed')),
  lead_user text check (length(lead_user) between 1 and 200),
  lead_agency text check (lead_agency ~ '^[a-z][a-z0-9-]*$'),
  opened_at timestamptz not null,
  sealed boolean not null,
  works_users text[] not null,
  works_agencies text[] not null,
  item text not null generated always as (holder || ' case/file') stored,
  lead_item text not null generated always as (holder || ' case/lead') stored,
  check ((lead_user is null) = (lead_agency is null))
);
comment on table case_file is 'A case about a person. Its entries, members and attachments are governed row by row.';
comment on column case_file.holder is 'The agency that holds the case.';
comment on column case_file.sealed is 'The person''s record is sealed now. A copy, kept by triggers, as are the works_ columns.';
comment on column case_file.works_users is 'Who works on the case now: first its lead (empty where it has none), then its members; works_agencies likewise, with the holder.';
create index case_file_opened on case_file (opened_at desc, case_id);
create index case_file_person on case_file (person_key);
create index case_file_lead on case_file (lead_user, opened_at desc);

create table case_member (
  case_member_id uuid primary key default gen_random_uuid(),
  case_id uuid not null references case_file,
  user_id text not null check (length(user_id) between 1 and 200),
  agency text not null check (agency ~ '^[a-z][a-z0-9-]*$'),
  since timestamptz not null,
  until timestamptz,
  person_key text not null,
  holder text not null,
  sealed boolean not null,
  works_users text[] not null,
  works_agencies text[] not null,
  item text not null generated always as (holder || ' case/members') stored
);
comment on table case_member is 'Who works on a case, from when until when; someone whose row has an end works on it no more.';
create index case_member_case on case_member (case_id);

create table case_entry (
  entry_id uuid primary key default gen_random_uuid(),
  case_id uuid not null references case_file,
  section text not null check (section ~ '^[a-z][a-z0-9-]*$' and section not in ('file', 'members', 'lead') and not means_score(section)),
  holder text not null check (holder ~ '^[a-z][a-z0-9-]*$'),
  author text not null check (length(author) between 1 and 200),
  text text not null check (length(text) between 1 and 20000),
  created_at timestamptz not null,
  person_key text not null,
  sealed boolean not null,
  works_users text[] not null,
  works_agencies text[] not null,
  item text not null generated always as (holder || ' case/' || section) stored,
  search_text text collate "C" not null generated always as (lower(left(text, 100))) stored
);
comment on table case_entry is 'What was written in a case, section by section. Rows are added, never changed: a correction is another entry.';
comment on column case_entry.holder is 'The agency whose entry it is: its author''s.';
comment on column case_entry.search_text is 'How it begins, for a search by prefix whose comparisons cannot leak.';
create index case_entry_case on case_entry (case_id, created_at, entry_id);
create index case_entry_created on case_entry (created_at desc, entry_id);
create index case_entry_person on case_entry (person_key, created_at desc);
create index case_entry_search on case_entry (search_text);

create table case_attachment (
  attachment_id uuid primary key default gen_random_uuid(),
  entry_id uuid not null references case_entry,
  file_name text not null check (length(file_name) between 1 and 200),
  media_type text not null check (media_type ~ '^[a-z]+/[a-z0-9.+-]+$'),
  bytes bigint not null check (bytes >= 0),
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  added_by text not null,
  added_at timestamptz not null,
  case_id uuid not null references case_file,
  section text not null,
  holder text not null,
  person_key text not null,
  sealed boolean not null,
  works_users text[] not null,
  works_agencies text[] not null,
  item text not null generated always as (holder || ' case/' || section) stored
);
comment on table case_attachment is 'What is known of the files that belong to entries; each is governed as its entry.';
create index case_attachment_case on case_attachment (case_id, added_at);
create index case_attachment_entry on case_attachment (entry_id);

create table sealed_subject (
  sealed_subject_id uuid primary key default gen_random_uuid(),
  person_key text not null check (length(person_key) between 1 and 200),
  ground text not null check (ground in ('domestic-abuse', 'protected-person', 'staff-family', 'other')),
  whom_to_ring text not null check (length(whom_to_ring) between 1 and 300),
  sealed_by text not null,
  sealed_at timestamptz not null
);
comment on table sealed_subject is 'People whose records only named keepers may read. A seal is lifted by a row of seal_lifting, never deleted.';
create index sealed_subject_person on sealed_subject (person_key);
create table sealed_keeper (
  sealed_subject_id uuid not null references sealed_subject,
  user_id text not null check (length(user_id) between 1 and 200),
  added_by text not null,
  added_at timestamptz not null,
  primary key (sealed_subject_id, user_id)
);
comment on table sealed_keeper is 'Who may read a sealed record; nobody names themselves. Of someone sealed twice, only who keeps both seals.';
create index sealed_keeper_user on sealed_keeper (user_id);
create table seal_lifting (
  sealed_subject_id uuid primary key references sealed_subject,
  reason text not null check (length(reason) between 1 and 1000),
  lifted_by text not null,
  lifted_at timestamptz not null
);
comment on table seal_lifting is 'Seals that hold no more.';

create table broken_glass (
  broken_glass_id uuid primary key default gen_random_uuid(),
  user_id text not null,
  agency text not null,
  role text not null,
  purpose text not null,
  person_key text not null check (length(person_key) between 1 and 200),
  reason text not null check (length(reason) between 10 and 1000),
  broken_at timestamptz not null,
  broken_until timestamptz not null,
  check (broken_until = broken_at + interval '2 hours')
);
comment on table broken_glass is 'Who opened a person''s record in an emergency, without a clause, and why: for two hours, told to the governance lead at once. Rows are added, never changed.';
create index broken_glass_user on broken_glass (user_id, broken_until);
create index broken_glass_at on broken_glass (broken_at);
create table broken_glass_review (
  broken_glass_id uuid primary key references broken_glass,
  outcome text not null check (outcome in ('justified', 'not-justified', 'to-be-followed-up')),
  note text not null check (length(note) between 1 and 1000),
  reviewed_by text not null,
  reviewed_at timestamptz not null
);
comment on table broken_glass_review is 'What an information governance lead found of each; nobody reviews their own.';

-- What a reader has at a moment, as keys of one object: "member early-help case/plan" for an item and each standing in which it may be had (a
-- clause that asks for less gives to those who stand closer too), "keeps KEY" for people whose seals they keep, "glass KEY" for glasses open.
create function access_of(who text, in_role text, of_agency text, for_purpose text, at timestamptz) returns jsonb language plpgsql stable security definer set search_path = casework, pg_temp as $$
declare
  items jsonb;
  kept jsonb;
  glasses jsonb;
begin
  select jsonb_object_agg(standing || ' ' || g.holder || ' ' || g.item, 1) into items from access_grant g
  cross join unnest(case g.relation when 'none' then array['none', 'agency', 'member', 'lead'] when 'agency' then array['agency', 'member', 'lead'] when 'member' then array['member', 'lead'] else array['lead'] end) standing
  where g.agency = of_agency and g.role = in_role and g.purpose = for_purpose and g.form = 'identified' and g.item like 'case/%' and g.valid_from <= at and (g.valid_to is null or at < g.valid_to);
  if exists (select from sealed_keeper where user_id = who) then
    select jsonb_object_agg('keeps ' || person_key, 1) into kept from (
      select s.person_key from sealed_subject s left join sealed_keeper k on k.sealed_subject_id = s.sealed_subject_id and k.user_id = who
      where s.person_key in (select t.person_key from sealed_subject t join sealed_keeper u using (sealed_subject_id) where u.user_id = who) and seal_holds(s.sealed_subject_id)
      group by s.person_key having bool_and(k.user_id is not null)
    ) each;
  end if;
  if for_purpose is not null and in_role in ('hub-coordinator', 'lead-practitioner', 'referrer') then
    select jsonb_object_agg('glass ' || person_key, 1) into glasses from broken_glass where user_id = who and broken_at <= at and at < broken_until;
  end if;
  return coalesce(items, '{}') || coalesce(kept, '{}') || coalesce(glasses, '{}');
end $$;

-- Once in a transaction; a second reader is refused, and so is another purpose.
create function become_reader(who text, in_role text, of_agency text, for_purpose text, at_ms bigint) returns void language plpgsql security definer set search_path = casework, pg_temp as $$
declare settings text[] := array[who, in_role, of_agency, coalesce(for_purpose, ''), at_ms::text];
begin
  if exists (select from reader_now where pid = pg_backend_pid() and xid = pg_current_xact_id_if_assigned()) then
    raise exception 'A transaction has one reader and one purpose' using errcode = 'insufficient_privilege';
  end if;
  perform set_config('headwater.' || name, value, true) from unnest(array['user', 'role', 'agency', 'purpose', 'at'], settings) as each(name, value);
  insert into reader_now (pid, xid, reader, access) values (pg_backend_pid(), pg_current_xact_id(), settings, access_of(reader_user(), reader_role(), reader_agency(), reader_purpose(), reader_at()))
  on conflict (pid) do update set xid = excluded.xid, reader = excluded.reader, access = excluded.access;
end $$;

-- Nothing where the settings are not those that become_reader() made in this transaction.
create function reader_access() returns jsonb language plpgsql stable security definer set search_path = casework, pg_temp as $$
declare found jsonb;
begin
  select access into found from reader_now where pid = pg_backend_pid() and xid = pg_current_xact_id_if_assigned()
    and reader = array[current_setting('headwater.user', true), current_setting('headwater.role', true), current_setting('headwater.agency', true), current_setting('headwater.purpose', true), current_setting('headwater.at', true)];
  return found;
end $$;
create function is_reader() returns boolean language sql stable as $$ select reader_access() is not null $$;

create function seal_holds(which uuid) returns boolean language sql stable security definer set search_path = casework, pg_temp as $$
  select not exists (select from seal_lifting where sealed_subject_id = which)
$$;

create function is_sealed(who text) returns boolean language sql stable security definer set search_path = casework, pg_temp as $$
  select exists (select from sealed_subject s where s.person_key = who and seal_holds(s.sealed_subject_id))
$$;

-- What the decision needs to know of a person and of a case, for the reason that a page gives; nothing else of them.
create function reader_subject(who text) returns table (sealed boolean, keeper boolean, broken_until timestamptz) language sql stable security definer set search_path = casework, pg_temp as $$
  select is_sealed(who), reader_access() ? ('keeps ' || who),
    (select max(b.broken_until) from broken_glass b where b.person_key = who and b.user_id = reader_user() and b.broken_at <= reader_at() and reader_at() < b.broken_until)
  where is_reader()
$$;

-- Of a sealed person: that a record exists, which the answer itself says, and whom to ring. For those whose work may need it.
create function sealed_notice(who text) returns table (whom_to_ring text) language sql stable security definer set search_path = casework, pg_temp as $$
  select s.whom_to_ring from sealed_subject s
  where s.person_key = who and seal_holds(s.sealed_subject_id)
    and is_reader() and reader_purpose() is not null and reader_role() in ('hub-coordinator', 'lead-practitioner', 'referrer', 'governance-lead')
  order by s.sealed_at desc limit 1
$$;

-- What is added gets author, agency and time of its reader, and of its case the copies. A case that is not there looks like one that is sealed.
create function fill_case_file() returns trigger language plpgsql security definer set search_path = casework, pg_temp as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('seal ' || new.person_key, 0));
  if reader_user() is not null then
    new.holder := coalesce(reader_agency(), '');
    new.opened_at := reader_at();
  end if;
  new.sealed := is_sealed(new.person_key);
  new.works_users := array[coalesce(new.lead_user, '')];
  new.works_agencies := array_remove(array[new.holder, new.lead_agency], null);
  return new;
end $$;
create trigger fill before insert on case_file for each row execute function fill_case_file();

create function fill_case_part() returns trigger language plpgsql security definer set search_path = casework, pg_temp as $$
declare
  file case_file;
  entry case_entry;
begin
  if tg_table_name = 'case_attachment' then
    select * into entry from case_entry where entry_id = new.entry_id;
    new.case_id := entry.case_id;
    new.section := coalesce(entry.section, '');
    new.holder := coalesce(entry.holder, '');
    if reader_user() is not null then
      new.added_by := reader_user();
      new.added_at := reader_at();
      -- Only an entry's own agency adds files to it.
      if entry.holder is distinct from reader_agency() then new.case_id := null; end if;
    end if;
  elsif tg_table_name = 'case_entry' and reader_user() is not null then
    new.author := reader_user();
    new.holder := coalesce(reader_agency(), '');
    new.created_at := reader_at();
  end if;
  select * into file from case_file where case_id = new.case_id for share;
  new.person_key := coalesce(file.person_key, '');
  new.sealed := coalesce(file.sealed, true);
  new.works_users := coalesce(file.works_users, '{}');
  new.works_agencies := coalesce(file.works_agencies, '{}');
  if tg_table_name = 'case_member' then
    new.holder := coalesce(file.holder, '');
    if reader_user() is not null then
      new.since := reader_at();
      new.until := null;
    end if;
  end if;
  return new;
end $$;
create trigger fill before insert on case_entry for each row execute function fill_case_part();
create trigger fill before insert on case_member for each row execute function fill_case_part();
create trigger fill before insert on case_attachment for each row execute function fill_case_part();

-- The copies follow what they are copies of. The case is locked first, so that what is added meanwhile waits, and copies what is true then.
create function follow_case(which uuid) returns void language plpgsql security definer set search_path = casework, pg_temp as $$
declare file case_file;
begin
  perform from case_file where case_id = which for update;
  update case_file f set
    sealed = is_sealed(f.person_key),
    works_users = array[coalesce(f.lead_user, '')] || array(select distinct m.user_id from case_member m where m.case_id = which and m.until is null order by 1),
    works_agencies = array(select f.holder union select f.lead_agency where f.lead_agency is not null union select m.agency from case_member m where m.case_id = which and m.until is null order by 1)
  where f.case_id = which returning * into file;
  update case_entry e set sealed = file.sealed, works_users = file.works_users, works_agencies = file.works_agencies where e.case_id = which;
  update case_member m set sealed = file.sealed, works_users = file.works_users, works_agencies = file.works_agencies where m.case_id = which;
  update case_attachment a set sealed = file.sealed, works_users = file.works_users, works_agencies = file.works_agencies where a.case_id = which;
end $$;

create function follow_work() returns trigger language plpgsql security definer set search_path = casework, pg_temp as $$
begin
  perform follow_case(new.case_id);
  return null;
end $$;
create function end_work() returns trigger language plpgsql as $$
begin
  if reader_user() is not null then new.until := coalesce(old.until, reader_at()); end if;
  return new;
end $$;
create trigger finish before update of until on case_member for each row execute function end_work();
create trigger follow after insert or update of until on case_member for each row execute function follow_work();
create trigger follow after update of lead_user, lead_agency on case_file for each row execute function follow_work();

create function follow_seal() returns trigger language plpgsql security definer set search_path = casework, pg_temp as $$
declare who text;
begin
  select person_key into strict who from sealed_subject where sealed_subject_id = new.sealed_subject_id;
  perform pg_advisory_xact_lock(hashtextextended('seal ' || who, 0));
  perform follow_case(case_id) from (select case_id from case_file where person_key = who order by case_id) files;
  return null;
end $$;
create trigger follow after insert on sealed_subject for each row execute function follow_seal();
create trigger follow after insert on seal_lifting for each row execute function follow_seal();

create function keep_case_entry() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' then
    if (new.entry_id, new.case_id, new.section, new.holder, new.author, new.text, new.created_at, new.person_key) is not distinct from (old.entry_id, old.case_id, old.section, old.holder, old.author, old.text, old.created_at, old.person_key) then return new; end if;
  end if;
  raise exception 'Entries are added, never changed or removed' using errcode = 'insufficient_privilege';
end $$;
create trigger keep before update or delete on case_entry for each row execute function keep_case_entry();

create function keep_rows() returns trigger language plpgsql as $$
begin
  raise exception 'These rows are added, never changed or removed' using errcode = 'insufficient_privilege';
end $$;
do $$
declare each text;
begin
  foreach each in array array['sealed_subject', 'sealed_keeper', 'seal_lifting', 'broken_glass', 'broken_glass_review'] loop
    execute format('create trigger keep before update or delete on %I for each row execute function keep_rows()', each);
  end loop;
end $$;

create function fill_governed() returns trigger language plpgsql security definer set search_path = casework, pg_temp as $$
begin
  if reader_user() is null then return new; end if;
  case tg_table_name
    when 'sealed_subject' then new.sealed_by := reader_user(); new.sealed_at := reader_at();
    when 'sealed_keeper' then new.added_by := reader_user(); new.added_at := reader_at();
    when 'seal_lifting' then new.lifted_by := reader_user(); new.lifted_at := reader_at();
    when 'broken_glass_review' then
      new.reviewed_by := reader_user(); new.reviewed_at := reader_at();
      if not exists (select from broken_glass g where g.broken_glass_id = new.broken_glass_id and g.user_id <> reader_user()) then
        raise exception 'Only another''s broken glass can be reviewed' using errcode = 'insufficient_privilege';
      end if;
    when 'broken_glass' then
      if is_sealed(new.person_key) and not coalesce(reader_access() ? ('keeps ' || new.person_key), false) then
        raise exception 'Breaking the glass does not open a seal' using errcode = 'insufficient_privilege';
      end if;
      new.user_id := reader_user(); new.agency := reader_agency(); new.role := reader_role(); new.purpose := reader_purpose();
      new.broken_at := reader_at(); new.broken_until := reader_at() + interval '2 hours';
  end case;
  return new;
end $$;
create trigger fill before insert on sealed_subject for each row execute function fill_governed();
create trigger fill before insert on sealed_keeper for each row execute function fill_governed();
create trigger fill before insert on seal_lifting for each row execute function fill_governed();
create trigger fill before insert on broken_glass for each row execute function fill_governed();
create trigger fill before insert on broken_glass_review for each row execute function fill_governed();

-- No glass is broken unless the audit says so in the same transaction.
create function glass_is_audited() returns trigger language plpgsql security definer set search_path = casework, pg_temp as $$
begin
  if not exists (select from audit_event a where a.subject_ids @> array[new.broken_glass_id::text] and a.action = 'glass.break' and a.outcome = 'done' and a.actor_id = new.user_id) then
    raise exception 'The glass cannot be broken: the audit does not say so' using errcode = 'insufficient_privilege';
  end if;
  return null;
end $$;
create constraint trigger audited after insert on broken_glass deferrable initially deferred for each row execute function glass_is_audited();

do $$
declare
  each text;
  unsealed text := '(not sealed or (select reader_access()) ? (''keeps '' || person_key))';
  -- Settings are read without reader_user() and its like, which the planner would take apart anew for each statement. And coalesce: what `?` is taken to let through by the planner is next to nothing, and lists would be sorted in place of read from their index.
  by_clause text := $q$coalesce((select reader_access()) ? (
      case coalesce(array_position(works_users, (select nullif(current_setting('headwater.user', true), ''))), 0)
        when 0 then case when (select nullif(current_setting('headwater.agency', true), '')) = any (works_agencies) then 'agency ' else 'none ' end
        when 1 then 'lead '
        else 'member '
      end || %s), false)$q$;
  by_glass text := 'coalesce((select reader_access()) ? (''glass '' || person_key), false)';
begin
  foreach each in array array['case_file', 'case_member', 'case_entry', 'case_attachment', 'sealed_subject', 'sealed_keeper', 'seal_lifting', 'broken_glass', 'broken_glass_review'] loop
    execute format('alter table %I enable row level security, force row level security', each);
    execute format('create policy keep_whole on %I to headwater_owner using (true) with check (true)', each);
  end loop;
  foreach each in array array['case_file', 'case_member', 'case_entry', 'case_attachment'] loop
    execute format('create policy read on %I for select to headwater_app using (%s and (%s or %s))', each, unsealed, format(by_clause, 'item'), by_glass);
  end loop;
  foreach each in array array['case_file', 'case_entry', 'case_attachment'] loop
    execute format('create policy add on %I for insert to headwater_app with check (%s and %s)', each, unsealed, format(by_clause, 'item'));
  end loop;
  execute format('create policy add on case_member for insert to headwater_app with check (%s and %s)', unsealed, format(by_clause, '(holder || '' case/lead'')'));
  execute format('create policy finish on case_member for update to headwater_app using (%s and %s)', unsealed, format(by_clause, '(holder || '' case/lead'')'));
  execute format('create policy assign on case_file for update to headwater_app using (%s and %s)', unsealed, format(by_clause, 'lead_item'));
end $$;

create policy read on sealed_subject for select to headwater_app using ((select is_reader()) and ((select reader_role()) = 'governance-lead' or (select reader_access()) ? ('keeps ' || person_key)));
create policy add on sealed_subject for insert to headwater_app with check ((select is_reader()) and ((select reader_role()) = 'governance-lead'));
create policy read on sealed_keeper for select to headwater_app using ((select is_reader()) and ((select reader_role()) = 'governance-lead' or user_id = (select reader_user())));
create policy add on sealed_keeper for insert to headwater_app with check ((select is_reader()) and ((select reader_role()) = 'governance-lead' and user_id <> (select reader_user())));
create policy read on seal_lifting for select to headwater_app using ((select is_reader()) and ((select reader_role()) = 'governance-lead'));
create policy add on seal_lifting for insert to headwater_app with check ((select is_reader()) and ((select reader_role()) = 'governance-lead'));
create policy read on broken_glass for select to headwater_app using ((select is_reader()) and ((select reader_role()) = 'governance-lead' or user_id = (select reader_user())));
create policy add on broken_glass for insert to headwater_app
  with check ((select is_reader()) and purpose is not null and role in ('hub-coordinator', 'lead-practitioner', 'referrer'));
create policy read on broken_glass_review for select to headwater_app using ((select is_reader()) and ((select reader_role()) = 'governance-lead'));
create policy add on broken_glass_review for insert to headwater_app with check ((select is_reader()) and ((select reader_role()) = 'governance-lead'));

-- Not the copies: who works on a case is told by case_member's rows alone.
grant select (case_id, person_key, holder, status, lead_user, lead_agency, opened_at), insert (person_key), update (lead_user, lead_agency) on case_file to headwater_app;
grant select (case_member_id, case_id, person_key, holder, user_id, agency, since, until), insert (case_id, user_id, agency), update (until) on case_member to headwater_app;
grant select (entry_id, case_id, person_key, section, holder, author, text, created_at, search_text), insert (case_id, section, text) on case_entry to headwater_app;
grant select (attachment_id, entry_id, case_id, person_key, section, holder, file_name, media_type, bytes, sha256, added_by, added_at), insert (entry_id, file_name, media_type, bytes, sha256) on case_attachment to headwater_app;
grant select, insert (person_key, ground, whom_to_ring) on sealed_subject to headwater_app;
grant select, insert (sealed_subject_id, user_id) on sealed_keeper to headwater_app;
grant select, insert (sealed_subject_id, reason) on seal_lifting to headwater_app;
grant select, insert (person_key, reason) on broken_glass to headwater_app;
grant select, insert (broken_glass_id, outcome, note) on broken_glass_review to headwater_app;
revoke execute on function fill_case_file, fill_case_part, follow_case, follow_work, follow_seal, end_work, keep_case_entry, keep_rows, fill_governed, glass_is_audited, access_of, is_sealed from public;
