// The tables that scoring the links needs: the truth, where it is known, and the counts by group.

import { text } from '../store/index.ts';

/** Reads truth/identity.csv: which person each record of an agency is. */
export function readTruthSql(path: string): string {
  return `CREATE OR REPLACE TABLE truth AS SELECT agency, local_id, person FROM read_csv(${text(path)}, header = true, all_varchar = true)`;
}

export const linkageQualitySql = `CREATE OR REPLACE TABLE linkage_quality (
  group_kind VARCHAR, group_name VARCHAR, records BIGINT, people BIGINT, true_pairs BIGINT, found_pairs BIGINT, correct_pairs BIGINT)`;
