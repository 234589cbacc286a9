// Merges and splits of invented people, kept in memory, for tests of their pages. Which event may be undone is decided by the real rule.

import { planUndo, type EventRecord, type PersonEvent, type PersonEventService, type ReviewRecord } from '../../src/linkage/index.ts';
import type { AuditEvent, RecordedDecision } from '../../src/store/index.ts';

export interface FakePersonEvents extends PersonEventService {
  asked: unknown[];
  decisions: RecordedDecision[];
  /** Acts that were kept, as the audit has them. */
  audited: AuditEvent[];
}

const margaret = { forename: 'Margaret', middle_names: null, surname: 'Thistlewood', birth_date: '1961-04-17', born_about: null, sex: 'F', ethnicity: 'White', address: '4 Quay Lane', postcode: 'FM1 2AB', other_postcodes: 'FM1 2AB', nhs_number: '9990000018', upn: null, phone: null, email: null };
const valuesOf: Record<string, ReviewRecord['values']> = {
  'a:1': margaret, 'b:1': { ...margaret, forename: 'Peggy' }, 'c:1': { ...margaret, forename: 'Colin', sex: 'M', birth_date: '1930-01-05' }, 'd:1': { ...margaret, surname: '<script>alert(1)</script>' },
};

const base = { build: 'b0b0b0b0b0b0b0b0', at: '2026-11-02T09:00:00Z', undoes: null, undo: { state: 'stands' as const } };

export function fakePersonEvents(): FakePersonEvents {
  const events: PersonEvent[] = [
    { ...base, event: 3, kind: 'gone', oldKey: 'P9', newKey: null, keysBefore: ['P9'], keysAfter: [], records: 1, reason: 'its records were removed' },
    { ...base, event: 2, kind: 'split', oldKey: 'P1', newKey: 'P3', keysBefore: ['P1'], keysAfter: ['P1', 'P3'], records: 1, reason: 'different NHS numbers' },
    { ...base, event: 1, kind: 'merge', oldKey: 'P2', newKey: 'P1', keysBefore: ['P2', 'P1'], keysAfter: ['P1'], records: 2, reason: 'new records link them' },
  ];
  const records: Record<number, EventRecord[]> = {
    1: [{ sourceId: 'b:1', side: 'moved', personKey: 'P1' }, { sourceId: 'c:1', side: 'moved', personKey: 'P1' }, { sourceId: 'a:1', side: 'joined', personKey: 'P1' }, { sourceId: 'z:1', side: 'joined', personKey: null }],
    2: [{ sourceId: 'd:1', side: 'moved', personKey: 'P3' }, { sourceId: 'a:1', side: 'stayed', personKey: 'P1' }],
  };
  const shown = events.filter(({ kind }) => kind !== 'gone');
  const asked: unknown[] = [];
  const decisions: RecordedDecision[] = [];
  const audited: AuditEvent[] = [];
  const find = (number: number) => {
    const event = events.find((each) => each.event === number);
    return event ? { event, records: records[number] ?? [], plan: planUndo({ event, records: records[number] ?? [], decisions, followed: new Map() }) } : undefined;
  };
  return {
    asked,
    decisions,
    audited,
    list: async (filter) => {
      asked.push(filter);
      return events.filter(({ kind, event }) => kind !== 'gone' && !filter.without?.includes(event) && (!filter.kind || kind === filter.kind) && (filter.before === undefined || event < filter.before)).slice(0, filter.limit);
    },
    months: async (without = []) => [{ month: '2026-11', events: shown.filter(({ event }) => !without.includes(event)).length }].filter((month) => month.events > 0),
    people: async () => new Map(shown.map(({ event, oldKey, newKey }) => [event, [...new Set([oldKey, newKey, ...(records[event] ?? []).map(({ personKey }) => personKey)].flatMap((key) => key ?? []))]])),
    find: async (number) => find(number),
    undo: async (number, { reason, by, why }) => {
      const found = find(number);
      if (!found) return { ok: false, refusal: { why: 'unknown' } };
      const { event, plan } = found;
      if (!plan.ok) return { ok: false, refusal: plan.refusal, event };
      event.undo = { state: 'waiting', undo: { event: number, build: event.build, reason, decidedBy: by, decidedAt: Date.parse('2026-11-24T09:05:00Z') } };
      audited.push({ actorId: by, action: 'person-event.undo', outcome: 'done', subjectKind: 'source-record', subjectIds: found.records.map(({ sourceId }) => sourceId), ...why });
      return { ok: true, event, records: found.records, pairs: plan.pairs.length };
    },
    withdraw: async (number, { by, why }) => {
      const found = find(number);
      if (!found) return { ok: false, refusal: { why: 'unknown' } };
      if (found.event.undo.state !== 'waiting') return { ok: false, refusal: { why: 'no-undo' }, event: found.event };
      found.event.undo = { state: 'stands' };
      audited.push({ actorId: by, action: 'person-event.withdraw', outcome: 'done', subjectKind: 'source-record', subjectIds: found.records.map(({ sourceId }) => sourceId), ...why });
      return { ok: true, event: found.event, records: found.records };
    },
    events: {
      records: async (ids) => ids.map((sourceId) => ({ sourceId, agency: 'police', localId: sourceId.slice(2), personKey: 'P1', values: valuesOf[sourceId]! })),
      findPairId: async () => 'abcdefgh12345678',
      where: async (key) => ({ key, state: 'unknown', people: [], gone: 0, events: [] }),
    },
    close: async () => undefined,
  };
}
