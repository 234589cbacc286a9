import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createMemorySessions, fixedClock, type Session, type SessionStore } from '../core/index.ts';
import { describeStores } from '../../test/support/stores.ts';
import { openCasework, type Casework } from './casework.ts';
import { storeSessions } from './session.store.ts';

const clock = fixedClock('2026-11-24T09:00:00Z');
const minute = 60_000;
const keyOf = (secret: string) => createHash('sha256').update(secret).digest('hex');
const build = (secret: string, changes: Partial<Session> = {}): Session => ({
  key: keyOf(secret), userId: 'u1', name: "Siân O'Hara", agency: 'police', role: 'analyst', purpose: null,
  startedAt: clock.now(), idleUntil: clock.now() + 30 * minute, expiresAt: clock.now() + 600 * minute, ...changes,
});

describeStores('sessions', (stores) => {
  let casework: Casework;
  let sessions: SessionStore;
  beforeAll(async () => {
    casework = await openCasework({ ...(await stores.readyPlace()), clock });
    sessions = storeSessions(casework.db);
  });
  beforeEach(async () => {
    await casework.db.deleteFrom('session').execute();
  });
  afterAll(() => casework.close());

  it('are found by their key as they were saved, until destroyed', async () => {
    await sessions.save(build('one'));
    expect(await sessions.find(keyOf('one'))).toEqual(build('one'));
    await sessions.save(build('two', { address: '12 FE12AB' }));
    expect(await sessions.find(keyOf('two'))).toEqual(build('two', { address: '12 FE12AB' }));
    await sessions.destroy(keyOf('one'));
    await sessions.destroy(keyOf('one'));
    expect(await sessions.find(keyOf('one'))).toBeUndefined();
  });

  it('are replaced when saved again under the same key', async () => {
    await sessions.save(build('one'));
    await sessions.save(build('one', { role: 'commissioner', agency: 'health' }));
    expect(await sessions.find(keyOf('one'))).toMatchObject({ role: 'commissioner', agency: 'health' });
  });

  it('move their idle time at a touch, which makes no session', async () => {
    await sessions.save(build('one'));
    await sessions.touch(keyOf('one'), clock.now() + 45 * minute);
    await sessions.touch(keyOf('two'), clock.now() + 45 * minute);
    expect(await sessions.find(keyOf('one'))).toEqual(build('one', { idleUntil: clock.now() + 45 * minute }));
    expect(await sessions.find(keyOf('two'))).toBeUndefined();
  });

  it('are swept away by either limit, as sessions in memory are', async () => {
    const held = [build('idle', { idleUntil: clock.now() }), build('old', { expiresAt: clock.now() - 1 }), build('live', { idleUntil: clock.now() + 1 })];
    const memory = createMemorySessions();
    for (const session of held) {
      await sessions.save(session);
      await memory.save(session);
    }
    expect(await sessions.destroyExpired(clock.now())).toBe(2);
    expect(await memory.destroyExpired(clock.now())).toBe(2);
    expect(await sessions.find(keyOf('live'))).toEqual(await memory.find(keyOf('live')));
    expect(await casework.db.selectFrom('session').select('key').execute()).toEqual([{ key: keyOf('live') }]);
  });

  it('are never stored by anything but a hash', async () => {
    await expect(sessions.save(build('one', { key: 'the-secret-itself' }))).rejects.toMatchObject({ code: '23514' });
    await sessions.save(build('one'));
    const rows = await casework.db.selectFrom('session').selectAll().execute();
    expect(JSON.stringify(rows)).not.toContain('"one"');
  });

  it('keep the purpose that was stated, and have none where they are older than purposes', async () => {
    const memory = createMemorySessions();
    for (const each of [sessions, memory]) {
      await each.save(build('one'));
      await each.setPurpose(keyOf('one'), 'early-help');
      await each.setPurpose(keyOf('two'), 'early-help');
      expect(await each.find(keyOf('one'))).toEqual(build('one', { purpose: 'early-help' }));
      await each.setPurpose(keyOf('one'), null);
      expect(await each.find(keyOf('one'))).toEqual(build('one'));
      await each.setPurpose(keyOf('one'), 'early-help');
      expect(await each.find(keyOf('one'))).toEqual(build('one', { purpose: 'early-help' }));
      expect(await each.find(keyOf('two'))).toBeUndefined();
    }
    await casework.db.updateTable('session').set({ data: JSON.stringify({ userId: 'u1', name: 'x', agency: 'police', role: 'analyst' }) }).execute();
    expect(await sessions.find(keyOf('one'))).toMatchObject({ userId: 'u1', purpose: null });
  });

  it('of a role that no longer exists are not found', async () => {
    await sessions.save(build('one'));
    await casework.db.updateTable('session').set({ data: JSON.stringify({ userId: 'u1', name: 'x', agency: 'police', role: 'sheriff' }) }).execute();
    expect(await sessions.find(keyOf('one'))).toBeUndefined();
  });
});
