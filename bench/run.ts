// npm run bench [-- NAME…] [--json]: runs benchmarks and prints a table, or JSON. Each *.bench.ts exports `benchmark`.

import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import type { Benchmark, Measure } from './benchmark.ts';

const folder = import.meta.dirname;
const names = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const asJson = process.argv.includes('--json');

const all: Benchmark[] = [];
for (const file of readdirSync(folder).filter((name) => name.endsWith('.bench.ts')).toSorted()) {
  const { benchmark } = (await import(join(folder, file))) as { benchmark: Benchmark };
  all.push(benchmark);
}
const unknown = names.filter((name) => !all.some((each) => each.name === name));
if (unknown.length > 0) {
  console.error(`There is no benchmark called ${unknown.join(', ')}. Choose from: ${all.map(({ name }) => name).join(', ')}.`);
  process.exit(2);
}

const chosen = all.filter(({ name, long }) => (names.length > 0 ? names.includes(name) : !long));
const machine = { node: process.versions.node, cores: cpus().length, memoryGb: Math.round(totalmem() / 1024 ** 3) };
const results: { name: string; about: string; measures: Measure[] }[] = [];
for (const { name, about, run } of chosen) {
  if (!asJson) console.log(`\n${name}: ${about}`);
  const measures = await run();
  results.push({ name, about, measures });
  if (!asJson) for (const measure of measures) console.log(`  ${line(measure)}`);
}
const report = { at: new Date().toISOString(), machine, results };
mkdirSync(join(folder, 'results'), { recursive: true });
writeFileSync(join(folder, 'results', `${report.at.replaceAll(':', '-')}.json`), `${JSON.stringify(report, null, 2)}\n`);
if (asJson) console.log(JSON.stringify(report, null, 2));

function line({ what, value, unit, peer, limit }: Measure): string {
  const number = (x: number) => x.toLocaleString('en-GB', { maximumFractionDigits: 3 });
  const beside = peer ? `   ${peer.name} ${number(peer.value)} ${unit}   ratio ${(value / peer.value).toFixed(2)}` : '';
  const bound = limit === undefined ? '' : `   limit ${number(limit)}${(peer ? value / peer.value : value) <= limit ? '' : '  OVER'}`;
  return `${what.padEnd(48)} ${number(value).padStart(10)} ${unit}${beside}${bound}`;
}
