// /linkage: how records are joined to people: what the model weighs, how pairs fall, what another threshold would do, who holds too little.

import type { Answer, Table } from '../../core/index.ts';
import type { Chart } from '../charts/chart-frame.ts';
import { completenessChart } from '../charts/completeness.chart.ts';
import { levelBarsChart, levelDotsChart } from '../charts/linkage-levels.chart.ts';
import { writeShare } from '../charts/number-words.ts';
import { thresholdCurvesChart, type ThresholdCurve } from '../charts/threshold-curves.chart.ts';
import { weightHistogramChart } from '../charts/weight-histogram.chart.ts';
import { findTable, numberOf, wordOf, type QuestionPage } from '../understand/question-page.ts';
import type { Section } from '../understand/question-view.ts';

export const linkagePage: QuestionPage = {
  page: 'linkage',
  path: '/linkage',
  question: 'linkage',
  template: 'linkage/linkage.njk',
  options: () => [],
  sections: presentLinkageSections,
};

export function presentLinkageSections(answer: Answer): Section[] {
  const table = (id: string) => findTable(answer, id);
  const bits = numberOf(answer.figures.thresholdBits);
  const charts = (found: Table | undefined, draw: (table: Table) => Chart[]): Chart[] => (found ? draw(found) : []);
  return [
    { id: 'linkage-weights', heading: 'What speaks for one person, and what against?', charts: charts(table('levels'), levelCharts), table: 'levels', most: 100 },
    { id: 'linkage-pairs', heading: 'How sure are the pairs?', charts: charts(table('distribution'), (found) => [histogram(found, bits ?? 0)]), table: 'distribution' },
    { id: 'linkage-thresholds', heading: 'What would another threshold do?', charts: charts(table('thresholds'), (found) => thresholdCharts(found, bits ?? 0)), table: 'thresholds' },
    { id: 'linkage-unlinkable', heading: 'Which records hold too little to be linked?', charts: charts(table('unlinkable'), (found) => unlinkableCharts(found, bits ?? 0)), table: 'unlinkable' },
    { id: 'linkage-fields', heading: 'How complete is what linkage reads?', charts: charts(table('fields'), fieldCharts), table: 'fields', most: 100 },
    ...(table('training') ? [{ id: 'linkage-training', heading: 'Did the model settle while it learned?', charts: [], table: 'training', open: true }] : []),
    { id: 'linkage-values', heading: 'Which values are common, and so weigh little?', charts: charts(table('values'), valueCharts), table: 'values', most: 100 },
  ];
}

function levelCharts(table: Table): Chart[] {
  const rows = table.rows.map((row) => ({ block: wordOf(row.comparison), label: wordOf(row.level), weight: numberOf(row.weight) ?? 0, m: numberOf(row.m) ?? 0, u: numberOf(row.u) ?? 0 }));
  const most = rows.toSorted((a, b) => b.weight - a.weight)[0]!;
  return [
    levelBarsChart({
      id: 'level-weights',
      title: `${most.label} says most: it multiplies the odds by ${writeTimes(most.weight)}`,
      subtitle: 'Weight of each way of agreeing, in bits: each doubles the odds of one person, or halves them',
      description: `A bar for each of ${rows.length} ways of agreeing, to the right where it speaks for one person and to the left where it speaks against. The table under the chart gives every number.`,
      rows: rows.map(({ block, label, weight }) => ({ block, label, value: weight })),
    }),
    levelDotsChart({
      id: 'level-shares',
      title: 'How often pairs agree in each way: records of one person, and of two people by chance',
      subtitle: 'Share of pairs, on a scale where each line is a hundred times the last',
      description: `Two dots for each of ${rows.length} ways of agreeing: a filled one for records of one person, an open one for two people taken at random. The further apart, the more the agreement says.`,
      rows: rows.map(({ block, label, m, u }) => ({ block, label, one: m, chance: u })),
    }),
  ];
}

function writeTimes(bits: number): string {
  const times = 2 ** bits;
  return times >= 1e6 ? 'over a million' : Math.round(times).toLocaleString('en-GB');
}

function histogram(table: Table, threshold: number): Chart {
  const rows = table.rows.map((row) => ({ bits: numberOf(row.bits) ?? 0, pairs: numberOf(row.pairs) }));
  const [all, unsure] = [rows, rows.filter(({ bits }) => Math.abs(bits + 0.5 - threshold) <= 4)].map((list) => list.reduce((sum, { pairs }) => sum + (pairs ?? 0), 0)) as [number, number];
  return weightHistogramChart({
    id: 'pair-weights',
    title: all > 0 ? `${writeShare(unsure / all)} of the compared pairs lie within four bits of the threshold, where the model is unsure` : 'How the weights of pairs fall',
    subtitle: 'Compared pairs by weight, on a scale where each line is ten times the last',
    description: 'A bar for each bit of weight, from pairs that are surely two people on the left to pairs that are surely one on the right, with a line at the threshold.',
    rows,
    threshold,
  });
}

const points = (table: Table, name: string) => table.rows.map((row) => ({ bits: numberOf(row.bits) ?? 0, share: numberOf(row[name]) }));

function thresholdCharts(table: Table, threshold: number): Chart[] {
  const kinds = [
    { id: 'truth', prefix: '', title: 'Against the truth' },
    { id: 'reviewed', prefix: 'reviewed_', title: 'Against the pairs that people settled' },
    { id: 'expected', prefix: 'expected_', title: 'As the model expects of itself' },
  ];
  return kinds.filter(({ prefix }) => table.rows.some((row) => typeof row[`${prefix}precision`] === 'number')).map(({ id, prefix, title }) => {
    const curves: ThresholdCurve[] = [{ name: 'Links that are right', points: points(table, `${prefix}precision`) }, { name: 'True links found', points: points(table, `${prefix}recall`) }];
    const at = table.rows.find((row) => Number(row.bits) >= threshold);
    const [right, found] = ['precision', 'recall'].map((name) => numberOf(at?.[`${prefix}${name}`]));
    return thresholdCurvesChart({
      id: `threshold-${id}`,
      title: right !== null && found !== null && right !== undefined && found !== undefined ? `${title}: at the threshold ${writeShare(right)} of links are right and ${writeShare(found)} of true links are found` : title,
      subtitle: 'Share of links that are right, and of true links found, pair by pair, by the least weight that is linked',
      description: 'Two lines over thresholds from low to high: the share of links that are right rises, the share of true links that are found falls. A dashed line marks the threshold that is used.',
      curves,
      threshold,
    });
  });
}

function unlinkableCharts(table: Table, threshold: number): Chart[] {
  const at = numberOf(table.rows.find((row) => Number(row.bits) >= threshold)?.unlinkable);
  return [thresholdCurvesChart({
    id: 'unlinkable',
    title: at === null ? 'Records that cannot be linked' : at === 0 ? 'Hardly any record holds too little to be linked at the threshold' : `${writeShare(at)} of records hold too little to be linked at the threshold`,
    subtitle: 'Share of records that would not be linked to a perfect copy of themselves, by the least weight that is linked',
    description: 'A line over thresholds from low to high: the higher the threshold, the more records hold too little. A dashed line marks the threshold that is used.',
    curves: [{ name: 'Cannot be linked', points: points(table, 'unlinkable') }],
    threshold,
  })];
}

function fieldCharts(table: Table): Chart[] {
  const rows = [...Map.groupBy(table.rows, (row) => wordOf(row.field))].map(([label, list]) => {
    const known = list.flatMap((row) => (typeof row.records === 'number' && typeof row.filled_share === 'number' ? [{ records: row.records, share: row.filled_share }] : []));
    const records = known.reduce((sum, row) => sum + row.records, 0);
    return { label, share: records > 0 ? known.reduce((sum, row) => sum + row.records * row.share, 0) / records : null };
  });
  const least = rows.filter(({ share }) => share !== null).toSorted((a, b) => a.share! - b.share!)[0];
  return [completenessChart({
    id: 'field-completeness',
    title: least ? `${least.label} is held by fewest records: ${writeShare(least.share!)}` : 'How complete each field is',
    subtitle: 'Share of records that hold each field, all agencies together',
    description: `A bar for each of ${rows.length} fields, from none to all of the records. The table under the chart gives every agency.`,
    rows,
  })];
}

function valueCharts(table: Table): Chart[] {
  const rows = table.rows.map((row) => ({ block: wordOf(row.field), label: wordOf(row.value), value: numberOf(row.weight) ?? 0 }));
  const least = rows.toSorted((a, b) => a.value - b.value)[0]!;
  return [levelBarsChart({
    id: 'common-values',
    title: `${least.label} is so common that agreeing on it weighs least`,
    subtitle: 'Weight of agreeing on each of the commonest values, in bits',
    description: `A bar for each of ${rows.length} common values. The table under the chart gives every number.`,
    rows,
  })];
}
