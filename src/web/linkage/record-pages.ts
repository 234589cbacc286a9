// What the pages that show people's records share: the names of agencies, and the audit of which records were shown or decided about.

import type { FastifyRequest } from 'fastify';
import type { AuditWhy } from '../../store/index.ts';
import { readCategories, type Categories } from '../../understand/index.ts';
import { actedAsOf } from '../audit/acting-trail.ts';
import type { PageDeps } from '../page.ts';

export interface RecordPages {
  /** What the store says of an act in its row of the audit: why, and as what. */
  whyOf(request: FastifyRequest): AuditWhy;
  /** "Social care" for `social-care` where no pack names it. */
  agencyName(code: string): string;
  /** Keeps who did what to which records, before a name is shown. */
  audit(request: FastifyRequest, action: string, sourceIds: string[], outcome?: 'done' | 'refused'): Promise<void>;
  /** Keeps that records of a sealed person were asked for, and not shown. */
  auditSealed(request: FastifyRequest, action: string, sourceIds: string[]): Promise<void>;
}

export function recordPages({ trail, gate, categories }: Pick<PageDeps, 'trail' | 'gate'> & { categories?: Categories }): RecordPages {
  const { agencies } = categories ?? readCategories(undefined);
  const eventOf = (request: FastifyRequest, action: string, sourceIds: string[]) => ({ actorId: request.session!.userId, action, ...request.seen?.why, ...(sourceIds.length > 0 ? { subjectKind: 'source-record', subjectIds: sourceIds } : {}) });
  return {
    whyOf: (request) => ({ ...request.seen?.why, ...actedAsOf(request.session!, gate.sharing.agencies) }),
    agencyName: (code) => agencies.get(code) ?? code.replaceAll('-', ' ').replace(/^./, (letter) => letter.toUpperCase()),
    audit: (request, action, sourceIds, outcome = 'done') => trail.record({ ...eventOf(request, action, sourceIds), outcome }),
    auditSealed: (request, action, sourceIds) => trail.record({ ...eventOf(request, action, sourceIds), outcome: 'refused', basis: 'sealed' }),
  };
}
