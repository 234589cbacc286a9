// Attempts to learn of a person, or of anything else, that the reader may not see: forged and stale ids, purposes that were never given, other
// agencies' records by each way that leads to one. Every refusal is the one for something that does not exist, and the audit has it.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { sealSubject } from '../govern/index.ts';
import { attachmentIds, caseIds, elsewhere, entryIds, known, nobody, openAttackServer, personWords, pseudonyms, sealed, withoutIds, type Attacker, type AttackServer } from '../../test/support/attack-server.ts';

let at: AttackServer;
let lead: Attacker;
let governance: Attacker;

beforeAll(async () => {
  at = await openAttackServer();
  lead = await at.as('lead-practitioner', 'Early help', { purpose: 'early-help' });
  governance = await at.as('governance-lead', 'Council');
}, 120_000);
afterAll(() => at?.close());
beforeEach(() => void at.audited.splice(0));

const answerOf = ({ statusCode, body, headers }: Awaited<ReturnType<Attacker['get']>>) => ({
  status: statusCode, body: withoutIds(body), headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !['date', 'set-cookie', 'connection'].includes(name))),
});
const refused = () => at.audited.filter(({ outcome }) => outcome === 'refused');
const nobodyNamed = (body: string) => personWords.filter((word) => body.includes(word));

const ways: [string, (key: string) => Promise<Awaited<ReturnType<Attacker['get']>>>][] = [
  ['its page', (key) => lead.get(`/people/${key}`)],
  ['its file', (key) => lead.get(`/people/${key}/record.csv`)],
  ['the API', (key) => lead.get(`/api/people/${key}`)],
  ['reporting a wrong fact', (key) => lead.get(`/people/${key}/wrong?load=early-help-episode%2F000001-0123456789ab&line=2`)],
  ['seeing more', (key) => lead.get(`/people/${key}/see-more`)],
  ['breaking the glass', (key) => lead.post(`/people/${key}/see-more`, { reason: 'A child may come to harm tonight', confirm: 'yes' })],
];

describe.each(ways)('a person of whom the reader may see nothing, by %s', (way, ask) => {
  test('is answered in every byte but ids like one who does not exist, and the audit has both', async () => {
    const [there, notThere] = [answerOf(await ask(elsewhere)), answerOf(await ask(nobody))];
    expect(there).toEqual(notThere);
    expect(there.status).toBe(404);
    expect(nobodyNamed(there.body)).toEqual([]);
    expect(refused().map(({ actorId, subjectIds }) => [actorId, subjectIds])).toEqual([[lead.userId, [elsewhere]], [lead.userId, [nobody]]]);
  });

  test.each(['P', 'P000000000000000', known.toLowerCase(), `${known} `, `${known}/`, `${known}*`, `${known}%`, 'P%', '%', '_'.repeat(17), '*', `${known};x`, `${known},${elsewhere}`, 'new'])('a key like %j finds nobody: neither prefix nor pattern leads to one', async (key) => {
    const response = await ask(encodeURIComponent(key));
    expect(response.statusCode, way).toBe(404);
    expect(nobodyNamed(response.body)).toEqual([]);
  });
});

test('what the same reader may see is there: the refusals above are no closed door', async () => {
  const page = await lead.get(`/people/${known}`);
  expect([page.statusCode, nobodyNamed(page.body)]).toEqual([200, ['alphabird']]);
  const shut = await lead.get(`/people/${sealed}`);
  expect([shut.statusCode, nobodyNamed(shut.body)]).toEqual([200, []]);
  expect(shut.body).toContain('01632 960001');
  for (const url of [`/people/${sealed}/record.csv`, `/api/people/${sealed}`]) expect(nobodyNamed((await lead.get(url)).body)).toEqual([]);
});

describe('the search', () => {
  const search = async (form: Record<string, string>) => {
    const { statusCode, body } = await lead.post('/people', form);
    const typed = Object.values(form);
    return { statusCode, body: typed.reduce((text, each) => text.replaceAll(`value="${each}"`, 'value=""'), withoutIds(body)) };
  };

  test('finds whom the reader may not see no more than who does not exist, by name, prefix, birth, number or postcode', async () => {
    const pairs: [Record<string, string>, Record<string, string>][] = [
      [{ forename: 'Adaomegabird', surname: 'Quillomegabird' }, { forename: 'Adaunknownn', surname: 'Quillunknownn' }],
      [{ surname: 'Quillomega' }, { surname: 'Quillunkno' }],
      [{ number: 'omegabird-episode' }, { number: 'unknownnn-episode' }],
      [{ surname: 'Quillomegabird', postcode: 'FM1 1AA' }, { surname: 'Quillunknownn', postcode: 'FM1 1AA' }],
    ];
    for (const [there, notThere] of pairs) {
      const [a, b] = [await search(there), await search(notThere)];
      expect(a.statusCode).toBe(200);
      expect(a).toEqual(b);
      expect(a.body).not.toContain('omegabird');
    }
    expect(at.audited.filter(({ action }) => action === 'person.search').flatMap(({ subjectIds }) => subjectIds ?? [])).not.toContain(elsewhere);
  });

  test('neither orders, counts nor pages by anything that the reader sends', async () => {
    const plain = await lead.post('/people', { surname: 'Quillalphabird' });
    const more = await lead.post('/people', { surname: 'Quillalphabird', sort: 'forename', order: 'desc', limit: '1000', offset: '0', count: 'yes', all: 'true' });
    expect(withoutIds(more.body)).toBe(withoutIds(plain.body));
  });

  test('does not say that a sealed record exists for a guess at one field', async () => {
    const guesses: Record<string, string>[] = [{ surname: 'Quillsigmabird' }, { postcode: 'FM1 1AA' }, { number: 'sigmabird-episode' }];
    for (const form of guesses) expect((await lead.post('/people', form)).body).not.toContain('01632 960001');
  });
});

// How long a refusal takes must tell nothing either. No clock is read here: the work itself is compared, statement by statement.
describe('the work that a refusal takes', () => {
  const none = { person: nobody, case: '00000000-0000-4000-8000-000000000000', file: '00000000-0000-4000-8000-000000000000', entry: '00000000-0000-4000-8000-000000000000' };
  const there = { person: elsewhere, case: caseIds.elsewhere, file: attachmentIds.elsewhere, entry: entryIds.elsewhere };
  const shut = { person: sealed, case: caseIds.sealed, file: attachmentIds.sealed, entry: entryIds.sealed };
  /** Sealed under another key of the person: the database alone would give it. */
  const merged = { ...shut, case: caseIds.former, file: attachmentIds.former, entry: entryIds.former };
  type Asked = typeof none;
  beforeAll(() => at.plantFormer());
  const workOf = async (ask: (asked: Asked) => Promise<Awaited<ReturnType<Attacker['get']>>>, asked: Asked) => {
    // What is read once and kept is read before.
    await ask(asked);
    at.work.splice(0);
    const { statusCode } = await ask(asked);
    return { statusCode, work: [...at.work] };
  };

  const ofPeople: [string, (asked: Asked) => ReturnType<Attacker['get']>][] = ways.map(([way, ask]) => [way, ({ person }) => ask(person)]);
  test.each(ofPeople)('is the same for a person of another agency and for nobody, by %s', async (_, ask) => {
    const [a, b] = [await workOf(ask, there), await workOf(ask, none)];
    expect(a.statusCode).toBe(404);
    expect(a).toEqual(b);
    expect(a.work.length).toBeGreaterThan(3);
  });

  const ofCases: [string, (asked: Asked) => ReturnType<Attacker['get']>][] = [
    ['its page', (asked) => lead.get(`/cases/${asked.case}`)],
    ['writing', (asked) => lead.post(`/cases/${asked.case}/entries/new`, { section: 'worries', text: 'x' })],
    ['closing', (asked) => lead.post(`/cases/${asked.case}/close`, { text: 'x' })],
    ['a file of it', (asked) => lead.get(`/cases/${asked.case}/attachments/${asked.file}`)],
    ['a file by another case', (asked) => lead.get(`/cases/${caseIds.known}/attachments/${asked.file}`)],
    ['attaching a file', (asked) => lead.get(`/cases/${asked.case}/entries/${asked.entry}/attach`)],
  ];
  test.each(ofCases)('is the same for a case of another agency, of somebody sealed, and none, by %s', async (_, ask) => {
    const nothing = await workOf(ask, none);
    expect(nothing.statusCode).toBe(404);
    for (const asked of [there, shut, merged]) expect(await workOf(ask, asked)).toEqual(nothing);
    expect(nothing.work.length).toBeGreaterThan(3);
  });

  test('is the same for a search that finds somebody who may not be seen and for one that finds nobody', async () => {
    const ask = ({ person }: Asked) => lead.post('/people', { surname: person === nobody ? 'Quillunknownn' : 'Quillomegabird' });
    expect(await workOf(ask, there)).toEqual(await workOf(ask, none));
  });

  test('is the same once a seal closes somebody of whom the reader may see nothing', async () => {
    await sealSubject(at.store.casework.db, at.clock, { reader: { userId: 'ig', role: 'governance-lead', agency: 'council' }, personKey: elsewhere, ground: 'domestic-abuse', whomToRing: 'the safeguarding desk', keepers: ['keeper'] });
    for (const [way, ask] of ofPeople) expect([way, await workOf(ask, there)]).toEqual([way, await workOf(ask, none)]);
  });
});

describe('a purpose', () => {
  test('that nobody gave the reader is refused, audited, and not taken', async () => {
    const asked = await at.as('lead-practitioner', 'Early help');
    for (const purpose of ['information-governance', 'understand-demand', 'no-such-purpose', "early-help' --", 'EARLY-HELP']) {
      expect((await asked.post('/purpose', { purpose })).statusCode).toBe(403);
    }
    expect(refused().filter(({ action }) => action === 'purpose.state')).toHaveLength(5);
    expect((await asked.get(`/people/${known}`)).statusCode).toBe(303);
  });

  test('sent twice, or beside a role, an agency and a name, changes nothing but itself', async () => {
    const asked = await at.as('lead-practitioner', 'Early help');
    expect((await asked.post('/purpose', [['purpose', 'early-help'], ['purpose', 'information-governance']])).statusCode).toBe(400);
    await asked.post('/purpose', { purpose: 'early-help', role: 'governance-lead', agency: 'Council', userId: 'ig', 'session[role]': 'governance-lead', name: 'Somebody Else' });
    expect((await asked.get('/govern/audit')).statusCode).toBe(403);
    expect((await asked.get('/people')).body).toContain('Robin Attack');
  });

  test('put into a session that may not have it opens nothing', async () => {
    const forged = await at.as('lead-practitioner', 'Early help', { purpose: 'information-governance' });
    for (const url of [`/people/${known}`, `/api/people/${known}`, `/people/${known}/record.csv`]) {
      const response = await forged.get(url);
      expect([403, 404]).toContain(response.statusCode);
      expect(nobodyNamed(response.body)).toEqual([]);
    }
  });

  test('of an agency that the partnership does not know, or of a role on paper alone, opens nothing', async () => {
    for (const [role, agency] of [['lead-practitioner', 'No such agency'], ['lead-practitioner', "Early help' or 1=1"], ['superuser', 'Early help'], ['__proto__', 'Early help']]) {
      const forged = await at.as(role as 'analyst', agency!, { purpose: 'early-help' });
      for (const url of ['/people', `/people/${known}`, `/api/people/${known}`]) expect([303, 401, 403, 404], `${role} ${agency} ${url}`).toContain((await forged.get(url)).statusCode);
    }
    // A role that there is not is no session at all.
    expect((await (await at.as('superuser' as 'analyst', 'Early help')).get('/help')).statusCode).toBe(303);
  });
});

describe('other ids', () => {
  test('another person’s draft is answered like one that does not exist', async () => {
    const address = String((await governance.post('/govern/agreements/new', { template: 'understand-demand-and-harm' })).headers.location);
    const other = await at.as('governance-lead', 'Police', { userId: 'another' });
    const unknown = '/govern/agreements/drafts/00000000-0000-4000-8000-000000000000';
    for (const more of ['', '/title', '/check', '/clauses', '/parties/add', '/discard']) {
      expect(answerOf(await other.get(address + more)), more).toEqual(answerOf(await other.get(unknown + more)));
      if (more !== '' && more !== '/clauses') expect((await other.post(address + more, { title: 'Mine now', confirm: 'yes' })).statusCode).toBe((await other.post(unknown + more, { title: 'Mine now', confirm: 'yes' })).statusCode);
    }
    expect((await governance.get(address)).statusCode).toBe(200);
  });

  const pairs: [string, () => string, string][] = [
    ['/govern/seals/ID', () => at.sealId, '00000000-0000-4000-8000-000000000000'],
    ['/govern/agreements/ID/sign', () => at.agreementId, 'a-000000000000'],
    ['/govern/retention/loads/tenancy/ID', () => '000001-0123456789ab', '000009-0123456789ab'],
    ['/linkage/events/ID', () => '1', '9'],
    ['/linkage/review/ID', () => at.review.idOf(1), 'zzzzzzzzzzzzzzzz'],
  ];
  test.each(pairs)('%s: whoever has no business there learns nothing from a true id', async (address, trueId, noId) => {
    const analyst = await at.as('analyst', 'Violence reduction unit', { purpose: 'understand-demand' });
    const [there, not] = [answerOf(await analyst.get(address.replace('ID', trueId()))), answerOf(await analyst.get(address.replace('ID', noId)))];
    expect(there.status).toBeGreaterThanOrEqual(403);
    expect({ ...there, body: there.body.replaceAll(/return-to=[^"]*/g, '') }).toEqual({ ...not, body: not.body.replaceAll(/return-to=[^"]*/g, '') });
    expect(refused()).toHaveLength(2);
  });

  test('a case of another agency, or of somebody sealed, is answered by each of its addresses like none; its true address opens to its lead', async () => {
    const none = '00000000-0000-4000-8000-000000000000';
    const forms: [string, Record<string, string>][] = [['', { member: none }], ['/entries/new', { section: 'worries', text: 'x' }], ['/lead', { user: lead.userId, agency: 'early-help' }], ['/members/new', { user: lead.userId, agency: 'early-help' }], ['/close', { text: 'x' }]];
    for (const [more, form] of forms) for (const caseId of [caseIds.sealed, caseIds.elsewhere]) {
      for (const ask of [(id: string) => lead.get(`/cases/${id}${more}`), (id: string) => lead.post(`/cases/${id}${more}`, form)]) {
        const [there, not] = [answerOf(await ask(caseId)), answerOf(await ask(none))];
        expect([more, there.status, nobodyNamed(there.body)]).toEqual([more, 404, []]);
        expect(there).toEqual(not);
      }
      expect((await governance.get(`/govern/retention/cases/${caseId}`)).body).not.toMatch(/-worry|-letter/);
    }
    for (const which of ['sealed', 'elsewhere'] as const) {
      const [own, theirs] = [`/cases/${caseIds.known}`, `/cases/${caseIds[which]}`];
      for (const ask of [(of: string, id: string) => lead.get(`${of}/attachments/${id}`), (of: string, _: string, entry: string) => lead.get(`${of}/entries/${entry}/attach`)]) {
        const not = answerOf(await ask(`/cases/${none}`, none, none));
        for (const address of [own, theirs]) expect([which, answerOf(await ask(address, attachmentIds[which], entryIds[which]))]).toEqual([which, not]);
      }
      expect(refused().filter(({ action }) => action === 'case.open-attachment').map(({ subjectIds }) => subjectIds)).toContainEqual([attachmentIds[which], caseIds[which]]);
    }
    expect((await lead.get(`/cases/${caseIds.known}/attachments/${attachmentIds.known}`)).body).toContain('alphabird-letter');
    expect(refused().filter(({ action }) => action === 'case.view').map(({ subjectIds }) => subjectIds![0])).toEqual(expect.arrayContaining([caseIds.sealed, caseIds.elsewhere, none]));
    expect(nobodyNamed((await lead.get('/cases')).body)).toEqual(['alphabird']);
    expect((await lead.get(`/cases/${caseIds.known}`)).body).toContain('alphabird-worry');
    for (const id of [caseIds.known.toUpperCase(), `${caseIds.known}%20`, `${caseIds.known.slice(0, -1)}%25`, '*', '_'.repeat(36)]) expect((await lead.get(`/cases/${id}`)).statusCode, id).toBe(404);
  });

  test('a purpose that closed, or was never given, closes cases; a form’s stale token writes nothing', async () => {
    for (const purpose of ['record-linkage', 'information-governance', 'no-such-purpose']) {
      const other = await at.as('lead-practitioner', 'Early help', { purpose });
      for (const url of ['/cases', `/cases/${caseIds.known}`, `/cases/${caseIds.known}/entries/new`, `/cases/${caseIds.known}/attachments/${attachmentIds.known}`]) {
        const response = await other.get(url);
        expect([url, response.statusCode, nobodyNamed(response.body)]).toEqual([url, 403, []]);
      }
    }
    for (const token of [null, '', 'stale', await governance.token()]) expect((await lead.post(`/cases/${caseIds.known}/entries/new`, { section: 'plan', text: 'forged words' }, { token })).statusCode, String(token)).toBe(403);
    expect((await lead.get(`/cases/${caseIds.known}`)).body).not.toContain('forged words');
  });

  test('nobody opens a seal by naming themselves its keeper, or reviews a glass that is not there', async () => {
    expect((await lead.post(`/govern/seals/${at.sealId}`, { act: 'keeper', keeper: lead.userId })).statusCode).toBeGreaterThanOrEqual(403);
    expect((await governance.post(`/govern/seals/${at.sealId}`, { act: 'keeper', keeper: governance.userId })).statusCode).toBe(400);
    expect((await governance.post('/govern/broken-glass/00000000-0000-4000-8000-000000000000', { outcome: 'justified', note: 'Fine' })).statusCode).toBe(404);
    expect(nobodyNamed((await governance.get(`/people/${sealed}`)).body)).toEqual([]);
  });

  test('who, when and until stand in no form: what is sent of them is not taken', async () => {
    const practitioner = await at.as('lead-practitioner', 'Early help', { purpose: 'early-help' });
    const sent = await practitioner.post(`/people/${known}/see-more`, { reason: 'A child may come to harm tonight', confirm: 'yes', user_id: 'somebody', userId: 'somebody', until: '2099-01-01', broken_until: '2099-01-01', role: 'governance-lead', person_key: elsewhere, personKey: elsewhere });
    expect(sent.headers.location).toBe(`/people/${known}`);
    const [glass] = (await at.app.inject({ url: '/govern/broken-glass', headers: { cookie: governance.jar.header('/') } })).body.match(/lead-practitioner-early-help[^<]*/) ?? [];
    expect(glass).toBeDefined();
    expect((await practitioner.get(`/people/${elsewhere}`)).statusCode).toBe(404);
    at.clock.move(121);
    const late = await at.as('lead-practitioner', 'Early help', { purpose: 'early-help' });
    expect((await late.get(`/people/${known}`)).body).not.toContain('minutes left');
    expect((await late.get(`/people/${known}`)).body).not.toContain('alphabird-summary');
  });
});

test('a pseudonym of whom the reader may see nothing, or whose record is sealed, is answered like one that nobody has', async () => {
  const reader = await at.as('lead-practitioner', 'Early help', { purpose: 'early-help' });
  const agreement = /name="agreement"[^>]*value="([^"]+)"/.exec((await reader.get('/govern/re-identify')).body)?.[1] ?? '';
  const ask = async (pseudonym: string) => {
    const { statusCode, body } = await reader.post('/govern/re-identify', { agreement, pseudonyms: pseudonym, ground: 'A child may come to harm tonight' });
    return { statusCode, body: withoutIds(body).replaceAll(pseudonym, 'PSEUDONYM') };
  };
  const none = await ask('ff'.repeat(16));
  expect(none.statusCode).toBe(200);
  for (const pseudonym of [pseudonyms.elsewhere, pseudonyms.sealed]) expect(await ask(pseudonym)).toEqual(none);
  expect((await ask(pseudonyms.known)).body).toContain('/people/PERSON');
});

describe('what has ended', () => {
  test('a session that was signed out, or was never given out, is none', async () => {
    const leaver = await at.as('lead-practitioner', 'Early help', { purpose: 'early-help' });
    await leaver.post('/sign-out');
    for (const cookie of [`headwater=${leaver.secret}`, `headwater=${'A'.repeat(43)}`, `headwater=${leaver.secret.slice(0, 42)}`, 'headwater=', `headwater=${leaver.secret}; headwater=${leaver.secret}`]) {
      const response = await at.app.inject({ url: `/api/people/${known}`, headers: { cookie } });
      expect(response.statusCode).toBe(401);
    }
  });

  test('an agreement that ended is felt at the next click, by every way', async () => {
    const reader = await at.as('lead-practitioner', 'Early help', { purpose: 'early-help' });
    expect((await reader.get(`/people/${known}`)).statusCode).toBe(200);
    for (const { agreementId } of await at.register.list()) await at.register.end(agreementId, { userId: 'ig', role: 'governance-lead', agency: 'council' }, 'It is no longer needed');
    for (const url of [`/people/${known}`, `/people/${known}/record.csv`, `/api/people/${known}`, '/people']) {
      const response = await reader.get(url);
      expect([403, 404], url).toContain(response.statusCode);
      expect(nobodyNamed(response.body), url).toEqual([]);
    }
    expect((await reader.post('/people', { surname: 'Quillalphabird' })).body).not.toContain(known);
  });
});
