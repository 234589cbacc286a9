// The whole build at the size of a large force: 1,000,000 people and about 10,000,000 events, simulated, loaded and built on two cores.

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSnapshot } from '../src/build/index.ts';
import { silentProgress, systemClock } from '../src/core/index.ts';
import { ingestFiles } from '../src/ingest/index.ts';
import { simulate } from '../src/simulate/index.ts';
import { homeAt } from '../src/store/index.ts';
import { classificationFor, derivedTables } from '../src/understand/index.ts';
import { seconds, type Benchmark, type Measure } from './benchmark.ts';

const people = Number(process.env.BENCH_PEOPLE ?? 1_000_000);
const months = Number(process.env.BENCH_MONTHS ?? 60);

export const benchmark: Benchmark = {
  name: 'whole-build',
  about: `simulate ${people.toLocaleString('en-GB')} people over ${months} months, load every feed and build`,
  long: true,
  run: async () => {
    const dir = process.env.BENCH_HOME ?? mkdtempSync(join(tmpdir(), 'headwater-bench-'));
    const home = homeAt(dir, { partnership: 'Bench', simulated: true, memoryLimit: '5GB', threads: 2 });
    const measures: Measure[] = [];
    try {
      const sim = await simulate({ out: home.data, people, months });
      measures.push({ what: 'simulate', value: sim.seconds, unit: 's' });
      const ingest = await seconds(async () => {
        for (const feed of new Set(sim.files.map((file) => file.feed))) {
          await ingestFiles(home, feed, sim.files.filter((file) => file.feed === feed).map(({ path }) => path), { clock: systemClock });
        }
      });
      measures.push({ what: 'ingest', value: ingest, unit: 's' });
      const options = { clock: systemClock, progress: silentProgress, classification: classificationFor(undefined), derived: derivedTables };
      const started = performance.now();
      const { manifest } = await buildSnapshot(home, options);
      const events = manifest.tables.identified.event?.rows ?? 0;
      measures.push(
        { what: 'build', value: (performance.now() - started) / 1000, unit: 's' },
        { what: 'load and build', value: ingest + (performance.now() - started) / 1000, unit: 's', limit: 480 },
        { what: 'peak memory', value: process.resourceUsage().maxRSS / 1024 ** 2, unit: 'GB', limit: 8 },
        { what: 'events', value: events, unit: 'rows' },
      );
    } finally {
      if (!process.env.BENCH_HOME && existsSync(dir)) rmSync(dir, { recursive: true, force: true });
    }
    return measures;
  },
};
