// The casework of a backup into an empty database of a PostgreSQL server: tables as the backup had them, then rows, the numbers that come next and every trigger
// as it was, read back and compared with the backup's own proof, all in one transaction that the caller ends by returning. Tables without rows may be left
// where it fails; a row never is. A database that holds just this already is taken as it is, so that a restore that was cut off after it can be finished.

import { Problem, type Clock } from '../core/index.ts';
import { verifyAudit, type AuditHead } from './audit-chain.store.ts';
import { databaseFolder, overSession, proofEntry, readProof, readShape, rowsEntry, shapeEntry, type CaseworkServer, type CopyEntry, type DatabaseProof, type DatabaseShape } from './database-copy.ts';
import { beginWriteSql, emptySql, hasBackupSql, insertRowsSql, plainTextSql, restTriggersSql, setNextNumberSql, takenTableSql, triggersSql, wakeTriggersSql } from './database-copy.sql.ts';
import { listPending, migrate, productMigrations, readMigrations, type SqlSession } from './migrate.ts';
import { becomeLoginSql, becomeOwnerSql, recordedVersionsSql } from './migrate.sql.ts';
import { loginOf, postgresProblem, withConnection } from './postgres.ts';

export interface DatabaseLoad {
  take(entry: CopyEntry): Promise<void>;
  /** After all entries: throws where the database does not hold just what they had. `checkpoints` are of the home that is restored with it. */
  prove(checkpoints: readonly AuditHead[]): Promise<void>;
}

/** Tables with rows that migrations themselves put there. */
const seeded: ReadonlySet<string> = new Set(['migration', 'audit_head', 'access_grant_state']);

/** Runs the work within one transaction of the database, which is kept where the work ends well and only then. */
export function loadDatabase<T>({ url, migrationUrl }: CaseworkServer, { clock, backup }: { clock: Clock; backup: string }, work: (load: DatabaseLoad) => Promise<T>): Promise<T> {
  return withConnection(migrationUrl ?? url, async (session) => {
    const taken = await findTaken(session);
    const again = taken !== undefined && (await session.rows<{ there: boolean }>(hasBackupSql, [backup]))[0]!.there;
    if (taken !== undefined && !again) throw notEmpty(taken);
    let begun = false;
    const begin = async () => {
      await session.run(becomeOwnerSql);
      await session.run(beginWriteSql);
      await session.run(plainTextSql);
      begun = true;
    };
    try {
      if (again) await begin();
      const load = again ? comparing(session) : loading(session, { url, clock, begin });
      const done = await work({ ...load, take: (entry) => load.take(entry).catch((error: unknown) => Promise.reject(refusedRows(error, url))) });
      if (begun) await session.run('commit');
      return done;
    } finally {
      await session.run(becomeLoginSql);
    }
  });
}

const notEmpty = (table: string) =>
  new Problem('usage', { what: `This database has rows already, in the table "${table}", and a restore never writes over any`, where: 'DATABASE_URL', todo: 'Make a new database (create database …) and give its address with DATABASE_URL. Nothing was changed.' });
const another = (cause: string) => new Problem('badInput', { what: `The database does not hold what the backup has (${cause}), so that nothing was kept of it`, where: 'DATABASE_URL', todo: 'Try again into a new database. Where it comes again, use another copy of the backup.' });

/** Whatever the server says of a row is no damage of the file. */
function refusedRows(error: unknown, url: string): unknown {
  const known = postgresProblem(error, url);
  return known instanceof Problem ? known : new Problem('failed', { what: 'The database did not take the rows of this backup, so that nothing was kept of it', where: 'DATABASE_URL', todo: 'Try again into a new database. Where it comes again, use another copy of the backup.', cause: error });
}

/** A table that has rows of its own; undefined where the database is empty, or its tables are. */
async function findTaken(session: SqlSession): Promise<string | undefined> {
  const [there] = await session.rows<{ casework: boolean }>(recordedVersionsSql);
  if (!there!.casework) return undefined;
  await session.run(becomeOwnerSql);
  try {
    return await takenNow(session, await readShape(session));
  } finally {
    await session.run(becomeLoginSql);
  }
}

async function takenNow(session: SqlSession, shape: DatabaseShape): Promise<string | undefined> {
  const tables = shape.tables.map(({ name }) => name).filter((name) => !seeded.has(name));
  return tables.length === 0 ? undefined : ((await session.rows<{ taken: string | null }>(takenTableSql(tables)))[0]!.taken ?? undefined);
}

function loading(session: SqlSession, { url, clock, begin }: { url: string; clock: Clock; begin: () => Promise<void> }): DatabaseLoad {
  let shape: DatabaseShape | undefined;
  let proof: DatabaseProof | undefined;
  let triggers = '';
  return {
    async take({ name, content }) {
      if (name === proofEntry) proof = JSON.parse(content) as DatabaseProof;
      else if (name === shapeEntry) {
        shape = JSON.parse(content) as DatabaseShape;
        await makeTables(session, shape, { url, clock });
        await begin();
        triggers = JSON.stringify(await session.rows(triggersSql));
        // From here on nobody else writes; whoever was quicker is not written over.
        for (const table of shape.tables) await session.run(restTriggersSql(table.name));
        const taken = await takenNow(session, shape);
        if (taken !== undefined) throw notEmpty(taken);
        // What migrations put there is in the backup as it was then.
        for (const table of shape.tables.toReversed()) await session.run(emptySql(table.name));
      } else {
        const table = shape?.tables.find((each) => name.startsWith(rowsEntry(each.name, 0).slice(0, -8)));
        if (!table) throw new Error('Rows of no table');
        await session.rows(insertRowsSql(table), [`[${content.trimEnd().replaceAll('\n', ',')}]`]);
      }
    },
    async prove(checkpoints) {
      if (!shape || !proof) throw another('the copy is not whole');
      for (const { table, column, next } of proof.numbers) await session.run(setNextNumberSql(table, column, next));
      for (const table of shape.tables) await session.run(wakeTriggersSql(table.name));
      if (JSON.stringify(await session.rows(triggersSql)) !== triggers) throw another('rules of its tables');
      await compare(session, shape, proof, checkpoints);
    },
  };
}

/** The database has rows, and the audit of just this backup: what is read is only compared. */
function comparing(session: SqlSession): DatabaseLoad {
  let proof: DatabaseProof | undefined;
  return {
    take: async ({ name, content }) => {
      if (name === proofEntry) proof = JSON.parse(content) as DatabaseProof;
    },
    async prove(checkpoints) {
      try {
        if (!proof) throw another('the copy is not whole');
        await compare(session, await readShape(session), proof, checkpoints);
      } catch (error) {
        throw error instanceof Problem ? notEmpty('audit_event') : error;
      }
    },
  };
}

async function compare(session: SqlSession, shape: DatabaseShape, proof: DatabaseProof, checkpoints: readonly AuditHead[]): Promise<void> {
  const now = await readProof(session, shape);
  const was = new Map(proof.tables.map((table) => [table.name, table]));
  const wrong = now.tables.length !== proof.tables.length ? 'other tables' : now.tables.find(({ name, rows, sha256 }) => was.get(name)?.rows !== rows || was.get(name)?.sha256 !== sha256)?.name;
  if (wrong !== undefined) throw another(wrong);
  for (const part of ['numbers', 'triggers', 'audit'] as const) if (JSON.stringify(now[part]) !== JSON.stringify(proof[part])) throw another(part);
  // Against what was noted of it outside the database, unless it was at fault before already.
  const { fault } = await verifyAudit(overSession(session), checkpoints);
  if (fault && proof.audit.fault === null) throw another(`the audit: row ${fault.place} ${fault.what}`);
}

/** Tables as the backup had them; those that a later version brought are made at the next start. */
async function makeTables(session: SqlSession, { migrations, tables }: DatabaseShape, { url, clock }: { url: string; clock: Clock }): Promise<void> {
  const known = new Map(readMigrations(productMigrations).map((each) => [each.name, each]));
  const wanted = migrations.flatMap(({ name }) => known.get(name) ?? []);
  if (wanted.length !== migrations.length) throw new Problem('badInput', { what: 'This backup was made by a newer Headwater than this one', todo: 'Restore it with the version that made it, or a later one.' });
  if (wanted.some(({ checksum }, place) => checksum !== migrations[place]!.checksum)) throw new Problem('failed', { what: 'A migration was changed since this backup was made', todo: 'Restore it with the version that made it.' });
  await migrate(session, { clock, migrations: wanted, appLogin: loginOf(url) ?? '' });
  await session.run(becomeOwnerSql);
  try {
    if ((await listPending(session, wanted)).length > 0 || JSON.stringify((await readShape(session)).tables) !== JSON.stringify(tables)) throw another('tables of another form');
  } finally {
    await session.run(becomeLoginSql);
  }
}

export const isDatabaseEntry = (name: string): boolean => name.startsWith(databaseFolder);
