// From weighed pairs to clusters: connected components over the links, then, in components of three records or more, every pair inside is
// weighed (those that no rule proposed are compared now) and the component is cut where its pairs contradict.

import { id, type Duck } from '../store/index.ts';
import { settleParts, type SettledPairs } from './cluster-records.ts';
import { componentsOf, groupByComponent, missingPairs, pairsInside, type Components, type WeighedInside } from './component-pairs.ts';
import { nothingDecided, type DecidedPairs } from './link-decision-numbers.store.ts';
import { extraInsideSql, proposedInsideSql, weighedSql } from './pair-levels.sql.ts';
import { patternPlaces } from './compare-pairs.sql.ts';
import type { LinkageSettings } from './linkage-settings.ts';
import { weighPatterns, type MatchModel, type PatternWeights } from './match-model.ts';
import { comparePairs, readPatterns } from './compare-pairs.store.ts';
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
  await duck.run(`CREATE OR REPLACE TEMP TABLE ${id(out)} AS SELECT l, r, weight FROM (${weighedSql(pairs)})`);
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
  const links = await readWeighed(duck, `SELECT l, r, weight FROM linkage_scored WHERE weight >= ${least}`);
  const { l, r } = links;
  const sets = createSets(records);
  const parted = new Set(decided.different.map(([a, b]) => a * records + b));
  for (let i = 0; i < l.length; i += 1) if (parted.size === 0 || !parted.has(l[i]! * records + r[i]!)) sets.join(l[i]!, r[i]!);
  for (const [a, b] of decided.same) sets.join(a, b);
  const root = Int32Array.from({ length: records }, (_, record) => sets.rootOf(record));
  const components = componentsOf(root);
  const { count, member, start } = components;
  await writeNumbers(duck, 'linkage_component', { rid: member, root: Int32Array.from(member, (record) => root[record]!) });
  const parts = await completeComponents(duck, components, links, model, settings);
  const single = await readSingles(duck, records, settings);
  const settledIn = settledByComponent(decided, components);
  const against = new Uint8Array(count);
  for (const { l, weight } of parts) for (let i = 0; i < l.length; i += 1) if (weight[i]! <= least) against[components.of[l[i]!]!] = 1;
  // Where every pair speaks for one person and nothing is had once, the component is that person.
  const inside = groupByComponent(components, parts, (component) => against[component] === 1 || single.length > 0 || settledIn.has(component));
  const otherwise: { l: number[]; r: number[]; weight: number[] } = { l: [], r: [], weight: [] };
  let cut = 0;
  for (let component = 0; component < count; component += 1) {
    const [from, to] = [inside.start[component]!, inside.start[component + 1]!];
    if (from === to) continue;
    const records = member.subarray(start[component], start[component + 1]);
    const [left, right, weight] = [inside.left.subarray(from, to), inside.right.subarray(from, to), inside.weight.subarray(from, to)];
    const { part, isTogether, supportOf } = settleParts({ size: records.length, left, right, weight, least }, single.map((valueOf) => records.map(valueOf)), settledIn.get(component));
    for (let i = 0; i < left.length; i += 1) {
      const together = isTogether(i);
      if (together === weight[i]! >= least) continue;
      otherwise.l.push(records[left[i]!]!);
      otherwise.r.push(records[right[i]!]!);
      // A draw, or a join that reviewers or single values decided, lies just on its side of the threshold.
      const support = supportOf(i);
      otherwise.weight.push(least + (together ? Math.max(support, closest) : Math.min(support, -closest)));
    }
    for (const [place, record] of records.entries()) root[record] = records[part[place]!]!;
    if (part.some((first) => first > 0)) cut += 1;
  }
  let giants = 0;
  for (let component = 0; component < count; component += 1) if (start[component + 1]! - start[component]! > largestCompleted) giants += 1;
  if (giants > 0) warnings.push(`${giants} components hold more than ${largestCompleted} records and were cut by the compared pairs alone`);
  if (cut > 0) warnings.push(`${cut} components held contradictions and were cut`);
  await writeNumbers(duck, 'linkage_cluster', { rid: Int32Array.from({ length: records }, (_, record) => record), root });
  await writeNumbers(duck, 'linkage_otherwise', { l: Int32Array.from(otherwise.l), r: Int32Array.from(otherwise.r), weight: Float64Array.from(otherwise.weight) });
  return { warnings };
}

/** The settled pairs that lie inside each component, as places among its records. */
function settledByComponent(decided: DecidedPairs, { of, place }: Components): Map<number, SettledPairs> {
  const held = new Map<number, { same: [number, number][]; different: [number, number][] }>();
  for (const kind of ['same', 'different'] as const) {
    for (const [a, b] of decided[kind]) {
      const component = of[a]!;
      if (component < 0 || component !== of[b]) continue;
      const settled = held.get(component) ?? { same: [], different: [] };
      settled[kind].push([place[a]!, place[b]!]);
      held.set(component, settled);
    }
  }
  return held;
}

/** Where nothing can be compared: the decided pairs alone join records. Makes `linkage_cluster`. */
export async function clusterDecided(duck: Duck, records: number, decided: DecidedPairs): Promise<void> {
  const sets = createSets(records);
  for (const [a, b] of decided.same) sets.join(a, b);
  const rid = Int32Array.from({ length: records }, (_, record) => record);
  await writeNumbers(duck, 'linkage_cluster', { rid, root: rid.map((record) => sets.rootOf(record)) });
}

/** Every pair inside a component, in three parts: links, others that rules proposed, and those that no rule proposed, compared now. Makes `linkage_extra_pair` of the last. */
async function completeComponents(duck: Duck, components: Components, links: WeighedInside, model: MatchModel, settings: LinkageSettings): Promise<WeighedInside[]> {
  const proposed = [pairsInside(components, links), await readWeighed(duck, `${proposedInsideSql} WHERE s.weight < ${bits(settings.threshold)}`)];
  await writeNumbers(duck, 'linkage_extra', { ...missingPairs(components, proposed, largestCompleted) });
  const places = patternPlaces(model.comparisons);
  await comparePairs(duck, 'linkage_extra', 'linkage_extra_pair', places, settings);
  const { patterns, counts } = await readPatterns(duck, places, 'SELECT pattern, count(*) AS n FROM linkage_extra_pair GROUP BY 1 ORDER BY 1');
  await writeWeights(duck, patterns, weighPatterns(model, counts, settings.conflicts), true);
  return [...proposed, await readWeighed(duck, extraInsideSql)];
}

async function readWeighed(duck: Duck, sql: string): Promise<WeighedInside> {
  const [l, r, weight] = (await readNumbers(duck, sql, ['integer', 'integer', 'double'])) as [Int32Array, Int32Array, Float64Array];
  return { l, r, weight };
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
