// What is asked of a linkage of files, and what it answers: the options, checked against each other, and the settings that they name.

import { Problem, type Progress } from '../core/index.ts';
import type { FileKey } from '../store/index.ts';
import type { TrainingSession } from './expectation-maximisation.ts';
import type { ExplainedPair } from './explain-asked.store.ts';
import type { CheckEstimate, ModelEstimate } from './false-match-estimate.ts';
import { readKept } from './kept-linkage.ts';
import type { LabelReport, LabelScore } from './labels.store.ts';
import type { RuleReport } from './link-by-settings.store.ts';
import type { RecordFiles } from './read-records.store.ts';
import type { RecognisedColumn } from './recognise-columns.ts';
import { isSplinkModel, readSettingsFile, type ReadSettings, type SettingsFile } from './settings-file.ts';
import { readSplinkSettings, type SplinkSettings } from './splink-settings.ts';

export interface DedupeOptions extends RecordFiles {
  out: string;
  /** Settings (YAML), a saved model or a Splink model (JSON); the person settings where not given. */
  settingsFile?: string;
  /** Labelled pairs: m is learned from them, and the linkage scored against them. */
  labelsFile?: string;
  /** Pairs of records whose weights are to be explained. */
  explainFile?: string;
  /** Only pairs of different sources, or all; as the settings say where not given. */
  link?: 'dedupe' | 'link' | 'link-and-dedupe';
  /** At most one record of each source in a cluster. */
  onePerSource?: boolean;
  clusters?: 'components' | 'votes';
  /** Also writes cluster-measures.parquet. */
  measures?: boolean;
  /** A folder in which the linkage is kept; where it holds one, new and changed records join that, and only they are compared. The preset alone. */
  keepFolder?: string;
  /** Also writes the model for Splink: splink.json and splink-records.parquet. */
  splink?: boolean;
  /** A probability; 0.5 where not said. */
  threshold?: number;
  /** Local packs, for names and nicknames. */
  localPacks?: string;
  memoryLimit?: string;
  threads?: number;
  progress?: Progress;
  /** Where tables of a home are read: the keys that open them, and a folder to make in `out` for the time of the run. What is written is then for its owner alone. */
  fromHome?: { keys: readonly FileKey[]; aside: string };
}

export interface DedupeScore {
  precision: number;
  recall: number;
  f1: number;
}

export interface DedupeResult {
  records: number;
  candidatePairs: number;
  threshold: number;
  people: number;
  seconds: Record<string, number>;
  peakMemoryBytes: number;
  /** The scores, where a truth column is given: over all true pairs. Pairs decided to be one person: a probability of at least the threshold after the evidence of their cluster. */
  pairs?: DedupeScore;
  /** Pairs whose own weight reaches the threshold, whatever their cluster says. */
  pairsAlone?: DedupeScore;
  /** Pairs of records inside one cluster. */
  clusters?: DedupeScore;
  /** The share of true pairs that the blocking rules proposed. */
  reached?: number;
  /** The share of links that is false, without truth: by the probabilities, and by the checked column. */
  falseMatches: ModelEstimate & { check?: CheckEstimate };
  labels?: LabelReport & { scores: LabelScore };
  /** For settings files: pairs by rule. */
  rules?: RuleReport[];
  /** Where records joined a kept linkage: how many were new or had changed, and how many were grouped anew. The pairs are those among the latter. */
  joined?: { changed: number; grouped: number };
  /** The pairs that were to be explained, in their order; of a home's tables they are in the file alone. */
  explained?: ExplainedPair[];
  /** How training went, session by session; a Splink model and a saved one are not trained. */
  sessions?: TrainingSession[];
  columns: RecognisedColumn[];
  warnings: string[];
  files: Record<string, string> & { pairs: string; clusters: string };
}
/** What the settings file is; the threshold of the options comes before its own. */
export type Settings = { kind: 'person'; asSettings: boolean } | { kind: 'splink'; settings: SplinkSettings; warnings: string[] } | { kind: 'own'; read: ReadSettings };

/** The names of the options that are given. */
const givenOf = (options: Record<string, unknown>): string[] => Object.entries(options).flatMap(([name, value]) => (value === undefined || value === false ? [] : [name]));

/** Link types, labels and the model for Splink are those of settings: the preset then makes settings of the columns as recognised. */
const givenOfSettings = ({ link, onePerSource, clusters, labelsFile, splink }: GivenSettings): string[] => givenOf({ link, 'one-per-source': onePerSource, clusters, labels: labelsFile, splink });

/** Of what a kept linkage can be, and be asked. */
export function checkKeeping(options: DedupeOptions): void {
  const { keepFolder, settingsFile, measures, checkColumn, explainFile, fromHome } = options;
  if (keepFolder === undefined) return;
  const refuse = (what: string, where: string, todo: string) => new Problem('usage', { what, where: `--keep, ${where}`, todo });
  const [given] = [...givenOf({ settings: settingsFile }), ...givenOfSettings(options)];
  if (given !== undefined) throw refuse('A linkage by settings cannot be kept for further records', `--${given}`, 'Leave one of them out: the preset alone can be kept.');
  if (fromHome) throw refuse('A linkage of a home’s tables is not kept in the clear', '--home', 'Leave --keep out: the home keeps its own.');
  const [asked] = givenOf({ measures, check: checkColumn, explain: explainFile });
  if (asked !== undefined && readKept(keepFolder)) throw refuse('This is asked of all pairs, and where records join a kept linkage only theirs are compared', `--${asked}`, 'Leave one of them out.');
}

/** What decides by which engine and model records are linked. */
export type GivenSettings = Pick<DedupeOptions, 'settingsFile' | 'link' | 'onePerSource' | 'clusters' | 'labelsFile' | 'splink'>;

/** Settings with the link type that the options name, if any. */
export const linkedAs = (settings: SettingsFile, { link }: GivenSettings): SettingsFile => (link === undefined ? settings : { ...settings, link });

export function readSettings(options: GivenSettings): Settings {
  const { settingsFile, link, labelsFile, splink } = options;
  if (settingsFile === undefined) return { kind: 'person', asSettings: givenOfSettings(options).length > 0 };
  if (!isSplinkModel(settingsFile)) {
    const read = readSettingsFile(settingsFile);
    return { kind: 'own', read: { ...read, settings: linkedAs(read.settings, options) } };
  }
  if (labelsFile !== undefined) throw new Problem('usage', { what: 'A Splink model is trained already', where: '--labels', todo: 'Give labels with a settings file.' });
  if (splink) throw new Problem('usage', { what: 'The settings are a Splink model already', where: '--splink', todo: 'Leave --splink out, or give settings of your own.' });
  const model = readSplinkSettings(settingsFile);
  return { kind: 'splink', ...model, settings: { ...model.settings, ...(link === undefined ? {} : { link_type: link === 'dedupe' ? 'dedupe_only' : link === 'link' ? 'link_only' : 'link_and_dedupe' }) } };
}

/** The files whose rows a run with these options would read. Throws a Problem for settings with a mistake. */
export function listFilesRead(options: DedupeOptions): string[] {
  const settings = readSettings(options);
  const labels = options.labelsFile ?? (settings.kind === 'own' && settings.read.learned === undefined ? settings.read.settings.training.labels : undefined);
  return [...options.files, ...(labels === undefined ? [] : [labels]), ...(options.explainFile === undefined ? [] : [options.explainFile])];
}

/** The columns of id and source that the options or the settings name. */
export function recordFiles(options: RecordFiles, settings: Settings): RecordFiles {
  const own = settings.kind === 'own' ? settings.read.settings : undefined;
  const idColumn = options.idColumn || own?.id;
  if (idColumn === undefined) throw new Problem('usage', { what: 'No column of ids is named', where: '--id', todo: 'Name it with --id, or as id in the settings.' });
  const sourceColumn = options.sourceColumn ?? own?.source;
  return { files: options.files, idColumn, ...(sourceColumn === undefined ? {} : { sourceColumn }), ...(options.truthColumn === undefined ? {} : { truthColumn: options.truthColumn }), ...(options.checkColumn === undefined ? {} : { checkColumn: options.checkColumn }) };
}
