import { expect, it } from 'vitest';
import { openDuck } from '../store/index.ts';
import { hasRoomForTwo } from './build.ts';

it.each([
  [0, '1MB', true], [976, '1MB', true], [977, '1MB', false],
  [1_953_124, '2GB', true], [1_953_125, '2GB', false], [1_953_125, '3GB', true], [1_953_125, '2048MB', true],
])('of %d rows within %s: %s', (rows, memory, room) => expect(hasRoomForTwo(rows, memory)).toBe(room));

it('reads the setting as the engine does', async () => {
  for (const [memoryLimit, said] of [['2GB', 2e9 / 1024 ** 3], ['500MB', 500e6 / 1024 ** 2]] as const) {
    const duck = await openDuck({ memoryLimit });
    const { memory } = await duck.one<{ memory: string }>(`SELECT current_setting('memory_limit') AS memory`);
    duck.close();
    expect(Number.parseFloat(memory)).toBe(Math.floor(said * 10) / 10);
  }
});
