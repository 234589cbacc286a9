// When the next file of a feed is expected, by its cadence, and by how many days it is late.

const days: Readonly<Record<string, number>> = { daily: 1, weekly: 7, fortnightly: 14, monthly: 31, quarterly: 92, termly: 122, yearly: 366 };
const dayLength = 24 * 60 * 60 * 1000;

export interface Freshness {
  /** ISO date of the last load; null where nothing was loaded. */
  lastLoaded: string | null;
  /** ISO date by which the next file is expected; null where none is. */
  expected: string | null;
  /** Whole days after that date; 0 where it is not yet due. */
  lateDays: number | null;
}

/**
 * @param cadence such as "monthly"; "once" and unknown words expect nothing
 * @param now milliseconds since the epoch
 * @example freshnessOf('weekly', '2025-01-01T09:00:00', Date.parse('2025-01-10')) // expected 2025-01-08, 2 days late
 */
export function freshnessOf(cadence: string | null, lastLoadedAt: string | null, now: number): Freshness {
  const lastLoaded = lastLoadedAt?.slice(0, 10) ?? null;
  const wait = days[cadence ?? ''];
  if (lastLoaded === null || wait === undefined) return { lastLoaded, expected: null, lateDays: null };
  const due = Date.parse(`${lastLoaded}T00:00:00Z`) + wait * dayLength;
  return { lastLoaded, expected: new Date(due).toISOString().slice(0, 10), lateDays: Math.max(0, Math.floor((now - due) / dayLength)) };
}
