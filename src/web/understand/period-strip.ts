// The months under a map: a bar for each month of the first map's events, each a link that shows that month alone, each year a link
// that shows that year. What is shown is dark. Counts are those of the demand question, so they have passed disclosure control.

import type { Answer, CellValue, Filters, LakeReader, Question, Table } from '../../core/index.ts';
import { writeCount, writeMonth } from '../charts/number-words.ts';
import type { FilterChoices } from './filter-choices.ts';
import { findTable, wordOf } from './question-page.ts';
import { writeAddress, type QuestionAddress } from './question-address.ts';

export interface StripBar {
  words: string;
  href: string;
  chosen: boolean;
  /** Of 100, from the foot. */
  height: number;
  /** Kept back: hatched. */
  hidden: boolean;
}

export interface PeriodStrip {
  title: string;
  years: { year: string; href: string; chosen: boolean; bars: StripBar[] }[];
  /** Back to all months, where some are left out. */
  allHref: string | null;
}

interface Asked {
  filters: Filters;
  options: Record<string, string>;
  /** One column of the trend, where the layer is a type of demand. */
  demand?: string;
}

const held = new WeakMap<LakeReader, Map<string, Promise<Answer>>>();
const mostHeld = 60;

export async function readPeriodStrip(lake: LakeReader, demand: Question, parts: { answer: Answer; address: QuestionAddress; choices: FilterChoices }): Promise<PeriodStrip | null> {
  const asked = askFor(parts.answer, parts.address, parts.choices);
  const trend = findTable(await answerOnce(lake, demand, asked), 'trend');
  return trend ? presentPeriodStrip(trend, parts.address, { demand: asked.demand, label: layerOf(parts.answer).label }) : null;
}

function layerOf(answer: Answer): { token: string; label: string } {
  const row = answer.tables.find((table) => table.id === 'layers')?.rows[0];
  return { token: wordOf(row?.token) || 'demand', label: wordOf(row?.layer) || 'All demand' };
}

/** What the first map shows, asked of the demand question over all months. */
function askFor(answer: Answer, address: QuestionAddress, choices: FilterChoices): Asked {
  const filters: Filters = { ...address.filters, from: undefined, to: undefined };
  const feed = address.options.feed;
  const options: Record<string, string> = feed ? { feed } : {};
  const { token } = layerOf(answer);
  const [first, second] = token.split('/') as [string, string | undefined];
  if (token === 'demand') return { filters, options };
  if (second !== undefined) return { filters: { ...filters, category: [second] }, options: { feed: first } };
  if (choices.feeds.some((choice) => choice.value === token)) return { filters, options: { feed: token } };
  if (choices.demands.some((choice) => choice.value === token)) return { filters, options, demand: token };
  return { filters: { ...filters, category: [token] }, options };
}

/** A snapshot never changes, so the months of a choice are worked out once. */
function answerOnce(lake: LakeReader, demand: Question, { filters, options }: Asked): Promise<Answer> {
  const known = held.get(lake) ?? new Map<string, Promise<Answer>>();
  held.set(lake, known);
  const key = JSON.stringify([filters, options]);
  const found = known.get(key);
  if (found) return found;
  if (known.size >= mostHeld) known.delete(known.keys().next().value!);
  const asking = demand.answer(lake, filters, options);
  known.set(key, asking);
  asking.catch(() => known.delete(key));
  return asking;
}

export function presentPeriodStrip(trend: Table, address: QuestionAddress, { demand, label }: { demand?: string | undefined; label: string }): PeriodStrip | null {
  const columns = trend.columns.filter((column) => column.name !== 'month' && (demand === undefined || column.name === demand)).map((column) => column.name);
  const months = trend.rows.map((row) => ({ month: wordOf(row.month).slice(0, 7), count: sumOf(row, columns) }));
  const highest = Math.max(1, ...months.map(({ count }) => count ?? 0));
  const { from, to } = address.filters;
  const isChosen = (month: string): boolean => (from === undefined || month >= from) && (to === undefined || month <= to);
  const link = (first: string | undefined, last: string | undefined): string => writeAddress(address, { filters: { from: first, to: last } });
  const years = Map.groupBy(months, ({ month }) => month.slice(0, 4));
  if (months.length < 2) return null;
  return {
    title: `${label} month by month. Press a month or a year to show it alone`,
    years: [...years].map(([year, own]) => ({
      year,
      href: link(own[0]!.month, own.at(-1)!.month),
      chosen: (from !== undefined || to !== undefined) && own.every(({ month }) => isChosen(month)),
      bars: own.map(({ month, count }) => ({
        words: `${writeMonth(month)}: ${count === null ? 'kept back' : writeCount(count)}`,
        href: link(month, month),
        chosen: isChosen(month),
        height: count === null ? 100 : Math.round((count / highest) * 100),
        hidden: count === null,
      })),
    })),
    allHref: from === undefined && to === undefined ? null : link(undefined, undefined),
  };
}

/** The sum of what is shown; null where nothing is. */
function sumOf(row: Record<string, CellValue>, columns: string[]): number | null {
  const shown = columns.map((column) => row[column]).filter((value): value is number => typeof value === 'number');
  return shown.length === 0 ? null : shown.reduce((sum, value) => sum + value, 0);
}
