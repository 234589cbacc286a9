// Links one task's file by our engine in a process of its own, from the file to clusters, and prints JSON. node headwater-run.ts TASK.json FOLDER

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { linkRecords } from '../../src/linkage/index.ts';
import { openDuck } from '../../src/store/index.ts';
import type { PeerTask } from './peer-tasks.sql.ts';
import { clustersCopySql, pairsCopySql } from './peer-score.sql.ts';
import { plainSettings, recordsSql } from './plain-settings.sql.ts';

const [file, folder] = process.argv.slice(2) as [string, string];
const task = JSON.parse(readFileSync(file, 'utf8')) as PeerTask;
const started = performance.now();
const duck = await openDuck({ memoryLimit: process.env.BENCH_MEMORY ?? '1GB', threads: 2, tempDirectory: join(folder, 'spill') });
await duck.run(recordsSql(task));
const result = await linkRecords(duck, { source: 'source_record', out: 'source_person', settings: plainSettings(task), onPairs: (pairs, numbers) => duck.run(pairsCopySql(pairs, numbers, task.threshold, join(folder, 'pairs.parquet'))) });
await duck.run(clustersCopySql(join(folder, 'clusters.parquet')));
duck.close();
const { user, system } = process.cpuUsage();
console.log(JSON.stringify({ seconds: (performance.now() - started) / 1000, cpuSeconds: (user + system) / 1e6, peakMemoryBytes: process.resourceUsage().maxRSS * 1024, candidatePairs: result.candidatePairs, stages: result.seconds }));
