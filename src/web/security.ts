// What guards every request: headers with a strict content policy, cookies, forms that only we can send, limits on how often.

import cookie from '@fastify/cookie';
import csrf from '@fastify/csrf-protection';
import formBody from '@fastify/formbody';
import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { SignedIn } from './sign-in/signed-in.ts';
import type { Limits } from './web-options.ts';

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Answered alike to anyone, so the store is not asked who it is: a probe must get its answer even when the store is away. */
const needsNobody = /^\/(assets\/|health$|api\/health$)/;

/** What an open page asks without anybody at it. */
const asksByItself = /^\/purpose\/standing(?:\?|$)/;

/** Forms come from here. Browsers say so in Sec-Fetch-Site; the token proves it for those that do not. */
function isFromElsewhere(request: FastifyRequest): boolean {
  const site = request.headers['sec-fetch-site'];
  return site === 'cross-site' || site === 'same-site';
}

/** What no store can keep and no keyboard sends: a NUL, or half of a letter that has two halves. */
function isUnkeepable(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('\0') || !value.isWellFormed();
  return typeof value === 'object' && value !== null && Object.entries(value).some(([name, each]) => isUnkeepable(name) || isUnkeepable(each));
}

export async function guardRequests(
  app: FastifyInstance,
  options: { https: boolean; cookieSecret: string; limits: Limits; headers: Record<string, string>; signedIn: SignedIn },
): Promise<void> {
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers(options.headers);
  });
  await app.register(cookie, { secret: options.cookieSecret });
  app.addHook('onRequest', async (request) => {
    if (request.headers.host === undefined && request.raw.httpVersion === '1.1') throw Object.assign(new Error('A request names its host'), { statusCode: 400 });
    // Nobody's form is so long that it must be packed, and what is packed may swell (RFC 9110, 15.5.16).
    if (!/^(?:identity)?$/i.test(request.headers['content-encoding'] ?? '')) throw Object.assign(new Error('A request came packed'), { statusCode: 415 });
    if (!needsNobody.test(request.url)) request.session = await options.signedIn.load(request, asksByItself.test(request.url) ? 'page' : 'person');
  });
  // Pages take forms; nothing takes JSON or bare text, which could hold lists and objects where a form has a word.
  app.removeContentTypeParser(['application/json', 'text/plain']);
  await app.register(formBody, { bodyLimit: 65_536 });
  app.addHook('preValidation', async ({ params, query, body, is404 }, reply) => {
    // An address with one leads nowhere, like every other that is not there.
    if (is404) return undefined;
    if (isUnkeepable(params)) return reply.callNotFound();
    if (isUnkeepable(query) || isUnkeepable(body)) throw Object.assign(new Error('A NUL or half a letter was sent'), { statusCode: 400 });
    return undefined;
  });
  await app.register(csrf, {
    cookieKey: options.https ? '__Host-headwater-form' : 'headwater-form',
    cookieOpts: { path: '/', httpOnly: true, sameSite: 'lax', secure: options.https, signed: true },
    getToken: (request) => {
      const token = (request.body as Record<string, unknown> | null | undefined)?.['form-token'];
      return typeof token === 'string' ? token : undefined;
    },
  });
  app.addHook('preHandler', (request, reply, done) => {
    if (safeMethods.has(request.method) || request.is404 || request.routeOptions.config.csrf === 'none') return done();
    if (isFromElsewhere(request)) return done(Object.assign(new Error('The form was sent from another site'), { statusCode: 403, code: 'FST_CSRF_ELSEWHERE' }));
    return app.csrfProtection(request, reply, done);
  });
  await app.register(rateLimit, {
    global: true,
    max: options.limits.requests,
    timeWindow: '1 minute',
    keyGenerator: (request) => request.session?.key ?? request.ip,
    addHeaders: { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false, 'retry-after': true },
    addHeadersOnExceeding: { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false },
  });
}
