// What a reader knows of each cell, as a linear system: the bounds that a shown figure or a hidden sign gives, and the equations.

import type { CellSystem } from './disclosure-cells.ts';
import { leastHidden, rangeOfShown, roundCount, type CountRange, type DisclosureRule } from './disclosure-rule.ts';
import type { LinearSystem } from './linear-push.ts';

export interface KnownCounts extends LinearSystem {
  /** Cells come first; then one variable for each total's unexplained part; then one fixed at 0 for each equation without a total. */
  cells: number;
  /** The variables that stand for what a total holds beyond its parts, such as people with no known area. */
  gaps: number[];
}

/**
 * The linear system of a reader who sees all cells but the hidden ones.
 *
 * @param hidden 1 for each cell that is not shown
 */
export function knownCounts(system: CellSystem, rule: DisclosureRule, hidden: Uint8Array): KnownCounts {
  const equations = system.equations.filter((equation) => tellsMore(system, rule, equation));
  const gapped = equations.filter((equation) => equation.gap);
  const free = equations.filter((equation) => equation.total === undefined);
  const cells = system.cells.length;
  const size = cells + gapped.length + free.length;
  const known: KnownCounts = {
    cells,
    gaps: [],
    value: new Float64Array(size),
    low: new Float64Array(size),
    high: new Float64Array(size),
    least: new Float64Array(size).fill(leastHidden(rule)),
    cost: new Float64Array(size),
    rowsOf: [],
    signsOf: [],
    variablesOf: [],
    ownOf: new Int32Array(equations.length),
  };
  // A total of three parts that are not 0 is at least three times the least: the rule itself says so, whatever is shown.
  for (const { total, parts } of equations) {
    if (total === undefined) continue;
    const certain = parts.reduce((sum, part) => sum + (system.cells[part]!.count > 0 ? leastHidden(rule) : 0), 0);
    known.least[total] = Math.max(known.least[total]!, certain);
  }
  for (let i = 0; i < cells; i += 1) {
    const { count, noisy, most, national, elsewhere, isTotal } = system.cells[i]!;
    known.value[i] = count;
    const range = national ? { low: count, high: count } : widen(rangeOfShown(rule, roundCount(rule, noisy)), most, rule);
    known.low[i] = range.low;
    known.high[i] = range.high;
    // A reader misses a large count more than a small one, and a total more than an inner cell. Nothing is gained by hiding 0.
    known.cost[i] = elsewhere || national || count === 0 ? Infinity : (1 + Math.log2(1 + count)) * (isTotal ? 3 : 1);
    if (hidden[i]) hideVariable(known, i);
  }
  addEquations(known, equations);
  return known;
}

/** Noise blurs what a shown figure tells, but what is shown is not too small. */
function widen({ low, high }: CountRange, most: number, rule: DisclosureRule): CountRange {
  return most === 0 ? { low, high } : { low: Math.max(rule.lowMax + 1, low - most), high: high + most };
}

/** From now on a reader sees only that the variable is hidden. */
export function hideVariable(known: LinearSystem, variable: number): void {
  known.low[variable] = Math.min(known.value[variable]!, known.least[variable]!);
  known.high[variable] = Infinity;
  known.cost[variable] = 0;
}

/** A total that is made from what is shown says nothing that its parts do not say. */
function tellsMore({ cells }: CellSystem, rule: DisclosureRule, { total, gap }: CellSystem['equations'][number]): boolean {
  if (rule.totals === 'own' || total === undefined || gap?.sign === -1) return true;
  return cells[total]!.elsewhere || cells[total]!.national;
}

function addEquations(known: KnownCounts, equations: CellSystem['equations']): void {
  const rows: number[][] = Array.from(known.value, () => []);
  const signs: number[][] = Array.from(known.value, () => []);
  let next = known.cells;
  equations.forEach(({ total, parts, minus = [], gap }, row) => {
    const variables: number[] = [];
    const add = (variable: number, sign: number) => {
      rows[variable]!.push(row);
      signs[variable]!.push(sign);
      variables.push(variable);
    };
    for (const part of parts) add(part, -1);
    for (const part of minus) add(part, 1);
    if (gap) {
      known.value[next] = gap.size;
      known.least[next] = 0;
      hideVariable(known, next);
      if (gap.sign > 0) known.gaps.push(next);
      add(next, -gap.sign);
      next += 1;
    }
    // Without a total, a variable fixed at 0 is the equation's own.
    const own = total ?? next;
    if (total === undefined) next += 1;
    add(own, 1);
    known.ownOf[row] = own;
    known.variablesOf.push(Int32Array.from(variables));
  });
  known.rowsOf = rows.map((list) => Int32Array.from(list));
  known.signsOf = signs.map((list) => Int8Array.from(list));
}
