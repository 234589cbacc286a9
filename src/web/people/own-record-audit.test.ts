import { afterAll, beforeAll, expect, test } from 'vitest';
import { heldRow, memoryPeople, openPeopleServer, type PeopleServer } from '../../../test/support/people-server.ts';
import { quickStores } from '../../../test/support/stores.ts';
import { sampleUsers } from '../sample-identity/sample-user.ts';

const [own, other] = ['P0000000000000001', 'P0000000000000002'] as const;
const [forename, surname] = sampleUsers.find(({ role }) => role === 'lead-practitioner')!.name.split(' ') as [string, string];
const row = (key: string, first: string, last: string) => heldRow(key, 'early-help-episode', 2, { episode_ref: `E-${key}`, requested_on: '2026-05-01', forename: first, surname: last, date_of_birth: '2015-04-17', postcode: 'FM1 1AA' });

let at: PeopleServer;
beforeAll(async () => {
  at = await openPeopleServer(quickStores(), memoryPeople([row(own, forename.toUpperCase(), surname), row(other, 'Ada', 'Quill')]));
  await at.plantCases([{ personKey: own, lead: { userId: 'u1', agency: 'early-help' } }]);
}, 120_000);
afterAll(() => at?.close());

test('the audit notes a look at a record that bears the reader’s own name, or of somebody with whom no case joins them, and keeps no name', async () => {
  const reader = await at.as('lead-practitioner', 'Early help', { userId: 'u1', purpose: 'early-help' });
  expect((await reader.get(`/people/${own}`)).statusCode).toBe(200);
  expect(at.audited.findLast(({ action }) => action === 'person.view')).toMatchObject({ outcome: 'done', subjectIds: [own], flags: ['own-name'] });
  const stranger = await at.as('hub-coordinator', 'Early help', { userId: 'u2', purpose: 'record-linkage' });
  expect((await stranger.get(`/people/${other}/record.csv`)).statusCode).toBe(200);
  expect(at.audited.findLast(({ action }) => action === 'person.export')).toMatchObject({ outcome: 'done', subjectIds: [other], flags: ['no-relation'] });
  await reader.send('/people', { surname }, '/people');
  expect(at.audited.findLast(({ action }) => action === 'person.search')).toMatchObject({ subjectIds: [own], flags: ['own-name'] });
  expect(JSON.stringify(at.audited).toLowerCase()).not.toContain(surname.toLowerCase());
});
