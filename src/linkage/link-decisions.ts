// What reviewers settled about pairs of records, as constraints on clusters: same means one person, different means never one person,
// not even through other records. Decisions may contradict each other (a = b, b = c, a ≠ c): the latest wins, and what it rules out is named.

/** A settled decision on two records, by their ids. The same shape serves as a label for training and scoring. */
export interface LinkDecision {
  left: string;
  right: string;
  same: boolean;
  /** The event of the snapshot that the decision undoes, where it was made by an undo and not in the review. */
  undo?: number;
}

export interface ReconciledDecisions {
  /** Decisions that hold together, in the order given. */
  kept: LinkDecision[];
  /** Decisions that later ones rule out, in the order given. */
  contradicted: LinkDecision[];
}

/**
 * The decisions that can all be honoured. They are taken from the latest to the earliest; one that the later ones already rule out
 * is left out, so that the latest always holds.
 * @param decisions settled decisions, the latest last
 * @example reconcileDecisions([{ left: 'a', right: 'b', same: true }, { left: 'a', right: 'b', same: false }]).kept // [{ left: 'a', right: 'b', same: false }]
 */
export function reconcileDecisions(decisions: readonly LinkDecision[]): ReconciledDecisions {
  const parents = new Map<string, string>();
  const apart = new Map<string, Set<string>>();
  const rootOf = (record: string): string => {
    let root = record;
    for (let next = parents.get(root); next !== undefined; next = parents.get(root)) root = next;
    for (let at = record; at !== root; ) {
      const next = parents.get(at)!;
      parents.set(at, root);
      at = next;
    }
    return root;
  };
  const apartFrom = (root: string): Set<string> => {
    let held = apart.get(root);
    if (!held) apart.set(root, (held = new Set()));
    return held;
  };
  const join = (keep: string, gone: string) => {
    parents.set(gone, keep);
    for (const other of apartFrom(gone)) {
      apartFrom(other).delete(gone);
      apartFrom(other).add(keep);
      apartFrom(keep).add(other);
    }
    apart.delete(gone);
  };
  const holds = new Set<LinkDecision>();
  for (const decision of decisions.toReversed()) {
    const [left, right] = [rootOf(decision.left), rootOf(decision.right)];
    const possible = decision.same ? !apartFrom(left).has(right) : left !== right;
    if (!possible) continue;
    holds.add(decision);
    if (decision.same && left !== right) join(left, right);
    if (!decision.same) {
      apartFrom(left).add(right);
      apartFrom(right).add(left);
    }
  }
  return { kept: decisions.filter((decision) => holds.has(decision)), contradicted: decisions.filter((decision) => !holds.has(decision)) };
}
