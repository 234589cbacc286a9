// An agreement as a legal text, and its impact assessment: documents made from the content, to be read and printed.

import type { FastifyInstance, FastifyRequest } from 'fastify';
import { agreementDocument, britishDayOf, impactAssessment, signedBy } from '../../govern/index.ts';
import { agreementAddress, findVersion, getAgreement, type AgreementPagesDeps, type FoundAgreement } from './agreement-pages.ts';
import { versionTag } from './agreement-view.ts';

const documents = [
  { path: 'document', write: agreementDocument, other: { path: 'impact-assessment', text: 'The impact assessment' } },
  { path: 'impact-assessment', write: impactAssessment, other: { path: 'document', text: 'The agreement as a document' } },
];

/** Who signed a version, as its last page has it. */
function signaturesOf({ agreement }: FoundAgreement, version: number) {
  const signed = new Set(signedBy(agreement, version));
  return agreement.events.flatMap((event) => (event.kind === 'signed' && event.version === version && signed.has(event.agency) ? [{ agency: event.agency, by: event.by, on: britishDayOf(event.at) }] : []));
}

export function agreementDocumentRoutes(app: FastifyInstance, deps: AgreementPagesDeps): void {
  const present = (request: FastifyRequest, found: FoundAgreement, { write, other }: (typeof documents)[number]) => {
    const { version, content } = findVersion(request, found);
    const address = agreementAddress(found.agreement.agreementId);
    const shown = write({ content, packs: deps.packs, agreementId: found.agreement.agreementId, version, signatures: signaturesOf(found, version) });
    return {
      title: shown.title, document: shown, address, other: { text: other.text, href: `${address}/${other.path}?version=${version}` }, state: versionTag(found.agreement, found.status, { version, now: deps.clock.now() }),
    };
  };
  for (const each of documents) {
    app.get(`/govern/agreements/:agreementId/${each.path}`, { preHandler: deps.requirePage('agreements') }, async (request, reply) =>
      deps.renderPage(reply, 'agreements/agreement-document.njk', present(request, await getAgreement(request, deps), each)));
  }
}
