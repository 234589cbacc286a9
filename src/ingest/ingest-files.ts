// Loads files of one feed into a home. All headings are checked before anything is written; then each file becomes one load, whole or not at all.

import { mkdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Problem, silentProgress, type Clock, type Progress } from '../core/index.ts';
import { openHomeDuck, withLock, type Duck, type Home } from '../store/index.ts';
import { getFeed } from './contract.ts';
import type { Contract } from './contract.schema.ts';
import { inspectGeojson } from './geojson-copy.ts';
import { dropStaged, keepFile, stageFile, type LoadedFile, type LoadOptions, type StagedFile } from './load-file.ts';
import { asLoadProblem } from './load-problem.ts';
import { loadNotes } from './load-notes.ts';
import { listLoads, removeLeftovers } from './load-record.ts';
import { holdLoads } from './row-stage.store.ts';
import { inspectCsv, type CsvSource } from './source-file.ts';

export interface IngestOptions {
  clock: Clock;
  progress?: Progress;
  /** Told of each load once it is kept, also of those before a file that fails. */
  onLoad?: (load: string) => void;
  /** Load files also that were destroyed on purpose; they are refused where absent. */
  again?: boolean | undefined;
}

/** Each row is exactly one of accepted, quarantined and repeated: rows = accepted + quarantined + repeated. */
export interface IngestCounts {
  feed: string;
  files: number;
  rows: number;
  accepted: number;
  quarantined: number;
  repeated: number;
  /** Lines without anything in any cell. They are no rows and are in none of the counts above. */
  blank: number;
  /** What else to know of the files, a sentence each: columns that were not there or were left out, blank lines. */
  notes: string[];
  seconds: number;
}

export async function ingestFiles(home: Home, feed: string, files: string[], options: IngestOptions): Promise<IngestCounts> {
  const contract = getFeed(home.packs, feed);
  if (files.length === 0) throw new Problem('usage', { what: 'No files to load', todo: 'Name at least one file.' });
  const started = performance.now();
  const sources = files.map((file) => inspectFile(file, contract));
  const progress = options.progress ?? silentProgress;
  return withLoads(home, async (duck) => {
    const loads = listLoads(home, feed);
    const held = loads.length;
    const engine = await holdLoads(duck, contract, loads);
    const second = await duck.fork();
    const lanes = [duck, second].map((lane): LoadOptions => ({ home, contract, duck: lane, clock: options.clock, loads, engine, again: options.again === true }));
    progress.stage(`Load ${contract.title}`, sources.length);
    const total = await loadInTurn(lanes, sources, (done) => progress.at(done)).finally(() => {
      second.close();
      for (const { load } of loads.slice(held)) options.onLoad?.(load);
    });
    progress.done(`${total.rows.toLocaleString('en-GB')} rows`);
    return { feed, files: files.length, ...total, notes: loadNotes(sources, total.blank), seconds: Math.round(performance.now() - started) / 1000 };
  });
}

/** Larger files are not read ahead, so that two of them are never in memory at once. */
const largestAhead = 64_000_000;

/** Loads files one after another; while one is sorted and written, the next is read on the other lane. */
async function loadInTurn(lanes: LoadOptions[], sources: CsvSource[], onDone: (done: number) => void): Promise<LoadedFile> {
  const total: LoadedFile = { rows: 0, accepted: 0, quarantined: 0, repeated: 0, blank: 0 };
  const stage = (i: number) => {
    const staged = stageFile(lanes[i % lanes.length]!, sources[i]!);
    // Its failure is met in its turn.
    staged.catch(() => undefined);
    return staged;
  };
  let ahead: Promise<StagedFile> | undefined;
  try {
    for (const [i, source] of sources.entries()) {
      const staged = await (ahead ?? stage(i));
      const next = sources[i + 1];
      ahead = next && unpackedBytes(source) + unpackedBytes(next) < largestAhead ? stage(i + 1) : undefined;
      const counts = await keepFile(lanes[0]!, staged);
      for (const key of ['rows', 'accepted', 'quarantined', 'repeated', 'blank'] as const) total[key] += counts[key];
      onDone(i + 1);
    }
    return total;
  } catch (error) {
    await ahead?.then(dropStaged, () => undefined);
    throw error;
  }
}

const unpackedBytes = (source: CsvSource) => source.bytes * (source.gzip ? 8 : 1);

/** Runs with the home's loads locked, leftovers cleared and a query engine of its own. */
export async function withLoads<T>(home: Home, run: (duck: Duck) => Promise<T>): Promise<T> {
  return withLock(home, 'loads', async () => {
    const spill = join(home.temp, 'ingest');
    let duck: Duck | undefined;
    try {
      removeLeftovers(home);
      rmSync(spill, { recursive: true, force: true });
      mkdirSync(spill, { recursive: true, mode: 0o700 });
      duck = await openHomeDuck(home, { tempDirectory: spill });
      return await run(duck);
    } catch (error) {
      throw asLoadProblem(error, home.dir);
    } finally {
      duck?.close();
      rmSync(spill, { recursive: true, force: true });
    }
  });
}

function inspectFile(path: string, contract: Contract): CsvSource {
  if (contract.format === 'geojson') return inspectGeojson(path, contract);
  const source = inspectCsv(path, contract);
  return { ...source, name: basename(path) };
}
