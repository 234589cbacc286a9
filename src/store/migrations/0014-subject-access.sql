-- People's right to see what is held about them: each request, what was done about it, what was decided about the parts that tell of others, what the
-- law lets be left out, and what was released, by its hash. Governed like the tables of 0007; rows are added, never changed. Case entries are
-- given for a request alone: who answers it needs no clause, since it is the person's own right, but a seal shuts it to all but its keepers.

-- A seal under this key of which the reader is no keeper.
create function shut_to_reader(who text) returns boolean language sql stable security definer set search_path = casework, pg_temp as $$
  select is_sealed(who) and not coalesce(reader_access() ? ('keeps ' || who), false)
$$;

create table subject_access (
  subject_access_id uuid primary key default gen_random_uuid(),
  person_key text not null check (length(person_key) between 1 and 200),
  asked_on date not null,
  asked_by text not null check (asked_by in ('person', 'representative')),
  authority text check (length(authority) between 1 and 1000),
  opened_by text not null check (length(opened_by) between 1 and 200),
  opened_at timestamptz not null,
  check ((asked_by = 'representative') = (authority is not null)),
  check (asked_on <= (opened_at at time zone 'Europe/London')::date)
);
comment on table subject_access is 'Requests of people to see what is held about them. Rows are added, never changed.';
comment on column subject_access.authority is 'How it was checked that somebody else may ask for the person.';
create index subject_access_opened on subject_access (opened_at desc, subject_access_id);

create table subject_access_step (
  subject_access_step_id uuid primary key default gen_random_uuid(),
  subject_access_id uuid not null references subject_access,
  kind text not null check (kind in ('identity', 'extension', 'closing')),
  code text not null check (code ~ '^[a-z][a-z0-9-]*$'),
  on_day date not null,
  words text not null check (length(words) <= 1000),
  done_by text not null,
  done_at timestamptz not null,
  unique (subject_access_id, kind),
  check (kind = 'identity' or length(words) > 0),
  check (on_day <= (done_at at time zone 'Europe/London')::date)
);
comment on table subject_access_step is 'What was done about a request, each once: identity checked, time extended, closed without an answer.';

create table subject_access_word (
  subject_access_word_id bigint generated always as identity primary key,
  subject_access_id uuid not null references subject_access,
  word text not null check (length(word) between 2 and 100),
  added_by text not null,
  added_at timestamptz not null
);
comment on table subject_access_word is 'Further names and words of other people, which somebody found while reading: looked for in all that is held.';
create index subject_access_word_of on subject_access_word (subject_access_id);

create table subject_access_choice (
  subject_access_choice_id bigint generated always as identity primary key,
  subject_access_id uuid not null references subject_access,
  place text not null check (length(place) between 1 and 500),
  choice text not null check (choice in ('remove', 'keep')),
  reason text not null check (length(reason) between 1 and 1000),
  decided_by text not null,
  decided_at timestamptz not null
);
comment on table subject_access_choice is 'Whether a part that tells of somebody else is removed or kept, and why. The newest counts.';
comment on column subject_access_choice.place is 'Where the part stands, by ids and places in a text; never what it says.';
create index subject_access_choice_of on subject_access_choice (subject_access_id);

create table subject_access_exemption (
  subject_access_exemption_id bigint generated always as identity primary key,
  subject_access_id uuid not null references subject_access,
  part text not null check (length(part) between 1 and 300),
  act text not null check (act in ('withhold', 'give')),
  ground text not null check (ground ~ '^[a-z][a-z0-9-]*$'),
  words text not null check (length(words) between 1 and 2000),
  decided_by text not null,
  decided_at timestamptz not null
);
comment on table subject_access_exemption is 'Parts that the law lets be left out, with ground and words; "give" takes one back. The newest counts. Nothing of it is printed.';
create index subject_access_exemption_of on subject_access_exemption (subject_access_id);

create table subject_access_release (
  subject_access_release_id uuid primary key default gen_random_uuid(),
  subject_access_id uuid not null references subject_access,
  as_at timestamptz not null,
  audit_to bigint not null,
  document_sha256 text not null check (document_sha256 ~ '^[0-9a-f]{64}$'),
  document_bytes bigint not null check (document_bytes > 0),
  rows_sha256 text not null check (rows_sha256 ~ '^[0-9a-f]{64}$'),
  rows_bytes bigint not null check (rows_bytes > 0),
  released_by text not null,
  released_at timestamptz not null,
  check (as_at <= released_at)
);
comment on table subject_access_release is 'What was released: the hashes of the document and of the file of rows, made from what was held and decided at that moment. The newest counts.';
create index subject_access_release_of on subject_access_release (subject_access_id, released_at);

-- May the reader of this transaction read what is held under these keys, to answer this request?
create function may_answer_access(request uuid, keys text[]) returns boolean language sql stable security definer set search_path = casework, pg_temp as $$
  select is_reader() and reader_role() = 'governance-lead'
    and exists (select from subject_access a join subject_access_step s on s.subject_access_id = a.subject_access_id and s.kind = 'identity' where a.subject_access_id = request and a.person_key = any (keys))
    and not exists (select from subject_access_step s where s.subject_access_id = request and s.kind = 'closing')
    and not exists (select from unnest(keys) each where shut_to_reader(each))
$$;
create function access_entries(request uuid, keys text[]) returns table (entry_id uuid, section text, holder text, text text, created_at timestamptz) language sql stable security definer set search_path = casework, pg_temp as $$
  select e.entry_id, e.section, e.holder, e.text, e.created_at from case_entry e where e.person_key = any (keys) and may_answer_access(request, keys) order by e.created_at desc, e.entry_id
$$;
create function access_attachments(request uuid, keys text[]) returns table (attachment_id uuid, section text, holder text, file_name text, added_at timestamptz) language sql stable security definer set search_path = casework, pg_temp as $$
  select a.attachment_id, a.section, a.holder, a.file_name, a.added_at from case_attachment a where a.person_key = any (keys) and may_answer_access(request, keys) order by a.added_at desc, a.attachment_id
$$;
create function access_cases(request uuid, keys text[]) returns table (case_id uuid, holder text, opened_at timestamptz) language sql stable security definer set search_path = casework, pg_temp as $$
  select c.case_id, c.holder, c.opened_at from case_file c where c.person_key = any (keys) and may_answer_access(request, keys) order by c.opened_at desc, c.case_id
$$;

-- Who does it, and when, is its reader's. Nothing is added to what is closed, nor while a seal shuts it.
create function fill_subject_access() returns trigger language plpgsql security definer set search_path = casework, pg_temp as $$
declare who text;
begin
  if reader_user() is null then return new; end if;
  if tg_table_name = 'subject_access' then
    if shut_to_reader(new.person_key) then raise exception 'A keeper of the seal opens it' using errcode = 'insufficient_privilege'; end if;
    new.opened_by := reader_user(); new.opened_at := reader_at();
    return new;
  end if;
  select person_key into who from subject_access where subject_access_id = new.subject_access_id for update;
  if who is null or shut_to_reader(who) or exists (select from subject_access_step s where s.subject_access_id = new.subject_access_id and s.kind = 'closing') then
    raise exception 'Nothing is added to this request' using errcode = 'insufficient_privilege';
  end if;
  case tg_table_name
    when 'subject_access_step' then new.done_by := reader_user(); new.done_at := reader_at();
    when 'subject_access_word' then new.added_by := reader_user(); new.added_at := reader_at();
    when 'subject_access_release' then
      if not exists (select from subject_access_step s where s.subject_access_id = new.subject_access_id and s.kind = 'identity') then
        raise exception 'Nothing is released before the identity is checked' using errcode = 'insufficient_privilege';
      end if;
      new.released_by := reader_user(); new.released_at := reader_at();
    else new.decided_by := reader_user(); new.decided_at := reader_at();
  end case;
  return new;
end $$;

create function access_is_audited() returns trigger language plpgsql security definer set search_path = casework, pg_temp as $$
declare
  done text := case tg_table_name when 'subject_access' then 'subject-access.open' else 'subject-access.release' end;
  who text := case tg_table_name when 'subject_access' then to_jsonb(new) ->> 'opened_by' else to_jsonb(new) ->> 'released_by' end;
  which text := case tg_table_name when 'subject_access' then new.subject_access_id::text else to_jsonb(new) ->> 'subject_access_release_id' end;
begin
  if not exists (select from audit_event a where a.subject_ids @> array[which] and a.action = done and a.outcome = 'done' and a.actor_id = who) then
    raise exception 'It cannot be kept: the audit does not say so' using errcode = 'insufficient_privilege';
  end if;
  return null;
end $$;
create constraint trigger audited after insert on subject_access deferrable initially deferred for each row execute function access_is_audited();
create constraint trigger audited after insert on subject_access_release deferrable initially deferred for each row execute function access_is_audited();

do $$
declare each text;
begin
  foreach each in array array['subject_access', 'subject_access_step', 'subject_access_word', 'subject_access_choice', 'subject_access_exemption', 'subject_access_release'] loop
    execute format('create trigger fill before insert on %I for each row execute function fill_subject_access()', each);
    execute format('create trigger keep before update or delete on %I for each row execute function keep_rows()', each);
    execute format('alter table %I enable row level security, force row level security', each);
    execute format('create policy keep_whole on %I to headwater_owner using (true) with check (true)', each);
    execute format('create policy add on %I for insert to headwater_app with check ((select is_reader()) and (select reader_role()) = ''governance-lead'')', each);
    execute format('grant select on %I to headwater_app', each);
  end loop;
  foreach each in array array['subject_access', 'subject_access_step', 'subject_access_release'] loop
    execute format('create policy read on %I for select to headwater_app using ((select is_reader()) and (select reader_role()) = ''governance-lead'')', each);
  end loop;
  -- What tells of others, and of what is left out, only while no seal shuts the person's record.
  foreach each in array array['subject_access_word', 'subject_access_choice', 'subject_access_exemption'] loop
    execute format('create policy read on %1$I for select to headwater_app using ((select is_reader()) and (select reader_role()) = ''governance-lead'' and not exists (select from subject_access a where a.subject_access_id = %1$I.subject_access_id and shut_to_reader(a.person_key)))', each);
  end loop;
end $$;

grant insert (person_key, asked_on, asked_by, authority) on subject_access to headwater_app;
grant insert (subject_access_id, kind, code, on_day, words) on subject_access_step to headwater_app;
grant insert (subject_access_id, word) on subject_access_word to headwater_app;
grant insert (subject_access_id, place, choice, reason) on subject_access_choice to headwater_app;
grant insert (subject_access_id, part, act, ground, words) on subject_access_exemption to headwater_app;
grant insert (subject_access_id, as_at, audit_to, document_sha256, document_bytes, rows_sha256, rows_bytes) on subject_access_release to headwater_app;
revoke execute on function fill_subject_access, access_is_audited from public;
