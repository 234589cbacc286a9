// npm exec node bench/simulate-figures.ts: simulates the sample county at three seeds, and smaller and larger ones, and writes their figures, beside the
// published ones, and what a plain contrast finds of what was planted, into docs/methods/simulated-partnership.md.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CountyFigure } from '../src/simulate/index.ts';
import { measureCounty, measurePlanted, presentFigure, simulate } from '../src/simulate/index.ts';

interface Run {
  figures: CountyFigure[];
  planted: Awaited<ReturnType<typeof measurePlanted>>;
}

const page = join(import.meta.dirname, '../docs/methods/simulated-partnership.md');
const seeds = [1, 2, 3];
const sizes = [20_000, 60_000, 200_000];
const bySize = ['incidents', 'calls-at-top-addresses', 'calls-at-top-addresses-of-all-kinds', 'victim-ratio', 'perpetrator-ratio', 'opiates-ratio', 'custody-ratio', 'emergency-department-located', 'suspects-by-age', 'household-contagion'];

async function measure(seed: number, people: number): Promise<Run> {
  const dir = mkdtempSync(join(tmpdir(), 'headwater-figures-'));
  try {
    await simulate({ out: dir, seed, people });
    return { figures: await measureCounty(dir), planted: people === 60_000 ? await measurePlanted(dir) : [] };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

const table = (head: string[], rows: string[][]) => [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
const plain = (value: number) => value.toFixed(Math.abs(value) < 20 && !Number.isInteger(value) ? 2 : 0).replace('-', '−');
const value = (run: Run, name: string) => {
  const figure = run.figures.find((one) => one.name === name)!;
  return presentFigure(figure.value, figure.format);
};

const runs = new Map<string, Run>();
for (const people of sizes) {
  for (const seed of seeds) {
    runs.set(`${people} ${seed}`, await measure(seed, people));
    console.log(`${people.toLocaleString('en-GB')} people, seed ${seed}`);
  }
}
const sample = seeds.map((seed) => runs.get(`60000 ${seed}`)!);
const first = sample[0]!;
const tables: Record<string, string> = {
  figures: table(['figure', 'unit', ...seeds.map((seed) => `seed ${seed}`), 'published or designed', 'source'], first.figures.map(({ name, what, unit, published, source }) => [what, unit, ...sample.map((run) => value(run, name)), published, source])),
  sizes: table(['figure', ...sizes.map((people) => `${people.toLocaleString('en-GB')} people`)], bySize.map((name) => [first.figures.find((one) => one.name === name)!.what, ...sizes.map((people) => seeds.map((seed) => value(runs.get(`${people} ${seed}`)!, name)).join(', '))])),
  planted: table(['planted', 'truth', ...seeds.map((seed) => `seed ${seed}`)], first.planted.map(({ what, truth }, i) => [what, truth, ...sample.map((run) => plain(run.planted[i]!.value))])),
};
let text = readFileSync(page, 'utf8');
for (const [name, rows] of Object.entries(tables)) {
  const [before = '', rest = ''] = text.split(`<!-- ${name} -->\n`);
  text = `${before}<!-- ${name} -->\n${rows}\n${rest.slice(rest.indexOf(`<!-- end of ${name} -->`))}`;
}
writeFileSync(page, text);
console.log(`${first.figures.length} figures written to docs/methods/simulated-partnership.md`);
