// The API: the questions of the pages, by the same permission table and the same disclosure control.

import type { FastifyInstance } from 'fastify';
import type { Filters } from '../../core/index.ts';
import { meansScore } from '../../govern/index.ts';
import type { Categories } from '../../understand/index.ts';
import type { PageDeps, SendProblem } from '../page.ts';
import { doorEvent } from '../audit/audit-trail.ts';
import { withLeftOut } from '../gate/left-out.ts';
import { maySee, type PageId } from '../permission.ts';
import { mayNotSee, notFound, type HttpProblem } from '../problem/http-problem.ts';
import { keepKnownFilters, readKnownFilters, refuseLeftOut, type KnownFilters } from '../understand/known-values.ts';
import { presentAnswer, type QuestionList } from './answer.schema.ts';
import { openApiDocument } from './openapi.ts';

/** Said to whoever asks by name for a score of a person; to a program it must not look like a name that it spelled wrongly. */
const noScore: HttpProblem = {
  status: 403,
  title: 'Nobody is given a score of a person',
  detail: ['What was asked for means a count of adverse experiences, or a score or prediction of one person.', 'Such a number says little about one person and has done harm. Ask about groups and places instead.'],
  reason: 'score-of-a-person',
};

/** The question's name, or the name or value of an option. */
const asksForScore = (id: string, query: Record<string, unknown>): boolean => [id, ...Object.entries(query).flat(2)].some((word) => typeof word === 'string' && word.length <= 200 && meansScore(word));

const filterNames = ['agency', 'category', 'area', 'from', 'to'];

/** The filters of a query. What is not known is said, not dropped: a program would not see that its filter was lost. */
export function readApiFilters(query: Record<string, unknown>, known: KnownFilters): Filters {
  const { filters, leftOut } = keepKnownFilters(query, known);
  refuseLeftOut(leftOut, filters);
  return filters;
}

/** What remains of a query: the question's own options. */
export function readApiOptions(query: Record<string, unknown>): Record<string, string> {
  const entries = Object.entries(query).filter(([name, value]) => !filterNames.includes(name) && typeof value === 'string' && value.length <= 100);
  return Object.fromEntries(entries) as Record<string, string>;
}

export function apiRoutes(app: FastifyInstance, deps: PageDeps, options: { sendProblem: SendProblem; baseUrl: string; cookieName: string; version: string; people: boolean; words: Categories }): void {
  const document = openApiDocument(options);
  for (const url of ['/api', '/api/openapi.json']) app.get(url, { config: { access: 'public' } }, async (_request, reply) => reply.send(document));

  app.get('/api/questions', { preHandler: deps.requirePage('start') }, async (request): Promise<QuestionList> => ({
    questions: deps.questions
      .filter((question) => maySee(request.session!.role, question.id))
      .map(({ id, title, summary, method }) => ({ id, title, summary, method, href: `${options.baseUrl}/api/questions/${id}` })),
  }));

  app.get<{ Params: { id: string }; Querystring: Record<string, unknown> }>('/api/questions/:id', { preHandler: deps.requirePage('start') }, async (request, reply) => {
    const question = deps.questions.find((item) => item.id === request.params.id);
    if (asksForScore(request.params.id, request.query)) {
      await deps.trail.record(doorEvent(request, question?.id ?? 'start', false, { basis: 'score-of-a-person' })!);
      return options.sendProblem(request, reply, noScore);
    }
    if (!question) return options.sendProblem(request, reply, notFound);
    if (!maySee(request.session!.role, question.id)) {
      await deps.trail.record(doorEvent(request, question.id, false)!);
      return options.sendProblem(request, reply, mayNotSee);
    }
    const passage = await deps.gate.enter(request, question.id as PageId);
    if (passage?.kind !== 'open') {
      await deps.trail.record(doorEvent(request, question.id, false, passage?.why)!);
      return options.sendProblem(request, reply, passage?.kind === 'dark' ? passage.problem : mayNotSee);
    }
    request.seen = passage.seen;
    await deps.trail.record(doorEvent(request, question.id, true, passage.seen.why)!);
    const lake = deps.lakeOf(request);
    const filters = readApiFilters(request.query, await readKnownFilters(lake, options.words));
    return reply.send(presentAnswer(withLeftOut(await question.answer(lake, filters, readApiOptions(request.query)), passage.seen)));
  });
}
