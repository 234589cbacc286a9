// A clock that is moved back, by somebody who wants what has ended to go on or by a machine that was put right: sessions, sign-ins, agreements, broken
// glass and the audit do the safe thing.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { known, openAttackServer, type AttackServer } from '../../test/support/attack-server.ts';
import { get, openJar } from '../../test/support/web-server.ts';
import { asReader, readAgreementPacks, storeAgreements } from '../govern/index.ts';
import { storeAudit, verifyAudit } from '../store/index.ts';

let at: AttackServer;
beforeAll(async () => {
  at = await openAttackServer();
}, 120_000);
afterAll(() => at?.close());

/** Moves the clock back for a while. */
async function whileBack(minutes: number, act: () => Promise<void>): Promise<void> {
  at.clock.move(-minutes);
  try {
    await act();
  } finally {
    at.clock.move(minutes);
  }
}

test('a session that was used in what is now the future ends, and stays ended; a clock that is put right by seconds ends none', async () => {
  const [one, two] = [await at.as('governance-lead', 'Council'), await at.as('governance-lead', 'Council', { userId: 'two' })];
  await whileBack(0.5, async () => expect((await one.get('/help')).statusCode).toBe(200));
  await whileBack(180, async () => expect((await one.get('/help')).statusCode).toBe(303));
  expect((await one.get('/help')).statusCode).toBe(303);
  expect((await two.get('/help')).statusCode).toBe(200);
});

test('a session that sat idle is not woken by moving the clock back to when it was used', async () => {
  const idle = await at.as('governance-lead', 'Council', { userId: 'idle' });
  at.clock.move(31);
  expect((await idle.get('/help')).statusCode).toBe(303);
  await whileBack(31, async () => expect((await idle.get('/help')).statusCode).toBe(303));
});

test('a sign-in that was begun in what is now the future is too late', async () => {
  const jar = openJar();
  await get(at.app, jar, '/sign-in/start');
  await whileBack(120, async () => expect((await get(at.app, jar, '/sign-in/callback?code=x&state=y')).headers.location).toBe('/sign-in?problem=too-late'));
});

test('glass that was broken in what is now the future is whole, and does not count from the new time', async () => {
  const reader = await at.as('lead-practitioner', 'Early help', { purpose: 'early-help' });
  expect((await reader.get(`/people/${known}`)).body).not.toContain('alphabird-summary');
  await reader.post(`/people/${known}/see-more`, { reason: 'A child may come to harm tonight', confirm: 'yes' });
  expect((await reader.get(`/people/${known}`)).body).toContain('alphabird-summary');
  await whileBack(300, async () => {
    const again = await at.as('lead-practitioner', 'Early help', { purpose: 'early-help' });
    for (const url of [`/people/${known}`, `/api/people/${known}`, `/people/${known}/record.csv`]) expect((await again.get(url)).body, url).not.toContain('alphabird-summary');
  });
});

test('the audit keeps its order, and counts how often the clock was behind it', async () => {
  const verdict = await verifyAudit(at.store.casework.db);
  expect(verdict.fault).toBeUndefined();
  expect(verdict.backwards).toBeGreaterThan(0);
});

test('an agreement that lapsed by its last day stays lapsed, on pages and in the database, also after a start; and holds as before once nothing is behind', async () => {
  const reader = { userId: 'a-colleague', role: 'lead-practitioner', agency: 'early-help' } as const;
  const cases = () => asReader(at.store.casework.db, reader, 'early-help', at.clock, async (transaction) => (await transaction.selectFrom('case_file').select('case_id').execute()).length);
  const person = async () => (await (await at.as('lead-practitioner', 'Early help', { userId: 'a-colleague', purpose: 'early-help' })).get(`/people/${known}`)).statusCode;
  expect([await person(), await cases()]).toEqual([200, 2]);
  const days = 400;
  await whileBack(-days * 24 * 60, async () => {
    expect([403, 404]).toContain(await person());
    expect(await cases()).toBe(0);
    await whileBack(days * 24 * 60, async () => {
      expect([403, 404]).toContain(await person());
      expect(await cases()).toBe(0);
      const again = await storeAgreements(at.store.casework.db, at.clock, { packs: readAgreementPacks(undefined) });
      expect((await again.grants()).filter(({ from, to }) => from <= at.clock.now() && at.clock.now() < to)).toEqual([]);
      expect(await cases()).toBe(0);
    });
  });
});

test('an operator who put a clock right that stood ahead has it accepted, and a start then gives what agreements give', async () => {
  await storeAudit(at.store.casework.db, at.clock).record({ actorId: 'operator', action: 'clock.accept', outcome: 'done' });
  const again = await storeAgreements(at.store.casework.db, at.clock, { packs: readAgreementPacks(undefined) });
  expect((await again.grants()).some(({ from, to }) => from <= at.clock.now() && at.clock.now() < to)).toBe(true);
});

test('an agreement that ended stays ended, before and behind the moment when it did', async () => {
  for (const { agreementId } of await at.register.list()) await at.register.end(agreementId, { userId: 'ig', role: 'governance-lead', agency: 'council' }, 'It is no longer needed');
  for (const minutes of [1, 60, 24 * 60, 3 * 24 * 60]) {
    await whileBack(minutes, async () => {
      const reader = await at.as('lead-practitioner', 'Early help', { purpose: 'early-help' });
      for (const url of [`/people/${known}`, `/api/people/${known}`, '/people']) {
        const response = await reader.get(url);
        expect([403, 404], `${url} ${minutes} minutes back`).toContain(response.statusCode);
        expect(response.body).not.toContain('alphabird');
      }
    });
  }
});
