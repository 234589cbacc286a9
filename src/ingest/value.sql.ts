// A contract's values as SQL: columns, fixed values, translations, the first that is filled. `row` is the row's current state, `opening` its first.

import { id, text } from '../store/index.ts';
import { dayOnlyName } from './stage-rows.sql.ts';
import type { Condition, Contract, ContractColumn, FlagRule, IdRule, Value } from './contract.schema.ts';

/** What the expressions need beside the row: tables of words and of names, joined by the statement that uses them. */
export interface ValueScope {
  contract: Contract;
  /** Name of a pack of words → its table (word, meaning). */
  joins: Map<string, string>;
  /** Categories by an attribute. */
  categories: (attribute: string) => Record<string, string>;
  /** The feed keeps earlier states of its rows in the relation "opening". */
  hasOpening: boolean;
}

export const columnSql = (name: string, of = 'row') => `${of}.${id(name)}`;

const literalSql = (value: string | number | boolean) => (typeof value === 'string' ? text(value) : String(value));

export function valueSql(value: Value, scope: ValueScope): string {
  if (typeof value === 'string') return columnSql(value);
  if (Array.isArray(value)) return `coalesce(${value.map((item) => valueSql(item, scope)).join(', ')})`;
  if ('is' in value) return literalSql(value.is);
  if ('sum' in value) return `(${value.sum.map((name) => `coalesce(${columnSql(name)}, 0)`).join(' + ')})`;
  const current = value.of === 'first' && scope.hasOpening ? `coalesce(${columnSql(value.column, 'opening')}, ${columnSql(value.column)})` : columnSql(value.column);
  const map = value.categories === undefined ? value.map : scope.categories(value.categories);
  if (map !== undefined) {
    const cases = Object.entries(map).map(([from, to]) => `WHEN ${text(from)} THEN ${literalSql(to)}`);
    return `CASE CAST(${current} AS VARCHAR) ${cases.join(' ')} ELSE ${value.otherwise === 'keep' ? `CAST(${current} AS VARCHAR)` : 'NULL'} END`;
  }
  if (value.words !== undefined) return wordsSql(value.words, current, scope);
  return current;
}

/** A word's meaning by a pack, through a joined table. */
export function wordsSql(pack: string, word: string, scope: ValueScope): string {
  const key = `words ${pack} ${word}`;
  const alias = `words_${scope.joins.size}`;
  const [, name = alias] = /AS (words_\d+)/.exec(scope.joins.get(key) ?? '') ?? [];
  if (!scope.joins.has(key)) scope.joins.set(key, `LEFT JOIN ${id(`words ${pack}`)} AS ${alias} ON ${alias}.word = lower(${word})`);
  return `${name}.meaning`;
}

export function conditionSql(condition: Condition | undefined): string {
  if (!condition) return 'true';
  const column = columnSql(condition.column);
  const tests: string[] = [];
  if (condition.in) tests.push(`coalesce(CAST(${column} AS VARCHAR) IN (${condition.in.map((item) => text(String(item))).join(', ')}), false)`);
  if (condition.has !== undefined) tests.push(`coalesce(list_contains(${column}, ${text(condition.has)}), false)`);
  if (condition.filled !== undefined) tests.push(`${column} IS ${condition.filled ? 'NOT ' : ''}NULL`);
  return tests.length > 0 ? `(${tests.join(' AND ')})` : 'true';
}

/** One id of a place or of another feed's row; NULL where a part is empty. */
export function idSql(rule: IdRule, scope: ValueScope): string {
  if ('match' in rule) {
    const key = `match ${rule.match} ${rule.column} ${rule.part ?? 'whole'}`;
    const given = rule.part === 'first' ? `split_part(${columnSql(rule.column)}, ',', 1)` : columnSql(rule.column);
    const alias = `match_${scope.joins.size}`;
    const [, name = alias] = /AS (match_\d+)/.exec(scope.joins.get(key) ?? '') ?? [];
    if (!scope.joins.has(key)) scope.joins.set(key, `LEFT JOIN ${id(`names ${rule.match}`)} AS ${alias} ON ${alias}.name = ${plainNameSql(given)}`);
    return `${name}.place_id`;
  }
  const parts = rule.from.map((name) => columnSql(name));
  const filled = parts.map((part) => `${part} IS NOT NULL`).join(' AND ');
  if ('feed' in rule) return `CASE WHEN ${filled} THEN ${text(`${rule.feed}:`)} || concat_ws('/', ${parts.map((part) => `CAST(${part} AS VARCHAR)`).join(', ')}) END`;
  return `CASE WHEN ${filled} THEN ${placeIdSql(rule.scheme, parts)} END`;
}

function placeIdSql(scheme: string, parts: string[]): string {
  if (scheme === 'address') return `'address:' || left(md5(upper(regexp_replace(concat_ws('|', ${parts.join(', ')}), '[^A-Za-z0-9|]', '', 'g'))), 16)`;
  if (scheme === 'point') return `'point:' || concat_ws(',', ${parts.map((part) => `printf('%.6f', ${part})`).join(', ')})`;
  return `${text(`${scheme}:`)} || concat_ws('/', ${parts.map((part) => `CAST(${part} AS VARCHAR)`).join(', ')})`;
}

/** The first id whose parts are all filled. */
export function firstIdSql(rules: readonly IdRule[], scope: ValueScope): string {
  if (rules.length === 0) return 'CAST(NULL AS VARCHAR)';
  return `coalesce(${rules.map((rule) => idSql(rule, scope)).join(', ')}, NULL)`;
}

/** A name without case, leading "the" and punctuation, so that "The Red Lion" is "red lion". */
export function plainNameSql(name: string): string {
  return `regexp_replace(regexp_replace(lower(${name}), '^\\s*(on or near\\s+)?(the\\s+)?', ''), '[^a-z0-9]', '', 'g')`;
}

const kinds: Record<string, string> = { uprn: 'address', address: 'address', point: 'street-point', premises: 'premises', school: 'school', area: 'area', family: 'family' };

/** The kind of place that an id's scheme means; a point that an agency recorded may be anywhere, and is kept apart from published street points. */
export function placeKindSql(placeId: string, personal: boolean): string {
  return `CASE split_part(${placeId}, ':', 1) ${Object.entries(personal ? { ...kinds, point: 'point' } : kinds).map(([scheme, kind]) => `WHEN ${text(scheme)} THEN ${text(kind)}`).join(' ')} END`;
}

/** All flags of a row, each once, in order; NULL lists count as empty. */
export function flagsSql(rules: readonly FlagRule[]): string {
  if (rules.length === 0) return 'CAST([] AS VARCHAR[])';
  const lists = rules.map((rule) => {
    if ('flag' in rule) return rule.when ? `CASE WHEN ${conditionSql(rule.when)} THEN [${text(rule.flag)}] ELSE [] END` : `[${text(rule.flag)}]`;
    const column = columnSql(rule.from);
    if (!rule.map) return `coalesce(${column}, [])`;
    const cases = Object.entries(rule.map).map(([from, to]) => `WHEN ${text(from)} THEN [${to.map(text).join(', ')}]`);
    return `coalesce(flatten(list_transform(${column}, lambda item: CASE item ${cases.join(' ')} ELSE CAST([] AS VARCHAR[]) END)), [])`;
  });
  const joined = lists.length === 1 ? lists[0]! : lists.reduce((all, list) => `list_concat(${all}, ${list})`);
  return `list_sort(list_distinct(CAST(${joined} AS VARCHAR[])))`;
}

/** How exact a time is, by the type of the column it came from. */
export function precisionSql(value: Value | undefined, contract: Contract): string {
  if (value === undefined) return 'CAST(NULL AS VARCHAR)';
  const items = [value].flat(1) as Value[];
  const cases = items.flatMap((item) => {
    const name = typeof item === 'string' ? item : typeof item === 'object' && 'column' in item ? item.column : undefined;
    const column = contract.columns.find((one) => one.name === name);
    return column ? [`WHEN ${columnSql(column.name)} IS NOT NULL THEN ${columnPrecisionSql(column)}`] : [];
  });
  return cases.length > 0 ? `CASE ${cases.join(' ')} END` : 'CAST(NULL AS VARCHAR)';
}

function columnPrecisionSql(column: ContractColumn): string {
  if (column.type === 'month') return `'month'`;
  if (column.type === 'datetime') return `CASE WHEN ${columnSql(dayOnlyName(column.name))} THEN 'day' ELSE 'minute' END`;
  return `'day'`;
}
