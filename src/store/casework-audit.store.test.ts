import { afterAll, beforeAll, expect, it } from 'vitest';
import { fixedClock } from '../core/index.ts';
import { describeStores } from '../../test/support/stores.ts';
import { listAuditEvents, recordAuditEvent, storeAudit } from './casework-audit.store.ts';
import { openCasework, type Casework } from './casework.ts';

const clock = fixedClock('2026-11-24T09:00:00Z');

describeStores('the audit', (stores) => {
  let casework: Casework;
  beforeAll(async () => {
    casework = await openCasework({ ...(await stores.readyPlace()), clock });
    await recordAuditEvent(casework.db, clock, { actorId: 'u1', action: 'session.start', outcome: 'done' });
    await recordAuditEvent(casework.db, clock, { actorId: 'u1', action: 'person.search', outcome: 'done', subjectKind: 'person', subjectIds: ['p1', 'p2'] });
    await recordAuditEvent(casework.db, clock, { actorId: 'u2', action: 'person.read', outcome: 'refused', subjectKind: 'person', subjectIds: ['p2'] });
  });
  afterAll(() => casework.close());
  const actions = async (filter: object) => (await listAuditEvents(casework.db, { limit: 10, ...filter })).map(({ action }) => action);

  it('is read newest first, a page at a time', async () => {
    const [newest] = await listAuditEvents(casework.db, { limit: 1 });
    expect(newest).toEqual({ auditEventId: expect.any(Number), occurredAt: clock.now(), actorId: 'u2', action: 'person.read', outcome: 'refused', subjectKind: 'person', subjectIds: ['p2'] });
    expect(await actions({ before: newest!.auditEventId })).toEqual(['person.search', 'session.start']);
  });

  it('finds what a person did and what was done to a record', async () => {
    expect(await actions({ actorId: 'u1' })).toEqual(['person.search', 'session.start']);
    expect(await actions({ subjectId: 'p2' })).toEqual(['person.read', 'person.search']);
    expect(await actions({ subjectId: 'p3' })).toEqual([]);
  });

  it('is kept and read by the web', async () => {
    const audit = storeAudit(casework.db, clock);
    await audit.record({ actorId: 'u1', action: 'link-pair.view', outcome: 'done', subjectKind: 'source-record', subjectIds: ['a:1', 'b:1'] });
    expect((await audit.list({ subjectId: 'b:1', limit: 5 })).map(({ action }) => action)).toEqual(['link-pair.view']);
  });

  it('takes codes and ids, not free text', async () => {
    const record = (action: string) => recordAuditEvent(casework.db, clock, { actorId: 'u1', action, outcome: 'done' });
    await expect(record('Searched for Jane Doe')).rejects.toMatchObject({ code: '23514' });
  });

  it('gives the kind of record with the ids', async () => {
    const without = recordAuditEvent(casework.db, clock, { actorId: 'u1', action: 'person.read', outcome: 'done', subjectIds: ['p1'] });
    await expect(without).rejects.toMatchObject({ code: '23514' });
  });
});
