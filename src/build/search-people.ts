// The live search over the snapshot that is served: its index lies in the identified zone and is made when it is first asked for, from the
// snapshot's records, people and model, so that a build does not wait for it.

import { copyFileSync, existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { asProblem, Problem, silentProgress, type Progress } from '../core/index.ts';
import { makeMatchIndex, openMatchIndex, type MatchIndex } from '../linkage/index.ts';
import { findCurrentManifest, homeKeys, makeFolder, openHomeDuck, openingKeys, partSizeFor, sealFile, snapshotFolder, takeLock, type Home } from '../store/index.ts';
import { searchTablesSql } from './search-people.sql.ts';

/**
 * Opens the search over the people of the current snapshot; makes its index where there is none.
 * @throws Problem where there is no snapshot, an older version built it, or nothing in it can be compared
 * @example const index = await openPeopleSearch(home); const [best] = await index.findMatches({ surname: 'Thistlewood' })
 */
export async function openPeopleSearch(home: Home, progress: Progress = silentProgress): Promise<MatchIndex> {
  const manifest = findCurrentManifest(home);
  if (!manifest) throw new Problem('notFound', { what: 'There is no snapshot yet', where: home.lake, todo: 'Load files with "npx headwater ingest", then run "npx headwater build".' });
  const zone = join(snapshotFolder(home, manifest.id), 'identified');
  const folder = join(zone, 'match-index');
  if (!existsSync(folder)) await makeIndex(home, zone, folder, progress);
  return openMatchIndex(folder, openingKeys(home));
}

async function makeIndex(home: Home, zone: string, folder: string, progress: Progress): Promise<void> {
  const rebuild = 'Build again with "npx headwater build --force".';
  if (!existsSync(join(zone, 'linkage_model.parquet'))) throw new Problem('badInput', { what: 'The snapshot holds no linkage model', where: zone, todo: rebuild });
  const release = takeLock(join(home.dir, 'locks'), 'match-index');
  const work = join(home.temp, 'match-index');
  try {
    rmSync(work, { recursive: true, force: true });
    makeFolder(work);
    progress.stage('Indexing people');
    const duck = await openHomeDuck(home, { path: join(work, 'index.duckdb'), tempDirectory: join(work, 'spill') });
    try {
      await duck.run(searchTablesSql(zone));
      const made = await makeMatchIndex(duck, { source: 'source_record', people: 'source_person', model: 'linkage_model' }, join(work, 'made'));
      if (!made) throw new Problem('notFound', { what: 'The snapshot holds nobody to search for', where: zone, todo: 'Load files that name people, then build.' });
    } finally {
      duck.close();
    }
    placeIndex(home, join(work, 'made'), folder);
    progress.done();
  } catch (error) {
    throw asProblem(error, folder);
  } finally {
    rmSync(work, { recursive: true, force: true });
    release();
  }
}

/** Brings the index from temp/ to its place, encrypted where the home has a key: whole or not at all. */
function placeIndex(home: Home, made: string, folder: string): void {
  const key = homeKeys(home)?.current;
  const aside = `${folder}.making`;
  rmSync(aside, { recursive: true, force: true });
  makeFolder(aside);
  for (const name of readdirSync(made)) {
    if (key) sealFile(join(made, name), join(aside, name), key, { parts: partSizeFor(name) });
    else copyFileSync(join(made, name), join(aside, name));
  }
  rmSync(folder, { recursive: true, force: true });
  renameSync(aside, folder);
}
