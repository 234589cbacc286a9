import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDuck, type Duck } from '../store/index.ts';
import { comparePairsSql, levelInPattern, patternPlaces } from './compare-pairs.sql.ts';
import { personSettings } from './person-settings.sql.ts';
import { prepareRecords } from './prepare-records.store.ts';
import { writeTinyPeople, type TinyRecord } from './tiny-people.fixture.ts';

let duck: Duck;
beforeAll(async () => {
  duck = await openDuck();
});
afterAll(() => duck.close());

/** The name of the level of each comparison for two records. */
async function levelsOf(a: Omit<TinyRecord, 'id'>, b: Omit<TinyRecord, 'id'>, bornAbout: [number | null, number | null] = [null, null]): Promise<Record<string, string>> {
  const settings = personSettings();
  await writeTinyPeople(duck, [{ ...a, id: 'a:1' }, { ...b, id: 'b:1' }]);
  await duck.run("ALTER TABLE source_record ADD COLUMN born_about INTEGER; UPDATE source_record SET born_about = CASE agency WHEN 'a' THEN $left::INTEGER ELSE $right::INTEGER END", { left: bornAbout[0], right: bornAbout[1] });
  await prepareRecords(duck, 'source_record', settings);
  const places = patternPlaces(settings.comparisons);
  const { pattern } = await duck.one<{ pattern: number }>(comparePairsSql('(SELECT 0 AS l, 1 AS r)', places));
  return Object.fromEntries(
    places.flatMap((place) => {
      const level = levelInPattern(pattern, place);
      return level < 0 ? [] : [[place.comparison.name, place.comparison.levels[level]!.name]];
    }),
  );
}

describe('the levels of names', () => {
  it.each([
    ['Robert', 'ROBERT', 'exact'], ['Robert', 'Bob', 'variant'], ['Katherine', 'Kathrine', 'near'], ['J', 'John', 'initial'], ['Daniel', 'Victor', 'different'], ['Zoë', 'Zoe', 'exact'], ['Иван', 'Иван', 'exact'],
    ['Ali', 'Ai', 'similar'], ['Wei', 'Wie', 'similar'], ['Ali', 'Bo', 'different'], ['Mei', 'Lei', 'different'], ['Tunde', 'Babatunde', 'variant'], ['Parveen', 'Perveen', 'variant'], ['Cicely', 'Sisley', 'similar'], ['Phoebe', 'Feeby', 'similar'],
  ])('forenames %s and %s: %s', async (a, b, level) => {
    expect(await levelsOf({ forename: a, surname: 'Smith' }, { forename: b, surname: 'Smith' })).toMatchObject({ forename: level, surname: 'exact' });
  });

  it.each([['Smith', 'Smyth', 'similar'], ['Smith-Jones', 'Jones', 'part'], ["O'Brien", 'O Brien', 'exact'], ['Patel', 'Green', 'different'], ['Rai', 'Ria', 'similar'], ['Knight', 'Nite', 'similar'], ['Lee', 'Dar', 'different']])('surnames %s and %s: %s', async (a, b, level) => {
    expect(await levelsOf({ surname: a, sex: 'M' }, { surname: b, sex: 'M' })).toMatchObject({ surname: level });
  });

  it('sees a changed surname of a woman', async () => {
    expect(await levelsOf({ surname: 'Patel', sex: 'F' }, { surname: 'Green', sex: 'F' })).toMatchObject({ surname: 'changed' });
  });

  it('sees names that stand in each other’s column, once', async () => {
    const levels = await levelsOf({ forename: 'Abdul', surname: 'Karim' }, { forename: 'Karim', surname: 'Abdul' });
    expect(levels.forename).toBe('swapped');
    expect(levels.surname).toBeUndefined();
  });

  it.each([['Adnan', 'Ahmed', 'Akram', 'Adnan'], ['Aziz', 'Ebrahimi', 'Ebrahim', 'Khan']])('sees %s %s in the other order, with another surname, as %s %s', async (forename, surname, otherForename, otherSurname) => {
    const levels = await levelsOf({ forename, surname, sex: 'M' }, { forename: otherForename, surname: otherSurname, sex: 'M' });
    expect(levels.forename).toBe('crossed');
    expect(levels.surname).toBeUndefined();
  });

  it('takes no initial for a surname in the forename’s column', async () => {
    expect(await levelsOf({ forename: 'A', surname: 'Khan', sex: 'M' }, { forename: 'Bilal', surname: 'A', sex: 'M' })).toMatchObject({ forename: 'different', surname: 'different' });
  });

  it('says nothing where a name is a placeholder', async () => {
    expect(await levelsOf({ forename: 'Unknown', surname: 'Smith' }, { forename: 'Ann', surname: 'Smith' })).not.toHaveProperty('forename');
  });
});

describe('the levels of dates', () => {
  it.each([
    ['1984-03-12', '1984-03-12', 'exact'], ['1984-03-12', '1984-12-03', 'swapped'], ['1984-03-12', '1984-03-15', 'digit'], ['1984-03-22', '1984-01-01', 'default'],
    ['1984-03-12', '1984-05-14', 'digits'], ['1984-03-12', '1984-11-28', 'year'], ['1984-03-12', '1990-10-25', 'different'], ['1984-03-12', '1950-10-25', 'generation'],
  ])('%s and %s: %s', async (a, b, level) => {
    expect(await levelsOf({ born: a }, { born: b })).toMatchObject({ birth_date: level });
  });

  // The year of an event less the age then is the year of birth or, before the birthday, the next.
  it.each<[string | undefined, number | null, number, string]>([
    ['1984-03-12', null, 1984, 'age'], ['1984-03-12', null, 1985, 'age'], ['1984-03-12', null, 1986, 'age_near'], ['1984-03-12', null, 1983, 'age_near'], ['1984-03-12', null, 1982, 'different'], ['1984-03-12', null, 1987, 'different'],
    [undefined, 1984, 1985, 'age'], [undefined, 1984, 1986, 'age_near'], [undefined, 1984, 1987, 'different'],
  ])('a birth on %s or about %s, and about %s: %s', async (born, left, right, level) => {
    expect(await levelsOf(born ? { born } : {}, {}, [left, right])).toMatchObject({ birth_date: level });
  });
});

describe('the levels of homes and numbers', () => {
  it.each<[Omit<TinyRecord, 'id'>, Omit<TinyRecord, 'id'>, string]>([
    [{ address: '4 Quay Lane', postcode: 'FM1 2AB' }, { address: '4, Quay Ln, Fenmarch', postcode: 'fm12ab' }, 'address'],
    [{ address: '4 Quay Lane', postcode: 'FM1 2AB' }, { postcode: 'FM1 2AB' }, 'postcode'],
    [{ address: '4 Quay Lane', postcode: 'FM1 2AB' }, { address: '9 Quay Lane', postcode: 'FM1 2AB' }, 'neighbour'],
    [{ address: '4 Quay Lane', postcode: 'FM1 2AB' }, { address: '4 Quay Lane' }, 'address_only'],
    [{ postcode: 'FM1 2AB' }, { postcode: 'FM1 2AC' }, 'near'],
    [{ postcode: 'FM1 2AB' }, { postcode: 'FM1 2ZY' }, 'sector'],
    [{ postcode: 'FM1 2AB' }, { postcode: 'FM1 9ZY' }, 'district'],
    [{ postcode: 'FM1 2AB' }, { postcode: 'FM8 9ZY' }, 'different'],
  ])('%o and %o: %s', async (a, b, level) => {
    expect(await levelsOf(a, b)).toMatchObject({ home: level });
  });

  it('compares numbers, telephones and e-mails as written in one way', async () => {
    const levels = await levelsOf({ nhs: '999 000 0018', phone: '+44 1632 960123', email: 'A@example.org' }, { nhs: '9990000018', phone: '01632 960124', email: 'a@example.com' });
    expect(levels).toEqual({ nhs_number: 'exact', phone: 'near', email: 'name' });
  });

  it('compares pupil numbers as written in one way, and e-mails that are equal or a slip apart', async () => {
    expect(await levelsOf({ upn: 'h801 200001001', email: 'A.Okafor@b.org' }, { upn: 'H801200001001', email: 'a.okafor@b.org' })).toEqual({ upn: 'exact', email: 'exact' });
    expect(await levelsOf({ upn: 'X801200001002', email: 'a.okafr@b.org' }, { upn: 'H801200001001', email: 'a.okafor@b.org' })).toEqual({ upn: 'different', email: 'near' });
  });
});
