// Sends what went wrong: a page to a person, problem+json (RFC 9457) to a program.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { RenderPage } from '../page.ts';
import { notFound, presentErrorForLog, presentHttpProblem, type HttpProblem } from './http-problem.ts';

export type SendProblem = (request: FastifyRequest, reply: FastifyReply, problem: HttpProblem) => Promise<FastifyReply>;

export function createSendProblem(renderPage: RenderPage): SendProblem {
  return async (request, reply, problem) => {
    reply.code(problem.status);
    if (/^\/(api|health)(\/|\?|$)/.test(request.url)) {
      const body = { title: problem.title, status: problem.status, detail: problem.detail.join(' '), reference: request.id };
      return reply.type('application/problem+json; charset=utf-8').send(JSON.stringify(body));
    }
    const reference = problem.status >= 500 && !problem.expected ? request.id : null;
    return renderPage(reply, 'problem/problem.njk', { title: problem.title, detail: problem.detail, reference });
  };
}

export function answerProblems(app: FastifyInstance, sendProblem: SendProblem): void {
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
  app.setNotFoundHandler({ preHandler: app.rateLimit() }, async (request, reply) => sendProblem(request, reply, notFound));
}
