// Backup and restore where casework is on a real PostgreSQL server: every table as it was, or nothing.

import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { fixedClock, silentProgress } from '../src/core/index.ts';
import { openAttachmentFiles, openCasework, openHome, readCheckpoints, recordAuditEvent, restoreHome, readKeyFile, verifyAudit, addCheckpoint, homeAt, keyFileOf, makeKeyFile, type Home } from '../src/store/index.ts';
import { smallPdf } from './support/attachment-home.ts';
import { newFolder } from './support/made-folders.ts';
import { runCommand } from './support/run-command.ts';
import { administer, describePostgres } from './support/stores.ts';

const clock = fixedClock('2026-11-24T09:00:00Z');
const attachmentId = '0000000a-0000-4000-8000-00000000000a';
const placeFor = (name: string) => join(newFolder('restore-postgres'), name);

/** Every row of every table, as a login that no rule of rows holds back sees it. */
async function contentOf(url: string): Promise<Record<string, string[]>> {
  const tables = await administer(`select relname::text as name from pg_class where relnamespace = 'casework'::regnamespace and relkind = 'r' order by 1`, url);
  const content: Record<string, string[]> = {};
  for (const { name } of tables) content[name as string] = (await administer(`select t::text as row from casework.${name as string} t order by 1`, url)).map(({ row }) => row as string);
  return content;
}
const rulesOf = (url: string) => administer(`select c.relname, t.tgname, t.tgenabled, c.relrowsecurity, c.relforcerowsecurity, pg_get_userbyid(c.relowner) as owner from pg_class c left join pg_trigger t on t.tgrelid = c.oid where c.relnamespace = 'casework'::regnamespace and c.relkind = 'r' and not coalesce(t.tgisinternal, false) order by 1, 2`, url);

describePostgres('a backup of casework on a server', (stores) => {
  let home: Home;
  let url: string;
  let file: string;
  const newDatabase = async () => (await stores.emptyPlace()).url!;
  const restore = (dir: string, database: string | undefined) => runCommand(['restore', file, dir, '--key-file', keyFileOf(home)], database === undefined ? {} : { env: { DATABASE_URL: database } });

  beforeAll(async () => {
    home = homeAt(newFolder('backup-postgres'), { partnership: 'Test', simulated: true, memoryLimit: '500MB', threads: 1 });
    writeFileSync(join(home.dir, 'headwater.yaml'), 'partnership: Test\nsimulated: true\n');
    makeKeyFile(keyFileOf(home));
    await openAttachmentFiles(home).write(attachmentId, smallPdf);
    await openAttachmentFiles(home).settle([attachmentId]);
    url = await newDatabase();
    const casework = await openCasework({ url, clock });
    for (let n = 0; n < 1200; n += 1) await recordAuditEvent(casework.db, clock, { actorId: `u${n % 7}`, action: 'person.read', outcome: 'done', subjectKind: 'person', subjectIds: [`p${n}`, 'with "quotes", {braces} and \\ and\nlines'] });
    await addCheckpoint(home, casework.db, clock);
    await casework.close();
    const at = `'2026-11-24 09:00:00.123456+00'`;
    // Of every kind that a table has: keys of itself, JSON, days, lists, bytes, texts with every mark, and what nobody but the owner sees.
    await administer(`set search_path to casework;
      insert into session (key, data, started_at, idle_until, expires_at) values ('${'a'.repeat(64)}', '{"name": "Zoë \\"Q\\"\\n\\t\\\\", "n": 1.50}', ${at}, ${at}, ${at});
      insert into person_undo (act, event_id, build, kind, old_key, new_key, reason, decided_by, decided_at) select 'undo', n, 'b', 'merge', 'P1', 'P2', 'Why ' || n, 'r', ${at} from generate_series(1, 1200) n;
      insert into person_undo (act, event_id, build, kind, old_key, new_key, withdraws, reason, decided_by, decided_at) select 'withdraw', 9000 + n, 'b', 'merge', 'P1', 'P2', n, 'Back', 'r', ${at} from generate_series(1, 700) n;
      insert into link_decision (left_source_id, right_source_id, review_round, seat, decision, reason, decided_by, decided_at, person_undo_id) values ('a:1', 'b:2', 1, 1, 'same', null, 'r', ${at}, 3), ('a:1', 'c:2', 1, 1, 'different', 'Line one' || chr(10) || 'line’s two; -- $1 \\n', 'r', ${at}, null);
      insert into reidentification (user_id, agency, role, purpose, agreement_id, ground, asked, person_keys, done_at) values ('n', 'hospital', 'analyst', 'early-help', 'a1', 'Ground', 9, array['P1', 'P"2,{}', 'NULL'], ${at});
      insert into case_file (person_key, holder, lead_user, lead_agency, opened_at) values ('P00000000000000a1', 'early-help', 'w', 'early-help', ${at});
      insert into case_entry (case_id, section, holder, author, text, created_at) select case_id, 'worries', 'early-help', 'w', repeat('Länger ', 1000) || n, opened_at from case_file, generate_series(1, 300) n;
      insert into case_attachment (attachment_id, entry_id, file_name, media_type, bytes, sha256, added_by, added_at) select '${attachmentId}', entry_id, 'letter.pdf', 'application/pdf', ${smallPdf.length}, '${'0'.repeat(64)}', 'w', created_at from case_entry limit 1;
      insert into sealed_subject (person_key, ground, whom_to_ring, sealed_by, sealed_at) select 'P00000000000000a1', 'other', 'the desk', 'ig', ${at};`, url);
    file = join(newFolder('backup-file'), 'county.backup');
    const ran = await runCommand(['backup', file, '--home', home.dir], { env: { DATABASE_URL: url } });
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.stdout).toMatch(/and the casework of the PostgreSQL server \([\d,]+ rows\)/);
  }, 180_000);

  it('restored has every row of every table, every rule and the next numbers as they were, an audit that verifies, and files of cases', async () => {
    const [database, dir] = [await newDatabase(), placeFor('county')];
    expect(await restore(dir, database)).toMatchObject({ code: 0, stderr: '' });
    const before = await contentOf(url);
    expect(Object.values(before).filter((rows) => rows.length > 0).length).toBeGreaterThan(9);
    expect(before.person_undo).toHaveLength(1900);
    const after = await contentOf(database);
    for (const [table, rows] of Object.entries(before)) expect([table, after[table]!.length, after[table]]).toEqual([table, rows.length, rows]);
    expect(Object.keys(after)).toEqual(Object.keys(before));
    expect(await rulesOf(database)).toEqual(await rulesOf(url));
    const restored = openHome(dir);
    expect(openAttachmentFiles(restored).read(attachmentId)).toEqual(smallPdf);
    const casework = await openCasework({ url: database, clock });
    try {
      const verdict = await verifyAudit(casework.db, readCheckpoints(restored));
      expect([verdict.fault, verdict.rows]).toEqual([undefined, 1201]);
      await recordAuditEvent(casework.db, clock, { actorId: 'u', action: 'person.read', outcome: 'done' });
      expect((await verifyAudit(casework.db)).fault).toBeUndefined();
    } finally {
      await casework.close();
    }
    await expect(administer('delete from casework.audit_event', database)).rejects.toThrow('added to, never changed or removed');
  }, 120_000);

  it('is made and restored by the login that prepares tables where the application has one of its own, and refused without it', async () => {
    const [database, dir] = [await newDatabase(), placeFor('county')];
    const app = await stores.asNewLogin(database);
    const both = { DATABASE_URL: app.url, MIGRATION_DATABASE_URL: database };
    const refused = await runCommand(['restore', file, dir, '--key-file', keyFileOf(home)], { env: { DATABASE_URL: app.url } });
    expect([refused.code, existsSync(dir)]).toEqual([6, false]);
    expect(refused.stderr).toContain('Give MIGRATION_DATABASE_URL a login that may');
    expect(await runCommand(['restore', file, dir, '--key-file', keyFileOf(home)], { env: both })).toMatchObject({ code: 0, stderr: '' });
    expect(await contentOf(database)).toEqual(await contentOf(url));
    // The application's login finds its store ready.
    await (await openCasework({ url: app.url, clock })).close();
    const again = join(newFolder('backup-file'), 'again.backup');
    const alone = await runCommand(['backup', again, '--home', dir], { env: { DATABASE_URL: app.url } });
    expect([alone.code, existsSync(again), readdirSync(dirname(again))]).toEqual([6, false, []]);
    expect(alone.stderr).toContain('MIGRATION_DATABASE_URL');
    expect(await runCommand(['backup', again, '--home', dir], { env: both })).toMatchObject({ code: 0, stderr: '' });
  }, 120_000);

  it('is refused where a rule of rows hides some from whoever copies them, and leaves no file', async () => {
    const database = await newDatabase();
    await (await openCasework({ url: database, clock })).close();
    const place = join(newFolder('backup-file'), 'hidden.backup');
    await administer('drop policy keep_whole on casework.correction', database);
    const ran = await runCommand(['backup', place, '--home', home.dir], { env: { DATABASE_URL: database } });
    expect([ran.code, readdirSync(dirname(place))]).toEqual([1, []]);
    expect(ran.stderr).toMatch(/hidden from its owner.*correction/);
  }, 60_000);

  it('is refused into a database with rows, says what to do, and touches nothing', async () => {
    const [database, dir] = [await newDatabase(), placeFor('county')];
    const casework = await openCasework({ url: database, clock });
    await recordAuditEvent(casework.db, clock, { actorId: 'other', action: 'person.read', outcome: 'done' });
    await casework.close();
    const before = await contentOf(database);
    const ran = await restore(dir, database);
    expect([ran.code, ran.stdout]).toEqual([2, '']);
    expect(ran.stderr).toMatch(/This database has rows already, in the table "audit_event".*Make a new database/);
    expect(await contentOf(database)).toEqual(before);
    expect(readdirSync(dirname(dir))).toEqual([]);
  }, 60_000);

  it('is refused without a database, with what to do', async () => {
    const dir = placeFor('county');
    const ran = await restore(dir, undefined);
    expect([ran.code, existsSync(dir)]).toEqual([2, false]);
    expect(ran.stderr).toContain('Make an empty database, give its address with DATABASE_URL');
  });

  it('cut off at any moment leaves no row and no home, and the next one is whole; cut off when the rows are kept, the next one finishes it', async () => {
    const [database, dir] = [await newDatabase(), placeFor('county')];
    const cut = (at: string) => spawnSync(process.execPath, [join(import.meta.dirname, 'support', 'cut-off-restore.ts'), at, file, dir, keyFileOf(home), database], { encoding: 'utf8' });
    for (const at of ['rows', 'proof', 'proven']) {
      expect(cut(at)).toMatchObject({ signal: 'SIGKILL' });
      const rows = await administer(`select to_regclass('casework.audit_event') is not null as there`, database);
      if (rows[0]!.there) expect([at, (await contentOf(database)).audit_event, (await contentOf(database)).case_entry]).toEqual([at, [], []]);
      expect(existsSync(dir)).toBe(false);
    }
    expect(cut('kept')).toMatchObject({ signal: 'SIGKILL' });
    expect([(await contentOf(database)).audit_event!.length, existsSync(dir)]).toEqual([1201, false]);
    expect(await restore(dir, database)).toMatchObject({ code: 0, stderr: '' });
    expect(await contentOf(database)).toEqual(await contentOf(url));
    expect(readdirSync(dirname(dir))).toEqual(['county']);
  }, 180_000);

  it('that would not be what was backed up is kept nowhere', async () => {
    const [database, dir] = [await newDatabase(), placeFor('county')];
    // A rule of the database that changes what is written.
    await (await openCasework({ url: database, clock })).close();
    await administer(`create function casework.other_words() returns trigger language plpgsql as 'begin new.reason := ''x''; return new; end'; create trigger zz before insert on casework.reidentification for each row execute function casework.other_words(); alter table casework.reidentification enable always trigger zz;`, database);
    await expect(restoreHome(file, dir, { keys: [readKeyFile(keyFileOf(home))], progress: silentProgress, server: { url: database }, clock })).rejects.toThrow(/so that nothing was kept of it/);
    expect((await contentOf(database)).audit_event).toEqual([]);
    expect(readdirSync(dirname(dir))).toEqual([]);
  }, 60_000);
});
