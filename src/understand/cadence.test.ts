import { describe, expect, it } from 'vitest';
import { freshnessOf } from './cadence.ts';

describe('freshnessOf', () => {
  const now = Date.parse('2025-01-20T12:00:00Z');

  it('expects a weekly feed seven days after its last load, and counts whole days after that', () => {
    expect(freshnessOf('weekly', '2025-01-08T23:30:00', now)).toEqual({ lastLoaded: '2025-01-08', expected: '2025-01-15', lateDays: 5 });
  });

  it('is not late before the day', () => {
    expect(freshnessOf('monthly', '2025-01-08T09:00:00', now)).toEqual({ lastLoaded: '2025-01-08', expected: '2025-02-08', lateDays: 0 });
  });

  it('expects nothing of a feed that comes once, of an unknown cadence, or of one that never came', () => {
    for (const [cadence, last] of [['once', '2025-01-08'], ['sometimes', '2025-01-08'], ['weekly', null], [null, '2025-01-08']] as const) {
      expect(freshnessOf(cadence, last, now)).toMatchObject({ expected: null, lateDays: null });
    }
  });
});
