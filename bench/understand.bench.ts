// Server time of each question on 10,000,000 events, with filters that vary and combine; every answer is made anew.
// BENCH_EVENTS changes the size; BENCH_LAKE keeps the lake in a folder, so that a second run starts at once.

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gridDisk, latLngToCell, cellToParent } from 'h3-js';
import { createRandom, systemClock, type Filters, type LakeReader } from '../src/core/index.ts';
import { homeAt, id, openDuck, openLake, pointAt, writeSnapshot, type Home } from '../src/store/index.ts';
import { createQuestions, derivedTables } from '../src/understand/index.ts';
import { percentile, seconds, type Benchmark, type Measure } from './benchmark.ts';
import { lakeSql, lakeTables, type LakeSize } from './understand-lake.sql.ts';

const events = Number(process.env.BENCH_EVENTS ?? 10_000_000);
const size: Omit<LakeSize, 'cells'> = { events, people: Math.round(events / 10), months: 60, areas: Math.max(40, Math.round(events / 15_000)) };
const askings = 60;

export const benchmark: Benchmark = {
  name: 'understand',
  about: `each question over ${events.toLocaleString('en-GB')} events, ${askings} choices of filters each`,
  long: true,
  run: async () => {
    const kept = process.env.BENCH_LAKE;
    const home = homeAt(kept ?? mkdtempSync(join(tmpdir(), 'headwater-understand-')), { partnership: 'Bench', simulated: true, memoryLimit: '4GB', threads: 2 });
    try {
      const measures = existsSync(join(home.lake, 'current.json')) ? [] : await makeLake(home);
      const opened = performance.now();
      const lake = await openLake(home);
      measures.push({ what: 'open the lake', value: (performance.now() - opened) / 1000, unit: 's' });
      measures.push(...(await measureQuestions(lake)));
      const limiting = performance.now();
      const part = await lake.forFeeds({ feeds: new Set(seenFeeds), people: false });
      measures.push({ what: 'leave two feeds out, once for a set of feeds', value: (performance.now() - limiting) / 1000, unit: 's' });
      measures.push(...(await measureQuestions(part, 'two feeds left out: ')));
      lake.close();
      measures.push({ what: 'peak memory', value: process.resourceUsage().maxRSS / 1024 ** 2, unit: 'GB' });
      return measures;
    } finally {
      if (!kept) rmSync(home.dir, { recursive: true, force: true });
    }
  },
};

async function makeLake(home: Home): Promise<Measure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'headwater-understand-'));
  const duck = await openDuck({ path: join(folder, 'lake.duckdb'), memoryLimit: '5GB', threads: 2, tempDirectory: join(home.temp, 'spill') });
  await duck.run('CREATE TABLE hexagon (n BIGINT, cell VARCHAR, area INTEGER)');
  const cells = gridDisk(latLngToCell(52.1, -0.4, 9), events >= 1_000_000 ? 63 : 20);
  const parents = [...new Set(cells.map((cell) => cellToParent(cell, 8)))];
  const appender = await duck.connection.createAppender('hexagon');
  for (const [n, cell] of cells.entries()) {
    appender.appendBigInt(BigInt(n));
    appender.appendVarchar(cell);
    appender.appendInteger(parents.indexOf(cellToParent(cell, 8)) % size.areas);
    appender.endRow();
  }
  appender.closeSync();
  const making = await seconds(async () => {
    for (const sql of lakeSql({ ...size, cells: cells.length })) await duck.run(sql);
  });
  const measures: Measure[] = [{ what: 'make the lake', value: making, unit: 's' }];
  for (const { name, sql } of derivedTables) {
    const taken = await seconds(() => duck.run(`CREATE TABLE ${id(name)} AS ${sql}`));
    const { n } = await duck.one<{ n: number }>(`SELECT count(*) AS n FROM ${id(name)}`);
    measures.push({ what: `derive ${name} (${n.toLocaleString('en-GB')} rows)`, value: taken, unit: 's' });
  }
  const tables = [...lakeTables, ...derivedTables.map(({ name }) => name)].map((name) => ({ zone: 'pseudonymised' as const, name, sql: `SELECT * FROM ${id(name)}` }));
  const manifest = await writeSnapshot(home, duck, tables, (entries) => ({
    id: 'bench', builtAt: new Date().toISOString(), partnership: 'Bench', code: { version: '0', sha256: '0' }, packs: {}, inputs: [], dataTo: '2025-12-28', tables: entries, linkage: {}, seconds: 0,
  }));
  pointAt(home, manifest.id);
  duck.close();
  rmSync(folder, { recursive: true, force: true });
  return measures;
}

/** Choices of filters as people make them: most narrow one or two things, some nothing, some everything. */
function chooseFilters(): Filters[] {
  const random = createRandom(7, 'filters');
  const area = () => `E01${String(random.below(size.areas)).padStart(6, '0')}`;
  const ward = () => `E05${String(random.below(Math.floor(size.areas / 5))).padStart(6, '0')}`;
  return Array.from({ length: askings }, (_, index) => {
    const months = random.chance(0.5) ? { from: `202${1 + random.below(4)}-0${1 + random.below(9)}`, to: '2025-06' } : { from: undefined, to: undefined };
    return {
      agency: random.chance(0.35) ? [random.pick(['police', 'ambulance', 'education', 'council'])] : [],
      category: random.chance(0.3) ? [random.pick(['burglary', 'violence-with-injury', 'concern-for-safety', 'asb-nuisance'])] : [],
      area: random.chance(0.5) ? [] : random.chance(0.5) ? [area()] : random.chance(0.7) ? [ward(), ward()] : ['E06000000'],
      ...(index === 0 ? { from: undefined, to: undefined } : months),
    };
  });
}

const options: Record<string, Record<string, string>[]> = {
  demand: [{}, { measure: 'hours' }, { measure: 'harm' }],
  'repeat-demand': [{ by: 'address' }, { by: 'person' }, { by: 'household' }, { by: 'area' }],
  places: [{}, { layer: 'police-incident,ambulance-call' }, { by: 'hexagon' }],
  'data-quality': [{}],
};

/** All but custody and early help: what a reader sees to whom agreements give the rest. */
const seenFeeds = ['police-incident', 'police-uk-street', 'ambulance-call', 'school-absence', 'istv-assault', 'asb-complaint', 'social-care-contact'];

async function measureQuestions(lake: LakeReader, prefix = ''): Promise<Measure[]> {
  const questions = createQuestions({ clock: systemClock }).filter(({ id }) => id in options);
  const filters = chooseFilters();
  const measures: Measure[] = [];
  for (const question of questions) {
    for (const choice of (options[question.id] ?? [{}]).filter(({ by }) => !lake.limits || (by !== 'person' && by !== 'household'))) {
      const times: number[] = [];
      for (const each of filters) {
        const taken = (await seconds(() => question.answer(lake, each, choice))) * 1000;
        if (process.env.BENCH_DETAIL && taken > 150) console.error(question.id, JSON.stringify(choice), JSON.stringify(each), taken.toFixed(0));
        times.push(taken);
      }
      const label = `${prefix}${question.id} ${Object.entries(choice).map(([name, value]) => `${name}=${value}`).join(' ')}`.trim();
      measures.push({ what: `${label}, p50`, value: percentile(times, 0.5), unit: 'ms' }, { what: `${label}, p95`, value: percentile(times, 0.95), unit: 'ms', limit: 200 });
    }
  }
  return measures;
}
