// Gives a build its events' titles, demand and harm: a relation of the categories, and the demand type that flags and category make.

import { text } from '../store/index.ts';
import type { Categories } from './categories.ts';

/**
 * A SELECT with one row per category: `category`, `title`, `category_group`, `demand`, `harm_days` (DOUBLE, NULL where there is no weight).
 * @example `CREATE TABLE classification AS ${eventClassificationSql(readCategories(undefined))}`
 */
export function eventClassificationSql(categories: Categories): string {
  const rows = [...categories.categories.values()].map(
    ({ code, title, group, demand, harmDays }) => `(${[code, title, group, demand].map(text).join(', ')}, ${harmDays === null ? 'NULL' : String(harmDays)}::DOUBLE)`,
  );
  return `SELECT * FROM (VALUES\n  ${rows.join(',\n  ')}\n) AS classification (category, title, category_group, demand, harm_days)`;
}

/**
 * An expression for the demand type of an event: the first flag of the pack that the event has, else its category's demand, else "other".
 * @param columns SQL of the event's list of flags and of its category's demand
 */
export function demandTypeSql(categories: Categories, columns = { flags: 'e.flags', demand: 'c.demand' }): string {
  const cases = categories.demandByFlag.map(({ flag, demand }) => `WHEN list_contains(${columns.flags}, ${text(flag)}) THEN ${text(demand)}`);
  const otherwise = `coalesce(${columns.demand}, 'other')`;
  return cases.length === 0 ? otherwise : `CASE ${cases.join(' ')} ELSE ${otherwise} END`;
}
