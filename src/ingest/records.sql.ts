// The standard records as tables, and the statements that fill them from a feed's current rows by its contract's rules.

import { id, text } from '../store/index.ts';
import { personFields, type Contract, type EventRule, type IdRule, type MentionRule, type PlaceRule, type RelationRule, type Value } from './contract.schema.ts';
import { conditionSql, firstIdSql, flagsSql, idSql, placeKindSql, plainNameSql, precisionSql, valueSql, wordsSql, type ValueScope } from './value.sql.ts';

/** What a row may say of where it is from: known before any row is read. */
export interface Origins {
  feeds: Iterable<string>;
  agencies: Iterable<string>;
  loads: Iterable<string>;
}

/** A number stands for the text in each row, which takes a tenth of the room in every sort and join. In the order of the texts, so that they sort alike. */
function enumSql(name: string, values: Iterable<string>): string {
  const sorted = [...new Set(values)].toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  return `CREATE OR REPLACE TYPE ${name} AS ${sorted.length === 0 ? 'VARCHAR' : `ENUM (${sorted.map(text).join(', ')})`}`;
}

/** The empty tables of the standard records, with the types feed_name, agency_name and load_name. */
export const recordTablesSql = ({ feeds, agencies, loads }: Origins): string => `
${enumSql('feed_name', feeds)};
${enumSql('agency_name', agencies)};
${enumSql('load_name', loads)};
CREATE OR REPLACE TABLE event (event_id VARCHAR, feed feed_name, agency agency_name, kind VARCHAR, category VARCHAR, opening_code VARCHAR, closing_code VARCHAR, flags VARCHAR[],
  started_at TIMESTAMP, ended_at TIMESTAMP, reported_at TIMESTAMP, time_precision VARCHAR, place_id VARCHAR, grade VARCHAR, minutes DOUBLE, outcome VARCHAR, detail VARCHAR, load_id load_name, line BIGINT);
CREATE OR REPLACE TABLE mention (mention_id VARCHAR, feed feed_name, agency agency_name, local_id VARCHAR, event_id VARCHAR, role VARCHAR, forename VARCHAR, middle_names VARCHAR, surname VARCHAR,
  birth_date DATE, age INTEGER, sex VARCHAR, ethnicity VARCHAR, address VARCHAR, postcode VARCHAR, nhs_number VARCHAR, upn VARCHAR, phone VARCHAR, email VARCHAR, household_ref VARCHAR,
  observed_on DATE, load_id load_name, line BIGINT);
CREATE OR REPLACE TABLE relation (from_id VARCHAR, to_id VARCHAR, kind VARCHAR, feed feed_name, valid_from DATE, valid_to DATE, load_id load_name, line BIGINT);
CREATE OR REPLACE TEMP TABLE place_given (place_id VARCHAR, kind VARCHAR, name VARCHAR, address VARCHAR, postcode VARCHAR, longitude DOUBLE, latitude DOUBLE, area_code VARCHAR,
  feed feed_name, load_id load_name, line BIGINT, rank BIGINT);
CREATE OR REPLACE TEMP TABLE place_alias (place_id VARCHAR, real_id VARCHAR);`;

/** One property for each address that always has the same property number. */
export const resolveAliasesSql = 'CREATE OR REPLACE TEMP TABLE alias AS SELECT place_id, min(real_id) AS real_id FROM place_alias GROUP BY place_id HAVING count(DISTINCT real_id) = 1';

/** A selection with the property in the place of the address that is always it, where its ids may be addresses. */
function resolvedSql(selection: string, column: string, ids: readonly IdRule[]): string {
  if (!ids.some((rule) => 'scheme' in rule && rule.scheme === 'address')) return selection;
  return `SELECT given.* REPLACE (coalesce(alias.real_id, given.${column}) AS ${column}) FROM (${selection}) AS given LEFT JOIN alias ON alias.place_id = given.${column}`;
}

const recordId = (contract: Contract) => `${text(`${contract.feed}:`)} || row.row_key`;

interface Source {
  /** The relation of current rows. */
  current: string;
  /** The relation of first states, where the feed keeps them. */
  opening?: string;
}

function fromSql(source: Source, scope: ValueScope): string {
  const opening = source.opening === undefined ? [] : [`LEFT JOIN ${source.opening} AS opening ON opening.row_key = row.row_key`];
  return [`${source.current} AS row`, ...opening, ...scope.joins.values()].join('\n');
}

/** A value as the type its field has. */
function fieldSql(value: Value | undefined, type: string, scope: ValueScope): string {
  return value === undefined ? `CAST(NULL AS ${type})` : `CAST(${valueSql(value, scope)} AS ${type})`;
}

export function eventsSql(rule: EventRule, source: Source, scope: ValueScope): string {
  const { contract } = scope;
  const precision = precisionSql(rule.started_at, contract);
  const fields: Record<string, string> = {
    event_id: recordId(contract),
    feed: text(contract.feed),
    agency: text(contract.agency),
    kind: fieldSql(rule.kind, 'VARCHAR', scope),
    category: fieldSql(rule.category, 'VARCHAR', scope),
    opening_code: fieldSql(rule.opening_code, 'VARCHAR', scope),
    closing_code: fieldSql(rule.closing_code, 'VARCHAR', scope),
    flags: flagsSql(rule.flags),
    started_at: fieldSql(rule.started_at, 'TIMESTAMP', scope),
    ended_at: fieldSql(rule.ended_at, 'TIMESTAMP', scope),
    reported_at: fieldSql(rule.reported_at, 'TIMESTAMP', scope),
    time_precision: rule.time_precision === undefined ? precision : `coalesce(${valueSql(rule.time_precision, scope)}, ${precision})`,
    place_id: firstIdSql(rule.place, scope),
    grade: fieldSql(rule.grade, 'VARCHAR', scope),
    minutes: fieldSql(rule.minutes, 'DOUBLE', scope),
    outcome: fieldSql(rule.outcome, 'VARCHAR', scope),
    detail: fieldSql(rule.detail, 'VARCHAR', scope),
    load_id: 'row.load_id',
    line: 'row.line',
  };
  const selection = `SELECT ${namedSql(fields)} FROM ${fromSql(source, scope)} WHERE ${conditionSql(rule.when)}`;
  return `INSERT INTO event BY NAME ${resolvedSql(selection, 'place_id', rule.place)}`;
}

const namedSql = (fields: Record<string, string>) => Object.entries(fields).map(([name, sql]) => `${sql} AS ${name}`).join(', ');

/** A person's columns, by the `person` mark of the contract's columns. */
function personSql(field: (typeof personFields)[number], scope: ValueScope): string {
  const { columns } = scope.contract;
  const column = columns.find((one) => one.person === field) ?? (field === 'upn' ? columns.find((one) => one.person === 'local_id' && one.type === 'upn') : undefined);
  if (!column) return 'NULL';
  const value = `row.${id(column.name)}`;
  if (field === 'sex') return `CASE lower(${value}) WHEN 'm' THEN 'M' WHEN 'male' THEN 'M' WHEN 'f' THEN 'F' WHEN 'female' THEN 'F' END`;
  if (field === 'ethnicity') return wordsSql('ethnicity', value, scope);
  return value;
}

export function mentionsSql(rule: MentionRule, index: number, source: Source, scope: ValueScope): string {
  const { contract } = scope;
  const mentionId = `${recordId(contract)}${index === 0 ? '' : ` || '#${index + 1}'`}`;
  const person = Object.fromEntries(personFields.map((field) => [field, personSql(field, scope)]));
  const known = ['local_id', 'forename', 'surname', 'birth_date', 'nhs_number', 'upn', 'phone', 'email'].map((field) => person[field]!).filter((sql) => sql !== 'NULL');
  if (known.length === 0) return '';
  const ownEvent = contract.records.events.length > 0 ? recordId(contract) : 'NULL';
  const fields: Record<string, string> = {
    mention_id: mentionId,
    feed: text(contract.feed),
    agency: text(contract.agency),
    event_id: rule.event ? idSql(rule.event, scope) : ownEvent,
    role: fieldSql(rule.role, 'VARCHAR', scope),
    ...person,
    observed_on: fieldSql(rule.observed_on, 'DATE', scope),
    load_id: 'row.load_id',
    line: 'row.line',
  };
  return `INSERT INTO mention BY NAME SELECT ${namedSql(fields)} FROM ${fromSql(source, scope)} WHERE ${conditionSql(rule.when)} AND coalesce(${known.map((sql) => `CAST(${sql} AS VARCHAR)`).join(', ')}) IS NOT NULL`;
}

/** The contract marks the place's coordinates as personal: a point is someone's address, not a published street point. */
export function isPersonal(rule: PlaceRule, contract: Contract): boolean {
  return typeof rule.longitude === 'string' && contract.columns.some((column) => column.name === rule.longitude && column.personal);
}

/** Each place of a feed once, with the first value of each attribute in the order of loads. `rank` puts registers before events. */
export function placesSql(rule: PlaceRule, rank: number, source: Source, scope: ValueScope): string {
  const { contract } = scope;
  const placeId = firstIdSql(rule.id, scope);
  const attributes = [
    ['name', 'VARCHAR'],
    ['address', 'VARCHAR'],
    ['postcode', 'VARCHAR'],
    ['longitude', 'DOUBLE'],
    ['latitude', 'DOUBLE'],
    ['area_code', 'VARCHAR'],
  ] as const;
  const given = attributes.map(([name, type]) => `${fieldSql(rule[name], type, scope)} AS ${name}`);
  const kind = rule.kind === undefined ? placeKindSql('place_id', isPersonal(rule, contract)) : 'any_value(kind)';
  const first = (name: string) => `arg_min(${name}, position)`;
  const selection = `SELECT ${placeId} AS place_id, ${fieldSql(rule.kind, 'VARCHAR', scope)} AS kind, ${given.join(', ')}, row.load_id, row.line, row.load_order * 10000000000 + row.line AS position
  FROM ${fromSql(source, scope)} WHERE ${conditionSql(rule.when)}`;
  return `INSERT INTO place_given
SELECT place_id, ${kind}, ${attributes.map(([name]) => first(name)).join(', ')}, ${text(contract.feed)}, ${first('load_id')}, ${first('line')}, ${rank}
FROM (${resolvedSql(selection, 'place_id', rule.id)})
WHERE place_id IS NOT NULL GROUP BY place_id`;
}

/** An address that always has one property number (UPRN) is that property wherever the number is left out. */
export function aliasSql(rule: PlaceRule, source: Source, scope: ValueScope): string {
  const byScheme = (scheme: string) => rule.id.find((one): one is Extract<IdRule, { scheme: string }> => 'scheme' in one && one.scheme === scheme);
  const uprn = byScheme('uprn');
  const address = byScheme('address');
  if (!uprn || !address) return '';
  return `INSERT INTO place_alias SELECT DISTINCT ${idSql(address, scope)} AS place_id, ${idSql(uprn, scope)} AS real_id FROM ${fromSql(source, scope)}
WHERE ${[...uprn.from, ...address.from].map((name) => `row.${id(name)} IS NOT NULL`).join(' AND ')}`;
}

/** What data.police.uk calls points that are no street: kinds of place, which name none. */
const unnamedPoints = ['Airport/Airfield', 'Bus/Coach Station', 'Conference/Exhibition Centre', 'Further/Higher Educational Building', 'Hospital', 'Motorway Service Area', 'Nightclub', 'Park/Open Space', 'Parking Area',
  'Pedestrian Subway', 'Petrol Station', 'Police Station', 'Prison', 'Race Track', 'Shopping Area', 'Sports/Recreation Area', 'Supermarket', 'Theatre/Concert Hall'];

/** The names by which events may mean a place of a register: its name, and its name with its address; those that are one place's alone. A street has
 *  several published points: its name means the first of them where all lie in one area. */
export function namesSql(table: string, current: string, rule: PlaceRule, scope: ValueScope): string {
  const name = valueSql(rule.name ?? { is: '' }, scope);
  const names = [name, ...(rule.address === undefined ? [] : [`concat_ws(' ', ${name}, ${valueSql(rule.address, scope)})`])];
  const area = rule.area_code === undefined ? 'NULL' : valueSql(rule.area_code, scope);
  const all = names.map((one) => `SELECT ${plainNameSql(one)} AS name, ${firstIdSql(rule.id, scope)} AS place_id, ${area} AS area FROM ${current} AS row`);
  const unnamed = unnamedPoints.map((one) => plainNameSql(text(one))).join(', ');
  return `CREATE OR REPLACE TEMP TABLE ${table} AS SELECT name, min(place_id) AS place_id FROM (${all.join(' UNION ALL ')})
WHERE name <> '' AND place_id IS NOT NULL AND NOT (starts_with(place_id, 'point:') AND name IN (${unnamed}))
GROUP BY name HAVING count(DISTINCT place_id) = 1 OR (bool_and(starts_with(place_id, 'point:')) AND count(area) = count(*) AND count(DISTINCT area) = 1)`;
}

export function relationsSql(rule: RelationRule, source: Source, scope: ValueScope): string {
  const end = (value: RelationRule['from']) => (typeof value === 'string' ? recordId(scope.contract) : firstIdSql(value, scope));
  const fields: Record<string, string> = {
    from_id: end(rule.from),
    to_id: end(rule.to),
    kind: text(rule.kind),
    feed: text(scope.contract.feed),
    valid_from: fieldSql(rule.valid_from, 'DATE', scope),
    valid_to: fieldSql(rule.valid_to, 'DATE', scope),
    load_id: 'row.load_id',
    line: 'row.line',
  };
  const selection = `SELECT * FROM (SELECT ${namedSql(fields)} FROM ${fromSql(source, scope)} WHERE ${conditionSql(rule.when)}) WHERE from_id IS NOT NULL AND to_id IS NOT NULL`;
  return `INSERT INTO relation BY NAME ${resolvedSql(selection, 'to_id', typeof rule.to === 'string' ? [] : rule.to)}`;
}

/** One row for each place: each attribute from the first feed that gives it, registers first. */
export const placeTableSql = `
CREATE OR REPLACE TABLE place AS
SELECT place_id, arg_min(kind, rank) AS kind, arg_min(name, rank) AS name, arg_min(address, rank) AS address, arg_min(postcode, rank) AS postcode,
  arg_min(longitude, rank) AS longitude, arg_min(latitude, rank) AS latitude, arg_min(area_code, rank) AS area_code, arg_min(feed, rank) AS feed, arg_min(load_id, rank) AS load_id, arg_min(line, rank) AS line
FROM place_given GROUP BY place_id`;
