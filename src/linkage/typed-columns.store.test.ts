import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDuck, type Duck } from '../store/index.ts';
import { appendNumbers, readNumbers, writeNumbers } from './typed-columns.store.ts';

let duck: Duck;
beforeAll(async () => {
  duck = await openDuck();
});
afterAll(() => duck.close());

it.each([0, 1, 2048, 5000])('%i rows are read as they were written, and as they were added', async (rows) => {
  const whole = Int32Array.from({ length: rows }, (_, row) => 7 * row - 100);
  const part = Float64Array.from(whole, (value) => value / 3);
  await writeNumbers(duck, 'numbers', { whole, part });
  await appendNumbers(duck, 'numbers', [whole.subarray(1), part.subarray(1)]);
  const [again, more] = await readNumbers(duck, 'FROM numbers', ['integer', 'double']);
  expect([...again!]).toEqual([...whole, ...whole.subarray(1)]);
  expect([...more!]).toEqual([...part, ...part.subarray(1)]);
});
