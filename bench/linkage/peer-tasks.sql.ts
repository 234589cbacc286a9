// The tasks that both engines are given: a file, its columns, the same comparisons with the same levels, the same blocking and training rules.

import { join } from 'node:path';
import { text } from '../../src/store/index.ts';

export interface PeerTask {
  name: string;
  /** What stands after FROM. */
  from: string;
  id: string;
  truth: string;
  /** A pair is linked, and clusters are made, from this probability. */
  threshold: number;
  columns: { name: string; sql: string }[];
  /** near: Jaro–Winkler at the thresholds; edits: Levenshtein within them. `frequency`: agreement weighs by the value's own frequency. */
  comparisons: { name: string; kind: 'near' | 'edits' | 'exact'; thresholds?: number[]; frequency?: boolean }[];
  blocking: { keys: string[] }[];
  /** Rules whose pairs are almost all matches, for the peer's prior. */
  sure: string[];
  /** Sessions of expectation–maximisation: keys, and the columns that they fix. */
  training: { keys: string[]; fixes: string[] }[];
}

const folder = join(import.meta.dirname, '../../../shared/reference/linkage');
export const peopleFile = process.env.BENCH_PEOPLE_FILE ?? join(folder, 'people_1m.parquet');
export const historicalFile = join(folder, 'historical_figures_with_errors_50k.parquet');

const asIs = (names: string[]) => names.map((name) => ({ name, sql: name }));

export const peopleTask: PeerTask = {
  name: 'people_1m', from: `read_parquet(${text(peopleFile)})`, id: 'unique_id', truth: 'person', threshold: 0.5,
  columns: asIs(['first_name', 'surname', 'dob', 'postcode', 'city', 'sex']),
  comparisons: [
    { name: 'first_name', kind: 'near', thresholds: [0.92, 0.8], frequency: true }, { name: 'surname', kind: 'near', thresholds: [0.92, 0.8], frequency: true },
    { name: 'dob', kind: 'edits', thresholds: [1, 2] }, { name: 'postcode', kind: 'edits', thresholds: [1, 2] }, { name: 'city', kind: 'exact', frequency: true }, { name: 'sex', kind: 'exact' },
  ],
  blocking: [['first_name', 'surname'], ['surname', 'dob'], ['first_name', 'dob'], ['postcode', 'first_name'], ['postcode', 'dob']].map((keys) => ({ keys })),
  sure: ['first_name', 'surname', 'dob'],
  training: [{ keys: ['first_name', 'surname'], fixes: ['first_name', 'surname'] }, { keys: ['dob'], fixes: ['dob'] }],
};

const start = (column: string, length: number) => `substr(${column}, 1, ${length})`;

/** The blocking rules of the peer's published example for this file. */
export const historicalTask: PeerTask = {
  name: 'historical_50k', from: `read_parquet(${text(historicalFile)})`, id: 'unique_id', truth: 'cluster', threshold: 0.5,
  columns: asIs(['first_name', 'surname', 'dob', 'postcode_fake', 'birth_place', 'occupation']),
  comparisons: [
    { name: 'first_name', kind: 'near', thresholds: [0.92, 0.8], frequency: true }, { name: 'surname', kind: 'near', thresholds: [0.92, 0.8], frequency: true },
    { name: 'dob', kind: 'edits', thresholds: [1, 2] }, { name: 'postcode_fake', kind: 'edits', thresholds: [1, 2] }, { name: 'birth_place', kind: 'exact', frequency: true }, { name: 'occupation', kind: 'exact', frequency: true },
  ],
  blocking: [
    [start('first_name', 3), start('surname', 4)], ['surname', 'dob'], ['first_name', 'dob'], ['postcode_fake', 'first_name'], ['postcode_fake', 'surname'], ['dob', 'birth_place'],
    [start('postcode_fake', 3), 'dob'], [start('postcode_fake', 3), 'first_name'], [start('postcode_fake', 3), 'surname'], [start('first_name', 2), start('surname', 2), start('dob', 4)],
  ].map((keys) => ({ keys })),
  sure: ['first_name', 'surname', 'dob'],
  training: [{ keys: ['first_name', 'surname'], fixes: ['first_name', 'surname'] }, { keys: ['dob'], fixes: ['dob'] }],
};

/**
 * People's records of about the given number: whole persons of the file, and beyond it copies whose surnames, postcodes and years of birth are
 * moved, so that a copy is another person.
 */
export function peopleOfSize(records: number): PeerTask {
  const held = 1_147_724;
  const copies = Math.ceil(records / held);
  const part = Math.round((1000 * records) / (copies * held));
  const moved = (copy: number) =>
    `SELECT unique_id + ${copy} * 1000000000::BIGINT AS unique_id, person + ${copy} * 1000000000::BIGINT AS person, first_name, ${copy === 0 ? 'surname' : `surname || '${String.fromCharCode(96 + copy)}${String.fromCharCode(96 + copy)}'`} AS surname,
      (dob[1:2] || lpad(((try_cast(dob[3:4] AS INTEGER) + ${copy * 7}) % 100)::VARCHAR, 2, '0') || dob[5:]) AS dob, ${copy === 0 ? 'postcode' : `'${String.fromCharCode(112 + copy)}' || postcode`} AS postcode, city, sex
    FROM read_parquet(${text(peopleFile)}) WHERE person % 1000 < ${part}`;
  return { ...peopleTask, name: `${(records / 1e6).toLocaleString('en-GB')} million records`, from: `(${Array.from({ length: copies }, (_, copy) => moved(copy)).join(' UNION ALL ')})` };
}
