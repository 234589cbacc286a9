// Which records are one person by a Splink model? Pairs by its rules, weights by its levels, people as connected components of the pairs at
// or above the threshold.

import { Problem } from '../core/index.ts';
import type { Duck } from '../store/index.ts';
import type { ReadRecords } from './read-records.store.ts';
import { recordKeySql } from './person-source.sql.ts';
import { confinedSql, frequencyColumns, gammaSql, linkedSql, sidesSql, splinkCandidateSql, splinkColumnsSql, splinkNumbersSql, splinkPairSql, splinkPeopleSql, splinkRecordSql } from './splink-pairs.sql.ts';
import { ruleSql, type SplinkSettings } from './splink-settings.ts';
import { readNumbers, writeNumbers } from './typed-columns.store.ts';
import { createSets } from './union-find.ts';

export interface SplinkLinked {
  candidatePairs: number;
  people: number;
  seconds: Record<string, number>;
}

/** The select of the pairs that onPairs is given. */
const pairsSelect = 'SELECT * FROM splink_pair';

/** Runs the work; an error of the engine becomes a Problem that names the part of the model and its SQL. */
async function naming<T>(where: string, sql: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const why = (cause instanceof Error ? cause.message : String(cause)).split('\n')[0]!;
    throw new Problem('badInput', { what: `The model cannot be run on these records: ${why.slice(0, 200)}`, where: `${where}: ${sql}`, todo: 'Mend the SQL or the names of the columns.', cause });
  }
}

/** Tries each rule and condition alone on no rows, so that the one that is wrong is named. */
async function checkSql(duck: Duck, model: SplinkSettings, columns: string[]): Promise<void> {
  for (const [index, rule] of model.blocking_rules_to_generate_predictions.entries()) {
    const sql = ruleSql(rule);
    await naming(`blocking rule ${index + 1}`, sql, () => duck.rows(`SELECT 1 FROM splink_record l, splink_record r WHERE (${sql}) LIMIT 0`));
  }
  await duck.run('CREATE OR REPLACE TEMP TABLE splink_candidate (l INTEGER, r INTEGER, match_key INTEGER)');
  for (const one of model.comparisons) {
    for (const level of one.comparison_levels) {
      const alone = { ...one, comparison_levels: [level] };
      if (level.sql_condition.trim().toUpperCase() !== 'ELSE') await naming(`comparison "${one.output_column_name}"`, level.sql_condition, () => duck.rows(`SELECT ${gammaSql(alone)} FROM (${sidesSql(columns)})`));
    }
  }
}

export async function linkBySplink(duck: Duck, read: ReadRecords, model: SplinkSettings, options: { out: string; folder: string; threshold: number; onPairs(pairs: string, numbers: string): Promise<void> }): Promise<SplinkLinked> {
  const seconds: Record<string, number> = {};
  const timed = async <T>(stage: string, work: () => Promise<T>): Promise<T> => {
    const from = performance.now();
    const result = await work();
    seconds[stage] = Math.round(performance.now() - from) / 1000;
    return result;
  };
  if (model.link_type === 'link_only' && read.source === undefined) throw new Problem('usage', { what: 'The model links records of different sources', where: 'link_type', todo: 'Name the column of a record’s source with --source.' });
  for (const column of frequencyColumns(model)) {
    if (!read.columns.includes(column)) throw new Problem('badInput', { what: `The records have no column "${column}"`, where: 'tf_adjustment_column', todo: `They have ${read.columns.join(', ')}.` });
  }
  await duck.run(confinedSql(options.folder));
  await timed('prepare', () => duck.run(splinkRecordSql(read.table, recordKeySql(read), read.id, read.source, model)));
  const columns = (await duck.rows<{ name: string }>(splinkColumnsSql)).map(({ name }) => name).filter((name) => !name.startsWith('hw_'));
  await checkSql(duck, model, columns);
  await timed('block', () => duck.run(splinkCandidateSql(model, read.source)));
  await timed('compare', () => duck.run(splinkPairSql(model, columns)));
  await timed('pairs', () => options.onPairs(pairsSelect, splinkNumbersSql));
  return timed('cluster', async () => {
    const [l, r] = (await readNumbers(duck, linkedSql(Math.log2(options.threshold / (1 - options.threshold))), ['integer', 'integer'])) as [Int32Array, Int32Array];
    const sets = createSets(read.records);
    let people = read.records;
    for (let i = 0; i < l.length; i += 1) if (sets.join(l[i]!, r[i]!)) people -= 1;
    const rid = Int32Array.from({ length: read.records }, (_, record) => record);
    await writeNumbers(duck, 'splink_cluster', { rid, root: rid.map((record) => sets.rootOf(record)) });
    await duck.run(splinkPeopleSql(options.out));
    const { n } = await duck.one<{ n: number }>('SELECT count(*) AS n FROM splink_pair');
    return { candidatePairs: n, people, seconds };
  });
}
