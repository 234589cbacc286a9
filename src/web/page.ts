// The seam between the frame and the pages that plug into it: what a page is given, and the names of pages.

import type { FastifyReply, FastifyRequest, preHandlerAsyncHookHandler } from 'fastify';
import type { LakeReader, Question, Session } from '../core/index.ts';
import type { AuditTrail } from './audit/audit-trail.ts';
import type { Gate } from './gate/gate.ts';
import type { PageId } from './permission.ts';
import type { HttpProblem } from './problem/http-problem.ts';

/** The first fields that every view model has; a page adds its own. */
export interface ViewModel {
  title: string;
  /** A form was refused: the title says so first. */
  error?: boolean;
  [name: string]: unknown;
}

/** Renders a template under src/web (such as "understand/demand.njk") in the frame and sends it. */
export type RenderPage = (reply: FastifyReply, template: string, view: ViewModel) => Promise<FastifyReply>;

/** Answers with a problem, as a page or as the API's JSON. */
export type SendProblem = (request: FastifyRequest, reply: FastifyReply, problem: HttpProblem) => Promise<FastifyReply>;

export interface PageDeps {
  questions: readonly Question[];
  /** The part of the current snapshot that the reader may see; throws NoDataYet, which becomes a page that says how to build one. */
  lakeOf: (request: FastifyRequest) => LakeReader;
  gate: Gate;
  renderPage: RenderPage;
  /** A preHandler that lets in only the roles that may see the page; every route has one, or the server does not start. */
  requirePage: (page: PageId) => preHandlerAsyncHookHandler;
  trail: AuditTrail;
  /** Sends what went wrong, as a page or as problem+json. */
  sendProblem: SendProblem;
  /** How many broken glasses wait for this person's review. */
  waitingFor: (session: Session) => Promise<number>;
}
