// Who did and saw what: the audit, newest first, by person or by record. A record's id is sent in a form, and a user is named by a row of theirs, so
// that no id stands in an address.

import type { FastifyInstance } from 'fastify';
import { Problem } from '../../core/index.ts';
import type { AgreementRegister } from '../../govern/index.ts';
import type { RecordedAuditEvent } from '../../store/index.ts';
import type { PageDeps } from '../page.ts';
import { namedAgreements, presentAuditRows } from './audit-row.ts';
import { idText, rowNumber } from './audit-study.ts';
import { auditWays } from './audit-ways.ts';
import { auditAddress, userAddress } from './audit-words.ts';

const rowsOnPage = 50;
const longestId = 200;

const badAddress = () => new Problem('usage', { what: 'This address asks the audit for something that is not known here', todo: 'Open the page Audit and choose again.' });

export interface AuditPageDeps extends PageDeps {
  /** Names the agreements behind what was allowed. */
  register?: AgreementRegister | undefined;
  /** There are pages that study the audit. */
  studied?: boolean;
}

export function auditRoutes(app: FastifyInstance, deps: AuditPageDeps): void {
  const door = { preHandler: deps.requirePage('audit') };
  const ways = deps.studied ? auditWays('all') : [];
  const rowsFor = async (found: RecordedAuditEvent[]) => {
    const events = found.slice(0, rowsOnPage);
    const actorHref = ({ auditEventId }: RecordedAuditEvent) => (deps.studied ? userAddress({ row: auditEventId }) : auditAddress({ by: auditEventId }));
    return presentAuditRows(events, { sharing: deps.gate.sharing, agreements: await namedAgreements(deps.register, events), actorHref });
  };

  const actorOf = async (row: number): Promise<string | undefined> => (await deps.trail.list({ before: row + 1, limit: 1 })).find(({ auditEventId }) => auditEventId === row)?.actorId;

  app.get<{ Querystring: Record<string, unknown> }>('/govern/audit', door, async (request, reply) => {
    const row = request.query.by === undefined ? undefined : rowNumber(request.query.by);
    const by = row === undefined ? undefined : await actorOf(row);
    const place = idText(request.query.before);
    if ((request.query.by !== undefined && by === undefined) || place === undefined || !/^\d{0,15}$/.test(place)) throw badAddress();
    const before = place === '' ? undefined : Number(place);
    const found = await deps.trail.list({ limit: rowsOnPage + 1, ...(by === undefined ? {} : { actorId: by }), ...(before === undefined ? {} : { before }) });
    const older = found.length > rowsOnPage ? auditAddress({ by: row, before: found[rowsOnPage - 1]!.auditEventId }) : undefined;
    return deps.renderPage(reply, 'audit/audit.njk', {
      title: 'Who did and saw what',
      ways,
      by,
      older,
      newest: before === undefined ? undefined : auditAddress({ by: row }),
      rows: await rowsFor(found),
    });
  });

  app.post('/govern/audit', door, async (request, reply) => {
    const sent = ((request.body ?? {}) as Record<string, unknown>).record;
    const record = idText(sent);
    const view = { title: 'Who did and saw what', ways, record: record ?? (typeof sent === 'string' ? sent : '') };
    if (!record) {
      const problem = record === '' ? 'Enter the id of a record' : `Enter the id of one record, ${longestId} characters or fewer`;
      return deps.renderPage(reply.code(400), 'audit/audit.njk', { ...view, error: true, problem });
    }
    await deps.trail.record({ actorId: request.session!.userId, action: 'audit.search', outcome: 'done', subjectKind: 'source-record', subjectIds: [record] });
    const found = await deps.trail.list({ limit: rowsOnPage + 1, subjectId: record });
    return deps.renderPage(reply, 'audit/audit.njk', { ...view, searched: true, more: found.length > rowsOnPage, rows: await rowsFor(found) });
  });
}
