// What the pages of the review read from the identified zone: the queue, one pair with both records, and the pairs inside a person.

/** With the people of the two records, so that pairs of those who are sealed to a reader can be left out. */
export const queueSql = `SELECT q.pair_id, q.left_source_id, q.right_source_id, q.reason, l.person_key AS left_person, r.person_key AS right_person
  FROM link_queue q LEFT JOIN source_person l ON l.source_id = q.left_source_id LEFT JOIN source_person r ON r.source_id = q.right_source_id ORDER BY q.place`;

export const pairSql = 'SELECT * FROM link_pair WHERE pair_id = $pair';

export const levelLabelsSql = 'SELECT comparison, comparison_label, level, level_label FROM linkage_level ORDER BY comparison_place, level_place';

/** The records named in a list of ids, joined by line ends, with their person's key. */
export const recordsSql = `SELECT r.*, p.person_key FROM source_record r JOIN source_person p USING (source_id) WHERE source_id IN (SELECT unnest(string_split($ids, chr(10)))) ORDER BY source_id`;

/** Rows {source_id, person_key}: to whom records belong; those that are gone belong to nobody. $ids joined by line ends. */
export const peopleOfRecordsSql = 'SELECT source_id, person_key FROM source_person WHERE source_id IN (SELECT unnest(string_split($ids, chr(10)))) ORDER BY source_id';

/** The records of the person whom one record belongs to. */
export const personRecordsSql = `SELECT r.*, p.person_key FROM source_person p JOIN source_record r USING (source_id)
  WHERE p.person_key = (SELECT person_key FROM source_person WHERE source_id = $record) ORDER BY source_id`;

/** The explained pairs inside that person. */
export const personPairsSql = `SELECT pair_id, left_source_id, right_source_id, weight, probability, conflict FROM link_pair
  WHERE one_person = 1 AND left_source_id IN (SELECT unnest(string_split($ids, chr(10)))) AND right_source_id IN (SELECT unnest(string_split($ids, chr(10)))) ORDER BY weight, pair_id`;
