// A merge of a small simulated partnership is undone in a real browser, without script; the next build gives both people their keys back; and
// what was done stands in the audit by ids alone.

import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openHeldPeople, readRecordFeeds, type HeldPeople } from '../../src/build/index.ts';
import { systemClock } from '../../src/core/index.ts';
import { liftSeal, openPeople, sealSubject } from '../../src/govern/index.ts';
import { openLinkReviewService, openPersonEventService, type LinkReviewService, type PersonEvent, type PersonEventService } from '../../src/linkage/index.ts';
import { followLake, listAuditEvents, openCasework, storeAudit, type Casework, type Home } from '../../src/store/index.ts';
import { createQuestions, readCategories } from '../../src/understand/index.ts';
import { agreementForAll } from '../support/agreement-for-all.ts';
import { findAccessibilityFaults, watchPage } from '../support/browser.ts';
import { checkPage, follow, openVisitedServer, type VisitedServer } from '../support/browser-visit.ts';
import { buildSample, giveStore, mergedHome } from '../support/sample-home.ts';

let home: Home;
let casework: Casework;
let review: LinkReviewService;
let personEvents: PersonEventService;
let held: HeldPeople;
let lake: Awaited<ReturnType<typeof followLake>>;
let server: VisitedServer;
let merge: PersonEvent;
const log: string[] = [];

const build = () => buildSample(home);

beforeAll(async () => {
  home = await mergedHome();
  await giveStore(home);
  casework = await openCasework({ folder: home.store, clock: systemClock });
  review = await openLinkReviewService(home, casework);
  personEvents = openPersonEventService(home, casework);
  [merge] = await personEvents.list({ kind: 'merge', limit: 1 }) as [PersonEvent];
  held = openHeldPeople(home);
  lake = await followLake(home);
  server = await openVisitedServer({
    agreements: await agreementForAll(systemClock), partnership: home.settings.partnership, questions: createQuestions({ localPacks: home.packs, clock: systemClock }), lake: () => lake.current(), audit: storeAudit(casework.db, systemClock),
    review, personEvents, people: openPeople(casework.db, systemClock, { source: held, feeds: readRecordFeeds(home.packs) }), log: { write: (line) => void log.push(line) }, categories: readCategories(home.packs),
  });
}, 180_000);

afterAll(async () => {
  await server?.close();
  lake?.close();
  await review?.close();
  await personEvents?.close();
  await held?.close();
  await casework?.close();
});

const as = (name: string, options: BrowserContextOptions, path: string, use: (page: Page) => Promise<void>) => server.visits.as(name, path, use, { javaScriptEnabled: true, ...options });

test('at 1280 and 375 pixels the pages have nothing for axe to find, keep the content policy and do not scroll sideways', async () => {
  await as('Samuel Adeyemi', {}, '/linkage/events', async (page) => {
    const watch = await watchPage(page);
    const { records } = (await personEvents.find(merge.event))!;
    const pairId = await personEvents.events.findPairId(...([records.find(({ side }) => side === 'moved')!.sourceId, records.find(({ side }) => side === 'joined')!.sourceId].toSorted() as [string, string]));
    const [split] = await personEvents.list({ kind: 'split', limit: 1 });
    for (const path of ['/linkage/events', '/linkage/events?kind=merge', `/linkage/events/${merge.event}`, ...(split ? [`/linkage/events/${split.event}`] : []), ...(pairId ? [`/linkage/review/${pairId}`] : []), '/linkage/review', '/linkage']) {
      await page.goto(server.origin + path);
      await page.evaluate('document.querySelectorAll("details").forEach((each) => { each.open = true; })');
      await checkPage(page, { name: path.replaceAll(/[^a-z0-9]+/g, '-'), pictures: process.env.SCREENSHOTS });
    }
    expect(watch.faults).toEqual([]);
  });
});

describe.each([1280, 375])('at %i pixels', (width) => {
  test('a form that is refused says why and has nothing for axe to find', async () => {
    await as('Samuel Adeyemi', { viewport: { width, height: 900 } }, `/linkage/events/${merge.event}`, async (page) => {
      await follow(page.getByRole('button', { name: 'Undo this event' }));
      await page.getByRole('alert').waitFor();
      expect(await page.title()).toMatch(/^Error: /);
      expect(await page.getByRole('alert').innerText()).toContain('Enter a reason');
      await page.getByRole('link', { name: 'Enter a reason' }).click();
      expect(await page.evaluate('document.activeElement.id')).toBe('reason');
      expect(await findAccessibilityFaults(page)).toEqual([]);
      if (process.env.SCREENSHOTS) await page.screenshot({ path: `${process.env.SCREENSHOTS}/refused-${width}.png`, fullPage: true });
    });
  });
});

test('a merge of somebody whose record was sealed before it is there for the keeper alone', async () => {
  const lead = { userId: 'ig', role: 'governance-lead' as const, agency: 'council' };
  const seal = await sealSubject(casework.db, systemClock, { reader: lead, personKey: merge.oldKey!, ground: 'domestic-abuse', whomToRing: 'the desk', keepers: ['sample-lead-practitioner'] });
  if (!seal.ok) throw new Error('Not sealed');
  const answers = (name: string) => {
    const seen: unknown[] = [];
    return as(name, {}, '/linkage/events', async (page) => {
      const link = page.getByRole('link', { name: `Event ${merge.event}`, exact: true });
      seen.push(await link.count(), (await page.goto(`${server.origin}/linkage/events/${merge.event}`))!.status());
      if (process.env.SCREENSHOTS) await page.screenshot({ path: `${process.env.SCREENSHOTS}/sealed-${name.replaceAll(' ', '-')}.png`, fullPage: true });
    }).then(() => seen);
  };
  expect([await answers('Samuel Adeyemi'), await answers('Daniel Whitlock')]).toEqual([[0, 404], [1, 200]]);
  await liftSeal(casework.db, systemClock, { reader: lead, sealedSubjectId: seal.sealedSubjectId, reason: 'Over' });
  expect(await answers('Samuel Adeyemi')).toEqual([1, 200]);
});

test('a merge is undone without script, and the next build gives both people their keys back', async () => {
  const before = (await personEvents.find(merge.event))!;
  expect(new Set(before.records.map(({ personKey }) => personKey))).toEqual(new Set([merge.newKey]));
  await as('Grace Okafor', { javaScriptEnabled: false }, '/linkage/events', async (page) => {
    await follow(page.getByRole('link', { name: `Event ${merge.event}`, exact: true }));
    await page.getByLabel('Why was it wrong?').fill('Two brothers at one school');
    await page.getByLabel(/I have looked at the records/).check();
    await page.getByRole('button', { name: 'Undo this event' }).click();
    await page.waitForURL(/done=undo/);
    expect(await page.textContent('main')).toContain('It takes effect at the next build');
    if (process.env.SCREENSHOTS) await page.screenshot({ path: `${process.env.SCREENSHOTS}/waiting-1280.png`, fullPage: true });
  });
  await build();
  const after = (await personEvents.find(merge.event))!;
  for (const { side, sourceId, personKey } of after.records) expect(personKey, sourceId).toBe(side === 'moved' ? merge.oldKey : merge.newKey);
  expect(after.event.undo.state).toBe('undone');
  await as('Grace Okafor', { javaScriptEnabled: false }, `/linkage/events/${merge.event}`, async (page) => {
    await follow(page.getByRole('link', { name: /^event \d+$/ }).first());
    expect(await page.textContent('main')).toContain(`Undo of event ${merge.event}: Two brothers at one school.`);
    expect(await page.getByRole('button', { name: 'Undo this event' }).count()).toBe(1);
  });
}, 120_000);

test('an analyst is refused, and the audit holds the undo by ids alone', async () => {
  await as('Priya Nair', {}, '/', async (page) => {
    for (const path of ['/linkage/events', `/linkage/events/${merge.event}`]) expect((await page.goto(server.origin + path))!.status(), path).toBe(403);
    await page.goto(`${server.origin}/linkage`);
    expect(await page.getByRole('link', { name: 'Merges and splits' }).count()).toBe(0);
  });
  const { records } = (await personEvents.find(merge.event))!;
  const [undo] = (await listAuditEvents(casework.db, { limit: 200 })).filter(({ action }) => action === 'person-event.undo');
  expect(undo).toMatchObject({ actorId: 'sample-hub-coordinator', outcome: 'done', subjectKind: 'source-record', subjectIds: records.map(({ sourceId }) => sourceId) });
  for (const { sourceId } of records) expect(log.join('')).not.toContain(sourceId);
});
