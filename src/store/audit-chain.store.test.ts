import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fixedClock } from '../core/index.ts';
import { describeStores } from '../../test/support/stores.ts';
import { addCheckpoint, checkpointFile, readCheckpoints } from './audit-checkpoints.ts';
import { verifyAudit } from './audit-chain.store.ts';
import { keepWaitingRow, listWaitingRows, waitingFolder, withWaitingRow } from './audit-waiting.ts';
import { takeInWaitingRows } from './audit-waiting.store.ts';
import { listAuditEvents, recordAuditEvent } from './casework-audit.store.ts';
import { openCasework, type Casework } from './casework.ts';
import { homeAt, type Home } from './home.ts';
import { becomeApplicationSql, becomeOwnerSql } from './migrate.sql.ts';
import { productMigrations, readMigrations } from './migrate.ts';

const clock = fixedClock('2026-11-24T09:00:00Z');

describeStores('the chain of the audit', (stores) => {
  let casework: Casework;
  let home: Home;
  const folders: string[] = [];
  const add = (count: number, subjectIds: string[] = ['p1', 'p2']) =>
    Promise.all(Array.from({ length: count }, (_, n) => recordAuditEvent(casework.db, clock, { actorId: `u${n}`, action: 'person.read', outcome: 'done', subjectKind: 'person', subjectIds })));
  /** Does as the owner of the database might: with the guards taken off, on one connection. */
  const asOwner = (...statements: string[]) =>
    casework.db.connection().execute(async (db) => {
      for (const statement of [...`reset role; ${becomeOwnerSql}`.split('; '), 'alter table audit_event disable trigger user', ...statements, 'alter table audit_event enable trigger user', ...becomeApplicationSql.split('; ')]) {
        await sql.raw(statement).execute(db);
      }
    });
  /** Makes the chain anew from `place`, as someone who knows how it is made could. */
  const chainAnew = (place: number) => asOwner(`
    do $$
    declare event audit_event; before bytea;
    begin
      select hash into before from audit_event where place = ${place - 1};
      if before is null then before := sha256(convert_to('Headwater audit', 'UTF8')); end if;
      for event in select * from audit_event where place >= ${place} order by place loop
        before := sha256(before || convert_to(audit_text(event.place, event.occurred_at, event.actor_id, event.action, event.outcome, event.subject_kind, event.subject_ids, event.purpose, event.basis), 'UTF8'));
        update audit_event set hash = before where place = event.place;
        update audit_head set hash = before, place = event.place;
      end loop;
    end $$`);
  const fault = async () => (await verifyAudit(casework.db, readCheckpoints(home))).fault;

  /** The head of a chain without a row, as the migrations leave it. */
  let emptyHead: string;

  beforeAll(async () => {
    casework = await openCasework({ ...(await stores.readyPlace()), clock });
    const { rows } = await sql<{ place: number; hash: string }>`select place, encode(hash, 'hex') as hash from audit_head`.execute(casework.db);
    expect(rows).toEqual([{ place: expect.anything(), hash: expect.stringMatching(/^[0-9a-f]{64}$/) }]);
    expect(Number(rows[0]!.place)).toBe(0);
    emptyHead = rows[0]!.hash;
  });
  // One store for all: a chain begins anew in much less time than a store opens.
  beforeEach(async () => {
    await asOwner('truncate audit_event restart identity', `update audit_head set place = 0, hash = decode('${emptyHead}', 'hex')`);
    const dir = mkdtempSync(join(tmpdir(), 'headwater-audit-'));
    folders.push(dir);
    home = homeAt(dir, { partnership: 'Testshire', simulated: true, memoryLimit: '1GB', threads: 1 });
  });
  afterAll(async () => {
    await casework.close();
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  it('is whole when it is empty, and when many wrote at once', async () => {
    expect(await verifyAudit(casework.db)).toMatchObject({ rows: 0, head: { place: 0 } });
    await add(25);
    await recordAuditEvent(casework.db, clock, { actorId: 'Zoë 🙂', action: 'session.start', outcome: 'refused' });
    const verdict = await verifyAudit(casework.db);
    expect(verdict).toMatchObject({ rows: 26, head: { place: 26 }, backwards: 0 });
    expect(verdict.fault).toBeUndefined();
  });

  it.each([
    ['actor_id', `actor_id = 'u99'`], ['time', `occurred_at = occurred_at + interval '1 microsecond'`], ['outcome', `outcome = 'refused'`],
    ['ids', `subject_ids = '{p1,p3}'`], ['cut of the ids', `subject_ids = '{"p1p2"}'`], ['order of the ids', `subject_ids = '{p2,p1}'`], ['kind', `subject_kind = null, subject_ids = '{}'`],
  ])('names the first row whose %s was altered', async (_, change) => {
    await add(6);
    await asOwner(`update audit_event set ${change} where place in (3, 5)`);
    expect(await fault()).toMatchObject({ place: 3, auditEventId: expect.any(Number), what: 'was altered, or does not follow from the row before' });
  });

  it.each([
    ['purpose', `purpose = 'evaluation'`], ['lost purpose', 'purpose = null'], ['clause', `basis = 'A1/1/2'`], ['lost clause', 'basis = null'], ['lost purpose and clause', 'purpose = null, basis = null'],
    ['purpose that moved into the clause', `purpose = null, basis = 'early-help'`], ['purpose that was said to be a record', `subject_ids = subject_ids || purpose, purpose = null, basis = null`],
  ])('names the first row whose %s was altered', async (_, change) => {
    for (const purpose of ['early-help', 'evaluation', 'early-help', 'early-help']) {
      await recordAuditEvent(casework.db, clock, { actorId: 'u1', action: 'page.open', outcome: 'done', subjectKind: 'page', subjectIds: ['demand'], ...(purpose === 'evaluation' ? {} : { purpose, basis: 'A1/1/1 A2/3/1' }) });
    }
    expect(await fault()).toBeUndefined();
    await asOwner(`update audit_event set ${change} where place = 3`);
    expect(await fault()).toMatchObject({ place: 3, what: 'was altered, or does not follow from the row before' });
  });

  it.each([
    ['agency', `actor_agency = 'police'`], ['role', 'actor_role = null'], ['flag', `flags = 'own-name'`], ['lost flag', 'flags = null'], ['lost agency, role and flags', 'actor_agency = null, actor_role = null, flags = null'],
    ['agency that was said to be the clause', `basis = actor_agency, actor_agency = null`], ['role that was said to be a record', `subject_ids = subject_ids || actor_role, actor_role = null, actor_agency = null, flags = null`],
  ])('names the first row whose %s was altered', async (_, change) => {
    const asked = { actorId: 'u1', action: 'person.read', outcome: 'done' as const, subjectKind: 'person', subjectIds: ['p1'] };
    await recordAuditEvent(casework.db, clock, asked);
    for (let n = 0; n < 3; n += 1) await recordAuditEvent(casework.db, clock, { ...asked, actorAgency: 'early-help', actorRole: 'lead-practitioner', flags: ['own-address', 'no-relation'] });
    expect(await fault()).toBeUndefined();
    await asOwner(`update audit_event set ${change} where place = 3`);
    expect(await fault()).toMatchObject({ place: 3, what: 'was altered, or does not follow from the row before' });
  });

  it('lets a row say why in codes alone', async () => {
    for (const why of [{ purpose: 'Because I want to' }, { basis: 'a reason: free text?' }, { basis: '' }, { actorAgency: 'Early help' }, { actorRole: '' }, { flags: ['Jane Doe' as 'own-name'] }]) {
      await expect(recordAuditEvent(casework.db, clock, { actorId: 'u1', action: 'page.open', outcome: 'done', ...why })).rejects.toMatchObject({ code: '23514' });
    }
    expect(await verifyAudit(casework.db)).toMatchObject({ rows: 0 });
  });

  it('names the first row that is missing, in the middle and at the end', async () => {
    await add(6);
    await asOwner('delete from audit_event where place = 6');
    expect(await fault()).toEqual({ place: 6, what: 'is missing' });
    await asOwner('delete from audit_event where place in (2, 3)');
    expect(await fault()).toEqual({ place: 2, what: 'is missing, and all rows up to 3' });
  });

  it('sees two rows that changed places, and a row put between', async () => {
    await add(5);
    await asOwner('update audit_event set place = -2 where place = 2', 'update audit_event set place = 2 where place = 4', 'update audit_event set place = 4 where place = -2');
    expect(await fault()).toMatchObject({ place: 2 });
  });

  it('lets nobody change or remove a row, the owner neither while the guards stand', async () => {
    await add(1);
    for (const statement of ['update audit_event set outcome = $$failed$$', 'delete from audit_event', 'truncate audit_event', 'update audit_head set place = 0']) {
      await expect(sql.raw(statement).execute(casework.db)).rejects.toMatchObject({ code: '42501' });
    }
    await expect(sql.raw(`insert into audit_event (occurred_at, actor_id, action, outcome, place, hash) values (now(), 'u1', 'session.start', 'done', 77, sha256('x'))`).execute(casework.db)).resolves.toBeDefined();
    expect(await verifyAudit(casework.db)).toMatchObject({ rows: 2, head: { place: 2 } });
    expect(await fault()).toBeUndefined();
  });

  it('that was made anew after a change is whole by itself, and contradicts the checkpoints', async () => {
    await add(3);
    await addCheckpoint(home, casework.db, clock);
    await add(3);
    await addCheckpoint(home, casework.db, clock);
    await add(1);
    expect(await verifyAudit(casework.db, readCheckpoints(home))).toMatchObject({ rows: 7, checkpoints: 2, sinceCheckpoint: 1 });
    await asOwner(`update audit_event set actor_id = 'somebody-else' where place = 5`);
    await chainAnew(5);
    expect((await verifyAudit(casework.db)).fault).toBeUndefined();
    expect(await fault()).toMatchObject({ place: 4, what: expect.stringContaining('up to row 6') });
  });

  it('that lost its last rows and its note of them contradicts the checkpoints', async () => {
    await add(4);
    await addCheckpoint(home, casework.db, clock);
    await asOwner('delete from audit_event where place > 2', 'update audit_head set (place, hash) = (select place, hash from audit_event where place = 2)');
    expect((await verifyAudit(casework.db)).fault).toBeUndefined();
    expect(await fault()).toEqual({ place: 3, what: 'is missing, and all rows up to 4' });
  });

  it('counts rows that bear an earlier time, without calling them wrong', async () => {
    await add(2);
    await recordAuditEvent(casework.db, fixedClock('2026-11-23T09:00:00Z'), { actorId: 'u1', action: 'session.start', outcome: 'done' });
    const verdict = await verifyAudit(casework.db);
    expect([verdict.backwards, verdict.fault]).toEqual([1, undefined]);
  });

  it('takes in the rows that were there before it, in the order in which they were added', async () => {
    const place = await stores.unmigratedPlace();
    const migrations = readMigrations(productMigrations);
    const before = await openCasework({ ...place, clock, migrations: migrations.filter(({ name }) => name < '0003') });
    for (const actorId of ['u1', 'u2', 'u3']) await recordAuditEvent(before.db, clock, { actorId, action: 'session.start', outcome: 'done' });
    await before.close();
    const after = await openCasework({ ...place, clock });
    await recordAuditEvent(after.db, clock, { actorId: 'u4', action: 'session.start', outcome: 'done' });
    const { rows } = await sql<{ actor: string }>`select actor_id as actor from audit_event order by place`.execute(after.db);
    expect(rows.map(({ actor }) => actor)).toEqual(['u1', 'u2', 'u3', 'u4']);
    expect(await verifyAudit(after.db)).toMatchObject({ rows: 4, head: { place: 4 } });
    await after.close();
  });

  it('keeps the hashes of the rows that were there before rows could say why', async () => {
    const place = await stores.unmigratedPlace();
    const migrations = readMigrations(productMigrations);
    const before = await openCasework({ ...place, clock, migrations: migrations.filter(({ name }) => name < '0006') });
    for (const actorId of ['u1', 'u2']) await recordAuditEvent(before.db, clock, { actorId, action: 'person.read', outcome: 'done', subjectKind: 'person', subjectIds: ['p1'] });
    const hashes = async (db: Casework['db']) => (await sql<{ hash: string }>`select encode(hash, 'hex') as hash from audit_event order by place`.execute(db)).rows.map(({ hash }) => hash);
    const old = await hashes(before.db);
    await before.close();
    const after = await openCasework({ ...place, clock });
    await recordAuditEvent(after.db, clock, { actorId: 'u3', action: 'person.read', outcome: 'done', purpose: 'early-help', basis: 'A1/1/1' });
    expect((await hashes(after.db)).slice(0, 2)).toEqual(old);
    const verdict = await verifyAudit(after.db);
    expect([verdict.rows, verdict.fault]).toEqual([3, undefined]);
    await after.close();
  });

  it('has a checkpoint only where it has grown, each sealed over the one before', async () => {
    expect(await addCheckpoint(home, casework.db, clock)).toBeUndefined();
    for (let n = 0; n < 3; n += 1) {
      await add(1);
      expect(await addCheckpoint(home, casework.db, clock)).toMatchObject({ place: n + 1 });
      expect(await addCheckpoint(home, casework.db, clock)).toBeUndefined();
    }
    const file = checkpointFile(home);
    const whole = readFileSync(file, 'utf8');
    const [first, second, third] = whole.trim().split('\n');
    expect(readCheckpoints(home).map(({ place }) => place)).toEqual([1, 2, 3]);
    for (const [altered, line] of [[[first!.replace('"place":1', '"place":9'), second, third], 1], [[first, third], 2], [['{}', second, third], 2], [[second, first, third], 1]] as const) {
      writeFileSync(file, `${altered.join('\n')}\n`);
      expect(() => readCheckpoints(home)).toThrow(`Line ${line} of the audit's checkpoints`);
    }
    writeFileSync(file, whole.slice(0, -40));
    await add(1);
    await addCheckpoint(home, casework.db, clock);
    expect(readCheckpoints(home).map(({ place }) => place)).toEqual([1, 2, 4]);
    expect(await fault()).toBeUndefined();
  });

  describe('rows that wait', () => {
    const look = (action: string, at = '2026-11-24T08:00:00Z') => keepWaitingRow(home, fixedClock(at), { actorId: 'os-user:ada', action, outcome: 'done', subjectKind: 'feed', subjectIds: ['visit'] });
    const takeIn = () => takeInWaitingRows(home, { db: casework.db, clock });
    const actions = async () => (await listAuditEvents(casework.db, { limit: 50 })).map(({ action }) => action).toReversed();
    const waiting = () => readdirSync(waitingFolder(home)).toSorted();

    it('are taken in once, in their order, with the times of their own, which are no clock that was set back', async () => {
      look('feed.ingest', '2026-11-24T08:00:02Z');
      look('question.ask', '2026-11-24T08:00:01Z');
      await add(1);
      const kept = waiting().map((name) => [join(waitingFolder(home), name), readFileSync(join(waitingFolder(home), name))] as const);
      expect(await takeIn()).toBe(2);
      expect(waiting()).toEqual([]);
      expect(await actions()).toEqual(['person.read', 'audit.take-in', 'question.ask', 'feed.ingest']);
      const [last] = await listAuditEvents(casework.db, { limit: 1 });
      expect(last).toMatchObject({ actorId: 'os-user:ada', outcome: 'done', subjectKind: 'feed', subjectIds: ['visit'], occurredAt: Date.parse('2026-11-24T08:00:02Z') });
      // A process that was killed once they were in the chain, and before it took their files away.
      for (const [path, content] of kept) writeFileSync(path, content);
      look('snapshot.build');
      expect(await takeIn()).toBe(1);
      expect(waiting()).toEqual([]);
      expect(await actions()).toEqual(['person.read', 'audit.take-in', 'question.ask', 'feed.ingest', 'audit.take-in', 'snapshot.build']);
      const { rows, backwards, fault: wrong } = await verifyAudit(casework.db);
      expect([rows, backwards, wrong]).toEqual([6, 0, undefined]);
      await recordAuditEvent(casework.db, fixedClock('2026-11-23T09:00:00Z'), { actorId: 'u1', action: 'session.start', outcome: 'done' });
      expect((await verifyAudit(casework.db)).backwards).toBe(1);
    });

    it('are each taken in by one of several that open the store at once', async () => {
      for (let n = 0; n < 5; n += 1) look('question.ask');
      const taken = await Promise.all([takeIn(), takeIn(), takeIn()]);
      expect(taken.reduce((sum, each) => sum + each, 0)).toBe(5);
      expect((await actions()).filter((action) => action === 'question.ask')).toHaveLength(5);
    });

    it('that were altered stay where they are and are named; the others are taken in', async () => {
      look('feed.ingest');
      const [name] = waiting() as [string];
      const path = join(waitingFolder(home), name);
      const whole = readFileSync(path, 'utf8');
      for (const altered of [whole.replace('os-user:ada', 'os-user:eve'), whole.slice(0, 40), '{}']) {
        writeFileSync(path, altered);
        look('question.ask');
        expect(await takeIn()).toBe(1);
        expect(listWaitingRows(home)).toEqual({ rows: [], altered: [name] });
      }
      expect(await actions()).not.toContain('feed.ingest');
    });

    it('say what an act changed, also where it failed half way, and nothing of one that changed nothing', async () => {
      const act = (tells: number, fails: boolean) => withWaitingRow(home, clock, { actorId: 'u1', action: 'feed.ingest' }, async (tell) => {
        // While it runs, its beginning is left to it.
        expect([await takeIn(), waiting().length]).toEqual([0, 1]);
        const subjectIds = Array.from({ length: tells }, (_, n) => `visit/00000${n + 1}`);
        if (tells > 0) tell({ subjectKind: 'load', subjectIds });
        if (fails) throw new Error('The second file is wrong');
        return subjectIds.length;
      });
      expect(await act(2, false)).toBe(2);
      await takeIn();
      await expect(act(1, true)).rejects.toThrow('The second file is wrong');
      await takeIn();
      await expect(act(0, true)).rejects.toThrow();
      await act(0, false);
      expect(waiting()).toEqual([]);
      const made = (await listAuditEvents(casework.db, { actorId: 'u1', limit: 10 })).map(({ outcome, subjectIds }) => [outcome, subjectIds]);
      expect(made).toEqual([['failed', ['visit/000001']], ['done', ['visit/000001', 'visit/000002']]]);
    });

    it('tell of an act whose process was killed that it failed', async () => {
      const module = (name: string) => JSON.stringify(join(import.meta.dirname, name));
      const script = `import { withWaitingRow } from ${module('audit-waiting.ts')}; import { homeAt } from ${module('home.ts')};
        await withWaitingRow(homeAt(${JSON.stringify(home.dir)}, {}), { now: () => ${clock.now()} }, { actorId: 'u1', action: 'snapshot.build' }, () => { process.kill(process.pid, 'SIGKILL'); return new Promise(() => undefined); });`;
      const { signal, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
      expect([signal, stderr]).toEqual(['SIGKILL', '']);
      expect(await takeIn()).toBe(1);
      expect(await listAuditEvents(casework.db, { limit: 1 })).toMatchObject([{ action: 'snapshot.build', outcome: 'failed', actorId: 'u1' }]);
      expect(waiting()).toEqual([]);
    });

    it('refuse what the audit would refuse, before anything is done', async () => {
      let ran = false;
      await expect(withWaitingRow(home, clock, { actorId: 'u1', action: 'Not a code' }, async () => void (ran = true))).rejects.toThrow();
      expect(ran).toBe(false);
    });
  });
});
