// For whom does the model decide as people do? Of the pairs that people settled, those that the pair's own weight links, by group. Limits: these
// are the doubtful pairs that people were asked about, and the model has learned from those settled as one person. A pair belongs to a group
// where either record does, as in score-linkage.

import { id, type Duck } from '../store/index.ts';
import { groupKinds, scoredRecordSql, type ScoreTables } from './score-linkage.sql.ts';
import { columnsOf } from './table-columns.store.ts';

/**
 * Makes `linkage_settled_quality` (group_kind, group_name, settled_same, linked_same, settled_different, linked_different) from `linkage_settled`.
 * @param threshold a probability: the model links a pair whose own weight reaches it, and none that a rule forbids
 */
export async function writeSettledQuality(duck: Duck, tables: ScoreTables, threshold: number): Promise<void> {
  const columns = new Set(await columnsOf(duck, tables.source));
  const kinds = groupKinds.filter((kind) => kind !== 'deprivation' || tables.deprivation !== undefined);
  const group = (side: string, kind: string) => (kind === 'all' ? "'All'" : `coalesce(${side}.${id(kind)}, 'Not recorded')`);
  const settled = `(SELECT * FROM ${id(tables.source)} WHERE source_id IN (SELECT source_id FROM linkage_record WHERE rid IN (SELECT l FROM linkage_settled UNION SELECT r FROM linkage_settled)))`;
  await duck.run(`CREATE OR REPLACE TEMP TABLE linkage_settled_record AS ${scoredRecordSql({ ...tables, truth: undefined }, columns, settled)}`, tables.asOf ? { asOf: tables.asOf } : undefined);
  await duck.run(`CREATE OR REPLACE TABLE linkage_settled_quality AS
    WITH pair AS (SELECT x.source_id AS left_id, y.source_id AS right_id, s.same, coalesce(s.weight >= $least, FALSE) AS linked FROM linkage_settled s JOIN linkage_record x ON x.rid = s.l JOIN linkage_record y ON y.rid = s.r)
    SELECT group_kind, group_name, count(*) FILTER (WHERE same) AS settled_same, count(*) FILTER (WHERE same AND linked) AS linked_same, count(*) FILTER (WHERE NOT same) AS settled_different, count(*) FILTER (WHERE NOT same AND linked) AS linked_different
    FROM (${kinds.map((kind) => `SELECT '${kind}' AS group_kind, same, linked, unnest(list_distinct([${group('a', kind)}, ${group('b', kind)}])) AS group_name FROM pair p JOIN linkage_settled_record a ON a.source_id = p.left_id JOIN linkage_settled_record b ON b.source_id = p.right_id`).join(' UNION ALL ')})
    GROUP BY group_kind, group_name ORDER BY group_kind <> 'all', group_kind, group_name`, { least: Math.log2(threshold / (1 - threshold)) });
  await duck.run('DROP TABLE linkage_settled_record');
}

/** The same table without rows, where nothing could be compared. */
export const noSettledQualitySql = 'CREATE OR REPLACE TABLE linkage_settled_quality (group_kind VARCHAR, group_name VARCHAR, settled_same BIGINT, linked_same BIGINT, settled_different BIGINT, linked_different BIGINT)';
