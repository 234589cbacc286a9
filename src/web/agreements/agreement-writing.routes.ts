// Writing an agreement: from a template to a list of tasks, one question on a page, the answers checked, and saved as a version that the
// parties can sign. Only information governance leads write; each has drafts of their own, which outlive a sign-out.

import type { FastifyInstance } from 'fastify';
import type { AgreementContent } from '../../govern/index.ts';
import type { AgreementPagesDeps } from './agreement-pages.ts';
import { draftBeginRoutes } from './draft-begin.routes.ts';
import { listOpenParts } from './draft-check.ts';
import { draftClauseRoutes } from './draft-clauses.routes.ts';
import { addressOf, backOf, createDraftPages, draftParams, draftsBase } from './draft-pages.ts';
import { draftPartyRoutes } from './draft-parties.routes.ts';
import { draftSaveRoutes } from './draft-save.routes.ts';
import { draftSteps } from './draft-steps.ts';
import { presentTasks } from './draft-tasks.ts';

export function agreementWritingRoutes(app: FastifyInstance, deps: AgreementPagesDeps): void {
  const { vocabulary } = deps;
  const pages = createDraftPages(app, deps);
  draftBeginRoutes(app, deps);

  app.get(`${draftsBase}/:draftId`, pages.door, async (request, reply) => {
    const draft = await pages.getDraft(request);
    const groups = presentTasks(draft.content, await pages.findingsOf(draft), { vocabulary, address: addressOf(draft) });
    const tasks = groups.flatMap((group) => group.tasks);
    return deps.renderPage(reply, 'agreements/draft-tasks.njk', {
      title: draft.content.title ?? 'A new agreement', groups, address: addressOf(draft), baseVersion: draft.baseVersion,
      open: listOpenParts(draft.content).length, done: tasks.filter(({ state }) => state === 'done').length, all: tasks.length,
    });
  });

  for (const step of draftSteps) {
    pages.question<Partial<AgreementContent>>({
      path: `${draftsBase}/:draftId/${step.id}`,
      ask: (draft, request, sent) => ({ title: step.title, ...(step.intro ? { intro: step.intro } : {}), back: backOf(request, draft), answer: step.ask(sent, draft.content, vocabulary) }),
      keep: (content, { parties: _parties, clauses: _clauses, ...value }) => ({ ...content, ...value }),
      next: (request) => addressOf(draftParams(request)),
    });
  }

  draftPartyRoutes(app, deps, pages);
  draftClauseRoutes(app, deps, pages);
  draftSaveRoutes(app, deps, pages);

  pages.confirm({
    path: `${draftsBase}/:draftId/discard`,
    page: (draft) => ({ title: 'Throw this draft away?', intro: 'All that is written here is lost. Agreements and versions that were saved are not touched.', back: addressOf(draft), button: 'Throw away' }),
    async act(_request, draft) {
      await deps.drafts.discard(draft.draftId, draft.userId);
      return '/govern/agreements';
    },
  });
}
