// /purpose/standing: does what an open page stood on still give it? The page asks twice a minute, so that an agreement which lapses while somebody reads is
// felt without a click. Nothing is read of anyone, so nothing is kept of the question; and it keeps no session awake.

import type { FastifyInstance } from 'fastify';
import type { PageDeps } from '../page.ts';
import { asSentence } from './refusal-words.ts';

export const standingAddress = '/purpose/standing';

export function standingRoutes(app: FastifyInstance, { gate, requirePage }: Pick<PageDeps, 'gate' | 'requirePage'>): void {
  app.get<{ Querystring: Record<string, unknown> }>(standingAddress, { preHandler: requirePage('start') }, async (request, reply) => {
    const { on } = request.query;
    const fallen = await gate.findFallen(request.session!, typeof on === 'string' ? on : '');
    return reply.send(fallen === null ? { stands: true } : { stands: false, why: asSentence(fallen) });
  });
}
