// Which blocking rules suit these records? Seed records are drawn, compared with all that share a rare value with them, and the likely
// matches among those pairs (by the weights learned before) say which conjunctions of keys reach matches that the fixed rules miss.
// Limits: a match that shares no rare value with its seed is not seen; what is learned holds for the sample's kind of errors.

import { createRandom } from '../core/index.ts';
import { id, type Duck } from '../store/index.ts';
import { coverMatches, type CoverInput } from './blocking-cover.ts';
import { weighInto } from './cluster-pairs.store.ts';
import type { PatternPlace } from './compare-pairs.sql.ts';
import type { LevelTable } from './expectation-maximisation.ts';
import type { BlockingKey, BlockingRule, LinkageSettings } from './linkage-settings.ts';
import { estimatePrior, weighPatterns, type MatchModel } from './match-model.ts';
import { comparePairs, readPatterns } from './compare-pairs.store.ts';
import { readNumbers, writeNumbers } from './typed-columns.store.ts';

const mostSeeds = 1000;
const mostSampled = 30_000;
/** Pairs of seeds that are compared, and records that one of a seed's values may bring. */
const mostBroad = 500_000;
const broadBlock = 1000;

export interface LearnedRule extends BlockingRule {
  /** Estimates from the sample: pairs, and the share of likely matches that no rule before reaches. */
  estimatedPairs: number;
  gain: number;
}

/** A key's value as a whole number, or the list of them. */
const codeSql = (key: BlockingKey): string => (key.list ? `list_transform(${key.sql}, lambda v: (hash(v) & 2147483647)::INTEGER)` : `(hash(${key.sql}) & 2147483647)::INTEGER`);
const valueSql = (key: BlockingKey, index: number): string => `CASE WHEN ${key.sql} IS NOT NULL THEN ${codeSql(key)} END AS k${index}`;

/** Makes `linkage_sample` (place, rid, k0 …) of records drawn by the seed; the first `seeds` of them are the seeds. */
async function drawSample(duck: Duck, records: number, keys: BlockingKey[], seed: number): Promise<{ sampled: number; seeds: number }> {
  const random = createRandom(seed, 'blocking sample');
  const drawn = new Set<number>();
  const sampled = Math.min(records, mostSampled);
  if (sampled === records) for (let rid = 0; rid < records; rid += 1) drawn.add(rid);
  else while (drawn.size < sampled) drawn.add(random.below(records));
  const rid = Int32Array.from(drawn);
  for (let i = rid.length - 1; i > 0; i -= 1) {
    const other = random.below(i + 1);
    [rid[i], rid[other]] = [rid[other]!, rid[i]!];
  }
  await writeNumbers(duck, 'linkage_sample_rid', { place: Int32Array.from(rid, (_, place) => place), rid });
  await duck.run(`CREATE OR REPLACE TEMP TABLE linkage_sample AS SELECT s.place, s.rid, ${keys.map(valueSql).join(', ')} FROM linkage_sample_rid s JOIN linkage_record r ON r.rid = s.rid ORDER BY s.place; DROP TABLE linkage_sample_rid`);
  return { sampled, seeds: Math.min(mostSeeds, sampled) };
}

const first = (key: BlockingKey, index: number): string => `coalesce(${key.list ? `k${index}[1]` : `k${index}`}, -1)`;

/** The keys, and pairs of keys, by which seeds meet others: rare values first, while the pairs fit. */
function chooseBroad(values: Int32Array[], keys: BlockingKey[], seeds: number, scale: number): { keys: number[]; seeds: number[] }[] {
  const reach = (part: number[]): { pairs: number; seeds: number[] } => {
    const name = (record: number) => (part.some((key) => values[key]![record]! < 0) ? '' : part.map((key) => values[key]![record]).join(' '));
    const sizes = new Map<string, number>();
    for (let record = 0; record < values[0]!.length; record += 1) {
      const value = name(record);
      if (value !== '') sizes.set(value, (sizes.get(value) ?? 0) + 1);
    }
    const usable: number[] = [];
    let pairs = 0;
    for (let record = 0; record < seeds; record += 1) {
      const size = (sizes.get(name(record)) ?? 0) * scale;
      if (size === 0 || size > Math.max(broadBlock, scale)) continue;
      usable.push(record);
      pairs += size;
    }
    return { pairs, seeds: usable };
  };
  const taken: { keys: number[]; seeds: number[] }[] = [];
  let left = mostBroad;
  const takeAll = (parts: number[][], most: number): void => {
    for (const { part, pairs, seeds: usable } of parts.map((part) => ({ part, ...reach(part) })).toSorted((a, b) => a.pairs - b.pairs)) {
      if (pairs > Math.min(left, most)) continue;
      left -= pairs;
      taken.push({ keys: part, seeds: usable });
    }
  };
  const all = keys.map((_, index) => index);
  takeAll(all.map((key) => [key]), mostBroad / 4);
  const single = new Set(taken.map(({ keys: [key] }) => key!));
  const rest = all.filter((key) => !single.has(key));
  takeAll(rest.flatMap((a, index) => rest.slice(index + 1).filter((b) => !(keys[a]!.list && keys[b]!.list)).map((b) => [a, b])), mostBroad / 8);
  return taken;
}

/** Makes `linkage_broad` (l, r): pairs of seeds and the records that share a rare value with them. */
async function makeBroadPairs(duck: Duck, keys: BlockingKey[], broad: { keys: number[]; seeds: number[] }[]): Promise<void> {
  await writeNumbers(duck, 'linkage_seed', {
    place: Int32Array.from(broad.flatMap(({ seeds }) => seeds)),
    rule: Int32Array.from(broad.flatMap(({ seeds }, rule) => seeds.map(() => rule))),
  });
  const parts = broad.map(({ keys: part }, rule) => {
    const side = (from: string) => `SELECT rid, ${part.map((key) => (keys[key]!.list ? `unnest(k${key})` : `k${key}`)).map((sql, position) => `${sql} AS v${position}`).join(', ')} FROM ${from}`;
    const all = `(SELECT rid, ${part.map((key) => valueSql(keys[key]!, key)).join(', ')} FROM linkage_record)`;
    return `SELECT least(s.rid, b.rid) AS l, greatest(s.rid, b.rid) AS r FROM (${side(`(SELECT m.* FROM linkage_sample m SEMI JOIN (SELECT place FROM linkage_seed WHERE rule = ${rule}) u USING (place))`)}) s
      JOIN (${side(all)}) b ON ${part.map((_, position) => `s.v${position} = b.v${position}`).join(' AND ')} AND s.rid <> b.rid`;
  });
  await duck.run(`CREATE OR REPLACE TEMP TABLE linkage_broad AS SELECT DISTINCT l, r FROM (${parts.join('\nUNION ALL\n')})`);
}

/** Reads the likely matches of `linkage_likely` (place, l, r, probability): for each key the value agreed on (-1 where none), and whether a rule reaches it. */
async function readAgreement(duck: Duck, keys: BlockingKey[], rules: BlockingRule[]): Promise<{ agreedValue: Int32Array[]; reached: Uint8Array; weight: Float64Array }> {
  const columns = [
    ...keys.map(valueSql),
    ...rules.flatMap((rule, index) => [...rule.keys, ...(rule.listKey ? [rule.listKey] : [])].map((sql, position) => `${sql} AS f${index}_${position}`)),
  ];
  const side = `(SELECT rid, ${columns.join(', ')} FROM linkage_record SEMI JOIN (SELECT l AS rid FROM linkage_likely UNION SELECT r FROM linkage_likely) USING (rid))`;
  const agreed = keys.map((key, index) => (key.list ? `coalesce(list_sort(list_intersect(a.k${index}, b.k${index}))[1], -1)` : `CASE WHEN a.k${index} = b.k${index} THEN a.k${index} ELSE -1 END`));
  const byRule = rules.map((rule, index) =>
    [...rule.keys.map((_, position) => `a.f${index}_${position} = b.f${index}_${position}`), ...(rule.listKey ? [`list_has_any(a.f${index}_${rule.keys.length}, b.f${index}_${rule.keys.length})`] : [])].map((sql) => `coalesce(${sql}, FALSE)`).join(' AND '),
  );
  const columnsRead = await readNumbers(
    duck,
    `SELECT p.probability, (${byRule.map((sql) => `(${sql})`).join(' OR ') || 'FALSE'})::INTEGER, ${agreed.join(', ')} FROM linkage_likely p JOIN ${side} a ON a.rid = p.l JOIN ${side} b ON b.rid = p.r ORDER BY p.l, p.r`,
    ['double', 'integer', ...keys.map(() => 'integer' as const)],
  );
  const [weight, reached, ...agreedValue] = columnsRead as [Float64Array, Int32Array, ...Int32Array[]];
  return { agreedValue, reached: Uint8Array.from(reached), weight };
}

/**
 * Learns rules from `linkage_record`, in the order in which they pay.
 * @param model m and u as trained; its prior is estimated anew from the seeds' pairs
 * @param left pairs that the fixed rules leave of the budget
 * @returns rules with their estimated pairs and gains; none where no key helps
 */
export async function learnBlocking(duck: Duck, records: number, places: PatternPlace[], settings: LinkageSettings, trained: { m: LevelTable; u: LevelTable }, left: number): Promise<LearnedRule[]> {
  const keys = settings.blockingKeys;
  if (keys.length === 0 || left <= 0) return [];
  const { sampled, seeds } = await drawSample(duck, records, keys, settings.seed);
  const value = (await readNumbers(duck, `SELECT ${keys.map(first).join(', ')} FROM linkage_sample ORDER BY place`, keys.map(() => 'integer'))) as Int32Array[];
  const scale = records / sampled;
  const further: CoverInput['further'] = [];
  for (const [index, key] of keys.entries()) {
    const more = `SELECT place, unnest(k${index}[2:]) AS v, k${index}[1] AS first FROM linkage_sample WHERE len(k${index}) > 1`;
    const [record, later] = key.list ? ((await readNumbers(duck, `SELECT DISTINCT place, v FROM (${more}) WHERE v IS NOT NULL AND v IS DISTINCT FROM first ORDER BY place, v`, ['integer', 'integer'])) as [Int32Array, Int32Array]) : [new Int32Array(0), new Int32Array(0)];
    further.push({ record, value: later });
  }
  const broad = chooseBroad(value, keys, seeds, scale);
  if (broad.length === 0) return [];
  await makeBroadPairs(duck, keys, broad);
  await comparePairs(duck, 'linkage_broad', 'linkage_broad_pair', places, settings);
  const { patterns, counts } = await readPatterns(duck, places, 'SELECT pattern, count(*) AS n FROM linkage_broad_pair GROUP BY 1 ORDER BY 1');
  const start: MatchModel = { comparisons: settings.comparisons, ...trained, prior: Math.min(0.1, 1 / records), kin: 0 };
  const { prior } = estimatePrior(start, counts, seeds * (records - 1));
  await weighInto(duck, 'linkage_broad_pair', 'linkage_broad_scored', patterns, weighPatterns({ ...start, prior }, counts, settings.conflicts));
  await duck.run('CREATE OR REPLACE TEMP TABLE linkage_likely AS SELECT l, r, 1 / (1 + pow(2, -weight)) AS probability FROM linkage_broad_scored WHERE weight > 0');
  const { agreedValue, reached, weight } = await readAgreement(duck, keys, settings.blocking);
  const agreed = Int32Array.from(weight, (_, match) => keys.reduce((mask, _key, key) => (agreedValue[key]![match]! >= 0 ? mask | (1 << key) : mask), 0));
  for (const table of ['sample', 'seed', 'broad', 'broad_pair', 'broad_scored', 'likely']) await duck.run(`DROP TABLE IF EXISTS ${id(`linkage_${table}`)}`);
  const rules = coverMatches(
    { agreed, weight, reached, agreedValue, value, further, scale, matchScale: records / (2 * seeds), lists: keys.map(({ list }) => list === true) },
    { budget: left, maxBlock: settings.maxBlock, longest: 3, most: 20, leastShare: 0.0004, pairsPerMatch: settings.pairsPerMatch },
  );
  return rules.map(({ keys: part, pairs, gain }) => toRule(part.map((key) => keys[key]!), pairs, gain));
}

function toRule(part: BlockingKey[], pairs: number, gain: number): LearnedRule {
  const list = part.find((key) => key.list);
  return {
    name: `Learned: ${part.map(({ name }) => name).join(', ')}`,
    keys: part.filter((key) => !key.list).map(({ sql }) => sql),
    ...(list ? { listKey: list.sql } : {}),
    needs: [...new Set(part.flatMap(({ needs }) => needs))],
    estimatedPairs: pairs,
    gain,
  };
}
