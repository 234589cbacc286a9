// A Splink model read by this engine: the same weights, levels and clusters as Splink gives for it (../shared/reference, computed with Splink 5).

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newFolder } from '../../test/support/made-folders.ts';
import { openDuck, text, type Duck } from '../store/index.ts';
import { dedupeFiles } from './index.ts';

const folder = join(import.meta.dirname, '../../../shared/reference/linkage');
const file = (name: string) => join(folder, name);
let duck: Duck;
let dir: string;
beforeEach(async () => {
  duck = await openDuck({ memoryLimit: '1GB' });
  dir = newFolder('splink');
});
afterEach(() => duck.close());

describe.skipIf(!existsSync(folder))('a Splink model of fake_1000 (needs ../shared/reference)', () => {
  const link = (threshold: number) => dedupeFiles({ files: [file('fake_1000.csv')], idColumn: 'unique_id', settingsFile: file('fake_1000_model_v5.json'), truthColumn: 'cluster', threshold, out: join(dir, 'out') });

  it('gives every level, frequency and weight of all 3,989 pairs to within a millionth', async () => {
    const { files, candidatePairs } = await link(0.5);
    expect(candidatePairs).toBe(3989);
    await duck.run(`CREATE TABLE theirs AS SELECT * FROM read_csv(${text(file('fake_1000_predictions_v5.csv'))}, header = true, all_varchar = true); CREATE TABLE ours AS SELECT * FROM ${text(files.pairs)}`);
    const columns = (await duck.rows<{ name: string }>("SELECT column_name AS name FROM duckdb_columns() WHERE table_name = 'theirs'")).map(({ name }) => name).filter((name) => /^(gamma|tf|mw)_|^match_key$/.test(name));
    expect(columns).toHaveLength(20);
    const same = [...columns.map((name) => [name, name]), ['match_weight', 'weight'], ['match_probability', 'probability']];
    const differences = same.map(([theirs, ours]) => `count(*) FILTER (WHERE (t.${theirs} IS NULL) <> (o.${ours} IS NULL) OR abs(t.${theirs}::DOUBLE - o.${ours}::DOUBLE) > 1e-6) AS ${theirs}`);
    const row = await duck.one<Record<string, number>>(`SELECT count(*) AS pairs, ${differences.join(', ')} FROM theirs t JOIN ours o ON o.id_l = t.unique_id_l AND o.id_r = t.unique_id_r`);
    expect(row).toEqual({ pairs: 3989, ...Object.fromEntries(same.map(([theirs]) => [theirs, 0])) });
  });

  it.each([0.5, 0.95])('gives the same clusters from a probability of %s', async (threshold) => {
    const { files, people } = await link(threshold);
    const row = await duck.one(`SELECT count(*) AS records, count(DISTINCT t.cluster_id) AS theirs, count(DISTINCT o.cluster) AS ours, count(DISTINCT (t.cluster_id, o.cluster)) AS "both"
      FROM read_csv(${text(file(`fake_1000_clusters_${threshold}.csv`))}, header = true, all_varchar = true) t JOIN ${text(files.clusters)} o ON o.id = t.unique_id`);
    expect(row).toEqual({ records: 1000, theirs: people, ours: people, both: people });
  });
});

describe('a Splink model', () => {
  const level = (sql: string, m?: number, u?: number, more = {}) => ({ sql_condition: sql, ...(m === undefined ? { is_null_level: true } : { m_probability: m, u_probability: u }), ...more });
  const model = {
    link_type: 'dedupe_only',
    probability_two_random_records_match: 0.01,
    blocking_rules_to_generate_predictions: ['l.surname = r.surname', { blocking_rule: 'l.born = r.born' }],
    comparisons: [
      { output_column_name: 'surname', comparison_levels: [level('surname_l IS NULL OR surname_r IS NULL'), level('surname_l = surname_r', 0.8, 0.1, { tf_adjustment_column: 'surname', tf_adjustment_weight: 0.5 }), level('damerau_levenshtein(surname_l, surname_r) <= 1', 0.1, 0.1, { tf_adjustment_column: 'surname' }), level('ELSE', 0.1, 0.8)] },
      { output_column_name: 'born', comparison_levels: [level('born_l IS NULL OR born_r IS NULL'), level("abs(date_diff('day', try_cast(born_l AS DATE), try_cast(born_r AS DATE))) <= 31", 0.9, 0.05), level('ELSE', 0.1, 0.95)] },
      { output_column_name: 'words', comparison_levels: [level('words_l IS NULL OR words_r IS NULL'), level('jaccard(words_l, words_r) >= 0.9', 0.5, 0.1), level('ELSE', 0.5, 0.9)] },
    ],
  };
  const records = 'ref,surname,born,words\n10,Smith,1980-01-01,listen\n9,Smith,1980-01-20,silent\n8,Smiht,1980-01-01,\n7,Jones,1999-01-01,other\n';
  const run = (settings: unknown, raw?: string) => {
    writeFileSync(join(dir, 'people.csv'), records);
    writeFileSync(join(dir, 'model.json'), raw ?? JSON.stringify(settings, null, 2));
    return dedupeFiles({ files: [join(dir, 'people.csv')], idColumn: 'ref', settingsFile: join(dir, 'model.json'), out: join(dir, 'out') });
  };

  it('weighs levels of edit distance, dates, sets of letters and value frequencies by the formula', async () => {
    const { files, people } = await run(model);
    const pairs = await duck.rows<{ id_l: string; id_r: string; weight: number; gamma_surname: number; gamma_born: number; gamma_words: number; match_key: number }>(`SELECT * FROM ${text(files.pairs)} ORDER BY id_l, id_r`);
    const prior = Math.log2(0.01 / 0.99);
    expect(people).toBe(3);
    expect(pairs.map(({ id_l, id_r, gamma_surname, gamma_born, gamma_words, match_key }) => [id_l, id_r, gamma_surname, gamma_born, gamma_words, match_key])).toEqual([['10', '8', 1, 1, -1, 1], ['10', '9', 2, 1, 1, 0]]);
    // Two of four records are called Smith, one Smiht; a level that is not equality takes u from the level that is.
    expect(pairs[0]!.weight).toBeCloseTo(prior + Math.log2(0.1 / 0.1) + Math.log2(0.1 / 0.5) + Math.log2(0.9 / 0.05), 10);
    expect(pairs[1]!.weight).toBeCloseTo(prior + Math.log2(0.8 / 0.1) + 0.5 * Math.log2(0.1 / 0.5) + Math.log2(0.9 / 0.05) + Math.log2(0.5 / 0.1), 10);
  });

  it('takes no value for rarer than tf_minimum_u_value says, on levels of equality and of likeness', async () => {
    const weights = async (least: number) => {
      const [surname, ...others] = model.comparisons;
      const levels = surname!.comparison_levels.map((one) => ('tf_adjustment_column' in one ? { ...one, tf_minimum_u_value: least } : one));
      const { files } = await run({ ...model, comparisons: [{ ...surname, comparison_levels: levels }, ...others] });
      return (await duck.rows<{ weight: number }>(`SELECT weight FROM ${text(files.pairs)} ORDER BY id_l, id_r`)).map(({ weight }) => weight);
    };
    const prior = Math.log2(0.01 / 0.99) + Math.log2(0.9 / 0.05);
    const [alike, equal] = await weights(0.6);
    expect(alike).toBeCloseTo(prior + Math.log2(0.1 / 0.1) + Math.log2(0.1 / 0.6), 10);
    expect(equal).toBeCloseTo(prior + Math.log2(0.8 / 0.1) + 0.5 * Math.log2(0.1 / 0.6) + Math.log2(0.5 / 0.1), 10);
    // Half of the records are called Smith: a lower bound than that changes nothing.
    const [alikeBelow, equalBelow] = await weights(0.4);
    expect(alikeBelow).toBeCloseTo(prior + Math.log2(0.1 / 0.1) + Math.log2(0.1 / 0.5), 10);
    expect(equalBelow).toBeCloseTo(prior + Math.log2(0.8 / 0.1) + 0.5 * Math.log2(0.1 / 0.5) + Math.log2(0.5 / 0.1), 10);
  });

  it('whose rules ask for salt gives the same pairs: salt only parts work among machines', async () => {
    const pairsOf = async (rules: unknown[]) => duck.rows(`SELECT id_l, id_r, weight, match_key FROM ${text((await run({ ...model, blocking_rules_to_generate_predictions: rules })).files.pairs)} ORDER BY ALL`);
    const plain = await pairsOf([{ blocking_rule: 'l.surname = r.surname' }, { blocking_rule: 'l.born = r.born' }]);
    expect(plain).toHaveLength(2);
    expect(await pairsOf([{ blocking_rule: 'l.surname = r.surname', salting_partitions: 4 }, { blocking_rule: 'l.born = r.born', salting_partitions: 10 }])).toEqual(plain);
  });

  it('with a key that is not known is refused with its line', async () => {
    const json = JSON.stringify(model, null, 2).replace('"tf_adjustment_weight"', '"tf_adjustment_wieght"');
    const line = json.split('\n').findIndex((one) => one.includes('wieght')) + 1;
    await expect(run(model, json)).rejects.toThrow(new RegExp(`tf_adjustment_wieght: this key is not known \\(.*model\\.json:${line}\\)`));
  });

  it('that is not trained, not JSON, or has a level after ELSE is refused', async () => {
    const json = JSON.stringify(model, null, 2);
    await expect(run(model, json.replace('"m_probability": 0.8,', ''))).rejects.toThrow(/no m_probability: the model is not trained/);
    await expect(run(model, `${json}}`)).rejects.toThrow(/not valid JSON/);
    await expect(run({ ...model, comparisons: [{ ...model.comparisons[0], comparison_levels: model.comparisons[0]!.comparison_levels.toReversed() }] })).rejects.toThrow(/ELSE must be the last level/);
  });

  it('whose probabilities do not add up to one is run with a warning', async () => {
    const { warnings } = await run(model, JSON.stringify(model).replace('"m_probability":0.8', '"m_probability":0.6'));
    expect(warnings).toEqual(['"surname": the levels\' m add up to 0.800, not 1']);
  });

  it('whose SQL names a column that is not there, reads a file or ends the statement is refused with that SQL', async () => {
    const withRule = (sql: string) => ({ ...model, blocking_rules_to_generate_predictions: [sql] });
    await expect(run(withRule('l.sirname = r.sirname'))).rejects.toThrow(/blocking rule 1: l\.sirname = r\.sirname/);
    await expect(run(withRule(`l.ref = (SELECT content FROM read_text('${join(dir, 'people.csv')}'))`))).rejects.toThrow(/cannot be run.*blocking rule 1/);
    await expect(run(withRule('TRUE); DROP TABLE splink_record; --'))).rejects.toThrow(/one SQL expression/);
    const bad = JSON.stringify(model).replace('jaccard(words_l', 'jacard(words_l');
    await expect(run(model, bad)).rejects.toThrow(/comparison "words": jacard/);
  });

  it('that links sources asks for the column of the source', async () => {
    await expect(run({ ...model, link_type: 'link_only' })).rejects.toThrow(/different sources \(link_type\).*--source/);
  });

  it('that links sources compares between them alone, and keeps records of one id apart by their source', async () => {
    const everyone = [['1', 'a'], ['2', 'a'], ['1', 'b'], ['3', 'b'], ['4', 'c']].map(([ref, agency]) => `${ref},${agency},Smith,1980-01-01,listen`);
    writeFileSync(join(dir, 'agencies.csv'), ['ref,agency,surname,born,words', ...everyone, '5,c,Jones,1999-01-01,other'].join('\n'));
    writeFileSync(join(dir, 'model.json'), JSON.stringify({ ...model, link_type: 'link_only' }));
    const { files, candidatePairs, people } = await dedupeFiles({ files: [join(dir, 'agencies.csv')], idColumn: 'ref', sourceColumn: 'agency', settingsFile: join(dir, 'model.json'), out: join(dir, 'out') });
    const pairs = await duck.rows<{ pair: string }>(`SELECT source_l || id_l || '-' || source_r || id_r AS pair FROM ${text(files.pairs)} ORDER BY 1`);
    expect(pairs.map(({ pair }) => pair)).toEqual(['a1-b1', 'a1-b3', 'a1-c4', 'a2-b1', 'a2-b3', 'a2-c4', 'b1-c4', 'b3-c4']);
    // The two of one source are one person by way of the others.
    expect([candidatePairs, people]).toEqual([8, 2]);
    writeFileSync(join(dir, 'model.json'), JSON.stringify({ ...model, link_type: 'link_and_dedupe' }));
    const all = await dedupeFiles({ files: [join(dir, 'agencies.csv')], idColumn: 'ref', sourceColumn: 'agency', settingsFile: join(dir, 'model.json'), out: join(dir, 'out') });
    expect(all.candidatePairs).toBe(10);
  });

  it('gives equal bytes twice', async () => {
    const first = readFileSync((await run(model)).files.pairs);
    expect(readFileSync((await run(model)).files.pairs)).toEqual(first);
  });
});
