// Which records are one person by the settings of a file? Its columns are cleaned, pairs chosen by its rules, m, u and the prior learned
// (or taken from a saved model), and the pairs weighed and grouped as those of a Splink model are.

import { counted, Problem } from '../core/index.ts';
import { id, type Duck } from '../store/index.ts';
import { engineErrorKind, naming, watchStatements } from './engine-problem.ts';
import type { TrainingSession } from './expectation-maximisation.ts';
import { namingLevels } from './failing-condition.store.ts';
import { blocksOfCondition, keptWhere, type LargeBlocks } from './large-blocks.store.ts';
import { labelledMatchesSql, numberLabels, scoreLabels, type LabelReport, type LabelScore } from './labels.store.ts';
import { listNicknames, nicknameRoots } from './nicknames.ts';
import { findFaults, findUntrained } from './model-faults.ts';
import { describeName } from './prepare-records.store.ts';
import type { ReadRecords } from './read-records.store.ts';
import type { LearnedModel, ReadSettings, SettingsFile } from './settings-file.ts';
import { addPairsSql, blockPairsSql, candidatesSql, conditionPairsSql, emptyCandidatesSql, possiblePairsSql, ruleBlocksSql, ruleReportSql } from './settings-pairs.sql.ts';
import { distinctNamesSql, planSettings, planSql, type PlannedRule, type SettingsPlan } from './settings-plan.sql.ts';
import { splinkComparisonOf } from './splink-comparison.sql.ts';
import { checkConditions, createStages, groupPairs, needSource, pairsSelect, prepareModelRecords, type ModelLinkOptions, type SplinkLinked } from './splink-link.store.ts';
import { confinedSql, equalKeys, levelsSql, ruleSizeSql, splinkNumbersSql, splinkPairSql } from './splink-pairs.sql.ts';
import type { SplinkSettings } from './splink-settings.ts';
import { columnsOf } from './table-columns.store.ts';
import { countPatterns, estimateShare, judgedSettings, savedLearned, trainSettings } from './train-settings.store.ts';
import { writeNames } from './typed-columns.store.ts';

export interface RuleReport {
  rule: string;
  /** Pairs that the rule gives by itself. */
  pairs: number;
  largestBlock: number;
  /** Blocks larger than the settings allow, and their pairs, which were left out. */
  largeBlocks: number;
  largePairs: number;
}

export interface SettingsLinked extends SplinkLinked {
  plan: SettingsPlan;
  model: SplinkSettings;
  learned: LearnedModel;
  sessions: TrainingSession[];
  rules: RuleReport[];
  labels?: LabelReport & { scores: LabelScore };
}

export interface SettingsLinkOptions extends ModelLinkOptions {
  localPacks?: string;
  /** Whether `dedupe_label` holds labels. */
  labels: boolean;
  /** Called with the trained model while `splink_record` still stands. */
  onModel?(model: SplinkSettings): Promise<void>;
}

const linkTypes = { dedupe: 'dedupe_only', link: 'link_only', 'link-and-dedupe': 'link_and_dedupe' } as const;
const count = (n: number) => Math.round(n).toLocaleString('en-GB');

/** The settings as a Splink model over the cleaned columns. */
export function modelOf(settings: SettingsFile, plan: SettingsPlan, columns: readonly string[], learned?: LearnedModel): SplinkSettings {
  const side = (sql: string, letter: string) => sql.replace(/'(?:[^']|'')*'|"((?:[^"]|"")+)"|[A-Za-z_]\w*/g, (word, quoted: string | undefined) => (columns.some((column) => column.toLowerCase() === (quoted ?? word).toLowerCase()) ? `${letter}.${id(quoted ?? word)}` : word));
  const equal = (key: string) => `${side(key, 'l')} = ${side(key, 'r')}`;
  return {
    link_type: linkTypes[settings.link],
    probability_two_random_records_match: learned?.prior ?? settings.training.prior ?? 0.0001,
    comparisons: plan.comparisons.map((comparison, c) => splinkComparisonOf(comparison, learned?.comparisons[c])),
    blocking_rules_to_generate_predictions: plan.rules.map((rule) => ({
      blocking_rule: rule.condition ?? [...rule.keys, ...(rule.any === undefined ? [] : [rule.any])].map(equal).join(' AND '),
      sql_dialect: 'duckdb',
      ...(rule.any === undefined ? {} : { arrays_to_explode: [rule.any] }),
    })),
    term_frequency_adjustment_column_prefix: 'tf_', comparison_vector_value_column_prefix: 'gamma_', match_weight_column_prefix: 'mw_', bayes_factor_column_prefix: 'bf_', unique_id_column_name: 'unique_id', source_dataset_column_name: 'source_dataset',
  };
}

/** Makes `dedupe_prepared`: the records with the cleaned columns. */
export async function prepareBySettings(duck: Duck, read: ReadRecords, plan: SettingsPlan, settings: SettingsFile, localPacks?: string): Promise<ReadRecords> {
  for (const [name, sql] of Object.entries(settings.columns)) await naming(`columns.${name}`, sql, () => duck.rows(`SELECT ${sql} FROM ${id(read.table)} LIMIT 0`));
  if (plan.names.length > 0) {
    const roots = nicknameRoots(listNicknames(localPacks));
    const names = await namingColumns(duck, read, settings, () => duck.rows<{ name: string }>(distinctNamesSql(plan, read.table)));
    await writeNames(duck, 'settings_name', names.map(({ name }) => describeName(name, roots)));
  }
  await namingColumns(duck, read, settings, () => duck.run(`CREATE OR REPLACE TEMP TABLE dedupe_prepared AS ${planSql(plan, read.table)}`));
  const columns = await columnsOf(duck, 'dedupe_prepared');
  return { ...read, table: 'dedupe_prepared', columns };
}

/** Runs work that reads all columns; where the engine fails, the own column that fails alone is named. */
async function namingColumns<T>(duck: Duck, read: ReadRecords, settings: SettingsFile, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (engineErrorKind(error) === undefined) throw error;
    for (const [name, sql] of Object.entries(settings.columns)) await naming(`columns.${name}`, sql, () => duck.run(`SELECT max((${sql})::VARCHAR) FROM ${id(read.table)}`));
    throw error;
  }
}

/** Adds a rule's pairs to `settings_pair`; a rule that gives too many is refused. */
async function addRule(duck: Duck, rule: PlannedRule, index: number, settings: SettingsFile, { between, largeBlocks }: { between: boolean; largeBlocks?: LargeBlocks | undefined }): Promise<RuleReport> {
  const where = `blocking rule ${index + 1} (${rule.name})`;
  const refuse = (what: string, found: string): never => {
    throw new Problem('badInput', { what, where, todo: `Add a column to the rule, clear the value that so many records share, or raise max-block or max-pairs.${found}` });
  };
  if (rule.condition !== undefined) {
    const condition = rule.condition;
    const { pairs, largest } = await naming(where, condition, () => duck.one<{ pairs: number; largest: number }>(ruleSizeSql(equalKeys(condition), [])));
    if (pairs > settings['max-pairs']) refuse(`The rule gives up to ${count(pairs)} pairs; its largest block holds ${count(largest)} records`, await keptWhere(largeBlocks, blocksOfCondition(rule.name, condition, 1)));
    await naming(where, condition, () => duck.run(addPairsSql(conditionPairsSql(condition, between), index)));
    return { rule: rule.name, pairs, largestBlock: largest, largeBlocks: 0, largePairs: 0 };
  }
  await naming(where, rule.name, () => duck.run(ruleBlocksSql(rule, between)));
  const report = await duck.one<Omit<RuleReport, 'rule'>>(ruleReportSql(settings['max-block']));
  const blocks = (over: number) => ({ rule: rule.name, keys: rule.keys, ...(rule.any === undefined ? {} : { listKey: rule.any }), from: 'splink_record', over });
  const found = report.largeBlocks > 0 ? await keptWhere(largeBlocks, blocks(settings['max-block'])) : '';
  if (report.largeBlocks > 0 && settings['large-blocks'] === 'refuse') refuse(`${counted(report.largeBlocks, 'block holds', 'blocks hold')} more than ${settings['max-block']} records, the largest ${count(report.largestBlock)}`, found);
  if (report.pairs > settings['max-pairs']) refuse(`The rule gives ${count(report.pairs)} pairs, more than ${count(settings['max-pairs'])}; its largest block holds ${count(report.largestBlock)} records`, found || (await keptWhere(largeBlocks, blocks(1))));
  await duck.run(addPairsSql(blockPairsSql(settings['max-block'], between), index));
  return { rule: rule.name, ...report };
}

/** Links the records by settings; a saved model is not trained again. */
export async function linkBySettings(engine: Duck, read: ReadRecords, { settings, learned }: ReadSettings, options: SettingsLinkOptions): Promise<SettingsLinked> {
  const { duck, last } = watchStatements(engine);
  const { seconds, timed } = createStages(last);
  const plan = planSettings(settings, read.columns);
  await duck.run(confinedSql(options.folder));
  const prepared = await timed('prepare', () => prepareBySettings(duck, read, plan, settings, options.localPacks));
  const untrained = modelOf(settings, plan, prepared.columns, learned);
  needSource(untrained, read, options.onePerSource === true);
  const between = settings.link === 'link';
  const columns = await naming('stage "prepare"', last, () => prepareModelRecords(duck, prepared, untrained));
  await checkConditions(duck, untrained, columns);
  const warnings: string[] = [];
  const labels = options.labels ? await naming('labels', last, () => numberLabels(duck, splinkNumbersSql, read.records)) : undefined;
  if (labels && labels.contradictions.length > 0) warnings.push(`${labels.contradicted} labels contradict each other and were left out (rows ${labels.contradictions.slice(0, 3).map(({ rows }) => rows.join(' and ')).join('; ')})`);
  const rules: RuleReport[] = [];
  await timed('block', async () => {
    await duck.run(emptyCandidatesSql);
    for (const [index, rule] of plan.rules.entries()) rules.push(await addRule(duck, rule, index, settings, { between, largeBlocks: options.largeBlocks }));
    await duck.run(candidatesSql);
  });
  for (const rule of rules) if (rule.largeBlocks > 0) warnings.push(`Rule "${rule.rule}": ${counted(rule.largeBlocks, 'block')} of more than ${settings['max-block']} records ${rule.largeBlocks === 1 ? 'was' : 'were'} not compared (the largest holds ${count(rule.largestBlock)})`);
  const trained = learned || read.records < 2 ? undefined : await timed('train', () => trainSettings({ duck, plan, settings, model: untrained, columns, records: read.records, between, ...(labels && labels.matches > 0 ? { labelled: labelledMatchesSql } : {}) }));
  warnings.push(...(trained?.warnings ?? []));
  await timed('compare', () => namingLevels({ duck, model: untrained, columns, pairs: 'splink_candidate', stage: 'stage "compare"' }, () => duck.run(`CREATE OR REPLACE TEMP TABLE splink_level AS ${levelsSql(untrained, columns)}`)));
  let knows = learned ?? savedLearned(plan, plan.comparisons.map(({ levels }) => levels.map(({ m }) => m)), plan.comparisons.map(({ levels }) => levels.map(({ u }) => u)), settings.training.prior ?? 0.0001);
  if (trained) {
    const { pairs } = await duck.one<{ pairs: number }>(possiblePairsSql(between));
    const { prior, u } = estimateShare(await countPatterns(duck, untrained, 'SELECT * FROM splink_level'), trained, Math.max(pairs, 1), plan.fixed.map((one) => one.u));
    knows = savedLearned(plan, trained.m, u, settings.training.prior ?? prior, trained.matches);
  }
  const model = modelOf(settings, plan, prepared.columns, knows);
  const judged = trained || learned ? judgedSettings(plan, knows) : [];
  warnings.push(...(labels && labels.matches > 0 && trained ? [] : findUntrained(judged)), ...findFaults(judged));
  await options.onModel?.(model);
  await timed('weigh', () => duck.run(splinkPairSql(model, 'SELECT * FROM splink_level')));
  await timed('pairs', () => options.onPairs(pairsSelect, splinkNumbersSql));
  const grouped = await timed('cluster', () => groupPairs(duck, read.records, options));
  const { n } = await duck.one<{ n: number }>('SELECT count(*) AS n FROM splink_pair');
  const scored = labels ? { labels: { ...labels, scores: await scoreLabels(duck, options.out, splinkNumbersSql) } } : {};
  return { candidatePairs: n, people: grouped.people, seconds, warnings: [...warnings, ...grouped.warnings], plan, model, learned: knows, sessions: trained?.sessions ?? [], rules, ...scored };
}
