// The tables of the demand question, disclosure-controlled: by demand type, by category, by month and by hour of the week.

import type { CellValue, Column, Table } from '../core/index.ts';
import { isTooSmall, type DisclosureRule } from '../govern/index.ts';
import type { DemandRow, HourRow, Sums } from './demand.sql.ts';
import type { QuestionContext } from './inquiry.ts';
import { round } from './plain-numbers.ts';
import { releaseCount, releaseShare, releaseTable, scaleToReleased, shareOf } from './release.ts';
import { monthOf } from './scope.ts';

export type DemandMeasure = 'events' | 'hours' | 'harm';

export interface DemandInput {
  totals: readonly DemandRow[];
  hours: readonly HourRow[];
  measure: DemandMeasure;
  /** What the events are, such as "incidents". */
  noun: string;
}

export interface DemandShape {
  tables: Table[];
  figures: Record<string, CellValue>;
}

type Row = Record<string, CellValue>;

const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const measured: Record<DemandMeasure, { label: string; unit?: string }> = {
  events: { label: 'Events' },
  hours: { label: 'Hours', unit: 'officer or crew hours' },
  harm: { label: 'Harm', unit: 'days of harm' },
};

export function demandTables(context: QuestionContext, input: DemandInput): DemandShape {
  const at = (level: DemandRow['level']) => input.totals.filter((row) => row.level === level);
  const { demands, categories } = context.categories;
  const byDemand = splitTable(context, at('demand'), {
    id: 'by-demand',
    title: 'Demand by type',
    name: { name: 'demand', label: 'Demand' },
    label: ({ demand_type: code }) => [demands.get(code ?? '') ?? code ?? 'Not known', code ?? 'unknown'],
  });
  const byCategory = splitTable(context, mergeBy(at('category'), 'category'), {
    id: 'by-category',
    title: 'Demand by category',
    name: { name: 'category', label: 'Category' },
    label: ({ category: code }) => [categories.get(code ?? '')?.title ?? code ?? 'Not known', code ?? 'unknown'],
  });
  const shown = new Set(byDemand.rows.filter((row) => row.events !== null).map((row) => row.code));
  const known = new Map(at('demand').map((row) => [row.demand_type ?? 'unknown', row.events]).filter(([code]) => shown.has(code!)) as [string, number][]);
  const tables = [byDemand, byCategory, trendTable(context, at('month'), input, known), hourTable(context, input)];
  return { tables, figures: input.totals.length === 0 ? {} : figuresOf(context, input, at('category')) };
}

function sumOf(rows: readonly Sums[]): Sums {
  const sum = (column: 'events' | 'timed' | 'minutes' | 'weighed' | 'harm_days') => rows.reduce((all, row) => all + row[column], 0);
  const weights = rows.flatMap((row) => row.heaviest ?? []);
  return { events: sum('events'), timed: sum('timed'), minutes: sum('minutes'), weighed: sum('weighed'), harm_days: sum('harm_days'), heaviest: weights.length > 0 ? Math.max(...weights) : null };
}

/** One row per value: the rows of its events put together. */
function mergeBy(rows: readonly DemandRow[], column: 'category' | 'demand_type'): DemandRow[] {
  return [...Map.groupBy(rows, (row) => row[column])].map(([, group]) => ({ ...group[0]!, ...sumOf(group) }));
}

/** Hours or harm of a group from its released count. */
function measureOf(rule: DisclosureRule, measure: 'hours' | 'harm', sums: Sums, released: CellValue | undefined): number | null {
  if (measure === 'hours') return scaleToReleased(rule, { sum: sums.minutes / 60, having: sums.timed, of: sums.timed }, released);
  const unit = Math.max(1, round(rule.roundBase * (sums.heaviest ?? 0)));
  return scaleToReleased(rule, { sum: sums.harm_days, having: sums.weighed, of: sums.events }, released, unit);
}

/** Too few events have minutes or a weight: the measure is hidden though the count is not. */
function isHidden(rule: DisclosureRule, measure: 'hours' | 'harm', sums: Sums | undefined): boolean {
  return sums !== undefined && isTooSmall(rule, measure === 'hours' ? sums.timed : sums.weighed);
}

function withMarks(table: Table, marks: readonly string[]): Table {
  return { ...table, suppressed: [...new Set([...table.suppressed, ...marks])] };
}

interface Split {
  id: string;
  title: string;
  name: { name: string; label: string };
  label: (row: DemandRow) => [string, string];
}

function splitTable({ disclosure }: QuestionContext, rows: readonly DemandRow[], { id, title, name, label }: Split): Table {
  const parts = new Map<string, Sums>(rows.map((row) => [label(row)[1], row]));
  if (rows.length > 0) parts.set('all', sumOf(rows));
  const words = new Map(rows.map((row) => label(row)).map(([text, code]) => [code, text]));
  const dependents = ['share', 'hours', 'hours_share', 'harm', 'harm_share'];
  const exact: Table = {
    id,
    title,
    columns: [
      { ...name, format: 'text' },
      { name: 'events', label: 'Events', format: 'count' },
      { name: 'share', label: 'Share of events', format: 'share' },
      { name: 'hours', label: 'Hours', format: 'count', unit: 'officer or crew hours' },
      { name: 'hours_share', label: 'Share of hours', format: 'share' },
      { name: 'harm', label: 'Harm', format: 'count', unit: 'days' },
      { name: 'harm_share', label: 'Share of harm', format: 'share' },
    ],
    rows: [...parts].map(([code, sums]) => ({ [name.name]: words.get(code) ?? 'All', code, events: sums.events, ...Object.fromEntries(dependents.map((column) => [column, null])) })),
    suppressed: [],
    note: 'Hours and harm are the mean of each group times its count as shown, so rows may not add up to the total.',
  };
  const released = releaseTable(exact, disclosure, { counts: [{ column: 'events', dependents }], totalRows: (row) => row.code === 'all', greatestFirst: 'events' });
  const withMeasures = released.rows.map((row): Row => {
    const sums = parts.get(String(row.code))!;
    return { ...row, hours: measureOf(disclosure, 'hours', sums, row.events), harm: measureOf(disclosure, 'harm', sums, row.events) };
  });
  const all = withMeasures.at(-1) ?? {};
  const hidden = released.rows.flatMap((row, index) => {
    const sums = parts.get(String(row.code));
    return [...(isHidden(disclosure, 'hours', sums) ? [`${index}:hours`, `${index}:hours_share`] : []), ...(isHidden(disclosure, 'harm', sums) ? [`${index}:harm`, `${index}:harm_share`] : [])];
  });
  return { ...withMarks(released, hidden), rows: withMeasures.map((row) => ({ ...row, share: shareOf(row.events, all.events), hours_share: shareOf(row.hours, all.hours), harm_share: shareOf(row.harm, all.harm) })) };
}

/** One row per month, one column per demand type, in the chosen measure. The totals that the first table shows bind its cells. */
function trendTable({ categories, disclosure }: QuestionContext, rows: readonly DemandRow[], { measure, noun }: DemandInput, totals: ReadonlyMap<string, number>): Table {
  const types = mergeBy(rows, 'demand_type').toSorted((a, b) => b.events - a.events).map((row) => row.demand_type);
  const dated = rows.filter((row): row is DemandRow & { month_id: number } => row.month_id !== null);
  const months = monthsOf(dated.map((row) => row.month_id));
  const cells = new Map<string, Sums>(dated.map((row) => [`${monthOf(row.month_id)}:${row.demand_type}`, row]));
  const columnOf = (type: string | null) => type ?? 'unknown';
  const { label, unit } = measured[measure];
  const exact: Table = {
    id: 'trend',
    title: `${label} by month and demand type`,
    columns: [
      { name: 'month', label: 'Month', format: 'month' },
      ...types.map((type): Column => ({ name: columnOf(type), label: categories.demands.get(type ?? '') ?? type ?? 'Not known', format: 'count', ...(unit && { unit }) })),
    ],
    rows: months.map((month) => ({ month, ...Object.fromEntries(types.map((type) => [columnOf(type), cells.get(`${month}:${type}`)?.events ?? 0])) })),
    suppressed: [],
    note: `A month without any ${noun} shows 0: it may be a gap in the data, not a quiet month.`,
  };
  const released = releaseTable(exact, disclosure, { counts: types.map((type) => ({ column: columnOf(type) })), dimensions: ['month'], elsewhere: [{ month: null, ...Object.fromEntries(totals) }] });
  if (measure === 'events') return released;
  const remade = (row: Row, type: string | null) => {
    const sums = cells.get(`${String(row.month)}:${type}`);
    return [columnOf(type), sums ? measureOf(disclosure, measure, sums, row[columnOf(type)]) : 0];
  };
  const hidden = released.rows.flatMap((row, index) => types.flatMap((type) => (isHidden(disclosure, measure, cells.get(`${String(row.month)}:${type}`)) ? [`${index}:${columnOf(type)}`] : [])));
  return { ...withMarks(released, hidden), rows: released.rows.map((row) => ({ month: row.month!, ...Object.fromEntries(types.map((type) => remade(row, type))) })) };
}

/** Every month from the first to the last, those without events too. */
function monthsOf(numbers: readonly number[]): string[] {
  if (numbers.length === 0) return [];
  const [first, last] = [Math.min(...numbers), Math.max(...numbers)];
  return Array.from({ length: last - first + 1 }, (_, index) => monthOf(first + index));
}

/** 168 rows, Monday midnight first. */
function hourTable({ disclosure }: QuestionContext, { hours, measure }: DemandInput): Table {
  const known = new Map(hours.filter((row) => row.hour_of_week !== null).map((row) => [row.hour_of_week, row]));
  const { label, unit } = measured[measure];
  const exact: Table = {
    id: 'hour-by-weekday',
    title: `${label} by weekday and hour`,
    columns: [
      { name: 'day', label: 'Weekday', format: 'text' },
      { name: 'weekday', label: 'Day of the week', format: 'count' },
      { name: 'hour', label: 'Hour from', format: 'count' },
      { name: 'value', label, format: 'count', ...(unit && { unit }) },
    ],
    rows: known.size === 0 ? [] : Array.from({ length: 168 }, (_, index) => ({ day: weekdays[Math.floor(index / 24)]!, weekday: Math.floor(index / 24) + 1, hour: index % 24, value: known.get(index)?.events ?? 0 })),
    suppressed: [],
    note: 'Only events whose hour is known. Hours are British local time.',
  };
  const released = releaseTable(exact, disclosure, { counts: [{ column: 'value' }], dimensions: ['weekday', 'hour'] });
  if (measure === 'events') return released;
  const hidden = released.rows.flatMap((_, index) => (isHidden(disclosure, measure, known.get(index)) ? [`${index}:value`] : []));
  return { ...withMarks(released, hidden), rows: released.rows.map((row, index) => ({ ...row, value: known.has(index) ? measureOf(disclosure, measure, known.get(index)!, row.value) : 0 })) };
}

function figuresOf({ categories, disclosure }: QuestionContext, { hours }: DemandInput, byCategory: readonly DemandRow[]): Record<string, CellValue> {
  const isCrime = (row: DemandRow) => (categories.categories.get(row.category ?? '')?.demand ?? row.demand_type) === 'crime';
  const total = sumOf(byCategory);
  const crime = sumOf(byCategory.filter(isCrime)).events;
  const exact: Table = {
    id: 'crime-or-not',
    title: '',
    columns: [{ name: 'part', label: '', format: 'text' }, { name: 'events', label: '', format: 'count' }],
    rows: [{ part: 'crime', events: crime }, { part: 'not crime', events: total.events - crime }, { part: 'all', events: total.events }],
    suppressed: [],
  };
  const { rows } = releaseTable(exact, disclosure, { counts: [{ column: 'events' }], totalRows: (row) => row.part === 'all' });
  const [crimes, others, all] = rows.map((row) => row.events ?? null);
  const hourless = hours.filter((row) => row.hour_of_week === null).reduce((sum, row) => sum + row.events, 0);
  return {
    events: all!,
    crime: crimes!,
    notCrime: others!,
    notCrimeShare: shareOf(others, all),
    eventsWithoutHour: releaseCount(disclosure, hourless),
    timedShare: releaseShare(disclosure, total.timed, total.events),
    weighedShare: releaseShare(disclosure, total.weighed, total.events),
  };
}
