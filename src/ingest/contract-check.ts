// What the schema of a contract cannot see: names that point nowhere. Agencies, kinds, categories, packs of words, other feeds and columns that a pack
// names must exist, and no heading may mean two columns. Each mistake has its place in the file, the nearest name and what is allowed.

import type { z } from 'zod';
import { allowedCodes } from './code-advice.ts';
import type { contractSchema, Value } from './contract.schema.ts';
import { nearestNames } from './nearest-name.ts';

/** The kinds of event of the standard records (docs/data-model.md). */
export const eventKinds = [
  'incident', 'crime', 'outcome', 'stop-search', 'custody', 'ed-assault', 'ambulance-call', 'absence', 'suspension', 'early-help', 'social-care', 'asb-complaint', 'treatment',
] as const;

/** What a contract may name, as the packs have it. */
export interface KnownNames {
  agencies: readonly string[];
  categories: readonly string[];
  /** Attributes of categories by which a column's words may mean them, such as policeUk. */
  categoryAttributes: readonly string[];
  categoryTitles: Readonly<Record<string, string>>;
  /** Packs of words; looked for only where a contract names one. */
  words: () => readonly string[];
  feeds: readonly string[];
}

export interface Mistake {
  path: (string | number)[];
  message: string;
}

type Draft = z.infer<typeof contractSchema>;
type Path = (string | number)[];

/** The mistakes of a contract, in the order of the file's parts. */
export function contractMistakes(contract: Draft, name: string, known: KnownNames): Mistake[] {
  const columns = contract.columns.map((column) => column.name);
  const mistakes: Mistake[] = [];
  const add = (path: Path, message: string) => mistakes.push({ path, message });
  const must = (path: Path, word: string, list: readonly string[], what: string) => {
    if (!list.includes(word)) add(path, notKnown(word, list, what));
  };
  if (contract.feed !== name) add(['feed'], `the file is called "${name}" and its feed "${contract.feed}"; they must be the same`);
  must(['agency'], contract.agency, known.agencies, 'agency');
  if (contract.published && !contract.source.licence) add(['source'], 'a published feed needs the licence it is published under, such as licence: Open Government Licence v3.0');
  mistakes.push(...columnMistakes(contract));
  if (Array.isArray(contract.key)) contract.key.forEach((column, i) => must(['key', i], column, columns, 'column'));
  for (const use of namesUsed(contract.records)) {
    if ('column' in use) must(use.path, use.column, columns, 'column');
    else if ('feed' in use) must(use.path, use.feed, known.feeds, 'feed');
    else must(use.path, use.words, known.words(), 'pack of words');
  }
  contract.records.events.forEach((event, i) => {
    const path = ['records', 'events', i];
    mistakes.push(...valueMistakes(contract, event.kind, [...path, 'kind'], { list: eventKinds, what: 'kind of event', attributes: [] }));
    mistakes.push(...valueMistakes(contract, event.category, [...path, 'category'], { list: known.categories, what: 'category', attributes: known.categoryAttributes }));
  });
  return mistakes;
}

function notKnown(word: string, list: readonly string[], what: string): string {
  const near = nearestNames(word, list);
  const hint = near.length > 0 ? ` Did you mean ${near.map((item) => `"${item}"`).join(' or ')}?` : '';
  return `there is no ${what} "${word}".${hint} Allowed: ${allowedCodes(list)}`;
}

function columnMistakes(contract: Draft): Mistake[] {
  const mistakes: Mistake[] = [];
  const headings = new Map<string, string>();
  contract.columns.forEach((column, i) => {
    for (const folded of new Set([column.name, ...column.also].map((heading) => heading.trim().toLowerCase()))) {
      const other = headings.get(folded);
      if (other !== undefined) mistakes.push({ path: ['columns', i, 'name'], message: other === column.name ? `the column "${column.name}" is there twice` : `the heading "${folded}" means two columns, "${other}" and "${column.name}"` });
      else headings.set(folded, column.name);
    }
    if (column.type === 'code' && (!column.codes || column.codes.length === 0)) mistakes.push({ path: ['columns', i], message: `the column "${column.name}" is of type code and has no codes` });
  });
  return mistakes;
}

interface Meanings {
  list: readonly string[];
  what: string;
  attributes: readonly string[];
}

/** What a kind or a category may become: fixed words, the words of a map, or the codes of a column that is taken as it is. */
function valueMistakes(contract: Draft, value: Value | undefined, path: Path, meanings: Meanings): Mistake[] {
  const { list, what, attributes } = meanings;
  const must = (at: Path, word: string | number | boolean, from = list, of = what): Mistake[] => (from.includes(String(word)) ? [] : [{ path: at, message: notKnown(String(word), from, of) }]);
  const taken = (at: Path, name: string): Mistake[] => {
    const codes = contract.columns.find((column) => column.name === name)?.codes;
    const strange = Array.isArray(codes) ? codes.filter((code) => !list.includes(code)) : [];
    return strange.length === 0 ? [] : [{ path: at, message: `the column "${name}" is taken as it is, and its code ${notKnown(strange[0]!, list, what).replace(/^there is no/, 'is no')}; translate its codes with a map` }];
  };
  if (value === undefined) return [];
  if (typeof value === 'string') return taken(path, value);
  if (Array.isArray(value)) return value.flatMap((item, i) => valueMistakes(contract, item, [...path, i], meanings));
  if ('is' in value) return must([...path, 'is'], value.is);
  if ('sum' in value) return [{ path, message: `a sum is no ${what}` }];
  if (value.categories !== undefined) return must([...path, 'categories'], value.categories, attributes, 'attribute of the categories');
  if (value.words !== undefined) return [];
  if (value.map === undefined) return taken([...path, 'column'], value.column);
  const codes = contract.columns.find((column) => column.name === value.column)?.codes;
  return Object.entries(value.map).flatMap(([from, to]) => [
    ...(Array.isArray(codes) ? must([...path, 'map', from], from, codes, `code of the column "${value.column}"`) : []),
    ...must([...path, 'map', from], to),
  ]);
}

type NameUsed = { path: Path } & ({ column: string } | { feed: string } | { words: string });

/** Every column, feed and pack of words that the records name, each with its place. */
function namesUsed(records: Draft['records']): NameUsed[] {
  const used: NameUsed[] = [];
  const visit = (item: unknown, path: Path): void => {
    if (typeof item === 'string') used.push({ path, column: item });
    if (Array.isArray(item)) item.forEach((one, i) => visit(one, [...path, i]));
    if (item === null || typeof item !== 'object' || Array.isArray(item)) return;
    for (const [key, inner] of Object.entries(item)) {
      const at = [...path, key];
      if (key === 'feed' || key === 'match') used.push({ path: at, feed: inner as string });
      else if (key === 'words') used.push({ path: at, words: inner as string });
      else if (!fixedWords.has(key)) visit(inner, at);
    }
  };
  for (const [part, rules] of Object.entries(records)) {
    const list = Array.isArray(rules) ? rules : rules === undefined ? [] : [rules];
    list.forEach((rule, i) => {
      for (const [field, item] of Object.entries(rule as object)) {
        const path = ['records', part, ...(Array.isArray(rules) ? [i] : []), field];
        // A relation's kind is a word of its own; its ends may be the row's own event or mention.
        if (part === 'relations' && (field === 'kind' || typeof item === 'string') && !['valid_from', 'valid_to'].includes(field)) continue;
        visit(item, path);
      }
    });
  }
  return used;
}

/** Parts of a rule whose words are no columns. */
const fixedWords: ReadonlySet<string> = new Set(['is', 'map', 'otherwise', 'categories', 'of', 'in', 'has', 'filled', 'scheme', 'flag', 'part']);
