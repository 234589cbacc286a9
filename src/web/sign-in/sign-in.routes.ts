// Signing in and out. What the provider must give back is kept in a sealed cookie for ten minutes, so that no session exists before.

import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import type { Clock } from '../../core/index.ts';
import type { RenderPage } from '../page.ts';
import type { Limits } from '../web-options.ts';
import type { OpenIdClient, SignInAttempt } from './openid.ts';
import { safeReturnTo } from './return-to.ts';
import { createSealer } from './sealed-text.ts';
import type { SignedIn } from './signed-in.ts';

const tenMinutes = 600_000;

const attemptSchema = z.object({ state: z.string(), nonce: z.string(), verifier: z.string(), returnTo: z.string(), startedAt: z.number() });

const problems = new Map([
  ['too-late', 'That took too long, or was begun in another window. Sign in again.'],
  ['refused', 'The sign-in was not completed. Sign in again.'],
]);

interface SignInOptions {
  https: boolean;
  baseUrl: string;
  cookieSecret: string;
  sample: boolean;
  limits: Limits;
  openId: OpenIdClient;
  signedIn: SignedIn;
  renderPage: RenderPage;
}

function attemptCookie(options: SignInOptions) {
  const sealer = createSealer(options.cookieSecret, 'sign-in attempt');
  const name = options.https ? '__Host-headwater-sign-in' : 'headwater-sign-in';
  const cookie = { path: '/', httpOnly: true, sameSite: 'lax' as const, secure: options.https };
  return {
    write: (reply: FastifyReply, attempt: SignInAttempt) => reply.setCookie(name, sealer.seal(JSON.stringify(attempt)), { ...cookie, maxAge: tenMinutes / 1000 }),
    clear: (reply: FastifyReply) => reply.clearCookie(name, cookie),
    read(cookies: Record<string, string | undefined>): SignInAttempt | undefined {
      const text = sealer.open(cookies[name] ?? '');
      if (text === undefined) return undefined;
      return attemptSchema.safeParse(JSON.parse(text)).data;
    },
  };
}

export async function signInRoutes(app: FastifyInstance, clock: Clock, options: SignInOptions): Promise<void> {
  const attempts = attemptCookie(options);
  const often = { access: 'public' as const, rateLimit: { max: options.limits.signIns, timeWindow: '1 minute', groupId: 'sign-in' } };

  app.get<{ Querystring: Record<string, unknown> }>('/sign-in', { config: { access: 'public' } }, async (request, reply) => {
    const returnTo = safeReturnTo(request.query['return-to']);
    if (request.session) return reply.redirect(returnTo, 303);
    const problem = problems.get(String(request.query.problem));
    return options.renderPage(reply, 'sign-in/sign-in.njk', {
      title: 'Sign in',
      problem,
      sample: options.sample,
      asked: returnTo !== '/',
      href: `/sign-in/start${returnTo === '/' ? '' : `?return-to=${encodeURIComponent(returnTo)}`}`,
    });
  });

  app.get<{ Querystring: Record<string, unknown> }>('/sign-in/start', { config: often }, async (request, reply) => {
    const { url, attempt } = await options.openId.begin(safeReturnTo(request.query['return-to']), clock.now());
    attempts.write(reply, attempt);
    return reply.redirect(url.href, 303);
  });

  app.get('/sign-in/callback', { config: often }, async (request, reply) => {
    const attempt = attempts.read(request.cookies);
    attempts.clear(reply);
    const age = attempt ? clock.now() - attempt.startedAt : Infinity;
    // A minute for clocks that are put right; further back, how long ago it was begun is not known.
    if (!attempt || age > tenMinutes || age < -60_000) return reply.redirect('/sign-in?problem=too-late', 303);
    let person;
    try {
      person = await options.openId.finish(new URL(request.url, options.baseUrl), attempt);
    } catch (error) {
      request.log.warn({ error: error instanceof Error ? error.name : typeof error }, 'sign-in refused');
      return reply.redirect('/sign-in?problem=refused', 303);
    }
    if (!person) return options.renderPage(reply.code(403), 'sign-in/no-role.njk', { title: 'Your account has no role here' });
    await options.signedIn.start(request, reply, person);
    return reply.redirect(safeReturnTo(attempt.returnTo), 303);
  });

  app.post('/sign-out', { config: { access: 'public' } }, async (request, reply) => {
    await options.signedIn.end(request, reply);
    let elsewhere: URL | null = null;
    try {
      elsewhere = await options.openId.signOutUrl();
    } catch {
      // The provider is away: our own session has ended, which is what was asked of us.
    }
    return reply.redirect(elsewhere?.href ?? '/signed-out', 303);
  });

  app.get('/signed-out', { config: { access: 'public' } }, async (request, reply) => {
    if (request.session) return reply.redirect('/', 303);
    return options.renderPage(reply, 'sign-in/signed-out.njk', { title: 'You have signed out' });
  });
}
