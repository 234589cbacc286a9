// The tables of the demand question, disclosure-controlled: by demand type, by category, by month and by hour of the week.

import type { CellValue, Column, Table } from '../core/index.ts';
import { noNoise } from '../govern/index.ts';
import type { DemandRow, HourRow } from './demand.sql.ts';
import { harmOf, unknown, type Figure, type Weights } from './harm-days.ts';
import type { QuestionContext } from './inquiry.ts';
import { countMonths, countOf, partOf, releaseCounted, type Counted, type Counting } from './noisy-count.ts';
import { hoursOf, timedOf } from './officer-hours.ts';
import { releaseTable, shareOf, shareOfCounted } from './release.ts';
import { monthNumber, monthOf } from './scope.ts';

export type DemandMeasure = 'events' | 'hours' | 'harm';

export interface DemandInput {
  totals: readonly DemandRow[];
  hours: readonly HourRow[];
  measure: DemandMeasure;
  /** What the events are, such as "incidents". */
  noun: string;
  counting: Counting;
  weights: Weights;
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
  const { demands, categories } = context.categories;
  const rows = input.totals.filter((row) => !row.by_month);
  const byCategory = splitTable(input, rows, {
    id: 'by-category',
    title: 'Demand by category',
    name: { name: 'category', label: 'Category' },
    codeOf: (row) => row.category ?? 'unknown',
    label: (code) => categories.get(code)?.title ?? (code === 'unknown' ? 'Not known' : code),
  });
  const byDemand = splitTable(input, rows, {
    id: 'by-demand',
    title: 'Demand by type',
    name: { name: 'demand', label: 'Demand' },
    codeOf: (row) => row.demand_type ?? 'unknown',
    label: (code) => demands.get(code) ?? (code === 'unknown' ? 'Not known' : code),
    hidden: new Set([...byCategory.rows.filter((row) => row.events === null).map((row) => String(row.code)), ...splitCategories(input, rows)]),
  });
  const tables = [byDemand, byCategory, trendTable(context, input, byDemand), hourTable(input)];
  return { tables, figures: rows.some((row) => row.events > 0) ? figuresOf(context, input, rows) : {} };
}

interface Split {
  id: string;
  title: string;
  name: { name: string; label: string };
  codeOf: (row: DemandRow) => string;
  label: (code: string) => string;
  /** Categories that count as hidden in the harm of a row. */
  hidden?: ReadonlySet<string>;
}

const dependents = ['share', 'hours', 'hours_share', 'harm', 'harm_share'];

function splitTable(input: DemandInput, rows: readonly DemandRow[], { id, title, name, codeOf, label, hidden }: Split): Table {
  const { counting, counting: { rule } } = input;
  const parts = new Map<string, readonly DemandRow[]>([...Map.groupBy(rows, codeOf)].filter(([, group]) => group.some((row) => row.events > 0)));
  if (parts.size > 0) parts.set('all', rows);
  const counts = new Map([...parts].map(([code, group]) => [code, countOf(counting, group)]));
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
    rows: [...counts].map(([code, { count }]) => ({ [name.name]: code === 'all' ? 'All' : label(code), code, events: count, ...Object.fromEntries(dependents.map((column) => [column, null])) })),
    suppressed: [],
    note: 'Each figure is made from counts as they are shown, so rows may not add up to the total.',
  };
  const released = releaseTable(exact, rule, {
    counts: [{ column: 'events', dependents, noise: (row) => counts.get(String(row.code))?.noise }],
    totalRows: (row) => row.code === 'all',
    greatestFirst: 'events',
  });
  const suppressed = new Set(released.suppressed);
  const gone = hidden ?? new Set(released.rows.filter((row) => row.events === null).map((row) => String(row.code)));
  const withMeasures = released.rows.map((row, index): Row => {
    const own = parts.get(String(row.code))!;
    const hours = hoursOf(counting, own, row.events);
    const harm = row.events === null ? unknown : harmOfRows(input, own, gone);
    for (const [column, { hidden }] of [['hours', hours], ['harm', harm]] as const) if (hidden) suppressed.add(`${index}:${column}`).add(`${index}:${column}_share`);
    return { ...row, hours: hours.value, harm: harm.value };
  });
  const all = withMeasures.at(-1) ?? {};
  return {
    ...released,
    suppressed: [...suppressed],
    rows: withMeasures.map((row) => ({ ...row, share: shareOf(row.events, all.events), hours_share: shareOf(row.hours, all.hours), harm_share: shareOf(row.harm, all.harm) })),
  };
}

/** From the count of each category of the group as it would be shown. */
function harmOfRows({ counting, weights }: DemandInput, rows: readonly DemandRow[], hidden: ReadonlySet<string>): Figure {
  const byCategory = [...Map.groupBy(rows, (row) => row.category ?? '')];
  return harmOf(counting.rule, weights, byCategory.map(([category, own]) => [category, hidden.has(category || 'unknown') ? null : releaseCounted(counting.rule, countOf(counting, own))]));
}

/** Without noise: categories of which one type of demand has few, which the others would give back. */
function splitCategories({ counting }: DemandInput, rows: readonly DemandRow[]): string[] {
  if (counting.rule.perturbation) return [];
  return [...Map.groupBy(rows, (row) => row.category ?? 'unknown')].flatMap(([category, own]) => {
    const counts = [...Map.groupBy(own, (row) => row.demand_type).values()].map((group) => releaseCounted(counting.rule, countOf(counting, group)));
    return counts.length > 1 && counts.includes(null) ? [category] : [];
  });
}

const nothing: Counted = { count: 0, noise: noNoise };

/** One row per month, one column per demand type, in the chosen measure. The totals that the first table shows bind its cells. */
function trendTable({ categories }: QuestionContext, input: DemandInput, byDemand: Table): Table {
  const { counting, measure, noun } = input;
  const rows = input.totals.filter((row) => row.by_month);
  const shown = byDemand.rows.filter((row) => row.code !== 'all');
  const types = shown.map((row) => String(row.code));
  const typeOf = (row: DemandRow) => row.demand_type ?? 'unknown';
  const dated = rows.filter((row) => row.events > 0 && row.month_id !== null);
  const months = monthsOf(dated.map((row) => row.month_id!));
  const counts = countMonths(counting, rows, typeOf);
  const cell = (month: number, type: string) => counts.get(type)?.get(month) ?? nothing;
  const totals = new Map([...Map.groupBy(input.totals.filter((row) => !row.by_month), typeOf)].map(([type, own]) => [type, countOf(counting, own)] as const));
  const { label, unit } = measured[measure];
  const noiseOfCell = (row: Row, type: string) => (row.month === null ? totals.get(type) : cell(monthNumber(String(row.month)), type))?.noise;
  const exact: Table = {
    id: 'trend',
    title: `${label} by month and demand type`,
    columns: [
      { name: 'month', label: 'Month', format: 'month' },
      ...types.map((type): Column => ({ name: type, label: categories.demands.get(type) ?? (type === 'unknown' ? 'Not known' : type), format: 'count', ...(unit && { unit }) })),
    ],
    rows: months.map((month) => ({ month: monthOf(month), ...Object.fromEntries(types.map((type) => [type, cell(month, type).count])) })),
    suppressed: [],
    note: `A month without any ${noun} shows 0: it may be a gap in the data, not a quiet month.`,
  };
  const elsewhere = { month: null, ...Object.fromEntries(shown.filter((row) => row.events !== null).map((row) => [row.code, totals.get(String(row.code))!.count])) };
  const released = releaseTable(exact, counting.rule, { counts: types.map((type) => ({ column: type, noise: (row) => noiseOfCell(row, type) })), dimensions: ['month'], elsewhere: [elsewhere] });
  if (measure === 'events') return released;
  const own = Map.groupBy(dated, (row) => `${monthOf(row.month_id!)}|${typeOf(row)}`);
  const byCategory = countMonths(counting, rows, (row) => `${typeOf(row)}|${row.category ?? ''}`);
  const harmAt = (month: string, type: string, group: readonly DemandRow[]) => {
    const found = [...new Set(group.map((row) => row.category ?? ''))];
    return harmOf(counting.rule, input.weights, found.map((category) => [category, releaseCounted(counting.rule, byCategory.get(`${type}|${category}`)?.get(monthNumber(month)) ?? nothing)]));
  };
  return remake(released, types, (row, type) => {
    const group = own.get(`${String(row.month)}|${type}`) ?? [];
    if (row[type] === null || group.length === 0) return { value: row[type] === null ? null : 0, hidden: false };
    return measure === 'hours' ? hoursOf(counting, group, row[type]) : harmAt(String(row.month), type, group);
  });
}

/** The table with other figures in the columns of its counts. */
function remake(table: Table, columns: readonly string[], figureOf: (row: Row, column: string) => Figure): Table {
  const suppressed = new Set(table.suppressed);
  const rows = table.rows.map((row, index) => {
    const figures = columns.map((column) => [column, figureOf(row, column)] as const);
    for (const [column, { hidden }] of figures) if (hidden) suppressed.add(`${index}:${column}`);
    return { ...row, ...Object.fromEntries(figures.map(([column, { value }]) => [column, value])) };
  });
  return { ...table, rows, suppressed: [...suppressed] };
}

/** Every month from the first to the last, those without events too. */
function monthsOf(numbers: readonly number[]): number[] {
  if (numbers.length === 0) return [];
  const [first, last] = [Math.min(...numbers), Math.max(...numbers)];
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

/** 168 rows, Monday midnight first. */
function hourTable({ hours, measure, counting, weights }: DemandInput): Table {
  const known = new Map([...Map.groupBy(hours, (row) => row.hour_of_week)].filter(([hour, own]) => hour !== null && own.some((row) => row.events > 0)) as [number, HourRow[]][]);
  const counts = new Map([...known].map(([hour, own]) => [hour, countOf(counting, own)]));
  const hourOf = (row: Row) => (Number(row.weekday) - 1) * 24 + Number(row.hour);
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
    rows: known.size === 0 ? [] : Array.from({ length: 168 }, (_, index) => ({ day: weekdays[Math.floor(index / 24)]!, weekday: Math.floor(index / 24) + 1, hour: index % 24, value: counts.get(index)?.count ?? 0 })),
    suppressed: [],
    note: 'Only events whose hour is known. Hours are British local time.',
  };
  const released = releaseTable(exact, counting.rule, { counts: [{ column: 'value', noise: (row) => counts.get(hourOf(row))?.noise }], dimensions: ['weekday', 'hour'] });
  if (measure === 'events') return released;
  return remake(released, ['value'], (row) => {
    const own = known.get(hourOf(row));
    if (row.value === null || !own) return { value: row.value === null ? null : 0, hidden: false };
    if (measure === 'hours') return hoursOf(counting, own, row.value);
    const byCategory = [...Map.groupBy(own, (each) => each.category ?? '')];
    return harmOf(counting.rule, weights, byCategory.map(([category, group]) => [category, releaseCounted(counting.rule, countOf(counting, group))]));
  });
}

function figuresOf({ categories }: QuestionContext, { hours, counting, weights }: DemandInput, rows: readonly DemandRow[]): Record<string, CellValue> {
  const isCrime = (row: DemandRow) => (categories.categories.get(row.category ?? '')?.demand ?? row.demand_type) === 'crime';
  const counts = new Map([['crime', rows.filter(isCrime)], ['not crime', rows.filter((row) => !isCrime(row))], ['all', rows]].map(([part, own]) => [part, countOf(counting, own as DemandRow[])]));
  const exact: Table = {
    id: 'crime-or-not',
    title: '',
    columns: [{ name: 'part', label: '', format: 'text' }, { name: 'events', label: '', format: 'count' }],
    rows: [...counts].map(([part, { count }]) => ({ part: part as string, events: count })),
    suppressed: [],
  };
  const released = releaseTable(exact, counting.rule, { counts: [{ column: 'events', noise: (row) => counts.get(String(row.part))?.noise }], totalRows: (row) => row.part === 'all' });
  const [crimes, others, all] = released.rows.map((row) => row.events ?? null);
  const total = counts.get('all')!;
  const weighed = rows.filter((row) => weights.get(row.category ?? '') !== null);
  return {
    events: all!,
    crime: crimes!,
    notCrime: others!,
    notCrimeShare: shareOf(others, all),
    eventsWithoutHour: releaseCounted(counting.rule, countOf(counting, hours.filter((row) => row.hour_of_week === null))),
    timedShare: shareOfCounted(counting.rule, partOf(counting, rows, (group) => timedOf(group as readonly DemandRow[]).timed, 102), total),
    weighedShare: shareOfCounted(counting.rule, countOf(counting, weighed), total),
  };
}
