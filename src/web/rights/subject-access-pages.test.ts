import { createHash } from 'node:crypto';
import type { LightMyRequestResponse } from 'fastify';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { newAttachmentHome, smallPdf } from '../../../test/support/attachment-home.ts';
import { findAccessibilityFaults } from '../../../test/support/browser.ts';
import { openVisits } from '../../../test/support/browser-visit.ts';
import { heldRow, memoryPeople, openPeopleServer, type PeopleServer, type PeopleVisitor } from '../../../test/support/people-server.ts';
import { quickStores } from '../../../test/support/stores.ts';
import { readRecordFeeds } from '../../build/index.ts';
import { roles } from '../../core/index.ts';
import { openShareRecords, openSubjectAccess, readAccessExemptions, removedMark, sealSubject, type PeopleAround, type RowsBeyond, type SubjectAccess } from '../../govern/index.ts';
import { listAuditEvents } from '../../store/index.ts';
import { rightsNotes } from './access-answer.ts';
import { subjectAccessRoutes } from './subject-access.routes.ts';

const [ada, ben, sealed] = ['P00000000000000a1', 'P00000000000000b1', 'P00000000000000c1'] as const;
const script = '<script>alert(1)</script>';
const people = memoryPeople([
  heldRow(ada, 'early-help-episode', 2, { episode_ref: 'E1', child_ref: 'C77', requested_on: '2026-05-01', forename: 'Ada', surname: 'Quill', date_of_birth: '2012-04-17', closure_reason: '=HYPERLINK("x")', needs: 'housing; domestic-abuse' }),
  heldRow(ada, 'police-incident', 4, { incident_ref: 'I1', reported_at: '2026-06-01 22:10:00', location: '9 Orchard Way', summary: `Benedict Quill shouted at Ada from the road ${script}` }, [ben]),
  heldRow(ada, 'custody-episode', 6, { custody_ref: 'K1', disposal: 'Secretinquiry' }),
  heldRow(ben, 'early-help-episode', 7, { episode_ref: 'E2', forename: 'Benedict', surname: 'Quill' }),
  heldRow(sealed, 'early-help-episode', 9, { episode_ref: 'Episode 3', forename: 'Sealed', surname: 'Person' }),
]);
const around: { current: PeopleAround } = { current: { own: { forename: ['Ada'], surname: ['Quill'] }, others: [{ personKey: ben, values: { forename: ['Benedict'], surname: ['Quill'] } }], shared: new Map() } };
const { files } = newAttachmentHome();
const place = { load: 'early-help-episode/000001-0123456789ab', file: 'may.csv', loadedAt: '2026-05-02T09:00:00Z', feed: 'early-help-episode', others: [] };
const beyond: RowsBeyond = {
  states: [{ ...place, personKey: ada, line: 40, rowKey: 'early-help-episode-2', newer: false, values: { episode_ref: 'E1', forename: 'Ada', surname: 'Quill', closure_reason: 'Earlier words' } }],
  aside: [{ ...place, line: 50, rowKey: 'E77', faults: [{ column: 'referrer', reason: 'not one of the codes for referrer' }], cells: [{ heading: 'forename', column: 'forename', value: 'Ada' }, { heading: 'referrer', column: 'referrer', value: 'nobody' }, { heading: 'phone', column: 'phone', value: 'Rowe’s 01632 960555' }] }],
  looked: 70, namesakes: 1, rowsOfOthers: 2,
};
const attachmentId = '00000000-0000-4000-8000-0000000000f1';
const home = '/govern/subject-access';
/** Words that stand in nothing that is released. */
const theirs = /Benedict|Rowe|Orchard/;

let at: PeopleServer;
let lead: PeopleVisitor;
let desk: SubjectAccess;
const locationOf = (response: LightMyRequestResponse) => String(response.headers.location ?? '');
const opening = { person: ada, by: 'person', authority: '', 'on-day': '20', 'on-month': '11', 'on-year': '2026' };
const checking = { act: 'identity', way: 'documents', words: 'Passport', 'on-day': '23', 'on-month': '11', 'on-year': '2026' };
const open = async (over: Record<string, string> = {}, by = lead) => locationOf(await by.send(`${home}/new`, { ...opening, ...over })).replace('?done=opened', '');
const opened = async () => {
  const address = await open();
  await lead.send(address, checking);
  return address;
};
const idsOn = (body: string) => [...new Set([...body.matchAll(/name="choice-([0-9a-f]{20})"/g)].map(([, id]) => id!))];
/** Removes what tells of others, and keeps what was read. */
const decideAll = async (address: string) => {
  const { body } = await lead.get(`${address}/others`);
  const form = body.split('<fieldset').slice(1).flatMap((item) => {
    const [id] = idsOn(item);
    return id === undefined ? [] : [[`choice-${id}`, item.includes('A text to read') ? 'keep' : 'remove'], [`reason-${id}`, 'As the law has it']];
  });
  expect((await lead.send(`${address}/others`, { act: 'decide', ...(Object.fromEntries(form) as Record<string, string>) })).statusCode).toBe(303);
};
const released = async () => {
  const address = await opened();
  await decideAll(address);
  expect(locationOf(await lead.send(address, { act: 'release' }))).toBe(`${address}?done=release`);
  return address;
};

beforeAll(async () => {
  at = await openPeopleServer(quickStores(), people, (_people, { db, clock, register, packs }) => {
    desk = openSubjectAccess(db, clock, { source: people, feeds: readRecordFeeds(undefined), around: async () => around.current, idsOf: async ({ ever }) => [...ever], register, files, beyond: { find: async (key) => (key === ada ? beyond : { states: [], aside: [], looked: 0, namesakes: 0, rowsOfOthers: 0 }), peopleOf: async () => new Map() } });
    return [(app, deps) => subjectAccessRoutes(app, {
      ...deps, register, packs, clock, partnership: 'Fenmarch', contact: { name: 'the data team', email: 'data@example.org' }, exemptions: readAccessExemptions(undefined),
      keyOf: async (id) => (id === 'early-help:C77' ? ada : (await people.find(id))?.personKey),
      subjectAccess: desk,
    })];
  });
  const { db } = at.store.casework;
  await at.plantCases([{ personKey: ada, lead: { userId: 'worker', agency: 'early-help' } }]);
  await at.store.asOwner(`insert into case_entry (case_id, section, holder, author, text, created_at) select case_id, 'worries', 'early-help', 'worker', 'Mrs Rowe next door heard Benedict at night', opened_at from case_file where person_key = '${ada}'`);
  await at.store.asOwner(`insert into case_attachment (attachment_id, entry_id, file_name, media_type, bytes, sha256, added_by, added_at)
    select '${attachmentId}', entry_id, 'Letter of Benedict.pdf', 'application/pdf', ${smallPdf.length}, '${createHash('sha256').update(smallPdf).digest('hex')}', 'worker', created_at from case_entry`);
  await files.write(attachmentId, smallPdf);
  await openShareRecords(db, at.clock, { source: people }).add({ who: { userId: 'worker', role: 'lead-practitioner', agency: 'early-help' }, purpose: 'early-help' }, { decision: 'share', personKey: ada, items: [], what: 'That Benedict has moved out', to: { agency: 'education' }, purpose: 'early-help', ground: ['article-6-1-e'], reasons: 'A meeting at school', consent: 'given', consentWhy: null, decidedOn: '2026-11-20' });
  await sealSubject(db, at.clock, { reader: { userId: 'ig', role: 'governance-lead', agency: 'council' }, personKey: sealed, ground: 'domestic-abuse', whomToRing: 'the safeguarding desk on 01632 960001.', keepers: ['keeper'] });
  await (await at.as('lead-practitioner', 'Early help', { userId: 'worker', purpose: 'early-help' })).get(`/people/${ada}`);
  lead = await at.as('governance-lead', 'Council', { userId: 'lead-1' });
}, 120_000);
afterAll(() => at?.close());

describe('who may answer', () => {
  test('is an information governance lead; to everyone else there is no such page', async () => {
    const address = await opened();
    for (const role of roles.filter((each) => each !== 'governance-lead')) {
      const visitor = await at.as(role, 'Council', { userId: `other-${role}` });
      for (const url of [home, `${home}/new`, address, `${address}/others`, `${address}/answer`, `${address}/answer.html`, `${address}/answer.csv`, `${address}/leave-out?part=x`]) expect([role, url, (await visitor.get(url)).statusCode]).toEqual([role, url, 404]);
      expect((await visitor.send(address, { act: 'release' })).statusCode).toBe(404);
    }
  });

  test('finds nothing by an id that is forged', async () => {
    for (const id of ['00000000-0000-4000-8000-000000000000', 'x', "'--", ada]) for (const more of ['', '/others', '/answer', '/answer.html', '/leave-out?part=x']) expect((await lead.get(`${home}/${encodeURIComponent(id)}${more}`)).statusCode).toBe(404);
    expect((await lead.send(`${home}/00000000-0000-4000-8000-000000000000`, { act: 'release' })).statusCode).toBe(404);
  });

  test('sends nothing without the token of the page', async () => {
    const address = await opened();
    for (const url of [`${home}/new`, address, `${address}/others`, `${address}/leave-out`]) expect((await lead.send(url, { 'form-token': 'forged', act: 'release' })).statusCode).toBe(403);
  });
});

describe('opening a request', () => {
  test('is for a person’s key or the id of an agency’s record, which stands in no address', async () => {
    for (const person of [ada, 'early-help:C77']) {
      const address = await open({ person });
      expect(address).toMatch(/^\/govern\/subject-access\/[0-9a-f-]{36}$/);
      expect((await lead.get(address)).body).toContain(ada);
    }
    expect((await listAuditEvents(at.store.casework.db, { subjectId: ada, limit: 50 })).map(({ action }) => action)).toContain('subject-access.open');
  });

  test.each<[Record<string, string>, string]>([
    [{ person: '' }, 'Enter the key of a person'], [{ person: 'P0000000000000000' }, 'Nobody in the snapshot of today'], [{ by: '' }, 'Choose who asked'], [{ by: 'representative' }, 'Enter how it was checked that they may ask'],
    [{ authority: 'A letter' }, 'Leave this empty where the person asks'], [{ 'on-day': '30' }, 'must be today or in the past'], [{ 'on-day': '31' }, 'must be a real date'],
  ])('refuses %o and keeps what was typed', async (over, says) => {
    const response = await lead.send(`${home}/new`, { ...opening, ...over });
    expect([response.statusCode, response.body.includes(says)]).toEqual([400, true]);
    expect(response.body).toContain('value="2026"');
  });

  test('about a sealed person says whom to ring, and keeps nothing; a keeper may', async () => {
    const response = await lead.send(`${home}/new`, { ...opening, person: sealed });
    expect([response.statusCode, response.body.includes('This record is sealed. Ring the safeguarding desk on 01632 960001:')]).toEqual([403, true]);
    const keeper = await at.as('governance-lead', 'Council', { userId: 'keeper' });
    const address = await open({ person: sealed }, keeper);
    await keeper.send(address, checking);
    expect((await keeper.get(`${address}/answer`)).statusCode).toBe(200);
    expect((await lead.get(address)).body).toContain('Ring the safeguarding desk on 01632 960001');
    for (const more of ['/others', '/answer']) {
      const refused = await lead.get(address + more);
      expect([refused.statusCode, refused.body.includes('Ring the safeguarding desk on 01632 960001')]).toEqual([403, true]);
      expect(refused.body).not.toMatch(/Sealed Person|Episode 3/);
    }
    expect((await lead.get(`${address}/answer.html`)).statusCode).toBe(404);
  });
});

describe('a request', () => {
  test('waits until who asks is checked; from then on it says by when it must be answered', async () => {
    const address = await open();
    expect((await lead.get(address)).body).toContain('The time to answer runs from the day on which it is');
    expect(locationOf(await lead.get(`${address}/others`))).toBe(address);
    expect((await lead.send(address, { ...checking, way: '' })).body).toContain('Choose how it was checked');
    expect((await lead.send(address, { act: 'release' })).statusCode).toBe(409);
    expect(locationOf(await lead.send(address, checking))).toBe(`${address}?done=identity`);
    const { body } = await lead.get(address);
    for (const said of ['23 December 2026', 'Documents were seen', 'Passport', '29 days left']) expect(body).toContain(said);
    expect((await lead.get(home)).body).toContain('23 December 2026');
  });

  test('is extended once, with a reason, and closed with one', async () => {
    const address = await opened();
    expect((await lead.send(address, { act: 'extension', why: '' })).body).toContain('Enter why it takes longer');
    expect(locationOf(await lead.send(address, { act: 'extension', why: 'Eleven agencies <b>hold</b> much' }))).toBe(`${address}?done=extension`);
    const { body } = await lead.get(address);
    for (const said of ['23 February 2027', 'Eleven agencies &lt;b&gt;hold&lt;/b&gt; much']) expect(body).toContain(said);
    expect((await lead.send(address, { act: 'extension', why: 'Again' })).statusCode).toBe(409);
    expect(locationOf(await lead.send(address, { act: 'closing', end: 'withdrawn', reason: 'They rang' }))).toBe(`${address}?done=closing`);
    expect((await lead.send(address, { act: 'release' })).statusCode).toBe(409);
    expect(locationOf(await lead.get(`${address}/others`))).toBe(address);
  });

  test('is not extended after the first month: the page does not offer it, and says why where it is sent all the same', async () => {
    const address = await open({ 'on-day': '5', 'on-month': '10' });
    await lead.send(address, { ...checking, 'on-day': '6', 'on-month': '10' });
    expect((await lead.get(address)).body).not.toContain('Why does it take longer?');
    const late = await lead.send(address, { act: 'extension', why: 'Eleven agencies hold much' });
    expect([late.statusCode, late.body.includes('It is too late to extend the time: the person had to be told within the first month')]).toEqual([409, true]);
    expect((await lead.get(address)).body).not.toContain('Eleven agencies hold much');
  });

  test('takes only what its page asks for', async () => {
    const address = await opened();
    for (const form of [{ act: 'release', released_by: 'x' }, { ...checking, done_by: 'x' }] as Record<string, string>[]) expect((await lead.send(address, form)).statusCode).toBe(400);
  });
});

describe('what tells of others', () => {
  test('is shown where it stands, by what agencies know, and waits', async () => {
    const address = await opened();
    const { body } = await lead.get(`${address}/others`);
    for (const said of ['A name: “Benedict Quill”', 'A title and a name: “Mrs Rowe”', '<mark class="hw-rights__mark">9 Orchard Way</mark>', 'A text to read', 'wait for your decision']) expect(body).toContain(said);
    expect(body).not.toContain(script);
    expect((await lead.get(address)).body).toMatch(/\d+ to decide/);
    const refused = await lead.send(address, { act: 'release' });
    expect([refused.statusCode, refused.body.includes('Something still waits for a decision')]).toEqual([409, true]);
  });

  test('is kept only with a reason of its own, and decided only where something was chosen', async () => {
    const address = await opened();
    const [id] = idsOn((await lead.get(`${address}/others`)).body);
    const usual = 'It tells of somebody else, who has not agreed';
    for (const [form, says] of [[{ [`choice-${id}`]: 'keep', [`reason-${id}`]: usual }, 'is kept'], [{ [`choice-${id}`]: 'remove', [`reason-${id}`]: '' }, 'Enter why'], [{ [`choice-${id}`]: 'sell', [`reason-${id}`]: 'x' }, 'Choose only from the list'], [{ [`reason-${id}`]: usual }, 'Choose for at least one']] as [Record<string, string>, string][]) {
      const response = await lead.send(`${address}/others`, { act: 'decide', ...form });
      expect([form, response.statusCode, response.body.includes(says)]).toEqual([form, 400, true]);
    }
    expect((await lead.send(`${address}/others`, { act: 'decide', 'choice-00000000000000000000': 'keep' })).statusCode).toBe(400);
    await lead.send(`${address}/others`, { act: 'decide', [`choice-${id}`]: 'keep', [`reason-${id}`]: 'They live together' });
    expect((await lead.get(`${address}/others`)).body).toContain('Kept by lead-1: They live together');
  });

  test('is looked for by words that a reader adds, too', async () => {
    const address = await opened();
    await decideAll(address);
    expect((await lead.send(`${address}/others`, { act: 'word', word: '!' })).body).toContain('at least 2 letters');
    expect(locationOf(await lead.send(`${address}/others`, { act: 'word', word: 'next door' }))).toBe(`${address}/others?done=words`);
    const { body } = await lead.get(`${address}/others`);
    for (const said of ['A word that you added: “next door”', '1 of ', 'Looked for already: next door']) expect(body).toContain(said);
  });

  test('keeps what was typed on the page where somebody closed the request meanwhile', async () => {
    const { choose, addWord } = desk;
    const [one, two] = [await opened(), await opened()];
    const closeOf = (address: string) => lead.send(address, { act: 'closing', end: 'withdrawn', reason: 'They rang' });
    const [id] = idsOn((await lead.get(`${one}/others`)).body);
    vi.spyOn(desk, 'choose').mockImplementationOnce(async (...given) => (await closeOf(one), choose(...given)));
    const decided = await lead.send(`${one}/others`, { act: 'decide', [`choice-${id}`]: 'keep', [`reason-${id}`]: 'They live together' });
    expect([decided.statusCode, idsOn(decided.body)]).toEqual([409, [id]]);
    for (const kept of [`name="choice-${id}" value="keep" checked`, 'value="They live together"', 'It could not be kept: the request is closed or sealed']) expect(decided.body).toContain(kept);
    vi.spyOn(desk, 'addWord').mockImplementationOnce(async (...given) => (await closeOf(two), addWord(...given)));
    const looked = await lead.send(`${two}/others`, { act: 'word', word: 'next door' });
    expect([looked.statusCode, looked.body.includes('value="next door"')]).toEqual([409, true]);
    vi.restoreAllMocks();
  });
});

describe('the answer', () => {
  test('holds what each agency holds, cases, decisions, agreements and who saw it by role, and nothing of others, in no form', async () => {
    const address = await released();
    const [page, document, rows] = [await lead.get(`${address}/answer`), await lead.get(`${address}/answer.html`), await lead.get(`${address}/answer.csv`)];
    for (const { statusCode, body } of [page, document, rows]) {
      expect(statusCode).toBe(200);
      expect(body).not.toMatch(theirs);
      if (body !== rows.body) expect(body).not.toContain(script);
      for (const said of [ada, 'Quill', '17 April 2012', removedMark, 'A meeting at school', 'Help a family early'].filter((each) => each !== ada || body !== rows.body)) expect(body).toContain(said);
      expect(body).toMatch(/a member of staff looked at your record/);
    }
    for (const { body } of [document, rows]) expect(body).not.toMatch(/worker|lead-1/);
    expect(rows.body).toContain(`"'=HYPERLINK(""x"")"`);
    expect(document.headers['content-disposition']).toBe('attachment; filename="answer.html"');
    expect(at.audited.at(-1)).toMatchObject({ action: 'subject-access.export', outcome: 'done', subjectIds: [ada] });
    const { body } = await lead.get(address);
    expect(body).toContain('Headwater keeps a fingerprint (SHA-256) of what was released, not the files. You can download them as long as they come out exactly the same.');
    expect(body).toContain((await import('node:crypto')).createHash('sha256').update(document.body).digest('hex'));
  });

  test('says as a draft how many decisions are still to be made, and ends with the person’s rights and whom to tell, as the document does', async () => {
    const address = await opened();
    const { body } = await lead.get(`${address}/answer`);
    const waiting = Number(/(\d+) to decide/.exec((await lead.get(address)).body)![1]);
    expect(waiting).toBeGreaterThan(1);
    expect(body).toContain(`${waiting} decisions are still to be made: what waits is shown as removed.`);
    // All but the one that is decided last.
    const items = (await lead.get(`${address}/others`)).body.split('<fieldset').slice(2).flatMap((item) => {
      const [id] = idsOn(item);
      return id === undefined ? [] : [[`choice-${id}`, item.includes('A text to read') ? 'keep' : 'remove'], [`reason-${id}`, 'As the law has it']];
    });
    await lead.send(`${address}/others`, { act: 'decide', ...(Object.fromEntries(items) as Record<string, string>) });
    expect((await lead.get(`${address}/answer`)).body).toContain('1 decision is still to be made: what waits is shown as removed.');
    await decideAll(address);
    expect((await lead.get(`${address}/answer`)).body).toContain('Nothing is handed over before it is released.');
    await lead.send(address, { act: 'release' });
    for (const text of [body, (await lead.get(`${address}/answer.html`)).body]) for (const said of ['id="rights">Your rights</h2>', 'If something is wrong, or you do not understand it, tell the data team (data@example.org).', ...rightsNotes]) expect(text).toContain(said);
  });

  test('leaves out what the law exempts, and tells nothing of it', async () => {
    const address = await opened();
    const find = async () => /href="([^"]*leave-out\?part=feed%3Acustody-episode)"/.exec((await lead.get(`${address}/answer`)).body)![1]!;
    const href = await find();
    expect((await lead.get(href)).body).toContain('It would be likely to prejudice the prevention or detection of crime');
    expect((await lead.send(`${address}/leave-out`, { part: 'feed:custody-episode', ground: '', words: '' })).body).toContain('Choose the ground');
    expect((await lead.send(`${address}/leave-out`, { part: 'feed:nothing', ground: 'crime', words: 'x' })).statusCode).toBe(404);
    expect(locationOf(await lead.send(`${address}/leave-out`, { part: 'feed:custody-episode', ground: 'crime', words: `An inquiry ${script}` }))).toBe(`${address}/answer?done=withhold`);
    const { body } = await lead.get(`${address}/answer`);
    expect(body).toContain('An inquiry &lt;script&gt;');
    await decideAll(address);
    await lead.send(address, { act: 'release' });
    const document = await lead.get(`${address}/answer.html`);
    expect(document.statusCode).toBe(200);
    expect(document.body).not.toMatch(/Secretinquiry|Custody|An inquiry|custody/);
    expect((await lead.get(`${address}/answer.csv`)).body).not.toMatch(/Secretinquiry|Custody|An inquiry/);
    await lead.send(`${address}/leave-out`, { part: 'feed:custody-episode', words: 'It is over' });
    expect((await lead.get(`${address}/answer`)).body).toContain('Secretinquiry');
  });

  test('comes again only where it is still the same', async () => {
    const address = await released();
    const first = (await lead.get(`${address}/answer.html`)).body;
    at.clock.move(5);
    expect((await lead.get(`${address}/answer.html`)).body).toBe(first);
    await at.endAgreements('No longer needed');
    at.clock.move(5);
    expect((await lead.get(`${address}/answer.html`)).body).toBe(first);
    around.current = { ...around.current, others: [...around.current.others, { personKey: 'P1', values: { forename: ['Ivor'] } }, { personKey: 'P2', values: { surname: ['School'] } }] };
    const changed = await lead.get(`${address}/answer.html`);
    around.current = { ...around.current, others: around.current.others.slice(0, 1) };
    expect([changed.statusCode, changed.body.includes('cannot be made again as it was')]).toEqual([409, true]);
    expect(at.audited.at(-1)).toMatchObject({ action: 'subject-access.export', outcome: 'refused' });
  });

  test('is kept from whoever asks where the audit cannot be kept', async () => {
    const address = await released();
    at.audit.broken = true;
    try {
      for (const more of ['/answer', '/others', '/answer.html']) expect((await lead.get(address + more)).body).not.toMatch(/Quill/);
    } finally {
      at.audit.broken = false;
    }
  });
});

describe('what was released', () => {
  const leaveOut = { part: 'feed:custody-episode', ground: 'crime', words: 'An inquiry' };
  test.each<[string, string, Record<string, string>]>([['left out', '/leave-out', leaveOut], ['looked for', '/others', { act: 'word', word: 'next door' }]])('is handed over no more once something else is %s, until it is released again', async (what, more, form) => {
    const address = await released();
    expect((await lead.get(`${address}/answer.html`)).statusCode).toBe(200);
    at.clock.move(1);
    expect((await lead.send(address + more, form)).statusCode).toBe(303);
    const { body } = await lead.get(address);
    expect(body).toContain('Release it again first');
    expect(body).not.toMatch(/answer\.(html|csv)/);
    for (const file of ['answer.html', 'answer.csv']) {
      const refused = await lead.get(`${address}/${file}`);
      expect([refused.statusCode, refused.body.includes('Release the answer again first')]).toEqual([409, true]);
      expect(refused.body).not.toContain('Secretinquiry');
    }
    expect(at.audited.at(-1)).toMatchObject({ action: 'subject-access.export', outcome: 'refused' });
    if (what === 'looked for') await decideAll(address);
    at.clock.move(1);
    expect(locationOf(await lead.send(address, { act: 'release' }))).toBe(`${address}?done=release`);
    expect((await lead.get(`${address}/answer.html`)).statusCode).toBe(200);
  });
});

describe('what is in no record, and files', () => {
  test('are in the answer, with what was looked through and what is not in it, and nothing of others', async () => {
    const address = await released();
    const [page, document, rows] = [await lead.get(`${address}/answer`), await lead.get(`${address}/answer.html`), await lead.get(`${address}/answer.csv`)];
    for (const { body } of [page, document, rows]) {
      for (const said of ['What agencies sent about you before or since', 'Earlier words', 'What agencies sent about you that could not be read', 'not one of the codes for referrer', 'may.csv, line 50', 'What was looked through, and what is not in this answer', '70 rows of all agencies', 'It does not come with this answer']) expect(body).toContain(said);
      expect(body).not.toMatch(/960555|Rowe/);
    }
    // What only whoever answers is to know.
    for (const said of ['1 row that could not be read bears this person’s first and last name', '2 rows with the number of a record of this person say that they are about somebody else']) {
      expect(page.body).toContain(said);
      expect(document.body + rows.body).not.toContain(said);
    }
    expect((await lead.get(`${address}/released/${attachmentId}`)).statusCode).toBe(404);
    expect((await lead.get(address)).body).not.toContain('Download file');
  });

  test('counts nothing of what is left out', async () => {
    const address = await opened();
    await lead.send(`${address}/leave-out`, { part: 'feed:early-help-episode', ground: 'crime', words: 'x' });
    const { body } = await lead.get(`${address}/answer`);
    expect(body).not.toMatch(/Earlier words|may\.csv/);
    expect(body).toMatch(/Rows that could not be read<\/h3>[^]*?<dd[^>]*>None<\/dd>/);
  });

  test('a file is opened for review only, marked, and handed over by number where it was decided that it goes', async () => {
    const address = await opened();
    const { body } = await lead.get(`${address}/others`);
    expect(body).toContain('Nobody can take a part out of a file');
    const href = /href="([^"]*\/files\/[0-9a-f-]{36})"/.exec(body)![1]!;
    const review = await lead.get(href);
    expect([review.statusCode, review.body, review.headers['content-type'], review.headers['content-disposition']]).toEqual([200, smallPdf.toString(), 'application/pdf', `attachment; filename="for-review-only.pdf"; filename*=UTF-8''for-review-only.pdf`]);
    expect(review.headers['content-security-policy']).toContain('sandbox');
    await decideAll(address);
    const decided = (await lead.get(`${address}/others`)).body;
    const item = decided.split('<fieldset').find((each) => each.includes('/files/'))!;
    const [id] = idsOn(item);
    at.clock.move(1);
    expect((await lead.send(`${address}/others`, { act: 'decide', [`choice-${id}`]: 'keep', [`reason-${id}`]: 'Read: it tells of the person alone' })).statusCode).toBe(303);
    at.clock.move(1);
    expect(locationOf(await lead.send(address, { act: 'release' }))).toBe(`${address}?done=release`);
    const document = (await lead.get(`${address}/answer.html`)).body;
    expect(document).toContain(`It comes with this answer as file 1 (PDF, 1 KB; SHA-256 ${createHash('sha256').update(smallPdf).digest('hex')})`);
    expect(document).not.toMatch(theirs);
    const given = /href="([^"]*\/released\/[0-9a-f-]{36})">Download file 1 \(PDF, 1 KB\)/.exec((await lead.get(address)).body)![1]!;
    const handed = await lead.get(given);
    expect([handed.statusCode, handed.body, handed.headers['content-disposition']]).toEqual([200, smallPdf.toString(), `attachment; filename="file-1.pdf"; filename*=UTF-8''file-1.pdf`]);
    // Once anything is decided anew it waits for the next release.
    at.clock.move(1);
    await lead.send(`${address}/others`, { act: 'word', word: 'next door' });
    expect((await lead.get(given)).statusCode).toBe(404);
    expect(at.audited.at(-1)).toMatchObject({ action: 'subject-access.export', outcome: 'refused' });
  });

  test('a file is not given by an id that is forged, for another’s request, or to anybody else', async () => {
    const [address, other] = [await opened(), await open({ person: ben })];
    await lead.send(other, checking);
    for (const url of [`${address}/files/00000000-0000-4000-8000-000000000000`, `${address}/files/x`, `${other}/files/${attachmentId}`, `${address}/released/${attachmentId}`, `${await open()}/files/${attachmentId}`]) expect([url, (await lead.get(url)).statusCode]).toEqual([url, 404]);
    expect(at.audited.at(-1)).toMatchObject({ action: 'subject-access.open-file', outcome: 'refused' });
    const worker = await at.as('lead-practitioner', 'Early help', { userId: 'worker', purpose: 'early-help' });
    for (const way of ['files', 'released']) expect((await worker.get(`${address}/${way}/${attachmentId}`)).statusCode).toBe(404);
  });
});

test('who looked is told without the agreement or the emergency that let them: a search has those of all whom it found', async () => {
  await at.store.asOwner(`insert into audit_event (occurred_at, actor_id, actor_agency, actor_role, action, outcome, basis, subject_kind, subject_ids) values (to_timestamp(${at.clock.now() / 1000}), 'worker', 'early-help', 'lead-practitioner', 'person.search', 'done', 'secret-agreement/1/2 broken-glass', 'person', array['${ada}', '${ben}'])`);
  const { body } = await lead.get(`${await opened()}/answer`);
  expect(body).toMatch(/searched for people, and you were among those found/);
  expect(body).not.toMatch(/secret-agreement|in an emergency that was reviewed|under the agreement/);
});

test('a request that was answered cannot be closed without an answer', async () => {
  const address = await released();
  const refused = await lead.send(address, { act: 'closing', end: 'withdrawn', reason: 'They rang' });
  expect([refused.statusCode, refused.body.includes('It was answered')]).toEqual([409, true]);
  expect(at.audited.at(-1)).toMatchObject({ action: 'subject-access.closing', outcome: 'refused' });
  expect((await lead.get(`${address}/answer.html`)).statusCode).toBe(200);
});

test('a sealed person’s request shows no words of it to who keeps no seal, in any state', async () => {
  const keeper = await at.as('governance-lead', 'Council', { userId: 'keeper' });
  const address = await open({ person: sealed, by: 'representative', authority: 'Secretauthority' }, keeper);
  const steps: Record<string, string>[] = [{}, { ...checking, words: 'Secretseen' }, { act: 'extension', why: 'Secretwhy' }, { act: 'closing', end: 'withdrawn', reason: 'Secretreason' }];
  for (const form of steps) {
    if (form.act) expect((await keeper.send(address, form)).statusCode).toBe(303);
    for (const { body } of [await lead.get(address), await lead.send(address, { act: 'release' }), await lead.get(home)]) expect(body).not.toMatch(/Secret(authority|seen|why|reason)|Somebody for them|by keeper|took the request back/);
    const { body } = await lead.get(address);
    for (const said of [sealed, '20 November 2026', 'Ring the safeguarding desk on 01632 960001']) expect(body).toContain(said);
  }
  expect((await keeper.get(address)).body).toMatch(/Secretauthority[^]*Secretseen[^]*Secretwhy[^]*Secretreason/);
});

test('a refused try at a sealed person leaves whom it was about in the audit', async () => {
  expect((await lead.send(`${home}/new`, { ...opening, person: sealed })).statusCode).toBe(403);
  expect(at.audited.at(-1)).toMatchObject({ actorId: 'lead-1', action: 'subject-access.open', outcome: 'refused', basis: 'sealed', subjectKind: 'person', subjectIds: [sealed] });
});

describe('its pages', () => {
  test('have nothing for axe to find, on a large screen and a small one, and do not scroll sideways', async () => {
    const address = await opened();
    await lead.send(`${address}/leave-out`, { part: 'feed:custody-episode', ground: 'crime', words: 'An inquiry' });
    const done = await released();
    const origin = 'http://localhost:8080';
    const visits = await openVisits(origin);
    const check = async (page: Page, html: string, name: string) => {
      await page.setContent(html, { waitUntil: 'domcontentloaded' });
      expect(await findAccessibilityFaults(page), name).toEqual([]);
    };
    try {
      await visits.withPage({}, async (page) => {
        const wrong = await lead.send(`${home}/new`, { person: '' });
        await check(page, wrong.body, 'new with errors');
        for (const url of [home, `${home}/new`, address, done, `${address}/others`, `${address}/answer`, `${address}/leave-out?part=feed%3Apolice-incident`, `${done}/answer.html`]) await check(page, (await lead.get(url)).body, url);
      });
    } finally {
      await visits.close();
    }
  }, 120_000);
});
