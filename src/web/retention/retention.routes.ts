// /govern/retention: cases, loaded files and records that are due, with the schedule that says so; and for each case the decision of an information governance lead: to keep it until a
// day, or to propose that it be destroyed.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { presentSchedule, type CaseToDecide, type DueCase, type Proposal, type Reader } from '../../govern/index.ts';
import { presentVocabulary } from '../agreements/agreement-vocabulary.ts';
import { problemsOf } from '../form/step-form.ts';
import type { FieldProblem } from '../form/sent-fields.ts';
import { presentDate, presentDateTime } from '../frame/date-words.ts';
import { readerOf } from '../gate/reader-of.ts';
import { notFound } from '../problem/http-problem.ts';
import { readDecision, type DecisionForms } from './decision-form.ts';
import { destructionRoutes } from './destruction.routes.ts';
import { legalHoldRoutes } from './legal-hold.routes.ts';
import { loadRoutes } from './load.routes.ts';
import { readDuePages, takePage } from './due-pages.ts';
import { presentDueLoads } from './load-pages.ts';
import { presentDueRecords } from './retained-record-pages.ts';
import { recordRoutes } from './retained-record.routes.ts';
import { askedIds, caseAddress, createWords, doneOf, dueWords, noteRetention, notesOf, proposalAddress, retentionHome, whyNot, type RetentionDeps, type RetentionPagesGiven } from './retention-pages.ts';

export function retentionRoutes(app: FastifyInstance, given: RetentionPagesGiven): void {
  const deps: RetentionDeps = { ...given, vocabulary: presentVocabulary(given.packs) };
  queueRoute(app, deps);
  caseRoutes(app, deps);
  loadRoutes(app, deps);
  recordRoutes(app, deps);
  destructionRoutes(app, deps);
  legalHoldRoutes(app, deps);
}

function queueRoute(app: FastifyInstance, deps: RetentionDeps): void {
  const words = createWords(deps.vocabulary);
  const presentDue = (each: DueCase, proposed: ReadonlyMap<string, Proposal>) => ({
    href: proposed.has(each.caseId) ? proposalAddress(proposed.get(each.caseId)!.proposalId) : caseAddress(each.caseId),
    personKey: each.personKey, agency: words.agency(each.holder), since: dueWords(each), schedule: each.due.schedule.title,
    state: each.held ? 'Legal hold' : proposed.has(each.caseId) ? 'Proposed, to be confirmed' : each.due.what === 'review' ? 'To be looked at' : each.status === 'open' ? 'Open: to be closed first' : 'To be decided',
  });
  app.get(retentionHome, { preHandler: deps.requirePage('retention') }, async (request, reply) => {
    const who = await readerOf(deps, request);
    const [{ due, unscheduled, undated, truncated }, waiting] = [await deps.retention.queue(who), await deps.retention.listProposals(who)];
    const loads = await deps.retention.loads.queue(who);
    const proposed = new Map(waiting.map((each) => [each.caseId, each]));
    const pages = readDuePages(request.query);
    const { shown, ...turn } = takePage(due, { list: 'cases', pages, home: retentionHome });
    await noteRetention(deps, who, { action: 'retention.list', outcome: 'done', ids: [...new Set([...shown.flatMap(({ caseId, personKey }) => [caseId, personKey]), ...waiting.map(({ caseId }) => caseId)])] });
    const dueLoads = presentDueLoads(loads, { words, who, pages });
    if (dueLoads.ids.length > 0) await noteRetention(deps, who, { action: 'retention.list', outcome: 'done', kind: 'load', ids: dueLoads.ids });
    const records = presentDueRecords(await deps.retention.records.queue(who), { words, who, pages });
    for (const { kind, ids } of records.ids) await noteRetention(deps, who, { action: 'retention.list', outcome: 'done', kind, ids });
    return deps.renderPage(reply, 'retention/retention.njk', {
      title: 'Retention', done: doneOf(request.query), due: shown.map((each) => presentDue(each, proposed)), turn, unscheduled, undated, truncated, loads: dueLoads, records,
      waiting: waiting.map((each) => ({ href: proposalAddress(each.proposalId), agency: words.agency(each.holder), by: each.proposedBy, at: presentDateTime(each.proposedAt), own: each.proposedBy === who.userId })),
    });
  });
}

function caseRoutes(app: FastifyInstance, deps: RetentionDeps): void {
  const door = { preHandler: deps.requirePage('retention') };
  const { retention } = deps;
  const open = async (request: FastifyRequest, reply: FastifyReply): Promise<{ who: Reader; found: CaseToDecide } | undefined> => {
    const who = await readerOf(deps, request);
    const { caseId } = request.params as { caseId: string };
    const found = await retention.findCase(who, caseId);
    await noteRetention(deps, who, { action: 'retention.view', outcome: found ? 'done' : 'refused', ids: found ? [found.caseId, found.personKey] : askedIds(caseId) });
    if (found) return { who, found };
    await deps.sendProblem(request, reply, notFound);
    return undefined;
  };
  const show = (reply: FastifyReply, found: CaseToDecide, { keep, propose }: DecisionForms, problems: FieldProblem[] = problemsOf([...keep, ...propose])) =>
    deps.renderPage(reply, 'retention/retention-case.njk', { title: 'A case to decide', ...(problems.length > 0 ? { error: true } : {}), problems, found: presentCase(found, deps), keepFields: keep, proposeFields: propose });

  app.get('/govern/retention/cases/:caseId', door, async (request, reply) => {
    const opened = await open(request, reply);
    return opened ? show(reply, opened.found, readDecision(null, deps).forms) : reply;
  });

  app.post('/govern/retention/cases/:caseId', door, async (request, reply) => {
    const opened = await open(request, reply);
    if (!opened) return reply;
    const { who, found } = opened;
    const { caseId, personKey } = found;
    const { forms, act, keepUntil, keepWhy, proposeWhy } = readDecision(request.body, deps);
    if (act === 'keep' ? keepUntil === undefined || keepWhy === undefined : proposeWhy === undefined) return show(reply.code(400), found, forms);
    const outcome = act === 'keep' ? await retention.keep(who, { caseId, keepUntil: keepUntil!, reason: keepWhy! }) : await retention.propose(who, { caseId, reason: proposeWhy! });
    if (outcome.ok) return reply.redirect(act === 'keep' ? `${retentionHome}?done=kept` : `${proposalAddress(outcome.id)}?done=proposed`, 303);
    await noteRetention(deps, who, { action: act === 'keep' ? 'retention.keep' : 'retention.propose', outcome: 'refused', ids: [caseId, personKey], basis: outcome.reason });
    return show(reply.code(409), found, forms, [{ text: whyNot[outcome.reason], href: '#main-content' }]);
  });
}

/** A case with what its decision rests on. */
function presentCase(found: CaseToDecide, { vocabulary }: RetentionDeps) {
  const words = createWords(vocabulary);
  const { due, hindrance } = found;
  const row = (label: string, lines: readonly string[]) => ({ label, lines });
  return {
    address: caseAddress(found.caseId), personKey: found.personKey, caseId: found.caseId,
    rows: [
      row('Agency', [words.agency(found.holder)]),
      row('Opened', [presentDate(found.openedAt)]),
      row('Closed', [found.status === 'open' ? 'It is open' : found.closedAt === null ? 'On a day that was not kept' : presentDate(found.closedAt)]),
      row('Last added to', [presentDate(found.lastAt)]),
      ...(found.keepUntil === null ? [] : [row('Kept by decision until', [presentDate(found.keepUntil)])]),
      ...found.reviews.map((review, place) => row(place === 0 ? 'Decided to keep it' : 'Decided before', [`${presentDateTime(review.at)}, by ${review.by}, until ${presentDate(review.keepUntil)}`, ...review.reason.split('\n')])),
      ...(due ? [row('Schedule', [due.schedule.title, presentSchedule(due.schedule), `Source: ${due.schedule.source}.`]), row('Its time ran from', [presentDate(due.from)]), row(due.what === 'end' ? 'Due since' : 'To be looked at since', [presentDate(due.since)])] : [row('Schedule', found.schedules.length > 0 ? found.schedules.map((schedule) => presentSchedule(schedule)) : ['None is about cases of this agency'])]),
    ],
    notes: notesOf(found),
    hindrance: hindrance === null ? null : whyNot[hindrance],
    mayKeep: due !== undefined || found.standing !== undefined,
    isKept: due === undefined && found.standing !== undefined,
    mayPropose: due?.what === 'end' && hindrance === null && found.proposalId === null,
    proposalHref: found.proposalId === null ? null : proposalAddress(found.proposalId),
    holdHref: `/govern/retention/holds/new?kind=case&target=${found.caseId}`,
    holdPersonHref: `/govern/retention/holds/new?kind=person&target=${encodeURIComponent(found.personKey)}`,
  };
}
