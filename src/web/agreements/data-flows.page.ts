// Who gives what to whom: each clause of an agreement drawn as a flow, with the same as a table.

import type { FastifyInstance } from 'fastify';
import type { AgreementContent } from '../../govern/index.ts';
import { roleTitles } from '../../core/index.ts';
import { agreementAddress, findVersion, getAgreement, type AgreementPagesDeps } from './agreement-pages.ts';
import { createNaming, formWords, joinWords, type AgreementVocabulary } from './agreement-vocabulary.ts';
import { stateTags } from './agreement-view.ts';
import { clauseFlowChart } from './clause-flow.chart.ts';

export function presentFlows(content: AgreementContent, vocabulary: AgreementVocabulary) {
  const naming = createNaming(vocabulary);
  return content.clauses.map((clause, place) => {
    const givers = clause.from.map(naming.agency);
    const items = clause.items.map((item) => naming.item(item, clause.form));
    const flow = clauseFlowChart({
      id: `clause-${place + 1}`,
      title: `Clause ${place + 1}: ${naming.purpose(clause.purpose)}`,
      description: `${joinWords(givers)} give ${items.length === 1 ? 'one kind of record' : `${items.length} kinds of record`} to ${joinWords(clause.to.map(({ agency }) => naming.agency(agency)))}. ${formWords[clause.form]}.`,
      identified: clause.form === 'identified',
      from: givers,
      middle: [naming.purpose(clause.purpose), formWords[clause.form], items.length === 1 ? '1 kind of record' : `${items.length} kinds of record`],
      to: clause.to.map(({ agency, roles }) => [naming.agency(agency), roles.map((role) => roleTitles[role]).join(', ')]),
    });
    return { number: place + 1, purpose: naming.purpose(clause.purpose), wide: flow.wide, narrow: flow.narrow, form: formWords[clause.form], givers, items, receivers: clause.to.map(naming.recipient), powers: clause.powers.map(naming.power) };
  });
}

export function dataFlowRoutes(app: FastifyInstance, deps: AgreementPagesDeps): void {
  app.get('/govern/agreements/:agreementId/data-flows', { preHandler: deps.requirePage('agreements') }, async (request, reply) => {
    const found = await getAgreement(request, deps);
    const { version, content } = findVersion(request, found);
    return deps.renderPage(reply, 'agreements/data-flows.njk', {
      title: 'Who gives what to whom', caption: content.title, version, address: agreementAddress(found.agreement.agreementId), state: stateTags[found.status.state],
      clauses: presentFlows(content, deps.vocabulary),
    });
  });
}
