import type { LightMyRequestResponse } from 'fastify';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findAccessibilityFaults } from '../../../test/support/browser.ts';
import { openVisits } from '../../../test/support/browser-visit.ts';
import { heldRow, memoryPeople, openPeopleServer, type PeopleServer, type PeopleVisitor } from '../../../test/support/people-server.ts';
import { quickStores } from '../../../test/support/stores.ts';
import { roles, type Role } from '../../core/index.ts';
import { openShareRecords, sealSubject, type HeldRow } from '../../govern/index.ts';
import { listAuditEvents } from '../../store/index.ts';

const [ada, ben, shut, dee] = ['P00000000000000a1', 'P00000000000000b1', 'P00000000000000c1', 'P00000000000000d1'] as const;
const script = '<script>alert(1)</script>';
const home = '/govern/corrections';
const people = [ada, ben, shut, dee].map((personKey, place) => [
  heldRow(personKey, 'early-help-episode', 2 + 10 * place, { episode_ref: `E${place}`, requested_on: '2026-05-01', level: '3', forename: 'Ada', surname: `Quil${place}`, date_of_birth: '2015-04-17', closure_reason: 'Moved away', postcode: 'FM1 1AA' }),
  heldRow(personKey, 'police-incident', 4 + 10 * place, { incident_ref: `I${place}`, reported_at: '2026-06-01 22:10:00', summary: 'Shouting', location: '9 Orchard Way' }),
]).flat();
const rows: HeldRow[] = [...people];
const history: HeldRow[] = [...people];
/** Rows of their own, so that no test stands in another's way. */
let line = 100;
const plant = (values: Record<string, string>, personKey: string = ada) => {
  const row = heldRow(personKey, 'early-help-episode', (line += 1), { requested_on: '2026-05-02', level: '2', ...values });
  rows.push(row);
  history.push(row);
  return row;
};

let at: PeopleServer;
let worker: PeopleVisitor;
let lead: PeopleVisitor;
const locationOf = (response: LightMyRequestResponse) => String(response.headers.location ?? '');
const wrongOf = ({ personKey, load, line: number }: HeldRow) => `/people/${personKey}/wrong?load=${encodeURIComponent(load)}&line=${number}`;
const hidden = ({ load, line: number }: HeldRow, column: string) => ({ load, line: String(number), column });
const answers = { act: 'report', way: 'value', evidence: 'Seen in the file', asked: 'person' };
const reportBy = (by: PeopleVisitor, row: HeldRow, column: string, form: Record<string, string>) => by.send(`/people/${row.personKey}/wrong`, { ...hidden(row, column), ...answers, ...form });
/** The address of the newest correction. */
const newest = async (by = lead) => home + (/href="\/govern\/corrections(\/[0-9a-f-]{36})"/.exec((await by.get(home)).body.split('<tbody')[1]!.split('</tbody')[0]!.split('<tr').at(-1)!)![1] as string);
const reported = async (row: HeldRow, column: string, form: Record<string, string>) => {
  at.clock.move(0.02);
  expect(locationOf(await reportBy(worker, row, column, form))).toBe(`/people/${row.personKey}?done=reported`);
  return newest();
};
const accepted = async (row: HeldRow, column: string, form: Record<string, string>) => {
  const address = await reported(row, column, form);
  expect(locationOf(await lead.send(address, { outcome: 'accepted', reason: 'The certificate was seen' }))).toBe(`${address}?done=accepted`);
  return address;
};
const asWorker = (userId: string, purpose: string | null = 'early-help', role: Role = 'lead-practitioner', agency = 'Early help') => at.as(role, agency, { userId, purpose });

beforeAll(async () => {
  at = await openPeopleServer(quickStores(), memoryPeople(rows, {}, [], history));
  await at.store.plantGrants(await at.register.grants());
  await at.plantCases([ada, ben, shut, dee].map((personKey) => ({ personKey, lead: { userId: 'worker', agency: 'early-help' }, members: [{ userId: 'colleague', agency: 'early-help' }] })));
  await sealSubject(at.store.casework.db, at.clock, { reader: { userId: 'ig', role: 'governance-lead', agency: 'council' }, personKey: shut, ground: 'domestic-abuse', whomToRing: 'the safeguarding desk on 01632 960001', keepers: ['keeper'] });
  worker = await asWorker('worker');
  lead = await at.as('governance-lead', 'Council', { userId: 'lead-1' });
}, 120_000);
afterAll(() => at?.close());

describe('who may do what', () => {
  test('an information governance lead sees corrections; to everyone else there is no such page', async () => {
    const address = await reported(plant({ surname: 'Quil' }), 'surname', { right: 'Quill' });
    for (const role of roles.filter((each) => each !== 'governance-lead')) {
      const visitor = await at.as(role, 'Council', { userId: `other-${role}` });
      for (const url of [home, `${home}/new`, address]) expect([role, url, (await visitor.get(url)).statusCode]).toEqual([role, url, 404]);
      for (const url of [`${home}/new`, address]) expect((await visitor.send(url, { outcome: 'accepted', reason: 'x', person: ada })).statusCode).toBe(404);
    }
    expect((await lead.get(address)).statusCode).toBe(200);
  });

  test('whoever may read a fact reports it from the record; of whom the reader sees nothing there is no such page', async () => {
    const row = plant({ surname: 'Quil' });
    const { body } = await worker.get(`/people/${ada}`);
    expect(body).toContain(wrongOf(row).replaceAll('&', '&amp;'));
    const form = await worker.get(wrongOf(row));
    expect([form.statusCode, form.body.includes('Surname: Quil')]).toEqual([200, true]);
    const stranger = await at.as('lead-practitioner', 'Housing association', { userId: 'stranger', purpose: 'early-help' });
    const kept = async () => (await listAuditEvents(at.store.casework.db, { limit: 500 })).filter(({ action, outcome }) => action === 'correction.report' && outcome === 'done').length;
    const before = await kept();
    // Who has stated no purpose is led to state one; what they sent is not kept.
    for (const [who, visitor, read, sent] of [['stranger', stranger, 404, 404], ['no purpose', await asWorker('worker', null), 303, 403], ['analyst', await at.as('analyst', 'Council', { userId: 'analyst' }), 404, 404]] as const) {
      expect([who, (await visitor.get(wrongOf(row))).statusCode, (await reportBy(visitor, row, 'surname', { right: 'Quill' })).statusCode]).toEqual([who, read, sent]);
    }
    expect(await kept()).toBe(before);
    await reported(row, 'surname', { right: 'Quill' });
    expect(await kept()).toBe(before + 1);
    expect(at.audited.findLast(({ actorId }) => actorId === 'stranger')).toMatchObject({ outcome: 'refused' });
  });

  test('whoever reported it does not decide, and it is decided once', async () => {
    const row = plant({ surname: 'Quil' }, ben);
    const sent = await lead.send(`${home}/new`, { person: ben, row: `${row.load} ${row.line}`, column: 'surname', ...answers, right: 'Quill' });
    const address = locationOf(sent).replace('?done=reported', '');
    expect((await lead.get(address)).body).toContain('another information governance lead decides');
    expect((await lead.send(address, { outcome: 'accepted', reason: 'x' })).statusCode).toBe(409);
    expect(at.audited.at(-1)).toMatchObject({ action: 'correction.accept', outcome: 'refused' });
    const other = await at.as('governance-lead', 'Council', { userId: 'lead-2' });
    expect(locationOf(await other.send(address, { outcome: 'refused', reason: 'The file is right' }))).toBe(`${address}?done=refused`);
    const { body } = await other.get(address);
    for (const says of ['Tell whoever asked why it was refused.', 'ico.org.uk', 'The file is right']) expect(body).toContain(says);
    expect((await other.send(address, { outcome: 'accepted', reason: 'x' })).statusCode).toBe(409);
  });

  test('nothing is found by an id or a place that is forged, and nothing sent without the token of the page', async () => {
    const row = plant({ surname: 'Quil' });
    for (const id of ['00000000-0000-4000-8000-000000000000', 'x', "'--", ada]) for (const base of [home, '/corrections']) expect([id, (await lead.get(`${base}/${encodeURIComponent(id)}`)).statusCode]).toEqual([id, 404]);
    for (const query of ['', '?load=x&line=1', `?load=${encodeURIComponent(row.load)}&line=9999`, `?load=${encodeURIComponent(row.load)}&line=1;--`, `?load=__proto__&line=${row.line}`]) expect((await worker.get(`/people/${ada}/wrong${query}`)).statusCode).toBe(404);
    expect((await worker.get(wrongOf({ ...row, personKey: ben }))).statusCode).toBe(404);
    expect((await reportBy(worker, row, '__proto__', { right: 'x' })).statusCode).toBe(400);
    const address = await reported(row, 'surname', { right: 'Quill' });
    for (const [by, url] of [[lead, address], [lead, `${home}/new`], [worker, `/people/${ada}/wrong`], [worker, '/corrections/00000000-0000-4000-8000-000000000000']] as const) expect((await by.send(url, { 'form-token': 'forged', outcome: 'accepted', reason: 'x' })).statusCode).toBe(403);
  });

  test('a sealed record has no corrections but for keepers, and says no more than whom to ring', async () => {
    const row = rows.find(({ personKey }) => personKey === shut)!;
    expect((await worker.get(wrongOf(row))).statusCode).toBe(404);
    const refused = await lead.send(`${home}/new`, { person: shut, act: 'person' });
    expect([refused.statusCode, refused.body.includes('There is nobody with this key or number for whom you may report. If the record is sealed, one of its keepers reports it')]).toEqual([400, true]);
    const keeper = await at.as('governance-lead', 'Council', { userId: 'keeper' });
    const sent = await keeper.send(`${home}/new`, { person: shut, row: `${row.load} ${row.line}`, column: 'surname', ...answers, right: 'Quill' });
    const address = locationOf(sent).replace('?done=reported', '');
    expect((await keeper.get(address)).body).toContain('Quil2');
    expect((await lead.get(address)).statusCode).toBe(404);
    expect((await lead.get(home)).body).not.toContain(shut);
  });
});

describe('a report', () => {
  test('asks for everything but what the record says, keeps what was typed, and is asked in the way of the column', async () => {
    const row = plant({ surname: 'Quil', date_of_birth: '2015-04-17' });
    expect((await worker.send(`/people/${ada}/wrong`, { load: row.load, line: String(row.line), act: 'fact' })).body).toContain('Choose what is wrong');
    const form = await worker.send(`/people/${ada}/wrong`, { ...hidden(row, 'surname'), act: 'fact' });
    expect([form.statusCode, form.body.includes('The record says:')]).toEqual([200, true]);
    const empty = await reportBy(worker, row, 'surname', { way: '', right: '', evidence: '', asked: '' });
    expect(empty.statusCode).toBe(400);
    for (const says of ['Choose what is wrong', 'Enter what is right', 'Enter how you know', 'Choose who asked for it']) expect(empty.body).toContain(says);
    const day = { 'right-day': '31', 'right-month': '2', 'right-year': '2015' };
    const wrong = await reportBy(worker, row, 'date_of_birth', day);
    expect([wrong.statusCode, wrong.body.includes('must be a real date'), wrong.body.includes('Seen in the file')]).toEqual([400, true, true]);
    expect((await reportBy(worker, row, 'surname', { right: 'QUIL' })).body).toContain('The record says this already');
    expect((await reportBy(worker, row, 'surname', { way: 'not-so', right: 'x' })).body).toContain('Leave this empty where nothing should stand here');
    const address = await reported(row, 'date_of_birth', { ...day, 'right-day': '3' });
    const { body } = await lead.get(address);
    for (const says of ['17 April 2015', '3 February 2015', 'early-help-episode.csv, line', 'Early help', 'Seen in the file', 'worker']) expect(body).toContain(says);
    const again = await reportBy(worker, row, 'date_of_birth', { ...day, 'right-day': '4' });
    expect([again.statusCode, again.body.includes('It is reported already')]).toEqual([409, true]);
    expect((await worker.send(`/people/${ada}/wrong`, { ...hidden(row, 'surname'), wrong: 'typed' })).statusCode).toBe(400);
  });

  test('by a lead names the person in the form alone, and shows nothing of what the record says', async () => {
    const row = rows[1]!;
    expect((await lead.get(`${home}/new`)).statusCode).toBe(200);
    expect((await lead.send(`${home}/new`, { person: '', act: 'person' })).body).toContain('Enter the key of a person');
    expect((await lead.send(`${home}/new`, { person: 'P0000000000000000', act: 'person' })).statusCode).toBe(400);
    const list = await lead.send(`${home}/new`, { person: ada, act: 'person' });
    expect([list.statusCode, list.body.includes('early-help-episode.csv, line 2,')]).toEqual([200, true]);
    const facts = await lead.send(`${home}/new`, { person: ada, row: `${row.load} ${row.line}`, act: 'row' });
    expect(facts.statusCode).toBe(200);
    const form = await lead.send(`${home}/new`, { person: ada, row: `${row.load} ${row.line}`, column: 'summary', act: 'fact' });
    for (const { body } of [list, facts, form]) expect(body).not.toMatch(/Shouting|Orchard|Quil/);
    const sent = await lead.send(`${home}/new`, { person: ada, row: `${row.load} ${row.line}`, column: 'summary', ...answers, way: 'not-so' });
    expect(locationOf(sent)).toMatch(/^\/govern\/corrections\/[0-9a-f-]{36}\?done=reported$/);
    const { body } = await lead.get(locationOf(sent));
    for (const says of ['Shouting', 'It is not so, and nothing stands in its place']) expect(body).toContain(says);
  });

  test('is text wherever it stands', async () => {
    const row = plant({ surname: 'Quil' });
    const address = await reported(row, 'surname', { right: `Quill ${script}`, evidence: `x ${script}` });
    await lead.send(address, { outcome: 'accepted', reason: `Right ${script}` });
    for (const { body } of [await lead.get(address), await worker.get(`/people/${ada}`)]) {
      expect(body).not.toContain(script);
      expect(body).toContain('Quill &lt;script&gt;');
    }
    const formula = plant({ surname: 'Quil' });
    await accepted(formula, 'surname', { right: '=HYPERLINK("x")' });
    expect((await worker.get(`/people/${ada}/record.csv`)).body).not.toMatch(/,"?=HYPERLINK/);
  });
});

describe('an accepted correction', () => {
  test('stands beside the fact on the page, on paper, in the file and in the API, which all say what the file said too', async () => {
    const row = plant({ surname: 'Quilp', closure_reason: 'Moved abroad', date_of_birth: '2015-04-18' }, ben);
    await accepted(row, 'surname', { right: 'Quillon' });
    await accepted(row, 'closure_reason', { way: 'not-so', right: '' });
    await accepted(row, 'date_of_birth', { 'right-day': '19', 'right-month': '4', 'right-year': '2015' });
    const page = (await worker.get(`/people/${ben}`)).body;
    for (const says of ['Quilp', 'Early help: Corrected on 24 November 2026: it should say “Quillon”', 'Corrected on 24 November 2026: this is not so', 'it should say “19 April 2015”', 'Moved abroad']) expect(page).toContain(says);
    const file = (await worker.get(`/people/${ben}/record.csv`)).body.split('\r\n');
    const lineOf = (field: string) => file.find((each) => each.includes(`,early-help-episode.csv,${row.line},`) && each.includes(`,${field},`));
    expect(lineOf('Surname')).toMatch(/,Quilp,Quilp,.*,Quillon,2026-11-24$/);
    expect(lineOf('Closure reason')).toMatch(/,Moved abroad,.*,This is not so,2026-11-24$/);
    expect(lineOf('Date of birth')).toMatch(/,2015-04-18,18 April 2015,.*,19 April 2015,2026-11-24$/);
    const api = (await worker.get(`/api/people/${ben}`)).json() as { feeds: { feed: string; rows: { source: { line: number }; values: { field: string; value: string; correction?: unknown }[] }[] }[] };
    const values = api.feeds.find(({ feed }) => feed === 'early-help-episode')!.rows.find(({ source }) => source.line === row.line)!.values;
    expect(values.find(({ field }) => field === 'surname')).toMatchObject({ value: 'Quilp', correction: { right: 'Quillon', decidedOn: '2026-11-24', mended: false } });
    expect(values.find(({ field }) => field === 'closure_reason')).toMatchObject({ correction: { right: null } });
    expect(values.find(({ field }) => field === 'level')).not.toHaveProperty('correction');
  });

  test('is not seen by whoever may not see the fact, nor before it is accepted', async () => {
    const row = plant({ surname: 'Quill' }, ben);
    await reported(row, 'surname', { right: 'Waitingbird' });
    const other = plant({ surname: 'Quill' }, ben);
    const address = await reported(other, 'surname', { right: 'Refusedbird' });
    await lead.send(address, { outcome: 'refused', reason: 'x' });
    const third = plant({ surname: 'Quill' }, ben);
    await accepted(third, 'surname', { right: 'Acceptedbird' });
    for (const [visitor, birds] of [[worker, ['Acceptedbird']], [await asWorker('worker', null), []], [await at.as('lead-practitioner', 'Housing association', { userId: 'stranger', purpose: 'early-help' }), []]] as const) {
      for (const url of [`/people/${ben}`, `/people/${ben}/record.csv`, `/api/people/${ben}`]) expect([url, [...new Set((await visitor.get(url)).body.match(/\w+bird/g))]]).toEqual([url, birds]);
    }
  });

  test('shows whether the agency has mended its own system, beside the fact and to the lead', async () => {
    const row = plant({ surname: 'Quilt' }, ben);
    const address = await accepted(row, 'surname', { right: 'Quillet' });
    expect((await lead.get(address)).body).toContain('Not yet. Ask Early help to mend its own system');
    const later = { ...row, load: 'early-help-episode/000002-0123456789ab', file: 'december.csv', values: { ...row.values, surname: 'Quillet' } };
    rows[rows.indexOf(row)] = later;
    history.push(later);
    expect((await lead.get(address)).body).toContain('Mended: december.csv, loaded on 2 November 2026, says what is right');
    expect((await worker.get(`/people/${ben}`)).body).toContain('Corrected on 24 November 2026, and mended by the agency since');
  });
});

describe('those who relied on it', () => {
  test('are told on their start page whose record it is, by a link and without a value, and say that they know', async () => {
    const colleague = await asWorker('colleague');
    await colleague.get(`/people/${ada}`);
    await openShareRecords(at.store.casework.db, at.clock, { source: memoryPeople(rows) }).add({ who: { userId: 'colleague', role: 'lead-practitioner', agency: 'early-help' }, purpose: 'early-help' }, { decision: 'share', personKey: ada, items: [], what: 'x', to: { agency: 'education' }, purpose: 'early-help', ground: ['article-6-1-e'], reasons: 'x', consent: 'given', consentWhy: null, decidedOn: '2026-11-24' });
    const address = await accepted(plant({ closure_reason: 'Secretreason' }), 'closure_reason', { right: 'Righteousreason' });
    const file = (await lead.get(address)).body;
    expect(file).toMatch(/colleague<\/th><td[^>]*><strong[^>]*>Not yet<\/strong><\/td><td[^>]*>read the record and recorded a decision to share</);
    const start = (await colleague.get('/')).body;
    expect(start).toContain('A record that you relied on was corrected on 24 November 2026');
    expect(start).not.toMatch(/Secretreason|Righteousreason|Quil|P00000000000000/);
    const [, notice] = /href="(\/corrections\/[0-9a-f-]{36})"/.exec(start)!;
    const { body } = await colleague.get(notice!);
    expect(body).toContain(`href="/people/${ada}"`);
    expect(body).toContain('tell those to whom it was given');
    expect(body).not.toMatch(/Secretreason|Righteousreason/);
    for (const visitor of [worker, lead, await asWorker('other')]) {
      expect((await visitor.get(notice!)).statusCode).toBe(404);
      expect((await visitor.send(notice!, {})).statusCode).toBe(404);
    }
    expect(locationOf(await colleague.send(notice!, {}))).toBe('/corrections?done=known');
    expect((await colleague.get('/')).body).not.toContain(notice!);
    expect((await colleague.get('/corrections')).body).toContain('You said that you know');
    expect((await lead.get(address)).body).toMatch(/colleague<\/th><td[^>]*>24 November 2026/);
  });

  test('who may no longer see the record are told only to ring the lead; who has stated no purpose, to state one', async () => {
    const row = plant({ surname: 'Quil' }, dee);
    const mover = await asWorker('mover', 'early-help', 'lead-practitioner', 'Housing association');
    await at.store.asOwner(`insert into audit_event (occurred_at, actor_id, action, outcome, subject_kind, subject_ids) values (to_timestamp(${at.clock.now()} / 1000.0), 'mover', 'person.view', 'done', 'person', '{${dee}}')`);
    await accepted(row, 'surname', { right: 'Quill' });
    const noticeOf = async (visitor: PeopleVisitor) => /href="(\/corrections\/[0-9a-f-]{36})"/.exec((await visitor.get('/')).body)![1]!;
    const { body } = await mover.get(await noticeOf(mover));
    expect(body).toContain('Ring your information governance lead');
    expect(body).not.toMatch(new RegExp(`${dee}|/people/`));
    const unstated = await asWorker('mover', null, 'lead-practitioner', 'Housing association');
    expect((await unstated.get(await noticeOf(unstated))).body).toContain('first say what you are doing now');
    const analyst = await at.as('analyst', 'Council', { userId: 'mover' });
    expect((await analyst.get(await noticeOf(analyst))).body).toContain('Ring your information governance lead');
    expect(locationOf(await mover.send(await noticeOf(mover), {}))).toBe('/corrections?done=known');
  });

  test('hear what became of what they reported, and a lead what waits', async () => {
    const reporter = await asWorker('colleague');
    const row = plant({ surname: 'Quil' }, ben);
    at.clock.move(0.02);
    expect(locationOf(await reportBy(reporter, row, 'surname', { right: 'Quill' }))).toBe(`/people/${ben}?done=reported`);
    expect((await reporter.get(`/people/${ben}?done=reported`)).body).toContain('An information governance lead decides');
    const address = await newest();
    expect((await lead.get('/')).body).toMatch(/waits? for your decision/);
    await lead.send(address, { outcome: 'refused', reason: 'The register says so' });
    const start = (await reporter.get('/')).body;
    expect(start).toContain('What you reported was decided on 24 November 2026');
    expect(start).not.toContain('The register says so');
  });
});

test('nothing is shown where the audit cannot be kept', async () => {
  const row = plant({ surname: 'Quilsecret' });
  const address = await reported(row, 'surname', { right: 'Quill' });
  at.audit.broken = true;
  try {
    for (const [by, url] of [[lead, address], [lead, home], [worker, wrongOf(row)]] as const) {
      const { statusCode, body } = await by.get(url);
      expect([statusCode, body.includes('Quilsecret')]).toEqual([500, false]);
    }
  } finally {
    at.audit.broken = false;
  }
});

/** Screenshots, where a folder is asked for. */
async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.SCREENSHOTS;
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}

test('its pages have nothing for axe to find', async () => {
  const row = plant({ surname: 'Quil', closure_reason: 'Moved' }, ben);
  const address = await accepted(row, 'surname', { right: 'Quill' });
  const visits = await openVisits('http://localhost:8080');
  const colleague = await asWorker('colleague');
  const [, notice] = /href="(\/corrections\/[0-9a-f-]{36})"/.exec((await colleague.get('/corrections')).body)!;
  const bodies: [string, string][] = [
    ['list', (await lead.get(home)).body], ['new', (await lead.get(`${home}/new`)).body], ['row', (await lead.send(`${home}/new`, { person: ada, act: 'person' })).body], ['one', (await lead.get(address)).body], ['decide', (await lead.get(await reported(plant({ surname: 'Quil' }), 'surname', { right: 'Quill' }))).body],
    ['fact', (await worker.get(wrongOf(row))).body], ['report', (await worker.send(`/people/${ben}/wrong`, { ...hidden(row, 'closure_reason'), act: 'fact' })).body], ['errors', (await reportBy(worker, row, 'closure_reason', { way: '', evidence: '' })).body],
    ['notices', (await colleague.get('/corrections')).body], ['notice', (await colleague.get(notice!)).body], ['start', (await colleague.get('/')).body], ['record', (await worker.get(`/people/${ben}`)).body],
  ];
  try {
    await visits.withPage({}, async (page) => {
      for (const [name, html] of bodies) {
        await page.setContent(html, { waitUntil: 'domcontentloaded' });
        expect(await findAccessibilityFaults(page), name).toEqual([]);
        await picture(page, name);
      }
    });
  } finally {
    await visits.close();
  }
}, 120_000);
