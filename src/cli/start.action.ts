// headwater start: the whole sample partnership in one command: simulate, ingest, build, serve. What is done is not done again.

import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ingestFiles, listLoads, listMarkedLoads } from '../ingest/index.ts';
import { simulate } from '../simulate/index.ts';
import { openHome, sha256Of, takeLock, writeWhole, type Home } from '../store/index.ts';
import { buildHome, linkageLine } from './build.action.ts';
import { addLoads } from './command-audit.ts';
import type { CliContext, RunningServer } from './context.ts';
import { createHome } from './init.action.ts';
import { welcomeLines } from './serve.action.ts';

/** What the simulation wrote, kept so that a second start has nothing to look at twice. */
interface SampleFiles {
  files: { feed: string; path: string; rows: number; sha256: string }[];
}

interface SampleSize {
  people: number;
  months: number;
}

async function prepareSample(context: CliContext, home: Home, size: SampleSize): Promise<SampleFiles> {
  const list = join(home.data, 'sample.json');
  if (existsSync(list)) return JSON.parse(readFileSync(list, 'utf8')) as SampleFiles;
  rmSync(home.data, { recursive: true, force: true });
  const { files } = await simulate({ out: home.data, ...size, progress: context.progress });
  const sample: SampleFiles = { files: [] };
  for (const file of files) sample.files.push({ ...file, sha256: await sha256Of(file.path) });
  writeWhole(list, `${JSON.stringify(sample, null, 2)}\n`);
  return sample;
}

async function loadSample(context: CliContext, home: Home, { files }: SampleFiles): Promise<void> {
  const held = new Set([...listLoads(home).map(({ feed, sha256 }) => `${feed}:${sha256}`), ...listMarkedLoads(home).map(({ load, sha256 }) => `${load.split('/')[0]}:${sha256}`)]);
  const missing = files.filter(({ feed, sha256 }) => !held.has(`${feed}:${sha256}`));
  for (const feed of new Set(missing.map((file) => file.feed))) {
    const paths = missing.filter((file) => file.feed === feed).map(({ path }) => path);
    await addLoads(context, home, { action: 'feed.ingest' }, (onLoad) => ingestFiles(home, feed, paths, { clock: context.clock, progress: context.progress, onLoad }));
  }
}

/** Another process that loads or builds here would stop this one later, after minutes of work: it is said now. */
function refuseBusyHome(home: Home): void {
  for (const name of ['loads', 'build']) takeLock(join(home.dir, 'locks'), name)();
}

/** A home with data of its own is served as it is; only a simulated one is simulated and loaded. */
export async function prepareHome(context: CliContext, home: Home, size: SampleSize): Promise<string> {
  if (home.settings.simulated) await loadSample(context, home, await prepareSample(context, home, size));
  const { manifest } = await buildHome(context, home);
  return linkageLine(manifest);
}

/** Everything that stands in the way of serving is said before the first file is written. */
async function startHome(context: CliContext, home: Home, { port, ...size }: SampleSize & { port: number }): Promise<RunningServer> {
  refuseBusyHome(home);
  const opened = await context.openServer(home, { port });
  try {
    context.stdout.write(`${await prepareHome(context, home, size)}.\n`);
  } catch (error) {
    await opened.close();
    throw error;
  }
  return opened.serve();
}

export async function start(context: CliContext, options: SampleSize & { port?: number; home?: string }): Promise<void> {
  const dir = options.home ?? context.homeDir;
  const home = existsSync(join(dir, 'headwater.yaml')) ? openHome(dir, context.given) : createHome(dir, { partnership: 'Fenmarch', simulated: true, given: context.given });
  const server = await startHome(context, home, { people: options.people, months: options.months, port: options.port ?? context.port });
  context.stdout.write(`\n${welcomeLines(server, home.settings.partnership).join('\n')}\n`);
  await server.stopped;
}
