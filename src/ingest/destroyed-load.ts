// Loads that were destroyed on purpose. Each leaves a mark beside where its folder was, with its id and the SHA-256 of its file, so that no build reads
// it from that moment, no later load takes its number, and the same file is not loaded again by mistake. The mark is there before the certificate is,
// and the folder goes after it: what was cut off between is settled by which loads have a certificate.

import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { Problem } from '../core/index.ts';
import { syncFolder, takeLock, writeNewFile, type Home, type Manifest } from '../store/index.ts';

const markSchema = z.object({ load: z.string().regex(/^[a-z0-9-]+\/\d{6}-[0-9a-f]{12}$/), sha256: z.string() });

/** A load by its id, FEED/NNNNNN-SHA12, and the SHA-256 of its file. */
export type MarkedLoad = z.infer<typeof markSchema>;

const markName = /^\.destroyed-\d{6}-[0-9a-f]{12}\.json$/;

const partsOf = (load: string): [feed: string, name: string] => markSchema.shape.load.parse(load).split('/') as [string, string];
const folderOf = (home: Home, load: string): string => join(home.loads, ...partsOf(load));
const asideOf = (home: Home, load: string): string => join(home.loads, partsOf(load)[0], `.incoming-removed-${partsOf(load)[1]}`);
function markOf(home: Home, load: string): string {
  const [feed, name] = partsOf(load);
  return join(home.loads, feed, `.destroyed-${name}.json`);
}

/** Marked loads of one feed, or of all, in the order of their numbers. */
export function listMarkedLoads(home: Home, feed?: string): MarkedLoad[] {
  const feeds = feed === undefined ? (existsSync(home.loads) ? readdirSync(home.loads, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name).toSorted() : []) : [feed];
  return feeds.flatMap((name) => {
    const dir = join(home.loads, name);
    return existsSync(dir) ? readdirSync(dir).filter((file) => markName.test(file)).toSorted().map((file) => readMark(join(dir, file))) : [];
  });
}

function readMark(path: string): MarkedLoad {
  try {
    return markSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    throw new Problem('storage', { what: 'The mark of a destroyed load cannot be read', where: path, todo: 'Restore it from a backup.', cause: error });
  }
}

/** The folders of a feed that hold a marked load. */
export const markedFolders = (home: Home, feed: string): ReadonlySet<string> =>
  new Set(existsSync(join(home.loads, feed)) ? readdirSync(join(home.loads, feed)).flatMap((file) => (markName.test(file) ? [file.slice('.destroyed-'.length, -'.json'.length)] : [])) : []);

/** Whether a snapshot was made of a load that is marked, by the inputs that its manifest names. */
export function holdsMarkedLoads(home: Home): (manifest: Pick<Manifest, 'inputs'>) => boolean {
  const marked = new Set(listMarkedLoads(home).map(({ load }) => load));
  return ({ inputs }) => inputs.some(({ load }) => marked.has(load));
}

/** Marked loads whose files are still there. */
export const listUnremovedLoads = (home: Home): string[] => listMarkedLoads(home).map(({ load }) => load).filter((load) => existsSync(folderOf(home, load)) || existsSync(asideOf(home, load)));

/** While it is held, nothing is loaded, built or backed up, and no key is changed. Throws a Problem of kind "busy" where something is. */
function holdLoadsStill(home: Home): () => void {
  const held: (() => void)[] = [];
  const release = () => held.toReversed().forEach((give) => give());
  try {
    for (const name of ['loads', 'build']) held.push(takeLock(join(home.dir, 'locks'), name));
  } catch (error) {
    release();
    throw error;
  }
  return release;
}

/** First out of its place, so that a crash on the way leaves no half of it there. */
function removeFolder(home: Home, load: string): void {
  const [folder, aside] = [folderOf(home, load), asideOf(home, load)];
  if (!existsSync(folder) && !existsSync(aside)) return;
  rmSync(aside, { recursive: true, force: true });
  if (existsSync(folder)) renameSync(folder, aside);
  rmSync(aside, { recursive: true, force: true });
  syncFolder(dirname(folder));
}

function mark(home: Home, { load, sha256 }: MarkedLoad): void {
  const path = markOf(home, load);
  if (!existsSync(path)) writeNewFile(path, `${JSON.stringify({ load, sha256 })}\n`);
}

function removeMark(home: Home, load: string): void {
  rmSync(markOf(home, load), { force: true });
  syncFolder(dirname(folderOf(home, load)));
}

/**
 * Destroys loads: marks them, has `keep` make their certificate, and removes their files where it did. Returns what `keep` returns: whether there is one.
 * Where `keep` throws, nobody knows here whether there is, and the marks stay until the next sweep.
 * @throws Problem of kind "busy" where something is being loaded, built or backed up; nothing has changed then
 */
export async function destroyLoads(home: Home, loads: readonly MarkedLoad[], keep: () => Promise<boolean>): Promise<boolean> {
  const release = holdLoadsStill(home);
  try {
    for (const load of loads) mark(home, load);
    const destroyed = await keep();
    for (const { load } of loads) {
      if (!destroyed) removeMark(home, load);
      else {
        try {
          removeFolder(home, load);
        } catch {
          // Its certificate stands: the next sweep takes it up.
        }
      }
    }
    return destroyed;
  } finally {
    release();
  }
}

/** A load that has a certificate; `at`: when it was made, milliseconds since the epoch. */
export interface CertifiedLoad extends MarkedLoad {
  at: number;
}

/**
 * Finishes what was cut off: removes the files of loads that have a certificate, and gives back those that were marked and have none. A load made after
 * the certificate is another one. Does nothing while something is loaded, built or backed up.
 */
export function sweepDestroyedLoads(home: Home, certified: readonly CertifiedLoad[]): void {
  let release: (() => void) | undefined;
  if (!existsSync(home.loads)) return;
  try {
    release = holdLoadsStill(home);
    const known = new Set(certified.map(({ load }) => load));
    for (const load of listUnremovedLoads(home)) if (!known.has(load)) removeMark(home, load);
    for (const { load, sha256, at } of certified) {
      if (existsSync(folderOf(home, load)) && !(loadedAt(home, load) < at)) continue;
      mark(home, { load, sha256 });
      removeFolder(home, load);
    }
  } catch (error) {
    if (!(error instanceof Problem) || error.kind !== 'busy') throw error;
  } finally {
    release?.();
  }
}

/** NaN where its record cannot be read: then it stays, and whoever lists loads is told of it. */
function loadedAt(home: Home, load: string): number {
  try {
    return Date.parse((JSON.parse(readFileSync(join(folderOf(home, load), 'load.json'), 'utf8')) as { loadedAt: string }).loadedAt);
  } catch {
    return Number.NaN;
  }
}
