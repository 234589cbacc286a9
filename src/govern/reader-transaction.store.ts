// Runs work as one reader for one purpose: the database works out once what they have, and its policies believe that alone. It ends with the
// transaction, so nothing of one reader is left for the next on the same connection. All that touches governed tables goes through here.

import { sql, type Kysely, type Transaction } from 'kysely';
import type { Clock } from '../core/index.ts';
import type { Casework } from '../store/index.ts';
import type { AccessRequest, Reader } from './access-request.ts';

type Tables = Casework['db'] extends Kysely<infer T> ? T : never;
export type ReaderTransaction = Transaction<Tables>;

/**
 * Runs `work` in a transaction in which the database gives what this reader may have for this purpose now, and no more.
 * Throws what `work` throws; nothing is then kept.
 *
 * @example
 * await asReader(db, reader, 'early-help', clock, (transaction) => findCase(transaction, caseId));
 */
export async function asReader<T>(db: Casework['db'], reader: Reader, purpose: string | null, clock: Clock, work: (transaction: ReaderTransaction) => Promise<T>): Promise<T> {
  return db.transaction().execute(async (transaction) => {
    await becomeReader(transaction, reader, purpose, clock);
    return work(transaction);
  });
}

/** Once in a transaction: from then on it is this reader's, for this purpose and at this moment. */
export async function becomeReader(transaction: ReaderTransaction, reader: Reader, purpose: string | null, clock: Clock): Promise<void> {
  await sql`select become_reader(${reader.userId}::text, ${reader.role}::text, ${reader.agency}::text, ${purpose}::text, ${Math.trunc(clock.now())}::bigint)`.execute(transaction);
}

/** What the decision needs to know of a person, for the reader of this transaction. */
export async function findSubject(transaction: ReaderTransaction, personKey: string): Promise<NonNullable<AccessRequest['subject']>> {
  const { rows } = await sql<{ sealed: boolean; keeper: boolean; broken_until: Date | null }>`select sealed, keeper, broken_until from reader_subject(${personKey}::text)`.execute(transaction);
  const { sealed, keeper, broken_until } = rows[0]!;
  return { sealed, keeper, brokenUntil: broken_until?.getTime() ?? null };
}

/** Whether a text can be the id of a row at all; one that cannot is answered like one that is not the reader's. */
export const isRowId = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);

const codeOf = (error: unknown): unknown => (error as { code?: unknown } | undefined)?.code;

/** The database's policies refused; nothing in it tells whether there was anything. */
export const isRefusal = (error: unknown): boolean => codeOf(error) === '42501';
/** It is there already. */
export const isTwice = (error: unknown): boolean => codeOf(error) === '23505';
/** It is about a row that is not there. */
export const isAboutNothing = (error: unknown): boolean => codeOf(error) === '23503';
export const isRefusalOrTwice = (error: unknown): boolean => isRefusal(error) || isTwice(error);
