// May this command read the tables of people that a home keeps? It asks for what other commands ask who show such data: who and why, in the audit
// before the first row is read. Encrypted tables also need the home that has their key.

import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { Problem } from '../core/index.ts';
import { findProtected, fingerprint, keyFor, openingKeys, recordAuditEvent, type FileKey, type Home, type ProtectedFile } from '../store/index.ts';
import { checkAsking } from './command-audit.ts';
import { homeOf, type CliContext } from './context.ts';

export interface GivenHome {
  home?: string;
  by?: string;
  purpose?: string;
  out?: string;
}

export interface HomeTables {
  home: Home;
  /** All that may open its files; none where nothing in it is encrypted. */
  keys: FileKey[];
}

/** Undefined where none of the files is a home's own: then nobody needs to ask. */
export async function askForHomeTables(context: CliContext, files: readonly string[], given: GivenHome): Promise<HomeTables | undefined> {
  const tables = files.flatMap((path) => findProtected(path) ?? []);
  const [first] = tables;
  if (first === undefined) return undefined;
  const home = homeWith(context, tables, given);
  const { by, purpose } = given;
  if (by === undefined || purpose === undefined) {
    throw new Problem('usage', { what: 'This is a home’s own table of people, and is read for whoever says who they are and why', where: first.path, todo: 'Say so: --by NAME --purpose information-governance' });
  }
  const asking = checkAsking(home, { by, purpose });
  if (given.out !== undefined && isInside(home.dir, given.out)) throw new Problem('usage', { what: 'What is linked cannot lie inside the home', where: resolve(given.out), todo: 'Choose a folder elsewhere with --out.' });
  const keys = openingKeys(home);
  for (const { path, keyId } of tables) if (keyId !== undefined) keyFor(keys, keyId, path);
  const casework = await context.openStore(home);
  try {
    await recordAuditEvent(casework.db, context.clock, { actorId: asking.by, action: 'home.link-tables', outcome: 'done', subjectKind: 'table', subjectIds: tables.map((table) => nameOf(home, table)), purpose: asking.purpose });
  } finally {
    await casework.close();
  }
  return { home, keys };
}

/** Also through links, and where it is still to be made. */
const isInside = (folder: string, path: string): boolean => !relative(realpathSync(folder), realPlace(resolve(path))).startsWith('..');

const realPlace = (path: string): string => (existsSync(path) ? realpathSync(path) : join(realPlace(dirname(path)), basename(path)));

/** Where it lies in the home; of a copy elsewhere its name alone. */
const nameOf = (home: Home, { path, home: around }: ProtectedFile): string => (around === undefined ? basename(path) : relative(realpathSync(home.dir), realpathSync(path)).split(sep).join('/'));

/** The home as other commands find it, which must be the one that the tables lie in. */
function homeWith(context: CliContext, tables: readonly ProtectedFile[], given: GivenHome): Home {
  const [first] = tables as [ProtectedFile];
  let home: Home;
  try {
    home = homeOf(context, given);
  } catch (error) {
    if (!(error instanceof Problem) || error.kind !== 'notFound' || given.home !== undefined) throw error;
    const what = first.keyId === undefined ? 'This is a home’s own table of people' : `This table is encrypted with the key ${fingerprint(first.keyId)} of a home`;
    throw new Problem('usage', { what, where: first.path, todo: `Name the home${first.keyId === undefined ? '' : ' that has this key'} with --home, and say who you are and why with --by and --purpose.`, cause: error });
  }
  const other = tables.find((table) => table.home !== undefined && table.home !== realpathSync(home.dir));
  if (other) throw new Problem('usage', { what: 'This table lies in another home', where: other.path, todo: `Name that one: --home ${other.home}` });
  return home;
}
