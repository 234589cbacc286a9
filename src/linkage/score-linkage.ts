// How good is a linkage, and for whom? Precision, recall and F1 over all pairs, and by group, with intervals; where the truth is not
// known, signs of missed matches. A pair belongs to a group where either record does. Intervals treat persons (for recall) and clusters
// (for precision) as the sampled units, since pairs of one person are not independent: ratio estimator (Cochran 1977), Wilson 1927.

import type { Duck } from '../store/index.ts';
import { sumPairs, sumRecords, type OrderedRecords } from './score-groups.ts';
import { byKeySql, byPersonSql, groupKinds, scoredGroupSql, scoredNumbersSql, scoredRecordSql, type GroupKind, type ScoreTables } from './score-linkage.sql.ts';
import { columnsOf } from './table-columns.store.ts';
import { readNumbers } from './typed-columns.store.ts';

export interface Interval {
  low: number;
  high: number;
}

export interface PairScore {
  precision: number;
  recall: number;
  f1: number;
  truePairs: number;
  foundPairs: number;
  correctPairs: number;
  /** 95 per cent. */
  intervals: { precision: Interval; recall: Interval };
}

export interface GroupScore {
  group_kind: string;
  group_name: string;
  records: number;
  people: number;
  /** NULL where the truth is not known. */
  true_pairs: number | null;
  found_pairs: number | null;
  correct_pairs: number | null;
  recall: Interval | null;
  precision: Interval | null;
  /** Records with too little to be linked by: no number, and no full name or nothing beside it. */
  unlinkable_records: number;
  /** People whom one agency alone holds: many of them, against other groups, is a sign of missed matches. */
  single_agency_people: number;
}

/**
 * Scores the clusters of `out` (source_id, person_key) against `truth` (agency, local_id, person).
 * @param tables names of the tables; `truth` may be left out, then the pairs are NULL; `deprivation` is a table (source_id, deprivation_decile)
 * @returns the pairs' scores over all true pairs, and one row per group with 95 per cent intervals
 * @example const { pairs, groups } = await scoreLinkage(duck, { source: 'source_record', out: 'source_person', truth: 'truth' })
 */
export async function scoreLinkage(duck: Duck, tables: ScoreTables): Promise<{ pairs?: PairScore; groups: GroupScore[] }> {
  const columns = new Set(await columnsOf(duck, tables.source));
  const kinds = groupKinds.filter((kind) => kind !== 'deprivation' || tables.deprivation !== undefined);
  await duck.run(`CREATE OR REPLACE TEMP TABLE linkage_scored_record AS ${scoredRecordSql(tables, columns)}`, tables.asOf ? { asOf: tables.asOf } : undefined);
  await duck.run(`CREATE OR REPLACE TEMP TABLE linkage_scored_group AS ${scoredGroupSql(kinds)}`);
  const names = await duck.rows<{ kind: GroupKind; name: string }>('SELECT kind, name FROM linkage_scored_group ORDER BY code');
  await duck.run(`CREATE OR REPLACE TEMP TABLE linkage_scored_number AS ${scoredNumbersSql(kinds)}`);
  const read = async (sql: string, columns: number) => orderedRecords((await readNumbers(duck, sql, Array.from({ length: columns }, () => 'integer' as const))) as Int32Array[], kinds.length);
  const { rest: [unlinkable], ...byKey } = await read(byKeySql(kinds), 5 + kinds.length);
  const held = sumRecords(byKey, { agency: byKey.group[kinds.indexOf('agency')]!, unlinkable: unlinkable! }, names.length);
  const found = sumPairs(byKey, names.length);
  const trues = sumPairs(await read(byPersonSql(kinds), 4 + kinds.length), names.length);
  await duck.run('DROP TABLE linkage_scored_number; DROP TABLE linkage_scored_group; DROP TABLE linkage_scored_record');
  const known = tables.truth !== undefined;
  const groups: GroupScore[] = [];
  let pairs: PairScore | undefined;
  for (const [code, { kind, name }] of names.entries()) {
    const [t, f, { records, units, unlinkable: without, singleAgency }] = [trues[code]!, found[code]!, held[code]!];
    const recall = known ? ratioInterval(t.c, t.x, { xx: t.xx, xy: t.xc, yy: t.cc }) : null;
    const precision = known ? ratioInterval(f.c, f.x, { xx: f.xx, xy: f.xc, yy: f.cc }) : null;
    groups.push({
      group_kind: kind, group_name: name === 'all' ? 'All' : name, records, people: units,
      true_pairs: known ? t.x : null, found_pairs: known ? f.x : null, correct_pairs: known ? t.c : null,
      recall, precision, unlinkable_records: without, single_agency_people: singleAgency,
    });
    if (kind === 'all' && known) pairs = { ...scorePairs(t.x, f.x, t.c), intervals: { precision: precision!, recall: recall! } };
  }
  return { pairs, groups };
}

/** Columns as `byKeySql` and `byPersonSql` give them. */
function orderedRecords([unitHigh, unitLow, otherHigh, otherLow, ...others]: Int32Array[], kinds: number): OrderedRecords & { rest: Int32Array[] } {
  return { unit: { high: unitHigh!, low: unitLow! }, other: { high: otherHigh!, low: otherLow! }, group: others.slice(0, kinds), rest: others.slice(kinds) };
}

/** Precision, recall and F1 of counts; a ratio of nothing to nothing is 1, since nothing was missed or wrong. */
export function scorePairs(truePairs: number, foundPairs: number, correctPairs: number): Omit<PairScore, 'intervals'> {
  const precision = foundPairs === 0 ? 1 : correctPairs / foundPairs;
  const recall = truePairs === 0 ? 1 : correctPairs / truePairs;
  const f1 = precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
  return { precision, recall, f1, truePairs, foundPairs, correctPairs };
}

/**
 * A 95 per cent interval of Σy/Σx over independent units: the variance of the ratio estimator gives an effective number of pairs, and that
 * Wilson's interval.
 * @param sums Σx², Σxy and Σy² over the units
 */
export function ratioInterval(y: number, x: number, sums: { xx: number; xy: number; yy: number }): Interval {
  if (x === 0) return { low: 0, high: 1 };
  const ratio = y / x;
  const spread = Math.max(0, sums.yy - 2 * ratio * sums.xy + ratio * ratio * sums.xx) / (x * x);
  // Where every unit has the same ratio, the units themselves are the sample: as many as pairs of equal size would be.
  const effective = spread > 0 ? Math.min(x, (ratio * (1 - ratio)) / spread) : (x * x) / Math.max(sums.xx, 1);
  const z = 1.959964;
  const centre = (ratio + (z * z) / (2 * effective)) / (1 + (z * z) / effective);
  const half = (z / (1 + (z * z) / effective)) * Math.sqrt((ratio * (1 - ratio)) / effective + (z * z) / (4 * effective * effective));
  return { low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}
