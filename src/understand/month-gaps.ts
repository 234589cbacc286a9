// Months of a feed that do not look like its others: none at all, far fewer, or far more than usual. Usual is the median of the same month
// of other years where there are at least two, else of the six months on either side. Far is under half or over 1.75 times, and four
// standard errors away on the scale 2√(x + 3/8), where a Poisson count has a variance of 1 (Anscombe 1948, Biometrika 35, 246-254), so
// that small feeds do not cry wolf. A finding is a question to the agency, not an error.

export interface MonthCount {
  month: number;
  events: number;
}

export interface MonthGap extends MonthCount {
  usual: number;
  what: 'none' | 'fewer' | 'more';
}

/**
 * @param months counts by month number; months between that are missing count as none
 * @param first, last the months that the feed should hold
 * @example findMonthGaps([{ month: 1, events: 90 }, { month: 3, events: 95 }], 1, 3) // month 2: none
 */
export function findMonthGaps(months: readonly MonthCount[], first: number, last: number): MonthGap[] {
  const counts = new Map(months.map(({ month, events }) => [month, events]));
  const all = Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => ({ month: first + index, events: counts.get(first + index) ?? 0 }));
  return all.flatMap(({ month, events }) => {
    const sameMonth = all.filter((other) => other.month !== month && (other.month - month) % 12 === 0);
    const near = all.filter((other) => other.month !== month && Math.abs(other.month - month) <= 6);
    const others = (sameMonth.length >= 2 ? sameMonth : near).map((other) => other.events);
    const usual = median(others);
    const what = judge(events, usual, others.length);
    return what ? [{ month, events, usual, what }] : [];
  });
}

/** A median of n normal values has about the variance of a mean of n / 1.57. */
function judge(events: number, usual: number, others: number): MonthGap['what'] | undefined {
  if (others === 0) return undefined;
  const distance = 2 * Math.sqrt(events + 3 / 8) - 2 * Math.sqrt(usual + 3 / 8);
  if (Math.abs(distance) < 4 * Math.sqrt(1 + 1.57 / others)) return undefined;
  if (events === 0) return 'none';
  if (events < usual / 2) return 'fewer';
  return events > usual * 1.75 ? 'more' : undefined;
}

function median(values: readonly number[]): number {
  if (values.length === 0) return 0;
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
