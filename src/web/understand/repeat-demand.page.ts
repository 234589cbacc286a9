// /understand/repeat-demand: how concentrated demand is in few people, addresses, households or areas, beside what chance alone
// would give, and how many come back how often.

import type { Answer, Table } from '../../core/index.ts';
import type { Chart } from '../charts/chart-frame.ts';
import { concentrationChart, type CurvePoint } from '../charts/concentration.chart.ts';
import { writeShare } from '../charts/number-words.ts';
import { shareBarsChart } from '../charts/share-bars.chart.ts';
import { feedOption, findTable, numberOf, wordOf, type QuestionPage } from './question-page.ts';
import type { Section } from './question-view.ts';

export const repeatDemandPage: QuestionPage = {
  page: 'repeat-demand',
  path: '/understand/repeat-demand',
  question: 'repeat-demand',
  template: 'understand/question.njk',
  options: (choices, answer) => [
    {
      name: 'by',
      label: 'Count by',
      standard: wordOf(answer.figures.by) || 'address',
      said: true,
      choices: [
        { value: 'address', text: 'Address' },
        { value: 'person', text: 'Person' },
        { value: 'household', text: 'Household' },
        { value: 'area', text: 'Area' },
      ],
    },
    feedOption(choices),
  ],
  sections: presentRepeatSections,
};

export function presentRepeatSections(answer: Answer): Section[] {
  const units = wordOf(answer.figures.units) || 'units';
  const concentration = findTable(answer, 'concentration');
  const curve = findTable(answer, 'curve');
  const repeats = findTable(answer, 'repeats');
  const charts = curve && concentration ? [curveChart(curve, concentration, units)] : [];
  return [
    { id: 'repeat-concentration', heading: `How few ${units} make how much`, charts, table: 'concentration', open: true },
    { id: 'repeat-times', heading: `How often the same ${units} come back`, charts: repeats ? [repeatsChart(repeats, units)] : [], table: 'repeats', open: true },
    { id: 'repeat-curve', heading: 'Every point of the curve', charts: [], table: 'curve' },
  ];
}

/** The point that the answer's sentence speaks of: the first share of units with a fifth of events, or the largest share shown. */
export function markedPoint(concentration: Table): CurvePoint | undefined {
  const shown = concentration.rows.filter((row) => typeof row.share === 'number' && typeof row.top === 'number');
  const row = shown.find((each) => (each.share as number) >= 0.2) ?? shown.at(-1);
  return row && { units: row.top as number, events: row.share as number, chance: numberOf(row.chance), chanceLow: numberOf(row.chance_low), chanceHigh: numberOf(row.chance_high) };
}

function curveChart(curve: Table, concentration: Table, units: string): Chart {
  const marked = markedPoint(concentration);
  const points = curve.rows.map((row): CurvePoint => ({
    units: numberOf(row.units) ?? 0,
    events: numberOf(row.events) ?? 0,
    chance: numberOf(row.chance),
    chanceLow: numberOf(row.chance_low),
    chanceHigh: numberOf(row.chance_high),
  })).filter((point) => marked === undefined || Math.abs(point.units - marked.units) > 1e-6);
  const events = (curve.columns.find((column) => column.name === 'events')?.label ?? 'Share of events').replace(/^Share of /, '');
  const chance = marked?.chance === null || marked?.chance === undefined ? '' : `; chance alone would give ${writeShare(marked.chance)}`;
  return concentrationChart({
    id: 'concentration',
    title: marked ? `${writeShare(marked.units)} of ${units} have ${writeShare(marked.events)} of ${events}${chance}` : `How ${events} fall on ${units}`,
    subtitle: `Share of ${events} that falls on the most affected share of ${units}. The shaded band is what chance alone would give in 95 of 100 repetitions`,
    description: `A curve of the share of ${events} against the share of ${units}, most affected first, beside the curve that chance alone would give and the line of an even spread. The tables give the numbers.`,
    points: marked ? [...points, marked] : points,
    units,
    events,
    ...(marked ? { mark: marked.units } : {}),
  });
}

function repeatsChart(table: Table, units: string): Chart {
  const rows = table.rows.filter((row) => row.times !== 'All');
  const label = (name: string): string => table.columns.find((column) => column.name === name)?.label ?? name;
  const often = rows.findLast((row) => typeof row.units_share === 'number' && typeof row.events_share === 'number' && row.events_share > 0);
  const events = label('events_share').replace(/^Share of /, '');
  return shareBarsChart({
    id: 'repeats',
    title: often ? `${capital(units)} with ${wordOf(often.times)} ${events} are ${writeShare(often.units_share as number)} of all, and have ${writeShare(often.events_share as number)} of ${events}` : `${capital(units)} by how many ${events} they have`,
    subtitle: `${capital(units)} by how many ${events} they have: their share of all ${units} beside their share of ${events}`,
    description: `Two bars for each group of ${units}: its share of ${units} and its share of ${events}. The table under the chart gives the numbers.`,
    names: [label('units_share'), label('events_share')],
    groups: rows.map((row) => ({ label: wordOf(row.times), values: [numberOf(row.units_share), numberOf(row.events_share)] })),
  });
}

function capital(text: string): string {
  return text.replace(/^./, (letter) => letter.toUpperCase());
}
