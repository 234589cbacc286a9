import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kendall } from './kendall.ts';
import { quantile } from './quantile.ts';
import { ranks } from './ranks.ts';
import { spearman } from './spearman.ts';

const iq = [106, 100, 86, 101, 99, 103, 97, 113, 112, 110];
const television = [7, 27, 2, 50, 28, 29, 20, 12, 6, 17];
const tiedX = [1, 2, 2, 3, 4, 4, 4, 5, 6, 7, 7, 8];
const tiedY = [2, 1, 3, 3, 4, 6, 5, 5, 5, 8, 7, 9];

describe('spearman', () => {
  it('gives the textbook value without ties, −29/165, and scipy 1.17.1 with ties', () => {
    expect(spearman(iq, television).rho).toBeCloseTo(-29 / 165, 12);
    expect(spearman(tiedX, tiedY).rho).toBeCloseTo(0.9251351596110434, 12);
  });

  it("has Bonett and Wright's interval", () => {
    // tanh(atanh(r) ± 1.96·√((1 + r²/2)/(n − 3))) in scipy 1.17.1
    expect(spearman(iq, television).low).toBeCloseTo(-0.7278300282394071, 10);
    expect(spearman(iq, television).high).toBeCloseTo(0.5145466616329561, 10);
    expect(spearman(tiedX, tiedY).low).toBeCloseTo(0.6873095790739201, 10);
    expect(spearman(tiedX, tiedY).high).toBeCloseTo(0.983811228489369, 10);
  });

  it('does not change when values are stretched, and turns round when one side is reversed', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -9, max: 9 })), { minLength: 4, maxLength: 40 }), (pairs) => {
        const x = pairs.map(([value]) => value);
        const y = pairs.map(([, value]) => value);
        const { rho } = spearman(x, y);
        fc.pre(!Number.isNaN(rho));
        expect(spearman(x.map((value) => Math.exp(value)), y).rho).toBeCloseTo(rho, 12);
        expect(spearman(x.map((value) => -value), y).rho).toBeCloseTo(-rho, 12);
      }),
    );
  });

  it('is no number for a constant, and has no interval below four units', () => {
    expect(spearman([1, 1, 1, 1], [1, 2, 3, 4]).rho).toBeNaN();
    expect(spearman([1, 2, 3], [1, 2, 3])).toEqual({ rho: 1, low: Number.NaN, high: Number.NaN });
    expect(() => spearman([1, 2], [1])).toThrow('as many values');
    expect(() => spearman([1, Number.NaN], [1, 2])).toThrow('numbers only');
  });
});

describe('kendall', () => {
  it('gives the values of scipy 1.17.1, with ties and without', () => {
    expect(kendall(iq, television)).toBeCloseTo(-0.1111111111111111, 12);
    expect(kendall(tiedX, tiedY)).toBeCloseTo(0.8292957006214825, 12);
    expect(kendall([1, 1, 1], [1, 2, 3])).toBeNaN();
  });

  it('agrees with counting every pair', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(8), fc.nat(8)), { minLength: 2, maxLength: 30 }), (pairs) => {
        let [balance, untiedX, untiedY] = [0, 0, 0];
        pairs.forEach(([xa, ya], i) =>
          pairs.slice(i + 1).forEach(([xb, yb]) => {
            balance += Math.sign(xa - xb) * Math.sign(ya - yb);
            untiedX += xa === xb ? 0 : 1;
            untiedY += ya === yb ? 0 : 1;
          }),
        );
        fc.pre(untiedX > 0 && untiedY > 0);
        expect(kendall(pairs.map(([x]) => x), pairs.map(([, y]) => y))).toBeCloseTo(balance / Math.sqrt(untiedX * untiedY), 12);
      }),
    );
  });
});

describe('ranks and quantile', () => {
  it('give the values of scipy 1.17.1 and NumPy 2.4.6', () => {
    expect([...ranks([10, 20, 20, 5, 20, 7])]).toEqual([3, 5, 5, 1, 5, 2]);
    const sorted = [1, 2, 3, 4, 10.5];
    expect([0, 0.1, 0.25, 0.5, 0.9, 1].map((p) => quantile(sorted, p))).toEqual([1, 1.4, 2, 3, 7.9, 10.5]);
    expect(quantile([], 0.5)).toBeNaN();
    expect(() => quantile(sorted, 2)).toThrow('probability');
  });
});

const profile = '../shared/data/area/bedfordshire_lsoa21_profile.csv';
const street = '../shared/data/police_bedfordshire/bedfordshire-street-2021-05_2024-04.csv.gz';

describe.skipIf(!existsSync(profile) || !existsSync(street))('spearman on Bedfordshire (skipped where ../shared is missing)', () => {
  it('finds .73 between violence per resident and deprivation in 2025', () => {
    const [header = '', ...lines] = readFileSync(profile, 'utf8').trim().split('\n');
    const split = (line: string) => Array.from(line.matchAll(/(?:"([^"]*)"|([^,]*))(?:,|$)/g), ([, quoted, plain]) => quoted ?? plain ?? '');
    const names = split(header);
    const score = names.indexOf('IMD_score');
    const ages = names.flatMap((name, i) => (name.startsWith('pop_Aged') ? [i] : []));
    const areas = lines.map(split);
    const violence = new Map(areas.map(([code]) => [code!, 0]));
    for (const line of gunzipSync(readFileSync(street)).toString('utf8').split('\n')) {
      const columns = line.split(',');
      const code = columns[7] ?? '';
      if (columns[9] === 'Violence and sexual offences' && violence.has(code)) violence.set(code, violence.get(code)! + 1);
    }
    const rates = areas.map((area) => violence.get(area[0]!)! / ages.reduce((sum, i) => sum + Number(area[i]), 0));
    const { rho, low, high } = spearman(rates, areas.map((area) => Number(area[score])));
    expect(ages).toHaveLength(6);
    expect(rho).toBeCloseTo(0.73, 2);
    expect(low).toBeGreaterThan(0.66);
    expect(high).toBeLessThan(0.79);
  });
});
