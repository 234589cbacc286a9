import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { oldTenancies } from '../../../test/support/memory-loads.ts';
import { memoryPeople, openPeopleServer, type PeopleServer, type PeopleVisitor } from '../../../test/support/people-server.ts';
import { quickStores } from '../../../test/support/stores.ts';
import { roles } from '../../core/index.ts';

const home = '/govern/retention';
let at: PeopleServer;
let lead: PeopleVisitor;
let second: PeopleVisitor;
let made = 0;

/** A file of tenancies of 2014 and 2015; its address. */
function plant(file = 'tenancies <b>2015</b>.csv'): { load: string; address: string } {
  made += 1;
  const load = `tenancy/${String(made).padStart(6, '0')}-0123456789ab`;
  at.heldFiles.push(oldTenancies({ load, parts: [load], file }));
  return { load, address: `${home}/loads/${load}` };
}
const propose = (address: string) => lead.send(address, { act: 'propose', 'propose-why': 'Needed no more' });

beforeAll(async () => {
  at = await openPeopleServer(quickStores(), memoryPeople([]));
}, 120_000);
afterAll(() => at?.close());
beforeEach(async () => {
  at.audited.splice(0);
  at.heldFiles.splice(0);
  [lead, second] = [await at.as('governance-lead', 'Council', { userId: 'lead-1' }), await at.as('governance-lead', 'Council', { userId: 'lead-2' })];
});

test('where no file is due, the list says so', async () => {
  at.heldFiles.push(oldTenancies({ lastOn: '2026-01-01' }), oldTenancies({ load: 'panel-note/000001-0123456789ab', feed: 'panel-note', agency: 'scrutiny-panel' }));
  const { body } = await lead.get(home);
  for (const said of ['No loaded file is due.', '1 loaded file is of agencies for which no schedule is set. It never comes due.']) expect(body).toContain(said);
});

test('a file that is due is listed with its feed, agency, rows, days and schedule; the list is in the audit by ids', async () => {
  const { load, address } = plant();
  const { body } = await lead.get(home);
  for (const said of [`href="${address}"`, 'tenancies &lt;b&gt;2015&lt;/b&gt;.csv', 'Housing association', '1,234', '10 January 2014', '1 March 2015', 'Since 2 March 2021', 'Tenancies', 'To be decided']) expect(body).toContain(said);
  expect(at.audited).toContainEqual(expect.objectContaining({ action: 'retention.list', outcome: 'done', subjectKind: 'load', subjectIds: [load] }));
  const page = (await lead.get(address)).body;
  for (const said of [load, 'Kept for 6 years after the day of its newest row (', 'Fingerprint of the file (SHA-256)', 'Ask your records manager', 'Keep the file', 'Propose to destroy the file', 'holds what was made of them until the next build', `${home}/holds/new?kind=feed&amp;target=tenancy`]) expect(page).toContain(said);
  expect(body + page).not.toContain('<b>');
  expect(at.audited).toContainEqual(expect.objectContaining({ action: 'retention.view', outcome: 'done', subjectKind: 'load', subjectIds: [load] }));
});

test('a file is kept until a day, with a reason', async () => {
  const { load, address } = plant();
  const good = { act: 'keep', 'until-day': '28', 'until-month': '2', 'until-year': '2027', 'keep-why': 'An inquiry asked' };
  for (const [over, says] of [[{ 'until-year': '2026' }, 'must be after today'], [{ 'until-year': '2037' }, 'at most ten years'], [{ 'keep-why': ' ' }, 'Enter why it is still needed'], [{ 'until-day': '' }, 'must be a real date']] as const) {
    const response = await lead.send(address, { ...good, ...over });
    expect([over, response.statusCode, response.body.includes(says)]).toEqual([over, 400, true]);
  }
  expect((await lead.send(address, { ...good, reviewed_by: 'x' })).statusCode).toBe(400);
  expect((await lead.send(address, good)).headers.location).toBe(`${home}?done=load-kept`);
  expect((await lead.get(`${home}?done=load-kept`)).body).toContain('The file is kept until the day that you chose.');
  expect((await lead.get(home)).body).not.toContain(load);
  const page = (await lead.get(address)).body;
  for (const said of ['by lead-1, until 28 February 2027', 'An inquiry asked', 'Change how long it is kept']) expect(page).toContain(said);
  const refused = await propose(address);
  expect([refused.statusCode, refused.body.includes('The time for which the file is kept is not over')]).toEqual([409, true]);
  expect(at.audited).toContainEqual(expect.objectContaining({ action: 'retention.propose', outcome: 'refused', subjectKind: 'load', subjectIds: [load], basis: 'not-due' }));
});

test('a file is proposed by one and confirmed by another, and leaves a certificate', async () => {
  const { load, address } = plant();
  expect((await lead.send(address, { act: 'propose', 'propose-why': '' })).body).toContain('Enter why it is needed no more');
  expect((await propose(address)).headers.location).toBe(`${address}?done=load-proposed`);
  const own = (await lead.get(address)).body;
  expect(own).toContain('You proposed this.');
  expect(own).not.toContain('Destroy the file');
  const forced = await lead.send(address, { act: 'confirm', confirm: 'yes' });
  expect([forced.statusCode, forced.body.includes('Another information governance lead confirms it')]).toEqual([409, true]);
  expect((await second.get(home)).body).toContain('A file of Social tenancies, proposed on');
  expect((await second.get(address)).body).toContain('Destroy the file');
  expect((await second.send(address, { act: 'confirm' })).body).toContain('Confirm that you have looked');
  const to = (await second.send(address, { act: 'confirm', confirm: 'yes' })).headers.location ?? '';
  expect(to).toMatch(/^\/govern\/retention\/certificates\/\d+\?done=load-destroyed$/);
  const certificate = (await second.get(to)).body;
  for (const said of ['The file is destroyed. This is its certificate.', 'A file that was loaded, and all its rows, were destroyed', load, 'Housing association', '10 January 2014 and 1 March 2015', 'Rows of the file', '1,234', 'by lead-1', 'by lead-2', 'Needed no more', 'Backups made before this day hold the file', oldTenancies().sha256]) expect(certificate).toContain(said);
  expect(certificate).not.toContain('2015&lt;');
  expect((await lead.get(`${home}/certificates`)).body).toContain(to.replace('?done=load-destroyed', ''));
  expect((await lead.get(address)).statusCode).toBe(404);
});

test('a proposal is refused or taken back with a reason, and a legal hold stops it', async () => {
  const { address } = plant();
  await propose(address);
  expect((await second.send(address, { act: 'refuse', 'refuse-why': '' })).body).toContain('Enter why it is not to be destroyed');
  expect((await second.send(address, { act: 'refuse', 'refuse-why': 'Ask the association first' })).headers.location).toBe(`${home}?done=refused`);
  expect((await lead.get(address)).body).toContain('Ask the association first');
  await propose(address);
  expect((await lead.send(`${home}/holds/new`, { kind: 'feed', target: 'tenancy', authority: 'County court', reason: 'A claim' })).headers.location).toBe(`${home}/holds?done=held`);
  expect((await second.get(address)).body).not.toContain('Destroy the file');
  const held = await second.send(address, { act: 'confirm', confirm: 'yes' });
  expect([held.statusCode, held.body.includes('A legal hold is on this file')]).toEqual([409, true]);
  expect((await lead.get(home)).body).toContain('Legal hold</td>');
});

test('the page is not there for anybody but governance leads, in reading and in sending, nor without the token or the audit', async () => {
  const { load, address } = plant();
  for (const role of roles.filter((each) => each !== 'governance-lead')) {
    const visitor = await at.as(role, 'Council', { userId: `x-${role}` });
    const { statusCode, body } = await visitor.get(address);
    expect([role, statusCode]).toEqual([role, 404]);
    expect(body).not.toMatch(/tenanc|destroy/i);
    for (const act of ['keep', 'propose', 'confirm', 'refuse']) expect([role, act, (await visitor.send(address, { act, confirm: 'yes', 'propose-why': 'x', 'refuse-why': 'x' })).statusCode]).toEqual([role, act, 404]);
  }
  expect((await second.send(address, { act: 'propose', 'propose-why': 'x', 'form-token': 'forged' })).statusCode).toBe(403);
  for (const id of ['tenancy/000999-0123456789ab', 'x/y', '..%2f../x', "tenancy/'%20or%201=1", 'tenancy/%00', `tenancy/${'1'.repeat(300)}`]) expect([400, 404], id).toContain((await lead.get(`${home}/loads/${id}`)).statusCode);
  at.audit.broken = true;
  try {
    for (const url of [home, address]) {
      const { statusCode, body } = await lead.get(url);
      expect([statusCode, body.includes(load)]).toEqual([500, false]);
    }
  } finally {
    at.audit.broken = false;
  }
});
