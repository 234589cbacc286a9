import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openAgreementServer, type AgreementServer, type Visitor } from '../../../test/support/agreement-server.ts';
import { draftSteps } from './draft-steps.ts';

let at: AgreementServer;
let lead: Visitor;
beforeAll(async () => {
  at = await openAgreementServer();
  lead = await at.as('governance-lead', 'Police', 'lead');
});
afterAll(() => at.server.app.close());

const base = '/govern/agreements/drafts/';

/** Begins a draft; its address. */
async function begin(visitor = lead, template = 'from-nothing'): Promise<string> {
  const begun = await visitor.answer('/govern/agreements/new', { template });
  expect(begun.statusCode).toBe(303);
  return String(begun.headers.location);
}
const draftOf = async (address: string, userId = 'lead') => (await at.drafts.find(address.slice(base.length), userId))!;
const revisionIn = (html: string) => /name="revision" value="(\d+)"/.exec(html)?.[1] ?? '';

const texts = { title: 'Incidents', aims: 'See harm', benefits: 'Earlier help', quality: 'Faults are mended', rights: 'Each answers', security: 'Encrypted', breach: 'Told at once' };

async function answerAll(address: string): Promise<void> {
  for (const [step, text] of Object.entries(texts)) expect((await lead.answer(`${address}/${step}`, { [step]: text })).headers.location, step).toBe(address);
  await lead.answer(`${address}/onward-use`, { 'onward-use': 'none' });
  await lead.answer(`${address}/retention`, { retention: 'pseudonymised-picture' });
  await lead.answer(`${address}/dates`, { 'starts-day': '1', 'starts-month': '12', 'starts-year': '2026', 'review-day': '1', 'review-month': '6', 'review-year': '2027', 'ends-day': '30', 'ends-month': '11', 'ends-year': '2027' });
  for (const agency of ['police', 'violence-reduction-unit']) expect((await lead.answer(`${address}/parties/add`, { agency, role: 'joint-controller', contact: 'Data protection officer' })).headers.location).toBe(`${address}/parties`);
}

/** Answers the questions of a new clause in the order in which they come. */
async function addClause(address: string, answers: Record<string, [string, string][]>): Promise<string[]> {
  const added = await lead.answer(`${address}/clauses`);
  let next = String(added.headers.location);
  const asked: string[] = [];
  while (!/\/clauses\/c\d+$/.test(next)) {
    const step = next.split('/').slice(7).join('/');
    asked.push(step);
    const sent = await lead.answer(next, answers[step] ?? []);
    expect(sent.statusCode, step).toBe(303);
    next = String(sent.headers.location);
  }
  return asked;
}

const figures: Record<string, [string, string][]> = {
  purpose: [['purpose', 'understand-demand']], from: [['from', 'police']], form: [['form', 'pseudonymised']], items: [['items', 'police-incident']], to: [['to', 'violence-reduction-unit']],
  'roles/violence-reduction-unit': [['roles', 'analyst']],
  powers: ['article-6-1-e', 'article-9-2-g-statutory', 'article-10-statutory', 'crime-and-disorder-1998-115'].map((code) => ['powers', code]),
  necessity: [['necessity', 'The pattern shows only over all incidents']],
};

describe('writing an agreement', () => {
  test('goes from nothing through every question to a version that can be signed', async () => {
    const address = await begin();
    const empty = (await lead.get(address)).body;
    expect(empty).toContain('You have completed 0 of');
    expect((await lead.get(`${address}/check`)).body).toContain('Add at least two parties');
    await answerAll(address);
    expect(await addClause(address, figures)).toEqual(['purpose', 'from', 'form', 'items', 'to', 'roles/violence-reduction-unit', 'powers', 'necessity']);
    expect((await lead.get(address)).body).toContain('Everything is answered.');
    const check = (await lead.get(`${address}/check`)).body;
    expect(check).toContain('Police incidents: all fields but those that identify');
    expect(check).toContain('Violence reduction unit: Analyst');
    const saved = await lead.send(`${address}/check`, { revision: revisionIn(check) }, `${address}/check`);
    expect(saved.statusCode).toBe(303);
    const [agreement] = await at.register.list();
    expect(saved.headers.location).toBe(`/govern/agreements/${agreement!.agreementId}?done=saved`);
    expect(agreement!.events).toMatchObject([{ kind: 'drafted', version: 1, by: 'lead', content: { title: 'Incidents', clauses: [{ relation: 'none', items: [{ feed: 'police-incident', fields: 'all' }] }] } }]);
    expect(JSON.stringify(agreement)).not.toContain('"key"');
    expect((await lead.get(address)).statusCode).toBe(404);
  });

  test('asks for the fields of each record and for the relation where people are named', async () => {
    const address = await begin();
    await lead.answer(`${address}/parties/add`, { agency: 'early-help', role: 'controller', contact: 'Office' });
    await lead.answer(`${address}/parties/add`, { agency: 'police', role: 'controller', contact: 'Office' });
    const asked = await addClause(address, {
      ...figures, purpose: [['purpose', 'early-help']], from: [['from', 'early-help']], form: [['form', 'identified']], items: [['items', 'early-help-episode'], ['items', 'case/plan']],
      'fields/early-help-episode': [['fields', 'forename'], ['fields', 'needs']], to: [['to', 'early-help']], 'roles/early-help': [['roles', 'lead-practitioner']], relation: [['relation', 'member']],
    });
    expect(asked).toEqual(['purpose', 'from', 'form', 'items', 'fields/early-help-episode', 'to', 'roles/early-help', 'relation', 'powers', 'necessity']);
    const [clause] = (await draftOf(address)).content.clauses;
    expect(clause).toMatchObject({ items: [{ feed: 'early-help-episode', fields: ['needs', 'forename'] }, { section: 'plan' }], relation: 'member' });
    const both = await lead.answer(`${address}/clauses/c1/fields/early-help-episode`, [['fields', 'every-field'], ['fields', 'needs']]);
    expect(both.statusCode).toBe(400);
    expect(both.body).toContain('Choose all fields, or some of them, not both');
    // Figures: nothing that identifies is offered, and the relation is not asked.
    await lead.answer(`${address}/clauses/c1/form`, { form: 'pseudonymised' });
    expect((await lead.get(`${address}/clauses/c1/fields/early-help-episode`)).body).not.toMatch(/value="(forename|child_ref)"/);
    expect((await lead.get(`${address}/clauses/c1/relation`)).statusCode).toBe(404);
    await lead.answer(`${address}/clauses/c1/remove`);
    expect((await draftOf(address)).content.clauses).toEqual([]);
    await lead.answer(`${address}/parties/police/remove`);
    expect((await draftOf(address)).content.parties.map(({ agency }) => agency)).toEqual(['early-help']);
  });

  test.each(['understand-demand-and-harm', 'early-help-for-families'])('from the template %s is answered already and has no fault', async (template) => {
    const council = await at.as('governance-lead', 'Council', 'council-lead');
    const address = await begin(council, template);
    const check = (await council.get(`${address}/check`)).body;
    expect(check).not.toContain('To mend:');
    expect(check).toContain('Save this agreement');
    expect((await council.send(`${address}/check`, { revision: revisionIn(check) })).statusCode).toBe(303);
  });
});

describe('an answer', () => {
  test.each([
    ['title', { title: '  ' }, 'Enter a title', 'title'],
    ['aims', { aims: '' }, 'Enter the aims', 'aims'],
    ['onward-use', { 'onward-use': 'everywhere' }, 'Choose only from the list', 'onward-use'],
    ['onward-use', {}, 'Choose whether the data may be passed on', 'onward-use'],
    ['retention', { retention: '__proto__' }, 'Choose only from the list', 'retention'],
    ['parties/add', { agency: 'public', role: 'controller', contact: 'x' }, 'Choose only from the list', 'agency'],
    ['parties/add', { agency: 'police', role: 'king', contact: '' }, 'Enter whom people can ask', 'contact'],
    ['dates', { 'starts-day': '31', 'starts-month': '2', 'starts-year': '2026' }, 'The first day must be a real date', 'starts-day'],
    ['dates', {}, 'Enter the last day, like 30 11 2027', 'ends-day'],
  ])('of %s that is wrong is shown again with what to do: %j', async (step, form, message, field) => {
    const address = await begin();
    const sent = await lead.answer(`${address}/${step}`, form as Record<string, string>);
    expect(sent.statusCode).toBe(400);
    expect(sent.body).toContain('<title>Error: ');
    expect(sent.body).toContain(`<a href="#${field}">${message}`);
    expect(sent.body).toMatch(new RegExp(`id="${field}"`));
    expect((await draftOf(address)).revision).toBe(1);
  });

  test('that is too long is kept on the page, and says how long it may be', async () => {
    const address = await begin();
    for (const [step, longest] of [['title', 200], ['aims', 5000]] as const) {
      const long = 'ü'.repeat(longest + 1);
      const sent = await lead.answer(`${address}/${step}`, { [step]: long });
      expect(sent.statusCode).toBe(400);
      expect(sent.body).toContain(`use ${longest.toLocaleString('en-GB')} characters or fewer. You have ${(longest + 1).toLocaleString('en-GB')}`);
      expect(sent.body).toContain(long);
    }
    expect((await lead.answer(`${address}/aims`, { aims: 'ü'.repeat(5000) })).statusCode).toBe(303);
    expect((await lead.answer(`${address}/aims`, { aims: 'x'.repeat(70_000) })).statusCode).toBe(413);
  });

  test.each(['agency', 'userId', 'content', '__proto__', 'constructor', 'clauses', 'aims'])('with the unknown field %s is refused, and nothing is kept', async (field) => {
    const address = await begin();
    expect((await lead.answer(`${address}/title`, [['title', 'A title'], [field, 'x']])).statusCode).toBe(400);
    expect((await draftOf(address)).content).toEqual({ parties: [], clauses: [] });
  });

  test('sent twice, or without the form’s token, is refused', async () => {
    const address = await begin();
    expect((await lead.answer(`${address}/title`, [['title', 'A'], ['title', 'B']])).statusCode).toBe(400);
    expect((await lead.send(`${address}/title`, { title: 'A' }, '/assets/none')).statusCode).toBe(403);
    expect((await draftOf(address)).revision).toBe(1);
  });

  test('of one tab does not undo that of another, and a clause keeps its place when another is removed', async () => {
    const address = await begin();
    await Promise.all(Object.entries(texts).slice(0, 3).map(([step, text]) => lead.answer(`${address}/${step}`, { [step]: text })));
    expect((await draftOf(address)).content).toMatchObject({ title: 'Incidents', aims: 'See harm', benefits: 'Earlier help' });
    for (const purpose of ['understand-demand', 'early-help']) {
      const added = await lead.answer(`${address}/clauses`);
      await lead.answer(String(added.headers.location), { purpose });
    }
    await lead.answer(`${address}/clauses/c1/remove`);
    await lead.answer(`${address}/clauses/c2/purpose`, { purpose: 'evaluation' });
    expect((await draftOf(address)).content.clauses.map(({ key, purpose }) => [key, purpose])).toEqual([['c2', 'evaluation']]);
  });

  test('changed from the check goes back to it', async () => {
    const address = await begin();
    expect((await lead.answer(`${address}/title?from=check`, { title: 'A' })).headers.location).toBe(`${address}/check`);
    expect((await lead.answer(`${address}/title?from=https://example.org`, { title: 'A' })).headers.location).toBe(address);
  });
});

test('each choice is shown with what it means', async () => {
  const address = await begin(lead, 'early-help-for-families');
  const shown: [string, string][] = [
    ['/retention', 'Kept for 6 years after the case was closed, or until the person would be 25, whichever is later.'],
    ['/clauses/c1/purpose', 'Protect a named child who may be suffering'],
    ['/clauses/c2/fields/police-involvement', 'Identifies a person or a home'],
    ['/clauses/c2/powers', 'To be confirmed by your legal adviser.'],
  ];
  for (const [step, words] of shown) expect((await lead.get(address + step)).body, step).toContain(words);
  expect((await lead.get('/govern/agreements/new')).body).toContain('What each agency must know to help a named family early, and no more.');
});

describe('a draft', () => {
  test('survives a sign-out, and is nobody else’s', async () => {
    const address = await begin();
    await lead.answer(`${address}/title`, { title: 'Kept <b>over</b> night' });
    const again = await at.as('governance-lead', 'Police', 'lead');
    const list = (await again.get('/govern/agreements')).body;
    expect(list).toContain(`href="${address}"`);
    expect(list).toContain('Kept &lt;b&gt;over&lt;/b&gt; night');
    const other = await at.as('governance-lead', 'Police', 'another');
    expect((await other.get('/govern/agreements')).body).not.toContain(address);
    for (const page of ['', '/title', '/parties', '/clauses', '/check', '/discard']) expect((await other.get(address + page)).statusCode, page).toBe(404);
    expect((await other.send(`${address}/title`, { title: 'Mine' })).statusCode).toBe(404);
    expect((await draftOf(address)).content.title).toBe('Kept <b>over</b> night');
    await again.answer(`${address}/discard`);
    expect((await again.get(address)).statusCode).toBe(404);
  });

  test('is written by information governance leads alone', async () => {
    const address = await begin();
    for (const role of ['signatory', 'analyst', 'commissioner'] as const) {
      const visitor = await at.as(role, 'Police', 'lead');
      for (const page of ['/govern/agreements/new', address, `${address}/check`]) expect((await visitor.get(page)).statusCode, `${role} ${page}`).toBe(403);
      expect((await visitor.send(`${address}/title`, { title: 'A' })).statusCode).toBe(403);
    }
  });

  test.each(['title/x', 'clauses/c9', 'clauses/c9/purpose', 'parties/council', 'parties/council/remove', 'nothing'])('has no page %s', async (page) => {
    expect((await lead.get(`${await begin()}/${page}`)).statusCode).toBe(404);
  });
});

describe('saving', () => {
  async function wholeDraft(): Promise<string> {
    const address = await begin();
    await answerAll(address);
    await addClause(address, figures);
    return address;
  }

  test('is stopped by faults, each beside its answer, with words that say how to mend it', async () => {
    const address = await wholeDraft();
    await lead.answer(`${address}/clauses/c1/powers`, [['powers', 'article-6-1-e']]);
    const check = (await lead.get(`${address}/check`)).body;
    expect(check).toContain('to mend before you can save');
    expect(check).toContain('To mend:');
    expect(check).not.toContain('Save this agreement');
    expect((await lead.get(`${address}/clauses/c1/powers`)).body).toContain('To mend:');
    expect((await lead.get(address)).body).toMatch(/govuk-tag--red">\s*To mend/);
    const before = (await at.register.list()).length;
    const sent = await lead.send(`${address}/check`, { revision: String((await draftOf(address)).revision) });
    expect(sent.statusCode).toBe(400);
    expect(sent.body).toMatch(/<a href="#c1-\d">/);
    expect((await at.register.list()).length).toBe(before);
    // Nothing is lost: mended, it is saved.
    await lead.answer(`${address}/clauses/c1/powers`, figures.powers);
    expect((await lead.send(`${address}/check`, { revision: String((await draftOf(address)).revision) })).statusCode).toBe(303);
  });

  test('of answers that another tab has changed saves nothing and shows them anew', async () => {
    const address = await wholeDraft();
    const { revision } = await draftOf(address);
    await lead.answer(`${address}/title`, { title: 'Changed meanwhile' });
    const before = (await at.register.list()).length;
    const sent = await lead.send(`${address}/check`, { revision: String(revision) });
    expect(sent.statusCode).toBe(409);
    expect(sent.body).toContain('Your answers changed in another tab');
    expect(sent.body).toContain('Changed meanwhile');
    expect((await at.register.list()).length).toBe(before);
  });

  test('pressed twice saves once', async () => {
    const address = await wholeDraft();
    const before = (await at.register.list()).length;
    const { revision } = await draftOf(address);
    const sent = await Promise.all([1, 2].map(() => lead.send(`${address}/check`, { revision: String(revision) })));
    expect(sent.map(({ statusCode }) => statusCode).filter((status) => status === 303)).toHaveLength(1);
    expect((await at.register.list()).length).toBe(before + 1);
  });

  test('a new version begins from the newest, and is refused where another was saved since', async () => {
    const id = await at.draft();
    const begun = await lead.send(`/govern/agreements/${id}/new-version`);
    const address = String(begun.headers.location);
    const page = (await lead.get(address)).body;
    expect(page).toContain('A new version, begun from version 1');
    await lead.answer(`${address}/title`, { title: 'The next words' });
    const check = (await lead.get(`${address}/check`)).body;
    expect(check).toContain('The version in force holds until every party has signed this one.');
    await at.register.redraft(id, at.content({ title: 'Somebody was quicker' }), { userId: 'other', role: 'governance-lead', agency: 'police' });
    const late = await lead.send(`${address}/check`, { revision: revisionIn(check) });
    expect(late.statusCode).toBe(409);
    expect(late.body).toContain('A newer version was saved after you opened this page.');
    const again = String((await lead.send(`/govern/agreements/${id}/new-version`)).headers.location);
    expect((await lead.get(again)).body).toContain('begun from version 2');
    const saved = await lead.send(`${again}/check`, { revision: '1' });
    expect(saved.headers.location).toBe(`/govern/agreements/${id}?done=saved`);
    expect((await at.register.find(id))!.events.filter(({ kind }) => kind === 'drafted')).toHaveLength(3);
  });

  test('an agreement that the writer’s agency is no party of is refused in words', async () => {
    const hospital = await at.as('governance-lead', 'Hospital trust', 'hospital-lead');
    const id = await at.draft();
    const address = String((await hospital.send(`/govern/agreements/${id}/new-version`)).headers.location);
    const sent = await hospital.send(`${address}/check`, { revision: '1' });
    expect(sent.statusCode).toBe(409);
    expect(sent.body).toContain('Your agency is no party of this agreement, so nothing was done');
  });
});

test('every question has an address of its own', () => {
  expect(new Set(draftSteps.map(({ id }) => id)).size).toBe(draftSteps.length);
});
