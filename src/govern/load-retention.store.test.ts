import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newAttachmentHome } from '../../test/support/attachment-home.ts';
import { coordinator, governance, governedStart, outsider, practitioner } from '../../test/support/governed-people.ts';
import { openGovernedStore, type GovernedStore } from '../../test/support/governed-store.ts';
import { holdOver } from '../../test/support/legal-holds.ts';
import { memoryLoads, oldTenancies } from '../../test/support/memory-loads.ts';
import { heldRow, memoryPeople } from '../../test/support/people-server.ts';
import { describeStores } from '../../test/support/stores.ts';
import { listAuditEvents } from '../store/index.ts';
import { asReader, listCertifiedLoads, openRetention, readRetention, type HeldFile, type LoadRetention, type NewHold, type Reader, type RetentionDesk } from './index.ts';

const clock = { now: () => governedStart };
const refused = { code: '42501' };
const second: Reader = { ...governance, userId: 'second-lead' };
const [here, gone] = ['P00000000000000d1', 'P00000000000000d2'] as const;
const source = memoryPeople([{ ...heldRow(here, 'tenancy', 2, {}), load: 'tenancy/000009-0123456789ab' }], { [gone]: here });

describeStores('keeping and destroying loaded files', (stores) => {
  let store: GovernedStore;
  let desk: RetentionDesk;
  let loads: LoadRetention;
  let made = 0;
  const files: HeldFile[] = [];
  const held = memoryLoads(files);

  const plant = (over: Partial<HeldFile> = {}): string => {
    made += 1;
    const load = over.load ?? `${over.feed ?? 'tenancy'}/${String(made + 100).padStart(6, '0')}-0123456789ab`;
    files.push(oldTenancies({ load, parts: [load], ...over }));
    return load;
  };
  const propose = async (load: string, who: Reader = governance): Promise<string> => {
    const proposed = await loads.propose(who, { load, reason: 'No longer needed' });
    if (!proposed.ok) throw new Error(proposed.reason);
    return proposed.id;
  };
  const hold = (over: Pick<NewHold, 'kind' | 'target'>) => holdOver(desk, second, over);
  const attempt = (statement: string, who: Reader = governance) => asReader(store.casework.db, who, null, clock, (transaction) => sql.raw(statement).execute(transaction));

  beforeAll(async () => {
    store = await openGovernedStore(stores, clock);
    desk = openRetention(store.casework.db, clock, { retention: readRetention(undefined).value, source, feeds: [], attachments: newAttachmentHome().files, loads: held });
    loads = desk.loads;
  });
  afterAll(() => store.casework.close());

  it('finds what is due by the longest schedule of its agency, from its newest row; published files and those without a schedule never are', async () => {
    const [due, recent, child] = [plant(), plant({ lastOn: '2020-12-01' }), plant({ feed: 'early-help-episode', agency: 'early-help' })];
    const old = plant({ feed: 'school-roll', agency: 'education', firstOn: '1990-01-01', lastOn: '1999-06-01' });
    plant({ running: 1, loadedOn: '2020-12-01' });
    plant({ feed: 'police-uk-street', agency: 'police', published: true, lastOn: '1900-01-01' });
    plant({ feed: 'panel-note', agency: 'scrutiny-panel', lastOn: '1900-01-01' });
    plant({ feed: 'visit', agency: null, lastOn: '1900-01-01' });
    const queue = await loads.queue(governance);
    expect(queue.due.map((file) => [file.load, file.due.schedule.code, file.due.from, file.due.since])).toEqual([[due, 'housing', '2015-03-01', '2021-03-02'], [old, 'school', '1999-06-01', '2024-06-01']]);
    expect([queue.unscheduled, queue.waiting]).toEqual([2, []]);
    expect((await loads.find(governance, child))?.due).toBeUndefined();
    expect(await loads.propose(governance, { load: recent, reason: 'x' })).toEqual({ ok: false, reason: 'not-due' });
    expect(await loads.find(governance, files.find(({ published }) => published)!.load)).toBeUndefined();
  });

  it('answers nobody but governance leads, and as for what is not there', async () => {
    const [load, waiting] = [plant(), plant()];
    const proposalId = await propose(waiting);
    for (const who of [coordinator, practitioner, outsider, { ...governance, role: 'analyst' as const }, { ...governance, role: 'signatory' as const }]) {
      expect([await loads.queue(who), await loads.listProposals(who), await loads.find(who, load)]).toEqual([{ due: [], unscheduled: 0, waiting: [] }, [], undefined]);
      for (const outcome of [await loads.keep(who, { load, keepUntil: '2027-01-01', reason: 'x' }), await loads.propose(who, { load, reason: 'x' }), await loads.confirm(who, waiting), await loads.refuse(who, { load: waiting, reason: 'x' })]) expect(outcome).toEqual({ ok: false, reason: 'not-there' });
      await expect(attempt(`select * from destroy('${proposalId}', '{}', '{${waiting}}', '{x}')`, who)).rejects.toMatchObject(refused);
      await expect(attempt(`insert into retention_review (load_id, keep_until, schedule, due_on, reason) values ('${load}', '2027-01-01', 'housing', '2021-03-02', 'x')`, who)).rejects.toMatchObject(refused);
      expect((await attempt('select * from held_person_keys()', who)).rows).toEqual([]);
    }
    for (const id of ['x', "' or 1=1", 'tenancy/../000001-0123456789ab', 'tenancy/000001-0123456789ab']) expect([await loads.find(governance, id), await loads.confirm(governance, id)]).toEqual([undefined, { ok: false, reason: 'not-there' }]);
    expect(files.some((file) => file.load === waiting)).toBe(true);
  });

  it('keeps what is due until a day, with who, why and the audit, and then does not destroy it', async () => {
    const load = plant();
    const proposalId = await propose(load);
    expect((await loads.keep(governance, { load, keepUntil: '2027-02-28', reason: 'An inquiry asked' })).ok).toBe(true);
    expect((await loads.queue(governance)).due.some((file) => file.load === load)).toBe(false);
    expect(await loads.find(governance, load)).toMatchObject({ hindrance: 'kept', due: undefined, changed: true, standing: { keepUntil: '2027-02-28', by: 'governance', schedule: 'housing' } });
    expect([await loads.confirm(second, load), ((await attempt(`select * from destroy('${proposalId}', '{}', '{${load}}', '{x}')`, second)).rows[0] as { outcome: string }).outcome]).toEqual([{ ok: false, reason: 'kept' }, 'kept']);
    expect((await listAuditEvents(store.casework.db, { subjectId: load, limit: 5 }))[0]).toMatchObject({ actorId: 'governance', action: 'retention.keep', outcome: 'done', subjectKind: 'load' });
    for (const day of ['2026-12-01', '2037-01-01']) await expect(loads.keep(governance, { load: plant(), keepUntil: day, reason: 'x' })).rejects.toMatchObject({ code: '23514' });
  });

  it('destroys a file under a certificate that two people made, numbered with those of cases', async () => {
    const load = plant({ rows: 77 });
    await propose(load);
    for (const reason of [await loads.confirm(governance, load)]) expect(reason).toEqual({ ok: false, reason: 'same-person' });
    held.busy = true;
    expect(await loads.confirm(second, load)).toEqual({ ok: false, reason: 'busy' });
    held.busy = false;
    const caseId = '0000000d-0000-4000-8000-000000000000';
    await store.asOwner(`insert into case_file (case_id, person_key, holder, status, opened_at, closed_at) values ('${caseId}', 'P1', 'early-help', 'closed', '1990-01-10', '1995-01-10')`);
    const proposed = await desk.propose(governance, { caseId, reason: 'x' });
    expect(await desk.confirm(second, (proposed as { id: string }).id)).toEqual({ ok: true, id: '1' });
    expect(await loads.confirm(second, load)).toEqual({ ok: true, id: '2' });
    expect(files.some((file) => file.load === load)).toBe(false);
    const certificate = (await desk.findCertificate(governance, 2))!;
    expect(certificate).toMatchObject({
      caseId: null, load: { load, feed: 'tenancy', parts: [load] }, holder: 'housing', schedule: 'housing', dueOn: '2021-03-02', firstOn: '2014-01-10', lastOn: '2015-03-01', sha256: oldTenancies().sha256, proposedBy: 'governance', confirmedBy: 'second-lead', counts: [{ kind: 'row', section: null, agency: 'housing', rows: 77 }],
    });
    expect(certificate.scheduleWords).toBe('Kept for 6 years after the day of its newest row (the day on which it was loaded, where something in it had not ended).');
    expect(certificate.copies.join(' ')).toContain('The snapshot 20261101T090000-0123456789abcdef, which is served, holds records');
    expect(JSON.stringify(certificate)).not.toContain('tenancies-2015');
    expect((await listAuditEvents(store.casework.db, { subjectId: load, limit: 1 }))[0]).toMatchObject({ actorId: 'second-lead', action: 'retention.destroy', subjectKind: 'load' });
    expect(await listCertifiedLoads(store.casework.db)).toEqual([{ load, sha256: oldTenancies().sha256, at: governedStart }]);
    // The file is there still, as after a crash: nothing more is decided about it.
    plant({ load });
    for (const outcome of [await loads.confirm(second, load), await loads.propose(governance, { load, reason: 'x' }), await loads.keep(governance, { load, keepUntil: '2027-01-01', reason: 'x' })]) expect(outcome).toEqual({ ok: false, reason: 'not-there' });
    files.pop();
  });

  it('does not destroy what a hold on its feed, its agency or somebody of whom it has rows is on, also where that was proposed before', async () => {
    const load = plant({ load: 'tenancy/000009-0123456789ab' });
    const proposalId = await propose(load);
    for (const [kind, target] of [['feed', 'tenancy'], ['agency', 'housing']] as const) {
      const holdId = await hold({ kind, target });
      expect((await loads.queue(governance)).due.find((file) => file.load === load)?.held).toBe(true);
      expect(await loads.confirm(second, load)).toEqual({ ok: false, reason: 'held' });
      expect(((await attempt(`select * from destroy('${proposalId}', '{}', '{${load}}', '{x}')`, second)).rows[0] as { outcome: string }).outcome).toBe('held');
      await expect(store.asOwner(`insert into destruction_certificate (certificate_number, destruction_proposal_id, load_id, feed, loads, holder, schedule, schedule_words, due_on, reason, counts, first_on, last_on, sha256, copies, proposed_by, proposed_at, confirmed_by, confirmed_at)
        select 99, p.destruction_proposal_id, p.load_id, p.feed, p.loads, p.holder, p.schedule, p.schedule_words, p.due_on, p.reason, '[]', p.first_on, p.last_on, p.sha256, '{x}', p.proposed_by, p.proposed_at, 'owner', now() from destruction_proposal p where p.load_id = '${load}'`)).rejects.toThrow('A legal hold is on it');
      await desk.liftHold(governance, { holdId, reason: 'Settled', authority: 'County court' });
    }
    // Of a person under a key of before, whose row is in this file and in no other.
    const [other, holdId] = [plant(), await hold({ kind: 'person', target: gone })];
    expect([(await loads.find(second, load))?.hindrance, (await loads.find(second, other))?.hindrance, await loads.confirm(second, load)]).toEqual(['held', null, { ok: false, reason: 'held' }]);
    await desk.liftHold(governance, { holdId, reason: 'Settled', authority: 'County court' });
    expect((await loads.confirm(second, load)).ok).toBe(true);
  });

  it('does not destroy what has changed since it was proposed; a refusal ends it, and it can be proposed anew', async () => {
    const load = plant();
    const proposalId = await propose(load);
    const file = files.find((each) => each.load === load)!;
    const listed = async () => (await loads.listProposals(second)).filter((each) => each.load === load).map((each) => [each.proposalId, each.proposedBy]);
    expect(await listed()).toEqual([[proposalId, 'governance']]);
    // Gone by itself: nothing waits for anybody.
    files.splice(files.indexOf(file), 1);
    expect(await listed()).toEqual([]);
    files.push(file);
    files[files.indexOf(file)] = { ...file, parts: [load, 'tenancy/000999-0123456789ab'] };
    expect([(await loads.find(second, load))?.changed, await loads.confirm(second, load)]).toEqual([true, { ok: false, reason: 'changed' }]);
    expect(((await attempt(`select * from destroy('${proposalId}', '{}', '{${load},tenancy/000999-0123456789ab}', '{x}')`, second)).rows[0] as { outcome: string }).outcome).toBe('changed');
    expect(await loads.propose(second, { load, reason: 'x' })).toEqual({ ok: false, reason: 'not-there' });
    expect(await loads.refuse(second, { load, reason: 'Ask the association first' })).toEqual({ ok: true, id: proposalId });
    expect(await listed()).toEqual([]);
    expect(((await attempt(`select * from destroy('${proposalId}', '{}', '{${load}}', '{x}')`, second)).rows[0] as { outcome: string }).outcome).toBe('not-there');
    expect(await loads.find(second, load)).toMatchObject({ waiting: undefined, refused: [{ proposedBy: 'governance', refusal: { by: 'second-lead', reason: 'Ask the association first' } }] });
    await propose(load);
    expect((await loads.confirm(second, load)).ok).toBe(true);
  });

  it('keeps nothing that the audit does not tell of, and nothing that contradicts itself', async () => {
    const load = plant();
    await expect(attempt(`insert into retention_review (load_id, keep_until, schedule, due_on, reason) values ('${load}', '2027-01-01', 'housing', '2021-03-02', 'x')`)).rejects.toMatchObject(refused);
    const proposal = (over: Record<string, string>) => {
      const values = Object.entries({ load_id: `'${load}'`, feed: "'tenancy'", loads: `'{${load}}'`, load_rows: '1', first_on: "'2014-01-10'", last_on: "'2015-03-01'", holder: "'housing'", sha256: `'${'0'.repeat(64)}'`, schedule: "'housing'", schedule_words: "'x'", due_on: "'2021-03-02'", reason: "'x'", ...over });
      return attempt(`insert into destruction_proposal (${values.map(([name]) => name).join(', ')}) values (${values.map(([, value]) => value).join(', ')})`);
    };
    for (const over of [{ feed: "'school'" }, { loads: "'{tenancy/000001-0123456789ab}'" }, { case_id: "'0000000d-0000-4000-8000-00000000000d'" }, { load_rows: 'null' }, { due_on: "'2031-01-01'" }, { last_on: "'2013-01-01'" }] as Record<string, string>[]) await expect(proposal(over), JSON.stringify(over)).rejects.toMatchObject({ code: '23514' });
    await expect(proposal({})).rejects.toMatchObject(refused);
    expect(await desk.listProposals(governance)).toEqual([]);
  });
});
