// The tables that scoring the links needs: the truth, where it is known, and the counts by group.

import { text } from '../store/index.ts';

/** Reads truth/identity.csv: which person each record of an agency is. */
export function readTruthSql(path: string): string {
  return `CREATE OR REPLACE TABLE truth AS SELECT agency, local_id, person FROM read_csv(${text(path)}, header = true, all_varchar = true)`;
}

/** How deprived the area of each record's postcode is, 1 the most. Needs the tables source_record, postcode_area and area. */
export const recordDeprivationSql = `CREATE OR REPLACE TABLE record_deprivation AS
  SELECT r.source_id, a.deprivation_decile FROM source_record r JOIN postcode_area p USING (postcode) JOIN area a USING (area_code) WHERE a.deprivation_decile IS NOT NULL`;

export const linkageQualitySql = `CREATE OR REPLACE TABLE linkage_quality (
  group_kind VARCHAR, group_name VARCHAR, records BIGINT, people BIGINT, true_pairs BIGINT, found_pairs BIGINT, correct_pairs BIGINT,
  recall_low DOUBLE, recall_high DOUBLE, precision_low DOUBLE, precision_high DOUBLE, unlinkable_records BIGINT, single_agency_people BIGINT)`;
