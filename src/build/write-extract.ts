// Writes an extract: CSV and Parquet of each table, a note to its reader and a manifest, made aside in a hidden folder, put on the disk and given its
// name whole. Nothing has that name before `beforeGiven` has let it: the audit says so first. What a killed extract left aside goes when the next
// extract, build or server begins.

import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { asProblem, Problem, type Progress } from '../core/index.ts';
import { clearLeftovers, findCurrentManifest, openHomeDuck, openWorkFolder, pseudonymKey, sha256Of, snapshotFolder, syncFolder, writeWhole, type Duck, type Home, type Manifest } from '../store/index.ts';
import type { Classification } from './build.ts';
import type { ExtractTable } from './extract-columns.ts';
import type { ExtractManifest, ExtractTerms } from './extract-manifest.ts';
import { extractNote } from './extract-note.ts';
import { countRowsSql, extractSources, extractSql, heldSql, prepareExtractSql, writeCsvSql, writeParquetSql } from './extract.sql.ts';
import type { ExtractPlan } from './plan-extract.ts';
import { setBlocksSql } from './purpose-pseudonym.sql.ts';
import { pseudonymBlocks, purposeKey } from './purpose-pseudonym.ts';

export interface WrittenExtract {
  manifest: ExtractManifest;
  /** Of manifest.json: it holds the hash of every table. */
  sha256: string;
}

export interface ExtractOptions {
  plan: ExtractPlan;
  terms: ExtractTerms;
  classification: Classification;
  /** The folder to make. */
  out: string;
  progress: Progress;
  /** Told before the extract is put in its place; where it rejects, nothing is given. */
  beforeGiven(written: WrittenExtract): Promise<void>;
}

/** Refuses a place that is taken or in the home, before any work. */
export function checkExtractPlace(home: Home, out: string): void {
  const place = resolve(out);
  if (existsSync(place) && (!statSync(place).isDirectory() || readdirSync(place).length > 0)) throw new Problem('usage', { what: 'There is something here already', where: place, todo: 'Name a folder that does not exist yet.' });
  if (!relative(home.dir, place).startsWith('..')) throw new Problem('usage', { what: 'An extract cannot lie inside the home', where: place, todo: 'Choose a folder elsewhere.' });
}

/** @throws Problem where there is no snapshot, the place is taken or the disk is full; nothing is left there then */
export async function writeExtract(home: Home, options: ExtractOptions): Promise<WrittenExtract> {
  checkExtractPlace(home, options.out);
  const snapshot = findCurrentManifest(home);
  if (!snapshot) throw new Problem('notFound', { what: 'There is no snapshot yet', where: home.lake, todo: 'Load files with "npx headwater ingest", then run "npx headwater build".' });
  const place = resolve(options.out);
  clearLeftovers(home);
  const work = openWorkFolder(home, 'extract');
  try {
    const aside = work.beside(dirname(place));
    mkdirSync(aside, { recursive: true, mode: 0o700 });
    const written = await writeInto(home, snapshot, { folder: aside, spill: join(work.path, 'spill') }, options);
    for (const path of [...readdirSync(aside).map((name) => join(aside, name)), aside]) syncFolder(path);
    await options.beforeGiven(written);
    renameSync(aside, place);
    syncFolder(dirname(place));
    return written;
  } catch (error) {
    throw asProblem(error, place);
  } finally {
    work.clear();
  }
}

async function writeInto(home: Home, snapshot: Manifest, { folder, spill }: { folder: string; spill: string }, { plan, terms, classification, progress }: ExtractOptions): Promise<WrittenExtract> {
  const duck = await openHomeDuck(home, { tempDirectory: spill });
  try {
    for (const name of extractSources) await duck.run(heldSql(name, join(snapshotFolder(home, snapshot.id), 'identified', `${name}.parquet`)));
    const { inner, outer } = pseudonymBlocks(purposeKey(pseudonymKey(home), terms.purpose.code));
    await duck.run(setBlocksSql[0], { inner });
    await duck.run(setBlocksSql[1], { outer });
    progress.stage('Making the extract');
    for (const statement of prepareExtractSql(plan, classification)) await duck.run(statement);
    const tables = await writeTables(duck, folder, plan, classification.demandSql);
    progress.done();
    const manifest: ExtractManifest = {
      kind: 'headwater-extract', partnership: home.settings.partnership, simulated: home.settings.simulated, ...terms, clauses: plan.clauses,
      snapshot: { id: snapshot.id, builtAt: snapshot.builtAt, dataTo: snapshot.dataTo }, fields: plan.fields, tables,
    };
    writeWhole(join(folder, 'README.md'), extractNote(manifest));
    const text = `${JSON.stringify(manifest, null, 2)}\n`;
    writeWhole(join(folder, 'manifest.json'), text);
    return { manifest, sha256: createHash('sha256').update(text).digest('hex') };
  } finally {
    duck.close();
  }
}

async function writeTables(duck: Duck, folder: string, plan: ExtractPlan, demandSql: string): Promise<ExtractManifest['tables']> {
  const written: ExtractManifest['tables'] = [];
  for (const [name, columns] of Object.entries(plan.tables) as [ExtractTable, NonNullable<ExtractPlan['tables'][ExtractTable]>][]) {
    const parquet = join(folder, `${name}.parquet`);
    const csv = join(folder, `${name}.csv`);
    await duck.run(writeParquetSql(extractSql(name, columns, demandSql), parquet));
    await duck.run(writeCsvSql(parquet, csv, columns));
    const { n } = await duck.one<{ n: number }>(countRowsSql(parquet));
    const files = [];
    for (const path of [csv, parquet]) {
      chmodSync(path, 0o600);
      files.push({ name: basename(path), bytes: statSync(path).size, sha256: await sha256Of(path) });
    }
    written.push({ name, rows: n, columns: columns.map((column) => column.name), files });
  }
  return written;
}
