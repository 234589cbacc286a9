// Mounts the sample provider and the page that chooses a sample user. Outside simulated data it answers this computer alone.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { CustomFetch } from 'openid-client';
import { roleTitles } from '../../core/index.ts';
import type { RenderPage } from '../page.ts';
import { isLoopback, type Limits } from '../web-options.ts';
import { samplePath, type SampleProvider } from './sample-provider.ts';
import { findSampleUser, sampleUsers } from './sample-user.ts';

interface SampleOptions {
  sample: SampleProvider;
  password: string;
  simulated: boolean;
  baseUrl: string;
  limits: Limits;
  renderPage: RenderPage;
}

const digest = (text: string) => createHash('sha256').update(text).digest();

/** Signatories are many and alike: they stand apart, named by their agency alone. */
function userItems(chosen: string | undefined, signatories: boolean) {
  return sampleUsers.filter(({ role }) => (role === 'signatory') === signatories).map((user) => ({
    value: user.id,
    text: user.name,
    hint: { text: signatories ? user.agency : `${roleTitles[user.role]}, ${user.agency}` },
    checked: user.id === chosen,
  }));
}

/** The errors of a submitted form, by field; none where both fields are right. */
export function checkSampleForm(body: unknown, password: string): { userId: string | undefined; errors: { user?: string; password?: string } } {
  const { user, password: given } = (body ?? {}) as Record<string, unknown>;
  const chosen = findSampleUser(user);
  const errors: { user?: string; password?: string } = {};
  if (!chosen) errors.user = 'Choose who to sign in as';
  if (typeof given !== 'string' || given === '') errors.password = 'Enter the sample password';
  else if (!timingSafeEqual(digest(given), digest(password))) errors.password = 'The password is not right. Check it and enter it again';
  return { userId: chosen?.id, errors };
}

/** Answers requests to the issuer inside this process, so that discovery and tokens never reach a network. */
export function fetchInside(app: FastifyInstance): CustomFetch {
  return async (url, options) => {
    const { pathname, search, host } = new URL(url);
    const response = await app.inject({
      method: options.method as 'GET' | 'POST',
      url: pathname + search,
      headers: { ...options.headers, host },
      payload: options.body === null || options.body === undefined ? undefined : String(options.body),
    });
    const headers = new Headers();
    for (const [name, value] of Object.entries(response.headers)) {
      if (value !== undefined) for (const item of [value].flat()) headers.append(name, String(item));
    }
    return new Response(response.rawPayload.length === 0 ? null : new Uint8Array(response.rawPayload), { status: response.statusCode, headers });
  };
}

/** The provider's own addresses; any other is answered like every page that is not there. */
const protocolPaths = [
  ['/.well-known/openid-configuration', ['GET']],
  ['/auth', ['GET', 'POST']],
  ['/auth/:uid', ['GET']],
  ['/jwks', ['GET']],
  ['/token', ['POST']],
  ['/me', ['GET', 'POST']],
] as const;

function providerRoutes(app: FastifyInstance, options: SampleOptions): void {
  const { host, protocol } = new URL(options.baseUrl);
  const answer = options.sample.provider.callback();
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
  for (const [path, method] of protocolPaths) {
    app.route({
      method: [...method],
      url: samplePath + path,
      config: { access: 'public', csrf: 'none', rateLimit: { max: options.limits.signIns * 3, timeWindow: '1 minute', groupId: 'sample-identity' } },
      handler(request, reply) {
        const raw: IncomingMessage & { originalUrl?: string } = request.raw;
        raw.originalUrl = raw.url;
        raw.url = (raw.url ?? '').slice(samplePath.length);
        // The provider builds its addresses from these, so they come from our settings and never from the request.
        raw.headers.host = host;
        raw.headers['x-forwarded-host'] = host;
        raw.headers['x-forwarded-proto'] = protocol.replace(':', '');
        for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) reply.raw.setHeader(name, value);
        reply.hijack();
        void answer(raw, reply.raw);
      },
    });
  }
}

function chooseRoutes(app: FastifyInstance, options: SampleOptions): void {
  const { provider } = options.sample;
  const show = (reply: FastifyReply, uid: string, chosen: string | undefined, errors: { user?: string; password?: string }) =>
    options.renderPage(reply.code(Object.keys(errors).length > 0 ? 400 : 200), 'sample-identity/choose-user.njk', {
      title: 'Choose a sample user',
      error: Object.keys(errors).length > 0,
      action: `${samplePath}/choose/${uid}`,
      users: userItems(chosen, false),
      signatories: userItems(chosen, true),
      errors,
      password: options.simulated ? options.password : null,
    });
  const attemptOf = async (request: FastifyRequest<{ Params: { uid: string } }>, reply: FastifyReply) => {
    try {
      const attempt = await provider.interactionDetails(request.raw, reply.raw);
      return attempt.uid === request.params.uid ? attempt : undefined;
    } catch {
      return undefined;
    }
  };

  app.get<{ Params: { uid: string } }>(`${samplePath}/choose/:uid`, { config: { access: 'public' } }, async (request, reply) => {
    if (!(await attemptOf(request, reply))) return reply.redirect('/sign-in?problem=too-late', 303);
    return show(reply, request.params.uid, undefined, {});
  });

  app.post<{ Params: { uid: string } }>(
    `${samplePath}/choose/:uid`,
    { config: { access: 'public', rateLimit: { max: options.limits.passwords, timeWindow: '1 minute' } } },
    async (request, reply) => {
      if (!(await attemptOf(request, reply))) return reply.redirect('/sign-in?problem=too-late', 303);
      const { userId, errors } = checkSampleForm(request.body, options.password);
      if (userId === undefined || Object.keys(errors).length > 0) return show(reply, request.params.uid, userId, errors);
      const next = await provider.interactionResult(request.raw, reply.raw, { login: { accountId: userId, remember: false } });
      return reply.redirect(next, 303);
    },
  );
}

/** Real data behind a password that is no secret: only for the person at this computer, not through a proxy nor a borrowed host name. */
function isThisComputer(request: FastifyRequest, baseUrl: string): boolean {
  return isLoopback(request.ip) && request.headers['x-forwarded-for'] === undefined && request.headers.host === new URL(baseUrl).host;
}

export async function sampleIdentityRoutes(app: FastifyInstance, options: SampleOptions): Promise<void> {
  app.addHook('onRequest', async (request, reply) => {
    return !options.simulated && !isThisComputer(request, options.baseUrl) ? reply.callNotFound() : undefined;
  });
  chooseRoutes(app, options);
  await app.register(async (mounted) => providerRoutes(mounted, options));
}
