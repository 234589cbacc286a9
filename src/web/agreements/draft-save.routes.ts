// Checking the answers of an agreement in writing, and saving them as a version that the parties can sign. What the check finds at fault
// stops the saving and says how to mend it; what it warns of is shown and does not.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AgreementContent, AgreementDraft, Finding } from '../../govern/index.ts';
import { agreementAddress, faultWords, readerOf, type AgreementPagesDeps } from './agreement-pages.ts';
import { findWholeContent, listOpenParts, presentChecked } from './draft-check.ts';
import { addressOf, captionOf, draftsBase, type DraftPages } from './draft-pages.ts';
import type { FieldProblem } from '../form/sent-fields.ts';
import { readSent } from '../form/step-form.ts';

const changedMeanwhile = 'Your answers changed in another tab or window after you opened this page. Nothing was saved. Check them again';

interface Shown {
  findings: readonly Finding[];
  problems?: FieldProblem[];
  status?: number;
}

const levelIs = (level: Finding['level']) => (finding: Finding) => finding.level === level;

export function draftSaveRoutes(app: FastifyInstance, deps: AgreementPagesDeps, pages: DraftPages): void {
  const { drafts, register, vocabulary } = deps;
  const path = `${draftsBase}/:draftId/check`;

  const show = (reply: FastifyReply, draft: AgreementDraft, { findings, problems = [], status = 200 }: Shown) =>
    deps.renderPage(reply.code(status), 'agreements/draft-check.njk', {
      title: 'Check the agreement before you save it', caption: captionOf(draft), error: problems.length > 0, problems,
      open: listOpenParts(draft.content), address: addressOf(draft), revision: draft.revision, baseVersion: draft.baseVersion,
      sections: presentChecked(draft.content, findings, vocabulary),
      faults: findings.filter(levelIs('fault')).length, warnings: findings.filter(levelIs('warning')).length,
    });

  const save = async (request: FastifyRequest, { agreementId, baseVersion }: AgreementDraft, content: AgreementContent) => {
    const reader = readerOf(request, deps);
    if (agreementId === null || baseVersion === null) return register.draft(content, reader);
    const saved = await register.redraft(agreementId, content, reader, baseVersion);
    return saved.ok ? { ...saved, agreementId } : saved;
  };

  /** Each fault as a line of the error summary that leads to its row. */
  const problemsOfFaults = (draft: AgreementDraft, findings: readonly Finding[]): FieldProblem[] =>
    presentChecked(draft.content, findings.filter(levelIs('fault')), vocabulary).flatMap(({ rows }) => rows.flatMap((row) => row.findings.map(({ message }) => ({ text: message, href: `#${row.id}` }))));

  app.get(path, pages.door, async (request, reply) => {
    const draft = await pages.getDraft(request);
    return show(reply, draft, { findings: await pages.findingsOf(draft) });
  });

  app.post(path, pages.door, async (request, reply) => {
    const revision = readSent(request.body, ['revision']).text('revision');
    const draft = await pages.getDraft(request);
    const content = findWholeContent(draft.content);
    if (!content) return show(reply, draft, { findings: [], status: 400, problems: listOpenParts(draft.content).map(({ text, step }) => ({ text, href: `${addressOf(draft)}/${step}` })) });
    // Taken by a new revision, so that the button pressed twice, or in two tabs, saves once.
    const taken = revision === String(draft.revision) && (await drafts.replace(draft));
    if (!taken) return show(reply, draft, { findings: await pages.findingsOf(draft), status: 409, problems: [{ text: changedMeanwhile, href: '#answers' }] });
    const held = { ...draft, revision: draft.revision + 1 };
    const saved = await save(request, held, content);
    if (saved.ok) {
      await drafts.discard(draft.draftId, draft.userId);
      return reply.redirect(agreementAddress(saved.agreementId, '?done=saved'), 303);
    }
    const faults = problemsOfFaults(draft, saved.findings);
    return show(reply, held, { findings: saved.findings, problems: faults.length > 0 ? faults : [{ text: faultWords[saved.reason], href: '#answers' }], status: saved.reason === 'content-faulty' ? 400 : 409 });
  });
}
