// /govern/corrections: facts that somebody reported as wrong. An information governance lead who is not the one who reported it decides; the page shows who
// relied on the fact and does not know yet, and whether the agency has mended its own record.

import type { FastifyInstance, FastifyReply } from 'fastify';
import { correctionOutcomes } from '../../govern/index.ts';
import { createDoneOf } from '../form/done-words.ts';
import { askOne, askText, problemsOf, readSent, type FormField, type Sent } from '../form/step-form.ts';
import type { FieldProblem } from '../form/sent-fields.ts';
import { readerOf } from '../gate/reader-of.ts';
import { correctionNoticeRoutes } from './correction-notice.routes.ts';
import { complaintWords, correctionAddress, correctionsHome, noteCorrection, openCorrection, presentCorrection, presentListed, type CorrectionPagesDeps } from './correction-pages.ts';
import { reportCorrectionRoutes } from './report-correction.routes.ts';

const doneOf = createDoneOf({ reported: 'It is written down. Somebody else decides.', accepted: 'It is accepted. Whoever relied on the wrong fact is told.', refused: 'It is refused. Tell whoever asked why, and that they can complain.' });

export function correctionsRoutes(app: FastifyInstance, deps: CorrectionPagesDeps): void {
  const door = { preHandler: deps.requirePage('corrections') };
  const { corrections } = deps;
  reportCorrectionRoutes(app, deps);
  correctionNoticeRoutes(app, deps);

  app.get(correctionsHome, door, async (request, reply) => {
    const who = await readerOf(deps, request);
    const files = await corrections.list(who);
    await noteCorrection(deps, who, { action: 'list', ids: files.map(({ correctionId }) => correctionId) });
    const listed = (decided: boolean) => files.filter(({ decision }) => (decision !== null) === decided).map((file) => presentListed(file, deps));
    return deps.renderPage(reply, 'corrections/corrections.njk', { title: 'Corrections', done: doneOf(request.query), waiting: listed(false).toReversed(), past: listed(true) });
  });

  type Opened = NonNullable<Awaited<ReturnType<typeof openCorrection>>>;
  const show = (reply: FastifyReply, { who, file }: Opened, { done = null, fields = readDecision(null).fields, problems = [] }: { done?: string | null; fields?: FormField[]; problems?: FieldProblem[] } = {}) =>
    deps.renderPage(reply, 'corrections/correction.njk', {
      title: 'A correction', ...(problems.length > 0 ? { error: true } : {}), problems, done, correction: presentCorrection(file, deps), complaint: complaintWords, own: file.reportedBy === who.userId, fields: file.decision === null && file.reportedBy !== who.userId ? fields : null,
    });

  app.get(`${correctionsHome}/:correctionId`, door, async (request, reply) => {
    const opened = await openCorrection(request, reply, deps);
    return opened ? show(reply, opened, { done: doneOf(request.query) }) : reply;
  });

  app.post(`${correctionsHome}/:correctionId`, door, async (request, reply) => {
    const opened = await openCorrection(request, reply, deps);
    if (!opened) return reply;
    const { who, file } = opened;
    const { fields, decision } = readDecision(readSent(request.body, ['outcome', 'reason']));
    if (!decision) return show(reply.code(400), opened, { fields, problems: problemsOf(fields) });
    const { ok } = await corrections.decide(who, file.correctionId, decision);
    if (ok) return reply.redirect(`${correctionAddress(file.correctionId)}?done=${decision.outcome}`, 303);
    await noteCorrection(deps, who, { action: decision.outcome === 'accepted' ? 'accept' : 'refuse', outcome: 'refused', ids: [file.correctionId, file.personKey] });
    return show(reply.code(409), opened, { fields, problems: [{ text: 'It could not be kept: it is decided already, or you reported it yourself', href: '#main-content' }] });
  });
}

function readDecision(sent: Sent | null) {
  const outcome = askOne(sent, {
    name: 'outcome', label: 'What do you decide?', missing: 'Choose what you decide', stored: undefined,
    choices: correctionOutcomes.map((value) => (value === 'accepted' ? { value, text: 'Accept it', hint: 'What is right stands beside the fact wherever it is read, and whoever relied on it is told' } : { value, text: 'Refuse it', hint: `Tell whoever asked why. ${complaintWords}` })),
  });
  const reason = askText(sent, { kind: 'area', name: 'reason', label: 'Why?', hint: 'What you looked at, and whom you asked. Whoever asked may be given this', longest: 2000, missing: 'Enter why', stored: undefined });
  const fields = [outcome.field, reason.field];
  return outcome.value === undefined || reason.value === undefined ? { fields } : { fields, decision: { outcome: outcome.value, reason: reason.value } };
}
