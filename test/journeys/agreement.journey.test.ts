// An agreement from its first word to its last in a real browser, without script, with the sample users of a small built partnership: an information
// governance lead writes it from a template, three partners sign, an analyst and a practitioner gain exactly what it says, a third party nothing; the glass
// is broken and reviewed; the lead ends it, the same pages are dark and say why, and who saw the person's record, and why, is printed for them.

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openHeldPeople, readRecordFeeds, type HeldPeople } from '../../src/build/index.ts';
import { systemClock } from '../../src/core/index.ts';
import { britishDayOf, contentFromTemplate, openCaseDesk, openPeople, openProtection, readAgreementPacks, readAuditSignalRules, seedSampleCases, storeAgreements, storeDrafts, storeSignalReviews, type AgreementRegister, type HeldRow } from '../../src/govern/index.ts';
import { openPersonIds, type PersonIdsReader } from '../../src/linkage/index.ts';
import { followLake, listAuditEvents, openAttachmentFiles, openCasework, storeAudit, storeAuditStudy, type Casework, type Home } from '../../src/store/index.ts';
import { createQuestions, readCategories } from '../../src/understand/index.ts';
import { follow, largeScreen, openVisitedServer, type VisitedServer } from '../support/browser-visit.ts';
import { findAccessibilityFaults, watchPage } from '../support/browser.ts';
import { builtHome } from '../support/sample-home.ts';
import { quickStores } from '../support/stores.ts';

const stores = quickStores();
const packs = readAgreementPacks(undefined);
let home: Home;
let casework: Casework;
let register: AgreementRegister;
let held: HeldPeople;
let ids: PersonIdsReader;
let lake: Awaited<ReturnType<typeof followLake>>;
let server: VisitedServer;
let origin: string;
let address: string;
/** Somebody whom early help, the police and a school know, and what the latter two hold. */
let person: { key: string; forename: string; surname: string; incident: HeldRow; roll: HeldRow };
const log: string[] = [];

beforeAll(async () => {
  home = await builtHome();
  [held, ids, lake] = [openHeldPeople(home), openPersonIds(home), await followLake(home)];
  person = await findPerson();
  casework = await openCasework({ ...(await stores.readyPlace()), clock: systemClock });
  const { db } = casework;
  register = await storeAgreements(db, systemClock, { packs });
  const people = openPeople(db, systemClock, { source: held, feeds: readRecordFeeds(home.packs) });
  server = await openVisitedServer({
    partnership: home.settings.partnership, questions: createQuestions({ localPacks: home.packs, clock: systemClock }), lake: () => lake.current(), categories: readCategories(home.packs), log: { write: (line) => void log.push(line) },
    audit: storeAudit(db, systemClock), auditStudy: { ...storeAuditStudy(db), people: ids, reviews: storeSignalReviews(db, systemClock), rules: readAuditSignalRules(home.packs).value },
    agreements: register, agreementPacks: packs, agreementDrafts: storeDrafts(db, systemClock),
    people, cases: openCaseDesk(db, systemClock, { source: held, people, attachments: openAttachmentFiles(home) }), protection: openProtection(db, systemClock), contact: { name: 'the data team', email: 'data@example.org' },
  });
  ({ origin } = server);
}, 180_000);

afterAll(async () => {
  await server?.close();
  lake?.close();
  await held?.close();
  await ids?.close();
  await casework?.close();
});

async function findPerson(): Promise<typeof person> {
  for (const key of await held.knownTo('early-help-episode', 12)) {
    const rows = await held.rows([key]);
    const [episode, incident, roll] = ['early-help-episode', 'police-incident', 'school-roll'].map((feed) => rows.find((row) => row.feed === feed));
    if (episode && incident?.values.summary && roll?.values.upn) return { key, forename: episode.values.forename!, surname: episode.values.surname!, incident, roll };
  }
  throw new Error('The sample has nobody whom all three know');
}

/** As a sample user, from the start page. */
const as = (name: string, use: (page: Page) => Promise<void>, path = '/') => server.visits.as(name, path, use);

const press = (page: Page, name: string) => follow(page.getByRole('button', { name, exact: true }));
const open = (page: Page, name: string | RegExp) => follow(page.getByRole('link', { name }).first());
const mainText = async (page: Page) => ((await page.textContent('main')) ?? '').replaceAll(/\s+/g, ' ');

async function visit(page: Page, path: string): Promise<{ status: number; text: string }> {
  const response = await page.goto(origin + path);
  return { status: response!.status(), text: await mainText(page) };
}

/** Leaves only these chosen, of checkboxes or of radios. */
async function choose(page: Page, values: string[]): Promise<void> {
  for (const box of await page.locator('main input[type=checkbox]').all()) await box.setChecked(values.includes((await box.getAttribute('value'))!));
  for (const radio of await page.locator('main input[type=radio]').all()) if (values.includes((await radio.getAttribute('value'))!)) await radio.check();
  await press(page, 'Save and continue');
}

/** Takes out all of a list but those that stay, each by its own page. */
async function takeOut(page: Page, { links, button, stay }: { links: RegExp; button: string; stay: (code: string) => boolean }): Promise<void> {
  for (;;) {
    const paths = await page.getByRole('link', { name: links }).evaluateAll((all) => all.map((link) => (link as unknown as { pathname: string }).pathname));
    const next = paths.findLast((path) => !stay(path.split('/').at(-2)!));
    if (next === undefined) return;
    await page.goto(origin + next);
    await press(page, button);
  }
}

const title = 'Early help, and where it is needed';
const kept = ['police', 'early-help'];
/** What the clause about figures says, in the order in which it is asked. */
const figures = [['understand-demand'], ['police'], ['pseudonymised'], ['police-incident'], ['violence-reduction-unit'], ['analyst'], ['article-6-1-e', 'article-9-2-g-statutory', 'article-10-statutory', 'crime-and-disorder-1998-115']];

async function write(): Promise<void> {
  await as('Judith Penrose', async (page) => {
    expect((await visit(page, '/govern/agreements')).text).toContain('There are no agreements yet.');
    await press(page, 'Write an agreement');
    await page.getByLabel('Early help for families').check();
    await press(page, 'Begin');
    await open(page, 'Title');
    await page.getByLabel('What is the agreement called?').fill(title);
    await press(page, 'Save and continue');
    await open(page, 'Parties');
    await takeOut(page, { links: /^Take out/, button: 'Take out', stay: (code) => kept.includes(code) });
    await press(page, 'Add a party');
    await page.getByLabel('Violence reduction unit').check();
    await page.getByLabel('Joint controller').check();
    await page.getByLabel('Whom can people ask there?').fill('Senior information risk owner');
    await press(page, 'Save and continue');
    await press(page, 'Continue');
    // What names an agency that is no party any more is said beside it.
    await press(page, 'Check the agreement');
    expect(await mainText(page)).toContain('To mend:');
    await press(page, 'Sign out');
  });
  await as('Judith Penrose', async (page) => {
    await page.goto(`${origin}/govern/agreements`);
    await open(page, title);
    await open(page, 'Add or remove clauses');
    await takeOut(page, { links: /^Remove/, button: 'Remove', stay: (key) => ['c1', 'c2'].includes(key) });
    await press(page, 'Add a clause');
    for (const values of figures) await choose(page, values);
    await page.getByLabel('Why would less not do?').fill('Where help is needed shows only over all incidents');
    await press(page, 'Save and continue');
    await press(page, 'Continue');
    await press(page, 'Check the agreement');
    // All parts of a case but one.
    await open(page, /Change Clause 1, Items/);
    await choose(page, ['early-help-episode', ...['file', 'members', 'lead', 'contact', 'referral', 'own-words', 'strengths', 'plan', 'actions', 'notes', 'reviews'].map((section) => `case/${section}`)]);
    expect(await mainText(page)).not.toContain('To mend:');
    await press(page, 'Save this agreement');
    expect(await mainText(page)).toContain('The version is saved.');
    address = new URL(page.url()).pathname;
  });
}

async function sign(): Promise<void> {
  for (const [name, agency] of [['Ruth Calloway', 'Police'], ['Fiona Drummond', 'Early help'], ['Claire Renshaw', 'Violence reduction unit']] as const) {
    await as(name, async (page) => {
      await page.goto(`${origin}/govern/agreements`);
      await open(page, new RegExp(`^Sign it for ${agency}`));
      await press(page, 'Sign');
      expect(await page.title()).toMatch(/^Error: /);
      await page.getByLabel(`I have read version 1, and I may sign for ${agency}`).check();
      await press(page, 'Sign');
      expect(await mainText(page)).toContain('You have signed.');
      expect(await page.locator('main .govuk-tag').first().textContent()).toBe(agency === 'Violence reduction unit' ? 'In force' : 'Being signed');
    });
  }
}

/** Nothing but what is published, with the reason; and the agreement itself is not there for whoever is no party. */
async function thirdPartySeesNothing(): Promise<void> {
  await as('Helen Ashdown', async (page) => {
    expect((await visit(page, '/govern/my-access')).text).toContain('No agreement that is in force names your role');
    const demand = await visit(page, '/understand/demand');
    expect([demand.status, demand.text]).toEqual([200, expect.stringMatching(/Police incidents.*No agreement in force gives these data to a commissioner of services of Council\./)]);
    const linkage = await visit(page, '/linkage');
    expect([linkage.status, linkage.text]).toEqual([403, expect.stringContaining('You cannot see this now')]);
    for (const path of ['/people', `/people/${person.key}`, '/cases']) expect((await visit(page, path)).status, path).toBe(404);
  });
  await as('Amina Yusuf', async (page) => {
    for (const part of ['', '/document', '/data-flows', '/impact-assessment', '/sign']) expect((await visit(page, address + part)).status, part).toBe(404);
  });
}

const understandPages = ['demand', 'repeat-demand', 'places', 'data-quality'].map((page) => `/understand/${page}`);

async function analystSees(page: Page): Promise<void> {
  expect((await visit(page, '/govern/my-access')).text).toContain('Police incidents: all fields but those that identify');
  for (const path of understandPages) {
    expect((await visit(page, path)).status, path).toBe(200);
    const leftOut = await page.locator('.hw-source__left-out').textContent();
    expect(leftOut, path).toContain('Ambulance calls');
    expect(leftOut, path).not.toContain('Police incidents');
  }
  // Of everybody's records, or of one person's: these the agreement does not give.
  expect((await visit(page, '/linkage')).status).toBe(403);
  for (const path of ['/people', `/people/${person.key}`, '/cases']) expect((await visit(page, path)).status, path).toBe(404);
}

/** The addresses of the person's record and case, as their practitioner finds them. */
async function practitionerSees(page: Page): Promise<{ record: string; ofCase: string }> {
  await follow(page.getByRole('link', { name: `${person.forename} ${person.surname}` }));
  const ofCase = new URL(page.url()).pathname;
  await open(page, 'Write an entry');
  expect(await page.getByLabel('The plan agreed with the family').count()).toBe(1);
  expect(await page.getByLabel('Worries').count()).toBe(0);
  await page.goto(origin + ofCase);
  await open(page, 'What agencies hold about the person');
  const record = new URL(page.url()).pathname;
  const text = await mainText(page);
  for (const given of ['Early help episodes', `Shared under ${title}, clause 1`, 'Police incidents', `Shared under ${title}, clause 2`, person.incident.values.incident_ref!]) expect(text).toContain(given);
  for (const hidden of [person.incident.values.summary!, person.roll.values.upn!, 'Schools and education']) expect(text).not.toContain(hidden);
  expect((await visit(page, '/understand/demand')).status).toBe(403);
  return { record, ofCase };
}

const emergency = 'Her school rang: she has not come home since yesterday';
const found = 'Rang the manager. The child was found that evening.';

async function breakGlass(page: Page, record: string): Promise<void> {
  await page.goto(origin + record);
  await open(page, 'I need to see more now');
  await press(page, 'See more for two hours');
  expect(await mainText(page)).toContain('Enter a reason');
  await page.getByLabel('Why do you need to see more now?').fill(emergency);
  await page.getByLabel(/I need to see more of this record/).check();
  await press(page, 'See more for two hours');
  expect(new URL(page.url()).pathname).toBe(record);
  const text = await mainText(page);
  expect(text).toMatch(/It stays open until \d{1,2}:\d\d[ap]m, (2 hours|1 hour 59 minutes) from now/);
  for (const shown of ['Schools and education', person.roll.values.upn!, person.incident.values.summary!]) expect(text).toContain(shown);
}

async function review(page: Page): Promise<void> {
  expect((await visit(page, '/')).text).toContain('Someone asked to see more of a record than agreements give.');
  await open(page, 'Review it now');
  expect(await mainText(page)).toContain(emergency);
  await follow(page.locator('main').getByRole('link').first());
  await page.getByLabel('It was right').check();
  await page.getByLabel('In your words').fill(found);
  await press(page, 'Record the review');
  expect(await mainText(page)).toContain('Your review was recorded.');
  expect(await mainText(page)).toContain('Nothing waits for a review.');
}

async function end(page: Page): Promise<void> {
  await page.goto(origin + address);
  await open(page, 'End this agreement');
  expect(await mainText(page)).toContain('data of Police to Violence reduction unit.');
  await press(page, 'End the agreement');
  expect(await page.title()).toMatch(/^Error: /);
  await page.getByLabel('Why does it end?').fill('The pilot is over');
  await page.getByLabel('I may end this agreement for all parties').check();
  await press(page, 'End the agreement');
  expect(await mainText(page)).toContain('The reason given: The pilot is over.');
  expect(await page.locator('main .govuk-tag').first().textContent()).toBe('Lapsed');
}

async function isDark(page: Page, paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    const { status, text } = await visit(page, path);
    expect([path, status]).toEqual([path, 403]);
    expect(text, path).toMatch(new RegExp(`You cannot see this now.*The agreement “${title}” lapsed on \\d+ \\w+ \\d{4}: it was ended\\.`));
    expect(text, path).not.toContain(person.surname);
  }
}

/** What is on the paper: each sentence, and nothing of menus, of names, of what somebody wrote. */
async function printLetter(page: Page): Promise<void> {
  await page.goto(`${origin}/govern/audit/person`);
  await page.getByLabel('Which person?').fill(person.key);
  await press(page, 'Find');
  await press(page, 'Write it for the person');
  expect(await mainText(page)).toContain('Read this before you hand it over.');
  await page.emulateMedia({ media: 'print' });
  const paper = (await page.locator('body').innerText()).replaceAll(/\s+/g, ' ');
  for (const sentence of [
    'Who has looked at your record', `Written on`, person.key, 'Their purpose: help a family early.',
    `a lead practitioner of Early help looked at your record, under the agreement “${title}”, clauses 1 and 2. Their purpose`,
    `a lead practitioner of Early help read a case about you, under the agreement “${title}”`,
    'a lead practitioner of Early help opened your record in an emergency.', ', in an emergency that was reviewed afterwards or will be. Their purpose',
    'an information governance lead of Police checked why your record was opened in an emergency',
    'an analyst of Violence reduction unit tried to look at your record and was refused', 'a commissioner of services of Council tried to look at your record and was refused',
    'a lead practitioner of Early help tried to look at your record and was refused. Their purpose: help a family early.',
    'Tell the data team (data@example.org).', 'Information Commissioner',
  ]) expect(paper).toContain(sentence);
  for (const absent of [
    'Daniel Whitlock', 'Priya Nair', 'Helen Ashdown', 'sample-', person.forename, person.surname, emergency, found, person.incident.values.incident_ref!,
    'Read this before you hand it over.', 'Back to who saw a person', 'Sign out', 'Skip to main content', 'Agreements',
  ]) expect(paper).not.toContain(absent);
  const pdf = await page.pdf({ format: 'A4' });
  expect([pdf.subarray(0, 5).toString(), pdf.length > 5000]).toEqual(['%PDF-', true]);
  if (process.env.SCREENSHOTS) {
    await page.setViewportSize({ width: 794, height: 1123 });
    await page.screenshot({ path: `${process.env.SCREENSHOTS}/letter-print.png`, fullPage: true });
  }
}

/** Of an agreement about figures that two have signed; made once. */
let live: Promise<string> | undefined;
const liveAddress = (): Promise<string> => (live ??= (async () => {
  const { clauses: [clause], ...content } = contentFromTemplate(packs.templates.get('understand-demand-and-harm')!, britishDayOf(systemClock.now()));
  const parties = content.parties.filter(({ agency }) => ['police', 'violence-reduction-unit'].includes(agency));
  const drafted = await register.draft({ ...content, parties, clauses: [{ ...clause!, from: ['police'], items: [{ feed: 'police-incident', fields: 'all' }], to: [{ agency: 'violence-reduction-unit', roles: ['analyst'] }] }] }, { userId: 'sample-governance-lead-police', role: 'governance-lead', agency: 'police' });
  if (!drafted.ok) throw new Error(JSON.stringify(drafted));
  for (const { agency } of parties) await register.sign(drafted.agreementId, 1, { userId: `sample-signatory-${agency}`, role: 'signatory', agency });
  return `/govern/agreements/${drafted.agreementId}`;
})());

describe('an agreement', () => {
  test('is written, signed, gives each exactly what it says, and ends: the same pages are dark, and the person is told who looked', async () => {
    await write();
    await as('Priya Nair', async (page) => {
      expect((await visit(page, '/govern/my-access')).text).toContain('No agreement that is in force names your role');
    });
    await sign();
    expect(await seedSampleCases(casework.db, systemClock, { open: async () => [person.key], closed: async () => [] })).toBe(1);
    await thirdPartySeesNothing();
    await as('Priya Nair', async (analyst) => {
      await analystSees(analyst);
      await as('Daniel Whitlock', async (practitioner) => {
        const { record, ofCase } = await practitionerSees(practitioner);
        await breakGlass(practitioner, record);
        await as('Judith Penrose', async (lead) => {
          await review(lead);
          await end(lead);
          await isDark(analyst, understandPages);
          await isDark(practitioner, [record, ofCase, '/cases']);
          await printLetter(lead);
        });
      }, '/cases');
    });
    expect(log.join('')).not.toContain(person.surname);

    const acts = (await listAuditEvents(casework.db, { limit: 500 })).filter(({ action }) => action.startsWith('agreement.')).toReversed();
    const id = address.split('/').at(-1)!;
    expect(acts.filter(({ outcome }) => outcome === 'done').map(({ actorId, action, subjectIds }) => [actorId, action, ...(subjectIds ?? [])])).toEqual([
      ['sample-governance-lead-police', 'agreement.draft', id],
      ['sample-signatory-police', 'agreement.sign', id],
      ['sample-signatory-early-help', 'agreement.sign', id],
      ['sample-signatory-violence-reduction-unit', 'agreement.sign', id],
      ['sample-governance-lead-police', 'agreement.end', id],
    ]);
    expect(acts.filter(({ outcome }) => outcome === 'refused').map(({ actorId, action }) => `${actorId} ${action}`)).toEqual(Array.from({ length: 5 }, () => 'sample-signatory-scrutiny-panel agreement.open'));
  }, 120_000);

  test('has pages that fit 1280 and 375 pixels, keep the content policy, and have nothing for axe to find', async () => {
    await server.visits.as('Judith Penrose', '/', async (page) => {
      const [watch, live] = [await watchPage(page), await liveAddress()];
      await page.goto(`${origin}/govern/agreements/new`);
      await page.getByLabel('Early help for families').check();
      await press(page, 'Begin');
      const draft = new URL(page.url()).pathname;
      const writing = ['', '/title', '/parties', '/parties/add', '/clauses', '/clauses/c2', '/clauses/c2/powers', '/clauses/c2/fields/police-involvement', '/dates', '/check'].map((part) => draft + part);
      const reading = ['', '/document', '/data-flows', '/impact-assessment', '/end'].map((part) => live + part);
      for (const path of ['/govern/agreements', '/govern/my-access', ...reading, ...writing]) {
        expect((await page.goto(origin + path))!.status(), path).toBe(200);
        // Once: the same elements stand on a small screen.
        expect(await findAccessibilityFaults(page), path).toEqual([]);
        for (const width of [1280, 375]) {
          await page.setViewportSize({ width, height: 900 });
          expect(await page.evaluate('document.documentElement.scrollWidth <= document.documentElement.clientWidth'), `${path} at ${width}`).toBe(true);
          if (process.env.SCREENSHOTS) await page.screenshot({ path: `${process.env.SCREENSHOTS}/${path.replaceAll(/[^a-z]+/g, '-')}${width}.png`, fullPage: true });
        }
        await page.setViewportSize(largeScreen);
      }
      await page.goto(`${origin}/govern/audit/person`);
      await page.getByLabel('Which person?').fill(person.key);
      for (const button of ['Find', 'Write it for the person']) {
        await press(page, button);
        expect(await findAccessibilityFaults(page), button).toEqual([]);
      }
      expect(watch.faults).toEqual([]);
      await page.goto(`${origin}${draft}/discard`);
      await press(page, 'Throw away');
    }, { javaScriptEnabled: true });
  });

  test('lapses the moment a party withdraws, and says why; a page that stands open goes dark by itself, and leaves what was being typed', async () => {
    await liveAddress();
    await server.visits.as('Priya Nair', '/understand/demand', async (analyst) => {
      const watch = await watchPage(analyst);
      expect((await visit(analyst, '/understand/demand')).status).toBe(200);
      const shown = (await analyst.locator('main h1').textContent())!;
      // As a browser says that somebody looks at the page again; it asks twice a minute besides.
      const lookAgain = () => Promise.all([analyst.waitForResponse((response) => response.url().includes('/purpose/standing')), analyst.evaluate("document.dispatchEvent(new Event('visibilitychange'))")]);
      await lookAgain();
      expect(await analyst.locator('main h1').textContent()).toBe(shown);
      await analyst.evaluate("document.querySelector('main').append(Object.assign(document.createElement('textarea'), { value: 'Half a sentence' }))");
      await withdraw();
      await lookAgain();
      await analyst.getByRole('heading', { name: 'You cannot see this now' }).waitFor();
      expect((await analyst.locator('main').innerText()).replaceAll(/\s+/g, ' ').replace(/\d+ \w+ \d{4}/, 'today')).toBe('You cannot see this now What agreements give you changed while this page was open. The agreement “Understand demand and harm together” lapsed on today: Violence reduction unit took part in it no longer. Load the page again to see what you may see now. What you had typed, and was not sent');
      expect(await analyst.getByLabel('What you had typed, and was not sent').inputValue()).toBe('Half a sentence');
      expect(await findAccessibilityFaults(analyst)).toEqual([]);
      await follow(analyst.getByRole('link', { name: 'Load the page again' }));
      expect(await mainText(analyst)).toContain('You cannot see this now');
      expect(watch.faults).toEqual([]);
    }, { javaScriptEnabled: true });
  });
});

async function withdraw(): Promise<void> {
  await as('Claire Renshaw', async (page) => {
    await page.goto(`${origin}${await liveAddress()}`);
    expect(await page.locator('main .govuk-tag').first().textContent()).toBe('In force');
    await open(page, 'Withdraw Violence reduction unit');
    await page.getByLabel('Why does your agency withdraw?').fill('The unit closes at the end of the month');
    await page.getByLabel('I may withdraw Violence reduction unit from this agreement').check();
    await press(page, 'Withdraw');
    expect(await mainText(page)).toContain('The reason given: The unit closes at the end of the month.');
    expect(await page.locator('main .govuk-tag').first().textContent()).toBe('Lapsed');
  });
}
