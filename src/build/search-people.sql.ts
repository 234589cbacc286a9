// What the search's index is made of, from a snapshot's identified zone.

import { join } from 'node:path';
import { readParquetSql } from '../store/index.ts';

export const searchTablesSql = (zone: string): string =>
  ['source_record', 'source_person', 'linkage_model'].map((name) => `CREATE OR REPLACE TABLE ${name} AS FROM ${readParquetSql(join(zone, `${name}.parquet`))}`).join('; ');
