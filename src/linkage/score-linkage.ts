// How good is a linkage, and for whom? Precision, recall and F1 over all pairs, and by group, with intervals; where the truth is not
// known, signs of missed matches. A pair belongs to a group where either record does. Intervals treat persons (for recall) and clusters
// (for precision) as the sampled units, since pairs of one person are not independent: ratio estimator (Cochran 1977), Wilson 1927.

import type { Duck } from '../store/index.ts';
import { groupKinds, groupScoreSql, scoredRecordSql, sizedRecordSql, type ScoreTables } from './score-linkage.sql.ts';
import { columnsOf } from './table-columns.store.ts';

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

interface GroupRow {
  group_name: string;
  records: number;
  people: number;
  unlinkable: number;
  single_agency: number;
  true_pairs: number | null;
  found_pairs: number | null;
  correct_pairs: number | null;
  tt: number;
  tc: number;
  cc: number;
  ff: number;
  fc: number;
  kk: number;
}

/**
 * Scores the clusters of `out` (source_id, person_key) against `truth` (agency, local_id, person).
 * @param tables names of the tables; `truth` may be left out, then the pairs are NULL; `deprivation` is a table (source_id, deprivation_decile)
 * @returns the pairs' scores over all true pairs, and one row per group with 95 per cent intervals
 * @example const { pairs, groups } = await scoreLinkage(duck, { source: 'source_record', out: 'source_person', truth: 'truth' })
 */
export async function scoreLinkage(duck: Duck, tables: ScoreTables): Promise<{ pairs?: PairScore; groups: GroupScore[] }> {
  const columns = new Set(await columnsOf(duck, tables.source));
  await duck.run(`CREATE OR REPLACE TEMP TABLE linkage_scored_record AS ${scoredRecordSql(tables, columns)}`, tables.asOf ? { asOf: tables.asOf } : undefined);
  await duck.run(`CREATE OR REPLACE TEMP TABLE linkage_sized_record AS ${sizedRecordSql}`);
  const groups: GroupScore[] = [];
  let pairs: PairScore | undefined;
  for (const kind of groupKinds) {
    if (kind === 'deprivation' && !tables.deprivation) continue;
    for (const row of await duck.rows<GroupRow>(groupScoreSql(kind))) {
      const known = tables.truth !== undefined;
      const truePairs = row.true_pairs ?? 0;
      const foundPairs = row.found_pairs ?? 0;
      const correctPairs = row.correct_pairs ?? 0;
      const recall = known ? ratioInterval(correctPairs, truePairs, { xx: row.tt, xy: row.tc, yy: row.cc }) : null;
      const precision = known ? ratioInterval(correctPairs, foundPairs, { xx: row.ff, xy: row.fc, yy: row.kk }) : null;
      groups.push({
        group_kind: kind, group_name: row.group_name === 'all' ? 'All' : row.group_name, records: row.records, people: row.people,
        true_pairs: known ? truePairs : null, found_pairs: known ? foundPairs : null, correct_pairs: known ? correctPairs : null,
        recall, precision, unlinkable_records: row.unlinkable, single_agency_people: row.single_agency,
      });
      if (kind === 'all' && known) pairs = { ...scorePairs(truePairs, foundPairs, correctPairs), intervals: { precision: precision!, recall: recall! } };
    }
  }
  await duck.run('DROP TABLE linkage_sized_record; DROP TABLE linkage_scored_record');
  return { pairs, groups };
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
