// One act in a case as a page of one question, with what is wrong, what is refused and where it leads.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { CaseOutcome } from '../../govern/index.ts';
import { problemsOf, readSent, type FormField, type Sent } from '../form/step-form.ts';
import type { FieldProblem } from '../form/sent-fields.ts';
import { notFound } from '../problem/http-problem.ts';
import { caseAddress, casesHome, noteCase, openCase, type CasePagesDeps, type OpenedPage } from './case-pages.ts';

export interface Step {
  title: string;
  fields: FormField[];
  /** What the button says. */
  button: string;
  intro?: string[];
  /** A form that only leads on. */
  leadsOn?: boolean;
  hidden?: Record<string, string>;
  problems?: FieldProblem[];
}

const meanwhile = 'It could not be done, and nothing was changed. Somebody may have changed the case meanwhile. Load the case again';

/** Where the act finds something wrong with what was sent, with the page that says so. */
type Done = CaseOutcome | { ok: false; step: Step };
type Act = (asked: { page: OpenedPage; sent: Sent | null; request: FastifyRequest }) => { step: Step; done?: () => Promise<Done> } | undefined;

/** A page of one question: `act` gives none where the reader may not do it, and what is to be done where the answer is right. */
export function createStep(app: FastifyInstance, deps: CasePagesDeps, { at, names, action, code, act }: { at: string; names: readonly string[]; action: string; code: string; act: Act }): void {
  const door = { preHandler: deps.requirePage('cases') };
  const show = (reply: FastifyReply, { opened: { caseId, personKey }, person }: OpenedPage, { problems, ...step }: Step) => {
    const found = problems ?? problemsOf(step.fields);
    const address = reply.request.url.split('?')[0];
    return deps.renderPage(reply, 'cases/case-step.njk', { ...step, ...(found.length > 0 ? { error: true } : {}), problems: found, about: person?.name ?? `the person with the key ${personKey}`, address, backHref: caseAddress(caseId) });
  };
  const refuse = async (request: FastifyRequest, reply: FastifyReply, { asking, opened }: OpenedPage) => {
    await noteCase(deps, asking, { action, outcome: 'refused', ids: [opened.caseId, opened.personKey] });
    return deps.sendProblem(request, reply, notFound);
  };

  app.get(`/cases/:caseId${at}`, door, async (request, reply) => {
    const page = await openCase(request, reply, deps);
    if (!page) return reply;
    const found = act({ page, sent: null, request });
    if (!found) return refuse(request, reply, page);
    return show(problemsOf(found.step.fields).length > 0 ? reply.code(400) : reply, page, found.step);
  });

  app.post(`/cases/:caseId${at}`, door, async (request, reply) => {
    const page = await openCase(request, reply, deps);
    if (!page) return reply;
    const found = act({ page, sent: readSent(request.body, names), request });
    if (!found) return refuse(request, reply, page);
    if (!found.done) return show(reply.code(400), page, found.step);
    const { asking, opened: { caseId, personKey } } = page;
    const outcome = await found.done();
    if (outcome.ok) return reply.redirect(await addressAfter(deps, page, code), 303);
    if ('step' in outcome) return show(reply.code(400), page, outcome.step);
    await noteCase(deps, asking, { action, outcome: 'refused', ids: [caseId, personKey] });
    return show(reply.code(409), page, { ...found.step, problems: [{ text: meanwhile, href: '#main-content' }] });
  });
}

/** The case, where it is still the reader's to see. */
export const addressAfter = async ({ cases }: CasePagesDeps, { asking, opened: { caseId } }: OpenedPage, code: string): Promise<string> => `${(await cases.find(asking, caseId)) ? caseAddress(caseId) : casesHome}?done=${code}`;
