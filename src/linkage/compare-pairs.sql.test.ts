import { beforeAll, describe, expect, it } from 'vitest';
import { openDuck, type Duck } from '../store/index.ts';
import { comparePairsSql, levelInPattern, patternPlaces } from './compare-pairs.sql.ts';
import { personSettings } from './person-settings.sql.ts';
import { prepareRecords } from './prepare-records.store.ts';
import { writeTinyPeople, type TinyRecord } from './tiny-people.fixture.ts';

type Person = Omit<TinyRecord, 'id'>;
type Levels = Record<string, string>;

/** Pairs that tests ask about as they are declared; all are compared at once, since to prepare the records of one pair takes as long as of all. */
const asked: { a: Person; b: Person; bornAbout: [number | null, number | null] }[] = [];
let answers: Levels[];
beforeAll(async () => {
  const duck = await openDuck();
  answers = await compareAsked(duck);
  duck.close();
});

/** Gives, once tests run, the name of the level of each comparison for two records. */
function levelsOf(a: Person, b: Person, bornAbout: [number | null, number | null] = [null, null]): () => Levels {
  const place = asked.push({ a, b, bornAbout }) - 1;
  return () => answers[place]!;
}

async function compareAsked(duck: Duck): Promise<Levels[]> {
  const settings = personSettings();
  await writeTinyPeople(duck, asked.flatMap(({ a, b }, place) => [{ ...a, id: `a:${place}` }, { ...b, id: `b:${place}` }]));
  await duck.run('ALTER TABLE source_record ADD COLUMN born_about INTEGER');
  for (const [place, { bornAbout }] of asked.entries()) {
    for (const [side, about] of bornAbout.entries()) if (about !== null) await duck.run('UPDATE source_record SET born_about = $about::INTEGER WHERE source_id = $record', { about, record: `${'ab'[side]}:${place}` });
  }
  await prepareRecords(duck, 'source_record', settings);
  const places = patternPlaces(settings.comparisons);
  const pairs = await duck.rows<{ place: number; pattern: number }>(`SELECT split_part(source_id, ':', 2)::INTEGER AS place, pattern
    FROM (${comparePairsSql("(SELECT a.rid AS l, b.rid AS r FROM linkage_record a JOIN linkage_record b ON b.source_id = 'b' || substr(a.source_id, 2) WHERE a.source_id[1] = 'a')", places)}) JOIN linkage_record ON rid = l ORDER BY 1`);
  expect(pairs.map(({ place }) => place)).toEqual([...asked.keys()]);
  return pairs.map(({ pattern }) => Object.fromEntries(
    places.flatMap((place) => {
      const level = levelInPattern(pattern, place);
      return level < 0 ? [] : [[place.comparison.name, place.comparison.levels[level]!.name]];
    }),
  ));
}

describe('the levels of names', () => {
  it.each(([
    ['Robert', 'ROBERT', 'exact'], ['Robert', 'Bob', 'variant'], ['Katherine', 'Kathrine', 'near'], ['J', 'John', 'initial'], ['Daniel', 'Victor', 'different'], ['Zoë', 'Zoe', 'exact'], ['Иван', 'Иван', 'exact'],
    ['Ali', 'Ai', 'similar'], ['Wei', 'Wie', 'similar'], ['Ali', 'Bo', 'different'], ['Mei', 'Lei', 'different'], ['Tunde', 'Babatunde', 'variant'], ['Parveen', 'Perveen', 'variant'], ['Cicely', 'Sisley', 'similar'], ['Phoebe', 'Feeby', 'similar'],
  ] as const).map(([a, b, level]) => [a, b, level, levelsOf({ forename: a, surname: 'Smith' }, { forename: b, surname: 'Smith' })] as const))('forenames %s and %s: %s', (_a, _b, level, levels) => {
    expect(levels()).toMatchObject({ forename: level, surname: 'exact' });
  });

  it.each(([['Smith', 'Smyth', 'similar'], ['Smith-Jones', 'Jones', 'part'], ["O'Brien", 'O Brien', 'exact'], ['Patel', 'Green', 'different'], ['Rai', 'Ria', 'similar'], ['Knight', 'Nite', 'similar'], ['Lee', 'Dar', 'different']] as const)
    .map(([a, b, level]) => [a, b, level, levelsOf({ surname: a, sex: 'M' }, { surname: b, sex: 'M' })] as const))('surnames %s and %s: %s', (_a, _b, level, levels) => {
    expect(levels()).toMatchObject({ surname: level });
  });

  const woman = levelsOf({ surname: 'Patel', sex: 'F' }, { surname: 'Green', sex: 'F' });
  it('sees a changed surname of a woman', () => {
    expect(woman()).toMatchObject({ surname: 'changed' });
  });

  const turned = levelsOf({ forename: 'Abdul', surname: 'Karim' }, { forename: 'Karim', surname: 'Abdul' });
  it('sees names that stand in each other’s column, once', () => {
    expect(turned().forename).toBe('swapped');
    expect(turned().surname).toBeUndefined();
  });

  it.each(([['Adnan', 'Ahmed', 'Akram', 'Adnan'], ['Aziz', 'Ebrahimi', 'Ebrahim', 'Khan']] as const)
    .map((names) => [...names, levelsOf({ forename: names[0], surname: names[1], sex: 'M' }, { forename: names[2], surname: names[3], sex: 'M' })] as const))('sees %s %s in the other order, with another surname, as %s %s', (_forename, _surname, _otherForename, _otherSurname, levels) => {
    expect(levels().forename).toBe('crossed');
    expect(levels().surname).toBeUndefined();
  });

  const initial = levelsOf({ forename: 'A', surname: 'Khan', sex: 'M' }, { forename: 'Bilal', surname: 'A', sex: 'M' });
  it('takes no initial for a surname in the forename’s column', () => {
    expect(initial()).toMatchObject({ forename: 'different', surname: 'different' });
  });

  const unknown = levelsOf({ forename: 'Unknown', surname: 'Smith' }, { forename: 'Ann', surname: 'Smith' });
  it('says nothing where a name is a placeholder', () => {
    expect(unknown()).not.toHaveProperty('forename');
  });
});

describe('the levels of dates', () => {
  it.each(([
    ['1984-03-12', '1984-03-12', 'exact'], ['1984-03-12', '1984-12-03', 'swapped'], ['1984-03-12', '1984-03-15', 'digit'], ['1984-03-22', '1984-01-01', 'default'],
    ['1984-03-12', '1984-05-14', 'digits'], ['1984-03-12', '1984-11-28', 'year'], ['1984-03-12', '1990-10-25', 'different'], ['1984-03-12', '1950-10-25', 'generation'],
  ] as const).map(([a, b, level]) => [a, b, level, levelsOf({ born: a }, { born: b })] as const))('%s and %s: %s', (_a, _b, level, levels) => {
    expect(levels()).toMatchObject({ birth_date: level });
  });

  // The year of an event less the age then is the year of birth or, before the birthday, the next.
  it.each(([
    ['1984-03-12', null, 1984, 'age'], ['1984-03-12', null, 1985, 'age'], ['1984-03-12', null, 1986, 'age_near'], ['1984-03-12', null, 1983, 'age_near'], ['1984-03-12', null, 1982, 'different'], ['1984-03-12', null, 1987, 'different'],
    [undefined, 1984, 1985, 'age'], [undefined, 1984, 1986, 'age_near'], [undefined, 1984, 1987, 'different'],
  ] as const).map(([born, left, right, level]) => [born, left, right, level, levelsOf(born ? { born } : {}, {}, [left, right])] as const))('a birth on %s or about %s, and about %s: %s', (_born, _left, _right, level, levels) => {
    expect(levels()).toMatchObject({ birth_date: level });
  });
});

describe('the levels of homes and numbers', () => {
  it.each(([
    [{ address: '4 Quay Lane', postcode: 'FM1 2AB' }, { address: '4, Quay Ln, Fenmarch', postcode: 'fm12ab' }, 'address'],
    [{ address: '4 Quay Lane', postcode: 'FM1 2AB' }, { postcode: 'FM1 2AB' }, 'postcode'],
    [{ address: '4 Quay Lane', postcode: 'FM1 2AB' }, { address: '9 Quay Lane', postcode: 'FM1 2AB' }, 'neighbour'],
    [{ address: '4 Quay Lane', postcode: 'FM1 2AB' }, { address: '4 Quay Lane' }, 'address_only'],
    [{ postcode: 'FM1 2AB' }, { postcode: 'FM1 2AC' }, 'near'],
    [{ postcode: 'FM1 2AB' }, { postcode: 'FM1 2ZY' }, 'sector'],
    [{ postcode: 'FM1 2AB' }, { postcode: 'FM1 9ZY' }, 'district'],
    [{ postcode: 'FM1 2AB' }, { postcode: 'FM8 9ZY' }, 'different'],
  ] as [Person, Person, string][]).map(([a, b, level]) => [a, b, level, levelsOf(a, b)] as const))('%o and %o: %s', (_a, _b, level, levels) => {
    expect(levels()).toMatchObject({ home: level });
  });

  const numbers = levelsOf({ nhs: '999 000 0018', phone: '+44 1632 960123', email: 'A@example.org' }, { nhs: '9990000018', phone: '01632 960124', email: 'a@example.com' });
  it('compares numbers, telephones and e-mails as written in one way', () => {
    expect(numbers()).toEqual({ nhs_number: 'exact', phone: 'near', email: 'name' });
  });

  const pupil = levelsOf({ upn: 'h801 200001001', email: 'A.Okafor@b.org' }, { upn: 'H801200001001', email: 'a.okafor@b.org' });
  const otherPupil = levelsOf({ upn: 'X801200001002', email: 'a.okafr@b.org' }, { upn: 'H801200001001', email: 'a.okafor@b.org' });
  it('compares pupil numbers as written in one way, and e-mails that are equal or a slip apart', () => {
    expect(pupil()).toEqual({ upn: 'exact', email: 'exact' });
    expect(otherPupil()).toEqual({ upn: 'different', email: 'near' });
  });
});
