import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDuck, type Duck } from '../store/index.ts';
import { filledColumns, queryInputs } from './match-query.sql.ts';
import { personSettings } from './person-settings.sql.ts';
import { derivedSql, sourceKind } from './prepare-records.store.ts';

const settings = personSettings({ words: ['city'], identifiers: ['case_number'] });
const values: Record<string, string> = {
  forename: "'Mary Ann'", middle_names: "'Rose'", surname: "'O''Brien, Kate'", birth_date: "DATE '1984-03-12'", born_about: '1984', sex: "'F'", postcode: "'FM1 2AB'", other_postcodes: "['FM1 2AB', 'FM2 3CD']",
  address: "'Flat 2, 14a High Street'", nhs_number: "'9434765919'", upn: "'A801200001001'", phone: "'07700 900123'", email: "'kate@example.org'", city: "'Fenmarch'", case_number: "'C-1'",
};
let duck: Duck;
beforeAll(async () => {
  duck = await openDuck();
});
afterAll(() => duck.close());

/** The prepared columns that hold something where the source's columns hold no more than these. */
async function holding(given: string[]): Promise<string[]> {
  const source = queryInputs(settings).map((column) => `${given.includes(column) ? values[column] : 'NULL'}::${sourceKind(column)} AS ${column}`).join(', ');
  const row = await duck.one(derivedSql(settings, `SELECT ${settings.clean.map(({ name, sql }) => `${sql} AS ${name}`).join(', ')} FROM (SELECT ${source})`));
  return Object.keys(row).filter((name) => row[name] !== null);
}

describe('filledColumns', () => {
  it('knows every column that comes of what is given, whatever that is', async () => {
    const inputs = queryInputs(settings);
    expect(inputs.filter((column) => !(column in values))).toEqual([]);
    const sets = [[], ...inputs.map((column) => [column]), ['postcode', 'other_postcodes'], ['postcode', 'address'], ['forename', 'surname'], inputs];
    for (const given of sets) {
      const filled = filledColumns(settings, given);
      expect((await holding(given)).filter((name) => !filled.has(name)), given.join(', ')).toEqual([]);
    }
    expect(await holding(inputs)).toEqual(expect.arrayContaining(['middle', 'birth_year', 'address_key', 'x_city', 'postcodes', 'house']));
  });

  it('leaves out what comes of the other columns alone', () => {
    const filled = filledColumns(settings, ['surname', 'birth_date']);
    for (const name of ['postcode', 'sector', 'street', 'phone', 'nhs_number', 'sex']) expect(filled.has(name), name).toBe(false);
    expect(filled.has('surname_sounds')).toBe(true);
    expect(filledColumns(settings, []).size).toBe(0);
  });
});
