// As what, and for what, did somebody act? The agency and role of whoever sent the request, and the purpose that they stated, go into every row that it
// leaves in the audit, whichever page writes it, so that no page can forget.

import { AsyncLocalStorage } from 'node:async_hooks';
import type { FastifyInstance } from 'fastify';
import type { Session } from '../../core/index.ts';
import { findAgencyCode, type Agencies } from '../../govern/index.ts';
import { auditActor, type ActedAs, type AuditEvent } from '../../store/index.ts';
import type { Person, RecordWithSession } from '../sign-in/signed-in.ts';
import type { AuditedSessions, AuditTrail } from './audit-trail.ts';

export interface ActingTrail extends AuditTrail {
  recordWithSession: RecordWithSession;
  /** Notes who sends each request, once it is known. */
  followRequests(app: FastifyInstance): void;
}

/** As what somebody signed in acts, for what a store audits itself in the transaction of an act. */
export function actedAsOf(person: Person, agencies: Agencies): ActedAs {
  const { actorId: _, ...as } = auditActor({ ...person, agency: findAgencyCode(agencies, person.agency) ?? '' });
  return as;
}

export function actingTrail(trail: AuditTrail, agencies: Agencies, sessions: AuditedSessions): ActingTrail {
  const sender = new AsyncLocalStorage<Session | null>();
  const actedAs = (person: Person | null | undefined, { actorId }: AuditEvent): ActedAs | undefined => (person?.userId === actorId ? actedAsOf(person, agencies) : undefined);
  /** A row about a purpose names the one that it is about, or none. */
  const withPurpose = (event: AuditEvent): AuditEvent => {
    const session = sender.getStore();
    if (event.purpose !== undefined || !session?.purpose || session.userId !== event.actorId || event.action.startsWith('purpose.')) return event;
    return { ...event, purpose: session.purpose };
  };
  return {
    ...trail,
    record: (event) => trail.record(withPurpose(event), actedAs(sender.getStore(), event)),
    async recordWithSession(person, event, act) {
      if (sessions.withAudit) return sessions.withAudit(event, actedAs(person, event), act);
      await trail.record(event, actedAs(person, event));
      return act(sessions);
    },
    followRequests(app) {
      app.addHook('preHandler', (request, _reply, done) => sender.run(request.session, done));
    },
  };
}
