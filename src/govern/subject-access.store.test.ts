import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { coordinator, governance, governedStart, nurse, practitioner, usualGrants } from '../../test/support/governed-people.ts';
import { openGovernedStore, type GovernedStore } from '../../test/support/governed-store.ts';
import { memoryAgreements } from '../../test/support/memory-agreements.ts';
import { heldRow, memoryPeople } from '../../test/support/people-server.ts';
import { describeStores } from '../../test/support/stores.ts';
import { readRecordFeeds } from '../build/index.ts';
import { listAuditEvents, recordAuditEvent } from '../store/index.ts';
import { asReader, breakGlass, liftSeal, openShareRecords, openSubjectAccess, readAgreementPacks, readerCases, sealSubject, type AccessPack, type MakeFiles, type PeopleAround, type SubjectAccess } from './index.ts';
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
