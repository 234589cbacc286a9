import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDuck, type Duck } from '../store/index.ts';
import { compileSql, EngineOnly, type SqlValue } from './evaluate-sql.ts';
import { personSettings } from './person-settings.sql.ts';

let duck: Duck;
beforeAll(async () => {
  duck = await openDuck();
});
afterAll(() => duck.close());

const evaluate = (sql: string): SqlValue => {
  const value = compileSql<undefined>(sql, (name) => {
    throw new EngineOnly(name);
  })(undefined);
  return typeof value === 'string' ? Buffer.from(value, 'latin1').toString() : value;
};

describe('compileSql', () => {
  it.each([
    '1 + 2 * 3 - 4', '(1 + 2) * 3', '-7 // 2', '-7 % 2', '7 % 0 IS NULL', '19610203 // 100 % 100', '10 - 3 - 2', "'a' || 'b' || 1::VARCHAR", '-2 + 5', '3 BETWEEN 1 AND 2 OR 4 BETWEEN -1 AND 4',
    'NULL AND FALSE', 'NULL AND TRUE', 'NULL OR TRUE', 'NULL OR FALSE', 'NOT NULL', 'NOT FALSE AND FALSE', 'FALSE OR TRUE AND FALSE', 'NULL = 1', "'a' IS NOT NULL", "NULL IS DISTINCT FROM 'a'", "'a' IS DISTINCT FROM 'a'",
    "'b' IN ('a', 'b')", "'b' NOT IN ('a', 'b')", "'b' IN ('a', NULL)", 'CASE WHEN NULL THEN 1 WHEN 2 > 1 THEN 2 ELSE 3 END', 'CASE WHEN FALSE THEN 1 END', 'coalesce(NULL, NULL, 3)', "nullif('a', 'a')", "nullif('a', NULL)",
    "least('b', NULL, 'a')", "greatest('b', 'Иван')", 'abs(-3)', "length('é Иван')", "left('Иван', 2)", "right('Иван', 3)", "right('abc', 0)", "substr('thistle', 3)", "substr('Иван', 2, 2)", "'Иван'[2]", "'ab'[5]", "['a', 'b'][2]", "['a'][2]",
    "contains('thistle', 'ist')", "starts_with('thistle', 'his')", "split_part('a b c', ' ', 2)", "split_part('a b c', ' ', -1)", "split_part('a', ' ', 3)", "instr('abc', 'c')", "repeat('7', 3)", "replace('o’neill', '’', '')",
    "trim('  a' || chr_tab || ' ')", "lower('ABC')", "upper('abc')", "strip_accents('abc')", "ascii('a')", "unicode('Иван')", "str_split('a b', ' ')", "array_to_string(['a', NULL, 'b'], ' ')", 'len([1, 2])', "list_has_any(['a', NULL], ['b', 'a'])",
    "list_has_any([NULL, 'c'], ['b', NULL])", "['a', 'b'] = ['a', 'b']", "['a'] <> ['a', 'b']", "list_transform(['a', 'b'], lambda v: v || 'x')", "list_transform(['a'], lambda v: list_transform([v || 'b'], lambda w: v || w)[1])[1]", "list_append(['a'], 'b')",
    "year(DATE '1984-03-12') * 10000 + month(DATE '1984-03-12') * 100 + day(DATE '1984-03-12')", "DATE '1984-03-12' NOT IN (DATE '1900-01-01', DATE '1984-03-12')", '(19840312)::INTEGER', '12::VARCHAR',
    "regexp_replace('a-b  c', '[^\\p{L}\\p{M}]+', ' ', 'g')", "regexp_replace('mc neill', '\\b(mc|o) ', '\\1', 'g')", "regexp_replace('a1b1', '1', '$&')", "regexp_matches('baby girl', '^(baby) (of )?\\p{L}+$')", "regexp_matches('abc', 'd')",
    "regexp_extract('LU11AA', '^([A-Z]{1,2}\\d)', 1)", "regexp_extract('11', '^([A-Z])', 1)", "regexp_extract_all('2 14a', '\\b[0-9]+[a-z]?\\b')", "regexp_replace('a' || chr_tab || 'b', '\\s', '', 'g')",
    "jaro_winkler_similarity('martha', 'marhta') >= 0.96", "levenshtein('ab', 'ba')", "damerau_levenshtein('ab', 'ba')", "hamming('ab', 'aé'[1] || 'c')",
  ])('says what the engine says: %s', async (sql) => {
    const written = sql.replaceAll('chr_tab', "'\t'");
    const { value } = await duck.one<{ value: SqlValue }>(`SELECT ${written} AS value`);
    expect(evaluate(written)).toEqual(value);
  });

  it('knows every expression of the settings for people', () => {
    const { clean, derived, comparisons, blockingKeys } = personSettings({ words: ['city'], identifiers: ['case_number'], typedNumbers: ['client'] });
    const compared = comparisons.flatMap(({ missing, similarities = {}, levels }) => [missing, ...Object.values(similarities), ...levels.flatMap(({ sql }) => sql ?? [])]);
    const unknown = [...clean, ...derived.flat(), ...blockingKeys].map(({ sql }) => sql).concat(compared).filter((sql) => {
      try {
        return compileSql(sql, () => () => null)(undefined) === undefined;
      } catch {
        return true;
      }
    });
    expect(unknown).toEqual([]);
  });

  it.each(['soundex(1)', "lower('É')", "regexp_replace('é', 'e', '')", "regexp_matches('a', '(?i)A')", "regexp_matches('a', '.')", "regexp_replace('a', 'x*', '', 'g')", '1 / 2', '1e3', '(SELECT 1)', 'a.b.c', "'a' = 1", '2147483647 + 1', "hamming('a', 'ab')", "CASE 1 WHEN 1 THEN 2 END", "'12'::INTEGER", '1 +', 'sum(1) OVER ()', "'a' LIKE 'b'"])('leaves to the engine what is not surely the same: %s', (sql) => {
    expect(() => evaluate(sql)).toThrow(EngineOnly);
  });
});
