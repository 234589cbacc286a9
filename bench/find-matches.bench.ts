// Live search against all records of people_1m: seconds to open the index, milliseconds a search, memory, and how often the person is found.
// The index is made once, which takes minutes, and kept in BENCH_MATCH_INDEX where that names a folder.

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRandom } from '../src/core/index.ts';
import { linkRecords, openMatchIndex, personSettings, writeMatchIndex, writeMatchPeople, type MatchIndex, type MatchQuery } from '../src/linkage/index.ts';
import { openDuck, text, type Duck } from '../src/store/index.ts';
import { percentile, seconds, type Benchmark, type Measure } from './benchmark.ts';

const file = process.env.BENCH_PEOPLE_FILE ?? join(import.meta.dirname, '../../shared/reference/linkage/people_1m.parquet');
const kept = process.env.BENCH_MATCH_INDEX;
const part = Number(process.env.BENCH_PART ?? 1000);
const searches = Number(process.env.BENCH_SEARCHES ?? 300);

const recordsSql = `SELECT unique_id::VARCHAR AS source_id, source AS agency, unique_id::VARCHAR AS local_id, first_name AS forename, surname,
  coalesce(try_strptime(dob, '%Y-%m-%d'), try_strptime(dob, '%Y-%d-%m'))::DATE AS birth_date, sex, postcode, city FROM ${text(file)} WHERE person % 1000 < ${part}`;

async function makeIndex(duck: Duck, folder: string): Promise<number> {
  let took = 0;
  const onLinked = async (linked: Parameters<typeof writeMatchIndex>[1]) => {
    took = await seconds(() => writeMatchIndex(duck, linked, folder));
  };
  await linkRecords(duck, { source: 'source_record', out: 'source_person', settings: personSettings({ words: ['city'] }), onLinked });
  return took + (await seconds(() => writeMatchPeople(duck, 'source_person', folder)));
}

interface Asked {
  kind: string;
  query: MatchQuery;
  sourceId: string;
}

/** Searches as people make them: all that is known, names and date, with a slip, a name and about an age. */
async function makeSearches(duck: Duck): Promise<Asked[]> {
  const rows = await duck.rows<Record<string, string | null>>(`SELECT * FROM source_record WHERE forename IS NOT NULL AND surname IS NOT NULL AND birth_date IS NOT NULL AND length(surname) > 4 ORDER BY hash(source_id) LIMIT ${searches}`);
  const random = createRandom(1, 'searches');
  return rows.map((row, i): Asked => {
    const { forename, surname, birth_date, sex, postcode, city, source_id: sourceId } = row;
    const at = 1 + random.below(surname!.length - 2);
    const slip = `${surname!.slice(0, at)}${surname![at + 1]}${surname![at]}${surname!.slice(at + 2)}`;
    const kinds: [string, MatchQuery][] = [
      ['all that is known', { forename, surname, birth_date, sex, postcode, city }],
      ['names and date of birth', { forename, surname, birth_date }],
      ['a slip in the surname, and the year', { forename, surname: slip, born_about: Number(birth_date!.slice(0, 4)), postcode }],
      ['surname, about an age, postcode', { surname, born_about: Number(birth_date!.slice(0, 4)) + 1, postcode }],
    ];
    const [kind, query] = kinds[i % kinds.length]!;
    return { kind, query, sourceId: sourceId! };
  });
}

async function ask(index: MatchIndex, asked: Asked[]): Promise<{ times: number[]; cpu: number; found: Map<string, [number, number]> }> {
  for (const { query } of asked.slice(0, 20)) await index.findMatches(query);
  const times: number[] = [];
  const found = new Map<string, [number, number]>();
  const from = process.cpuUsage();
  for (const { kind, query, sourceId } of asked) {
    let matches: Awaited<ReturnType<MatchIndex['findMatches']>> = [];
    times.push(1000 * (await seconds(async () => {
      matches = await index.findMatches(query, { least: 0 });
    })));
    const [right, all] = found.get(kind) ?? [0, 0];
    found.set(kind, [right + (matches.some((match) => match.sourceId === sourceId) ? 1 : 0), all + 1]);
  }
  const { user, system } = process.cpuUsage(from);
  return { times, cpu: (user + system) / 1000 / asked.length, found };
}

export const benchmark: Benchmark = {
  name: 'find-matches',
  about: 'live search for a person against all records of people_1m',
  long: true,
  run: async () => {
    if (!existsSync(file)) {
      console.log(`  Left out: there is no ${file}; BENCH_PEOPLE_FILE names another file of the same columns.`);
      return [];
    }
    const made = kept ?? mkdtempSync(join(tmpdir(), 'headwater-bench-match-'));
    const folder = join(made, 'index');
    const duck = await openDuck({ memoryLimit: '3GB', threads: 2, tempDirectory: join(made, 'spill') });
    const measures: Measure[] = [];
    try {
      await duck.run(`CREATE TABLE source_record AS ${recordsSql}`);
      if (!existsSync(folder)) measures.push({ what: 'write the index, once the records are linked', value: await makeIndex(duck, folder), unit: 's' });
      const asked = await makeSearches(duck);
      await duck.run('DROP TABLE source_record');
      const before = process.memoryUsage.rss();
      let index: MatchIndex | undefined;
      const opening = await seconds(async () => {
        index = await openMatchIndex(folder);
      });
      const { times, cpu, found } = await ask(index!, asked);
      measures.push(
        { what: 'records', value: index!.records, unit: '' },
        { what: 'open the index', value: opening, unit: 's', limit: 1 },
        { what: 'a search, p50', value: percentile(times, 0.5), unit: 'ms' },
        { what: 'a search, p95', value: percentile(times, 0.95), unit: 'ms', limit: 20 },
        { what: 'a search, processor time on average', value: cpu, unit: 'ms' },
        { what: 'memory of the open index and its searches', value: (process.memoryUsage.rss() - before) / 1024 ** 2, unit: 'MB' },
        ...[...found].map(([kind, [right, all]]): Measure => ({ what: `found among the first ten by ${kind}`, value: right / all, unit: '' })),
      );
      index!.close();
      return measures;
    } finally {
      duck.close();
      if (!kept) rmSync(made, { recursive: true, force: true });
    }
  },
};
