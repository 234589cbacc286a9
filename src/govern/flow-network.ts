// The same question as linear-push.ts, answered faster for the tables that most pages show. Where what adds up forms two
// nests of sets (rows and columns, each perhaps grouped), counts flow through a network: a total into its group, inner counts
// from a row's node to a column's, and round again (Castro 2006; Fischetti and Salazar 1999 for tables with one hierarchy).
// A count can move by d when d units can go round a cycle through it. The cheapest cycles are found one after another
// (Dijkstra's shortest paths), whole units at a time, so that here ranges are exact for whole counts.

import { createFlowSearch, findCheapest, findFree, listDirect, type FlowNetwork, type Step } from './flow-search.ts';
import type { KnownCounts } from './known-counts.ts';
import type { Push } from './linear-push.ts';

/** The network of a system, or undefined where its sets do not form two nests (three crossed dimensions, overlapping totals). */
export function findNetwork(known: KnownCounts): FlowNetwork | undefined {
  const size = known.value.length;
  const equations = known.ownOf.length;
  const gapOf = new Int32Array(equations).fill(-1);
  const parts: number[][] = [];
  for (let row = 0; row < equations; row += 1) {
    const own = known.ownOf[row]!;
    if (own >= known.cells) return undefined;
    const inner: number[] = [];
    for (const variable of known.variablesOf[row]!) {
      if (variable === own) continue;
      if (signIn(known, variable, row) > 0) return undefined;
      if (variable >= known.cells) gapOf[row] = variable;
      else inner.push(variable);
    }
    parts.push(inner);
  }
  const nests = [createNest(size, equations), createNest(size, equations)];
  const nestOf = new Int8Array(equations);
  for (const row of Array.from(parts.keys()).toSorted((a, b) => parts[b]!.length - parts[a]!.length)) {
    const nest = nests.findIndex((candidate) => candidate.accept(row, parts[row]!));
    if (nest < 0) return undefined;
    nestOf[row] = nest;
  }
  const value = Float64Array.from(known.value);
  const from = new Int32Array(size).fill(-1);
  const to = new Int32Array(size).fill(-1);
  const beyondGroups = Float64Array.from(gapOf, (gap) => (gap < 0 ? 0 : known.value[gap]!));
  for (let row = 0; row < equations; row += 1) {
    const parent = nests[nestOf[row]!]!.parent[row]!;
    if (parent >= 0 && gapOf[row]! >= 0) beyondGroups[parent]! -= known.value[gapOf[row]!]!;
    const own = known.ownOf[row]!;
    [from[own], to[own]] = nestOf[row] === 0 ? [parent + 1, row + 1] : [row + 1, parent + 1];
    if (gapOf[row]! >= 0) [from[gapOf[row]!], to[gapOf[row]!]] = nestOf[row] === 0 ? [row + 1, 0] : [0, row + 1];
  }
  for (let row = 0; row < equations; row += 1) {
    if (beyondGroups[row]! < 0) return undefined;
    if (gapOf[row]! >= 0) value[gapOf[row]!] = beyondGroups[row]!;
    for (const cell of parts[row]!) [from[cell], to[cell]] = [nests[0]!.owner[cell]! + 1, nests[1]!.owner[cell]! + 1];
  }
  return { value, from, to, touching: listTouching(from, to, equations + 1) };
}

function signIn(known: KnownCounts, variable: number, row: number): number {
  return known.signsOf[variable]![known.rowsOf[variable]!.indexOf(row)]!;
}

/** A family of sets of which any two are apart or one inside the other. Sets must be offered from the largest down. */
function createNest(size: number, equations: number) {
  const owner = new Int32Array(size).fill(-1);
  const parent = new Int32Array(equations).fill(-1);
  return {
    /** The smallest set that holds each cell. */
    owner,
    parent,
    accept(row: number, cells: number[]): boolean {
      const around = cells.length > 0 ? owner[cells[0]!]! : -1;
      if (cells.some((cell) => owner[cell] !== around)) return false;
      parent[row] = around;
      for (const cell of cells) owner[cell] = row;
      return true;
    },
  };
}

function listTouching(from: Int32Array, to: Int32Array, nodes: number): Int32Array[] {
  const lists: number[][] = Array.from({ length: nodes }, () => []);
  for (let variable = 0; variable < from.length; variable += 1) {
    if (from[variable]! < 0) continue;
    lists[from[variable]!]!.push(variable);
    lists[to[variable]!]!.push(variable);
  }
  return lists.map((list) => Int32Array.from(list));
}

/**
 * Moves one variable as far towards a target as the network and bounds allow, as `push` does. The target must be finite.
 */
export function createFlowPush(network: FlowNetwork, known: KnownCounts): (variable: number, target: number, passing: boolean) => Push {
  const { value, from, to } = network;
  const { low, high, least, cost } = known;
  const flow = Float64Array.from(value);

  const freeRoom = (variable: number, way: number) => (way > 0 ? high[variable]! - flow[variable]! : flow[variable]! - low[variable]!);
  /** What may be passed at its cost, where no free room is left. */
  const paidRoom = (variable: number, way: number) => {
    if (!(cost[variable]! > 0 && cost[variable]! < Infinity)) return 0;
    return way > 0 ? Infinity : flow[variable]! - least[variable]!;
  };
  const anyRoom = (variable: number, way: number) => {
    const free = freeRoom(variable, way);
    return free > 0 ? free : paidRoom(variable, way);
  };
  const search = createFlowSearch(network, { freeRoom, paidRoom, cost });

  return (variable, target, passing) => {
    const way = Math.sign(target - value[variable]!);
    if (from[variable]! < 0 || way === 0) return { reached: target, moved: new Map(), beyond: [], complete: true };
    const [start, goal] = way > 0 ? [to[variable]!, from[variable]!] : [from[variable]!, to[variable]!];
    const touched = new Set<number>([variable]);
    let left = Math.abs(target - value[variable]!);
    const send = (path: Step[], amount: number) => {
      for (const step of path) {
        flow[step.variable]! += step.way * amount;
        touched.add(step.variable);
      }
      return amount;
    };
    for (const step of listDirect(search, start, goal, variable)) {
      if (left <= 0) break;
      left -= send([step], Math.max(0, Math.min(left, freeRoom(step.variable, step.way))));
    }
    while (left > 0) {
      const path = findFree(search, start, goal, variable) ?? (passing ? findCheapest(search, start, goal, variable) : undefined);
      if (!path) break;
      left -= send(path, path.reduce((least, step) => Math.min(least, anyRoom(step.variable, step.way)), left));
    }
    flow[variable] = target - way * left;
    const moved = new Map<number, number>();
    const beyond: number[] = [];
    for (const other of touched) {
      moved.set(other, flow[other]!);
      if (other !== variable && (flow[other]! > high[other]! || flow[other]! < low[other]!)) beyond.push(other);
      flow[other] = value[other]!;
    }
    return { reached: moved.get(variable)!, moved, beyond, complete: true };
  };
}
