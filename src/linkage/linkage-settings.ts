// What a linkage is made of: columns and how they are cleaned, comparisons with their levels, blocking rules, training rules,
// conflicts and the threshold. Plain data, so that settings can be written, read, compared and explained.

import { Problem } from '../core/index.ts';

/** One outcome of a comparison. Levels are tried in order; the last one has no condition and means "none of these". */
export interface ComparisonLevel {
  name: string;
  /** Words for a reader, such as "Same surname". */
  label: string;
  /** A condition over the two prepared records `l` and `r`. */
  sql?: string;
  /** Starting value, and prior, of the probability of this level among pairs of one person. */
  m: number;
  /** Starting value, and prior, of the probability of this level among pairs of two people. */
  u: number;
  /** The level is equality of this prepared column: u comes from the counts of its values. */
  exactOn?: string;
  /** Adjust u to how frequent the agreed value is, by this power (1 fully, 0 not at all). */
  frequencyPower?: number;
  /**
   * For issued identifiers: the assumed share of agreeing pairs that are two people (a number attached to the wrong person).
   * Replaces the value counts, which cannot tell a shared number from a repeated record.
   */
  sharedShare?: number;
}

export interface Comparison {
  name: string;
  label: string;
  /** Prepared columns that the levels read. */
  columns: string[];
  /** Left out where all of these hold nothing; the first of `columns` where not said. */
  needs?: string[];
  /** A condition over `l` and `r`: nothing can be said, the comparison is neutral. */
  missing: string;
  /** Values computed once per pair, by name, for use in levels as `s.NAME`. */
  similarities?: Record<string, string>;
  levels: ComparisonLevel[];
}

/** A column of the prepared table, cleaned from the source. */
export interface CleanColumn {
  name: string;
  /** Source columns that the expression reads. The first must exist; the others are NULL where absent. */
  from: string[];
  /** An expression over the source table's columns. */
  sql: string;
}

/** A column made from cleaned columns, such as the sector of a postcode. */
export interface DerivedColumn {
  name: string;
  sql: string;
  /** Text where not said; empty text becomes NULL. */
  kind?: 'text' | 'number';
}

/** Pairs are compared where all keys are equal and none is NULL. A key may be a list: any of its values may agree. */
export interface BlockingRule {
  name: string;
  /** Expressions over the prepared table. At most one may be a list (`listKey`). */
  keys: string[];
  listKey?: string;
  /** Prepared columns that must hold something for the rule to be of use; a rule over an empty column is left out with a warning. */
  needs: string[];
  /** Blocks of more records are refused; the settings' `maxBlock` where absent. */
  maxBlock?: number;
}

/** A key from which blocking rules are learned: rules are conjunctions of up to three of them. */
export interface BlockingKey {
  /** In words, such as "postcode sector". */
  name: string;
  /** An expression over the prepared table. */
  sql: string;
  /** The expression is a list: any of its values may agree. */
  list?: boolean;
  needs: string[];
}

/** An expectation–maximisation session: pairs that agree on the keys train every comparison but those named in `fixes`. */
export interface TrainingRule extends BlockingRule {
  fixes: string[];
}

/** Pairs of relatives: they share a home and a surname, and are two people. Their agreement is not chance, so it is modelled. */
export interface RelativesRule extends TrainingRule {
  /** Comparisons that relatives share for the same reason as one person does: their m is used. */
  shared: string[];
  /** The share of relatives who share a name as one person's records do, such as a surname or a father's forename; else it agrees by chance. */
  partlyShared: Record<string, number>;
  /** The other comparisons are learned; the share from which learning starts, and which small tables keep, such as a family's telephone. */
  startShared: Record<string, number>;
}

/**
 * A pair at these levels is never linked by itself, whatever its weight, unless it is at one of the `unless` levels. In a cluster it is a
 * strong vote against, which many others may outvote; where `absolute`, nothing outvotes it.
 */
export interface ConflictRule {
  name: string;
  absolute?: boolean;
  when: Record<string, string[]>;
  unless?: Record<string, string[]>;
}

/** Two names that go together more often than chance says: agreement on both weighs less, by how often these two meet (see name-groups). */
export interface NameDependenceRule {
  /** Prepared columns of the two names, and the column that tells people of one full name apart. */
  first: string;
  second: string;
  apart: string;
  /** Comparisons and their levels at which both names agree. */
  levels: Record<string, string[]>;
  /** Bounds, in bits. */
  least: number;
  most: number;
}

export interface LinkageSettings {
  /** Unique id of a record. */
  idColumn: string;
  clean: CleanColumn[];
  /** In steps: each step may read the columns of the steps before. */
  derived: DerivedColumn[][];
  /** Derived columns that hold names: each gets lists beside it: NAME_sounds (a phonetic key for each part), NAME_roots (its full forms, or itself) and NAME_forms (NULL where it has no other form). */
  names: string[];
  nameDependence?: NameDependenceRule;
  comparisons: Comparison[];
  blocking: BlockingRule[];
  /** Keys from which further rules are learned (at most 30), taken while the pairs they add fit into what the budget leaves. */
  blockingKeys: BlockingKey[];
  /** Pairs per record that all rules together may give (`leastBudget` at least), before learned rules are left out. */
  pairsPerRecord: number;
  leastBudget: number;
  /** A learned rule must bring a match for so many pairs. */
  pairsPerMatch: number;
  training: TrainingRule[];
  relatives?: RelativesRule;
  conflicts: ConflictRule[];
  /** Prepared columns of which a person has at most one value: a cluster that would hold two is not made. */
  onePerPerson: string[];
  /** Groups of names that mean the same forename, such as [["robert", "bob"]]. */
  nicknames: string[][];
  /** Link where the probability is at least this. */
  threshold: number;
  /** The largest block of a rule that is compared; larger ones are refused and reported. */
  maxBlock: number;
  /** Pairs drawn at random to estimate u, and pairs per training session at most. */
  samplePairs: number;
  seed: number;
}

/** Throws a Problem that names the first mistake. */
export function checkSettings(settings: LinkageSettings): void {
  const fail = (what: string, where: string): never => {
    throw new Problem('badInput', { what, where, todo: 'Mend the linkage settings.' });
  };
  if (!(settings.threshold > 0 && settings.threshold < 1)) fail('The threshold must lie between 0 and 1', 'threshold');
  if (settings.comparisons.length === 0) fail('There is no comparison', 'comparisons');
  if (settings.blocking.length === 0) fail('There is no blocking rule', 'blocking');
  if (settings.blockingKeys.length > 30) fail('There are more than 30 blocking keys', 'blockingKeys');
  if (settings.blocking.length > 31) fail('There are more than 31 blocking rules', 'blocking');
  const names = new Set(settings.comparisons.map((comparison) => comparison.name));
  if (names.size < settings.comparisons.length) fail('Two comparisons have one name', 'comparisons');
  for (const comparison of settings.comparisons) {
    const last = comparison.levels.at(-1);
    if (comparison.levels.length < 2 || last?.sql !== undefined) fail('A comparison needs two levels or more, the last without a condition', comparison.name);
    if (comparison.levels.slice(0, -1).some((level) => level.sql === undefined)) fail('Only the last level may be without a condition', comparison.name);
  }
  const known = (name: string, where: string) => {
    if (!names.has(name)) fail(`There is no comparison called "${name}"`, where);
  };
  const rules = settings.relatives ? [...settings.training, settings.relatives] : settings.training;
  for (const rule of rules) for (const name of rule.fixes) known(name, rule.name);
  for (const conflict of settings.conflicts) {
    for (const part of [conflict.when, conflict.unless ?? {}]) {
      for (const [name, levels] of Object.entries(part)) {
        known(name, conflict.name);
        const comparison = settings.comparisons.find((one) => one.name === name);
        for (const level of levels) if (!comparison?.levels.some((one) => one.name === level)) fail(`"${name}" has no level "${level}"`, conflict.name);
      }
    }
  }
}
