// What the web keeps in the audit: sign-ins, each page opened, each file taken, each refusal. Ids and codes only; addresses, filters and
// what was typed stay out.

import type { FastifyRequest } from 'fastify';
import type { SessionStore } from '../../core/index.ts';
import { isPersonKey, isRowId } from '../../govern/index.ts';
import type { ActedAs, AuditEvent, AuditFilter, RecordedAuditEvent } from '../../store/index.ts';

/** `actedAs` comes from the request itself; see acting-trail.ts. */
export type RecordAudit = (event: AuditEvent, actedAs?: ActedAs) => Promise<void>;

export interface AuditTrail {
  record: RecordAudit;
  /** Newest first. */
  list(filter: AuditFilter): Promise<RecordedAuditEvent[]>;
}

/** Sessions, and the audit of what is done to them where one store holds both. */
export interface AuditedSessions extends SessionStore {
  /** Keeps an event and what it does to one of these sessions: both, or neither. Without it the event is kept first. */
  withAudit?(event: AuditEvent, actedAs: ActedAs | undefined, act: (sessions: SessionStore) => Promise<void>): Promise<void>;
}

/** The newest row of a user, by which addresses name them; undefined where they have done nothing. */
export const newestRowOf = async (trail: AuditTrail, actorId: string): Promise<number | undefined> => (await trail.list({ actorId, limit: 1 }))[0]?.auditEventId;

export const noTrail: AuditTrail = { record: async () => undefined, list: async () => [] };

/** Pages that hold nothing about anyone: opening them is not kept, being refused is. */
const plain: readonly string[] = ['start', 'help'];

/** What someone at the door of a page does; undefined where that needs no record. What a form does is kept by its own page. */
export function doorEvent(request: FastifyRequest, page: string, allowed: boolean, why: Pick<AuditEvent, 'purpose' | 'basis'> = {}): AuditEvent | undefined {
  const subject = { subjectKind: 'page', subjectIds: [page], ...why };
  const { userId } = request.session!;
  if (!allowed) return { actorId: userId, action: actionOf(request), outcome: 'refused', ...subject, ...namedBy(request) };
  if (!isRead(request) || plain.includes(page)) return undefined;
  return { actorId: userId, action: actionOf(request), outcome: 'done', ...subject };
}

/** Whose address names one person or one case, the refusal is kept with them, as their own pages keep theirs: who asks who tried to see them is told. */
function namedBy(request: FastifyRequest): Pick<AuditEvent, 'action' | 'subjectKind' | 'subjectIds'> | undefined {
  const { key, caseId } = (request.params ?? {}) as { key?: unknown; caseId?: unknown };
  if (typeof key === 'string' && isPersonKey(key)) return { action: actionOf(request) === 'page.export' ? 'person.export' : 'person.view', subjectKind: 'person', subjectIds: [key] };
  return typeof caseId === 'string' && isRowId(caseId) ? { action: 'case.view', subjectKind: 'case', subjectIds: [caseId] } : undefined;
}

const isRead = (request: FastifyRequest): boolean => request.method === 'GET' || request.method === 'HEAD';

/** The map of a page that somebody opened asks for its shapes; asked for in any other way, they are a file that was taken. */
const isForOwnMap = ({ headers, routeOptions }: FastifyRequest): boolean =>
  (routeOptions.url ?? '').endsWith('.geojson') && headers['sec-fetch-dest'] === 'empty' && headers['sec-fetch-site'] === 'same-origin';

function actionOf(request: FastifyRequest): string {
  if (!isRead(request)) return 'page.change';
  if (isForOwnMap(request)) return 'page.open';
  const route = request.routeOptions.url ?? '';
  return route.startsWith('/api/') || /\.\w+$/.test(route) ? 'page.export' : 'page.open';
}
