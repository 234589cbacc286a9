// The feeds a partnership can load: each a pack of the folder `feeds`, read, checked against itself and given its code lists.

import { Problem, toCsv } from '../core/index.ts';
import { listPacks, readPack, type Pack } from '../store/index.ts';
import { z } from 'zod';
import { contractSchema, type Contract, type Value } from './contract.schema.ts';
import { nearestNames } from './nearest-name.ts';

const categoriesSchema = z.looseObject({ categories: z.record(z.string(), z.looseObject({ title: z.string() })) });
const wordsSchema = z.looseObject({ words: z.record(z.string(), z.string()) });

export function listFeeds(localPacks?: string): Contract[] {
  return listPacks(localPacks, 'feeds').map((name) => readContract(localPacks, name.slice('feeds/'.length)));
}

/** The contract of one feed. A Problem with the nearest names where there is none. */
export function getFeed(localPacks: string | undefined, name: string): Contract {
  const names = listPacks(localPacks, 'feeds').map((pack) => pack.slice('feeds/'.length));
  if (!names.includes(name)) {
    const near = nearestNames(name, names);
    throw new Problem('notFound', {
      what: `There is no feed called "${name}"`,
      todo: near.length > 0 ? `Did you mean ${near.map((item) => `"${item}"`).join(' or ')}?` : 'List the feeds with "headwater feeds".',
    });
  }
  return readContract(localPacks, name);
}

/** An empty file to fill in: the headings alone. */
export function templateFile(contract: Contract): string {
  if (contract.format === 'csv') return toCsv(contract.columns.map((column) => column.name), []);
  return `${JSON.stringify({ type: 'FeatureCollection', features: [] }, undefined, 2)}\n`;
}

/** Words of a pack such as "ethnicity": lower-case source word to ours. */
export function readWords(localPacks: string | undefined, pack: string): Record<string, string> {
  const { words } = readPack(localPacks, pack, wordsSchema).value;
  return Object.fromEntries(Object.entries(words).map(([from, to]) => [from.trim().toLowerCase(), to]));
}

/** Categories by an attribute, such as policeUk: "Burglary" → "burglary". */
export function readCategoriesBy(localPacks: string | undefined, attribute: string): Record<string, string> {
  const { categories } = readCategories(localPacks).value;
  const found: Record<string, string> = {};
  for (const [code, category] of Object.entries(categories)) {
    const value = category[attribute];
    if (typeof value === 'string') found[value] = code;
  }
  return found;
}

function readCategories(localPacks: string | undefined): Pack<z.infer<typeof categoriesSchema>> {
  return readPack(localPacks, 'categories', categoriesSchema);
}

function readContract(localPacks: string | undefined, name: string): Contract {
  const pack = readPack(localPacks, `feeds/${name}`, contractSchema);
  const { columns, ...rest } = pack.value;
  let categories: string[] | undefined;
  const categoryCodes = () => (categories ??= Object.keys(readCategories(localPacks).value.categories));
  const contract: Contract = {
    ...rest,
    packSha256: pack.sha256,
    packPath: pack.path,
    columns: columns.map(({ codes, ...column }) => {
      if (codes === undefined) return column;
      return { ...column, codes: codes === '$categories' ? categoryCodes() : codes };
    }),
  };
  checkContract(contract, name);
  return contract;
}

/** What a schema cannot see: names that point nowhere, repeated headings, code lists left out. */
function checkContract(contract: Contract, name: string): void {
  const fail = (what: string): never => {
    throw new Problem('badInput', { what, where: contract.packPath, todo: 'Mend the pack and try again.' });
  };
  if (contract.feed !== name) fail(`The file is called "${name}" and its feed "${contract.feed}"; they must be the same`);
  const names = new Set<string>();
  for (const column of contract.columns) {
    for (const folded of new Set([column.name, ...column.also].map((heading) => heading.toLowerCase()))) {
      if (names.has(folded)) fail(`The heading "${folded}" is there twice`);
      names.add(folded);
    }
    if (column.type === 'code' && !column.codes) fail(`The column "${column.name}" is of type code and has no codes`);
  }
  const known = new Set(contract.columns.map((column) => column.name));
  const missing = [...new Set([...(Array.isArray(contract.key) ? contract.key : []), ...columnsUsed(contract.records)])].filter((column) => !known.has(column));
  if (missing.length > 0) fail(`There is no column "${missing[0]}", which the key or the records name`);
}

function columnsUsed(records: Contract['records']): string[] {
  const used: string[] = [];
  const value = (item: Value | undefined) => {
    if (item === undefined) return;
    if (typeof item === 'string') used.push(item);
    else if (Array.isArray(item)) item.forEach(value);
    else if ('column' in item) used.push(item.column);
    else if ('sum' in item) used.push(...item.sum);
  };
  const plain = new Set(['kind', 'when', 'flags', 'place', 'id', 'event', 'from', 'to', 'others']);
  const rules: object[] = [...records.events, ...records.mentions, ...records.places, ...records.relations, ...(records.area ? [records.area] : [])];
  for (const rule of rules) {
    for (const [field, item] of Object.entries(rule)) {
      if (!plain.has(field)) value(item as Value);
      else if (field === 'when') used.push((item as { column: string }).column);
      else if (field === 'flags') for (const flag of item as Record<string, unknown>[]) if (typeof flag.from === 'string') used.push(flag.from);
      const ids = Array.isArray(item) && (field === 'place' || field === 'id' || field === 'from' || field === 'to') ? item : field === 'event' ? [item] : [];
      for (const one of ids as Record<string, unknown>[]) used.push(...((one.from as string[] | undefined) ?? [one.column as string]));
    }
  }
  return used;
}
