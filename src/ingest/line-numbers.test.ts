// The line that a row is said to come from is its line, also where two threads read the file.

import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fileIn, load, packIn, temporaryHome, visitPack } from '../../test/support/ingest-home.ts';
import { openDuck } from '../store/index.ts';
import { columnKinds } from './contract.schema.ts';
import { getFeed, listFeeds, type Contract } from './index.ts';
import { countedSourceSql, csvSourceSql, keepsOrder, stageSql, type CsvShape } from './stage-rows.sql.ts';

const shapeOf = (contract: Contract): CsvShape => ({ delimiter: ',', columns: contract.columns.map((column) => ({ heading: column.name, column, keep: false })), numbered: false, long: true, spaces: false });

describe('line numbers', () => {
  it('are those of the file where it is large enough for two threads to read', async () => {
    const home = temporaryHome(2);
    const rows = Array.from({ length: 150_000 }, (_, i) => `${(i + 2).toString(16).padStart(64, '0')},2026-0${1 + Math.floor(i / 30_000)},Force,Force,,,No location,,,${i === 77_000 ? 'Witchcraft' : 'Burglary'},,`);
    const file = fileIn(home, 'street.csv', `Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,Last outcome category,Context\n${rows.join('\n')}\n`);
    const counts = await load(home, 'police-uk-street', file);
    expect(counts).toMatchObject({ rows: 150_000, accepted: 149_999, quarantined: 1 });
    const duck = await openDuck();
    try {
      const held = join(home.loads, 'police-uk-street', '*');
      const { wrong } = await duck.one<{ wrong: number }>(`SELECT count(*) AS wrong FROM read_parquet('${held}/accepted.parquet') WHERE ('0x' || right("Crime ID", 8))::BIGINT <> line`);
      expect(wrong).toBe(0);
      expect(await duck.rows(`SELECT line, value FROM read_parquet('${held}/quarantined.parquet')`)).toEqual([{ line: 77_002, value: 'Witchcraft' }]);
    } finally {
      duck.close();
    }
  });

  it('come from a plan that keeps the order of the file, for every feed and every type of column', async () => {
    const home = temporaryHome();
    const codes = Array.from({ length: 80 }, (_, i) => `code-${i}`);
    const columns = columnKinds.map((type) => `  - { name: ${type}, type: ${type}, required: true, ${type === 'code' || type === 'list' ? `codes: [${codes.join(', ')}], ` : ''}zone: UTC }`).join('\n');
    packIn(home, 'feeds/visit', visitPack.replace(/columns:[\s\S]*/, `columns:\n${columns}\n`).replace('key: [ref]', 'key: [text, date]'));
    const duck = await openDuck({ threads: 2 });
    await duck.run(`SET disabled_optimizers = 'in_clause'`);
    const plan = async (contract: Contract, source: (path: string) => string) => {
      const file = fileIn(home, `${contract.feed}.csv`, `${contract.columns.map((column) => `"${column.name}"`).join(',')}\n`);
      return (await duck.rows<{ explain_value: string }>(`EXPLAIN ${stageSql(contract, shapeOf(contract), source(file))}`)).map((row) => row.explain_value).join('\n');
    };
    for (const contract of [getFeed(home.packs, 'visit'), ...listFeeds(home.packs)]) {
      expect(keepsOrder(await plan(contract, (path) => csvSourceSql(path, shapeOf(contract)))), contract.feed).toBe(true);
    }
    // A plan with a join is told apart, and there the lines are counted as they are read.
    const visit = getFeed(home.packs, 'visit');
    expect(keepsOrder(await plan(visit, (path) => `(SELECT * FROM ${csvSourceSql(path, shapeOf(visit))} SEMI JOIN (VALUES ('a')) AS words (c0) USING (c0)) AS joined`))).toBe(false);
    duck.close();
  });

  it('are counted in the file’s order where the plan would lose it', async () => {
    const home = temporaryHome();
    const path = fileIn(home, 'numbers.csv', `n\n${Array.from({ length: 400_000 }, (_, i) => `${i + 2}${' '.repeat(40)}`).join('\n')}\n`);
    const duck = await openDuck({ threads: 2 });
    const shape: CsvShape = { delimiter: ',', columns: [{ heading: 'n', keep: false }], numbered: false, long: false, spaces: false };
    await duck.run(`CREATE TEMP TABLE joined AS SELECT line, CAST(trim(c0) AS BIGINT) AS n FROM ${countedSourceSql(csvSourceSql(path, shape))} ANTI JOIN (VALUES ('x')) AS words (c0) USING (c0)`);
    expect(await duck.one('SELECT count(*) AS rows, count(*) FILTER (line <> n) AS wrong FROM joined')).toEqual({ rows: 400_000, wrong: 0 });
    duck.close();
  });
});
