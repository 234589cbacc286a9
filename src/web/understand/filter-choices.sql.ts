// Reads which feeds, agencies, categories and months a snapshot holds, for the filters.

export const seriesChoicesSql = `
  SELECT feed, agency, category, demand_type, min(first_month) AS first_month, max(last_month) AS last_month
  FROM demand_series GROUP BY ALL ORDER BY feed, agency, category, demand_type`;
