// Every kind of bad file that a partner may send: what is said, what is kept, and that nothing is lost.

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import { fileIn, load, packIn, tally, temporaryHome, visitHeadings, visitPack } from '../../test/support/ingest-home.ts';
import { Problem } from '../core/index.ts';
import { openDuck, text, type Home } from '../store/index.ts';
import { listLoads, listQuarantine } from './index.ts';

let home: Home;
beforeEach(() => {
  home = temporaryHome();
  packIn(home, 'feeds/visit', visitPack);
});

const good = (n: number) => `R${n},2025-04-${String(n).padStart(2, '0')},home,note ${n},-0.4,51.9`;
const csv = (...rows: string[]) => `${[visitHeadings, ...rows].join('\n')}\n`;
const ingest = (content: string | Buffer, name = 'visits.csv') => load(home, 'visit', fileIn(home, name, content));

async function problemOf(work: Promise<unknown>): Promise<Problem> {
  const error = await work.then(() => undefined, (caught: unknown) => caught);
  expect(error).toBeInstanceOf(Problem);
  expect((error as Problem).message).not.toContain('\n');
  return error as Problem;
}

async function rowsOf(table: 'accepted' | 'quarantined', columns: string): Promise<Record<string, unknown>[]> {
  const paths = listLoads(home).map((one) => join(one.folder, `${table}.parquet`)).filter((path) => existsSync(path));
  const duck = await openDuck();
  try {
    return await duck.rows(`SELECT ${columns} FROM read_parquet([${paths.map(text).join(', ')}]) ORDER BY line`);
  } finally {
    duck.close();
  }
}

/** Nothing was written but the empty folder of the feed. */
function expectNothingLoaded(): void {
  expect(listLoads(home)).toEqual([]);
  const feed = join(home.loads, 'visit');
  expect(existsSync(feed) ? readdirSync(feed) : []).toEqual([]);
}

describe('a file that is refused as a whole', () => {
  it('with wrong headings says which were found and which are wanted', async () => {
    const problem = await problemOf(ingest('a,b\n1,2\n'));
    expect(problem.message).toContain('None of the headings of "visit" is in the file; found "a", "b"');
    expect(problem.message).toContain('"ref", "day"');
    expect(problem.exitCode).toBe(3);
    expectNothingLoaded();
  });

  it('without a column names it, what was found instead and what is nearest', async () => {
    const problem = await problemOf(ingest(`${visitHeadings.replace('longitude', 'longtitude')}\n${good(1)}\n`));
    expect(problem.message).toBe(
      'A column is missing: "longitude"; found instead "longtitude" (visits.csv, line 1). Name the columns as the contract has them ("headwater feeds show visit" shows it). "longtitude" may be "longitude".',
    );
    expectNothingLoaded();
  });

  it('with a heading twice says so', async () => {
    expect((await problemOf(ingest(`${visitHeadings},Ref\n${good(1)},x\n`))).message).toContain('The heading "ref" is there twice');
  });

  it('that is empty says so, also as gzip', async () => {
    expect((await problemOf(ingest(''))).message).toBe('The file is empty (visits.csv). Export it again, with its headings in the first line.');
    expect((await problemOf(ingest(gzipSync(''), 'visits.csv.gz'))).message).toContain('The file is empty');
    expectNothingLoaded();
  });

  it('that is not there says so', async () => {
    expect((await problemOf(load(home, 'visit', join(home.dir, 'none.csv')))).exitCode).toBe(4);
  });

  it('that is half a gzip says so, and leaves what was held', async () => {
    await ingest(csv(good(1)), 'first.csv');
    const whole = gzipSync(csv(...Array.from({ length: 5000 }, (_, i) => `X${i},2025-04-01,home,${Math.sin(i)},,`)));
    const problem = await problemOf(ingest(whole.subarray(0, whole.length >> 1), 'half.csv.gz'));
    expect(problem.message).toBe('The gzip file stops in the middle, so rows would be missing (half.csv.gz). Fetch or copy the file again; nothing of it was loaded.');
    expect(listLoads(home).map((one) => one.file)).toEqual(['first.csv']);
  });

  it('that is a damaged gzip says so', async () => {
    const whole = gzipSync(csv(...Array.from({ length: 5000 }, (_, i) => `X${i},2025-04-01,home,${Math.sin(i)},,`)));
    whole.fill(255, whole.length >> 1, (whole.length >> 1) + 200);
    expect((await problemOf(ingest(whole, 'broken.csv.gz'))).message).toContain('The gzip file is damaged');
    expectNothingLoaded();
  });

  it('that is a spreadsheet, a zip archive or UTF-16 says what to do', async () => {
    expect((await problemOf(ingest(Buffer.from('PK\u0003\u0004xxxx'), 'visits.xlsx'))).message).toContain('Save the sheet as CSV');
    expect((await problemOf(ingest(Buffer.from(`\uFEFF${csv(good(1))}`, 'utf16le')))).message).toContain('UTF-16');
  });

  it('that is no table, or has a title above its headings, says what it is and what to do', async () => {
    const ends = ' Load a CSV file (UTF-8) with the headings in its first line.';
    for (const [content, said] of [
      ['%PDF-1.7\n%âãÏÓ\n1 0 obj\n', `The file is a PDF document (x). Ask the sender for the table itself.${ends}`],
      ['<!DOCTYPE html>\n<html>\n', `The file is a web page (x). It may be a sign-in page that was saved instead of the file: fetch the file again.${ends}`],
      ['<?xml version="1.0"?>\n<rows/>\n', `The file is XML (x). Ask the sender for CSV.${ends}`],
      ['[{"ref":"R1"}]\n', `The file is JSON (x). Ask the sender for CSV.${ends}`],
      [Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 0x1a, 10, 0, 0, 0, 13]), `The file is not text (x). It may be a picture, a database or a damaged file.${ends}`],
      [Buffer.from(csv(good(1)), 'utf16le'), 'The file is UTF-16 text (x). Save it as CSV (UTF-8) and load that.'],
      ['\n\r\n  \n', 'The file is empty (x). Export it again, with its headings in the first line.'],
      [`Visits of April,,\n,,\n${csv(good(1))}`, 'The headings are in line 3 (x, line 3). Take out the 2 lines above them, so that the headings are in line 1.'],
      [`sep=;\n"ref";"day";"kind"\n`, 'The headings are in line 2 (x, line 2). Take out the line above them, so that the headings are in line 1.'],
    ] as const) expect((await problemOf(ingest(content as string | Buffer, 'x'))).message).toBe(said);
    expect((await problemOf(load(home, 'visit', home.dir))).message).toContain('This is not a file');
    expect((await problemOf(ingest(`${Array.from({ length: 5000 }, (_, i) => `x${i}`).join(',')}\n`))).message.length).toBeLessThan(400);
    expectNothingLoaded();
  });

  it('among good files stops them all before anything is written', async () => {
    const one = fileIn(home, 'one.csv', csv(good(1)));
    const two = fileIn(home, 'two.csv', 'a,b\n1,2\n');
    await problemOf(load(home, 'visit', one, two));
    expectNothingLoaded();
  });

  it('for what is found only while it is read stops there: the files before it are held, the others not', async () => {
    const files = ['one', 'two', 'three', 'four'].map((name, i) => {
      const whole = gzipSync(csv(...Array.from({ length: 3000 }, (_, row) => `${name}${row},2025-04-01,home,${Math.sin(row)},,`)));
      return fileIn(home, `${name}.csv.gz`, i === 2 ? whole.subarray(0, whole.length - 900) : whole);
    });
    expect((await problemOf(load(home, 'visit', ...files))).message).toContain('three.csv.gz');
    expect(listLoads(home).map((one) => one.file)).toEqual(['one.csv.gz', 'two.csv.gz']);
    expect(readdirSync(join(home.loads, 'visit'))).toHaveLength(2);
    // Mended and sent again, the first two are repeated and the others accepted.
    const mended = fileIn(home, 'three.csv.gz', gzipSync(csv(...Array.from({ length: 3000 }, (_, row) => `three${row},2025-04-01,home,${Math.sin(row)},,`))));
    expect(tally(await load(home, 'visit', files[0]!, files[1]!, mended, files[3]!))).toEqual([12_000, 6_000, 0, 6_000]);
  });

  it('for a feed that does not exist names the nearest feeds', async () => {
    const problem = await problemOf(load(home, 'police-incidents', fileIn(home, 'x.csv', 'a\n')));
    expect(problem.message).toContain('There is no feed called "police-incidents". Did you mean "police-incident"');
    expect(problem.exitCode).toBe(4);
  });
});

describe('a file that is odd but can be read', () => {
  it('with headings alone is a load of no rows', async () => {
    expect(tally(await ingest(`${visitHeadings}\n`))).toEqual([0, 0, 0, 0]);
    expect(tally(await ingest(visitHeadings, 'no-line-end.csv'))).toEqual([0, 0, 0, 0]);
    expect(listLoads(home).map((one) => one.rows)).toEqual([0, 0]);
  });

  it('with mixed line ends keeps true line numbers, and blank lines are no rows', async () => {
    const content = `${visitHeadings}\r\n${good(1)}\n\n${good(2)}\r${good(3)}\r\n\r\n${good(4)}`;
    expect(tally(await ingest(content))).toEqual([4, 4, 0, 0]);
    expect(await rowsOf('accepted', 'line, ref')).toEqual([{ line: 2, ref: 'R1' }, { line: 4, ref: 'R2' }, { line: 5, ref: 'R3' }, { line: 7, ref: 'R4' }]);
    expect(listLoads(home)[0]).toMatchObject({ newline: 'mixed', reader: 'strict' });
  });

  it('with Windows line ends throughout is read directly', async () => {
    expect(tally(await ingest(csv(good(1), good(2)).replaceAll('\n', '\r\n')))).toEqual([2, 2, 0, 0]);
    expect(listLoads(home)[0]).toMatchObject({ newline: 'crlf', reader: 'fast' });
  });

  it('with blank rows as spreadsheets write them passes them over and says how many', async () => {
    for (const [name, content] of [
      ['commas.csv', csv(good(1), ',,,,,', good(2), ' , ,,\t,,', ',,,,,')],
      ['semicolons.csv', csv(good(3), ',,,,,', ',,,,,', ',,,,,').replaceAll(',', ';')],
      ['short.csv', csv(good(4), ',,', ',', '   ')],
      ['nbsp.csv', csv(good(5), '\u00a0,,,,,', '\u00a0,\u00a0,,,,', ',,,,,')],
      ['mark.csv', `\uFEFF${csv(good(6), ',,,,,', '"","","","","",""', ',,,,,')}`],
      ['fault.csv', csv(good(7), ',,,,,', ',,,,,', ',,,,,', 'R8,bad,home,,,')],
    ] as const) {
      const counts = await ingest(content, name);
      const [rows, , quarantined] = tally(counts);
      expect([name, rows, counts.accepted + quarantined + counts.repeated, counts.blank]).toEqual([name, name === 'commas.csv' || name === 'fault.csv' ? 2 : 1, rows, 3]);
      expect(counts.notes).toContain('3 blank lines without anything in any cell were passed over; blank lines are not rows.');
    }
    expect(listLoads(home).map((one) => [one.blank, one.quarantined])).toEqual([[3, 0], [3, 0], [3, 0], [3, 0], [3, 0], [3, 1]]);
    // The same file again repeats its rows; its blank lines are still none.
    expect(await ingest(csv(good(1), ',,,,,', good(2), ' , ,,\t,,', ',,,,,'), 'commas.csv')).toMatchObject({ rows: 2, repeated: 2, blank: 3 });
  });

  it('with blank rows in a feed that needs no column holds no empty record', async () => {
    packIn(home, 'feeds/visit', visitPack.replaceAll(', required: true', '').replace('key: [ref]', 'key: occurrence'));
    expect(await ingest(csv(good(1), ',,,,,', ',,,,,'))).toMatchObject({ rows: 1, accepted: 1, quarantined: 0, blank: 2 });
  });

  it('without an optional column leaves it unknown and says so, once for all files', async () => {
    packIn(home, 'feeds/visit', visitPack.replace('type: text, longest: 100', 'type: text, longest: 100, optional: true'));
    const short = 'ref,day,kind,longitude,latitude';
    expect((await ingest(`${short}\nR1,2025-04-01,home,,\n`)).notes).toEqual(['Column "note" is not in the file; it is left unknown.']);
    const files = ['a', 'b'].map((name) => fileIn(home, `${name}.csv`, `${short},shoe size\n${name},2025-04-01,home,,,9\n`));
    expect((await load(home, 'visit', ...files, fileIn(home, 'c.csv', csv(good(3))))).notes).toEqual([
      'Column "note" is not in 2 of the 3 files, such as a.csv; it is left unknown there.',
      'Column "shoe size" of 2 of the 3 files, such as a.csv is not in the contract; it was left out.',
    ]);
    expect((await ingest(csv(good(4)), 'whole.csv')).notes).toEqual([]);
  });

  it('with non-breaking spaces around values is read as with plain ones', async () => {
    const nbsp = '\u00a0';
    expect(tally(await ingest(csv(`${nbsp}R1,${nbsp}30${nbsp}Apr${nbsp}2025${nbsp},home${nbsp},a${nbsp}b${nbsp},-0.4${nbsp},${nbsp}51.9`)))).toEqual([1, 1, 0, 0]);
    expect(await rowsOf('accepted', 'ref, day, kind, note, longitude')).toEqual([{ ref: 'R1', day: '2025-04-30', kind: 'home', note: `a${nbsp}b`, longitude: -0.4 }]);
    expect(listLoads(home)[0]!.reader).toBe('fast');
  });

  it('with a byte-order mark is read as without', async () => {
    expect(tally(await ingest(`\uFEFF${csv(good(1))}`))).toEqual([1, 1, 0, 0]);
    expect(listLoads(home)[0]).toMatchObject({ byteOrderMark: true, headings: visitHeadings.split(',') });
  });

  it('in Windows-1252 is brought to UTF-8 and says so', async () => {
    const content = Buffer.concat([Buffer.from(`${visitHeadings}\nR1,2025-04-01,home,`), Buffer.from([0x43, 0x61, 0x66, 0xe9, 0x20, 0x93, 0x78, 0x94]), Buffer.from(',,\nR2,2025-04-02,home,Zoë,,\n')]);
    expect(tally(await ingest(content))).toEqual([2, 2, 0, 0]);
    expect(await rowsOf('accepted', 'note, line')).toEqual([{ note: 'Café “x”', line: 2 }, { note: 'Zoë', line: 3 }]);
    expect(listLoads(home)[0]!.encoding).toBe('windows-1252 in part');
  });

  it('with quoted commas, quotes and line ends keeps the line that each row begins on', async () => {
    const content = csv('R1,2025-04-01,home,"one, ""two""\nthree",,', good(2), '"R3","2025-04-03","office","","",""');
    expect(tally(await ingest(content))).toEqual([3, 3, 0, 0]);
    expect(await rowsOf('accepted', 'line, note')).toEqual([{ line: 2, note: 'one, "two"\nthree' }, { line: 4, note: 'note 2' }, { line: 5, note: null }]);
  });

  it('with other separators and columns in another order is read by its headings', async () => {
    expect(tally(await ingest('Day;REF; kind ;note;latitude;longitude;extra\n1/4/2025;R1;Home;x;51.9;-0.4;y\n'))).toEqual([1, 1, 0, 0]);
    expect(await rowsOf('accepted', 'line, ref, day, kind, longitude')).toEqual([{ line: 2, ref: 'R1', day: '2025-04-01', kind: 'home', longitude: -0.4 }]);
    expect(listLoads(home)[0]).toMatchObject({ delimiter: ';', ignoredColumns: ['extra'] });
  });

  it('is told to be gzip by its content, whatever its name', async () => {
    expect(tally(await ingest(gzipSync(csv(good(1))), 'visits.csv'))).toEqual([1, 1, 0, 0]);
    expect(tally(await ingest(csv(good(1), good(2)), 'visits.csv.gz'))).toEqual([2, 1, 0, 1]);
  });
});

describe('a row that is put in quarantine', () => {
  it('for stray quotes, takes no other row with it', async () => {
    const content = csv(good(1), 'R2,2025-04-02,home,"open,,', good(3), 'R4,2025-04-04,home,"a"b,,', good(5), 'R6,2025-04-06,home,5" nail,,', 'R7,2025-04-07,home,"never closed,,');
    expect(tally(await ingest(content))).toEqual([7, 4, 3, 0]);
    expect(await rowsOf('accepted', 'line')).toEqual([2, 4, 6, 7].map((line) => ({ line })));
    expect(await rowsOf('quarantined', 'line, column_name, reason, raw')).toMatchObject([{ line: 3, column_name: null, raw: ['R2,2025-04-02,home,"open,,'] }, { line: 5 }, { line: 8 }]);
  });

  it('for too few or too many cells says how many', async () => {
    expect(tally(await ingest(csv(good(1), 'R2,2025-04-02', `${good(3)},more`)))).toEqual([3, 1, 2, 0]);
    expect(await rowsOf('quarantined', 'line, reason')).toEqual([
      { line: 3, reason: '2 cells where there are 6 headings' },
      { line: 4, reason: '7 cells where there are 6 headings' },
    ]);
  });

  it('for an id that a spreadsheet shortened, since many rows would have the same; a note that looks like one is left, and so is an id without a sign', async () => {
    const row = (ref: string, note = '') => `${ref},2025-04-01,home,${note},,`;
    expect(tally(await ingest(csv(row('1.00E+11'), row('1.00E+11', 'another'), row('1e+11'), row('"1,23457E+11"'), row('1E10'), row('+12'), row('R1', '1.00E+11'))))).toEqual([7, 3, 4, 0]);
    const reason = 'a number shortened by a spreadsheet, so that its digits are lost (format the column as text and export the file again)';
    expect(await rowsOf('quarantined', 'line, column_name, reason')).toEqual([2, 3, 4, 5].map((line) => ({ line, column_name: 'ref', reason })));
    expect(await rowsOf('accepted', 'ref')).toEqual([{ ref: '1E10' }, { ref: '+12' }, { ref: 'R1' }]);
  });

  it('for 10 MB in a cell, and the rows around it are accepted', async () => {
    const large = 'x'.repeat(10 * 1024 * 1024);
    expect(tally(await ingest(csv(good(1), `R2,2025-04-02,home,"${large}",,`, `R3,2025-04-03,home,${large},,`, good(4))))).toEqual([4, 2, 2, 0]);
    expect(await rowsOf('quarantined', 'line, reason, length(raw[1]) AS kept')).toEqual([
      { line: 3, reason: 'a cell of more than 1,000,000 characters', kept: large.length + 23 },
      { line: 4, reason: 'a cell of more than 1,000,000 characters', kept: large.length + 21 },
    ]);
    expect(tally(await ingest(csv(`R9,2025-04-02,home,${'y'.repeat(101)},,`), 'long.csv'))).toEqual([1, 0, 1, 0]);
    expect((await listQuarantine(home, 'visit')).map((one) => one.reason)).toContain('longer than 100 characters');
  });

  it('for a date that is none; three ways of writing one are read, and month first is never guessed', async () => {
    const days = ['2025-04-30', '30/4/2025', '30/04/2025', '30 Apr 2025', '30 April 2025', '31/02/2025', '2025-02-31', '04/30/2025', '30/04/25', '2025-04-30x', 'yesterday', '01/02/0025', ''];
    expect(tally(await ingest(csv(...days.map((day, i) => `R${i},${day},home,,,`))))).toEqual([13, 5, 8, 0]);
    expect(new Set((await rowsOf('accepted', 'day')).map((row) => row.day))).toEqual(new Set(['2025-04-30']));
    expect(await listQuarantine(home)).toEqual(
      ([
        ['a day that is not in the calendar (write 2025-04-30 or 30/04/2025)', 2, 7, '31/02/2025'],
        ['not a date (write 2025-04-30 or 30/04/2025)', 2, 11, '2025-04-30x'],
        ['a year before 1850 or after 2149 (write 2025-04-30 or 30/04/2025)', 1, 13, '01/02/0025'],
        ['a year of two digits (write 2025-04-30 or 30/04/2025)', 1, 10, '30/04/25'],
        ['empty, and must be filled', 1, 14, null],
        ['the month before the day (write 2025-04-30 or 30/04/2025; look at every date in this column, since others may be the wrong way round)', 1, 9, '04/30/2025'],
      ] as const).map(([reason, rows, line, value]) => ({ feed: 'visit', column_name: 'day', reason, rows, example: { file: 'visits.csv', line, value }, advice: null })),
    );
  });

  it('for coordinates in the sea, at nought, swapped, or only half there', async () => {
    const points = ['-0.4,51.9', ',', '-30.5,51.9', '0,0', '51.9,-0.4', '-0.4,', '999,51.9', 'west,51.9', '-6.0,54.6'];
    expect(tally(await ingest(csv(...points.map((point, i) => `R${i},2025-04-01,home,,${point}`))))).toEqual([9, 3, 6, 0]);
    const found = await rowsOf('quarantined', 'line, column_name, value, reason');
    expect(found).toMatchObject([
      { line: 4, column_name: 'longitude', value: '-30.5', reason: 'outside the United Kingdom, in the sea or abroad (look the place up again, or leave longitude and latitude empty)' },
      { line: 5, reason: 'longitude 0 and latitude 0, a default and not a place (leave both cells empty)' },
      { line: 6, column_name: 'longitude', reason: 'longitude and latitude are the wrong way round (exchange the two columns’ headings or cells)' },
      { line: 7, column_name: 'latitude', reason: 'empty, where the longitude is filled' },
      { line: 8, reason: 'not degrees (write longitude such as -0.4 and latitude such as 51.9, WGS84)' },
      { line: 9, reason: 'not a longitude in degrees (write -0.4)' },
    ]);
  });

  it('for eastings and northings, a lost minus sign, or a place in the sea, says which is likely', async () => {
    const points = ['509000,221000', '1.9,53.5', '1.3,53.6', '-0.2,56.5', '-6.26,53.35', '-0.4,200'];
    expect(tally(await ingest(csv(...points.map((point, i) => `R${i},2025-04-01,home,,${point}`))))).toEqual([6, 0, 6, 0]);
    expect((await rowsOf('quarantined', 'reason')).map((row) => String(row.reason).split(' (')[0])).toEqual([
      'an easting and a northing of the national grid, in metres',
      'east of the United Kingdom: the minus sign of the longitude may be lost',
      'in the sea or in Ireland',
      'in the sea or in Ireland',
      'in the sea or in Ireland',
      'not degrees',
    ]);
  });

  it('for no place on the coasts and islands of the United Kingdom', async () => {
    // Lowestoft, Cromer, Skegness, Spurn, Berwick, Peterhead, Fair Isle, Out Skerries, St Kilda, Dungeness, Beachy Head, Selsey, Ventnor, Portland, Scilly, Skomer, Newry, Kilkeel, Enniskillen.
    const coasts = ['1.76,52.48', '1.30,52.93', '0.34,53.14', '0.12,53.57', '-2.0,55.77', '-1.78,57.50', '-1.62,59.53', '-0.76,60.42', '-8.57,57.81', '0.97,50.91', '0.25,50.737', '-0.79,50.72', '-1.2,50.59', '-2.45,50.52', '-6.3,49.92', '-5.3,51.74', '-6.34,54.18', '-6.0,54.06', '-7.64,54.34'];
    expect(tally(await ingest(csv(...coasts.map((point, i) => `R${i},2025-04-01,home,,${point}`))))).toEqual([19, 19, 0, 0]);
  });

  it('for an unknown code; the case of a known one does not matter', async () => {
    expect(tally(await ingest(csv('R1,2025-04-01,HOME,,,', 'R2,2025-04-01,pub,,,')))).toEqual([2, 1, 1, 0]);
    expect(await rowsOf('quarantined', 'line, column_name, value, reason, raw')).toEqual([{ line: 3, column_name: 'kind', value: 'pub', reason: 'not one of the codes for kind', raw: ['R2', '2025-04-01', 'pub', '', '', ''] }]);
  });

  it('for a NUL character', async () => {
    expect(tally(await ingest(csv(good(1), 'R2,2025-04-02,home,a\u0000b,,', good(3))))).toEqual([3, 2, 1, 0]);
    expect(await rowsOf('quarantined', 'line, reason, raw')).toEqual([{ line: 3, reason: 'a NUL character', raw: ['R2,2025-04-02,home,a␀b,,'] }]);
  });

  it('with every fault it has', async () => {
    expect(tally(await ingest(csv(',31/02/2025,pub,,,')))).toEqual([1, 0, 1, 0]);
    const [row] = await rowsOf('quarantined', 'line, faults');
    expect((row!.faults as { column_name: string }[]).map((fault) => fault.column_name)).toEqual(['ref', 'day', 'kind']);
  });

  it('and held there, so that the same row in another file is repeated', async () => {
    await ingest(csv(good(1), 'R2,bad,home,,,'), 'first.csv');
    expect(tally(await ingest(csv('R2,bad,home,,,', good(1), good(2)), 'second.csv'))).toEqual([3, 1, 0, 2]);
    expect(await listQuarantine(home)).toMatchObject([{ rows: 1 }]);
  });
});

describe('rows with one key', () => {
  it('that say the same are repeated; that say another thing supersede, and both are kept', async () => {
    expect(tally(await ingest(csv('R1,2025-04-01,home,first,,', 'R1,2025-04-01,home,first,,', 'R1,2025-04-01,office,second,,')))).toEqual([3, 2, 0, 1]);
    expect(await rowsOf('accepted', 'line, note')).toEqual([{ line: 2, note: 'first' }, { line: 4, note: 'second' }]);
    expect(listLoads(home)[0]!.superseded).toBe(1);
  });
});

describe('what is kept', () => {
  it('is the file as it came, readable by its owner alone', async () => {
    const content = csv(good(1), 'R2,2025-04-02,home,=cmd|calc,,');
    await ingest(content);
    const [one] = listLoads(home);
    expect(readFileSync(join(one!.folder, 'landing.csv'), 'utf8')).toBe(content);
    expect(await rowsOf('accepted', 'line, note')).toContainEqual({ line: 3, note: '=cmd|calc' });
    expect(statSync(one!.folder).mode & 0o077).toBe(0);
    for (const file of readdirSync(one!.folder)) expect(statSync(join(one!.folder, file)).mode & 0o077, file).toBe(0);
  });
});
