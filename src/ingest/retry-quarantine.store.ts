// Tries quarantined rows again against the contract as it is now. Rows that keep it become a load of their own, with the line
// and file they came from; nothing that an earlier load wrote is changed.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { silentProgress, type Clock } from '../core/index.ts';
import { text, type Duck, type Home } from '../store/index.ts';
import { getFeed } from './contract.ts';
import type { Contract } from './contract.schema.ts';
import { withLoads, type IngestOptions } from './ingest-files.ts';
import { placeFolder } from './load-file.ts';
import { asLoadProblem } from './load-problem.ts';
import { incomingPrefix, listLoads, nextLoadName, type Load } from './load-record.ts';
import { matchHeadings } from './match-headings.ts';
import { openQuarantineSql } from './quarantine.sql.ts';
import { clearMalformed, holdLoads, quarantinedFiles, releasedFiles, stageRows, writeReleased, writeStaged } from './row-stage.store.ts';
import { isSound, type CsvShape } from './stage-rows.sql.ts';

export interface RetryCounts {
  /** Rows tried. */
  rows: number;
  accepted: number;
  /** Held already, so not held twice. */
  repeated: number;
  /** Rows that stay in quarantine. */
  quarantined: number;
}

export async function retryQuarantine(home: Home, feed: string | undefined, options: IngestOptions): Promise<RetryCounts> {
  const progress = options.progress ?? silentProgress;
  const feeds = feed === undefined ? [...new Set(listLoads(home).map((load) => load.feed))] : [feed];
  const contracts = feeds.map((name) => getFeed(home.packs, name));
  const total: RetryCounts = { rows: 0, accepted: 0, repeated: 0, quarantined: 0 };
  progress.stage('Trying quarantined rows again', contracts.length);
  await withLoads(home, async (duck) => {
    for (const [i, contract] of contracts.entries()) {
      const counts = await retryFeed(home, duck, contract, options);
      for (const key of ['rows', 'accepted', 'repeated', 'quarantined'] as const) total[key] += counts[key];
      progress.at(i + 1);
    }
  });
  progress.done(`${total.accepted.toLocaleString('en-GB')} rows accepted`);
  return total;
}

async function retryFeed(home: Home, duck: Duck, contract: Contract, { clock, onLoad }: IngestOptions): Promise<RetryCounts> {
  const total: RetryCounts = { rows: 0, accepted: 0, repeated: 0, quarantined: 0 };
  const loads = listLoads(home, contract.feed);
  const quarantined = quarantinedFiles(loads);
  if (quarantined.length === 0) return total;
  await duck.run(`CREATE OR REPLACE TEMP TABLE open AS ${openQuarantineSql(quarantined, releasedFiles(loads))}`);
  for (const load of loads.slice()) {
    const [state] = await duck.rows<{ n: number; split: number }>(`SELECT count(*) AS n, count(column_name) AS split FROM open WHERE load_id = $load`, { load: load.load });
    if (!state || state.n === 0) continue;
    const counts = state.split > 0 ? await retryLoad({ home, duck, contract, clock, onLoad, loads, load }) : { accepted: 0, repeated: 0 };
    total.rows += state.n;
    total.accepted += counts.accepted;
    total.repeated += counts.repeated;
    total.quarantined += state.n - counts.accepted - counts.repeated;
  }
  return total;
}

interface Retry {
  home: Home;
  duck: Duck;
  contract: Contract;
  clock: Clock;
  onLoad: IngestOptions['onLoad'];
  loads: Load[];
  load: Load;
}

async function retryLoad({ home, duck, contract, clock, onLoad, loads, load }: Retry): Promise<{ accepted: number; repeated: number }> {
  const started = performance.now();
  const matched = matchHeadings(contract, load.headings, load.file);
  const shape: CsvShape = { delimiter: ',', columns: matched.columns, numbered: true, long: true, spaces: true };
  const cells = matched.columns.map((_, i) => `raw[${i + 1}] AS c${i}`).join(', ');
  const source = `(SELECT line, ${cells} FROM open WHERE load_id = ${text(load.load)} AND column_name IS NOT NULL) AS held_rows`;
  const engine = await holdLoads(duck, contract, loads);
  // What is tried again is not "held in quarantine already".
  await duck.run('DELETE FROM held_faulty');
  await clearMalformed(duck);
  const folder = mkdtempSync(join(home.loads, contract.feed, `${incomingPrefix}${process.pid}-`));
  try {
    const from = { contract, shape, source, expected: load.quarantined };
    await stageRows(duck, from);
    const counts = await writeStaged(duck, from, folder);
    rmSync(join(folder, 'quarantined.parquet'), { force: true });
    const released = await writeReleased(duck, `SELECT ${text(load.load)} AS load_id, line FROM lined WHERE ${isSound}`, folder);
    if (released === 0) return { accepted: 0, repeated: 0 };
    const { sequence, name } = nextLoadName(home, contract.feed, loads, load.sha256);
    const retried: Load = {
      ...load,
      load: `${contract.feed}/${name}`,
      kind: 'retry',
      sequence,
      landing: undefined,
      rows: released,
      accepted: counts.accepted,
      quarantined: 0,
      repeated: released - counts.accepted,
      superseded: counts.superseded,
      blank: 0,
      released,
      retryOf: load.retryOf ?? load.load,
      contract: { sha256: contract.packSha256 },
      engine,
      loadedAt: new Date(clock.now()).toISOString(),
      seconds: Math.round(performance.now() - started) / 1000,
      folder: join(home.loads, contract.feed, name),
    };
    writeFileSync(join(folder, 'load.json'), `${JSON.stringify({ ...retried, folder: undefined }, undefined, 2)}\n`, { mode: 0o600 });
    placeFolder(home, folder, retried.folder);
    loads.push(retried);
    onLoad?.(retried.load);
    return { accepted: counts.accepted, repeated: released - counts.accepted };
  } catch (error) {
    throw asLoadProblem(error, load.file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
