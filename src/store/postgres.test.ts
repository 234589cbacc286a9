import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { fixedClock, Problem } from '../core/index.ts';
import { startPostgres } from '../../test/support/postgres.ts';
import { administer, describePostgres } from '../../test/support/stores.ts';
import { openCasework } from './casework.ts';
import { storeSessions } from './session.store.ts';

const clock = fixedClock('2026-11-24T09:00:00Z');

const problemOf = async (opening: Promise<unknown>): Promise<Problem> => {
  const error = await opening.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(Problem);
  return error as Problem;
};

const guide = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'how-to', 'postgresql.md'), 'utf8');
const guidedStatements = [...guide.matchAll(/```sql\n([\s\S]*?)```/g)].map(([, block]) => block!.split(';').filter((statement) => statement.trim() !== ''));

/** Does what a section of the guide says, with names of its own; gives the two addresses that result. */
async function followGuide(server: string, statements: string[]) {
  const mark = randomBytes(4).toString('hex');
  const renamed = (text: string) => text.replaceAll(/headwater_(migrator|web)/g, `headwater_test_$1_${mark}`).replaceAll('database headwater ', `database headwater_test_${mark} `);
  for (const statement of statements) {
    await administer(renamed(statement), server).catch((error: { code?: string }) => {
      if (error.code !== '42710') throw error;
    });
  }
  const as = (login: string, password: string) => {
    const url = new URL(server);
    [url.username, url.password, url.pathname] = [renamed(login), password, `/headwater_test_${mark}`];
    return url.href;
  };
  const remove = async () => {
    await administer(`drop database headwater_test_${mark} with (force)`, server);
    for (const login of ['web', 'migrator']) await administer(`drop role headwater_test_${login}_${mark}`, server).catch(() => undefined);
  };
  return { url: as('headwater_web', 'choose-another'), migrationUrl: as('headwater_migrator', 'choose-one'), remove };
}

async function expectTwoLoginsToWork(place: { url: string; migrationUrl: string }) {
  await expect(openCasework({ url: place.url, clock })).rejects.toThrow(/MIGRATION_DATABASE_URL/);
  await (await openCasework({ ...place, clock })).close();
  const casework = await openCasework({ url: place.url, clock });
  await expect(sql`set role headwater_owner`.execute(casework.db)).rejects.toMatchObject({ code: '42501' });
  expect(await casework.check()).toMatchObject({ ok: true });
  await casework.close();
}

describePostgres('the guide to a server', (stores) => {
  it('works as written where the migrating login may make roles', async () => {
    const server = await startPostgres();
    try {
      const roles = await administer("select from pg_roles where rolname = 'headwater_owner'", server.url);
      if (process.env.DATABASE_URL && roles.length > 0) return expect(guidedStatements).toHaveLength(2);
      const place = await followGuide(server.url, guidedStatements[0]!);
      await expectTwoLoginsToWork(place);
      await place.remove();
    } finally {
      await server.stop();
    }
  });

  it('works as written where an administrator makes the roles', async () => {
    const { url } = await stores.emptyPlace();
    const place = await followGuide(url!, guidedStatements[1]!);
    await expectTwoLoginsToWork(place);
    await place.remove();
  });
});

describePostgres('a casework store on a server', (stores) => {
  /** An empty database, and its address as a new login that has no rights of its own. */
  const newPlace = async () => {
    const { url: owner } = await stores.emptyPlace();
    const { url: application, login, password } = await stores.asNewLogin(owner!);
    return { owner: owner!, application, login, password };
  };

  it('is made by one login and used by another that may do nothing else', async () => {
    const { owner, application, login } = await newPlace();
    const first = await openCasework({ url: application, migrationUrl: owner, clock });
    await first.close();
    const again = await openCasework({ url: application, clock });
    try {
      const who = await sql<{ login: string; role: string }>`select session_user as login, current_user as role`.execute(again.db);
      expect(who.rows).toEqual([{ login, role: 'headwater_app' }]);
      await expect(sql`set role headwater_owner`.execute(again.db)).rejects.toMatchObject({ code: '42501' });
      await expect(sql`drop table session`.execute(again.db)).rejects.toMatchObject({ code: '42501' });
    } finally {
      await again.close();
    }
  });

  it('says what to do where the only login may not make it', async () => {
    const { application, password } = await newPlace();
    const problem = await problemOf(openCasework({ url: application, clock }));
    expect(problem.kind).toBe('storage');
    expect(problem.message).toContain('MIGRATION_DATABASE_URL');
    expect(problem.message).not.toContain(password);
  });

  it('is made by a login that owns the database and may make roles, without being a superuser', async () => {
    const { owner, application, login } = await newPlace();
    const database = new URL(owner).pathname.slice(1);
    await administer(`alter role ${login} createrole`);
    await administer(`alter database ${database} owner to ${login}`);
    await administer(`do $$ begin if exists (select from pg_roles where rolname = 'headwater_owner') then grant headwater_owner, headwater_app to ${login} with admin option; end if; end $$`);
    const casework = await openCasework({ url: application, clock });
    expect(await casework.check()).toMatchObject({ ok: true });
    await casework.close();
  });

  it('is made once when many processes open it at the same time', async () => {
    const { owner } = await newPlace();
    const all = await Promise.all([1, 2, 3].map(() => openCasework({ url: owner, clock })));
    const migrations = await sql<{ name: string }>`select name from migration`.execute(all[0]!.db);
    expect(new Set(migrations.rows.map(({ name }) => name)).size).toBe(migrations.rows.length);
    await Promise.all(all.map((casework) => casework.close()));
  });

  it('is finished where another process has made its schema and no more', async () => {
    const { owner } = await newPlace();
    await (await openCasework({ url: (await newPlace()).owner, clock })).close(); // the server's roles are there
    await administer('create schema casework authorization headwater_owner', owner);
    const casework = await openCasework({ url: owner, clock });
    expect(await casework.check()).toMatchObject({ ok: true });
    await casework.close();
  });

  it('is shared by processes: what one writes, another reads', async () => {
    const { owner } = await newPlace();
    const [one, other] = [await openCasework({ url: owner, clock }), await openCasework({ url: owner, clock })];
    const session = { key: 'a'.repeat(64), userId: 'u1', name: 'Alex Marsh', agency: 'police', role: 'analyst', purpose: null, startedAt: 0, idleUntil: 1, expiresAt: 2 } as const;
    await storeSessions(one.db).save(session);
    expect(await storeSessions(other.db).find(session.key)).toEqual(session);
    await one.close();
    await other.close();
  });

  it('goes on after the server ended its connections', async () => {
    const { owner } = await newPlace();
    const casework = await openCasework({ url: owner, clock });
    const database = new URL(owner).pathname.slice(1);
    await administer(`select pg_terminate_backend(pid) from pg_stat_activity where datname = '${database}'`);
    await expect.poll(() => casework.check()).toMatchObject({ ok: true });
    await casework.close();
  });

  it.each([
    ['a wrong password', (url: URL) => (url.password = 'wrong'), /refused the login/],
    ['a missing database', (url: URL) => (url.pathname = '/not_there'), /no such database/],
  ])('names %s without telling the password', async (_case, change, message) => {
    const { application, password } = await newPlace();
    const url = new URL(application);
    change(url);
    const problem = await problemOf(openCasework({ url: url.href, clock }));
    expect(problem.message).toMatch(message);
    expect(problem.message).not.toContain(password);
    expect(problem.message).not.toContain('wrong');
  });

  it('names a server that does not answer', async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => {
      closed.listen(0, '127.0.0.1', resolve);
    });
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => {
      closed.close(resolve);
    });
    const problem = await problemOf(openCasework({ url: `postgresql://someone:secret@127.0.0.1:${port}/headwater`, clock }));
    expect(problem).toMatchObject({ kind: 'storage' });
    expect(problem.message).toMatch(new RegExp(`does not answer \\(127.0.0.1:${port}/headwater\\)`));
    expect(problem.message).not.toMatch(/secret|someone/);
  });

  it('names an address that is none', async () => {
    const problem = await problemOf(openCasework({ url: 'mysql://secret@server/x', clock }));
    expect(problem).toMatchObject({ kind: 'usage' });
    expect(problem.message).not.toContain('secret');
  });
});
