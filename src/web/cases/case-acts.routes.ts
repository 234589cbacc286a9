// What is done in a case, one question on a page: write an entry, say who leads, add somebody, end somebody's work, close it. What the reader may not do
// is answered like a page that is not there.

import type { FastifyInstance } from 'fastify';
import { closingSection, type CaseDesk } from '../../govern/index.ts';
import { readSent } from '../form/step-form.ts';
import { notFound } from '../problem/http-problem.ts';
import { askEntry, askReason, askSection, askWorker } from './case-form.ts';
import { noteCase, openCase, type CasePagesDeps, type OpenedPage } from './case-pages.ts';
import { addressAfter, createStep, type Step } from './case-step.ts';
import { sectionsInOrder } from './case-view.ts';

export function caseActRoutes(app: FastifyInstance, deps: CasePagesDeps): void {
  entryRoutes(app, deps);
  workerRoutes(app, deps);
  closeRoutes(app, deps);
}

function entryRoutes(app: FastifyInstance, deps: CasePagesDeps): void {
  const { vocabulary } = deps;
  createStep(app, deps, {
    at: '/entries/new', names: ['section', 'text'], action: 'case.write', code: 'written',
    act({ page: { asking, opened }, sent, request }) {
      const sections = sectionsInOrder(vocabulary.sections.keys(), opened.writes);
      if (sections.length === 0) return undefined;
      const { section: asked, choosing } = request.query as { section?: unknown; choosing?: unknown };
      const section = sections.find((each) => each === (sent ? sent.text('section') : asked));
      if (section === undefined) {
        if (sent) return undefined;
        const chosen = asked === undefined && choosing === undefined ? null : readSent({ section: typeof asked === 'string' ? asked : '' }, ['section']);
        // Sent with nothing chosen, the form has its mark alone.
        const step: Step = { title: 'Write an entry', fields: [askSection(chosen, sections, vocabulary).field], button: 'Continue', leadsOn: true, hidden: { choosing: 'yes' } };
        return { step };
      }
      const { field, value } = askEntry(sent, section, deps);
      return {
        step: { title: 'Write an entry', fields: [field], button: 'Write the entry', hidden: { section }, intro: ['It stands in the case with your sign-in and the time, and cannot be changed. What is wrong in it is put right by another entry.'] },
        ...(value === undefined ? {} : { done: () => deps.cases.write(asking, { caseId: opened.caseId, section, text: value }) }),
      };
    },
  });
}

function workerRoutes(app: FastifyInstance, deps: CasePagesDeps): void {
  const { vocabulary, cases } = deps;
  const mayManage = ({ opened: { mayLead, file } }: OpenedPage) => mayLead && file?.status === 'open';
  /** A form that names somebody by their sign-in and agency. */
  const createWorkerStep = ({ at, action, code, whose, step, give }: { at: string; action: string; code: string; whose: string; step: Pick<Step, 'title' | 'button' | 'intro'>; give: CaseDesk['assignLead'] }) => createStep(app, deps, {
    at, names: ['user', 'agency'], action, code,
    act({ page, sent }) {
      if (!mayManage(page)) return undefined;
      const { asking, opened: { caseId } } = page;
      const { fields, value } = askWorker(sent, vocabulary, { agency: asking.who.agency, whose });
      return { step: { ...step, fields }, ...(value ? { done: () => give(asking, { caseId, ...value }) } : {}) };
    },
  });
  createWorkerStep({
    at: '/lead', action: 'case.lead', code: 'lead', whose: 'the new lead', give: cases.assignLead,
    step: { title: 'Change the lead', button: 'Change the lead', intro: ['The lead sees what agreements give to whoever leads the work with the person. Whoever led it until now no longer does.'] },
  });
  createWorkerStep({
    at: '/members/new', action: 'case.add-member', code: 'member', whose: 'the worker whom you add', give: cases.addMember,
    step: { title: 'Add somebody who works on the case', button: 'Add them', intro: ['They see what agreements give to people who work on the case, from now until you end it.'] },
  });
  app.post('/cases/:caseId', { preHandler: deps.requirePage('cases') }, async (request, reply) => {
    const page = await openCase(request, reply, deps);
    if (!page) return reply;
    const caseMemberId = readSent(request.body, ['member']).text('member');
    const { asking, opened: { caseId, personKey } } = page;
    const outcome = await cases.endMember(asking, { caseId, caseMemberId });
    if (outcome.ok) return reply.redirect(await addressAfter(deps, page, 'ended'), 303);
    await noteCase(deps, asking, { action: 'case.end-member', outcome: 'refused', ids: [caseId, personKey] });
    return deps.sendProblem(request, reply, notFound);
  });
}

function closeRoutes(app: FastifyInstance, deps: CasePagesDeps): void {
  createStep(app, deps, {
    at: '/close', names: ['text'], action: 'case.close', code: 'closed',
    act({ page: { asking, opened }, sent }) {
      if (!opened.mayLead || opened.file?.status !== 'open' || !opened.writes.includes(closingSection)) return undefined;
      const { field, value } = askReason(sent);
      return {
        step: {
          title: 'Close the case', fields: [field], button: 'Close the case',
          intro: ['The case stays where it is, and its time of keeping begins today. Nobody opens it again: if the family needs help once more, begin a new case.'],
        },
        ...(value === undefined ? {} : { done: () => deps.cases.close(asking, { caseId: opened.caseId, reason: value }) }),
      };
    },
  });
}
