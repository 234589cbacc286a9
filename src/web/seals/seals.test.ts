import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { purposeForAll } from '../../../test/support/agreement-for-all.ts';
import { nobody, nothingWaits } from '../../../test/support/fake-people.ts';
import { openJar, openTestServer, plainPages, sendForm, signedInAs, type TestServer } from '../../../test/support/web-server.ts';
import type { Protection } from '../../govern/index.ts';
import type { AuditEvent } from '../../store/index.ts';
import { sealsRoutes } from './seals.routes.ts';

const personKey = 'P00000000000000a1';
const sealedSubjectId = '00000000-0000-4000-8000-000000000001';
const self = `/govern/seals/${sealedSubjectId}`;
const asked: string[] = [];
const audited: AuditEvent[] = [];

/** A store that refuses whatever is asked, as where somebody else was quicker. */
const refusing: Protection = {
  ...nothingWaits,
  listSeals: async () => [{ sealedSubjectId, personKey, ground: 'other', whomToRing: 'the desk', sealedBy: 'lead-2', sealedAt: 0, keepers: ['keeper'] }],
  seal: async () => (asked.push('seal'), { ok: false }),
  addKeeper: async () => (asked.push('keeper'), { ok: false }),
  lift: async () => (asked.push('lift'), { ok: false }),
};

let server: TestServer;
beforeAll(async () => {
  server = await openTestServer({ audit: { record: async (event) => void audited.push(event), list: async () => [] } }, [plainPages, (app, deps) => sealsRoutes(app, { ...deps, people: { ...nobody, exists: async () => personKey }, protection: refusing })]);
});
afterAll(() => server.app.close());
beforeEach(() => void [asked.splice(0), audited.splice(0)]);

async function send(url: string, form: Record<string, string>) {
  const jar = openJar();
  const { cookie } = await signedInAs(server, 'governance-lead', { userId: 'lead-1' });
  jar.set('headwater', cookie.slice('headwater='.length));
  return sendForm(server.app, jar, url, { form, from: '/help' });
}

describe('what the store refuses', () => {
  test.each([
    ['sealing', '/govern/seals/new', { person: personKey, ground: 'other', ring: 'the desk', keepers: 'keeper' }, 'seal', { action: 'seal.set', subjectKind: 'person', subjectIds: [personKey] }],
    ['naming a keeper', self, { act: 'keeper', keeper: 'worker' }, 'keeper', { action: 'seal.add-keeper', subjectKind: 'seal', subjectIds: [sealedSubjectId, personKey] }],
    ['lifting a seal', self, { act: 'lift', reason: 'It was asked for' }, 'lift', { action: 'seal.lift', subjectKind: 'seal', subjectIds: [sealedSubjectId, personKey] }],
  ])('is in the audit: %s', async (_act, url, form, what, row) => {
    const response = await send(url, form);
    expect([response.statusCode, response.body.includes('Nothing was changed')]).toEqual([409, true]);
    expect(asked).toEqual([what]);
    expect(audited).toEqual([{ actorId: 'lead-1', outcome: 'refused', purpose: purposeForAll, ...row }]);
  });
});

test.each([[{}], [{ act: '' }], [{ act: 'Lift' }], [{ act: 'toString' }]])('a form that does not say what to do does nothing: %j', async (form) => {
  const response = await send(self, { reason: 'It was asked for', keeper: 'worker', ...form });
  expect([response.statusCode, response.body.includes('so nothing was done')]).toEqual([400, true]);
  expect(asked).toEqual([]);
});
