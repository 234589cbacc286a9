// From weighed pairs to clusters: connected components over the links, then, in components of three records or more, every pair inside is
// weighed (those that no rule proposed are compared now) and the component is cut where its pairs contradict.

import { id, type Duck } from '../store/index.ts';
import { forbidden, settleComponent, type SettledPairs } from './cluster-records.ts';
import { nothingDecided, type DecidedPairs } from './link-decision-numbers.store.ts';
import { weightSql } from './pair-levels.sql.ts';
import { patternPlaces } from './compare-pairs.sql.ts';
import type { LinkageSettings } from './linkage-settings.ts';
import { weighPatterns, type MatchModel, type PatternWeights } from './match-model.ts';
import { comparePairs, readPatterns } from './train-model.store.ts';
import { readNumbers, writeNumbers } from './typed-columns.store.ts';
import { createSets } from './union-find.ts';

/** In bits: how far from the threshold a pair lies at least that its cluster decides otherwise than its own weight. */
const closest = 0.01;
/** Components larger than this are cut by the pairs that the rules proposed alone. */
const largestCompleted = 200;

/** Makes `linkage_weight` of the patterns, or adds those that it lacks. */
async function writeWeights(duck: Duck, patterns: number[], weights: PatternWeights, add = false): Promise<void> {
  await writeNumbers(duck, 'linkage_weight_double', { pattern: Float64Array.from(patterns), match: weights.match, chance: weights.chance, kin: weights.kin, conflict: weights.conflict });
  const select = 'SELECT pattern::BIGINT AS pattern, match, chance, kin, conflict FROM linkage_weight_double';
  await duck.run(add ? `INSERT INTO linkage_weight SELECT * FROM (${select}) d ANTI JOIN linkage_weight w ON w.pattern = d.pattern` : `CREATE OR REPLACE TEMP TABLE linkage_weight AS ${select}`);
  await duck.run('DROP TABLE linkage_weight_double');
}

/** Makes `out` (l, r, weight) of compared pairs (l, r, pattern, frequency). */
export async function weighInto(duck: Duck, pairs: string, out: string, patterns: number[], weights: PatternWeights): Promise<void> {
  await writeWeights(duck, patterns, weights);
  await duck.run(`CREATE OR REPLACE TEMP TABLE ${id(out)} AS SELECT p.l, p.r, ${weightSql} AS weight FROM ${id(pairs)} p JOIN linkage_weight w ON w.pattern = p.pattern`);
}

/** Makes `linkage_scored` (l, r, weight) of the candidate pairs. */
export const weighPairs = (duck: Duck, patterns: number[], weights: PatternWeights): Promise<void> => weighInto(duck, 'linkage_pair', 'linkage_scored', patterns, weights);

const bits = (probability: number): number => Math.log2(probability / (1 - probability));

export async function countLinks(duck: Duck, threshold: number): Promise<number> {
  return (await duck.one<{ links: number }>('SELECT count(*) AS links FROM linkage_scored WHERE weight >= $least', { least: bits(threshold) })).links;
}

/** Makes `linkage_cluster` (rid, root), and `linkage_otherwise` (l, r, weight): pairs that their cluster decides otherwise than their own weight, with what it says of them. */
export async function clusterPairs(duck: Duck, records: number, model: MatchModel, settings: LinkageSettings, decided: DecidedPairs = nothingDecided): Promise<{ warnings: string[] }> {
  const warnings: string[] = [];
  const least = bits(settings.threshold);
  const [l, r] = (await readNumbers(duck, `SELECT l, r FROM linkage_scored WHERE weight >= ${least}`, ['integer', 'integer'])) as [Int32Array, Int32Array];
  const sets = createSets(records);
  const parted = new Set(decided.different.map(([a, b]) => a * records + b));
  for (let i = 0; i < l.length; i += 1) if (parted.size === 0 || !parted.has(l[i]! * records + r[i]!)) sets.join(l[i]!, r[i]!);
  for (const [a, b] of decided.same) sets.join(a, b);
  const root = new Int32Array(records);
  const size = new Int32Array(records);
  for (let record = 0; record < records; record += 1) {
    root[record] = sets.rootOf(record);
    size[root[record]!]! += 1;
  }
  const members = Int32Array.from({ length: records }, (_, record) => record).filter((record) => size[root[record]!]! > 2);
  await writeNumbers(duck, 'linkage_component', { rid: members, root: members.map((record) => root[record]!), size: members.map((record) => size[root[record]!]!) });
  await completeComponents(duck, model, settings);
  const inside = await readNumbers(duck, 'SELECT root, l, r, weight FROM linkage_inside ORDER BY root, l, r', ['integer', 'integer', 'integer', 'double']);
  const single = await readSingles(duck, records, settings);
  const [component, left, right, weight] = inside as [Int32Array, Int32Array, Int32Array, Float64Array];
  const settledIn = settledByComponent(decided, (record) => sets.rootOf(record));
  const otherwise: { l: number[]; r: number[]; weight: number[] } = { l: [], r: [], weight: [] };
  let cut = 0;
  for (let from = 0; from < component.length; ) {
    let to = from;
    let against = false;
    for (; to < component.length && component[to] === component[from]; to += 1) against ||= weight[to]! <= least;
    const settled = settledIn(component[from]!);
    // Where every pair speaks for one person and nothing is had once, the component is that person.
    if (!against && single.length === 0 && settled === undefined) {
      from = to;
      continue;
    }
    const { records: members, first, isTogether, supportOf } = settleComponent({ l: left.subarray(from, to), r: right.subarray(from, to), weight: weight.subarray(from, to).map((value) => (value <= forbidden ? value : value - least)) }, single, settled);
    let parted = false;
    for (let i = from; i < to; i += 1) {
      const together = isTogether(i - from);
      if (together === weight[i]! >= least) continue;
      otherwise.l.push(left[i]!);
      otherwise.r.push(right[i]!);
      // A draw, or a join that reviewers or single values decided, lies just on its side of the threshold.
      const support = supportOf(i - from);
      otherwise.weight.push(least + (together ? Math.max(support, closest) : Math.min(support, -closest)));
    }
    for (const [place, record] of members.entries()) {
      parted ||= first[place] !== component[from];
      root[record] = first[place]!;
    }
    if (parted) cut += 1;
    from = to;
  }
  const giants = size.filter((count) => count > largestCompleted).length;
  if (giants > 0) warnings.push(`${giants} components hold more than ${largestCompleted} records and were cut by the compared pairs alone`);
  if (cut > 0) warnings.push(`${cut} components held contradictions and were cut`);
  await writeNumbers(duck, 'linkage_cluster', { rid: Int32Array.from({ length: records }, (_, record) => record), root });
  await writeNumbers(duck, 'linkage_otherwise', { l: Int32Array.from(otherwise.l), r: Int32Array.from(otherwise.r), weight: Float64Array.from(otherwise.weight) });
  return { warnings };
}

/** The settled pairs that lie inside each component. */
function settledByComponent(decided: DecidedPairs, rootOf: (record: number) => number): (component: number) => SettledPairs | undefined {
  const held = new Map<number, { same: [number, number][]; different: [number, number][] }>();
  for (const kind of ['same', 'different'] as const) {
    for (const pair of decided[kind]) {
      const root = rootOf(pair[0]);
      if (root !== rootOf(pair[1])) continue;
      const settled = held.get(root) ?? { same: [], different: [] };
      settled[kind].push(pair);
      held.set(root, settled);
    }
  }
  return (component) => held.get(component);
}

/** Where nothing can be compared: the decided pairs alone join records. Makes `linkage_cluster`. */
export async function clusterDecided(duck: Duck, records: number, decided: DecidedPairs): Promise<void> {
  const sets = createSets(records);
  for (const [a, b] of decided.same) sets.join(a, b);
  const rid = Int32Array.from({ length: records }, (_, record) => record);
  await writeNumbers(duck, 'linkage_cluster', { rid, root: rid.map((record) => sets.rootOf(record)) });
}

/** Makes `linkage_inside` (root, l, r, weight): every pair inside a component, compared now where no rule proposed it. */
async function completeComponents(duck: Duck, model: MatchModel, settings: LinkageSettings): Promise<void> {
  await duck.run(`CREATE OR REPLACE TEMP TABLE linkage_inside AS
    SELECT a.root, s.l, s.r, s.weight FROM linkage_scored s JOIN linkage_component a ON a.rid = s.l JOIN linkage_component b ON b.rid = s.r AND b.root = a.root`);
  await duck.run(`CREATE OR REPLACE TEMP TABLE linkage_extra AS
    SELECT a.rid AS l, b.rid AS r FROM linkage_component a JOIN linkage_component b ON a.root = b.root AND a.rid < b.rid
    ANTI JOIN linkage_inside i ON i.l = a.rid AND i.r = b.rid WHERE a.size <= ${largestCompleted}`);
  const places = patternPlaces(model.comparisons);
  await comparePairs(duck, 'linkage_extra', 'linkage_extra_pair', places, settings);
  const { patterns, counts } = await readPatterns(duck, places, 'SELECT pattern, count(*) AS n FROM linkage_extra_pair GROUP BY 1 ORDER BY 1');
  await writeWeights(duck, patterns, weighPatterns(model, counts, settings.conflicts), true);
  await duck.run(`INSERT INTO linkage_inside SELECT c.root, p.l, p.r, ${weightSql} FROM linkage_extra_pair p JOIN linkage_component c ON c.rid = p.l JOIN linkage_weight w ON w.pattern = p.pattern`);
}

/** For each thing of which a person has one: the number of a record's value, or -1. */
async function readSingles(duck: Duck, records: number, settings: LinkageSettings): Promise<((record: number) => number)[]> {
  const singles: ((record: number) => number)[] = [];
  for (const column of settings.onePerPerson) {
    const [rid, code] = (await readNumbers(duck, `SELECT r.rid, (dense_rank() OVER (ORDER BY ${id(column)}))::INTEGER FROM linkage_record r JOIN linkage_component c ON c.rid = r.rid WHERE ${id(column)} IS NOT NULL`, ['integer', 'integer'])) as [Int32Array, Int32Array];
    const codes = new Int32Array(records).fill(-1);
    for (let i = 0; i < rid.length; i += 1) codes[rid[i]!] = code[i]!;
    singles.push((record) => codes[record]!);
  }
  return singles;
}

/** Makes `out` (source_id, person_key) from `linkage_cluster`; the key is made from the smallest id of the cluster. Returns the number of people. */
export async function writePeople(duck: Duck, out: string): Promise<number> {
  await duck.run(`CREATE OR REPLACE TABLE ${id(out)} AS
    SELECT r.source_id, 'P' || left(sha256(first.source_id), 16) AS person_key
    FROM linkage_cluster c JOIN linkage_record r ON r.rid = c.rid JOIN linkage_record first ON first.rid = c.root ORDER BY r.source_id`);
  return (await duck.one<{ people: number }>(`SELECT count(DISTINCT person_key) AS people FROM ${id(out)}`)).people;
}
