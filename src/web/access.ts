// The door: every route is public by name or belongs to a page of the permission table. A route that is neither stops the server
// from starting, so that forgetting is not possible.

import type { FastifyInstance, preHandlerAsyncHookHandler, RouteOptions } from 'fastify';
import type { Session } from '../core/index.ts';
import type { AuditEvent } from '../store/index.ts';
import { doorEvent, type RecordAudit } from './audit/audit-trail.ts';
import { purposeAddress } from './gate/dark.ts';
import type { Gate } from './gate/gate.ts';
import { hiddenPages, maySee, type PageId } from './permission.ts';
import { mayNotSee, notFound, signInFirst } from './problem/http-problem.ts';
import type { SendProblem } from './page.ts';

const doors = new WeakSet<object>();

/** Whoever passes, and whoever is refused, is in the audit before anything is answered: where that fails, nothing is. */
export function createDoor(sendProblem: SendProblem, record: RecordAudit, gate: Gate): (page: PageId) => preHandlerAsyncHookHandler {
  return (page) => {
    const door: preHandlerAsyncHookHandler = async (request, reply) => {
      const { session } = request;
      if (!session) {
        if (request.method !== 'GET' || request.url.startsWith('/api/')) return sendProblem(request, reply, signInFirst);
        return reply.redirect(request.url === '/' ? '/sign-in' : `/sign-in?return-to=${encodeURIComponent(request.url)}`, 303);
      }
      if (!maySee(session.role, page)) {
        await noted(record, doorEvent(request, page, false, stated(session)));
        return sendProblem(request, reply, hiddenPages.includes(page) ? notFound : mayNotSee);
      }
      request.page = page;
      const passage = await gate.enter(request, page);
      if (passage?.kind === 'state-purpose') return reply.redirect(purposeAddress(request.url), 303);
      if (passage?.kind === 'dark') {
        await noted(record, doorEvent(request, page, false, passage.why));
        return sendProblem(request, reply, passage.problem);
      }
      request.seen = passage?.seen ?? null;
      await noted(record, doorEvent(request, page, true, passage?.seen.why ?? stated(session)));
      return undefined;
    };
    doors.add(door);
    return door;
  };
}

const stated = ({ purpose }: Session): { purpose?: string } => (purpose === null ? {} : { purpose });

async function noted(record: RecordAudit, event: AuditEvent | undefined): Promise<void> {
  if (event) await record(event);
}

function hasDoor(route: RouteOptions): boolean {
  return [route.preHandler ?? []].flat().some((handler) => doors.has(handler));
}

export function refuseOpenRoutes(app: FastifyInstance): void {
  app.addHook('onRoute', (route) => {
    if (route.config?.access === 'public' || hasDoor(route)) return;
    throw new Error(`${String(route.method)} ${route.url} says neither "public" nor which page it belongs to`);
  });
}
