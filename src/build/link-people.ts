// Links the agencies' records to people, gives each the key it had before, and scores the links where the truth is known.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Progress } from '../core/index.ts';
import { linkRecords, makeSourceRecords, personSettings, scoreLinkage } from '../linkage/index.ts';
import type { Duck, Home } from '../store/index.ts';
import { keepPersonKeys, type KeysKept } from './keep-keys.ts';
import { linkageQualitySql, readTruthSql, recordDeprivationSql } from './linkage-quality.sql.ts';

export interface LinkageSummary {
  records: number;
  people: number;
  candidatePairs: number;
  threshold: number;
  warnings: string[];
  keys: KeysKept;
  /** Where the truth is known: over all true pairs of records. */
  pairs?: { precision: number; recall: number; f1: number; truePairs: number; foundPairs: number; correctPairs: number };
}

/** Makes the tables source_record, source_person, person_event, person_event_record and linkage_quality from the table mention. */
export async function linkPeople(home: Home, duck: Duck, progress: Progress, build: { id: string; at: string }): Promise<LinkageSummary> {
  await makeSourceRecords(duck);
  const result = await linkRecords(duck, { source: 'source_record', out: 'source_person', settings: personSettings({ localPacks: home.packs }), progress });
  const keys = await keepPersonKeys(home, duck, build);
  const truth = join(home.data, 'truth', 'identity.csv');
  const known = existsSync(truth);
  if (known) await duck.run(readTruthSql(truth));
  await duck.run(recordDeprivationSql);
  const score = await scoreLinkage(duck, { source: 'source_record', out: 'source_person', truth: known ? 'truth' : undefined, deprivation: 'record_deprivation' });
  await duck.run(linkageQualitySql);
  const appender = await duck.connection.createAppender('linkage_quality');
  for (const group of score.groups) {
    appender.appendVarchar(group.group_kind);
    appender.appendVarchar(group.group_name);
    for (const value of [group.records, group.people, group.true_pairs, group.found_pairs, group.correct_pairs]) {
      if (value === null) appender.appendNull();
      else appender.appendBigInt(BigInt(value));
    }
    appender.endRow();
  }
  appender.closeSync();
  const { records, people, candidatePairs, threshold, warnings } = result;
  return { records, people, candidatePairs, threshold, warnings, keys, pairs: score.pairs };
}
