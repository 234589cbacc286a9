// Sealed Parquet files: read by the query engine with their key alone, and the same file again once they are opened.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDuck, type Duck } from './duck.ts';
import { keyFromText } from './home-key.ts';
import { readParquetSql } from './read-parquet.sql.ts';
import { parquetKind, plainParquetHash, resealParquet, sealedParquetKeyId, sealParquet, unsealParquet } from './sealed-parquet.ts';

const [one, two] = ['1', '2'].map((digit) => keyFromText(digit.repeat(64))!) as [NonNullable<ReturnType<typeof keyFromText>>, NonNullable<ReturnType<typeof keyFromText>>];
let folder: string;
let duck: Duck;
const at = (name: string) => join(folder, name);
const unsealed = (path: string, keys = [one]) => Buffer.concat([...unsealParquet(path, keys)]);

/** Many pages and row groups, words and numbers, missing values, lists and structures. */
const rowsSql = (rows: number) => `SELECT i, 'Thistlewood ' || i AS name, i % 7 AS day, CASE WHEN i % 3 = 0 THEN NULL ELSE 'word' || (i % 50) END AS word, ['a' || i, 'b'] AS list, {a: i, b: 'x' || i} AS pair, DATE '2026-01-01' + (i % 300)::INT AS date FROM range(${rows}) t(i)`;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'headwater-sealed-'));
  duck = await openDuck({ memoryLimit: '1GB', keys: [one] });
});

afterAll(() => {
  duck.close();
  rmSync(folder, { recursive: true, force: true });
});

async function writePlain(name: string, select: string, options = ''): Promise<string> {
  await duck.run(`COPY (${select}) TO '${at(name)}' (FORMAT parquet, ${options.includes('COMPRESSION') ? '' : 'COMPRESSION zstd'}${options})`);
  return at(name);
}

describe('a sealed Parquet file', () => {
  it.each([['no rows', 0, ''], ['one page', 1000, ''], ['many row groups', 30_000, ', ROW_GROUP_SIZE 4096'], ['the newer pages', 30_000, ', PARQUET_VERSION v2, ROW_GROUP_SIZE 8192']])('of %s gives the same rows, whole and by parts, and the same bytes when it is opened', async (name, rows, options) => {
    const plain = await writePlain(`${name}.plain.parquet`, rowsSql(rows), options);
    const sealed = at(`${name}.parquet`);
    sealParquet(plain, sealed, one);
    expect([parquetKind(plain), parquetKind(sealed)]).toEqual(['plain', 'sealed']);
    expect(unsealed(sealed).equals(readFileSync(plain))).toBe(true);
    const [there, here] = [readParquetSql(plain), readParquetSql(sealed)];
    expect(await duck.one(`SELECT count(*) AS n, max(name) AS name, sum(day) AS days, max(list[1]) AS first, max(pair.b) AS pair FROM ${here}`)).toEqual(await duck.one(`SELECT count(*) AS n, max(name) AS name, sum(day) AS days, max(list[1]) AS first, max(pair.b) AS pair FROM ${there}`));
    for (const where of [`name = 'Thistlewood ${rows - 3}'`, "word = 'word7' AND day = 3", 'i BETWEEN 900 AND 905', "date = DATE '2026-02-01'"]) {
      expect(await duck.rows(`SELECT list, pair, word, i FROM ${here} WHERE ${where} ORDER BY i`)).toEqual(await duck.rows(`SELECT list, pair, word, i FROM ${there} WHERE ${where} ORDER BY i`));
    }
  });

  it('shows no name, no number and no column of what it holds', async () => {
    const plain = await writePlain('words.plain.parquet', "SELECT 'Thistlewood' AS surname, 12345678901 AS nhs_number FROM range(10)", 'COMPRESSION uncompressed');
    expect(readFileSync(plain).includes('Thistlewood') && readFileSync(plain).includes('surname')).toBe(true);
    sealParquet(plain, at('words.parquet'), one);
    const bytes = readFileSync(at('words.parquet'));
    for (const word of ['Thistlewood', 'surname', 'nhs_number', 'duckdb_schema']) expect(bytes.includes(word)).toBe(false);
  });

  it('is never the same twice, since its random numbers are not', async () => {
    const plain = await writePlain('twice.plain.parquet', rowsSql(100));
    sealParquet(plain, at('twice.1.parquet'), one);
    sealParquet(plain, at('twice.2.parquet'), one);
    expect(readFileSync(at('twice.1.parquet')).equals(readFileSync(at('twice.2.parquet')))).toBe(false);
    expect(plainParquetHash(at('twice.1.parquet'), [one])).toBe(plainParquetHash(at('twice.2.parquet'), [one]));
  });

  it('sealed anew with another key opens with that key and no longer with the first', async () => {
    const plain = await writePlain('again.plain.parquet', rowsSql(5000));
    sealParquet(plain, at('again.1.parquet'), one);
    resealParquet(at('again.1.parquet'), at('again.2.parquet'), [one], two);
    expect([sealedParquetKeyId(at('again.1.parquet')), sealedParquetKeyId(at('again.2.parquet'))]).toEqual([one.id, two.id]);
    expect(unsealed(at('again.2.parquet'), [two]).equals(readFileSync(plain))).toBe(true);
    expect(() => unsealed(at('again.2.parquet'), [one])).toThrow(/^The key [0-9a-f-]{19} is needed/);
    await expect(duck.rows(`SELECT * FROM ${readParquetSql(at('again.2.parquet'))}`)).rejects.toThrow(/^The key [0-9a-f-]{19} is needed to read what is encrypted here/);
  });

  it('that was changed or cut short is refused, by us and by the engine', async () => {
    const plain = await writePlain('harm.plain.parquet', rowsSql(5000));
    sealParquet(plain, at('harm.parquet'), one);
    const bytes = readFileSync(at('harm.parquet'));
    for (const place of [40, Math.floor(bytes.length / 2), bytes.length - 40]) {
      const harmed = Buffer.from(bytes);
      harmed[place]! ^= 1;
      writeFileSync(at('harmed.parquet'), harmed);
      expect(() => unsealed(at('harmed.parquet'))).toThrow('This encrypted file is damaged');
    }
    const harmed = Buffer.from(bytes);
    harmed[40]! ^= 1;
    writeFileSync(at('harmed.parquet'), harmed);
    await expect(duck.rows(`SELECT * FROM ${readParquetSql(at('harmed.parquet'))}`)).rejects.toThrow(/AES tag/);
    writeFileSync(at('short.parquet'), bytes.subarray(0, bytes.length - 100));
    expect(() => unsealed(at('short.parquet'))).toThrow('This encrypted file is damaged');
  });

  it('is read together with plain ones, and each row knows its file', async () => {
    const plain = await writePlain('mixed.plain.parquet', 'SELECT 1 AS a');
    await writePlain('mixed.other.parquet', 'SELECT 2 AS a, 3 AS b');
    sealParquet(at('mixed.other.parquet'), at('mixed.parquet'), one);
    const rows = await duck.rows(`SELECT * FROM ${readParquetSql([plain, at('mixed.parquet')], { unionByName: true, filename: true })} ORDER BY a`);
    expect(rows).toEqual([{ a: 1, b: null, filename: plain }, { a: 2, b: 3, filename: at('mixed.parquet') }]);
  });
});
