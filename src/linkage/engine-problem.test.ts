// An engine's error names the stage, the condition and its SQL, and never the value at which the engine stopped.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newFolder } from '../../test/support/made-folders.ts';
import { Problem } from '../core/index.ts';
import { openDuck, type Duck } from '../store/index.ts';
import { engineProblem, naming, watchStatements } from './engine-problem.ts';
import { dedupeFiles, linkRecords, personSettings } from './index.ts';
import { makeRows, writeRows } from './random-people.fixture.ts';
import { tinyHeadings, tinyRows } from './tiny-files.fixture.ts';

let duck: Duck;
const dir = newFolder('engine-problem');
beforeAll(async () => {
  duck = await openDuck({ memoryLimit: '1GB' });
});
afterAll(() => duck.close());

const thrownBy = async (work: () => Promise<unknown>): Promise<Error> => {
  const [result] = await Promise.allSettled([work()]);
  if (result.status === 'fulfilled') throw new Error('Nothing was thrown');
  return result.reason as Error;
};
/** All that an error could show: its words, its stack, and what caused it. */
const shownBy = (error: Error): string => [error.message, error.stack, JSON.stringify((error as Problem).details), String(error.cause), (error.cause as Error | undefined)?.stack].join('\n');

describe('an error of the engine', () => {
  const secrets = ["O'Brien of Secret Lane", 'line one\nSecret line two', "' to DOUBLE when casting from source column Secret", 'disk full Secret'];
  const statements = [
    'SELECT h::DOUBLE FROM t', 'SELECT h::DATE FROM t', 'SELECT h::TIMESTAMP FROM t', 'SELECT h::DECIMAL(4, 2) FROM t', "SELECT (h || '{')::JSON FROM t", 'SELECT error(h) FROM t',
    "SELECT strptime(h, '%d/%m/%Y') FROM t", "SELECT regexp_matches('a', h || '(') FROM t", 'SELECT [h][1]::INTERVAL FROM t', 'SELECT list_value(h)::INT[] FROM t',
  ];

  it('never holds the value at which it stopped, whatever the engine says', async () => {
    for (const secret of secrets) {
      await duck.run('CREATE OR REPLACE TEMP TABLE t AS SELECT $secret AS h', { secret });
      for (const sql of statements) {
        const error = await thrownBy(() => naming('stage "compare"', sql, () => duck.rows(sql)));
        expect(error, sql).toBeInstanceOf(Problem);
        expect((error as Problem).kind).toBe('badInput');
        expect(shownBy(error), sql).not.toMatch(/Secret|Brien|line one|disk full/);
        expect(error.message).toContain(`(stage "compare": ${sql})`);
      }
    }
    const big = 'SELECT n * n FROM (SELECT 1987654321 AS n)';
    const error = await thrownBy(() => naming('stage "compare"', '', () => duck.rows(big)));
    expect(shownBy(error)).toMatch(/a number is out of range/);
    expect(shownBy(error)).not.toContain('1987654321');
  });

  it('keeps the type that was asked for, a column of the SQL, and what to do', async () => {
    await duck.run("CREATE OR REPLACE TEMP TABLE t AS SELECT 'x' AS height");
    const { message } = await thrownBy(() => naming('rule 1', 'height::DOUBLE > 1', () => duck.rows('SELECT height::DOUBLE FROM t')));
    expect(message).toBe('The SQL of the linkage cannot be run on these records: a value cannot be converted to DOUBLE (column height) (rule 1: height::DOUBLE > 1). Use try_cast, which gives nothing for such a value, or mend the records.');
  });

  it('of a name that is not there keeps the engine’s words', async () => {
    const { message } = await thrownBy(() => naming('rule 1', 'sirname', () => duck.rows('SELECT sirname FROM t')));
    expect(message).toMatch(/"sirname" not found in FROM clause! \(rule 1: sirname\)\. Mend the SQL or the names of the columns/);
  });

  it('of memory or the disk, and any other error, stays what it is', () => {
    for (const message of ['Out of Memory Error: could not allocate block', 'IO Error: Could not write: No space left on device', 'INTERNAL Error: Attempted to access index 3', 'something else']) {
      const error = new Error(message);
      expect(engineProblem(error, 'stage "compare"')).toBe(error);
    }
    const problem = new Problem('usage', { what: 'Conversion Error: mine' });
    expect(engineProblem(problem, 'stage "compare"')).toBe(problem);
  });

  it('shows the statement that the engine was last given, on one line and cut short', async () => {
    await duck.run("CREATE OR REPLACE TEMP TABLE t AS SELECT 'x' AS h");
    const { duck: watched, last } = watchStatements(duck);
    const { message } = await thrownBy(() => naming('stage "weigh"', last, () => watched.rows(`SELECT h::INT,\n  ${'1, '.repeat(200)} 2 FROM t`)));
    expect(message).toMatch(/\(stage "weigh": SELECT h::INT, 1, 1, [1, ]+ …\)/);
    expect(message.length).toBeLessThan(600);
  });
});

const write = (name: string, content: string) => {
  writeFileSync(join(dir, name), content);
  return join(dir, name);
};
const withUnknown = () => write('people.csv', [tinyHeadings, ...tinyRows(60).map((row, index) => (index === 8 ? row.replace(/,\d{3},([FM]),/, ',not known,$1,') : row))].join('\n'));
const errorOf = async (settings: string, name = 'settings.yaml') => {
  const error = await thrownBy(() => dedupeFiles({ files: [withUnknown()], idColumn: 'ref', sourceColumn: 'agency', settingsFile: write(name, settings), out: join(dir, 'out'), memoryLimit: '1GB' }));
  expect(error).toBeInstanceOf(Problem);
  expect((error as Problem).exitCode).toBe(3);
  expect(shownBy(error)).not.toContain('not known');
  return error.message;
};

describe('settings that the records’ values stop', () => {
  const example = /```yaml\n([\s\S]*?)```/.exec(readFileSync(join(import.meta.dirname, '../../docs/how-to/link-your-own-files.md'), 'utf8'))![1]!;

  it('in a condition name the stage, the comparison, its level and the SQL', async () => {
    expect(await errorOf(example)).toMatch(/cannot be run on these records: a value cannot be converted to DOUBLE \(column height_[lr]\) \(stage "train", pairs drawn at random, comparison "height", level "Within two centimetres": abs\("height_l"::DOUBLE - "height_r"::DOUBLE\) <= 2\)\. Use try_cast/);
  });

  it('in a rule, a key or a column of their own name it', async () => {
    const whole = example.replaceAll('l.height::DOUBLE', 'try_cast(l.height AS DOUBLE)').replaceAll('r.height::DOUBLE', 'try_cast(r.height AS DOUBLE)');
    expect(await errorOf(whole.replace('- [clean_born, clean_surname]', '- l.agency = r.agency AND l.height::INT > r.height::INT + 40'))).toMatch(/converted to INT32 \(column height\) \(blocking rule 1 \(l\.agency = r\.agency.*: l\.agency = r\.agency AND l\.height::INT > r\.height::INT \+ 40\)/);
    expect(await errorOf(whole.replace('[clean_born, clean_surname]', '[height::INT, clean_surname]'))).toMatch(/converted to INT32 \(column height\) \(blocking rule 1 \(height::INT, clean_surname\): height::INT, clean_surname\)/);
    expect(await errorOf(whole.replace('area: left(postcode, 3)', 'area: left(postcode, 3)\n  tall: height::INT > 180'))).toMatch(/converted to INT32 \(column height\) \(columns\.tall: height::INT > 180\)/);
  });
});

describe('a Splink model that the records’ values stop', () => {
  const level = (sql: string, m?: number, u?: number) => ({ sql_condition: sql, ...(m === undefined ? { is_null_level: true } : { m_probability: m, u_probability: u }) });
  const model = (rule: string, condition: string) => JSON.stringify({
    link_type: 'dedupe_only', probability_two_random_records_match: 0.01, blocking_rules_to_generate_predictions: ['l.dob = r.dob', rule],
    comparisons: [
      { output_column_name: 'family', comparison_levels: [level('family_l IS NULL OR family_r IS NULL'), level('family_l = family_r', 0.9, 0.1), level('ELSE', 0.1, 0.9)] },
      { output_column_name: 'height', comparison_levels: [level('height_l IS NULL OR height_r IS NULL'), level('height_l = height_r', 0.5, 0.1), level(condition, 0.4, 0.1), level('ELSE', 0.1, 0.8)] },
    ],
  });

  it('names the comparison and its condition, or the rule', async () => {
    expect(await errorOf(model('l.sex = r.sex', 'abs(height_l::INT - height_r::INT) <= 2'), 'model.json')).toMatch(/converted to INT32 \(column height_[lr]\) \(stage "compare", comparison "height": abs\(height_l::INT - height_r::INT\) <= 2\)/);
    expect(await errorOf(model('l.sex = r.sex AND l.height::INT > r.height::INT + 2', 'height_l > height_r'), 'model.json')).toMatch(/converted to INT32 \(column height\) \(stage "block", blocking rule 2: l\.sex = r\.sex AND l\.height::INT > r\.height::INT \+ 2\)/);
  });
});

describe('the person settings over a column of another type', () => {
  it('name the comparison and its level, and what was running where none can be told', async () => {
    await writeRows(duck, makeRows(30));
    const settings = personSettings();
    const sex = settings.comparisons.find(({ name }) => name === 'sex')!;
    const broken = { ...settings, comparisons: settings.comparisons.map((one) => (one === sex ? { ...sex, levels: [{ ...sex.levels[0]!, sql: 'l.sex::INTEGER = r.sex::INTEGER' }, ...sex.levels.slice(1)] } : one)) };
    const error = await thrownBy(() => linkRecords(duck, { source: 'source_record', out: 'x', settings: broken }));
    expect(error.message).toMatch(/a value cannot be converted to INT32 \(stage "train", comparison "Sex", level "Same sex": l\.sex::INTEGER = r\.sex::INTEGER\)/);
    const cleaned = { ...settings, clean: settings.clean.map((one) => (one.name === 'sex' ? { ...one, sql: 'sex::INTEGER::VARCHAR' } : one)) };
    const prepared = await thrownBy(() => linkRecords(duck, { source: 'source_record', out: 'x', settings: cleaned }));
    expect(prepared.message).toMatch(/a value cannot be converted to INT32.* \(stage "prepare": CREATE OR REPLACE TEMP TABLE/);
    for (const one of [error, prepared]) expect(shownBy(one)).not.toMatch(/string '|[Cc]onvert string/);
  });
});
