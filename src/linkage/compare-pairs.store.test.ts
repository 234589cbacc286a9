import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDuck, type Duck } from '../store/index.ts';
import { patternPlaces } from './compare-pairs.sql.ts';
import { personSettings } from './person-settings.sql.ts';
import { prepareRecords } from './prepare-records.store.ts';
import { makeRows, writeRows } from './random-people.fixture.ts';
import { comparePairs } from './compare-pairs.store.ts';

let duck: Duck;
beforeEach(async () => {
  duck = await openDuck();
});
afterEach(() => duck.close());

describe('comparePairs', () => {
  it('gives the same slice by slice as in one go', async () => {
    await writeRows(duck, makeRows(20));
    const settings = personSettings();
    await prepareRecords(duck, 'source_record', settings);
    await duck.run('CREATE TEMP TABLE linkage_candidate AS SELECT a.rid AS l, b.rid AS r FROM linkage_record a JOIN linkage_record b ON a.rid < b.rid');
    const places = patternPlaces(settings.comparisons);
    await comparePairs(duck, 'linkage_candidate', 'whole', places, settings);
    for (const atOnce of [9, 20]) {
      await comparePairs(duck, 'linkage_candidate', 'sliced', places, settings, atOnce);
      expect(await duck.rows('SELECT * FROM sliced ORDER BY l, r')).toEqual(await duck.rows('SELECT * FROM whole ORDER BY l, r'));
    }
  });
});
