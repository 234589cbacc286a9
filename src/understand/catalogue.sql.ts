// Reads the dictionaries of a snapshot: series of events, feeds, and the codes of areas, wards and authorities.

export const seriesSql = 'SELECT series_id, feed_id, category_id, demand_id, feed, agency, kind, category, demand_type, events, first_month, last_month, weighed, weight FROM demand_series ORDER BY series_id';

/** Columns of the series: a snapshot made before categories had numbers has no `category_id`. */
export const seriesColumnsSql = 'SELECT column_name AS name FROM (DESCRIBE demand_series)';

export const feedRowsSql = `
  SELECT feed, agency, cadence, files, rows, accepted, quarantined, repeated, superseded, first_date, last_date, last_loaded_at
  FROM feed_quality ORDER BY feed`;

export const areaCodesSql = `
  SELECT area_code AS code FROM demand_area
  UNION SELECT ward_code FROM demand_area WHERE ward_code IS NOT NULL
  UNION SELECT authority_code FROM demand_area WHERE authority_code IS NOT NULL`;
