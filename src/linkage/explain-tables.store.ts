// What a build keeps so that its links can be looked at and decided: the pairs that a reviewer's answer would help most (`link_queue`), and
// for those and the pairs inside each person, why they weigh what they weigh (`link_pair`). Names are not in either; ids of records are.
// Doubtful: a probability near the threshold, links cut by clustering, and pairs of doubtful clusters. Capped, and taken in turn from
// strata of reason and recorded ethnicity, so that small groups are not missed.

import { id, type Duck } from '../store/index.ts';
import { doubtReasons, findDoubtfulPairs } from './doubtful-clusters.ts';
import { explainPairsSql } from './explain-pairs.sql.ts';
import type { LinkDecision } from './link-decisions.ts';
import type { LinkedRecords } from './link-records.ts';
import { extraInsideSql, proposedInsideSql } from './pair-levels.sql.ts';
import { comparePairs } from './compare-pairs.store.ts';
import { columnsOf } from './table-columns.store.ts';
import { readNumbers, writeNumbers } from './typed-columns.store.ts';

export interface ReviewTableOptions {
  /** The table of records, with agency and ethnicity where there are such. */
  source: string;
  /** An expression over left_source_id and right_source_id that gives a pair's id, which must tell nobody whose records they are. */
  pairIdSql: string;
  /** Settled pairs: explained, but not asked about again. */
  decisions: readonly LinkDecision[];
  /** Pairs about which somebody has decided and others have yet to: asked about first, whatever the model makes of them. */
  open?: readonly { left: string; right: string }[];
  /** Pairs in the queue at most. */
  mostAsked: number;
}

/** Pairs whose probability is within these bounds are asked about, where the threshold is one half; moved with it. */
export const doubtBounds = { low: 0.05, high: 0.95 } as const;

/** Pairs of persons with more records are not explained beforehand. */
const largestExplained = 30;
/** Persons that the queue asks about are always explained, others, the smallest first, up to this many pairs. */
const mostExplained = 1_000_000;

const bits = (probability: number): number => Math.log2(probability / (1 - probability));

/** Makes the tables link_pair, link_queue and linkage_level. Call it from `onLinked`. */
export async function writeReviewTables(duck: Duck, linked: LinkedRecords, options: ReviewTableOptions): Promise<{ asked: number }> {
  await makeDoubts(duck, linked);
  await chooseQueue(duck, options);
  await chooseExplained(duck);
  await comparePairs(duck, 'linkage_shown', 'linkage_shown_pair', linked.places, linked.settings);
  const parts = ['prior', 'names', 'relatives', ...linked.places.map(({ comparison }) => comparison.name)].map((name) => `bits_${name}`);
  const rounded = [...parts, ...linked.places.map(({ comparison }) => `rarity_${comparison.name}`), 'weight', 'sum_bits'].map((name) => `round(e.${id(name)}, 4) AS ${id(name)}`).join(', ');
  await duck.run(`CREATE OR REPLACE TABLE link_pair AS
    SELECT ${options.pairIdSql} AS pair_id, * FROM (
      SELECT a.source_id AS left_source_id, b.source_id AS right_source_id, CASE WHEN ca.root = cb.root THEN 1 ELSE 0 END::TINYINT AS one_person, e.* EXCLUDE (l, r) REPLACE (${rounded})
      FROM (${explainPairsSql('linkage_shown_pair', linked.places, linked.model, linked.settings.conflicts)}) e
      JOIN linkage_record a ON a.rid = e.l JOIN linkage_record b ON b.rid = e.r
      JOIN linkage_cluster ca ON ca.rid = e.l JOIN linkage_cluster cb ON cb.rid = e.r)`);
  await duck.run(`CREATE OR REPLACE TABLE link_queue AS
    SELECT ${options.pairIdSql} AS pair_id, * FROM (
      SELECT a.source_id AS left_source_id, b.source_id AS right_source_id, q.reason, q.place
      FROM linkage_queue q JOIN linkage_record a ON a.rid = q.l JOIN linkage_record b ON b.rid = q.r)`);
  await writeLevels(duck, linked);
  return duck.one<{ asked: number }>('SELECT count(*) AS asked FROM link_queue');
}

/** Makes `linkage_doubt` (l, r, weight over the threshold, reason as a number): the first reason of each pair. */
async function makeDoubts(duck: Duck, { settings }: LinkedRecords): Promise<void> {
  const least = bits(settings.threshold);
  await duck.run(`CREATE OR REPLACE TEMP TABLE linkage_inside AS ${proposedInsideSql} UNION ALL ${extraInsideSql}`);
  const numbers = await readNumbers(duck, `SELECT a.root, i.l, i.r, i.weight - ${least} FROM linkage_inside i
    JOIN linkage_cluster a ON a.rid = i.l JOIN linkage_cluster b ON b.rid = i.r AND b.root = a.root ORDER BY 1, 2, 3`, ['integer', 'integer', 'integer', 'double']);
  const [cluster, l, r, weight] = numbers as [Int32Array, Int32Array, Int32Array, Float64Array];
  const inClusters = findDoubtfulPairs({ cluster, l, r, weight });
  await writeNumbers(duck, 'linkage_odd', {
    l: Int32Array.from(inClusters, (pair) => pair.l),
    r: Int32Array.from(inClusters, (pair) => pair.r),
    reason: Int32Array.from(inClusters, (pair) => doubtReasons.indexOf(pair.reason)),
  });
  const [low, high] = [least + bits(doubtBounds.low), least + bits(doubtBounds.high)];
  await duck.run(`CREATE OR REPLACE TEMP TABLE linkage_doubt AS
    SELECT l, r, min(reason) AS reason, min(abs(weight - ${least})) AS doubt FROM (
      SELECT o.l, o.r, o.reason, coalesce(i.weight, s.weight, ${least}) AS weight FROM linkage_odd o LEFT JOIN linkage_inside i ON i.l = o.l AND i.r = o.r LEFT JOIN linkage_scored s ON s.l = o.l AND s.r = o.r
      UNION ALL SELECT s.l, s.r, ${doubtReasons.indexOf('cut')}, s.weight FROM linkage_scored s JOIN linkage_cluster a ON a.rid = s.l JOIN linkage_cluster b ON b.rid = s.r WHERE s.weight >= ${least} AND a.root <> b.root
      UNION ALL SELECT l, r, ${doubtReasons.indexOf('threshold')}, weight FROM linkage_scored WHERE weight BETWEEN ${low} AND ${high}
    ) GROUP BY l, r`);
}

/** Makes `linkage_queue` (l, r, reason, place) of the doubts that are not settled: each stratum in turn, the most doubtful first. */
async function chooseQueue(duck: Duck, { source, decisions, open = [], mostAsked }: ReviewTableOptions): Promise<void> {
  await writeDecided(duck, decisions);
  await writeOpen(duck, open);
  const columns = new Set(await columnsOf(duck, source));
  const group = columns.has('ethnicity') ? "coalesce(a.ethnicity, b.ethnicity, 'not recorded')" : "''";
  const word = `CASE reason ${doubtReasons.map((name, index) => `WHEN ${index} THEN '${name}'`).join(' ')} END`;
  await duck.run(`CREATE OR REPLACE TEMP TABLE linkage_queue AS
    SELECT l, r, ${word} AS reason, (row_number() OVER (ORDER BY turn, doubt, l, r))::INTEGER AS place FROM (
      SELECT d.*, CASE WHEN o.l IS NULL THEN 1 ELSE 0 END * row_number() OVER (PARTITION BY d.reason, ${group} ORDER BY d.doubt, d.l, d.r) AS turn
      FROM linkage_doubt d LEFT JOIN linkage_open o ON o.l = d.l AND o.r = d.r ANTI JOIN linkage_decided s ON s.l = d.l AND s.r = d.r
      JOIN linkage_record x ON x.rid = d.l JOIN linkage_record y ON y.rid = d.r
      JOIN ${id(source)} a ON a.source_id = x.source_id JOIN ${id(source)} b ON b.source_id = y.source_id)
    QUALIFY place <= ${mostAsked}`);
}

/** Makes `linkage_open` (l, r), and adds to the doubts those of them that the model has no doubt about. */
async function writeOpen(duck: Duck, open: readonly { left: string; right: string }[]): Promise<void> {
  await duck.run(`CREATE OR REPLACE TEMP TABLE linkage_open AS
    SELECT DISTINCT least(a.rid, b.rid) AS l, greatest(a.rid, b.rid) AS r
    FROM (SELECT unnest(from_json($open::JSON, '[{"left": "VARCHAR", "right": "VARCHAR"}]'), recursive := true)) d
    JOIN linkage_record a ON a.source_id = d."left" JOIN linkage_record b ON b.source_id = d."right"`, { open: JSON.stringify(open) });
  await duck.run(`INSERT INTO linkage_doubt SELECT l, r, ${doubtReasons.indexOf('threshold')}, 0 FROM linkage_open o ANTI JOIN linkage_doubt d USING (l, r)`);
}

/** Makes `linkage_decided` (l, r, same) of the settled decisions whose records are here, the latest for each pair. */
async function writeDecided(duck: Duck, decisions: readonly LinkDecision[]): Promise<void> {
  const latest = [...new Map(decisions.map((decision) => [JSON.stringify([decision.left, decision.right].toSorted()), decision])).values()];
  await duck.run(`CREATE OR REPLACE TEMP TABLE linkage_decided AS
    SELECT least(a.rid, b.rid) AS l, greatest(a.rid, b.rid) AS r, d.same
    FROM (SELECT unnest(from_json($decisions::JSON, '[{"left": "VARCHAR", "right": "VARCHAR", "same": "BOOLEAN"}]'), recursive := true)) d
    JOIN linkage_record a ON a.source_id = d."left" JOIN linkage_record b ON b.source_id = d."right"`, { decisions: JSON.stringify(latest) });
}

/** Makes `linkage_shown` (l, r): the queue, the settled pairs, all pairs inside persons whom the queue asks about, and those inside other persons that are not too large. */
async function chooseExplained(duck: Duck): Promise<void> {
  const sizes = await duck.rows<{ size: number; pairs: number }>(`SELECT size, sum(size * (size - 1) // 2)::DOUBLE AS pairs FROM (SELECT count(*) AS size FROM linkage_cluster GROUP BY root) WHERE size BETWEEN 2 AND ${largestExplained} GROUP BY 1 ORDER BY 1`);
  let largest = 1;
  let sum = 0;
  for (const { size, pairs } of sizes) if ((sum += pairs) <= mostExplained) largest = size;
  await duck.run(`CREATE OR REPLACE TEMP TABLE linkage_shown AS
    SELECT l, r FROM linkage_queue UNION SELECT l, r FROM linkage_decided
    UNION SELECT a.rid, b.rid FROM linkage_cluster a JOIN linkage_cluster b ON b.root = a.root AND b.rid > a.rid
      JOIN (SELECT root FROM linkage_cluster GROUP BY root
        HAVING count(*) BETWEEN 2 AND ${largest} OR (count(*) BETWEEN 2 AND ${largestExplained} AND bool_or(rid IN (SELECT l FROM linkage_queue UNION SELECT r FROM linkage_queue)))) s ON s.root = a.root`);
}

/** Makes linkage_level: every comparison's levels with m, u and the relatives' probabilities. */
async function writeLevels(duck: Duck, { model }: LinkedRecords): Promise<void> {
  const rows = model.comparisons.flatMap((comparison, c) => comparison.levels.map((level, index) => ({
    comparison: comparison.name, comparison_label: comparison.label, comparison_place: c, level: level.name, level_label: level.label, level_place: index,
    m: model.m[c]![index]!, u: model.u[c]![index]!, relatives: model.relatives?.[c]?.[index] ?? null,
  })));
  const shape = '[{"comparison": "VARCHAR", "comparison_label": "VARCHAR", "comparison_place": "INTEGER", "level": "VARCHAR", "level_label": "VARCHAR", "level_place": "INTEGER", "m": "DOUBLE", "u": "DOUBLE", "relatives": "DOUBLE"}]';
  await duck.run(`CREATE OR REPLACE TABLE linkage_level AS SELECT *, log2(m / u) AS weight FROM (SELECT unnest(from_json($rows::JSON, '${shape}'), recursive := true)) ORDER BY comparison_place, level_place`, { rows: JSON.stringify(rows) });
}

/** The same tables without rows, where nothing could be compared. */
export const noReviewTablesSql = `
  CREATE OR REPLACE TABLE link_pair (pair_id VARCHAR, left_source_id VARCHAR, right_source_id VARCHAR, one_person TINYINT, weight DOUBLE, sum_bits DOUBLE, probability DOUBLE, conflict VARCHAR, bits_prior DOUBLE, bits_names DOUBLE, bits_relatives DOUBLE);
  CREATE OR REPLACE TABLE link_queue (pair_id VARCHAR, left_source_id VARCHAR, right_source_id VARCHAR, reason VARCHAR, place INTEGER);
  CREATE OR REPLACE TABLE linkage_level (comparison VARCHAR, comparison_label VARCHAR, comparison_place INTEGER, level VARCHAR, level_label VARCHAR, level_place INTEGER, m DOUBLE, u DOUBLE, relatives DOUBLE, weight DOUBLE);`;
