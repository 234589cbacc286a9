-- Corrections of what agencies hold about people: which fact is wrong, what is right, on which evidence, what was decided, who relied on the fact, and
-- who of them knows by now. The fact itself stays as its agency sent it. Governed like the tables of 0007; rows are added, never changed.

create table correction (
  correction_id uuid primary key default gen_random_uuid(),
  person_key text not null check (length(person_key) between 1 and 200),
  holder text not null check (holder ~ '^[a-z][a-z0-9-]*$'),
  feed text not null check (feed ~ '^[a-z][a-z0-9-]*$'),
  row_key text not null check (length(row_key) between 1 and 4000),
  column_name text not null check (length(column_name) between 1 and 100),
  load text not null check (length(load) between 1 and 300),
  line bigint not null check (line > 0),
  file text not null check (length(file) between 1 and 1000),
  wrong_value text not null check (length(wrong_value) > 0),
  right_value text check (length(right_value) between 1 and 2000),
  evidence text not null check (length(evidence) between 1 and 4000),
  asked_by text not null check (asked_by in ('person', 'practitioner', 'agency')),
  fact_since timestamptz not null,
  reported_by text not null check (length(reported_by) between 1 and 200),
  reported_agency text not null,
  reported_at timestamptz not null,
  check (right_value is distinct from wrong_value),
  check (fact_since <= reported_at)
);
comment on table correction is 'Facts about people that somebody reported as wrong. Rows are added, never changed.';
comment on column correction.row_key is 'Of the feed: the row keeps it in every load and every snapshot, which load and line do not.';
comment on column correction.wrong_value is 'What the record said, read from it. A correction holds as long as the row says so.';
comment on column correction.right_value is 'Null where it is not so, and nothing stands in its place.';
comment on column correction.fact_since is 'When the fact came: who read it from then on relied on it.';
create index correction_fact on correction (feed, row_key);
create index correction_reported on correction (reported_at desc, correction_id);

create table correction_decision (
  correction_id uuid primary key references correction,
  outcome text not null check (outcome in ('accepted', 'refused')),
  reason text not null check (length(reason) between 1 and 2000),
  decided_by text not null,
  decided_at timestamptz not null
);
comment on table correction_decision is 'What an information governance lead, who is not the one who reported it, decided about each.';

create table correction_notice (
  correction_notice_id uuid primary key default gen_random_uuid(),
  correction_id uuid not null references correction,
  person_key text not null,
  user_id text not null,
  via text[] not null check (cardinality(via) > 0 and via <@ array['read', 'export', 'share', 'report']),
  last_at timestamptz not null,
  made_at timestamptz not null,
  unique (correction_id, user_id)
);
comment on table correction_notice is 'Who is to know of a decision: those who relied on the wrong fact, and whoever reported it. One each.';
create index correction_notice_user on correction_notice (user_id, made_at desc);

create table correction_acknowledgement (
  correction_notice_id uuid primary key references correction_notice,
  acknowledged_by text not null,
  acknowledged_at timestamptz not null
);
comment on table correction_acknowledgement is 'Who said that they know.';

-- Whether agreements in force, or a glass that they broke, give the reader of this transaction this item of this holder. How close they stand to a person
-- is decided where the record is: this is the least.
create function reader_has_item(of_holder text, which text) returns boolean language sql stable security definer set search_path = casework, pg_temp as $$
  select is_reader() and (
    exists (select from access_grant g where g.agency = reader_agency() and g.role = reader_role() and g.purpose = reader_purpose() and g.form = 'identified' and g.holder = of_holder and g.item = which
      and g.valid_from <= reader_at() and (g.valid_to is null or reader_at() < g.valid_to))
    or exists (select from jsonb_object_keys(reader_access()) as each(name) where each.name like 'glass %'))
$$;

-- Who does it, and when, is its reader's.
create function fill_correction() returns trigger language plpgsql security definer set search_path = casework, pg_temp as $$
declare about correction;
begin
  if reader_user() is null then return new; end if;
  case tg_table_name
    when 'correction' then
      if shut_to_reader(new.person_key) or (reader_role() <> 'governance-lead' and not reader_has_item(new.holder, new.feed || '/' || new.column_name)) then
        raise exception 'Whoever may not read a fact does not report it' using errcode = 'insufficient_privilege';
      end if;
      perform pg_advisory_xact_lock(hashtextextended('correction ' || new.feed || ' ' || new.row_key || ' ' || new.column_name, 0));
      if exists (select from correction c left join correction_decision d using (correction_id)
        where c.feed = new.feed and c.row_key = new.row_key and c.column_name = new.column_name and c.wrong_value = new.wrong_value and d.outcome is distinct from 'refused') then
        raise exception 'It is reported already' using errcode = 'unique_violation';
      end if;
      new.reported_by := reader_user(); new.reported_agency := coalesce(reader_agency(), ''); new.reported_at := reader_at();
    when 'correction_decision' then
      select * into about from correction c where c.correction_id = new.correction_id for update;
      if not found or shut_to_reader(about.person_key) or about.reported_by = reader_user() then
        raise exception 'Somebody else decides' using errcode = 'insufficient_privilege';
      end if;
      new.decided_by := reader_user(); new.decided_at := reader_at();
    else
      if not exists (select from correction_notice n where n.correction_notice_id = new.correction_notice_id and n.user_id = reader_user()) then
        raise exception 'It is not theirs' using errcode = 'insufficient_privilege';
      end if;
      new.acknowledged_by := reader_user(); new.acknowledged_at := reader_at();
  end case;
  return new;
end $$;

create function correction_is_audited() returns trigger language plpgsql security definer set search_path = casework, pg_temp as $$
declare
  made jsonb := to_jsonb(new);
  done text := case tg_table_name when 'correction' then 'correction.report' when 'correction_decision' then case made ->> 'outcome' when 'accepted' then 'correction.accept' else 'correction.refuse' end else 'correction.acknowledge' end;
  who text := coalesce(made ->> 'reported_by', made ->> 'decided_by', made ->> 'acknowledged_by');
  which text := coalesce(made ->> 'correction_id', made ->> 'correction_notice_id');
begin
  if not exists (select from audit_event a where a.subject_ids @> array[which] and a.action = done and a.outcome = 'done' and a.actor_id = who) then
    raise exception 'It cannot be kept: the audit does not say so' using errcode = 'insufficient_privilege';
  end if;
  return null;
end $$;

-- Tells whoever relied on the fact: who read or exported the record or the row, under any of these ids, since the fact came; who recorded a decision to
-- share about the person since that day; and whoever reported it. Of a correction that is refused, the last alone. Where the fact says who somebody is,
-- those count too who found it in a search or a pair.
create function push_correction(which uuid, ids text[], names boolean) returns int language plpgsql security definer set search_path = casework, pg_temp as $$
declare
  about correction;
  decided correction_decision;
  made int;
begin
  select * into about from correction c where c.correction_id = which;
  select * into decided from correction_decision d where d.correction_id = which;
  if not found or not is_reader() or reader_role() is distinct from 'governance-lead' or decided.decided_by is distinct from reader_user() or shut_to_reader(about.person_key) then
    raise exception 'Whoever decided tells of it' using errcode = 'insufficient_privilege';
  end if;
  insert into correction_notice (correction_id, person_key, user_id, via, last_at, made_at)
  select which, about.person_key, each.user_id, array_agg(distinct each.via order by each.via), max(each.at), reader_at()
  from (
    select a.actor_id as user_id, case when a.action ~ '\.(export|print|extract)$' then 'export' else 'read' end as via, a.occurred_at as at from audit_event a
    where decided.outcome = 'accepted' and a.subject_ids && ids and a.occurred_at >= about.fact_since and a.outcome = 'done' and a.subject_kind in ('person', 'source-record')
      and a.action !~ '^(audit|correction|pseudonym)' and (names or a.action !~ '^(person\.search$|person-event|link-)')
    union all
    select s.recorded_by, 'share', s.recorded_at from share_record s
    where decided.outcome = 'accepted' and s.decision = 'share' and s.person_key = any (ids) and s.decided_on >= (about.fact_since at time zone 'Europe/London')::date
    union all
    select about.reported_by, 'report', about.reported_at
  ) each
  where each.user_id not in (decided.decided_by, 'system')
  group by each.user_id
  on conflict (correction_id, user_id) do nothing;
  get diagnostics made = row_count;
  return made;
end $$;

-- What was accepted about these rows, each feed with its row's key, until a moment: for whoever reads the rows. Nothing of evidence, and of a sealed person
-- nothing but to keepers.
create function accepted_corrections(feeds text[], keys text[], until timestamptz) returns table (correction_id uuid, feed text, row_key text, column_name text, wrong_value text, right_value text, decided_at timestamptz)
language sql stable security definer set search_path = casework, pg_temp as $$
  select c.correction_id, c.feed, c.row_key, c.column_name, c.wrong_value, c.right_value, d.decided_at
  from unnest(feeds, keys) as asked(feed, row_key) join correction c on c.feed = asked.feed and c.row_key = asked.row_key join correction_decision d on d.correction_id = c.correction_id
  where is_reader() and d.outcome = 'accepted' and d.decided_at <= until and not shut_to_reader(c.person_key)
    and (reader_role() = 'governance-lead' or reader_has_item(c.holder, c.feed || '/' || c.column_name))
  order by d.decided_at, c.correction_id
$$;

-- The reader's own notices: that something was decided about whom, and no more.
create function my_correction_notices() returns table (correction_notice_id uuid, person_key text, via text[], outcome text, made_at timestamptz, acknowledged_at timestamptz)
language sql stable security definer set search_path = casework, pg_temp as $$
  select n.correction_notice_id, n.person_key, n.via, d.outcome, n.made_at, a.acknowledged_at
  from correction_notice n join correction_decision d using (correction_id) left join correction_acknowledgement a using (correction_notice_id)
  where is_reader() and n.user_id = reader_user()
  order by a.acknowledged_at is not null, n.made_at desc, n.correction_notice_id limit 200
$$;

do $$
declare each text;
begin
  foreach each in array array['correction', 'correction_decision', 'correction_notice', 'correction_acknowledgement'] loop
    execute format('create trigger keep before update or delete on %I for each row execute function keep_rows()', each);
    execute format('create trigger keep_all before truncate on %I for each statement execute function keep_rows()', each);
    execute format('alter table %I enable row level security, force row level security', each);
    execute format('create policy keep_whole on %I to headwater_owner using (true) with check (true)', each);
    execute format('grant select on %I to headwater_app', each);
    if each <> 'correction_notice' then
      execute format('create trigger fill before insert on %I for each row execute function fill_correction()', each);
      execute format('create constraint trigger audited after insert on %I deferrable initially deferred for each row execute function correction_is_audited()', each);
    end if;
  end loop;
end $$;

create policy read on correction for select to headwater_app using ((select is_reader()) and (select reader_role()) = 'governance-lead' and not shut_to_reader(person_key));
create policy add on correction for insert to headwater_app with check (
  (select is_reader()) and (select reader_role()) in ('hub-coordinator', 'lead-practitioner', 'referrer', 'governance-lead') and coalesce((select reader_agency()), '') <> ''
);
create policy read on correction_decision for select to headwater_app using (exists (select from correction c where c.correction_id = correction_decision.correction_id));
create policy add on correction_decision for insert to headwater_app with check ((select is_reader()) and (select reader_role()) = 'governance-lead');
create policy read on correction_notice for select to headwater_app using (exists (select from correction c where c.correction_id = correction_notice.correction_id));
create policy read on correction_acknowledgement for select to headwater_app using (exists (select from correction_notice n where n.correction_notice_id = correction_acknowledgement.correction_notice_id));
create policy add on correction_acknowledgement for insert to headwater_app with check ((select is_reader()));

grant insert (correction_id, person_key, holder, feed, row_key, column_name, load, line, file, wrong_value, right_value, evidence, asked_by, fact_since) on correction to headwater_app;
grant insert (correction_id, outcome, reason) on correction_decision to headwater_app;
grant insert (correction_notice_id) on correction_acknowledgement to headwater_app;
revoke execute on function fill_correction, correction_is_audited from public;
