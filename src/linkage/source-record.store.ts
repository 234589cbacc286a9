// What does each agency hold of each of its people? One row per agency and local id, the latest non-empty value of each identifying column
// of its mentions, with other postcodes it has held and the year of birth that an age implies.

import { id, type Duck } from '../store/index.ts';

const latest = ['forename', 'middle_names', 'surname', 'birth_date', 'sex', 'ethnicity', 'address', 'postcode', 'nhs_number', 'phone', 'email'];

/**
 * The order of mentions, oldest first, as one whole number: day (none comes first), load, line, and a hash of the mention's id for those of
 * one line. A number costs less than half of a window over all rows.
 */
const positionSql = `((coalesce(epoch_ms(m.observed_on::TIMESTAMP) // 86400000 + 10000000, 0)::HUGEINT << 96) | (coalesce(l.load, 0)::HUGEINT << 72) | (coalesce(m.line, 0)::HUGEINT << 32)) + (hash(m.mention_id) >> 33)::HUGEINT`;

/**
 * The query that makes source_record from a table of mentions (docs/data-model.md). Mentions without a local id have no record.
 * A UPN is taken from the local id where an agency uses it as its own.
 */
export function sourceRecordSql(mention = 'mention'): string {
  const newest = (column: string) => `arg_max(${column}, position) FILTER (WHERE ${column} IS NOT NULL)`;
  // Most mentions (each absence of a pupil) say no more than whose they are: they come once for each id, as the oldest.
  const speaks = `(coalesce(${[...latest, 'age'].map((column) => `${column}::VARCHAR`).join(', ')}) IS NOT NULL OR coalesce(upn <> local_id, FALSE))`;
  const said = [...latest, 'upn', 'age', 'agency', 'local_id'];
  return `SELECT agency || ':' || local_id AS source_id, agency, local_id,
    ${latest.map((column) => `${newest(column)} AS ${column}`).join(',\n    ')},
    coalesce(${newest('upn')}, CASE WHEN regexp_matches(upper(local_id), '^[A-Z]\\d{11}[\\dA-Z]$') THEN upper(local_id) END) AS upn,
    ${newest('born_about')} AS born_about,
    list_sort(list_distinct(list(postcode) FILTER (WHERE postcode IS NOT NULL))) AS other_postcodes
  FROM (
    SELECT ${said.map((column) => `m.${column}`).join(', ')}, year(m.observed_on) - m.age AS born_about, ${positionSql} AS position
    FROM ${id(mention)} m LEFT JOIN (SELECT load_id, row_number() OVER (ORDER BY load_id) AS load FROM (SELECT DISTINCT load_id FROM ${id(mention)})) l ON l.load_id = m.load_id
    WHERE local_id IS NOT NULL AND ${speaks}
    UNION ALL BY NAME
    SELECT DISTINCT agency, local_id, upn, 0::HUGEINT AS position FROM ${id(mention)} WHERE local_id IS NOT NULL AND NOT ${speaks}
  )
  GROUP BY agency, local_id ORDER BY source_id`;
}

/** Makes the table source_record from the table mention; returns its number of rows. */
export async function makeSourceRecords(duck: Duck, tables: { mention?: string; out?: string } = {}): Promise<number> {
  const out = tables.out ?? 'source_record';
  await duck.run(`CREATE OR REPLACE TABLE ${id(out)} AS ${sourceRecordSql(tables.mention)}`);
  return (await duck.one<{ records: number }>(`SELECT count(*) AS records FROM ${id(out)}`)).records;
}
