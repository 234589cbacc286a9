import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openGovernedStore, type GovernedStore } from '../../test/support/governed-store.ts';
import { describeStores } from '../../test/support/stores.ts';
import type { Role } from '../core/index.ts';
import { asReader, breakGlass, liftSeal, sealSubject, type PersonKeys, type Reader } from './index.ts';
import { findStandings, listCasePeople } from './person-standing.store.ts';

const start = Date.parse('2026-12-01T09:00:00Z');
const hour = 60 * 60 * 1000;
const who = (userId: string, agency: string, role: Role = 'lead-practitioner'): Reader => ({ userId, agency, role });
const governance = who('ig', 'council', 'governance-lead');
const person = (personKey: string, given: Partial<PersonKeys> = {}): PersonKeys => ({ personKey, meaning: [personKey], ever: [personKey], ...given });

describeStores('how a reader stands to people', (stores) => {
  let now = start;
  const clock = { now: () => now };
  let store: GovernedStore;
  const standing = async (reader: Reader, people: PersonKeys, purpose: string | null = 'early-help') => (await asReader(store.casework.db, reader, purpose, clock, (transaction) => findStandings(transaction, [people]))).get(people.personKey)!;

  beforeAll(async () => {
    store = await openGovernedStore(stores, clock);
    const planted = (key: string, holder: string, lead: string | null, status = 'open') => `insert into case_file (person_key, holder, status, lead_user, lead_agency, opened_at) values ('${key}', '${holder}', '${status}', ${lead ? `'${lead}', 'early-help'` : 'null, null'}, to_timestamp(0))`;
    await store.asOwner([
      planted('P1', 'early-help', 'lead'), planted('P1', 'education', null), planted('P2', 'early-help', 'lead', 'closed'), planted('OLD', 'early-help', 'lead'),
      `insert into case_member (case_id, user_id, agency, since) select case_id, 'member', 'housing', to_timestamp(0) from case_file where person_key = 'P1' and holder = 'early-help'`,
      `insert into case_member (case_id, user_id, agency, since, until) select case_id, 'gone', 'hospital', to_timestamp(0), to_timestamp(1) from case_file where person_key = 'P1' and holder = 'early-help'`,
    ].join(';\n'));
  });
  afterAll(() => store.casework.close());

  it.each([
    [who('lead', 'early-help'), 'lead'], [who('member', 'housing'), 'member'], [who('colleague', 'early-help'), 'agency'], [who('teacher', 'education'), 'agency'],
    [who('neighbour', 'housing'), 'agency'], [who('gone', 'hospital'), 'none'], [who('stranger', 'police'), 'none'],
  ] as const)('is by the closest of the open cases: %j', async (reader, relation) => expect((await standing(reader, person('P1'))).relation).toBe(relation));

  it('is none where the case is closed, and nobody’s for a user id that is empty', async () => {
    expect((await standing(who('lead', 'early-help'), person('P2'))).relation).toBe('none');
    expect((await standing(who('lead', 'early-help'), person('P9'))).relation).toBe('none');
  });

  it('names the people of open cases, the closest first, as many as asked', async () => {
    const list = (reader: Reader, most = 10) => asReader(store.casework.db, reader, 'early-help', clock, (transaction) => listCasePeople(transaction, most));
    expect((await list(who('lead', 'early-help'))).toSorted()).toEqual(['OLD', 'P1']);
    expect(await list(who('member', 'housing'))).toEqual(['P1']);
    expect(await list(who('lead', 'early-help'), 1)).toHaveLength(1);
    expect(await list(who('gone', 'hospital'))).toEqual([]);
  });

  it('follows the keys that mean the person now, and no others', async () => {
    expect((await standing(who('lead', 'early-help'), person('P5', { meaning: ['P5', 'OLD'] }))).relation).toBe('lead');
    expect((await standing(who('lead', 'early-help'), person('P5', { ever: ['P5', 'OLD'] }))).relation).toBe('none');
  });

  it('has a seal by every key under which a record ever stood, until each is lifted, and its keepers by all of them', async () => {
    const { db } = store.casework;
    const sealing = (personKey: string, keepers: [string, ...string[]]) => sealSubject(db, clock, { reader: governance, personKey, ground: 'other', whomToRing: `the desk for ${personKey}`, keepers });
    const one = await sealing('S-OLD', ['keeper', 'half']);
    const two = await sealing('S-NEW', ['keeper']);
    const merged = person('S-NEW', { meaning: ['S-NEW'], ever: ['S-NEW', 'S-OLD'] });
    expect(await standing(who('anyone', 'early-help'), merged)).toMatchObject({ subject: { sealed: true, keeper: false }, whomToRing: 'the desk for S-NEW' });
    expect((await standing(who('half', 'early-help'), merged)).subject).toMatchObject({ sealed: true, keeper: false });
    expect(await standing(who('keeper', 'early-help'), merged)).toMatchObject({ subject: { sealed: true, keeper: true }, whomToRing: null });
    expect((await standing(who('anyone', 'early-help', 'analyst'), merged)).whomToRing).toBeNull();
    if (!one.ok || !two.ok) throw new Error('Not sealed');
    await liftSeal(db, clock, { reader: governance, sealedSubjectId: two.sealedSubjectId, reason: 'Over' });
    expect(await standing(who('anyone', 'early-help'), merged)).toMatchObject({ subject: { sealed: true }, whomToRing: 'the desk for S-OLD' });
    await liftSeal(db, clock, { reader: governance, sealedSubjectId: one.sealedSubjectId, reason: 'Over' });
    expect((await standing(who('anyone', 'early-help'), merged)).subject.sealed).toBe(false);
  });

  describe('with a broken glass', () => {
    it('is the reader’s own, for two hours, under the key that means the person now', async () => {
      const reader = who('worker', 'early-help');
      const broken = await breakGlass(store.casework.db, clock, { reader, purpose: 'early-help', personKey: 'G-OLD', reason: 'A child may come to harm tonight' });
      expect(broken).toMatchObject({ ok: true, until: start + 2 * hour });
      const glass = async (by: Reader, people = person('G', { meaning: ['G', 'G-OLD'] })) => (await standing(by, people)).subject.brokenUntil;
      expect(await glass(reader)).toBe(start + 2 * hour);
      expect(await glass(who('colleague', 'early-help'))).toBeNull();
      expect(await glass(reader, person('G', { ever: ['G', 'G-OLD'] }))).toBeNull();
      now = start + 2 * hour;
      expect(await glass(reader)).toBeNull();
      now = start;
    });
  });

  it('is asked by a reader alone: without one the database tells nothing', async () => {
    const { rows } = await sql`select * from reader_people(array['P1', 'S-OLD'])`.execute(store.casework.db);
    expect(rows).toEqual([]);
    expect((await sql`select * from reader_case_people(10)`.execute(store.casework.db)).rows).toEqual([]);
    expect((await sql<{ relation: string }>`select reader_relation(array['P1']) as relation`.execute(store.casework.db)).rows).toEqual([{ relation: 'none' }]);
  });
});
