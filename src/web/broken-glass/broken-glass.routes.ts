// /govern/broken-glass: who opened a record in an emergency, why, and what an information governance lead found. What waits stands first; nobody
// reviews their own.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { roleTitles } from '../../core/index.ts';
import { reviewOutcomes, type GlassReview, type ListedGlass, type Protection, type Reader } from '../../govern/index.ts';
import { newestRowOf } from '../audit/audit-trail.ts';
import { auditAddress } from '../audit/audit-words.ts';
import { errorsAt, textOf, type FieldProblem } from '../form/sent-fields.ts';
import { presentDateTime, presentTime } from '../frame/date-words.ts';
import { readerOf } from '../gate/reader-of.ts';
import type { PageDeps } from '../page.ts';
import { notFound } from '../problem/http-problem.ts';

export interface BrokenGlassDeps extends PageDeps {
  protection: Protection;
  agencyName(code: string): string;
}

const outcomeWords: Record<GlassReview['outcome'], string> = { justified: 'It was right', 'not-justified': 'It was not right', 'to-be-followed-up': 'It must be followed up' };
const longestNote = 1000;
/** As many of those that were reviewed as the page shows; what waits is shown whole. */
const mostListed = 200;

export function brokenGlassRoutes(app: FastifyInstance, deps: BrokenGlassDeps): void {
  const door = { preHandler: deps.requirePage('broken-glass') };
  const { purposes } = deps.gate.sharing;

  const present = (glass: ListedGlass, self: string) => ({
    who: `${glass.userId}, ${roleTitles[glass.role].toLowerCase()} of ${deps.agencyName(glass.agency)}`,
    at: `${presentDateTime(glass.at)}, until ${presentTime(glass.until)}`,
    personKey: glass.personKey,
    purpose: purposes.get(glass.purpose)?.title ?? glass.purpose,
    reason: glass.reason,
    own: glass.userId === self,
    href: `/govern/broken-glass/${glass.brokenGlassId}`,
    review: glass.review && { outcome: outcomeWords[glass.review.outcome], note: glass.review.note, by: glass.review.by, at: presentDateTime(glass.review.at) },
  });

  const listAll = async (who: Reader): Promise<{ waiting: ListedGlass[]; reviewed: ListedGlass[] }> => ({
    waiting: (await deps.protection.listUnreviewed(who)).map((glass) => ({ ...glass, review: null })),
    reviewed: (await deps.protection.listGlass(who, mostListed)).filter(({ review }) => review !== null),
  });

  app.get('/govern/broken-glass', door, async (request, reply) => {
    const who = await readerOf(deps, request);
    const { waiting, reviewed } = await listAll(who);
    const { done } = request.query as { done?: unknown };
    return deps.renderPage(reply, 'broken-glass/broken-glass.njk', { title: 'Break-glass access', done: done === 'reviewed', waiting: waiting.map((glass) => present(glass, who.userId)), reviewed: reviewed.map((glass) => present(glass, who.userId)) });
  });

  const find = async (request: FastifyRequest) => {
    const { brokenGlassId } = request.params as { brokenGlassId: string };
    const who = await readerOf(deps, request);
    const { waiting, reviewed } = await listAll(who);
    return { who, glass: [...waiting, ...reviewed].find((each) => each.brokenGlassId === brokenGlassId) };
  };
  const show = async (reply: FastifyReply, glass: ListedGlass, self: string, form: { outcome: string; note: string } = { outcome: '', note: '' }, problems: FieldProblem[] = []) => {
    const row = await newestRowOf(deps.trail, glass.userId);
    return deps.renderPage(reply, 'broken-glass/glass-review.njk', {
      title: 'Review break-glass access', ...(problems.length > 0 ? { error: true } : {}), problems, errorAt: errorsAt(problems), form, glass: present(glass, self), auditHref: row === undefined ? null : auditAddress({ by: row }),
      outcomes: reviewOutcomes.map((value) => ({ value, text: outcomeWords[value], checked: value === form.outcome })),
    });
  };

  app.get('/govern/broken-glass/:brokenGlassId', door, async (request, reply) => {
    const { glass, who } = await find(request);
    return glass ? show(reply, glass, who.userId) : deps.sendProblem(request, reply, notFound);
  });

  app.post('/govern/broken-glass/:brokenGlassId', door, async (request, reply) => {
    const { glass, who } = await find(request);
    if (!glass) return deps.sendProblem(request, reply, notFound);
    const body = (request.body ?? {}) as Record<string, unknown>;
    const form = { outcome: textOf(body.outcome), note: textOf(body.note) };
    const outcome = reviewOutcomes.find((each) => each === form.outcome);
    const problems = [
      ...(outcome === undefined ? [{ text: 'Choose what you found', href: '#outcome' }] : []),
      ...(form.note === '' ? [{ text: 'Write what you found', href: '#note' }] : form.note.length > longestNote ? [{ text: `What you found must be ${longestNote.toLocaleString('en-GB')} characters or fewer`, href: '#note' }] : []),
    ];
    if (problems.length > 0 || outcome === undefined) return show(reply.code(400), glass, who.userId, form, problems);
    const { ok } = await deps.protection.review(who, { brokenGlassId: glass.brokenGlassId, outcome, note: form.note });
    if (ok) return reply.redirect('/govern/broken-glass?done=reviewed', 303);
    await deps.trail.record({ actorId: who.userId, action: 'glass.review', outcome: 'refused', subjectKind: 'broken-glass', subjectIds: [glass.brokenGlassId, glass.personKey] });
    return show(reply.code(409), (await find(request)).glass ?? glass, who.userId, form, [{ text: glass.userId === who.userId ? 'Nobody reviews their own' : 'It has been reviewed meanwhile', href: '#outcome' }]);
  });
}
