// Makes the column `name_dependence` of the prepared records: log2 of how much more often their two names meet than chance says.

import { createRandom } from '../core/index.ts';
import { id, type Duck } from '../store/index.ts';
import type { NameDependenceRule } from './linkage-settings.ts';
import { fitNameGroups, nameDependence } from './name-groups.ts';
import { readNumbers, writeNumbers } from './typed-columns.store.ts';

/** A name that fewer people bear says nothing of its group. */
const fewestBearers = 3;
/** Distinct full names that the groups are learned from. */
const mostLearned = 300_000;

/** Makes `linkage_full_name` (first, second, name_dependence) from `linkage_derived`. People of one full name are told apart by their dates of birth. */
export async function makeNameDependence(duck: Duck, rule: NameDependenceRule, seed: number): Promise<void> {
  const [first, second, apart] = [id(rule.first), id(rule.second), id(rule.apart)];
  await duck.run(`CREATE OR REPLACE TEMP TABLE linkage_full_name_count AS
    SELECT ${first} AS first, ${second} AS second, greatest(count(DISTINCT ${apart}), 1)::INTEGER AS people FROM linkage_derived WHERE ${first} IS NOT NULL AND ${second} IS NOT NULL GROUP BY ALL`);
  for (const side of ['first', 'second']) {
    await duck.run(`CREATE OR REPLACE TEMP TABLE linkage_${side} AS SELECT ${side} AS name, (row_number() OVER (ORDER BY ${side}) - 1)::INTEGER AS code FROM linkage_full_name_count GROUP BY ${side} HAVING sum(people) >= ${fewestBearers}`);
  }
  await duck.run(`CREATE OR REPLACE TEMP TABLE linkage_full_name_code AS
    SELECT (row_number() OVER (ORDER BY n.first, n.second) - 1)::INTEGER AS place, n.first, n.second, f.code AS f, s.code AS s, n.people
    FROM linkage_full_name_count n JOIN linkage_first f ON f.name = n.first JOIN linkage_second s ON s.name = n.second`);
  const [f, s, people] = (await readNumbers(duck, 'SELECT f, s, people FROM linkage_full_name_code ORDER BY place', ['integer', 'integer', 'integer'])) as [Int32Array, Int32Array, Int32Array];
  const random = createRandom(seed, 'name groups');
  const step = Math.max(1, Math.ceil(f.length / mostLearned));
  const learned = <T extends Int32Array>(values: T) => values.filter((_, index) => index % step === 0);
  const top = (values: Int32Array) => values.reduce((most, value) => Math.max(most, value + 1), 0);
  const fit = fitNameGroups(random, { forename: learned(f), surname: learned(s), people: Float64Array.from(learned(people)), forenames: top(f), surnames: top(s) });
  const dependence = Float64Array.from(f, (forename, index) => Math.max(rule.least, Math.min(rule.most, nameDependence(fit, forename, s[index]!))));
  await writeNumbers(duck, 'linkage_dependence', { place: Int32Array.from(f, (_, index) => index), dependence });
  await duck.run('CREATE OR REPLACE TEMP TABLE linkage_full_name AS SELECT c.first, c.second, d.dependence::FLOAT AS name_dependence FROM linkage_full_name_code c JOIN linkage_dependence d ON d.place = c.place');
  for (const table of ['linkage_full_name_count', 'linkage_first', 'linkage_second', 'linkage_full_name_code', 'linkage_dependence']) await duck.run(`DROP TABLE ${table}`);
}
