// Does a model contradict itself? Levels stand best first, so none should weigh less than one below it; full agreement should speak for one
// person and the last level against; m and u are chances that add up to 1. What was learned from few pairs proves nothing: an order counts
// where both levels stand on enough matches and the gap is a bit or more (two where the upper one weighs by how rare the value is, since the
// model's u is then that of the common values), unless the starting values have that order too (a swapped name is rarer by chance than the
// same name). What was given, in a Splink model or fixed in settings, counts as it is.

import { fewestMatches } from './expectation-maximisation.ts';

export interface JudgedLevel {
  label: string;
  m: number;
  u: number;
  /** m over u in bits, of the starting values; absent where there are none, as in a Splink model. */
  start?: number;
  /** Its weight depends on how frequent the value is. */
  varies?: boolean;
  /** m and u are given, not learned. */
  given?: boolean;
}

export interface JudgedComparison {
  name: string;
  /** Best first, without the level of missing values. */
  levels: readonly JudgedLevel[];
  /** Pairs of one person from which m was learned; absent where all of it is given. */
  matches?: number;
}

const leastGap = 1;
const furthestSum = 0.01;

const weightOf = ({ m, u }: JudgedLevel): number => Math.log2(m / u);
const isChance = (value: number): boolean => value > 0 && value < 1;
const bits = (level: JudgedLevel): string => `"${level.label}" (${weightOf(level).toFixed(1)} bits)`;

/**
 * What contradicts itself, in words; nothing where all is well.
 * @example findFaults([{ name: 'town', levels: [{ label: 'Same', m: 0.9, u: 0.1 }, { label: 'Different', m: 0.1, u: 0.9 }] }]) // []
 */
export const findFaults = (comparisons: readonly JudgedComparison[]): string[] => comparisons.flatMap((one) => [...chanceFaults(one), ...signFaults(one), ...orderFaults(one)].map((fault) => `"${one.name}": ${fault}`));

function chanceFaults({ levels }: JudgedComparison): string[] {
  return (['m', 'u'] as const).flatMap((kind) => {
    const sum = levels.reduce((total, level) => total + level[kind], 0);
    const outside = levels.filter((level) => !isChance(level[kind])).map((level) => `${kind} of "${level.label}" is ${level[kind]}, not between 0 and 1`);
    return [...outside, ...(Math.abs(sum - 1) > furthestSum ? [`the levels' ${kind} add up to ${sum.toFixed(3)}, not 1`] : [])];
  });
}

function signFaults({ levels, matches = Infinity }: JudgedComparison): string[] {
  if (matches < fewestMatches) return [];
  const [first, last] = [levels[0]!, levels.at(-1)!];
  return [
    ...(first.m < first.u ? [`the first level, "${first.label}", speaks against one person (m below u)`] : []),
    ...(last.m > last.u ? [`the last level, "${last.label}", speaks for one person (m above u)`] : []),
  ];
}

/** For each level, the heaviest of those below that should not weigh more. */
function orderFaults({ levels, matches = Infinity }: JudgedComparison): string[] {
  const counts = (level: JudgedLevel) => isChance(level.m) && isChance(level.u) && (level.given === true || level.m * matches >= fewestMatches);
  return levels.flatMap((level, index) => {
    if (!counts(level)) return [];
    const wrong = levels.slice(index + 1).filter((below) => {
      const gap = level.start === undefined || (level.given === true && below.given === true) ? 1e-9 : level.varies === true ? 2 * leastGap : leastGap;
      return counts(below) && weightOf(below) - weightOf(level) > gap && !(below.start! > level.start!);
    });
    const heaviest = wrong.toSorted((a, b) => weightOf(b) - weightOf(a))[0];
    return heaviest === undefined ? [] : [`${bits(level)} weighs less than ${bits(heaviest)}, which stands below it`];
  });
}

/** Comparisons that too few matches taught, in words. */
export const findUntrained = (comparisons: readonly JudgedComparison[]): string[] => comparisons.filter(({ matches = Infinity }) => matches < fewestMatches).map(({ name }) => `No session trained "${name}": it keeps its starting m`);
