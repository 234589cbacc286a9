// Work of long ago on the cases of a simulated partnership. Its agreements began a month ago, so none was in force then: within one transaction the clauses
// about cases stand as if they had been, and are gone before it ends. Nobody else ever sees them.

import { sql } from 'kysely';
import type { Clock } from '../core/index.ts';
import type { Casework } from '../store/index.ts';
import type { Reader } from './access-request.ts';
import { becomeReader, type ReaderTransaction } from './reader-transaction.store.ts';

/** No agreement has this id. */
const stand = 'sample-long-ago';

/** Runs work as a reader of the sample at a moment of the past, with the clauses about cases that they have now; undefined, and nothing is run, where they have none. */
export async function asReaderLongAgo<T>(db: Casework['db'], reader: Reader, { purpose, clock }: { purpose: string; clock: Clock }, work: (transaction: ReaderTransaction) => Promise<T>): Promise<T | undefined> {
  return db.transaction().execute(async (transaction) => {
    const at = new Date(clock.now());
    const { numAffectedRows } = await sql`
      insert into access_grant (agreement_id, version, clause, agency, role, purpose, holder, item, form, relation, valid_from, valid_to, ended_by)
      select ${stand}, version, clause, agency, role, purpose, holder, item, form, relation, ${at}, ${at}::timestamptz + interval '1 day', ended_by from access_grant
      where agency = ${reader.agency} and role = ${reader.role} and purpose = ${purpose} and item like 'case/%'`.execute(transaction);
    if (!numAffectedRows) return undefined;
    await becomeReader(transaction, reader, purpose, clock);
    const done = await work(transaction);
    await transaction.deleteFrom('access_grant').where('agreement_id', '=', stand).execute();
    return done;
  });
}
