// How sure is a pair by a Splink model? Its blocking rules and conditions as SQL over the records as read, then for each comparison the
// level, its weight log2(m / u), and the term-frequency adjustment (u of equality over the larger of the two values' frequencies, to the
// level's power). The weights and the prior's log odds add up.

import { id, text } from '../store/index.ts';
import { explodedBy, isElse, ruleSql, type SplinkComparison, type SplinkLevel, type SplinkSettings } from './splink-settings.ts';

/** Columns whose values' frequencies the model asks for. */
export const frequencyColumns = (model: SplinkSettings): string[] => [...new Set(model.comparisons.flatMap((one) => one.comparison_levels.flatMap((level) => level.tf_adjustment_column ?? [])))].map(bare);

const bare = (column: string): string => column.replaceAll('"', '');
const lit = (value: number): string => (value === Infinity ? "'Infinity'::DOUBLE" : value === -Infinity ? "'-Infinity'::DOUBLE" : `${value}::DOUBLE`);

/** `splink_record`: the records numbered in the order of their source and id (text as text), with the frequencies. */
export function splinkRecordSql(table: string, key: string, idColumn: string, source: string | undefined, model: SplinkSettings): string {
  const prefix = model.term_frequency_adjustment_column_prefix;
  const order = [...(source === undefined ? [] : [`${id(source)}::VARCHAR`]), id(idColumn)].join(', ');
  const columns = frequencyColumns(model);
  const frequencies = columns.map((column, index) => `, f${index}.f AS ${id(prefix + column)}`).join('');
  const joins = columns.map((column, index) => `LEFT JOIN (SELECT ${id(column)} AS v, count(*) / sum(count(*)) OVER () AS f FROM ${id(table)} WHERE ${id(column)} IS NOT NULL GROUP BY 1) f${index} ON f${index}.v = t.${id(column)}`).join('\n');
  return `CREATE OR REPLACE TEMP TABLE splink_record AS SELECT (row_number() OVER (ORDER BY ${order}) - 1)::INTEGER AS hw_rid, t.*${frequencies}, ${key} AS hw_key, ${source === undefined ? '0' : `dense_rank() OVER (ORDER BY ${id(source)}::VARCHAR)`}::INTEGER AS hw_source FROM ${id(table)} t ${joins}`;
}

/** The rows of `splink_record` for one rule: lists that it asks for are taken apart. */
const explodedSql = (columns: string[]): string => (columns.length === 0 ? 'splink_record' : `(SELECT * REPLACE (${columns.map((column) => `unnest(${id(column)}) AS ${id(column)}`).join(', ')}) FROM splink_record)`);

/** `splink_candidate` (l, r, match_key): each pair once, with the number of the first rule that gives it. */
export function splinkCandidateSql(model: SplinkSettings, source: string | undefined): string {
  const rules = model.blocking_rules_to_generate_predictions;
  const apart = model.link_type === 'link_only' && source !== undefined ? ` AND l.${id(source)} IS DISTINCT FROM r.${id(source)}` : '';
  const pairs = (rule: (typeof rules)[number], index: number, more = '') => {
    const from = explodedSql(explodedBy(rule));
    return `SELECT l.hw_rid AS l, r.hw_rid AS r, ${index}::INTEGER AS match_key FROM ${from} l JOIN ${from} r ON (${ruleSql(rule)}) AND l.hw_rid < r.hw_rid${apart}${more}`;
  };
  // With lists, whether an earlier rule gives a pair cannot be told from two rows: the pairs themselves are brought together.
  if (rules.some((rule) => explodedBy(rule).length > 0)) return `CREATE OR REPLACE TEMP TABLE splink_candidate AS SELECT l, r, min(match_key) AS match_key FROM (${rules.map((rule, index) => pairs(rule, index)).join('\nUNION ALL\n')}) GROUP BY l, r`;
  return `CREATE OR REPLACE TEMP TABLE splink_candidate AS ${rules
    .map((rule, index) => pairs(rule, index, rules.slice(0, index).map((before) => ` AND NOT coalesce((${ruleSql(before)}), FALSE)`).join('')))
    .join('\nUNION ALL\n')}`;
}

/** What an equality of a rule compares: an expression of the left record and one of the right, without their aliases. */
export interface EqualKey {
  left: string;
  right: string;
}

/** The equalities of a rule's conditions joined by AND, such as `l.x = r.x` or `l.forename = r.surname`; what is no equality of the two records is left out. */
export function equalKeys(sql: string): EqualKey[] {
  const parts = sql.split(/\bAND\b/i).map((part) => part.trim().replace(/^\((.*)\)$/, '$1'));
  return parts.flatMap((part) => {
    const [one, other, ...more] = part.split('=').map((side) => side.trim());
    if (other === undefined || more.length > 0 || /\bOR\b|[<>!]$/i.test(part.replace(/=.*/, '')) || /\bOR\b/i.test(part)) return [];
    const of = (letter: 'l' | 'r', side: string) => new RegExp(`\\b${letter}\\.`).test(side);
    const bare = (letter: 'l' | 'r', side: string) => side.replace(new RegExp(`\\b${letter}\\.`, 'g'), '');
    const [left, right] = of('l', one!) ? [one!, other] : [other, one!];
    return of('l', left) && of('r', right) && !of('r', left) && !of('l', right) ? [{ left: bare('l', left), right: bare('r', right) }] : [];
  });
}

/**
 * How many pairs a rule's equalities give, and its largest block; all pairs where it has none. Where the two sides differ, as in a rule for names that
 * stand in each other's place, each pair is met from both ends and half of the meetings are counted.
 */
export function ruleSizeSql(keys: EqualKey[], exploded: string[]): string {
  if (keys.length === 0) return sizesSql('SELECT count(*) AS n FROM splink_record');
  const blocks = (side: keyof EqualKey) => {
    const values = keys.map((key) => key[side]);
    return `SELECT ${values.map((value, place) => `(${value}) AS k${place}`).join(', ')}, count(*) AS n FROM ${explodedSql(exploded)} WHERE ${values.map((value) => `(${value}) IS NOT NULL`).join(' AND ')} GROUP BY ALL`;
  };
  if (keys.every(({ left, right }) => left === right)) return sizesSql(blocks('left'));
  return `SELECT coalesce(sum(a.n::DOUBLE * b.n) / 2, 0) AS pairs, coalesce(max(greatest(a.n, b.n)), 0) AS largest FROM (${blocks('left')}) a JOIN (${blocks('right')}) b ON ${keys.map((_, place) => `a.k${place} = b.k${place}`).join(' AND ')}`;
}

const sizesSql = (counts: string): string => `SELECT coalesce(sum(n::DOUBLE * (n - 1) / 2), 0) AS pairs, coalesce(max(n), 0) AS largest FROM (${counts})`;

/** The level's number: -1 for nothing to compare, then 0 for the last, upwards. */
export function gammaSql(one: SplinkComparison): string {
  let number = one.comparison_levels.filter((level) => !level.is_null_level).length;
  const tests = one.comparison_levels.map((level) => {
    const gamma = level.is_null_level ? -1 : (number -= 1);
    return isElse(level) ? `ELSE ${gamma}` : `WHEN (${level.sql_condition}) THEN ${gamma}`;
  });
  return `(CASE ${tests.join(' ')} END)::INTEGER`;
}

const isExact = (level: SplinkLevel, column: string): boolean => {
  const [left, right, ...more] = level.sql_condition.split('=').map((side) => side.replaceAll(/["\s()]/g, '').toLowerCase());
  const [a, b] = [`${column}_l`.toLowerCase(), `${column}_r`.toLowerCase()];
  return more.length === 0 && ((left === a && right === b) || (left === b && right === a));
};

/** The weight of a comparison's level, and the adjustment for the value's frequency, in bits. */
function weightsSql(one: SplinkComparison, prefix: string): { weight: string; adjustment: string | undefined } {
  let number = one.comparison_levels.filter((level) => !level.is_null_level).length;
  const gamma = id(`gamma ${one.output_column_name}`);
  const weights: string[] = [];
  const adjustments: string[] = [];
  for (const level of one.comparison_levels) {
    if (level.is_null_level) continue;
    number -= 1;
    weights.push(`WHEN ${number} THEN ${lit(Math.log2(level.m_probability!) - Math.log2(level.u_probability!))}`);
    if (level.tf_adjustment_column === undefined) continue;
    const column = bare(level.tf_adjustment_column);
    const exact = level.disable_tf_exact_match_detection ? undefined : one.comparison_levels.find((other) => isExact(other, column));
    const [a, b] = [id(`${prefix}${column}_l`), id(`${prefix}${column}_r`)];
    const frequency = `greatest(coalesce(${a}, ${b}), coalesce(${b}, ${a})${level.tf_minimum_u_value === undefined ? '' : `, ${lit(level.tf_minimum_u_value)}`})`;
    adjustments.push(`WHEN ${number} THEN coalesce(${lit(level.tf_adjustment_weight ?? 1)} * (log2(${lit((exact ?? level).u_probability!)}) - log2(${frequency})), 0)`);
  }
  return { weight: `(CASE ${gamma} ${weights.join(' ')} ELSE 0 END)`, adjustment: adjustments.length === 0 ? undefined : `(CASE ${gamma} ${adjustments.join(' ')} ELSE 0 END)` };
}

/** The columns that the model's conditions and frequencies read. */
export function usedColumns(model: SplinkSettings, columns: string[]): string[] {
  const all = model.comparisons.flatMap((one) => one.comparison_levels.map((level) => level.sql_condition)).join(' ').toLowerCase();
  const tf = new Set(frequencyColumns(model).map((column) => model.term_frequency_adjustment_column_prefix + column));
  return columns.filter((column) => tf.has(column) || ['_l', '_r'].some((side) => all.includes(`${column.toLowerCase().replaceAll('"', '""')}${side}`)));
}

/** Pairs of a table (l, r, match_key) with both records' columns as NAME_l and NAME_r, as the conditions name them. */
export function sidesSql(columns: string[], pairs = 'splink_candidate'): string {
  return `SELECT c.l, c.r, c.match_key${columns.map((column) => `, a.${id(column)} AS ${id(`${column}_l`)}, b.${id(column)} AS ${id(`${column}_r`)}`).join('')}
  FROM ${id(pairs)} c JOIN splink_record a ON a.hw_rid = c.l JOIN splink_record b ON b.hw_rid = c.r`;
}

/** SELECT of l, r, match_key, the level of each comparison as "gamma NAME" and the frequencies of both sides, over a table of pairs. */
export function levelsSql(model: SplinkSettings, columns: string[], pairs?: string): string {
  const frequencies = frequencyColumns(model).flatMap((column) => ['l', 'r'].map((side) => id(`${model.term_frequency_adjustment_column_prefix}${column}_${side}`)));
  return `SELECT ${['l', 'r', 'match_key', ...frequencies, ...model.comparisons.map((one) => `${gammaSql(one)} AS ${id(`gamma ${one.output_column_name}`)}`)].join(', ')} FROM (${sidesSql(usedColumns(model, columns), pairs)})`;
}

/** Counts of the levels' patterns over a SELECT of `levelsSql`. */
export const patternCountsSql = (model: SplinkSettings, levels: string): string => {
  const gammas = model.comparisons.map((one) => id(`gamma ${one.output_column_name}`));
  return `SELECT ${gammas.map((gamma, index) => `${gamma} AS g${index}`).join(', ')}, count(*) AS n FROM (${levels}) GROUP BY ALL ORDER BY ALL`;
};

/** SELECT of l, r, weight, probability, and for each comparison its level and, where the model keeps them, frequencies and weights, over levels. */
export function weighedSql(model: SplinkSettings, levels: string): string {
  const tf = model.term_frequency_adjustment_column_prefix;
  const mw = model.match_weight_column_prefix ?? 'mw_';
  const keep = model.retain_intermediate_calculation_columns === true;
  const prior = model.probability_two_random_records_match;
  const parts = model.comparisons.map((one) => ({ one, ...weightsSql(one, tf) }));
  const total = [lit(Math.log2(prior) - Math.log2(1 - prior)), ...parts.flatMap(({ weight, adjustment }) => [weight, ...(adjustment === undefined ? [] : [adjustment])])].join('\n + ');
  const shown = parts.flatMap(({ one, weight, adjustment }) => {
    const name = one.output_column_name;
    const frequencies = [...new Set(one.comparison_levels.flatMap((level) => level.tf_adjustment_column ?? []).map(bare))];
    return [
      `${id(`gamma ${name}`)} AS ${id(model.comparison_vector_value_column_prefix + name)}`,
      ...(keep ? [...frequencies.flatMap((column) => ['l', 'r'].map((side) => id(`${tf}${column}_${side}`))), `${weight} AS ${id(mw + name)}`, ...(adjustment === undefined ? [] : [`${adjustment} AS ${id(`${mw}tf_adj_${name}`)}`])] : []),
    ];
  });
  return `SELECT l, r, weight, CASE WHEN weight > 0 THEN 1 / (1 + pow(2, -weight)) ELSE pow(2, weight) / (1 + pow(2, weight)) END AS probability, * EXCLUDE (l, r, weight, match_key), match_key
  FROM (SELECT l, r, match_key, ${total} AS weight, ${[...new Set(shown)].join(', ')} FROM (${levels}))`;
}

/** `splink_pair`: the weighed pairs. */
export const splinkPairSql = (model: SplinkSettings, levels: string): string => `CREATE OR REPLACE TEMP TABLE splink_pair AS ${weighedSql(model, levels)}`;

export const splinkNumbersSql = 'SELECT hw_rid AS rid, hw_key AS key FROM splink_record';
/** Pairs with their weight above the threshold; those below it too where they are asked for. */
export const scoredSql = (least: number, all: boolean): string => `SELECT l, r, greatest(least(weight - ${lit(least)}, 1e4), -1e4) AS weight FROM splink_pair${all ? '' : ` WHERE weight >= ${lit(least)}`}`;

/** `out` (source_id, person_key) from numbered clusters `splink_cluster` (rid, root). */
export const splinkPeopleSql = (out: string): string => `CREATE OR REPLACE TEMP TABLE ${id(out)} AS SELECT a.hw_key AS source_id, 'P' || left(sha256(first.hw_key), 16) AS person_key
  FROM splink_cluster c JOIN splink_record a ON a.hw_rid = c.rid JOIN splink_record first ON first.hw_rid = c.root`;

/** The engine may read and write no file from now on: conditions come from outside. */
export const shutSql = 'SET enable_external_access = false; SET lock_configuration = true';

/** The engine may write into this folder alone and read no other file: the model's conditions come from outside. */
export const confinedSql = (folder: string): string => `SET allowed_directories = [${text(`${folder}/`)}]; ${shutSql}`;
