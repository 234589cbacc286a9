// The data items that a clause can name: columns of feeds and sections of cases, which of them identify a person, and which kinds of protected data
// they tell. Read from the feeds' own packs and from the pack `data-items`.

import { createHash } from 'node:crypto';
import { z } from 'zod';
import { Problem } from '../core/index.ts';
import { listPacks, readPack } from '../store/index.ts';
import type { ItemKey } from './access-request.ts';
import type { DataItem, Form } from './agreement.ts';

/** Data that the law protects further: health, criminal offences, and other special categories such as ethnicity. */
export const itemKinds = ['health', 'criminal', 'special'] as const;
export type ItemKind = (typeof itemKinds)[number];

export interface FeedColumn {
  name: string;
  /** It tells who somebody is, or where they live; left out of pseudonymised items. */
  identifying: boolean;
  kinds: readonly ItemKind[];
}

export interface FeedItems {
  feed: string;
  title: string;
  /** Code of the agency whose data these are. */
  holder: string;
  columns: readonly FeedColumn[];
  /** About children. */
  children: boolean;
  /** The pack says nothing about its kinds, so that it counts as holding all. */
  unlisted: boolean;
}

export interface CaseSection {
  section: string;
  title: string;
  kinds: readonly ItemKind[];
  /** The question of an entry in it, and what to think of; its title where absent. */
  ask?: string | undefined;
  hint?: string | undefined;
}

export interface DataItems {
  feeds: ReadonlyMap<string, FeedItems>;
  sections: ReadonlyMap<string, CaseSection>;
  sha256: string;
}

/** Whether a column tells who somebody is. One that no pack describes may. */
export const identifies = (feeds: DataItems['feeds'], feed: string, column: string): boolean => feeds.get(feed)?.columns.find(({ name }) => name === column)?.identifying ?? true;

const which = z.union([z.literal('all'), z.array(z.string()).min(1)]);
const packSchema = z.strictObject({
  source: z.string(),
  date: z.iso.date(),
  checked: z.boolean(),
  feeds: z.record(z.string(), z.strictObject({ health: which.optional(), criminal: which.optional(), special: which.optional(), children: z.boolean().default(false) })),
  sections: z.record(z.string().regex(/^[a-z][a-z0-9-]*$/, { error: 'must be a code' }), z.strictObject({ title: z.string().min(1), kinds: z.array(z.enum(itemKinds)), ask: z.string().min(1).optional(), hint: z.string().min(1).optional() })),
});
type ListedKinds = z.infer<typeof packSchema>['feeds'][string];

const feedSchema = z.looseObject({
  feed: z.string(),
  title: z.string(),
  agency: z.string(),
  columns: z.array(z.looseObject({ name: z.string(), personal: z.boolean().default(false), person: z.string().optional() })),
});

/** An agency's own ids of people and homes identify whoever knows them, marked personal or not. */
const ownIds = ['local_id', 'household_ref'];

/**
 * Reads every feed's columns and every section of a case.
 *
 * @throws Problem where the pack names a column that its feed does not have
 */
export function readDataItems(localPacks: string | undefined): DataItems {
  const pack = readPack(localPacks, 'data-items', packSchema);
  const read = listPacks(localPacks, 'feeds').map((name) => readPack(localPacks, name, feedSchema));
  const feeds = read.map(({ value }) => value).map(({ feed, title, agency, columns }): FeedItems => {
    const listed = pack.value.feeds[feed];
    refuseUnknownColumns(pack.path, feed, listed, columns.map(({ name }) => name));
    return {
      feed,
      title,
      holder: agency,
      columns: columns.map(({ name, personal, person }) => ({ name, identifying: personal || ownIds.includes(person ?? ''), kinds: kindsOf(listed, name) })),
      children: listed?.children ?? true,
      unlisted: listed === undefined,
    };
  });
  return {
    feeds: new Map(feeds.map((each) => [each.feed, each])),
    sections: new Map(Object.entries(pack.value.sections).map(([section, rest]) => [section, { section, ...rest }])),
    sha256: createHash('sha256').update([pack, ...read].map(({ sha256 }) => sha256).join()).digest('hex'),
  };
}

function kindsOf(listed: ListedKinds | undefined, column: string): ItemKind[] {
  if (!listed) return [...itemKinds];
  return itemKinds.filter((kind) => listed[kind] === 'all' || listed[kind]?.includes(column));
}

function refuseUnknownColumns(path: string, feed: string, listed: ListedKinds | undefined, columns: readonly string[]): void {
  for (const kind of itemKinds) {
    const named = listed?.[kind] ?? [];
    const unknown = named === 'all' ? undefined : named.find((name) => !columns.includes(name));
    if (unknown !== undefined) throw new Problem('badInput', { what: `The feed ${feed} has no column "${unknown}"`, where: `${path}, feeds.${feed}.${kind}`, todo: 'Write the name as the feed has it.' });
  }
}

/** A data item as the decision asks for it. */
export interface ExpandedItem {
  key: ItemKey;
  /** Agencies that hold it: a feed's own; for a section, every agency of the clause. */
  holder: string | undefined;
  kinds: readonly ItemKind[];
  identifying: boolean;
  children: boolean;
}

/**
 * The columns and sections behind a clause's item. `all` gives every column; for pseudonymised items, all but those that identify.
 * Columns that the feed does not have give nothing.
 */
export function expandItem({ feeds, sections }: Pick<DataItems, 'feeds' | 'sections'>, item: DataItem, form: Form): ExpandedItem[] {
  if ('section' in item) {
    const known = sections.get(item.section);
    return known ? [{ key: `case/${item.section}`, holder: undefined, kinds: known.kinds, identifying: true, children: true }] : [];
  }
  const feed = feeds.get(item.feed);
  if (!feed) return [];
  const wanted = feed.columns.filter(({ name, identifying }) => (item.fields === 'all' ? form === 'identified' || !identifying : item.fields.includes(name)));
  return wanted.map(({ name, kinds, identifying }) => ({ key: `${feed.feed}/${name}`, holder: feed.holder, kinds, identifying, children: feed.children }));
}
