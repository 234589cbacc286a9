// The casework of a PostgreSQL server as entries of a backup: every table of the product's schema in one transaction of one moment, as rows of text in the
// order of their keys, then how many there were with their hashes, the numbers that come next, and how the audit stood. The job queue is not in it: it
// holds nothing but housekeeping, which a server queues anew when it starts.

import { createHash } from 'node:crypto';
import { Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely';
import { Problem } from '../core/index.ts';
import { verifyAudit, type AuditHead } from './audit-chain.store.ts';
import type { CaseworkTables } from './casework-tables.ts';
import { beginReadSql, closeRowsSql, declareRowsSql, fetchRowsSql, hiddenTablesSql, nextNumberSql, plainTextSql, sequencesSql, tablesSql, triggersSql, type CopiedTable } from './database-copy.sql.ts';
import { appliedMigrationsSql, becomeLoginSql, becomeOwnerSql } from './migrate.sql.ts';
import type { Migration, SqlSession } from './migrate.ts';
import { withConnection } from './postgres.ts';

/** A PostgreSQL server with the casework, and a login that may become its owner where the application's may not. */
export interface CaseworkServer {
  url: string;
  migrationUrl?: string | undefined;
}

/** What the rows are rows of. */
export interface DatabaseShape {
  migrations: Pick<Migration, 'name' | 'checksum'>[];
  /** Those before others that lead to them. */
  tables: CopiedTable[];
}

/** By which a copy is proven. */
export interface DatabaseProof {
  tables: { name: string; rows: number; sha256: string }[];
  /** The next number of each column that takes its own. */
  numbers: { table: string; column: string; next: string }[];
  triggers: { name: string; enabled: string }[];
  audit: { head: AuditHead; fault: string | null };
}

export interface CopyEntry {
  name: string;
  content: string;
}

export const databaseFolder = 'database/';
export const shapeEntry = 'database/shape.json';
export const proofEntry = 'database/proof.json';
export const rowsEntry = (table: string, part: number): string => `database/rows/${table}/${String(part).padStart(8, '0')}`;

const rowsAtOnce = 500;
/** Letters in one entry, but for a row that has more by itself. */
const entryLetters = 1_000_000;

/** Gives every entry in its order, each before the next is read. */
export function copyDatabase({ url, migrationUrl }: CaseworkServer, take: (entry: CopyEntry) => Promise<void>): Promise<DatabaseProof> {
  return withConnection(migrationUrl ?? url, async (session) => {
    await session.run(becomeOwnerSql);
    await session.run(beginReadSql);
    try {
      await session.run(plainTextSql);
      const [hidden] = await session.rows<{ name: string }>(hiddenTablesSql);
      if (hidden) throw new Problem('failed', { what: 'Rows of the casework are hidden from its owner, so that a backup would not be whole', where: hidden.name, todo: 'Find out who changed the rules of this table (its policy "keep_whole"), and put them back.' });
      const shape = await readShape(session);
      await take({ name: shapeEntry, content: JSON.stringify(shape) });
      const proof = await readProof(session, shape, take);
      await take({ name: proofEntry, content: JSON.stringify(proof) });
      return proof;
    } finally {
      await session.run(becomeLoginSql);
    }
  });
}

/** Within a transaction, with values as plain text. */
export async function readShape(session: SqlSession): Promise<DatabaseShape> {
  return { migrations: await session.rows(appliedMigrationsSql), tables: inOrder(await session.rows<CopiedTable>(tablesSql)) };
}

/** Reads every row, within a transaction with values as plain text; gives each part of them to whoever takes it. */
export async function readProof(session: SqlSession, { tables }: DatabaseShape, take: (entry: CopyEntry) => Promise<void> = async () => undefined): Promise<DatabaseProof> {
  const proof: DatabaseProof = { tables: [], numbers: [], triggers: await session.rows(triggersSql), audit: await auditNow(session) };
  for (const table of tables) proof.tables.push({ name: table.name, ...(await readRows(session, table, take)) });
  for (const { name, table_name: table, column_name: column } of await session.rows<{ name: string; table_name: string; column_name: string }>(sequencesSql)) {
    const [{ next } = { next: '1' }] = await session.rows<{ next: string }>(nextNumberSql(name));
    proof.numbers.push({ table, column, next });
  }
  return proof;
}

async function readRows(session: SqlSession, table: CopiedTable, take: (entry: CopyEntry) => Promise<void>): Promise<{ rows: number; sha256: string }> {
  const hash = createHash('sha256');
  let [rows, part, letters] = [0, 0, 0];
  let lines: string[] = [];
  const give = async () => {
    if (lines.length === 0) return;
    part += 1;
    const content = `${lines.join('\n')}\n`;
    [lines, letters] = [[], 0];
    await take({ name: rowsEntry(table.name, part), content });
  };
  await session.run(declareRowsSql(table));
  for (;;) {
    const found = await session.rows<{ line: string }>(fetchRowsSql(rowsAtOnce));
    for (const { line } of found) {
      hash.update(`${line}\n`);
      lines.push(line);
      if ((letters += line.length) >= entryLetters) await give();
    }
    rows += found.length;
    if (found.length < rowsAtOnce) break;
  }
  await give();
  await session.run(closeRowsSql);
  return { rows, sha256: hash.digest('hex') };
}

/** How the audit stands by its own chain: a fault that was there before is no fault of a copy. */
async function auditNow(session: SqlSession): Promise<DatabaseProof['audit']> {
  const { head, fault } = await verifyAudit(overSession(session));
  return { head, fault: fault ? `${fault.place}: ${fault.what}` : null };
}

/** Queries on one connection, within whatever transaction is under way there. */
export function overSession(session: SqlSession): Kysely<CaseworkTables> {
  const connection = {
    executeQuery: async <R>({ sql, parameters }: { sql: string; parameters: readonly unknown[] }) => ({ rows: await session.rows<R>(sql, [...parameters]) }),
    streamQuery: () => {
      throw new Error('Nothing is streamed here');
    },
  };
  const nothing = async () => undefined;
  return new Kysely<CaseworkTables>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createQueryCompiler: () => new PostgresQueryCompiler(),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createDriver: () => ({ init: nothing, acquireConnection: async () => connection, beginTransaction: nothing, commitTransaction: nothing, rollbackTransaction: nothing, releaseConnection: nothing, destroy: nothing }),
    },
  });
}

/** A table after those that its foreign keys lead to. */
function inOrder(tables: readonly CopiedTable[]): CopiedTable[] {
  const left = new Map(tables.map((table) => [table.name, table]));
  const placed: CopiedTable[] = [];
  while (left.size > 0) {
    const ready = [...left.values()].filter(({ needs }) => needs.every((name) => !left.has(name)));
    if (ready.length === 0) throw new Error('Foreign keys lead in a circle');
    for (const table of ready) left.delete(table.name);
    placed.push(...ready);
  }
  return placed;
}
