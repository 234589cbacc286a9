// Why does a pair weigh what it weighs? The sum taken apart, in bits: the prior, each comparison at its level (with the frequency of the
// very value), names that go together, and the chance that the two are relatives. The parts add up to the pair's weight.

import { id, text } from '../store/index.ts';
import { forbidden, opposed } from './cluster-records.ts';
import type { PatternPlace } from './compare-pairs.sql.ts';
import type { ConflictRule } from './linkage-settings.ts';
import type { MatchModel } from './match-model.ts';

const number = (value: number): string => (Number.isFinite(value) ? value.toExponential(17) : '0').replace('e+', 'e') + '::DOUBLE';

const codeSql = ({ shift, bits }: PatternPlace): string => `((p.pattern >> ${shift}) & ${2 ** bits - 1})`;

/** CASE over a comparison's levels, from each level's index to an expression. */
function byLevel(place: PatternPlace, value: (level: number) => string, missing: string): string {
  const { levels } = place.comparison;
  return `CASE ${codeSql(place)} ${levels.map((_, index) => `WHEN ${levels.length - index} THEN ${value(index)}`).join(' ')} ELSE ${missing} END`;
}

/** What the comparison's level adds to the weight, its value's frequency included. */
function levelBitsSql(place: PatternPlace, m: number[], u: number[]): string {
  return byLevel(place, (index) => {
    const { exactOn, frequencyPower = 0 } = place.comparison.levels[index]!;
    const power = exactOn === undefined ? 0 : frequencyPower;
    const own = number(Math.log2(m[index]!) - (1 - power) * Math.log2(u[index]!));
    return power === 0 ? own : `(${own} - ${number(power)} * coalesce(a.${id(`${exactOn}_frequency`)}, 0))`;
  }, '0::DOUBLE');
}

/** The bits that the frequencies of the values agreed on take up in the pair's sum. */
function frequencyBitsSql(place: PatternPlace): string {
  return byLevel(place, (index) => {
    const { exactOn, frequencyPower = 0 } = place.comparison.levels[index]!;
    return exactOn === undefined || frequencyPower === 0 ? '0::DOUBLE' : `${number(frequencyPower)} * coalesce(a.${id(`${exactOn}_frequency`)}, 0)`;
  }, '0::DOUBLE');
}

/** The first conflict rule that a pair meets, by name. */
function conflictSql(places: PatternPlace[], conflicts: ConflictRule[], wanted: (rule: ConflictRule) => string): string {
  const at = (name: string, levels: string[]): string => {
    const place = places.find(({ comparison }) => comparison.name === name);
    const codes = place?.comparison.levels.flatMap((level, index) => (levels.includes(level.name) ? [place.comparison.levels.length - index] : [])) ?? [];
    return place && codes.length > 0 ? `${codeSql(place)} IN (${codes.join(', ')})` : 'FALSE';
  };
  const tests = conflicts.toSorted((a, b) => Number(b.absolute ?? false) - Number(a.absolute ?? false)).map((rule) => {
    const when = Object.entries(rule.when).map(([name, levels]) => at(name, levels));
    const unless = Object.entries(rule.unless ?? {}).map(([name, levels]) => `NOT ${at(name, levels)}`);
    return `WHEN ${[...when, ...unless].join(' AND ') || 'FALSE'} THEN ${wanted(rule)}`;
  });
  return tests.length > 0 ? `CASE ${tests.join(' ')} END` : 'NULL';
}

/**
 * Explains the pairs of a table (l, r, pattern, frequency) over `linkage_record`.
 * @returns SELECT of l, r, weight (bits; the engine's own), sum_bits (without the conflict rules), probability, conflict (the rule's name),
 *   bits_prior, bits_names, bits_relatives, and for each comparison level_NAME (NULL where missing), bits_NAME and rarity_NAME
 *   (bits that the very value adds to what its level weighs on average; NULL where its frequency plays no part)
 */
export function explainPairsSql(pairs: string, places: PatternPlace[], model: MatchModel, conflicts: ConflictRule[]): string {
  const total = (parts: string[]) => parts.join(' + ') || '0::DOUBLE';
  const bits = places.map(({ comparison }) => `q.${id(`bits_${comparison.name}`)}`);
  const columns = places.map((place, c) => {
    const { name, levels } = place.comparison;
    const rarity = byLevel(place, (index) => {
      const { exactOn, frequencyPower = 0 } = levels[index]!;
      return exactOn === undefined || frequencyPower === 0 ? 'NULL::DOUBLE' : `${number(frequencyPower)} * (${number(Math.log2(model.u[c]![index]!))} - coalesce(a.${id(`${exactOn}_frequency`)}, 0))`;
    }, 'NULL::DOUBLE');
    return `${byLevel(place, (index) => text(levels[index]!.name), 'NULL::VARCHAR')} AS ${id(`level_${name}`)}, ${levelBitsSql(place, model.m[c]!, model.u[c]!)} AS ${id(`bits_${name}`)}, ${rarity} AS ${id(`rarity_${name}`)}`;
  });
  const relatives = model.relatives && model.kin > 0
    ? `(${number(Math.log2(model.kin))} + ${total(places.map((place, c) => byLevel(place, (index) => number(Math.log2(model.relatives![c]![index]!)), '0::DOUBLE')))})`
    : '(-10000)::DOUBLE';
  const chance = `(${number(Math.log2(1 - model.prior - model.kin))} + p.frequency + ${total(places.map((place, c) => byLevel(place, (index) => {
    const { exactOn, frequencyPower = 0 } = place.comparison.levels[index]!;
    return number((1 - (exactOn === undefined ? 0 : frequencyPower)) * Math.log2(model.u[c]![index]!));
  }, '0::DOUBLE')))})`;
  return `SELECT l, r, CASE conflict_kind WHEN 2 THEN ${forbidden}::DOUBLE WHEN 1 THEN ${opposed}::DOUBLE ELSE sum_bits END AS weight, sum_bits,
    CASE WHEN conflict_kind > 0 THEN 0 ELSE 1 / (1 + pow(2, -sum_bits)) END AS probability, * EXCLUDE (l, r, conflict_kind, sum_bits)
  FROM (SELECT q.* EXCLUDE (kin_bits, chance_bits), -(greatest(0, kin_bits - chance_bits) + log2(1 + pow(2, -abs(kin_bits - chance_bits)))) AS bits_relatives,
      bits_prior + bits_names + ${total(bits)} - (greatest(0, kin_bits - chance_bits) + log2(1 + pow(2, -abs(kin_bits - chance_bits)))) AS sum_bits
    FROM (SELECT p.l, p.r, coalesce(${conflictSql(places, conflicts, (rule) => (rule.absolute ? '2' : '1'))}, 0) AS conflict_kind,
        ${conflictSql(places, conflicts, (rule) => text(rule.name))}::VARCHAR AS conflict,
        ${number(Math.log2(model.prior) - Math.log2(1 - model.prior - model.kin))} AS bits_prior,
        -(p.frequency - (${total(places.map(frequencyBitsSql))})) AS bits_names,
        ${relatives} AS kin_bits, ${chance} AS chance_bits,
        ${columns.join(',\n        ')}
      FROM ${pairs} p JOIN linkage_record a ON a.rid = p.l) q)`;
}
