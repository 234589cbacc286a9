import { expect, test } from 'vitest';
import { openTestServer } from '../../../test/support/web-server.ts';
import { createMemorySessions, Problem } from '../../core/index.ts';
import { healthSchema } from './health.routes.ts';

test.each(['/health', '/api/health'])('%s says that the store answers and how old the snapshot is', async (url) => {
  const server = await openTestServer();
  const response = await server.app.inject({ url });
  expect(response.statusCode).toBe(200);
  expect(healthSchema.parse(response.json())).toEqual({
    status: 'ok',
    store: 'ok',
    snapshot: { id: 'c0ffee1234567890', builtAt: '2026-11-23T09:05:00Z', ageSeconds: 86_400, dataTo: '2026-10-31' },
  });
  await server.app.close();
});

test('A store that does not answer makes it 503, without saying why', async () => {
  const server = await openTestServer({ checkStore: async () => { throw new Error('password of the database'); } });
  const response = await server.app.inject({ url: '/health' });
  expect(response.statusCode).toBe(503);
  expect(response.json()).toMatchObject({ status: 'failing', store: 'failing' });
  expect(response.body).not.toContain('password');
  await server.app.close();
});

test('No snapshot makes it 503', async () => {
  const server = await openTestServer({ lake: () => { throw new Problem('notFound', { what: 'No snapshot' }); } });
  const response = await server.app.inject({ url: '/health' });
  expect(response.statusCode).toBe(503);
  expect(response.json()).toEqual({ status: 'failing', store: 'ok', snapshot: null });
  await server.app.close();
});

test('A probe that carries a cookie is answered even when the store is away', async () => {
  const away = { ...createMemorySessions(), find: () => Promise.reject(new Error('connection refused')) };
  const server = await openTestServer({ sessions: away, checkStore: () => Promise.reject(new Error('connection refused')) });
  const headers = { cookie: `headwater=${'A'.repeat(43)}` };
  expect((await server.app.inject({ url: '/health', headers })).json()).toMatchObject({ store: 'failing' });
  const page = await server.app.inject({ url: '/help', headers });
  expect(page.statusCode).toBe(500);
  expect(page.body).toContain('Sorry, there is a problem with the service');
  expect(page.body).not.toContain('refused');
  await server.app.close();
});
