// The door: every route is public by name or belongs to a page of the permission table. A route that is neither stops the server
// from starting, so that forgetting is not possible.

import type { FastifyInstance, preHandlerAsyncHookHandler, RouteOptions } from 'fastify';
import { doorEvent, type RecordAudit } from './audit/audit-trail.ts';
import { maySee, type PageId } from './permission.ts';
import { mayNotSee, signInFirst } from './problem/http-problem.ts';
import type { SendProblem } from './problem/send-problem.ts';

const doors = new WeakSet<object>();

/** Whoever passes, and whoever is refused, is in the audit before anything is answered: where that fails, nothing is. */
export function createDoor(sendProblem: SendProblem, record: RecordAudit): (page: PageId) => preHandlerAsyncHookHandler {
  return (page) => {
    const door: preHandlerAsyncHookHandler = async (request, reply) => {
      const { session } = request;
      if (!session) {
        if (request.method !== 'GET' || request.url.startsWith('/api/')) return sendProblem(request, reply, signInFirst);
        return reply.redirect(request.url === '/' ? '/sign-in' : `/sign-in?return-to=${encodeURIComponent(request.url)}`, 303);
      }
      const allowed = maySee(session.role, page);
      const event = doorEvent(request, page, allowed);
      if (event) await record(event);
      if (!allowed) return sendProblem(request, reply, mayNotSee);
      request.page = page;
      return undefined;
    };
    doors.add(door);
    return door;
  };
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
