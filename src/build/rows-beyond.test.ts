import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clock, fileIn, load, temporaryHome } from '../../test/support/ingest-home.ts';
import { buildSample } from '../../test/support/sample-home.ts';
import { silentProgress } from '../core/index.ts';
import { rotateKeys, type Home } from '../store/index.ts';
import { openHeldPeople, openLinkedPeople, openRowsBeyond, type HeldPeople, type LinkedPeople, type RowsBeyondReader } from './index.ts';

const headings = 'episode_ref,child_ref,family_ref,requested_on,started_on,closed_on,referrer,level,needs,closure_reason,forename,surname,date_of_birth,sex,ethnicity,address,postcode,phone,email';
const row = (ref: string, child: string, { forename = 'Ada', surname = 'Quill', born = '2012-04-17', referrer = 'school', why = '' } = {}) => `${ref},${child},F1,2026-05-01,,,${referrer},2,housing,${why},${forename},${surname},${born},F,,,,,`;

let home: Home;
let held: HeldPeople;
let linked: LinkedPeople;
let beyond: RowsBeyondReader;
let [ada, ben] = ['', ''];
const until = clock.now();
const find = async (key: string, at = until) => beyond.find(key, await held.rows([key]), at);
const file = (name: string, ...rows: string[]) => load(home, 'early-help-episode', fileIn(home, name, `${headings}\n${rows.join('\n')}\n`));

beforeAll(async () => {
  home = temporaryHome();
  await file('may.csv',
    row('E1', 'C0001', { surname: 'Quil', why: 'Earlier words' }), row('E2', 'C0002', { forename: 'Benedict', born: '2009-01-02' }), row('E3', 'C0001', { why: 'Was hers' }), row('E4', 'C0002', { forename: 'Benedict', born: '2009-01-02', why: 'Was his' }),
    row('E5', 'C0001', { referrer: 'nobody', why: 'Set aside' }), row('E6', 'C0002', { forename: 'Benedict', referrer: 'nobody', why: 'Not hers' }), row('E7', 'C0009', { forename: 'Ada', born: '1971-01-01', referrer: 'nobody', why: 'A namesake' }),
    row('E1', 'C0002', { forename: 'Benedict', referrer: 'nobody', why: 'Her record and his number' }), 'E8,C0001,F1,Mother of C0002');
  // E3 was hers and is his; E4 was his and is hers.
  await file('june.csv', row('E1', 'C0001'), row('E3', 'C0002', { forename: 'Benedict', born: '2009-01-02' }), row('E4', 'C0001'));
  await buildSample(home);
  await file('july.csv', row('E1', 'C0001', { why: 'Came since' }));
  [held, linked, beyond] = [openHeldPeople(home), openLinkedPeople(home), openRowsBeyond(home)];
  const people = await beyond.peopleOf(['early-help:C0001', 'early-help:C0002', 'early-help:C0404']);
  expect([...people.keys()]).toEqual(['early-help:C0001', 'early-help:C0002']);
  [ada, ben] = [...people.values()] as [string, string];
}, 120_000);
afterAll(async () => {
  for (const each of [held, linked, beyond]) await each?.close();
});

describe('rows about a person beyond the snapshot', () => {
  it('are what their agency sent before or since, also of a record that is somebody else’s now, and nothing that said it was of another', async () => {
    const { states, rowsOfOthers } = await find(ada);
    const said = (await find(ada)).states.map(({ rowKey, values, newer, file: from }) => [rowKey, values.closure_reason, newer, from]);
    expect(said).toEqual([['E1', 'Earlier words', false, 'may.csv'], ['E3', 'Was hers', false, 'may.csv'], ['E1', 'Came since', expect.any(Boolean), 'july.csv']]);
    // E4 as his, and her record E1 with his number, which is set aside.
    expect(rowsOfOthers).toBe(2);
    expect(JSON.stringify(states)).not.toMatch(/Was his|Benedict/);
    expect(states.map(({ personKey }) => personKey)).toEqual([ada, ada, ada]);
  });

  it('are what could not be read, where a number or name and date of birth tie it, with whom else it may be about', async () => {
    const { aside, looked, namesakes } = await find(ada);
    expect(aside.map(({ rowKey, cells, others }) => [rowKey, cells.length, others])).toEqual([['E5', 19, []], [null, 1, [ben]]]);
    expect([looked, namesakes]).toEqual([5, 1]);
    expect(JSON.stringify(aside)).not.toMatch(/Not hers|namesake|his number/);
    expect((await find(ben)).aside.map(({ cells }) => cells.at(10)?.value ?? cells[0]!.value)).toEqual(['Benedict', 'Benedict', 'E8,C0001,F1,Mother of C0002']);
  });

  it('are none of what was loaded later than asked, and none of nobody', async () => {
    expect(await find(ada, until - 1)).toEqual({ states: [], rowsOfOthers: 0, aside: [], looked: 0, namesakes: 0 });
    expect(await find('P0000000000000000')).toEqual({ states: [], rowsOfOthers: 0, aside: [], looked: 5, namesakes: 0 });
  });

  it('are found in a home that is encrypted', async () => {
    const before = await find(ada);
    const key = rotateKeys(home, silentProgress);
    expect(key.encrypted).toBeGreaterThan(0);
    expect(await find(ada)).toEqual(before);
  });
});
