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

/** One pivot: the column that entered, in terms of the basis before it. */
interface Eta {
  row: number;
  pivot: number;
  rows: number[];
  values: number[];
}

/** The state of one push. Column k·n + j of variable j: k is 0 within its bounds, 1 above them, 2 below. */
interface Simplex {
  system: LinearSystem;
  variable: number;
  target: number;
  passing: boolean;
  /** What one unit of movement is worth: it must outbid every sum of costs on the way. */
  reward: number;
  /** Values of columns that have moved. */
  moved: Map<number, number>;
  /** Of each equation: the column that is its own at present; and of each such column its equation. */
  basic: Int32Array;
  rowOf: Map<number, number>;
  etas: Eta[];
  /** The last round in which each variable was looked at. */
  seen: Int32Array;
}

const tolerance = 1e-7;
const mostRounds = 20_000;

/**
 * Moves one variable as far towards a target as the equations and bounds allow.
 *
 * @param target may be infinite
 * @param passing whether bounds may be passed at their cost; the cheapest way to the target is then sought
 */
export function push(system: LinearSystem, variable: number, target: number, passing: boolean): Push {
  if (target === system.value[variable]) return { reached: target, moved: new Map(), beyond: [], complete: true };
  const basic = Int32Array.from(system.ownOf);
  const simplex: Simplex = {
    system,
    variable,
    target,
    passing,
    reward: passing ? 1e6 : 1,
    moved: new Map(),
    basic,
    rowOf: new Map(Array.from(basic, (column, row) => [column, row])),
    etas: [],
    seen: new Int32Array(system.value.length).fill(-1),
  };
  let idle = 0;
  for (let round = 0; round < mostRounds; round += 1) {
    // After many rounds without a step, the rule of Bland 1977 keeps the method from going round in a circle.
    const careful = idle > 100;
    const entering = chooseEntering(simplex, round, careful);
    if (!entering) return result(simplex, true);
    const step = pivot(simplex, entering, careful);
    if (step === Infinity) return { reached: Math.sign(target - system.value[variable]!) * Infinity, moved: new Map(), beyond: [], complete: true };
    idle = step > tolerance ? 0 : idle + 1;
  }
  return result(simplex, false);
}

function valueAt({ system, moved }: Simplex, column: number): number {
  return moved.get(column) ?? (column < system.value.length ? system.value[column]! : 0);
}

function mayPass({ system, passing, variable }: Simplex, j: number): boolean {
  return passing && j !== variable && system.cost[j]! > 0 && system.cost[j]! < Infinity;
}

function lowOf({ system, variable, target }: Simplex, column: number): number {
  if (column >= system.value.length) return 0;
  return column === variable ? Math.min(target, system.value[column]!) : system.low[column]!;
}

function highOf(simplex: Simplex, column: number): number {
  const { system, variable, target } = simplex;
  const n = system.value.length;
  if (column < n) return column === variable ? Math.max(target, system.value[column]!) : system.high[column]!;
  const j = column % n;
  if (!mayPass(simplex, j)) return 0;
  return column < 2 * n ? Infinity : Math.max(0, system.low[j]! - system.least[j]!);
}

function costOf({ system, variable, target, reward }: Simplex, column: number): number {
  const n = system.value.length;
  if (column === variable) return -Math.sign(target - system.value[variable]!) * reward;
  return column < n ? 0 : system.cost[column % n]!;
}

/** Prices of the equations: the costs of the basic columns through the inverse, last pivot first. */
function prices(simplex: Simplex): Float64Array {
  const y = Float64Array.from(simplex.basic, (column) => costOf(simplex, column));
  for (let k = simplex.etas.length - 1; k >= 0; k -= 1) {
    const { row, pivot, rows, values } = simplex.etas[k]!;
    let sum = y[row]!;
    for (let i = 0; i < rows.length; i += 1) sum -= values[i]! * y[rows[i]!]!;
    y[row] = sum / pivot;
  }
  return y;
}

/** A column in terms of the basis: through the inverse, first pivot first. */
function inBasis({ system, basic, etas }: Simplex, column: number): Float64Array {
  const n = system.value.length;
  const j = column % n;
  const sign = column < 2 * n ? 1 : -1;
  const a = new Float64Array(basic.length);
  system.rowsOf[j]!.forEach((row, i) => {
    a[row] = sign * system.signsOf[j]![i]!;
  });
  for (const { row, pivot, rows, values } of etas) {
    if (a[row] === 0) continue;
    const scaled = a[row]! / pivot;
    for (let i = 0; i < rows.length; i += 1) a[rows[i]!]! -= values[i]! * scaled;
    a[row] = scaled;
  }
  return a;
}

interface Entering {
  column: number;
  /** 1 where it rises, −1 where it falls. */
  way: number;
}

/** The column whose movement gains most for each unit; undefined at the end. Only variables of equations with a price can gain. */
function chooseEntering(simplex: Simplex, round: number, careful: boolean): Entering | undefined {
  const { system, variable, reward, rowOf, seen } = simplex;
  const n = system.value.length;
  const y = prices(simplex);
  let best = tolerance * reward;
  let entering: Entering | undefined;
  const consider = (column: number, gradient: number) => {
    const gain = Math.abs(gradient);
    const isBetter = careful ? gain > tolerance * reward && (!entering || column < entering.column) : gain > best;
    if (!isBetter || rowOf.has(column)) return;
    const way = gradient < 0 ? 1 : -1;
    if (roomOf(simplex, column, way) <= tolerance) return;
    entering = { column, way };
    best = gain;
  };
  const look = (j: number) => {
    if (seen[j] === round) return;
    seen[j] = round;
    let worth = 0;
    for (let i = 0; i < system.rowsOf[j]!.length; i += 1) worth += system.signsOf[j]![i]! * y[system.rowsOf[j]![i]!]!;
    consider(j, costOf(simplex, j) - worth);
    if (!mayPass(simplex, j)) return;
    consider(n + j, system.cost[j]! - worth);
    consider(2 * n + j, system.cost[j]! + worth);
  };
  look(variable);
  for (let row = 0; row < y.length; row += 1) if (Math.abs(y[row]!) > tolerance) for (const j of system.variablesOf[row]!) look(j);
  return entering;
}

function roomOf(simplex: Simplex, column: number, way: number): number {
  return way > 0 ? highOf(simplex, column) - valueAt(simplex, column) : valueAt(simplex, column) - lowOf(simplex, column);
}

/** Moves the entering column until it or a basic column meets a bound. Returns how far; Infinity where nothing stops it. */
function pivot(simplex: Simplex, { column, way }: Entering, careful: boolean): number {
  const { basic, rowOf, moved, etas } = simplex;
  const a = inBasis(simplex, column);
  let step = roomOf(simplex, column, way);
  let leaving = -1;
  for (let row = 0; row < a.length; row += 1) {
    const rate = -way * a[row]!;
    if (Math.abs(rate) <= tolerance) continue;
    const room = Math.max(0, roomOf(simplex, basic[row]!, rate)) / Math.abs(rate);
    const isNearer = room < step - 1e-12;
    const isFitter = leaving >= 0 && room <= step + 1e-12 && (careful ? basic[row]! < basic[leaving]! : Math.abs(rate) > Math.abs(a[leaving]!));
    if (!isNearer && !isFitter) continue;
    step = Math.min(step, room);
    leaving = row;
  }
  if (step === Infinity) return step;
  for (let row = 0; row < a.length; row += 1) if (a[row] !== 0) moved.set(basic[row]!, valueAt(simplex, basic[row]!) - way * step * a[row]!);
  moved.set(column, valueAt(simplex, column) + way * step);
  if (leaving < 0) return step;
  const out = basic[leaving]!;
  moved.set(out, -way * a[leaving]! > 0 ? highOf(simplex, out) : lowOf(simplex, out));
  rowOf.delete(out);
  rowOf.set(column, leaving);
  basic[leaving] = column;
  etas.push(etaOf(a, leaving));
  return step;
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

function result(simplex: Simplex, complete: boolean): Push {
  const n = simplex.system.value.length;
  const moved = new Map<number, number>();
  const beyond = new Set<number>();
  for (const [column, amount] of simplex.moved) {
    const j = column % n;
    if (column >= n && amount > 1e-6) beyond.add(j);
    if (!moved.has(j)) moved.set(j, valueAt(simplex, j) + valueAt(simplex, n + j) - valueAt(simplex, 2 * n + j));
  }
  return { reached: valueAt(simplex, simplex.variable), moved, beyond: [...beyond], complete };
}
