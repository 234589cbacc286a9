// Which records are one person by a Splink model? Pairs by its rules, weights by its levels, people as connected components of the pairs at
// or above the threshold, or as the choice of clusters says. The steps serve settings files too (link-by-settings).

import { Problem } from '../core/index.ts';
import type { Duck } from '../store/index.ts';
import { groupRecords, type ClusterChoice } from './cluster-pairs-by-choice.ts';
import { engineErrorKind, naming, watchStatements } from './engine-problem.ts';
import { namingLevels } from './failing-condition.store.ts';
import { blocksOfCondition, keptWhere, type LargeBlocks } from './large-blocks.store.ts';
import type { ReadRecords } from './read-records.store.ts';
import { recordKeySql } from './person-source.sql.ts';
import { confinedSql, equalKeys, frequencyColumns, gammaSql, levelsSql, ruleSizeSql, scoredSql, sidesSql, splinkCandidateSql, splinkNumbersSql, splinkPairSql, splinkPeopleSql, splinkRecordSql } from './splink-pairs.sql.ts';
import { explodedBy, isElse, ruleSql, type SplinkSettings } from './splink-settings.ts';
import { columnsOf } from './table-columns.store.ts';
import { readNumbers, writeNumbers } from './typed-columns.store.ts';

export interface SplinkLinked {
  candidatePairs: number;
  people: number;
  seconds: Record<string, number>;
  warnings: string[];
}

export interface ModelLinkOptions {
  out: string;
  folder: string;
  threshold: number;
  clusters?: 'components' | 'votes';
  onePerSource?: boolean;
  /** A rule that gives more pairs is refused. */
  maxPairs?: number;
  /** Keeps the values of blocks that are too large, where somebody may see them. */
  largeBlocks?: LargeBlocks;
  onPairs(pairs: string, numbers: string): Promise<void>;
}

/** The select of the pairs that onPairs is given. */
export const pairsSelect = 'SELECT * FROM splink_pair';
/** A rule that gives more pairs is refused. */
export const mostPairs = 1e9;
const count = (n: number) => Math.round(n).toLocaleString('en-GB');

/** Times named stages of a linkage, and names them where the engine fails, with the statement that it was last given. */
export function createStages(last: () => string): { seconds: Record<string, number>; timed<T>(stage: string, work: () => Promise<T>): Promise<T> } {
  const seconds: Record<string, number> = {};
  return {
    seconds,
    timed: async (stage, work) => {
      const from = performance.now();
      const result = await naming(`stage "${stage}"`, last, work);
      seconds[stage] = Math.round(performance.now() - from) / 1000;
      return result;
    },
  };
}

/** Tries each condition alone on no rows, so that the one that is wrong is named. */
export async function checkConditions(duck: Duck, model: SplinkSettings, columns: string[]): Promise<void> {
  await duck.run('CREATE OR REPLACE TEMP TABLE splink_candidate (l INTEGER, r INTEGER, match_key INTEGER)');
  for (const one of model.comparisons) {
    for (const level of one.comparison_levels) {
      const alone = { ...one, comparison_levels: [level] };
      if (!isElse(level)) await naming(`comparison "${one.output_column_name}"`, level.sql_condition, () => duck.rows(`SELECT ${gammaSql(alone)} FROM (${sidesSql(columns)})`));
    }
  }
}

/** Tries each rule on no rows, and refuses one that would give too many pairs. */
async function checkRules(duck: Duck, model: SplinkSettings, { maxPairs = mostPairs, largeBlocks }: Pick<ModelLinkOptions, 'maxPairs' | 'largeBlocks'>): Promise<void> {
  for (const [index, rule] of model.blocking_rules_to_generate_predictions.entries()) {
    const sql = ruleSql(rule);
    const where = `blocking rule ${index + 1}`;
    await naming(where, sql, () => duck.rows(`SELECT 1 FROM splink_record l, splink_record r WHERE (${sql}) LIMIT 0`));
    const keys = equalKeys(sql);
    const { pairs, largest } = await naming(where, sql, () => duck.one<{ pairs: number; largest: number }>(ruleSizeSql(keys, explodedBy(rule))));
    if (pairs <= maxPairs) continue;
    const found = await keptWhere(largeBlocks, explodedBy(rule).length > 0 ? undefined : blocksOfCondition(sql, sql, 1));
    throw new Problem('badInput', { what: `The rule gives ${count(pairs)} pairs, more than ${count(maxPairs)}; its largest block holds ${count(largest)} records`, where: `${where}: ${sql}`, todo: `Add a column to the rule, or clear the value that so many records share.${found}` });
  }
}

/** Makes the candidates by all rules in one statement; where it fails, the rule that fails alone is named. */
export async function blockBySplink(duck: Duck, model: SplinkSettings, source: string | undefined): Promise<void> {
  const rules = model.blocking_rules_to_generate_predictions;
  try {
    await duck.run(splinkCandidateSql(model, source));
  } catch (error) {
    if (engineErrorKind(error) === undefined) throw error;
    for (const [index, rule] of rules.entries()) await naming(`stage "block", blocking rule ${index + 1}`, ruleSql(rule), () => duck.run(splinkCandidateSql({ ...model, blocking_rules_to_generate_predictions: [rule] }, source)));
    throw error;
  }
}

/** Makes `splink_record` of the records, and gives its columns. */
export async function prepareModelRecords(duck: Duck, read: ReadRecords, model: SplinkSettings): Promise<string[]> {
  for (const column of frequencyColumns(model)) {
    if (!read.columns.includes(column)) throw new Problem('badInput', { what: `The records have no column "${column}"`, where: 'tf_adjustment_column', todo: `They have ${read.columns.join(', ')}.` });
  }
  await duck.run(splinkRecordSql(read.table, recordKeySql(read), read.id, read.source, model));
  return (await columnsOf(duck, 'splink_record')).filter((name) => !name.startsWith('hw_'));
}

/** Groups the pairs of `splink_pair` into people and writes `out`. */
export async function groupPairs(duck: Duck, records: number, options: ModelLinkOptions): Promise<{ people: number; warnings: string[] }> {
  const least = Math.log2(options.threshold / (1 - options.threshold));
  const votes = options.clusters === 'votes';
  const [l, r, weight] = (await readNumbers(duck, scoredSql(least, votes), ['integer', 'integer', 'double'])) as [Int32Array, Int32Array, Float64Array];
  const sources = options.onePerSource ? ((await readNumbers(duck, 'SELECT hw_source FROM splink_record ORDER BY hw_rid', ['integer']))[0] as Int32Array) : undefined;
  const choice: ClusterChoice = { kind: votes ? 'votes' : 'components', ...(sources ? { sourceOf: (record: number) => sources[record]! } : {}) };
  const { root, leftOut } = groupRecords(records, { l, r, weight }, choice);
  const rid = Int32Array.from({ length: records }, (_, record) => record);
  await writeNumbers(duck, 'splink_cluster', { rid, root });
  await duck.run(splinkPeopleSql(options.out));
  const people = root.reduce((sum, first, record) => sum + (first === record ? 1 : 0), 0);
  return { people, warnings: leftOut > 0 ? [`${count(leftOut)} links were not followed: ${options.onePerSource ? 'a person has at most one record of each source' : 'the other pairs of their cluster speak against them'}`] : [] };
}

/** Links the records by a trained Splink model. */
export async function linkBySplink(engine: Duck, read: ReadRecords, model: SplinkSettings, options: ModelLinkOptions): Promise<SplinkLinked> {
  const { duck, last } = watchStatements(engine);
  const { seconds, timed } = createStages(last);
  needSource(model, read, options.onePerSource === true);
  await duck.run(confinedSql(options.folder));
  const columns = await timed('prepare', () => prepareModelRecords(duck, read, model));
  await checkRules(duck, model, options);
  await checkConditions(duck, model, columns);
  await timed('block', () => blockBySplink(duck, model, read.source));
  await timed('compare', () => namingLevels({ duck, model, columns, pairs: 'splink_candidate', stage: 'stage "compare"' }, () => duck.run(splinkPairSql(model, levelsSql(model, columns)))));
  await timed('pairs', () => options.onPairs(pairsSelect, splinkNumbersSql));
  const { people, warnings } = await timed('cluster', () => groupPairs(duck, read.records, options));
  const { n } = await duck.one<{ n: number }>('SELECT count(*) AS n FROM splink_pair');
  return { candidatePairs: n, people, seconds, warnings };
}

/** A linkage of sources needs to know them. */
export function needSource(model: SplinkSettings, read: ReadRecords, onePerSource: boolean): void {
  if (read.source !== undefined || (model.link_type === 'dedupe_only' && !onePerSource)) return;
  if (model.link_type === 'link_only' || onePerSource) throw new Problem('usage', { what: 'The model links records of different sources', where: 'link_type', todo: 'Name the column of a record’s source with --source, or give one file for each source.' });
}
