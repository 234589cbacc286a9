// The whole build at the size of a large force: 1,000,000 people and about 10,000,000 events, simulated, loaded and built on two cores,
// then the pages on it. BENCH_PEOPLE and BENCH_MONTHS change the size; BENCH_HOME keeps the home in a folder.

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { homeAt } from '../src/store/index.ts';
import type { Benchmark } from './benchmark.ts';
import { loadAndBuild } from './load-and-build.ts';
import { measurePages } from './page-times.ts';

const people = Number(process.env.BENCH_PEOPLE ?? 1_000_000);
const months = Number(process.env.BENCH_MONTHS ?? 66);

export const benchmark: Benchmark = {
  name: 'whole-build',
  about: `simulate ${people.toLocaleString('en-GB')} people over ${months} months, load every feed, build, and ask every page`,
  long: true,
  run: async () => {
    const dir = process.env.BENCH_HOME ?? mkdtempSync(join(tmpdir(), 'headwater-bench-'));
    const home = homeAt(dir, { partnership: 'Bench', simulated: true, memoryLimit: '6GB', threads: 2 });
    try {
      const taken = await loadAndBuild(home, { people, months });
      return [
        { what: 'simulate', value: taken.simulate, unit: 's' },
        { what: 'ingest', value: taken.ingest, unit: 's' },
        { what: 'build', value: taken.build, unit: 's' },
        { what: 'load and build', value: taken.ingest + taken.build, unit: 's', limit: 480 },
        { what: 'peak memory', value: process.resourceUsage().maxRSS / 1024 ** 2, unit: 'GB', limit: 8 },
        { what: 'events', value: taken.events, unit: 'rows' },
        ...(await measurePages(home, 200)),
      ];
    } finally {
      if (!process.env.BENCH_HOME && existsSync(dir)) rmSync(dir, { recursive: true, force: true });
    }
  },
};
