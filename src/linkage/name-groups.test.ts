import { describe, expect, it } from 'vitest';
import { createRandom } from '../core/index.ts';
import { fitNameGroups, nameDependence, type NamePairs } from './name-groups.ts';

/** Two populations, nine people in ten of the first; each has its own 20 forenames and 20 surnames. */
function twoPopulations(mixed: boolean): NamePairs {
  const random = createRandom(7, 'names');
  const counts = new Map<number, number>();
  for (let person = 0; person < 20_000; person += 1) {
    const first = random.chance(0.9) ? 0 : 20;
    const second = mixed ? (random.chance(0.9) ? 0 : 20) : first;
    const key = (first + random.below(20)) * 40 + second + random.below(20);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const keys = [...counts.keys()];
  return { forename: Int32Array.from(keys, (key) => Math.floor(key / 40)), surname: Int32Array.from(keys, (key) => key % 40), people: Float64Array.from(counts.values()), forenames: 40, surnames: 40 };
}

describe('fitNameGroups', () => {
  it('finds that names of a tenth of the people meet ten times as often as chance says', () => {
    const fit = fitNameGroups(createRandom(1, 'groups'), twoPopulations(false));
    expect(nameDependence(fit, 25, 31)).toBeGreaterThan(2.8);
    expect(nameDependence(fit, 25, 31)).toBeLessThan(3.6);
    expect(nameDependence(fit, 3, 5)).toBeCloseTo(Math.log2(1 / 0.9), 0);
    expect(nameDependence(fit, 3, 31)).toBeLessThan(-3);
  });

  it('finds next to none where names are mixed by chance', () => {
    const fit = fitNameGroups(createRandom(1, 'groups'), twoPopulations(true));
    for (const [f, s] of [[25, 31], [3, 5], [3, 31], [25, 5]] as const) expect(Math.abs(nameDependence(fit, f, s))).toBeLessThan(0.5);
  });

  it('gives the same fit for the same generator', () => {
    const once = fitNameGroups(createRandom(3, 'groups'), twoPopulations(false));
    const again = fitNameGroups(createRandom(3, 'groups'), twoPopulations(false));
    expect(again).toEqual(once);
  });
});
