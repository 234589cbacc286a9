// A pair's weight in words that a practitioner understands: each part of the sum as a sentence with its direction and strength, the
// strongest first. A bit doubles or halves the odds; "strongly" begins at five (thirty-two to one).

export interface PairParts {
  /** Bits of the prior, names that go together, and relatives. */
  prior: number;
  names: number;
  relatives: number;
  comparisons: ComparisonPart[];
  /** The name of the rule that forbids the link. */
  conflict: string | null;
}

export interface ComparisonPart {
  label: string;
  /** The level's label; null where the comparison says nothing, mostly because a value is missing. */
  level: string | null;
  bits: number;
  /** Bits that the very value adds to what its level weighs on average; null where that plays no part. */
  rarity: number | null;
}

export interface ExplainedPart {
  /** Such as "Same surname, which is rare here". */
  words: string;
  /** Such as "strongly for". */
  strength: string;
  bits: number;
}

const steps: readonly (readonly [bits: number, word: string])[] = [[10, 'very strongly'], [5, 'strongly'], [2, 'clearly'], [0.5, 'slightly']];

/**
 * Which way a part speaks, and how strongly.
 * @example strengthOf(7.2) // 'strongly for'
 * @example strengthOf(-0.1) // 'neither for nor against'
 */
export function strengthOf(bits: number): string {
  const step = steps.find(([least]) => Math.abs(bits) >= least);
  return step ? `${step[1]} ${bits > 0 ? 'for' : 'against'}` : 'neither for nor against';
}

/** Four times as rare, or as common, as the values of a level are on average. */
const notable = 2;

/** "Same surname" and the value's rarity: "Same surname, which is rare here". */
export function levelWords({ level, label, rarity }: ComparisonPart): string {
  if (level === null) return `${label}: not counted`;
  if (rarity !== null && rarity >= notable) return `${level}, which is rare here`;
  if (rarity !== null && rarity <= -notable) return `${level}, which is common here`;
  return level;
}

/**
 * The parts of a pair's weight, the first the prior, then the strongest first; what is missing comes last.
 *
 * @param silence the words for a comparison that says nothing, by its label, where the caller knows why
 */
export function explainParts(parts: PairParts, silence?: (label: string) => string): ExplainedPart[] {
  const part = (words: string, bits: number): ExplainedPart => ({ words, bits, strength: strengthOf(bits) });
  const known = parts.comparisons.filter(({ level }) => level !== null).map((each) => part(levelWords(each), each.bits));
  if (Math.abs(parts.names) >= 0.05) known.push(part(parts.names < 0 ? 'This forename and surname often go together' : 'This forename and surname seldom go together', parts.names));
  if (parts.relatives <= -0.05) known.push(part('What agrees would also agree between relatives in one home', parts.relatives));
  const missing = parts.comparisons.filter(({ level }) => level === null).map((each) => ({ ...part(silence?.(each.label) ?? levelWords(each), 0), strength: 'says nothing' }));
  return [
    part('Two records taken at random are hardly ever one person', parts.prior),
    ...known.toSorted((a, b) => Math.abs(b.bits) - Math.abs(a.bits)),
    ...missing,
  ];
}

/** "+5.1", "−2.0". */
export const writeBits = (bits: number): string => `${bits < 0 ? '−' : '+'}${Math.abs(bits).toFixed(1)}`;

/** The probability as people say it: "97 in 100", "less than 1 in 1,000". */
export function chanceWords(probability: number): string {
  if (probability >= 0.9995) return 'more than 999 in 1,000';
  if (probability >= 0.995) return `${Math.round(probability * 1000)} in 1,000`;
  if (probability >= 0.01) return `${Math.round(probability * 100)} in 100`;
  if (probability >= 0.001) return `${Math.round(probability * 1000)} in 1,000`;
  return 'less than 1 in 1,000';
}
