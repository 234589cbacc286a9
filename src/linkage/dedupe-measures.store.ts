// Writes how well each cluster of a linkage hangs together (cluster-measures) beside its pairs.

import type { Duck } from '../store/index.ts';
import { measureClusters } from './cluster-measures.ts';
import { copyFileSql, measuresFileSql, rootsSql } from './dedupe.sql.ts';
import { readNumbers, writeNumbers } from './typed-columns.store.ts';

const doubtBits = { bridge: 1, sparse: 2, long: 4, apart: 8 } as const;

/** Measures the clusters (source_id, person_key) by the links kept in `dedupe_link`, and writes them to a file. */
export async function writeMeasures(duck: Duck, clusters: string, file: string): Promise<void> {
  const [root] = (await readNumbers(duck, rootsSql(clusters), ['integer'])) as [Int32Array];
  const [l, r] = (await readNumbers(duck, 'SELECT l, r FROM dedupe_link', ['integer', 'integer'])) as [Int32Array, Int32Array];
  const measured = measureClusters(root, l, r);
  await writeNumbers(duck, 'dedupe_measure', {
    first: Int32Array.from(measured, (one) => one.first), size: Int32Array.from(measured, (one) => one.size), links: Int32Array.from(measured, (one) => one.links),
    density: Float64Array.from(measured, (one) => one.density), bridges: Int32Array.from(measured, (one) => one.bridges), cut_records: Int32Array.from(measured, (one) => one.cutRecords),
    diameter: Int32Array.from(measured, (one) => one.diameter ?? -1), doubts: Int32Array.from(measured, (one) => one.doubts.reduce((sum, doubt) => sum + doubtBits[doubt], 0)),
  });
  await duck.run(copyFileSql(measuresFileSql(clusters), file));
}
