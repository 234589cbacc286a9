// Time comes from a clock that is passed in, so that tests and builds decide what "now" is.

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };

export function fixedClock(iso: string): Clock {
  const time = Date.parse(iso);
  return { now: () => time };
}
