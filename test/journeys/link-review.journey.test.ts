// Two people decide a doubtful pair of a small simulated partnership in a real browser, without script, by the keyboard; the next build
// follows them, though the model says otherwise; and what they did stands in the audit by ids alone.

import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openHeldPeople, readRecordFeeds, type HeldPeople } from '../../src/build/index.ts';
import { systemClock } from '../../src/core/index.ts';
import { openPeople } from '../../src/govern/index.ts';
import { openLinkReviewService, readReviewFile, type LinkReviewService } from '../../src/linkage/index.ts';
import { findCurrentManifest, followLake, listAuditEvents, openCasework, openDuck, snapshotFolder, storeAudit, type Casework, type Home } from '../../src/store/index.ts';
import { createQuestions, readCategories } from '../../src/understand/index.ts';
import { agreementForAll } from '../support/agreement-for-all.ts';
import { watchPage } from '../support/browser.ts';
import { checkPage, follow, openVisitedServer, type VisitedServer } from '../support/browser-visit.ts';
import { buildSample, builtHome, giveStore } from '../support/sample-home.ts';

let home: Home;
let casework: Casework;
let review: LinkReviewService;
let held: HeldPeople;
let lake: Awaited<ReturnType<typeof followLake>>;
let server: VisitedServer;
const log: string[] = [];

const build = () => buildSample(home);

beforeAll(async () => {
  home = await builtHome();
  await giveStore(home);
  casework = await openCasework({ folder: home.store, clock: systemClock });
  review = await openLinkReviewService(home, casework);
  held = openHeldPeople(home);
  lake = await followLake(home);
  server = await openVisitedServer({
    agreements: await agreementForAll(systemClock), partnership: home.settings.partnership, questions: createQuestions({ localPacks: home.packs, clock: systemClock }), lake: () => lake.current(), audit: storeAudit(casework.db, systemClock),
    review, people: openPeople(casework.db, systemClock, { source: held, feeds: readRecordFeeds(home.packs) }), log: { write: (line) => void log.push(line) }, categories: readCategories(home.packs),
  });
});

afterAll(async () => {
  await server?.close();
  lake?.close();
  await review?.close();
  await held?.close();
  await casework?.close();
});

const as = (name: string, options: BrowserContextOptions, use: (page: Page) => Promise<void>, path = '/linkage/review') => server.visits.as(name, path, use, { javaScriptEnabled: true, ...options });

/** A key with Alt, as a keyboard sends it: the library’s own press leaves the letter out, by which a browser knows an access key. */
async function pressAccessKey(page: Page, letter: string): Promise<void> {
  const keyboard = await page.context().newCDPSession(page);
  await keyboard.send('Input.dispatchKeyEvent', { type: 'keyDown', modifiers: 1, key: letter, code: `Key${letter.toUpperCase()}`, windowsVirtualKeyCode: letter.toUpperCase().charCodeAt(0), unmodifiedText: letter });
}

/** Whether the snapshot that is served takes two records for one person. */
async function areOnePerson(left: string, right: string): Promise<boolean> {
  const duck = await openDuck();
  try {
    const path = `${snapshotFolder(home, findCurrentManifest(home)!.id)}/identified/source_person.parquet`;
    const rows = await duck.rows<{ person_key: string }>(`SELECT person_key FROM read_parquet('${path}') WHERE source_id IN ($left, $right)`, { left, right });
    expect(rows).toHaveLength(2);
    return rows[0]!.person_key === rows[1]!.person_key;
  } finally {
    duck.close();
  }
}

describe('the review of a pair', () => {
  test('is done by two people without script and by the keyboard, and the next build follows it against the model', async () => {
    const [first] = await review.pairs.queue();
    const before = await areOnePerson(first!.left, first!.right);
    const decide = before ? 'Different people' : 'Same person';
    for (const name of ['Grace Okafor', 'Daniel Whitlock']) {
      await as(name, { javaScriptEnabled: false }, async (page) => {
        await page.getByRole('button', { name: 'Start reviewing' }).focus();
        await page.keyboard.press('Enter');
        await page.waitForURL(new RegExp(`/linkage/review/${first!.pairId}`));
        // One by the button, the other by its access key.
        if (name === 'Grace Okafor') {
          await page.getByRole('button', { name: decide }).focus();
          await page.keyboard.press('Enter');
        } else await pressAccessKey(page, before ? 'd' : 's');
        await page.waitForURL(/done=1/);
        expect(await page.textContent('body')).toContain('recorded');
      });
    }
    expect(readReviewFile(home)).toEqual({ decisions: [{ left: first!.left, right: first!.right, same: !before }], open: [] });
    const { manifest, reused } = await build();
    expect(reused).toBe(false);
    expect(manifest.linkage.decisions).toEqual({ given: 1, same: before ? 0 : 1, different: before ? 1 : 0, contradicted: 0, waiting: 0 });
    expect(await areOnePerson(first!.left, first!.right)).toBe(!before);
    expect((await review.pairs.queue()).some(({ pairId }) => pairId === first!.pairId)).toBe(false);
  });

  test('stands in the audit by ids alone, and no name is in the log', async () => {
    const events = (await listAuditEvents(casework.db, { limit: 100 })).filter(({ action }) => action.startsWith('link-'));
    expect(events.filter(({ action }) => action === 'link-pair.decide').map(({ actorId, outcome }) => [actorId, outcome])).toEqual([['sample-lead-practitioner', 'done'], ['sample-hub-coordinator', 'done']]);
    for (const { action, subjectIds } of events) if (action === 'link-pair.view') expect(subjectIds).toHaveLength(2);
    const [next] = await review.pairs.queue();
    const pair = (await review.pairs.findPair(next!.pairId))!;
    expect(log.length).toBeGreaterThan(5);
    for (const value of [pair.left.sourceId, pair.left.values.surname, pair.right.values.surname].filter((item): item is string => Boolean(item) && item!.length > 3)) expect(log.join('')).not.toContain(value);
  });
});

test('an analyst is refused every page that shows names, and the answer holds none', async () => {
  const [next] = await review.pairs.queue();
  const { left, right } = (await review.pairs.findPair(next!.pairId))!;
  const surname = left.values.surname ?? right.values.surname!;
  const names = [`/linkage/review/${next!.pairId}`, `/linkage/review/${next!.pairId}/person?of=a`, '/linkage/review'];
  await as('Grace Okafor', {}, async (page) => {
    await page.goto(server.origin + names[0]!);
    expect(await page.textContent('main')).toContain(surname);
  });
  await as('Priya Nair', {}, async (page) => {
    for (const path of names) {
      const response = await page.goto(server.origin + path);
      expect(response!.status(), path).toBe(403);
      expect(await page.content()).not.toContain(surname);
    }
  }, '/');
});

test('the governance lead sees who opened and decided pairs, and who was refused', async () => {
  await as('Samuel Adeyemi', {}, async (page) => {
    await page.goto(`${server.origin}/govern/audit`);
    const rows = (await page.locator('tbody tr').allTextContents()).map((row) => row.replaceAll(/\s+/g, ' '));
    expect(rows.some((row) => /sample-hub-coordinator.*Decided a pair of records.*Done/.test(row))).toBe(true);
    expect(rows.some((row) => /sample-analyst.*Opened a page.*Review links.*Refused/.test(row))).toBe(true);
    const record = /(\w+:\S+)/.exec(await page.locator('tr', { hasText: 'Decided a pair' }).first().locator('td').nth(3).innerText())![1]!;
    await page.getByLabel('Who saw this record?').fill(record);
    await follow(page.getByRole('button', { name: 'Find' }));
    expect(await page.locator('tbody tr').count()).toBeGreaterThan(1);
    expect(page.url()).toBe(`${server.origin}/govern/audit`);
  });
});

test('at 1280 and 375 pixels the pages have nothing for axe to find, keep the content policy and do not scroll sideways', async () => {
  await as('Samuel Adeyemi', {}, async (page) => {
    const watch = await watchPage(page);
    const [next] = await review.pairs.queue();
    for (const path of ['/linkage/review', `/linkage/review/${next!.pairId}`, `/linkage/review/${next!.pairId}/person?of=a`, '/linkage', '/govern/audit']) {
      await page.goto(server.origin + path);
      await page.evaluate('document.querySelectorAll("details").forEach((each) => { each.open = true; })');
      await checkPage(page, { name: path.replaceAll(/[^a-z]+/g, '-'), pictures: process.env.SCREENSHOTS });
    }
    expect(watch.faults).toEqual([]);
  });
});
