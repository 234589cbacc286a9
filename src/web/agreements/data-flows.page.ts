// Who gives what to whom: each clause of an agreement drawn as a flow, with the same as a table.

import type { FastifyInstance } from 'fastify';
import type { AgreementContent, Clause, DataItem } from '../../govern/index.ts';
import { roleTitles } from '../../core/index.ts';
import { agreementAddress, findVersion, getAgreement, type AgreementPagesDeps } from './agreement-pages.ts';
import { createNaming, formWords, joinWords, type AgreementVocabulary } from './agreement-vocabulary.ts';
import { stateTags } from './agreement-view.ts';
import { clauseFlowChart } from './clause-flow.chart.ts';

/** Each agency of a clause with what of its data is given; one that holds none of the items gives nothing. */
function giversOf({ from, items }: Clause, vocabulary: AgreementVocabulary): { agency: string; items: DataItem[] }[] {
  return from
    .map((agency) => ({ agency, items: items.filter((item) => 'section' in item || vocabulary.feeds.get(item.feed)?.agency === agency) }))
    .filter((giver) => giver.items.length > 0);
}

export function presentFlows(content: AgreementContent, vocabulary: AgreementVocabulary) {
  const naming = createNaming(vocabulary);
  return content.clauses.map((clause, place) => {
    const given = giversOf(clause, vocabulary);
    const givers = given.map(({ agency }) => naming.agency(agency));
    const { items } = clause;
    const flow = clauseFlowChart({
      id: `clause-${place + 1}`,
      title: `Clause ${place + 1}: ${naming.purpose(clause.purpose)}`,
      description: `${joinWords(givers)} give ${items.length === 1 ? 'one kind of record' : `${items.length} kinds of record`} to ${joinWords(clause.to.map(({ agency }) => naming.agency(agency)))}. ${formWords[clause.form]}.`,
      identified: clause.form === 'identified',
      from: givers,
      middle: [naming.purpose(clause.purpose), formWords[clause.form], items.length === 1 ? '1 kind of record' : `${items.length} kinds of record`],
      to: clause.to.map(({ agency, roles }) => [naming.agency(agency), roles.map((role) => roleTitles[role]).join(', ')]),
    });
    return { number: place + 1, purpose: naming.purpose(clause.purpose), wide: flow.wide, narrow: flow.narrow, form: formWords[clause.form], givers: given.map(({ agency, items: own }) => ({ agency: naming.agency(agency), items: own.map((item) => naming.item(item, clause.form)) })), receivers: clause.to.map(naming.recipient), powers: clause.powers.map(naming.power) };
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
