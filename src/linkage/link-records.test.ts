import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Problem } from '../core/index.ts';
import { openDuck, type Duck } from '../store/index.ts';
import { linkRecords, personSettings, scoreLinkage } from './index.ts';
import { writeTinyPeople, type TinyRecord } from './tiny-people.fixture.ts';

let duck: Duck;
beforeEach(async () => {
  duck = await openDuck({ memoryLimit: '1GB' });
});
afterEach(() => duck.close());

/** Links the records and returns the clusters as sorted lists of ids. */
async function clustersOf(records: TinyRecord[]): Promise<string[][]> {
  await writeTinyPeople(duck, records);
  await linkRecords(duck, { source: 'source_record', out: 'source_person' });
  const rows = await duck.rows<{ ids: string[] }>('SELECT list_sort(list(source_id)) AS ids FROM source_person GROUP BY person_key ORDER BY 1');
  return rows.map((row) => row.ids);
}

const ann: TinyRecord = { id: 'police:1', forename: 'Margaret', surname: 'Thistlewood', born: '1961-04-17', sex: 'F', address: '4 Quay Lane', postcode: 'FM1 2AB' };

describe('linkRecords', () => {
  it('joins records of one person that differ in case, nickname and a digit', async () => {
    const clusters = await clustersOf([ann, { ...ann, id: 'housing:9', forename: 'PEGGY', surname: 'THISTLEWOOD ' }, { ...ann, id: 'hospital:3', born: '1961-04-11' }]);
    expect(clusters).toEqual([['hospital:3', 'housing:9', 'police:1']]);
  });

  it('keeps twins apart though they share surname, birth and home', async () => {
    const twin = { surname: 'Okonkwo', born: '2014-09-02', address: '11 Mill Road', postcode: 'FM3 4CD', sex: 'M' } as const;
    const clusters = await clustersOf([{ ...twin, id: 'a:1', forename: 'Daniel' }, { ...twin, id: 'a:2', forename: 'Victor' }, { ...twin, id: 'b:1', forename: 'Dan' }, { ...twin, id: 'b:2', forename: 'Vic' }]);
    expect(clusters).toEqual([['a:1', 'b:1'], ['a:2', 'b:2']]);
  });

  it('keeps brothers and sisters of one home and telephone apart', async () => {
    const home = { surname: 'Ravensdale', address: '7 Sluice Road', postcode: 'FM5 5EE', phone: '01632960777' } as const;
    const children = [{ forename: 'Isaac', born: '2009-04-12', sex: 'M' }, { forename: 'Naomi', born: '2011-10-03', sex: 'F' }, { forename: 'Silas', born: '2014-01-27', sex: 'M' }] as const;
    const clusters = await clustersOf(children.flatMap((child, i) => [{ ...home, ...child, id: `a:${i}` }, { ...home, ...child, id: `b:${i}` }]));
    expect(clusters).toEqual([['a:0', 'b:0'], ['a:1', 'b:1'], ['a:2', 'b:2']]);
  });

  it('keeps a father and a son of one name in one home apart', async () => {
    const home = { forename: 'Thomas', surname: 'Ashdown', sex: 'M', address: '2 Fen View', postcode: 'FM9 9ZZ', phone: '01632960123' } as const;
    const clusters = await clustersOf([{ ...home, id: 'a:1', born: '1958-02-11' }, { ...home, id: 'a:2', born: '1989-07-23' }, { ...home, id: 'b:1', born: '1958-02-11' }, { ...home, id: 'b:2', born: '1989-07-23' }]);
    expect(clusters).toEqual([['a:1', 'b:1'], ['a:2', 'b:2']]);
  });

  it('never joins two different NHS numbers, not even through a third record', async () => {
    const clusters = await clustersOf([{ ...ann, id: 'a:1', nhs: '9990000018' }, { ...ann, id: 'b:1' }, { ...ann, id: 'c:1', nhs: '9990000026' }]);
    expect(clusters.some((ids) => ids.includes('a:1') && ids.includes('c:1'))).toBe(false);
  });

  it('gives the same keys whatever the order of the rows', async () => {
    const records = [ann, { ...ann, id: 'b:2', forename: 'Maggie' }, { ...ann, id: 'c:3', forename: 'Colin', born: '1930-01-05' }];
    await writeTinyPeople(duck, records);
    await linkRecords(duck, { source: 'source_record', out: 'forwards' });
    await writeTinyPeople(duck, records.toReversed());
    await linkRecords(duck, { source: 'source_record', out: 'backwards' });
    expect(await duck.rows('SELECT * FROM forwards')).toEqual(await duck.rows('SELECT * FROM backwards'));
  });

  it('changes no other cluster when a record of somebody else is added', async () => {
    const family = Array.from({ length: 40 }, (_, i) => ({ forename: ['Ann', 'Colin', 'Petra', 'Oswin'][i % 4], surname: ['Thistlewood', 'Okonkwo', 'Marsh', 'Devlin', 'Quill'][i % 5], born: `19${50 + (i % 20)}-0${1 + (i % 9)}-1${i % 9}`, postcode: `FM${1 + (i % 20)} 2AB` }));
    const records = family.flatMap((person, i) => [{ ...person, id: `a:${i}` }, { ...person, id: `b:${i}`, forename: person.forename?.toUpperCase() }]);
    const before = await clustersOf(records);
    const after = await clustersOf([...records, { id: 'z:1', forename: 'Zebedee', surname: 'Unrelated', born: '2003-12-24', postcode: 'ZE2 9XX' }]);
    expect(after.filter((ids) => !ids.includes('z:1'))).toEqual(before);
    expect(after.length).toBe(before.length + 1);
  });

  it('joins names that are not written in Latin letters', async () => {
    const ivan = { forename: 'Иван', surname: 'Петров', born: '1979-03-05', postcode: 'FM1 2AB' } as const;
    expect(await clustersOf([{ ...ivan, id: 'a:1' }, { ...ivan, id: 'b:1', surname: 'ПЕТРОВ' }, { ...ivan, id: 'c:1', forename: 'محمد', surname: 'علی', born: '1990-01-31' }])).toEqual([['a:1', 'b:1'], ['c:1']]);
  });

  it('reaches and joins a name in the other order where a record has no date of birth, by the fixed rules alone', async () => {
    const hodan = { postcode: 'FM2 2LZ', address: '42 Rowan Place', phone: '01632960555' } as const;
    await writeTinyPeople(duck, [{ ...hodan, id: 'a:1', forename: 'Hodan', surname: 'Warsame' }, { ...hodan, id: 'b:1', forename: 'Warsame', surname: 'Hodan', born: '1975-05-31' }]);
    const reached = await linkRecords(duck, { source: 'source_record', out: 'source_person', settings: { ...personSettings(), blocking: personSettings().blocking.filter((rule) => !rule.name.startsWith('Telephone')), blockingKeys: [] } });
    expect(reached).toMatchObject({ candidatePairs: 1, people: 1 });
  });

  it('joins a name in the other order with another surname by its date of birth, and leaves its relatives apart', async () => {
    const home = { address: '9 Finch Grove', postcode: 'FM2 2FX' } as const;
    const clusters = await clustersOf([
      { ...home, id: 'a:1', forename: 'Adnan', surname: 'Chaudhry', born: '1991-01-25', sex: 'M' }, { ...home, id: 'b:1', forename: 'Akram', surname: 'Adnan', born: '1991-01-25', sex: 'M' },
      { ...home, id: 'a:2', forename: 'Nadia', surname: 'Adnan', born: '1993-06-02', sex: 'F' }, { ...home, id: 'a:3', forename: 'Bilal', surname: 'Adnan', born: '2015-11-19', sex: 'M' },
    ]);
    expect(clusters).toEqual([['a:1', 'b:1'], ['a:2'], ['a:3']]);
  });

  it('says which columns hold nothing, and links by the others', async () => {
    await writeTinyPeople(duck, [ann, { ...ann, id: 'b:2' }]);
    const result = await linkRecords(duck, { source: 'source_record', out: 'source_person' });
    expect(result.people).toBe(1);
    expect(result.warnings).toContain('"NHS number" holds nothing that can be compared and was left out');
  });

  it('makes everybody a person of their own where there is nothing to compare', async () => {
    await writeTinyPeople(duck, [{ id: 'a:1' }, { id: 'b:1' }, { id: 'c:1', forename: 'Unknown' }]);
    const result = await linkRecords(duck, { source: 'source_record', out: 'source_person' });
    expect(result).toMatchObject({ records: 3, people: 3, candidatePairs: 0 });
    expect(result.warnings.at(-1)).toMatch(/person of its own/);
  });

  it('refuses one giant block and names the rule', async () => {
    await writeTinyPeople(duck, []);
    await duck.run("INSERT INTO source_record SELECT 'a:' || i, 'a', i::VARCHAR, 'John', NULL, 'Smith', DATE '1980-05-05', 'M', NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM range(1000) t(i)");
    const result = await linkRecords(duck, { source: 'source_record', out: 'source_person' });
    expect(result.candidatePairs).toBe(0);
    expect(result.people).toBe(1000);
    expect(result.warnings).toContain('Rule "Date of birth and sound of either name": 2 blocks of more than 300 records were not compared (the largest holds 1000)');
    expect(result.blocking.find((rule) => rule.rule === 'Forename and surname, in either order')).toMatchObject({ refusedBlocks: 1, largestBlock: 1000 });
  });

  it('names a table or an id column that is not there', async () => {
    await expect(linkRecords(duck, { source: 'nowhere', out: 'x' })).rejects.toThrow(/no table "nowhere"/);
    await duck.run('CREATE TABLE odd (name VARCHAR)');
    await expect(linkRecords(duck, { source: 'odd', out: 'x' })).rejects.toThrow(/no column "source_id"/);
  });

  it('names a mistake in the settings', async () => {
    await writeTinyPeople(duck, [ann]);
    const settings = { ...personSettings(), conflicts: [{ name: 'Odd', when: { forename: ['diferent'] } }] };
    await expect(linkRecords(duck, { source: 'source_record', out: 'x', settings })).rejects.toThrow(/"forename" has no level "diferent" \(Odd\)/);
  });

  it('leaves no table of its own behind, also after a failure', async () => {
    await writeTinyPeople(duck, [ann, { ...ann, id: 'b:2' }]);
    const broken = { ...personSettings(), blocking: [{ name: 'Broken', keys: ['no_such_column'], needs: ['surname'] }] };
    await expect(linkRecords(duck, { source: 'source_record', out: 'x', settings: broken })).rejects.toThrow(/no_such_column/);
    expect(await duck.rows("SELECT table_name FROM duckdb_tables() WHERE table_name LIKE 'linkage%'")).toEqual([]);
    await linkRecords(duck, { source: 'source_record', out: 'source_person' });
    expect(await duck.rows("SELECT table_name FROM duckdb_tables() WHERE table_name LIKE 'linkage%'")).toEqual([]);
  });

  it('names an id that stands twice', async () => {
    await writeTinyPeople(duck, [ann, ann]);
    const linking = linkRecords(duck, { source: 'source_record', out: 'source_person' });
    await expect(linking).rejects.toThrow(/"police:1" stands 2 times/);
    await expect(linking).rejects.toBeInstanceOf(Problem);
  });

  it('makes an empty table of an empty table', async () => {
    await writeTinyPeople(duck, []);
    const result = await linkRecords(duck, { source: 'source_record', out: 'source_person' });
    expect(result).toMatchObject({ records: 0, people: 0, links: 0 });
    const score = await scoreLinkage(duck, { source: 'source_record', out: 'source_person' });
    expect(score.groups).toEqual([]);
  });
});
