import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { heldRow, memoryPeople, openPeopleServer, type PeopleServer } from '../../../test/support/people-server.ts';
import { quickStores } from '../../../test/support/stores.ts';
import { openTestServer, signedInAs } from '../../../test/support/web-server.ts';
import type { Role } from '../../core/index.ts';
import { agreementStatus, breakGlass, glassRoles, relations, sealSubject, type Relation } from '../../govern/index.ts';

const key = (n: number) => `P00000000000000${String(n).padStart(2, '0')}`;
const [open, sealed, glass, other, withOther] = [1, 2, 3, 4, 5].map(key) as [string, string, string, string, string];
const oldKey = key(9);

/** The same rows for each person, every value a word of its own. */
const rowsOf = (personKey: string, word: string) => [
  heldRow(personKey, 'early-help-episode', 2, { episode_ref: `${word}-episode`, requested_on: '2026-05-01', level: '3', closure_reason: `${word}-closure`, forename: `Ada${word}`, surname: `Quill${word}`, date_of_birth: '2015-04-17', postcode: 'FM1 1AA' }),
  heldRow(personKey, 'police-involvement', 3, { incident_ref: `${word}-incident`, role: 'victim', forename: `Ada${word}`, surname: `Quill${word}`, address: `${word}-street`, nominal_ref: `${word}-nominal`, recorded_on: '2026-06-01' }),
  heldRow(personKey, 'police-incident', 4, { incident_ref: `${word}-incident`, reported_at: '2026-06-01 22:10:00', closing_code: 'domestic-incident', summary: `${word}-summary`, location: `${word}-place` }),
  heldRow(personKey, 'ambulance-call', 5, { called_at: '2026-07-01 09:05:00', chief_complaint: `${word}complaint`, nhs_number: '9990000018' }),
  heldRow(personKey, 'school-absence', 6, { upn: `${word}-upn`, first_date: '2026-09-10', code: `${word}code` }),
];
const rows = [...rowsOf(open, 'alpha'), ...rowsOf(sealed, 'sigma'), ...rowsOf(glass, 'gamma'), ...rowsOf(other, 'omega'), heldRow(withOther, 'police-incident', 9, { incident_ref: 'shared-incident', reported_at: '2026-06-02 10:00:00', summary: 'shared-summary' }, [sealed]), heldRow(withOther, 'police-involvement', 10, { incident_ref: 'shared-incident', forename: 'Ben', surname: 'Rook', recorded_on: '2026-06-02' })];
const words: Record<string, string> = { [open]: 'alpha', [sealed]: 'sigma', [glass]: 'gamma', [other]: 'omega' };

interface Reader {
  role: Role;
  agency: string;
  code: string;
}
const readers: Reader[] = [
  { role: 'hub-coordinator', agency: 'Early help', code: 'early-help' },
  { role: 'lead-practitioner', agency: 'Early help', code: 'early-help' },
  { role: 'lead-practitioner', agency: 'Housing association', code: 'housing' },
  { role: 'governance-lead', agency: 'Council', code: 'council' },
  { role: 'analyst', agency: 'Violence reduction unit', code: 'violence-reduction-unit' },
  { role: 'referrer', agency: 'Police', code: 'police' },
  { role: 'hub-coordinator', agency: 'No such agency', code: '' },
];
const userOf = ({ role, code }: Reader, relation: Relation) => `${role}-${code}-${relation}`;

let at: PeopleServer;
beforeAll(async () => {
  at = await openPeopleServer(quickStores(), memoryPeople(rows, { [oldKey]: other }, [withOther]));
  const workers = readers.filter(({ code }) => code !== '').map((reader) => ({ lead: { userId: userOf(reader, 'lead'), agency: reader.code }, members: [{ userId: userOf(reader, 'member'), agency: reader.code }] }));
  await at.plantCases([open, sealed, glass].flatMap((personKey) => workers.map((worker) => ({ personKey, ...worker }))));
  const lead = { userId: 'ig', role: 'governance-lead' as const, agency: 'council' };
  const { ok } = await sealSubject(at.store.casework.db, at.clock, { reader: lead, personKey: sealed, ground: 'domestic-abuse', whomToRing: 'the safeguarding desk on 01632 960001', keepers: ['keeper'] });
  if (!ok) throw new Error('Not sealed');
  for (const reader of readers.filter(({ code }) => code !== '')) for (const relation of relations) {
    await breakGlass(at.store.casework.db, at.clock, { reader: { userId: userOf(reader, relation), role: reader.role, agency: reader.code }, purpose: 'record-linkage', personKey: glass, reason: 'A child may come to harm tonight' });
  }
}, 120_000);
afterAll(() => at?.close());
beforeEach(() => void at.audited.splice(0));

type Content = ReturnType<typeof agreementStatus>['content'];
const contents = async (): Promise<Content[]> => (await at.register.list()).map((agreement) => agreementStatus(agreement, at.clock.now())).filter(({ state }) => state === 'live').map(({ content }) => content);

const holders: Record<string, string> = { 'early-help-episode': 'early-help', 'police-involvement': 'police', 'police-incident': 'police', 'ambulance-call': 'ambulance', 'school-absence': 'education' };

/** The values that the agreements' text gives, read straight from its clauses. */
function given(agreements: readonly Content[], reader: Reader, relation: Relation, purpose: string | null, personKey: string): Set<string> {
  // A case has its holder: everybody of early help stands as close as `agency`.
  const standing: Relation = reader.code === '' ? 'none' : relation === 'none' ? 'agency' : relation;
  const seen = new Set<string>();
  const clauses = agreements.flatMap((content) => content.clauses).filter(({ form, to, purpose: each }) => form === 'identified' && each === purpose && to.some(({ agency, roles }) => agency === reader.code && roles.includes(reader.role)));
  const mayLook = clauses.some(({ items }) => items.some((item) => 'feed' in item));
  for (const row of rows.filter((each) => each.personKey === personKey)) for (const [column, value] of Object.entries(row.values)) {
    const byClause = clauses.some(({ from, items, relation: asked }) => from.includes(holders[row.feed]!) && relations.indexOf(asked) <= relations.indexOf(standing) && items.some((item) => 'feed' in item && item.feed === row.feed && (item.fields === 'all' || item.fields.includes(column))));
    if (mayLook && value !== null && (byClause || (personKey === glass && glassRoles.includes(reader.role)))) seen.add(value);
  }
  return seen;
}

const marked = (personKey: string) => [...new Set(rows.filter((row) => row.personKey === personKey).flatMap(({ values }) => Object.values(values)).filter((value) => value !== null && value.includes(words[personKey]!)))] as string[];
const shownIn = (body: string, personKey: string) => marked(personKey).filter((value) => new RegExp(`(?<![a-z-])${value}(?![a-z-])`, 'i').test(body)).toSorted();
const plain = (body: string) => body.replaceAll(/name="form-token" value="[^"]+"/g, '').replaceAll(/return-to=[^"]*/g, '').replaceAll(/"reference":"[^"]*"/g, '');

const search = { surname: 'Quillalpha' };

describe.each(readers)('$role of $agency', (reader) => {
  const named = ['early-help', 'record-linkage'];
  // A purpose that gives nobody's name gives none however close the reader stands.
  const cases = [...relations.flatMap((relation) => named.map((purpose) => ({ relation, purpose }))), ...['understand-demand', null].map((purpose) => ({ relation: 'lead' as const, purpose }))];
  test.each(cases)('who stands as $relation, for $purpose, has the same answer everywhere', async ({ relation, purpose }) => {
    const visitor = await at.as(reader.role, reader.agency, { userId: userOf(reader, relation), purpose });
    const agreements = await contents();
    for (const personKey of [open, glass, sealed]) {
      const expected = [...given(agreements, reader, relation, purpose, personKey)].filter((value) => value.includes(words[personKey]!)).toSorted();
      const [page, file, api] = [await visitor.get(`/people/${personKey}`), await visitor.get(`/people/${personKey}/record.csv`), await visitor.get(`/api/people/${personKey}`)];
      const found = await visitor.send('/people', { surname: `Quill${words[personKey]}` });
      const nameGiven = expected.includes(`Quill${words[personKey]}`);
      const unsealed = personKey !== sealed;
      for (const { body } of [page, file, api]) expect(shownIn(body, personKey)).toEqual(unsealed ? expected : []);
      if (expected.length > 0) {
        expect([page.statusCode, file.statusCode, api.statusCode]).toEqual([200, 200, 200]);
        if (!unsealed) for (const { body } of [page, file, api]) expect(body).toContain('A record exists. Ring the safeguarding desk on 01632 960001.');
        expect(found.statusCode).toBe(200);
        expect(found.body.includes(`href="/people/${personKey}"`)).toBe(nameGiven && unsealed);
      } else {
        expect(found.body).not.toContain(personKey);
        // The same as for somebody who does not exist.
        for (const [path, answer] of [['', page], ['/record.csv', file]] as const) {
          const nobody = await visitor.get(`/people/${key(77)}${path}`);
          expect([answer.statusCode, plain(answer.body).replaceAll(personKey, '')]).toEqual([nobody.statusCode, plain(nobody.body).replaceAll(key(77), '')]);
          expect(answer.statusCode).not.toBe(200);
        }
        const nobody = await visitor.get(`/api/people/${key(77)}`);
        expect([api.statusCode, plain(api.body)]).toEqual([nobody.statusCode, plain(nobody.body)]);
        expect(page.body + file.body + api.body + found.body).not.toContain('A record exists');
      }
    }
    const views = at.audited.filter(({ action }) => action.startsWith('person.'));
    for (const { subjectKind, purpose: kept } of views) expect([subjectKind, kept ?? null]).toEqual(['person', purpose]);
  }, 30_000);
});

describe('agreements', () => {
  test('that ended leave the same page dark, with the reason, whoever is asked for', async () => {
    const ended = await openPeopleServer(quickStores(), memoryPeople(rows));
    await ended.plantCases([{ personKey: open, lead: { userId: 'u', agency: 'early-help' } }]);
    const visitor = await ended.as('lead-practitioner', 'Early help', { userId: 'u', purpose: 'early-help' });
    expect((await visitor.get(`/people/${open}`)).body).toContain('Alphacomplaint');
    ended.clock.move(10);
    await ended.endAgreements('The work is done');
    const [page, nobody, file, api, found] = [await visitor.get(`/people/${open}`), await visitor.get(`/people/${key(77)}`), await visitor.get(`/people/${open}/record.csv`), await visitor.get(`/api/people/${open}`), await visitor.send('/people', search)];
    for (const answer of [page, file, found, api]) {
      expect(answer.statusCode).toBe(403);
      expect(answer.body).not.toMatch(/alpha/);
    }
    expect(page.body).toContain('“Early help for families” lapsed on 24 November 2026: it was ended');
    expect(plain(page.body)).toBe(plain(nobody.body));
    expect(api.json()).toMatchObject({ status: 403, reason: 'lapsed' });
    expect(ended.audited.findLast(({ action }) => action === 'person.view')).toMatchObject({ outcome: 'refused', subjectKind: 'person', subjectIds: [key(77)], purpose: 'early-help', basis: 'lapsed' });
    await ended.close();
  }, 30_000);
});

describe('a page that is shown', () => {
  const lead = () => at.as('lead-practitioner', 'Early help', { userId: userOf(readers[1]!, 'lead'), purpose: 'early-help' });

  test('names the clause beside each block, the labels, the date and the source; and hints at nothing else', async () => {
    const { body } = await (await lead()).get(`/people/${open}`);
    expect(body).toMatch(/Shared under Early help for families, clause 1<\/a>/);
    expect(body).toMatch(/Shared under Early help for families, clause 2<\/a>/);
    expect(body).toContain('Recorded on: 1 June 2026');
    expect(body).toContain('Reported at: 1 June 2026 at 10:10pm');
    expect(body).toContain('police-involvement.csv, line 3, loaded on 2 November 2026');
    expect(body).toContain('Ada');
    const said = /<main[\s\S]*<\/main>/.exec(body)![0].replaceAll(/<[^>]+>/g, ' ');
    expect(said).not.toMatch(/alpha-street|alpha-summary|alphacode|hidden|not shown|left out|score/i);
    expect(body).not.toMatch(/<h3[^>]*>Police custody/);
  });

  test('is audited with the person, the purpose and the clauses before it is shown', async () => {
    await (await lead()).get(`/people/${open}`);
    const { agreementId } = (await at.register.list()).find((agreement) => agreementStatus(agreement, at.clock.now()).content.title === 'Early help for families')!;
    expect(at.audited.at(-1)).toEqual({ actorId: userOf(readers[1]!, 'lead'), action: 'person.view', outcome: 'done', subjectKind: 'person', subjectIds: [open], purpose: 'early-help', basis: [1, 2, 3, 5, 8].map((clause) => `${agreementId}/1/${clause}`).join(' ') });
    await (await lead()).get(`/people/${open}/record.csv`);
    expect(at.audited.at(-1)).toMatchObject({ action: 'person.export', outcome: 'done', subjectIds: [open], purpose: 'early-help' });
    await (await lead()).send('/people', search);
    expect(at.audited.at(-1)).toMatchObject({ action: 'person.search', outcome: 'done', subjectKind: 'person', subjectIds: [open], purpose: 'early-help' });
    expect(JSON.stringify(at.audited)).not.toMatch(/Quill/);
    expect(at.server.log.join('')).not.toMatch(/Quill|alpha/);
  });

  test('is not shown where the audit cannot be kept', async () => {
    const visitor = await lead();
    at.audit.broken = true;
    const answers = [await visitor.get(`/people/${open}`), await visitor.get(`/people/${open}/record.csv`), await visitor.get(`/api/people/${open}`)];
    at.audit.broken = false;
    for (const { statusCode, body } of answers) {
      expect(statusCode).toBe(500);
      expect(body).not.toMatch(/alpha/);
    }
  });

  test('gives a file whose cells no spreadsheet runs, each with its source and clause', async () => {
    const response = await (await lead()).get(`/people/${open}/record.csv`);
    expect(response.headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(response.headers['content-disposition']).toBe(`attachment; filename="record-${open}.csv"`);
    const [head, ...lines] = response.body.trim().split('\r\n');
    expect(head).toBe('agency,feed,date,field,value,in_words,source_file,source_line,loaded_on,shared_under,corrected_to,corrected_on');
    expect(lines).toContain('Ambulance service,Ambulance calls,2026-07-01,Called at,2026-07-01 09:05:00,1 July 2026 at 9:05am,ambulance-call.csv,5,2026-11-02,"Shared under Early help for families, clause 5",,');
  });
});

describe('keys that are no person’s', () => {
  test.each([key(77), 'P1', `${open}x`, `${open.toLowerCase()}`, "P' OR 1=1 --", '../../etc/passwd', '%00', '<script>alert(1)</script>', 'x'.repeat(3000), '__proto__'])('%s', async (forged) => {
    const visitor = await at.as('lead-practitioner', 'Early help', { userId: userOf(readers[1]!, 'lead'), purpose: 'early-help' });
    for (const path of [`/people/${encodeURIComponent(forged)}`, `/people/${encodeURIComponent(forged)}/record.csv`, `/api/people/${encodeURIComponent(forged)}`, `/people/${encodeURIComponent(forged)}/see-more`]) {
      const { statusCode, body } = await visitor.get(path);
      expect(statusCode).toBe(404);
      expect(body).toContain('Page not found');
      expect(body).not.toContain('<script>alert');
    }
    expect(at.audited.filter(({ action }) => action.startsWith('person.')).every(({ outcome }) => outcome === 'refused')).toBe(true);
    expect(at.audited.filter(({ subjectKind, subjectIds }) => subjectKind === 'person' && subjectIds?.some((id) => !/^P[0-9a-f]{16}$/.test(id)))).toEqual([]);
  });

  test('but a key of an earlier snapshot leads to the person whom it means now', async () => {
    await at.plantCases([{ personKey: oldKey, lead: { userId: 'old-lead', agency: 'early-help' } }]);
    const visitor = await at.as('lead-practitioner', 'Early help', { userId: 'old-lead', purpose: 'early-help' });
    expect((await visitor.get(`/people/${oldKey}`)).headers.location).toBe(`/people/${other}`);
    expect((await visitor.get(`/people/${other}`)).body).toContain('Omegacomplaint');
    const stranger = await at.as('lead-practitioner', 'Housing association', { userId: 'x', purpose: 'early-help' });
    expect((await stranger.get(`/people/${oldKey}`)).statusCode).toBe(404);
  });
});

describe('the search', () => {
  const asLead = () => at.as('lead-practitioner', 'Early help', { userId: userOf(readers[1]!, 'lead'), purpose: 'early-help' });

  test('says how well each fits by what is shown alone', async () => {
    const { body } = await (await asLead()).send('/people', { surname: 'quillalfa', forename: 'Adaalpha', 'birth-day': '17', 'birth-month': '4', 'birth-year': '2015' });
    expect(body).toContain('Adaalpha Quillalpha');
    expect(body).toContain('Born 17 April 2015');
    expect(body).toContain('Last name nearly the same, First name the same, Date of birth the same');
  });

  test('is by no prefix, no sort, no hidden value and no wildcard', async () => {
    const visitor = await asLead();
    for (const form of [{ surname: 'Quill' }, { surname: '%' }, { surname: 'Quill*' }, { number: 'alpha-nominal' }, { postcode: 'FM9 9ZZ' }, { surname: 'Quillzeta' }, { surname: 'alpha-street' }] as Record<string, string>[]) {
      const { body, statusCode } = await visitor.send('/people', form);
      expect([statusCode, body.includes('Nobody whom you may see fits'), body.includes('/people/P')]).toEqual([200, true, false]);
    }
    const sorted = await visitor.send('/people?sort=surname&limit=9999', search);
    expect(sorted.body.match(/href="\/people\/P/g)).toHaveLength(1);
  });

  test('tells of a sealed record only to whom it would be shown, and only where two things fit', async () => {
    const visitor = await asLead();
    const full = { surname: 'Quillsigma', 'birth-day': '17', 'birth-month': '4', 'birth-year': '2015' };
    const { body } = await visitor.send('/people', full);
    expect(body).toContain('A record exists. Ring the safeguarding desk on 01632 960001.');
    expect(body.replaceAll(/value="Quillsigma"/g, '')).not.toMatch(new RegExp(`sigma|${sealed}`));
    expect(at.audited.at(-1)).toMatchObject({ action: 'person.search', subjectIds: expect.arrayContaining([sealed]) as string[] });
    expect((await visitor.send('/people', { surname: 'Quillsigma' })).body).not.toContain('A record exists');
    const stranger = await at.as('lead-practitioner', 'Housing association', { userId: 'x', purpose: 'record-linkage' });
    expect((await stranger.send('/people', full)).body).not.toContain('A record exists');
  });

  test.each([
    [{}, 'Enter a name, a date of birth, a postcode or a number'],
    [{ 'birth-day': '31', 'birth-month': '2', 'birth-year': '2015' }, 'Enter a real date of birth'],
    [{ 'birth-year': '2015' }, 'Enter a real date of birth'],
    [{ number: '1' }, 'Enter the whole number'],
    [{ surname: 'x'.repeat(101) }, 'Enter at most 100 characters'],
  ])('says what is wrong with %j', async (form, says) => {
    const { statusCode, body } = await (await asLead()).send('/people', form as Record<string, string>);
    expect(statusCode).toBe(400);
    expect(body).toContain(says);
    expect(at.audited.filter(({ action }) => action === 'person.search')).toEqual([]);
  });

  test('shows what was typed as text, and sends nothing without the form’s token', async () => {
    const visitor = await asLead();
    const { body } = await visitor.send('/people', { surname: '"><script>alert(1)</script>' });
    expect(body).not.toContain('<script>alert');
    expect((await at.server.app.inject({ method: 'POST', url: '/people', headers: { 'content-type': 'application/x-www-form-urlencoded' }, payload: 'surname=Quillalpha' })).statusCode).toBe(403);
  });
});

test('A search finds people of one’s own cases where the index has missed them among many of one name', async () => {
  await at.plantCases([{ personKey: withOther, lead: { userId: 'own', agency: 'early-help' } }]);
  const visitor = await at.as('lead-practitioner', 'Early help', { userId: 'own', purpose: 'early-help' });
  expect((await visitor.send('/people', { surname: 'Rook' })).body).toContain(`href="/people/${withOther}"`);
  const stranger = await at.as('hub-coordinator', 'Early help', { userId: 'x', purpose: 'record-linkage' });
  const elsewhere = await at.as('lead-practitioner', 'Housing association', { userId: 'x', purpose: 'early-help' });
  expect((await stranger.send('/people', { surname: 'Nobody' })).body).not.toContain(withOther);
  expect((await elsewhere.send('/people', { surname: 'Rook' })).body).not.toContain(withOther);
});

test('Free text of an incident stays out where somebody else in it is sealed, even to whoever broke the glass', async () => {
  const reader = { userId: 'glassy', role: 'lead-practitioner' as const, agency: 'early-help' };
  await at.plantCases([{ personKey: withOther, lead: { userId: 'glassy', agency: 'early-help' } }]);
  const visitor = await at.as('lead-practitioner', 'Early help', { userId: 'glassy', purpose: 'early-help' });
  await breakGlass(at.store.casework.db, at.clock, { reader, purpose: 'early-help', personKey: withOther, reason: 'A child may come to harm tonight' });
  for (const path of [`/people/${withOther}`, `/people/${withOther}/record.csv`, `/api/people/${withOther}`]) {
    const { body } = await visitor.get(path);
    expect(body).toContain('shared-incident');
    expect(body).not.toContain('shared-summary');
  }
});

test.each(readers.flatMap((reader) => ['early-help', 'record-linkage', null].map((purpose) => ({ ...reader, purpose }))))('“People” is in the menu of $role of $agency, for $purpose, just where its page answers', async ({ role, agency, purpose }) => {
  const visitor = await at.as(role, agency, { purpose });
  const answers = (await visitor.get('/people')).statusCode !== 404;
  for (const page of ['/', '/purpose', '/govern/my-access']) expect(/href="\/people"[^>]*>\s*People/.test((await visitor.get(page)).body), page).toBe(answers);
  expect((await visitor.get('/')).body.includes('>Find a person</a>')).toBe(answers);
});

test('“People” is in no menu where there are no such pages, nor once agreements have ended', async () => {
  const without = await openTestServer();
  const { cookie } = await signedInAs(without, 'lead-practitioner');
  expect((await without.app.inject({ url: '/', headers: { cookie } })).body).not.toContain('href="/people"');
  await without.app.close();
  const ended = await openPeopleServer(quickStores(), memoryPeople(rows));
  await ended.endAgreements('Over');
  const visitor = await ended.as('lead-practitioner', 'Early help', { purpose: 'early-help' });
  expect((await visitor.get('/')).body).not.toContain('href="/people"');
  await ended.close();
});
