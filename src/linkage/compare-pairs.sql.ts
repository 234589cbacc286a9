// How does each pair agree? Every comparison's level, packed into one whole number (the pattern), each similarity worked out once and
// only where values differ; and the sum of the logarithms of the frequencies of the values agreed on.

import type { Comparison, NameDependenceRule } from './linkage-settings.ts';

/** Where each comparison's level lies in a pattern. Code 0 is "missing"; the last level is 1, the first is the number of levels. */
export interface PatternPlace {
  comparison: Comparison;
  shift: number;
  bits: number;
}

/** Places for comparisons side by side; at most 52 bits, so that a pattern is a whole number to JavaScript too. */
export function patternPlaces(comparisons: Comparison[]): PatternPlace[] {
  let shift = 0;
  return comparisons.map((comparison) => {
    const bits = Math.ceil(Math.log2(comparison.levels.length + 1));
    const place = { comparison, shift, bits };
    shift += bits;
    if (shift > 52) throw new Error('The comparisons have more levels than a pattern can hold');
    return place;
  });
}

/** The level's index in its comparison, or -1 where the values are missing. */
export function levelInPattern(pattern: number, place: PatternPlace): number {
  const code = Math.floor(pattern / 2 ** place.shift) % 2 ** place.bits;
  return code === 0 ? -1 : place.comparison.levels.length - code;
}

/** "l.forename" → "l_forename", the names inside the statement; NULL for what the right record is known not to hold. */
const flattener = (absent?: ReadonlyMap<string, string>) => (sql: string): string =>
  sql.replace(/\b([lrs])\.([A-Za-z_]\w*)/g, (_, side: string, column: string) => (side === 'r' && absent?.has(column) ? `(NULL::${absent.get(column)})` : `${side}_${column}`));

/** For each name of the rule, the codes of its comparison, by its position, at which it agrees. */
export const dependentCodes = (rule: NameDependenceRule, places: PatternPlace[]): { position: number; codes: number[] }[] =>
  Object.entries(rule.levels).map(([name, levels]) => {
    const position = places.findIndex(({ comparison }) => comparison.name === name);
    const codes = position < 0 ? [] : places[position]!.comparison.levels.flatMap((level, index) => (levels.includes(level.name) ? [places[position]!.comparison.levels.length - index] : []));
    return { position, codes };
  });

/** The codes at which the frequency of a column's value counts, to a power. */
export const weightedCodes = (places: PatternPlace[]): { position: number; code: number; column: string; power: number }[] =>
  places.flatMap(({ comparison }, position) =>
    comparison.levels.flatMap((level, index) => (level.exactOn && level.frequencyPower ? [{ position, code: comparison.levels.length - index, column: level.exactOn, power: level.frequencyPower }] : [])),
  );

/** The bits by which agreement on two names that go together weighs less. */
function dependenceTerm(rule: NameDependenceRule, places: PatternPlace[]): string[] {
  const tests = dependentCodes(rule, places).map(({ position, codes }) => (codes.length > 0 ? `c${position} IN (${codes.join(', ')})` : 'FALSE'));
  return [`(CASE WHEN ${tests.join(' AND ')} THEN (coalesce(l_name_dependence, 0) + coalesce(r_name_dependence, 0)) / 2 ELSE 0 END)`];
}

/** The pairs and the records to compare: tables, or queries in brackets. */
export interface Compared {
  pairs: string;
  left: string;
  right: string;
  /** Further columns of the pairs, which stand beside l and r. */
  carried?: string[];
}

/** Pairs side by side already: a query in brackets with l, r, and the columns of the two as l_NAME and r_NAME. */
export interface SideBySide {
  sides: string;
  /** Columns that no right record holds, with their types: these need not stand there. */
  absent: ReadonlyMap<string, string>;
}

/** SELECT l, r, pattern, frequency over a table of pairs (l, r). */
export function comparePairsSql(pairs: string | Compared | SideBySide, places: PatternPlace[], dependence?: NameDependenceRule): string {
  const compared = typeof pairs === 'string' ? { pairs, left: 'linkage_record', right: 'linkage_record' } : pairs;
  const absent = 'sides' in compared ? compared.absent : undefined;
  const also = 'sides' in compared ? [] : (compared.carried ?? []);
  const pair = ['l', 'r', ...also].join(', ');
  const flat = flattener(absent);
  const columns = [...new Set(places.flatMap(({ comparison }) => comparison.columns))];
  const weighted = weightedCodes(places);
  const frequencyColumns = [...new Set(weighted.map((one) => `${one.column}_frequency`))];
  const sides = [...columns.flatMap((column) => [`a.${column} AS l_${column}`, `b.${column} AS r_${column}`]), ...frequencyColumns.map((column) => `a.${column} AS l_${column}`)];
  const similarities = places.flatMap(({ comparison }) => Object.entries(comparison.similarities ?? {}).map(([name, sql]) => `${flat(sql)} AS s_${name}`));
  const codes = places.map(({ comparison }, position) => {
    const count = comparison.levels.length;
    const tests = comparison.levels.slice(0, -1).map((level, index) => `WHEN ${flat(level.sql ?? '')} THEN ${count - index}`);
    return `(CASE WHEN ${flat(comparison.missing)} THEN 0 ${tests.join(' ')} ELSE 1 END)::UTINYINT AS c${position}`;
  });
  const pattern = places.map(({ shift }, position) => `(c${position}::BIGINT << ${shift})`).join(' | ');
  if (dependence) sides.push('a.name_dependence AS l_name_dependence', 'b.name_dependence AS r_name_dependence');
  const carried = [...frequencyColumns.map((column) => `l_${column}`), ...(dependence ? ['l_name_dependence', `${flat('r.name_dependence')} AS r_name_dependence`] : [])];
  const terms = weighted.map((one) => `(CASE WHEN c${one.position} = ${one.code} THEN ${one.power} * coalesce(l_${one.column}_frequency, 0) ELSE 0 END)`);
  if (dependence) terms.push(...dependenceTerm(dependence, places));
  const beside = 'sides' in compared ? compared.sides : `(SELECT ${['l', 'r', ...also].map((column) => `p.${column}`).join(', ')}, ${sides.join(', ')} FROM ${compared.pairs} p JOIN ${compared.left} a ON a.rid = p.l JOIN ${compared.right} b ON b.rid = p.r)`;
  return `SELECT ${pair}, ${pattern} AS pattern, (${terms.join(' + ') || '0'})::FLOAT AS frequency
FROM (SELECT ${pair}, ${[...codes, ...carried].join(',\n  ')}
FROM (SELECT *, ${similarities.join(', ') || '0 AS s_none'}
FROM ${beside}))`;
}
