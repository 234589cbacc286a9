// Who is around one person, in a snapshot's identified zone: whoever was in the same events, lives at the same address, or has the same family's number at one
// agency; what agencies know of who each is; and which rows about the person bear somebody else's names.

const sameEvents = `
  SELECT o.mention_id FROM mention m JOIN mention o ON o.event_id = m.event_id WHERE m.person_key = $key
  UNION SELECT o.mention_id FROM mention m JOIN mention o ON o.load_id = m.load_id AND o.line = m.line WHERE m.person_key = $key
  UNION SELECT o.mention_id FROM mention m JOIN mention o ON o.agency = m.agency AND o.household_ref = m.household_ref WHERE m.person_key = $key`;

/** Rows {person_key, own, field, value}: names and numbers of the person and of those around them, under every key; person_key is null where no record is linked. */
export const identitiesAroundSql = (fields: readonly string[]): string => `
  WITH near AS (${sameEvents}),
  keys AS (
    SELECT DISTINCT person_key FROM mention WHERE mention_id IN (SELECT mention_id FROM near) AND person_key IS NOT NULL
    UNION SELECT o.person_key FROM household h JOIN household o USING (household_key) WHERE h.person_key = $key
    UNION SELECT $key
  ),
  known AS (SELECT * FROM mention WHERE person_key IN (SELECT person_key FROM keys) OR mention_id IN (SELECT mention_id FROM near)),
  told AS (${fields.map((field) => `SELECT person_key, '${field}' AS field, CAST(${field} AS VARCHAR) AS value FROM known`).join(' UNION ALL ')})
  SELECT DISTINCT person_key, coalesce(person_key = $key, false) AS own, field, value FROM told WHERE value IS NOT NULL AND value <> '' ORDER BY own DESC, person_key, field, value`;

/** Rows {load_id, line}: rows of events that the person was in, which name others and not them. */
export const rowsOfOthersSql = `
  SELECT DISTINCT e.load_id, e.line FROM mention m JOIN event e ON e.event_id = m.event_id JOIN mention o ON o.load_id = e.load_id AND o.line = e.line
  WHERE m.person_key = $key AND NOT EXISTS (SELECT 1 FROM mention own WHERE own.load_id = e.load_id AND own.line = e.line AND own.person_key = $key)`;
