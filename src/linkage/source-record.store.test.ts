import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDuck, type Duck } from '../store/index.ts';
import { makeSourceRecords } from './source-record.store.ts';

let duck: Duck;
beforeEach(async () => {
  duck = await openDuck();
  await duck.run(`CREATE TABLE mention (mention_id VARCHAR, feed VARCHAR, agency VARCHAR, local_id VARCHAR, event_id VARCHAR, role VARCHAR, forename VARCHAR, middle_names VARCHAR, surname VARCHAR,
    birth_date DATE, age INTEGER, sex VARCHAR, ethnicity VARCHAR, address VARCHAR, postcode VARCHAR, nhs_number VARCHAR, upn VARCHAR, phone VARCHAR, email VARCHAR, household_ref VARCHAR, observed_on DATE, load_id VARCHAR, line BIGINT)`);
});
afterEach(() => duck.close());

const mention = (values: Record<string, string | number>) => {
  const names = Object.keys(values);
  return duck.run(`INSERT INTO mention (${names.join(', ')}) VALUES (${names.map((name) => `$${name}`).join(', ')})`, values);
};

describe('makeSourceRecords', () => {
  it('keeps the latest value that is not empty, and the other postcodes', async () => {
    await mention({ mention_id: 'm1', agency: 'police', local_id: '7', surname: 'Old', postcode: 'FM1 1AA', age: 30, observed_on: '2024-05-01', load_id: 'a', line: 1 });
    await mention({ mention_id: 'm2', agency: 'police', local_id: '7', surname: 'New', observed_on: '2025-05-01', load_id: 'a', line: 2 });
    await mention({ mention_id: 'm3', agency: 'police', local_id: '7', postcode: 'FM2 2BB', observed_on: '2024-06-01', load_id: 'a', line: 3 });
    expect(await makeSourceRecords(duck)).toBe(1);
    expect(await duck.one('SELECT * FROM source_record')).toMatchObject({
      source_id: 'police:7', agency: 'police', local_id: '7', surname: 'New', postcode: 'FM2 2BB', forename: null, born_about: 1994, other_postcodes: ['FM1 1AA', 'FM2 2BB'],
    });
  });

  it('takes the UPN from an own id that is one, and leaves out mentions without an id', async () => {
    await mention({ mention_id: 'm1', agency: 'education', local_id: 'H801200001001', forename: 'Ann', load_id: 'a', line: 1 });
    await mention({ mention_id: 'm2', agency: 'ambulance', forename: 'Nobody', load_id: 'a', line: 2 });
    expect(await makeSourceRecords(duck)).toBe(1);
    expect(await duck.one('SELECT upn FROM source_record')).toEqual({ upn: 'H801200001001' });
  });

  it('keeps whom only a bare mention names, and lets a mention that says more go before bare ones', async () => {
    await mention({ mention_id: 'm1', agency: 'education', local_id: '41', load_id: 'a', line: 1, observed_on: '2025-01-01' });
    await mention({ mention_id: 'm2', agency: 'education', local_id: '41', load_id: 'a', line: 2, observed_on: '2025-01-02' });
    await mention({ mention_id: 'm3', agency: 'education', local_id: 'H80', upn: 'H80', load_id: 'a', line: 3, observed_on: '2025-01-03' });
    await mention({ mention_id: 'm4', agency: 'education', local_id: 'H80', upn: 'K99', surname: 'Ash', load_id: 'a', line: 4, observed_on: '2024-01-03' });
    expect(await makeSourceRecords(duck)).toBe(2);
    expect(await duck.rows('SELECT local_id, upn, surname FROM source_record ORDER BY 1')).toEqual([{ local_id: '41', upn: null, surname: null }, { local_id: 'H80', upn: 'K99', surname: 'Ash' }]);
  });

  it('gives what looking for each column’s newest value by itself gives, over mentions of every kind', async () => {
    const columns = ['forename', 'surname', 'address', 'postcode', 'phone'];
    const sometimes = (column: string, share: number, values: number) => `CASE WHEN hash(i, '${column}') % 100 < ${share} THEN '${column} ' || hash(i, '${column}', 'value') % ${values} END`;
    await duck.run(`INSERT INTO mention BY NAME SELECT 'm' || i AS mention_id, 'agency ' || hash(i, 'agency') % 2 AS agency, 'id ' || hash(i, 'id') % 150 AS local_id, ${columns.map((column) => `${sometimes(column, 40, 3)} AS ${column}`).join(', ')},
      CASE WHEN hash(i, 'age') % 4 = 0 THEN (hash(i) % 80)::INTEGER END AS age, CASE WHEN hash(i, 'upn') % 5 = 0 THEN 'id ' || hash(i, 'id') % 150 WHEN hash(i, 'upn') % 5 = 1 THEN 'U' || i % 7 END AS upn,
      CASE WHEN hash(i, 'day') % 10 > 0 THEN DATE '2025-01-01' + (hash(i, 'day', 'value') % 300)::INTEGER END AS observed_on, 'load ' || hash(i, 'load') % 12 AS load_id, i AS line FROM range(600) r(i)`);
    const records = await makeSourceRecords(duck);
    expect(records).toBeGreaterThan(100);
    // A mention that says no more than whose it is counts as the oldest.
    const speaks = `(${[...columns, 'age'].map((column) => `${column} IS NOT NULL`).join(' OR ')} OR coalesce(upn <> local_id, FALSE))`;
    const newest = (value: string) => `(list(${value} ORDER BY ${speaks}, coalesce(observed_on, DATE '0001-01-01'), load_id, line) FILTER (${value} IS NOT NULL))[-1]`;
    const expected = await duck.rows(`SELECT agency || ':' || local_id AS source_id, ${[...columns, 'upn'].map((column) => `${newest(column)} AS ${column}`).join(', ')}, ${newest('year(observed_on) - age')} AS born_about,
      list_sort(list(DISTINCT postcode) FILTER (postcode IS NOT NULL)) AS other_postcodes FROM mention GROUP BY agency, local_id ORDER BY 1`);
    expect(await duck.rows(`SELECT source_id, ${columns.join(', ')}, upn, born_about, other_postcodes FROM source_record`)).toEqual(expected);
  });
});
