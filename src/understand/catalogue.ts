// What a snapshot holds: its series of events, areas and feeds. Read once for each snapshot and kept while the snapshot is open.

import { Problem, readOnce, type LakeReader } from '../core/index.ts';
import { areasSql, feedRowsSql, seriesColumnsSql, seriesSql } from './catalogue.sql.ts';

export interface Series {
  series_id: number;
  feed_id: number;
  /** Numbers of the category and the type of demand, for counts to carry in place of words. */
  category_id: number;
  demand_id: number;
  feed: string;
  agency: string | null;
  kind: string | null;
  category: string | null;
  demand_type: string | null;
  events: number;
  /** First day of the first and last months, ISO. */
  first_month: string | null;
  last_month: string | null;
  /** Events that have a weight of harm, and the weight where all have the same. */
  weighed: number;
  weight: number | null;
}

export interface FeedRow {
  feed: string;
  agency: string | null;
  cadence: string | null;
  files: number;
  rows: number;
  accepted: number;
  quarantined: number;
  repeated: number;
  superseded: number;
  first_date: string | null;
  last_date: string | null;
  last_loaded_at: string | null;
}

export interface Area {
  area_id: number;
  area_code: string;
  area_name: string | null;
  ward_code: string | null;
  authority_code: string | null;
  /** False where the code is not one of the partnership's areas. */
  known: boolean;
  population: number | null;
  deprivation_score: number | null;
  deprivation_decile: number | null;
}

export interface Catalogue {
  series: Series[];
  feeds: FeedRow[];
  /** In the order of their codes. */
  areas: Area[];
  /** Codes of areas, wards and authorities that a filter may name. */
  areaCodes: ReadonlySet<string>;
}

/** The catalogue of a snapshot. A Problem asks for a build where the snapshot was made before the tables that questions need. */
export const readCatalogue = readOnce(read);

async function read(lake: LakeReader): Promise<Catalogue> {
  requireTable(lake, 'demand_series');
  requireTable(lake, 'demand_area');
  requireTable(lake, 'demand_month');
  const columns = await lake.rows<{ name: string }>(seriesColumnsSql);
  if (!columns.some(({ name }) => name === 'category_id')) throw tooOld('the numbers of categories in demand_series');
  const [series, feeds, areas] = await Promise.all([
    lake.rows<Series>(seriesSql),
    lake.hasTable('feed_quality') ? lake.rows<FeedRow>(feedRowsSql) : [],
    lake.rows<Area>(areasSql),
  ]);
  const codes = areas.flatMap(({ area_code, ward_code, authority_code }) => [area_code, ward_code, authority_code]);
  return { series, feeds, areas, areaCodes: new Set(codes.filter((code) => code !== null)) };
}

export function requireTable(lake: LakeReader, name: string): void {
  if (lake.hasTable(name)) return;
  throw tooOld(name);
}

function tooOld(where: string): Problem {
  return new Problem('notFound', { what: 'This snapshot was built before the tables that this question needs', where, todo: 'Run "npx headwater build" to make them.' });
}
