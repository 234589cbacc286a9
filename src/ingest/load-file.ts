// One file into one load folder: landed as it came, read, typed, sorted into accepted, quarantined and repeated, and renamed into place.

import { chmodSync, closeSync, constants, copyFileSync, fsyncSync, mkdirSync, mkdtempSync, openSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Problem, type Clock } from '../core/index.ts';
import { homeKeys, sealInPlace, type Duck, type Home } from '../store/index.ts';
import type { Contract } from './contract.schema.ts';
import { listMarkedLoads } from './destroyed-load.ts';
import { writeGeojsonCopy } from './geojson-copy.ts';
import { asLoadProblem } from './load-problem.ts';
import { incomingPrefix, nextLoadName, type Load } from './load-record.ts';
import { isMendedFile } from './mended-file.ts';
import { scanLanding, type Scan } from './scan-landing.ts';
import type { CsvSource } from './source-file.ts';
import { addMalformed, clearMalformed, stageRows, stopStaging, writeStaged, type StageCounts, type StageSource } from './row-stage.store.ts';
import { csvSourceSql, leastLimit, type CsvShape } from './stage-rows.sql.ts';
import { writeStrictCopy, type MalformedRow } from './strict-copy.ts';

export interface LoadOptions {
  home: Home;
  contract: Contract;
  duck: Duck;
  clock: Clock;
  /** Loads of this feed so far; grows with each. */
  loads: Load[];
  engine: string;
  /** Load a file also where it was destroyed on purpose. */
  again: boolean;
}

export interface LoadedFile {
  rows: number;
  accepted: number;
  quarantined: number;
  repeated: number;
  /** Lines without anything in any cell; they are no rows. */
  blank: number;
}

interface Reading {
  staged: StageSource;
  reader: Load['reader'];
  malformed: number;
  windows1252Rows: number;
  /** Lines that the careful reader left out, since nothing was in them. */
  blank: number;
}

/** A file that is landed and staged, and not yet sorted against what is held. */
export interface StagedFile {
  source: CsvSource;
  folder: string;
  landing: string;
  scan: Scan;
  reading: Reading;
  /** The load that holds this very file. */
  seen?: Load;
  duck: Duck;
  seconds: number;
}

/** Lands and stages one file whose headings have been read. On failure nothing of it is left. */
export async function stageFile(options: LoadOptions, source: CsvSource): Promise<StagedFile> {
  const started = performance.now();
  const feedDir = join(options.home.loads, options.contract.feed);
  mkdirSync(feedDir, { recursive: true, mode: 0o700 });
  const folder = mkdtempSync(join(feedDir, `${incomingPrefix}${process.pid}-`));
  try {
    const landing = `landing.${options.contract.format === 'geojson' ? 'geojson' : 'csv'}${source.gzip ? '.gz' : ''}`;
    const landed: CsvSource = { ...source, path: join(folder, landing) };
    copyFileSync(source.path, landed.path, constants.COPYFILE_FICLONE);
    chmodSync(landed.path, 0o600);
    const read = await readLanding(options, landed, folder);
    return { source, folder, landing, ...read, duck: options.duck, seconds: (performance.now() - started) / 1000 };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw asLoadProblem(error, source.name);
  }
}

export function dropStaged(staged: StagedFile): void {
  rmSync(staged.folder, { recursive: true, force: true });
}

/** Sorts a staged file against what is held, writes it and gives its folder its name. Returns the counts; pushes the new load to `loads`. */
export async function keepFile(options: LoadOptions, staged: StagedFile): Promise<LoadedFile> {
  const { loads, clock } = options;
  const { source, folder, landing, scan, reading } = staged;
  const started = performance.now();
  try {
    const seen = staged.seen ?? findSame(loads, scan);
    if (seen) return { rows: seen.rows, accepted: 0, quarantined: 0, repeated: seen.rows, blank: seen.blank };
    const written = await writeStaged(staged.duck, reading.staged, folder, isMendedFile(source.headings) ? loads : undefined);
    const counts = { ...written, blank: written.blank + reading.blank };
    rmSync(join(folder, 'copy.csv'), { force: true });
    const seconds = staged.seconds + (performance.now() - started) / 1000;
    const load = describeLoad({ options, source, scan, reading, counts, landing, seconds, loadedAt: new Date(clock.now()).toISOString() });
    writeFileSync(join(folder, 'load.json'), `${JSON.stringify({ ...load, folder: undefined }, undefined, 2)}\n`, { mode: 0o600 });
    placeFolder(options.home, folder, load.folder);
    loads.push(load);
    return counts;
  } catch (error) {
    throw asLoadProblem(error, source.name);
  } finally {
    dropStaged(staged);
  }
}

function findSame(loads: readonly Load[], scan: Scan): Load | undefined {
  return loads.find((load) => load.kind === 'file' && load.sha256 === scan.sha256);
}

/** Stages the landed file's rows: directly while its hash is taken, or, where it is not clean, by way of a careful copy. */
async function readLanding(options: LoadOptions, landed: CsvSource, folder: string): Promise<{ scan: Scan; reading: Reading; seen?: Load }> {
  const { duck, contract, loads } = options;
  const shape: CsvShape = { delimiter: landed.delimiter, columns: landed.matched.columns, numbered: false, long: false, spaces: false };
  const staged: StageSource = { contract, shape, source: csvSourceSql(landed.path, shape), expected: landed.bytes / (landed.gzip ? 20 : 100) };
  const direct = contract.format === 'csv' && !landed.bom && !isMendedFile(landed.headings);
  const read = () => stageRows(duck, staged).catch(() => undefined);
  await clearMalformed(duck);
  // A load of the same size may be the same file: then look before reading.
  let eager = direct && !loads.some((load) => load.bytes === landed.bytes) ? read() : undefined;
  // What is written of a file that swells would fill the disk before the scan has its end: from then on the scan, which writes nothing, goes alone.
  const stop = async (): Promise<void> => {
    const reading = eager;
    eager = undefined;
    if (reading) await stopStaging(duck, reading);
  };
  let stopped: Promise<void> | undefined;
  const scan = await scanLanding(landed, () => void (stopped = stop())).catch(async (error: unknown) => {
    await stop();
    throw error;
  }).finally(() => stopped ?? eager);
  const fast: Reading = { staged, reader: 'fast', malformed: 0, windows1252Rows: 0, blank: 0 };
  const seen = findSame(loads, scan);
  if (seen) return { scan, reading: fast, seen };
  if (!options.again) refuseDestroyed(options, scan, landed.name);
  const clean = direct && scan.utf8 && !scan.nul && !scan.oddQuotes && scan.newline !== 'mixed' && scan.newline !== 'cr';
  const long = scan.longest > leastLimit(contract);
  const { spaces } = scan;
  if (long || spaces) staged.shape = { ...staged.shape, long, spaces };
  const rows = clean ? await (long || spaces ? read() : (eager ?? read())) : undefined;
  // Every physical line one record: then a record's place is its line number.
  if (rows !== undefined && rows + 1 === scan.lines) return { scan, reading: fast };
  return { scan, reading: await readByCopy(options, landed, join(folder, 'copy.csv'), spaces) };
}

function refuseDestroyed({ home, contract }: LoadOptions, { sha256 }: Scan, name: string): void {
  const destroyed = listMarkedLoads(home, contract.feed).find((load) => load.sha256 === sha256);
  if (destroyed) throw new Problem('badInput', { what: `This very file was loaded as ${destroyed.load}, and destroyed when its schedule had run out`, where: name, todo: 'Leave it out. Where it is needed again, load it with --again: it becomes a new load, which comes due by the same schedule.' });
}

async function readByCopy({ duck, contract }: LoadOptions, landed: CsvSource, copy: string, spaces: boolean): Promise<Reading> {
  const malformed: MalformedRow[] = [];
  const flush = () => addMalformed(duck, malformed.splice(0));
  const set = (row: MalformedRow) => void malformed.push(row);
  const copied = contract.format === 'geojson' ? writeGeojsonCopy(landed, copy, set) : await writeStrictCopy(landed, copy, set, flush);
  await flush();
  const shape: CsvShape = { delimiter: ',', columns: landed.matched.columns, numbered: true, long: true, spaces: spaces || copied.windows1252Rows > 0 };
  const staged: StageSource = { contract, shape, source: csvSourceSql(copy, shape), expected: copied.rows };
  const rows = await stageRows(duck, staged);
  if (rows !== copied.rows) throw new Error(`The careful copy of ${landed.name} has ${copied.rows} rows and ${rows} were read`);
  return { staged, reader: 'strict', malformed: copied.malformed, windows1252Rows: copied.windows1252Rows, blank: copied.blank };
}

interface Described {
  options: LoadOptions;
  source: CsvSource;
  scan: Scan;
  reading: Reading;
  counts: StageCounts;
  landing: string;
  seconds: number;
  loadedAt: string;
}

function describeLoad({ options, source, scan, reading, counts, landing, seconds, loadedAt }: Described): Load {
  const { contract, loads, home } = options;
  const { sequence, name } = nextLoadName(home, contract.feed, loads, scan.sha256);
  return {
    load: `${contract.feed}/${name}`,
    kind: 'file',
    feed: contract.feed,
    sequence,
    file: basename(source.name),
    sha256: scan.sha256,
    bytes: source.bytes,
    landing,
    compression: source.gzip ? 'gzip' : 'none',
    encoding: reading.windows1252Rows > 0 ? 'windows-1252 in part' : 'utf-8',
    byteOrderMark: source.bom,
    newline: scan.newline,
    delimiter: source.delimiter,
    reader: reading.reader,
    headings: source.headings,
    ignoredColumns: source.matched.ignored,
    missingColumns: source.matched.missing,
    ...counts,
    contract: { sha256: contract.packSha256 },
    engine: options.engine,
    loadedAt,
    seconds: Math.round(seconds * 1000) / 1000,
    folder: join(home.loads, contract.feed, name),
  };
}

/** Encrypts the folder's files where the home has a key, makes them durable, and then gives the folder its name. */
export function placeFolder(home: Home, folder: string, target: string): void {
  const key = homeKeys(home)?.current;
  if (key) for (const file of readdirSync(folder)) if (file !== 'load.json') sealInPlace(join(folder, file), key);
  for (const file of readdirSync(folder)) syncPath(join(folder, file));
  syncPath(folder);
  renameSync(folder, target);
  syncPath(join(target, '..'));
}

function syncPath(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } catch (error) {
    // Some file systems do not sync folders.
    if (!['EINVAL', 'EPERM', 'EISDIR', 'EBADF'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  } finally {
    closeSync(descriptor);
  }
}

