// Which cells must be hidden so that no small count can be worked out from totals? First every small count; then, for each,
// whether a reader who solves the equations still has to think every value possible that the rule itself leaves possible
// (1 to 7, say). Where not, the cheapest further cells are hidden until so. Rounding counts as protection: it often suffices.

import { isHidden, type CellSystem } from './disclosure-cells.ts';
import { isTooSmall, protectedRange, type DisclosureRule } from './disclosure-rule.ts';
import { createFlowPush, findNetwork } from './flow-network.ts';
import { hideVariable, knownCounts, type KnownCounts } from './known-counts.ts';
import { push, type Push } from './linear-push.ts';

/**
 * Marks the cells to hide: 1 for small counts, 2 for those hidden to protect them, 0 for cells that may be shown.
 */
export function chooseHidden(system: CellSystem, rule: DisclosureRule): Uint8Array {
  const hidden = Uint8Array.from(system.cells, ({ count, noisy, national }) => (national || !isHidden(rule, count, noisy) ? 0 : isTooSmall(rule, count) ? 1 : 2));
  if (!rule.secondary || rule.lowMax === 0 || system.equations.length === 0) return hidden;
  const known = knownCounts(system, rule, hidden);
  const network = findNetwork(known);
  if (network) known.value = network.value;
  const slack = createSlack(known);
  const range = protectedRange(rule);
  const small: number[] = [];
  for (let i = 0; i < hidden.length; i += 1) if (hidden[i] === 1) small.push(i);
  for (const gap of known.gaps) if (isTooSmall(rule, known.value[gap]!)) small.push(gap);
  const flow = network && createFlowPush(network, known);
  const move = (variable: number, target: number) => {
    if (!flow) return pushWhole(known, variable, target);
    const result = flow(variable, target, true);
    return result.reached === target ? result : undefined;
  };

  const hide = (variable: number) => {
    if (variable >= known.cells || hidden[variable]) return;
    hidden[variable] = 2;
    slack.forget(variable);
    hideVariable(known, variable);
    slack.learn(variable);
  };
  // The least and most that some table which a reader cannot rule out holds for each variable.
  const least = Float64Array.from(known.value);
  const most = Float64Array.from(known.value);
  for (const variable of small) {
    for (const target of [Math.max(range.low, known.low[variable]!), range.high]) {
      const reached = target <= known.value[variable]! ? least[variable]! <= target : most[variable]! >= target;
      if (reached || slack.allows(variable, target)) continue;
      const result = move(variable, target);
      for (const other of result ? result.beyond : everyNeighbour(known, variable)) hide(other);
      for (const [other, value] of result?.moved ?? []) {
        least[other] = Math.min(least[other]!, value);
        most[other] = Math.max(most[other]!, value);
      }
    }
  }
  return hidden;
}

/**
 * The cheapest push to a target, or past it, that ends in whole counts; undefined where none is found. The linear programme
 * knows of no whole numbers, and with three crossed dimensions it may end in halves.
 */
function pushWhole(known: KnownCounts, variable: number, target: number): Push | undefined {
  const rises = target > known.value[variable]!;
  for (let further = 0; further <= (rises ? 4 : 0); further += 1) {
    const result = push(known, variable, target + further, true);
    if (!result.complete || Math.abs(result.reached - target - further) > 1e-6) continue;
    const isWhole = [...result.moved.values()].every((value) => Math.abs(value - Math.round(value)) < 1e-6);
    if (isWhole) return { ...result, moved: new Map([...result.moved].map(([other, value]) => [other, Math.round(value)])) };
  }
  return undefined;
}

/** The last resort: all that could give the cell, or a part of it, back. With nothing shown beside it, a cell cannot be worked out. */
function everyNeighbour(known: KnownCounts, variable: number): number[] {
  const beside = (cell: number) => [...known.rowsOf[cell]!].flatMap((row) => [...known.variablesOf[row]!]);
  const near = beside(variable).filter((other) => known.value[other]! > 0);
  const isTotal = known.ownOf.includes(variable);
  const found = new Set([...near, ...(isTotal ? near.flatMap(beside) : [])]);
  return [...found].filter((other) => other < known.cells && known.cost[other]! > 0 && known.cost[other]! < Infinity);
}

/**
 * A quick test that answers for most cells: cells that stand in exactly the same equations can give way to each other, and
 * each total can give way within its rounding. It says no where it does not know.
 */
function createSlack(known: KnownCounts) {
  const groupOf = new Int32Array(known.value.length);
  const names = new Map<string, number>();
  const isOwn = new Set(known.ownOf);
  for (let i = 0; i < groupOf.length; i += 1) {
    const name = isOwn.has(i) ? `own ${i}` : `${known.rowsOf[i]!.join()} ${known.signsOf[i]!.join()}`;
    if (!names.has(name)) names.set(name, names.size);
    groupOf[i] = names.get(name)!;
  }
  const down = new Float64Array(names.size);
  const up = new Float64Array(names.size);
  const boundless = new Int32Array(names.size);
  const add = (variable: number, sign: number) => {
    const group = groupOf[variable]!;
    down[group]! += sign * (known.value[variable]! - known.low[variable]!);
    if (known.high[variable] === Infinity) boundless[group]! += sign;
    else up[group]! += sign * (known.high[variable]! - known.value[variable]!);
  };
  for (let i = 0; i < groupOf.length; i += 1) add(i, 1);
  return {
    forget: (variable: number) => add(variable, -1),
    learn: (variable: number) => add(variable, 1),
    allows(variable: number, target: number): boolean {
      if (isOwn.has(variable)) return false;
      const move = target - known.value[variable]!;
      let rest = 0;
      for (let i = 0; i < known.rowsOf[variable]!.length; i += 1) {
        const own = known.ownOf[known.rowsOf[variable]![i]!]!;
        const rises = move * -known.signsOf[variable]![i]! > 0;
        const room = rises ? known.high[own]! - known.value[own]! : known.value[own]! - known.low[own]!;
        rest = Math.max(rest, Math.abs(move) - room);
      }
      if (rest <= 0) return true;
      const group = groupOf[variable]!;
      if (move > 0) return down[group]! - (known.value[variable]! - known.low[variable]!) >= rest;
      const self = known.high[variable] === Infinity;
      if (boundless[group]! > (self ? 1 : 0)) return true;
      return up[group]! - (self ? 0 : known.high[variable]! - known.value[variable]!) >= rest;
    },
  };
}
