import { beforeAll, describe, expect, it } from 'vitest';
import { clock, fileIn, load, packIn, temporaryHome } from '../../test/support/ingest-home.ts';
import type { Home } from '../store/index.ts';
import { findRowsSetAside, listFeeds, retryQuarantine, type PersonTraces } from './index.ts';

const pack = `
feed: club
title: Clubs
agency: council
about: Made for tests.
cadence: monthly
source: { name: Test, reference: Test, date: 2026-11-01 }
key: [ref]
columns:
  - { name: ref, type: text, required: true }
  - { name: child_ref, type: text, personal: true, person: local_id }
  - { name: forename, type: text, personal: true, person: forename }
  - { name: surname, type: text, personal: true, person: surname }
  - { name: born, type: date, personal: true, person: birth_date }
  - { name: kind, type: code, codes: [home, office] }
records:
  mentions:
    - { role: { is: child } }
`;
const traces: PersonTraces = { localIds: [{ agency: 'council', localId: 'C0077' }], nhsNumbers: [], upns: [], forenames: ['Zoë'], surnames: ['O’Brien'], birthDates: ['2012-04-17'], records: [{ feed: 'club', rowKey: 'R9' }] };
let home: Home;
const find = (over: Partial<PersonTraces> = {}, until = clock.now()) => findRowsSetAside(home, listFeeds(home.packs), { traces: { ...traces, ...over }, until });

beforeAll(async () => {
  home = temporaryHome();
  packIn(home, 'feeds/club', pack);
  const rows = [
    'R1,C0077,Zoe,OBrien,2012-04-17,pub', 'R2,C1,Zoe,O’Brien,17/04/2012,pub', 'R3,C2,Zoe,O’Brien,1999-01-01,pub', 'R4,C3,Otto,Rowe,2012-04-17,pub', 'R9,C4,Ben,Rowe,,pub', 'R5,C0077,Zoe', 'R6,C0077,Zoe,OBrien,2012-04-17,home', 'R7,C5,"C0077",Rowe,,club',
  ];
  await load(home, 'club', fileIn(home, 'clubs.csv', `Ref,child_ref,forename,surname,born,kind\n${rows.join('\n')}\n`));
});

describe('rows in quarantine that are about one person', () => {
  it('are found by number, record, and name with date of birth, with their cells, columns and faults; others are counted', async () => {
    const { rows, looked, namesakes } = await find();
    expect(rows.map(({ line, by, rowKey }) => [line, by, rowKey])).toEqual([[2, 'number', 'R1'], [3, 'name-and-birth-date', 'R2'], [6, 'record', 'R9'], [7, 'number', null]]);
    expect([looked, namesakes]).toEqual([7, 1]);
    expect(rows[0]).toMatchObject({ feed: 'club', file: 'clubs.csv', faults: [{ column: 'kind', reason: 'not one of the codes for kind' }] });
    expect(rows[0]!.cells.map(({ heading, column, person, value }) => [heading, column, person, value])).toEqual([['Ref', 'ref', undefined, 'R1'], ['child_ref', 'child_ref', 'local_id', 'C0077'], ['forename', 'forename', 'forename', 'Zoe'], ['surname', 'surname', 'surname', 'OBrien'], ['born', 'born', 'birth_date', '2012-04-17'], ['kind', 'kind', undefined, 'pub']]);
    expect(rows[3]!.cells).toEqual([{ heading: null, value: 'R5,C0077,Zoe' }]);
    expect(JSON.stringify(rows)).not.toMatch(/Otto|1999|R7/);
  });

  it('are none of somebody else’s, and none where nothing is known of the person', async () => {
    const nothing = { localIds: [], forenames: [], surnames: [], birthDates: [], records: [] };
    expect(await find(nothing)).toEqual({ rows: [], looked: 7, namesakes: 0 });
    expect(await find({ ...nothing, localIds: [{ agency: 'police', localId: 'C0077' }] })).toEqual({ rows: [], looked: 7, namesakes: 0 });
  });

  it('are those of the loads until then', async () => expect(await find({}, clock.now() - 1)).toEqual({ rows: [], looked: 0, namesakes: 0 }));

  it('are gone once they were tried again and accepted', async () => {
    packIn(home, 'feeds/club', pack.replace('[home, office]', '[home, office, pub]'));
    await retryQuarantine(home, 'club', { clock });
    expect(await find()).toMatchObject({ rows: [{ line: 7 }], looked: 2 });
  });

  it('have no columns where the feed’s contract has none of them any more, and are found all the same', async () => {
    packIn(home, 'feeds/club', pack.replace('{ name: ref,', '{ name: other_ref,').replace('key: [ref]', 'key: [other_ref]'));
    expect((await find()).rows.map(({ line }) => line)).toEqual([7]);
  });
});
