// How each type of column is read from text: an expression that gives the typed value or NULL, and the ordered reasons why a value is refused.
// Dates may be 2025-04-30, 30/4/2025, 30.4.2025 or 30 Apr 2025; month before day and the century of a year are never guessed.

import { text } from '../store/index.ts';
import { britishTimeSql } from './british-time.sql.ts';
import { codeReason } from './code-advice.ts';
import type { ContractColumn } from './contract.schema.ts';
import { dateRefusalSql, numberRefusalSql, shortenedRefusalSql, timeRefusalSql, unitedKingdom, wholeNumberRefusalSql } from './refusal.sql.ts';

export interface TypedColumn {
  /** DuckDB type of the typed value. */
  type: string;
  /** Steps before the typed value, each from the trimmed text and the steps before it; each is computed once, in a relation of its own. */
  steps: ((value: string, before: readonly string[]) => string)[];
  /** The typed value from the trimmed text and the last step, or all of them. */
  typed: (value: string, last: string, steps: readonly string[]) => string;
  /** Conditions that a filled value must meet beyond having a typed value; each with its reason. */
  rules: { holds: (value: string, typed: string) => string; reason: string }[];
  /** Why a filled value has no typed value. */
  unreadable: string;
  /** The same more closely, as an expression over the text: NULL where it does not know. */
  because?: (value: string) => string;
}

type Reading = Pick<TypedColumn, 'steps' | 'typed'>;

/** Dates outside these years are slips of the keyboard, such as 01/02/0025. */
const sane = (date: string, type: string) => `CASE WHEN ${date} BETWEEN ${type} '1850-01-01' AND ${type} '2149-12-31' THEN ${date} END`;

const dayFormats = ['%d/%m/%Y', '%d %b %Y', '%d %B %Y', '%d-%b-%Y', '%d.%m.%Y', '%d-%m-%Y'];

const dateReading: Reading = {
  steps: [
    (v) => {
      const formats = `[${['%Y-%m-%d', ...dayFormats].map(text).join(', ')}]`;
      const slow = `CAST(try_strptime(regexp_replace(${v}, '[ T]00:00(:00)?$', ''), ${formats}) AS DATE)`;
      return `coalesce(CASE WHEN strlen(${v}) = 10 AND substr(${v}, 5, 1) = '-' THEN try_cast(${v} AS DATE) END, ${slow})`;
    },
  ],
  typed: (_v, date) => sane(date, 'DATE'),
};

const monthReading: Reading = {
  steps: [(v) => `coalesce(CASE WHEN strlen(${v}) = 7 AND substr(${v}, 5, 1) = '-' THEN try_cast(${v} || '-01' AS DATE) END, CAST(try_strptime('1 ' || ${v}, ['%d %m/%Y', '%d %b %Y', '%d %B %Y']) AS DATE))`],
  typed: (_v, date) => sane(date, 'DATE'),
};

/** The end of a time that says how far it is from UTC: Z, +01:00, +0100 or +01. */
const offsetPattern = `:[0-9.]+ ?(Z|[+-][0-9]{2}(:?[0-9]{2})?)$`;

/** A day, then a time as people write it: 9.30, 9:30 pm; and 24:00, which is the next day's 00:00. Few patterns, since each is compiled for every file. */
function spokenTimeSql(t: string): string {
  const days = ['%Y-%m-%d', ...dayFormats];
  const clocks = ['%H.%M', '%I:%M %p', '%I:%M%p', '%I.%M %p', '%I.%M%p'];
  const formats = days.flatMap((day) => clocks.map((clock) => text(`${day} ${clock}`))).join(', ');
  const midnight = `try_strptime(left(${t}, -6), [${days.map(text).join(', ')}]) + INTERVAL 1 DAY`;
  return `CASE WHEN suffix(${t}, ' 24:00') THEN ${midnight} WHEN regexp_matches(${t}, '[.:][0-9]{2}( ?[AaPp][Mm])?$') THEN try_strptime(${t}, [${formats}]) END`;
}

/** An hour that the clocks left out: from 01:00 on the last Sunday of March, since 1998. Never NULL where the time is not. */
function inSpringGapSql(t: string): string {
  return `CASE WHEN month(${t}) = 3 THEN day(${t}) > 24 AND hour(${t}) = 1 AND dayofweek(${t}) = 0 AND year(${t}) >= 1998 ELSE false END`;
}

const springGapReason = 'an hour that did not exist: the clocks went forward from 01:00 to 02:00 (write the true time, or add its offset, such as Z for Greenwich time)';

/** Steps: the offset where there is one; the time on the clock; the same in UTC, where it was given in UTC or with an offset. */
function datetimeReading(zone: ContractColumn['zone']): Reading {
  const formats = dayFormats.flatMap((day) => [day, `${day} %H:%M`, `${day} %H:%M:%S`]).map(text).join(', ');
  const clock = (t: string) => `coalesce(CASE WHEN substr(${t}, 5, 1) = '-' AND strlen(${t}) >= 10 THEN try_cast(${t} AS TIMESTAMP) END, try_strptime(${t}, [${formats}]), ${spokenTimeSql(t)})`;
  const east = (offset: string) => `CASE WHEN ${offset} = 'Z' THEN 0 ELSE (CASE WHEN ${offset}[1] = '-' THEN -1 ELSE 1 END) * (try_cast(substr(${offset}, 2, 2) AS INTEGER) * 60 + coalesce(try_cast(right(replace(substr(${offset}, 4), ':', ''), 2) AS INTEGER), 0)) END`;
  const mayHaveOffset = (v: string) => `strlen(${v}) > 16 AND (contains(${v}, 'Z') OR contains(${v}, '+') OR contains(substr(${v}, 12), '-'))`;
  const inUtc = zone === 'UTC' ? (v: string, at: string) => ` WHEN NOT ${dayOnlySql(v)} THEN ${at}` : () => '';
  return {
    steps: [
      (v) => `CASE WHEN ${mayHaveOffset(v)} THEN nullif(regexp_extract(${v}, ${text(offsetPattern)}, 1), '') END`,
      (v, [offset]) => clock(`CASE WHEN ${offset} IS NULL THEN ${v} ELSE rtrim(left(${v}, CAST(length(${v}) - length(${offset}) AS INTEGER))) END`),
      (v, [offset, at]) => `CASE WHEN ${offset} IS NOT NULL THEN ${at} - to_minutes(${east(offset!)})${inUtc(v, at!)} END`,
      (_v, [, at, utc]) => `CASE WHEN ${utc} IS NOT NULL THEN ${britishTimeSql(utc!)} ELSE ${at} END`,
    ],
    typed: (_v, time) => sane(time, 'TIMESTAMP'),
  };
}

/** True where a datetime's text gives the day alone. */
export function dayOnlySql(v: string): string {
  return `(strlen(${v}) < 12 OR NOT (contains(${v}, ':') OR contains(${v}, '.')))`;
}

/** ZZ99 is what health services write for no fixed abode, unknown or abroad (ODS pseudo postcodes). */
const postcodeForm = text('(GIR 0AA|ZZ99 [0-9][A-Z]{2}|[A-Z]{1,2}[0-9][A-Z0-9]? [0-9][ABD-HJLNP-UW-Z]{2})');

const postcodeReading: Reading = {
  steps: [(v) => `CASE WHEN regexp_full_match(${v}, ${postcodeForm}) THEN ${v} ELSE upper(regexp_replace(${v}, '\\s', '', 'g')) END`, (_v, [compact]) => `CASE WHEN contains(${compact}, ' ') THEN ${compact} ELSE left(${compact}, -3) || ' ' || right(${compact}, 3) END`],
  typed: (_v, spaced) => `CASE WHEN regexp_full_match(${spaced}, ${postcodeForm}) THEN ${spaced} END`,
};

/** One digit of a whole number, counted from the right; by arithmetic, which takes a fraction of the time of cutting the text up. */
const digitSql = (number: string, place: number) => `(${number} // ${10 ** (place - 1)}) % 10`;

const nhsNumberReading: Reading = {
  steps: [
    (v) => `CASE WHEN regexp_full_match(${v}, '[0-9]{10}') THEN ${v} ELSE regexp_replace(${v}, '[\\s-]', '', 'g') END`,
    (_v, [digits]) => `CASE WHEN regexp_full_match(${digits}, '[0-9]{10}') THEN CAST(${digits} AS BIGINT) END`,
  ],
  typed: (_v, number, [digits]) => {
    const sum = Array.from({ length: 9 }, (_, i) => `${digitSql(number, 10 - i)} * ${10 - i}`).join(' + ');
    return `CASE WHEN (11 - (${sum}) % 11) % 11 = ${number} % 10 THEN ${digits} END`;
  },
};

const upnReading: Reading = {
  steps: [
    (v) => `upper(${v})`,
    (_v, [upper]) => `CASE WHEN regexp_full_match(${upper}, ${text('[A-HJ-NP-RT-Z][0-9]{11}[0-9A-HJ-NP-RT-Z]')}) THEN CAST(substr(${upper}, 2, 11) AS BIGINT) END`,
  ],
  typed: (_v, number, [upper]) => {
    const letters = text('ABCDEFGHJKLMNPQRTUVWXYZ');
    const last = `CASE WHEN substr(${upper}, 13, 1) BETWEEN '0' AND '9' THEN CAST(substr(${upper}, 13, 1) AS INTEGER) ELSE strpos(${letters}, substr(${upper}, 13, 1)) - 1 END`;
    const sum = [...Array.from({ length: 11 }, (_, i) => `${digitSql(number, 11 - i)} * ${i + 2}`), `(${last}) * 13`].join(' + ');
    return `CASE WHEN ${number} IS NOT NULL AND substr(${letters}, CAST((${sum}) % 23 AS INTEGER) + 1, 1) = left(${upper}, 1) THEN ${upper} END`;
  },
};

/** By way of an enumeration, whose look-up costs the same for three codes and for three hundred. */
function codeSql(v: string, codes: readonly string[]): string {
  const find = (word: string, list: readonly string[]) => `CAST(try_cast(${word} AS ENUM (${list.map(text).join(', ')})) AS VARCHAR)`;
  const folded = codes.map((code) => code.toLowerCase());
  const again = codes.every((code, i) => code === folded[i])
    ? find(`lower(${v})`, codes)
    : `list_extract([${codes.map(text).join(', ')}], list_position([${folded.map(text).join(', ')}], lower(${v})))`;
  return `coalesce(${find(v, codes)}, ${again})`;
}

const numberSql = (v: string) => `CASE WHEN NOT contains(${v}, '_') THEN try_cast(${v} AS DOUBLE) END`;

/** A number as it is written by hand, where it can be read in one way only: £ before it, commas between thousands. */
function handwrittenSql(v: string, forms: string): string {
  return `CASE WHEN contains(${v}, ',') OR contains(${v}, '£') THEN CASE WHEN regexp_full_match(${v}, ${text(forms)}) THEN replace(replace(${v}, ',', ''), '£', '') END END`;
}

/** One comma alone may mark thousands or a fraction; two, one with a point after it, or one in pounds, can not. */
const handwrittenNumber = '[+-]?(£?[0-9]{1,3}(,[0-9]{3}){2,}(\\.[0-9]+)?|£?[0-9]{1,3},[0-9]{3}\\.[0-9]+|£[0-9]{1,3},[0-9]{3}|£[0-9]+(\\.[0-9]+)?)';
const handwrittenWhole = '[+-]?£?([0-9]{1,3}(,[0-9]{3}){1,4}|[0-9]{1,15})(\\.0+)?';

function rangeRules(column: ContractColumn): TypedColumn['rules'] {
  const { minimum, maximum } = column;
  const rules: TypedColumn['rules'] = [];
  if (minimum !== undefined) rules.push({ holds: (_v, t) => `${t} >= ${minimum}`, reason: `below ${minimum}` });
  if (maximum !== undefined) rules.push({ holds: (_v, t) => `${t} <= ${maximum}`, reason: `above ${maximum}` });
  return rules;
}

function coordinate(column: ContractColumn, kind: 'longitude' | 'latitude'): TypedColumn {
  const limit = kind === 'longitude' ? 180 : 90;
  const [low, high] = unitedKingdom[kind];
  return {
    type: 'DOUBLE',
    steps: [numberSql],
    typed: (_v, number) => `CASE WHEN abs(${number}) <= ${limit} THEN ${number} END`,
    unreadable: `not a ${kind} in degrees (write ${kind === 'longitude' ? '-0.4' : '51.9'})`,
    rules: column.within === 'anywhere' ? [] : [{ holds: (_v, t) => `${t} BETWEEN ${low} AND ${high}`, reason: 'outside the United Kingdom (leave longitude and latitude empty where the place is not known)' }],
  };
}

function listColumn(column: ContractColumn): TypedColumn {
  const codes = column.codes && `[${column.codes.map((code) => text(code.toLowerCase())).join(', ')}]`;
  return {
    type: 'VARCHAR[]',
    steps: [],
    typed: (v) => `list_filter(list_transform(string_split(${v}, ${text(column.separator)}), lambda x: lower(trim(x))), lambda x: x <> '')`,
    unreadable: 'not a list',
    rules: codes ? [{ holds: (_v, t) => `list_has_all(${codes}, ${t})`, reason: codeReason(column) }] : [],
  };
}

/** The reading of a column by its type. */
export function typedColumn(column: ContractColumn): TypedColumn {
  const plain = (type: string, reading: Reading | ((value: string) => string), unreadable: string, rules: TypedColumn['rules'] = []): TypedColumn => {
    const { steps, typed } = typeof reading === 'function' ? { steps: [], typed: reading } : reading;
    return { type, steps, typed, unreadable, rules };
  };
  const { pattern } = column;
  switch (column.type) {
    case 'text':
      return plain('VARCHAR', (v) => v, 'not text', pattern === undefined ? [] : [{ holds: (v) => `regexp_full_match(${v}, ${text(pattern)})`, reason: 'not in the form that the contract wants (headwater feeds show tells it)' }]);
    case 'geometry':
      return plain('VARCHAR', (v) => v, 'not a geometry');
    case 'integer':
      return { ...plain('BIGINT', (v) => `CASE WHEN regexp_full_match(${v}, '[+-]?[0-9]{1,17}(\\.0+)?') THEN try_cast(${v} AS BIGINT) ELSE try_cast(${handwrittenSql(v, handwrittenWhole)} AS BIGINT) END`, 'not a whole number (write 1045)', rangeRules(column)), because: wholeNumberRefusalSql };
    case 'decimal':
      return { ...plain('DOUBLE', { steps: [(v) => `coalesce(${numberSql(v)}, try_cast(${handwrittenSql(v, handwrittenNumber)} AS DOUBLE))`], typed: (_v, number) => `CASE WHEN isfinite(${number}) THEN ${number} END` }, 'not a number (write 1045.5)', rangeRules(column)), because: numberRefusalSql };
    case 'boolean':
      return plain('BOOLEAN', { steps: [(v) => `lower(${v})`], typed: (_v, word) => `CASE WHEN ${word} IN ('true', 'yes', 'y', 't', '1') THEN true WHEN ${word} IN ('false', 'no', 'n', 'f', '0') THEN false END` }, 'not yes or no (write yes or no)');
    case 'date':
      return { ...plain('DATE', dateReading, 'not a date (write 2025-04-30 or 30/04/2025)'), because: dateRefusalSql };
    case 'datetime':
      return { ...plain('TIMESTAMP', datetimeReading(column.zone), 'not a day with a time (write 2025-04-30 18:05 or 30/04/2025 18:05)', [{ holds: (_v, t) => `NOT ${inSpringGapSql(t)}`, reason: springGapReason }]), because: timeRefusalSql };
    case 'month':
      return plain('DATE', monthReading, 'not a month (write 2025-04)');
    case 'code':
      return plain('VARCHAR', (v) => codeSql(v, column.codes ?? []), codeReason(column));
    case 'list':
      return listColumn(column);
    case 'postcode':
      return plain('VARCHAR', postcodeReading, 'not a postcode (write LU1 1AA)');
    case 'nhs-number':
      return { ...plain('VARCHAR', nhsNumberReading, 'not an NHS number (the check digit does not agree)'), because: shortenedRefusalSql };
    case 'upn':
      return { ...plain('VARCHAR', upnReading, 'not a pupil number (the check letter does not agree)'), because: shortenedRefusalSql };
    case 'lsoa':
      return plain('VARCHAR', (v) => `CASE WHEN regexp_full_match(${v}, '[A-Z][0-9]{8}|[0-9]{2}[A-Z]{2}[0-9]{2}[SW][0-9]') THEN ${v} END`, 'not the code of a small area (write one such as E01015693)');
    case 'longitude':
    case 'latitude':
      return coordinate(column, column.type);
  }
}
