import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDuck, type Duck } from '../store/index.ts';
import { buildTemplate, templateNames, type TemplateUse } from './comparison-templates.sql.ts';
import { describeName } from './prepare-records.store.ts';
import { planSql, planSettings, distinctNamesSql } from './settings-plan.sql.ts';
import { splinkComparisonOf, sidedSql } from './splink-comparison.sql.ts';
import { gammaSql, sidesSql } from './splink-pairs.sql.ts';
import type { SettingsFile } from './settings-file.ts';
import { writeNames } from './typed-columns.store.ts';

let duck: Duck;
beforeAll(async () => {
  duck = await openDuck({ memoryLimit: '1GB' });
});
afterAll(() => duck.close());

/** The label of the level of two values under a template. */
async function compare(use: Partial<TemplateUse> & Pick<TemplateUse, 'template'>, left: string | null, right: string | null): Promise<string> {
  const template = { name: 'x', columns: ['v'], ...use };
  const [a, b] = use.columns ?? ['v'];
  const values = (one: string | null) => (b === undefined ? [one] : (one ?? '').split(' '));
  await duck.run(`CREATE OR REPLACE TEMP TABLE input (${[a, b].filter(Boolean).join(' VARCHAR, ')} VARCHAR)`);
  for (const one of [left, right]) await duck.run(`INSERT INTO input VALUES (${values(one).map((_, index) => `$v${index}`).join(', ')})`, Object.fromEntries(values(one).map((value, index) => [`v${index}`, value])));
  const { name, template: kind, columns, ...options } = template;
  const settings = { columns: {}, comparisons: [{ name, template: kind, columns, ...options }], blocking: ['v'], training: {} } as unknown as SettingsFile;
  const plan = planSettings(settings, [a!, ...(b === undefined ? [] : [b])]);
  if (plan.names.length > 0) {
    const names = await duck.rows<{ name: string }>(distinctNamesSql(plan, 'input'));
    await writeNames(duck, 'settings_name', names.map((one) => describeName(one.name, new Map([['bob', ['robert']], ['robert', ['robert']]]))));
  }
  await duck.run(`CREATE OR REPLACE TEMP TABLE splink_record AS SELECT (row_number() OVER () - 1)::INTEGER AS hw_rid, * FROM (${planSql(plan, 'input')}); CREATE OR REPLACE TEMP TABLE splink_candidate AS SELECT 0 AS l, 1 AS r, 0 AS match_key`);
  const columnsRead = (await duck.rows<{ name: string }>("SELECT column_name AS name FROM duckdb_columns() WHERE table_name = 'splink_record' AND column_name <> 'hw_rid'")).map((row) => row.name);
  const comparison = splinkComparisonOf(plan.comparisons[0]!);
  const { gamma } = await duck.one<{ gamma: number }>(`SELECT ${gammaSql(comparison)} AS gamma FROM (${sidesSql(columnsRead)})`);
  const levels = comparison.comparison_levels.filter((level) => !level.is_null_level);
  return gamma < 0 ? 'missing' : levels[levels.length - 1 - gamma]!.label_for_charts!;
}

describe('a comparison template', () => {
  it.each<[Partial<TemplateUse> & Pick<TemplateUse, 'template'>, string | null, string | null, string]>([
    [{ template: 'forename' }, 'Róbert ', 'robert', 'Same forename'],
    [{ template: 'forename' }, 'Bob', 'Robert', 'Forms of one forename'],
    [{ template: 'forename' }, 'Katharine', 'Katherine', 'Similarity of at least 0.92'],
    [{ template: 'forename' }, 'R', 'Robert', 'Initial agrees'],
    // Jaro–Winkler .69 and .58: by their sound alone.
    [{ template: 'forename' }, 'Cicely', 'Sisley', 'Sounds alike'],
    [{ template: 'forename' }, 'Phoebe', 'Feeby', 'Sounds alike'],
    [{ template: 'forename', method: 'levenshtein', similar: [1] }, 'Hannah', 'Hanna', 'At most 1 edits apart'],
    [{ template: 'forename' }, 'unknown', 'Robert', 'missing'],
    [{ template: 'forename' }, 'Мария', 'мария', 'Same forename'],
    [{ template: 'surname' }, 'Smith-Jones', 'Jones', 'Surnames share a part'],
    [{ template: 'surname' }, "O'Brien", 'OBrien', 'Same surname'],
    [{ template: 'surname' }, 'Walker', 'Hussain', 'Different'],
    [{ template: 'surname' }, 'Knight', 'Nite', 'Sounds alike'],
    [{ template: 'surname' }, 'Phillips', 'Filips', 'Sounds alike'],
    [{ template: 'surname', method: 'levenshtein', similar: [1, 3] }, 'Pennington', 'Penyngtan', 'At most 3 edits apart'],
    [{ template: 'name' }, 'Walker, Susan', 'Susan Walker', 'Same words in another order'],
    [{ template: 'name' }, 'Susan Walker', 'Imran Walker', 'Share a word'],
    [{ template: 'date-of-birth' }, '1980-03-04', '04/03/1980', 'Same date of birth'],
    [{ template: 'date-of-birth' }, '1980-03-04', '1980-04-03', 'Day and month are swapped'],
    [{ template: 'date-of-birth' }, '1984-03-12', '1984-05-14', 'Two digits differ'],
    [{ template: 'date-of-birth' }, '1984-03-12', '1984-11-28', 'Year agrees'],
    [{ template: 'date-of-birth' }, '1984-03-12', '1990-10-25', 'Dates differ'],
    [{ template: 'date-of-birth' }, '1984-03-12', '1950-10-25', 'A generation apart'],
    [{ template: 'date-of-birth' }, '1980-01-01', '1980-04-27', 'Year or month agrees, one has a default day'],
    [{ template: 'date-of-birth' }, '1900-01-01', '1980-04-27', 'missing'],
    [{ template: 'date-of-birth', formats: ['%m/%d/%Y'] }, '03/04/1980', '03/04/1981', 'One digit or one year off'],
    [{ template: 'postcode' }, 'lu1 1aa', 'LU11AA', 'Same postcode'],
    [{ template: 'postcode' }, 'LU1 1AA', 'LU1 1AB', 'Postcodes differ by a slip'],
    [{ template: 'postcode' }, 'LU1 1AA', 'LU1 1XY', 'Same postcode sector'],
    [{ template: 'postcode' }, 'LU1 1AA', 'LU1 9XY', 'Same postcode district'],
    [{ template: 'address' }, '12 High Street, Luton', '12 high st luton', 'Same address'],
    [{ template: 'address' }, '12 High Street', '12 High Road', 'Same house, street alike'],
    [{ template: 'address' }, '12 High Street, Luton', '21 High Street, Luton', 'Similarity of at least 0.9'],
    [{ template: 'address' }, '12 High Street, Luton', '3 Park Road, Luton', 'Different'],
    [{ template: 'nhs-number' }, '943 476 5919', '9434765919', 'Same number'],
    [{ template: 'nhs-number' }, '9434765918', '9434765919', 'missing'],
    [{ template: 'upn' }, 'A123456789012', 'A12345678901X', 'missing'],
    [{ template: 'upn' }, 'h801200001001', 'H801200001001', 'Same number'],
    [{ template: 'upn' }, 'H801200001001', 'X801200001002', 'Different'],
    [{ template: 'email' }, 'A@b.org', 'a@c.org', 'Same name at another provider'],
    [{ template: 'email' }, 'A.Okafor@b.org', 'a.okafor@B.org ', 'Same e-mail'],
    [{ template: 'email' }, 'a.okafor@b.org', 'a.okafr@b.org', 'E-mails differ by a slip or two'],
    // Digits tell people of one name apart.
    [{ template: 'email' }, 'okafor71@b.org', 'okafor72@b.org', 'Different e-mail'],
    [{ template: 'phone' }, '+44 7700 900123', '07700900123', 'Same telephone'],
    [{ template: 'phone' }, '07700900123', '07700 900128', 'Telephone one digit off'],
    [{ template: 'phone' }, '07700900123', '07700900158', 'Different telephone'],
    [{ template: 'exact' }, 'Luton', 'Luton', 'Same'],
    [{ template: 'exact' }, '', 'Luton', 'missing'],
    [{ template: 'text-similarity', method: 'damerau-levenshtein', similar: [1, 2] }, 'luton', 'lutno', 'At most 1 edits apart'],
    // A transposition is two edits to Levenshtein, one to Damerau.
    [{ template: 'text-similarity', method: 'levenshtein', similar: [1, 2] }, 'luton', 'lutno', 'At most 2 edits apart'],
    [{ template: 'text-similarity', method: 'levenshtein', similar: [1] }, 'luton', 'lutno', 'Different'],
    [{ template: 'text-similarity', method: 'jaccard', similar: [0.9] }, 'listen', 'silent', 'Similarity of at least 0.9'],
    [{ template: 'number', within: [1, 5] }, '170', '174', 'At most 5 apart'],
    [{ template: 'distance', columns: ['lat', 'long'], within: [1, 60] }, '51.5074 -0.1278', '51.8787 -0.4200', 'At most 60 km apart'],
    [{ template: 'distance', columns: ['lat', 'long'], within: [1, 20] }, '51.5074 -0.1278', '51.8787 -0.4200', 'Different'],
    [{ template: 'array', separator: ';', shared: [2, 1] }, 'a; b;c', 'B;C', 'At least 2 values shared'],
    [{ template: 'array', separator: ';', shared: [2, 1] }, 'a;b', 'b;d', 'At least 1 values shared'],
    [{ template: 'array', separator: ';' }, '', 'b', 'missing'],
  ])('%o puts %s and %s at the level %s', async (use, left, right, expected) => {
    expect(await compare(use, left, right)).toBe(expected);
  });

  it('of every name gives two levels or more, the last without a condition', () => {
    for (const template of templateNames) {
      const { levels } = buildTemplate({ name: 'x', template, columns: ['a', 'b'] }).comparison;
      expect([template, levels.length >= 2, levels.at(-1)!.sql, levels.slice(0, -1).every((level) => level.sql !== undefined)]).toEqual([template, true, undefined, true]);
    }
  });

  it('turns conditions over two records into conditions over two sides, but for quoted text', () => {
    expect(sidedSql(`l.a = r."b c" AND l.d <> 'l.e'`)).toBe(`"a_l" = "b c_r" AND "d_l" <> 'l.e'`);
  });
});
