// The address of a question page holds everything that was chosen: the filters that all pages share, the page's own options,
// and how its tables are sorted. Every link and download is made from it, so that changing one choice never loses another.

import { filtersSchema, type Filters } from '../../core/index.ts';

export interface QuestionAddress {
  path: string;
  filters: Filters;
  /** The page's own options, such as measure=hours. */
  options: Record<string, string>;
  /** How tables are shown: sort=TABLE.COLUMN.desc, rows=TABLE. */
  view: Record<string, string>;
}

export interface AddressChange {
  filters?: Partial<Filters>;
  options?: Record<string, string | undefined>;
  view?: Record<string, string | undefined>;
  path?: string;
  hash?: string;
}

const viewNames = ['sort', 'rows'];

/** Reads the query of a request. Names that neither filters nor the page know are dropped; known-values.ts looks at the values. */
export function readAddress(path: string, query: unknown, optionNames: readonly string[]): QuestionAddress {
  const raw = (query ?? {}) as Record<string, unknown>;
  return { path, filters: filtersSchema.parse(raw), options: pick(raw, optionNames), view: pick(raw, viewNames) };
}

/** The months in their order, where the first was after the last. */
export function orderMonths(address: QuestionAddress): { address: QuestionAddress; swapped: boolean } {
  const { from, to } = address.filters;
  if (from === undefined || to === undefined || from <= to) return { address, swapped: false };
  return { address: { ...address, filters: { ...address.filters, from: to, to: from } }, swapped: true };
}

export function writeAddress(address: QuestionAddress, change: AddressChange = {}): string {
  const filters = { ...address.filters, ...change.filters };
  const query = new URLSearchParams();
  for (const name of ['agency', 'category', 'area'] as const) for (const value of filters[name]) query.append(name, value);
  for (const name of ['from', 'to'] as const) if (filters[name]) query.append(name, filters[name]);
  for (const [name, value] of Object.entries({ ...address.options, ...change.options })) if (value) query.append(name, value);
  for (const [name, value] of Object.entries({ ...address.view, ...change.view })) if (value) query.append(name, value);
  const text = query.toString();
  return `${change.path ?? address.path}${text ? `?${text}` : ''}${change.hash ? `#${change.hash}` : ''}`;
}

/** The same address without one value of a filter. */
export function withoutFilter(address: QuestionAddress, name: 'agency' | 'category' | 'area', value: string): string {
  return writeAddress(address, { filters: { [name]: address.filters[name].filter((item) => item !== value) } });
}

/** Names and values that a form has to carry so that sending it loses nothing. */
export function carried(address: QuestionAddress, except: readonly string[]): { name: string; value: string }[] {
  const parameters = new URLSearchParams(writeAddress(address).split('?')[1] ?? '');
  return [...parameters].filter(([name]) => !except.includes(name)).map(([name, value]) => ({ name, value }));
}

function pick(raw: Record<string, unknown>, names: readonly string[]): Record<string, string> {
  const found = names.flatMap((name) => {
    const value = [raw[name] ?? []].flat().filter((item): item is string => typeof item === 'string' && item !== '').join(',');
    return value === '' ? [] : [[name, value] as const];
  });
  return Object.fromEntries(found);
}
