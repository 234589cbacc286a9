// /understand/demand: what demand is, by count, officer hours and harm; its trend; its hours.

import type { Answer, Table } from '../../core/index.ts';
import type { Chart } from '../charts/chart-frame.ts';
import { hourByWeekdayChart, weekdays, type HourCell } from '../charts/hour-by-weekday.chart.ts';
import { writeCount, writeHour, writeMonth, writeShare } from '../charts/number-words.ts';
import { sharePairsChart, type SharePair } from '../charts/share-pairs.chart.ts';
import { trendPanelsChart, type TrendPanel } from '../charts/trend-panels.chart.ts';
import { feedOption, findTable, numberOf, wordOf, type QuestionPage } from './question-page.ts';
import type { Section } from './question-view.ts';

export const demandPage: QuestionPage = {
  page: 'demand',
  path: '/understand/demand',
  question: 'demand',
  template: 'understand/question.njk',
  options: (choices) => [
    {
      name: 'measure',
      label: 'Trend and hours by',
      standard: 'events',
      said: true,
      choices: [
        { value: 'events', text: 'Number of events' },
        { value: 'hours', text: 'Officer and crew hours' },
        { value: 'harm', text: 'Harm' },
      ],
    },
    feedOption(choices),
  ],
  sections: presentDemandSections,
  reshape: (table) => (table.id === 'hour-by-weekday' ? hoursAcrossDays(table) : table),
};

export function presentDemandSections(answer: Answer, options: Record<string, string>): Section[] {
  const byDemand = findTable(answer, 'by-demand');
  const byCategory = findTable(answer, 'by-category');
  const trend = findTable(answer, 'trend');
  const hours = findTable(answer, 'hour-by-weekday');
  const unit = options.measure === 'hours' ? 'officer or crew hours' : options.measure === 'harm' ? 'days of harm' : 'events';
  return [
    { id: 'demand-types', heading: 'What demand is', charts: byDemand && isSeveral(byDemand) ? [demandChart(byDemand)] : [], table: 'by-demand', open: true },
    { id: 'demand-trend', heading: 'How it has changed', charts: trend ? [trendChart(trend, unit)] : [], table: 'trend' },
    { id: 'demand-hours', heading: 'When it comes', charts: hours ? hoursCharts(hours, unit) : [], table: 'hour-by-weekday' },
    { id: 'demand-categories', heading: 'What it is made of', charts: byCategory && isSeveral(byCategory) ? [categoryChart(byCategory)] : [], table: 'by-category' },
  ];
}

/** One row beside the total is all of it: the table says so better than a picture. */
function isSeveral(table: Table): boolean {
  return table.rows.filter((row) => row.code !== 'all').length > 1;
}

function demandChart(table: Table): Chart {
  const rows = pairs(table, 'demand');
  return sharePairsChart({
    id: 'by-demand',
    title: demandFinding(rows),
    subtitle: sharesOf(rows, 'for each type of demand'),
    description: `${sharesOf(rows, `for each of ${rows.length} types of demand`)}. The table under the chart gives the numbers.`,
    names: ['Share of events', 'Share of hours'],
    rows,
  });
}

function categoryChart(table: Table): Chart {
  const rows = pairs(table, 'category').slice(0, 12);
  const [most] = rows;
  return sharePairsChart({
    id: 'by-category',
    title: most?.first ? `${most.label} is the most frequent: ${writeShare(most.first)} of events` : 'The most frequent categories',
    subtitle: sharesOf(rows, rows.length === 12 ? 'for the twelve most frequent categories' : 'for each category'),
    description: `${sharesOf(rows, `for each of ${rows.length} categories`)}. The table under the chart gives every category.`,
    names: ['Share of events', 'Share of hours'],
    rows,
  });
}

function sharesOf(rows: SharePair[], which: string): string {
  return rows.some((row) => row.second !== null) ? `Share of all events beside share of all officer and crew hours, ${which}` : `Share of all events, ${which}; no hours are known`;
}

function pairs(table: Table, name: string): SharePair[] {
  return table.rows.filter((row) => row.code !== 'all').map((row) => ({ label: wordOf(row[name]), first: numberOf(row.share), second: numberOf(row.hours_share) }));
}

/** The widest gap between work and count, or else the largest type. */
export function demandFinding(rows: SharePair[]): string {
  const gap = (row: SharePair): number => (row.first === null || row.second === null ? 0 : row.second - row.first);
  const widest = rows.toSorted((a, b) => gap(b) - gap(a))[0];
  if (widest && gap(widest) >= 0.03) return `${widest.label} is ${writeShare(widest.first!)} of events but ${writeShare(widest.second!)} of hours`;
  const largest = rows.filter((row) => row.first !== null).toSorted((a, b) => b.first! - a.first!)[0];
  return largest ? `${largest.label} is the largest type: ${writeShare(largest.first!)} of events` : 'Types of demand';
}

/** All types of demand of the pack, and room for two of a partnership's own. */
const mostPanels = 9;

function trendChart(table: Table, unit: string): Chart {
  const columns = table.columns.filter((column) => column.name !== 'month').slice(0, mostPanels);
  const panels: TrendPanel[] = columns.map((column) => ({ label: column.label, points: table.rows.map((row) => ({ month: wordOf(row.month), value: numberOf(row[column.name]) })) }));
  const [first, last] = [table.rows[0]?.month, table.rows.at(-1)?.month].map((month) => writeMonth(wordOf(month)));
  return trendPanelsChart({
    id: 'trend',
    title: trendFinding(panels),
    subtitle: `${unit[0]!.toUpperCase()}${unit.slice(1)} each month, ${first} to ${last}. ${panels.length > 1 ? 'Each panel has its own scale from zero' : 'The scale starts at zero'}${panels.some((panel) => panel.points.some((point) => point.value === null)) ? '. Hatched months are kept back' : ''}`,
    description: `A line for each of ${panels.map((panel) => panel.label).join(', ')}, month by month. The table under the chart gives the numbers.`,
    panels,
  });
}

/** Largest change between the last twelve months and the twelve before, where both are complete. */
export function trendFinding(panels: TrendPanel[]): string {
  const changes = panels.flatMap(({ label, points }) => {
    const sum = (part: TrendPanel['points']): number | null => (part.length === 12 && part.every((point) => point.value !== null) ? part.reduce((total, point) => total + point.value!, 0) : null);
    const [before, after] = [sum(points.slice(-24, -12)), sum(points.slice(-12))];
    return before && after !== null && before >= 100 ? [{ label, change: after / before - 1 }] : [];
  });
  const largest = changes.toSorted((a, b) => Math.abs(b.change) - Math.abs(a.change))[0];
  if (!largest) return 'Month by month, by type of demand';
  if (Math.abs(largest.change) < 0.02) return 'Every type was within 2% of the year before';
  return `${largest.label} ${largest.change > 0 ? 'rose' : 'fell'} by ${writeShare(Math.abs(largest.change))} in the last year, the largest change`;
}

function hoursCharts(table: Table, unit: string): Chart[] {
  const cells: HourCell[] = table.rows.map((row) => ({ weekday: numberOf(row.weekday) ?? 1, hour: numberOf(row.hour) ?? 0, value: numberOf(row.value) }));
  const known = cells.filter((cell) => cell.value !== null);
  if (known.length === 0) return [];
  const busiest = known.toSorted((a, b) => b.value! - a.value!)[0]!;
  return [
    hourByWeekdayChart({
      id: 'hour-by-weekday',
      title: `${weekdays[busiest.weekday - 1]} from ${writeHour(busiest.hour)} to ${writeHour((busiest.hour + 1) % 24)} is the busiest hour of the week: ${writeCount(busiest.value!)} ${unit}`,
      subtitle: `${unit[0]!.toUpperCase()}${unit.slice(1)} in each hour of the week, British time, over the whole period`,
      description: 'A grid of 24 hours by 7 weekdays. Darker cells hold more. The table under the chart gives every cell.',
      cells,
      unit,
    }),
  ];
}

/** One row for each hour, one column for each day: 24 rows that can be read beside the picture. */
export function hoursAcrossDays(table: Table): Table {
  const hidden = new Set(table.suppressed.map((mark) => Number(mark.split(':')[0])));
  const suppressed: string[] = [];
  const rows = Array.from({ length: table.rows.length === 0 ? 0 : 24 }, (_, hour) => {
    const row: Table['rows'][number] = { hour: `${writeHour(hour)} to ${writeHour((hour + 1) % 24)}` };
    table.rows.forEach((cell, index) => {
      if (cell.hour !== hour) return;
      row[`day${wordOf(cell.weekday)}`] = cell.value ?? null;
      if (hidden.has(index)) suppressed.push(`${hour}:day${wordOf(cell.weekday)}`);
    });
    return row;
  });
  const unit = table.columns.find((column) => column.name === 'value')?.unit;
  return {
    ...table,
    title: unit ? `${table.title} (${unit})` : table.title,
    columns: [{ name: 'hour', label: 'Hour', format: 'text' }, ...weekdays.map((label, index) => ({ name: `day${index + 1}`, label, format: 'count' as const }))],
    rows,
    suppressed,
  };
}
