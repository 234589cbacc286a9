// Writes a trained model as the JSON of Splink 5, over the columns of splink-records.parquet. What Splink's form cannot say (votes in
// clusters, one record a source, large blocks left out) is no part of the weights and stays in model.json.

import { writeFileSync } from 'node:fs';
import type { ReadRecords } from './read-records.store.ts';
import type { SplinkSettings } from './splink-settings.ts';

/** The model with the fields that Splink writes itself. */
export const splinkJson = (model: SplinkSettings, read: Pick<ReadRecords, 'source'>): string =>
  `${JSON.stringify({ ...model, sql_dialect: 'duckdb', retain_matching_columns: false, retain_intermediate_calculation_columns: true, additional_columns_to_retain: [], unique_id_column_name: 'unique_id', source_dataset_column_name: read.source === undefined ? undefined : 'source_dataset', em_convergence: 0.0001, max_iterations: 25 }, null, 2)}\n`;

export function writeSplinkModel(file: string, model: SplinkSettings, read: Pick<ReadRecords, 'source'>): void {
  writeFileSync(file, splinkJson(model, read));
}
