// Why a filled cell could not be read, as an expression over its text: the likeliest slip by name, and how to write it instead.
// Looked at only for rows that are refused. A reason never holds the cell's own value, so that rows with the same slip count together.

import { text } from '../store/index.ts';

type Refusal = readonly [holds: string, reason: string];

const matches = (v: string, pattern: string) => `regexp_full_match(${v}, ${text(pattern)})`;

/** The first of the slips that fits; NULL where none does. */
function firstOf(slips: readonly Refusal[]): string {
  return `CASE ${slips.map(([holds, reason]) => `WHEN ${holds} THEN ${text(reason)}`).join(' ')} END`;
}

/** What a spreadsheet writes in the place of a value. */
const spreadsheetSlips = (v: string): Refusal[] => [
  [matches(v, '#+'), 'only # signs, as a spreadsheet shows in a column that is too narrow (widen the column and save the file again)'],
  [matches(v, '#(N/A|REF!|VALUE!|NAME\\?|DIV/0!|NUM!|NULL!|SPILL!|CALC!)'), 'an error of the spreadsheet (mend its formula and save the file again)'],
];

const shortened = '[+-]?[0-9]([.,][0-9]+)?[eE][+]?[0-9]+';
const month = '([0-9]{1,2}|[A-Za-z]{3,9})';

function daySlips(v: string, style: string): Refusal[] {
  const year = `try_cast(nullif(regexp_extract(${v}, '(^|[^0-9])([0-9]{4})([^0-9]|$)', 2), '') AS INTEGER)`;
  return [
    ...spreadsheetSlips(v),
    [matches(v, `[0-9]{1,2}[/. -]${month}[/. -][0-9]{2}([ T].*)?`), `a year of two digits (${style})`],
    [matches(v, '[0-9]{5}([.][0-9]+)?'), `a spreadsheet’s number for a day, which may be one of two days (format the column as a date and save the file again; ${style})`],
    [matches(v, '(0?[1-9]|1[0-2])[/.-](1[3-9]|2[0-9]|3[01])[/.-][0-9]{4}([ T].*)?'), `the month before the day (${style}; look at every date in this column, since others may be the wrong way round)`],
    [`${year} NOT BETWEEN 1850 AND 2149`, `a year before 1850 or after 2149 (${style})`],
  ];
}

const calendarDay = `([0-9]{4}-[0-9]{1,2}-[0-9]{1,2}|[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{4}|[0-9]{1,2}[ -][A-Za-z]{3,9}[ -][0-9]{4})`;

export function dateRefusalSql(v: string): string {
  const style = 'write 2025-04-30 or 30/04/2025';
  return firstOf([
    ...daySlips(v, style),
    [matches(v, `${calendarDay}[ T]+[0-9].*`), `a day with a time, where the day alone is wanted (${style})`],
    [matches(v, calendarDay), `a day that is not in the calendar (${style})`],
  ]);
}

export function timeRefusalSql(v: string): string {
  const style = 'write 2025-04-30 18:05 or 30/04/2025 18:05';
  return firstOf([
    ...daySlips(v, style),
    [matches(v, '[0-9]{1,2}([:.][0-9]{2}){1,2}( ?[AaPp][Mm])?'), `a time without its day (${style})`],
    [matches(v, calendarDay), `a day that is not in the calendar (${style})`],
    [`${matches(v, `${calendarDay}[ T]+[0-9]{1,2}[:.][0-9]{2}.*`)} AND try_cast(regexp_extract(${v}, '[ T]+([0-9]{1,2})[:.]', 1) AS INTEGER) > 24`, `an hour after 24 (${style})`],
    [matches(v, `${calendarDay}[ T]+.*`), `a day that is not in the calendar, or a time that is not on the clock (${style})`],
  ]);
}

export function wholeNumberRefusalSql(v: string): string {
  const style = 'write 1045';
  return firstOf([
    ...numberSlips(v, style),
    [matches(v, shortened), `shortened by a spreadsheet, so that digits may be lost (format the column as a number and save the file again; ${style})`],
    [matches(v, '[+-]?[0-9]*[.,][0-9]+'), `a fraction, where a whole number is wanted (${style})`],
    [matches(v, '[+-]?[0-9]{18,}'), 'longer than 17 digits'],
  ]);
}

export function numberRefusalSql(v: string): string {
  const style = 'write 1045.5';
  return firstOf([
    ...numberSlips(v, style),
    [matches(v, '[+-]?[0-9]{1,3},[0-9]{3}'), 'a comma that may mark thousands or a fraction (write 1045 or 1.045)'],
    [matches(v, '[+-]?[0-9]*,[0-9]+'), `a comma before the fraction (${style})`],
  ]);
}

function numberSlips(v: string, style: string): Refusal[] {
  return [
    ...spreadsheetSlips(v),
    [`suffix(${v}, '%')`, `a per cent sign, which may mean hundredths or not (write the number alone, in the unit of the contract)`],
    [matches(v, '[(].*[)]'), `a number in brackets (write a negative number with a minus sign)`],
    [matches(v, '[$€].*|.*[$€]'), `a currency other than pounds (${style})`],
    [`${matches(v, '[+-]?[0-9][0-9.,]*\\s*[A-Za-z].*')} AND NOT ${matches(v, shortened)}`, `a number with a unit or a word after it (${style})`],
  ];
}

export const shortenedIdReason = 'a number shortened by a spreadsheet, so that its digits are lost (format the column as text and export the file again)';

/** For NHS numbers, pupil numbers and other long numbers. */
export function shortenedRefusalSql(v: string): string {
  return firstOf([...spreadsheetSlips(v), [matches(v, shortened), shortenedIdReason]]);
}

/** True for a number as programs shorten it, with a sign in the exponent: 1.00E+11. An id such as 1E10 is left, since an agency may issue it. Never NULL of a filled cell. */
export function shortenedIdSql(v: string): string {
  return `(contains(${v}, '+') AND ${matches(v, '[+-]?[0-9]([.,][0-9]+)?[eE][+][0-9]+')})`;
}

export interface PointSql {
  longitude: string;
  latitude: string;
}

/** Great Britain and Northern Ireland with their islands, in degrees (WGS84). */
export const unitedKingdom = { longitude: [-8.7, 1.8], latitude: [49.8, 60.9] } as const;

/** Parts of that rectangle without any land of the United Kingdom, kept some kilometres off its coast: west, east, south, north. */
export const elsewhere: readonly (readonly [number, number, number, number])[] = [
  [0.45, 1.8, 53.05, 60.9], // the North Sea, north of Norfolk and east of Lincolnshire
  [-1.5, 0.45, 55.75, 59.4], // the North Sea, east of Peterhead and south of Fair Isle
  [-0.75, 1.8, 49.8, 50.68], // the Channel, south of Beachy Head
  [-2.3, -0.75, 49.8, 50.48], // the Channel, south of Portland and Wight
  [-8.7, -5.75, 50.4, 53.9], // Ireland and the sea around it, west of Pembrokeshire and south of Down
];

/** True where a point is in the sea or in Ireland; never NULL. */
export function elsewhereSql({ longitude, latitude }: PointSql): string {
  const boxes = elsewhere.map(([west, east, south, north]) => `(${longitude} > ${west} AND ${longitude} <= ${east} AND ${latitude} > ${south} AND ${latitude} < ${north})`);
  return `coalesce(${boxes.join(' OR ')}, false)`;
}

export const elsewhereReason = 'in the sea or in Ireland (the minus sign of the longitude may be lost or added, or a digit be wrong: look the place up again, or leave longitude and latitude empty)';

export const zeroReason = 'longitude 0 and latitude 0, a default and not a place (leave both cells empty)';

/** Why a coordinate is refused, by the numbers of both cells of its point (NULL where they are none). */
export function coordinateRefusalSql({ longitude, latitude }: PointSql): string {
  const [west, east] = unitedKingdom.longitude;
  const [south, north] = unitedKingdom.latitude;
  return firstOf([
    [`${longitude} = 0 AND ${latitude} = 0`, zeroReason],
    [`${longitude} BETWEEN ${south} AND ${north} AND ${latitude} BETWEEN ${west} AND ${east}`, 'longitude and latitude are the wrong way round (exchange the two columns’ headings or cells)'],
    [`abs(${longitude}) > 180 AND ${longitude} BETWEEN -100000 AND 900000 AND ${latitude} BETWEEN -100000 AND 1400000 AND abs(${latitude}) > 90`, 'an easting and a northing of the national grid, in metres (convert them to degrees, WGS84, or ask the sender for longitude and latitude)'],
    [`${latitude} BETWEEN ${south} AND ${north} AND ${longitude} > ${east} AND ${longitude} <= ${-west}`, 'east of the United Kingdom: the minus sign of the longitude may be lost (most places have a longitude below 0, such as -0.4)'],
    [`abs(${longitude}) <= 180 AND abs(${latitude}) <= 90`, 'outside the United Kingdom, in the sea or abroad (look the place up again, or leave longitude and latitude empty)'],
    [`${longitude} IS NOT NULL AND ${latitude} IS NOT NULL`, 'not degrees (write longitude such as -0.4 and latitude such as 51.9, WGS84)'],
  ]);
}
