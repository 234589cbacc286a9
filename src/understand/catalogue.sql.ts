// Reads the dictionaries of a snapshot: series of events, feeds, and areas with their wards and authorities.

export const seriesSql = 'SELECT series_id, feed_id, category_id, demand_id, feed, agency, kind, category, demand_type, events, first_month, last_month, weighed, weight FROM demand_series ORDER BY series_id';

/** Columns of the series: a snapshot made before categories had numbers has no `category_id`. */
export const seriesColumnsSql = 'SELECT column_name AS name FROM (DESCRIBE demand_series)';

export const feedRowsSql = `
  SELECT feed, agency, cadence, files, rows, accepted, quarantined, repeated, superseded, first_date, last_date, last_loaded_at
  FROM feed_quality ORDER BY feed`;

/** In the order of their codes, as their numbers are. */
export const areasSql = `
  SELECT d.area_id, d.area_code, d.area_name, d.ward_code, d.authority_code, d.known, a.population, a.deprivation_score, a.deprivation_decile
  FROM demand_area d LEFT JOIN area a USING (area_code) ORDER BY d.area_id`;
