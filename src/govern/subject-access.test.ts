import { describe, expect, it } from 'vitest';
import { clockOf, dueDay, type SubjectAccessFile } from './subject-access.ts';

const step = (on: string) => ({ code: 'documents' as const, on, words: 'x', by: 'lead', at: 0 });
const file = (over: Partial<SubjectAccessFile> = {}): SubjectAccessFile => ({
  subjectAccessId: 'a', personKey: 'P', askedOn: '2026-09-03', askedBy: 'person', authority: null, openedBy: 'lead', openedAt: 0, identity: step('2026-09-03'), extension: null, closing: null, releases: [], ...over,
});

describe('the day by which a request must be answered', () => {
  it.each([
    // The ICO's own examples: the same date; the last day of a shorter month; the next working day.
    ['2025-09-03', '2025-10-03'],
    ['2025-03-31', '2025-04-30'],
    ['2026-01-31', '2026-03-02'],
    ['2024-01-31', '2024-02-29'],
    ['2026-11-25', '2026-12-29'],
    ['2026-10-28', '2026-11-30'],
    ['2026-12-01', '2027-01-04'],
  ])('for one received on %s is %s', (from, due) => {
    expect(dueDay(from)).toBe(due);
  });

  it('is two months later where the time was extended', () => {
    expect(dueDay('2026-11-30', 3)).toBe('2027-03-01');
    expect(clockOf(file({ extension: { ...step('2026-09-20'), code: 'complex' } }), '2026-10-10')).toEqual({ state: 'open', dueOn: '2026-12-03', extendBy: '2026-10-05', overdue: false });
  });

  it('is reckoned from the day on which it was known who asks, and from none before', () => {
    expect(clockOf(file({ identity: null }), '2027-01-01')).toEqual({ state: 'identity', dueOn: null, extendBy: null, overdue: false });
    expect(clockOf(file({ identity: step('2026-09-10') }), '2026-09-11').dueOn).toBe('2026-10-12');
    expect(clockOf(file({ askedOn: '2026-09-10', identity: step('2026-09-01') }), '2026-09-11').dueOn).toBe('2026-10-12');
  });
});

describe('how a request stands', () => {
  it('is overdue after its day alone, and no more once it is answered or closed', () => {
    const release = { subjectAccessReleaseId: 'r', asAt: 0, auditTo: 1, document: { sha256: 'a', bytes: 1 }, rows: { sha256: 'b', bytes: 1 }, by: 'lead', at: 0 };
    expect(clockOf(file(), '2026-10-05')).toMatchObject({ state: 'open', overdue: false });
    expect(clockOf(file(), '2026-10-06')).toMatchObject({ state: 'open', overdue: true });
    expect(clockOf(file({ releases: [release] }), '2026-10-06')).toMatchObject({ state: 'released', overdue: false });
    expect(clockOf(file({ releases: [release], closing: { ...step('2026-10-01'), code: 'withdrawn' } }), '2026-10-06')).toMatchObject({ state: 'closed', overdue: false });
  });
});
