-- What 0007 says of who reads cases, in a form that costs less: what is planned and asked once in a statement, and what is done for each row that is passed over.
-- Each row has, beside what it is made of, the keys that open it; the reader has the keys that theirs is among, worked out once in a transaction.

-- "none ITEM", "agency AGENCY ITEM", "member USER ITEM", "lead USER ITEM", "glass PERSON". Items have no spaces but the one before "case/", so that no name makes one key look like another.
create function keys_that_open(works_users text[], works_agencies text[], item text, person_key text) returns text[] language sql immutable parallel safe begin atomic
  select array(select 'agency ' || a || ' ' || item from unnest(works_agencies) a)
    || array(select 'member ' || u || ' ' || item from unnest(works_users[2:]) u)
    || case when works_users[1] <> '' then array['lead ' || works_users[1] || ' ' || item] else '{}' end
    || array['none ' || item, 'glass ' || person_key];
end;
alter table case_file add column opened_by text[] not null generated always as (keys_that_open(works_users, works_agencies, holder || ' case/file', person_key)) stored;
alter table case_member add column opened_by text[] not null generated always as (keys_that_open(works_users, works_agencies, holder || ' case/members', person_key)) stored;
alter table case_entry add column opened_by text[] not null generated always as (keys_that_open(works_users, works_agencies, holder || ' case/' || section, person_key)) stored;
alter table case_attachment add column opened_by text[] not null generated always as (keys_that_open(works_users, works_agencies, holder || ' case/' || section, person_key)) stored;
comment on column case_file.opened_by is 'Keys, of which a reader needs one; of a sealed person''s row they must keep the seal too.';

-- The same of what access_of() gives: whose standing it is, is in the key.
create function keys_of_reader(access jsonb, who text, of_agency text) returns jsonb language sql immutable begin atomic
  select coalesce(jsonb_object_agg(key, 1) filter (where key is not null), '{}') from (
    select case split_part(k, ' ', 1) when 'keeps' then null when 'agency' then 'agency ' || of_agency || substr(k, 7) when 'member' then 'member ' || who || substr(k, 7) when 'lead' then 'lead ' || who || substr(k, 5) else k end as key
    from jsonb_object_keys(access) k
  ) each;
end;

alter table reader_now add column keys jsonb not null default '{}';
comment on column reader_now.keys is 'The keys that open rows of cases for the reader.';

create or replace function become_reader(who text, in_role text, of_agency text, for_purpose text, at_ms bigint) returns void language plpgsql security definer set search_path = casework, pg_temp as $$
declare
  settings text[] := array[who, in_role, of_agency, coalesce(for_purpose, ''), at_ms::text];
  has jsonb;
begin
  if exists (select from reader_now where pid = pg_backend_pid() and xid = pg_current_xact_id_if_assigned()) then
    raise exception 'A transaction has one reader and one purpose' using errcode = 'insufficient_privilege';
  end if;
  perform set_config('headwater.' || name, value, true) from unnest(array['user', 'role', 'agency', 'purpose', 'at'], settings) as each(name, value);
  has := access_of(reader_user(), reader_role(), reader_agency(), reader_purpose(), reader_at());
  insert into reader_now (pid, xid, reader, access, keys) values (pg_backend_pid(), pg_current_xact_id(), settings, has, keys_of_reader(has, reader_user(), reader_agency()))
  on conflict (pid) do update set xid = excluded.xid, reader = excluded.reader, access = excluded.access, keys = excluded.keys;
end $$;

-- Nothing where the settings are not those that become_reader() made in this transaction. Names are bound here once, which spares each statement the
-- change of search path; and `|| '{}'` unpacks a long answer once, not for each row.
create or replace function reader_access() returns jsonb language sql stable security definer begin atomic
  select access || '{}'::jsonb from reader_now where pid = pg_backend_pid() and xid = pg_current_xact_id_if_assigned()
    and reader = array[current_setting('headwater.user', true), current_setting('headwater.role', true), current_setting('headwater.agency', true), current_setting('headwater.purpose', true), current_setting('headwater.at', true)];
end;
create function reader_keys() returns jsonb language sql stable security definer begin atomic
  select keys || '{}'::jsonb from reader_now where pid = pg_backend_pid() and xid = pg_current_xact_id_if_assigned()
    and reader = array[current_setting('headwater.user', true), current_setting('headwater.role', true), current_setting('headwater.agency', true), current_setting('headwater.purpose', true), current_setting('headwater.at', true)];
end;

-- Asked for sealed rows alone.
create function reader_keeps(who text) returns boolean language plpgsql stable security definer set search_path = casework, pg_temp as $$
begin
  return coalesce(reader_access() ? ('keeps ' || who), false);
end $$;

do $$
declare each text;
begin
  foreach each in array array['case_file', 'case_member', 'case_entry', 'case_attachment'] loop
    -- The coalesce is for the planner, as in 0007.
    execute format('alter policy read on %I using ((not sealed or reader_keeps(person_key)) and coalesce((select reader_keys()) ?| opened_by, false))', each);
  end loop;
end $$;

revoke execute on function keys_of_reader from public;
