// A task's comparisons and rules as linkage settings: no cleaning, no relatives, no conflicts, nothing that the peer is not given.

import type { Comparison, ComparisonLevel, LinkageSettings } from '../../src/linkage/index.ts';
import type { PeerTask } from './peer-tasks.sql.ts';

function comparison({ name, kind, thresholds = [], frequency }: PeerTask['comparisons'][number]): Comparison {
  const [l, r] = [`l.${name}`, `r.${name}`];
  const between = thresholds.map((threshold, index): ComparisonLevel => ({
    name: `near_${index + 1}`, label: `${name} near`, sql: kind === 'near' ? `s.${name} >= ${threshold}` : `s.${name} <= ${threshold}`, m: 0.05, u: 0.01,
  }));
  const measure = kind === 'near' ? 'jaro_winkler_similarity' : 'levenshtein';
  return {
    name, label: name, columns: [name], missing: `${l} IS NULL OR ${r} IS NULL`,
    ...(kind === 'exact' ? {} : { similarities: { [name]: `CASE WHEN ${l} <> ${r} THEN ${measure}(${l}, ${r}) END` } }),
    levels: [{ name: 'exact', label: `Same ${name}`, sql: `${l} = ${r}`, m: 0.8, u: 0.01, exactOn: name, ...(frequency ? { frequencyPower: 1 } : {}) }, ...between, { name: 'different', label: `Different ${name}`, m: 0.1, u: 0.9 }],
  };
}

/** Beyond any block and any rule of the tasks: the peer compares every pair that its rules give, so nothing is left out here. */
const anyBlock = 200_000;
const anyPairs = 4e8;

export function plainSettings(task: PeerTask): LinkageSettings {
  const rule = (keys: string[]) => ({ name: keys.join(', '), keys, needs: [] });
  return {
    idColumn: 'source_id', clean: task.columns.map(({ name }) => ({ name, from: [name], sql: name })), derived: [], names: [], nicknames: [],
    comparisons: task.comparisons.map(comparison), blocking: task.blocking.map(({ keys }) => rule(keys)), blockingKeys: [], pairsPerRecord: 8, leastBudget: anyPairs, pairsPerMatch: 2000,
    training: task.training.map(({ keys, fixes }) => ({ ...rule(keys), fixes })), conflicts: [], onePerPerson: [], threshold: task.threshold, maxBlock: anyBlock, samplePairs: 200_000, seed: 1,
  };
}

/** The table that is linked. */
export const recordsSql = (task: PeerTask): string => `CREATE TABLE source_record AS SELECT ${task.id}::VARCHAR AS source_id, ${task.columns.map(({ name, sql }) => `${sql} AS ${name}`).join(', ')} FROM ${task.from}`;
