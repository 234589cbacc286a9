// What is known of each load: its folder's load.json. Folders appear whole (renamed into place) or not at all.

import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { Problem } from '../core/index.ts';
import type { Home } from '../store/index.ts';
import { listMarkedLoads, markedFolders } from './destroyed-load.ts';

const count = z.number().int().nonnegative();

const loadSchema = z.object({
  /** FEED/NNNNNN-SHA12. */
  load: z.string(),
  /** A file; or rows of earlier loads tried again from quarantine. */
  kind: z.enum(['file', 'retry']),
  feed: z.string(),
  sequence: count,
  file: z.string(),
  sha256: z.string(),
  bytes: count,
  landing: z.string().optional(),
  compression: z.enum(['none', 'gzip']),
  encoding: z.enum(['utf-8', 'windows-1252 in part']),
  byteOrderMark: z.boolean(),
  newline: z.string(),
  delimiter: z.string(),
  /** Read directly by the query engine, or record by record. */
  reader: z.enum(['fast', 'strict']),
  headings: z.array(z.string()),
  ignoredColumns: z.array(z.string()),
  missingColumns: z.array(z.string()),
  rows: count,
  accepted: count,
  quarantined: count,
  repeated: count,
  /** Accepted rows whose key a later row of the same file has with other content. */
  superseded: count,
  /** Lines without anything in any cell; they are no rows. */
  blank: count.default(0),
  /** Rows of earlier loads that this one took out of quarantine. */
  released: count,
  /** The load whose quarantined rows were tried again. */
  retryOf: z.string().optional(),
  contract: z.object({ sha256: z.string() }),
  /** The version of the query engine, whose hash tells whether a row is held. */
  engine: z.string(),
  loadedAt: z.string(),
  seconds: z.number(),
});

export type Load = z.infer<typeof loadSchema> & { folder: string };

/** Folders being written begin with this; they are leftovers where nobody holds the lock. */
export const incomingPrefix = '.incoming-';

/** All loads, or those of one feed, in the order they were made; without those that were destroyed, whether or not their files are gone. */
export function listLoads(home: Home, feed?: string): Load[] {
  const feeds = feed === undefined ? folderNames(home.loads) : [feed];
  return feeds.flatMap((name) => {
    const destroyed = markedFolders(home, name);
    return folderNames(join(home.loads, name))
      .filter((folder) => /^\d{6}-[0-9a-f]{12}$/.test(folder) && !destroyed.has(folder))
      .toSorted()
      .map((folder) => readLoad(join(home.loads, name, folder)));
  });
}

/** What the next load of a feed is called: a number that no load of it has or had, and the start of its file's SHA-256. */
export function nextLoadName(home: Home, feed: string, loads: readonly Load[], sha256: string): { sequence: number; name: string } {
  const destroyed = listMarkedLoads(home, feed).map(({ load }) => Number(load.slice(feed.length + 1, feed.length + 7)));
  const sequence = Math.max(0, loads.at(-1)?.sequence ?? 0, ...destroyed) + 1;
  return { sequence, name: `${String(sequence).padStart(6, '0')}-${sha256.slice(0, 12)}` };
}

/** Takes away what an interrupted run left. Only under the lock. */
export function removeLeftovers(home: Home): void {
  for (const feed of folderNames(home.loads)) {
    for (const folder of folderNames(join(home.loads, feed))) {
      if (folder.startsWith(incomingPrefix)) rmSync(join(home.loads, feed, folder), { recursive: true, force: true });
    }
  }
}

export function acceptedPath(load: Load): string {
  return join(load.folder, 'accepted.parquet');
}

export function quarantinedPath(load: Load): string {
  return join(load.folder, 'quarantined.parquet');
}

/** Which held rows of earlier loads this load took out of quarantine. */
export function releasedPath(load: Load): string {
  return join(load.folder, 'released.parquet');
}

function readLoad(folder: string): Load {
  const path = join(folder, 'load.json');
  try {
    return { ...loadSchema.parse(JSON.parse(readFileSync(path, 'utf8'))), folder };
  } catch (error) {
    throw new Problem('storage', { what: 'The record of a load cannot be read', where: path, todo: 'Restore the folder from a backup, or take it out and load its file again.', cause: error });
  }
}

function folderNames(dir: string): string[] {
  if (!existsSync(dir)) return [];
  return readdirSync(dir, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => entry.name).toSorted();
}
