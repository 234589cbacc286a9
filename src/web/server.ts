// The web server, put together from what it is given. It listens to nothing and reads no environment: main.ts does both.

import compress from '@fastify/compress';
import Fastify, { LogController, type FastifyInstance, type FastifyRequest } from 'fastify';
import { randomUUID } from 'node:crypto';
import { constants } from 'node:zlib';
import { Problem, type LakeReader, type Session } from '../core/index.ts';
import { readCategories } from '../understand/index.ts';
import { actingTrail } from './audit/acting-trail.ts';
import { noTrail } from './audit/audit-trail.ts';
import { createDoor, refuseOpenRoutes } from './access.ts';
import { apiRoutes } from './api/api.routes.ts';
import { openAssets } from './asset/asset-catalogue.ts';
import { assetRoutes } from './asset/asset.routes.ts';
import { openTemplates } from './frame/templates.ts';
import { createGate } from './gate/gate.ts';
import { purposeRoutes } from './gate/purpose.routes.ts';
import { standingRoutes } from './gate/standing.routes.ts';
import { readSharing } from './gate/sharing.ts';
import { healthRoutes } from './health/health.routes.ts';
import { helpRoutes } from './help/help.page.ts';
import type { PageDeps } from './page.ts';
import { maySee } from './permission.ts';
import { noteMethods } from './problem/allowed-methods.ts';
import { answerProblems, createSendProblem } from './problem/send-problem.ts';
import { lakeOrNoData } from './problem/no-data.ts';
import { answerClientError, answerExpectations, answerFrameworkError, createPlainAnswer, type AnswerPlainly } from './problem/unreadable-request.ts';
import { createRenderPage } from './render-page.ts';
import './request.ts';
import { logOptions, logRequests } from './request-log.ts';
import { createSampleProvider, type SampleProvider } from './sample-identity/sample-provider.ts';
import { fetchInside, sampleIdentityRoutes } from './sample-identity/sample-identity.routes.ts';
import { samplePassword } from './sample-identity/sample-user.ts';
import { guardRequests } from './security.ts';
import { readSecurityHeaders } from './security-headers.ts';
import { createOpenIdClient, type OpenIdClient } from './sign-in/openid.ts';
import { signInRoutes } from './sign-in/sign-in.routes.ts';
import { createSignedIn, sessionCookieName } from './sign-in/signed-in.ts';
import { startRoutes } from './start/start.page.ts';
import { defaultLimits, isLoopback, type Limits, type WebOptions } from './web-options.ts';

const tenMinutes = 600_000;

function checkOptions(options: WebOptions): URL {
  const base = new URL(options.baseUrl);
  if (options.cookieSecret.length < 32) {
    throw new Problem('usage', { what: 'The cookie secret is too short', todo: 'Give one of 32 characters or more.' });
  }
  if (options.identity.kind === 'sample' && !options.simulated && !isLoopback(base.hostname)) {
    throw new Problem('usage', {
      what: 'Sample sign-ins are for simulated data, or for this computer alone',
      where: options.baseUrl,
      todo: 'Set up your own identity provider: see docs/how-to/sign-in.md.',
    });
  }
  if (!options.simulated && base.protocol === 'http:' && !isLoopback(base.hostname)) {
    throw new Problem('usage', { what: 'Real data need https', where: options.baseUrl, todo: 'Put a proxy with a certificate in front: see docs/how-to/run-a-server.md.' });
  }
  return base;
}

function openFastify(options: WebOptions, answerPlainly: AnswerPlainly): FastifyInstance {
  const app = Fastify({
    logger: logOptions(options.log),
    logController: new LogController({ disableRequestLogging: true }),
    requestIdHeader: false,
    genReqId: () => randomUUID(),
    trustProxy: options.trustProxy ?? false,
    bodyLimit: 65_536,
    // A file of ten megabytes takes a minute and a half over a line of one megabit a second.
    requestTimeout: 120_000,
    // No address is longer than the 16 kilobytes that Node reads, and no route has a pattern that a long one could hold up.
    routerOptions: { maxParamLength: 16_384 },
    // Said by guardRequests, in words.
    http: { requireHostHeader: false, headersTimeout: 30_000 },
    frameworkErrors: answerFrameworkError(answerPlainly),
    clientErrorHandler: answerClientError(answerPlainly),
  });
  answerExpectations(app, answerPlainly);
  return app;
}

function openIdFor(app: FastifyInstance, options: WebOptions, sample: SampleProvider | null): OpenIdClient {
  const addresses = { redirectUri: `${options.baseUrl}/sign-in/callback`, afterSignOut: `${options.baseUrl}/signed-out` };
  if (sample) {
    return createOpenIdClient({ kind: 'openid', issuer: sample.issuer, clientId: sample.clientId, clientSecret: sample.clientSecret, ...addresses, askEachTime: true, fetchLocally: fetchInside(app) });
  }
  if (options.identity.kind !== 'openid') throw new Error('An identity provider is needed');
  return createOpenIdClient({ ...options.identity, ...addresses, askEachTime: false });
}

function sweepSessions(app: FastifyInstance, options: WebOptions): void {
  const timer = setInterval(() => {
    options.sessions.destroyExpired(options.clock.now()).catch(() => app.log.warn('expired sessions could not be removed'));
  }, tenMinutes);
  timer.unref();
  app.addHook('onClose', async () => clearInterval(timer));
}

/** A page that has not been through the gate has no snapshot to read. */
function lakeOf(request: FastifyRequest): LakeReader {
  if (!request.seen) throw new Error(`${request.routeOptions.url ?? 'This page'} reads data and is not behind the gate`);
  return request.seen.lake();
}

/** Routes of one part of the cycle, which plug into the frame. */
export type PlugRoutes = (app: FastifyInstance, deps: PageDeps) => void | Promise<void>;

/** Builds the server with the given parts in its frame. */
export async function buildServer(given: WebOptions, parts: readonly PlugRoutes[]): Promise<FastifyInstance> {
  const base = checkOptions(given);
  const options = { ...given, baseUrl: base.origin };
  const limits: Limits = { ...defaultLimits, ...options.limits };
  const https = base.protocol === 'https:';
  const assets = openAssets();
  const render = openTemplates(assets);
  const headers = await readSecurityHeaders({ https, formTargets: options.identity.kind === 'openid' ? [new URL(options.identity.issuer).origin] : [] });
  const app = openFastify(options, createPlainAnswer({ render, headers, partnership: options.partnership, simulated: options.simulated }));
  const lake = lakeOrNoData(options.lake);
  const sharing = options.sharing ?? readSharing(undefined);
  const trail = actingTrail(options.audit ?? noTrail, sharing.agencies, options.sessions);
  const gate = createGate({ register: options.agreements, sharing, clock: options.clock, lake, contact: options.contact });
  const signedIn = createSignedIn(options.clock, options.sessions, { https, limits, record: trail.recordWithSession });
  const { protection } = options;
  const people = options.people !== undefined && options.agreements !== undefined;
  const cases = people && options.cases !== undefined && options.agreementPacks !== undefined;
  const waitingFor = async (session: Session) => (protection && maySee(session.role, 'broken-glass') ? protection.countUnreviewed((await gate.askingOf(session)).who) : 0);
  const renderPage = createRenderPage({ render, gate, partnership: options.partnership, simulated: options.simulated, people, cases, waitingFor });
  const sendProblem = createSendProblem(renderPage);
  const deps: PageDeps = { questions: options.questions, lakeOf, gate, renderPage, sendProblem, waitingFor, requirePage: createDoor(sendProblem, trail.record, gate), trail };

  refuseOpenRoutes(app);
  const methodsOf = noteMethods(app);
  app.decorateRequest('session', null);
  app.decorateRequest('page', null);
  app.decorateRequest('seen', null);
  logRequests(app);
  await guardRequests(app, { https, cookieSecret: options.cookieSecret, limits, headers, signedIn });
  trail.followRequests(app);
  await app.register(compress, { encodings: ['br', 'gzip', 'identity'], threshold: 1024, brotliOptions: { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } } });
  answerProblems(app, sendProblem, methodsOf);
  sweepSessions(app, options);

  const sample = options.identity.kind === 'sample'
    ? await createSampleProvider({ baseUrl: options.baseUrl, redirectUri: `${options.baseUrl}/sign-in/callback`, refusedPage: '/sign-in?problem=refused' })
    : null;
  assetRoutes(app, assets);
  healthRoutes(app, options.clock, { checkStore: options.checkStore, lake });
  await signInRoutes(app, options.clock, { https, limits, signedIn, renderPage, sample: sample !== null, baseUrl: options.baseUrl, cookieSecret: options.cookieSecret, openId: openIdFor(app, options, sample) });
  if (sample && options.identity.kind === 'sample') {
    const password = options.identity.password ?? samplePassword;
    await app.register(async (scope) => sampleIdentityRoutes(scope, { sample, password, limits, renderPage, simulated: options.simulated, baseUrl: options.baseUrl }));
  }
  standingRoutes(app, deps);
  purposeRoutes(app, { ...deps, trail, contact: options.contact });
  startRoutes(app, options.clock, { ...deps, simulated: options.simulated, people, cases, ...(people && options.corrections ? { corrections: options.corrections.desk } : {}), waiting: { register: options.agreements, retention: options.retention, subjectAccess: options.subjectAccess?.desk, shareRecords: options.shareRecords } });
  helpRoutes(app, deps, { https, limits, feeds: options.feeds ?? [], contact: options.contact, glossary: options.glossary, methodsFolder: options.methodsFolder });
  apiRoutes(app, deps, { sendProblem, baseUrl: options.baseUrl, cookieName: sessionCookieName(https), version: options.version, people: options.people !== undefined, words: options.categories ?? readCategories(undefined) });
  for (const plug of parts) await plug(app, deps);
  return app;
}
