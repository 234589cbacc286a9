import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newFolder } from '../../test/support/made-folders.ts';
import { openDuck, text, type Duck } from '../store/index.ts';
import { dedupeFiles, type DedupeOptions } from './index.ts';

let duck: Duck;
let dir: string;
beforeEach(async () => {
  duck = await openDuck({ memoryLimit: '1GB' });
  dir = newFolder('dedupe');
});
afterEach(() => duck.close());

const headings = 'ref,agency,a,b,c,d,e,person';
const people = [
  ['Margaret', 'Thompson', '17/04/1961', 'FM1 2AB', 'F'],
  ['Daniel', 'Hughes', '02/09/2004', 'FM3 4CD', 'M'],
  ['Susan', 'Walker', '30/01/1978', 'FM9 9ZZ', 'F'],
  ['Imran', 'Hussain', '25/12/1990', 'FM2 1AA', 'M'],
  ['Patricia', 'Evans', '08/06/1955', 'FM5 5EE', 'F'],
];
const row = (n: number, source: string, change: Partial<Record<number, string>> = {}) => [String(n), source, ...people[n % people.length]!.map((value, i) => change[i] ?? value), String(n % people.length)].join(',');
const rows = [...[0, 1, 2, 3, 4].map((n) => row(n, 'police')), row(0, 'council', { 0: 'PEGGY' }), row(1, 'council', { 2: '02/09/2005' }), row(2, 'council', { 1: 'WALKER ' }), row(3, 'council'), row(4, 'council', { 3: 'FM5 5EF' })];
const write = (name: string, content: string | Buffer) => {
  writeFileSync(join(dir, name), content);
  return join(dir, name);
};
const link = (files: string[], options: Partial<DedupeOptions> = {}) => dedupeFiles({ files, idColumn: 'ref', sourceColumn: 'agency', truthColumn: 'person', out: join(dir, 'out'), memoryLimit: '1GB', ...options });
const read = (file: string) => duck.rows<Record<string, unknown>>(`SELECT * FROM ${text(file)}`);

describe('dedupeFiles', () => {
  it('finds names, birth, postcode and sex by their contents, links, scores and writes pairs and clusters', async () => {
    const result = await link([write('people.csv', [headings, ...rows].join('\n'))]);
    expect(Object.fromEntries(result.columns.map(({ column, role }) => [column, role]))).toEqual({ a: 'forename', b: 'surname', c: 'birth_date', d: 'postcode', e: 'sex' });
    expect(result).toMatchObject({ records: 10, people: 5, threshold: 0.5, pairs: { precision: 1, recall: 1, f1: 1 }, clusters: { f1: 1 }, reached: 1 });
    expect(result.peakMemoryBytes).toBeGreaterThan(1e6);
    expect(result.seconds.total).toBeGreaterThan(0);
    const pairs = await read(result.files.pairs);
    expect(pairs).toHaveLength(result.candidatePairs);
    expect(pairs.find(({ id_l, id_r }) => id_l === '0' && id_r === '0')).toMatchObject({ source_l: 'council', source_r: 'police', level_forename: 'variant', level_surname: 'exact', level_birth_date: 'exact' });
    const clusters = await read(result.files.clusters);
    expect(Object.keys(clusters[0]!)).toEqual(['id', 'source', 'cluster']);
    expect(new Set(clusters.map(({ cluster }) => cluster)).size).toBe(5);
    expect(readdirSync(join(dir, 'out')).toSorted()).toEqual(['clusters.parquet', 'pairs.parquet']);
  });

  it('gives equal bytes from CSV, gzip under any name, and rows in another order', async () => {
    const csv = [headings, ...rows].join('\n');
    const bytes = async (file: string) => {
      const { files } = await link([file]);
      return [readFileSync(files.pairs), readFileSync(files.clusters)];
    };
    const plain = await bytes(write('a.csv', csv));
    expect(await bytes(write('zipped.data', gzipSync(csv)))).toEqual(plain);
    expect(await bytes(write('b.csv', [headings, ...rows.toReversed()].join('\n')))).toEqual(plain);
  });

  it('reads Parquet with its types beside CSV, by column name, and takes the file for the source where none is named', async () => {
    await duck.run(`COPY (SELECT 7::BIGINT AS ref, 'Margaret' AS a, 'Thompson' AS b, '17/04/1961' AS c) TO ${text(join(dir, 'one.parquet'))} (FORMAT parquet)`);
    const result = await dedupeFiles({ files: [join(dir, 'one.parquet'), write('people.csv', [headings, ...rows.slice(0, 5)].join('\n'))], idColumn: 'ref', out: join(dir, 'out') });
    expect(result).toMatchObject({ records: 6, people: 5 });
    expect((await read(result.files.clusters)).map(({ source }) => source)).toContain('one.parquet');
  });

  it('makes empty files of headings alone, and people of their own of records that hold nothing', async () => {
    const empty = await link([write('empty.csv', `${headings}\n`)]);
    expect(empty).toMatchObject({ records: 0, people: 0, candidatePairs: 0 });
    expect(await read(empty.files.pairs)).toEqual([]);
    const blank = await link([write('blank.csv', `${headings}\n1,x,,,,,,1\n2,x,,,,,,1\n`)]);
    expect(blank).toMatchObject({ records: 2, people: 2, pairs: { recall: 0, precision: 1 } });
    expect(blank.columns.every(({ role, reason }) => role === 'not used' && reason === 'holds nothing')).toBe(true);
  });

  it('names the first id that stands twice in its source', async () => {
    await expect(link([write('twice.csv', [headings, ...rows, rows[3]].join('\n'))])).rejects.toThrow(/The id "3" stands 2 times in source "police" \(--id ref\)/);
    await expect(link([write('twice.csv', [headings, ...rows].join('\n'))], { sourceColumn: undefined })).rejects.toThrow(/The id "0" stands 2 times \(--id ref\).*--source/);
  });

  it('offers the nearest names for a column that is not there', async () => {
    const file = write('people.csv', [headings, ...rows].join('\n'));
    await expect(link([file], { sourceColumn: 'agncy' })).rejects.toThrow(/no column "agncy" \(--source\)\. Did you mean agency/);
  });

  it('names a file that is missing, empty or not a table, and leaves what was there', async () => {
    const { files } = await link([write('people.csv', [headings, ...rows].join('\n'))]);
    await expect(link([join(dir, 'gone.csv')])).rejects.toThrow(/no such file \(.*gone\.csv\)/);
    await expect(link([write('none.csv', '')])).rejects.toThrow(/file is empty \(.*none\.csv\)/);
    await expect(link([write('bad.parquet', 'PAR1 and no more')])).rejects.toThrow(/cannot be read.*bad\.parquet/);
    expect(existsSync(files.pairs)).toBe(true);
    expect(readdirSync(join(dir, 'out')).toSorted()).toEqual(['clusters.parquet', 'pairs.parquet']);
  });

  it('refuses a threshold that is no probability', async () => {
    await expect(link([write('people.csv', headings)], { threshold: 1.5 })).rejects.toThrow(/between 0 and 1/);
    await expect(link([write('people.csv', headings)], { threshold: Number('much') })).rejects.toThrow(/between 0 and 1/);
  });
});
