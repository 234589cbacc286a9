import { describe, expect, it } from 'vitest';
import { nhsCheckDigit, upnCheckLetter } from '../core/index.ts';
import { openDuck, text } from '../store/index.ts';
import { dayOnlySql, typedColumn } from './column-type.sql.ts';
import type { ContractColumn } from './contract.schema.ts';

const column = (type: ContractColumn['type'], more: Partial<ContractColumn> = {}): ContractColumn => ({
  name: 'x', also: [], type, required: false, optional: false, personal: false, longest: 100, separator: ';', zone: 'Europe/London', within: 'united-kingdom', ...more,
});

/** Each text beside what it is read as. */
async function read(of: ContractColumn, words: string[]): Promise<unknown[]> {
  const reading = typedColumn(of);
  let relation = `SELECT v, i FROM (VALUES ${words.map((word, i) => `(${text(word)}, ${i})`).join(', ')}) AS given (v, i)`;
  const steps = reading.steps.map((_, n) => `s${n}`);
  reading.steps.forEach((step, n) => {
    relation = `SELECT *, ${step('v', steps.slice(0, n))} AS s${n} FROM (${relation})`;
  });
  const duck = await openDuck();
  try {
    const typed = `SELECT i, v, ${reading.typed('v', steps.at(-1) ?? 'v', steps)} AS t FROM (${relation})`;
    const kept = reading.rules.map((rule) => `(t IS NULL OR ${rule.holds('v', 't')})`);
    return (await duck.rows<{ t: unknown }>(`SELECT CASE WHEN ${kept.join(' AND ') || 'true'} THEN CAST(t AS VARCHAR) END AS t FROM (${typed}) ORDER BY i`)).map((row) => row.t);
  } finally {
    duck.close();
  }
}

describe('how text is read by the type of its column', () => {
  it('whole numbers are whole; no rounding', async () => {
    expect(await read(column('integer', { minimum: 0, maximum: 120 }), ['0', '12', '12.0', '12.5', '-1', '121', '1_0', 'x', '99999999999999999999'])).toEqual(['0', '12', '12', null, null, null, null, null, null]);
  });

  it('numbers are finite', async () => {
    expect(await read(column('decimal'), ['1.5', '-0.25', '.5', '1e3', 'inf', 'NaN', '1_0', '1,5', '£3'])).toEqual(['1.5', '-0.25', '0.5', '1000.0', null, null, null, null, '3.0']);
  });

  it('numbers as people write them, where there is one reading', async () => {
    expect(await read(column('integer'), ['1,045', '£1,045', '-12,000', '1,234,567', '£7', '1,04', '10,45', '12%', '1e5', '1 045', '(12)', '$5'])).toEqual(['1045', '1045', '-12000', '1234567', '7', null, null, null, null, null, null, null]);
    // One comma alone may be a decimal comma.
    expect(await read(column('decimal'), ['£1,045.50', '1,045.5', '1,234,567', '£1,045', '1e5', '1,045', '1.045,5', '12%', '1,5'])).toEqual(['1045.5', '1045.5', '1234567.0', '1045.0', '100000.0', null, null, null, null]);
  });

  it('yes and no in the usual words', async () => {
    expect(await read(column('boolean'), ['True', 'yes', 'Y', '1', 'FALSE', 'no', 'n', '0', 'maybe'])).toEqual(['true', 'true', 'true', 'true', 'false', 'false', 'false', 'false', null]);
  });

  it('times in three styles, with or without seconds', async () => {
    const five = '2025-04-30 18:05:00';
    expect(await read(column('datetime'), ['2025-04-30 18:05', '2025-04-30T18:05:00', '30/04/2025 18:05', '30/4/2025 18:05:00', '30 Apr 2025 18:05', '30-Apr-2025 18:05'])).toEqual([five, five, five, five, five, five]);
    expect(await read(column('datetime'), ['2025-04-30', '30/04/2025', '31/02/2025 10:00', '2025-02-30 10:00', '04/30/2025 10:00', '2025-04-30 25:00', '2025-04-30 10', 'soon'])).toEqual(['2025-04-30 00:00:00', '2025-04-30 00:00:00', null, null, null, null, null, null]);
  });

  it('times as people write them, where there is one reading; midnight at the end of a day is the next day’s beginning', async () => {
    const words = ['30/04/2025 9.30', '2025-04-30 9:30', '30 Apr 2025 9.30 am', '30/04/2025 9:30 PM', '30.04.2025 9.30', '30-04-2025 09:30', '30/04/2025 12:15 am'];
    const [morning, night] = ['2025-04-30 09:30:00', '2025-04-30 21:30:00'];
    expect(await read(column('datetime'), words)).toEqual([morning, morning, morning, night, morning, morning, '2025-04-30 00:15:00']);
    expect(await read(column('datetime'), ['30/04/2025 24:00', '2025-04-30 24:00', '2025-04-30 18:05 Z', '2025-04-30 18:05 +02:00'])).toEqual(['2025-05-01 00:00:00', '2025-05-01 00:00:00', '2025-04-30 19:05:00', '2025-04-30 17:05:00']);
    expect(await read(column('datetime'), ['30/04/2025 24:01', '30/04/2025 9.75', '30/04/2025 9.5', '30/04/2025 13:00 pm', '45123.5', '30/04/25 10:00', '31/02/2025 9.30'])).toEqual([null, null, null, null, null, null, null]);
  });

  it('an hour that the clocks left out is refused, but not with an offset, nor the hour that comes twice', async () => {
    expect(await read(column('datetime'), ['2025-03-30 01:30', '30/03/2025 1:00', '2025-03-30 00:59', '2025-03-30 02:00', '2025-03-23 01:30', '2025-10-26 01:30', '2025-03-30 01:30Z', '2025-03-30'])).toEqual([
      null, null, '2025-03-30 00:59:00', '2025-03-30 02:00:00', '2025-03-23 01:30:00', '2025-10-26 01:30:00', '2025-03-30 02:30:00', '2025-03-30 00:00:00',
    ]);
  });

  it('dates with points or dashes; never a spreadsheet’s number, two digits of a year or the month first', async () => {
    expect(await read(column('date'), ['30.04.2025', '30-04-2025', '30-4-2025', '45123', '30/04/25', '30.04.25', '04/30/2025', '31.02.2025', '2025-04-30 09:30'])).toEqual(['2025-04-30', '2025-04-30', '2025-04-30', null, null, null, null, null, null]);
  });

  it('a time without an hour keeps the day alone, however the time is written', async () => {
    const duck = await openDuck();
    expect(await duck.rows(`SELECT ${dayOnlySql('v')} AS day FROM (VALUES ('30/04/2025'), ('30.04.2025'), ('30 April 2025'), ('30/04/2025 9.30'), ('2025-04-30 09:30')) AS t (v)`)).toEqual([true, true, true, false, false].map((day) => ({ day })));
    duck.close();
  });

  it('a time with an offset is brought to British time, whatever the column’s zone', async () => {
    const words = ['2021-04-30T23:41:00+00:00', '2021-04-30T23:41Z', '2021-05-01T01:41:00+02:00', '2021-05-01 00:41:00+0100', '2021-04-30T18:41:00-05', '2021-12-01T10:00:00Z', '2021-12-01T10:00:00.250Z'];
    const read1 = await read(column('datetime'), words);
    expect(read1).toEqual(['2021-05-01 00:41:00', '2021-05-01 00:41:00', '2021-05-01 00:41:00', '2021-05-01 00:41:00', '2021-05-01 00:41:00', '2021-12-01 10:00:00', '2021-12-01 10:00:00.25']);
    expect(await read(column('datetime', { zone: 'UTC' }), words)).toEqual(read1);
  });

  it('a time without an offset in a column of UTC is brought to British time; a day alone stays that day', async () => {
    expect(await read(column('datetime', { zone: 'UTC' }), ['2021-04-30 23:41', '2021-06-01'])).toEqual(['2021-05-01 00:41:00', '2021-06-01 00:00:00']);
  });

  it('months', async () => {
    expect(await read(column('month'), ['2025-04', '04/2025', 'Apr 2025', 'April 2025', '2025-13', '2025', '0025-04'])).toEqual(['2025-04-01', '2025-04-01', '2025-04-01', '2025-04-01', null, null, null]);
  });

  it('postcodes in one way of writing', async () => {
    expect(await read(column('postcode'), ['LU1 1AA', 'lu11aa', 'Lu1  1aa', 'SW1A 1AA', 'GIR 0AA', 'ZZ99 3VZ', 'LU1', 'NFA', 'LU1 1AAA'])).toEqual(['LU1 1AA', 'LU1 1AA', 'LU1 1AA', 'SW1A 1AA', 'GIR 0AA', 'ZZ99 3VZ', null, null, null]);
  });

  it('NHS numbers by their check digit', async () => {
    const nine = ['999000001', '999000002', '999123456'];
    const whole = nine.flatMap((digits) => {
      const check = nhsCheckDigit(digits);
      return check === undefined ? [] : [`${digits}${check}`];
    });
    expect(await read(column('nhs-number'), whole)).toEqual(whole);
    expect(await read(column('nhs-number'), [whole[0]!.replace(/^(...)(...)(....)$/, '$1 $2 $3'), '1234567890', '999', 'abc'])).toEqual([whole[0], null, null, null]);
  });

  it('pupil numbers by their check letter, temporary ones too', async () => {
    const made = ['000123412345', '00012341234A'].map((twelve) => `${upnCheckLetter(twelve)}${twelve}`);
    const wrong = `${made[0]!.startsWith('A') ? 'B' : 'A'}000123412345`;
    expect(await read(column('upn'), [...made, made[0]!.toLowerCase(), wrong, 'X'])).toEqual([...made, made[0], null, null]);
  });

  it('small area codes of every nation, in form', async () => {
    expect(await read(column('lsoa'), ['E01015693', 'W01000001', 'S01006506', 'N20000001', '95AA01S1', 'E0101569', 'Luton 001A'])).toEqual(['E01015693', 'W01000001', 'S01006506', 'N20000001', '95AA01S1', null, null]);
  });

  it('lists, each item from the code list', async () => {
    expect(await read(column('list', { codes: ['alcohol', 'drugs'] }), ['alcohol', 'Drugs; alcohol;', 'alcohol;guns'])).toEqual(['[alcohol]', '[drugs, alcohol]', null]);
  });

  it('text by its pattern, as a whole', async () => {
    expect(await read(column('text', { pattern: '\\d{6}' }), ['123456', '1234567', 'a123456'])).toEqual(['123456', null, null]);
  });

  it('coordinates inside the United Kingdom, unless the contract says anywhere', async () => {
    expect(await read(column('longitude'), ['-0.4', '2.5', '-8.1', '181', '1_0'])).toEqual(['-0.4', null, '-8.1', null, null]);
    expect(await read(column('latitude', { within: 'anywhere' }), ['-33.9', '91'])).toEqual(['-33.9', null]);
  });
});
