// Attacks on governed cases from within the program: each is refused, or finds nothing, and neither its answer nor its error tells what is there.

import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { openCasework } from '../store/index.ts';
import { coordinator, governedStart, nurse, outsider, practitioner, usualGrants } from '../../test/support/governed-people.ts';
import { openGovernedStore, type GovernedStore } from '../../test/support/governed-store.ts';
import { describePostgres, describeStores } from '../../test/support/stores.ts';
import { asReader, casesWithin, readerCases, scorePatterns, meansScore, type Reader } from './index.ts';

const refused = { code: '42501' };
const unknown = '00000000-0000-4000-8000-000000000000';

/** What went wrong, as a reader could learn it. */
async function faultOf(work: Promise<unknown>): Promise<{ code?: string; message: string; detail?: string }> {
  try {
    await work;
  } catch (error) {
    const { code, message, detail } = error as { code?: string; message: string; detail?: string };
    return { code, message, detail };
  }
  throw new Error('Nothing went wrong');
}

describeStores('attacks on governed cases', (stores) => {
  let now = governedStart;
  const clock = { now: () => now };
  let store: GovernedStore;
  let caseId: string;
  let entryId: string;
  const cases = (reader: Reader, purpose: string | null = 'early-help') => readerCases(store.casework.db, clock, reader, purpose);
  const ask = <T>(statement: string) => sql.raw<T>(statement).execute(store.casework.db);
  const askAs = <T>(reader: Reader, statement: string, purpose: string | null = 'early-help') => asReader(store.casework.db, reader, purpose, clock, async (transaction) => (await sql.raw<T>(statement).execute(transaction)).rows);

  beforeAll(async () => {
    store = await openGovernedStore(stores, clock);
    await store.plantGrants(usualGrants);
    const started = await cases(coordinator).startCase('P1');
    if (!started.ok) throw new Error('No case');
    caseId = started.caseId;
    const entry = await cases(coordinator).addEntry({ caseId, section: 'plan', text: 'secret visit on Monday' });
    if (!entry.ok) throw new Error('No entry');
    entryId = entry.entryId;
  });
  beforeEach(async () => {
    now = governedStart;
    await store.plantGrants(usualGrants);
  });
  afterAll(() => store.casework.close());

  it('by an id that is forged, malformed or another agency\'s: all look alike', async () => {
    for (const id of [caseId, unknown, 'x', '', "' or true --", caseId.toUpperCase()]) {
      expect(await cases(outsider).openCase(id)).toBeUndefined();
      expect(await cases(outsider).listAttachments(id)).toEqual([]);
      expect(await cases(outsider).readInBulk([id])).toEqual([]);
      expect(await cases(outsider).assignLead([id], { userId: 'outsider', agency: 'housing' })).toEqual([]);
      expect(await cases(outsider).endMember(id)).toEqual({ ok: false });
      expect(await cases(outsider).addMember(id, { userId: 'outsider', agency: 'housing' })).toEqual({ ok: false });
      expect(await cases(outsider).addEntry({ caseId: id, section: 'plan', text: 'x' })).toEqual({ ok: false, reason: 'refused' });
      expect(await cases(outsider).addAttachment({ entryId: id === caseId ? entryId : id, fileName: 'a', mediaType: 'text/plain', bytes: 1, sha256: 'a'.repeat(64) })).toEqual({ ok: false, reason: 'refused' });
    }
  });

  it('by an id that is stale: nothing is left once the agreement has lapsed', async () => {
    expect(await cases(coordinator).openCase(caseId)).toBeDefined();
    now += 30 * 24 * 60 * 60 * 1000;
    expect(await cases(coordinator).openCase(caseId)).toBeUndefined();
    expect(await cases(coordinator).addEntry({ caseId, section: 'plan', text: 'x' })).toEqual({ ok: false, reason: 'refused' });
    expect(await cases(coordinator).exportEntries({})).toEqual([]);
  });

  it('by a purpose that is changed within the transaction: the rest of it sees nothing', async () => {
    await asReader(store.casework.db, coordinator, 'evaluation', clock, async (transaction) => {
      const within = casesWithin(transaction, clock);
      expect(await within.openCase(caseId)).toBeUndefined();
      await sql`select set_config('headwater.purpose', 'early-help', true)`.execute(transaction);
      expect(await within.openCase(caseId)).toBeUndefined();
    });
    await asReader(store.casework.db, coordinator, 'early-help', clock, async (transaction) => {
      const within = casesWithin(transaction, clock);
      expect(await within.openCase(caseId)).toBeDefined();
      await sql`select set_config('headwater.purpose', 'evaluation', true)`.execute(transaction);
      expect(await within.openCase(caseId)).toBeUndefined();
    });
  });

  it('by a second reader in one transaction: refused', async () => {
    const second = asReader(store.casework.db, outsider, null, clock, (transaction) => sql`select become_reader('coordinator', 'hub-coordinator', 'early-help', 'early-help', ${now}::bigint)`.execute(transaction));
    await expect(second).rejects.toMatchObject(refused);
  });

  it('by settings alone, without a reader: nothing', async () => {
    const rows = await store.casework.db.transaction().execute(async (transaction) => {
      for (const [name, value] of [['user', 'coordinator'], ['role', 'hub-coordinator'], ['agency', 'early-help'], ['purpose', 'early-help'], ['at', String(now)]]) await sql`select set_config(${`headwater.${name}`}, ${value}, true)`.execute(transaction);
      return (await sql`select case_id from case_entry`.execute(transaction)).rows;
    });
    expect(rows).toEqual([]);
  });

  it('by what a former transaction left on the connection: nothing, whether it ended well or not', async () => {
    expect(await askAs(coordinator, 'select entry_id from case_entry')).not.toEqual([]);
    const boom = asReader(store.casework.db, coordinator, 'early-help', clock, async () => {
      throw new Error('boom');
    });
    await expect(boom).rejects.toThrow('boom');
    for (let n = 0; n < 12; n += 1) {
      expect((await ask('select entry_id from case_entry')).rows).toEqual([]);
      expect((await ask<{ left: string }>("select coalesce(current_setting('headwater.user', true), '') || coalesce(current_setting('headwater.purpose', true), '') as left")).rows).toEqual([{ left: '' }]);
    }
    expect(await askAs(outsider, 'select entry_id from case_entry')).toEqual([]);
  });

  it('by prefix, pattern, sort order, count or aggregate: only what the reader has', async () => {
    expect(await cases(nurse).searchEntries({ prefix: 's', limit: 50 })).toEqual([]);
    expect(await cases(nurse).searchEntries({ prefix: '', limit: 50 })).toEqual([]);
    expect(await askAs(nurse, 'select entry_id from case_entry order by text, author limit 1')).toEqual([]);
    expect(await askAs(nurse, 'select count(*)::int as n, max(text) as last, count(distinct person_key)::int as people from case_entry')).toEqual([{ n: 0, last: null, people: 0 }]);
    expect(await askAs(nurse, "select 1 as one where exists (select from case_entry where person_key = 'P1')")).toEqual([]);
    expect(await askAs(nurse, "select most_common_vals::text as v from pg_stats where tablename in ('case_entry', 'case_file')")).toEqual([]);
  });

  it('by an error or a function that hidden rows would trip: they are never looked at', async () => {
    for (const condition of ['text::int > 0', "1 / (case when text like 'secret%' then 0 else 1 end) = 1", "xpath('x', text::xml) is not null"]) {
      expect(await askAs(outsider, `select entry_id from case_entry where ${condition}`)).toEqual([]);
    }
    const leak = "create function pg_temp.leak(text) returns boolean language plpgsql cost 0.0000001 as $$ begin raise exception 'saw %', $1; end $$";
    const rows = await asReader(store.casework.db, outsider, 'early-help', clock, async (transaction) => {
      await sql.raw(leak).execute(transaction);
      return (await sql.raw('select entry_id from case_entry where pg_temp.leak(text)').execute(transaction)).rows;
    }).catch((error: { message: string }) => [error.message]);
    expect(JSON.stringify(rows)).not.toContain('secret');
  });

  it('by the text of an error: a hidden case and one that is not there give the same', async () => {
    const insert = (id: string) => faultOf(askAs(outsider, `insert into case_entry (case_id, section, text) values ('${id}', 'plan', 'x')`));
    expect(await insert(caseId)).toEqual(await insert(unknown));
    const attach = (id: string) => faultOf(askAs(outsider, `insert into case_attachment (entry_id, file_name, media_type, bytes, sha256) values ('${id}', 'a', 'text/plain', 1, '${'a'.repeat(64)}')`));
    expect(await attach(entryId)).toEqual(await attach(unknown));
    const join = (id: string) => faultOf(askAs(outsider, `insert into case_member (case_id, user_id, agency) values ('${id}', 'outsider', 'housing')`));
    expect(await join(caseId)).toEqual(await join(unknown));
    expect((await insert(caseId)).detail).toBeUndefined();
  });

  it.each([
    ['an id of one\'s choice', (id: string) => `insert into case_file (case_id, person_key) values ('${id}', 'P1')`],
    ['another author', () => `insert into case_entry (case_id, section, text, author) values ('${unknown}', 'plan', 'x', 'practitioner')`],
    ['another holder', () => "insert into case_file (person_key, holder) values ('P1', 'police')"],
    ['a place among those who work on the case', () => "update case_file set works_users = array['', 'outsider']"],
    ['another who attached a file', () => `insert into case_attachment (entry_id, file_name, media_type, bytes, sha256, added_by) values ('${unknown}', 'a', 'text/plain', 1, '${'a'.repeat(64)}', 'practitioner')`],
    ['a file under an id of one\'s choice', () => `insert into case_attachment (attachment_id, entry_id, file_name, media_type, bytes, sha256) values ('${unknown}', '${unknown}', 'a', 'text/plain', 1, '${'a'.repeat(64)}')`],
    ['another hash of a file', () => "update case_attachment set sha256 = ''"],
    ['a file less', () => 'delete from case_attachment'],
    ['an entry unsealed', () => 'update case_entry set sealed = false'],
    ['a look at who works on a case', () => 'select works_users from case_file'],
    ['another text', () => "update case_entry set text = 'x'"],
    ['an entry less', () => 'delete from case_entry'],
    ['an empty table', () => 'truncate case_entry'],
    ['no policies', () => 'alter table case_entry disable row level security'],
    ['one policy more', () => 'create policy mine on case_entry using (true)'],
    ['one policy less', () => 'drop policy read on case_entry'],
    ['no triggers', () => 'alter table case_entry disable trigger all'],
    ['a look past the policies', () => 'set local row_security = off; select text from case_entry'],
    ['a look at the keys that open a case', () => 'select opened_by from case_file'],
    ['what readers have', () => 'select * from reader_now'],
    ['what another reader would have', () => "select access_of('coordinator', 'hub-coordinator', 'early-help', 'early-help', now())"],
    ['keys of one\'s choice', () => "select keys_of_reader('{}', 'coordinator', 'early-help')"],
    ['who is sealed', () => "select is_sealed('P1')"],
    ['another way of working it out', () => 'create or replace function casework.reader_access() returns jsonb language sql as $$ select null::jsonb $$'],
  ])('by asking for %s: refused', async (_case, statement) => {
    const attempt = asReader(store.casework.db, outsider, 'early-help', clock, async (transaction) => {
      for (const each of statement(caseId).split('; ')) await sql.raw(each).execute(transaction);
    });
    await expect(attempt).rejects.toMatchObject(refused);
    expect((await cases(coordinator).openCase(caseId))!.entries).toMatchObject([{ text: 'secret visit on Monday' }]);
  });

  it('by the owner, on what was written: an entry is not changed or removed', async () => {
    await expect(store.asOwner("update case_entry set text = 'x'")).rejects.toMatchObject(refused);
    await expect(store.asOwner('delete from case_entry')).rejects.toMatchObject(refused);
  });

  it('by a word for a score that one of the two lists lacks: they are the same list', async () => {
    const words = ['ace', 'aces', 'ACEcount', 'ace_score', 'aceCount', 'adverse-childhood-experiences', 'adverseExperiences', 'risk-score', 'riskScore', 'predicted', 'ogrs3', 'trauma score', 'probability_of_harm', 'worries', 'plan', 'IMD_score', 'place', 'surface', 'Éace', 'ace é', 'x/ACEs4', 'harm', 'need', 'needs-index', 'child_rank', ''];
    const keys = words.flatMap((word) => [word, `case/${word}`, `${word}x`, `x-${word}-y`]);
    const { rows } = await sql<{ key: string; score: boolean }>`select key, means_score(key) as score from unnest(${keys}::text[]) as each(key)`.execute(store.casework.db);
    expect(rows.filter(({ key, score }) => score !== meansScore(key))).toEqual([]);
    expect(rows.filter(({ score }) => score).length).toBeGreaterThan(30);
    expect(scorePatterns.length).toBeGreaterThan(5);
  });

  it('stands to what the practitioner may have: nothing of a case that they do not work on', async () => {
    expect(await cases(practitioner).openCase(caseId)).toBeUndefined();
    expect(await cases(practitioner).exportEntries({ personKey: 'P1' })).toEqual([]);
  });
});

describePostgres('attacks by the application\'s own login', (stores) => {
  it('cannot become the owner, and sees nothing without a reader', async () => {
    const place = await stores.readyPlace();
    const { url, login } = await stores.asNewLogin(place.url!);
    const casework = await openCasework({ url, migrationUrl: place.url, clock: { now: () => governedStart } });
    try {
      expect((await sql<{ who: string }>`select session_user::text as who`.execute(casework.db)).rows).toEqual([{ who: login }]);
      await expect(sql`set role headwater_owner`.execute(casework.db)).rejects.toMatchObject(refused);
      expect((await sql`select entry_id from case_entry`.execute(casework.db)).rows).toEqual([]);
    } finally {
      await casework.close();
    }
  });
});
