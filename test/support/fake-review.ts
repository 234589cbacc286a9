// A review of three invented pairs, kept in memory, for tests of its pages.

import { seatRule, type LinkReviewService, type ReviewPair, type ReviewRecord } from '../../src/linkage/index.ts';
import type { AuditEvent, RecordedDecision } from '../../src/store/index.ts';
import type { AuditTrail } from '../../src/web/audit/audit-trail.ts';

export interface FakeReview extends LinkReviewService {
  rows: RecordedDecision[];
  /** What the review itself kept: its server's trail, without sign-ins and pages opened. */
  audited: AuditEvent[];
  trail: AuditTrail;
  idOf(pair: number): string;
  breakAudit(broken: boolean): void;
}

const record = (sourceId: string, values: ReviewRecord['values']): ReviewRecord => ({ sourceId, agency: sourceId.startsWith('a') ? 'police' : 'housing', localId: sourceId.slice(2), personKey: `P${sourceId}`, values });

const margaret = { forename: 'Margaret', middle_names: null, surname: 'Thistlewood', birth_date: '1961-04-17', born_about: null, sex: 'F', ethnicity: 'White', address: '4 Quay Lane', postcode: 'FM1 2AB', other_postcodes: 'FM1 2AB', nhs_number: '9990000018', upn: null, phone: null, email: null };

function pairOf(n: number, left: ReviewRecord['values'], right: ReviewRecord['values']): ReviewPair {
  return {
    pairId: `${n}`.repeat(16).slice(0, 16), left: record(`a:${n}`, left), right: record(`b:${n}`, right), onePerson: true, weight: 1.2, probability: 0.697,
    parts: {
      prior: -17.1, names: -0.4, relatives: -1.6, conflict: n === 2 ? 'Twins: same birth, surname and home, different forenames' : null,
      comparisons: [
        { label: 'Surname', level: 'Same surname', bits: 13.2, rarity: 3.1 },
        { label: 'Date of birth', level: 'Same date of birth', bits: 13.4, rarity: 0 },
        { label: 'Forename', level: 'Forenames differ', bits: -5.3, rarity: null },
        { label: 'Sex', level: 'Same sex', bits: 0.9, rarity: null },
        { label: 'Home', level: 'Different homes', bits: -1.9, rarity: null },
        { label: 'Telephone', level: null, bits: 0, rarity: null },
      ],
    },
  };
}

export function fakeReview(): FakeReview {
  const pairs = [
    pairOf(1, margaret, { ...margaret, forename: 'Peggy', address: '11 Mill Road', postcode: 'FM3 4CD', nhs_number: null }),
    pairOf(2, margaret, { ...margaret, forename: 'Marjorie', phone: '01632960123' }),
    pairOf(3, margaret, { ...margaret, surname: '<script>alert(1)</script>' }),
  ];
  const rows: RecordedDecision[] = [];
  const audited: AuditEvent[] = [];
  let broken = false;
  return {
    rows,
    audited,
    idOf: (n) => pairs[n - 1]!.pairId,
    breakAudit: (now) => void (broken = now),
    pairs: {
      queue: async () => pairs.map(({ pairId, left, right }, n) => ({ pairId, left: left.sourceId, right: right.sourceId, reason: n === 2 ? 'bridge' : 'threshold', people: [left.personKey, right.personKey] })),
      peopleOf: async (sourceIds) => new Map(pairs.flatMap(({ left, right }) => [left, right]).filter(({ sourceId }) => sourceIds.includes(sourceId)).map(({ sourceId, personKey }) => [sourceId, personKey])),
      findPair: async (pairId) => pairs.find((pair) => pair.pairId === pairId),
      personOf: async (sourceId) => {
        const pair = pairs.find(({ left, right }) => left.sourceId === sourceId || right.sourceId === sourceId)!;
        const own = pair.left.sourceId === sourceId ? pair.left : pair.right;
        const other = record('c:1', { ...margaret, forename: 'Margt' });
        return { records: [own, other], pairs: [{ pairId: pair.pairId, left: own.sourceId, right: other.sourceId, probability: 0.98, conflict: null }] };
      },
    },
    decisions: async () => [...rows],
    decide: async (decision, reopen, why) => {
      const place = seatRule(reopen)(rows.filter(({ left, right }) => left === decision.left && right === decision.right), decision.decidedBy);
      if (!place) return undefined;
      const made = { ...decision, ...place, decidedAt: rows.length };
      if (broken) throw new Error('The audit is away');
      rows.push(made);
      audited.push({ actorId: decision.decidedBy, action: 'link-pair.decide', outcome: 'done', subjectKind: 'source-record', subjectIds: [decision.left, decision.right], ...why });
      return made;
    },
    trail: {
      record: async (event) => {
        if (broken) throw new Error('The audit is away');
        if (event.action.startsWith('link-')) audited.push(event);
      },
      list: async () => [],
    },
    close: async () => undefined,
  };
}
