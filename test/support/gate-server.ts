// A server behind the gate over a snapshot of named feeds, with a register that a test fills; its clock is moved by hand.

import type { FeedLimits, LakeReader } from '../../src/core/index.ts';
import { type AgreementRegister, type Clause } from '../../src/govern/index.ts';
import type { AuditEvent } from '../../src/store/index.ts';
import { linkReviewRoutes } from '../../src/web/linkage/link-review.routes.ts';
import { personEventRoutes } from '../../src/web/linkage/person-event.routes.ts';
import type { PlugRoutes } from '../../src/web/server.ts';
import { understandRoutes } from '../../src/web/understand/understand.routes.ts';
import { agreementWith } from './agreement-for-all.ts';
import { nobody } from './fake-people.ts';
import { fakePersonEvents } from './fake-person-events.ts';
import { fakeReview } from './fake-review.ts';
import { memoryAgreements } from './memory-agreements.ts';
import { openTestServer, type TestServer } from './web-server.ts';

export const lead = { userId: 'sample-governance-lead', role: 'governance-lead', agency: 'council' } as const;
const snapshot = { id: 'c0ffee1234567890', builtAt: '2026-11-23T09:05:00Z', dataTo: '2026-10-31' };

/** A snapshot of these feeds that remembers which part of it was asked for, and can do nothing else. */
export function lakeOf(...feeds: string[]): LakeReader & { asked: FeedLimits[] } {
  const asked: FeedLimits[] = [];
  const reader = (limits?: FeedLimits): LakeReader => ({
    snapshot,
    ...(limits ? { limits } : {}),
    hasTable: (name) => name === 'feed_quality',
    rows: async <T>(sql: string) => (sql.includes('feed_quality') ? feeds.map((feed) => ({ feed })) : []) as T[],
  });
  return { ...reader(), asked, forFeeds: async (limits) => (asked.push(limits), reader(limits)) };
}

export interface Given {
  lake?: LakeReader;
  register?: AgreementRegister | null;
  more?: readonly PlugRoutes[];
}

/** The same clock for pages and agreements; nothing is agreed until a test does so. */
export async function openGate({ lake = lakeOf('police-incident', 'ambulance-call'), register, more = [] }: Given = {}) {
  const audited: AuditEvent[] = [];
  const clock = { now: () => server.clock.now() };
  const agreements = register === null ? undefined : (register ?? memoryAgreements(clock));
  const server: TestServer = await openTestServer({ lake: () => lake, agreements, audit: { record: async (event) => void audited.push(event), list: async () => [] } } as Parameters<typeof openTestServer>[0], [
    understandRoutes,
    (app, deps) => linkReviewRoutes(app, { ...deps, review, people: nobody }),
    (app, deps) => personEventRoutes(app, { ...deps, personEvents: fakePersonEvents(), people: nobody }),
    ...more,
  ]);
  return { ...server, register: agreements!, audited };
}

export const review = fakeReview();
const dates = { startsOn: '2026-11-01', reviewOn: '2027-05-01', endsOn: '2027-10-31' };
export const agreementOf = (...clauses: Clause[]) => agreementWith(clauses, dates);
