-- Who of many is sealed to the reader of this transaction: one question over the seals that hold, for lists that name many people. It tells no more of a
-- key than reader_subject does, which is asked for one. Where there is no reader, everybody is.

create function reader_closed(keys text[]) returns setof text language sql stable security definer set search_path = casework, pg_temp as $$
  select person_key from (select distinct unnest(keys) as person_key) asked
  where not (select is_reader())
    or person_key in (select s.person_key from sealed_subject s where seal_holds(s.sealed_subject_id) and not coalesce((select reader_access()) ? ('keeps ' || s.person_key), false))
$$;
