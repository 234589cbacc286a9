// What agreements give, laid out so that one request is looked up in a handful of steps, and so that the step at which a request falls
// short is the reason to give. The order of the steps is the order of the reasons: see docs/methods/access.md.

import type { AccessRequest, ClauseRef, Grant, Refusal } from './access-request.ts';
import { relations, type Form } from './agreement.ts';
import { meansScore } from './score-of-a-person.ts';

type Tree<Leaf> = Map<string, Leaf>;
type Leaves = readonly Grant[];

export interface GrantIndex {
  /** holder → agency → role → purpose → item → form → grants, nearest first. */
  tree: Tree<Tree<Tree<Tree<Tree<Tree<Leaves>>>>>>;
  /** Nearest grant of an item to whomever it is, by holder, purpose, item and form; and to this reader for whatever purpose. */
  nearest: Map<string, ClauseRef>;
  /** Whether a feed is published already. */
  isOpen(feed: string): boolean;
  /** Keys that were seen, and whether each is a score: the same few hundred come again and again. */
  scores: Map<string, boolean>;
}

/** How well a request fits: the grant that allows it, or where it falls short. */
export type Fit = { grant: Grant } | { grant?: undefined; missed: Refusal; nearest: ClauseRef | undefined };

/**
 * Lays out grants for `decide`. Make it anew whenever the grants change.
 *
 * @param options.isOpen says which feeds are published already; none where it is absent
 */
export function indexGrants(grants: readonly Grant[], options: { isOpen?: (feed: string) => boolean } = {}): GrantIndex {
  const index: GrantIndex = { tree: new Map(), nearest: new Map(), isOpen: options.isOpen ?? (() => false), scores: new Map() };
  for (const grant of grants.toSorted(byNearness)) {
    const { holder, agency, role, purpose, item, form } = grant;
    const forms = branch(branch(branch(branch(branch<Tree<Tree<Tree<Tree<Tree<Leaves>>>>>>(index.tree, holder), agency), role), purpose), item);
    const leaves = forms.get(form) as Grant[] | undefined;
    if (leaves) leaves.push(grant);
    else forms.set(form, [grant]);
    for (const key of [toAnyone(holder, purpose, item, form), forAnything(holder, agency, role, item, form)]) {
      if (!index.nearest.has(key)) index.nearest.set(key, refOf(grant));
    }
  }
  return index;
}

/** Those that last longest come first, and then in the order of the agreements, so that the same clause is named whatever order they came in. */
function byNearness(a: Grant, b: Grant): number {
  if (a.to !== b.to) return a.to > b.to ? -1 : 1;
  if (a.agreementId !== b.agreementId) return a.agreementId < b.agreementId ? -1 : 1;
  return b.version - a.version || a.clause - b.clause || a.from - b.from;
}

function branch<Leaf extends Map<string, unknown>>(tree: Map<string, Leaf>, key: string): Leaf {
  let found = tree.get(key);
  if (!found) tree.set(key, (found = new Map<string, unknown>() as Leaf));
  return found;
}

const toAnyone = (holder: string, purpose: string, item: string, form: Form) => `to ${holder} ${purpose} ${form} ${item}`;
const forAnything = (holder: string, agency: string, role: string, item: string, form: Form) => `for ${holder} ${agency} ${role} ${form} ${item}`;

export const refOf = ({ agreementId, version, clause }: ClauseRef): ClauseRef => ({ agreementId, version, clause });

/** Whether the item is a score, remembered. Bounded, since keys may come from outside. */
export function isScore(index: GrantIndex, key: string): boolean {
  let known = index.scores.get(key);
  if (known === undefined) {
    if (index.scores.size > 10_000) index.scores.clear();
    index.scores.set(key, (known = meansScore(key)));
  }
  return known;
}

/** The grant that fits, or the step at which the request falls short. `purpose` must be stated. */
export function fitOf(index: GrantIndex, { who, relation, purpose, item, at }: AccessRequest): Fit {
  const { key, form, holder } = item;
  const agencies = index.tree.get(holder);
  if (!agencies) return { missed: 'no-agreement', nearest: undefined };
  const purposes = agencies.get(who.agency)?.get(who.role);
  if (!purposes) return { missed: 'not-recipient', nearest: index.nearest.get(toAnyone(holder, purpose!, key, form)) };
  const items = purposes.get(purpose!);
  if (!items) return { missed: 'not-for-purpose', nearest: index.nearest.get(forAnything(holder, who.agency, who.role, key, form)) };
  const formsOfItem = items.get(key);
  if (!formsOfItem) return { missed: 'not-this-item', nearest: firstOf(items.values().next().value) };
  const grants = formsOfItem.get(form);
  if (!grants) return { missed: 'not-in-this-form', nearest: firstOf(formsOfItem) };
  return fitInTime(grants, relations.indexOf(relation), at);
}

function firstOf(formsOfItem: Tree<Leaves> | undefined): ClauseRef | undefined {
  const grant = formsOfItem?.values().next().value?.[0];
  return grant && refOf(grant);
}

/** Grants that last longest come first, so the first of each kind is the nearest. */
function fitInTime(grants: Leaves, closeness: number, at: number): Fit {
  let close = false;
  let ended: Grant | undefined;
  let toCome: Grant | undefined;
  for (const grant of grants) {
    if (relations.indexOf(grant.relation) > closeness) continue;
    close = true;
    if (at >= grant.to) ended ??= grant;
    else if (at < grant.from) toCome = !toCome || grant.from < toCome.from ? grant : toCome;
    else return { grant };
  }
  if (!close) return { missed: 'relation-needed', nearest: refOf(grants.find(({ from, to }) => from <= at && at < to) ?? grants[0]!) };
  if (ended) return { missed: ended.endedBy === 'power' ? 'power-not-in-force' : 'lapsed', nearest: refOf(ended) };
  return { missed: 'not-yet', nearest: refOf(toCome!) };
}
