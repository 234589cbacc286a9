import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { topShare, topUnits } from '../stats/index.ts';
import { curveStops, frequenciesOf, topEvents } from './frequency.ts';

function frequencyOf(counts: readonly number[]) {
  const groups = Map.groupBy(counts.filter((count) => count > 0), (count) => count);
  return frequenciesOf([...groups].map(([n, units]) => ({ n, units: units.length })).toSorted((a, b) => b.n - a.n));
}

describe('topEvents', () => {
  it('holds the same share as counting unit by unit', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 200 }), fc.double({ min: 0, max: 1, noNaN: true }), (counts, top) => {
        fc.pre(counts.some((count) => count > 0));
        const frequencies = frequencyOf(counts);
        expect(topEvents(frequencies, topUnits(top, counts.length)) / frequencies.events).toBeCloseTo(topShare(counts, top), 12);
      }),
    );
  });
});

describe('curveStops', () => {
  it('keeps points apart in units and in events, ends at all active units, and has no more than asked for', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 600 }), fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20 }), (counts, units, events) => {
        const frequencies = frequencyOf(counts);
        const stops = curveStops({ active: frequencies.active, eventsAt: (stop) => topEvents(frequencies, stop) }, { units, events }, 60);
        expect(stops.length).toBeLessThanOrEqual(60);
        for (const [index, stop] of stops.entries()) {
          const before = stops[index - 1] ?? 0;
          expect(stop - before).toBeGreaterThanOrEqual(units);
          expect(topEvents(frequencies, stop) - topEvents(frequencies, before)).toBeGreaterThanOrEqual(events);
        }
        if (frequencies.active >= units && frequencies.events >= events) expect(stops.at(-1)).toBe(frequencies.active);
        else expect(stops).toEqual([]);
      }),
    );
  });
});
