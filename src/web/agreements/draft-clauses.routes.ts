// The clauses of an agreement in writing: the list, adding one, its questions in turn, what it says, and removing it.

import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Problem } from '../../core/index.ts';
import { nextClauseKey, type AgreementDraft, type DraftClause } from '../../govern/index.ts';
import type { AgreementPagesDeps } from './agreement-pages.ts';
import { createNaming } from './agreement-vocabulary.ts';
import { findClauseQuestion, findOpenStep } from './clause-steps.ts';
import { presentChecked } from './draft-check.ts';
import { addressOf, backOf, captionOf, draftParams, draftsBase, noDraft, type DraftPages } from './draft-pages.ts';
import { readSent } from '../form/step-form.ts';

const mostClauses = 50;
const listPath = `${draftsBase}/:draftId/clauses`;

const clauseAddress = (draft: Pick<AgreementDraft, 'draftId'>, key: string) => `${addressOf(draft)}/clauses/${key}`;

function clauseOf(draft: AgreementDraft, request: FastifyRequest): { clause: DraftClause; place: number } {
  const place = draft.content.clauses.findIndex(({ key }) => key === draftParams(request).clause);
  if (place < 0) throw noDraft();
  return { clause: draft.content.clauses[place]!, place };
}

export function draftClauseRoutes(app: FastifyInstance, deps: AgreementPagesDeps, pages: DraftPages): void {
  const { vocabulary, renderPage } = deps;
  const naming = createNaming(vocabulary);

  app.get(listPath, pages.door, async (request, reply) => {
    const draft = await pages.getDraft(request);
    const clauses = draft.content.clauses.map((clause, place) => ({ title: `Clause ${place + 1}`, href: clauseAddress(draft, clause.key), words: clause.purpose ? naming.purpose(clause.purpose) : 'Not answered yet', complete: findOpenStep(clause) === undefined }));
    return renderPage(reply, 'agreements/draft-clauses.njk', { title: 'What is shared?', caption: captionOf(draft), address: addressOf(draft), clauses });
  });

  app.post(listPath, pages.door, async (request, reply) => {
    readSent(request.body, []);
    const content = await pages.change(request, (kept) => {
      if (kept.clauses.length >= mostClauses) throw new Problem('usage', { what: `An agreement can have ${mostClauses} clauses`, todo: 'Split it into two agreements.' });
      return { ...kept, clauses: [...kept.clauses, { key: nextClauseKey(kept), from: [], items: [], to: [], powers: [] }] };
    });
    return reply.redirect(`${clauseAddress(draftParams(request), content.clauses.at(-1)!.key)}/purpose`, 303);
  });

  app.get(`${listPath}/:clause`, pages.door, async (request, reply) => {
    const draft = await pages.getDraft(request);
    const { clause, place } = clauseOf(draft, request);
    const address = clauseAddress(draft, clause.key);
    const section = presentChecked(draft.content, await pages.findingsOf(draft), vocabulary).find(({ id }) => id === clause.key)!;
    const details = [
      ...clause.items.flatMap((item) => ('feed' in item ? [{ text: `Fields of ${naming.feed(item.feed)}`, href: `${address}/fields/${item.feed}` }] : [])),
      ...clause.to.map(({ agency }) => ({ text: `Roles at ${naming.agency(agency)}`, href: `${address}/roles/${agency}` })),
    ];
    return renderPage(reply, 'agreements/draft-clause.njk', { title: `Clause ${place + 1}`, caption: captionOf(draft), address: addressOf(draft), clauseAddress: address, section, details, open: findOpenStep(clause) });
  });

  pages.confirm({
    path: `${listPath}/:clause/remove`,
    page(draft, request) {
      const { clause, place } = clauseOf(draft, request);
      return { title: `Remove clause ${place + 1}?`, intro: `${clause.purpose ? `It is for: ${naming.purpose(clause.purpose)}. ` : ''}What is written in it is lost.`, back: clauseAddress(draft, clause.key), button: 'Remove' };
    },
    async act(request, draft) {
      await pages.change(request, (content) => ({ ...content, clauses: content.clauses.filter(({ key }) => key !== draftParams(request).clause) }));
      return `${addressOf(draft)}/clauses`;
    },
  });

  pages.question<Partial<DraftClause>>({
    path: `${listPath}/:clause/*`,
    ask(draft, request, sent) {
      const { clause, place } = clauseOf(draft, request);
      const ask = findClauseQuestion(draftParams(request)['*'] ?? '', clause);
      if (!ask) throw noDraft();
      return { ...ask(sent, { clause, content: draft.content, vocabulary }), back: backOf(request, draft, clauseAddress(draft, clause.key)), section: `Clause ${place + 1}` };
    },
    keep: (content, value, request) => ({ ...content, clauses: content.clauses.map((each): DraftClause => (each.key === draftParams(request).clause ? { ...each, ...value } : each)) }),
    next(request, content) {
      const clause = content.clauses.find(({ key }) => key === draftParams(request).clause);
      const open = clause && findOpenStep(clause);
      return `${clauseAddress(draftParams(request), clause?.key ?? '')}${open ? `/${open}` : ''}`;
    },
  });
}
