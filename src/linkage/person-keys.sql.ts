// SQL of the stable keys: which key each new cluster inherits, which keys are new, and the events that lead from the old keys to the new.
// The rules are those of person-keys.store.ts. Every order ends in a record's id, so that the same tables give the same keys.

import { id } from '../store/index.ts';

/** The tables of the build before. */
export interface KeysBefore {
  /** source_id, person_key. */
  people: string;
  /** person_event and person_event_record (docs/data-model.md). */
  events: string;
  eventRecords: string;
}

export const eventTablesSql = (events: string, eventRecords: string): string => `
  CREATE OR REPLACE TABLE ${id(events)} (event_id BIGINT, build VARCHAR, happened_at TIMESTAMP, kind VARCHAR, old_key VARCHAR, new_key VARCHAR, records BIGINT, reason VARCHAR, undoes BIGINT);
  CREATE OR REPLACE TABLE ${id(eventRecords)} (event_id BIGINT, source_id VARCHAR, side VARCHAR)`;

/** key_now (source_id, cluster) and key_before (source_id, old_key). */
export const keyInputsSql = (clusters: string, before?: KeysBefore): string => `
  CREATE OR REPLACE TEMP TABLE key_now AS SELECT source_id, person_key AS cluster FROM ${id(clusters)};
  CREATE OR REPLACE TEMP TABLE key_before AS ${before ? `SELECT source_id, person_key AS old_key FROM ${id(before.people)}` : 'SELECT NULL::VARCHAR AS source_id, NULL::VARCHAR AS old_key WHERE FALSE'}`;

/** key_undo: undos that no event has followed yet, with the event that each undoes. */
export const undoTablesSql = `
  CREATE OR REPLACE TEMP TABLE key_undo (event_id BIGINT, kind VARCHAR, old_key VARCHAR, new_key VARCHAR, reason VARCHAR);
  CREATE OR REPLACE TEMP TABLE key_wish (key VARCHAR, cluster VARCHAR)`;

/** Parameter: $rows, a JSON list of event, build and reason. */
export const pendingUndosSql = (before: KeysBefore): string => `
  INSERT INTO key_undo SELECT e.event_id, e.kind, e.old_key, e.new_key, u.reason
  FROM (SELECT unnest(from_json($rows::JSON, '[{"event":"BIGINT","build":"VARCHAR","reason":"VARCHAR"}]')) AS u) JOIN ${id(before.events)} e ON e.event_id = u.event AND e.build = u.build
  WHERE e.event_id NOT IN (SELECT undoes FROM ${id(before.events)} WHERE undoes IS NOT NULL)`;

/**
 * key_wish: which cluster an undo gives a key back to, where the clusters follow it. The old key goes to the records that had it before the
 * event, the new key to those that had it already; a key that has moved on since goes where it went.
 */
export const undoWishesSql = (before: KeysBefore): string => `
  INSERT INTO key_wish
  WITH place AS (
    SELECT u.event_id, r.side, n.cluster, count(*) AS records, min(r.source_id) AS first, count(*) FILTER (b.old_key = CASE r.side WHEN 'joined' THEN u.new_key ELSE u.old_key END) AS held
    FROM key_undo u JOIN ${id(before.eventRecords)} r USING (event_id) JOIN key_now n USING (source_id) LEFT JOIN key_before b USING (source_id) GROUP BY u.event_id, r.side, n.cluster
    QUALIFY row_number() OVER (PARTITION BY u.event_id, r.side ORDER BY records DESC, first) = 1
  ), undone AS (
    SELECT u.*, m.cluster AS moved, j.cluster AS joined, j.held > 0 AS joined_held, s.cluster AS stayed, s.held > 0 AS stayed_held
    FROM key_undo u JOIN place m ON m.event_id = u.event_id AND m.side = 'moved' LEFT JOIN place j ON j.event_id = u.event_id AND j.side = 'joined' LEFT JOIN place s ON s.event_id = u.event_id AND s.side = 'stayed'
    WHERE CASE u.kind WHEN 'split' THEN m.cluster = s.cluster ELSE m.cluster <> j.cluster END
  ), wish AS (
    SELECT event_id, old_key AS key, moved AS cluster FROM undone WHERE kind = 'merge' AND old_key NOT IN (SELECT old_key FROM key_before)
    UNION ALL SELECT event_id, new_key, joined FROM undone WHERE kind <> 'split' AND joined_held
    UNION ALL SELECT event_id, old_key, stayed FROM undone WHERE kind <> 'merge' AND stayed_held
  )
  SELECT key, cluster FROM (FROM wish QUALIFY row_number() OVER (PARTITION BY key ORDER BY event_id DESC) = 1) QUALIFY row_number() OVER (PARTITION BY cluster ORDER BY event_id DESC, key) = 1`;

/** A key goes to the cluster with most of its records; a cluster keeps the key that brings it most. What an undo gives back comes first. */
export const heldKeysSql = `
  CREATE OR REPLACE TEMP TABLE key_overlap AS SELECT b.old_key, n.cluster, count(*) AS records, min(source_id) AS first FROM key_before b JOIN key_now n USING (source_id) GROUP BY ALL;
  CREATE OR REPLACE TEMP TABLE key_claim AS SELECT o.*, w.key IS NOT NULL AS wished FROM key_overlap o LEFT JOIN key_wish w ON w.key = o.old_key AND w.cluster = o.cluster
    QUALIFY row_number() OVER (PARTITION BY o.old_key ORDER BY wished DESC, records DESC, first) = 1;
  CREATE OR REPLACE TEMP TABLE key_given AS SELECT cluster, old_key AS key, 'held' AS how FROM key_claim QUALIFY row_number() OVER (PARTITION BY cluster ORDER BY wished DESC, records DESC, first) = 1;
  INSERT INTO key_given SELECT cluster, key, 'returned' FROM key_wish WHERE key NOT IN (SELECT old_key FROM key_before) AND cluster NOT IN (SELECT cluster FROM key_given)`;

/** A key that has ended comes back where more than half of the records it ever held are together in a cluster without a key. */
export const returnedKeysSql = (before: KeysBefore): string => `
  CREATE OR REPLACE TEMP TABLE key_former AS
    SELECT DISTINCT e.old_key, r.source_id FROM ${id(before.events)} e JOIN ${id(before.eventRecords)} r USING (event_id)
    WHERE r.side = 'moved' AND e.old_key NOT IN (SELECT old_key FROM key_before);
  INSERT INTO key_given SELECT cluster, old_key, 'returned' FROM (
    SELECT old_key, cluster, count(*) AS records, min(source_id) AS first FROM key_former JOIN key_now USING (source_id) GROUP BY old_key, cluster
    QUALIFY 2 * count(*) > sum(count(*)) OVER (PARTITION BY old_key)
  ) WHERE cluster NOT IN (SELECT cluster FROM key_given) AND old_key NOT IN (SELECT key FROM key_given)
  QUALIFY row_number() OVER (PARTITION BY cluster ORDER BY records DESC, first, old_key) = 1`;

const freshKeySql = (first: string, attempt: string): string => `'P' || left(sha256(${first} || CASE WHEN ${attempt} = 0 THEN '' ELSE '#' || ${attempt} END), 16)`;

/** Other clusters get a new key, made from their smallest id; a key that was ever used, by whomever, is passed over. */
export const freshKeysSql = (before?: KeysBefore): string => `
  CREATE OR REPLACE TEMP TABLE key_used AS SELECT old_key AS key FROM key_before ${before ? `UNION SELECT unnest([old_key, new_key]) FROM ${id(before.events)}` : ''};
  CREATE OR REPLACE TEMP TABLE key_wanted AS SELECT cluster, min(source_id) AS first FROM key_now WHERE cluster NOT IN (SELECT cluster FROM key_given) GROUP BY cluster;
  INSERT INTO key_given SELECT cluster, key, 'new' FROM (SELECT cluster, ${freshKeySql('first', '0')} AS key FROM key_wanted) w ANTI JOIN key_used u ON u.key = w.key;
  INSERT INTO key_given SELECT cluster, arg_min(key, attempt), 'new' FROM (
    SELECT cluster, attempt, ${freshKeySql('first', 'attempt')} AS key FROM key_wanted ANTI JOIN key_given USING (cluster) CROSS JOIN (SELECT range::INTEGER AS attempt FROM range(1, 1000))
  ) w ANTI JOIN key_used u ON u.key = w.key GROUP BY cluster`;

export const writeKeysSql = (out: string): string => `
  CREATE OR REPLACE TABLE ${id(out)} AS SELECT source_id, key AS person_key FROM key_now JOIN key_given USING (cluster) ORDER BY source_id`;

/** key_move: each record that both builds have, with its key in both; key_flow: how many went from one key to another. */
export const keyFlowsSql = (out: string): string => `
  CREATE OR REPLACE TEMP TABLE key_move AS SELECT source_id, old_key, person_key AS new_key FROM key_before JOIN ${id(out)} USING (source_id);
  CREATE OR REPLACE TEMP TABLE key_main AS SELECT c.old_key, g.key AS main_key FROM key_claim c JOIN key_given g USING (cluster);
  CREATE OR REPLACE TEMP TABLE key_flow AS
    SELECT f.*, m.main_key, CASE WHEN m.main_key = f.new_key THEN 'merge' WHEN g.how = 'held' THEN 'moved' ELSE 'split' END AS kind
    FROM (SELECT old_key, new_key, count(*) AS records FROM key_move WHERE old_key <> new_key GROUP BY ALL) f
    JOIN key_main m USING (old_key) JOIN key_given g ON g.key = f.new_key`;

/** key_event (event_id, kind, old_key, new_key, records, main_key), numbered on from the last event. */
export const keyEventsSql = (last: number): string => `
  CREATE OR REPLACE TEMP TABLE key_event AS
  SELECT ${last} + row_number() OVER (ORDER BY kind, old_key, new_key) AS event_id, * FROM (
    SELECT kind, old_key, new_key, records, main_key FROM key_flow
    UNION ALL SELECT 'gone', old_key, NULL, count(*), NULL FROM key_before WHERE old_key NOT IN (SELECT old_key FROM key_claim) GROUP BY old_key
    UNION ALL SELECT how, NULL, key, count(*), NULL FROM key_given JOIN key_now USING (cluster) WHERE how <> 'held' AND key NOT IN (SELECT new_key FROM key_flow) GROUP BY ALL
  )`;

/** key_side: the records that moved, those of the old key that did not, and those that the new key had already. */
export const keySidesSql = `
  CREATE OR REPLACE TEMP TABLE key_side AS
    SELECT e.event_id, b.source_id, 'moved' AS side FROM key_event e JOIN key_before b USING (old_key) WHERE e.kind = 'gone'
    UNION ALL SELECT e.event_id, m.source_id, 'moved' FROM key_event e JOIN key_move m ON m.old_key = e.old_key AND m.new_key = e.new_key
    UNION ALL SELECT e.event_id, m.source_id, 'stayed' FROM key_event e JOIN key_move m ON m.old_key = e.old_key AND m.new_key = e.main_key WHERE e.main_key <> e.new_key
    UNION ALL SELECT e.event_id, m.source_id, 'joined' FROM key_event e JOIN key_move m ON m.old_key = e.new_key AND m.new_key = e.new_key WHERE e.kind IN ('merge', 'moved')`;

export const keyDecisionTableSql = 'CREATE OR REPLACE TEMP TABLE key_decision (a VARCHAR, b VARCHAR, same BOOLEAN, undo BIGINT)';

/** What the reasons look at; columns that the records lack are NULL. */
export interface ReasonInputs {
  records?: string;
  columns: Set<string>;
  /** A table of source_id: records whose content is not what it was. */
  changed?: string;
}

const differSql = (records: string, column: string): string => `
  SELECT DISTINCT s.event_id FROM key_side s JOIN ${id(records)} a ON a.source_id = s.source_id
  JOIN key_side t ON t.event_id = s.event_id AND t.side = 'stayed' JOIN ${id(records)} b ON b.source_id = t.source_id
  WHERE s.side = 'moved' AND a.${column} <> b.${column}`;

const settledSql = (other: string, same: boolean): string => `
  SELECT DISTINCT s.event_id FROM key_side s JOIN key_decision d ON d.a = s.source_id AND d.same = ${same}
  JOIN key_side t ON t.event_id = s.event_id AND t.side = '${other}' AND t.source_id = d.b WHERE s.side = 'moved'`;

/** The event that an event undoes: its records were parted or joined by the decisions of an undo that no event has followed yet. */
const undoneSql = `
  SELECT s.event_id, max(d.undo) AS undoes FROM key_side s JOIN key_event k USING (event_id) JOIN key_decision d ON d.a = s.source_id JOIN key_side t ON t.event_id = s.event_id AND t.source_id = d.b
  WHERE s.side = 'moved' AND d.undo IN (SELECT event_id FROM key_undo) AND CASE t.side WHEN 'stayed' THEN NOT d.same AND k.kind <> 'merge' WHEN 'joined' THEN d.same AND k.kind <> 'split' ELSE FALSE END GROUP BY s.event_id`;

/** Inserts the events with their reasons and records. Parameters: $build, $at. */
export function writeEventsSql(events: string, inputs: ReasonInputs): string {
  const none = 'SELECT NULL::BIGINT AS event_id WHERE FALSE';
  const differ = (column: string) => (inputs.records && inputs.columns.has(column) ? differSql(inputs.records, column) : none);
  const touched = inputs.changed ? `SELECT DISTINCT s.event_id FROM key_side s JOIN ${id(inputs.changed)} c USING (source_id)` : none;
  const within = (sql: string) => `e.event_id IN (${sql})`;
  return `INSERT INTO ${id(events)}
  SELECT e.event_id, $build, $at::TIMESTAMP, e.kind, e.old_key, e.new_key, e.records, CASE
    WHEN u.undoes IS NOT NULL THEN 'undo of event ' || u.undoes || ': ' || (SELECT any_value(reason) FROM key_undo WHERE key_undo.event_id = u.undoes)
    WHEN e.kind = 'gone' THEN 'its records were removed'
    WHEN e.kind = 'new' THEN 'new records'
    WHEN e.kind = 'returned' THEN 'its records came back'
    WHEN e.kind <> 'merge' AND ${within(settledSql('stayed', false))} THEN 'a reviewer''s decision'
    WHEN e.kind <> 'split' AND ${within(settledSql('joined', true))} THEN 'a reviewer''s decision'
    WHEN e.kind <> 'merge' AND ${within(differ('nhs_number'))} THEN 'different NHS numbers'
    WHEN e.kind <> 'merge' AND ${within(differ('upn'))} THEN 'different UPNs'
    WHEN e.kind <> 'split' AND e.new_key IN (SELECT key FROM key_grown) THEN 'new records link them'
    WHEN ${within(touched)} THEN CASE e.kind WHEN 'split' THEN 'changed records tell them apart' ELSE 'changed records link them' END
    WHEN e.kind <> 'merge' AND e.old_key IN (SELECT old_key FROM key_shrunk) THEN 'records that linked them were removed'
    WHEN e.kind <> 'merge' AND (e.new_key IN (SELECT key FROM key_grown) OR e.main_key IN (SELECT key FROM key_grown)) THEN 'new records tell them apart'
    ELSE 'the model weighs them otherwise' END, u.undoes
  FROM key_event e LEFT JOIN (${undoneSql}) u USING (event_id) ORDER BY e.event_id`;
}

/** key_grown: keys with records that the build before did not have; key_shrunk: old keys with records that are gone. */
export const keyChangesSql = `
  CREATE OR REPLACE TEMP TABLE key_grown AS SELECT DISTINCT g.key FROM key_now n ANTI JOIN key_before b USING (source_id) JOIN key_given g ON g.cluster = n.cluster;
  CREATE OR REPLACE TEMP TABLE key_shrunk AS SELECT DISTINCT b.old_key FROM key_before b ANTI JOIN key_now n USING (source_id)`;

export const carryEventsSql = (before: KeysBefore, events: string, eventRecords: string): string => `
  INSERT INTO ${id(events)} BY NAME SELECT * FROM ${id(before.events)} ORDER BY event_id;
  INSERT INTO ${id(eventRecords)} SELECT * FROM ${id(before.eventRecords)} ORDER BY ALL`;

export const writeSidesSql = (eventRecords: string): string => `INSERT INTO ${id(eventRecords)} SELECT * FROM key_side ORDER BY ALL`;

export const dropKeyTablesSql = ['now', 'before', 'overlap', 'claim', 'given', 'former', 'used', 'wanted', 'move', 'main', 'flow', 'event', 'side', 'decision', 'grown', 'shrunk', 'undo', 'wish'].map((name) => `DROP TABLE IF EXISTS key_${name}`).join('; ');
