import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getRollbackPlans } from 'pg-boss';
import { afterAll, describe, expect, it } from 'vitest';
import { fixedClock } from '../core/index.ts';
import { describeStores, type Place, type StoresUnderTest } from '../../test/support/stores.ts';
import { openPglite } from './casework-pglite.ts';
import { becomeOwnerSql } from './migrate.sql.ts';
import { listPending, migrate, productMigrations, readMigrations, type Migration, type SqlSession } from './migrate.ts';
import { withConnection } from './postgres.ts';

const clock = fixedClock('2026-11-24T09:00:00Z');
const product = readMigrations(productMigrations);

const build = (number: number, sql: string): Migration => ({
  name: `${String(number).padStart(4, '0')}-test.sql`, sql, checksum: createHash('sha256').update(sql).digest('hex'),
});

/** Runs with a connection of the login that owns the place. */
async function withSession<T>({ folder, url }: Place, work: (session: SqlSession) => Promise<T>): Promise<T> {
  if (url !== undefined) return withConnection(url, work);
  const store = await openPglite(folder);
  try {
    return await work(store.session);
  } finally {
    store.keep();
    await store.close();
  }
}

const names = async (session: SqlSession) => (await session.rows<{ name: string }>('select name from casework.migration order by name')).map(({ name }) => name);

const tablesOf = (session: SqlSession) =>
  session.rows<{ name: string }>("select relname as name from pg_class where relnamespace = to_regnamespace('casework') and relkind = 'r' order by 1");

describeStores('migrations', (stores: StoresUnderTest) => {
  it('run in order, once, and are recorded with checksum and time', async () => {
    await withSession(await stores.readyPlace(), async (session) => {
      await migrate(session, { clock, migrations: product });
      const one = build(product.length + 1, 'create table first_thing (id int)');
      const two = build(product.length + 2, 'alter table first_thing add column name text');
      expect(await migrate(session, { clock, migrations: [...product, one, two] })).toEqual([one.name, two.name]);
      expect(await migrate(session, { clock, migrations: [...product, one, two] })).toEqual([]);
      expect(await listPending(session, [...product, one, two])).toEqual([]);
      const recorded = await session.rows('select checksum, applied_at from casework.migration where name = $1', [two.name]);
      expect(recorded).toEqual([{ checksum: two.checksum, applied_at: new Date('2026-11-24T09:00:00Z') }]);
    });
  });

  it('run all or none: one that fails undoes those before it', async () => {
    await withSession(await stores.readyPlace(), async (session) => {
      await migrate(session, { clock, migrations: product });
      const before = { names: await names(session), tables: await tablesOf(session) };
      const good = build(product.length + 1, 'create table half_made (id int)');
      const bad = build(product.length + 2, 'create table other (id int); alter table not_there add column x int');
      await expect(migrate(session, { clock, migrations: [...product, good, bad] })).rejects.toThrow(`The migration ${bad.name} failed`);
      expect({ names: await names(session), tables: await tablesOf(session) }).toEqual(before);
      expect(await session.rows('select current_user = session_user as login')).toEqual([{ login: true }]);
    });
  });

  it('that ran may not be changed', async () => {
    await withSession(await stores.readyPlace(), async (session) => {
      await migrate(session, { clock, migrations: product });
      const changed = [{ ...product[0]!, checksum: 'another' }, ...product.slice(1)];
      await expect(migrate(session, { clock, migrations: changed })).rejects.toThrow(/already run was changed \(0001-.*\)\. Put the file back/);
      await expect(listPending(session, changed)).rejects.toMatchObject({ kind: 'failed' });
    });
  });

  it('of a newer version are not run backwards', async () => {
    await withSession(await stores.readyPlace(), async (session) => {
      await migrate(session, { clock, migrations: product });
      await migrate(session, { clock, migrations: [...product, build(product.length + 1, 'create table later (id int)')] });
      await expect(migrate(session, { clock, migrations: product })).rejects.toThrow(/made by a newer Headwater/);
    });
  });

  it('bring the job queue of an earlier version up to date', async () => {
    await withSession(await stores.readyPlace(), async (session) => {
      await migrate(session, { clock, migrations: product });
      const [now] = await session.rows<{ version: number }>('select version from pgboss.version');
      await session.run(becomeOwnerSql);
      await session.run(getRollbackPlans('pgboss', now!.version));
      await session.run('reset role');
      expect(await listPending(session, product)).toEqual(['job queue']);
      expect(await migrate(session, { clock, migrations: product })).toEqual([]);
      expect(await session.rows('select version from pgboss.version')).toEqual([now]);
      const broken = await session.rows("select indexrelid::regclass::text from pg_index where not indisvalid and indrelid = 'pgboss.job_common'::regclass");
      expect(broken).toEqual([]);
    });
  });
});

describe('the files of migrations', () => {
  const folder = mkdtempSync(join(tmpdir(), 'headwater-migrations-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('have the same checksum whichever line ends a checkout gives them', () => {
    writeFileSync(join(folder, '0001-test.sql'), 'select 1;\r\nselect 2;\r\n');
    const [windows] = readMigrations(folder);
    writeFileSync(join(folder, '0001-test.sql'), 'select 1;\nselect 2;\n');
    expect(readMigrations(folder)).toEqual([windows]);
  });

  it('are numbered without a gap', () => {
    writeFileSync(join(folder, '0003-gap.sql'), 'select 1');
    expect(() => readMigrations(folder)).toThrow('Expected a migration called 0002-….sql, found 0003-gap.sql');
  });

  it('of the product each describe the tables that they make', () => {
    for (const { name, sql } of product) {
      const tables = [...sql.matchAll(/create table (\w+)/g)].map((match) => match[1]!);
      for (const table of tables) expect(sql, name).toContain(`comment on table ${table} is`);
    }
    expect(product.length).toBeGreaterThan(0);
  });
});
