// Where the rows about people lie, in a snapshot's identified zone: load and line of each, by the mentions of a person and the events that they
// were in, with whoever else each row is about.

/** People's keys in $keys, one on each line. */
const asked = 'SELECT unnest(string_split($keys, chr(10)))';

/** Rows {person_key, load_id, line}: the rows that mention each person, and the rows of the events that they were in. */
export const placesOfPeopleSql = `
  SELECT DISTINCT person_key, load_id, line FROM mention WHERE person_key IN (${asked})
  UNION
  SELECT DISTINCT m.person_key, e.load_id, e.line FROM mention m JOIN event e ON e.event_id = m.event_id WHERE m.person_key IN (${asked})`;

/** Rows {person_key, load_id, line, other}: of those rows, the ones that are about other people too. */
export const othersInRowsSql = `
  SELECT DISTINCT m.person_key, m.load_id, m.line, o.person_key AS other FROM mention m JOIN mention o ON o.load_id = m.load_id AND o.line = m.line
  WHERE m.person_key IN (${asked}) AND o.person_key <> m.person_key
  UNION
  SELECT DISTINCT m.person_key, e.load_id, e.line, o.person_key AS other FROM mention m JOIN event e ON e.event_id = m.event_id JOIN mention o ON o.event_id = e.event_id
  WHERE m.person_key IN (${asked}) AND o.person_key <> m.person_key`;

export const hasPersonSql = 'SELECT count(*) AS records FROM source_person WHERE person_key = $key';

/** Those of the keys that are a person's. */
export const existingPeopleSql = `SELECT DISTINCT person_key FROM source_person WHERE person_key IN (${asked}) ORDER BY person_key`;

/** People one of whose records has this number: its agency's own, the NHS's or a pupil's. */
export const peopleByNumberSql = `
  SELECT DISTINCT person_key FROM source_record JOIN source_person USING (source_id)
  WHERE regexp_replace(upper(local_id), '[^A-Z0-9]', '', 'g') = $number OR regexp_replace(upper(nhs_number), '[^A-Z0-9]', '', 'g') = $number OR upper(upn) = $number
  ORDER BY person_key LIMIT 50`;

/** People whom a feed knows and most other feeds too: those with whom most agencies work. */
export const peopleOfFeedSql = `
  SELECT person_key FROM mention WHERE person_key IN (SELECT person_key FROM mention WHERE feed = $feed AND person_key IS NOT NULL)
  GROUP BY person_key ORDER BY count(DISTINCT feed) DESC, person_key LIMIT $people`;
