// What a benchmark is: measures of one run, each beside its peer or its limit where it has one. Never a test.

export interface Measure {
  what: string;
  value: number;
  unit: string;
  /** The same task by the named peer, in the same run. */
  peer?: { name: string; value: number };
  /** The most that the product allows itself. */
  limit?: number;
}

export interface Benchmark {
  name: string;
  about: string;
  /** Left out of a plain `npm run bench`, because it takes minutes; run it by its name. */
  long?: boolean;
  run(): Promise<Measure[]>;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The q-quantile (0 to 1), nearest rank. */
export function percentile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(q * sorted.length) - 1))]!;
}

/** Seconds that one call takes. */
export async function seconds(work: () => unknown): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}
