// Reading agreements: the list with how each stands, and one agreement with its clauses, signatures, versions and history.

import type { FastifyInstance } from 'fastify';
import { Problem } from '../../core/index.ts';
import { agreementStatus, newestVersion, toDraft, type AgreementState } from '../../govern/index.ts';
import { presentDate } from '../frame/date-words.ts';
import { findVersion, getAgreement, mayReadAgreement, readerOf, versionsOf, type AgreementPagesDeps } from './agreement-pages.ts';
import { presentContent } from './agreement-summary.ts';
import { presentAgreementPage, presentAgreementRow, stateTags } from './agreement-view.ts';
import { createNaming } from './agreement-vocabulary.ts';
import { addressOf, captionOf } from './draft-pages.ts';

const doneWords: Record<string, string> = {
  saved: 'The version is saved. It can now be signed for each party by its signatory.',
  signed: 'You have signed. What was signed is kept with your sign-in and the time.',
  withdrawn: 'Your agency is withdrawn. The agreement has lapsed, and what stood on it is dark from now on.',
  ended: 'The agreement is ended. What stood on it is dark from now on.',
};

const badAddress = () => new Problem('usage', { what: 'This address asks for agreements that are not known here', todo: 'Open the page Agreements and choose again.' });

const one = (value: unknown): string => (value === undefined ? '' : typeof value === 'string' ? value : 'x');

export function agreementReadRoutes(app: FastifyInstance, deps: AgreementPagesDeps): void {
  const { register, clock, vocabulary, renderPage } = deps;
  const door = { preHandler: deps.requirePage('agreements') };
  const naming = createNaming(vocabulary);

  app.get<{ Querystring: Record<string, unknown> }>('/govern/agreements', door, async (request, reply) => {
    const wanted = one(request.query.state);
    if (wanted !== '' && !Object.hasOwn(stateTags, wanted)) throw badAddress();
    const reader = readerOf(request, deps);
    const now = clock.now();
    const all = (await register.list()).map((agreement) => ({ agreement, status: agreementStatus(agreement, now) })).filter(({ agreement, status }) => mayReadAgreement(reader, agreement, status));
    const shown = all.filter(({ status }) => wanted === '' || status.state === wanted);
    const writes = reader.role === 'governance-lead';
    const drafts = writes ? await deps.drafts.list(reader.userId) : [];
    const states = (Object.keys(stateTags) as AgreementState[]).map((value) => ({ value, text: `${stateTags[value].text} (${all.filter(({ status }) => status.state === value).length})`, selected: value === wanted }));
    return renderPage(reply, 'agreements/agreement-list.njk', {
      title: 'Information sharing agreements', writes, signs: reader.role === 'signatory', own: reader.agency === '' ? request.session!.agency : naming.agency(reader.agency),
      rows: shown.map((listed) => presentAgreementRow(listed, reader, naming)), nothing: all.length === 0,
      states: [{ value: '', text: `All (${all.length})`, selected: wanted === '' }, ...states],
      drafts: drafts.map((draft) => ({ title: captionOf(draft), href: addressOf(draft), changed: presentDate(draft.changedAt), version: draft.baseVersion })),
    });
  });

  app.get<{ Querystring: Record<string, unknown> }>('/govern/agreements/:agreementId', door, async (request, reply) => {
    const found = await getAgreement(request, deps);
    const newest = newestVersion(found.agreement);
    const drafted = findVersion(request, found);
    const signer = found.reader.role === 'signatory' || found.reader.role === 'governance-lead';
    const findings = signer && found.status.state !== 'lapsed' && found.status.missing.length > 0 ? await register.check(newest.content, found.agreement.agreementId) : [];
    return renderPage(reply, 'agreements/agreement.njk', {
      ...presentAgreementPage(found, vocabulary),
      done: Object.hasOwn(doneWords, one(request.query.done)) ? doneWords[one(request.query.done)] : undefined,
      sections: presentContent(toDraft(drafted.content), vocabulary), shownVersion: drafted.version,
      otherVersions: versionsOf(found.agreement).map(({ version }) => version).filter((version) => version !== drafted.version), warnings: findings,
    });
  });
}
