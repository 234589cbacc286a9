import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newFolder } from '../../test/support/made-folders.ts';
import { openDuck, type Duck } from '../store/index.ts';
import { analyseBlocking, analyseFiles, personSettings } from './index.ts';
import { writeTinyPeople, type TinyRecord } from './tiny-people.fixture.ts';

let duck: Duck;
beforeEach(async () => {
  duck = await openDuck();
});
afterEach(() => duck.close());

const ann = { forename: 'Ann', surname: 'Walker', born: '1980-05-05', postcode: 'FM1 2AB' } as const;
const people: TinyRecord[] = [{ ...ann, id: 'a:1' }, { ...ann, id: 'b:1' }, { ...ann, id: 'c:1', surname: 'Green' }, { id: 'd:1', forename: 'Daniel', surname: 'Hughes', born: '2004-09-02', postcode: 'FM9 9ZZ' }];

describe('analyseBlocking', () => {
  it('counts what each rule gives, and what it adds to the rules before it', async () => {
    await writeTinyPeople(duck, people);
    const { rules, candidatePairs, records, comparingSeconds } = await analyseBlocking(duck, { source: 'source_record' });
    expect(records).toBe(4);
    const rule = (name: string) => rules.find((one) => one.rule === name);
    expect(rule('Forename and surname, in either order')).toMatchObject({ pairs: 1, marginalPairs: 1, learned: false, taken: true });
    expect(rule('Date of birth and postcode')).toMatchObject({ pairs: 3, largestBlock: 3 });
    expect(rules.reduce((sum, { marginalPairs }) => sum + marginalPairs, 0)).toBe(candidatePairs);
    expect(candidatePairs).toBe(3);
    expect(comparingSeconds).toBeGreaterThan(0);
  });

  it('names the rule of a giant block, and links nothing', async () => {
    await writeTinyPeople(duck, people);
    const { rules, candidatePairs } = await analyseBlocking(duck, { source: 'source_record', settings: { ...personSettings(), maxBlock: 2 } });
    expect(rules.find(({ rule }) => rule === 'Date of birth and postcode')).toMatchObject({ refusedBlocks: 1, refusedPairs: 3, largestBlock: 3, pairs: 0 });
    expect(candidatePairs).toBe(1);
    expect(await duck.rows("SELECT table_name FROM duckdb_tables() WHERE table_name LIKE 'linkage%'")).toEqual([]);
  });
});

describe('analyseFiles', () => {
  it('reads files, recognises their columns and analyses the rules', async () => {
    const file = join(newFolder('blocking'), 'people.csv');
    const rows = ['Ann,Walker,1980-05-05', 'Daniel,Hughes,2004-09-02', 'Susan,Evans,1955-06-08', 'Imran,Hussain,1990-12-25'].flatMap((row, i) => [`${i}a,${row}`, `${i}b,${row}`]);
    writeFileSync(file, ['ref,first_name,surname,dob', ...rows].join('\n'));
    const { columns, candidatePairs, records } = await analyseFiles({ files: [file], idColumn: 'ref' });
    expect(columns.map(({ role }) => role)).toEqual(['forename', 'surname', 'birth_date']);
    expect([records, candidatePairs]).toEqual([8, 4]);
  });
});
