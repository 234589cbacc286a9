// "This is wrong": reporting a fact from a person's record, for whoever may read it; and for an information governance lead, who may be asked by the person,
// from a person's key, the row and the column, without what the record says. A lead's steps are all sent in forms, so that no key stands in their addresses.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Asking, FactsOfRow, ReportOutcome } from '../../govern/index.ts';
import { askOne, askText, problemsOf, readSent, type FormField, type Sent } from '../form/step-form.ts';
import type { FieldProblem } from '../form/sent-fields.ts';
import { openPerson, personAddress } from '../people/people-pages.ts';
import { presentSource, presentValue } from '../people/person-view.ts';
import { notFound } from '../problem/http-problem.ts';
import { correctionAddress, correctionsHome, noteCorrection, type CorrectionPagesDeps } from './correction-pages.ts';
import { readReportForm, reportNames } from './report-form.ts';

interface Place {
  load: string;
  line: number;
}

/** Where a form is sent, and what stands hidden in it. */
interface Way {
  address: string;
  back: { text: string; href: string };
  hidden: Record<string, string>;
}

const placeOf = (load: unknown, line: unknown): Place | undefined => (typeof load === 'string' && load.length <= 300 && typeof line === 'string' && /^\d{1,12}$/.test(line) ? { load, line: Number(line) } : undefined);
const newAddress = `${correctionsHome}/new`;
const refusals: Record<Extract<ReportOutcome, { ok: false }>['reason'], string> = {
  'not-found': 'This fact is no longer there', already: 'It is reported already. An information governance lead decides about it', same: 'The record says this already. Enter what is right', refused: 'It could not be kept. Nothing was kept',
};

export function reportCorrectionRoutes(app: FastifyInstance, deps: CorrectionPagesDeps): void {
  const { corrections } = deps;
  const page = (reply: FastifyReply, template: string, view: { title: string; problems?: FieldProblem[]; [name: string]: unknown }) =>
    deps.renderPage(reply, `corrections/${template}.njk`, { ...view, problems: view.problems ?? [], ...(view.problems?.length ? { error: true } : {}) });
  const showFacts = (reply: FastifyReply, found: FactsOfRow, way: Way, sent: Sent | null = null) => {
    const { field } = readFact(sent, found);
    return page(reply, 'report-fact', { title: 'What is wrong?', ...way, what: whatOf(found), field, problems: problemsOf([field]) });
  };
  const showForm = (reply: FastifyReply, { found, column, way }: { found: FactsOfRow; column: string; way: Way }, fields: readonly FormField[], problems: FieldProblem[] = problemsOf(fields)) => {
    const fact = found.facts.find((each) => each.column.name === column)!;
    return page(reply, 'report-correction', {
      title: 'Report that it is wrong', ...way, hidden: { ...way.hidden, column }, what: whatOf(found), label: fact.column.label, says: fact.value === null ? null : presentValue(fact.column, fact.value), agency: deps.agencyName(found.feed.holder), fields, problems,
    });
  };
  const whatOf = ({ feed, row }: FactsOfRow): string => `${deps.agencyName(feed.holder)}: ${feed.title}. ${presentSource(row)}`;

  /** A form about one row: which fact it is, or the whole report. */
  const answerForm = async (reply: FastifyReply, { asking, key, place, sent, found, way }: { asking: Asking; key: string; place: Place; sent: Sent; found: FactsOfRow; way: Way }): Promise<FastifyReply> => {
    const { value: column } = readFact(sent, found);
    if (column === undefined) return showFacts(reply.code(sent.text('act') === 'row' ? 200 : 400), found, way, sent.text('act') === 'row' ? null : sent);
    const { column: wrong } = found.facts.find((each) => each.column.name === column)!;
    if (sent.text('act') !== 'report') return showForm(reply, { found, column, way }, readReportForm(null, wrong).fields);
    const { fields, report } = readReportForm(sent, wrong);
    if (!report) return showForm(reply.code(400), { found, column, way }, fields);
    const reported = await corrections.report(asking, key, { ...place, column, ...report });
    if (reported.ok) return reply.redirect(key === way.hidden.person ? `${correctionAddress(reported.correctionId)}?done=reported` : personAddress(found.personKey, '?done=reported'), 303);
    await noteCorrection(deps, asking.who, { action: 'report', outcome: 'refused', kind: 'person', ids: [found.personKey] });
    if (reported.reason === 'same') fields[1]!.error = refusals.same;
    return showForm(reply.code(reported.reason === 'same' ? 400 : 409), { found, column, way }, fields, reported.reason === 'same' ? problemsOf(fields) : [{ text: refusals[reported.reason], href: '#main-content' }]);
  };

  const people = { preHandler: deps.requirePage('people') };
  const openRow = async (request: FastifyRequest, reply: FastifyReply, place: Place | undefined) => {
    const opened = await openPerson(request, reply, deps, 'person.view');
    if (!opened) return undefined;
    const { asking, answer } = opened;
    const found = answer.kind === 'record' && place ? await corrections.row(asking, answer.personKey, place) : undefined;
    // From the record, what it shows this reader and nothing else.
    const shown = found && { ...found, facts: found.facts.filter(({ value }) => value !== null) };
    if (!shown || shown.facts.length === 0 || !place) {
      await deps.sendProblem(request, reply, notFound);
      return undefined;
    }
    const key = answer.personKey;
    const way: Way = { address: personAddress(key, '/wrong'), back: { text: 'Back to the record', href: personAddress(key) }, hidden: { load: place.load, line: String(place.line) } };
    return { asking, key, place, found: shown, way };
  };
  app.get('/people/:key/wrong', people, async (request, reply) => {
    const { load, line } = request.query as { load?: unknown; line?: unknown };
    const opened = await openRow(request, reply, placeOf(load, line));
    return opened ? showFacts(reply, opened.found, opened.way) : reply;
  });
  app.post('/people/:key/wrong', people, async (request, reply) => {
    const sent = readSent(request.body, ['load', 'line', 'column', 'act', ...reportNames]);
    const opened = await openRow(request, reply, placeOf(sent.text('load'), sent.text('line')));
    return opened ? answerForm(reply, { ...opened, sent }) : reply;
  });

  const lead = { preHandler: deps.requirePage('corrections') };
  const showPerson = (reply: FastifyReply, field: FormField) => page(reply, 'report-person', { title: 'Report a wrong fact', field, problems: problemsOf([field]) });
  app.get(newAddress, lead, async (_request, reply) => showPerson(reply, askPerson(null).field));
  app.post(newAddress, lead, async (request, reply) => {
    const asking = await deps.gate.askingOf(request.session!);
    const sent = readSent(request.body, ['person', 'row', 'column', 'act', ...reportNames]);
    const person = askPerson(sent);
    if (person.value === undefined) return showPerson(reply.code(400), person.field);
    const key = await deps.keyOf(person.value);
    const all = key === undefined ? undefined : await corrections.rows(asking, key);
    await noteCorrection(deps, asking.who, { action: 'open', kind: 'person', outcome: all ? 'done' : 'refused', ids: key === undefined ? [] : [key] });
    if (!all) {
      person.field.error = 'There is nobody with this key or number for whom you may report. If the record is sealed, one of its keepers reports it';
      return showPerson(reply.code(400), person.field);
    }
    const row = askRow(sent, all.rows, deps);
    if (row.value === undefined) {
      if (sent.text('act') === 'person') delete row.field.error;
      return page(reply.code(sent.text('act') === 'person' ? 200 : 400), 'report-row', { title: 'Which record is wrong?', field: row.field, person: all.personKey, problems: problemsOf([row.field]) });
    }
    const found = row.value;
    const place = { load: found.row.load, line: found.row.line };
    const way: Way = { address: newAddress, back: { text: 'Corrections', href: correctionsHome }, hidden: { person: all.personKey, row: rowName(found) } };
    return answerForm(reply, { asking, key: all.personKey, place, sent, found, way });
  });
}

/** As many rows as a page holds; who has more is found by the record's own page. */
const mostRows = 400;
const rowName = ({ row }: FactsOfRow): string => `${row.load} ${row.line}`;

function askPerson(sent: Sent | null) {
  return askText(sent, { name: 'person', label: 'Whose record is wrong?', hint: 'The key of a person, such as P0123456789abcdef, or the id of an agency’s record, such as police:N0012345', longest: 200, missing: 'Enter the key of a person or the id of a record', stored: undefined });
}

function askRow(sent: Sent, rows: readonly FactsOfRow[], { agencyName }: CorrectionPagesDeps) {
  const listed = rows.filter(({ facts }) => facts.length > 0).toSorted((a, b) => (a.row.loadedAt < b.row.loadedAt ? 1 : a.row.loadedAt > b.row.loadedAt ? -1 : a.row.line - b.row.line)).slice(0, mostRows);
  const asked = askOne(sent, {
    name: 'row', label: 'Which record is wrong?', hint: 'The file and line stand in the answer that the person was given', missing: 'Choose the record', stored: undefined,
    choices: listed.map((each) => ({ value: rowName(each), text: `${agencyName(each.feed.holder)}: ${each.feed.title}`, hint: presentSource(each.row) })),
  });
  return { field: asked.field, value: listed.find((each) => rowName(each) === asked.value) };
}

function readFact(sent: Sent | null, { facts }: FactsOfRow) {
  return askOne(sent, { name: 'column', label: 'Which of these is wrong?', missing: 'Choose what is wrong', stored: undefined, choices: facts.map(({ column, value }) => ({ value: column.name, text: value === null ? column.label : `${column.label}: ${presentValue(column, value)}` })) });
}
