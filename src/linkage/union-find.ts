// Which records hang together? Union–find with path halving over a typed array (Tarjan 1975). The root of a set is its smallest member,
// so that the result does not depend on the order of the edges.

export interface Sets {
  /** The smallest member of the set that holds this one. */
  rootOf(member: number): number;
  /** Joins two sets; false where they were one already. */
  join(a: number, b: number): boolean;
}

export function createSets(size: number): Sets {
  const parent = new Int32Array(size);
  for (let i = 0; i < size; i += 1) parent[i] = i;
  const rootOf = (member: number): number => {
    let node = member;
    while (parent[node] !== node) {
      parent[node] = parent[parent[node]!]!;
      node = parent[node]!;
    }
    return node;
  };
  return {
    rootOf,
    join: (a, b) => {
      const rootA = rootOf(a);
      const rootB = rootOf(b);
      if (rootA === rootB) return false;
      if (rootA < rootB) parent[rootB] = rootA;
      else parent[rootA] = rootB;
      return true;
    },
  };
}
