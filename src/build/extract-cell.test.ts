// The CSV of an extract is as safe to open in a spreadsheet as every other: the rule is one, whether the query engine or Headwater writes the cell.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { neutraliseFormula } from '../core/index.ts';
import { openDuck, type Duck } from '../store/index.ts';
import { csvCellSql, writeCsvSql, writeParquetSql } from './extract.sql.ts';

const folder = mkdtempSync(join(tmpdir(), 'headwater-cells-'));
let duck: Duck;
beforeAll(async () => void (duck = await openDuck({ threads: 1 })));
afterAll(() => {
  duck.close();
  rmSync(folder, { recursive: true, force: true });
});

const told = ['=1+1', '+44 7700 900000', '-2+3', '@SUM(A1)', '\t=1', '\r', ' =1', '\u00a0=1', '\u2003@x', '\ufeff=1', '\v-x', "'=1", "''\n+x", '＝1', '－x', '-0.4', '+5', '-1e5', '-1E+05', '.5', '-.', '5.', '٣', '-٣', 'plain', "o'clock", '', '2025-04-01 09:30:00', 'a=b'];

it('the query engine puts an apostrophe before the same cells as pages do', async () => {
  const likely = fc.stringMatching(/^'{0,2}[\t\n\r \u00a0\u2009]{0,2}[=+@.＝＋-]{0,2}[0-9.eE+-]{0,4}$/);
  const some = [...told, ...fc.sample(fc.oneof(likely, fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\u0000', ''))), { numRuns: 1500, seed: 7 })].filter((text) => text.isWellFormed());
  const rows = await duck.rows<{ safe: string }>(`SELECT ${csvCellSql('cell')} AS safe FROM (SELECT unnest(string_split($cells, chr(0))) AS cell)`, { cells: some.join('\u0000') });
  expect(rows.map(({ safe }) => safe)).toEqual(some.map(neutraliseFormula));
  expect(rows.filter(({ safe }, n) => safe !== some[n]).length).toBeGreaterThan(100);
});

it('a file has the cells made safe, and numbers, times, lists and nothing as they were', async () => {
  const [parquet, csv] = [join(folder, 'event.parquet'), join(folder, 'event.csv')];
  await duck.run(writeParquetSql(`SELECT '=HYPERLINK("http://x")' AS kind, -0.4::DOUBLE AS longitude, TIMESTAMP '2025-04-01 09:30:00' AS started_at, ['@alcohol', 'knife'] AS flags, NULL::VARCHAR AS outcome, -3::INTEGER AS minutes
    UNION ALL SELECT 'call', 51.5, NULL, NULL, ' +44', 12`, parquet));
  await duck.run(writeCsvSql(parquet, csv, ['kind', 'longitude', 'started_at', 'flags', 'outcome', 'minutes'].map((name) => ({ name }))));
  expect(readFileSync(csv, 'utf8')).toBe(`kind,longitude,started_at,flags,outcome,minutes\n"'=HYPERLINK(""http://x"")",-0.4,2025-04-01 09:30:00,'@alcohol;knife,,-3\ncall,51.5,,,' +44,12\n`);
});
