// Ways through a flow network from one node to another, one variable left out: any that is free, depth first, and the cheapest
// (Dijkstra 1959). Both search from the end that touches fewer variables, since the other may touch thousands.

export interface FlowNetwork {
  /** The true flow of each variable. Differs from the linear system's only for what a total holds beyond its parts: here, beyond its groups too. */
  value: Float64Array;
  /** Nodes that each variable flows from and to; −1 for variables that nothing binds. */
  from: Int32Array;
  to: Int32Array;
  /** Of each node: the variables that touch it. Node 0 is the world outside. */
  touching: Int32Array[];
}

export interface Step {
  variable: number;
  /** 1 where the variable rises, −1 where it falls. */
  way: number;
}

/** How far each variable can move, without cost and at its cost for each unit. */
export interface Room {
  freeRoom(variable: number, way: number): number;
  paidRoom(variable: number, way: number): number;
  cost: Float64Array;
}

export interface FlowSearch extends Room {
  network: FlowNetwork;
  /** The search that is under way; nodes carry the number of the last that found or settled them. */
  round: number;
  found: Int32Array;
  settled: Int32Array;
  /** The variable by which each node was found. */
  via: Int32Array;
  /** How many of each node's variables have been tried. */
  tried: Int32Array;
  distance: Float64Array;
}

export function createFlowSearch(network: FlowNetwork, room: Room): FlowSearch {
  const nodes = network.touching.length;
  return {
    ...room,
    network,
    round: 0,
    found: new Int32Array(nodes),
    settled: new Int32Array(nodes),
    via: new Int32Array(nodes),
    tried: new Int32Array(nodes),
    distance: new Float64Array(nodes),
  };
}

interface Ends {
  /** The search goes from the goal to the start. */
  backwards: boolean;
  first: number;
  last: number;
}

function endsOf({ network: { touching } }: FlowSearch, start: number, goal: number): Ends {
  const backwards = touching[goal]!.length < touching[start]!.length;
  return backwards ? { backwards, first: goal, last: start } : { backwards, first: start, last: goal };
}

/** How a variable moves when units go along it out of a node, or, backwards, into it. */
function wayOf({ network: { from } }: FlowSearch, variable: number, node: number, backwards: boolean): number {
  return (from[variable] === node) === backwards ? -1 : 1;
}

function otherEnd({ network: { from, to } }: FlowSearch, variable: number, node: number): number {
  return from[variable] === node ? to[variable]! : from[variable]!;
}

/** The steps by which the last node was found. */
function trace(search: FlowSearch, { backwards, first, last }: Ends): Step[] {
  const path: Step[] = [];
  for (let node = last; node !== first; ) {
    const variable = search.via[node]!;
    const before = otherEnd(search, variable, node);
    path.push({ variable, way: wayOf(search, variable, before, backwards) });
    node = before;
  }
  return path;
}

/** The single variables that lead from one node to the other. */
export function listDirect(search: FlowSearch, start: number, goal: number, except: number): Step[] {
  const { first, last } = endsOf(search, start, goal);
  const steps: Step[] = [];
  for (const variable of search.network.touching[first]!) {
    if (variable !== except && otherEnd(search, variable, first) === last) steps.push({ variable, way: wayOf(search, variable, start, false) });
  }
  return steps;
}

/** Any way that passes no bound: depth first, since such ways abound where they exist, but straight to the end where a node can. */
export function findFree(search: FlowSearch, start: number, goal: number, except: number): Step[] | undefined {
  const { found, tried, via } = search;
  const { touching } = search.network;
  const ends = endsOf(search, start, goal);
  const isFree = (variable: number, node: number) => variable !== except && search.freeRoom(variable, wayOf(search, variable, node, ends.backwards)) > 0;
  search.round += 1;
  found[ends.first] = search.round;
  tried[ends.first] = 0;
  const stack = [ends.first];
  while (stack.length > 0) {
    const node = stack.at(-1)!;
    if (tried[node] === 0) {
      const direct = touching[node]!.find((variable) => otherEnd(search, variable, node) === ends.last && isFree(variable, node));
      if (direct !== undefined) {
        via[ends.last] = direct;
        return trace(search, ends);
      }
    }
    const next = nextFree(search, node, isFree);
    if (next < 0) {
      stack.pop();
      continue;
    }
    found[next] = search.round;
    tried[next] = 0;
    stack.push(next);
  }
  return undefined;
}

/** The next node that was not found before and can be reached from a node; −1 where there is none. */
function nextFree(search: FlowSearch, node: number, isFree: (variable: number, node: number) => boolean): number {
  const variables = search.network.touching[node]!;
  while (search.tried[node]! < variables.length) {
    const variable = variables[search.tried[node]!]!;
    search.tried[node]! += 1;
    const next = otherEnd(search, variable, node);
    if (search.found[next] === search.round || !isFree(variable, node)) continue;
    search.via[next] = variable;
    return next;
  }
  return -1;
}

/** The cheapest way, bounds passed at their cost. */
export function findCheapest(search: FlowSearch, start: number, goal: number, except: number): Step[] | undefined {
  const { found, settled, distance, via, cost } = search;
  const ends = endsOf(search, start, goal);
  search.round += 1;
  const { round } = search;
  const queue = createQueue();
  distance[ends.first] = 0;
  found[ends.first] = round;
  queue.add(ends.first, 0);
  while (queue.size() > 0) {
    const node = queue.take();
    if (node === ends.last) return trace(search, ends);
    if (settled[node] === round) continue;
    settled[node] = round;
    for (const variable of search.network.touching[node]!) {
      const next = otherEnd(search, variable, node);
      if (settled[next] === round || variable === except) continue;
      const way = wayOf(search, variable, node, ends.backwards);
      const isFree = search.freeRoom(variable, way) > 0;
      if (!isFree && search.paidRoom(variable, way) <= 0) continue;
      // A little for each step, so that of equal ways the shortest is taken.
      const length = distance[node]! + (isFree ? 0 : cost[variable]!) + 1e-6;
      if (found[next] === round && length >= distance[next]!) continue;
      found[next] = round;
      distance[next] = length;
      via[next] = variable;
      queue.add(next, length);
    }
  }
  return undefined;
}

/** A binary heap of nodes by distance. */
function createQueue() {
  const nodes: number[] = [];
  const keys: number[] = [];
  const swap = (a: number, b: number) => {
    [nodes[a], nodes[b]] = [nodes[b]!, nodes[a]!];
    [keys[a], keys[b]] = [keys[b]!, keys[a]!];
  };
  return {
    size: () => nodes.length,
    add(node: number, key: number): void {
      let i = nodes.push(node) - 1;
      keys.push(key);
      for (let up = (i - 1) >> 1; i > 0 && keys[i]! < keys[up]!; i = up, up = (i - 1) >> 1) swap(i, up);
    },
    take(): number {
      const first = nodes[0]!;
      swap(0, nodes.length - 1);
      nodes.pop();
      keys.pop();
      for (let i = 0; ; ) {
        let least = i;
        for (const child of [2 * i + 1, 2 * i + 2]) if (child < nodes.length && keys[child]! < keys[least]!) least = child;
        if (least === i) return first;
        swap(i, least);
        i = least;
      }
    },
  };
}
