// What do the values of a column look like? Shares of its filled values that read as dates, postcodes, e-mails, names and so on, over at
// most 20,000 rows taken at even steps through the table.

import { id, text, type Duck } from '../store/index.ts';
import { nhsNumberSql, upnSql } from './identity-cleaning.sql.ts';
import type { NameLists } from './name-lists.ts';

/** Date formats, in the order in which ties are broken: British before American. */
export const dateFormats = ['%Y-%m-%d', '%d/%m/%Y', '%m/%d/%Y', '%Y%m%d', '%d-%m-%Y', '%m-%d-%Y', '%d.%m.%Y', '%d %b %Y', '%d %B %Y', '%d-%b-%Y', '%Y/%m/%d', '%Y-%d-%m', '%d%m%Y'];

export interface ColumnProfile {
  name: string;
  rows: number;
  filled: number;
  distinct: number;
  /** Share of the commonest value. */
  top: number;
  length: number;
  /** Share of the commonest length. */
  oneLength: number;
  /** Shares of filled values, 0 to 1. */
  date: number;
  email: number;
  postcode: number;
  phone: number;
  nhs: number;
  upn: number;
  sex: number;
  numberSex: number;
  letters: number;
  twoWords: number;
  initial: number;
  forename: number;
  surname: number;
  street: number;
  house: number;
  whole: number;
  decimal: number;
  year: number;
  code: number;
  ethnicity: number;
  /** Years between the 5th and 95th percentile of the dates. */
  spread: number;
  /** Formats that some values need, the most used first. */
  formats: string[];
}

const streetWords = 'street|st|road|rd|avenue|ave|av|lane|ln|close|cl|drive|dr|place|pl|crescent|cres|court|ct|gardens|gdns|terrace|terr|way|square|sq|hill|grove|walk|row|circuit|cct|parade|green|park|mews|boulevard|blvd|highway';

/** The date that a text gives in one of the formats, times cut off; years outside 1500 to 2100 are none. */
export function parsedDateSql(value: string, formats: string[]): string {
  const bare = `regexp_replace(${value}, '[T ][0-9]{1,2}:[0-9]{2}.*$', '')`;
  return `(CASE WHEN year(try_strptime(${bare}, [${formats.map(text).join(', ')}])) BETWEEN 1500 AND 2100 THEN try_strptime(${bare}, [${formats.map(text).join(', ')}])::DATE END)`;
}

const matches = (pattern: string) => `avg(regexp_full_match(v, ${text(pattern)})::INTEGER)`;

/** Columns that one statement reads: it takes long to be planned, however few its values. */
const columnsAtOnce = 16;

/** A row for each column that holds anything, by its place among the columns. */
function profileSql(columns: string[]): string {
  const isDate = parsedDateSql('v', dateFormats);
  const values = columns.map((column) => `nullif(trim(${id(column)}::VARCHAR), '')`).join(', ');
  return `WITH s AS (SELECT unnest(range(${columns.length})) AS place, unnest([${values}]) AS v FROM dedupe_sample),
  f AS MATERIALIZED (SELECT place, v, length(v) AS n, lower(strip_accents(v)) AS low, ${isDate} AS d FROM s WHERE v IS NOT NULL),
  known AS (SELECT *, regexp_extract(low, '^[^ ,]+') IN (SELECT name FROM dedupe_forename) AS given, regexp_replace(regexp_extract(low, '[^ ]+$'), '[^\\p{L}]', '', 'g') IN (SELECT name FROM dedupe_surname) AS family FROM f),
  tops AS (SELECT place, max(c) AS top FROM (SELECT place, count(*) AS c FROM f GROUP BY place, v) GROUP BY place),
  lengths AS (SELECT place, max(c) AS one FROM (SELECT place, count(*) AS c FROM f GROUP BY place, n) GROUP BY place),
  profile AS (SELECT place, count(*) AS filled, count(DISTINCT v) AS distinct, avg(n) AS length,
    avg((d IS NOT NULL)::INTEGER) AS date, coalesce(quantile_cont(year(d), 0.95) - quantile_cont(year(d), 0.05), 0) AS spread,
    ${matches('[^@\\s]+@[^@\\s]+\\.[^@\\s]+')} AS email,
    avg(regexp_full_match(upper(v), '[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}')::INTEGER) AS postcode,
    avg((regexp_full_match(v, '[0-9+() ./-]+') AND length(regexp_replace(v, '[^0-9]', '', 'g')) BETWEEN 9 AND 15 AND regexp_matches(v, '^[ (]*[0+]'))::INTEGER) AS phone,
    avg((${nhsNumberSql('v')} IS NOT NULL)::INTEGER) AS nhs, avg((${upnSql('v')} IS NOT NULL)::INTEGER) AS upn,
    avg((low IN ('m', 'f', 'male', 'female', 'man', 'woman', 'boy', 'girl', 'u', 'x', 'unknown', 'other', 'not known', 'not stated'))::INTEGER) AS sex, avg((v IN ('0', '1', '2', '9'))::INTEGER) AS "numberSex",
    ${matches("[\\p{L}\\p{M} .,'’()-]+")} AS letters, avg(contains(v, ' ')::INTEGER) AS "twoWords", ${matches('\\p{L}\\.?')} AS initial,
    avg(given::INTEGER) AS forename, avg(family::INTEGER) AS surname,
    avg((regexp_matches(low, ' (${streetWords})\\.?(,| |$)') OR regexp_matches(low, '\\p{L}{3,}(street|road|avenue|close|place|crescent)$'))::INTEGER) AS street,
    ${matches('(?i)(flat |unit |no\\.? ?)?[0-9]{1,5} ?[a-z]?([/-][0-9]{1,4}[a-z]?)?')} AS house,
    ${matches('[+-]?[0-9]+')} AS whole, ${matches('[+-]?[0-9]*\\.[0-9]+')} AS decimal, ${matches('(18|19|20)[0-9]{2}')} AS year,
    avg((regexp_matches(v, '[0-9]') AND NOT contains(v, ' ') AND n >= 5)::INTEGER) AS code,
    avg(regexp_matches(low, '^(white|black|asian|mixed|chinese|arab|gypsy|roma|other ethnic|any other)( |$|:|,|-)')::INTEGER) AS ethnicity
  FROM known GROUP BY place)
  SELECT profile.*, top / filled AS top, one / filled AS "oneLength" FROM profile JOIN tops USING (place) JOIN lengths USING (place)`;
}

type Measures = Omit<ColumnProfile, 'name' | 'formats'>;

const nothing: Measures = {
  rows: 0, filled: 0, distinct: 0, top: 0, length: 0, oneLength: 0, date: 0, email: 0, postcode: 0, phone: 0, nhs: 0, upn: 0, sex: 0, numberSex: 0, letters: 0, twoWords: 0, initial: 0,
  forename: 0, surname: 0, street: 0, house: 0, whole: 0, decimal: 0, year: 0, code: 0, ethnicity: 0, spread: 0,
};

/** Profiles the columns of `dedupe_input`, leaving out those named. */
export async function profileColumns(duck: Duck, columns: string[], lists: NameLists): Promise<ColumnProfile[]> {
  for (const [table, names] of [['dedupe_forename', lists.forenames], ['dedupe_surname', lists.surnames]] as const) {
    await duck.run(`CREATE OR REPLACE TEMP TABLE ${table} AS SELECT unnest(str_split($names, ' ')) AS name`, { names: names.join(' ') });
  }
  await duck.run(`CREATE OR REPLACE TEMP TABLE dedupe_sample AS SELECT * FROM dedupe_input WHERE rowid % (SELECT greatest(1, count(*) // 20000) FROM dedupe_input) = 0`);
  const { rows } = await duck.one<{ rows: number }>('SELECT count(*) AS rows FROM dedupe_sample');
  const profiles: ColumnProfile[] = [];
  for (let start = 0; start < columns.length; start += columnsAtOnce) {
    const some = columns.slice(start, start + columnsAtOnce);
    const found = new Map((await duck.rows<{ place: number } & Measures>(profileSql(some))).map(({ place, ...measures }) => [place, measures]));
    for (const [place, name] of some.entries()) {
      const measures: Measures = { ...nothing, ...found.get(place), rows };
      profiles.push({ name, ...measures, formats: measures.date > 0.5 ? await rankFormats(duck, name) : [] });
    }
  }
  for (const table of ['dedupe_sample', 'dedupe_forename', 'dedupe_surname']) await duck.run(`DROP TABLE ${table}`);
  return profiles;
}

/** Formats by the values that they read, the most first; those that nothing needs are left out. */
async function rankFormats(duck: Duck, column: string): Promise<string[]> {
  const counts = await duck.one<Record<string, number>>(`SELECT ${dateFormats.map((format, index) => `count(${parsedDateSql('v', [format])}) AS f${index}`).join(', ')} FROM (SELECT trim(${id(column)}::VARCHAR) AS v FROM dedupe_sample)`);
  const ranked = dateFormats.map((format, index) => ({ format, count: counts[`f${index}`]!, index })).filter(({ count }) => count > 0);
  return ranked.toSorted((a, b) => b.count - a.count || a.index - b.index).map(({ format }) => format);
}
