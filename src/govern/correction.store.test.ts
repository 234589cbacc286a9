import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { coordinator, governance, governedStart, grantTo, nurse, outsider, practitioner, usualGrants } from '../../test/support/governed-people.ts';
import { openGovernedStore, type GovernedStore } from '../../test/support/governed-store.ts';
import { memoryAgreements } from '../../test/support/memory-agreements.ts';
import { heldRow, memoryPeople } from '../../test/support/people-server.ts';
import { describeStores } from '../../test/support/stores.ts';
import { readRecordFeeds } from '../build/index.ts';
import { auditActor, listAuditEvents, recordAuditEvent } from '../store/index.ts';
import { asReader, indexGrants, openAcceptedCorrections, openCorrections, openPeople, openShareRecords, openSubjectAccess, readAgreementPacks, sealSubject, type Asking, type CorrectionReport, type Corrections, type Grant, type HeldRow, type People, type Reader } from './index.ts';
import { readCorrections } from './correction.store.ts';

const refused = { code: '42501' };
const second: Reader = { ...governance, userId: 'second' };
const keeper: Reader = { ...governance, userId: 'keeper' };
const secondKeeper: Reader = { ...governance, userId: 'keeper-2' };
/** Early help may read these of everybody, for early help; the nurse of nobody. */
const grants: readonly Grant[] = [...usualGrants, ...['requested_on', 'surname', 'closure_reason'].flatMap((field) => [practitioner, coordinator].map((who) => grantTo(who, 'x', 'none', { item: `early-help-episode/${field}` })))];
const [ada, ben, shut, oldShut] = ['P00000000000000a1', 'P00000000000000b1', 'P00000000000000c1', 'P00000000000000c9'] as const;
const episode = (personKey: string, line: number, surname: string) => heldRow(personKey, 'early-help-episode', line, { requested_on: '2026-05-01', surname, closure_reason: `Moved ${line}`, forename: 'Ada' });

describeStores('corrections', (stores) => {
  let store: GovernedStore;
  let people: People;
  let desk: Corrections;
  let now = governedStart;
  let line = 100;
  const clock = { now: () => now };
  const rows: HeldRow[] = [episode(shut, 90, 'Sealed')];
  const history: HeldRow[] = [];
  const source = memoryPeople(rows, { [oldShut]: shut }, [], history);
  // Whoever the tests add is a person from then on.
  source.find = async (key) => (key === oldShut || rows.some(({ personKey }) => personKey === key) ? (await source.keysOf([key === oldShut ? shut : key]))[0] : undefined);
  source.now = async (keys) => [...new Set(keys.map((key) => (key === oldShut ? shut : key)))].filter((key) => rows.some(({ personKey }) => personKey === key));
  const asking = (who: Reader, purpose: string | null = 'early-help'): Asking => ({ index: indexGrants(grants), who, purpose, at: now });
  const later = (minutes = 1) => void (now += minutes * 60_000);

  /** A row of its own, so that no test stands in another's way. */
  const plant = (personKey: string = ada, surname = 'Quil') => {
    const row = episode(personKey, (line += 1), surname);
    rows.push(row);
    history.push(row);
    return row;
  };
  const placeOf = ({ load, line: at }: HeldRow, column = 'surname') => ({ load, line: at, column });
  const report = async (row: HeldRow, over: Partial<CorrectionReport & { column: string }> = {}, by: Reader = practitioner) => {
    const { column = 'surname', ...given } = over;
    return desk.report(asking(by), row.personKey, { ...placeOf(row, column), right: 'Quill', evidence: 'Birth certificate', askedBy: 'person', ...given });
  };
  const reported = async (row: HeldRow, over: Partial<CorrectionReport & { column: string }> = {}, by: Reader = practitioner) => {
    const outcome = await report(row, over, by);
    if (!outcome.ok) throw new Error(outcome.reason);
    return outcome.correctionId;
  };
  const decided = async (row: HeldRow, outcome: 'accepted' | 'refused' = 'accepted', over: Partial<CorrectionReport & { column: string }> = {}) => {
    const id = await reported(row, over);
    later();
    expect(await desk.decide(governance, id, { outcome, reason: 'Seen' })).toEqual({ ok: true });
    return id;
  };
  const note = (who: Reader, action: string, ids: string[], over: object = {}) => recordAuditEvent(store.casework.db, clock, { ...auditActor(who), action, outcome: 'done', subjectKind: 'person', subjectIds: ids, ...over });
  const beside = async (who: Reader, row: HeldRow) => {
    const answer = await people.find(asking(who), row.personKey);
    return answer.kind === 'record' ? answer.feeds.flatMap((feed) => feed.rows).find((each) => each.rowKey === row.rowKey)?.cells.find(({ column }) => column.name === 'surname')?.correction : answer.kind;
  };
  const told = async (id: string) => (await desk.find(governance, id))!.notices.map(({ userId, via }) => [userId, ...via].join(' '));

  beforeAll(async () => {
    store = await openGovernedStore(stores, clock);
    const { db } = store.casework;
    await store.plantGrants(grants);
    const feeds = readRecordFeeds(undefined);
    people = openPeople(db, clock, { source, feeds, corrections: openAcceptedCorrections(db) });
    desk = openCorrections(db, clock, { people, source, feeds, idsOf: async ({ ever }) => [...ever] });
    await sealSubject(db, clock, { reader: governance, personKey: oldShut, ground: 'domestic-abuse', whomToRing: 'the desk on 01632 960001', keepers: ['keeper', 'keeper-2'] });
  });
  afterAll(() => store.casework.close());

  it('are reported by whoever may read the fact, with what it says read from the record, and are in the audit', async () => {
    const row = plant();
    const id = await reported(row);
    expect(await desk.find(governance, id)).toMatchObject({ personKey: ada, holder: 'early-help', feed: 'early-help-episode', rowKey: row.rowKey, column: 'surname', wrong: 'Quil', right: 'Quill', factSince: Date.parse('2026-11-02T09:00:00Z'), reportedBy: 'practitioner', reportedAgency: 'early-help', reportedAt: now, decision: null, notices: [], source: { kind: 'wrong' } });
    expect((await listAuditEvents(store.casework.db, { subjectId: id, limit: 5 }))[0]).toMatchObject({ actorId: 'practitioner', action: 'correction.report', subjectIds: [id, ada], purpose: 'early-help' });
  });

  it('are not reported of what the reader may not read, of nobody, of nothing, or twice', async () => {
    const row = plant();
    const none = { ok: false, reason: 'not-found' };
    expect(await report(row, { column: 'forename' })).toEqual(none);
    expect(await report(row, {}, nurse)).toEqual(none);
    expect(await report(row, {}, outsider)).toEqual(none);
    expect(await report(row, {}, { ...practitioner, agency: '' })).toEqual(none);
    expect(await desk.report(asking(practitioner, null), row.personKey, { ...placeOf(row), right: 'Quill', evidence: 'x', askedBy: 'person' })).toEqual(none);
    expect(await report({ ...row, personKey: ben })).toEqual(none);
    expect(await report({ ...row, line: 7 })).toEqual(none);
    expect(await report(row, { column: 'no_such' })).toEqual(none);
    expect(await report(row, { right: 'QUIL' })).toEqual({ ok: false, reason: 'same' });
    await reported(row);
    expect(await report(row)).toEqual({ ok: false, reason: 'already' });
    expect(await report(row, {}, governance)).toEqual({ ok: false, reason: 'already' });
  });

  it('are reported by an information governance lead for whom no agreement opens the record, who is not shown what it says', async () => {
    const row = plant(ben);
    const open = await desk.row(asking(governance, null), ben, placeOf(row));
    expect(open!.facts.every(({ value }) => value === null)).toBe(true);
    expect(await desk.rows(asking(practitioner), ben)).toBeUndefined();
    expect((await desk.rows(asking(governance, null), ben))!.rows.map(({ row: each }) => each.rowKey)).toContain(row.rowKey);
    const read = vi.spyOn(source, 'rows');
    const outcome = await desk.report(asking(governance, null), ben, { ...placeOf(row), right: null, evidence: 'x', askedBy: 'agency' });
    expect(read.mock.calls.filter(([keys]) => keys.includes(ben))).toHaveLength(1);
    read.mockRestore();
    expect(await desk.find(governance, outcome.ok ? outcome.correctionId : '')).toMatchObject({ column: 'surname', wrong: 'Quil', right: null });
  });

  it('are decided once, by a lead who did not report it', async () => {
    const before = [await desk.waiting(governance), await desk.waiting(second), await desk.waiting(practitioner)];
    const id = await reported(plant(), {}, governance);
    expect([await desk.waiting(governance), await desk.waiting(second), await desk.waiting(practitioner)]).toEqual([before[0], before[1]! + 1, 0]);
    for (const who of [governance, practitioner, coordinator]) expect(await desk.decide(who, id, { outcome: 'accepted', reason: 'x' })).toEqual({ ok: false });
    expect(await desk.decide(second, id, { outcome: 'refused', reason: 'x' })).toEqual({ ok: true });
    expect(await desk.decide(second, id, { outcome: 'accepted', reason: 'x' })).toEqual({ ok: false });
    expect((await desk.find(governance, id))!.decision).toMatchObject({ outcome: 'refused', by: 'second' });
    for (const forged of ['00000000-0000-4000-8000-000000000000', 'x', "'--"]) expect([await desk.find(governance, forged), await desk.decide(governance, forged, { outcome: 'accepted', reason: 'x' })]).toEqual([undefined, { ok: false }]);
  });

  it('are all listed until they are decided; only of those decided, the oldest drop off', async () => {
    const waits = await reported(plant());
    const older = await decided(plant());
    later();
    const newer = await decided(plant());
    const listed = await asReader(store.casework.db, governance, null, clock, (transaction) => readCorrections(transaction, { mostPast: 1 }));
    const ids = listed.map(({ correctionId }) => correctionId);
    expect(ids).toEqual(expect.arrayContaining([waits, newer]));
    expect(ids).not.toContain(older);
    expect(listed.filter(({ decision }) => decision !== null).map(({ correctionId }) => correctionId)).toEqual([newer]);
    expect(listed.map(({ reportedAt }) => reportedAt)).toEqual(listed.map(({ reportedAt }) => reportedAt).toSorted((a, b) => b - a));
    expect(await desk.waiting(second)).toBe(listed.filter(({ decision, reportedBy }) => decision === null && reportedBy !== 'second').length);
  });

  it('stand beside the fact for whoever may read it, once accepted and not before', async () => {
    const row = plant();
    const id = await reported(row);
    expect(await beside(practitioner, row)).toBeUndefined();
    await desk.decide(governance, id, { outcome: 'accepted', reason: 'Seen' });
    expect(await beside(practitioner, row)).toMatchObject({ right: 'Quill', mended: false });
    expect(await beside(nurse, row)).toBe('none');
    const other = plant();
    await decided(other, 'refused');
    expect(await beside(practitioner, other)).toBeUndefined();
    expect((await report(other)).ok).toBe(true);
  });

  it('survive a rebuild, with another load, line and person, and are mended when a later load says what is right', async () => {
    const row = plant();
    const id = await decided(row);
    const at = rows.indexOf(row);
    const again = { ...row, personKey: ben, load: 'early-help-episode/000002-abc', line: 5 };
    rows[at] = again;
    history.push(again);
    expect(await beside(practitioner, again)).toMatchObject({ right: 'Quill', mended: false });
    expect((await desk.find(governance, id))!.source).toEqual({ kind: 'wrong' });
    const mended = { ...again, load: 'early-help-episode/000003-abc', file: 'third.csv', values: { ...again.values, surname: 'QUILL' } };
    rows[at] = mended;
    history.push(mended);
    expect(await beside(practitioner, mended)).toMatchObject({ mended: true });
    expect((await desk.find(governance, id))!.source).toMatchObject({ kind: 'mended', file: 'third.csv' });
  });

  it('are told to everybody who read or took the record or recorded a decision to share since the fact came, and to whoever reported it, once each', async () => {
    const key = 'P00000000000000d1';
    const row = plant(key);
    const { db } = store.casework;
    const read = (userId: string, action: string, over: object = {}) => note({ ...practitioner, userId }, action, [key], over);
    await read('reader', 'person.view');
    await read('reader', 'person.view');
    await read('taker', 'person.export');
    await read('reader-of-event', 'person.view', { subjectIds: [`early-help-episode:${row.rowKey}`], subjectKind: 'source-record' });
    await read('refused', 'person.view', { outcome: 'refused' });
    await read('auditor', 'audit.person');
    await read('sealer', 'seal.set', { subjectKind: 'seal' });
    await read('other', 'person.view', { subjectIds: [ben] });
    await read('searcher', 'person.search');
    await read('worker', 'case.view', { subjectIds: ['0000000a-0000-4000-8000-00000000000a', key], subjectKind: 'case' });
    await read('keeper-of-cases', 'retention.view', { subjectIds: ['0000000a-0000-4000-8000-00000000000a', key], subjectKind: 'case' });
    await recordAuditEvent(db, { now: () => Date.parse('2026-11-01T00:00:00Z') }, { ...auditActor({ ...practitioner, userId: 'before' }), action: 'person.view', outcome: 'done', subjectKind: 'person', subjectIds: [key] });
    const share = { decision: 'share' as const, personKey: key, items: [], what: 'x', to: { agency: 'hospital' }, purpose: 'early-help', ground: ['p'], reasons: 'x', consent: 'given' as const, consentWhy: null };
    const shares = openShareRecords(db, clock, { source });
    await shares.add({ who: { ...practitioner, userId: 'sharer' }, purpose: 'early-help' }, { ...share, decidedOn: '2026-12-01' });
    await shares.add({ who: { ...practitioner, userId: 'early-sharer' }, purpose: 'early-help' }, { ...share, decidedOn: '2026-11-01' });
    await shares.add({ who: { ...practitioner, userId: 'withholder' }, purpose: 'early-help' }, { ...share, decision: 'withhold', decidedOn: '2026-12-01' });
    await read(governance.userId, 'person.view');
    const named = await decided(row);
    expect(await told(named)).toEqual(['practitioner report', 'reader read', 'reader-of-event read', 'searcher read', 'sharer share', 'taker export', 'worker read']);
    const closing = await decided(row, 'accepted', { column: 'closure_reason', right: null });
    expect(await told(closing)).toEqual(['practitioner report', 'reader read', 'reader-of-event read', 'sharer share', 'taker export']);
    const no = await decided(row, 'refused', { column: 'requested_on', right: '2026-05-02' });
    expect(await told(no)).toEqual(['practitioner report']);
  });

  it('are told to each alone, who says that they know', async () => {
    const row = plant('P00000000000000e1');
    const reader = { ...nurse, userId: 'a-reader' };
    await note(reader, 'person.view', [row.personKey]);
    const id = await decided(row);
    const [notice, ...rest] = await desk.notices(reader);
    expect([notice, rest]).toMatchObject([{ personKey: row.personKey, via: ['read'], outcome: 'accepted', acknowledgedAt: null }, []]);
    expect(await desk.notices(outsider)).toEqual([]);
    for (const who of [outsider, governance]) expect(await desk.acknowledge(who, notice!.noticeId)).toEqual({ ok: false });
    expect(await desk.acknowledge(reader, 'forged')).toEqual({ ok: false });
    later();
    expect(await desk.acknowledge(reader, notice!.noticeId)).toEqual({ ok: true });
    expect(await desk.acknowledge(reader, notice!.noticeId)).toEqual({ ok: false });
    expect((await desk.notices(reader))[0]!.acknowledgedAt).toBe(now);
    expect((await desk.find(governance, id))!.notices.map(({ userId, acknowledgedAt }) => [userId, acknowledgedAt])).toEqual([['a-reader', now], ['practitioner', null]]);
  });

  it('of a sealed person, under whichever key, are there for keepers alone', async () => {
    const row = rows.find(({ personKey }) => personKey === shut)!;
    for (const who of [governance, practitioner]) expect(await report(row, {}, who)).toEqual({ ok: false, reason: 'not-found' });
    expect(await desk.rows(asking(governance), shut)).toBeUndefined();
    const id = await reported(row, {}, keeper);
    expect([await desk.find(governance, id), (await desk.list(governance)).some(({ correctionId }) => correctionId === id), await desk.decide(governance, id, { outcome: 'accepted', reason: 'x' })]).toEqual([undefined, false, { ok: false }]);
    expect(await desk.decide(secondKeeper, id, { outcome: 'accepted', reason: 'x' })).toEqual({ ok: true });
    expect(await desk.find(keeper, id)).toMatchObject({ wrong: 'Sealed' });
    const accepted = openAcceptedCorrections(store.casework.db);
    expect((await accepted(asking(keeper), [row])).length).toBe(1);
    const planted = `P00000000000000f1`;
    const own = plant(planted);
    await decided(own);
    expect((await accepted(asking(practitioner), [own])).length).toBe(1);
    await sealSubject(store.casework.db, clock, { reader: governance, personKey: planted, ground: 'other', whomToRing: 'the desk', keepers: ['keeper'] });
    for (const who of [practitioner, governance]) expect(await accepted(asking(who), [own])).toEqual([]);
  });

  it('are kept by the database from everybody else, whatever is asked', async () => {
    const row = plant();
    const id = await decided(row);
    const as = <T>(who: Reader, work: Parameters<typeof asReader<T>>[4], purpose: string | null = 'early-help') => asReader(store.casework.db, who, purpose, clock, work);
    for (const who of [practitioner, coordinator, nurse, { ...governance, role: 'analyst' as const }]) {
      for (const table of ['correction', 'correction_decision', 'correction_notice', 'correction_acknowledgement'] as const) expect(await as(who, (t) => t.selectFrom(table).selectAll().execute())).toEqual([]);
    }
    const accepted = openAcceptedCorrections(store.casework.db);
    for (const [who, purpose] of [[nurse, 'early-help'], [outsider, 'early-help'], [practitioner, null], [practitioner, 'another']] as const) expect(await accepted(asking(who, purpose), [row])).toEqual([]);
    expect(await store.casework.db.selectFrom('correction').selectAll().execute()).toEqual([]);
    const bare = { correction_id: '00000000-0000-4000-8000-0000000000aa', person_key: ada, holder: 'early-help', feed: 'early-help-episode', row_key: 'bare', column_name: 'surname', load: 'l', line: 1, file: 'f', wrong_value: 'a', right_value: 'b', evidence: 'x', asked_by: 'person' as const, fact_since: new Date(now) };
    await expect(as(practitioner, (t) => t.insertInto('correction').values(bare).execute())).rejects.toMatchObject(refused);
    await expect(as(nurse, (t) => t.insertInto('correction').values(bare).execute())).rejects.toMatchObject(refused);
    await expect(as(second, (t) => sql`select push_correction(${id}::uuid, array[${ada}], true)`.execute(t))).rejects.toMatchObject(refused);
    await expect(as(practitioner, (t) => sql`select push_correction(${id}::uuid, array[${ada}], true)`.execute(t))).rejects.toMatchObject(refused);
    await expect(as(governance, (t) => sql`insert into correction_notice (correction_id, person_key, user_id, via, last_at, made_at) values (${id}::uuid, ${ada}, 'x', array['read'], now(), now())`.execute(t))).rejects.toMatchObject(refused);
    for (const statement of [`update correction set right_value = 'x'`, `delete from correction_decision`, `truncate correction_notice cascade`]) {
      await expect(store.casework.db.transaction().execute((t) => sql.raw(statement).execute(t)), statement).rejects.toMatchObject(refused);
      await expect(store.asOwner(statement), statement).rejects.toThrow();
    }
  });

  it('stand in an answer to the person, as it was when it was released', async () => {
    const key = 'P00000000000000a7';
    const row = plant(key);
    const { db } = store.casework;
    const access = openSubjectAccess(db, clock, { source, feeds: readRecordFeeds(undefined), around: async () => ({ own: { forename: ['Ada'], surname: ['Quil'] }, others: [], shared: new Map() }), idsOf: async ({ ever }) => [...ever], register: memoryAgreements(clock, readAgreementPacks(undefined)), corrections: openAcceptedCorrections(db) });
    const opened = await access.open(governance, { personKey: key, askedOn: '2026-12-01', askedBy: 'person', authority: null });
    if (!opened.ok) throw new Error('Not opened');
    await access.step(governance, opened.subjectAccessId, { kind: 'identity', code: 'documents', on: '2026-12-01', words: '' });
    const facts = async () => {
      const answer = await access.pack(governance, opened.subjectAccessId);
      return answer.kind === 'pack' ? answer.pack.shown.flatMap((part) => part.facts.filter(({ name }) => name.startsWith('surname')).map(({ label, shown }) => `${label}: ${shown}`)) : [];
    };
    const before = await facts();
    expect(before).toHaveLength(1);
    await decided(row);
    later();
    expect(await facts()).toEqual([before[0], `Corrected: ${before[0]!.split(':')[0]}: Quill`]);
  });
});
