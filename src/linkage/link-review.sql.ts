// What the pages of the review read from the identified zone: the queue, one pair with both records, and the pairs inside a person.

export const queueSql = 'SELECT pair_id, left_source_id, right_source_id, reason FROM link_queue ORDER BY place';

export const pairSql = 'SELECT * FROM link_pair WHERE pair_id = $pair';

export const levelLabelsSql = 'SELECT comparison, comparison_label, level, level_label FROM linkage_level ORDER BY comparison_place, level_place';

/** The records named in a list of ids, joined by line ends, with their person's key. */
export const recordsSql = `SELECT r.*, p.person_key FROM source_record r JOIN source_person p USING (source_id) WHERE source_id IN (SELECT unnest(string_split($ids, chr(10)))) ORDER BY source_id`;

/** The records of the person whom one record belongs to. */
export const personRecordsSql = `SELECT r.*, p.person_key FROM source_person p JOIN source_record r USING (source_id)
  WHERE p.person_key = (SELECT person_key FROM source_person WHERE source_id = $record) ORDER BY source_id`;

/** The explained pairs inside that person. */
export const personPairsSql = `SELECT pair_id, left_source_id, right_source_id, weight, probability, conflict FROM link_pair
  WHERE one_person = 1 AND left_source_id IN (SELECT unnest(string_split($ids, chr(10)))) AND right_source_id IN (SELECT unnest(string_split($ids, chr(10)))) ORDER BY weight, pair_id`;
