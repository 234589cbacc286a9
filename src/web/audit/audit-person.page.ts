// Who saw this person, and why: from a person's key or the id of a record, under every id that the person ever had, newest first; and the same as a letter
// to the person. Ids are sent in forms, so that none stands in an address; each question is in the audit before it is answered.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../../core/index.ts';
import type { PersonIds } from '../../linkage/index.ts';
import { presentDate } from '../frame/date-words.ts';
import { letterSentence } from './audit-letter.ts';
import { namedAgreements, presentAuditRows, type AuditRowContext } from './audit-row.ts';
import { idText, rowNumber, type AuditStudyDeps } from './audit-study.ts';
import { auditWays } from './audit-ways.ts';
import { userAddress } from './audit-words.ts';

const rowsOnPage = 50;
/** As much as somebody will read; a longer one goes on in the next. */
const rowsInLetter = 500;

const title = 'Who saw this person, and why';

/** Undefined where today's snapshot knows nobody by it, or there is none: what the audit has under the id itself is still found. */
async function findPerson({ study }: AuditStudyDeps, id: string): Promise<PersonIds | undefined> {
  try {
    return await study.people.find(id);
  } catch (error) {
    if (error instanceof Problem && error.kind === 'notFound') return undefined;
    throw error;
  }
}

function problemOf(id: string | undefined): string | undefined {
  if (id === undefined) return 'Enter one id, 200 characters or fewer';
  return id === '' ? 'Enter the id of a record or the key of a person' : undefined;
}

export function auditPersonRoutes(app: FastifyInstance, deps: AuditStudyDeps): void {
  const door = { preHandler: deps.requirePage('audit') };
  const { study, gate } = deps;
  const template = 'audit/audit-person.njk';
  const ways = auditWays('person');

  app.get('/govern/audit/person', door, async (_request, reply) => deps.renderPage(reply, template, { title, ways, id: '' }));

  const read = async (request: FastifyRequest, action: string, limit: number) => {
    const body = (request.body ?? {}) as Record<string, unknown>;
    const id = idText(body.id)!;
    const before = rowNumber(body.before);
    const person = await findPerson(deps, id);
    await deps.trail.record({ actorId: request.session!.userId, action, outcome: 'done', subjectKind: id.includes(':') ? 'source-record' : 'person', subjectIds: [id] });
    const found = await study.list({ subjectIds: person ? [...person.keys, ...person.records, id] : [id], limit: limit + 1, ...(before === undefined ? {} : { before }) });
    const events = found.slice(0, limit);
    const context: AuditRowContext = { sharing: gate.sharing, agreements: await namedAgreements(deps.register, events), actorHref: ({ auditEventId }) => userAddress({ row: auditEventId }) };
    return { id, before, person, events, context, older: found.length > limit ? events.at(-1)!.auditEventId : undefined };
  };

  const refuse = (request: FastifyRequest, reply: FastifyReply) => {
    const sent = ((request.body ?? {}) as Record<string, unknown>).id;
    const problem = problemOf(idText(sent));
    return problem === undefined ? undefined : deps.renderPage(reply.code(400), template, { title, ways, id: typeof sent === 'string' ? sent : '', error: true, problem });
  };

  app.post('/govern/audit/person', door, async (request, reply) => {
    const refused = refuse(request, reply);
    if (refused) return refused;
    const { id, before, person, events, context, older } = await read(request, 'audit.person', rowsOnPage);
    return deps.renderPage(reply, template, { title, ways, id, searched: true, person, rows: presentAuditRows(events, context), older, newest: before !== undefined });
  });

  app.post('/govern/audit/person/letter', door, async (request, reply) => {
    const refused = refuse(request, reply);
    if (refused) return refused;
    const { id, events, context, older, before } = await read(request, 'audit.letter', rowsInLetter);
    return deps.renderPage(reply, 'audit/audit-letter.njk', {
      title: 'Who has looked at your record',
      id,
      on: presentDate(deps.clock.now()),
      partnership: deps.partnership,
      contact: deps.contact,
      sentences: events.map((event) => letterSentence(event, context)),
      older,
      continued: before !== undefined,
    });
  });
}
