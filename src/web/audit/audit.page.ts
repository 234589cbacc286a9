// Who did and saw what: the audit, newest first, by person or by record. A record's id is sent in a form, so that it stands in no address.

import type { FastifyInstance } from 'fastify';
import type { RecordedAuditEvent } from '../../store/index.ts';
import { presentDateTime } from '../frame/date-words.ts';
import type { PageDeps } from '../page.ts';
import { auditAddress, auditWords, outcomeWords, subjectWords } from './audit-words.ts';

const rowsOnPage = 50;
const longestId = 200;

const textOf = (value: unknown): string => (typeof value === 'string' && value.length <= longestId ? value.trim() : '');

export function auditRoutes(app: FastifyInstance, deps: PageDeps): void {
  const door = { preHandler: deps.requirePage('audit') };

  app.get<{ Querystring: Record<string, unknown> }>('/govern/audit', door, async (request, reply) => {
    const by = textOf(request.query.by);
    const before = /^\d{1,15}$/.test(textOf(request.query.before)) ? Number(request.query.before) : undefined;
    const found = await deps.trail.list({ limit: rowsOnPage + 1, ...(by ? { actorId: by } : {}), ...(before === undefined ? {} : { before }) });
    const older = found.length > rowsOnPage ? auditAddress({ by, before: found[rowsOnPage - 1]!.auditEventId }) : undefined;
    return deps.renderPage(reply, 'audit/audit.njk', {
      title: 'Who did and saw what',
      by,
      older,
      newest: before === undefined ? undefined : auditAddress({ by }),
      rows: presentRows(found.slice(0, rowsOnPage)),
    });
  });

  app.post('/govern/audit', door, async (request, reply) => {
    const record = textOf(((request.body ?? {}) as Record<string, unknown>).record);
    const view = { title: 'Who did and saw what', record };
    if (record === '') return deps.renderPage(reply.code(400), 'audit/audit.njk', { ...view, error: true, problem: 'Enter the id of a record' });
    await deps.trail.record({ actorId: request.session!.userId, action: 'audit.search', outcome: 'done', subjectKind: 'source-record', subjectIds: [record] });
    const found = await deps.trail.list({ limit: rowsOnPage + 1, subjectId: record });
    return deps.renderPage(reply, 'audit/audit.njk', { ...view, searched: true, more: found.length > rowsOnPage, rows: presentRows(found.slice(0, rowsOnPage)) });
  });
}

function presentRows(events: RecordedAuditEvent[]) {
  return events.map(({ occurredAt, actorId, action, outcome, subjectKind, subjectIds }) => ({
    at: presentDateTime(new Date(occurredAt).toISOString()),
    actor: actorId,
    href: auditAddress({ by: actorId }),
    did: auditWords(action),
    outcome: outcomeWords(outcome),
    refused: outcome !== 'done',
    subjects: subjectWords(subjectKind, subjectIds ?? []),
  }));
}
