// Links the agencies' records to people, gives each the key it had before, and scores the links where the truth is known.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Progress } from '../core/index.ts';
import { keepMatchModel, linkRecords, makeSourceRecords, noCountTablesSql, noMatchModelSql, noReviewTablesSql, noSettledQualitySql, personSettings, scoreLinkage, thresholdWords, writeCountTables, writeReviewTables, writeSettledQuality, type LinkDecision, type ReviewedThreshold, type StandingUndo } from '../linkage/index.ts';
import type { Duck, Home } from '../store/index.ts';
import { keepPersonKeys, type KeysKept } from './keep-keys.ts';
import { linkageQualitySql, readTruthSql, recordDeprivationSql } from './linkage-quality.sql.ts';
import { pseudonymSql } from './pseudonymise.sql.ts';

/** Pairs that reviewers are asked about at most. */
const mostAsked = 500;

/** What linkage compares, in a reader's words. */
const comparedFields = [
  { column: 'forename', label: 'Forename' }, { column: 'surname', label: 'Surname' }, { column: 'middle_names', label: 'Middle names' }, { column: 'birth_date', label: 'Date of birth' },
  { column: 'sex', label: 'Sex' }, { column: 'address', label: 'Address' }, { column: 'postcode', label: 'Postcode' }, { column: 'nhs_number', label: 'NHS number' },
  { column: 'upn', label: 'UPN' }, { column: 'phone', label: 'Telephone' }, { column: 'email', label: 'E-mail' },
] as const;

export interface LinkedBuild {
  id: string;
  at: string;
  /** What reviewers settled, the latest last. */
  decisions: readonly LinkDecision[];
  /** Pairs that wait for another person to decide. */
  open: readonly { left: string; right: string }[];
  /** Merges and splits of earlier builds that people undid; their decisions are among the settled ones. */
  undos?: readonly StandingUndo[];
}

/** What the home's settings say of the threshold. */
const thresholdOf = ({ settings }: Home): { threshold?: number; reviewed: boolean } => {
  const wish = settings.linkage?.threshold;
  return { reviewed: wish === 'reviewed', ...(typeof wish === 'number' ? { threshold: wish } : {}) };
};

export interface LinkageSummary {
  records: number;
  people: number;
  candidatePairs: number;
  threshold: number;
  /** Which threshold was used and why, where any but the usual one was asked for. */
  thresholdWords?: string;
  /** What the settled decisions said of it, where they were asked. */
  reviewedThreshold?: ReviewedThreshold;
  warnings: string[];
  keys: KeysKept;
  /** What became of the settled decisions of reviewers. */
  decisions: { given: number; same: number; different: number; contradicted: number; waiting: number };
  /** Where the truth is known: over all true pairs of records. */
  pairs?: { precision: number; recall: number; f1: number; truePairs: number; foundPairs: number; correctPairs: number };
}

/** Makes the tables source_record, source_person, person_event, person_event_record and linkage_quality from the table mention. Needs the pseudonyms' key. */
export async function linkPeople(home: Home, duck: Duck, progress: Progress, build: LinkedBuild): Promise<LinkageSummary> {
  await makeSourceRecords(duck);
  const truth = join(home.data, 'truth', 'identity.csv');
  const known = existsSync(truth);
  if (known) await duck.run(readTruthSql(truth));
  await duck.run(`${noReviewTablesSql}${noCountTablesSql}`);
  await duck.run(noMatchModelSql('linkage_model'));
  await duck.run(noSettledQualitySql);
  await duck.run(recordDeprivationSql);
  const { decisions, open } = build;
  const { reviewed, ...own } = thresholdOf(home);
  const result = await linkRecords(duck, {
    source: 'source_record', out: 'source_person', settings: personSettings({ localPacks: home.packs, ...own }), progress, decisions, reviewedThreshold: reviewed,
    onLinked: async (linked) => {
      await keepMatchModel(duck, linked, 'linkage_model');
      progress.stage('Finding doubtful links');
      const { asked } = await writeReviewTables(duck, linked, { source: 'source_record', pairIdSql: pseudonymSql("left_source_id || '|' || right_source_id", 'link-pair'), decisions, open, mostAsked });
      await writeCountTables(duck, linked, { source: 'source_record', ...(known ? { truth: 'truth' } : {}), fields: comparedFields });
      await writeSettledQuality(duck, { source: 'source_record', out: 'source_person', deprivation: 'record_deprivation' }, linked.settings.threshold);
      progress.done(`${asked.toLocaleString('en-GB')} pairs to review`);
    },
  });
  const keys = await keepPersonKeys(home, duck, build);
  const score = await scoreLinkage(duck, { source: 'source_record', out: 'source_person', truth: known ? 'truth' : undefined, deprivation: 'record_deprivation' });
  await duck.run(linkageQualitySql);
  const appender = await duck.connection.createAppender('linkage_quality');
  for (const group of score.groups) {
    appender.appendVarchar(group.group_kind);
    appender.appendVarchar(group.group_name);
    const count = (value: number | null) => (value === null ? appender.appendNull() : appender.appendBigInt(BigInt(value)));
    for (const value of [group.records, group.people, group.true_pairs, group.found_pairs, group.correct_pairs]) count(value);
    for (const interval of [group.recall, group.precision]) {
      for (const end of ['low', 'high'] as const) {
        if (interval === null) appender.appendNull();
        else appender.appendDouble(interval[end]);
      }
    }
    for (const value of [group.unlinkable_records, group.single_agency_people]) count(value);
    appender.endRow();
  }
  appender.closeSync();
  const { records, people, candidatePairs, threshold, warnings } = result;
  const words = thresholdWords(threshold, result.reviewed);
  return {
    records, people, candidatePairs, threshold, ...(words === undefined ? {} : { thresholdWords: words }), ...(result.reviewed ? { reviewedThreshold: result.reviewed } : {}), warnings, keys, decisions: { ...result.decisions, contradicted: result.decisions.contradicted.length }, pairs: score.pairs,
  };
}
