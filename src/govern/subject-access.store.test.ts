import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { coordinator, governance, governedStart, nurse, practitioner, usualGrants } from '../../test/support/governed-people.ts';
import { openGovernedStore, type GovernedStore } from '../../test/support/governed-store.ts';
import { memoryAgreements } from '../../test/support/memory-agreements.ts';
import { heldRow, memoryPeople } from '../../test/support/people-server.ts';
import { describeStores } from '../../test/support/stores.ts';
import { readRecordFeeds } from '../build/index.ts';
import { newAttachmentHome, smallPdf } from '../../test/support/attachment-home.ts';
import { listAuditEvents, recordAuditEvent } from '../store/index.ts';
import { asReader, breakGlass, liftSeal, openShareRecords, openSubjectAccess, readAgreementPacks, readerCases, removedMark, sealSubject, type AccessPack, type MakeFiles, type PeopleAround, type RowsBeyond, type SubjectAccess } from './index.ts';
import { readAccess } from './subject-access.store.ts';

let now = governedStart;
const clock = { now: () => now };
const [ada, ben, sealed, gone] = ['P00000000000000a1', 'P00000000000000b1', 'P00000000000000c1', 'P00000000000000d1'] as const;
const oldSealed = 'P00000000000000c9';
const keeper = { ...governance, userId: 'keeper' };
const unknown = '00000000-0000-4000-8000-000000000000';
const refused = { code: '42501' };
const rows = [
  heldRow(ada, 'early-help-episode', 2, { episode_ref: 'E1', requested_on: '2026-05-01', forename: 'Ada', surname: 'Quill', address: 'c/o Mrs Rowe, 3 Mill Lane', closure_reason: 'Benedict moved out' }),
  heldRow(ada, 'police-involvement', 11, { incident_ref: 'I3', forename: 'Otto', surname: 'Rowntree', sex: 'M' }),
  heldRow(ada, 'police-incident', 4, { incident_ref: 'I1', reported_at: '2026-06-01 22:10:00', location: '9 Orchard Way', summary: 'Benedict Quill shouted at Ada from the road' }, [ben]),
  heldRow(ada, 'police-incident', 5, { incident_ref: 'I2', reported_at: '2026-07-01 22:10:00', location: 'Secretplace', summary: 'Sealedword was seen with Ada on the road' }, [sealed]),
  heldRow(ben, 'early-help-episode', 7, { episode_ref: 'E2', forename: 'Benedict', surname: 'Quill' }),
  heldRow(sealed, 'early-help-episode', 9, { episode_ref: 'E3', forename: 'Sealed', surname: 'Person' }),
];
const people = memoryPeople(rows, { [oldSealed]: sealed });
const around: PeopleAround = { own: { forename: ['Ada'], surname: ['Quill'] }, others: [{ personKey: ben, values: { forename: ['Benedict'], surname: ['Quill'] } }], shared: new Map([['police-involvement/000001-0123456789ab 11', 'theirs']]) };
const make: MakeFiles = ({ shown, asAt }) => ({ document: JSON.stringify([asAt, shown.map(({ part, facts }) => [part, facts.map((fact) => fact.shown)])]), rows: JSON.stringify(shown.map(({ part }) => part)) });

describeStores('requests to see what is held', (stores) => {
  let store: GovernedStore;
  let desk: SubjectAccess;
  const later = () => void (now += 60_000);
  const open = async (personKey: string = ada) => {
    later();
    const opened = await desk.open(governance, { personKey, askedOn: '2026-11-30', askedBy: 'person', authority: null });
    if (!opened.ok) throw new Error(opened.reason);
    return opened.subjectAccessId;
  };
  const checked = async (personKey: string = ada) => {
    const id = await open(personKey);
    expect(await desk.step(governance, id, { kind: 'identity', code: 'documents', on: '2026-12-01', words: '' })).toEqual({ ok: true });
    return id;
  };
  const packOf = async (id: string): Promise<AccessPack> => {
    const answer = await desk.pack(governance, id);
    if (answer.kind !== 'pack') throw new Error(answer.kind);
    return answer.pack;
  };
  const decideAll = async (id: string, choice: 'remove' | 'keep' = 'remove') => {
    const choices = (await packOf(id)).items.flatMap(({ places }) => places.map(({ place }) => ({ place, choice, reason: 'x' })));
    expect(await desk.choose(governance, id, choices)).toEqual({ ok: true });
    later();
  };
  const textOf = ({ shown }: AccessPack) => JSON.stringify(shown.map(({ facts }) => facts.map((fact) => [fact.value, fact.shown])));

  beforeAll(async () => {
    store = await openGovernedStore(stores, clock);
    const { db } = store.casework;
    const register = memoryAgreements(clock, readAgreementPacks(undefined));
    desk = openSubjectAccess(db, clock, { source: people, feeds: readRecordFeeds(undefined), around: async () => around, idsOf: async ({ ever }) => [...ever], register });
    await store.plantGrants(usualGrants);
    const cases = readerCases(db, clock, coordinator, 'early-help');
    const begun = await cases.startCase(ada);
    if (!begun.ok) throw new Error('No case');
    await cases.addEntry({ caseId: begun.caseId, section: 'worries', text: 'Mrs Rowe next door heard Benedict at night' });
    await breakGlass(db, clock, { reader: practitioner, purpose: 'early-help', personKey: ada, reason: 'Benedict rang for help and nobody has answered since' });
    await openShareRecords(db, clock, { source: people }).add({ who: practitioner, purpose: 'early-help' }, { decision: 'share', personKey: ada, items: [], what: 'That Benedict has moved', to: { agency: 'hospital' }, purpose: 'early-help', ground: ['article-6-1-e'], reasons: 'A visit', consent: 'given', consentWhy: null, decidedOn: '2026-12-01' });
    await sealSubject(db, clock, { reader: governance, personKey: oldSealed, ground: 'domestic-abuse', whomToRing: 'the desk on 01632 960001', keepers: ['keeper'] });
    later();
  });
  afterAll(() => store.casework.close());

  it('are opened and audited by information governance leads, for somebody who is known, and read by nobody else', async () => {
    const id = await open();
    expect(await desk.find(governance, id)).toMatchObject({ personKey: ada, askedOn: '2026-11-30', openedBy: 'governance', state: 'identity', dueOn: null });
    expect((await listAuditEvents(store.casework.db, { subjectId: id, limit: 1 }))[0]).toMatchObject({ action: 'subject-access.open', actorId: 'governance', subjectIds: [id, ada] });
    expect(await desk.open(governance, { personKey: 'P0000000000000000', askedOn: '2026-11-30', askedBy: 'person', authority: null })).toEqual({ ok: false, reason: 'not-found' });
    for (const who of [coordinator, practitioner, nurse]) {
      expect(await desk.find(who, id)).toBeUndefined();
      expect(await desk.list(who)).toEqual([]);
      expect(await desk.open(who, { personKey: ada, askedOn: '2026-11-30', askedBy: 'person', authority: null })).toEqual({ ok: false, reason: 'refused' });
      expect(await desk.step(who, id, { kind: 'identity', code: 'documents', on: '2026-12-01', words: '' })).toEqual({ ok: false, reason: 'refused' });
      for (const done of [desk.addWord(who, id, 'Rowe'), desk.choose(who, id, [{ place: 'x', choice: 'keep', reason: 'x' }])]) expect(await done).toEqual({ ok: false });
      expect(await desk.pack(who, id)).toEqual({ kind: 'none' });
    }
    for (const forged of [unknown, 'x', "' or 1=1", '']) expect(await desk.find(governance, forged)).toBeUndefined();
    expect(await desk.step(governance, unknown, { kind: 'identity', code: 'documents', on: '2026-12-01', words: '' })).toEqual({ ok: false, reason: 'refused' });
  });

  it('give nothing before it is checked who asks, nor after they are closed; each step is taken once', async () => {
    const id = await open();
    expect(await desk.pack(governance, id)).toMatchObject({ kind: 'not-now' });
    expect(await desk.release(governance, id, make)).toEqual({ ok: false, reason: 'refused' });
    const direct = (who = governance) => asReader(store.casework.db, who, null, clock, async (transaction) => (await sql`select * from access_entries(${id}::uuid, ${[ada]}::text[])`.execute(transaction)).rows.length);
    expect(await direct()).toBe(0);
    await desk.step(governance, id, { kind: 'identity', code: 'known', on: '2026-12-01', words: 'Their worker' });
    expect(await direct()).toBe(1);
    expect(await direct(coordinator)).toBe(0);
    expect(await desk.step(governance, id, { kind: 'identity', code: 'known', on: '2026-12-01', words: '' })).toEqual({ ok: false, reason: 'refused' });
    expect((await desk.pack(governance, id)).kind).toBe('pack');
    await desk.step(governance, id, { kind: 'closing', code: 'withdrawn', on: '2026-12-01', words: 'They rang' });
    expect(await direct()).toBe(0);
    expect(await desk.pack(governance, id)).toMatchObject({ kind: 'not-now' });
    expect(await desk.addWord(governance, id, 'Rowe')).toEqual({ ok: false });
    expect(await desk.find(governance, id)).toMatchObject({ state: 'closed', closing: { code: 'withdrawn', by: 'governance' } });
  });

  it('bring together every agency’s rows, cases, decisions to share and who saw it', async () => {
    const pack = await packOf(await checked());
    const kinds = new Set(pack.parts.map(({ kind }) => kind));
    for (const kind of ['row', 'case', 'entry', 'share', 'glass', 'seen']) expect(kinds).toContain(kind);
    expect(pack.parts.filter(({ kind }) => kind === 'row').map(({ feed, source }) => [feed!.feed, source!.line])).toEqual([['early-help-episode', 2], ['police-involvement', 11], ['police-incident', 5], ['police-incident', 4]]);
    expect(textOf(pack)).not.toContain('E2');
  });

  it('release nothing while anything waits, and nothing of others once all is decided', async () => {
    const id = await checked();
    const before = await packOf(id);
    expect(before.waiting).toBeGreaterThan(4);
    expect(before.items.find(({ kind, found }) => kind === 'name' && found === 'Benedict')!.places.length).toBeGreaterThan(2);
    expect(await desk.release(governance, id, make)).toEqual({ ok: false, reason: 'waits' });
    await decideAll(id);
    expect((await packOf(id)).waiting).toBe(0);
    expect(await desk.release(governance, id, make)).toEqual({ ok: true });
    const released = await desk.released(governance, id, make);
    for (const theirs of ['Benedict', 'Rowe', 'Otto', 'Rowntree', 'Orchard', 'Secretplace', 'Sealedword']) expect(released!.files.document + released!.files.rows).not.toContain(theirs);
    const file = (await desk.find(governance, id))!;
    expect(file).toMatchObject({ state: 'released', releases: [{ by: 'governance', document: { bytes: Buffer.byteLength(released!.files.document) } }] });
    const audited = (await listAuditEvents(store.casework.db, { subjectId: file.releases[0]!.subjectAccessReleaseId, limit: 5 }))[0];
    expect(audited).toMatchObject({ action: 'subject-access.release', subjectIds: [id, file.releases[0]!.subjectAccessReleaseId, ada] });
  });

  it('are released as they were, and not once anything is other than it was, until they are released again', async () => {
    const id = await checked();
    await decideAll(id);
    await desk.release(governance, id, make);
    const first = await desk.released(governance, id, make);
    later();
    // What comes later is not part of it.
    await openShareRecords(store.casework.db, clock, { source: people }).add({ who: practitioner, purpose: 'early-help' }, { decision: 'withhold', personKey: ada, items: [], what: 'Later', to: { agency: 'hospital' }, purpose: 'early-help', ground: [], reasons: 'x', consent: 'given', consentWhy: null, decidedOn: '2026-12-01' });
    expect((await desk.released(governance, id, make))!.files).toEqual(first!.files);
    expect(await desk.released(governance, id, (pack) => ({ ...(make(pack) as { document: string; rows: string }), rows: 'another' }))).toBeUndefined();
    // But what is decided later shuts it.
    await desk.addWord(governance, id, 'Ada');
    expect(await desk.released(governance, id, make)).toBeUndefined();
    expect((await packOf(id)).outdated).toBe(true);
    expect(await desk.release(governance, id, make)).toEqual({ ok: false, reason: 'waits' });
    await decideAll(id, 'keep');
    expect(await desk.release(governance, id, make)).toEqual({ ok: true });
    expect((await desk.find(governance, id))!.releases).toHaveLength(2);
    expect((await desk.released(governance, id, make))!.files).not.toEqual(first!.files);
  });

  it('have nothing of what the law exempts, and keep why', async () => {
    const id = await checked();
    const [row] = (await packOf(id)).parts.filter(({ kind, source }) => kind === 'row' && source!.line === 4);
    expect(await desk.exempt(governance, id, { part: row!.part, act: 'withhold', ground: 'crime', words: 'An inquiry goes on' })).toEqual({ ok: true });
    const pack = await packOf(id);
    expect(pack.shown.map(({ part }) => part)).not.toContain(row!.part);
    expect(pack.withheld.get(row!.part)).toMatchObject({ ground: 'crime', words: 'An inquiry goes on', by: 'governance' });
    later();
    await desk.exempt(governance, id, { part: row!.part, act: 'give', ground: 'crime', words: 'It is over' });
    expect((await packOf(id)).shown.map(({ part }) => part)).toContain(row!.part);
  });

  it('about a sealed person are opened and answered by a keeper alone, under any key they had; others are told whom to ring', async () => {
    for (const personKey of [sealed, oldSealed]) expect(await desk.open(governance, { personKey, askedOn: '2026-11-30', askedBy: 'person', authority: null })).toEqual({ ok: false, reason: 'sealed', whomToRing: 'the desk on 01632 960001' });
    const opened = await desk.open(keeper, { personKey: sealed, askedOn: '2026-11-30', askedBy: 'person', authority: null });
    if (!opened.ok) throw new Error(opened.reason);
    const id = opened.subjectAccessId;
    expect(await desk.step(governance, id, { kind: 'identity', code: 'known', on: '2026-12-01', words: '' })).toEqual({ ok: false, reason: 'refused' });
    expect(await desk.step(keeper, id, { kind: 'identity', code: 'known', on: '2026-12-01', words: '' })).toEqual({ ok: true });
    expect(await desk.pack(governance, id)).toMatchObject({ kind: 'sealed', whomToRing: 'the desk on 01632 960001' });
    const answer = await desk.pack(keeper, id);
    expect(answer.kind === 'pack' && answer.pack.items.some(({ kind, waits }) => kind === 'seal' && waits)).toBe(true);
  });

  it('are shut the moment a seal is set, and what was decided in them with it', async () => {
    const id = await checked(ben);
    await desk.addWord(governance, id, 'Rowe');
    const sealing = await sealSubject(store.casework.db, clock, { reader: keeper, personKey: ben, ground: 'other', whomToRing: 'the desk', keepers: ['somebody'] });
    expect(await desk.pack(governance, id)).toMatchObject({ kind: 'sealed' });
    expect(await desk.choose(governance, id, [{ place: 'x', choice: 'keep', reason: 'x' }])).toEqual({ ok: false });
    const words = () => asReader(store.casework.db, governance, null, clock, (transaction) => transaction.selectFrom('subject_access_word').select('word').where('subject_access_id', '=', id).execute());
    expect(await words()).toEqual([]);
    const bare = asReader(store.casework.db, governance, null, clock, (transaction) => transaction.insertInto('subject_access_word').values({ subject_access_id: id, word: 'xx' }).execute());
    await expect(bare).rejects.toMatchObject(refused);
    if (sealing.ok) await liftSeal(store.casework.db, clock, { reader: governance, sealedSubjectId: sealing.sealedSubjectId, reason: 'x' });
    expect(await words()).toEqual([{ word: 'Rowe' }]);
  });

  it('show nothing of somebody sealed to whoever answers, and remove it', async () => {
    const pack = await packOf(await checked());
    const row = pack.parts.find(({ source }) => source?.line === 5)!;
    expect(row.facts.filter(({ closed }) => closed).map(({ name, value }) => [name, value])).toEqual([['location', ''], ['summary', '']]);
    expect(JSON.stringify(pack.parts) + JSON.stringify(pack.items)).not.toMatch(/Secretplace|Sealedword/);
  });

  it('are all listed until they are answered or closed; only of those, the oldest drop off', async () => {
    const [opened, waits, closed, answered] = [await open(), await checked(), await checked(), await checked()];
    await desk.step(governance, closed, { kind: 'closing', code: 'withdrawn', on: '2026-12-01', words: 'They rang' });
    await decideAll(answered);
    expect(await desk.release(governance, answered, make)).toEqual({ ok: true });
    const listed = async (mostPast: number) => (await asReader(store.casework.db, governance, null, clock, (transaction) => readAccess(transaction, { mostPast }))).map(({ subjectAccessId }) => subjectAccessId);
    expect((await listed(1)).filter((id) => [opened, waits, closed, answered].includes(id))).toEqual([answered, waits, opened]);
    expect((await listed(2)).filter((id) => [opened, waits, closed, answered].includes(id))).toEqual([answered, closed, waits, opened]);
  });

  it('are extended within the first month from the day that it was known who asks, and not after', async () => {
    const extension = { kind: 'extension', code: 'complex-or-many', on: '2026-12-01', words: 'Eleven agencies' } as const;
    const opened = async (on: string) => {
      const asked = await desk.open(governance, { personKey: ada, askedOn: '2026-10-01', askedBy: 'person', authority: null });
      if (!asked.ok) throw new Error(asked.reason);
      expect(await desk.step(governance, asked.subjectAccessId, extension)).toEqual({ ok: false, reason: 'too-late' });
      await desk.step(governance, asked.subjectAccessId, { kind: 'identity', code: 'documents', on, words: '' });
      return asked.subjectAccessId;
    };
    const late = await opened('2026-10-30');
    expect(await desk.find(governance, late)).toMatchObject({ extendBy: '2026-11-30' });
    expect(await desk.step(governance, late, extension)).toEqual({ ok: false, reason: 'too-late' });
    expect(await desk.find(governance, late)).toMatchObject({ extension: null });
    const onTheDay = await opened('2026-11-01');
    expect(await desk.find(governance, onTheDay)).toMatchObject({ extendBy: '2026-12-01' });
    expect(await desk.step(governance, onTheDay, extension)).toEqual({ ok: true });
    expect(await desk.step(governance, onTheDay, extension)).toEqual({ ok: false, reason: 'refused' });
  });

  it('are not closed without an answer once they were answered', async () => {
    const id = await checked();
    await decideAll(id);
    expect(await desk.release(governance, id, make)).toEqual({ ok: true });
    expect(await desk.step(governance, id, { kind: 'closing', code: 'withdrawn', on: '2026-12-01', words: 'They rang' })).toEqual({ ok: false, reason: 'answered' });
    expect(await desk.find(governance, id)).toMatchObject({ state: 'released', closing: null });
  });

  it('are not released while a row that was left out is not found where it was, until it is put back', async () => {
    const id = await checked();
    await desk.exempt(governance, id, { part: 'row:police-incident/000000-0123456789ab:4', act: 'withhold', ground: 'crime', words: 'x' });
    await decideAll(id);
    expect(await packOf(id)).toMatchObject({ waiting: 0, lost: ['row:police-incident/000000-0123456789ab:4'] });
    expect(await desk.release(governance, id, make)).toEqual({ ok: false, reason: 'waits' });
    await desk.exempt(governance, id, { part: 'row:police-incident/000000-0123456789ab:4', act: 'give', ground: 'crime', words: 'It is looked for' });
    later();
    expect(await desk.release(governance, id, make)).toEqual({ ok: true });
  });

  it('take names of somebody sealed to whoever answers out of texts, wherever agencies know them around the person', async () => {
    const known: PeopleAround = { ...around, others: [...around.others, { personKey: sealed, values: { forename: ['Otto'], surname: ['Sealedword'] } }] };
    const { db } = store.casework;
    const more = [...rows, heldRow(ada, 'police-incident', 8, { incident_ref: 'I9', reported_at: '2026-08-01 22:10:00', location: 'The road', summary: 'Otto Sealedword was seen here with Benedict' })];
    const other = openSubjectAccess(db, clock, { source: memoryPeople(more, { [oldSealed]: sealed }), feeds: readRecordFeeds(undefined), around: async () => known, idsOf: async ({ ever }) => [...ever], register: memoryAgreements(clock, readAgreementPacks(undefined)) });
    const summaryOf = async (who: typeof governance) => {
      const answer = await other.pack(who, id);
      if (answer.kind !== 'pack') throw new Error(answer.kind);
      return { pack: answer.pack, text: answer.pack.parts.find(({ source }) => source?.line === 8)!.facts.find(({ name }) => name === 'summary')!.value };
    };
    const id = await checked();
    const { pack, text } = await summaryOf(governance);
    expect(text).toMatch(/^\[removed[^\]]*\] was seen here with Benedict$/);
    expect(JSON.stringify([pack.parts, pack.items, pack.shown])).not.toMatch(/Otto Sealedword/);
    expect((await summaryOf(keeper)).text).toBe('Otto Sealedword was seen here with Benedict');
  });

  it('tell who saw the person, and not who saw somebody else under a key that was theirs before a split', async () => {
    const { db } = store.casework;
    const [kept, moved] = ['P00000000000000e1', 'P00000000000000e2'];
    const source = { ...memoryPeople([...rows, heldRow(kept, 'early-help-episode', 30, { episode_ref: 'E8' }), heldRow(moved, 'early-help-episode', 31, { episode_ref: 'E9' })], {}), find: async () => ({ personKey: moved, meaning: [moved], ever: [moved, kept] }) };
    const split = openSubjectAccess(db, clock, { source, feeds: readRecordFeeds(undefined), around: async () => ({ own: {}, others: [], shared: new Map() }), idsOf: async ({ ever }) => [...ever, 'early-help:C9'], register: memoryAgreements(clock, readAgreementPacks(undefined)) });
    later();
    const opened = await split.open(governance, { personKey: moved, askedOn: '2026-11-30', askedBy: 'person', authority: null });
    if (!opened.ok) throw new Error(opened.reason);
    await split.step(governance, opened.subjectAccessId, { kind: 'identity', code: 'known', on: '2026-12-01', words: '' });
    for (const subject of [kept, moved, 'early-help:C9']) await recordAuditEvent(db, clock, { actorId: 'nurse', action: 'person.view', outcome: 'done', subjectKind: 'person', subjectIds: [subject] });
    const answer = await split.pack(governance, opened.subjectAccessId);
    if (answer.kind !== 'pack') throw new Error(answer.kind);
    expect(answer.pack.parts.filter(({ event }) => event?.action === 'person.view').flatMap(({ event }) => event!.subjectIds!)).toEqual(['early-help:C9', moved]);
  });

  describe('with what is in no record', () => {
    const place = { load: 'early-help-episode/000001-0123456789ab', file: 'may.csv', loadedAt: '2026-05-02T09:00:00Z' };
    const earlier = { ...heldRow(ada, 'early-help-episode', 40, { episode_ref: 'E1', forename: 'Ada', surname: 'Kestrel', date_of_birth: '2012-04-17', closure_reason: 'Benedict stays' }), rowKey: 'early-help-episode-2', newer: false };
    const aside = { ...place, feed: 'early-help-episode', line: 50, rowKey: 'E77', others: [], faults: [{ column: 'referrer', reason: 'not one of the codes for referrer' }], cells: [{ heading: 'Forename', column: 'forename', value: 'Ada' }, { heading: 'Phone', column: 'phone', value: '01632 960555' }, { heading: 'referrer', column: 'referrer', value: 'nobody' }, { heading: 'Odd', value: 'Otter words' }, { heading: 'level', column: 'level', value: '' }] };
    const line = { ...aside, line: 51, rowKey: null, cells: [{ heading: null, value: 'E9,Ada,Quill,Secretline' }], others: [sealed] };
    const found: RowsBeyond = { states: [earlier, { ...earlier, line: 41, values: { ...earlier.values, closure_reason: 'Hiddenstate' }, others: [sealed], newer: true }], aside: [aside, line], looked: 70, namesakes: 3, rowsOfOthers: 1 };
    const { files } = newAttachmentHome();
    let current: RowsBeyond = found;
    let whole: SubjectAccess;
    let [attachmentId, id] = ['', ''];
    const wholePack = async (who = governance): Promise<AccessPack> => {
      const answer = await whole.pack(who, id);
      if (answer.kind !== 'pack') throw new Error(answer.kind);
      return answer.pack;
    };
    const choose = async (choice: 'remove' | 'keep', kinds?: string[]) => {
      const choices = (await wholePack()).items.filter(({ kind }) => kinds?.includes(kind) ?? true).flatMap(({ places }) => places.map((each) => ({ place: each.place, choice, reason: 'x' })));
      expect(await whole.choose(governance, id, choices)).toEqual({ ok: true });
      later();
    };
    const partOf = async (part: string, who = governance) => (await wholePack(who)).shown.find((each) => each.part.startsWith(part))!;

    beforeAll(async () => {
      const { db } = store.casework;
      whole = openSubjectAccess(db, clock, {
        source: people, feeds: readRecordFeeds(undefined), around: async (_key, also = []) => ({ ...around, others: [...around.others, ...(also.includes(gone) ? [{ personKey: gone, values: { surname: ['Waverley'] } }] : [])] }), idsOf: async ({ ever }) => [...ever, 'early-help:C1'], register: memoryAgreements(clock, readAgreementPacks(undefined)), files,
        beyond: { find: async () => current, peopleOf: async (ids) => new Map([['police:N1', gone], ['police:N2', sealed]].filter(([record]) => ids.includes(record!)) as [string, string][]) },
      });
      const at = `to_timestamp(${now / 1000})`;
      const pair = (other: string, round: number, decision: string, reason: string | null) => `('early-help:C1', '${other}', ${round}, 1, '${decision}', ${reason === null ? 'null' : `'${reason}'`}, 'reviewer', ${at})`;
      await store.asOwner(`insert into link_decision (left_source_id, right_source_id, review_round, seat, decision, reason, decided_by, decided_at) values
        ${pair('police:N1', 1, 'different', 'Waverley has another mother')}, ${pair('police:N2', 1, 'same', 'Hiddenreason of somebody sealed')}, ${pair('police:N3', 1, 'unsure', null)}, ('police:N1', 'police:N3', 1, 1, 'same', 'Nothing of Ada', 'reviewer', ${at});
        insert into person_undo (act, event_id, build, kind, old_key, new_key, reason, decided_by, decided_at) values ('undo', 7, 'b1', 'merge', '${ada}', '${ben}', 'Put together by mistake', 'reviewer', ${at}), ('undo', 8, 'b1', 'merge', '${ben}', '${gone}', 'Undone of others', 'reviewer', ${at});
        insert into reidentification (user_id, agency, role, purpose, agreement_id, ground, asked, person_keys, done_at) values ('nurse', 'hospital', 'lead-practitioner', 'early-help', 'a1', 'A safeguarding alarm', 9, array['${ben}', '${ada}'], ${at}), ('nurse', 'hospital', 'lead-practitioner', 'early-help', 'a1', 'Ground of others', 1, array['${ben}'], ${at});`);
      const report = (uuid: string, key: string, wrong: string) => `insert into audit_event (occurred_at, actor_id, action, outcome, subject_kind, subject_ids) values (${at}, 'r', 'correction.report', 'done', 'correction', array['${uuid}']), (${at}, 'd', 'correction.refuse', 'done', 'correction', array['${uuid}']);
        insert into correction (correction_id, person_key, holder, feed, row_key, column_name, load, line, file, wrong_value, right_value, evidence, asked_by, fact_since, reported_by, reported_agency, reported_at) values ('${uuid}', '${key}', 'early-help', 'early-help-episode', 'early-help-episode-2', 'closure_reason', 'l', 1, 'f', '${wrong}', 'It went on', 'A letter of Benedict', 'person', ${at}, 'r', 'early-help', ${at});
        insert into correction_decision (correction_id, outcome, reason, decided_by, decided_at) values ('${uuid}', 'refused', 'The letter is of another day', 'd', ${at});`;
      await store.asOwner(`begin; ${report('00000000-0000-4000-8000-0000000000a1', ada, 'Benedict moved out')} ${report('00000000-0000-4000-8000-0000000000b1', ben, 'Not of Ada')} commit;`);
      const cases = readerCases(db, clock, coordinator, 'early-help');
      const [entry] = await cases.listEntries({ limit: 1 });
      const added = await cases.addAttachment({ entryId: entry!.entryId, fileName: 'letter of Benedict.pdf', mediaType: 'application/pdf', bytes: smallPdf.length, sha256: createHash('sha256').update(smallPdf).digest('hex') });
      if (!added.ok) throw new Error('No attachment');
      ({ attachmentId } = added);
      await files.write(attachmentId, smallPdf);
      later();
      id = await checked();
    });

    it('bring together other states, rows that could not be read, words of reviews, grounds of askings, refused corrections and files, and nothing of another person', async () => {
      const { parts, beyond } = await wholePack();
      const count = (kind: string) => parts.filter((part) => part.kind === kind).length;
      expect(['state', 'aside', 'link', 'asked', 'correction', 'attachment'].map((kind) => [kind, count(kind)])).toEqual([['state', 2], ['aside', 2], ['link', 4], ['asked', 1], ['correction', 1], ['attachment', 1]]);
      expect(beyond).toEqual({ looked: 70, namesakes: 3, rowsOfOthers: 1 });
      expect(JSON.stringify(parts)).not.toMatch(/Nothing of Ada|Undone of others|Ground of others|Not of Ada|police:N|nurse|reviewer/);
      const aboutLine = parts.find(({ part }) => part.endsWith(':50'))!;
      expect(aboutLine.facts.map(({ label, value }) => [label, value])).toEqual([['Forename', 'Ada'], ['Phone', '01632 960555'], ['Referrer', 'nobody'], ['Odd', 'Otter words'], ['Why it could not be read', 'Referrer: not one of the codes for referrer']]);
    });

    it('show nothing of what may be about somebody sealed to whoever answers, and give it to a keeper', async () => {
      const { parts, items } = await wholePack();
      expect(JSON.stringify([parts, items])).not.toMatch(/Secretline|Hiddenstate|Hiddenreason/);
      expect(parts.find(({ kind, code }) => kind === 'state' && code === 'newer')!.facts.some(({ closed }) => closed)).toBe(true);
      expect(parts.find(({ kind }) => kind === 'attachment')!.facts.find(({ file }) => file)).toMatchObject({ value: '', closed: true });
      expect(await whole.openFile(governance, id, attachmentId)).toBeUndefined();
      const all = JSON.stringify((await wholePack(keeper)).parts);
      for (const words of ['Secretline', 'Hiddenstate', 'Hiddenreason']) expect(all).toContain(words);
    });

    it('close a column of such a row that names somebody sealed by name alone, and a report about a row that is about them', async () => {
      const named = { ...aside, cells: [{ heading: 'Surname', column: 'surname', value: 'Sealedsister' }, { heading: 'Forename', column: 'forename', value: 'Ada' }] };
      const other = openSubjectAccess(store.casework.db, clock, {
        source: memoryPeople(rows.map((row) => (row.line === 2 ? { ...row, others: [sealed] } : row)), { [oldSealed]: sealed }), feeds: readRecordFeeds(undefined), around: async () => ({ ...around, others: [...around.others, { personKey: sealed, values: { surname: ['Sealedsister'] } }] }), idsOf: async ({ ever }) => [...ever], register: memoryAgreements(clock, readAgreementPacks(undefined)),
        beyond: { find: async () => ({ ...found, states: [], aside: [named] }), peopleOf: async () => new Map() },
      });
      const partsFor = async (who: typeof governance) => {
        const answer = await other.pack(who, id);
        if (answer.kind !== 'pack') throw new Error(answer.kind);
        return [answer.pack.parts.find(({ kind }) => kind === 'aside')!, answer.pack.parts.find(({ kind }) => kind === 'correction')!];
      };
      const [row, report] = await partsFor(governance);
      expect(row!.facts.map(({ value, closed }) => [value, closed]).slice(0, 2)).toEqual([['', true], ['Ada', undefined]]);
      expect(report!.facts.flatMap(({ name, closed }) => (closed ? [name] : []))).toEqual(['wrong', 'right', 'evidence', 'decision_reason']);
      expect(JSON.stringify(await partsFor(keeper))).toContain('Sealedsister');
    });

    it('wait for a decision on each, and release nothing of others', async () => {
      current = { ...found, states: [earlier], aside: [aside] };
      const { items } = await wholePack();
      const waits = items.map(({ kind, found: what, places }) => [kind, what, places[0]!.part.kind]);
      for (const each of [['column', 'Kestrel', 'state'], ['column', '01632 960555', 'aside'], ['read', 'Otter words', 'aside'], ['name', 'Waverley', 'link'], ['read', 'Put together by mistake', 'link'], ['read', 'A safeguarding alarm', 'asked'], ['read', 'The letter is of another day', 'correction']]) expect(waits).toContainEqual(each);
      expect((await wholePack()).shown.find(({ kind }) => kind === 'aside')!.facts.find(({ label }) => label === 'Odd')!.shown).toBe(removedMark);
      await choose('keep', ['read']);
      await choose('remove', ['name', 'title', 'number', 'column', 'word']);
      expect((await partOf('link:pair')).facts.at(-1)!.shown).toBe(`${removedMark} has another mother`);
      expect((await partOf('state')).facts.map(({ name, shown }) => [name, shown])).toEqual([['episode_ref', 'E1'], ['closure_reason', `${removedMark} stays`], ['forename', 'Ada'], ['surname', removedMark], ['date_of_birth', removedMark]]);
      const correction = await partOf('correction');
      expect(correction.facts.map(({ name, shown }) => [name, shown])).toEqual([['wrong', `${removedMark} moved out`], ['right', 'It went on'], ['evidence', `A letter of ${removedMark}`], ['asked_by', 'person'], ['correction_outcome', 'refused'], ['decision_reason', 'The letter is of another day']]);
      expect(JSON.stringify((await wholePack()).shown.map(({ facts }) => facts.map(({ shown }) => shown)))).not.toMatch(/Benedict|Waverley|Kestrel|960555/);
    });

    it('go with a row that is left out', async () => {
      const row = 'row:early-help-episode/000001-0123456789ab:2';
      await whole.exempt(governance, id, { part: row, act: 'withhold', ground: 'crime', words: 'x' });
      expect((await wholePack()).shown.filter(({ kind }) => kind === 'state' || kind === 'correction')).toEqual([]);
      later();
      await whole.exempt(governance, id, { part: row, act: 'give', ground: 'crime', words: 'x' });
      later();
      expect((await wholePack()).shown.filter(({ kind }) => kind === 'state' || kind === 'correction')).toHaveLength(2);
    });

    it('are not released while something set aside that was left out is not found where it was', async () => {
      await whole.exempt(governance, id, { part: `aside:${aside.load}:50`, act: 'withhold', ground: 'crime', words: 'x' });
      later();
      current = { ...found, states: [], aside: [] };
      expect((await wholePack()).lost).toEqual([`aside:${aside.load}:50`]);
      await whole.exempt(governance, id, { part: `aside:${aside.load}:50`, act: 'give', ground: 'crime', words: 'x' });
      later();
      expect((await wholePack()).lost).toEqual([]);
    });

    // A name that is sealed is somewhere in the person's own rows: a file can be looked at only where none is.
    it('give a file for review to who answers alone, with the audit, and hand it over only once it is decided that it goes', async () => {
      const plain = openSubjectAccess(store.casework.db, clock, { source: memoryPeople(rows.filter(({ others }) => !others.includes(sealed)), {}), feeds: readRecordFeeds(undefined), around: async () => around, idsOf: async ({ ever }) => [...ever], register: memoryAgreements(clock, readAgreementPacks(undefined)), files });
      const packed = async () => {
        const answer = await plain.pack(governance, id);
        if (answer.kind !== 'pack') throw new Error(answer.kind);
        return answer.pack;
      };
      const decide = async (choice: 'remove' | 'keep', only?: string) => {
        await plain.choose(governance, id, (await packed()).items.filter(({ kind }) => only === undefined || kind === only).flatMap(({ places }) => places.map((each) => ({ place: each.place, choice, reason: 'x' }))));
        later();
      };
      const fileFact = async () => (await packed()).shown.find(({ kind }) => kind === 'attachment')!.facts.find(({ file }) => file)!;
      expect((await packed()).items.filter(({ kind }) => kind === 'file')).toMatchObject([{ waits: true }]);
      expect(await fileFact()).toMatchObject({ shown: removedMark, removed: true });
      expect(await plain.openFile(governance, id, attachmentId)).toEqual({ kind: 'file', fileName: 'for-review-only.pdf', mediaType: 'application/pdf', content: smallPdf });
      expect((await listAuditEvents(store.casework.db, { subjectId: attachmentId, limit: 1 }))[0]).toMatchObject({ action: 'subject-access.open-file', outcome: 'done', actorId: 'governance', subjectIds: [attachmentId, id, ada] });
      for (const who of [coordinator, practitioner, nurse]) expect(await plain.openFile(who, id, attachmentId)).toBeUndefined();
      for (const forged of [unknown, 'x']) expect(await plain.openFile(governance, id, forged)).toBeUndefined();
      expect(await plain.openFile(governance, await checked(ben), attachmentId)).toBeUndefined();
      expect(await plain.openFile(governance, await open(), attachmentId)).toBeUndefined();
      await decide('remove');
      expect(await plain.release(governance, id, make)).toEqual({ ok: true });
      expect(await plain.releasedFile(governance, id, attachmentId, make)).toBeUndefined();
      later();
      await decide('keep', 'file');
      expect(await plain.releasedFile(governance, id, attachmentId, make)).toBeUndefined();
      expect(await plain.release(governance, id, make)).toEqual({ ok: true });
      expect(await plain.releasedFile(governance, id, attachmentId, make)).toEqual({ kind: 'file', fileName: 'file-1.pdf', mediaType: 'application/pdf', content: smallPdf });
      expect((await listAuditEvents(store.casework.db, { subjectId: attachmentId, limit: 1 }))[0]).toMatchObject({ action: 'subject-access.export', outcome: 'done' });
      expect(await plain.releasedFile(coordinator, id, attachmentId, make)).toBeUndefined();
      // Another file in its place is told of and not given.
      await files.remove([attachmentId]);
      await files.write(attachmentId, Buffer.from('another'));
      expect(await plain.openFile(governance, id, attachmentId)).toEqual({ kind: 'lost', why: 'changed' });
      expect((await listAuditEvents(store.casework.db, { subjectId: attachmentId, limit: 1 }))[0]).toMatchObject({ action: 'subject-access.open-file', outcome: 'failed' });
      expect(await plain.releasedFile(governance, id, attachmentId, make)).toBeUndefined();
      expect(await plain.release(governance, id, make)).toEqual({ ok: false, reason: 'lost' });
      await files.remove([attachmentId]);
      expect(await plain.openFile(governance, id, attachmentId)).toEqual({ kind: 'lost', why: 'missing' });
      await decide('remove', 'file');
      expect(await plain.release(governance, id, make)).toEqual({ ok: true });
    });

    it('say that nothing was found, and that nothing could be looked through', async () => {
      current = { states: [], rowsOfOthers: 0, aside: [], looked: 0, namesakes: 0 };
      expect((await wholePack()).beyond).toEqual({ looked: 0, namesakes: 0, rowsOfOthers: 0 });
      expect((await packOf(id)).beyond).toBeUndefined();
    });
  });

  it('are kept with the audit or not at all, and never changed', async () => {
    const bare = asReader(store.casework.db, governance, null, clock, (transaction) => transaction.insertInto('subject_access').values({ person_key: ada, asked_on: '2026-11-30', asked_by: 'person', authority: null }).execute());
    await expect(bare).rejects.toMatchObject(refused);
    const id = await checked();
    const unaudited = asReader(store.casework.db, governance, null, clock, (transaction) => transaction.insertInto('subject_access_release').values({ subject_access_id: id, as_at: new Date(now), audit_to: 1, document_sha256: 'a'.repeat(64), document_bytes: 1, rows_sha256: 'a'.repeat(64), rows_bytes: 1 }).execute());
    await expect(unaudited).rejects.toMatchObject(refused);
    for (const table of ['subject_access', 'subject_access_step', 'subject_access_choice', 'subject_access_release']) {
      await expect(asReader(store.casework.db, governance, null, clock, (transaction) => sql`delete from ${sql.table(table)}`.execute(transaction))).rejects.toMatchObject(refused);
    }
    await expect(store.asOwner('delete from subject_access_step')).rejects.toMatchObject({ message: expect.stringMatching(/added, never changed/) });
    expect(await desk.open(governance, { personKey: gone, askedOn: '2026-11-30', askedBy: 'person', authority: null })).toEqual({ ok: false, reason: 'not-found' });
  });

  it.each([['asked tomorrow', { askedOn: '2027-01-30' }], ['asked by somebody else without authority', { askedBy: 'representative' as const }]])('are not kept where they are %s', async (_, over) => {
    await expect(desk.open(governance, { personKey: ada, askedOn: '2026-11-30', askedBy: 'person', authority: null, ...over })).rejects.toMatchObject({ code: '23514' });
  });
});
