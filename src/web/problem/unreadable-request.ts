// Answers to what never becomes a request: an address that cannot be decoded, HTTP that cannot be parsed, headers without end.
// No route, session or hook has seen it, so the page is the frame without a person, with the headers of every answer.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { presentFrame } from '../frame/frame.ts';
import type { Render } from '../frame/templates.ts';
import { presentHttpProblem, problemOfStatus, type HttpProblem } from './http-problem.ts';
import { isForProgram, problemJson, problemJsonType } from './send-problem.ts';

interface PlainAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** Makes the answer for an address; nothing of the address itself is in it. */
export type AnswerPlainly = (problem: HttpProblem, url: string) => PlainAnswer;

export function createPlainAnswer(options: { render: Render; headers: Record<string, string>; partnership: string; simulated: boolean }): AnswerPlainly {
  const { render, headers, partnership, simulated } = options;
  const frame = presentFrame({ partnership, simulated, session: null, page: null, snapshot: null, purpose: null, people: false, standsOn: '', cases: false, waiting: 0, csrfToken: '' });
  return (problem, url) => {
    const program = isForProgram(url);
    const body = program ? problemJson(problem) : render('problem/problem.njk', { title: problem.title, detail: problem.detail, unread: true, frame });
    return { status: problem.status, headers: { ...headers, 'content-type': program ? problemJsonType : 'text/html; charset=utf-8' }, body };
  };
}

/** For Fastify's `frameworkErrors`: the router could not read the address. */
export function answerFrameworkError(answerPlainly: AnswerPlainly) {
  return (error: Error, request: FastifyRequest, reply: FastifyReply): void => {
    const { status, headers, body } = answerPlainly(presentHttpProblem(error), request.raw.url ?? '/');
    request.log.info({ method: request.method, route: 'none', status }, 'request');
    void reply.code(status).headers(headers).send(body);
  };
}

const statusOfCode: Record<string, number> = { HPE_HEADER_OVERFLOW: 431, HPE_CHUNK_EXTENSIONS_OVERFLOW: 413, ERR_HTTP_REQUEST_TIMEOUT: 408 };

/** For Fastify's `clientErrorHandler`: the bytes were no HTTP. Answered on the bare socket, which is then closed. */
export function answerClientError(answerPlainly: AnswerPlainly) {
  return function answer(this: FastifyInstance, error: Error & { code?: string; rawPacket?: unknown }, socket: Socket): void {
    if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
    const problem = problemOfStatus(statusOfCode[error.code ?? ''] ?? 400);
    const start = error.rawPacket instanceof Uint8Array ? Buffer.from(error.rawPacket).toString('latin1', 0, 200) : '';
    const url = /^[A-Z]+ (\/[^ ]*)/.exec(start)?.[1] ?? '/';
    this.log.info({ route: 'none', status: problem.status, code: error.code }, 'request that cannot be read');
    socket.end(writeHttp(answerPlainly(problem, url)));
  };
}

/** Node answers an `Expect` that it does not know with an empty page; this one says what is the matter. */
export function answerExpectations(app: FastifyInstance, answerPlainly: AnswerPlainly): void {
  app.server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
    const { status, headers, body } = answerPlainly(problemOfStatus(417), request.url ?? '/');
    response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body), connection: 'close' }).end(body);
  });
}

function writeHttp({ status, headers, body }: PlainAnswer): string {
  const lines = Object.entries({ ...headers, 'content-length': Buffer.byteLength(body), connection: 'close' }).map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`, ...lines, '', body].join('\r\n');
}
