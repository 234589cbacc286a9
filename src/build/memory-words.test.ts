import { expect, it } from 'vitest';
import { openDuck } from '../store/index.ts';
import { bytesOf } from './build.ts';

it.each([['4.6 GiB', 4.6 * 1024 ** 3], ['953.6 MiB', 953.6 * 1024 ** 2], ['12 bytes', 0], ['2.0 TiB', 2 * 1024 ** 4], ['', 0]])('reads "%s" as %d bytes', (words, bytes) => expect(bytesOf(words)).toBe(bytes));

it('reads what the engine itself says of its memory', async () => {
  const duck = await openDuck({ memoryLimit: '2GB' });
  const { memory } = await duck.one<{ memory: string }>(`SELECT current_setting('memory_limit') AS memory`);
  duck.close();
  expect(bytesOf(memory)).toBeGreaterThan(1.8e9);
  expect(bytesOf(memory)).toBeLessThan(2.2e9);
});
