// Rows in quarantine: counted, exported safely, tried again after a mend of the contract, and taken out by a mended file.

import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { clock, fileIn, load, packIn, standardRecords, tally, temporaryHome, visitHeadings, visitPack } from '../../test/support/ingest-home.ts';
import type { Home } from '../store/index.ts';
import { exportQuarantine, listLoads, listQuarantine, presentQuarantine, retryQuarantine, rowLineage } from './index.ts';

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

const pubAdvice = "'pub' is not one of the codes for kind. Allowed: home, office.";

describe('quarantine', () => {
  it('is counted by feed, column and reason, the commonest first with an example; a row with two faults under both', async () => {
    expect(await listQuarantine(home)).toEqual([
      { feed: 'visit', column_name: 'kind', reason: 'not one of the codes for kind', rows: 3, example: { file: 'visits.csv', line: 3, value: 'pub' }, advice: pubAdvice },
      { feed: 'visit', column_name: 'day', reason: 'a day that is not in the calendar (write 2025-04-30 or 30/04/2025)', rows: 1, example: { file: 'visits.csv', line: 4, value: '31/02/2025' }, advice: null },
      { feed: 'visit', column_name: null, reason: '2 cells where there are 6 headings', rows: 1, example: { file: 'visits.csv', line: 5, value: null }, advice: null },
    ]);
    expect(await listQuarantine(home, 'tenancy')).toEqual([]);
  });

  it('is exported with the commonest mistake first, as it came with line, column, value and reason, formulas neutralised, to its owner alone', async () => {
    const file = join(home.dir, 'held.csv');
    expect(await exportQuarantine(home, 'visit', file)).toEqual({ feed: 'visit', file, rows: 4 });
    const id = listLoads(home)[0]!.load;
    expect(readFileSync(file, 'utf8').split('\r\n')).toEqual([
      `${visitHeadings},headwater_load,headwater_line,headwater_column,headwater_value,headwater_reason,headwater_row`,
      `R2,2025-04-01,pub,"one, two",,,${id},3,kind,pub,"${pubAdvice}",`,
      `R5,2025-04-05,pub,,,,${id},6,kind,pub,"${pubAdvice}",`,
      `R3,31/02/2025,club,'=1+1,,,${id},4,day; kind,31/02/2025; club,"a day that is not in the calendar (write 2025-04-30 or 30/04/2025); ${pubAdvice.replace('pub', 'club')}",`,
      `,,,,,,${id},5,,"R4,2025-04-04",2 cells where there are 6 headings,"R4,2025-04-04"`,
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
    expect(await listQuarantine(home)).toMatchObject([{ feed: 'visit', column_name: 'kind', reason: 'not one of the codes for kind', rows: 2 }]);
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

  it('of a personal column shows no value in its example', async () => {
    packIn(home, 'feeds/visit', visitPack.replace('codes: [home, office] }', 'codes: [home, office], personal: true }'));
    expect((await listQuarantine(home, 'visit'))[0]).toMatchObject({ column_name: 'kind', example: { file: 'visits.csv', line: 3, value: null }, advice: null });
  });

  it('is shown as two lines for each mistake', async () => {
    expect(presentQuarantine(await listQuarantine(home)).slice(0, 2)).toEqual(['       3  visit, column kind: not one of the codes for kind', `          For example visits.csv, line 3: "pub". ${pubAdvice}`]);
  });

  it('goes out, through a spreadsheet, and back in, with every cell as it was', async () => {
    const notes = ['=1+1', "'=1+1", "''=x", '+44 1234', '-0.4', '-a', '@sum', "O'Neil", "'quoted'", '"=1"', 'line one\nline two', '  =2', '=HYPERLINK("x";"y")', '＝3', '\t=4'];
    const cell = (text: string) => `"${text.replaceAll('"', '""')}"`;
    const rows = notes.map((note, i) => `N${i},2025-04-01,pub,${cell(note)},,`);
    await load(home, 'visit', fileIn(home, 'notes.csv', `${visitHeadings}\n${rows.join('\n')}\n`));
    const file = join(home.dir, 'out.csv');
    await exportQuarantine(home, 'visit', file);
    const exported = readFileSync(file, 'utf8');
    expect(exported.split('\r\n').filter((line) => /^[^"]*,"?[=+@＝]/.test(line))).toEqual([]);
    // As a spreadsheet of another country saves it: semicolons, all cells quoted, blank lines below; the code mended.
    const cells = exported.replaceAll(',pub,', ',home,');
    writeFileSync(file, `\uFEFF${withSemicolons(cells)};;;;;;;;;;;\r\n;;;;;;;;;;;\r\n`);
    const mended = await load(home, 'visit', file);
    expect(tally(mended)).toEqual([notes.length + 4, notes.length + 2, 0, 2]);
    expect(mended.blank).toBe(2);
    const duck = await standardRecords(home);
    const kept = await duck.rows<{ detail: string }>(`SELECT detail FROM event WHERE event_id LIKE 'visit:N%' ORDER BY CAST(substr(event_id, 8) AS INTEGER)`);
    duck.close();
    expect(kept.map((row) => row.detail)).toEqual(notes.map((note) => note.trim()));
  });

  it('keeps a malformed row that comes back untouched', async () => {
    const file = join(home.dir, 'held.csv');
    await exportQuarantine(home, 'visit', file);
    expect(tally(await load(home, 'visit', file))).toEqual([4, 0, 0, 4]);
    expect(await listQuarantine(home)).toMatchObject([{ rows: 3 }, { rows: 1 }, { reason: '2 cells where there are 6 headings', rows: 1 }]);
  });
});

/** A CSV of commas as one of semicolons with every cell quoted. */
function withSemicolons(csv: string): string {
  return csv.replace(/("(?:[^"]|"")*"|[^,\r\n]*)(,|\r\n)/g, (_all, cell: string, end: string) => `${cell.startsWith('"') ? cell : `"${cell}"`}${end === ',' ? ';' : end}`);
}
