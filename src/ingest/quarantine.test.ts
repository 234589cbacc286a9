// Rows in quarantine: counted, exported safely, tried again after a mend of the contract, and taken out by a mended file.

import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { clock, fileIn, load, packIn, standardRecords, tally, temporaryHome, visitHeadings, visitPack } from '../../test/support/ingest-home.ts';
import type { Home } from '../store/index.ts';
import { exportQuarantine, listLoads, listQuarantine, retryQuarantine, rowLineage } from './index.ts';

let home: Home;
beforeEach(async () => {
  home = temporaryHome();
  packIn(home, 'feeds/visit', visitPack);
  const rows = ['R1,2025-04-01,home,fine,,', 'R2,2025-04-01,pub,"one, two",,', 'R3,31/02/2025,club,=1+1,,', 'R4,2025-04-04', 'R5,2025-04-05,pub,,,'];
  expect(tally(await load(home, 'visit', fileIn(home, 'visits.csv', `${visitHeadings}\n${rows.join('\n')}\n`)))).toEqual([5, 1, 4, 0]);
});

const quality = async () => {
  const duck = await standardRecords(home);
  try {
    return await duck.one('SELECT files, rows, accepted, quarantined, repeated FROM feed_quality');
  } finally {
    duck.close();
  }
};

describe('quarantine', () => {
  it('is counted by feed, column and reason; a row with two faults under both', async () => {
    expect(await listQuarantine(home)).toEqual([
      { feed: 'visit', column_name: 'kind', reason: 'not in the code list', rows: 3 },
      { feed: 'visit', column_name: 'day', reason: 'not a date in the calendar (write 2025-04-30 or 30/04/2025)', rows: 1 },
      { feed: 'visit', column_name: null, reason: '2 cells where there are 6 headings', rows: 1 },
    ]);
    expect(await listQuarantine(home, 'tenancy')).toEqual([]);
  });

  it('is exported as it came with line, column, value and reason, formulas neutralised, to its owner alone', async () => {
    const file = join(home.dir, 'held.csv');
    expect(await exportQuarantine(home, 'visit', file)).toEqual({ feed: 'visit', file, rows: 4 });
    const id = listLoads(home)[0]!.load;
    expect(readFileSync(file, 'utf8').split('\r\n')).toEqual([
      `${visitHeadings},headwater_load,headwater_line,headwater_column,headwater_value,headwater_reason,headwater_row`,
      `R2,2025-04-01,pub,"one, two",,,${id},3,kind,pub,not in the code list,`,
      `R3,31/02/2025,club,'=1+1,,,${id},4,day; kind,31/02/2025; club,not a date in the calendar (write 2025-04-30 or 30/04/2025); not in the code list,`,
      `,,,,,,${id},5,,"R4,2025-04-04",2 cells where there are 6 headings,"R4,2025-04-04"`,
      `R5,2025-04-05,pub,,,,${id},6,kind,pub,not in the code list,`,
      '',
    ]);
    expect(statSync(file).mode & 0o077).toBe(0);
    await expect(exportQuarantine(home, 'visit', file)).rejects.toThrow('The file exists already');
    await expect(exportQuarantine(home, 'visits', join(home.dir, 'x.csv'))).rejects.toThrow('Did you mean "visit"');
  });

  it('is tried again after a mend of the contract; what keeps it is accepted with its own file and line', async () => {
    expect(await retryQuarantine(home, 'visit', { clock })).toEqual({ rows: 4, accepted: 0, repeated: 0, quarantined: 4 });
    packIn(home, 'feeds/visit', visitPack.replace('codes: [home, office]', 'codes: [home, office, pub]'));
    expect(await retryQuarantine(home, undefined, { clock })).toEqual({ rows: 4, accepted: 2, repeated: 0, quarantined: 2 });
    expect(await retryQuarantine(home, 'visit', { clock })).toEqual({ rows: 2, accepted: 0, repeated: 0, quarantined: 2 });
    expect((await listQuarantine(home)).reduce((sum, one) => sum + one.rows, 0)).toBe(3);
    expect(await rowLineage(home, 'visit:R5')).toMatchObject([{ file: 'visits.csv', line: 6, current: true }]);
    expect(await quality()).toEqual({ files: 1, rows: 5, accepted: 3, quarantined: 2, repeated: 0 });
    // The file itself, loaded again, still changes nothing.
    expect(tally(await load(home, 'visit', fileIn(home, 'visits.csv', readFileSync(join(home.dir, 'files', 'visits.csv')))))).toEqual([5, 0, 0, 5]);
  });

  it('rows tried again stand where their file stood: a later correction stays the later', async () => {
    await load(home, 'visit', fileIn(home, 'later.csv', `${visitHeadings}\nR2,2025-04-01,home,corrected,,\n`));
    packIn(home, 'feeds/visit', visitPack.replace('codes: [home, office]', 'codes: [home, office, pub]'));
    await retryQuarantine(home, 'visit', { clock });
    const states = await rowLineage(home, 'visit:R2');
    expect(states.map(({ file, line, current }) => [file, line, current])).toEqual([['visits.csv', 3, false], ['later.csv', 2, true]]);
    const duck = await standardRecords(home);
    expect(await duck.rows(`SELECT detail FROM event WHERE event_id = 'visit:R2'`)).toEqual([{ detail: 'corrected' }]);
    duck.close();
  });

  it('is left by the rows of a mended export; rows still wrong stay, in their mended form', async () => {
    const file = join(home.dir, 'held.csv');
    await exportQuarantine(home, 'visit', file);
    const mended = readFileSync(file, 'utf8').replace('R2,2025-04-01,pub', 'R2,2025-04-01,home').replace('R3,31/02/2025,club', 'R3,28/02/2025,hall').replace(/^,,,,,,/m, 'R4,2025-04-04,office,,,,');
    writeFileSync(file, mended);
    expect(tally(await load(home, 'visit', file))).toEqual([4, 2, 1, 1]);
    expect(await listQuarantine(home)).toEqual([{ feed: 'visit', column_name: 'kind', reason: 'not in the code list', rows: 2 }]);
    expect(await quality()).toEqual({ files: 2, rows: 6, accepted: 3, quarantined: 2, repeated: 1 });
    const duck = await standardRecords(home);
    expect(await duck.rows('SELECT event_id, detail FROM event ORDER BY event_id')).toEqual([
      { event_id: 'visit:R1', detail: 'fine' },
      { event_id: 'visit:R2', detail: 'one, two' },
      { event_id: 'visit:R4', detail: null },
    ]);
    duck.close();
    // A formula comes back as it was written.
    const [held] = await exportQuarantine(home, 'visit', join(home.dir, 'again.csv')).then(({ file: path }) => readFileSync(path, 'utf8').split('\r\n').filter((line) => line.startsWith('R3')));
    expect(held).toContain("R3,28/02/2025,hall,'=1+1");
  });
});
