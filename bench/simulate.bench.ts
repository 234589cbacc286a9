// How long the simulated county takes to make, and how much memory, from the sample's size to a nation's region.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Benchmark, Measure } from './benchmark.ts';

const sizes = [
  { people: 60_000, seconds: 20, megabytes: 1000 },
  { people: 2_000_000, seconds: 600, megabytes: 4096 },
];

export const benchmark: Benchmark = {
  name: 'simulate',
  about: 'simulate the county over 36 months, in a process of its own',
  long: true,
  run: async () => sizes.flatMap(({ people, seconds, megabytes }): Measure[] => {
    const dir = mkdtempSync(join(tmpdir(), 'headwater-bench-'));
    try {
      const script = `
        const { simulate } = await import(${JSON.stringify(join(import.meta.dirname, '../src/simulate/index.ts'))});
        const { files, seconds } = await simulate({ out: ${JSON.stringify(dir)}, people: ${people} });
        console.log(JSON.stringify({ seconds, rows: files.reduce((sum, file) => sum + file.rows, 0), megabytes: process.resourceUsage().maxRSS / 1024 }));`;
      const result = JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })) as { seconds: number; rows: number; megabytes: number };
      const what = `${people.toLocaleString('en-GB')} people, ${result.rows.toLocaleString('en-GB')} rows`;
      return [
        { what, value: result.seconds, unit: 's', limit: seconds },
        { what: `${what}, memory`, value: result.megabytes, unit: 'MB', limit: megabytes },
      ];
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  }),
};
