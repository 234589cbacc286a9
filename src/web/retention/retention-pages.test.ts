import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { heldRow, memoryPeople, openPeopleServer, type PeopleServer, type PeopleVisitor } from '../../../test/support/people-server.ts';
import { quickStores } from '../../../test/support/stores.ts';
import { roles } from '../../core/index.ts';
import { sealSubject } from '../../govern/index.ts';
import { listAuditEvents } from '../../store/index.ts';

const [adult, sealed, other] = ['P00000000000000c1', 'P00000000000000c2', 'P00000000000000c3'] as const;
const rows = [adult, sealed, other].map((key) => heldRow(key, 'early-help-episode', 2, { episode_ref: 'E1', date_of_birth: '1980-01-01', forename: 'Ada', surname: 'Quill' }));
const home = '/govern/retention';
const absent = '00000000-0000-4000-8000-000000000000';

let at: PeopleServer;
let lead: PeopleVisitor;
let second: PeopleVisitor;
let made = 0;
const asLead = (userId: string) => at.as('governance-lead', 'Council', { userId });

/** A case that was closed on 10 January 2015, with one entry. */
async function plant(personKey: string = adult, holder = 'early-help'): Promise<string> {
  made += 1;
  const caseId = `${String(made).padStart(8, '0')}-0000-4000-8000-000000000000`;
  await at.store.asOwner(`insert into case_file (case_id, person_key, holder, status, opened_at, closed_at) values ('${caseId}', '${personKey}', '${holder}', 'closed', '2014-01-10 12:00Z', '2015-01-10 12:00Z');
    insert into case_entry (case_id, section, holder, author, text, created_at) values ('${caseId}', 'worries', 'early-help', 'practitioner', 'A secret of <b>somebody</b>', '2014-02-10 12:00Z')`);
  return caseId;
}
const propose = async (caseId: string, by = lead): Promise<string> => ((await by.send(`${home}/cases/${caseId}`, { act: 'propose', 'propose-why': 'Needed no more' })).headers.location ?? '').replace('?done=proposed', '');
const stored = async (action: string) => (await listAuditEvents(at.store.casework.db, { limit: 300 })).filter((event) => event.action === action);

beforeAll(async () => {
  at = await openPeopleServer(quickStores(), memoryPeople(rows));
}, 120_000);
afterAll(() => at?.close());
beforeEach(async () => {
  at.audited.splice(0);
  [lead, second] = [await asLead('lead-1'), await asLead('lead-2')];
});

test('where nothing is due, held or destroyed, the pages say so', async () => {
  expect((await lead.get(home)).body).toContain('No case is due.');
  for (const said of ['There is no legal hold.', 'While a hold stands, no case, file or record under it can be destroyed, even where that was proposed before the hold.']) expect((await lead.get(`${home}/holds`)).body).toContain(said);
  expect((await lead.get(`${home}/certificates`)).body).toContain('Nothing has been destroyed.');
});

describe('what is due', () => {
  test('is listed with its schedule, since when and why, without what was written; the list is in the audit by ids', async () => {
    const caseId = await plant();
    const { body } = await lead.get(home);
    for (const said of [`href="${home}/cases/${caseId}"`, adult, 'Early help', 'Since 11 January 2021', 'To be decided']) expect(body).toContain(said);
    expect(at.audited).toContainEqual(expect.objectContaining({ action: 'retention.list', outcome: 'done', subjectIds: expect.arrayContaining([caseId, adult]) as string[] }));
    const page = (await lead.get(`${home}/cases/${caseId}`)).body;
    for (const said of ['Kept for 6 years after the case was closed, or until the person would be 25, whichever is later.', '10 January 2015', '11 January 2021', 'Ask your records manager', 'Keep the case', 'Propose to destroy the case']) expect(page).toContain(said);
    expect(body + page).not.toContain('A secret of');
    expect(at.audited).toContainEqual(expect.objectContaining({ action: 'retention.view', subjectIds: [caseId, adult] }));
  });

  test('is shown a hundred at a time, and the audit has those alone that a page shows; of an open case, who closes it', async () => {
    const standing = (await lead.get(home)).body.match(/<th scope="row"/g)?.length ?? 0;
    const planted: string[] = [];
    while (standing + planted.length < 101) planted.push(await plant());
    const { body } = await lead.get(home);
    for (const said of ['The cases 1 to 100 of 101.', `href="${home}?cases=2#due-cases">The next cases</a>`]) expect(body).toContain(said);
    at.audited.splice(0);
    const next = (await lead.get(`${home}?cases=2`)).body;
    for (const said of ['The cases 101 to 101 of 101.', `href="${home}#due-cases">The cases before</a>`]) expect(next).toContain(said);
    expect(at.audited.find(({ action }) => action === 'retention.list')?.subjectIds?.length).toBe(2);
    expect(body.match(/\/retention\/cases\/[0-9a-f-]{36}/g)).not.toContain(/\/retention\/cases\/[0-9a-f-]{36}/.exec(next)![0]);
    await at.store.asOwner(`update case_file set status = 'open' where case_id = any ('{${planted.join(',')}}')`);
    expect((await lead.get(`${home}/cases/${planted[0]}`)).body).toContain('The case is open. Those who work on it close it first.');
  });

  test('tells of cases that no schedule is about', async () => {
    await plant(adult, 'community-group');
    expect((await lead.get(home)).body).toContain('1 case is held by agencies for whose cases no schedule is set');
  });

  test('is kept until a day, with a reason', async () => {
    const caseId = await plant();
    const address = `${home}/cases/${caseId}`;
    const good = { act: 'keep', 'until-day': '28', 'until-month': '2', 'until-year': '2027', 'keep-why': 'A sibling’s case is open' };
    for (const [over, says] of [[{ 'until-day': '', 'until-month': '', 'until-year': '' }, 'Enter the last day on which it is kept, like 27 3 2028'], [{ 'until-day': '' }, 'must be a real date'], [{ 'until-day': '30' }, 'must be a real date'], [{ 'until-year': '2026' }, 'must be after today'], [{ 'until-year': '2037' }, 'at most ten years'], [{ 'keep-why': ' ' }, 'Enter why it is still needed'], [{ 'keep-why': 'x'.repeat(1001) }, 'use 1,000 characters or fewer']] as const) {
      const response = await lead.send(address, { ...good, ...over });
      expect([over, response.statusCode, response.body.includes(says)]).toEqual([over, 400, true]);
    }
    expect((await lead.send(address, { ...good, reviewed_by: 'x' })).statusCode).toBe(400);
    expect((await lead.send(address, good)).headers.location).toBe(`${home}?done=kept`);
    expect((await lead.get(home)).body).not.toContain(caseId);
    expect((await lead.get(address)).body).toContain('Kept by decision until');
    const page = (await lead.get(address)).body;
    for (const said of ['Decided to keep it', 'by lead-1, until 28 February 2027', 'A sibling’s case is open', 'Change how long it is kept']) expect(page).toContain(said);
    at.clock.move(1);
    expect((await second.send(address, { ...good, 'until-year': '2028', 'keep-why': 'The year was mistyped' })).headers.location).toBe(`${home}?done=kept`);
    const changed = (await lead.get(address)).body;
    for (const said of ['by lead-2, until 28 February 2028', 'The year was mistyped', 'Decided before', 'by lead-1, until 28 February 2027']) expect(changed).toContain(said);
    const early = await plant();
    await at.store.asOwner(`update case_file set closed_at = '2026-01-10 12:00Z' where case_id = '${early}'`);
    const again = await lead.send(`${home}/cases/${early}`, good);
    expect([again.statusCode, again.body.includes('is not over')]).toEqual([409, true]);
    expect(at.audited).toContainEqual(expect.objectContaining({ action: 'retention.keep', outcome: 'refused', basis: 'not-due' }));
  });
});

describe('a destruction', () => {
  test('is proposed by one, seen row by row and confirmed by another, and leaves a certificate and the audit', async () => {
    const caseId = await plant();
    const empty = await lead.send(`${home}/cases/${caseId}`, { act: 'propose', 'propose-why': '' });
    expect([empty.statusCode, empty.body.includes('Enter why it is needed no more')]).toEqual([400, true]);
    const address = await propose(caseId);
    expect(address).toMatch(/^\/govern\/retention\/proposals\/[0-9a-f-]{36}$/);
    const own = (await lead.get(address)).body;
    expect(own).toContain('You proposed this.');
    expect(own).not.toContain('Destroy the case');
    const forced = await lead.send(address, { act: 'confirm', confirm: 'yes' });
    expect([forced.statusCode, forced.body.includes('Another information governance lead confirms it')]).toEqual([409, true]);
    const { body } = await second.get(address);
    for (const said of ['Nobody has confirmed this schedule for your partnership yet', 'What will go: 2 rows', 'The case itself', 'An entry', '10 February 2014', '27 bytes', caseId, 'Fingerprint of these rows (SHA-256)', 'Destroy the case', 'Refuse the proposal']) expect(body).toContain(said);
    expect(body).not.toContain('A secret of');
    expect((await second.get(home)).body).toContain('Proposed by lead-1');
    const unticked = await second.send(address, { act: 'confirm' });
    expect([unticked.statusCode, unticked.body.includes('Confirm that you have looked')]).toEqual([400, true]);
    const to = (await second.send(address, { act: 'confirm', confirm: 'yes' })).headers.location ?? '';
    expect(to).toMatch(/^\/govern\/retention\/certificates\/\d+\?done=destroyed$/);
    const certificate = (await second.get(to)).body;
    for (const said of ['Certificate of destruction', 'The case is destroyed.', caseId, 'by lead-1', 'by lead-2', 'Needed no more', 'Kept for 6 years', '10 January 2014 and 10 February 2014', 'Entries', 'Backups made before this day hold the case', 'Fingerprint of what was destroyed (SHA-256)']) expect(certificate).toContain(said);
    expect(certificate).toMatch(/[0-9a-f]{64}/);
    expect(certificate).not.toMatch(/A secret of|P00000000000000c1|practitioner/);
    expect((await lead.get(`${home}/certificates`)).body).toContain(to.replace('?done=destroyed', ''));
    expect((await lead.get(`${home}/cases/${caseId}`)).statusCode).toBe(404);
    expect((await lead.get(address)).body).toContain('The case is destroyed.');
    expect((await stored('retention.destroy'))[0]).toMatchObject({ actorId: 'lead-2', actorAgency: 'council', outcome: 'done', subjectIds: [address.split('/').at(-1), caseId, adult] });
    expect(await listAuditEvents(at.store.casework.db, { subjectId: caseId, limit: 50 })).toEqual(expect.arrayContaining([expect.objectContaining({ action: 'retention.propose' }), expect.objectContaining({ action: 'retention.view' })]));
  });

  test('is refused by another or taken back by whoever proposed it, with a reason', async () => {
    for (const by of [second, lead]) {
      const caseId = await plant();
      const address = await propose(caseId);
      expect((await by.send(address, { act: 'refuse', 'refuse-why': '' })).body).toContain('Enter why it is not to be destroyed');
      expect((await by.send(address, { act: 'refuse', 'refuse-why': 'Ask the school first' })).headers.location).toBe(`${home}?done=refused`);
      const { body } = await second.get(address);
      expect(body).toContain('Ask the school first');
      expect(body).toContain('The rows of the case now</caption>');
      expect(body).not.toMatch(/Destroy the case|What will go|Nobody has confirmed/);
      expect((await second.send(address, { act: 'confirm', confirm: 'yes' })).statusCode).toBe(409);
      expect((await lead.get(`${home}/cases/${caseId}`)).body).toContain('Propose to destroy the case');
    }
  });

  test('does not happen while a legal hold is on the case, and happens when it is lifted', async () => {
    const caseId = await plant();
    const address = await propose(caseId);
    expect((await lead.get(`${home}/holds/new?kind=case&target=${caseId}`)).body).toContain(`value="${caseId}"`);
    expect((await lead.send(`${home}/holds/new`, { kind: 'case', target: caseId, authority: 'County court, claim 12', reason: 'A claim was made' })).headers.location).toBe(`${home}/holds?done=held`);
    expect((await second.get(address)).body).not.toContain('Destroy the case');
    const held = await second.send(address, { act: 'confirm', confirm: 'yes' });
    expect([held.statusCode, held.body.includes('A legal hold is on this case')]).toEqual([409, true]);
    expect(at.audited).toContainEqual(expect.objectContaining({ action: 'retention.destroy', outcome: 'refused', basis: 'held' }));
    expect((await lead.get(home)).body).toContain('Legal hold');
    const hold = /href="(\/govern\/retention\/holds\/[0-9a-f-]{36})"/.exec((await lead.get(`${home}/holds`)).body)![1]!;
    expect((await lead.send(hold, { reason: '', authority: '' })).body).toContain('Enter by whose authority it is lifted');
    expect((await lead.send(hold, { reason: 'The claim is settled', authority: 'County court' })).headers.location).toBe(`${home}/holds?done=lifted`);
    expect((await lead.get(hold)).body).not.toContain('Lift the hold');
    expect((await lead.send(hold, { reason: 'x', authority: 'x' })).statusCode).toBe(409);
    expect((await second.send(address, { act: 'confirm', confirm: 'yes' })).headers.location).toMatch(/done=destroyed/);
  });
});

describe('a legal hold', () => {
  test.each<[Record<string, string>, string]>([
    [{ kind: 'person', target: 'P0000000000000000' }, 'Enter the key of a person'], [{ kind: 'person', target: '' }, 'Enter the person’s key'], [{ kind: 'case', target: absent }, 'Enter the id of a case'], [{ kind: 'case', target: "' or 1=1" }, 'Enter the id of a case'],
    [{ kind: 'agency', target: 'nobody' }, 'Choose only from the list'], [{ kind: 'feed', target: '' }, 'Choose the feed'], [{ kind: 'agency', target: 'early-help', reason: '' }, 'Enter why it must not be destroyed'], [{ kind: 'agency', target: 'early-help', authority: '' }, 'Enter by whose authority'],
  ])('is not placed with %o', async (over, says) => {
    const response = await lead.send(`${home}/holds/new`, { reason: 'A claim', authority: 'Court', ...over });
    expect([response.statusCode, response.body.includes(says)]).toEqual([400, true]);
    expect((await stored('retention.hold')).filter(({ outcome }) => outcome === 'done')).toHaveLength(1);
  });

  test('that is refused leaves in the audit what was tried and why, and nothing that can be no id', async () => {
    for (const [kind, target, ids] of [['case', absent, [absent]], ['person', 'P0000000000000000', ['P0000000000000000']], ['person', 'Ada Quill', []], ['case', 'Ada Quill', []]] as const) {
      at.audited.splice(0);
      expect((await lead.send(`${home}/holds/new`, { kind, target, authority: 'Court', reason: 'A claim' })).statusCode).toBe(400);
      expect(at.audited.filter(({ action }) => action === 'retention.hold')).toEqual([expect.objectContaining({ outcome: 'refused', subjectKind: 'legal-hold', subjectIds: ids, basis: 'not-there' })]);
    }
  });

  test('is placed on somebody of a case who is in no snapshot any more; of anybody else, the page says what to do', async () => {
    const gone = 'P00000000000000c9';
    expect((await lead.send(`${home}/holds/new`, { kind: 'person', target: gone, authority: 'Court', reason: 'A claim' })).body).toContain('or place the hold on the case');
    const caseId = await plant(gone);
    expect((await lead.send(`${home}/holds/new`, { kind: 'person', target: gone, authority: 'Court', reason: 'A claim' })).headers.location).toBe(`${home}/holds?done=held`);
    expect((await lead.get(`${home}/cases/${caseId}`)).body).toContain('A legal hold is on this case');
  });

  test('is placed on a person, an agency’s cases and files, or a feed', async () => {
    expect((await lead.get(`${home}/holds/new`)).body).toContain('What is the legal hold on?');
    for (const [kind, target] of [['person', other], ['agency', 'hospital'], ['feed', 'school']] as const) expect((await lead.send(`${home}/holds/new`, { kind, target, authority: 'Inquiry', reason: 'Asked for' })).headers.location).toBe(`${home}/holds?done=held`);
    const { body } = await lead.get(`${home}/holds`);
    for (const said of [`A person: ${other}`, 'All cases that an agency holds or wrote in, all its files, its decisions to share and corrections of its facts: Hospital trust', 'A feed: ']) expect(body).toContain(said);
    expect((await lead.send(`${home}/holds/new`, { kind: 'world', target: 'x', authority: 'x', reason: 'x' })).statusCode).toBe(404);
    expect((await lead.send(`${home}/holds/new`, { kind: 'agency', target: 'police', authority: 'x', reason: 'x', placed_by: 'y' })).statusCode).toBe(400);
  });
});

describe('the pages', () => {
  test('are not there for anybody but governance leads, in reading and in sending', async () => {
    const caseId = await plant();
    const proposal = await propose(caseId);
    for (const role of roles.filter((each) => each !== 'governance-lead')) {
      const visitor = await at.as(role, 'Council', { userId: `x-${role}` });
      for (const url of [home, `${home}/cases/${caseId}`, proposal, `${home}/holds`, `${home}/holds/new`, `${home}/certificates`, `${home}/certificates/1`]) {
        const { statusCode, body } = await visitor.get(url);
        expect([role, url, statusCode]).toEqual([role, url, 404]);
        expect(body).not.toMatch(/P00000000000000c1|destroy/i);
      }
      for (const [url, form] of [[`${home}/cases/${caseId}`, { act: 'propose', 'propose-why': 'x' }], [proposal, { act: 'confirm', confirm: 'yes' }], [`${home}/holds/new`, { kind: 'agency', target: 'police', authority: 'x', reason: 'x' }]] as [string, Record<string, string>][]) expect((await visitor.send(url, form)).statusCode).toBe(404);
    }
    expect((await second.get(proposal)).body).toContain('Destroy the case');
  });

  test('answer forged and stale ids like those that never were', async () => {
    const noPage = [400, 404];
    for (const id of [absent, 'x', '..%2f..', '%00', "'%20or%201=1", '1'.repeat(300), '__proto__']) {
      for (const part of ['cases', 'proposals', 'holds', 'certificates']) {
        expect(noPage, `${part}/${id}`).toContain((await lead.get(`${home}/${part}/${id}`)).statusCode);
        if (part !== 'certificates') expect(noPage, `sent to ${part}/${id}`).toContain((await lead.send(`${home}/${part}/${id}`, { act: 'confirm', confirm: 'yes' })).statusCode);
      }
    }
    expect(at.audited).toContainEqual(expect.objectContaining({ action: 'retention.view', outcome: 'refused', subjectIds: [absent] }));
    for (const query of ['?done=constructor', '?done[]=x', '?before=x']) expect((await lead.get(home + query)).statusCode).toBe(200);
    for (const query of ['?before=0', "?before=' or 1=1", '?before[]=1', '?before=99999999999999999999']) expect((await lead.get(`${home}/certificates${query}`)).statusCode).toBe(200);
  });

  test('do nothing for a form without the token of this person', async () => {
    const caseId = await plant();
    const proposal = await propose(caseId);
    for (const [url, form] of [[`${home}/cases/${caseId}`, { act: 'keep', 'until-day': '1', 'until-month': '1', 'until-year': '2028', 'keep-why': 'x' }], [proposal, { act: 'confirm', confirm: 'yes' }], [`${home}/holds/new`, { kind: 'agency', target: 'police', authority: 'x', reason: 'x' }]] as [string, Record<string, string>][]) {
      expect((await second.send(url, { ...form, 'form-token': 'forged' })).statusCode).toBe(403);
    }
    expect((await second.get(proposal)).body).toContain('Destroy the case');
  });

  test('show the case of a sealed person to the leads who keep the seal alone', async () => {
    const caseId = await plant(sealed);
    const proposal = await propose(caseId);
    await sealSubject(at.store.casework.db, at.clock, { reader: { userId: 'ig', role: 'governance-lead', agency: 'council' }, personKey: sealed, ground: 'domestic-abuse', whomToRing: 'the safeguarding desk', keepers: ['lead-2'] });
    for (const url of [`${home}/cases/${caseId}`, proposal]) expect([(await lead.get(url)).statusCode, (await second.get(url)).statusCode]).toEqual([404, 200]);
    expect((await lead.get(home)).body).not.toContain(sealed);
    expect((await second.get(home)).body).toContain(sealed);
  });

  test('show nothing where the audit cannot keep it', async () => {
    const caseId = await plant();
    at.audit.broken = true;
    try {
      for (const url of [home, `${home}/cases/${caseId}`]) {
        const { statusCode, body } = await lead.get(url);
        expect([statusCode, body.includes(adult)]).toEqual([500, false]);
      }
    } finally {
      at.audit.broken = false;
    }
  });
});
