// Linkage beside Splink 5: both engines in one run, each in a process of its own, from the file to clusters, with the same rules, comparisons and
// levels; then how time and memory grow. BENCH_REPEATS (5) sets the runs of which the median is taken, BENCH_TASKS the tasks (people,historical,own-rules),
// BENCH_GROWTH the sizes in millions of records (0.25,0.5,1,2,4; empty for none), BENCH_MEMORY the memory of our query engine (1GB).

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { scorePairs } from '../src/linkage/index.ts';
import { openDuck } from '../src/store/index.ts';
import { median, type Benchmark, type Measure } from './benchmark.ts';
import { growthPicture, type GrowthRun } from './linkage/growth-picture.ts';
import { installSplink } from './linkage/install-splink.ts';
import { measureOwnRules } from './linkage/own-rules.ts';
import { scoreSql } from './linkage/peer-score.sql.ts';
import { historicalFile, historicalTask, peopleFile, peopleOfSize, peopleTask, type PeerTask } from './linkage/peer-tasks.sql.ts';

const repeats = Number(process.env.BENCH_REPEATS ?? 5);
const tasks = (process.env.BENCH_TASKS ?? 'people,historical,own-rules').split(',').filter(Boolean);
const growth = (process.env.BENCH_GROWTH ?? '0.25,0.5,1,2,4').split(',').filter(Boolean).map(Number);

/** In gigabytes, whatever the peer takes. */
const mostMemory = 1.5;

interface Run {
  seconds: number;
  cpuSeconds: number;
  peakMemoryBytes: number;
  candidatePairs?: number;
}

interface Scored extends Run {
  pairsF1: number;
  clustersF1: number;
}

async function runOnce(command: string[], task: PeerTask): Promise<Scored> {
  const folder = mkdtempSync(join(tmpdir(), 'headwater-bench-linkage-'));
  try {
    writeFileSync(join(folder, 'task.json'), JSON.stringify(task));
    const { status, stdout, stderr } = spawnSync(command[0]!, [...command.slice(1), join(folder, 'task.json'), folder], { encoding: 'utf8', maxBuffer: 1 << 26 });
    if (status !== 0) throw new Error(`${command.join(' ')} failed: ${stderr.trim().split('\n').slice(-5).join('\n')}`);
    const run = JSON.parse(stdout.trim().split('\n').at(-1)!) as Run;
    const duck = await openDuck({ memoryLimit: '2GB' });
    const score = await duck.one<Record<'truePairs' | 'pairsFound' | 'pairsRight' | 'clustersFound' | 'clustersRight', number>>(scoreSql(task, folder));
    duck.close();
    return { ...run, pairsF1: scorePairs(score.truePairs, score.pairsFound, score.pairsRight).f1, clustersF1: scorePairs(score.truePairs, score.clustersFound, score.clustersRight).f1 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const ours = [process.execPath, join(import.meta.dirname, 'linkage/headwater-run.ts')];

/** Medians over the repeats, the engines taking turns. */
async function measureTask(task: PeerTask, python: string | undefined, most: number): Promise<Measure[]> {
  const [mine, theirs]: [Scored[], Scored[]] = [[], []];
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    mine.push(await runOnce(ours, task));
    if (python !== undefined) theirs.push(await runOnce([python, join(import.meta.dirname, 'linkage/splink-run.py')], task));
  }
  const of = (what: string, unit: string, read: (run: Scored) => number, limit?: number): Measure => ({
    what: `${task.name}: ${what}`, value: median(mine.map(read)), unit,
    ...(theirs.length > 0 ? { peer: { name: 'Splink 5', value: median(theirs.map(read)) } } : {}),
    ...(limit === undefined || theirs.length === 0 ? {} : { limit }),
  });
  return [
    of('file to clusters', 's', ({ seconds }) => seconds, most), of('processor time', 's', ({ cpuSeconds }) => cpuSeconds, most), of('peak memory', 'GB', ({ peakMemoryBytes }) => peakMemoryBytes / 1e9),
    of('candidate pairs', '', ({ candidatePairs }) => candidatePairs ?? 0), of('pairs F1', '', ({ pairsF1 }) => pairsF1), of('clusters F1', '', ({ clustersF1 }) => clustersF1),
    { what: `${task.name}: our peak memory`, value: median(mine.map(({ peakMemoryBytes }) => peakMemoryBytes)) / 1e9, unit: 'GB', limit: mostMemory },
  ];
}

export const benchmark: Benchmark = {
  name: 'linkage',
  about: `from the file to clusters beside Splink 5, same rules and comparisons, two threads, medians of ${repeats}`,
  long: true,
  run: async () => {
    const measures: Measure[] = [];
    const splink = tasks.some((task) => task !== 'own-rules') ? installSplink() : { absent: 'no task needs it' };
    if ('absent' in splink) console.error(`  Splink is absent: ${splink.absent}`);
    const python = 'python' in splink ? splink.python : undefined;
    for (const [name, task, file, most] of [['people', peopleTask, peopleFile, 1 / 4], ['historical', historicalTask, historicalFile, 1 / 3]] as const) {
      if (!tasks.includes(name)) continue;
      if (!existsSync(file)) console.error(`  Left out: there is no ${file}.`);
      else measures.push(...(await measureTask(task, python, most)));
    }
    if (tasks.includes('own-rules') && existsSync(historicalFile)) measures.push(...(await measureOwnRules(historicalFile)));
    if (existsSync(peopleFile)) {
      const runs: GrowthRun[] = [];
      for (const millions of growth) {
        const run = await runOnce(ours, peopleOfSize(millions * 1e6));
        runs.push({ records: millions, pairs: (run.candidatePairs ?? 0) / 1e6, cpuSeconds: run.cpuSeconds, memoryGb: run.peakMemoryBytes / 1e9 });
        measures.push(
          { what: `growth, ${millions} million records: time`, value: run.seconds, unit: 's' }, { what: '  processor time', value: run.cpuSeconds, unit: 's' },
          { what: '  processor time per million pairs', value: run.cpuSeconds / ((run.candidatePairs ?? 0) / 1e6), unit: 's' }, { what: '  peak memory', value: run.peakMemoryBytes / 1e9, unit: 'GB' }, { what: '  candidate pairs', value: run.candidatePairs ?? 0, unit: '' },
        );
      }
      if (runs.length > 1) {
        const picture = join(import.meta.dirname, 'results', 'linkage-growth.svg');
        mkdirSync(join(import.meta.dirname, 'results'), { recursive: true });
        writeFileSync(picture, growthPicture(runs));
        console.error(`  The picture of the growth is ${relative(process.cwd(), picture)}.`);
      }
    }
    return measures;
  },
};
