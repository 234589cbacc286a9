// "What may I see?": what agreements give the person who is signed in, by purpose.

import type { FastifyInstance } from 'fastify';
import { agreementStatus } from '../../govern/index.ts';
import { roleTitles } from '../../core/index.ts';
import { readerOf, type AgreementPagesDeps } from './agreement-pages.ts';
import { presentMyAccess } from './my-access.ts';

export function myAccessRoutes(app: FastifyInstance, deps: AgreementPagesDeps): void {
  const { register, clock, vocabulary } = deps;
  app.get('/govern/my-access', { preHandler: deps.requirePage('my-access') }, async (request, reply) => {
    const reader = readerOf(request, deps);
    const now = clock.now();
    const titles = new Map((await register.list()).map((agreement) => [agreement.agreementId, agreementStatus(agreement, now).content.title]));
    return deps.renderPage(reply, 'agreements/my-access.njk', {
      title: 'What you may see',
      who: `${roleTitles[reader.role]}, ${request.session!.agency}`,
      known: reader.agency !== '',
      agency: request.session!.agency,
      purposes: presentMyAccess(await register.grants(), { reader, now, titles, vocabulary }),
    });
  });
}
