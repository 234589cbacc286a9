import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newAttachmentHome } from '../../test/support/attachment-home.ts';
import { coordinator, governance, governedStart, outsider, practitioner, usualGrants } from '../../test/support/governed-people.ts';
import { openGovernedStore, timeSql, type GovernedStore } from '../../test/support/governed-store.ts';
import { holdOver } from '../../test/support/legal-holds.ts';
import { noLoads } from '../../test/support/memory-loads.ts';
import { heldRow, memoryPeople } from '../../test/support/people-server.ts';
import { describeStores } from '../../test/support/stores.ts';
import { listAuditEvents, recordKinds, verifyAudit, type RecordKind } from '../store/index.ts';
import { asReader, openRetention, openShareRecords, readerCases, readRetention, sealSubject, type NewHold, type Reader, type RecordRetention, type RetentionDesk } from './index.ts';

const clock = { now: () => governedStart };
const refused = { code: '42501' };
const second: Reader = { ...governance, userId: 'second-lead' };
const [ada, ben, now, former, corrected] = ['P00000000000000e1', 'P00000000000000e2', 'P00000000000000e3', 'P00000000000000e4', 'P00000000000000e5'] as const;
const unbuilt = heldRow('P00000000000000e6', 'early-help-episode', 9, {});
const served = [heldRow(now, 'early-help-episode', 2, {}), heldRow(corrected, 'early-help-episode', 3, {})];
const source = memoryPeople(served, { [former]: now }, [], [...served, unbuilt]);
const unknown = '00000000-0000-4000-8000-000000000000';
const long = '2015-03-01T12:00:00Z';
const secret = 'Words about a family';

describeStores('keeping and destroying records', (stores) => {
  let store: GovernedStore;
  let desk: RetentionDesk;
  let records: RecordRetention;
  let made = 0;

  /** A record that ended in 2015, of three rows or more; its id. */
  const plant = async (kind: RecordKind, personKey: string = ada, { at = long, rowKey = 'gone' }: { at?: string; rowKey?: string } = {}): Promise<string> => {
    made += 1;
    const id = (part: number) => `${String(made).padStart(8, '0')}-0000-4000-8000-${String(part).padStart(12, '0')}`;
    const [own, when] = [id(0), timeSql(Date.parse(at))];
    const statements: Record<RecordKind, string[]> = {
      'share-record': [
        `insert into share_record (share_record_id, decision, person_key, items, what, from_agency, to_agency, purpose, ground, reasons, consent, decided_by, decided_on, recorded_by, recorded_at, sealed) values ('${own}', 'share', '${personKey}', '{early-help-episode}', '${secret}', 'early-help', 'hospital', 'early-help', '{article-6-1-e}', '${secret}', 'given', 'practitioner', '2015-02-01', 'practitioner', ${when}, false)`,
        `insert into share_follow_up (share_record_id, kind, text, recorded_by, recorded_at) values ('${own}', 'outcome', '${secret}', 'practitioner', ${when})`,
        `insert into share_review (share_record_id, outcome, note, reviewed_by, reviewed_at) values ('${own}', 'sound', '${secret}', 'governance', ${when})`,
      ],
      'subject-access': [
        `insert into subject_access (subject_access_id, person_key, asked_on, asked_by, opened_by, opened_at) values ('${own}', '${personKey}', '2015-02-01', 'person', 'governance', ${when})`,
        `insert into subject_access_step (subject_access_id, kind, code, on_day, words, done_by, done_at) values ('${own}', 'identity', 'documents', '2015-02-01', '', 'governance', ${when}), ('${own}', 'closing', 'withdrawn', '2015-02-01', '${secret}', 'governance', ${when})`,
        `insert into subject_access_word (subject_access_id, word, added_by, added_at) values ('${own}', 'Rowe', 'governance', ${when})`,
        `insert into subject_access_choice (subject_access_id, place, choice, reason, decided_by, decided_at) values ('${own}', 'x', 'remove', '${secret}', 'governance', ${when})`,
        `insert into subject_access_exemption (subject_access_id, part, act, ground, words, decided_by, decided_at) values ('${own}', 'x', 'withhold', 'crime', '${secret}', 'governance', ${when})`,
      ],
      correction: [
        `insert into correction (correction_id, person_key, holder, feed, row_key, column_name, load, line, file, wrong_value, right_value, evidence, asked_by, fact_since, reported_by, reported_agency, reported_at) values ('${own}', '${personKey}', 'early-help', 'early-help-episode', '${rowKey}', 'surname', 'early-help-episode/000001-0123456789ab', 2, 'x.csv', 'Quil', 'Quill', '${secret}', 'person', ${when}, 'practitioner', 'early-help', ${when})`,
        `insert into correction_decision (correction_id, outcome, reason, decided_by, decided_at) values ('${own}', 'accepted', '${secret}', 'governance', ${when})`,
        `insert into correction_notice (correction_notice_id, correction_id, person_key, user_id, via, last_at, made_at) values ('${id(1)}', '${own}', '${personKey}', 'practitioner', '{report}', ${when}, ${when})`,
        `insert into correction_acknowledgement (correction_notice_id, acknowledged_by, acknowledged_at) values ('${id(1)}', 'practitioner', ${when})`,
      ],
    };
    // As if it had been kept at its time: with the audit's row of that day, which the database asks for.
    const audited = { 'share-record': 'share_record', 'subject-access': 'subject_access', correction: 'correction' }[kind];
    await store.asOwner([`alter table ${audited} disable trigger user`, ...(kind === 'correction' ? ['correction_decision', 'correction_acknowledgement'].map((table) => `alter table ${table} disable trigger user`) : []), ...statements[kind],
      `alter table ${audited} enable trigger user`, ...(kind === 'correction' ? ['correction_decision', 'correction_acknowledgement'].map((table) => `alter table ${table} enable trigger user`) : [])].join(';\n'));
    return own;
  };
  const propose = async (kind: RecordKind, recordId: string, who: Reader = governance): Promise<string> => {
    const proposed = await records.propose(who, { kind, recordId, reason: 'No longer needed' });
    if (!proposed.ok) throw new Error(proposed.reason);
    return proposed.id;
  };
  const hold = (over: Pick<NewHold, 'kind' | 'target'>) => holdOver(desk, second, over);
  const lift = (holdId: string) => desk.liftHold(governance, { holdId, reason: 'Settled', authority: 'County court' });
  const attempt = (statement: string, who: Reader = governance) => asReader(store.casework.db, who, null, clock, (transaction) => sql.raw(statement).execute(transaction));
  const isDue = async (recordId: string) => (await records.queue(governance)).due.some((each) => each.recordId === recordId);
  const table = { 'share-record': 'share_record', 'subject-access': 'subject_access', correction: 'correction' } as const;

  beforeAll(async () => {
    store = await openGovernedStore(stores, clock);
    await store.plantGrants(usualGrants);
    desk = openRetention(store.casework.db, clock, { retention: readRetention(undefined).value, source, feeds: [], attachments: newAttachmentHome().files, loads: noLoads });
    records = desk.records;
  });
  afterAll(() => store.casework.close());

  it.each(recordKinds)('of the kind %s come due by the schedule of their kind, and not a day before', async (kind) => {
    const [due, recent] = [await plant(kind), await plant(kind, ada, { at: '2020-12-02T12:00:00Z' })];
    const found = (await records.queue(governance)).due.find(({ recordId }) => recordId === due);
    expect(found).toMatchObject({ kind, personKey: ada, open: false, held: false, proposalId: null, due: { what: 'end', from: '2015-03-01', since: '2021-03-02' } });
    expect(found!.due.schedule.of).toBe(kind);
    expect(await isDue(recent)).toBe(false);
    expect(await records.propose(governance, { kind, recordId: recent, reason: 'x' })).toEqual({ ok: false, reason: 'not-due' });
    expect(JSON.stringify(await records.find(governance, { kind, recordId: due }))).not.toContain(secret);
  });

  it.each(recordKinds)('of the kind %s are proposed by one and destroyed by another, wholly, with a certificate that tells nothing that was written; the audit stays', async (kind) => {
    const [recordId, other] = [await plant(kind), await plant(kind)];
    const counts = (await records.find(governance, { kind, recordId }))!.counts;
    expect(counts.reduce((sum, { rows }) => sum + rows, 0)).toBeGreaterThan(2);
    await propose(kind, recordId);
    expect(await records.propose(second, { kind, recordId, reason: 'x' })).toEqual({ ok: false, reason: 'not-there' });
    expect(await records.confirm(governance, { kind, recordId })).toEqual({ ok: false, reason: 'same-person' });
    expect((await records.listProposals(second)).map((each) => each.recordId)).toContain(recordId);
    const done = await records.confirm(second, { kind, recordId });
    expect(done).toMatchObject({ ok: true });
    const certificate = (await desk.findCertificate(governance, Number((done as { id: string }).id)))!;
    expect(certificate).toMatchObject({ caseId: null, load: null, record: { kind, id: recordId }, dueOn: '2021-03-02', firstOn: '2015-03-01', lastOn: '2015-03-01', proposedBy: 'governance', confirmedBy: 'second-lead' });
    expect(certificate.counts.map((each) => [each.kind, each.rows]).toSorted()).toEqual(counts.map((each) => [each.kind, each.rows]).toSorted());
    for (const told of [secret, ada, 'Quil', 'Rowe']) expect(JSON.stringify(certificate)).not.toContain(told);
    expect([await records.find(governance, { kind, recordId }), await isDue(recordId), await isDue(other)]).toEqual([undefined, false, true]);
    expect((await attempt(`select count(*)::int as n from ${table[kind]} where ${table[kind]}_id = '${recordId}'`)).rows).toEqual([{ n: 0 }]);
    const audit = await listAuditEvents(store.casework.db, { subjectId: recordId, limit: 10 });
    expect(audit.map(({ action, actorId, subjectKind }) => [action, actorId, subjectKind])).toEqual([['retention.destroy', 'second-lead', kind], ['retention.propose', 'governance', kind]]);
    expect((await verifyAudit(store.casework.db)).fault).toBeUndefined();
  });

  it.each(recordKinds)('of the kind %s are kept until a day with a reason, and then not destroyed', async (kind) => {
    const recordId = await plant(kind);
    const kept = await records.keep(governance, { kind, recordId, keepUntil: '2027-02-28', reason: 'An inquiry asked' });
    expect(kept).toMatchObject({ ok: true });
    expect(await records.find(governance, { kind, recordId })).toMatchObject({ due: undefined, hindrance: 'kept', standing: { keepUntil: '2027-02-28', reason: 'An inquiry asked', by: 'governance' } });
    expect([await isDue(recordId), await records.propose(governance, { kind, recordId, reason: 'x' })]).toEqual([false, { ok: false, reason: 'not-due' }]);
    await expect(attempt(`insert into destruction_proposal (record_kind, record_id, schedule, schedule_words, due_on, reason) values ('${kind}', '${recordId}', 'x', 'x', '2021-03-02', 'x')`)).rejects.toMatchObject(refused);
  });

  it.each(recordKinds)('of the kind %s stay while a hold is on their person or agency, also where that was proposed before; the owner cannot remove them either', async (kind) => {
    const recordId = await plant(kind, ben);
    const proposalId = await propose(kind, recordId);
    for (const held of [{ kind: 'person' as const, target: ben }, ...(kind === 'subject-access' ? [] : [{ kind: 'agency' as const, target: 'early-help' }]), ...(kind === 'correction' ? [{ kind: 'feed' as const, target: 'early-help-episode' }] : [])]) {
      const holdId = await hold(held);
      expect([held, await records.confirm(second, { kind, recordId })]).toEqual([held, { ok: false, reason: 'held' }]);
      expect((await attempt(`select outcome from destroy('${proposalId}', '{}', '{}', '{x}')`, second)).rows).toEqual([{ outcome: 'held' }]);
      expect((await records.queue(governance)).due.find((each) => each.recordId === recordId)?.held).toBe(true);
      await lift(holdId);
    }
    await expect(store.asOwner(`delete from ${table[kind]} where ${table[kind]}_id = '${recordId}'`)).rejects.toThrow(/removed but under a certificate/);
    await expect(attempt(`delete from ${table[kind]}`)).rejects.toMatchObject(refused);
    expect(await records.refuse(governance, { kind, recordId, reason: 'Asked again' })).toMatchObject({ ok: true });
    expect(await records.confirm(second, { kind, recordId })).toEqual({ ok: false, reason: 'not-there' });
    expect((await records.find(governance, { kind, recordId }))!.refused).toMatchObject([{ refusal: { reason: 'Asked again', by: 'governance' } }]);
  });

  it('are not due while something needs them: a case about the person under any key, a request without an answer, a fact that is still served', async () => {
    const cases = readerCases(store.casework.db, clock, coordinator, 'early-help');
    expect((await cases.startCase(now)).ok).toBe(true);
    const [own, underFormer] = [await plant('share-record', now), await plant('share-record', former)];
    for (const recordId of [own, underFormer]) {
      expect([await isDue(recordId), await records.propose(governance, { kind: 'share-record', recordId, reason: 'x' })]).toEqual([false, { ok: false, reason: 'not-due' }]);
      expect((await records.find(governance, { kind: 'share-record', recordId }))!.hindrance).toBe('open');
    }
    const asked = await plant('subject-access');
    await store.asOwner(`alter table subject_access disable trigger user; insert into subject_access (subject_access_id, person_key, asked_on, asked_by, opened_by, opened_at) values ('${unknown}', '${ada}', '2015-02-01', 'person', 'governance', ${timeSql(Date.parse(long))}); alter table subject_access enable trigger user`);
    expect([await isDue(asked), await isDue(unknown)]).toEqual([true, false]);
    const row = (await source.rows([corrected]))[0]!;
    const [standing, gone] = [await plant('correction', corrected, { rowKey: row.rowKey }), await plant('correction', corrected, { rowKey: 'another row' })];
    expect([await isDue(standing), await isDue(gone)]).toEqual([false, true]);
    expect((await records.find(governance, { kind: 'correction', recordId: standing }))!.hindrance).toBe('open');
    // A file has the row, and nobody in the snapshot does.
    const loaded = await plant('correction', corrected, { rowKey: unbuilt.rowKey });
    expect([await isDue(loaded), (await records.find(governance, { kind: 'correction', recordId: loaded }))!.hindrance]).toEqual([true, 'open']);
    expect(await records.propose(governance, { kind: 'correction', recordId: loaded, reason: 'x' })).toEqual({ ok: false, reason: 'not-due' });
  });

  it('are not destroyed where something was added, or somebody decided to keep them, after the proposal', async () => {
    const [added, kept] = [await plant('share-record'), await plant('share-record')];
    const proposals = [await propose('share-record', added), await propose('share-record', kept)];
    expect(await openShareRecords(store.casework.db, clock, { source }).followUp({ who: practitioner, purpose: 'early-help' }, { shareRecordId: added, kind: 'outcome', text: 'x' })).toMatchObject({ ok: true });
    await records.keep(governance, { kind: 'share-record', recordId: kept, keepUntil: '2027-01-01', reason: 'x' });
    expect(await records.confirm(second, { kind: 'share-record', recordId: added })).toMatchObject({ ok: false });
    expect((await attempt(`select outcome from destroy('${proposals[0]}', '{}', '{}', '{x}')`, second)).rows).toEqual([{ outcome: 'changed' }]);
    expect((await attempt(`select outcome from destroy('${proposals[1]}', '{}', '{}', '{x}')`, second)).rows).toEqual([{ outcome: 'kept' }]);
  });

  it('are told to nobody but governance leads, of a sealed person to keepers alone; ids that are none are answered like what is not there', async () => {
    const recordId = await plant('share-record', 'P00000000000000ef');
    for (const who of [coordinator, practitioner, outsider, { ...governance, role: 'analyst' as const }]) {
      expect([await records.queue(who), await records.listProposals(who), await records.find(who, { kind: 'share-record', recordId })]).toEqual([{ due: [], waiting: [], truncated: false }, [], undefined]);
      for (const outcome of [await records.keep(who, { kind: 'share-record', recordId, keepUntil: '2027-01-01', reason: 'x' }), await records.propose(who, { kind: 'share-record', recordId, reason: 'x' }), await records.confirm(who, { kind: 'share-record', recordId })]) expect(outcome).toEqual({ ok: false, reason: 'not-there' });
      expect((await attempt(`select * from retention_records('share-record', null, now(), 10)`, who)).rows).toEqual([]);
    }
    for (const id of [unknown.replace('4', '5'), 'x', "' or 1=1"]) expect(await records.find(governance, { kind: 'share-record', recordId: id })).toBeUndefined();
    expect(await records.find(governance, { kind: 'correction', recordId })).toBeUndefined();
    const waiting = await propose('share-record', recordId);
    const sealed = await sealSubject(store.casework.db, clock, { reader: governance, personKey: 'P00000000000000ef', ground: 'protected-person', whomToRing: 'The lead', keepers: ['keeper'] });
    expect(sealed.ok).toBe(true);
    expect([await isDue(recordId), await records.find(governance, { kind: 'share-record', recordId }), (await records.listProposals(second)).some((each) => each.recordId === recordId)]).toEqual([false, undefined, false]);
    expect((await attempt(`select outcome from destroy('${waiting}', '{}', '{}', '{x}')`, second)).rows).toEqual([{ outcome: 'not-there' }]);
    expect((await attempt(`select * from destruction_proposal where record_id = '${recordId}'`)).rows).toEqual([]);
    expect((await records.queue({ ...governance, userId: 'keeper' })).due.map((each) => each.recordId)).toContain(recordId);
  });
});
