import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { purposeForAll } from '../../../test/support/agreement-for-all.ts';
import { openAgreementServer, type AgreementServer } from '../../../test/support/agreement-server.ts';
import type { Role } from '../../core/index.ts';

let at: AgreementServer;
beforeAll(async () => {
  at = await openAgreementServer();
});
afterAll(() => at.server.app.close());
beforeEach(() => void at.audited.splice(0));

const lead = () => at.as('governance-lead', 'Police');
const signatory = (agency: string) => at.as('signatory', agency);
const mainOf = (html: string) => /<main[\s\S]*<\/main>/.exec(html)![0];
const stateOf = (html: string) => /<strong class="govuk-tag [^"]+">([^<]+)</.exec(html)?.[1];

describe('the list of agreements', () => {
  test('says how to begin where there is none', async () => {
    const empty = await openAgreementServer();
    expect((await (await empty.as('governance-lead', 'Police')).get('/govern/agreements')).body).toContain('Begin with “Write an agreement”');
    const analyst = (await (await empty.as('analyst', 'Violence reduction unit')).get('/govern/agreements')).body;
    expect(analyst).toContain('There is no agreement that your agency, Violence reduction unit, is a party of.');
    expect(analyst).not.toContain('Write an agreement');
    await empty.server.app.close();
  });

  test('names state, parties, who has not signed, last day and review; and filters by state', async () => {
    const id = await at.draft();
    await at.register.sign(id, 1, { userId: 's', role: 'signatory', agency: 'police' });
    const other = await at.draft({ title: 'A second agreement' });
    const visitor = await lead();
    const { body } = await visitor.get('/govern/agreements');
    expect(body).toContain('Incidents without names');
    expect(body).toContain('Police and Violence reduction unit');
    expect(body).toMatch(/Not signed by:<\/strong> Violence reduction unit/);
    expect(body).toContain('Last day 31 October 2027, review 1 May 2027');
    const drafts = (await visitor.get('/govern/agreements?state=draft')).body;
    expect(drafts).toContain('A second agreement');
    expect(drafts).not.toContain(`href="/govern/agreements/${id}"`);
    expect((await visitor.get('/govern/agreements?state=live')).body).toContain('No agreement is in this state.');
    for (const wrong of ['state=gone', 'state=live&state=draft', 'state=__proto__']) expect((await visitor.get(`/govern/agreements?${wrong}`)).statusCode).toBe(400);
    expect(other).toBeTruthy();
  });

  test('offers a signatory what waits for their agency', async () => {
    const id = await at.draft({ title: 'Waits for police' });
    expect((await (await signatory('Police')).get('/govern/agreements')).body).toContain(`href="/govern/agreements/${id}/sign"`);
    expect((await (await at.as('analyst', 'Police')).get('/govern/agreements')).body).not.toContain('/sign"');
  });
});

const people: { role: Role; agency: string; reads: boolean }[] = [
  { role: 'governance-lead', agency: 'Police', reads: true },
  { role: 'governance-lead', agency: 'Council', reads: true },
  { role: 'signatory', agency: 'Police', reads: true },
  { role: 'signatory', agency: 'Council', reads: false },
  { role: 'analyst', agency: 'Violence reduction unit', reads: true },
  { role: 'analyst', agency: 'Hospital trust', reads: false },
  { role: 'referrer', agency: 'Police', reads: true },
  { role: 'panel-member', agency: 'Scrutiny panel', reads: false },
  { role: 'board-member', agency: 'No such agency', reads: false },
  { role: 'governance-lead', agency: 'No such agency', reads: false },
];

/** An agreement in each state, with the version that a signatory would sign. */
const states: { state: string; make(): Promise<string> }[] = [
  { state: 'Draft', make: () => at.draft() },
  { state: 'Being signed', make: async () => {
    const id = await at.draft();
    await at.register.sign(id, 1, { userId: 's', role: 'signatory', agency: 'violence-reduction-unit' });
    return id;
  } },
  { state: 'Agreed, not begun', make: async () => {
    const id = await at.draft({ startsOn: '2026-12-24' });
    await at.signAll(id);
    return id;
  } },
  { state: 'In force', make: async () => {
    const id = await at.draft();
    await at.signAll(id);
    return id;
  } },
  { state: 'Lapsed', make: async () => {
    const id = await at.draft();
    await at.signAll(id);
    await at.register.end(id, { userId: 'lead', role: 'governance-lead', agency: 'police' }, 'It did its work.');
    return id;
  } },
];

describe.each(states)('an agreement that is: $state', ({ state, make }) => {
  let id: string;
  beforeAll(async () => {
    id = await make();
  });
  const pages = ['', '/document', '/data-flows', '/impact-assessment'];

  test.each(people)('is read by $role of $agency: $reads', async ({ role, agency, reads }) => {
    const visitor = await at.as(role, agency);
    for (const page of pages) {
      const response = await visitor.get(`/govern/agreements/${id}${page}`);
      expect(response.statusCode, page).toBe(reads ? 200 : 404);
      if (!reads) {
        expect(response.body).not.toMatch(/Incidents without names|Violence reduction unit<\/(th|dt|dd)>/);
        expect(at.audited.at(-1)).toEqual({ actorId: `${role}-${agency}`, action: 'agreement.open', outcome: 'refused', subjectKind: 'agreement', subjectIds: [id], purpose: purposeForAll });
        const nothing = await visitor.get(`/govern/agreements/a-nothing${page}`);
        // The same answer as for what does not exist.
        expect(nothing.statusCode).toBe(404);
        expect(mainOf(nothing.body)).toBe(mainOf(response.body));
      } else if (page === '') expect(stateOf(response.body)).toBe(state);
    }
    const list = await visitor.get('/govern/agreements');
    expect(list.body.includes(`href="/govern/agreements/${id}"`)).toBe(reads);
  });

  test.each(people)('offers $role of $agency only what they may do', async ({ role, agency, reads }) => {
    if (!reads) return;
    const { body } = await (await at.as(role, agency)).get(`/govern/agreements/${id}`);
    const [ended, unsigned] = [state === 'Lapsed', ['Draft', 'Being signed'].includes(state)];
    expect(body.includes(`href="/govern/agreements/${id}/sign"`)).toBe(role === 'signatory' && unsigned);
    expect(body.includes(`href="/govern/agreements/${id}/withdraw"`)).toBe(role === 'signatory' && !ended);
    expect(body.includes(`href="/govern/agreements/${id}/end"`)).toBe(role === 'governance-lead' && agency === 'Police' && !ended);
    expect(body.includes('Write a new version')).toBe(role === 'governance-lead' && agency === 'Police' && !ended);
  });
});

describe('signing', () => {
  test('asks for a confirmation, counts once, and puts the agreement in force with the last', async () => {
    const id = await at.draft();
    const police = await signatory('Police');
    const page = await police.get(`/govern/agreements/${id}/sign`);
    expect(page.body).toContain('I have read version 1, and I may sign for Police');
    const none = await police.answer(`/govern/agreements/${id}/sign`, { version: '1' });
    expect(none.statusCode).toBe(400);
    expect(none.body).toContain('<title>Error: ');
    expect(none.body).toContain('href="#confirm">Confirm that you have read it and may sign');
    const signed = await police.answer(`/govern/agreements/${id}/sign`, { version: '1', confirm: 'yes' });
    expect(signed.headers.location).toBe(`/govern/agreements/${id}?done=signed`);
    const after = (await police.get(`/govern/agreements/${id}?done=signed`)).body;
    expect(after).toContain('You have signed.');
    expect(after).toContain('signatory-Police');
    expect(after).toContain('1 of 2 parties have signed version 1. Still to sign: Violence reduction unit.');
    expect((await police.send(`/govern/agreements/${id}/sign`, { version: '1', confirm: 'yes' })).body).toContain('Your agency has signed this version already');
    const unit = await signatory('Violence reduction unit');
    expect((await unit.get(`/govern/agreements/${id}/sign`)).body).toContain('You are the last to sign.');
    await unit.answer(`/govern/agreements/${id}/sign`, { version: '1', confirm: 'yes' });
    expect(stateOf((await unit.get(`/govern/agreements/${id}`)).body)).toBe('In force');
  });

  test('of a version that is no longer the newest signs nothing, and says so', async () => {
    const id = await at.draft();
    const police = await signatory('Police');
    await police.get(`/govern/agreements/${id}/sign`);
    await at.register.redraft(id, at.content({ title: 'Incidents, in other words' }), { userId: 'lead', role: 'governance-lead', agency: 'police' });
    const stale = await police.send(`/govern/agreements/${id}/sign`, { version: '1', confirm: 'yes' });
    expect(stale.statusCode).toBe(409);
    expect(stale.body).toContain('A newer version was saved after you opened this page. Nothing was done.');
    expect(stale.body).toContain('I have read version 2');
    expect(stale.body).not.toContain('checked');
    expect((await at.register.find(id))!.events.filter(({ kind }) => kind === 'signed')).toEqual([]);
  });

  test('by two at once counts both', async () => {
    const id = await at.draft();
    const both = await Promise.all(['Police', 'Violence reduction unit'].map(async (agency) => (await signatory(agency)).send(`/govern/agreements/${id}/sign`, { version: '1', confirm: 'yes' })));
    expect(both.map(({ statusCode }) => statusCode)).toEqual([303, 303]);
    expect(stateOf((await (await lead()).get(`/govern/agreements/${id}`)).body)).toBe('In force');
  });

  test('is refused to other roles at the door, and to other agencies as if there were no such agreement', async () => {
    const id = await at.draft();
    for (const role of ['analyst', 'governance-lead', 'referrer'] as const) {
      const refused = await (await at.as(role, 'Police')).send(`/govern/agreements/${id}/sign`, { version: '1', confirm: 'yes' });
      expect(refused.statusCode).toBe(403);
      expect(at.audited.at(-1)).toEqual({ actorId: `${role}-Police`, action: 'page.change', outcome: 'refused', subjectKind: 'page', purpose: 'record-linkage', subjectIds: ['sign-agreements'] });
    }
    expect((await (await signatory('Council')).send(`/govern/agreements/${id}/sign`, { version: '1', confirm: 'yes' })).statusCode).toBe(404);
    expect((await at.register.find(id))!.events).toHaveLength(1);
  });

  test('takes no field that its page does not ask for, and needs the form’s token', async () => {
    const id = await at.draft();
    const police = await signatory('Police');
    for (const more of ['agency', 'by', 'version[]', '__proto__']) expect((await police.send(`/govern/agreements/${id}/sign`, [['version', '1'], ['confirm', 'yes'], [more, 'x']])).statusCode).toBe(400);
    expect((await police.send(`/govern/agreements/${id}/sign`, [['version', '1'], ['version', '2'], ['confirm', 'yes']])).statusCode).toBe(400);
    expect((await police.send(`/govern/agreements/${id}/sign`, { version: '1e0', confirm: 'yes' })).statusCode).toBe(409);
    expect((await police.send(`/govern/agreements/${id}/sign`, { version: '1', confirm: 'yes' }, '/assets/none')).statusCode).toBe(403);
    expect((await at.register.find(id))!.events).toHaveLength(1);
  });
});

describe('withdrawing and ending', () => {
  test('a signatory is told what goes dark, gives a reason, and the agreement lapses with it', async () => {
    const id = await at.draft();
    await at.signAll(id);
    const unit = await signatory('Violence reduction unit');
    const page = (await unit.get(`/govern/agreements/${id}/withdraw`)).body;
    expect(page).toContain('Clause 1, Understand demand and harm: data of Police to Violence reduction unit.');
    expect(page).toContain('What another agreement gives is still seen under that one.');
    const none = await unit.answer(`/govern/agreements/${id}/withdraw`, { reason: '  ' });
    expect(none.statusCode).toBe(400);
    expect(none.body).toContain('Enter a reason');
    const long = await unit.answer(`/govern/agreements/${id}/withdraw`, { reason: 'x'.repeat(1001), confirm: 'yes' });
    expect(long.body).toContain('The reason must be 1,000 characters or fewer');
    expect(long.body).toContain('x'.repeat(1001));
    const done = await unit.answer(`/govern/agreements/${id}/withdraw`, { reason: 'We moved to another system', confirm: 'yes' });
    expect(done.headers.location).toBe(`/govern/agreements/${id}?done=withdrawn`);
    const after = (await unit.get(`/govern/agreements/${id}`)).body;
    expect(stateOf(after)).toBe('Lapsed');
    expect(after).toMatch(/It lapsed when Violence reduction unit withdrew on 24 November 2026 at 9:05am. The reason given: We moved to another system\./);
    expect((await unit.send(`/govern/agreements/${id}/withdraw`, { reason: 'Again', confirm: 'yes' })).statusCode).toBe(409);
    expect((await unit.get(`/govern/agreements/${id}/withdraw`)).body).toContain('This cannot be done now.');
  });

  test('an information governance lead of a party ends it; one of another agency is refused', async () => {
    const id = await at.draft();
    await at.signAll(id);
    const council = await at.as('governance-lead', 'Council');
    expect((await council.get(`/govern/agreements/${id}/end`)).body).toContain('This cannot be done now.');
    expect((await council.send(`/govern/agreements/${id}/end`, { reason: 'No more', confirm: 'yes' })).statusCode).toBe(403);
    expect((await (await signatory('Police')).send(`/govern/agreements/${id}/end`, { reason: 'No more', confirm: 'yes' })).statusCode).toBe(403);
    const done = await (await lead()).answer(`/govern/agreements/${id}/end`, { reason: 'No more', confirm: 'yes' });
    expect(done.headers.location).toBe(`/govern/agreements/${id}?done=ended`);
    expect((await (await lead()).get(`/govern/agreements/${id}`)).body).toContain('It was ended on 24 November 2026 at 9:05am. The reason given: No more.');
  });
});

test('a new version says what it changes, and the one in force holds until all have signed it', async () => {
  const id = await at.draft();
  await at.signAll(id);
  await at.register.redraft(id, at.content({ onwardUse: 'same-purpose', aims: 'Other aims' }), { userId: 'lead', role: 'governance-lead', agency: 'police' });
  const { body } = await (await lead()).get(`/govern/agreements/${id}`);
  expect(stateOf(body)).toBe('In force');
  expect(body).toContain('Version 2 waits to be signed by Police and Violence reduction unit. Version 1 holds until then.');
  expect(body).toContain('What version 2 changes in version 1');
  expect(body).toContain('Rules for all clauses: Passing data on');
  expect(body).toContain('What it is for: Aims');
  expect(body).not.toContain('Rules for all clauses: Security');
  const second = (await (await lead()).get(`/govern/agreements/${id}?version=2`)).body;
  expect(second).toContain('You are reading version 2.');
  expect(second).toContain('Other aims');
  expect((await (await lead()).get(`/govern/agreements/${id}?version=3`)).statusCode).toBe(400);
});

test('a script in any text stands as text on every page', async () => {
  const script = '<script>alert(1)</script><img src=x onerror=alert(2)>';
  const [first] = at.content().clauses;
  const id = await at.draft({
    title: script, aims: script, benefits: script, quality: script, rights: script, security: script, breach: script,
    parties: at.content().parties.map((party) => ({ ...party, contact: script })), clauses: [{ ...first!, necessity: script }],
  });
  await at.signAll(id);
  await at.register.end(id, { userId: '<script>alert(3)</script>', role: 'governance-lead', agency: 'police' }, script);
  for (const page of ['', '/document', '/data-flows', '/impact-assessment', '/end']) {
    const { body, statusCode } = await (await lead()).get(`/govern/agreements/${id}${page}`);
    expect(statusCode, page).toBe(200);
    expect(body, page).not.toMatch(/<script>|<img/);
    expect(body, page).toContain('&lt;script&gt;alert(1)');
  }
  const list = (await (await lead()).get('/govern/agreements')).body;
  expect(list).not.toMatch(/<script>|<img/);
});

test('a document says how its version stands: in force, waiting, signed and not begun, earlier, or never in force', async () => {
  const id = await at.draft();
  await at.signAll(id);
  const by = { userId: 'lead', role: 'governance-lead', agency: 'police' } as const;
  const tags = async () => Promise.all([1, 2, 3].map(async (version) => stateOf((await (await lead()).get(`/govern/agreements/${id}/document?version=${version}`)).body)));
  await at.register.redraft(id, at.content({ aims: 'Other aims' }), by);
  await at.register.redraft(id, at.content({ startsOn: '2026-12-01', aims: 'Third aims' }), by);
  expect(await tags()).toEqual(['In force', 'Earlier version', 'Newest version, waits for signatures']);
  await at.signAll(id);
  expect(await tags()).toEqual(['In force', 'Earlier version', 'Signed by all, not begun']);
  at.clock.move(1);
  await at.register.end(id, by, 'Over');
  expect(await tags()).toEqual(['Lapsed', 'Earlier version', 'Never in force']);
});
