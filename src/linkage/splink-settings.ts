// What does a Splink model say? Its JSON (versions 3 to 5) read with every key known: a typing mistake, a missing probability or a
// condition that cannot be one is named with its line. The conditions themselves are SQL and are run as they are.

import { existsSync, readFileSync } from 'node:fs';
import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { Problem } from '../core/index.ts';
import { findFaults, type JudgedComparison } from './model-faults.ts';

const probability = z.number().min(0).max(1);
/** One expression: no second statement and no comment. Quoted text may hold anything. */
const expression = z.string().min(1).refine((sql) => !/;|--|\/\*/.test(sql.replace(/'[^']*'|"[^"]*"/g, '')), 'write one SQL expression, without ; or comments');

const level = z.strictObject({
  sql_condition: expression,
  label_for_charts: z.string().optional(),
  m_probability: probability.optional(),
  u_probability: probability.optional(),
  fix_m_probability: z.boolean().optional(),
  fix_u_probability: z.boolean().optional(),
  tf_adjustment_column: z.string().optional(),
  tf_adjustment_weight: z.number().min(0).optional(),
  tf_minimum_u_value: probability.optional(),
  disable_tf_exact_match_detection: z.boolean().optional(),
  is_null_level: z.boolean().optional(),
});
const comparison = z.strictObject({ output_column_name: z.string().min(1), comparison_levels: z.array(level).min(2), comparison_description: z.string().optional() });
const rule = z.union([expression, z.strictObject({ blocking_rule: expression, sql_dialect: z.string().optional(), salting_partitions: z.number().optional(), arrays_to_explode: z.array(z.string().min(1)).optional() })]);

const settings = z.strictObject({
  link_type: z.enum(['dedupe_only', 'link_only', 'link_and_dedupe']),
  probability_two_random_records_match: z.number().gt(0).lt(1),
  comparisons: z.array(comparison).min(1),
  blocking_rules_to_generate_predictions: z.array(rule).min(1),
  retain_matching_columns: z.boolean().optional(),
  retain_intermediate_calculation_columns: z.boolean().optional(),
  additional_columns_to_retain: z.array(z.string()).optional(),
  sql_dialect: z.string().optional(),
  linker_uid: z.string().optional(),
  em_convergence: z.number().optional(),
  max_iterations: z.number().optional(),
  bayes_factor_column_prefix: z.string().optional(),
  match_weight_column_prefix: z.string().optional(),
  term_frequency_adjustment_column_prefix: z.string().default('tf_'),
  comparison_vector_value_column_prefix: z.string().default('gamma_'),
  unique_id_column_name: z.string().default('unique_id'),
  source_dataset_column_name: z.string().default('source_dataset'),
});

export type SplinkSettings = z.infer<typeof settings>;
export type SplinkComparison = SplinkSettings['comparisons'][number];
export type SplinkLevel = SplinkComparison['comparison_levels'][number];

export const isElse = ({ sql_condition: sql }: SplinkLevel): boolean => sql.trim().toUpperCase() === 'ELSE';
export const ruleSql = (one: SplinkSettings['blocking_rules_to_generate_predictions'][number]): string => (typeof one === 'string' ? one : one.blocking_rule);

/** Columns of a rule that are lists: any of their values may agree. */
export const explodedBy = (one: SplinkSettings['blocking_rules_to_generate_predictions'][number]): string[] => (typeof one === 'string' ? [] : (one.arrays_to_explode ?? []).map((column) => column.replaceAll('"', '')));

/**
 * Reads a Splink model.
 * @returns the settings, and warnings of what in them contradicts itself
 * @throws Problem with the file and line of the first mistake
 */
export function readSplinkSettings(path: string): { settings: SplinkSettings; warnings: string[] } {
  if (!existsSync(path)) throw new Problem('notFound', { what: 'There is no such file', where: path, todo: 'Name a Splink model saved as JSON.' });
  const json = readFileSync(path, 'utf8');
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw new Problem('badInput', { what: `The settings are not valid JSON: ${cause instanceof Error ? cause.message : String(cause)}`, where: path, todo: 'Mend the file and try again.', cause });
  }
  const fail = (keys: readonly PropertyKey[], what: string): never => {
    throw new Problem('badInput', { what: `${keys.map(String).join('.') || 'The settings'}: ${what}`, where: `${path}:${lineOf(json, keys)}`, todo: 'Mend the line and try again.' });
  };
  const result = settings.safeParse(value);
  if (!result.success) {
    const issue = result.error.issues[0]!;
    if (issue.code === 'unrecognized_keys') fail([...issue.path, issue.keys[0]!], 'this key is not known');
    fail(issue.path, issue.message);
  }
  const read = result.data!;
  checkModel(read, fail);
  return { settings: read, warnings: findFaults(judgedSplink(read)) };
}

/** The line on which a value stands, or the nearest thing around it. */
function lineOf(json: string, keys: readonly PropertyKey[]): number {
  const lines = new LineCounter();
  const document = parseDocument(json, { lineCounter: lines });
  for (let depth = keys.length; depth > 0; depth -= 1) {
    const node = document.getIn(keys.slice(0, depth) as (string | number)[], true) as { range?: [number, number, number] } | undefined;
    if (node?.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}

function checkModel(read: SplinkSettings, fail: (keys: readonly PropertyKey[], what: string) => never): void {
  const names = new Set<string>();
  for (const [c, one] of read.comparisons.entries()) {
    const at = ['comparisons', c] as const;
    if (names.has(one.output_column_name)) fail([...at, 'output_column_name'], 'two comparisons have this name');
    names.add(one.output_column_name);
    const levels = one.comparison_levels;
    for (const [index, item] of levels.entries()) {
      const here = [...at, 'comparison_levels', index];
      if (isElse(item) && index < levels.length - 1) fail([...here, 'sql_condition'], 'ELSE must be the last level');
      if (item.is_null_level) continue;
      if (item.m_probability === undefined || item.u_probability === undefined) fail(here, `the level has no ${item.m_probability === undefined ? 'm' : 'u'}_probability: the model is not trained`);
    }
  }
}

/** The model as its faults are looked for: what it says counts as given. */
export const judgedSplink = (model: SplinkSettings): JudgedComparison[] => model.comparisons.map((one) => ({
  name: one.output_column_name,
  levels: one.comparison_levels.filter((item) => !item.is_null_level).map((item) => ({ label: item.label_for_charts ?? item.sql_condition, m: item.m_probability!, u: item.u_probability! })),
}));
