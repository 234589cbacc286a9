// The web server with every part of the cycle that works today.

import type { FastifyInstance } from 'fastify';
import { agreementRoutes } from './agreements/agreement.routes.ts';
import { auditPersonRoutes } from './audit/audit-person.page.ts';
import { auditUnusualRoutes } from './audit/audit-unusual.page.ts';
import { auditUserRoutes } from './audit/audit-user.page.ts';
import { auditRoutes } from './audit/audit.page.ts';
import { linkReviewRoutes } from './linkage/link-review.routes.ts';
import { personEventRoutes } from './linkage/person-event.routes.ts';
import { correctionsRoutes } from './corrections/corrections.routes.ts';
import { brokenGlassRoutes } from './broken-glass/broken-glass.routes.ts';
import { casesRoutes } from './cases/cases.routes.ts';
import { recordPages } from './linkage/record-pages.ts';
import type { PageDeps } from './page.ts';
import { peopleRoutes } from './people/people.routes.ts';
import { reidentifyRoutes } from './re-identify/re-identify.routes.ts';
import { retentionRoutes } from './retention/retention.routes.ts';
import { subjectAccessRoutes } from './rights/subject-access.routes.ts';
import { sealsRoutes } from './seals/seals.routes.ts';
import { buildServer } from './server.ts';
import { shareRecordsRoutes } from './share-records/share-records.routes.ts';
import { understandRoutes } from './understand/understand.routes.ts';
import type { WebOptions } from './web-options.ts';

/**
 * Builds the server. The caller listens, and closes it: `close` lets running requests end.
 * Throws a Problem where the options would be unsafe (a short secret; sample sign-ins over real data on an open address).
 */
export function createWebServer(options: WebOptions): Promise<FastifyInstance> {
  const { partnership, categories, review, personEvents, agreements: register, agreementDrafts: drafts, agreementPacks: packs, people, cases, protection, shareRecords, subjectAccess, corrections, reidentification, retention, clock, auditStudy: study } = options;
  return buildServer(options, [
    (app, deps) => understandRoutes(app, { ...deps, partnership, categories }),
    (app, deps) => auditRoutes(app, { ...deps, register, studied: study !== undefined }),
    ...(study ? [auditPersonRoutes, auditUserRoutes, auditUnusualRoutes].map((routes) => (app: FastifyInstance, deps: PageDeps) => routes(app, { ...deps, study, register, clock, partnership, contact: options.contact })) : []),
    ...(register ? [(app: FastifyInstance, deps: PageDeps) => agreementRoutes(app, { ...deps, clock, register, ...(drafts ? { drafts } : {}), ...(packs ? { packs } : {}) })] : []),
    ...(register && people ? [(app: FastifyInstance, deps: PageDeps) => peopleRoutes(app, { ...deps, people, register, agencyName: recordPages({ ...deps, categories }).agencyName, ...(corrections ? { corrections: corrections.desk } : {}), ...(cases && packs ? { cases } : {}) })] : []),
    ...(register && people && cases && packs ? [(app: FastifyInstance, deps: PageDeps) => casesRoutes(app, { ...deps, cases, people, register, packs })] : []),
    ...(register && people && corrections ? [(app: FastifyInstance, deps: PageDeps) => correctionsRoutes(app, { ...deps, people, register, agencyName: recordPages({ ...deps, categories }).agencyName, corrections: corrections.desk, keyOf: corrections.keyOf, contact: options.contact })] : []),
    ...(people && protection ? [(app: FastifyInstance, deps: PageDeps) => sealsRoutes(app, { ...deps, people, protection })] : []),
    ...(protection ? [(app: FastifyInstance, deps: PageDeps) => brokenGlassRoutes(app, { ...deps, protection, agencyName: recordPages({ ...deps, categories }).agencyName })] : []),
    ...(register && reidentification ? [(app: FastifyInstance, deps: PageDeps) => reidentifyRoutes(app, { ...deps, register, reidentification, agencyName: recordPages({ ...deps, categories }).agencyName })] : []),
    ...(people && shareRecords && packs ? [(app: FastifyInstance, deps: PageDeps) => shareRecordsRoutes(app, { ...deps, people, shareRecords, packs, clock })] : []),
    ...(people && retention && packs ? [(app: FastifyInstance, deps: PageDeps) => retentionRoutes(app, { ...deps, people, retention, packs, clock })] : []),
    ...(subjectAccess && register && packs ? [(app: FastifyInstance, deps: PageDeps) => subjectAccessRoutes(app, { ...deps, subjectAccess: subjectAccess.desk, keyOf: subjectAccess.keyOf, exemptions: subjectAccess.exemptions, register, packs, clock, partnership, contact: options.contact })] : []),
    ...(review && people ? [(app: FastifyInstance, deps: PageDeps) => linkReviewRoutes(app, { ...deps, review, people, categories, ...(personEvents ? { personEvents } : {}) })] : []),
    ...(personEvents && people ? [(app: FastifyInstance, deps: PageDeps) => personEventRoutes(app, { ...deps, personEvents, people, categories })] : []),
  ]);
}
