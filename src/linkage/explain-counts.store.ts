// What can be said of a linkage without naming anybody, as small tables of counts: how pairs' weights fall, with what is known of their
// truth; how training went; how many records hold too little to be linked at all; how complete each agency's fields are; and the commonest values with what
// agreeing on them weighs. A value stands here only where many records hold it, and only forenames, surnames and dates of birth do.

import { id, type Duck } from '../store/index.ts';
import { opposed } from './cluster-records.ts';
import { explainPairsSql } from './explain-pairs.sql.ts';
import type { LinkedRecords } from './link-records.ts';
import { comparePairs } from './compare-pairs.store.ts';
import { columnsOf } from './table-columns.store.ts';

export interface CountTableOptions {
  /** The table of records, with its agency column. */
  source: string;
  /** A table (agency, local_id, person), where the truth is known. */
  truth?: string;
  /** Fields of the source with their labels, for completeness. */
  fields: readonly { column: string; label: string }[];
}

/** A value stands in `linkage_common_value` where this many records hold it, and one record in a thousand. */
export const fewestOfValue = 100;
const commonestShown = 10;
/** Records whose own weight is looked at. */
const mostWeighed = 200_000;
/** Weights are counted in steps of one bit, the ends together. */
const ends = { low: -40, high: 60 } as const;

const stepSql = (weight: string) => `greatest(${ends.low}, least(${ends.high}, floor(${weight})))::INTEGER`;

/** Makes linkage_weight_count, linkage_training, linkage_unlinkable, linkage_completeness, linkage_common_value and linkage_summary. Call it from `onLinked`, after `writeReviewTables`. */
export async function writeCountTables(duck: Duck, linked: LinkedRecords, options: CountTableOptions): Promise<void> {
  await writeWeightCounts(duck, options);
  await writeUnlinkable(duck, linked);
  await writeCompleteness(duck, options);
  await writeCommonValues(duck, linked);
  await writeTraining(duck, linked);
  const { threshold } = linked.settings;
  const reviewed = reviewedFigures(linked);
  await duck.run(`CREATE OR REPLACE TABLE linkage_summary AS SELECT name, value::DOUBLE AS value FROM (VALUES
    ('threshold', $threshold), ('prior', $prior),
    ('records', (SELECT count(*) FROM linkage_record)), ('people', (SELECT count(DISTINCT root) FROM linkage_cluster)), ('pairs', (SELECT count(*) FROM linkage_scored)),
    ('conflicts', (SELECT count(*) FROM linkage_scored WHERE weight <= ${opposed})), ('asked', (SELECT count(*) FROM link_queue)),
    ('true_pairs', ${options.truth ? '(SELECT coalesce(sum(n * (n - 1) // 2), 0) FROM (SELECT count(*) AS n FROM linkage_truth GROUP BY person))' : 'NULL'})) t(name, value)${reviewed}`, { threshold, prior: linked.model.prior });
}

/** What the settled decisions said of the threshold, where they were asked. */
function reviewedFigures({ reviewed }: LinkedRecords): string {
  if (!reviewed) return '';
  const { usual, enough, same, different, wrong, wrongUsual } = reviewed;
  const figures = { usual_threshold: usual, settled_enough: Number(enough), settled_same: same, settled_different: different, settled_wrong: wrong, settled_wrong_usual: wrongUsual };
  return ` UNION ALL SELECT name, value::DOUBLE FROM (VALUES ${Object.entries(figures).map(([name, value]) => `('${name}', ${value})`).join(', ')}) r(name, value)`;
}

/**
 * By weight, rounded down to a bit: pairs compared, matches that the model expects, and of the pairs whose truth is known those that are one
 * person; and of the pairs that reviewers settled, those that are one person and those that are not. Pairs that a rule forbids have no weight.
 */
async function writeWeightCounts(duck: Duck, { source, truth }: CountTableOptions): Promise<void> {
  await duck.run(truth
    ? `CREATE OR REPLACE TEMP TABLE linkage_truth AS SELECT n.rid, hash(t.person) AS person FROM ${id(truth)} t JOIN ${id(source)} s ON s.agency = t.agency AND s.local_id = t.local_id JOIN linkage_record n ON n.source_id = s.source_id`
    : 'CREATE OR REPLACE TEMP TABLE linkage_truth (rid INTEGER, person UBIGINT)');
  await duck.run(`CREATE OR REPLACE TABLE linkage_weight_count AS
    SELECT step, sum(pairs)::BIGINT AS pairs, round(sum(expected), 2) AS expected, sum(known)::BIGINT AS known_pairs, sum(true_pairs)::BIGINT AS true_pairs, sum(same)::BIGINT AS reviewed_same, sum(different)::BIGINT AS reviewed_different
    FROM (
      SELECT ${stepSql('s.weight')} AS step, count(*) AS pairs, sum(1 / (1 + pow(2, -s.weight))) AS expected, count(*) FILTER (WHERE a.person IS NOT NULL AND b.person IS NOT NULL) AS known, count(*) FILTER (WHERE a.person = b.person) AS true_pairs, 0 AS same, 0 AS different
      FROM linkage_scored s LEFT JOIN linkage_truth a ON a.rid = s.l LEFT JOIN linkage_truth b ON b.rid = s.r WHERE s.weight > ${opposed} GROUP BY 1
      UNION ALL
      SELECT ${stepSql('d.weight')}, 0, 0, 0, 0, count(*) FILTER (WHERE d.same), count(*) FILTER (WHERE NOT d.same)
      FROM linkage_settled d WHERE d.weight IS NOT NULL GROUP BY 1)
    GROUP BY step ORDER BY step`);
}

/** By the weight that a record has with a perfect copy of itself: one below the threshold cannot be linked by what it holds. */
async function writeUnlinkable(duck: Duck, { model, places, settings }: LinkedRecords): Promise<void> {
  const { records } = await duck.one<{ records: number }>('SELECT count(*) AS records FROM linkage_record');
  await duck.run(`CREATE OR REPLACE TEMP TABLE linkage_self AS SELECT rid AS l, rid AS r FROM linkage_record WHERE hash(source_id) % ${Math.max(1, Math.ceil(records / mostWeighed))} = 0`);
  await comparePairs(duck, 'linkage_self', 'linkage_self_pair', places, settings);
  await duck.run(`CREATE OR REPLACE TABLE linkage_unlinkable AS SELECT ${stepSql('sum_bits')} AS step, count(*) AS records FROM (${explainPairsSql('linkage_self_pair', places, model, settings.conflicts)}) GROUP BY 1 ORDER BY 1`);
}

async function writeCompleteness(duck: Duck, { source, fields }: CountTableOptions): Promise<void> {
  const columns = new Set(await columnsOf(duck, source));
  const parts = fields.filter(({ column }) => columns.has(column)).map(({ column }, place) => `SELECT agency, $label${place} AS field, ${place} AS place, count(*) AS records, count(${id(column)}) AS filled FROM ${id(source)} GROUP BY agency`);
  const labels = Object.fromEntries(fields.filter(({ column }) => columns.has(column)).map(({ label }, place) => [`label${place}`, label]));
  await duck.run(`CREATE OR REPLACE TABLE linkage_completeness AS SELECT * FROM (${parts.join(' UNION ALL ')}) ORDER BY agency, place`, labels);
}

async function writeCommonValues(duck: Duck, { model }: LinkedRecords): Promise<void> {
  const shown = { forename: 'Forename', surname: 'Surname', birth: 'Date of birth' } as const;
  const parts = model.comparisons.flatMap((comparison, c) => comparison.levels.flatMap((level, index) => {
    const column = level.exactOn;
    if (column === undefined || !(column in shown) || !level.frequencyPower) return [];
    const value = column === 'birth' ? `strftime(strptime(${id(column)}::VARCHAR, '%Y%m%d'), '%-d %B %Y')` : id(column);
    return [`SELECT '${shown[column as keyof typeof shown]}' AS field, ${value} AS value, count(*) AS records, ${Math.log2(model.m[c]![index]!)} - ${level.frequencyPower} * any_value(${id(`${column}_frequency`)}) - ${(1 - level.frequencyPower) * Math.log2(model.u[c]![index]!)} AS weight
      FROM linkage_record WHERE ${id(column)} IS NOT NULL GROUP BY ${id(column)} HAVING count(*) >= ${fewestOfValue} AND count(*) * 1000 >= (SELECT count(*) FROM linkage_record)`];
  }));
  await duck.run(`CREATE OR REPLACE TABLE linkage_common_value AS SELECT field, value, records, weight FROM (
    SELECT * FROM (${parts.join(' UNION ALL ') || "SELECT '' AS field, '' AS value, 0 AS records, 0 AS weight WHERE FALSE"}) QUALIFY row_number() OVER (PARTITION BY field ORDER BY records DESC, value) <= ${commonestShown}) ORDER BY field, records DESC, value`);
}

/** By training session, in their order: its pairs, its rounds, and the largest change of a probability in the last of them. */
async function writeTraining(duck: Duck, { sessions }: LinkedRecords): Promise<void> {
  const rows = sessions.map(({ session, pairs, matches, iterations, converged, used, trace }, place) => ({ place, session, pairs, matches, rounds: iterations, last_change: trace.at(-1)?.change ?? null, converged, used }));
  const shape = '[{"place": "INTEGER", "session": "VARCHAR", "pairs": "BIGINT", "matches": "BIGINT", "rounds": "INTEGER", "last_change": "DOUBLE", "converged": "BOOLEAN", "used": "BOOLEAN"}]';
  await duck.run(`CREATE OR REPLACE TABLE linkage_training AS SELECT * FROM (SELECT unnest(from_json($rows::JSON, '${shape}'), recursive := true)) ORDER BY place`, { rows: JSON.stringify(rows) });
}

/** The same tables without rows, where nothing could be compared. */
export const noCountTablesSql = `
  CREATE OR REPLACE TABLE linkage_weight_count (step INTEGER, pairs BIGINT, expected DOUBLE, known_pairs BIGINT, true_pairs BIGINT, reviewed_same BIGINT, reviewed_different BIGINT);
  CREATE OR REPLACE TABLE linkage_training (place INTEGER, session VARCHAR, pairs BIGINT, matches BIGINT, rounds INTEGER, last_change DOUBLE, converged BOOLEAN, used BOOLEAN);
  CREATE OR REPLACE TABLE linkage_unlinkable (step INTEGER, records BIGINT);
  CREATE OR REPLACE TABLE linkage_completeness (agency VARCHAR, field VARCHAR, place INTEGER, records BIGINT, filled BIGINT);
  CREATE OR REPLACE TABLE linkage_common_value (field VARCHAR, value VARCHAR, records BIGINT, weight DOUBLE);
  CREATE OR REPLACE TABLE linkage_summary (name VARCHAR, value DOUBLE);`;
