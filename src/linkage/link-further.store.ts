// How do new records join what is linked, without a full run? The linkage before is kept: its model, its rules, and its prepared records with
// the frequencies of their values and the component that each was in. New and changed records are cleaned and compared with the records
// that share a block with them; the components that they reach, and those that lost a record, are clustered anew, and all else stays.
// The result is that of a full run with the same model and frequencies. Limits: the model and the frequencies age, so that a full run is due
// now and then; a block that grows beyond the largest allowed is refused from then on, but what it has linked stays.

import { readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Problem } from '../core/index.ts';
import { makeFolder, writeWhole, type Duck } from '../store/index.ts';
import { clusterPairs, weighPairs } from './cluster-pairs.store.ts';
import { patternPlaces } from './compare-pairs.sql.ts';
import { numberDecisions, type DecidedPairs } from './link-decision-numbers.store.ts';
import type { LinkDecision } from './link-decisions.ts';
import {
  affectedSql, allRecordsSql, changesSql, componentsBeforeSql, distinctCandidatesSql, furtherPeopleSql, noCandidatesSql, ruleBlocksSql, touchedPairsSql, touchedSql, writeStateSql,
} from './link-further.sql.ts';
import type { LinkedRecords, LinkOptions } from './link-records.ts';
import type { BlockingRule, LinkageSettings } from './linkage-settings.ts';
import { weighPatterns, type MatchModel } from './match-model.ts';
import { decidedPairsSql, levelNamesSql, recordNumbersSql } from './pair-levels.sql.ts';
import { dropWorkingTables, prepareRecords } from './prepare-records.store.ts';
import { comparePairs, readPatterns } from './compare-pairs.store.ts';
import { readNumbers, writeNumbers } from './typed-columns.store.ts';
import { createSets } from './union-find.ts';

interface LinkState {
  format: 1;
  /** The engine's version: its hash function tells what has changed. */
  engine: string;
  settings: LinkageSettings;
  rules: BlockingRule[];
  model: Omit<MatchModel, 'comparisons'>;
}

export interface FurtherOptions {
  /** The table of all records as they are now. */
  source: string;
  /** The folder of the linkage before, and where its successor is to be kept; the same folder will do. */
  state: string;
  keep?: string;
  /** The table to make: source_id, person_key, as by `linkRecords`. */
  out: string;
  decisions?: readonly LinkDecision[];
  /** Compare all records anew, with the model of the linkage before: for checking. */
  everything?: boolean;
  /** As by `linkRecords`, of the pairs among the records that were clustered anew. */
  onPairs?: LinkOptions['onPairs'];
}

export interface FurtherResult {
  records: number;
  /** Records that are new or have changed, and records that were clustered anew. */
  changed: number;
  clustered: number;
  comparedPairs: number;
  people: number;
  seconds: number;
}

const bits = (probability: number): number => Math.log2(probability / (1 - probability));
const recordsFile = 'linked-records.parquet';
const stateFile = 'state.json';

/**
 * Keeps a finished linkage, so that further records can be linked to it. Call it in `onLinked` of `linkRecords`.
 * @example await linkRecords(duck, { source, out, onLinked: (linked) => writeLinkState(duck, linked, source, folder) })
 */
export async function writeLinkState(duck: Duck, linked: LinkedRecords, source: string, folder: string): Promise<void> {
  const { settings, rules } = linked;
  const { comparisons: _, ...model } = linked.model;
  const records = await countOf(duck, 'linkage_record');
  const sets = createSets(records);
  await joinLinks(duck, sets, bits(settings.threshold));
  await keepState(duck, { settings, rules, model }, source, folder, sets, records);
}

async function keepState(duck: Duck, state: Omit<LinkState, 'format' | 'engine'>, source: string, folder: string, sets: ReturnType<typeof createSets>, records: number): Promise<void> {
  const rid = Int32Array.from({ length: records }, (_, record) => record);
  await writeNumbers(duck, 'linkage_state_root', { rid, root: rid.map((record) => sets.rootOf(record)) });
  const aside = `${folder}.writing`;
  rmSync(aside, { recursive: true, force: true });
  makeFolder(aside);
  await duck.run(writeStateSql(source, state.settings, join(aside, recordsFile)));
  const { engine } = await duck.one<{ engine: string }>('SELECT version() AS engine');
  const whole: LinkState = { format: 1, engine, ...state };
  writeWhole(join(aside, stateFile), JSON.stringify(whole));
  rmSync(folder, { recursive: true, force: true });
  renameSync(aside, folder);
}

async function joinLinks(duck: Duck, sets: ReturnType<typeof createSets>, least: number): Promise<void> {
  const [l, r] = (await readNumbers(duck, `SELECT l, r FROM linkage_scored WHERE weight >= ${least}`, ['integer', 'integer'])) as [Int32Array, Int32Array];
  for (let i = 0; i < l.length; i += 1) sets.join(l[i]!, r[i]!);
}

const countOf = async (duck: Duck, table: string): Promise<number> => (await duck.one<{ n: number }>(`SELECT count(*) AS n FROM ${table}`)).n;

async function readState(duck: Duck, folder: string): Promise<LinkState> {
  let state: LinkState;
  try {
    state = JSON.parse(readFileSync(join(folder, stateFile), 'utf8')) as LinkState;
  } catch (error) {
    throw new Problem('notFound', { what: 'There is no linkage to go on from', where: folder, todo: 'Link all records first.', cause: error });
  }
  const { engine } = await duck.one<{ engine: string }>('SELECT version() AS engine');
  if (state.format !== 1 || state.engine !== engine) throw new Problem('badInput', { what: 'The linkage before was made by another version', where: folder, todo: 'Link all records again.' });
  return state;
}

const blocksOf = (rule: number): string => `linkage_rule_block_${rule}`;

/** Makes linkage_scored of the pairs of touched records. */
async function scoreTouched(duck: Duck, { settings, rules }: LinkState, model: MatchModel, inside: boolean): Promise<number> {
  const places = patternPlaces(settings.comparisons);
  await duck.run(noCandidatesSql);
  for (const [index, rule] of rules.entries()) await duck.run(touchedPairsSql(blocksOf(index), rule.maxBlock ?? settings.maxBlock, inside));
  await duck.run(distinctCandidatesSql);
  await comparePairs(duck, 'linkage_candidate', 'linkage_pair', places, settings);
  const { patterns, counts } = await readPatterns(duck, places, 'SELECT pattern, count(*) AS n FROM linkage_pair GROUP BY 1 ORDER BY 1');
  await weighPairs(duck, patterns, weighPatterns(model, counts, settings.conflicts));
  return countOf(duck, 'linkage_pair');
}

async function writeDecided(duck: Duck, decided: DecidedPairs): Promise<void> {
  await writeNumbers(duck, 'linkage_decided', { rid: Int32Array.from([...decided.same, ...decided.different].flat()) });
}

/**
 * Links records that are new or have changed since a linkage that was kept, and takes out those that are gone.
 * @returns counts and seconds; `out` holds the people as by `linkRecords`, before lasting keys are given
 * @throws Problem where there is no linkage before, or another version made it
 * @example await linkFurtherRecords(duck, { source: 'source_record', state: folder, keep: folder, out: 'source_person' })
 */
export async function linkFurtherRecords(duck: Duck, options: FurtherOptions): Promise<FurtherResult> {
  const from = performance.now();
  const state = await readState(duck, options.state);
  const { settings } = state;
  const model: MatchModel = { comparisons: settings.comparisons, ...state.model };
  const least = bits(settings.threshold);
  try {
    await duck.run(changesSql(options.source, settings, join(options.state, recordsFile)));
    const changed = await countOf(duck, 'linkage_touch');
    await prepareRecords(duck, 'linkage_further_source', settings);
    await duck.run(allRecordsSql(settings));
    const records = await countOf(duck, 'linkage_record');
    const { decided } = await numberDecisions(duck, options.decisions ?? []);
    await writeDecided(duck, decided);
    await duck.run(touchedSql(options.everything ?? false));
    for (const [index, rule] of state.rules.entries()) await duck.run(ruleBlocksSql(rule, blocksOf(index)));
    let comparedPairs = await scoreTouched(duck, state, model, false);
    await duck.run(affectedSql(least));
    comparedPairs += await scoreTouched(duck, state, model, true);
    for (const index of state.rules.keys()) await duck.run(`DROP TABLE ${blocksOf(index)}`);
    await clusterPairs(duck, records, model, settings, decided);
    await options.onPairs?.(decidedPairsSql(least), recordNumbersSql, levelNamesSql(patternPlaces(settings.comparisons)));
    await duck.run(furtherPeopleSql(options.out));
    const clustered = await countOf(duck, 'linkage_touched');
    if (options.keep) {
      const sets = createSets(records);
      const [rid, root] = (await readNumbers(duck, componentsBeforeSql, ['integer', 'integer'])) as [Int32Array, Int32Array];
      for (let i = 0; i < rid.length; i += 1) sets.join(rid[i]!, root[i]!);
      await joinLinks(duck, sets, least);
      await duck.run('ALTER TABLE linkage_record DROP COLUMN touched; ALTER TABLE linkage_record DROP COLUMN component; ALTER TABLE linkage_record DROP COLUMN cluster');
      await keepState(duck, { settings, rules: state.rules, model: state.model }, options.source, options.keep, sets, records);
    }
    const { people } = await duck.one<{ people: number }>('SELECT count(DISTINCT root) AS people FROM linkage_cluster');
    return { records, changed, clustered, comparedPairs, people, seconds: Math.round(performance.now() - from) / 1000 };
  } finally {
    await dropWorkingTables(duck);
    await duck.run('DROP TABLE IF EXISTS linkage_further_source; DROP VIEW IF EXISTS linkage_before');
  }
}
