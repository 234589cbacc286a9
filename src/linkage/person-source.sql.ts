// From recognised columns to the columns of source_record (docs/data-model.md): dates parsed, address lines joined, whole names put where
// the cleaning splits them, further columns under names of their own.

import { id } from '../store/index.ts';
import { parsedDateSql } from './column-profile.store.ts';
import type { ReadRecords } from './read-records.store.ts';
import type { ColumnRole, RecognisedColumn } from './recognise-columns.ts';

export interface PersonSource {
  /** SELECT over the read records. */
  sql: string;
  typedNumbers: string[];
  words: string[];
}

const value = (column: string) => `nullif(trim(${id(column)}::VARCHAR), '')`;
const slug = (column: string) => column.toLowerCase().replace(/[^a-z0-9_]+/g, '_');

/** The key of a record: its id, after its source where there is one. */
export function recordKeySql(read: ReadRecords): string {
  const key = `${id(read.id)}::VARCHAR`;
  return read.source === undefined ? key : `coalesce(${id(read.source)}::VARCHAR, '') || ':' || ${key}`;
}

export function personSource(read: ReadRecords, recognised: RecognisedColumn[]): PersonSource {
  const of = (role: ColumnRole) => recognised.filter((one) => one.role === role);
  const columns = new Map<string, string>([
    ['source_id', recordKeySql(read)],
    ['agency', read.source === undefined ? "'all'" : `${id(read.source)}::VARCHAR`],
    ['local_id', `${id(read.id)}::VARCHAR`],
  ]);
  for (const role of ['forename', 'middle_names', 'surname', 'sex', 'postcode', 'nhs_number', 'upn', 'phone', 'email', 'born_about'] as const) {
    const [found] = of(role);
    if (found) columns.set(role, value(found.column));
  }
  const [birth] = of('birth_date');
  if (birth) columns.set('birth_date', parsedDateSql(value(birth.column), birth.formats ?? []));
  const lines = of('address');
  if (lines.length > 0) columns.set('address', `nullif(concat_ws(' ', ${lines.map((line) => value(line.column)).join(', ')}), '')`);
  const [whole] = of('full_name');
  // A whole name beside one of its parts fills the part that is missing.
  if (whole && !columns.has('forename') && !columns.has('surname')) {
    columns.set('forename', `CASE WHEN NOT contains(${value(whole.column)}, ',') THEN ${value(whole.column)} END`);
    columns.set('surname', `CASE WHEN contains(${value(whole.column)}, ',') THEN ${value(whole.column)} END`);
  } else if (whole && !columns.has('surname')) columns.set('surname', `regexp_extract(${value(whole.column)}, '[^ ]+$')`);
  else if (whole && !columns.has('forename')) columns.set('forename', `regexp_extract(${value(whole.column)}, '^[^ ]+')`);
  const further = (role: ColumnRole) =>
    of(role).map(({ column }) => {
      let name = slug(column);
      while (columns.has(name) || ['other_postcodes', 'birth_date', 'forename', 'surname', 'sex', 'address', 'postcode', 'phone', 'email', 'upn', 'nhs_number', 'middle_names', 'born_about', 'ethnicity'].includes(name)) name = `other_${name}`;
      columns.set(name, value(column));
      return name;
    });
  const typedNumbers = further('number');
  const words = further('words');
  return { sql: `SELECT ${[...columns].map(([name, sql]) => `${sql} AS ${id(name)}`).join(',\n  ')} FROM ${id(read.table)}`, typedNumbers, words };
}
