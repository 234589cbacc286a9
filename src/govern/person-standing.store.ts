// How a reader stands to people: the relation by open cases, seals, broken glass. A key may have changed since it was written down: relation and
// glass follow the keys that mean the person now; a seal follows every key under which one of the person's records ever stood.

import { sql } from 'kysely';
import type { Relation } from './agreement.ts';
import type { Standing } from './person-record.ts';
import type { ReaderTransaction } from './reader-transaction.store.ts';

/** A person of the served snapshot, with the keys that lead to them. */
export interface PersonKeys {
  personKey: string;
  /** Keys that mean this person now, their own among them. */
  meaning: readonly string[];
  /** Keys under which one of their records ever stood, their own among them. */
  ever: readonly string[];
}

interface KeyRow {
  person_key: string;
  sealed: boolean;
  keeper: boolean;
  broken_until: Date | null;
  whom_to_ring: string | null;
}

/** By person's key, for the reader of the transaction. */
export async function findStandings(transaction: ReaderTransaction, people: readonly PersonKeys[]): Promise<Map<string, Standing>> {
  // Asked for nobody too: that a search met nobody is not to be told by its work.
  const keys = [...new Set(people.flatMap(({ meaning, ever }) => [...meaning, ...ever]))];
  const { rows } = await sql<KeyRow>`select person_key, sealed, keeper, broken_until, whom_to_ring from reader_people(${keys}::text[])`.execute(transaction);
  const rowOf = new Map(rows.map((row) => [row.person_key, row]));
  const standings = new Map<string, Standing>();
  const asked = JSON.stringify(people.map(({ meaning }) => meaning));
  const { rows: relations } = await sql<{ relation: Relation }>`
    select reader_relation(array(select jsonb_array_elements_text(each))) as relation from jsonb_array_elements(${asked}::jsonb) with ordinality as asked(each, place) order by place`.execute(transaction);
  for (const [place, { personKey, meaning, ever }] of people.entries()) {
    standings.set(personKey, standingOf(relations[place]!.relation, meaning.flatMap((key) => rowOf.get(key) ?? []), ever.flatMap((key) => rowOf.get(key) ?? [])));
  }
  return standings;
}

/** Those of the keys under which a seal holds of which the reader of the transaction is no keeper; all, where there is no reader. */
export async function listClosedKeys(transaction: ReaderTransaction, keys: readonly string[]): Promise<Set<string>> {
  const { rows } = await sql<{ person_key: string }>`select person_key from reader_closed(${keys}::text[]) as person_key`.execute(transaction);
  return new Set(rows.map(({ person_key }) => person_key));
}

/** Keys of the people whom the reader works with, those first to whom they stand closest. */
export async function listCasePeople(transaction: ReaderTransaction, most: number): Promise<string[]> {
  const { rows } = await sql<{ person_key: string }>`select person_key from reader_case_people(${most}::int) as person_key`.execute(transaction);
  return rows.map(({ person_key }) => person_key);
}

function standingOf(relation: Relation, meaning: readonly KeyRow[], ever: readonly KeyRow[]): Standing {
  const seals = ever.filter(({ sealed }) => sealed);
  const closed = seals.filter(({ keeper }) => !keeper);
  const broken = meaning.flatMap(({ broken_until }) => (broken_until ? [broken_until.getTime()] : []));
  return {
    relation,
    subject: { sealed: seals.length > 0, keeper: seals.length > 0 && closed.length === 0, brokenUntil: broken.length > 0 ? Math.max(...broken) : null },
    whomToRing: closed.find(({ whom_to_ring }) => whom_to_ring !== null)?.whom_to_ring ?? null,
  };
}
