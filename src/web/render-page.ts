// Puts a page's view model into the frame: who is signed in, the navigation that they may use, the snapshot, the form token.

import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Session } from '../core/index.ts';
import { presentFrame, type FramePurpose } from './frame/frame.ts';
import { purposeAddress } from './gate/dark.ts';
import type { Gate, Seen } from './gate/gate.ts';
import type { Render } from './frame/templates.ts';
import type { RenderPage } from './page.ts';

/** What this reader may see, for the frame around any page; null where that cannot be known now: the page may be the one that says so. */
async function findSeen(gate: Gate, request: FastifyRequest): Promise<Seen | null> {
  if (!request.session) return null;
  return request.seen ?? gate.seenBy(request.session).catch(() => null);
}

function findSnapshot(seen: Seen | null) {
  try {
    return seen?.lake().snapshot ?? null;
  } catch {
    return null;
  }
}

/** Nothing where no agreement gives this reader a purpose and none was stated. */
function presentPurpose(gate: Gate, { request: { method, url }, statusCode }: FastifyReply, seen: Seen | null): FramePurpose | null {
  if (!seen || (seen.sight.purposes.length === 0 && seen.sight.stated === null)) return null;
  const { purpose, stated } = seen.sight;
  // The page that asks for it need not ask for it twice.
  if (purpose === null && url.startsWith('/purpose')) return null;
  // Where something went wrong nobody need come back, and the page says nothing of what was asked.
  const worthReturning = method === 'GET' && !url.startsWith('/purpose') && (statusCode < 400 || statusCode === 403);
  const here = worthReturning ? url : '/';
  return { title: purpose === null ? null : (gate.sharing.purposes.get(purpose)?.title ?? purpose), lapsed: purpose === null && stated !== null, changeHref: purposeAddress(here) };
}

export interface RenderPageOptions {
  render: Render;
  gate: Gate;
  partnership: string;
  simulated: boolean;
  /** There are pages about people. */
  people: boolean;
  /** There are pages of cases. */
  cases: boolean;
  /** How many broken glasses wait for this person's review. */
  waitingFor: (session: Session) => Promise<number>;
}

export function createRenderPage(options: RenderPageOptions): RenderPage {
  return async (reply, template, view) => {
    const { session, page } = reply.request;
    const seen = await findSeen(options.gate, reply.request);
    const frame = presentFrame({
      partnership: options.partnership,
      simulated: options.simulated,
      session,
      page,
      snapshot: findSnapshot(seen),
      purpose: presentPurpose(options.gate, reply, seen),
      standsOn: reply.request.seen?.standsOn ?? '',
      people: options.people && (seen?.sight.people ?? false),
      cases: options.cases && (seen?.sight.cases ?? false),
      waiting: session ? await options.waitingFor(session).catch(() => 0) : 0,
      csrfToken: reply.generateCsrf(),
    });
    return reply.type('text/html; charset=utf-8').send(options.render(template, { ...view, frame }));
  };
}
