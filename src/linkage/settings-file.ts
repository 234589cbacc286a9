// What does a linkage settings file say? YAML in which every key is known: a mistake is named with its file and line, the words that are
// allowed there and the nearest of them. Also read: a model that an earlier run saved (the same settings as JSON, with what was learned).

import { existsSync, readFileSync } from 'node:fs';
import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { Problem } from '../core/index.ts';
import { similarityMethods, templateNames } from './comparison-templates.sql.ts';
import { nearestWord } from './nearest-word.ts';

/** One expression: no second statement and no comment. Quoted text may hold anything. */
const expression = z.string().min(1).refine((sql) => !/;|--|\/\*/.test(sql.replace(/'[^']*'|"[^"]*"/g, '')), 'write one SQL expression, without ; or comments')
  .refine((sql) => (sql.match(/\(/g)?.length ?? 0) === (sql.match(/\)/g)?.length ?? 0), 'its brackets do not close; put an expression with commas into quotes');
const probability = z.number().gt(0).lt(1);
const name = z.string().regex(/^[a-z][a-z0-9_]*$/, 'write a name of small letters, digits and _');

const level = z.strictObject({
  label: z.string().min(1),
  when: expression.optional(),
  m: probability.optional(),
  u: probability.optional(),
  frequency: z.string().min(1).optional(),
});
const comparison = z
  .strictObject({
    name,
    template: z.enum(templateNames).optional(),
    column: z.string().min(1).optional(),
    columns: z.array(z.string().min(1)).min(1).optional(),
    frequency: z.number().min(0).max(1).optional(),
    method: z.enum(similarityMethods).optional(),
    similar: z.array(z.number()).min(1).max(5).optional(),
    within: z.array(z.number().min(0)).min(1).max(8).optional(),
    shared: z.array(z.int().min(1)).min(1).max(5).optional(),
    separator: z.string().min(1).optional(),
    formats: z.array(z.string().min(2)).min(1).optional(),
    missing: expression.optional(),
    levels: z.array(level).min(2).optional(),
  })
  .refine((one) => (one.template === undefined) !== (one.levels === undefined), 'give a template, or levels of your own')
  .refine((one) => one.template === undefined || one.column !== undefined || (one.columns?.length ?? 0) === (one.template === 'distance' ? 2 : 1), 'name the column with "column" (distance: the latitude and longitude with "columns")')
  .refine((one) => one.levels === undefined || one.missing !== undefined, 'say when nothing can be compared, with "missing"')
  .refine((one) => one.levels === undefined || one.levels.every((each, index) => (each.when === undefined) === (index === one.levels!.length - 1)), 'every level but the last needs "when"; the last has none');
const rule = z.union([expression, z.array(expression).min(1), z.strictObject({ all: z.array(expression).optional(), any: z.string().min(1) })]);

const settingsSchema = z.strictObject({
  link: z.enum(['dedupe', 'link', 'link-and-dedupe']).default('dedupe'),
  id: z.string().optional(),
  source: z.string().optional(),
  'one-per-source': z.boolean().default(false),
  columns: z.record(name, expression).default({}),
  comparisons: z.array(comparison).min(1),
  blocking: z.array(rule).min(1).max(31),
  'max-block': z.int().min(2).default(1000),
  'large-blocks': z.enum(['leave-out', 'refuse']).default('leave-out'),
  'max-pairs': z.int().min(1).default(100_000_000),
  training: z.strictObject({ labels: z.string().optional(), rules: z.array(rule).min(1).optional(), pairs: z.int().min(1000).default(400_000), prior: probability.optional() }).default({ pairs: 400_000 }),
  threshold: probability.default(0.5),
  clusters: z.enum(['components', 'votes']).default('components'),
  seed: z.int().default(1),
});

export type SettingsFile = z.infer<typeof settingsSchema>;
export type SettingsComparison = SettingsFile['comparisons'][number];
export type SettingsRule = SettingsFile['blocking'][number];

/** What a run learned, level by level in the order of the comparison, and from how many matches (absent where all of m is fixed). */
const learnedSchema = z.strictObject({
  prior: probability,
  comparisons: z.array(z.strictObject({ name: z.string(), m: z.array(z.number().min(0).max(1)), u: z.array(z.number().min(0).max(1)), matches: z.number().min(0).optional() })),
});
export type LearnedModel = z.infer<typeof learnedSchema>;
const modelSchema = z.strictObject({ model: z.literal('headwater linkage 1'), settings: settingsSchema, learned: learnedSchema });

export interface ReadSettings {
  settings: SettingsFile;
  /** Where a saved model was read: nothing is trained. */
  learned?: LearnedModel;
}

/** Whether a settings file is a Splink model: JSON whose comparisons have comparison_levels. */
export function isSplinkModel(path: string): boolean {
  return existsSync(path) && /"comparison_levels"\s*:/.test(readFileSync(path, 'utf8'));
}

/**
 * Reads a settings file (YAML), or a model that a run saved (JSON).
 * @throws Problem with file, line, the words allowed and the nearest
 */
export function readSettingsFile(path: string): ReadSettings {
  if (!existsSync(path)) throw new Problem('notFound', { what: 'There is no such file', where: path, todo: 'Name a settings file in YAML, a saved model or a Splink model in JSON.' });
  const source = readFileSync(path, 'utf8');
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines, prettyErrors: false });
  const [broken] = document.errors;
  if (broken) throw new Problem('badInput', { what: `The settings are not valid YAML: ${broken.message.split('\n')[0]}`, where: `${path}:${lines.linePos(broken.pos[0]).line}`, todo: 'Mend the line and try again.' });
  const value: unknown = document.toJS();
  const saved = typeof value === 'object' && value !== null && 'model' in value;
  const result = saved ? modelSchema.safeParse(value, { reportInput: true }) : settingsSchema.safeParse(value, { reportInput: true });
  if (!result.success) throw mistake(path, result.error.issues.find((issue) => issue.code === 'unrecognized_keys') ?? result.error.issues[0]!, (keys) => lineOf(document, lines, keys));
  return saved ? { settings: (result.data as z.infer<typeof modelSchema>).settings, learned: (result.data as z.infer<typeof modelSchema>).learned } : { settings: result.data as SettingsFile };
}

/** Settings made by code, with the defaults put in. */
export const checkSettingsFile = (value: unknown): SettingsFile => settingsSchema.parse(value);

/** The text of a model that `readSettingsFile` reads. */
export const savedModel = (settings: SettingsFile, learned: LearnedModel): string => `${JSON.stringify({ model: 'headwater linkage 1', settings, learned }, null, 2)}\n`;

/** The line of a key, or of the nearest thing around it. */
function lineOf(document: ReturnType<typeof parseDocument>, lines: LineCounter, keys: readonly PropertyKey[]): number {
  for (let depth = keys.length; depth > 0; depth -= 1) {
    const parent = document.getIn(keys.slice(0, depth - 1) as (string | number)[], true) as { items?: { key?: { value?: unknown; range?: [number, number, number] } }[] } | undefined;
    const key = parent?.items?.find((item) => item.key?.value === keys[depth - 1])?.key;
    if (key?.range) return lines.linePos(key.range[0]).line;
    const node = document.getIn(keys.slice(0, depth) as (string | number)[], true) as { range?: [number, number, number] } | undefined;
    if (node?.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}

type Issue = z.core.$ZodIssue;

/** The keys allowed where an unknown one stands. */
function keysAt(path: readonly PropertyKey[]): string[] {
  const last = path.findLast((key) => typeof key === 'string');
  const shapes: Record<string, object> = { comparisons: comparison.shape, levels: level.shape, training: settingsSchema.shape.training.unwrap().shape, blocking: { all: 0, any: 0 }, rules: { all: 0, any: 0 } };
  return Object.keys(last === undefined ? settingsSchema.shape : (shapes[String(last)] ?? settingsSchema.shape));
}

/** What an issue of a union is about: the branch that got furthest. */
function deepest(issue: Issue): Issue {
  if (issue.code !== 'invalid_union') return issue;
  const branches = issue.errors.flatMap(([first]) => (first ? [first] : []));
  const best = branches.find((one) => one.code === 'unrecognized_keys') ?? branches.toSorted((a, b) => b.path.length - a.path.length)[0];
  return best ? deepest({ ...best, path: [...issue.path, ...best.path] } as Issue) : issue;
}

function mistake(path: string, found: Issue, line: (keys: readonly PropertyKey[]) => number): Problem {
  const issue = deepest(found);
  const at = (keys: readonly PropertyKey[]) => `${path}:${line(keys)}`;
  const offer = (word: string, allowed: string[]) => {
    const near = nearestWord(word, allowed);
    return `${near === undefined ? '' : `Did you mean "${near}"? `}Allowed are ${allowed.join(', ')}.`;
  };
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0]!;
    return new Problem('badInput', { what: `"${key}" is not a setting here`, where: at([...issue.path, key]), todo: offer(key, keysAt(issue.path)) });
  }
  const where = issue.path.map(String).join('.') || 'the file';
  if (issue.code === 'invalid_value') return new Problem('badInput', { what: `${where}: this word is not allowed`, where: at(issue.path), todo: offer(String(issue.input ?? ''), issue.values.map(String)) });
  return new Problem('badInput', { what: `${where}: ${issue.message}`, where: at(issue.path), todo: 'Mend the line and try again.' });
}
