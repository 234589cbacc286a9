// How far can one count move while everything that is shown stays true? And if not far enough, what is cheapest to hide?
// A linear programme with bounds on every variable, solved by the revised simplex method (Dantzig and Orchard-Hays 1954: product
// form of the inverse) from the true table, which is always feasible, so that most pushes end after a few pivots.
// Bounds may be passed at a cost per unit (Kelly, Golden and Assad 1992; Fischetti and Salazar 2001): what passes must be hidden.
// Counts are whole and these solutions need not be: on one-way, two-way and nested tables they are whole all the same
// (totally unimodular), on tables with three or more crossed dimensions a range may come out wider than whole counts allow.

export interface LinearSystem {
  /** A point that satisfies all equations: the true counts. */
  value: Float64Array;
  /** What a reader knows of each variable. */
  low: Float64Array;
  high: Float64Array;
  /** How low a variable may go once hidden; there is no upper end. */
  least: Float64Array;
  /** The cost for each unit beyond low or high; Infinity where the variable cannot be hidden, 0 where it already is. */
  cost: Float64Array;
  /** Of each variable: the equations it stands in, with its sign (equations sum to zero). */
  rowsOf: Int32Array[];
  signsOf: Int8Array[];
  /** Of each equation: its variables, and the one that starts as its own (sign +1, in no other equation). */
  variablesOf: Int32Array[];
  ownOf: Int32Array;
}

export interface Push {
  /** The value that the variable reached. */
  reached: number;
  /** Every variable that moved, with its value at the end. */
  moved: Map<number, number>;
  /** Variables that had to pass what is known of them. */
  beyond: number[];
  /** False where the method was stopped before its end: nothing is then known. */
  complete: boolean;
}

interface Eta {
  row: number;
  pivot: number;
  rows: number[];
  values: number[];
}

const tolerance = 1e-7;
const largestIterations = 20_000;

/**
 * Moves one variable as far towards a target as the equations and bounds allow.
 *
 * @param target may be infinite
 * @param passing whether bounds may be passed at their cost; the cheapest way to the target is then sought
 */
export function push(system: LinearSystem, variable: number, target: number, passing: boolean): Push {
  const { value, low, high, least, cost, rowsOf, signsOf, variablesOf, ownOf } = system;
  const n = value.length;
  const m = ownOf.length;
  const direction = Math.sign(target - value[variable]!);
  if (direction === 0) return { reached: target, moved: new Map(), beyond: [], complete: true };
  // The reward for one unit of movement must outbid every sum of costs on the way.
  const reward = passing ? 1e6 : 1;
  // Column k of variable j is k·n + j: 0 within its bounds, 1 above, 2 below.
  const x = new Map<number, number>();
  const at = (column: number) => x.get(column) ?? (column < n ? value[column]! : 0);
  const basicRow = new Map<number, number>();
  const basic = Int32Array.from(ownOf);
  for (let row = 0; row < m; row += 1) basicRow.set(basic[row]!, row);
  const etas: Eta[] = [];

  const lowOf = (column: number) => (column >= n ? 0 : column === variable ? Math.min(target, value[column]!) : low[column]!);
  const highOf = (column: number) => {
    if (column < n) return column === variable ? Math.max(target, value[column]!) : high[column]!;
    const j = column % n;
    if (!passing || j === variable || !(cost[j]! > 0 && cost[j]! < Infinity)) return 0;
    return column < 2 * n ? Infinity : Math.max(0, low[j]! - least[j]!);
  };
  const costOf = (column: number) => (column === variable ? -direction * reward : column < n ? 0 : cost[column % n]!);

  /** Prices of the equations: costs of the basic columns through the inverse, from the right. */
  const prices = (): Float64Array => {
    const y = new Float64Array(m);
    for (let row = 0; row < m; row += 1) y[row] = costOf(basic[row]!);
    for (let k = etas.length - 1; k >= 0; k -= 1) {
      const { row, pivot, rows, values } = etas[k]!;
      let sum = y[row]!;
      for (let i = 0; i < rows.length; i += 1) sum -= values[i]! * y[rows[i]!]!;
      y[row] = sum / pivot;
    }
    return y;
  };

  /** A column in terms of the basis: through the inverse, from the left. */
  const inBasis = (column: number): Float64Array => {
    const j = column % n;
    const sign = column < 2 * n ? 1 : -1;
    const a = new Float64Array(m);
    for (let i = 0; i < rowsOf[j]!.length; i += 1) a[rowsOf[j]![i]!] = sign * signsOf[j]![i]!;
    for (const { row, pivot, rows, values } of etas) {
      if (a[row] === 0) continue;
      const scaled = a[row]! / pivot;
      for (let i = 0; i < rows.length; i += 1) a[rows[i]!]! -= values[i]! * scaled;
      a[row] = scaled;
    }
    return a;
  };

  let idle = 0;
  const seen = new Int32Array(n).fill(-1);
  for (let iteration = 0; iteration < largestIterations; iteration += 1) {
    const y = prices();
    const bland = idle > 100;
    let entering = -1;
    let best = tolerance * reward;
    let way = 0;
    const consider = (column: number, gradient: number) => {
      const gain = Math.abs(gradient);
      if (bland ? gain <= tolerance * reward || (entering >= 0 && column > entering) : gain <= best) return;
      if (basicRow.has(column)) return;
      const room = gradient < 0 ? highOf(column) - at(column) : at(column) - lowOf(column);
      if (room <= tolerance) return;
      entering = column;
      best = gain;
      way = gradient < 0 ? 1 : -1;
    };
    const priceVariable = (j: number) => {
      if (seen[j] === iteration) return;
      seen[j] = iteration;
      let worth = 0;
      for (let i = 0; i < rowsOf[j]!.length; i += 1) worth += signsOf[j]![i]! * y[rowsOf[j]![i]!]!;
      consider(j, costOf(j) - worth);
      if (!passing || !(cost[j]! > 0 && cost[j]! < Infinity)) return;
      consider(n + j, cost[j]! - worth);
      consider(2 * n + j, cost[j]! + worth);
    };
    priceVariable(variable);
    for (let row = 0; row < m; row += 1) if (Math.abs(y[row]!) > tolerance) for (const j of variablesOf[row]!) priceVariable(j);
    if (entering < 0) return finish(true);

    const a = inBasis(entering);
    let step = way > 0 ? highOf(entering) - at(entering) : at(entering) - lowOf(entering);
    let leaving = -1;
    for (let row = 0; row < m; row += 1) {
      const rate = -way * a[row]!;
      if (Math.abs(rate) <= tolerance) continue;
      const column = basic[row]!;
      const room = Math.max(0, rate > 0 ? highOf(column) - at(column) : at(column) - lowOf(column)) / Math.abs(rate);
      const closer = room < step - 1e-12 || (leaving >= 0 && room <= step + 1e-12 && (bland ? column < basic[leaving]! : Math.abs(rate) > Math.abs(a[leaving]!)));
      if (closer) {
        step = Math.min(step, room);
        leaving = row;
      }
    }
    if (step === Infinity) return { reached: direction * Infinity, moved: new Map(), beyond: [], complete: true };
    idle = step > tolerance ? 0 : idle + 1;
    for (let row = 0; row < m; row += 1) if (a[row] !== 0) x.set(basic[row]!, at(basic[row]!) - way * step * a[row]!);
    x.set(entering, at(entering) + way * step);
    if (leaving < 0) continue;
    const out = basic[leaving]!;
    x.set(out, -way * a[leaving]! > 0 ? highOf(out) : lowOf(out));
    basicRow.delete(out);
    basicRow.set(entering, leaving);
    basic[leaving] = entering;
    etas.push(etaOf(a, leaving));
  }
  return finish(false);

  function finish(complete: boolean): Push {
    const moved = new Map<number, number>();
    const beyond = new Set<number>();
    for (const [column, amount] of x) {
      const j = column % n;
      if (column >= n && amount > 1e-6) beyond.add(j);
      if (!moved.has(j)) moved.set(j, at(j) + at(n + j) - at(2 * n + j));
    }
    return { reached: at(variable), moved, beyond: [...beyond], complete };
  }
}

function etaOf(column: Float64Array, row: number): Eta {
  const rows: number[] = [];
  const values: number[] = [];
  for (let i = 0; i < column.length; i += 1) {
    if (i === row || Math.abs(column[i]!) < 1e-12) continue;
    rows.push(i);
    values.push(column[i]!);
  }
  return { row, pivot: column[row]!, rows, values };
}
