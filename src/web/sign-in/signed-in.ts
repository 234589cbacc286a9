// The life of a session: made with a fresh secret at each sign-in, known by the secret's hash, ended by idleness, age or sign-out.
// Fixation is impossible: no session exists before sign-in, and one that was there is ended, never carried over.

import type { CookieSerializeOptions } from '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { createHash, randomBytes } from 'node:crypto';
import type { Clock, Role, Session, SessionStore } from '../../core/index.ts';
import type { AuditEvent } from '../../store/index.ts';
import type { Limits } from '../web-options.ts';

const minute = 60_000;

export interface Person {
  userId: string;
  name: string;
  agency: string;
  role: Role;
  /** Number and postcode of their home; see Session. */
  address?: string;
}

/** Keeps an event of somebody, who may only just be signing in, with what it does to their session. */
export type RecordWithSession = (person: Person, event: AuditEvent, act: (sessions: SessionStore) => Promise<void>) => Promise<void>;

export interface SignedIn {
  /** The live session that the request's cookie names, kept awake unless a page asks by itself; null where there is none. */
  load(request: FastifyRequest, by: 'person' | 'page'): Promise<Session | null>;
  start(request: FastifyRequest, reply: FastifyReply, person: Person): Promise<Session>;
  end(request: FastifyRequest, reply: FastifyReply): Promise<void>;
}

/** With https the browser itself refuses a cookie of this name from any other host or path. */
export const sessionCookieName = (https: boolean) => (https ? '__Host-headwater' : 'headwater');

export const keyOfSecret = (secret: string) => createHash('sha256').update(secret).digest('hex');

export function createSignedIn(clock: Clock, sessions: SessionStore, options: { https: boolean; limits: Limits; record: RecordWithSession }): SignedIn {
  const name = sessionCookieName(options.https);
  const cookie: CookieSerializeOptions = { path: '/', httpOnly: true, sameSite: 'lax', secure: options.https };
  const idle = options.limits.idleMinutes * minute;
  const secretOf = (request: FastifyRequest) => {
    const secret = request.cookies[name];
    return secret !== undefined && /^[\w-]{43}$/.test(secret) ? secret : undefined;
  };
  const destroyFrom = async (request: FastifyRequest, held: SessionStore) => {
    const secret = secretOf(request);
    if (secret !== undefined) await held.destroy(keyOfSecret(secret));
  };

  return {
    async load(request, by) {
      const secret = secretOf(request);
      if (secret === undefined) return null;
      const session = await sessions.find(keyOfSecret(secret));
      if (!session) return null;
      const now = clock.now();
      // Used in what is now the future: the clock was set back, and nobody can say how long it has been idle.
      const fromTheFuture = session.idleUntil > now + idle + minute;
      if (session.expiresAt <= now || session.idleUntil <= now || fromTheFuture) {
        await sessions.destroy(session.key);
        return null;
      }
      const idleUntil = now + idle;
      // Written at most once a minute, so that a page's many requests are one write.
      if (by === 'person' && idleUntil - session.idleUntil >= minute) await sessions.touch(session.key, idleUntil);
      return session;
    },
    async start(request, reply, person) {
      const secret = randomBytes(32).toString('base64url');
      const now = clock.now();
      const session: Session = {
        ...person,
        key: keyOfSecret(secret),
        purpose: null,
        startedAt: now,
        expiresAt: now + options.limits.sessionHours * 60 * minute,
        idleUntil: now + idle,
      };
      await options.record(person, { actorId: person.userId, action: 'session.start', outcome: 'done' }, async (held) => {
        await destroyFrom(request, held);
        await held.save(session);
      });
      reply.setCookie(name, secret, cookie);
      return session;
    },
    async end(request, reply) {
      const { session } = request;
      if (session) await options.record(session, { actorId: session.userId, action: 'session.end', outcome: 'done' }, (held) => destroyFrom(request, held));
      else await destroyFrom(request, sessions);
      reply.clearCookie(name, cookie);
    },
  };
}
