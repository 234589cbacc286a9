import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newAttachmentHome, smallPdf } from '../../test/support/attachment-home.ts';
import { coordinator, governance, governedStart, outsider, practitioner, usualGrants } from '../../test/support/governed-people.ts';
import { openGovernedStore, quoted, timeSql, type GovernedStore } from '../../test/support/governed-store.ts';
import { holdOver } from '../../test/support/legal-holds.ts';
import { noLoads } from '../../test/support/memory-loads.ts';
import { heldRow, memoryPeople } from '../../test/support/people-server.ts';
import { describeStores } from '../../test/support/stores.ts';
import { readRecordFeeds } from '../build/index.ts';
import { listAuditEvents, recordAuditEvent, verifyAudit } from '../store/index.ts';
import { asReader, digestOfRows, openRetention, readerCases, readRetention, sealSubject, type NewHold, type Reader, type RetentionDesk } from './index.ts';

const clock = { now: () => governedStart };
const refused = { code: '42501' };
const second: Reader = { ...governance, userId: 'second-lead' };
const unknown = '00000000-0000-4000-8000-000000000000';
const [adult, young, unborn, held, sealed] = ['P00000000000000b1', 'P00000000000000b2', 'P00000000000000b3', 'P00000000000000b4', 'P00000000000000b5'] as const;
const [merged, renamed, former] = ['P00000000000000b6', 'P00000000000000b7', 'P00000000000000b8'] as const;
const [changed, earlier] = ['P00000000000000b9', 'P00000000000000ba'] as const;
const born = (personKey: string, date_of_birth: string) => heldRow(personKey, 'early-help-episode', 2, { date_of_birth });
const source = memoryPeople([born(adult, '1980-01-01'), born(young, '2010-04-17'), born(held, '1980-01-01'), born(sealed, '1980-01-01'), born(renamed, '1980-01-01'), born(changed, '1980-01-01')], { [merged]: held, [former]: renamed, [earlier]: changed });

describeStores('keeping and destroying', (stores) => {
  let store: GovernedStore;
  let desk: RetentionDesk;
  let made = 0;
  const { home, files } = newAttachmentHome();

  /** A case that was closed, with entries, a member and an attachment. */
  const plant = async (personKey: string, { closed = '2015-01-10', holder = 'early-help' }: { closed?: string | null; holder?: string } = {}): Promise<string> => {
    made += 1;
    const id = (kind: number) => `${String(made).padStart(8, '0')}-0000-4000-8000-${String(kind).padStart(12, '0')}`;
    const at = timeSql(Date.parse('2014-01-10T12:00:00Z'));
    await store.asOwner([
      `insert into case_file (case_id, person_key, holder, status, lead_user, lead_agency, opened_at, closed_at) values ('${id(0)}', '${personKey}', '${holder}', '${closed === null ? 'open' : 'closed'}', 'practitioner', 'early-help', ${at}, ${closed === null ? 'null' : timeSql(Date.parse(`${closed}T12:00:00Z`))})`,
      `insert into case_member (case_member_id, case_id, user_id, agency, since) values ('${id(1)}', '${id(0)}', 'nurse', 'hospital', ${at})`,
      `insert into case_entry (entry_id, case_id, section, holder, author, text, created_at) values ('${id(2)}', '${id(0)}', 'worries', 'early-help', 'practitioner', ${quoted('Zoë’s words, 12:3,')}, ${at})`,
      `insert into case_entry (entry_id, case_id, section, holder, author, text, created_at) values ('${id(3)}', '${id(0)}', 'health', 'hospital', 'nurse', 'x', ${at})`,
      `insert into case_attachment (attachment_id, entry_id, file_name, media_type, bytes, sha256, added_by, added_at) values ('${id(4)}', '${id(2)}', 'letter.pdf', 'application/pdf', 5, '${'0'.repeat(64)}', 'practitioner', ${at})`,
    ].join(';\n'));
    return id(0);
  };
  const propose = async (caseId: string, who: Reader = governance): Promise<string> => {
    const proposed = await desk.propose(who, { caseId, reason: 'No longer needed' });
    if (!proposed.ok) throw new Error(proposed.reason);
    return proposed.id;
  };
  const hold = (over: Partial<NewHold> & Pick<NewHold, 'kind' | 'target'>) => holdOver(desk, second, over);
  const lift = (holdId: string) => desk.liftHold(governance, { holdId, reason: 'The claim is settled', authority: 'County court' });
  const rowsOf = async (caseId: string): Promise<number> => (await asReader(store.casework.db, { ...governance, userId: 'second-lead' }, null, clock, (transaction) => sql`select * from retention_rows(${caseId}::uuid)`.execute(transaction))).rows.length;
  const attempt = (statement: string, who: Reader = governance) => asReader(store.casework.db, who, null, clock, (transaction) => sql.raw(statement).execute(transaction));

  const deskOf = (at: typeof clock, retention = readRetention(undefined).value): RetentionDesk => openRetention(store.casework.db, at, { retention, source, feeds: readRecordFeeds(undefined), attachments: files, loads: noLoads });

  beforeAll(async () => {
    store = await openGovernedStore(stores, clock);
    await store.plantGrants(usualGrants);
    desk = deskOf(clock);
  });
  afterAll(() => store.casework.close());

  it('finds what is due with its schedule and its day, and leaves what is not', async () => {
    const [due, tooYoung, assumed, open, later] = [await plant(adult), await plant(young), await plant(unborn), await plant(adult, { closed: null }), await plant(adult, { closed: '2020-12-01' })];
    const { due: found, undated, unscheduled, truncated } = await desk.queue(governance);
    const about = new Map(found.map((each) => [each.caseId, each.due]));
    expect(about.get(due)).toMatchObject({ what: 'end', schedule: { code: 'early-help' }, from: '2015-01-10', since: '2021-01-11', birthAssumed: false });
    // Until they would be 25; nobody knows the third's date of birth.
    for (const caseId of [tooYoung, assumed, open, later]) expect(about.has(caseId)).toBe(false);
    expect([undated, unscheduled, truncated]).toEqual([0, 0, false]);
    await plant(adult, { holder: 'community-group' });
    expect((await desk.queue(governance)).unscheduled).toBe(1);
  });

  it('takes the right date of birth of an accepted correction, and none that is wrong', async () => {
    const cases = [await plant(young), await plant(adult)];
    const accepting = (wrong: string, right: string | null) => openRetention(store.casework.db, clock, { retention: readRetention(undefined).value, source, feeds: readRecordFeeds(undefined), attachments: files, loads: noLoads,
      corrections: async ({ who }, rows) => (who.role === 'governance-lead' ? rows.map((row) => ({ ...row, correctionId: unknown, column: 'date_of_birth', wrong, right, decidedAt: clock.now() })) : []) });
    const dueOf = async (other: RetentionDesk) => Promise.all(cases.map(async (caseId) => (await other.findCase(governance, caseId))?.due));
    const closed = { since: '2021-01-11', birthAssumed: false };
    expect(await dueOf(desk)).toMatchObject([undefined, closed]);
    // Born later than the record said: kept longer. Nothing in the place of what is wrong: not known.
    expect(await dueOf(accepting('1980-01-01', '2005-06-01'))).toEqual([undefined, undefined]);
    expect(await dueOf(accepting('1980-01-01', '1981-06-01'))).toMatchObject([undefined, closed]);
    expect(await dueOf(accepting('1980-01-01', null))).toEqual([undefined, undefined]);
    expect(await dueOf(accepting('1999-01-01', null))).toMatchObject([undefined, closed]);
  });

  it('answers nobody but governance leads, and as for what is not there', async () => {
    const [caseId, waiting] = [await plant(adult), await plant(adult)];
    const proposalId = await propose(waiting);
    for (const who of [coordinator, practitioner, outsider, { ...governance, role: 'analyst' as const }, { ...governance, role: 'signatory' as const }]) {
      expect(await desk.queue(who)).toMatchObject({ due: [], unscheduled: 0 });
      expect([await desk.findCase(who, caseId), await desk.findProposal(who, proposalId), await desk.listProposals(who), await desk.listHolds(who), await desk.listCertificates(who, { most: 10 })]).toEqual([undefined, undefined, [], [], []]);
      for (const outcome of [await desk.keep(who, { caseId, keepUntil: '2027-01-01', reason: 'x' }), await desk.propose(who, { caseId, reason: 'x' }), await desk.confirm(who, proposalId), await desk.refuse(who, { proposalId, reason: 'x' }), await desk.placeHold(who, { kind: 'agency', target: 'early-help', reason: 'x', authority: 'x' })]) expect(outcome).toEqual({ ok: false, reason: 'not-there' });
    }
    for (const id of [unknown, 'x', "' or 1=1"]) {
      expect([await desk.findCase(governance, id), await desk.findProposal(governance, id), await desk.findHold(governance, id)]).toEqual([undefined, undefined, undefined]);
      expect(await desk.confirm(governance, id)).toEqual({ ok: false, reason: 'not-there' });
    }
    expect(await store.casework.db.selectFrom('destruction_proposal').select('case_id').execute()).toEqual([]);
  });

  it('keeps what is due until a day, with who, why and the audit, and then does not destroy it', async () => {
    const caseId = await plant(adult);
    const proposalId = await propose(caseId);
    const kept = await desk.keep(governance, { caseId, keepUntil: '2027-02-28', reason: 'A sibling’s case is open' });
    expect(kept.ok).toBe(true);
    expect((await desk.queue(governance)).due.some((each) => each.caseId === caseId)).toBe(false);
    expect(await desk.findCase(governance, caseId)).toMatchObject({ keepUntil: '2027-02-28', reviewedAt: governedStart, hindrance: 'kept', due: undefined });
    expect([await desk.propose(governance, { caseId, reason: 'x' }), await desk.confirm(second, proposalId), await desk.keep(governance, { caseId: await plant(adult, { closed: '2020-12-01' }), keepUntil: '2028-01-01', reason: 'x' })]).toEqual([{ ok: false, reason: 'not-due' }, { ok: false, reason: 'kept' }, { ok: false, reason: 'not-due' }]);
    expect((await listAuditEvents(store.casework.db, { subjectId: caseId, limit: 5 }))[0]).toMatchObject({ actorId: 'governance', action: 'retention.keep', outcome: 'done' });
    const { outcome } = (await attempt(`select * from destroy('${proposalId}', '{}', '{}', '{x}')`, second)).rows[0] as { outcome: string };
    expect(outcome).toBe('kept');
    for (const day of ['2026-12-01', '2037-01-01']) await expect(desk.keep(governance, { caseId: await plant(adult), keepUntil: day, reason: 'x' })).rejects.toMatchObject({ code: '23514' });
  });

  it('destroys a case with all that was written in it, under a certificate that two people made', async () => {
    const [caseId, other] = [await plant(adult), await plant(adult)];
    await desk.findCase(governance, caseId);
    const proposalId = await propose(caseId);
    const file = (await desk.findProposal(second, proposalId))!;
    expect(file).toMatchObject({ caseId, holder: 'early-help', schedule: 'early-help', dueOn: '2021-01-11', proposedBy: 'governance', changed: false, certificate: null, case: { hindrance: null } });
    expect(file.rows.map(({ kind, section, agency }) => [kind, section, agency])).toEqual([['attachment', 'worries', 'early-help'], ['case', null, 'early-help'], ['entry', 'worries', 'early-help'], ['entry', 'health', 'hospital'], ['member', null, 'hospital']]);
    const before = await rowsOf(other);
    const [gone, stays] = [file.rows[0]!.id, (await desk.findProposal(second, await propose(other)))!.rows[0]!.id];
    for (const each of [gone, stays]) await files.write(each, smallPdf);
    await files.settle([gone, stays]);
    const certificates = (await desk.listCertificates(governance, { most: 100 })).length;
    const done = await desk.confirm(second, proposalId);
    expect(done).toEqual({ ok: true, id: String(certificates + 1) });
    expect([await rowsOf(caseId), await rowsOf(other)]).toEqual([0, before]);
    expect(readdirSync(home.attachments)).toEqual([stays]);
    const certificate = (await desk.findCertificate(governance, certificates + 1))!;
    expect(certificate).toMatchObject({
      caseId, holder: 'early-help', schedule: 'early-help', firstOn: '2014-01-10', lastOn: '2014-01-10', proposedBy: 'governance', confirmedBy: 'second-lead', confirmedAt: governedStart, sha256: digestOfRows(file.rows),
      counts: [{ kind: 'attachment', section: 'worries', agency: 'early-help', rows: 1 }, { kind: 'case', section: null, agency: 'early-help', rows: 1 }, { kind: 'entry', section: 'health', agency: 'hospital', rows: 1 }, { kind: 'entry', section: 'worries', agency: 'early-help', rows: 1 }, { kind: 'member', section: null, agency: 'hospital', rows: 1 }],
    });
    expect(certificate.copies.join(' ')).toContain('Backups made before this day hold the case');
    expect(JSON.stringify(certificate)).not.toMatch(/Zoë|letter\.pdf|P0000/);
    expect(await desk.findProposal(second, proposalId)).toMatchObject({ certificate: certificate.number, case: undefined, rows: [] });
    for (const again of [await desk.confirm(second, proposalId), await desk.refuse(second, { proposalId, reason: 'x' }), await desk.propose(governance, { caseId, reason: 'x' })]) expect(again).toEqual({ ok: false, reason: 'not-there' });
  });

  it('makes the SHA-256 of each row from its fields, so that whoever has a copy can make it anew', async () => {
    const caseId = await plant(adult);
    const rows = (await desk.findProposal(governance, await propose(caseId)))!.rows;
    const field = (value: string) => `${Buffer.byteLength(value)}:${value},`;
    const entry = rows.find(({ kind, section }) => kind === 'entry' && section === 'worries')!;
    const content = [entry.id, 'worries', 'early-help', 'practitioner', 'Zoë’s words, 12:3,', String(Date.parse('2014-01-10T12:00:00Z') * 1000)].map(field).join('');
    expect(entry.sha256).toBe(createHash('sha256').update(content).digest('hex'));
  });

  it('leaves the audit of the case whole', async () => {
    const caseId = await plant(adult);
    const before = await listAuditEvents(store.casework.db, { subjectId: caseId, limit: 50 });
    const proposalId = await propose(caseId);
    await desk.confirm(second, proposalId);
    const events = await listAuditEvents(store.casework.db, { subjectId: caseId, limit: 50 });
    expect(events.map(({ action, actorId }) => [action, actorId])).toEqual([['retention.destroy', 'second-lead'], ['retention.propose', 'governance'], ...before.map(({ action, actorId }) => [action, actorId])]);
    expect((await listAuditEvents(store.casework.db, { subjectId: adult, limit: 1 }))[0]).toMatchObject({ action: 'retention.destroy', subjectIds: [proposalId, caseId, adult] });
    expect((await verifyAudit(store.casework.db)).fault).toBeUndefined();
  });

  it('takes two people', async () => {
    const caseId = await plant(adult);
    const proposalId = await propose(caseId);
    expect(await desk.confirm(governance, proposalId)).toEqual({ ok: false, reason: 'same-person' });
    expect(await rowsOf(caseId)).toBe(5);
  });

  it('destroys nothing that was refused or taken back, until it is proposed anew', async () => {
    const caseId = await plant(adult);
    const first = await propose(caseId);
    expect(await desk.propose(second, { caseId, reason: 'x' })).toEqual({ ok: false, reason: 'not-there' });
    expect(await desk.refuse(second, { proposalId: first, reason: 'Ask the school first' })).toMatchObject({ ok: true });
    expect(await desk.confirm(second, first)).toEqual({ ok: false, reason: 'not-there' });
    expect(await desk.findProposal(governance, first)).toMatchObject({ refusal: { reason: 'Ask the school first', by: 'second-lead' } });
    expect(await desk.confirm(governance, await propose(caseId, second))).toMatchObject({ ok: true });
  });

  it('destroys only what was proposed: not what was added to, changed or opened since', async () => {
    const [added, reopened] = [await plant(adult), await plant(adult)];
    const [first, other] = [await propose(added), await propose(reopened)];
    await store.asOwner(`insert into case_entry (case_id, section, holder, author, text, created_at) values ('${added}', 'plan', 'early-help', 'practitioner', 'y', ${timeSql(Date.parse('2014-02-01'))})`);
    await store.asOwner(`update case_file set status = 'open' where case_id = '${reopened}'`);
    expect(await desk.findProposal(second, first)).toMatchObject({ changed: true });
    expect(await desk.confirm(second, first)).toEqual({ ok: false, reason: 'changed' });
    expect(await desk.confirm(second, other)).toEqual({ ok: false, reason: 'open' });
    expect([await rowsOf(added), await rowsOf(reopened)]).toEqual([6, 5]);
  });

  it('lets a new decision to keep take the place of the one that stands, and keeps both with who, when and why', async () => {
    const caseId = await plant(adult);
    await desk.keep(governance, { caseId, keepUntil: '2036-02-28', reason: 'A sibling’s case is open' });
    const minute = { now: () => clock.now() + 60_000 };
    expect(await deskOf(minute).keep(second, { caseId, keepUntil: '2027-02-28', reason: 'The year was mistyped' })).toMatchObject({ ok: true });
    const reviews = [{ by: 'second-lead', at: minute.now(), keepUntil: '2027-02-28', reason: 'The year was mistyped', schedule: 'early-help', dueOn: '2021-01-11' }, { by: 'governance', at: clock.now(), keepUntil: '2036-02-28', reason: 'A sibling’s case is open', schedule: 'early-help', dueOn: '2021-01-11' }];
    expect(await deskOf(minute).findCase(governance, caseId)).toMatchObject({ keepUntil: '2027-02-28', hindrance: 'kept', standing: reviews[0], reviews });
    const over = deskOf({ now: () => Date.parse('2027-03-02T12:00:00Z') });
    expect(await over.findCase(governance, caseId)).toMatchObject({ hindrance: null, standing: undefined, due: { what: 'end', since: '2027-03-01' } });
  });

  it('destroys nothing that somebody decided to keep after it was proposed, also when the day has passed', async () => {
    const caseId = await plant(adult);
    const proposalId = await propose(caseId);
    await desk.keep(governance, { caseId, keepUntil: '2027-02-28', reason: 'A sibling’s case is open' });
    const afterwards = { now: () => Date.parse('2027-03-02T12:00:00Z') };
    const later = deskOf(afterwards);
    expect(await later.findProposal(second, proposalId)).toMatchObject({ changed: true, case: { hindrance: null, due: { what: 'end', since: '2027-03-01' } } });
    expect(await later.confirm(second, proposalId)).toEqual({ ok: false, reason: 'changed' });
    const bare = await asReader(store.casework.db, second, null, afterwards, (transaction) => sql<{ outcome: string }>`select outcome from destroy(${proposalId}::uuid, '{}', '{}', '{x}')`.execute(transaction));
    expect(bare.rows).toEqual([{ outcome: 'changed' }]);
    await later.refuse(second, { proposalId, reason: 'Kept meanwhile' });
    const anew = await deskOf({ now: () => afterwards.now() + 1000 }).propose(governance, { caseId, reason: 'No longer needed' });
    expect(await later.confirm(second, anew.ok ? anew.id : unknown)).toMatchObject({ ok: true });
  });

  it('destroys nothing whose schedule is another now, or says something else', async () => {
    const caseId = await plant(adult);
    const proposalId = await propose(caseId);
    const { schedules, ...rest } = readRetention(undefined).value;
    const own = schedules.get('early-help')!;
    for (const changed of [{ ...own, years: 5 }, { ...own, code: 'early-help-anew' }]) {
      const other = deskOf(clock, { ...rest, schedules: new Map([[changed.code, changed]]) });
      expect(await other.findProposal(second, proposalId)).toMatchObject({ changed: true, hindrance: 'changed' });
      expect(await other.confirm(second, proposalId)).toEqual({ ok: false, reason: 'changed' });
    }
    // Made longer, it is not due any more: so say the page of the proposal and whoever confirms it.
    const longer = deskOf(clock, { ...rest, schedules: new Map([[own.code, { ...own, years: 50 }]]) });
    const added = await plant(adult);
    const other = await propose(added);
    await store.asOwner(`insert into case_entry (case_id, section, holder, author, text, created_at) values ('${added}', 'plan', 'early-help', 'practitioner', 'y', ${timeSql(Date.parse('2014-02-01'))})`);
    expect(await longer.findProposal(second, other)).toMatchObject({ changed: true, hindrance: 'not-due' });
    expect(await longer.confirm(second, other)).toEqual({ ok: false, reason: 'not-due' });
    expect(await desk.findProposal(second, proposalId)).toMatchObject({ changed: false, hindrance: null });
    expect(await desk.confirm(second, proposalId)).toMatchObject({ ok: true });
    expect(await desk.findProposal(second, proposalId)).toMatchObject({ hindrance: null });
  });

  it.each<[string, (caseId: string) => Pick<NewHold, 'kind' | 'target'>]>([
    ['the case', (caseId) => ({ kind: 'case', target: caseId })],
    ['its person', () => ({ kind: 'person', target: held })],
    ['its person, under a key that led to them', () => ({ kind: 'person', target: merged })],
    ['all cases of its agency', () => ({ kind: 'agency', target: 'early-help' })],
    ['all cases that another agency wrote in', () => ({ kind: 'agency', target: 'hospital' })],
  ])('destroys nothing while a hold is on %s, also one placed after the proposal; the owner cannot either', async (_, target) => {
    const caseId = await plant(held);
    const proposalId = await propose(caseId);
    const holdId = await hold(target(caseId));
    expect(await desk.confirm(second, proposalId)).toEqual({ ok: false, reason: 'held' });
    expect((await attempt(`select outcome from destroy('${proposalId}', '{}', '{}', '{x}')`, second)).rows).toEqual([{ outcome: 'held' }]);
    for (const table of ['case_attachment', 'case_entry', 'case_member', 'case_file']) {
      await expect(attempt(`delete from ${table} where case_id = '${caseId}'`)).rejects.toMatchObject(refused);
      await expect(store.asOwner(`delete from ${table} where case_id = '${caseId}'`)).rejects.toThrow(/certificate|never changed or removed/);
    }
    expect(await rowsOf(caseId)).toBe(5);
    expect((await desk.findCase(governance, caseId))!.hindrance).toBe('held');
    expect(await lift(holdId)).toMatchObject({ ok: true });
    expect(await desk.confirm(second, proposalId)).toMatchObject({ ok: true });
  });

  it('empties no table of cases while a hold is on one, and never one of holds or certificates', async () => {
    const holdId = await hold({ kind: 'agency', target: 'education' });
    for (const table of ['case_attachment', 'case_member', 'case_entry, case_attachment', 'case_file cascade']) await expect(store.asOwner(`truncate ${table}`), table).rejects.toThrow(/legal hold/);
    await lift(holdId);
    for (const table of ['legal_hold cascade', 'retention_review', 'destruction_proposal cascade', 'destruction_certificate']) await expect(store.asOwner(`truncate ${table}`), table).rejects.toThrow(/never changed or removed/);
  });

  it('makes no certificate for what a hold is on, whoever tries', async () => {
    const caseId = await plant(adult);
    const proposalId = await propose(caseId);
    const forged = (number: number) => `insert into destruction_certificate (certificate_number, destruction_proposal_id, case_id, holder, schedule, schedule_words, due_on, reason, counts, first_on, last_on, sha256, copies, proposed_by, proposed_at, confirmed_by, confirmed_at)
      select ${number}, destruction_proposal_id, case_id, holder, schedule, schedule_words, due_on, reason, '[]', due_on, due_on, sha256, '{x}', proposed_by, proposed_at, 'second-lead', now() from destruction_proposal where destruction_proposal_id = '${proposalId}'`;
    await expect(attempt(forged(900))).rejects.toMatchObject(refused);
    // Without the audit, and while the case is there.
    await expect(store.asOwner(forged(900))).rejects.toThrow(/audit does not say so|still there/);
    await hold({ kind: 'case', target: caseId });
    await expect(store.asOwner(forged(901))).rejects.toThrow(/legal hold/);
    expect(await desk.findCertificate(governance, 900)).toBeUndefined();
    expect(await rowsOf(caseId)).toBe(5);
  });

  it('keeps nothing that the audit does not tell of', async () => {
    const caseId = await plant(adult);
    const bare = [
      `insert into legal_hold (kind, target, person_keys, reason, authority) values ('agency', 'police', '{}', 'x', 'x')`,
      `insert into retention_review (case_id, keep_until, schedule, due_on, reason) values ('${caseId}', '2027-01-01', 'early-help', '2021-01-11', 'x')`,
      `insert into destruction_proposal (case_id, schedule, schedule_words, due_on, reason) values ('${caseId}', 'early-help', 'x', '2021-01-11', 'x')`,
    ];
    for (const statement of bare) await expect(attempt(statement)).rejects.toMatchObject(refused);
    const proposalId = await propose(caseId);
    await expect(attempt(`select * from destroy('${proposalId}', '{}', '{}', '{x}')`, second)).rejects.toMatchObject(refused);
    expect([await rowsOf(caseId), (await desk.findCase(governance, caseId))!.proposalId]).toEqual([5, proposalId]);
  });

  it('changes and removes no certificate, hold, review or proposal, and takes nobody else’s name', async () => {
    const caseId = await plant(adult);
    await desk.confirm(second, await propose(caseId));
    const holdId = await hold({ kind: 'agency', target: 'ambulance' });
    for (const table of ['destruction_certificate', 'destruction_proposal', 'legal_hold']) {
      for (const statement of [`update ${table} set reason = 'x'`, `delete from ${table}`]) {
        await expect(attempt(statement)).rejects.toMatchObject(refused);
        await expect(store.asOwner(statement)).rejects.toThrow(/never changed or removed/);
      }
    }
    for (const statement of [`insert into legal_hold (kind, target, person_keys, reason, authority, placed_by) values ('feed', 'school', '{}', 'x', 'x', 'somebody')`, `insert into legal_hold_lifting (legal_hold_id, reason, authority, lifted_at) values ('${holdId}', 'x', 'x', now())`, `update case_file set closed_at = now()`, 'select * from case_rows(gen_random_uuid())']) {
      await expect(attempt(statement)).rejects.toMatchObject(refused);
    }
    await expect(desk.placeHold(governance, { kind: 'person', target: '', reason: 'x', authority: 'x' })).rejects.toMatchObject({ code: '23514' });
    expect(await desk.placeHold(governance, { kind: 'case', target: unknown, reason: 'x', authority: 'x' })).toEqual({ ok: false, reason: 'not-there' });
    expect(await lift(holdId)).toMatchObject({ ok: true });
    expect(await lift(holdId)).toEqual({ ok: false, reason: 'not-there' });
    expect(await desk.findHold(governance, holdId)).toMatchObject({ kind: 'agency', target: 'ambulance', placedBy: 'second-lead', lifting: { by: 'governance', reason: 'The claim is settled' } });
  });

  it('shows the case of a sealed person to the leads who keep the seal alone', async () => {
    const caseId = await plant(sealed);
    const proposalId = await propose(caseId);
    const done = await sealSubject(store.casework.db, clock, { reader: governance, personKey: sealed, ground: 'domestic-abuse', whomToRing: 'Duty manager', keepers: ['second-lead', 'third-lead'] });
    expect(done.ok).toBe(true);
    expect([await desk.findCase(governance, caseId), await desk.findProposal(governance, proposalId), (await desk.queue(governance)).due.some((each) => each.caseId === caseId), await desk.placeHold(governance, { kind: 'case', target: caseId, reason: 'x', authority: 'x' })]).toEqual([undefined, undefined, false, { ok: false, reason: 'not-there' }]);
    expect(await desk.confirm({ ...governance, userId: 'fourth-lead' }, proposalId)).toEqual({ ok: false, reason: 'not-there' });
    expect(await desk.findCase(second, caseId)).toMatchObject({ caseId });
    expect(await desk.confirm({ ...governance, userId: 'third-lead' }, proposalId)).toMatchObject({ ok: true });
  });

  it('closes a case too where the seal stands under another key of its person', async () => {
    const caseId = await plant(renamed);
    const proposalId = await propose(caseId);
    const sees = async (who: Reader) => [(await desk.findCase(who, caseId)) !== undefined, (await desk.findProposal(who, proposalId)) !== undefined, (await desk.queue(who)).due.some((each) => each.caseId === caseId), (await desk.listProposals(who)).some((each) => each.caseId === caseId)];
    expect(await sees(governance)).toEqual([true, true, true, true]);
    await sealSubject(store.casework.db, clock, { reader: governance, personKey: former, ground: 'domestic-abuse', whomToRing: 'Duty manager', keepers: ['second-lead'] });
    expect([await sees(governance), await sees(second)]).toEqual([[false, false, false, false], [true, true, true, true]]);
    expect(await desk.confirm({ ...governance, userId: 'fourth-lead' }, proposalId)).toEqual({ ok: false, reason: 'not-there' });
  });

  it('shows, lifts and places holds on sealed people for the leads who keep the seal alone, under whatever key it stands', async () => {
    const caseId = await plant(changed);
    const before = [await hold({ kind: 'person', target: changed }), await hold({ kind: 'case', target: caseId })];
    const sees = async (who: Reader) => [(await desk.listHolds(who)).filter(({ holdId }) => before.includes(holdId)).length, ...(await Promise.all(before.map((holdId) => desk.findHold(who, holdId)))).map((found) => found !== undefined), await desk.knowsPerson(who, changed)];
    expect(await sees(governance)).toEqual([2, true, true, true]);
    await sealSubject(store.casework.db, clock, { reader: governance, personKey: earlier, ground: 'domestic-abuse', whomToRing: 'Duty manager', keepers: ['second-lead'] });
    expect([await sees(governance), await sees(second)]).toEqual([[0, false, false, false], [2, true, true, true]]);
    for (const holdId of before) expect(await lift(holdId)).toEqual({ ok: false, reason: 'not-there' });
    for (const target of [changed, earlier]) expect(await desk.placeHold(governance, { kind: 'person', target, reason: 'x', authority: 'x' })).toEqual({ ok: false, reason: 'not-there' });
    for (const holdId of before) expect(await desk.liftHold(second, { holdId, reason: 'Settled', authority: 'Court' })).toMatchObject({ ok: true });
  });

  it('knows people of cases who are in no snapshot any more, and holds what is about them', async () => {
    const caseId = await plant(unborn);
    expect([await desk.knowsPerson(governance, unborn), await desk.knowsPerson(governance, 'P0000000000000000'), await desk.knowsPerson(practitioner, unborn)]).toEqual([true, false, false]);
    const holdId = await hold({ kind: 'person', target: unborn });
    expect(await desk.findCase(governance, caseId)).toMatchObject({ hindrance: 'held' });
    await lift(holdId);
  });

  it('closes a case for those who may give it another lead, and notes when', async () => {
    const caseId = await plant(adult, { closed: null });
    const cases = (who: Reader) => readerCases(store.casework.db, clock, who, 'early-help');
    for (const who of [practitioner, outsider]) expect(await cases(who).closeCase(caseId)).toEqual({ ok: false });
    expect(await cases(coordinator).closeCase(caseId)).toEqual({ ok: true });
    expect(await cases(coordinator).closeCase(caseId)).toEqual({ ok: false });
    expect(await desk.findCase(governance, caseId)).toMatchObject({ status: 'closed', closedAt: governedStart, due: undefined });
  });

  it('waits for a hold that is being placed, and then destroys nothing', async () => {
    const caseId = await plant(adult);
    const proposalId = await propose(caseId);
    let destroyed: Promise<unknown> | undefined;
    await asReader(store.casework.db, { ...governance, userId: 'third-lead' }, null, clock, async (transaction) => {
      const { legal_hold_id: holdId } = await transaction.insertInto('legal_hold').values({ kind: 'case', target: caseId, person_keys: [], reason: 'A claim', authority: 'Court' }).returning('legal_hold_id').executeTakeFirstOrThrow();
      await recordAuditEvent(transaction, clock, { actorId: 'third-lead', action: 'retention.hold', outcome: 'done', subjectKind: 'legal-hold', subjectIds: [holdId, caseId] });
      destroyed = desk.confirm(second, proposalId);
      await new Promise((resolve) => setTimeout(resolve, 200));
    });
    expect(await destroyed).toEqual({ ok: false, reason: 'held' });
    expect(await rowsOf(caseId)).toBe(5);
  });

  it('places a hold and destroys one after the other, never both, when they meet', async () => {
    for (let n = 0; n < 4; n += 1) {
      const caseId = await plant(adult);
      const proposalId = await propose(caseId);
      const [destroyed, placed] = await Promise.all([desk.confirm(second, proposalId), desk.placeHold({ ...governance, userId: 'third-lead' }, { kind: 'case', target: caseId, reason: 'A claim', authority: 'Court' })]);
      expect([destroyed.ok, placed.ok].filter(Boolean)).toHaveLength(1);
      expect(await rowsOf(caseId)).toBe(destroyed.ok ? 0 : 5);
    }
  });
});
