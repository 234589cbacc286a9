// What both engines write, and how good it is: linked pairs and clusters against the file's own truth, over all true pairs.

import { text } from '../../src/store/index.ts';
import type { PeerTask } from './peer-tasks.sql.ts';

export const pairsCopySql = (pairs: string, numbers: string, threshold: number, file: string): string =>
  `COPY (SELECT a.key AS unique_id_l, b.key AS unique_id_r FROM (${pairs}) p JOIN (${numbers}) a ON a.rid = p.l JOIN (${numbers}) b ON b.rid = p.r WHERE p.probability >= ${threshold}) TO ${text(file)} (FORMAT parquet)`;
export const clustersCopySql = (file: string): string => `COPY (SELECT source_id AS unique_id, person_key AS cluster_id FROM source_person) TO ${text(file)} (FORMAT parquet)`;

const pairsOf = (groups: string) => `(SELECT coalesce(sum(n * (n - 1) / 2), 0)::DOUBLE FROM (SELECT count(*) AS n FROM ${groups}))`;

/** true_pairs, and for pairs and clusters what was found and what of it is right. */
export const scoreSql = (task: PeerTask, folder: string): string => `WITH t AS (SELECT ${task.id}::VARCHAR AS id, ${task.truth} AS person FROM ${task.from}),
  c AS (SELECT t.person, k.cluster_id FROM read_parquet(${text(`${folder}/clusters.parquet`)}) k JOIN t ON t.id = k.unique_id::VARCHAR),
  p AS (SELECT a.person = b.person AS same FROM read_parquet(${text(`${folder}/pairs.parquet`)}) q JOIN t a ON a.id = q.unique_id_l::VARCHAR JOIN t b ON b.id = q.unique_id_r::VARCHAR)
  SELECT ${pairsOf('t GROUP BY person')} AS "truePairs", (SELECT count(*)::DOUBLE FROM p) AS "pairsFound", (SELECT count(*) FILTER (WHERE same)::DOUBLE FROM p) AS "pairsRight",
    ${pairsOf('c GROUP BY cluster_id')} AS "clustersFound", ${pairsOf('c GROUP BY cluster_id, person')} AS "clustersRight"`;
