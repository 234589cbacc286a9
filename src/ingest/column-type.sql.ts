// How each type of column is read from text: an expression that gives the typed value or NULL, and the ordered reasons why a value is refused.
// Dates may be 2025-04-30, 30/4/2025 or 30 Apr 2025; month before day is never guessed.

import { text } from '../store/index.ts';
import { britishTimeSql } from './british-time.sql.ts';
import type { ContractColumn } from './contract.schema.ts';

export interface TypedColumn {
  /** DuckDB type of the typed value. */
  type: string;
  /** From the trimmed text expression. */
  typed: (value: string) => string;
  /** Conditions that a filled value must meet beyond having a typed value; each with its reason. */
  rules: { holds: (value: string, typed: string) => string; reason: string }[];
  /** Why a filled value has no typed value. */
  unreadable: string;
}

const sane = (date: string) => `CASE WHEN year(${date}) BETWEEN 1850 AND 2150 THEN ${date} END`;

function dateSql(v: string): string {
  const formats = `['%Y-%m-%d', '%d/%m/%Y', '%d %b %Y', '%d %B %Y', '%d-%b-%Y']`;
  const slow = `CAST(try_strptime(regexp_replace(${v}, '[ T]00:00(:00)?$', ''), ${formats}) AS DATE)`;
  const fast = `CASE WHEN strlen(${v}) = 10 AND substr(${v}, 5, 1) = '-' THEN try_cast(${v} AS DATE) END`;
  return sane(`coalesce(${fast}, ${slow})`);
}

function monthSql(v: string): string {
  return sane(`coalesce(CASE WHEN strlen(${v}) = 7 AND substr(${v}, 5, 1) = '-' THEN try_cast(${v} || '-01' AS DATE) END, CAST(try_strptime('1 ' || ${v}, ['%d %m/%Y', '%d %b %Y', '%d %B %Y']) AS DATE))`);
}

/** The end of a time that says how far it is from UTC: Z, +01:00, +0100 or +01. */
const offsetPattern = `(Z|[+-][0-9]{2}(:?[0-9]{2})?)$`;

function datetimeSql(v: string, zone: ContractColumn['zone']): string {
  const formats = ['%d/%m/%Y', '%d %b %Y', '%d %B %Y', '%d-%b-%Y'].flatMap((day) => [day, `${day} %H:%M`, `${day} %H:%M:%S`]).map(text).join(', ');
  const local = (t: string) => `coalesce(CASE WHEN substr(${t}, 5, 1) = '-' AND strlen(${t}) >= 10 THEN try_cast(${t} AS TIMESTAMP) END, try_strptime(${t}, [${formats}]))`;
  const hasOffset = `(strlen(${v}) > 16 AND regexp_matches(${v}, ${text(`:[0-9.]+${offsetPattern}`)}))`;
  const bare = `regexp_replace(${v}, ${text(offsetPattern)}, '')`;
  const offset = `regexp_extract(${v}, ${text(offsetPattern)}, 1)`;
  const minutes = `CASE WHEN ${offset} IN ('Z', '+00:00', '+0000', '+00') THEN 0 ELSE (CASE WHEN ${offset}[1] = '-' THEN -1 ELSE 1 END) * (CAST(substr(${offset}, 2, 2) AS INTEGER) * 60 + coalesce(try_cast(right(replace(substr(${offset}, 4), ':', ''), 2) AS INTEGER), 0)) END`;
  const utc = `(${local(bare)} - to_minutes(${minutes}))`;
  const plain = zone === 'UTC' ? `CASE WHEN ${dayOnlySql(v)} THEN ${local(v)} ELSE ${britishTimeSql(local(v))} END` : local(v);
  return sane(`CASE WHEN ${hasOffset} THEN ${britishTimeSql(utc)} ELSE ${plain} END`);
}

/** True where a datetime's text gives the day alone. */
export function dayOnlySql(v: string): string {
  return `(strlen(${v}) < 12 OR NOT contains(${v}, ':'))`;
}

const postcodeForm = '(GIR 0AA|[A-Z]{1,2}[0-9][A-Z0-9]? [0-9][ABD-HJLNP-UW-Z]{2})';

function postcodeSql(v: string): string {
  const compact = `upper(regexp_replace(${v}, '\\s', '', 'g'))`;
  const spaced = `(left(${compact}, -3) || ' ' || right(${compact}, 3))`;
  return `CASE WHEN regexp_full_match(${v}, ${text(postcodeForm)}) THEN ${v} WHEN regexp_full_match(${spaced}, ${text(postcodeForm)}) THEN ${spaced} END`;
}

function nhsNumberSql(v: string): string {
  const digits = `regexp_replace(${v}, '[\\s-]', '', 'g')`;
  const sum = Array.from({ length: 9 }, (_, i) => `CAST(substr(${digits}, ${i + 1}, 1) AS INTEGER) * ${10 - i}`).join(' + ');
  const check = `((11 - (${sum}) % 11) % 11)`;
  return `CASE WHEN regexp_full_match(${digits}, '[0-9]{10}') THEN CASE WHEN ${check} = CAST(substr(${digits}, 10, 1) AS INTEGER) THEN ${digits} END END`;
}

function upnSql(v: string): string {
  const letters = 'ABCDEFGHJKLMNPQRTUVWXYZ';
  const value = (i: number) => `CAST(substr(upper(${v}), ${i}, 1) AS INTEGER)`;
  const last = `(CASE WHEN substr(${v}, 13, 1) BETWEEN '0' AND '9' THEN CAST(substr(${v}, 13, 1) AS INTEGER) ELSE strpos('${letters}', substr(upper(${v}), 13, 1)) - 1 END)`;
  const sum = [...Array.from({ length: 11 }, (_, i) => `${value(i + 2)} * ${i + 2}`), `${last} * 13`].join(' + ');
  const form = text('[A-HJ-NP-RT-Z][0-9]{11}[0-9A-HJ-NP-RT-Z]');
  return `CASE WHEN regexp_full_match(upper(${v}), ${form}) THEN CASE WHEN substr('${letters}', CAST((${sum}) % 23 AS INTEGER) + 1, 1) = upper(left(${v}, 1)) THEN upper(${v}) END END`;
}

function codeSql(v: string, codes: readonly string[]): string {
  const exact = codes.map(text).join(', ');
  const folded = codes.map((code) => text(code.toLowerCase())).join(', ');
  return `CASE WHEN ${v} IN (${exact}) THEN ${v} ELSE list_extract([${exact}], list_position([${folded}], lower(${v}))) END`;
}

const number = (v: string) => `CASE WHEN NOT contains(${v}, '_') THEN try_cast(${v} AS DOUBLE) END`;

function rangeRules(column: ContractColumn): TypedColumn['rules'] {
  const { minimum, maximum } = column;
  const rules: TypedColumn['rules'] = [];
  if (minimum !== undefined) rules.push({ holds: (_v, t) => `${t} >= ${minimum}`, reason: `below ${minimum}` });
  if (maximum !== undefined) rules.push({ holds: (_v, t) => `${t} <= ${maximum}`, reason: `above ${maximum}` });
  return rules;
}

/** Great Britain and Northern Ireland with their islands, in degrees (WGS84). */
const unitedKingdom = { longitude: [-8.7, 1.8], latitude: [49.8, 60.9] } as const;

function coordinate(column: ContractColumn, kind: 'longitude' | 'latitude'): TypedColumn {
  const limit = kind === 'longitude' ? 180 : 90;
  const [low, high] = unitedKingdom[kind];
  return {
    type: 'DOUBLE',
    typed: (v) => `CASE WHEN abs(${number(v)}) <= ${limit} THEN ${number(v)} END`,
    unreadable: `not a ${kind} in degrees`,
    rules: column.within === 'anywhere' ? [] : [{ holds: (_v, t) => `${t} BETWEEN ${low} AND ${high}`, reason: 'outside the United Kingdom' }],
  };
}

/** The reading of a column by its type. */
export function typedColumn(column: ContractColumn): TypedColumn {
  const plain = (type: string, typed: TypedColumn['typed'], unreadable: string, rules: TypedColumn['rules'] = []): TypedColumn => ({ type, typed, unreadable, rules });
  switch (column.type) {
    case 'text':
      return plain('VARCHAR', (v) => v, 'not text', column.pattern === undefined ? [] : [{ holds: (v) => `regexp_full_match(${v}, ${text(column.pattern!)})`, reason: 'not in the expected form' }]);
    case 'geometry':
      return plain('VARCHAR', (v) => v, 'not a geometry');
    case 'integer':
      return plain('BIGINT', (v) => `CASE WHEN regexp_full_match(${v}, '[+-]?[0-9]{1,17}(\\.0+)?') THEN try_cast(${v} AS BIGINT) END`, 'not a whole number', rangeRules(column));
    case 'decimal':
      return plain('DOUBLE', (v) => `CASE WHEN isfinite(${number(v)}) THEN ${number(v)} END`, 'not a number', rangeRules(column));
    case 'boolean':
      return plain('BOOLEAN', (v) => `CASE WHEN lower(${v}) IN ('true', 'yes', 'y', 't', '1') THEN true WHEN lower(${v}) IN ('false', 'no', 'n', 'f', '0') THEN false END`, 'not yes or no');
    case 'date':
      return plain('DATE', dateSql, 'not a date in the calendar (write 2025-04-30 or 30/04/2025)');
    case 'datetime':
      return plain('TIMESTAMP', (v) => datetimeSql(v, column.zone), 'not a time in the calendar (write 2025-04-30 18:05 or 30/04/2025 18:05)');
    case 'month':
      return plain('DATE', monthSql, 'not a month (write 2025-04)');
    case 'code':
      return plain('VARCHAR', (v) => codeSql(v, column.codes ?? []), 'not in the code list');
    case 'list': {
      const items = (v: string) => `list_filter(list_transform(string_split(${v}, ${text(column.separator)}), lambda x: lower(trim(x))), lambda x: x <> '')`;
      const codes = column.codes && `[${column.codes.map((code) => text(code.toLowerCase())).join(', ')}]`;
      return plain('VARCHAR[]', items, 'not a list', codes ? [{ holds: (_v, t) => `list_has_all(${codes}, ${t})`, reason: 'not in the code list' }] : []);
    }
    case 'postcode':
      return plain('VARCHAR', postcodeSql, 'not a postcode');
    case 'nhs-number':
      return plain('VARCHAR', nhsNumberSql, 'not an NHS number (the check digit does not agree)');
    case 'upn':
      return plain('VARCHAR', upnSql, 'not a pupil number (the check letter does not agree)');
    case 'lsoa':
      return plain('VARCHAR', (v) => `CASE WHEN regexp_full_match(${v}, '[A-Z][0-9]{8}|[0-9]{2}[A-Z]{2}[0-9]{2}[SW][0-9]') THEN ${v} END`, 'not a small area code');
    case 'longitude':
    case 'latitude':
      return coordinate(column, column.type);
  }
}
