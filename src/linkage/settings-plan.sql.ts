// From a settings file to what is run: cleaned columns in steps, comparisons with their levels, and blocking rules as keys. What a
// comparison and a rule read is traced to the columns of the file, so that training knows which comparisons a rule decides.

import { Problem } from '../core/index.ts';
import { id } from '../store/index.ts';
import { buildTemplate, type TemplateUse } from './comparison-templates.sql.ts';
import type { Comparison } from './linkage-settings.ts';
import { nearestWord } from './nearest-word.ts';
import type { SettingsComparison, SettingsFile, SettingsRule } from './settings-file.ts';

/** Pairs agree on all `keys`; where `any` is given, also on one value of that list. */
export interface PlannedRule {
  name: string;
  keys: string[];
  any?: string;
  /** A condition over `l` and `r` that is no list of keys. */
  condition?: string;
  /** Columns of the file that it reads. */
  reads: Set<string>;
}

export interface SettingsPlan {
  steps: { name: string; sql: string }[][];
  names: string[];
  comparisons: Comparison[];
  /** For each comparison, the columns of the file that it reads, and the m and u that the settings fix. */
  reads: Set<string>[];
  fixed: { m: (number | undefined)[]; u: (number | undefined)[] }[];
  rules: PlannedRule[];
  training: PlannedRule[];
}

/** Words of an expression outside of quoted text, with quoted names. */
const wordsOf = (sql: string): string[] => [...sql.replace(/'(?:[^']|'')*'/g, ' ').matchAll(/"((?:[^"]|"")+)"|[A-Za-z_]\w*/g)].map(([whole, quoted]) => quoted?.replaceAll('""', '"') ?? whole);

/** Own levels: the power of a frequency is full, over the column that is named. */
function ownComparison(one: SettingsComparison): Comparison {
  const levels = one.levels!.map((level, index) => {
    const last = index === one.levels!.length - 1;
    return {
      name: `level_${index + 1}`, label: level.label, ...(level.when === undefined ? {} : { sql: level.when }),
      m: level.m ?? (index === 0 ? 0.8 : last ? 0.05 : 0.15), u: level.u ?? (last ? 0.95 : 0.01 * 3 ** index),
      ...(level.frequency === undefined ? {} : { exactOn: level.frequency, frequencyPower: 1 }),
    };
  });
  return { name: one.name, label: one.name, columns: [], missing: one.missing!, levels };
}

/** Plans the settings over the columns of a file. */
export function planSettings(settings: SettingsFile, columns: readonly string[]): SettingsPlan {
  const byName = new Map(columns.map((column) => [column.toLowerCase(), column]));
  const own = Object.entries(settings.columns).map(([name, sql]) => ({ name, sql }));
  for (const { name } of own) byName.set(name, name);
  const columnOf = (wanted: string, where: string): string => {
    const found = byName.get(wanted.toLowerCase());
    if (found !== undefined) return found;
    const near = nearestWord(wanted, [...byName.values()]);
    throw new Problem('badInput', { what: `The records have no column "${wanted}"`, where: `settings: ${where}`, todo: `${near === undefined ? '' : `Did you mean "${near}"? `}They have ${[...byName.values()].join(', ')}.` });
  };
  const built = settings.comparisons.map((one, index) => {
    if (settings.comparisons.findIndex(({ name }) => name === one.name) < index) throw new Problem('badInput', { what: `Two comparisons are called "${one.name}"`, where: 'settings: comparisons', todo: 'Give each its own name.' });
    if (one.template === undefined) return { columns: [], names: [], comparison: ownComparison(one) };
    const { column, columns: several, levels: _levels, missing: _missing, template, ...options } = one;
    const read = (several ?? [column!]).map((each) => columnOf(each, `comparisons.${one.name}`));
    return buildTemplate({ ...options, template, columns: read } satisfies TemplateUse);
  });
  const depth = Math.max(0, ...built.map((one) => one.columns.length));
  const templateSteps = Array.from({ length: depth }, (_, step) => built.flatMap((one) => one.columns[step] ?? []));
  const steps = [...(own.length > 0 ? [own] : []), ...templateSteps];
  const trace = sourceOf(steps, columns);
  const reads = built.map(({ comparison, columns: made }, index) => trace([...made.flat().map(({ name }) => name), ...comparison.columns, ...wordsOf([comparison.missing, ...comparison.levels.map((level) => level.sql ?? '')].join(' ')), ...(settings.comparisons[index]!.columns ?? [])]));
  const fixed = settings.comparisons.map((one, index) => {
    const levels = one.levels ?? built[index]!.comparison.levels.map(() => ({ m: undefined, u: undefined }));
    return { m: levels.map(({ m }) => m), u: levels.map(({ u }) => u) };
  });
  const planned = (rules: SettingsRule[]) => rules.map((rule) => planRule(rule, trace));
  const rules = planned(settings.blocking);
  return { steps, names: built.flatMap((one) => one.names), comparisons: built.map((one) => one.comparison), reads, fixed, rules, training: settings.training.rules ? planned(settings.training.rules) : rules };
}

/** For words, the columns of the file that they come to in the end. */
function sourceOf(steps: SettingsPlan['steps'], columns: readonly string[]): (words: string[]) => Set<string> {
  const made = new Map(steps.flat().map(({ name, sql }) => [name.toLowerCase(), wordsOf(sql)]));
  const raw = new Map(columns.map((column) => [column.toLowerCase(), column]));
  const follow = (word: string, into: Set<string>, seen: Set<string>): void => {
    const key = word.toLowerCase().replace(/^(clean_\w+)_(sounds|roots)$/, '$1');
    if (seen.has(key)) return;
    seen.add(key);
    if (made.has(key)) for (const next of made.get(key)!) follow(next, into, seen);
    else if (raw.has(key)) into.add(raw.get(key)!);
  };
  return (words) => {
    const into = new Set<string>();
    const seen = new Set<string>();
    for (const word of words) follow(word, into, seen);
    return into;
  };
}

function planRule(rule: SettingsRule, trace: (words: string[]) => Set<string>): PlannedRule {
  const keys = typeof rule === 'string' ? [] : Array.isArray(rule) ? rule : (rule.all ?? []);
  if (typeof rule === 'string') {
    // One word is a key; a condition names both records.
    if (!/\b[lr]\./.test(rule)) return { name: rule, keys: [rule], reads: trace(wordsOf(rule)) };
    return { name: rule, keys: [], condition: rule, reads: trace(wordsOf(rule)) };
  }
  const any = Array.isArray(rule) ? undefined : rule.any;
  const name = [...keys, ...(any === undefined ? [] : [`any of ${any}`])].join(', ');
  return { name, keys, ...(any === undefined ? {} : { any }), reads: trace(wordsOf([...keys, any ?? ''].join(' '))) };
}

/** The records with the cleaned columns. */
export function planSql(plan: SettingsPlan, from: string): string {
  let inner = `SELECT * FROM ${id(from)}`;
  for (const step of plan.steps) inner = `SELECT *, ${step.map((column) => `${column.sql} AS ${id(column.name)}`).join(', ')} FROM (${inner})`;
  const sides = plan.names.map((name, index) => `, n${index}.sounds AS ${id(`${name}_sounds`)}, n${index}.roots AS ${id(`${name}_roots`)}`).join('');
  const joins = plan.names.map((name, index) => ` LEFT JOIN settings_name n${index} ON n${index}.name = d.${id(name)}`).join('');
  return `SELECT d.*${sides} FROM (${inner}) d${joins}`;
}

/** The different names of the cleaned columns. */
export const distinctNamesSql = (plan: SettingsPlan, from: string): string => {
  const bare = planSql({ ...plan, names: [] }, from);
  return `WITH t AS (${bare}) SELECT DISTINCT name FROM (${plan.names.map((name) => `SELECT ${id(name)} AS name FROM t`).join(' UNION ')}) WHERE name IS NOT NULL ORDER BY name`;
};
