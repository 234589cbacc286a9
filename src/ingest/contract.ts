// The feeds a partnership can load: each a pack of the folder `feeds`, read, checked against itself and given its code lists.

import { Problem, toCsv } from '../core/index.ts';
import { listPacks, readPack, type Pack } from '../store/index.ts';
import { z } from 'zod';
import { contractMistakes, type KnownNames } from './contract-check.ts';
import { contractSchema, type Contract } from './contract.schema.ts';
import { nearestNames } from './nearest-name.ts';

const categoriesSchema = z.looseObject({ categories: z.record(z.string(), z.looseObject({ title: z.string() })) });
const agenciesSchema = z.looseObject({ agencies: z.record(z.string(), z.looseObject({ title: z.string() })) });
const wordsSchema = z.looseObject({ words: z.record(z.string(), z.string()) });

export function listFeeds(localPacks?: string): Contract[] {
  const known = knownNames(localPacks);
  return known.feeds.map((name) => readContract(localPacks, name, known));
}

/** The contract of one feed. A Problem with the nearest names where there is none. */
export function getFeed(localPacks: string | undefined, name: string): Contract {
  const known = knownNames(localPacks);
  const names = known.feeds;
  if (!names.includes(name)) {
    const near = nearestNames(name, names);
    throw new Problem('notFound', {
      what: `There is no feed called "${name}"`,
      todo: near.length > 0 ? `Did you mean ${near.map((item) => `"${item}"`).join(' or ')}?` : 'List the feeds with "headwater feeds".',
    });
  }
  return readContract(localPacks, name, known);
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

function readContract(localPacks: string | undefined, name: string, known: KnownNames): Contract {
  const pack = readPack(localPacks, `feeds/${name}`, contractSchemaFor(name, known));
  const { columns, ...rest } = pack.value;
  const contract: Contract = {
    ...rest,
    packSha256: pack.sha256,
    packPath: pack.path,
    columns: columns.map(({ codes, ...column }) => {
      if (codes === undefined) return column;
      return codes === '$categories' ? { ...column, codes: [...known.categories], codeTitles: known.categoryTitles } : { ...column, codes };
    }),
  };
  return contract;
}

/** The schema of a contract together with what its words must mean in these packs. */
function contractSchemaFor(name: string, known: KnownNames) {
  return contractSchema.superRefine((contract, context) => {
    for (const { path, message } of contractMistakes(contract, name, known)) context.addIssue({ code: 'custom', path, message });
  });
}

function knownNames(localPacks: string | undefined): KnownNames {
  const { categories } = readCategories(localPacks).value;
  const attributes = new Set(Object.values(categories).flatMap((category) => Object.keys(category)));
  return {
    agencies: Object.keys(readPack(localPacks, 'agencies', agenciesSchema).value.agencies),
    categories: Object.keys(categories),
    categoryTitles: Object.fromEntries(Object.entries(categories).map(([code, { title }]) => [code, title])),
    categoryAttributes: [...attributes].filter((attribute) => !['title', 'group', 'demand', 'harm'].includes(attribute)),
    words: () => listPacks(localPacks, '.').map((pack) => pack.slice('./'.length)).filter((pack) => isWords(localPacks, pack)),
    feeds: listPacks(localPacks, 'feeds').map((pack) => pack.slice('feeds/'.length)),
  };
}

function isWords(localPacks: string | undefined, pack: string): boolean {
  return 'words' in (readPack(localPacks, pack, z.looseObject({})).value);
}
