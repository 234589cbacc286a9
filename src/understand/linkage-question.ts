// How are records joined to people, and how sure is that? The model's weights, how pairs' weights fall, what another threshold would do,
// who holds too little to be joined, and which values are common. Nothing here names a person. Method note: docs/methods/linkage.md.

import type { Answer, CellValue, Column, Filters, LakeReader, Question, Table } from '../core/index.ts';
import { convergenceTolerance, suggestThreshold, thresholdWords, type ReviewedThreshold, type SuggestedThreshold } from '../linkage/index.ts';
import { requireTable } from './catalogue.ts';
import { openInquiry, type QuestionContext } from './inquiry.ts';
import { expectedCurve, probabilityOf, reviewedCurve, truthCurve } from './linkage-curves.ts';
import {
  commonValuesSql, fieldCompletenessSql, linkageLevelsSql, linkageSummarySql, trainingSql, unlinkableSql, weightCountsSql,
  type CommonValueRow, type FieldRow, type LevelRow, type TrainingRow, type WeightCountRow,
} from './linkage-question.sql.ts';
import { perCent, round, writeNumber } from './plain-numbers.ts';
import { releaseTable } from './release.ts';

const title = 'How are records joined to people?';

const text = (name: string, label: string): Column => ({ name, label, format: 'text' });
const count = (name: string, label: string): Column => ({ name, label, format: 'count' });
const share = (name: string, label: string): Column => ({ name, label, format: 'share' });
const decimal = (name: string, label: string): Column => ({ name, label, format: 'decimal', unit: 'bits' });

const third = (value: number | null): number | null => (value === null ? null : round(value, 4));

/** The question `linkage`. Filters do not narrow it: a linkage is one. */
export function linkageQuestion(context: QuestionContext): Question {
  return {
    id: 'linkage',
    title,
    summary: 'What the linkage model learned, how sure its links are, and what another threshold would do',
    method: 'linkage',
    derived: [],
    answer: (lake, filters) => answer(context, lake, filters),
  };
}

const keptBack = 'How records are linked is worked out from the records of all agencies together, so it is shown only to those who may see every feed that names people.';

async function answer(context: QuestionContext, lake: LakeReader, filters: Filters): Promise<Answer> {
  requireTable(lake, 'linkage_summary');
  const inquiry = openInquiry(context, lake, { id: 'linkage', title, filters });
  if (lake.limits?.people === false) return inquiry.finish({ sentence: keptBack, tables: [], howSure: [], sources: [] });
  const [levels, weights, unlinkable, fields, values, summary, training] = await Promise.all([
    inquiry.rows<LevelRow>(linkageLevelsSql), inquiry.rows<WeightCountRow>(weightCountsSql), inquiry.rows<{ step: number; records: number }>(unlinkableSql),
    inquiry.rows<FieldRow>(fieldCompletenessSql), inquiry.rows<CommonValueRow>(commonValuesSql), inquiry.rows<{ name: string; value: number | null }>(linkageSummarySql),
    // A snapshot from before this table was kept goes without it.
    lake.hasTable('linkage_training') ? inquiry.rows<TrainingRow>(trainingSql) : undefined,
  ]);
  const figures = new Map(summary.map(({ name, value }) => [name, value]));
  const threshold = figures.get('threshold') ?? 0.5;
  const tables = [levelTable(levels), distributionTable(context, weights), thresholdTable(weights, figures.get('true_pairs') ?? null), unlinkableTable(unlinkable), fieldTable(context, fields), valueTable(context, values), ...(training ? [trainingTable(context, training)] : [])];
  const suggested = suggestThreshold(weights);
  return inquiry.finish({
    sentence: sentenceOf(figures, tables[2]!, threshold),
    tables,
    figures: { threshold, thresholdBits: round(Math.log2(threshold / (1 - threshold)), 2), suggestedLow: suggested ? round(probabilityOf(suggested.low), 4) : null, suggestedHigh: suggested ? round(probabilityOf(suggested.high), 4) : null, reviewed: suggested?.reviewed ?? null },
    howSure: howSure(figures, suggested, thresholdWords(threshold, reviewedOf(figures, threshold))),
    sources: [],
  });
}

function sentenceOf(figures: Map<string, number | null>, curve: Table, threshold: number): string {
  const [records, people] = [figures.get('records') ?? 0, figures.get('people') ?? 0];
  if (curve.rows.length === 0 || records === 0) return 'No records have been linked yet. Load files that hold people, then build again.';
  const bits = Math.log2(threshold / (1 - threshold));
  const at = curve.rows.find((row) => Number(row.bits) >= bits);
  const known = typeof at?.precision === 'number' && typeof at.recall === 'number';
  const measured = known ? `of the links, ${perCent(at.precision as number)} are right, and ${perCent(at.recall as number)} of the true links are found` : typeof at?.expected_precision === 'number' ? `the model expects ${perCent(at.expected_precision)} of its links to be right` : '';
  return `${writeNumber(records)} records are ${writeNumber(people)} people. Two records are linked where one person is at least ${perCent(threshold)} likely; pair by pair, before pairs are grouped into people, ${measured}.`;
}

function levelTable(rows: readonly LevelRow[]): Table {
  return {
    id: 'levels',
    title: 'What each way of agreeing weighs',
    columns: [text('comparison', 'Compared'), text('level', 'How the two agree'), decimal('weight', 'Weight'), share('m', 'Of one person'), share('u', 'By chance')],
    rows: rows.map((row) => ({ comparison: row.comparison_label, level: row.level_label, weight: round(row.weight, 1), m: third(row.m), u: round(row.u, 6) })),
    suppressed: [],
    note: 'Of one person (m): of pairs of records of one person, the share that agrees in this way. By chance (u): of two people’s records taken at random. The weight is the logarithm of m over u to base 2: each bit doubles the odds. Where a value’s own frequency counts, as with surnames, the weight here is that of the average value.',
  };
}

function trainingTable({ disclosure }: QuestionContext, rows: readonly TrainingRow[]): Table {
  const change = (value: number | null) => (value === null ? null : value < convergenceTolerance ? `under ${convergenceTolerance}` : value.toFixed(4));
  const exact: Table = {
    id: 'training',
    title: 'How training went',
    columns: [text('session', 'Pairs that agree on'), count('pairs', 'Pairs'), count('rounds', 'Rounds'), text('last_change', 'Last change'), text('converged', 'Converged'), text('used', 'Used')],
    rows: rows.map((row) => ({ session: row.session, pairs: row.pairs, rounds: row.rounds, last_change: change(row.last_change), converged: row.converged ? 'yes' : 'no', used: row.used ? 'yes' : 'no, too few pairs' })),
    suppressed: [],
    note: `How often records of one person agree is learned in sessions, each from pairs that agree on something, in rounds. The last change is the largest by which a probability moved in the last round; under ${convergenceTolerance} the session has converged. A session that did not converge, or that was not used, leaves more to the starting values.`,
  };
  return releaseTable(exact, disclosure, { counts: [{ column: 'pairs', dependents: ['rounds', 'last_change'] }], dimensions: ['session'] });
}

function distributionTable({ disclosure }: QuestionContext, rows: readonly WeightCountRow[]): Table {
  const exact: Table = {
    id: 'distribution',
    title: 'Pairs by weight',
    columns: [{ name: 'bits', label: 'Weight, from', format: 'count', unit: 'bits' }, share('probability', 'Probability of one person'), count('pairs', 'Pairs compared')],
    rows: rows.filter(({ pairs }) => pairs > 0).map(({ step, pairs }) => ({ bits: step, probability: round(probabilityOf(step), 6), pairs })),
    suppressed: [],
    note: 'Pairs of records that a blocking rule proposed. Pairs that a rule forbids, such as two NHS numbers, have no weight and are left out.',
  };
  return releaseTable(exact, disclosure, { counts: [{ column: 'pairs' }], dimensions: ['bits'] });
}

function thresholdTable(rows: readonly WeightCountRow[], truePairs: number | null): Table {
  const expected = expectedCurve(rows);
  const truth = truePairs === null ? undefined : truthCurve(rows, truePairs);
  const reviewed = rows.some((row) => row.reviewed_same + row.reviewed_different > 0) ? reviewedCurve(rows) : undefined;
  const pair = (name: string, label: string, curve: { precision: number | null; recall: number | null }[] | undefined) => ({
    columns: curve ? [share(`${name}precision`, `Links that are right${label}`), share(`${name}recall`, `True links found${label}`)] : [],
    of: (index: number): Record<string, CellValue> => (curve ? { [`${name}precision`]: third(curve[index]!.precision), [`${name}recall`]: third(curve[index]!.recall) } : {}),
  });
  const parts = [pair('', '', truth), pair('reviewed_', ', of settled pairs', reviewed), pair('expected_', ', as the model expects', expected)];
  return {
    id: 'thresholds',
    title: 'What another threshold would do',
    columns: [{ name: 'bits', label: 'Linked from', format: 'count', unit: 'bits' }, share('probability', 'Probability of one person'), ...parts.flatMap(({ columns }) => columns)],
    rows: rows.length === 0 ? [] : expected.map((point, index) => ({ bits: point.bits, probability: round(point.probability, 6), ...Object.assign({}, ...parts.map(({ of }) => of(index))) })),
    suppressed: [],
    note: 'Pair by pair, before the records are grouped into people, which finds more links and cuts wrong ones. True links are all that the truth holds, also pairs that were never compared; what the model expects is of compared pairs alone.',
  };
}

function unlinkableTable(rows: readonly { step: number; records: number }[]): Table {
  const all = rows.reduce((sum, { records }) => sum + records, 0);
  const below = (bits: number) => rows.filter(({ step }) => step < bits).reduce((sum, { records }) => sum + records, 0);
  return {
    id: 'unlinkable',
    title: 'Records that hold too little to be linked',
    columns: [{ name: 'bits', label: 'Linked from', format: 'count', unit: 'bits' }, share('probability', 'Probability of one person'), share('unlinkable', 'Records that cannot be linked')],
    rows: all === 0 ? [] : Array.from({ length: 31 }, (_, index) => index - 10).map((bits) => ({ bits, probability: round(probabilityOf(bits), 6), unlinkable: round(below(bits) / all, 3) })),
    suppressed: [],
    note: 'A record that would not be linked to a perfect copy of itself, because its values are too few or too common.',
  };
}

function fieldTable({ categories, disclosure }: QuestionContext, rows: readonly FieldRow[]): Table {
  const exact: Table = {
    id: 'fields',
    title: 'How complete each agency’s fields are',
    columns: [text('field', 'Field'), text('agency', 'Agency'), count('records', 'Records'), share('filled_share', 'Share filled')],
    rows: rows.map(({ agency, field, records, filled }) => ({ field, agency: categories.agencies.get(agency) ?? agency, records, filled_share: records > 0 ? round(filled / records, 2) : null })),
    suppressed: [],
    note: 'Of the records that linkage reads: one for each person of each agency, with the latest value that any of its rows gives.',
  };
  return releaseTable(exact, disclosure, { counts: [{ column: 'records', dependents: ['filled_share'] }], dimensions: ['field', 'agency'] });
}

function valueTable({ disclosure }: QuestionContext, rows: readonly CommonValueRow[]): Table {
  const written = (field: string, value: string) => (field === 'Date of birth' ? value : value.replaceAll(/(^|[ '-])\p{L}/gu, (letter) => letter.toUpperCase()));
  const exact: Table = {
    id: 'values',
    title: 'The commonest values, and what agreeing on them weighs',
    columns: [text('field', 'Field'), text('value', 'Value'), count('records', 'Records'), decimal('weight', 'Weight')],
    rows: rows.map(({ field, value, records, weight }) => ({ field, value: written(field, value), records, weight: round(weight, 1) })),
    suppressed: [],
    note: 'A value stands here only where at least a hundred records, and one in a thousand, hold it. Addresses and numbers never do.',
  };
  return releaseTable(exact, disclosure, { counts: [{ column: 'records' }], dimensions: ['field', 'value'] });
}

/** What the settled decisions said of the threshold, where the build asked them. */
function reviewedOf(figures: Map<string, number | null>, threshold: number): ReviewedThreshold | undefined {
  const of = (name: string) => figures.get(name) ?? 0;
  if (!figures.has('usual_threshold')) return undefined;
  return { threshold, usual: of('usual_threshold'), enough: of('settled_enough') === 1, same: of('settled_same'), different: of('settled_different'), wrong: of('settled_wrong'), wrongUsual: of('settled_wrong_usual') };
}

function howSure(figures: Map<string, number | null>, suggested: SuggestedThreshold | undefined, why: string | undefined): string[] {
  const known = typeof figures.get('true_pairs') === 'number';
  const asked = figures.get('asked') ?? 0;
  const unfiltered = 'Filters do not narrow this page. How well each group is linked, by age, sex, ethnicity and deprivation, is on the page Data quality.';
  if ((figures.get('records') ?? 0) === 0) return [unfiltered];
  return [
    known ? 'Links are measured against the truth that is known here, pair by pair. The page Data quality measures them after pairs are grouped into people, so its shares differ.' : 'The truth is not known here: what the model expects of itself is the only measure until people have settled pairs.',
    suggested
      ? `People settled ${writeNumber(suggested.reviewed)} doubtful pairs. A threshold between ${perCent(probabilityOf(suggested.low))} and ${perCent(probabilityOf(suggested.high))} puts fewest of them on the wrong side (${writeNumber(suggested.wrong)}).`
      : `${asked === 0 ? 'No' : writeNumber(asked)} doubtful ${asked === 1 ? 'pair waits' : 'pairs wait'} for people to decide. Once 20 are settled, this page suggests where the threshold should lie.`,
    ...(why === undefined ? [] : [why]),
    'The comparisons are taken for independent within a class, which they are not quite: a weight is a good guide and not a proof.',
    unfiltered,
  ];
}
