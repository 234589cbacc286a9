import { expect, test } from 'vitest';
import { createSampleAdapter } from './sample-adapter.ts';

test('What is remembered is found by id and by uid, within its own kind and time', async () => {
  const adapter = createSampleAdapter();
  const [codes, sessions] = [adapter('AuthorizationCode'), adapter('Session')];
  await codes.upsert('a', { uid: 'u1', grantId: 'g' }, 60);
  await codes.upsert('b', { grantId: 'g' }, -1);
  expect(await codes.find('a')).toMatchObject({ uid: 'u1' });
  expect(await codes.findByUid('u1')).toMatchObject({ grantId: 'g' });
  expect(await codes.find('b')).toBeUndefined();
  expect(await sessions.find('a')).toBeUndefined();
  expect(await sessions.findByUid('u1')).toBeUndefined();
});

test('A code is marked when it is used, and goes with its grant', async () => {
  const codes = createSampleAdapter()('AuthorizationCode');
  await codes.upsert('a', { grantId: 'g' }, 60);
  await codes.consume('a');
  expect((await codes.find('a'))?.consumed).toBeGreaterThan(0);
  await codes.revokeByGrantId('g');
  expect(await codes.find('a')).toBeUndefined();
});

test('Endless attempts do not fill the memory: the oldest go first', async () => {
  const attempts = createSampleAdapter()('Interaction');
  for (let i = 0; i < 2500; i += 1) await attempts.upsert(`n${i}`, {}, 600);
  expect(await attempts.find('n0')).toBeUndefined();
  expect(await attempts.find('n499')).toBeUndefined();
  expect(await attempts.find('n500')).toBeDefined();
  expect(await attempts.find('n2499')).toBeDefined();
});
