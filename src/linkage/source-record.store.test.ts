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
});
