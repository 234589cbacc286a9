// Beginning to write: a new agreement from a template or from nothing, or the next version of one that stands.

import type { FastifyInstance } from 'fastify';
import { britishDayOf, contentFromTemplate, newestVersion, toDraft } from '../../govern/index.ts';
import { getAgreement, type AgreementPagesDeps } from './agreement-pages.ts';
import { addressOf } from './draft-pages.ts';
import { askOne, problemsOf, readSent, type Sent } from '../form/step-form.ts';

const newAddress = '/govern/agreements/new';

export function draftBeginRoutes(app: FastifyInstance, deps: AgreementPagesDeps): void {
  const { packs, drafts } = deps;
  const door = { preHandler: deps.requirePage('write-agreements') };
  const title = 'How do you want to begin?';
  const choices = [
    ...[...packs.templates.values()].map(({ code, says, content }) => ({ value: code, text: content.title, hint: says })),
    { value: 'from-nothing', text: 'With nothing written', hint: 'You answer every question yourself' },
  ];
  const ask = (sent: Sent | null) => askOne(sent, { name: 'template', label: title, hint: 'A template is answered already. You change what does not fit.', choices, missing: 'Choose how to begin', stored: undefined });
  const page = { title, caption: 'A new agreement', back: '/govern/agreements', button: 'Begin', action: newAddress };

  app.get(newAddress, door, async (_request, reply) => deps.renderPage(reply, 'agreements/agreement-step.njk', { ...page, fields: [ask(null).field], problems: [] }));
  app.post(newAddress, door, async (request, reply) => {
    const { field, value } = ask(readSent(request.body, ['template']));
    if (value === undefined) return deps.renderPage(reply.code(400), 'agreements/agreement-step.njk', { ...page, fields: [field], problems: problemsOf([field]), error: true });
    const template = packs.templates.get(value);
    const content = template ? toDraft(contentFromTemplate(template, britishDayOf(deps.clock.now()))) : { parties: [], clauses: [] };
    return reply.redirect(addressOf({ draftId: await drafts.begin({ userId: request.session!.userId, agreementId: null, baseVersion: null, content }) }), 303);
  });

  app.post('/govern/agreements/:agreementId/new-version', door, async (request, reply) => {
    readSent(request.body, []);
    const { agreement } = await getAgreement(request, deps);
    const { version, content } = newestVersion(agreement);
    return reply.redirect(addressOf({ draftId: await drafts.begin({ userId: request.session!.userId, agreementId: agreement.agreementId, baseVersion: version, content: toDraft(content) }) }), 303);
  });
}
