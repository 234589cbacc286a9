import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fixedClock } from '../core/index.ts';
import { describeStores, type Place } from '../../test/support/stores.ts';
import { openCasework, type Casework } from './casework.ts';

const clock = fixedClock('2026-11-24T09:00:00Z');

const forbidden = { code: '42501' };

describeStores('the casework store', (stores) => {
  let place: Place;
  let casework: Casework;
  const statement = (text: string) => sql.raw(text).execute(casework.db);

  beforeAll(async () => {
    place = await stores.emptyPlace();
    casework = await openCasework({ ...place, clock });
  });
  afterAll(() => casework.close());

  it('makes itself in an empty place and says that it is well', async () => {
    expect(casework.dialect).toBe(stores.dialect);
    expect(await casework.check()).toMatchObject({ ok: true, detail: expect.stringMatching(/^The casework store answers; \d+ migrations? ha(s|ve) run\.$/) });
  });

  it('keeps what was written when it is opened again', async () => {
    await casework.db.insertInto('audit_event').values({ occurred_at: new Date(clock.now()), actor_id: 'u1', action: 'store.test', outcome: 'done', subject_kind: null, subject_ids: [] }).execute();
    await casework.close();
    casework = await openCasework({ ...place, clock });
    const kept = await casework.db.selectFrom('audit_event').select('occurred_at').where('action', '=', 'store.test').execute();
    expect(kept).toEqual([{ occurred_at: new Date('2026-11-24T09:00:00Z') }]);
  });

  it('describes each of its tables', async () => {
    const tables = await sql<{ name: string; comment: string | null }>`
      select relname as name, obj_description(oid) as comment from pg_class where relnamespace = 'casework'::regnamespace and relkind = 'r'`.execute(casework.db);
    expect(tables.rows.length).toBeGreaterThanOrEqual(3);
    expect(tables.rows.filter(({ comment }) => !comment)).toEqual([]);
  });

  it('belongs to the owner and is used as the application', async () => {
    const owners = await sql<{ owner: string }>`select distinct tableowner as owner from pg_tables where schemaname in ('casework', 'pgboss')`.execute(casework.db);
    expect(owners.rows).toEqual([{ owner: 'headwater_owner' }]);
    const who = await sql<{ role: string }>`select current_user as role`.execute(casework.db);
    expect(who.rows).toEqual([{ role: 'headwater_app' }]);
  });

  it.each([
    'create table casework.extra (id int)',
    'alter table session add column extra text',
    'drop table session',
    'truncate session',
    'drop index session_ends_at',
    'drop schema casework cascade',
    'create table pgboss.extra (id int)',
    'drop table pgboss.job',
    "update migration set checksum = ''",
    'delete from migration',
  ])('does not let the application %s', async (text) => {
    await expect(statement(text)).rejects.toMatchObject(forbidden);
  });

  it('lets the application add to the audit and read it, never change or remove', async () => {
    await statement("insert into audit_event (occurred_at, actor_id, action, outcome) values (now(), 'u1', 'store.test', 'done')");
    await expect(statement("update audit_event set actor_id = 'u2'")).rejects.toMatchObject(forbidden);
    await expect(statement('delete from audit_event')).rejects.toMatchObject(forbidden);
    await expect(statement('truncate audit_event')).rejects.toMatchObject(forbidden);
    const actors = await casework.db.selectFrom('audit_event').select('actor_id').distinct().execute();
    expect(actors).toEqual([{ actor_id: 'u1' }]);
  });

  it('reads values alike on both engines', async () => {
    const { rows } = await sql`
      select 9007199254740991::bigint as large, count(*) as count, '2026-03-29'::date as day, '{"a": [1, null]}'::jsonb as value,
             '2026-03-29T01:30:00Z'::timestamptz as time, array['a', 'b'] as list, true as yes, 1.5::double precision as fraction, 1.50::numeric as exact
      from session`.execute(casework.db);
    expect(rows).toEqual([
      { large: 9007199254740991, count: 0, day: '2026-03-29', value: { a: [1, null] }, time: new Date('2026-03-29T01:30:00Z'), list: ['a', 'b'], yes: true, fraction: 1.5, exact: '1.50' },
    ]);
  });

  it('binds values alike on both engines', async () => {
    const { rows } = await sql`
      select ${JSON.stringify({ a: "it's" })}::jsonb as value, ${['x', 'y']}::text[] as list, ${new Date(clock.now())}::timestamptz as time, ${null}::text as nothing, ${'2026-10-25'}::date as day`.execute(casework.db);
    expect(rows).toEqual([{ value: { a: "it's" }, list: ['x', 'y'], time: new Date('2026-11-24T09:00:00Z'), nothing: null, day: '2026-10-25' }]);
  });

  it('undoes a transaction that fails, and goes on', async () => {
    const count = () => casework.db.selectFrom('audit_event').select(({ fn }) => fn.countAll<number>().as('events')).executeTakeFirstOrThrow();
    const before = await count();
    const failing = casework.db.transaction().execute(async (transaction) => {
      await transaction.insertInto('audit_event').values({ occurred_at: new Date(), actor_id: 'u3', action: 'store.undone', outcome: 'done', subject_kind: null, subject_ids: [] }).execute();
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    expect(await count()).toEqual(before);
  });

  it('rolls back a block of the job queue that fails before anything else runs', async () => {
    const block = casework.jobsDatabase.executeSql('begin; select 1; select 1 / 0; commit');
    const others = [1, 2, 3].map(() => casework.check());
    await expect(block).rejects.toMatchObject({ code: '22012' });
    expect((await Promise.all(others)).map(({ ok }) => ok)).toEqual([true, true, true]);
  });
});

describeStores('a closed casework store', (stores) => {
  it('says that it does not answer', async () => {
    const casework = await openCasework({ ...(await stores.readyPlace()), clock });
    await casework.close();
    expect(await casework.check()).toMatchObject({ ok: false, detail: expect.stringContaining('does not answer') });
  });
});
