// Server time of the Understand pages on the sample partnership, Fenmarch: 60,000 people over 36 months, made and built first.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { homeAt } from '../src/store/index.ts';
import type { Benchmark } from './benchmark.ts';
import { loadAndBuild } from './load-and-build.ts';
import { measurePages } from './page-times.ts';

export const benchmark: Benchmark = {
  name: 'pages',
  about: 'each Understand page of the sample partnership, whole requests with filters that vary',
  long: true,
  run: async () => {
    const dir = mkdtempSync(join(tmpdir(), 'headwater-pages-'));
    const home = homeAt(dir, { partnership: 'Fenmarch', simulated: true, memoryLimit: '4GB', threads: 2 });
    try {
      await loadAndBuild(home, { people: 60_000, months: 36 });
      return await measurePages(home, 50);
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  },
};
