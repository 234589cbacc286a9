import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openAgreementServer, type AgreementServer } from '../../../test/support/agreement-server.ts';
import { memoryAgreements } from '../../../test/support/memory-agreements.ts';
import { readAgreementPacks, type Grant } from '../../govern/index.ts';
import { presentVocabulary } from './agreement-vocabulary.ts';
import { presentMyAccess } from './my-access.ts';

let at: AgreementServer;
beforeAll(async () => {
  at = await openAgreementServer();
});
afterAll(() => at.server.app.close());

const pageOf = async (role: 'analyst' | 'referrer', agency: string) => (await (await at.as(role, agency)).get('/govern/my-access')).body;

test('what agreements give stands by purpose with clause and end, from the last signature to the lapse', async () => {
  expect(await pageOf('analyst', 'Violence reduction unit')).toContain('No agreement that is in force names your role at your agency.');
  const id = await at.draft();
  expect(await pageOf('analyst', 'Violence reduction unit')).not.toContain('Police incidents');
  await at.signAll(id);
  const given = await pageOf('analyst', 'Violence reduction unit');
  expect(given).toContain('For: Understand demand and harm');
  expect(given).toContain('Police incidents: all fields but those that identify');
  expect(given).toContain(`href="/govern/agreements/${id}?version=1"`);
  expect(given).toContain('Until the end of 31 October 2027');
  expect(await pageOf('referrer', 'Violence reduction unit')).not.toContain('Police incidents');
  expect(await pageOf('analyst', 'Police')).not.toContain('Police incidents');
  await at.register.end(id, { userId: 'lead', role: 'governance-lead', agency: 'police' }, 'Done');
  expect(await pageOf('analyst', 'Violence reduction unit')).not.toContain('Police incidents');
});

test('an agency that the partnership does not know is told so, as text', async () => {
  const body = await pageOf('analyst', '<b>Elsewhere</b>');
  expect(body).toContain('“&lt;b&gt;Elsewhere&lt;/b&gt;”. The partnership knows no agency of that name');
});

describe('presentMyAccess', () => {
  const vocabulary = presentVocabulary(readAgreementPacks(undefined));
  const reader = { userId: 'u', role: 'lead-practitioner', agency: 'early-help' } as const;
  const now = Date.parse('2026-11-24T12:00:00Z');
  const grant = (more: Partial<Grant>): Grant => ({ agreementId: 'a', version: 1, clause: 1, agency: 'early-help', role: 'lead-practitioner', purpose: 'early-help', holder: 'police', item: 'police-incident/closing_code', form: 'identified', relation: 'member', from: now - 1, to: Infinity, endedBy: 'agreement', ...more });
  const present = (grants: Grant[]) => presentMyAccess(grants, { reader, now, titles: new Map([['a', 'Help']]), vocabulary });

  test('names single fields, parts of a case and the relation that is needed', () => {
    expect(present([grant({}), grant({ item: 'police-incident/reported_at' }), grant({ item: 'case/plan', holder: 'early-help' })])).toEqual([
      {
        purpose: 'Help a family early', sentence: expect.any(String),
        clauses: [{
          clause: 'Help, clause 1', href: '/govern/agreements/a?version=1', form: 'Records of named people', relation: 'They are a member of the team around the person', time: 'With no end set',
          holders: [{ agency: 'Police', items: ['Police incidents: closing code, reported at'] }, { agency: 'Early help', items: ['Part of a case: The plan agreed with the family'] }],
        }],
      },
    ]);
  });

  test.each([
    [{ from: Date.parse('2026-12-01T00:00:00Z'), to: Date.parse('2027-01-01T00:00:00Z') }, 'From 1 December 2026 until the end of 31 December 2026'],
    [{ to: Date.parse('2026-11-30T00:00:00Z'), endedBy: 'power' as const }, 'Until the end of 29 November 2026, when a legal power ends'],
  ])('says how long: %j', (more, time) => {
    expect(present([grant(more)])[0]!.clauses[0]!.time).toBe(time);
  });

  test('leaves out what has ended, what never holds, and what is given to others', () => {
    expect(present([grant({ to: now }), grant({ from: now, to: now }), grant({ role: 'analyst' }), grant({ agency: 'police' })])).toEqual([]);
  });
});

test('an empty register gives nothing', async () => {
  expect(await memoryAgreements({ now: () => 0 }).grants()).toEqual([]);
});
