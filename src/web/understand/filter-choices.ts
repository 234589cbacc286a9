// What the filters offer: only the feeds, agencies, kinds of event, months and areas that the snapshot holds, with their names.
// Kept while the snapshot is open.

import { readOnce, type LakeReader } from '../../core/index.ts';
import type { Categories } from '../../understand/index.ts';
import { listNamedAreas } from '../maps/area-shapes.ts';
import { seriesChoicesSql } from './filter-choices.sql.ts';

export interface Choice {
  value: string;
  text: string;
}

export interface ChoiceGroup {
  label: string;
  choices: Choice[];
}

export interface FilterChoices {
  feeds: Choice[];
  /** Types of demand. */
  demands: Choice[];
  agencies: Choice[];
  categories: ChoiceGroup[];
  areas: ChoiceGroup[];
  /** First days are dropped: "2025-03". */
  months: string[];
}

interface SeriesChoice {
  feed: string;
  agency: string | null;
  category: string | null;
  demand_type: string | null;
  first_month: string | null;
  last_month: string | null;
}

export const readFilterChoices = readOnce(read);

async function read(lake: LakeReader, words: Categories): Promise<FilterChoices> {
  const series = lake.hasTable('demand_series') ? await lake.rows<SeriesChoice>(seriesChoicesSql) : [];
  return {
    feeds: distinct(series.map((row) => row.feed)).map((value) => ({ value, text: words.feeds.get(value)?.title ?? value })).toSorted(byText),
    demands: distinct(series.map((row) => row.demand_type)).map((value) => ({ value, text: words.demands.get(value) ?? value })),
    agencies: distinct(series.map((row) => row.agency)).map((value) => ({ value, text: words.agencies.get(value) ?? value })),
    categories: groupCategories(distinct(series.map((row) => row.category)), words),
    areas: await groupAreas(lake),
    months: monthsBetween(series.map((row) => row.first_month), series.map((row) => row.last_month)),
  };
}

function distinct(values: (string | null)[]): string[] {
  return [...new Set(values.filter((value): value is string => value !== null && value !== ''))];
}

function byText(a: Choice, b: Choice): number {
  return a.text.localeCompare(b.text, 'en-GB', { numeric: true });
}

function groupCategories(codes: string[], words: Categories): ChoiceGroup[] {
  const groups = new Map<string, Choice[]>();
  for (const value of codes) {
    const { group, title } = words.categories.get(value) ?? { group: 'Other', title: value };
    groups.set(group, [...(groups.get(group) ?? []), { value, text: title }]);
  }
  return [...groups].map(([label, choices]) => ({ label, choices: choices.toSorted(byText) }));
}

/** Largest first: authorities where there are several, then wards, then areas. */
async function groupAreas(lake: LakeReader): Promise<ChoiceGroup[]> {
  const areas = await listNamedAreas(lake);
  const unique = (pairs: [string | null, string | null][]): Choice[] => [...new Map(pairs.flatMap(([code, name]) => (code ? [[code, name ?? code] as const] : [])))].map(([value, text]) => ({ value, text })).toSorted(byText);
  const authorities = unique(areas.map((area) => [area.authorityCode, area.authorityName]));
  return [
    ...(authorities.length > 1 ? [{ label: 'Councils', choices: authorities }] : []),
    { label: 'Wards', choices: unique(areas.map((area) => [area.wardCode, area.wardName])) },
    { label: 'Small areas', choices: unique(areas.map((area) => [area.code, area.name])) },
  ].filter((group) => group.choices.length > 0);
}

/** Every month from the earliest first to the latest last. */
export function monthsBetween(firsts: (string | null)[], lasts: (string | null)[]): string[] {
  const first = firsts.filter((month) => month !== null).sort()[0]?.slice(0, 7);
  const last = lasts.filter((month) => month !== null).sort().at(-1)?.slice(0, 7);
  const months: string[] = [];
  if (first === undefined || last === undefined) return months;
  for (let month = first; month <= last && months.length < 600; month = nextMonth(month)) months.push(month);
  return months;
}

function nextMonth(month: string): string {
  const [year, number] = month.split('-').map(Number) as [number, number];
  return number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, '0')}`;
}
