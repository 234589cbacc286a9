// Who of many is sealed to a reader? For lists and pages that name people by keys of any snapshot and hold no record themselves: the review of links,
// merges and splits, decisions to share. A seal follows the person through every merge and split, and a key that means nobody any more keeps its own.

import type { Casework } from '../store/index.ts';
import { listClosedKeys, type PersonKeys } from './person-standing.store.ts';
import type { Asking } from './person-record.ts';
import { asReader } from './reader-transaction.store.ts';

/** What keys mean in the snapshot that is served. */
export interface KeySource {
  keysOf(personKeys: readonly string[]): Promise<PersonKeys[]>;
  /** Whom keys of any snapshot mean now; those that mean nobody are left out. */
  now(keys: readonly string[]): Promise<string[]>;
}

/** Those of the keys whose person is sealed to the reader, who is none of the seal's keepers. */
export async function findSealedTo(db: Casework['db'], { who, purpose, at }: Pick<Asking, 'who' | 'purpose' | 'at'>, { source, keys }: { source: KeySource; keys: readonly string[] }): Promise<Set<string>> {
  const asked = [...new Set(keys)];
  if (asked.length === 0) return new Set();
  const people = await source.keysOf(await source.now(asked));
  const everOf = new Map(people.flatMap(({ meaning, ever }) => meaning.map((key) => [key, ever] as const)));
  const everyKey = [...new Set(asked.flatMap((key) => [key, ...(everOf.get(key) ?? [])]))];
  const closed = await asReader(db, who, purpose, { now: () => at }, (transaction) => listClosedKeys(transaction, everyKey));
  return new Set(asked.filter((key) => closed.has(key) || (everOf.get(key)?.some((each) => closed.has(each)) ?? false)));
}
