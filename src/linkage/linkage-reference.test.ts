// Linkage of public data sets whose truth is known, with the person settings and nothing fitted to them. The bounds lie a little
// below what is reached, which is the same in every run. historical_50k takes too long for a test: the bench `linkage` asks for its bounds.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDuck, text, type Duck } from '../store/index.ts';
import { linkRecords, personSettings, scoreLinkage, type PersonOptions } from './index.ts';

const folder = join(import.meta.dirname, '../../../shared/reference/linkage');
let duck: Duck;
beforeEach(async () => {
  duck = await openDuck({ memoryLimit: '2GB' });
});
afterEach(() => duck.close());

/** Links a query with the columns of source_record and `person`. */
async function linkAndScore(sql: string, options: PersonOptions) {
  await duck.run(`CREATE TABLE source_record AS ${sql}; CREATE TABLE truth AS SELECT agency, local_id, person FROM source_record`);
  await linkRecords(duck, { source: 'source_record', out: 'source_person', settings: personSettings(options) });
  const { pairs } = await scoreLinkage(duck, { source: 'source_record', out: 'source_person', truth: 'truth' });
  return pairs!;
}

const file = (name: string) => text(join(folder, name));

describe.skipIf(!existsSync(folder))('linkRecords on reference data (needs ../shared/reference)', () => {
  it('links FEBRL3 with F1 of at least .998', async () => {
    const pairs = await linkAndScore(
      `SELECT rec_id AS source_id, 'febrl' AS agency, rec_id AS local_id, trim(given_name) AS forename, trim(surname) AS surname, try_strptime(trim(date_of_birth), '%Y%m%d')::DATE AS birth_date, trim(postcode) AS postcode,
        concat_ws(' ', trim(street_number), trim(address_1)) AS address, trim(suburb) AS suburb, trim(state) AS state, trim(address_2) AS district, trim(soc_sec_id) AS soc, regexp_extract(rec_id, 'rec-(\\d+)-', 1) AS person
      FROM read_csv(${file('febrl_dataset3.csv')}, all_varchar = true, header = true)`,
      { words: ['suburb', 'state', 'district'], typedNumbers: ['soc'] },
    );
    expect(pairs.truePairs).toBe(6538);
    expect(pairs.f1).toBeGreaterThanOrEqual(0.998);
  });

  it('links fake_1000 with F1 of at least .95, precisely', async () => {
    const pairs = await linkAndScore(
      `SELECT unique_id AS source_id, 'fake' AS agency, unique_id AS local_id, first_name AS forename, surname, try_cast(dob AS DATE) AS birth_date, city, email, cluster AS person FROM read_csv(${file('fake_1000.csv')}, all_varchar = true)`,
      { words: ['city'] },
    );
    expect(pairs.truePairs).toBe(2031);
    expect(pairs.f1).toBeGreaterThanOrEqual(0.95);
    expect(pairs.precision).toBeGreaterThanOrEqual(0.998);
  });

  it('links a fiftieth of people_1m with F1 of at least .997', async () => {
    const pairs = await linkAndScore(
      `SELECT unique_id::VARCHAR AS source_id, source AS agency, unique_id::VARCHAR AS local_id, first_name AS forename, surname, coalesce(try_strptime(dob, '%Y-%m-%d'), try_strptime(dob, '%Y-%d-%m'))::DATE AS birth_date,
        sex, postcode, city, person::VARCHAR AS person FROM ${file('people_1m.parquet')} WHERE person % 50 = 7`,
      { words: ['city'] },
    );
    expect(pairs.truePairs).toBeGreaterThan(15_000);
    expect(pairs.f1).toBeGreaterThanOrEqual(0.997);
  });
});
