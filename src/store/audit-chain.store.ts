// Is the audit whole? Every row is read again in its order and its hash made anew; checkpoints kept outside the database show whether someone
// who may do everything there has made the chain anew. A hash chain after Haber and Stornetta (1991) and RFC 9162's argument for checkpoints.

import { createHash, hash as digest } from 'node:crypto';
import { sql, type Kysely } from 'kysely';
import { tookWaiting } from './casework-audit.store.ts';
import type { CaseworkTables } from './casework-tables.ts';

export interface AuditHead {
  /** The number of rows ever added. */
  place: number;
  /** SHA-256 of the last row, in hexadecimal. */
  hash: string;
}

export interface AuditFault {
  /** The first row that is wrong: its place in the chain. */
  place: number;
  /** Its id, where the row is there. */
  auditEventId?: number;
  what: string;
}

export interface AuditVerdict {
  rows: number;
  head: AuditHead;
  checkpoints: number;
  /** Rows since the newest checkpoint: only the chain vouches for these. */
  sinceCheckpoint: number;
  /** How often a row bears an earlier time than the row before: a clock that was set back, no fault of the audit. */
  backwards: number;
  fault?: AuditFault;
}

interface ChainedRow {
  id: number;
  place: number;
  hash: string;
  micros: string;
  actor_id: string;
  action: string;
  outcome: string;
  subject_kind: string | null;
  subject_ids: string[];
  purpose: string | null;
  basis: string | null;
  actor_agency: string | null;
  actor_role: string | null;
  flags: string | null;
}

const rowsAtOnce = 10_000;
const beforeAll = createHash('sha256').update('Headwater audit').digest();

const field = (value: string | null): string => (value === null ? '-,' : `${Buffer.byteLength(value)}:${value},`);

function hashOf(before: Buffer, row: ChainedRow): Buffer {
  const { place, micros, actor_id, action, outcome, subject_kind, subject_ids, purpose, basis, actor_agency, actor_role, flags } = row;
  // A row that has none of them has the content that rows had before they could say why, or as what somebody acted.
  const asWhat = actor_agency === null && actor_role === null && flags === null ? [] : [actor_agency, actor_role, flags];
  const why = purpose === null && basis === null && asWhat.length === 0 ? [] : [purpose, basis];
  const content = [String(place), micros, actor_id, action, outcome, subject_kind, String(subject_ids.length), ...subject_ids, ...why, ...asWhat].map(field).join('');
  return digest('sha256', Buffer.concat([before, Buffer.from(content)]), 'buffer');
}

export async function readAuditHead(db: Kysely<CaseworkTables>): Promise<AuditHead> {
  const { rows } = await sql<AuditHead>`select place, encode(hash, 'hex') as hash from audit_head`.execute(db);
  return { place: Number(rows[0]!.place), hash: rows[0]!.hash };
}

/**
 * Reads the whole audit and names the first row that was altered, removed or moved, or that the checkpoints contradict.
 * @param checkpoints what was the head at earlier times, as kept outside the database, oldest first
 * @param onRows is told how many rows have been read
 */
export async function verifyAudit(db: Kysely<CaseworkTables>, checkpoints: readonly AuditHead[] = [], onRows: (rows: number) => void = () => undefined): Promise<AuditVerdict> {
  const head = await readAuditHead(db);
  const expected = new Map(checkpoints.map(({ place, hash }) => [place, hash]));
  let before: Buffer = beforeAll;
  let [last, rows, backwards, lastMicros, sure] = [0, 0, 0, 0n, 0];
  // Rows that had waited bear the times at which they were written.
  let waited = 0;
  const verdict = (fault?: AuditFault): AuditVerdict => ({ rows, head, checkpoints: checkpoints.length, sinceCheckpoint: Math.max(0, head.place - (checkpoints.at(-1)?.place ?? 0)), backwards, ...(fault ? { fault } : {}) });
  for (;;) {
    const page = await readPage(db, last);
    if (page.length === 0) break;
    for (const row of page) {
      if (row.place !== last + 1) return verdict(row.place <= last ? { place: row.place, auditEventId: row.id, what: 'stands where no row should be' } : { place: last + 1, what: row.place === last + 2 ? 'is missing' : `is missing, and all rows up to ${row.place - 1}` });
      const hash = hashOf(before, row);
      if (hash.toString('hex') !== row.hash) return verdict({ place: row.place, auditEventId: row.id, what: 'was altered, or does not follow from the row before' });
      const checkpoint = expected.get(row.place);
      if (checkpoint !== undefined && checkpoint !== row.hash) return verdict({ place: sure + 1, what: `or a row after it, up to row ${row.place}, was altered or removed and the chain made anew: it is not what the checkpoint at row ${row.place} saw` });
      if (checkpoint !== undefined) sure = row.place;
      const own = waited > 0;
      if (own) waited -= 1;
      else if (BigInt(row.micros) < lastMicros) backwards += 1;
      if (row.action === tookWaiting) waited = row.subject_ids.length;
      before = hash;
      [last, lastMicros, rows] = [row.place, own ? lastMicros : BigInt(row.micros), rows + 1];
    }
    onRows(rows);
  }
  const furthest = checkpoints.reduce((most, { place }) => Math.max(most, place), head.place);
  if (last < furthest) return verdict({ place: last + 1, what: furthest === last + 1 ? 'is missing' : `is missing, and all rows up to ${furthest}` });
  if (last > head.place || before.toString('hex') !== head.hash) return verdict({ place: Math.min(last, head.place + 1), what: 'is not what the database noted as its last row' });
  return verdict();
}

type PackedRow = [ChainedRow['id'], ChainedRow['place'], string, string, string, string, string, string | null, string[], ...(string | null)[]];

/** As one text: to hand over a value at a time costs five times as much as the hashes. */
async function readPage(db: Kysely<CaseworkTables>, after: number): Promise<ChainedRow[]> {
  const { rows } = await sql<{ packed: string }>`
    select coalesce(json_agg(json_build_array(audit_event_id, place, encode(hash, 'hex'), ((extract(epoch from occurred_at) * 1000000)::bigint)::text,
      actor_id, action, outcome, subject_kind, subject_ids, purpose, basis, actor_agency, actor_role, flags) order by place), '[]')::text as packed
    from (select * from audit_event where place > ${after} order by place limit ${rowsAtOnce}) page`.execute(db);
  return (JSON.parse(rows[0]!.packed) as PackedRow[]).map(([id, place, hash, micros, actor_id, action, outcome, subject_kind, subject_ids, purpose = null, basis = null, actor_agency = null, actor_role = null, flags = null]) => ({
    id, place, hash, micros, actor_id, action, outcome, subject_kind, subject_ids, purpose, basis, actor_agency, actor_role, flags,
  }));
}
