import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nobody, noCases, nothingAsked, nothingCorrected, nothingKept, nothingShared, nothingWaits } from '../../test/support/fake-people.ts';
import { fakePersonEvents } from '../../test/support/fake-person-events.ts';
import { fakeReview } from '../../test/support/fake-review.ts';
import { nobodyAsked } from '../../test/support/fake-subject-access.ts';
import { memoryAgreements } from '../../test/support/memory-agreements.ts';
import { handClock, openTestServer, plainPages, signedInAs, type TestServer } from '../../test/support/web-server.ts';
import { roles } from '../core/index.ts';
import { contentFromTemplate, readAgreementPacks } from '../govern/index.ts';
import { agreementRoutes } from './agreements/agreement.routes.ts';
import { auditRoutes } from './audit/audit.page.ts';
import { casesRoutes } from './cases/cases.routes.ts';
import { correctionsRoutes } from './corrections/corrections.routes.ts';
import { brokenGlassRoutes } from './broken-glass/broken-glass.routes.ts';
import { linkReviewRoutes } from './linkage/link-review.routes.ts';
import { personEventRoutes } from './linkage/person-event.routes.ts';
import { peopleRoutes } from './people/people.routes.ts';
import { hiddenPages, maySee, pages, permissions, type PageId } from './permission.ts';
import { reidentifyRoutes } from './re-identify/re-identify.routes.ts';
import { retentionRoutes } from './retention/retention.routes.ts';
import { subjectAccessRoutes } from './rights/subject-access.routes.ts';
import { sealsRoutes } from './seals/seals.routes.ts';
import { shareRecordsRoutes } from './share-records/share-records.routes.ts';

const review = fakeReview();
const addresses: Record<PageId, string[]> = {
  start: ['/', '/api/questions'],
  help: ['/help', '/help/sources', '/help/glossary', '/help/methods', '/help/methods/demand'],
  demand: ['/understand/demand', '/api/questions/demand'],
  'repeat-demand': ['/understand/repeat-demand', '/api/questions/repeat-demand'],
  places: ['/understand/places', '/api/questions/places'],
  'data-quality': ['/understand/data-quality', '/api/questions/data-quality'],
  linkage: ['/linkage', '/api/questions/linkage'],
  audit: ['/govern/audit'],
  agreements: ['/govern/agreements', '/govern/agreements/AGREEMENT'],
  'write-agreements': ['/govern/agreements/new'],
  'sign-agreements': ['/govern/agreements/AGREEMENT/sign', '/govern/agreements/AGREEMENT/withdraw'],
  'my-access': ['/govern/my-access'],
  cases: ['/cases', '/cases?show=mine'],
  people: ['/people'],
  seals: ['/govern/seals', '/govern/seals/new'],
  'broken-glass': ['/govern/broken-glass'],
  'share-records': ['/govern/share-records', '/govern/share-records/new'],
  retention: ['/govern/retention', '/govern/retention/holds', '/govern/retention/holds/new?kind=person', '/govern/retention/certificates'],
  'subject-access': ['/govern/subject-access', '/govern/subject-access/new'],
  corrections: ['/govern/corrections', '/govern/corrections/new'],
  're-identify': ['/govern/re-identify'],
  'review-links': ['/linkage/review', `/linkage/review/${review.idOf(1)}`, `/linkage/review/${review.idOf(1)}/person?of=a`, '/linkage/events', '/linkage/events/1'],
};
/** Roles to whom the agreement for all gives nobody's name: what their role may see is then no page either. */
const unnamed = (role: string, page: PageId) => hiddenPages.includes(page) && role === 'referrer';
const cases = roles.flatMap((role) => pages.flatMap((page) => addresses[page].map((address) => ({ role, page, address, may: maySee(role, page) && !unnamed(role, page) }))));

describe('who sees what', () => {
  let server: TestServer;
  let agreementId: string;
  beforeAll(async () => {
    const [clock, packs] = [handClock(), readAgreementPacks(undefined)];
    const register = memoryAgreements(clock, packs);
    const drafted = await register.draft(contentFromTemplate(packs.templates.get('understand-demand-and-harm')!, '2026-12-01'), { userId: 'u1', role: 'governance-lead', agency: 'council' });
    if (!drafted.ok) throw new Error(drafted.reason);
    agreementId = drafted.agreementId;
    server = await openTestServer({}, [plainPages, (app, deps) => shareRecordsRoutes(app, { ...deps, people: nobody, shareRecords: nothingShared, packs, clock }), (app, deps) => retentionRoutes(app, { ...deps, people: nobody, retention: nothingKept, packs, clock }), auditRoutes, (app, deps) => agreementRoutes(app, { ...deps, clock, register, packs }), (app, deps) => linkReviewRoutes(app, { ...deps, review, people: nobody }), (app, deps) => personEventRoutes(app, { ...deps, personEvents: fakePersonEvents(), people: nobody }),
      (app, deps) => peopleRoutes(app, { ...deps, people: nobody, register, agencyName: (code) => code }), (app, deps) => casesRoutes(app, { ...deps, cases: noCases, people: nobody, register, packs }), (app, deps) => correctionsRoutes(app, { ...deps, people: nobody, register, agencyName: (code) => code, corrections: nothingCorrected, keyOf: async () => undefined }), (app, deps) => subjectAccessRoutes(app, { ...deps, subjectAccess: nobodyAsked, keyOf: async () => undefined, exemptions: new Map(), register, packs, clock, partnership: 'Fenmarch' }), (app, deps) => sealsRoutes(app, { ...deps, people: nobody, protection: nothingWaits }), (app, deps) => brokenGlassRoutes(app, { ...deps, protection: nothingWaits, agencyName: (code) => code }), (app, deps) => reidentifyRoutes(app, { ...deps, register, reidentification: nothingAsked, agencyName: (code) => code })]);
  });
  afterAll(() => server.app.close());

  test.each(cases)('$role asks for $address: allowed is $may', async ({ role, page, address, may }) => {
    const { cookie } = await signedInAs(server, role);
    const response = await server.app.inject({ url: address.replace('AGREEMENT', agreementId), headers: { cookie } });
    expect(response.statusCode).toBe(may ? 200 : hiddenPages.includes(page) ? 404 : 403);
    if (!may) expect(response.body).not.toMatch(/The answer to|Thistlewood/);
  });

  test.each(pages.flatMap((page) => addresses[page]))('Nobody signed in sees %s', async (address) => {
    const response = await server.app.inject({ url: address });
    if (address.startsWith('/api/')) {
      expect(response.statusCode).toBe(401);
      expect(response.headers['content-type']).toContain('application/problem+json');
    } else {
      expect(response.statusCode).toBe(303);
      expect(response.headers.location).toBe(address === '/' ? '/sign-in' : `/sign-in?return-to=${encodeURIComponent(address)}`);
    }
  });

  test('Navigation names only what the role may see', async () => {
    const { cookie } = await signedInAs(server, 'panel-member');
    const { body } = await server.app.inject({ url: '/understand/data-quality', headers: { cookie } });
    expect(body).toContain('href="/understand/data-quality"');
    expect(body).not.toContain('href="/understand/demand"');
    const referrer = await signedInAs(server, 'referrer');
    expect((await server.app.inject({ url: '/', headers: { cookie: referrer.cookie } })).body).not.toContain('/understand/');
  });

  test('The start of Understand leads to the first page that the role may see', async () => {
    const panel = await signedInAs(server, 'panel-member');
    expect((await server.app.inject({ url: '/understand', headers: { cookie: panel.cookie } })).headers.location).toBe('/understand/data-quality');
    const referrer = await signedInAs(server, 'referrer');
    expect((await server.app.inject({ url: '/understand', headers: { cookie: referrer.cookie } })).headers.location).toBe('/');
  });
});

test('A role or page that the table does not name is refused', () => {
  expect(maySee('superuser', 'demand')).toBe(false);
  expect(maySee('analyst', 'nothing-of-the-kind')).toBe(false);
  expect(maySee('__proto__', 'start')).toBe(false);
});

test('Names are for those whose work is with people: nobody who works on the pseudonymised picture alone sees them', () => {
  expect(roles.filter((role) => maySee(role, 'audit'))).toEqual(['governance-lead']);
  expect(roles.filter((role) => maySee(role, 'review-links'))).toEqual(['hub-coordinator', 'lead-practitioner', 'governance-lead']);
});

test('Every role is in the table, and every page is somebody’s', () => {
  expect(Object.keys(permissions).toSorted()).toEqual([...roles].toSorted());
  const seen = new Set<string>(Object.values(permissions).flat());
  expect(pages.filter((page) => !seen.has(page))).toEqual([]);
});

test('A route that names neither a page nor "public" stops the server from starting', async () => {
  await expect(openTestServer({}, [(app) => void app.get('/open', async () => 'open')])).rejects.toThrow(/GET \/open says neither/);
});
