// Live search against all records of people_1m, in an index that lies encrypted, as a home's does, and in a plain one, each search by turns:
// seconds to open it, milliseconds and processor time a search, memory, and how often the person is found.
// The index is made once, which takes minutes, and kept in BENCH_MATCH_INDEX where that names a folder; the encrypted copy is made anew.

import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRandom } from '../src/core/index.ts';
import { linkRecords, openMatchIndex, personSettings, writeMatchIndex, writeMatchPeople, type MatchIndex, type MatchQuery } from '../src/linkage/index.ts';
import { keyFromText, openDuck, partSizeFor, sealFile, text, type Duck, type FileKey } from '../src/store/index.ts';
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

/** Makes the index where it is not kept, and the searches. */
async function prepare(made: string, folder: string): Promise<{ asked: Asked[]; measures: Measure[] }> {
  const duck = await openDuck({ memoryLimit: '3GB', threads: 2, tempDirectory: join(made, 'spill') });
  try {
    await duck.run(`CREATE TABLE source_record AS ${recordsSql}`);
    const measures = existsSync(folder) ? [] : [{ what: 'write the index, once the records are linked', value: await makeIndex(duck, folder), unit: 's' }];
    return { asked: await makeSearches(duck), measures };
  } finally {
    // Closed before anything is measured, so that what it gives back to the system counts for no search.
    duck.close();
  }
}

/** A copy of the index, encrypted as in a home. */
function sealIndex(from: string, to: string, key: FileKey): void {
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to);
  for (const name of readdirSync(from)) sealFile(join(from, name), join(to, name), key, { parts: partSizeFor(name) });
}

/** An index as it is searched, with what its searches took. */
interface Searched {
  kind: 'encrypted' | 'plain';
  index: MatchIndex;
  /** Seconds. */
  opening: number;
  /** Milliseconds of each search. */
  times: number[];
  /** Milliseconds of processor time, all searches together. */
  cpu: number;
}

async function openAs(kind: Searched['kind'], folder: string, keys: readonly FileKey[]): Promise<Searched> {
  let index: MatchIndex | undefined;
  const opening = await seconds(async () => {
    index = await openMatchIndex(folder, keys);
  });
  return { kind, index: index!, opening, times: [], cpu: 0 };
}

async function searchOnce(searched: Searched, query: MatchQuery): Promise<string[]> {
  const from = process.cpuUsage();
  const started = performance.now();
  const matches = await searched.index.findMatches(query, { least: 0 });
  searched.times.push(performance.now() - started);
  const { user, system } = process.cpuUsage(from);
  searched.cpu += (user + system) / 1000;
  return matches.map(({ sourceId }) => sourceId);
}

/** By turns, so that a machine that grows slower grows so for both. Returns how often each kind of search found the person, of how many. */
async function ask(both: readonly Searched[], asked: Asked[]): Promise<Map<string, [number, number]>> {
  for (const { query } of asked.slice(0, 20)) for (const { index } of both) await index.findMatches(query);
  const found = new Map<string, [number, number]>();
  for (const [i, { kind, query, sourceId }] of asked.entries()) {
    const answers: string[][] = [];
    for (const searched of i % 2 === 0 ? both : both.toReversed()) answers.push(await searchOnce(searched, query));
    if (answers.some((answer) => answer.join() !== answers[0]!.join())) throw new Error(`The encrypted index answers otherwise than the plain one to search ${i}`);
    const [right, all] = found.get(kind) ?? [0, 0];
    found.set(kind, [right + (answers[0]!.includes(sourceId) ? 1 : 0), all + 1]);
  }
  return found;
}

/**
 * Megabytes that an open index and its searches hold at most, looked at after each search, beyond what its process held before. A process of its own:
 * in this one, what was used to make the index is given back meanwhile.
 */
function memoryOf(folder: string, asked: Asked[], secret?: string): number {
  const module = (path: string) => JSON.stringify(join(import.meta.dirname, '../src', path));
  const script = `
    import { readFileSync } from 'node:fs';
    const { openMatchIndex } = await import(${module('linkage/index.ts')});
    const { keyFromText } = await import(${module('store/index.ts')});
    const { folder, queries, secret } = JSON.parse(readFileSync(0, 'utf8'));
    const held = () => process.memoryUsage.rss();
    const before = held();
    const index = await openMatchIndex(folder, secret ? [keyFromText(secret)] : []);
    let most = held();
    for (const query of queries) {
      await index.findMatches(query, { least: 0 });
      most = Math.max(most, held());
    }
    index.close();
    console.log((most - before) / 1024 ** 2);`;
  const input = JSON.stringify({ folder, queries: asked.map(({ query }) => query), secret });
  return Number(execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8', input }));
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
    const sealed = join(made, 'encrypted-index');
    const secret = randomBytes(32).toString('hex');
    const key = keyFromText(secret)!;
    try {
      const { asked, measures } = await prepare(made, folder);
      sealIndex(folder, sealed, key);
      const both = [await openAs('encrypted', sealed, [key]), await openAs('plain', folder, [])];
      const found = await ask(both, asked);
      measures.push({ what: 'records', value: both[0]!.index.records, unit: '' });
      for (const { kind, opening, times, cpu } of both) {
        measures.push(
          { what: `open the ${kind} index`, value: opening, unit: 's', limit: 1 },
          { what: `a search in it, ${kind}, p50`, value: percentile(times, 0.5), unit: 'ms' },
          { what: `a search in it, ${kind}, p95`, value: percentile(times, 0.95), unit: 'ms', limit: 20 },
          { what: `a search in it, ${kind}, processor time on average`, value: cpu / asked.length, unit: 'ms' },
        );
      }
      for (const { index } of both) index.close();
      measures.push(
        { what: 'memory of the open encrypted index and its searches, at most', value: memoryOf(sealed, asked, secret), unit: 'MB' },
        { what: 'memory of the open plain index and its searches, at most', value: memoryOf(folder, asked), unit: 'MB' },
        ...[...found].map(([kind, [right, all]]): Measure => ({ what: `found among the first ten by ${kind}`, value: right / all, unit: '' })),
      );
      return measures;
    } finally {
      rmSync(kept ? sealed : made, { recursive: true, force: true });
    }
  },
};
