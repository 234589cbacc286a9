// What does each agency hold of each of its people? One row per agency and local id, the latest non-empty value of each identifying column
// of its mentions, with other postcodes it has held and the year of birth that an age implies.

import { id, type Duck } from '../store/index.ts';

const latest = ['forename', 'middle_names', 'surname', 'birth_date', 'sex', 'ethnicity', 'address', 'postcode', 'nhs_number', 'phone', 'email'];

/**
 * The order of mentions, oldest first, as one whole number: day (none comes first), load, line, and a hash of the mention's id for those of
 * one line. A number costs less than half of a window over all rows.
 */
const positionSql = `((((coalesce(m.observed_on - DATE '1970-01-01' + 10000000, 0)) << 24) | coalesce(l.load, 0))::HUGEINT << 64) + ((coalesce(m.line, 0) << 31) | (hash(m.mention_id) >> 33)::BIGINT)`;

/** The year of birth that an age implies. */
const bornAboutSql = 'year(m.observed_on) - m.age';

/** Most mentions (each absence of a pupil) say no more than whose they are. */
const speaksSql = `(${[...latest, 'age'].map((column) => `m.${column} IS NOT NULL`).join(' OR ')} OR coalesce(m.upn <> m.local_id, FALSE))`;

/** Which columns a mention fills, a bit for each. */
const filledSql = [...latest.map((column) => `m.${column}`), 'm.upn', bornAboutSql].map((value, bit) => `((${value} IS NOT NULL)::INTEGER << ${bit})`).join(' | ');

/** Numbers the loads in a table of their own: the engine would take a subquery for as large as the mentions, and join the wrong way round. */
const loadsSql = (mention: string) => `SELECT load_id, row_number() OVER (ORDER BY load_id) AS load FROM (SELECT DISTINCT load_id FROM ${id(mention)})`;

const fromMentions = (mention: string) => `${id(mention)} m LEFT JOIN linkage_load l ON l.load_id = m.load_id`;

/**
 * The newest mention of each agency's id, by its place in the table. `patchy` where that one says less than all mentions of the id together, or
 * they give several postcodes: few are, so that few have their values looked for column by column. Mentions that say nothing come once for each
 * id, as the oldest.
 */
const newestSql = (mention: string) => `SELECT arg_max(place, position) AS place, bit_or(filled) <> arg_max(filled, position) OR coalesce(min(home) <> max(home), FALSE) AS patchy FROM (
    SELECT m.rowid AS place, agency, local_id, ${positionSql} AS position, ${filledSql} AS filled, CASE WHEN postcode IS NOT NULL THEN hash(postcode) END AS home
    FROM ${fromMentions(mention)} WHERE local_id IS NOT NULL AND ${speaksSql}
    UNION ALL
    SELECT min(m.rowid), agency, local_id, -1::HUGEINT, (upn IS NOT NULL)::INTEGER << ${latest.length}, NULL FROM ${id(mention)} m WHERE local_id IS NOT NULL AND NOT ${speaksSql} GROUP BY agency, local_id, upn
  ) GROUP BY agency, local_id`;

/** A UPN is taken from the local id where an agency uses it as its own. */
const upnSql = (upn: string, localId: string) => `coalesce(${upn}, CASE WHEN regexp_matches(upper(${localId}), '^[A-Z]\\d{11}[\\dA-Z]$') THEN upper(${localId}) END)`;

/** The records of ids whose newest mention says it all. */
const wholeSql = (mention: string) => `SELECT agency || ':' || local_id AS source_id, agency, local_id, ${latest.join(', ')}, ${upnSql('upn', 'local_id')} AS upn, ${bornAboutSql} AS born_about,
    CASE WHEN postcode IS NOT NULL THEN [postcode] END AS other_postcodes
  FROM ${id(mention)} m JOIN linkage_newest n ON n.place = m.rowid WHERE NOT n.patchy`;

/** The records of the others: of each column the newest value. */
function patchySql(mention: string): string {
  const newest = (column: string) => `arg_max(${column}, position)`;
  const said = [...latest, 'upn'].map((column) => `m.${column}`).join(', ');
  const asked = `JOIN (SELECT n.place, agency, local_id FROM ${id(mention)} m JOIN linkage_newest n ON n.place = m.rowid WHERE n.patchy) i ON i.agency = m.agency AND i.local_id = m.local_id`;
  return `SELECT any_value(agency) || ':' || any_value(local_id) AS source_id, any_value(agency) AS agency, any_value(local_id) AS local_id, ${latest.map((column) => `${newest(column)} AS ${column}`).join(', ')},
    ${upnSql(newest('upn'), 'any_value(local_id)')} AS upn, ${newest('born_about')} AS born_about, list_sort(list_distinct(list(postcode) FILTER (WHERE postcode IS NOT NULL))) AS other_postcodes
  FROM (
    SELECT i.place, m.agency, m.local_id, ${said}, ${bornAboutSql} AS born_about, ${positionSql} AS position FROM ${fromMentions(mention)} ${asked} WHERE ${speaksSql}
    UNION ALL BY NAME
    SELECT DISTINCT i.place, m.agency, m.local_id, m.upn, -1::HUGEINT AS position FROM ${id(mention)} m ${asked} WHERE NOT ${speaksSql}
  ) GROUP BY place`;
}

/** Makes the table source_record (docs/data-model.md) from the table mention; returns its number of rows. Mentions without a local id have no record. */
export async function makeSourceRecords(duck: Duck, tables: { mention?: string; out?: string } = {}): Promise<number> {
  const { mention = 'mention', out = 'source_record' } = tables;
  await duck.run(`CREATE OR REPLACE TEMP TABLE linkage_load AS ${loadsSql(mention)}`);
  await duck.run(`CREATE OR REPLACE TEMP TABLE linkage_newest AS ${newestSql(mention)}`);
  await duck.run(`CREATE OR REPLACE TABLE ${id(out)} AS SELECT * FROM (${wholeSql(mention)} UNION ALL BY NAME ${patchySql(mention)}) ORDER BY source_id`);
  await duck.run('DROP TABLE linkage_newest; DROP TABLE linkage_load');
  return (await duck.one<{ records: number }>(`SELECT count(*) AS records FROM ${id(out)}`)).records;
}
