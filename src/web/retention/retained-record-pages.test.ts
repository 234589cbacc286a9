import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { memoryPeople, openPeopleServer, type PeopleServer, type PeopleVisitor } from '../../../test/support/people-server.ts';
import { quickStores } from '../../../test/support/stores.ts';
import { roles } from '../../core/index.ts';

const home = '/govern/retention';
const secret = 'Words about <b>a family</b>';
let at: PeopleServer;
let lead: PeopleVisitor;
let second: PeopleVisitor;
let made = 0;

/** A decision to share of 2015; its id and address. */
async function plant(personKey = 'P00000000000000a1'): Promise<{ id: string; address: string }> {
  made += 1;
  const id = `${String(made).padStart(8, '0')}-0000-4000-8000-000000000000`;
  await at.store.asOwner(`alter table share_record disable trigger user; insert into share_record (share_record_id, decision, person_key, items, what, from_agency, to_agency, purpose, ground, reasons, consent, decided_by, decided_on, recorded_by, recorded_at, sealed)
    values ('${id}', 'share', '${personKey}', '{}', '${secret}', 'early-help', 'hospital', 'early-help', '{article-6-1-e}', '${secret}', 'given', 'worker', '2015-03-01', 'worker', '2015-03-01T12:00:00Z', false); alter table share_record enable trigger user`);
  return { id, address: `${home}/records/share-record/${id}` };
}
const propose = (address: string) => lead.send(address, { act: 'propose', 'propose-why': 'Needed no more' });

beforeAll(async () => {
  at = await openPeopleServer(quickStores(), memoryPeople([]));
}, 120_000);
afterAll(() => at?.close());
beforeEach(async () => {
  at.audited.splice(0);
  [lead, second] = [await at.as('governance-lead', 'Council', { userId: 'lead-1' }), await at.as('governance-lead', 'Council', { userId: 'lead-2' })];
});

test('where none is due, the list says so', async () => {
  expect((await lead.get(home)).body).toContain('None is due.');
});

test('a decision to share that is due is listed with its schedule and day, and nothing that was written; the list is in the audit by ids', async () => {
  const { id, address } = await plant();
  const { body } = await lead.get(home);
  for (const said of [`href="${address}"`, 'Decision to share', 'P00000000000000a1', 'Early help', '1 March 2015', 'Since 2 March 2021', 'To be decided']) expect(body).toContain(said);
  expect(at.audited).toContainEqual(expect.objectContaining({ action: 'retention.list', outcome: 'done', subjectKind: 'share-record', subjectIds: [id, 'P00000000000000a1'] }));
  const page = (await lead.get(address)).body;
  for (const said of [id, 'A record to decide', 'Kept for 6 years after it was last added to.', 'The decision itself: 1', 'Ask your records manager', 'Keep the record', 'Propose to destroy the record', 'Who was given the information still holds', `${home}/holds/new?kind=person&amp;target=P00000000000000a1`]) expect(page).toContain(said);
  expect(body + page).not.toContain('a family');
  expect(at.audited).toContainEqual(expect.objectContaining({ action: 'retention.view', outcome: 'done', subjectKind: 'share-record', subjectIds: [id, 'P00000000000000a1'] }));
});

test('it is kept until a day, or proposed by one and confirmed by another, and leaves a certificate', async () => {
  const [{ address: kept }, { id, address }] = [await plant(), await plant()];
  const good = { act: 'keep', 'until-day': '28', 'until-month': '2', 'until-year': '2027', 'keep-why': 'An inquiry asked' };
  expect((await lead.send(kept, { ...good, 'keep-why': ' ' })).body).toContain('Enter why it is still needed');
  expect((await lead.send(kept, good)).headers.location).toBe(`${home}?done=record-kept`);
  expect((await lead.get(kept)).body).toContain('by lead-1, until 28 February 2027');
  expect((await propose(address)).headers.location).toBe(`${address}?done=record-proposed`);
  expect((await lead.send(address, { act: 'confirm', confirm: 'yes' })).body).toContain('Another information governance lead confirms it');
  expect((await second.get(home)).body).toContain('Decision to share, proposed on');
  const to = (await second.send(address, { act: 'confirm', confirm: 'yes' })).headers.location ?? '';
  expect(to).toMatch(/^\/govern\/retention\/certificates\/\d+\?done=record-destroyed$/);
  const certificate = (await second.get(to)).body;
  for (const said of ['The record is destroyed. This is its certificate.', 'A decision to share or to withhold, and what was added to it, were destroyed', id, 'Early help', 'The decision itself', 'by lead-1', 'by lead-2', 'Backups made before this day hold it']) expect(certificate).toContain(said);
  for (const told of ['a family', 'P00000000000000a1']) expect(certificate).not.toContain(told);
  expect((await lead.get(address)).statusCode).toBe(404);
});

test('a legal hold on its person stops it, also where the person is known by the record alone', async () => {
  const { address } = await plant('P00000000000000a7');
  await propose(address);
  expect((await lead.send(`${home}/holds/new`, { kind: 'person', target: 'P00000000000000a7', authority: 'County court', reason: 'A claim' })).headers.location).toBe(`${home}/holds?done=held`);
  const held = await second.send(address, { act: 'confirm', confirm: 'yes' });
  expect([held.statusCode, held.body.includes('A legal hold is on this record')]).toEqual([409, true]);
});

test('the page is not there for anybody but governance leads, nor under another kind or an id that is none', async () => {
  const { id, address } = await plant();
  for (const role of roles.filter((each) => each !== 'governance-lead')) {
    const visitor = await at.as(role, 'Council', { userId: `x-${role}` });
    for (const { statusCode, body } of [await visitor.get(address), await visitor.send(address, { act: 'propose', 'propose-why': 'x' })]) expect([role, statusCode, body.includes(id)]).toEqual([role, 404, false]);
    const tokenless = ({ body }: { body: string }) => body.replaceAll(/name="form-token" value="[^"]*"|[0-9a-f]{8}-[0-9a-f-]{27}/g, '');
    expect(tokenless(await visitor.get(address))).toBe(tokenless(await visitor.get(address.replace(id, '00000000-0000-4000-8000-000000000000'))));
  }
  for (const path of [`correction/${id}`, `case/${id}`, 'share-record/x', "share-record/'%20or%201=1", `share-record/${'1'.repeat(300)}`, `__proto__/${id}`]) expect([400, 404], path).toContain((await lead.get(`${home}/records/${path}`)).statusCode);
});
