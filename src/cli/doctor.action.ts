// headwater doctor: is everything in order? Environment, home, packs, snapshot and store, each with what to do.

import { accessSync, constants, statfsSync } from 'node:fs';
import { Problem } from '../core/index.ts';
import { getFeed, listFeeds, listLoads, listUnremovedLoads } from '../ingest/index.ts';
import { checkSnapshot, findCurrentManifest, isKeyFileOpen, type Home } from '../store/index.ts';
import { createQuestions } from '../understand/index.ts';
import { homeOf, print, type CheckResult, type CliContext } from './context.ts';
import { describeLackOfKey, reportKeys } from './keys.action.ts';

const leastFreeBytes = 2 * 1024 ** 3;

async function check(name: string, todo: string, run: () => string | Promise<string>): Promise<CheckResult> {
  try {
    return { name, ok: true, detail: await run() };
  } catch (error) {
    // A check that failed in a way of its own says itself what to do.
    if (error instanceof Problem && error.kind === 'failed' && error.details.todo) return { name, ok: false, detail: error.details.what, todo: error.details.todo };
    return { name, ok: false, detail: error instanceof Error ? error.message : String(error), todo };
  }
}

function checkRuntime(): string {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < 26) throw new Error(`Node ${process.versions.node} is too old`);
  return `Node ${process.versions.node}`;
}

function checkFolder(home: Home): string {
  accessSync(home.dir, constants.W_OK);
  const { bavail, bsize } = statfsSync(home.dir);
  const free = bavail * bsize;
  if (free < leastFreeBytes) throw new Error(`only ${(free / 1024 ** 3).toFixed(1)} GB free`);
  return `${home.dir}, ${Math.floor(free / 1024 ** 3)} GB free`;
}

async function checkLake(home: Home): Promise<string> {
  const manifest = findCurrentManifest(home);
  if (!manifest) throw new Error('there is no snapshot yet');
  const wrong = await checkSnapshot(home, manifest);
  if (wrong.length > 0) throw new Error(wrong.join('; '));
  const held = new Set(manifest.inputs.map(({ feed, load }) => `${feed}/${load}`));
  const newer = listLoads(home).filter(({ feed, load }) => !held.has(`${feed}/${load}`)).length;
  return `snapshot ${manifest.id}, built ${manifest.builtAt}, every file as it was built${newer > 0 ? `; ${newer} newer loads wait for a build` : ''}`;
}

function checkDestroyed(home: Home): string {
  const left = listUnremovedLoads(home);
  if (left.length > 0) throw new Error(`files of destroyed loads are still there: ${left.join(', ')}`);
  return 'no files of destroyed loads are left';
}

/** An older home without a key keeps working, and is told what it lacks. */
function checkKey(home: Home): string {
  const report = reportKeys(home);
  const { key, source, file, changing, files } = report;
  const lacking = key === null ? describeLackOfKey(report) : undefined;
  if (lacking) throw new Problem('failed', lacking);
  if (key === null) return 'this home has no key, so nothing in it is encrypted; "headwater keys rotate" makes one and encrypts it';
  if (changing) throw new Error('a change of keys was cut off');
  const plain = files.none ?? 0;
  if (plain > 0) throw new Error(`${plain.toLocaleString('en-GB')} files are not encrypted, though the home has a key`);
  const lost = Object.keys(files).filter((name) => name !== key);
  if (lost.length > 0) throw new Error(`files are encrypted with another key than the home's: ${lost.join(', ')}`);
  if (source === 'file' && isKeyFileOpen(file)) throw new Error(`others than you may read ${file}`);
  const total = Object.values(files).reduce((sum, number) => sum + number, 0);
  return `${total.toLocaleString('en-GB')} files encrypted with ${key}, ${source === 'file' ? `in ${file}` : 'from HEADWATER_KEY'}; the casework store and temp/ need an encrypted disk`;
}

export async function examine(context: CliContext, options: { home?: string; json?: boolean }): Promise<void> {
  const home = homeOf(context, options);
  const results = [
    await check('runtime', 'Run Headwater through npm or npx, which bring Node 26.', checkRuntime),
    await check('home', 'Free some space, or give your user write permission.', () => checkFolder(home)),
    await check('key', 'Run "npx headwater keys rotate", or give the key file to its owner alone (chmod 600).', () => checkKey(home)),
    await check('packs', 'Mend the line that is named.', () => {
      const feeds = listFeeds(home.packs);
      for (const { feed } of feeds) getFeed(home.packs, feed);
      createQuestions({ localPacks: home.packs, clock: context.clock });
      return `${feeds.length} feeds and all other packs can be read`;
    }),
    await check('destroyed', 'Start the server, which removes them; while something is loaded, built or backed up, it waits.', () => checkDestroyed(home)),
    await check('snapshot', 'Run "npx headwater build".', () => checkLake(home)),
    ...(await context.checkStore(home)),
  ];
  print(context, options.json, results, () => results.map(({ ok, name, detail, todo }) => `${ok ? 'ok  ' : 'FAIL'}  ${name.padEnd(10)} ${detail}${ok || !todo ? '' : `${detail.endsWith('.') ? '' : '.'} ${todo}`}`));
  if (results.some(({ ok }) => !ok)) throw new Problem('failed', { what: 'Something needs attention', todo: 'See the lines marked FAIL.' });
}
