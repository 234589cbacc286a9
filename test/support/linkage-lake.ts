// The tables that a build notes about its linkage, small and made up: weights of pairs that fall in two heaps, and reviewers' answers between.

import type { Duck } from '../../src/store/index.ts';

export interface LinkageLakeOptions {
  truth: boolean;
  reviewed: boolean;
}

/** Makes the seven tables in a connection. */
export async function makeLinkageTables(duck: Duck, { truth, reviewed }: LinkageLakeOptions): Promise<void> {
  await duck.run(`
    CREATE TABLE linkage_level (comparison VARCHAR, comparison_label VARCHAR, comparison_place INTEGER, level VARCHAR, level_label VARCHAR, level_place INTEGER, m DOUBLE, u DOUBLE, relatives DOUBLE, weight DOUBLE);
    INSERT INTO linkage_level SELECT *, log2(m / u) FROM (VALUES
      ('forename', 'Forename', 0, 'exact', 'Same forename', 0, 0.8, 0.005, NULL), ('forename', 'Forename', 0, 'near', 'Forenames differ by a slip', 1, 0.1, 0.005, NULL), ('forename', 'Forename', 0, 'different', 'Forenames differ', 2, 0.1, 0.99, NULL),
      ('surname', 'Surname', 1, 'exact', 'Same surname', 0, 0.9, 0.001, NULL), ('surname', 'Surname', 1, 'different', 'Surnames differ', 1, 0.1, 0.999, NULL),
      ('nhs_number', 'NHS number', 2, 'exact', 'Same NHS number', 0, 0.99, 0.0000001, NULL), ('nhs_number', 'NHS number', 2, 'different', 'Different NHS number', 1, 0.01, 0.9999999, NULL)) t(comparison, comparison_label, comparison_place, level, level_label, level_place, m, u, relatives);
    CREATE TABLE linkage_weight_count AS SELECT step, pairs, round(pairs / (1 + pow(2, -(step + 0.5))), 2) AS expected, ${truth ? 'pairs' : '0'} AS known_pairs,
        ${truth ? 'CASE WHEN step >= 4 THEN pairs WHEN step < -4 THEN 0 ELSE round(pairs / (1 + pow(2, -(step + 0.5)))) END' : '0'}::BIGINT AS true_pairs,
        ${reviewed ? 'CASE WHEN step BETWEEN 0 AND 4 THEN step + 1 WHEN step BETWEEN -4 AND -1 THEN 1 ELSE 0 END' : '0'} AS reviewed_same, ${reviewed ? 'CASE WHEN step BETWEEN -4 AND 1 THEN 3 - step ELSE 0 END' : '0'} AS reviewed_different
      FROM (SELECT step::INTEGER AS step, round(20000 * exp(-pow((step + 15) / 5.0, 2)) + 5000 * exp(-pow((step - 20) / 6.0, 2)))::BIGINT AS pairs FROM range(-30, 40) t(step)) WHERE pairs > 0;
    CREATE TABLE linkage_training AS SELECT * FROM (VALUES (0, 'NHS number', 4100, 4090, 5, 0.00002, TRUE, TRUE), (1, 'UPN', 0, 0, 0, NULL, TRUE, FALSE), (2, 'Forename and surname', 9000, 3100, 100, 0.0213, FALSE, TRUE)) t(place, session, pairs, matches, rounds, last_change, converged, used);
    CREATE TABLE linkage_unlinkable AS SELECT step::INTEGER AS step, CASE WHEN step < 0 THEN 10 ELSE 90 END AS records FROM range(-10, 25) t(step);
    CREATE TABLE linkage_completeness AS SELECT * FROM (VALUES ('police', 'Surname', 0, 1000, 990), ('police', 'NHS number', 1, 1000, 0), ('hospital', 'Surname', 0, 800, 800), ('hospital', 'NHS number', 1, 800, 700)) t(agency, field, place, records, filled);
    CREATE TABLE linkage_common_value AS SELECT * FROM (VALUES ('Date of birth', '1 January 1980', 120, 9.1), ('Surname', 'o''brien', 150, 7.7), ('Surname', 'smith', 400, 6.3)) t(field, value, records, weight);
    CREATE TABLE linkage_summary AS SELECT * FROM (VALUES ('threshold', 0.5), ('prior', 0.00001), ('records', 3250.0), ('people', 2100.0), ('pairs', 400000.0), ('conflicts', 1200.0), ('asked', 47.0), ('true_pairs', ${truth ? '54000.0' : 'NULL'})) t(name, value);`);
}
