// Records as they should not be: the command says what is wrong and where, or links what can be linked.

import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newFolder } from '../../test/support/made-folders.ts';
import { openDuck, text, type Duck } from '../store/index.ts';
import { dedupeFiles, type DedupeOptions } from './index.ts';
import { tinyHeadings, tinyRows } from './tiny-files.fixture.ts';

let duck: Duck;
let dir: string;
beforeAll(async () => {
  duck = await openDuck({ memoryLimit: '1GB' });
});
afterAll(() => duck.close());
beforeEach(() => {
  dir = newFolder('bad');
});
const write = (name: string, content: string | Buffer) => {
  writeFileSync(join(dir, name), content);
  return join(dir, name);
};
const link = (file: string, options: Partial<DedupeOptions> = {}) => dedupeFiles({ files: [file], idColumn: 'ref', out: join(dir, 'out'), memoryLimit: '1GB', ...options });

/** Many records, nine of ten with the same date of birth, and names made of syllables; every fifth person has a second record. */
async function manyOfOneBirth(records: number): Promise<string> {
  const syllable = (n: string) => `list_extract(['ba','be','bo','da','de','do','ka','ke','ko','la','le','lo','ma','me','mo','na','ne','no','ra','re','ro','sa','se','so','ta','te','to','va','ve','vo'], 1 + (${n} % 30)::INTEGER)`;
  const name = (salt: number) => [0, 1, 2].map((part) => syllable(`hash(person, ${salt + part})`)).join(' || ');
  const file = join(dir, 'many.parquet');
  await duck.run(`COPY (SELECT ref, person, ${name(1)} AS forename, ${name(4)} AS surname, CASE WHEN hash(person, 11) % 10 = 0 THEN (DATE '1950-01-01' + (hash(person, 12) % 20000)::INTEGER)::VARCHAR ELSE '1970-01-01' END AS dob, 'LU' || (1 + hash(person, 7) % 9) || ' ' || (hash(person, 8) % 10) || chr(65 + (hash(person, 9) % 26)::INTEGER) || chr(65 + (hash(person, 10) % 26)::INTEGER) AS postcode
    FROM (SELECT range AS ref, CASE WHEN range % 6 = 5 THEN range - 1 ELSE range END AS person FROM range(${records}))) TO ${text(file)} (FORMAT parquet)`);
  return file;
}

describe('records as they should not be', () => {
  it('without the column of ids offer the nearest, and without any id say how many', async () => {
    const file = write('people.csv', [tinyHeadings, ...tinyRows(10).filter((row) => row.includes(',police,'))].join('\n'));
    await expect(link(file, { idColumn: 'reff' })).rejects.toThrow(/no column "reff" \(--id\)\. Did you mean ref/);
    await expect(link(write('gap.csv', `${tinyHeadings}\n1,a,,,,,,,,\n,a,,,,,,,,\n`))).rejects.toThrow(/1 record has no id in "ref"/);
  });

  it('in a folder instead of a file, or a file that is no table, are named', async () => {
    mkdirSync(join(dir, 'folder.csv'));
    await expect(link(join(dir, 'folder.csv'))).rejects.toThrow(/no such file \(.*folder\.csv\)/);
    await expect(link(write('half.parquet', Buffer.concat([Buffer.from('PAR1'), Buffer.alloc(200, 7)])))).rejects.toThrow(/cannot be read.*half\.parquet/);
    await expect(link(write('broken.csv.gz', Buffer.concat([Buffer.from([0x1f, 0x8b, 8, 0]), Buffer.alloc(50, 9)])))).rejects.toThrow(/cannot be read.*broken\.csv\.gz/);
  });

  it('that are not UTF-8 are read as Latin-1', async () => {
    const { files } = await link(write('latin.csv', Buffer.from('ref,forename,surname,dob\n1,José,Müller,1980-02-03\nß2,José,Müller,1980-02-03\n', 'latin1')));
    const ids = await duck.rows<{ id: string }>(`SELECT id FROM ${text(files.clusters)} ORDER BY id`);
    expect(ids.map(({ id }) => id)).toEqual(['1', 'ß2']);
  });

  it('with names in other scripts are linked by them', async () => {
    const names = [['Мария', 'Кузнецова'], ['Дмитрий', 'Шевченко'], ['محمد', 'الخطيب'], ['فاطمة', 'حسين'], ['伟', '张'], ['ਹਰਪ੍ਰੀਤ', 'ਸਿੰਘ'], ['Łukasz', 'Żółć'], ['Νίκος', 'Παπαδόπουλος']];
    const rows = names.flatMap(([given, family], index) => ['a', 'b'].map((part) => `${index}${part},${given},${family},19${60 + index}-0${1 + index}-1${index},LU${1 + index} 1AA,${index}`));
    const result = await link(write('scripts.csv', ['ref,first_name,surname,dob,postcode,person', ...rows].join('\n')), { truthColumn: 'person' });
    expect(result).toMatchObject({ records: 16, people: 8, clusters: { f1: 1 } });
  });

  it('where the folder cannot be made or written, say so', async () => {
    const file = write('people.csv', [tinyHeadings, ...tinyRows(10)].join('\n'));
    await expect(link(file, { sourceColumn: 'agency', out: join(file, 'inside') })).rejects.toThrow(/people\.csv/);
    await expect(link(file, { sourceColumn: 'agency', out: '/proc/headwater' })).rejects.toThrow(/proc/);
  });

  it('of whom nine in ten have one date of birth are linked by the rest', async () => {
    const result = await link(await manyOfOneBirth(6000), { truthColumn: 'person' });
    // The one date alone would give 14.6 million pairs.
    expect(result.candidatePairs).toBeLessThan(250_000);
    expect(result.clusters!.recall).toBeGreaterThan(0.95);
    expect(result.clusters!.precision).toBeGreaterThan(0.95);
  });

  it('of whom hundreds hold one value: the value is in a file beside the results, and for the records of a home nowhere', async () => {
    const many = Array.from({ length: 320 }, (_, n) => `${n},Ann,Walker,1980-05-05`);
    const others = Array.from({ length: 40 }, (_, n) => `x${n},${['Daniel', 'Susan', 'Imran', 'Olivia'][n % 4]},${['Hughes', 'Evans', 'Pearce'][n % 3]},19${50 + n}-0${1 + (n % 9)}-1${n % 10}`);
    const file = write('people.csv', ['ref,first_name,surname,dob', ...many, ...others].join('\n'));
    const { warnings, files } = await link(file);
    expect(warnings.join('\n')).toMatch(/Rule "Date of birth and sound of either name": 2 blocks of more than 300 records were not compared \(the largest holds 320\)/);
    expect(warnings.join('\n')).not.toMatch(/walker|1980/i);
    const found = readFileSync(files.largeBlocks!, 'utf8').split('\r\n');
    expect(found[0]).toBe('rule,columns,records,value');
    expect(found).toContain('"Forename and surname, in either order","least(forename, surname) | greatest(forename, surname)",320,ann | walker');
    expect(found.some((line) => /^Date of birth and sound of either name,"?birth \| any of list_concat.*,320,19800505 \| \w+$/.test(line))).toBe(true);
    const out = join(dir, 'home');
    const ofHome = await link(file, { out, fromHome: { keys: [], aside: join(out, '.aside') } });
    expect(ofHome.warnings.join('\n')).toMatch(/the largest holds 320/);
    expect(ofHome.warnings.join('\n')).not.toContain('large-blocks');
    expect(readdirSync(out).toSorted()).toEqual(['clusters.parquet', 'pairs.parquet']);
  });

  it('that do not fit into memory are spilt, and nothing of it stays', async () => {
    const file = await manyOfOneBirth(25_000);
    const settings = write('settings.yaml', 'id: ref\ncomparisons:\n  - {name: forename, template: forename, column: forename}\n  - {name: surname, template: surname, column: surname}\n  - {name: postcode, template: postcode, column: postcode}\nblocking:\n  - [clean_surname]\n  - [clean_postcode]\n  - [forename, surname]\n');
    const roomy = await link(file, { settingsFile: settings, truthColumn: 'person', out: join(dir, 'roomy') });
    mkdirSync(join(dir, 'tight'));
    const written = new Set<string>();
    const watcher = watch(join(dir, 'tight'), { recursive: true }, (_, name) => void (name && written.add(name)));
    const tight = await link(file, { settingsFile: settings, truthColumn: 'person', memoryLimit: '64MB', out: join(dir, 'tight') });
    watcher.close();
    expect([...written].filter((name) => /spill.duckdb_temp/.test(name)).length).toBeGreaterThan(0);
    expect(tight.pairs).toEqual(roomy.pairs);
    expect(readFileSync(tight.files.clusters)).toEqual(readFileSync(roomy.files.clusters));
    expect(readdirSync(join(dir, 'tight')).toSorted()).toEqual(['clusters.parquet', 'model.json', 'pairs.parquet']);
    expect(statSync(tight.files.pairs).size).toBeGreaterThan(0);
    await expect(link(file, { settingsFile: settings, memoryLimit: '8MB', out: join(dir, 'none') })).rejects.toThrow(/memory is too small for these records \(8MB\) \(--memory\)/);
    expect(readdirSync(join(dir, 'none'))).toEqual([]);
    expect(existsSync(join(dir, 'tight', `.writing-${process.pid}`))).toBe(false);
  });

  it('gives the same bytes with one thread and with two', async () => {
    const file = write('people.csv', [tinyHeadings, ...tinyRows(300)].join('\n'));
    const bytes = async (threads: number) => {
      const { files } = await link(file, { sourceColumn: 'agency', threads, out: join(dir, `out${threads}`) });
      return [readFileSync(files.pairs), readFileSync(files.clusters)];
    };
    expect(await bytes(2)).toEqual(await bytes(1));
  });
});
