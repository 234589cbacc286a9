import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, describe, expect, it } from 'vitest';
import { simulate } from './simulate.ts';

const dir = mkdtempSync(join(tmpdir(), 'headwater-memory-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe('memory', () => {
  it('does not grow with the months: rows are on the disk, not in the heap', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const heap: number[] = [];
    const progress = {
      stage() {},
      done() {},
      at(month: number) {
        if (month % 6 !== 0) return;
        collect();
        heap.push(process.memoryUsage().heapUsed / 1e6);
      },
    };
    const { files } = await simulate({ out: dir, people: 12_000, months: 36, progress });
    const written = files.reduce((sum, file) => sum + statSync(file.path).size, 0) / 1e6;
    expect(written).toBeGreaterThan(8);
    expect(heap.at(-1)! - heap[0]!).toBeLessThan(written / 4);
  });
});
