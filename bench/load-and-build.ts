// Simulates a partnership into a home, loads every feed and builds: the stages' seconds, for benchmarks. The home is encrypted, as `headwater init` makes it.

import { buildSnapshot } from '../src/build/index.ts';
import { silentProgress, systemClock } from '../src/core/index.ts';
import { ingestFiles } from '../src/ingest/index.ts';
import { simulate } from '../src/simulate/index.ts';
import { homeKeys, keyFileOf, makeFolder, makeKeyFile, type Home } from '../src/store/index.ts';
import { classificationFor, derivedTables } from '../src/understand/index.ts';
import { seconds } from './benchmark.ts';

export async function loadAndBuild(home: Home, size: { people: number; months: number }): Promise<{ simulate: number; ingest: number; build: number; events: number }> {
  if (!homeKeys(home)) {
    makeFolder(home.keys);
    makeKeyFile(keyFileOf(home));
  }
  const sim = await simulate({ out: home.data, ...size });
  const ingest = await seconds(async () => {
    for (const feed of new Set(sim.files.map((file) => file.feed))) {
      await ingestFiles(home, feed, sim.files.filter((file) => file.feed === feed).map(({ path }) => path), { clock: systemClock });
    }
  });
  const started = performance.now();
  const { manifest } = await buildSnapshot(home, { clock: systemClock, progress: silentProgress, classification: classificationFor(undefined), derived: derivedTables });
  return { simulate: sim.seconds, ingest, build: (performance.now() - started) / 1000, events: manifest.tables.identified.event?.rows ?? 0 };
}
