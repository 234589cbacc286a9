-- What the decision about a person's record needs to know of that person, for the reader of this transaction: how close they stand by open
-- cases, seals, broken glass. Asked by key, for keys that the reader may name anyway; it tells nothing of what a record holds.

-- The closest standing over the open cases of these keys: a person's key may have changed since a case was begun.
create function reader_relation(keys text[]) returns text language sql stable security definer set search_path = casework, pg_temp as $$
  select (array['none', 'agency', 'member', 'lead'])[1 + coalesce(max(case coalesce(array_position(works_users, reader_user()), 0)
      when 0 then case when reader_agency() = any (works_agencies) then 1 else 0 end
      when 1 then 3
      else 2
    end), 0)]
  from case_file where person_key = any (keys) and status = 'open' and is_reader()
$$;

create function reader_people(keys text[]) returns table (person_key text, sealed boolean, keeper boolean, broken_until timestamptz, whom_to_ring text) language sql stable security definer set search_path = casework, pg_temp as $$
  select each, s.sealed, coalesce(s.keeper, false), s.broken_until, (select n.whom_to_ring from sealed_notice(each) n)
  from unnest(keys) each cross join lateral reader_subject(each) s
$$;

-- Whom the reader works with: people of open cases, those first to whom they stand closest, for a search among one's own.
create function reader_case_people(most int) returns setof text language sql stable security definer set search_path = casework, pg_temp as $$
  select person_key from case_file
  where status = 'open' and is_reader() and (reader_user() = any (works_users) or reader_agency() = any (works_agencies))
  group by person_key
  order by min(case when works_users[1] = reader_user() then 0 when reader_user() = any (works_users) then 1 else 2 end), max(opened_at) desc, person_key
  limit most
$$;
