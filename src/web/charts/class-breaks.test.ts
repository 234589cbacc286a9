import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { classBreaks, classOf } from './class-breaks.ts';

it('classes hold about as many values each, between round limits', () => {
  const values = Array.from({ length: 100 }, (_, index) => index + 1);
  expect(classBreaks(values, 5)).toEqual([0, 20, 40, 60, 80, 100]);
  expect(classBreaks([0, 5, 10, 15, 20, 25], 2)).toEqual([0, 10, 25]);
});

it('one value, or none, makes one class', () => {
  expect(classBreaks([7, 7, 7], 5)).toEqual([7, 7]);
  expect(classBreaks([], 5)).toEqual([0, 0]);
  expect(classOf(7, [7, 7])).toBe(0);
});

it('limits rise, hold every value, and leave no class empty', () => {
  fc.assert(fc.property(fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 200 }), fc.integer({ min: 2, max: 7 }), (values, count) => {
    const limits = classBreaks(values, count);
    expect(limits.length).toBeLessThanOrEqual(count + 1);
    for (let index = 1; index < limits.length; index += 1) expect(limits[index]).toBeGreaterThanOrEqual(limits[index - 1]!);
    expect(limits[0]).toBeLessThanOrEqual(Math.min(...values));
    expect(limits.at(-1)).toBeGreaterThanOrEqual(Math.max(...values) * (1 - 1e-9));
    const used = new Set(values.map((value) => classOf(value, limits)));
    expect([...used].toSorted((a, b) => a - b)).toEqual(Array.from({ length: limits.length - 1 }, (_, index) => index));
  }));
});

it('a value on a limit belongs to the class above it, the highest to the last', () => {
  expect(classOf(20, [0, 20, 40])).toBe(1);
  expect(classOf(19.9, [0, 20, 40])).toBe(0);
  expect(classOf(40, [0, 20, 40])).toBe(1);
});
