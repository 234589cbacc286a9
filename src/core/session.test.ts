import { expect, test } from 'vitest';
import { createMemorySessions, type Session } from './session.ts';

const session: Session = {
  key: 'a1', userId: 'u1', name: 'Alex Marsh', agency: 'Police', role: 'analyst',
  purpose: null, startedAt: 0, expiresAt: 1000, idleUntil: 100,
};

test('A session is found by its key until it is destroyed', async () => {
  const sessions = createMemorySessions();
  await sessions.save(session);
  expect(await sessions.find('a1')).toEqual(session);
  await sessions.destroy('a1');
  expect(await sessions.find('a1')).toBeUndefined();
  await sessions.destroy('a1');
});

test('Touching moves the idle time of a held session and makes none', async () => {
  const sessions = createMemorySessions();
  await sessions.save(session);
  await sessions.touch('a1', 200);
  await sessions.touch('b2', 200);
  expect((await sessions.find('a1'))?.idleUntil).toBe(200);
  expect(await sessions.find('b2')).toBeUndefined();
});

test('Expired sessions are removed by either clock, and counted', async () => {
  const sessions = createMemorySessions();
  await sessions.save(session);
  await sessions.save({ ...session, key: 'b2', idleUntil: 5000 });
  await sessions.save({ ...session, key: 'c3', idleUntil: 5000, expiresAt: 9000 });
  expect(await sessions.destroyExpired(1000)).toBe(2);
  expect(await sessions.find('c3')).toBeDefined();
});
