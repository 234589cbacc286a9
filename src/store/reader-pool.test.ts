import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDuck, type Duck } from './duck.ts';
import { openReaderPool, type ReaderPool } from './reader-pool.ts';

describe('openReaderPool', () => {
  let duck: Duck;
  let forks: Duck[];
  let pool: ReaderPool;
  beforeAll(async () => {
    duck = await openDuck();
    await duck.run('CREATE TABLE event AS SELECT range AS n, range % 7 AS day FROM range(1000)');
    forks = [await duck.fork(), await duck.fork()];
    pool = openReaderPool(forks);
  });
  afterAll(() => {
    pool.close();
    duck.close();
  });
  const count = 'SELECT count(*)::INTEGER AS events FROM event WHERE day = $day AND n < $most';

  it('answers each asking of one statement by its own values, however many ask at once', async () => {
    const asked = Array.from({ length: 40 }, (_, i) => ({ day: i % 7, most: 25 * i }));
    const answers = await Promise.all(asked.map((params) => pool.rows<{ events: number }>(count, params)));
    const expected = asked.map(({ day, most }) => Array.from({ length: most }, (_, n) => n).filter((n) => n % 7 === day).length);
    expect(answers.map(([row]) => row!.events)).toEqual(expected);
  });

  it('plans a statement anew where its table has become another', async () => {
    await duck.run('CREATE TABLE place AS SELECT 1 AS place_id');
    const read = () => pool.rows('SELECT * FROM place');
    await Promise.all([read(), read()]);
    await duck.run("CREATE OR REPLACE TABLE place AS SELECT 'church' AS kind, 2 AS place_id");
    expect(await Promise.all([read(), read()])).toEqual([[{ kind: 'church', place_id: 2 }], [{ kind: 'church', place_id: 2 }]]);
  });

  it('goes on after a statement that fails, in planning and in running', async () => {
    await expect(pool.rows('SELECT none FROM event')).rejects.toThrow('none');
    const asNumber = 'SELECT $text::VARCHAR::INTEGER AS number';
    await expect(pool.rows(asNumber, { text: 'many' })).rejects.toThrow('many');
    expect(await pool.rows(asNumber, { text: '12' })).toEqual([{ number: 12 }]);
  });

  it('answers more statements than it keeps ready', async () => {
    const sums = Array.from({ length: 200 }, (_, i) => pool.rows<{ sum: number }>(`SELECT (sum(n) + ${i})::DOUBLE AS sum FROM event`));
    expect((await Promise.all(sums)).map(([row]) => row!.sum)).toEqual(Array.from({ length: 200 }, (_, i) => 499_500 + i));
    expect(await pool.rows(count, { day: 0, most: 1000 })).toEqual([{ events: 143 }]);
  });
});
