// The parties of an agreement in writing: the list, one party's part and office, and taking one out.

import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { AgreementDraft } from '../../govern/index.ts';
import type { AgreementPagesDeps } from './agreement-pages.ts';
import { createNaming } from './agreement-vocabulary.ts';
import { presentChecked } from './draft-check.ts';
import { addressOf, backOf, captionOf, draftParams, draftsBase, noDraft, type DraftPages } from './draft-pages.ts';
import { askParty, type PartyAnswer } from './draft-steps.ts';

export function draftPartyRoutes(app: FastifyInstance, deps: AgreementPagesDeps, pages: DraftPages): void {
  const { vocabulary } = deps;
  const naming = createNaming(vocabulary);
  const partyOf = (draft: AgreementDraft, request: FastifyRequest) => draft.content.parties.find(({ agency }) => agency === draftParams(request).party);

  app.get(`${draftsBase}/:draftId/parties`, pages.door, async (request, reply) => {
    const draft = await pages.getDraft(request);
    const section = presentChecked(draft.content, await pages.findingsOf(draft), vocabulary).find(({ id }) => id === 'parties')!;
    return deps.renderPage(reply, 'agreements/draft-parties.njk', {
      title: 'Which agencies are parties?', caption: captionOf(draft), address: addressOf(draft),
      rows: draft.content.parties.length === 0 ? [] : section.rows, enough: draft.content.parties.length >= 2,
    });
  });

  pages.question<PartyAnswer>({
    path: `${draftsBase}/:draftId/parties/:party`,
    ask(draft, request, sent) {
      const party = partyOf(draft, request);
      if (!party && draftParams(request).party !== 'add') throw noDraft();
      return { title: party ? naming.agency(party.agency) : 'Add a party', back: backOf(request, draft, `${addressOf(draft)}/parties`), answer: askParty(sent, { party, content: draft.content, vocabulary }) };
    },
    keep(content, value) {
      const there = content.parties.some(({ agency }) => agency === value.agency);
      return { ...content, parties: there ? content.parties.map((each) => (each.agency === value.agency ? value : each)) : [...content.parties, value] };
    },
    next: (request) => `${draftsBase}/${draftParams(request).draftId}/parties`,
  });

  pages.confirm({
    path: `${draftsBase}/:draftId/parties/:party/remove`,
    page(draft, request) {
      const party = partyOf(draft, request);
      if (!party) throw noDraft();
      return { title: `Take out ${naming.agency(party.agency)}?`, intro: 'Clauses that name it must then be changed too.', back: `${addressOf(draft)}/parties`, button: 'Take out' };
    },
    async act(request, draft) {
      await pages.change(request, (content) => ({ ...content, parties: content.parties.filter(({ agency }) => agency !== draftParams(request).party) }));
      return `${addressOf(draft)}/parties`;
    },
  });
}
