// People across agencies: a generated set of 1,147,724 records of 680,000 people with known truth, from the file to the clusters.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { linkRecords, personSettings, scoreLinkage } from '../src/linkage/index.ts';
import { openDuck, text } from '../src/store/index.ts';
import { median, seconds, type Benchmark, type Measure } from './benchmark.ts';

const file = process.env.BENCH_PEOPLE_FILE ?? join(import.meta.dirname, '../../shared/reference/linkage/people_1m.parquet');
const runs = Number(process.env.BENCH_RUNS ?? 3);
/** The part of the people that takes part, in thousandths. */
const part = Number(process.env.BENCH_PART ?? 1000);

const recordsSql = `SELECT unique_id::VARCHAR AS source_id, source AS agency, unique_id::VARCHAR AS local_id, first_name AS forename, surname,
  coalesce(try_strptime(dob, '%Y-%m-%d'), try_strptime(dob, '%Y-%d-%m'))::DATE AS birth_date, sex, postcode, city, person::VARCHAR AS person
  FROM ${text(file)} WHERE person % 1000 < ${part}`;

async function linkOnce(): Promise<{ total: number; stages: Record<string, number>; records: number; candidatePairs: number; f1: number; precision: number; recall: number }> {
  const duck = await openDuck({ memoryLimit: '3GB', threads: 2 });
  try {
    let result: Awaited<ReturnType<typeof linkRecords>> | undefined;
    const total = await seconds(async () => {
      await duck.run(`CREATE TABLE source_record AS ${recordsSql}`);
      result = await linkRecords(duck, { source: 'source_record', out: 'source_person', settings: personSettings({ words: ['city'] }) });
    });
    await duck.run('CREATE TABLE truth AS SELECT agency, local_id, person FROM source_record');
    const { pairs } = await scoreLinkage(duck, { source: 'source_record', out: 'source_person', truth: 'truth' });
    const { records, candidatePairs, seconds: stages } = result!;
    return { total, stages, records, candidatePairs, f1: pairs!.f1, precision: pairs!.precision, recall: pairs!.recall };
  } finally {
    duck.close();
  }
}

export const benchmark: Benchmark = {
  name: 'linkage',
  about: 'records of people_1m to clusters, with the person settings, on two threads',
  long: true,
  run: async () => {
    if (!existsSync(file)) {
      console.log(`  Left out: there is no ${file}; BENCH_PEOPLE_FILE names another file of the same columns.`);
      return [];
    }
    const results = [];
    for (let i = 0; i < runs; i += 1) results.push(await linkOnce());
    const { records, candidatePairs, f1, precision, recall } = results[0]!;
    const measures: Measure[] = [
      { what: 'records', value: records, unit: '' },
      { what: 'candidate pairs', value: candidatePairs, unit: '' },
      { what: 'file to clusters, median', value: median(results.map(({ total }) => total)), unit: 's', limit: 180 },
    ];
    for (const stage of Object.keys(results[0]!.stages)) {
      if (stage !== 'total') measures.push({ what: `  ${stage}, median`, value: median(results.map(({ stages }) => stages[stage]!)), unit: 's' });
    }
    measures.push(
      { what: 'peak memory of the process', value: process.resourceUsage().maxRSS / 1024 ** 2, unit: 'GB', limit: 4 },
      { what: 'pairs: precision', value: precision, unit: '' },
      { what: 'pairs: recall', value: recall, unit: '' },
      { what: 'pairs: F1', value: f1, unit: '' },
    );
    return measures;
  },
};
