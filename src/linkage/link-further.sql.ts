// SQL of linking new and changed records to what is linked already: what has changed, the new records with the frequencies of the linkage
// before, and the pairs of touched records by the rules of that linkage.

import { id, text } from '../store/index.ts';
import type { BlockingRule, LinkageSettings } from './linkage-settings.ts';
import { priorRecords } from './prepare-records.store.ts';

/** linkage_state_root (rid, root) holds the components of the links. */
export const writeStateSql = (source: string, settings: LinkageSettings, path: string): string => `COPY (
  SELECT r.* EXCLUDE (rid), s.content, component.source_id AS component, cluster.source_id AS cluster
  FROM linkage_record r JOIN (SELECT ${id(settings.idColumn)}::VARCHAR AS source_id, hash(x) AS content FROM ${id(source)} x) s ON s.source_id = r.source_id
  JOIN linkage_state_root c ON c.rid = r.rid JOIN linkage_record component ON component.rid = c.root
  JOIN linkage_cluster k ON k.rid = r.rid JOIN linkage_record cluster ON cluster.rid = k.root
  ORDER BY r.source_id) TO ${text(path)} (FORMAT parquet, COMPRESSION zstd)`;

/** linkage_touch (source_id): records that are new or have changed; linkage_lost (component): components that a record has left. */
export const changesSql = (source: string, settings: LinkageSettings, path: string): string => `
  CREATE OR REPLACE TEMP VIEW linkage_before AS FROM read_parquet(${text(path)});
  CREATE OR REPLACE TEMP TABLE linkage_touch AS
    SELECT s.source_id FROM (SELECT ${id(settings.idColumn)}::VARCHAR AS source_id, hash(x) AS content FROM ${id(source)} x) s LEFT JOIN (SELECT source_id, content FROM linkage_before) b USING (source_id)
    WHERE b.content IS DISTINCT FROM s.content;
  CREATE OR REPLACE TEMP TABLE linkage_present AS SELECT ${id(settings.idColumn)}::VARCHAR AS source_id FROM ${id(source)};
  CREATE OR REPLACE TEMP TABLE linkage_lost AS
    SELECT DISTINCT component FROM linkage_before b WHERE source_id IN (SELECT source_id FROM linkage_touch) OR source_id NOT IN (SELECT source_id FROM linkage_present);
  CREATE OR REPLACE TABLE linkage_further_source AS SELECT * FROM ${id(source)} WHERE ${id(settings.idColumn)}::VARCHAR IN (SELECT source_id FROM linkage_touch)`;

/** Columns whose values' frequencies are weighed, each with the starting u of its level. */
export function exactColumns(settings: LinkageSettings): Map<string, number> {
  const columns = new Map<string, number>();
  for (const level of settings.comparisons.flatMap((comparison) => comparison.levels)) if (level.exactOn !== undefined && !columns.has(level.exactOn)) columns.set(level.exactOn, level.u);
  return columns;
}

/** linkage_all: the records as they are now, numbered in the order of their ids; those that are new with the frequencies of the linkage before. */
export function allRecordsSql(settings: LinkageSettings): string {
  const exact = exactColumns(settings);
  const dependence = settings.nameDependence;
  const replaced = [...exact].map(([column, u]) => {
    const unseen = `(SELECT log2((0.5 + ${priorRecords * u}) / (count(${id(column)}) + ${priorRecords}))::FLOAT FROM linkage_before)`;
    return `CASE WHEN n.${id(column)} IS NOT NULL THEN coalesce(${id(`f_${column}`)}.frequency, ${unseen}) END AS ${id(`${column}_frequency`)}`;
  });
  if (dependence) replaced.push('d.name_dependence AS name_dependence');
  const joins = [...exact.keys()].map(
    (column) => `LEFT JOIN (SELECT ${id(column)} AS value, any_value(${id(`${column}_frequency`)}) AS frequency FROM linkage_before WHERE ${id(column)} IN (SELECT ${id(column)} FROM linkage_record) GROUP BY 1) ${id(`f_${column}`)} ON ${id(`f_${column}`)}.value = n.${id(column)}`,
  );
  if (dependence) joins.push(`LEFT JOIN (SELECT DISTINCT ${id(dependence.first)} AS a, ${id(dependence.second)} AS b, name_dependence FROM linkage_before WHERE name_dependence IS NOT NULL) d ON d.a = n.${id(dependence.first)} AND d.b = n.${id(dependence.second)}`);
  return `CREATE OR REPLACE TEMP TABLE linkage_all AS SELECT n.rid, r.* FROM (
    SELECT * EXCLUDE (content), FALSE AS touched FROM linkage_before b ANTI JOIN linkage_touch t ON t.source_id = b.source_id
    UNION ALL BY NAME SELECT n.* EXCLUDE (rid) ${replaced.length > 0 ? `REPLACE (${replaced.join(', ')})` : ''}, TRUE AS touched FROM linkage_record n ${joins.join(' ')}) r
    JOIN (SELECT source_id, (row_number() OVER (ORDER BY source_id) - 1)::INTEGER AS rid FROM linkage_present) n USING (source_id);
  DROP TABLE linkage_record; ALTER TABLE linkage_all RENAME TO linkage_record`;
}

/** linkage_touched (rid): new and changed records, what is left of components that lost one, and records that people decided about. */
export const touchedSql = (everything: boolean): string => `CREATE OR REPLACE TEMP TABLE linkage_touched AS
  SELECT rid FROM linkage_record WHERE ${everything} OR touched OR component IN (FROM linkage_lost) OR rid IN (FROM linkage_decided)
    OR component IN (SELECT component FROM linkage_record WHERE rid IN (FROM linkage_decided))`;

/** Adds to linkage_touched what is linked to it, whole components at a time. */
export const affectedSql = (least: number): string => `
  CREATE OR REPLACE TEMP TABLE linkage_reached AS SELECT unnest([l, r]) AS rid FROM linkage_scored WHERE weight >= ${least};
  CREATE OR REPLACE TEMP TABLE linkage_touched AS SELECT rid FROM linkage_touched UNION SELECT rid FROM linkage_record
    WHERE component IN (SELECT component FROM linkage_record WHERE component IS NOT NULL AND rid IN (FROM linkage_reached))`;

export const noCandidatesSql = 'CREATE OR REPLACE TEMP TABLE linkage_candidate (l INTEGER, r INTEGER)';

/** Makes `table` (block, rid): the blocks of a rule, of all records. */
export function ruleBlocksSql(rule: BlockingRule, table: string): string {
  const keys = rule.keys.map((_, i) => `k${i}`);
  const all = [...keys, ...(rule.listKey ? ['v'] : [])];
  const list = rule.listKey ? `, unnest(list_distinct(${rule.listKey})) AS v` : '';
  return `CREATE OR REPLACE TEMP TABLE ${table} AS
    SELECT hash(${all.join(', ')}) AS block, rid FROM (SELECT rid, ${rule.keys.map((key, i) => `${key} AS k${i}`).join(', ')}${rule.keys.length > 0 ? '' : '0 AS none'}${list} FROM linkage_record) WHERE ${all.map((key) => `${key} IS NOT NULL`).join(' AND ')}`;
}

/** Adds to linkage_candidate the pairs of a rule's blocks of which one record, or both where `inside`, is touched. A block's size is that of all records. */
export function touchedPairsSql(blocks: string, maxBlock: number, inside: boolean): string {
  const mine = 'SELECT rid FROM linkage_touched';
  return `CREATE OR REPLACE TEMP TABLE linkage_rule_mine AS SELECT block, rid FROM ${blocks} WHERE rid IN (${mine});
  CREATE OR REPLACE TEMP TABLE linkage_rule_open AS SELECT block FROM ${blocks} WHERE block IN (SELECT block FROM linkage_rule_mine) GROUP BY block HAVING count(*) BETWEEN 2 AND ${maxBlock};
  INSERT INTO linkage_candidate SELECT DISTINCT least(a.rid, b.rid), greatest(a.rid, b.rid)
    FROM linkage_rule_mine a JOIN ${blocks} b ON a.block = b.block AND a.rid <> b.rid ${inside ? `AND b.rid IN (${mine})` : ''} WHERE a.block IN (FROM linkage_rule_open)`;
}

export const distinctCandidatesSql = 'CREATE OR REPLACE TEMP TABLE linkage_candidate AS SELECT DISTINCT l, r FROM linkage_candidate';

/** The people: touched records by their new clusters, all others as they were. The rule of the keys is that of writePeople. */
export const furtherPeopleSql = (out: string): string => `
  CREATE OR REPLACE TEMP TABLE linkage_cluster AS
    SELECT r.rid, CASE WHEN t.rid IS NOT NULL THEN c.root ELSE first.rid END AS root
    FROM linkage_record r JOIN linkage_cluster c ON c.rid = r.rid LEFT JOIN linkage_touched t ON t.rid = r.rid LEFT JOIN linkage_record first ON first.source_id = r.cluster;
  CREATE OR REPLACE TABLE ${id(out)} AS
    SELECT r.source_id, 'P' || left(sha256(first.source_id), 16) AS person_key FROM linkage_cluster c JOIN linkage_record r ON r.rid = c.rid JOIN linkage_record first ON first.rid = c.root ORDER BY r.source_id`;

/** rid and root of each record's component before, for those that have one. */
export const componentsBeforeSql = 'SELECT r.rid, root.rid FROM linkage_record r JOIN linkage_record root ON root.source_id = r.component WHERE r.rid NOT IN (FROM linkage_touched)';
