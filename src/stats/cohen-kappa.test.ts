import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../core/index.ts';
import { cohenKappa } from './cohen-kappa.ts';

describe('cohenKappa', () => {
  it('gives the published agreement (.89, .66 by chance), kappa (.68) and standard error (.087) of the diagnoses in Fleiss 1981, table 13.1', () => {
    const { agreement, byChance, kappa, standardError } = cohenKappa([[75, 1, 4], [5, 4, 1], [0, 0, 10]]);
    expect(agreement).toBeCloseTo(0.89, 10);
    expect(byChance).toBeCloseTo(0.66, 10);
    expect(kappa).toBeCloseTo(0.68, 2);
    expect(Math.abs(standardError! - 0.087)).toBeLessThan(0.001);
  });

  it('gives the published kappa of three kinds in Fleiss, Cohen and Everitt 1969: .70 agreed, .475 by chance', () => {
    const { agreement, byChance, kappa, standardError } = cohenKappa([[106, 10, 4], [22, 28, 10], [2, 12, 6]]);
    expect(agreement).toBeCloseTo(0.7, 10);
    expect(byChance).toBeCloseTo(0.475, 10);
    expect(kappa).toBeCloseTo(0.429, 3);
    expect(standardError! ** 2).toBeCloseTo(0.002885, 6);
  });

  it('is 1 where two judges always agree, and not known where they had one kind alone', () => {
    expect(cohenKappa([[5, 0], [0, 7]])).toMatchObject({ kappa: 1, standardError: 0 });
    expect(cohenKappa([[5, 0], [0, 0]])).toMatchObject({ agreement: 1, kappa: undefined });
    expect(cohenKappa([[0, 0], [0, 0]])).toMatchObject({ pairs: 0, kappa: undefined });
  });

  it('is the same whichever judge is named first', () => {
    fc.assert(fc.property(fc.array(fc.array(fc.nat(30), { minLength: 3, maxLength: 3 }), { minLength: 3, maxLength: 3 }), (table) => {
      const turned = table.map((_, i) => table.map((row) => row[i]!));
      const [one, other] = [cohenKappa(table), cohenKappa(turned)];
      if (one.kappa === undefined) expect(other.kappa).toBeUndefined();
      else expect(other.kappa).toBeCloseTo(one.kappa, 10);
      if (one.standardError !== undefined) expect(other.standardError).toBeCloseTo(one.standardError, 10);
    }));
  });

  it('covers the true kappa in about 95 of 100 samples', () => {
    const random = createRandom(7, 'kappa');
    const cells = [0.5, 0.1, 0.08, 0.32];
    const truth = (0.82 - (0.6 * 0.58 + 0.4 * 0.42)) / (1 - (0.6 * 0.58 + 0.4 * 0.42));
    let covered = 0;
    for (let sample = 0; sample < 1000; sample += 1) {
      const counts = [0, 0, 0, 0];
      for (let pair = 0; pair < 200; pair += 1) {
        const at = random.next();
        counts[at < cells[0]! ? 0 : at < 0.6 ? 1 : at < 0.68 ? 2 : 3]! += 1;
      }
      const { low, high } = cohenKappa([[counts[0]!, counts[1]!], [counts[2]!, counts[3]!]]);
      if (low! <= truth && truth <= high!) covered += 1;
    }
    expect(covered).toBeGreaterThan(925);
    expect(covered).toBeLessThan(972);
  });
});
