import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Table } from '../core/index.ts';
import { auditTable } from './audit-table.ts';
import { factorOf, keyRange, noiseChances, noiseOf } from './cell-key.ts';
import { readDisclosureRule } from './disclosure-rule.ts';
import { protectTable } from './protect-table.ts';

const rule = readDisclosureRule(undefined, 'cell-keys').value;
const { most, variance, smallVariance } = rule.perturbation!;
const keys = Array.from({ length: keyRange }, (_, key) => key);
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('noiseChances', () => {
  it('has the variance asked for, a mean of nought, and falls from nought outwards as a normal curve does', () => {
    const chances = noiseChances(most, variance);
    const moment = (power: number) => chances.reduce((sum, chance, i) => sum + chance * (i - most) ** power, 0);
    expect(moment(0)).toBeCloseTo(1, 12);
    expect(moment(1)).toBeCloseTo(0, 12);
    expect(moment(2)).toBeCloseTo(variance, 9);
    // Of all tables with that variance the most random one has log chances that fall with the square (Giessing 2016).
    const fall = (i: number) => Math.log(chances[most]! / chances[most + i]!) / i ** 2;
    for (let i = 2; i <= most; i += 1) expect(fall(i)).toBeCloseTo(fall(1), 9);
  });

  it('is even where the variance is that of even chances, and refuses more', () => {
    for (const chance of noiseChances(1, 2 / 3)) expect(chance).toBeCloseTo(1 / 3, 9);
    expect(() => noiseChances(1, 0.7)).toThrow('cannot have a variance');
  });
});

describe('noiseOf', () => {
  it('leaves nought as it is, and gives none where the rule has none', () => {
    for (const key of [0, 7, 40_000]) expect(noiseOf(rule, 0, key)).toBe(0);
    expect(noiseOf(readDisclosureRule(undefined, 'nhs-hes').value, 20, 40_000)).toBe(0);
  });

  it('is bounded, of mean nought and of the variance asked for over all keys', () => {
    for (const count of [1, 7, 8, 250, 182_113]) {
      const noises = keys.map((key) => noiseOf(rule, count, key));
      expect(Math.max(...noises.map(Math.abs))).toBeLessThanOrEqual(most);
      expect(mean(noises)).toBeCloseTo(0, 1);
      expect(Math.abs(mean(noises.map((noise) => noise ** 2)) / (count <= 7 ? smallVariance : variance) - 1)).toBeLessThan(0.03);
    }
  });

  it('depends on the sum of keys alone, so that the same records have the same noise in any order', () => {
    expect(noiseOf(rule, 3, 60_000 + 9000 + 1)).toBe(noiseOf(rule, 3, 1 + 60_000 + 9000 - keyRange));
  });

  it('of sets that differ by one record has nothing in common', () => {
    const together = mean(keys.map((key) => noiseOf(rule, 40, key) * noiseOf(rule, 41, key + 17)));
    expect(Math.abs(together / variance)).toBeLessThan(0.02);
    const salted = mean(keys.map((key) => noiseOf(rule, 40, key) * noiseOf(rule, 40, key, 3)));
    expect(Math.abs(salted / variance)).toBeLessThan(0.02);
  });
});

it('factorOf lies between a half and one on either side', () => {
  const factors = keys.map((key) => factorOf(rule, 5, key, 1));
  expect(Math.min(...factors.map(Math.abs))).toBeGreaterThanOrEqual(0.5);
  expect(Math.max(...factors.map(Math.abs))).toBeLessThanOrEqual(1);
  expect(mean(factors)).toBeCloseTo(0, 1);
});

describe('protectTable with noise', () => {
  const noisyTable = fc.array(fc.tuple(fc.oneof(fc.nat(12), fc.nat(200)), fc.nat(keyRange - 1)), { minLength: 2, maxLength: 12 });

  it('is safe by its own audit, hides what is or looks too small, and moves the rest by the noise and rounding alone', () => {
    fc.assert(
      fc.property(noisyTable, (cells) => {
        const inner = cells.map(([n, key], i) => ({ area: String(i), n, key }));
        const total = { area: 'All', n: inner.reduce((sum, { n }) => sum + n, 0), key: inner.reduce((sum, { key }) => sum + key, 0) };
        const table: Table = { id: 't', title: '', columns: [{ name: 'area', label: '', format: 'text' }, { name: 'n', label: '', format: 'count' }], rows: [...inner, total], suppressed: [] };
        const noise = (row: Table['rows'][number]) => ({ value: noiseOf(rule, Number(row.n), Number(row.key)), most });
        const spec = { counts: [{ column: 'n', noise }], dimensions: ['area'], totalRows: (row: Table['rows'][number]) => row.area === 'All' };
        const { table: published } = protectTable(table, rule, spec);
        expect(auditTable(table, published, rule, spec).revealed).toEqual([]);
        table.rows.forEach((row, i) => {
          const [n, noisy, shown] = [Number(row.n), Number(row.n) + noise(row).value, published.rows[i]!.n];
          if (n === 0) expect(shown).toBe(0);
          else if (n <= 7 || noisy <= 7) expect(shown).toBeNull();
          else if (shown !== null) expect(shown).toBe(Math.round(noisy / 5) * 5);
        });
      }),
    );
  });
});
