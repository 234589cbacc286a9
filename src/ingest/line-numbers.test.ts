import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openDuck } from '../store/index.ts';
import { fileIn, load, temporaryHome } from '../../test/support/ingest-home.ts';

describe('line numbers', () => {
  it('are those of the file where it is large enough for two threads to read', async () => {
    const home = temporaryHome();
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
});
