// How are m, u, the relatives' class and the prior learned from the records themselves, without labels?
// u from the counts of values and from pairs drawn at random; m by expectation–maximisation in several sessions, each on pairs that agree
// on one rule's keys and training the comparisons that the rule does not use (as Fellegi and Sunter 1969 with Winkler 1988).

import { createRandom } from '../core/index.ts';
import { id, type Duck } from '../store/index.ts';
import { sampleRulePairs } from './blocking.store.ts';
import { comparePairsSql, levelInPattern, type PatternPlace } from './compare-pairs.sql.ts';
import { namingComparisons } from './failing-condition.store.ts';
import { convergenceTolerance, countSureMatches, fewestMatches, fitTwoClasses, priorOfM, traceOf, type Fit, type LevelTable, type PatternCounts, type TrainingSession } from './expectation-maximisation.ts';
import { nothingDecided, type DecidedPairs } from './link-decision-numbers.store.ts';
import type { BlockingRule, LinkageSettings, RelativesRule } from './linkage-settings.ts';
import type { PreparedRecords } from './prepare-records.store.ts';
import { writeNumbers } from './typed-columns.store.ts';

/** Pseudo-pairs of the starting values mixed into u. */
const priorOfU = 1000;

export interface SessionReport extends TrainingSession {
  fit: Fit;
}

/** Reads pattern counts of a query with columns pattern and n. */
export async function readPatterns(duck: Duck, places: PatternPlace[], sql: string): Promise<{ patterns: number[]; counts: PatternCounts }> {
  const rows = await duck.rows<{ pattern: number; n: number }>(sql);
  const levels = new Int8Array(rows.length * places.length);
  const counts = new Float64Array(rows.length);
  for (const [p, row] of rows.entries()) {
    counts[p] = row.n;
    for (const [c, place] of places.entries()) levels[p * places.length + c] = levelInPattern(row.pattern, place);
  }
  return { patterns: rows.map((row) => row.pattern), counts: { comparisons: places.length, levels, counts } };
}

/** Counts over a table of pairs; a condition that fails there is named. */
const patternsOfPairs = (duck: Duck, places: PatternPlace[], pairs: string, stage: string) =>
  namingComparisons({ duck, comparisons: places.map(({ comparison }) => comparison), pairs, stage }, () => readPatterns(duck, places, `SELECT pattern, count(*) AS n FROM (${comparePairsSql(pairs, places)}) GROUP BY 1 ORDER BY 1`));

/** Makes `linkage_random` (l, r): all pairs where they are few, else pairs drawn with the seed. */
async function makeRandomPairs(duck: Duck, records: number, settings: LinkageSettings): Promise<void> {
  const all = (records * (records - 1)) / 2;
  if (all <= settings.samplePairs) {
    await duck.run('CREATE OR REPLACE TEMP TABLE linkage_random AS SELECT a.rid AS l, b.rid AS r FROM linkage_record a JOIN linkage_record b ON a.rid < b.rid');
    return;
  }
  const random = createRandom(settings.seed, 'linkage pairs');
  const l = new Int32Array(settings.samplePairs);
  const r = new Int32Array(settings.samplePairs);
  for (let i = 0; i < l.length; i += 1) {
    const a = random.below(records);
    const b = (a + 1 + random.below(records - 1)) % records;
    l[i] = Math.min(a, b);
    r[i] = Math.max(a, b);
  }
  await writeNumbers(duck, 'linkage_random', { l, r });
}

/** u from value counts (exact levels) and random pairs (the others), with the starting values as a prior. */
export async function estimateChance(duck: Duck, prepared: PreparedRecords, places: PatternPlace[], settings: LinkageSettings): Promise<LevelTable> {
  await makeRandomPairs(duck, prepared.records, settings);
  const { counts } = await patternsOfPairs(duck, places, 'linkage_random', 'stage "chance"');
  await duck.run('DROP TABLE linkage_random');
  return places.map(({ comparison }, c) => {
    const seen = comparison.levels.map(() => 0);
    for (let p = 0; p < counts.counts.length; p += 1) {
      const level = counts.levels[p * places.length + c]!;
      if (level >= 0) seen[level]! += counts.counts[p]!;
    }
    const total = seen.reduce((sum, n) => sum + n, 0);
    const table = comparison.levels.map((level, index) => {
      const start = level.u * priorOfU;
      const values = level.exactOn === undefined ? undefined : prepared.values.get(level.exactOn);
      if (!values || values.filled < 2) return (seen[index]! + start) / (total + priorOfU);
      const pairs = (values.filled * (values.filled - 1)) / 2;
      const agreeing = (values.agreeingPairs * (level.sharedShare ?? 1) + start) / (pairs + priorOfU);
      // A level that is only a part of "equal" (another address in one postcode) cannot be more frequent than its share among the drawn pairs allows.
      return agreeing;
    });
    return normalise(table);
  });
}

/** The last level takes what the others leave. */
function normalise(row: number[]): number[] {
  const rest = row.slice(0, -1).reduce((sum, value) => sum + value, 0);
  if (rest >= 0.999) return row.map((value) => value / (rest + row.at(-1)!));
  return [...row.slice(0, -1), 1 - rest];
}

/** Takes the matches out of u: pairs of one person among the random pairs would make agreement by chance look more likely than it is. */
export function withoutMatches(u: LevelTable, m: LevelTable, prior: number, settings: LinkageSettings): LevelTable {
  return u.map((row, c) =>
    normalise(
      row.map((value, index) => {
        if (settings.comparisons[c]?.levels[index]?.sharedShare) return value;
        return Math.max((value - prior * m[c]![index]!) / (1 - prior), value * 0.05);
      }),
    ),
  );
}

const startTable = (settings: LinkageSettings, kind: 'm' | 'u'): LevelTable =>
  settings.comparisons.map((comparison) => {
    const total = comparison.levels.reduce((sum, level) => sum + level[kind], 0);
    return comparison.levels.map((level) => level[kind] / total);
  });

const usable = (rule: BlockingRule, prepared: PreparedRecords) => rule.needs.every((column) => !prepared.empty.has(column));

/** m from all sessions, each weighted by the matches that it expects; a comparison that no session trains keeps its starting value. */
export async function estimateMatch(duck: Duck, prepared: PreparedRecords, places: PatternPlace[], settings: LinkageSettings, u: LevelTable, settled: DecidedPairs = nothingDecided): Promise<{ m: LevelTable; sessions: SessionReport[]; matches: number[] }> {
  const start = startTable(settings, 'm');
  const sessions: SessionReport[] = [];
  const sums = start.map((row) => row.map(() => 0));
  const weights = start.map(() => 0);
  // Pairs that people settled as one person count as sure matches, whatever the sessions make of them.
  if (settled.same.length > 0) {
    await writeNumbers(duck, 'linkage_session', { l: Int32Array.from(settled.same, ([l]) => l), r: Int32Array.from(settled.same, ([, r]) => r) });
    const { counts } = await patternsOfPairs(duck, places, 'linkage_session', 'stage "train", settled pairs');
    await duck.run('DROP TABLE linkage_session');
    for (let p = 0; p < counts.counts.length; p += 1) {
      for (let c = 0; c < places.length; c += 1) {
        const level = counts.levels[p * places.length + c]!;
        if (level < 0) continue;
        sums[c]![level]! += counts.counts[p]!;
        weights[c]! += counts.counts[p]!;
      }
    }
  }
  for (const rule of settings.training) {
    if (!usable(rule, prepared)) continue;
    const { taken } = await sampleRulePairs(duck, rule, 'linkage_session', settings.samplePairs, settings.maxBlock);
    const { counts } = await patternsOfPairs(duck, places, 'linkage_session', `stage "train", session "${rule.name}"`);
    await duck.run('DROP TABLE linkage_session');
    const used = settings.comparisons.map((comparison) => !rule.fixes.includes(comparison.name));
    const fit = fitTwoClasses({
      counts, used, share: 0.3, priorPairs: priorOfM, maxIterations: 100, tolerance: convergenceTolerance,
      match: { start, free: start.map(() => true) },
      other: { start: u, free: start.map(() => false) },
    });
    const good = fit.matches >= fewestMatches;
    sessions.push({ session: rule.name, pairs: taken, matches: fit.matches, iterations: fit.iterations, converged: fit.converged, used: good, trace: traceOf(fit), fit });
    if (!good) continue;
    const sure = countSureMatches(counts, used, fit, u);
    for (const [c, row] of sure.entries()) {
      const total = row.reduce((sum, n) => sum + n, 0);
      weights[c]! += total;
      for (const [level, n] of row.entries()) sums[c]![level]! += n;
    }
  }
  const m = start.map((row, c) => row.map((value, level) => (sums[c]![level]! + value * priorOfM) / (weights[c]! + priorOfM)));
  return { m, sessions, matches: weights };
}

/** The relatives' class: how the levels fall for two people of one home and surname. Undefined where the data show none. */
export async function estimateRelatives(duck: Duck, prepared: PreparedRecords, places: PatternPlace[], settings: LinkageSettings, m: LevelTable, u: LevelTable): Promise<{ relatives: LevelTable; pairs: number; session: SessionReport } | undefined> {
  const rule: RelativesRule | undefined = settings.relatives;
  if (!rule || !usable(rule, prepared)) return undefined;
  const { taken, all } = await sampleRulePairs(duck, rule, 'linkage_session', settings.samplePairs, settings.maxBlock);
  const { counts } = await patternsOfPairs(duck, places, 'linkage_session', 'stage "relatives"');
  await duck.run('DROP TABLE linkage_session');
  const used = settings.comparisons.map((comparison) => !rule.fixes.includes(comparison.name));
  const assumed = settings.comparisons.map(({ name }, c) => {
    if (rule.shared.includes(name)) return m[c]!;
    const share = rule.partlyShared[name] ?? rule.startShared[name] ?? 0;
    return m[c]!.map((value, level) => share * value + (1 - share) * u[c]![level]!);
  });
  const free = settings.comparisons.map(({ name }) => !rule.shared.includes(name) && rule.partlyShared[name] === undefined);
  const fit = fitTwoClasses({
    counts, used, share: 0.5, priorPairs: priorOfM, maxIterations: 200, tolerance: convergenceTolerance,
    match: { start: m, free: m.map(() => false) },
    other: { start: assumed, free },
  });
  const found = fit.pairs - fit.matches;
  const session: SessionReport = { session: rule.name, pairs: taken, matches: fit.matches, iterations: fit.iterations, converged: fit.converged, used: found > 0, trace: traceOf(fit), fit };
  if (taken === 0) return undefined;
  return { relatives: fit.other, pairs: (found / Math.max(fit.pairs, 1)) * all, session };
}

/** Records whose values are held side by side at once, on each side of a comparison. */
const recordsAtOnce = 1_000_000;

/**
 * Compares the pairs of a table into `out` (l, r, pattern, frequency). Many records are taken slice by slice: what is held of them at once, and
 * so the memory, does not grow with their number, and the engine need not spill a join to the disk.
 */
export async function comparePairs(duck: Duck, pairs: string, out: string, places: PatternPlace[], settings: LinkageSettings, atOnce = recordsAtOnce): Promise<void> {
  const { records } = await duck.one<{ records: number }>('SELECT coalesce(max(rid), 0) + 1 AS records FROM linkage_record');
  const compare = (compared: Parameters<typeof comparePairsSql>[0]) => comparePairsSql(compared, places, settings.nameDependence);
  if (records <= atOnce) {
    await duck.run(`CREATE OR REPLACE TEMP TABLE ${id(out)} AS ${compare(id(pairs))}`);
    return;
  }
  const size = Math.ceil(records / Math.ceil(records / atOnce));
  const slice = (column: string, number: number) => `${column} BETWEEN ${number * size} AND ${(number + 1) * size - 1}`;
  const side = (number: number) => `(SELECT * FROM linkage_record WHERE ${slice('rid', number)})`;
  await duck.run(`CREATE OR REPLACE TEMP TABLE ${id(out)} (l INTEGER, r INTEGER, pattern BIGINT, frequency FLOAT)`);
  for (const { left, right } of await duck.rows<{ left: number; right: number }>(`SELECT DISTINCT l // ${size} AS left, r // ${size} AS right FROM ${id(pairs)} ORDER BY ALL`)) {
    const some = `(SELECT l, r FROM ${id(pairs)} WHERE ${slice('l', left)} AND ${slice('r', right)})`;
    await duck.run(`INSERT INTO ${id(out)} ${compare({ pairs: some, left: side(left), right: side(right) })}`);
  }
}
