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

/** Reads the query of a request. Names that neither filters nor the page know are dropped; months that are none are too. */
export function readAddress(path: string, query: unknown, optionNames: readonly string[]): QuestionAddress {
  const raw = (query ?? {}) as Record<string, unknown>;
  return { path, filters: filtersSchema.parse(raw), options: pick(raw, optionNames), view: pick(raw, viewNames) };
}

/** Sentences about what the address asked for and cannot have. */
export function addressNotices(query: unknown, { filters }: QuestionAddress): string[] {
  const raw = (query ?? {}) as Record<string, unknown>;
  const notices: string[] = [];
  for (const [name, label] of [['from', 'first'], ['to', 'last']] as const) {
    const asked = raw[name];
    if (typeof asked === 'string' && asked !== '' && filters[name] === undefined) notices.push(`The ${label} month in the address is not a month, so it was left out. Choose a month below.`);
  }
  if (filters.from && filters.to && filters.from > filters.to) notices.push('The first month is after the last, so there is nothing to show. Choose a first month that is before the last.');
  return notices;
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
