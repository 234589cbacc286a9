// A comparison of this engine as one of a Splink model: conditions over `l`, `r` and `s` become conditions over NAME_l and NAME_r, with
// each similarity written out where it is used; equality on a column takes the value's frequency where the comparison asks for it.

import { id } from '../store/index.ts';
import type { Comparison } from './linkage-settings.ts';
import type { SplinkComparison } from './splink-settings.ts';

/** Replaces l.NAME, r.NAME (also quoted) by NAME_l, NAME_r, outside of quoted text. */
export function sidedSql(sql: string): string {
  return sql
    .split(/('(?:[^']|'')*')/)
    .map((part, index) => (index % 2 === 1 ? part : part.replace(/(?<![\w".])([lr])\.(?:"((?:[^"]|"")+)"|([A-Za-z_]\w*))/g, (_, side: string, quoted: string | undefined, bare: string | undefined) => id(`${quoted?.replaceAll('""', '"') ?? bare}_${side}`))))
    .join('');
}

const written = (sql: string, similarities: Record<string, string>): string => sidedSql(sql.replace(/\bs\.([A-Za-z_]\w*)/g, (_, name: string) => `(${similarities[name] ?? 'NULL'})`));

/**
 * @param chances m and u of the levels, in their order; the starting values where not given
 * @param ownChance whether a frequency stands for the level's own u, and not for that of equality on the column
 */
export function splinkComparisonOf(comparison: Comparison, chances?: { m: readonly number[]; u: readonly number[] }, ownChance = false): SplinkComparison {
  const similarities = comparison.similarities ?? {};
  return {
    output_column_name: comparison.name,
    comparison_description: comparison.label,
    comparison_levels: [
      { sql_condition: written(comparison.missing, similarities), label_for_charts: 'Nothing to compare', is_null_level: true },
      ...comparison.levels.map((level, index) => ({
        sql_condition: level.sql === undefined ? 'ELSE' : written(level.sql, similarities),
        label_for_charts: level.label,
        m_probability: chances?.m[index] ?? level.m,
        u_probability: chances?.u[index] ?? level.u,
        ...(level.exactOn !== undefined && (level.frequencyPower ?? 0) > 0 ? { tf_adjustment_column: level.exactOn, tf_adjustment_weight: level.frequencyPower!, ...(ownChance ? { disable_tf_exact_match_detection: true } : {}) } : {}),
      })),
    ],
  };
}
