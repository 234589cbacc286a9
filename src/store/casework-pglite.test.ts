import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixedClock, Problem } from '../core/index.ts';
import { pgliteStores } from '../../test/support/stores.ts';
import { listAuditEvents, recordAuditEvent } from './casework-audit.store.ts';
import { embeddedVersion } from './casework-pglite.ts';
import { openCasework } from './casework.ts';

const clock = fixedClock('2026-11-24T09:00:00Z');
const event = { actorId: 'u1', action: 'store.test', outcome: 'done' } as const;

const problemOf = async (opening: Promise<unknown>): Promise<Problem> => {
  const error = await opening.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(Problem);
  return error as Problem;
};

/** Another process that opens the store, writes one event, says so and waits to be killed. */
async function holdElsewhere(folder: string) {
  const code = `
    import { openCasework, recordAuditEvent } from ${JSON.stringify(join(import.meta.dirname, 'index.ts'))};
    const clock = { now: () => Date.now() };
    const casework = await openCasework({ folder: ${JSON.stringify(folder)}, clock });
    await recordAuditEvent(casework.db, clock, ${JSON.stringify(event)});
    console.log('held');
    setInterval(() => undefined, 1000);`;
  const holder = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(holder.stdout, 'data');
  return {
    pid: holder.pid!,
    kill: async () => {
      holder.kill('SIGKILL');
      await once(holder, 'exit');
    },
  };
}

describe('the embedded casework store', () => {
  const stores = pgliteStores();
  const newFolder = async () => (await stores.readyPlace()).folder!;

  it('is refused to a second process, and kept through the death of the first', async () => {
    const folder = await newFolder();
    const holder = await holdElsewhere(folder);
    try {
      const problem = await problemOf(openCasework({ folder, clock }));
      expect(problem.kind).toBe('busy');
      expect(problem.message).toContain(`process (number ${holder.pid}`);
      expect(problem.message).toContain('stop the other one, or give both a PostgreSQL server with DATABASE_URL');
    } finally {
      await holder.kill();
    }
    const casework = await openCasework({ folder, clock });
    expect(await listAuditEvents(casework.db, { limit: 5 })).toMatchObject([event]);
    await casework.close();
    expect(readdirSync(folder)).toEqual(['data']);
  });

  it('shortens its journal and clears dead rows when it is tidied', async () => {
    const folder = await newFolder();
    const casework = await openCasework({ folder, clock });
    const journal = () => sql<{ start: string }>`select redo_lsn::text as start from pg_control_checkpoint()`.execute(casework.db);
    const before = await journal();
    await recordAuditEvent(casework.db, clock, event);
    await casework.tidy();
    expect((await journal()).rows).not.toEqual(before.rows);
    await casework.close();
  });

  it('begins again where the first start was cut off', async () => {
    const { folder } = await stores.emptyPlace();
    mkdirSync(join(folder!, 'data', 'base'), { recursive: true });
    writeFileSync(join(folder!, 'data', 'PG_VERSION'), `${embeddedVersion}\n`);
    writeFileSync(join(folder!, 'making'), '');
    const casework = await openCasework({ folder, clock });
    expect(await casework.check()).toMatchObject({ ok: true });
    await casework.close();
    expect(existsSync(join(folder!, 'making'))).toBe(false);
  });

  it('takes little memory, since PGlite fills all of it whenever it opens', async () => {
    const casework = await openCasework({ folder: await newFolder(), clock });
    const { rows } = await sql<{ shared_buffers: string }>`show shared_buffers`.execute(casework.db);
    await casework.close();
    expect(rows).toEqual([{ shared_buffers: '16MB' }]);
  });

  it('lives in memory where it is given no folder', async () => {
    const casework = await openCasework({ clock });
    await recordAuditEvent(casework.db, clock, event);
    expect(await listAuditEvents(casework.db, { limit: 5 })).toMatchObject([event]);
    await casework.close();
  });

  it('is told to be in a folder that may not be written', async () => {
    const { folder } = await stores.emptyPlace();
    const locked = join(folder!, 'locked');
    mkdirSync(locked);
    const problem = await withoutRights(locked, () => problemOf(openCasework({ folder: join(locked, 'store'), clock })));
    expect(problem.kind).toBe('storage');
    expect(problem.message).toMatch(/may not write here .*write permission/);
  });

  it('is told to belong to another user where only its files may not be written', async () => {
    const folder = await newFolder();
    const problem = await withoutRights(join(folder, 'data'), () => problemOf(openCasework({ folder, clock })), folder);
    expect(problem.kind).toBe('storage');
    expect(problem.message).toMatch(/may not write here/);
  });

  it('is told where a file stands in the place of its folder', async () => {
    const { folder } = await stores.emptyPlace();
    writeFileSync(join(folder!, 'store'), 'not a folder');
    for (const path of ['store', 'store/below']) {
      const problem = await problemOf(openCasework({ folder: join(folder!, path), clock }));
      expect(problem).toMatchObject({ kind: 'storage', message: expect.stringContaining('there is a file in its place') });
    }
  });
});

describe('a damaged casework store', () => {
  const stores = pgliteStores();
  let whole: string;
  beforeAll(async () => {
    whole = (await stores.readyPlace()).folder!;
  });

  const control = (data: string) => join(data, 'global', 'pg_control');
  const emptyTables = (data: string) => {
    for (const base of readdirSync(join(data, 'base'))) {
      for (const file of readdirSync(join(data, 'base', base))) truncateSync(join(data, 'base', base, file), 0);
    }
  };
  const spoilJournal = (data: string) => {
    for (const file of readdirSync(join(data, 'pg_wal'))) {
      const path = join(data, 'pg_wal', file);
      if (statSync(path).isFile()) writeFileSync(path, Buffer.alloc(statSync(path).size, 5));
    }
  };

  /** All but caches and the engine's own mark of being open. */
  const filesThatMatter = (data: string) =>
    readdirSync(data, { recursive: true, encoding: 'utf8' }).filter((file) => !/(pg_internal\.init|postmaster\.pid)$/.test(file)).toSorted();

  it.each([
    ['without its version', (data: string) => rmSync(join(data, 'PG_VERSION')), /damaged or incomplete .*back-up/],
    ['without its control file', (data: string) => rmSync(control(data)), /damaged or incomplete .*back-up/],
    ['with an empty control file', (data: string) => truncateSync(control(data), 0), /damaged or incomplete .*back-up/],
    ['with a control file of noise', (data: string) => writeFileSync(control(data), Buffer.alloc(8192, 7)), /damaged or incomplete .*back-up/],
    ['without its tables', (data: string) => rmSync(join(data, 'base'), { recursive: true }), /damaged or incomplete .*back-up/],
    ['with empty tables', emptyTables, /damaged or incomplete .*back-up/],
    ['with a journal of noise', spoilJournal, /damaged or incomplete .*back-up/],
    ['of another version', (data: string) => writeFileSync(join(data, 'PG_VERSION'), '16\n'), /made by PostgreSQL 16; this Headwater holds 18/],
  ])('%s is told so, and left as it is', async (_case, damage, message) => {
    const { folder } = await stores.emptyPlace();
    cpSync(whole, folder!, { recursive: true });
    const data = join(folder!, 'data');
    damage(data);
    const before = filesThatMatter(data);
    const problem = await problemOf(openCasework({ folder, clock }));
    expect(problem.kind).toBe('storage');
    expect(problem.message).toMatch(message);
    expect(filesThatMatter(data)).toEqual(before);
    expect(existsSync(join(folder!, 'store.lock'))).toBe(false);
  });

  it('is not what the tests above started from', async () => {
    expect(readFileSync(join(whole, 'data', 'PG_VERSION'), 'utf8').trim()).toBe(embeddedVersion);
    const casework = await openCasework({ folder: whole, clock });
    expect(await casework.check()).toMatchObject({ ok: true });
    await casework.close();
  });
});

/** Takes the right to write a folder away while it runs; root has to become an ordinary user to notice. */
async function withoutRights<T>(folder: string, work: () => Promise<T>, above = folder): Promise<T> {
  const nobody = 65_534;
  const isRoot = process.geteuid?.() === 0;
  if (isRoot && above !== folder) chmodSync(above, 0o777);
  chmodSync(folder, 0o555);
  if (isRoot) process.seteuid!(nobody);
  try {
    return await work();
  } finally {
    if (isRoot) process.seteuid!(0);
    chmodSync(folder, 0o755);
  }
}

afterAll(() => expect(process.geteuid?.()).toBe(process.getuid?.()));
