// Who is around one person, in a snapshot's identified zone: whoever was in the same events, lives at the same address, or has the same family's number at one
// agency; what agencies know of who each is; and which rows about the person are about others too.

const sameEvents = `
  SELECT o.mention_id FROM mention m JOIN mention o ON o.event_id = m.event_id WHERE m.person_key = $key
  UNION SELECT o.mention_id FROM mention m JOIN mention o ON o.load_id = m.load_id AND o.line = m.line WHERE m.person_key = $key
  UNION SELECT o.mention_id FROM mention m JOIN mention o ON o.agency = m.agency AND o.household_ref = m.household_ref WHERE m.person_key = $key`;

/** Rows {person_key, own, field, value}: names and numbers of the person in $key, of those around them and of those in $also (one key on a line), under every key; person_key is null where no record is linked. */
export const identitiesAroundSql = (fields: readonly string[]): string => `
  WITH near AS (${sameEvents}),
  keys AS (
    SELECT DISTINCT person_key FROM mention WHERE mention_id IN (SELECT mention_id FROM near) AND person_key IS NOT NULL
    UNION SELECT o.person_key FROM household h JOIN household o USING (household_key) WHERE h.person_key = $key
    UNION SELECT $key
    UNION SELECT unnest(string_split($also, chr(10)))
  ),
  known AS (SELECT * FROM mention WHERE person_key IN (SELECT person_key FROM keys) OR mention_id IN (SELECT mention_id FROM near)),
  told AS (${fields.map((field) => `SELECT person_key, '${field}' AS field, CAST(${field} AS VARCHAR) AS value FROM known`).join(' UNION ALL ')})
  SELECT DISTINCT person_key, coalesce(person_key = $key, false) AS own, field, value FROM told WHERE value IS NOT NULL AND value <> '' ORDER BY own DESC, person_key, field, value`;

/**
 * Rows {load_id, line, theirs}: rows of the events that the person was in, and rows that mention them, which are about somebody else too, also somebody whom
 * no record is linked to; `theirs` where the row itself mentions others and not the person.
 */
export const rowsWithOthersSql = `
  WITH held AS (
    SELECT DISTINCT load_id, line, event_id FROM mention WHERE person_key = $key
    UNION SELECT DISTINCT e.load_id, e.line, e.event_id FROM mention m JOIN event e ON e.event_id = m.event_id WHERE m.person_key = $key
  ),
  rows AS (
    SELECT h.load_id, h.line,
      EXISTS (SELECT 1 FROM mention o WHERE o.load_id = h.load_id AND o.line = h.line AND o.person_key IS DISTINCT FROM $key) AS names_others,
      EXISTS (SELECT 1 FROM mention o WHERE o.load_id = h.load_id AND o.line = h.line AND o.person_key = $key) AS names_own,
      EXISTS (SELECT 1 FROM event e JOIN mention o ON o.event_id = e.event_id WHERE e.load_id = h.load_id AND e.line = h.line AND o.person_key IS DISTINCT FROM $key) AS has_others
    FROM held h
  )
  SELECT DISTINCT load_id, line, names_others AND NOT names_own AS theirs FROM rows WHERE names_others OR has_others`;
