import { readdirSync } from 'node:fs';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { newAttachmentHome, smallPdf } from '../../test/support/attachment-home.ts';
import { coordinator, governedStart, grantTo, nurse, outsider, practitioner, usualGrants } from '../../test/support/governed-people.ts';
import { openGovernedStore, type GovernedStore } from '../../test/support/governed-store.ts';
import { describeStores } from '../../test/support/stores.ts';
import { memoryPeople } from '../../test/support/people-server.ts';
import { findHeldAttachments, listAuditEvents } from '../store/index.ts';
import { asReader, indexGrants, openCaseDesk, readerCases, type Asking, type Reader } from './index.ts';

describeStores('cases as a reader may have them', (stores) => {
  let now = governedStart;
  const clock = { now: () => now };
  let store: GovernedStore;
  const cases = (reader: Reader, purpose: string | null = 'early-help') => readerCases(store.casework.db, clock, reader, purpose);
  const startedCase = async (personKey: string) => {
    const started = await cases(coordinator).startCase(personKey);
    if (!started.ok) throw new Error('No case');
    return started.caseId;
  };

  beforeAll(async () => {
    store = await openGovernedStore(stores, clock);
  });
  beforeEach(async () => {
    now = governedStart;
    await store.plantGrants(usualGrants);
  });
  afterAll(() => store.casework.close());

  it('are worked on by those whom the clauses let, part by part', async () => {
    const caseId = await startedCase('P1');
    expect(await cases(practitioner).openCase(caseId)).toBeUndefined();
    expect(await cases(coordinator).assignLead([caseId], { userId: 'practitioner', agency: 'early-help' })).toEqual([caseId]);
    expect(await cases(coordinator).addMember(caseId, { userId: 'nurse', agency: 'hospital' })).toEqual({ ok: true });
    now += 1000;
    const worry = await cases(practitioner).addEntry({ caseId, section: 'worries', text: 'Home at night alone' });
    const plan = await cases(practitioner).addEntry({ caseId, section: 'plan', text: 'Visit on Monday' });
    const health = await cases(nurse).addEntry({ caseId, section: 'health', text: 'Sleeps badly' });
    expect([worry.ok, plan.ok, health.ok]).toEqual([true, true, true]);
    const seen = await cases(practitioner).openCase(caseId);
    expect(seen).toMatchObject({ file: { caseId, personKey: 'P1', holder: 'early-help', status: 'open', lead: { userId: 'practitioner', agency: 'early-help' }, openedAt: governedStart } });
    expect(seen!.members).toMatchObject([{ userId: 'nurse', agency: 'hospital', since: governedStart, until: null }]);
    expect(seen!.entries.toSorted((a, b) => (a.section < b.section ? -1 : 1))).toMatchObject([{ section: 'plan' }, { section: 'worries', author: 'practitioner', holder: 'early-help', text: 'Home at night alone', createdAt: governedStart + 1000 }]);
    expect((await cases(nurse).openCase(caseId))!.entries.map(({ section }) => section).toSorted()).toEqual(['health', 'worries']);
    expect((await cases(coordinator).openCase(caseId))!.entries.map(({ section }) => section).toSorted()).toEqual(['plan', 'worries']);
    expect(await cases(outsider).openCase(caseId)).toBeUndefined();
    expect(await cases(coordinator, 'evaluation').openCase(caseId)).toBeUndefined();
    expect(await cases(coordinator, null).openCase(caseId)).toBeUndefined();
  });

  it('ask once in a statement what the reader has', async () => {
    const plan = await asReader(store.casework.db, practitioner, 'early-help', clock, async (transaction) => (await sql<Record<string, string>>`explain (verbose) select case_id from case_entry order by created_at desc, entry_id limit 50`.execute(transaction)).rows.map((line) => line['QUERY PLAN']));
    expect(plan.filter((line) => line!.includes('InitPlan ') && !line!.includes('Filter')).length).toBe(1);
  });

  it('are not opened by a name that looks like another\'s key', async () => {
    const names = ['nurse', 'nurse early-help', 'agency', 'nurse early-help case/plan', ' nurse', 'nurse ', 'none', 'glass P7'];
    const all = await sql<{ a: string; keys: string[] }>`select a, keys_that_open(array[a, a], array['hospital'], 'early-help case/plan', a) as keys from unnest(${names}::text[]) a`.execute(store.casework.db);
    const keys = all.rows.flatMap((row) => row.keys.filter((key) => key !== 'none early-help case/plan' && key !== 'agency hospital early-help case/plan'));
    expect(keys.length).toBe(names.length * 3);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('are started by those who may, for the agency that they work for', async () => {
    expect(await cases(practitioner).startCase('P9')).toEqual({ ok: false, reason: 'refused' });
    expect(await cases(outsider).startCase('P9')).toEqual({ ok: false, reason: 'refused' });
    const caseId = await startedCase('P9');
    expect((await cases(coordinator).openCase(caseId))!.file).toMatchObject({ holder: 'early-help', lead: null });
  });

  it('go dark for a member whose work has ended, at once', async () => {
    const caseId = await startedCase('P2');
    await cases(coordinator).addMember(caseId, { userId: 'nurse', agency: 'hospital' });
    const [member] = (await cases(coordinator).openCase(caseId))!.members;
    expect((await cases(nurse).openCase(caseId))!.file).toBeDefined();
    expect(await cases(nurse).endMember(member!.caseMemberId)).toEqual({ ok: false });
    now += 5000;
    expect(await cases(coordinator).endMember(member!.caseMemberId)).toEqual({ ok: true });
    expect(await cases(nurse).openCase(caseId)).toBeUndefined();
    expect((await cases(coordinator).openCase(caseId))!.members).toMatchObject([{ userId: 'nurse', until: governedStart + 5000 }]);
  });

  it('are assigned in bulk where the lead may be given, and left alone elsewhere', async () => {
    const [one, two] = [await startedCase('P3'), await startedCase('P4')];
    await cases(coordinator).assignLead([one], { userId: 'practitioner', agency: 'early-help' });
    expect(await cases(practitioner).assignLead([one, two], { userId: 'outsider', agency: 'housing' })).toEqual([]);
    expect(await cases(coordinator).assignLead([one, two, 'no id'], { userId: 'other', agency: 'early-help' })).toEqual([one, two].toSorted());
    expect(await cases(practitioner).openCase(one)).toBeUndefined();
    expect((await cases(coordinator).listCases({ limit: 10, lead: 'other' })).map(({ caseId }) => caseId).toSorted()).toEqual([one, two].toSorted());
  });

  it('are listed page by page, searched by how entries begin, counted and exported', async () => {
    const caseId = await startedCase('P5');
    for (let n = 0; n < 5; n += 1) {
      now += 1000;
      await cases(coordinator).addEntry({ caseId, section: 'plan', text: `Step ${n} of the plan` });
    }
    await cases(coordinator).addEntry({ caseId, section: 'worries', text: 'STEPfather 100%_sure' });
    const mine = async (limit: number, after?: { at: number; id: string }) => (await cases(coordinator).listEntries({ limit, after })).filter((entry) => entry.caseId === caseId);
    const first = await mine(2);
    const rest = await mine(10, { at: first[1]!.createdAt, id: first[1]!.entryId });
    expect(new Set([...first, ...rest].map(({ entryId }) => entryId)).size).toBe(6);
    const begins = async (prefix: string) => (await cases(coordinator).searchEntries({ prefix, limit: 10 })).map(({ text }) => text);
    expect(await begins('step')).toHaveLength(6);
    expect(await begins('Stepf')).toEqual(['STEPfather 100%_sure']);
    expect(await begins('step_')).toEqual([]);
    expect(await begins('%')).toEqual([]);
    expect(await cases(coordinator).searchEntries({ personKey: 'P5', limit: 10 })).toHaveLength(6);
    expect(await cases(coordinator).exportEntries({ personKey: 'P5', section: 'plan' })).toHaveLength(5);
    expect((await cases(coordinator).countEntries()).find(({ section }) => section === 'plan')!.entries).toBeGreaterThanOrEqual(5);
    expect(await cases(outsider).countEntries()).toEqual([]);
    await cases(coordinator).addEntry({ caseId, section: 'worries', text: 'He is afraid to go home' });
    expect((await cases(coordinator).countEntries()).map(({ section }) => section)).not.toContain('worries');
  });

  it('have files that are governed as the entries to which they belong', async () => {
    const caseId = await startedCase('P6');
    await cases(coordinator).addMember(caseId, { userId: 'nurse', agency: 'hospital' });
    const plan = await cases(coordinator).addEntry({ caseId, section: 'plan', text: 'Plan' });
    const health = await cases(nurse).addEntry({ caseId, section: 'health', text: 'Health' });
    if (!plan.ok || !health.ok) throw new Error('No entries');
    const file = { fileName: 'letter.pdf', mediaType: 'application/pdf', bytes: 10, sha256: 'a'.repeat(64) };
    expect(await cases(coordinator).addAttachment({ entryId: plan.entryId, ...file })).toMatchObject({ ok: true });
    expect(await cases(coordinator).addAttachment({ entryId: health.entryId, ...file })).toEqual({ ok: false, reason: 'refused' });
    expect(await cases(nurse).addAttachment({ entryId: health.entryId, ...file })).toMatchObject({ ok: true });
    const sectionsFor = async (reader: Reader) => (await cases(reader).listAttachments(caseId)).map(({ section }) => section);
    expect([await sectionsFor(coordinator), await sectionsFor(nurse), await sectionsFor(outsider)]).toEqual([['plan'], ['health'], []]);
  });

  it('have the bytes of a file before its row: attached and opened by whom the clauses let, and neither kept without the other', async () => {
    const { home, files } = newAttachmentHome();
    let fails = false;
    const write: typeof files.write = async (id, content) => {
      await files.write(id, content);
      // Nobody sees the row yet.
      if (stores.dialect === 'postgres') expect(await findHeldAttachments(store.casework.db, [id])).toEqual(new Set());
      if (fails) throw new Error('the disk failed');
    };
    const source = memoryPeople([]);
    const desk = openCaseDesk(store.casework.db, clock, { source, people: { find: async () => ({ kind: 'none', reason: 'not-found' }) }, attachments: { ...files, write } });
    const asking = (who: Reader): Asking => ({ index: indexGrants(usualGrants), who, purpose: 'early-help', at: now });
    const caseId = await startedCase('P8');
    await cases(coordinator).addMember(caseId, { userId: 'nurse', agency: 'hospital' });
    const entryOf = async (reader: Reader, section: string) => {
      const entry = await cases(reader).addEntry({ caseId, section, text: 'Words' });
      if (!entry.ok) throw new Error('No entry');
      return entry.entryId;
    };
    const [worry, plan, health] = [await entryOf(coordinator, 'worries'), await entryOf(coordinator, 'plan'), await entryOf(nurse, 'health')];
    const attach = (reader: Reader, entryId: string) => desk.attach(asking(reader), { caseId, entryId, fileName: 'letter.pdf', content: smallPdf });
    for (const entryId of [worry, plan]) expect(await attach(coordinator, entryId)).toEqual({ ok: true, caseId });
    expect(await attach(nurse, health)).toEqual({ ok: true, caseId });
    const kept = readdirSync(home.attachments);
    const refusals = [await attach(coordinator, health), await attach(nurse, worry), await attach(practitioner, worry), await attach(outsider, worry)];
    expect(refusals).toEqual([{ ok: false }, { ok: false }, { ok: false }, { ok: false }]);
    fails = true;
    await expect(attach(coordinator, plan)).rejects.toThrow('the disk failed');
    expect(readdirSync(home.attachments)).toEqual(kept);
    const rows = await cases(coordinator).listAttachments(caseId);
    expect([kept.length, rows.map(({ section }) => section).toSorted(), await findHeldAttachments(store.casework.db, kept)]).toEqual([3, ['plan', 'worries'], new Set(kept)]);
    const idOf = (section: string) => rows.find((each) => each.section === section)!.attachmentId;
    const opens = async (reader: Reader, attachmentId: string) => (await desk.openAttachment(asking(reader), { caseId, attachmentId }))?.kind;
    expect([await opens(coordinator, idOf('plan')), await opens(nurse, idOf('worries')), await opens(nurse, idOf('plan')), await opens(practitioner, idOf('plan')), await opens(outsider, idOf('plan'))]).toEqual(['file', 'file', undefined, undefined, undefined]);
  });

  it('are begun once about a person by those who begin one at the same moment, under whatever key', async () => {
    const [key, old] = ['P0000000000000001', 'P0000000000000002'];
    const keys = { personKey: key, meaning: [key, old], ever: [key, old] };
    const source = { find: async () => keys, keysOf: async () => [keys], now: async () => [key] };
    // All have been told that they may before the first begins.
    let [told, all] = [0, Promise.withResolvers<void>()];
    const begins = 4;
    const find = async () => {
      told += 1;
      if (told === begins) all.resolve();
      await all.promise;
      return { kind: 'record' as const, personKey: key, feeds: [], brokenUntil: null, mayBreak: false };
    };
    const desk = openCaseDesk(store.casework.db, clock, { source, people: { find }, attachments: newAttachmentHome().files });
    const given = [...usualGrants, grantTo(coordinator, 'referral', 'agency')];
    await store.plantGrants(given);
    const begin = (personKey: string, who = coordinator) => desk.begin({ index: indexGrants(given), who, purpose: 'early-help', at: now }, { personKey, referral: 'Her school asked for help' });
    const outcomes = await Promise.all(Array.from({ length: begins }, (_, n) => begin(n % 2 === 0 ? key : old, { ...coordinator, userId: `coordinator-${n}` })));
    expect(told).toBe(begins);
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
    const open = await cases(coordinator).listCases({ limit: 9, personKeys: [key, old] });
    expect(open).toMatchObject([{ status: 'open', holder: 'early-help' }]);
    expect(await listAuditEvents(store.casework.db, { subjectId: open[0]!.caseId, limit: 9 })).toMatchObject([{ action: 'case.begin', outcome: 'done' }]);
    // Once it is closed, another may be begun.
    expect(await cases(coordinator).closeCase(open[0]!.caseId)).toEqual({ ok: true });
    expect(await begin(old)).toMatchObject({ ok: true });
    expect(await begin(key)).toEqual({ ok: false });
  });

  it('keep no count or score of what somebody lived through, whoever calls', async () => {
    const desk = openCaseDesk(store.casework.db, clock, { source: memoryPeople([]), people: { find: async () => ({ kind: 'none', reason: 'not-found' }) }, attachments: newAttachmentHome().files });
    const caseId = await startedCase('Pa');
    const write = (text: string, section = 'worries') => desk.write({ index: indexGrants(usualGrants), who: coordinator, purpose: 'early-help', at: now }, { caseId, section, text });
    for (const text of ['4', 'ACE score: 4', 'Her number of ACEs is high']) expect(await write(text), text).toEqual({ ok: false });
    expect(await write('He counts the days until his father comes home')).toEqual({ ok: true, caseId });
    expect(await write('4', 'plan')).toEqual({ ok: true, caseId });
    expect((await cases(coordinator).openCase(caseId))!.entries.map(({ section, text }) => [section, text]).toSorted()).toEqual([['plan', '4'], ['worries', 'He counts the days until his father comes home']]);
    expect((await listAuditEvents(store.casework.db, { subjectId: caseId, limit: 9 })).map(({ action, outcome }) => [action, outcome])).toEqual([['case.write', 'done'], ['case.write', 'done']]);
  });

  it('cannot have a section that is a score of a person', async () => {
    const caseId = await startedCase('P7');
    await store.plantGrants([...usualGrants, { ...usualGrants[0]!, item: 'case/ace-count' }]);
    await expect(cases(coordinator).addEntry({ caseId, section: 'ace-count', text: '4' })).rejects.toMatchObject({ code: '23514' });
  });
});
