-- What the pages about cases need to know of the reader themselves, for the reader of this transaction: how they stand to one case, what they may do in it,
-- and which cases they work on. Worked out from what the policies believe, so that a page offers what the database then allows.

-- Nothing of a case that is sealed to the reader, or in whose standing they have nothing. An entry is its author's agency's; who leads and works on a case is said by its holder's clause.
create function reader_case(which uuid) returns table (standing text, may text[]) language sql stable security definer set search_path = casework, pg_temp as $$
  with file as (
    select f.holder, case coalesce(array_position(f.works_users, reader_user()), 0) when 0 then case when reader_agency() = any (f.works_agencies) then 'agency' else 'none' end when 1 then 'lead' else 'member' end as standing
    from case_file f where f.case_id = which and is_reader() and (not f.sealed or reader_access() ? ('keeps ' || f.person_key))
  ), has as (
    select split_part(k, ' ', 2) as holder, split_part(k, ' ', 3) as item from file, jsonb_object_keys(reader_access()) k where k like file.standing || ' %' and split_part(k, ' ', 3) <> ''
  )
  select file.standing, array(
    select distinct has.item collate "C" from has where case has.item when 'case/lead' then has.holder = file.holder when 'case/file' then false when 'case/members' then false else has.holder = reader_agency() end order by 1
  )
  from file where exists (select from has)
$$;

-- Cases that the reader leads or is a member of.
create function reader_own_cases() returns setof uuid language sql stable security definer set search_path = casework, pg_temp as $$
  select case_id from case_file where is_reader() and reader_user() = any (works_users)
$$;
