// Who did and saw what: the audit, newest first, by person or by record. A record's id is sent in a form, so that it stands in no address.

import type { FastifyInstance } from 'fastify';
import { Problem } from '../../core/index.ts';
import type { RecordedAuditEvent } from '../../store/index.ts';
import { presentDateTime } from '../frame/date-words.ts';
import type { PageDeps } from '../page.ts';
import { auditAddress, auditWords, outcomeWords, subjectWords, whyWords } from './audit-words.ts';

const rowsOnPage = 50;
const longestId = 200;

/** The trimmed text; undefined where it is none: sent twice, or longer than an id is. */
const textOf = (value: unknown): string | undefined => (value === undefined ? '' : typeof value === 'string' && value.trim().length <= longestId ? value.trim() : undefined);
const badAddress = () => new Problem('usage', { what: 'This address asks the audit for something that is not known here', todo: 'Open the page Audit and choose again.' });

export function auditRoutes(app: FastifyInstance, deps: PageDeps): void {
  const door = { preHandler: deps.requirePage('audit') };

  const { purposes } = deps.gate.sharing;
  const rowsFor = (found: RecordedAuditEvent[]) => presentRows(found.slice(0, rowsOnPage), (code) => purposes.get(code)?.title ?? code);

  app.get<{ Querystring: Record<string, unknown> }>('/govern/audit', door, async (request, reply) => {
    const by = textOf(request.query.by);
    const place = textOf(request.query.before);
    if (by === undefined || place === undefined || !/^\d{0,15}$/.test(place)) throw badAddress();
    const before = place === '' ? undefined : Number(place);
    const found = await deps.trail.list({ limit: rowsOnPage + 1, ...(by ? { actorId: by } : {}), ...(before === undefined ? {} : { before }) });
    const older = found.length > rowsOnPage ? auditAddress({ by, before: found[rowsOnPage - 1]!.auditEventId }) : undefined;
    return deps.renderPage(reply, 'audit/audit.njk', {
      title: 'Who did and saw what',
      by,
      older,
      newest: before === undefined ? undefined : auditAddress({ by }),
      rows: rowsFor(found),
    });
  });

  app.post('/govern/audit', door, async (request, reply) => {
    const sent = ((request.body ?? {}) as Record<string, unknown>).record;
    const record = textOf(sent);
    const view = { title: 'Who did and saw what', record: record ?? (typeof sent === 'string' ? sent : '') };
    if (!record) {
      const problem = record === '' ? 'Enter the id of a record' : `Enter the id of one record, ${longestId} characters or fewer`;
      return deps.renderPage(reply.code(400), 'audit/audit.njk', { ...view, error: true, problem });
    }
    await deps.trail.record({ actorId: request.session!.userId, action: 'audit.search', outcome: 'done', subjectKind: 'source-record', subjectIds: [record] });
    const found = await deps.trail.list({ limit: rowsOnPage + 1, subjectId: record });
    return deps.renderPage(reply, 'audit/audit.njk', { ...view, searched: true, more: found.length > rowsOnPage, rows: rowsFor(found) });
  });
}

function presentRows(events: RecordedAuditEvent[], purposeTitle: (code: string) => string) {
  return events.map(({ occurredAt, actorId, action, outcome, subjectKind, subjectIds, purpose, basis }) => ({
    at: presentDateTime(new Date(occurredAt).toISOString()),
    actor: actorId,
    href: auditAddress({ by: actorId }),
    did: auditWords(action),
    outcome: outcomeWords(outcome),
    refused: outcome !== 'done',
    subjects: subjectWords(subjectKind, subjectIds ?? []),
    purpose: purpose === undefined ? '' : purposeTitle(purpose),
    why: whyWords(basis),
  }));
}
