import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeStores, type Place } from '../../test/support/stores.ts';
import { fixedClock, type Session } from '../core/index.ts';
import { listAuditEvents, storeAudit, type AuditEvent } from './casework-audit.store.ts';
import { openCasework, type Casework } from './casework.ts';
import { addLinkDecision, listLinkDecisions } from './link-decision.store.ts';
import { addPersonUndo, listPersonUndos, withdrawPersonUndo, type NewUndo } from './person-undo.store.ts';
import { storeSessions } from './session.store.ts';

const clock = fixedClock('2026-11-24T09:00:00Z');
const audited: AuditEvent = { actorId: 'u1', action: 'link-pair.decide', outcome: 'done', subjectKind: 'source-record', subjectIds: ['a:1', 'b:1'] };
/** The table takes no such action. */
const refused: AuditEvent = { ...audited, action: 'Not a code' };
const decision = { left: 'a:1', right: 'b:1', decision: 'same' as const, decidedBy: 'u1' };
const seat = () => ({ round: 1, seat: 1 });
const undo: NewUndo = { event: 12, build: 'b0', kind: 'merge', oldKey: 'P2', newKey: 'P1', reason: 'Two men of one name', decidedBy: 'u1', pairs: [{ left: 'a:9', right: 'b:9', same: false }] };

describeStores('an act and its row of the audit', (stores) => {
  let casework: Casework;
  beforeAll(async () => {
    casework = await openCasework({ ...(await stores.readyPlace()), clock });
  });
  afterAll(() => casework.close());
  const actions = async () => (await listAuditEvents(casework.db, { limit: 50 })).map(({ action }) => action);

  it('are neither kept where the audit refuses its row', async () => {
    await expect(addLinkDecision(casework.db, clock, { ...decision, audited: refused }, seat)).rejects.toMatchObject({ code: '23514' });
    await expect(addPersonUndo(casework.db, clock, { ...undo, audited: refused })).rejects.toMatchObject({ code: '23514' });
    expect([await listLinkDecisions(casework.db), await listPersonUndos(casework.db), await actions()]).toEqual([[], [], []]);
  });

  it('are both kept otherwise, and an undo is taken back with its row or stands', async () => {
    await addLinkDecision(casework.db, clock, { ...decision, audited }, seat);
    await addPersonUndo(casework.db, clock, { ...undo, audited: { ...audited, action: 'person-event.undo' } });
    const [standing] = await listPersonUndos(casework.db);
    await expect(withdrawPersonUndo(casework.db, clock, { undo: standing!, reason: 'It was one man', decidedBy: 'u1', audited: refused })).rejects.toMatchObject({ code: '23514' });
    expect(await listPersonUndos(casework.db)).toMatchObject([{ withdrawn: false }]);
    await withdrawPersonUndo(casework.db, clock, { undo: standing!, reason: 'It was one man', decidedBy: 'u1', audited: { ...audited, action: 'person-event.withdraw' } });
    expect(await listPersonUndos(casework.db)).toMatchObject([{ withdrawn: true }]);
    expect(await actions()).toEqual(['person-event.withdraw', 'person-event.undo', 'link-pair.decide']);
  });

  it('of a session too: signing in, stating a purpose and signing out', async () => {
    const { withSession } = storeAudit(casework.db, clock);
    const sessions = storeSessions(casework.db);
    const key = 'a'.repeat(64);
    const session: Session = { key, userId: 'u1', name: 'A', agency: 'police', role: 'analyst', purpose: null, startedAt: clock.now(), idleUntil: clock.now() + 1000, expiresAt: clock.now() + 1000 };
    const done = (action: string): AuditEvent => ({ actorId: 'u1', action, outcome: 'done' });
    await expect(withSession(refused, undefined, (held) => held.save(session))).rejects.toMatchObject({ code: '23514' });
    expect(await sessions.find(key)).toBeUndefined();
    await expect(withSession(done('session.start'), undefined, () => Promise.reject(new Error('stopped')))).rejects.toThrow('stopped');
    await withSession(done('session.start'), { actorAgency: 'police', actorRole: 'analyst' }, (held) => held.save(session));
    await expect(withSession(refused, undefined, (held) => held.setPurpose(key, 'needs-assessment'))).rejects.toMatchObject({ code: '23514' });
    expect(await sessions.find(key)).toEqual(session);
    await expect(withSession(refused, undefined, (held) => held.destroy(key))).rejects.toMatchObject({ code: '23514' });
    expect(await sessions.find(key)).toEqual(session);
    await withSession(done('session.end'), undefined, (held) => held.destroy(key));
    expect(await sessions.find(key)).toBeUndefined();
    expect((await listAuditEvents(casework.db, { actorId: 'u1', limit: 2 }))).toMatchObject([{ action: 'session.end' }, { action: 'session.start', actorAgency: 'police', actorRole: 'analyst' }]);
  });

  it('are not audited as done where nothing came of it', async () => {
    const before = await actions();
    expect(await addLinkDecision(casework.db, clock, { ...decision, audited }, () => undefined)).toBeUndefined();
    expect(await addPersonUndo(casework.db, clock, { ...undo, event: 13, audited })).toEqual(expect.any(Number));
    expect(await addPersonUndo(casework.db, clock, { ...undo, event: 13, audited })).toBeUndefined();
    expect(await actions()).toEqual(['link-pair.decide', ...before]);
  });
});

describeStores('a process that is killed', (stores) => {
  const killed = (when: 'before' | 'after', { folder, url }: Place) => spawnSync(process.execPath, [join(import.meta.dirname, '../../test/support/killed-act.ts'), when, folder ?? url!], { encoding: 'utf8' });
  const left = async (place: Place) => {
    const casework = await openCasework({ ...place, clock });
    try {
      return { decisions: (await listLinkDecisions(casework.db)).length, audited: (await listAuditEvents(casework.db, { limit: 50 })).length };
    } finally {
      await casework.close();
    }
  };

  it('between an act and its row of the audit leaves neither; after them, both', async () => {
    const place = await stores.readyPlace();
    expect(killed('before', place)).toMatchObject({ signal: 'SIGKILL', stderr: '' });
    expect(await left(place)).toEqual({ decisions: 0, audited: 0 });
    expect(killed('after', place)).toMatchObject({ signal: 'SIGKILL', stderr: '' });
    expect(await left(place)).toEqual({ decisions: 1, audited: 1 });
  });
});
