// A build: from every loaded file to one complete new snapshot, and then the pointer is moved. The same files, packs and
// code give the same snapshot, so a second build finds it there, and a forced one stands beside it. A crash at any point leaves the last snapshot served.

import { createHash } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { asProblem, Problem, type Clock, type DerivedTable, type Progress } from '../core/index.ts';
import { holdsMarkedLoads, listLoads, standardise, type Load } from '../ingest/index.ts';
import { readReviewFile, type ReviewFile } from '../linkage/index.ts';
import {
  clearLeftovers,
  findCurrentManifest,
  isBuildOf,
  listPacks,
  makeFolder,
  newSnapshotId,
  openHomeDuck,
  openSnapshotWriter,
  packHash,
  pointAt,
  pseudonymKey,
  takeLock,
  tidySnapshots,
  type Duck,
  type Home,
  type Manifest,
} from '../store/index.ts';
import { runTasks, type BuildTask } from './build-tasks.ts';
import { codeVersion, type CodeVersion } from './code-version.ts';
import { linkPeople, type LinkageSummary } from './link-people.ts';
import { locatePlaces } from './locate.ts';
import { householdSql, lastDaySql, linkedSql, personSql, postcodeAreaSql, rowsSql } from './people.sql.ts';
import { setKeySql } from './pseudonymise.sql.ts';
import { snapshotTasks, tablesOfSnapshot } from './snapshot-tables.ts';

/** How events become demand: made by the questions, so that a build and a page cannot disagree. */
export interface Classification {
  /** A relation with the columns category, demand and harm_days. */
  relationSql: string;
  /** An expression over the aliases e (event) and c (that relation) that gives the type of demand. */
  demandSql: string;
}

export interface BuildOptions {
  clock: Clock;
  progress: Progress;
  classification: Classification;
  derived: readonly DerivedTable[];
  /** Build although the same snapshot is there. */
  force?: boolean;
}

export interface BuildResult {
  manifest: Manifest;
  /** The same snapshot was there already. */
  reused: boolean;
}

/** Builds a snapshot from all loads and serves it. Throws a Problem where another build runs or the disk is full. */
export async function buildSnapshot(home: Home, options: BuildOptions): Promise<BuildResult> {
  const release = takeLock(join(home.dir, 'locks'), 'build');
  const database = join(home.temp, 'build');
  try {
    clearLeftovers(home);
    tidySnapshots(home);
    const loads = listLoads(home);
    if (loads.length === 0) {
      throw new Problem('notFound', { what: 'No files have been loaded', where: home.loads, todo: 'Load some with "npx headwater ingest FEED FILE…", then build.' });
    }
    const code = codeVersion();
    const packs = packHashes(home);
    const review = readReviewFile(home);
    const hash = inputsHash(home, loads, packs, code, review);
    const current = findCurrentManifest(home);
    // An older snapshot of the same files is made again, since people's keys go on from the one that is served.
    if (current && !options.force && isBuildOf(current.id, hash)) return { manifest: current, reused: true };
    const id = newSnapshotId(home, hash);
    rmSync(database, { recursive: true, force: true });
    makeFolder(database);
    const manifest = await buildInto(home, database, { loads, code, packs, review, id }, options);
    pointAt(home, id);
    tidySnapshots(home, { unwanted: holdsMarkedLoads(home) });
    return { manifest, reused: false };
  } catch (error) {
    throw asProblem(error, home.dir);
  } finally {
    rmSync(database, { recursive: true, force: true });
    release();
  }
}

interface Inputs {
  loads: Load[];
  code: CodeVersion;
  packs: Record<string, string>;
  /** What reviewers settled and began about pairs of records. */
  review: ReviewFile;
  id: string;
}

async function buildInto(home: Home, folder: string, inputs: Inputs, options: BuildOptions): Promise<Manifest> {
  const { progress, clock } = options;
  const started = performance.now();
  const writer = openSnapshotWriter(home);
  const duck = await openHomeDuck(home, {
    path: join(folder, 'build.duckdb'),
    tempDirectory: join(folder, 'spill'),
    throwAway: true,
  });
  try {
    const plainFolder = join(folder, 'plain');
    makeFolder(plainFolder);
    await standardise(home, duck, { progress, plainFolder });
    rmSync(plainFolder, { recursive: true, force: true });
    progress.stage('Finding places');
    await locatePlaces(duck);
    await duck.run(postcodeAreaSql);
    progress.done();
    await duck.run(`CREATE TABLE classification AS ${options.classification.relationSql}; CREATE SCHEMA open`);
    const key = pseudonymKey(home);
    const tables = { writer, demandSql: options.classification.demandSql, derived: options.derived };
    let linkage: LinkageSummary | undefined;
    const tasks: BuildTask[] = [
      { name: 'linkage', needs: [], run: async (own) => {
        linkage = await linkPeople(home, own, progress, { id: inputs.id, at: new Date(clock.now()).toISOString(), ...inputs.review });
        progress.stage('Writing the snapshot', tasks.length);
      } },
      { name: 'people', needs: ['linkage'], run: makePeople },
      ...snapshotTasks(tables),
    ];
    const { rows } = await duck.one<{ rows: number }>(rowsSql);
    await runTasks(duck, tasks, { atOnce: hasRoomForTwo(rows, home.settings.memoryLimit) ? 2 : 1, prepare: (own) => own.run(setKeySql, { key }), onDone: (done) => linkage && progress.at(done) });
    const { last } = await duck.one<{ last: string | null }>(lastDaySql, { now: new Date(clock.now()).toISOString() });
    const names = tablesOfSnapshot(tables);
    const manifest = writer.finish(names, (entries) => describe(home, inputs, entries, { linkage: linkage!, dataTo: last, builtAt: new Date(clock.now()).toISOString(), seconds: (performance.now() - started) / 1000 }));
    progress.done(`${names.length} tables`);
    return manifest;
  } finally {
    writer.discard();
    duck.close();
  }
}

/** What a row may take while it is sorted and joined, generously: a large force's tables beside linkage used up five gigabytes. */
const bytesOfRow = 1024;

/** Whether two tasks can run beside each other without one of them wanting for memory, of which a home's settings say such as "2GB". */
export const hasRoomForTwo = (rows: number, memoryLimit: Home['settings']['memoryLimit']): boolean => rows * bytesOfRow < Number.parseInt(memoryLimit, 10) * (memoryLimit.endsWith('GB') ? 1e9 : 1e6);

async function makePeople(duck: Duck): Promise<void> {
  await duck.run(linkedSql);
  await duck.run(personSql());
  await duck.run(householdSql);
}

interface Built {
  linkage: LinkageSummary;
  dataTo: string | null;
  builtAt: string;
  seconds: number;
}

function describe(home: Home, inputs: Inputs, tables: Manifest['tables'], built: Built): Manifest {
  return {
    id: inputs.id,
    builtAt: built.builtAt,
    partnership: home.settings.partnership,
    code: inputs.code,
    packs: inputs.packs,
    inputs: inputs.loads.map(({ feed, load, file, sha256, rows, accepted }) => ({ feed, load, file, sha256, rows, accepted })),
    dataTo: built.dataTo,
    tables,
    linkage: { ...built.linkage },
    seconds: Math.round(built.seconds * 10) / 10,
  };
}

function packHashes(home: Home): Record<string, string> {
  const names = [...listPacks(home.packs, '.'), ...listPacks(home.packs, 'feeds')];
  return Object.fromEntries(names.map((name) => [name.replace(/^\.\//, ''), packHash(home.packs, name)]));
}

function inputsHash(home: Home, loads: Load[], packs: Record<string, string>, code: CodeVersion, review: ReviewFile): string {
  const truth = join(home.data, 'truth', 'identity.csv');
  const parts = {
    loads: loads.map(({ feed, load, sha256 }) => [feed, load, sha256]),
    packs,
    code,
    key: createHash('sha256').update(pseudonymKey(home)).digest('hex'),
    truth: existsSync(truth),
    ...(review.decisions.length + review.open.length > 0 ? { review } : {}),
    ...(home.settings.linkage?.threshold === undefined ? {} : { threshold: home.settings.linkage.threshold }),
  };
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}
