// Sends what went wrong: a page to a person, problem+json (RFC 9457) to a program.

import type { FastifyInstance } from 'fastify';
import type { RenderPage, SendProblem } from '../page.ts';
import { notFound, presentErrorForLog, presentHttpProblem, problemOfStatus, type HttpProblem } from './http-problem.ts';

export const problemJsonType = 'application/problem+json; charset=utf-8';

/** True for the addresses that programs ask for. */
export const isForProgram = (url: string): boolean => /^\/(api|health)(\/|\?|$)/.test(url);

/** The body for a program; the reference is the request's, where there is one to look up. */
export const problemJson = ({ title, status, detail, reason }: HttpProblem, reference?: string): string => JSON.stringify({ title, status, detail: detail.join(' '), reason, reference });

export function createSendProblem(renderPage: RenderPage): SendProblem {
  return async (request, reply, problem) => {
    reply.code(problem.status);
    if (isForProgram(request.url)) return reply.type(problemJsonType).send(problemJson(problem, request.id));
    const reference = problem.status >= 500 && !problem.expected ? request.id : null;
    return renderPage(reply, 'problem/problem.njk', { title: problem.title, detail: problem.detail, links: problem.links ?? [], reference });
  };
}

export function answerProblems(app: FastifyInstance, sendProblem: SendProblem, methodsOf: (url: string) => string[]): void {
  app.setErrorHandler(async (error, request, reply) => {
    const problem = presentHttpProblem(error);
    if (problem.status >= 500) request.log.error({ error: presentErrorForLog(error), route: request.routeOptions.url }, 'request failed');
    try {
      return await sendProblem(request, reply, problem);
    } catch (second) {
      request.log.error({ error: presentErrorForLog(second) }, 'the problem page failed');
      return reply.code(500).type('text/plain; charset=utf-8').send('Sorry, there is a problem with the service. Try again later.');
    }
  });
  app.setNotFoundHandler({ preHandler: app.rateLimit() }, async (request, reply) => {
    const methods = methodsOf(request.url);
    if (methods.length === 0 || methods.includes(request.method)) return sendProblem(request, reply, notFound);
    return sendProblem(request, reply.header('allow', methods.join(', ')), problemOfStatus(405));
  });
}
