// Which files of the home have a row: asked by whoever clears up after an act that was cut off, and by nobody else.

import { sql, type Kysely } from 'kysely';
import type { CaseworkTables } from './casework-tables.ts';

/** Those of these ids that are attachments of a case, whoever may see them. */
export async function findHeldAttachments(db: Kysely<CaseworkTables>, attachmentIds: readonly string[]): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`select id from attachments_held(${[...attachmentIds]}::uuid[]) as id`.execute(db);
  return new Set(rows.map(({ id }) => id));
}
