// /purpose: what are you doing now? One choice from the purposes that live agreements give to the reader's agency and role, kept in the session
// until they change it; who has none left to choose may take back what they stated. A purpose that is not given is refused and audited, whoever posted it.

import type { FastifyInstance, FastifyReply } from 'fastify';
import type { ActingTrail } from '../audit/acting-trail.ts';
import type { PageDeps } from '../page.ts';
import { safeReturnTo } from '../sign-in/return-to.ts';
import { asSentence, nobodyWords } from './refusal-words.ts';
import type { Sight } from './sight.ts';

export interface PurposeDeps extends PageDeps {
  trail: ActingTrail;
  contact?: { name: string; email?: string } | undefined;
}

const isCode = /^[a-z][a-z0-9-]{0,99}$/;

export function purposeRoutes(app: FastifyInstance, deps: PurposeDeps): void {
  const door = { preHandler: deps.requirePage('start') };
  const { sharing } = deps.gate;

  const show = (reply: FastifyReply, sight: Sight, { returnTo, problem }: { returnTo: string; problem?: string }) => {
    const session = reply.request.session!;
    // Belongs to no part of the navigation.
    reply.request.page = null;
    const lapsed = sight.stated !== null && sight.purpose === null;
    return deps.renderPage(reply, 'gate/purpose.njk', {
      title: 'What are you doing now?',
      ...(problem === undefined ? {} : { error: true, problem }),
      returnTo,
      lapsed: lapsed ? (sharing.purposes.get(sight.stated!)?.title ?? sight.stated) : null,
      choices: sight.purposes.map((code) => ({ value: code, text: sharing.purposes.get(code)?.title ?? code, hint: { text: sharing.purposes.get(code)?.says ?? '' }, checked: code === sight.purpose })),
      why: sight.purposes.length === 0 ? asSentence(nobodyWords({ session, sight, sharing })) : null,
      contact: deps.contact ?? null,
    });
  };

  app.get<{ Querystring: Record<string, unknown> }>('/purpose', door, async (request, reply) => show(reply, await deps.gate.sightOf(request.session!), { returnTo: safeReturnTo(request.query['return-to']) }));

  app.post('/purpose', door, async (request, reply) => {
    const body = (request.body ?? {}) as Record<string, unknown>;
    const session = request.session!;
    const returnTo = safeReturnTo(body['return-to']);
    const sight = await deps.gate.sightOf(session);
    if (body.none === 'yes' && sight.purposes.length === 0) {
      await deps.trail.recordWithSession(session, { actorId: session.userId, action: 'purpose.take-back', outcome: 'done' }, (sessions) => sessions.setPurpose(session.key, null));
      return reply.redirect(returnTo, 303);
    }
    const asked = typeof body.purpose === 'string' ? body.purpose : '';
    if (asked === '') return show(reply.code(400), sight, { returnTo, problem: 'Choose what you are doing now' });
    if (!sight.purposes.includes(asked)) {
      await deps.trail.record({ actorId: session.userId, action: 'purpose.state', outcome: 'refused', ...(isCode.test(asked) ? { purpose: asked } : {}), basis: 'not-recipient' });
      return show(reply.code(403), sight, { returnTo, problem: 'No agreement in force gives your agency and role that purpose. Choose one of these' });
    }
    await deps.trail.recordWithSession(session, { actorId: session.userId, action: 'purpose.state', outcome: 'done', purpose: asked }, (sessions) => sessions.setPurpose(session.key, asked));
    return reply.redirect(returnTo, 303);
  });
}
