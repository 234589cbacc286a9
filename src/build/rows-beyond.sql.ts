// By what agencies know one person, and whom numbers mean, in a snapshot's identified zone.

/** Rows of what any record or mention of the person in $key says of who they are. */
export const tracesSql = `
  SELECT DISTINCT agency, local_id, nhs_number, upn, forename, surname, CAST(birth_date AS VARCHAR) AS birth_date FROM mention WHERE person_key = $key
  UNION SELECT agency, local_id, nhs_number, upn, forename, surname, CAST(birth_date AS VARCHAR) FROM source_record JOIN source_person USING (source_id) WHERE person_key = $key
  ORDER BY ALL`;

const plain = (column: string) => `regexp_replace(upper(${column}), '[^A-Z0-9]', '', 'g')`;

/** Rows {number, person_key}: whose each of $numbers is, in capitals and digits, one on a line; the agency's own, the NHS's or a pupil's. */
export const peopleMeantSql = `
  SELECT DISTINCT number, person_key FROM (
    ${['local_id', 'nhs_number', 'upn'].map((column) => `SELECT ${plain(column)} AS number, person_key FROM source_record JOIN source_person USING (source_id)`).join(' UNION ALL ')}
  ) WHERE number IN (SELECT unnest(string_split($numbers, chr(10)))) ORDER BY number, person_key`;

/** Of the rows in $places ("load line", one on a line), those that stand in the record of whomever. */
export const placesOfOthersSql = `
  WITH asked AS (SELECT unnest(string_split($places, chr(10))) AS place)
  SELECT DISTINCT place FROM asked JOIN (SELECT load_id, line FROM mention WHERE person_key IS NOT NULL UNION SELECT e.load_id, e.line FROM event e JOIN mention m ON m.event_id = e.event_id WHERE m.person_key IS NOT NULL) AS held
    ON asked.place = held.load_id || ' ' || held.line`;

/** Rows {source_id, person_key} of the records in $ids, one on a line. */
export const peopleByRecordSql = 'SELECT source_id, person_key FROM source_person WHERE source_id IN (SELECT unnest(string_split($ids, chr(10)))) ORDER BY source_id';
