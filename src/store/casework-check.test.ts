import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { fixedClock } from '../core/index.ts';
import { describePostgres, describeStores, pgliteStores } from '../../test/support/stores.ts';
import { checkCasework } from './casework-check.ts';
import { openCasework } from './casework.ts';

const clock = fixedClock('2026-11-24T09:00:00Z');

describeStores('the check of a casework store', (stores) => {
  it('finds an empty place in order and makes nothing in it', async () => {
    const place = await stores.emptyPlace();
    const first = await checkCasework(place);
    expect(first).toMatchObject([{ name: 'store', ok: true, detail: expect.stringMatching(/not made yet|the next start prepares: 0001-/) }]);
    expect(await checkCasework(place)).toEqual(first);
  });

  it('tells the version, the migrations and the jobs of one that is whole', async () => {
    const place = await stores.readyPlace();
    await (await openCasework({ ...place, clock })).close();
    expect(await checkCasework(place)).toMatchObject([
      { name: 'store', ok: true, detail: expect.stringMatching(/PostgreSQL 18\.\d+.*, \d+ migrations?/) },
      { name: 'jobs', ok: true, detail: '0 waiting, 0 failed' },
    ]);
  });

  it('points to jobs that failed', async () => {
    const place = await stores.readyPlace();
    const casework = await openCasework({ ...place, clock });
    await sql`select pgboss.create_queue('broken', ${JSON.stringify({ policy: 'standard', retryLimit: 0, expireInSeconds: 60, retentionSeconds: 60, deleteAfterSeconds: 60 })}::jsonb)`.execute(casework.db);
    await sql`insert into pgboss.job (name, state) values ('broken', 'failed'), ('broken', 'created')`.execute(casework.db);
    await casework.close();
    expect((await checkCasework(place))[1]).toEqual({ name: 'jobs', ok: false, detail: '1 waiting, 1 failed', todo: expect.stringContaining('log') });
  });
});

describe('the check of an embedded store', () => {
  const stores = pgliteStores();

  it('leaves one alone that a server uses', async () => {
    const place = await stores.readyPlace();
    const casework = await openCasework({ ...place, clock });
    expect(await checkCasework(place)).toMatchObject([{ name: 'store', ok: true, detail: expect.stringContaining(`process (number ${process.pid}`) }]);
    expect(await casework.check()).toMatchObject({ ok: true });
    await casework.close();
  });

  it('says what to do about a damaged one, and leaves it as it is', async () => {
    const { folder } = await stores.emptyPlace();
    mkdirSync(join(folder!, 'data', 'base'), { recursive: true });
    expect(await checkCasework({ folder })).toMatchObject([{ name: 'store', ok: false, detail: expect.stringContaining('damaged'), todo: expect.stringContaining('back-up') }]);
    expect(readdirSync(join(folder!, 'data'))).toEqual(['base']);
    rmSync(folder!, { recursive: true });
  });
});

describePostgres('the check of a store on a server', (stores) => {
  it('tells whether the application has a login of its own', async () => {
    const { url: owner } = await stores.emptyPlace();
    const { url } = await stores.asNewLogin(owner!);
    await (await openCasework({ url, migrationUrl: owner, clock })).close();
    expect((await checkCasework({ url }))[0]!.detail).toContain('may use it, not change its tables');
    expect((await checkCasework({ url: owner }))[0]!.detail).toContain('one login both prepares and uses it');
  });

  it('says what to do where the server does not answer', async () => {
    const [result] = await checkCasework({ url: 'postgresql://u:secret@127.0.0.1:1/headwater' });
    expect(result).toMatchObject({ name: 'store', ok: false, detail: 'The PostgreSQL server does not answer (127.0.0.1:1/headwater)', todo: expect.stringContaining('DATABASE_URL') });
  });
});
