// One decision to share: read, added to by the agency that decided, reviewed by an information governance lead who had no part in it.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { followUpKinds, isRowId, shareReviewOutcomes, type Asking, type ShareFile } from '../../govern/index.ts';
import { newestRowOf } from '../audit/audit-trail.ts';
import { auditAddress } from '../audit/audit-words.ts';
import { askOne, askText, problemsOf, readSent } from '../form/step-form.ts';
import type { FieldProblem } from '../form/sent-fields.ts';
import { notFound } from '../problem/http-problem.ts';
import { askingOf, doneOf, noteShare, type ShareRecordsDeps } from './share-pages.ts';
import { presentShare, reviewWords, shareAddress } from './share-view.ts';

export function shareFileRoutes(app: FastifyInstance, deps: ShareRecordsDeps): void {
  const door = { preHandler: deps.requirePage('share-records') };
  const { shareRecords } = deps;

  const findFile = async (request: FastifyRequest, reply: FastifyReply): Promise<{ asking: Asking; file: ShareFile } | undefined> => {
    const asking = await askingOf(deps, request);
    const { shareRecordId } = request.params as { shareRecordId: string };
    const file = await shareRecords.find(asking, shareRecordId);
    const known = isRowId(shareRecordId) ? shareRecordId : undefined;
    await noteShare(deps, asking, { action: 'share.view', outcome: file ? 'done' : 'refused', ids: [...(known === undefined ? [] : [known]), ...(file ? [file.personKey] : [])] });
    if (file) return { asking, file };
    await deps.sendProblem(request, reply, notFound);
    return undefined;
  };
  const show = async (reply: FastifyReply, { asking, file }: { asking: Asking; file: ShareFile }, { done = null, body = null, problems }: { done?: string | null; body?: unknown; problems?: FieldProblem[] } = {}) => {
    const { text, outcome, words } = actFields(body);
    const found = problems ?? problemsOf([text.field, outcome.field, words.field]);
    const share = presentShare(file, deps, asking.who);
    const row = share.mayReview ? await newestRowOf(deps.trail, file.recordedBy) : undefined;
    return deps.renderPage(reply, 'share-records/share-record.njk', {
      title: 'A decision to share', ...(found.length > 0 ? { error: true } : {}), problems: found, done, share, auditHref: row === undefined ? null : auditAddress({ by: row }), followField: text.field, reviewFields: [outcome.field, words.field],
    });
  };

  app.get('/govern/share-records/:shareRecordId', door, async (request, reply) => {
    const opened = await findFile(request, reply);
    return opened ? show(reply, opened, { done: doneOf(request.query) }) : reply;
  });

  app.post('/govern/share-records/:shareRecordId', door, async (request, reply) => {
    const opened = await findFile(request, reply);
    if (!opened) return reply;
    const { asking, file } = opened;
    const { shareRecordId } = file;
    const { act, text, outcome, words } = actFields(request.body);
    const kind = followUpKinds.find((each) => each === act);
    if (kind !== undefined ? text.value === undefined : outcome.value === undefined || words.value === undefined) return show(reply.code(400), opened, { body: request.body });
    const { ok } = kind === undefined ? await shareRecords.review(asking, { shareRecordId, outcome: outcome.value!, note: words.value! }) : await shareRecords.followUp(asking, { shareRecordId, kind, text: text.value! });
    if (ok) return reply.redirect(`${shareAddress(shareRecordId)}?done=${kind ?? 'reviewed'}`, 303);
    await noteShare(deps, asking, { action: kind === undefined ? 'share.review' : `share.${kind}`, outcome: 'refused', ids: [shareRecordId, file.personKey] });
    return show(reply.code(403), opened, { body: request.body, problems: [{ text: kind === undefined ? 'Only an information governance lead who had no part in the decision reviews it' : 'Only the agency that decided adds to its record', href: '#main-content' }] });
  });
}

/** What is sent: something to add, or a review; nothing where the page is only read. */
function actFields(body: unknown) {
  const act = String((body as { act?: unknown } | null)?.act ?? '');
  const sent = body === null || act === '' ? null : readSent(body, ['act', 'text', 'outcome', 'note']);
  const text = askText(act === 'review' ? null : sent, { kind: 'area', name: 'text', label: 'What became of it, or what is wrong in the record?', hint: 'Do not write out the information itself', longest: 4000, missing: 'Enter what became of it, or what is wrong', stored: undefined });
  const outcome = askOne(act === 'review' ? sent : null, { name: 'outcome', label: 'What did you find?', missing: 'Choose what you found', stored: undefined, choices: shareReviewOutcomes.map((value) => ({ value, text: reviewWords[value] })) });
  const words = askText(act === 'review' ? sent : null, { kind: 'area', name: 'note', label: 'In your words', hint: 'What you looked at and whom you asked. Do not write names of people', longest: 2000, missing: 'Write what you found', stored: undefined });
  return { act, text, outcome, words };
}
