// What one reader may see now: which feeds, by which clauses, for which purpose; and whether that is enough for a page. Pure: the same grants,
// reader, purpose and time give the same answer. A feed counts only where every column of it that identifies nobody is given: its figures are made
// of whole rows.

import type { Role } from '../../core/index.ts';
import { decide, identifies, indexGrants, nearestOf, writeBasis, writeClauseRef, type ClauseRef, type Decision, type Grant, type GrantIndex, type Reader, type Refusal } from '../../govern/index.ts';
import type { SharedFeed } from '../../ingest/index.ts';
import type { PageId } from '../permission.ts';
import type { Sharing } from './sharing.ts';

export interface Refused {
  reason: Refusal;
  clause?: ClauseRef;
}

export interface FeedSight {
  feed: SharedFeed;
  /** Null where it may be seen. */
  refused: Refused | null;
  /** What allows it; none where it is published. */
  clauses: readonly ClauseRef[];
}

export interface Sight {
  who: Reader;
  at: number;
  /** As the session has it; null where none is stated. */
  stated: string | null;
  /** The stated one, where a live agreement still gives it. */
  purpose: string | null;
  /** Those that live agreements give to the reader's agency and role. */
  purposes: readonly string[];
  /** Records of named people are given for one of them. */
  people: boolean;
  /** Parts of cases are given for one of them. */
  cases: boolean;
  feeds: ReadonlyMap<string, FeedSight>;
}

/** Grants laid out for one register's answer; made anew when the grants change. */
export interface GrantBook {
  index: GrantIndex;
  /** "agency role" → purpose → when it is given. */
  purposes: ReadonlyMap<string, ReadonlyMap<string, readonly Pick<Grant, 'from' | 'to'>[]>>;
  /** "agency role" → purpose → clauses that give columns of feeds about named people, and when. */
  people: ClauseBook;
  /** The same of clauses that give parts of cases. */
  cases: ClauseBook;
  /** "agency role" → every clause that gives or gave it anything, and when. */
  clauses: ReadonlyMap<string, readonly GivenClause[]>;
}

export type ClauseBook = ReadonlyMap<string, ReadonlyMap<string, readonly GivenClause[]>>;

type GivenClause = ClauseRef & Pick<Grant, 'from' | 'to' | 'endedBy'>;

const keyOf = (agency: string, role: Role) => `${agency} ${role}`;

export function openBook(grants: readonly Grant[], sharing: Sharing): GrantBook {
  const published = new Set(sharing.feeds.filter((feed) => feed.published).map(({ feed }) => feed));
  const purposes = new Map<string, Map<string, Map<string, Pick<Grant, 'from' | 'to'>>>>();
  for (const { agency, role, purpose, from, to } of grants) {
    const own = purposes.get(keyOf(agency, role)) ?? new Map<string, Map<string, Pick<Grant, 'from' | 'to'>>>();
    purposes.set(keyOf(agency, role), own);
    const spans = own.get(purpose) ?? new Map<string, Pick<Grant, 'from' | 'to'>>();
    own.set(purpose, spans);
    spans.set(`${from} ${to}`, { from, to });
  }
  const [ofCases, named] = [true, false].map((isCase) => grants.filter(({ form, item }) => form === 'identified' && item.startsWith('case/') === isCase)) as [Grant[], Grant[]];
  return {
    people: clauseBook(named),
    cases: clauseBook(ofCases),
    clauses: new Map([...Map.groupBy(grants, ({ agency, role }) => keyOf(agency, role))].map(([key, own]) => [key, clausesOf(own)])),
    index: indexGrants(grants, { isOpen: (feed) => published.has(feed) }),
    purposes: new Map([...purposes].map(([key, own]) => [key, new Map([...own].map(([purpose, spans]) => [purpose, [...spans.values()]]))])),
  };
}

const clauseBook = (grants: readonly Grant[]): ClauseBook =>
  new Map([...Map.groupBy(grants, ({ agency, role }) => keyOf(agency, role))].map(([key, own]) => [key, new Map([...Map.groupBy(own, ({ purpose }) => purpose)].map(([purpose, some]) => [purpose, clausesOf(some)]))]));

/** Each clause and span of time once. */
const clausesOf = (grants: readonly Grant[]): GivenClause[] => [...new Map(grants.map(({ agreementId, version, clause, from, to, endedBy }) => [`${agreementId}/${version}/${clause} ${from} ${to}`, { agreementId, version, clause, from, to, endedBy }])).values()];

export interface Asking {
  who: Reader;
  stated: string | null;
  at: number;
}

/** What the reader may see of each feed that the packs know. */
export function look(book: GrantBook, sharing: Sharing, { who, stated, at }: Asking): Sight {
  const given = [...(book.purposes.get(keyOf(who.agency, who.role)) ?? [])].filter(([, spans]) => spans.some((span) => isLive(span, at))).map(([purpose]) => purpose);
  const known = [...sharing.purposes.keys()];
  const purposes = given.toSorted((a, b) => known.indexOf(a) - known.indexOf(b));
  const ask = (feed: SharedFeed, column: string): Decision => decide(book.index, { who, relation: 'none', purpose: stated, item: { key: `${feed.feed}/${column}`, form: 'pseudonymised', holder: feed.holder }, subject: null, at });
  const feeds = sharing.feeds.map((feed): [string, FeedSight] => {
    if (feed.published) return [feed.feed, { feed, refused: null, clauses: [] }];
    return [feed.feed, { feed, ...judgeColumns(columnsOf(sharing, feed).map((column) => ask(feed, column))) }];
  });
  return { who, at, stated, purpose: stated !== null && purposes.includes(stated) ? stated : null, purposes, people: givesNow(book.people, { who, at }), cases: givesNow(book.cases, { who, at }), feeds: new Map(feeds) };
}

/** Those that identify nobody, as agreements give them. */
const columnsOf = ({ items }: Sharing, { feed, columns }: SharedFeed): readonly string[] => items.get(feed)?.columns.filter(({ identifying }) => !identifying).map(({ name }) => name) ?? columns;

function judgeColumns(decisions: readonly Decision[]): Pick<FeedSight, 'refused' | 'clauses'> {
  const clauses = new Map<string, ClauseRef>();
  for (const decision of decisions) if (decision.allowed && decision.by === 'clause') clauses.set(writeClauseRef(decision.clause), decision.clause);
  const refused = decisions.filter((decision) => !decision.allowed);
  if (refused.length === 0 && clauses.size > 0) return { refused: null, clauses: [...clauses.values()] };
  const [first] = refused;
  if (!first || clauses.size > 0) return { refused: { reason: 'not-this-item', ...(clauses.size > 0 ? { clause: [...clauses.values()][0]! } : {}) }, clauses: [] };
  return { refused: nearest(refused), clauses: [] };
}

function nearest(refused: readonly Refused[]): Refused {
  const first = nearestOf(refused);
  return { reason: first!.reason, ...(first!.clause ? { clause: first!.clause } : {}) };
}

/** Pages whose answers are made of feeds, and of which feeds. */
const needs = {
  demand: 'events',
  'repeat-demand': 'events',
  places: 'events',
  'data-quality': 'any',
  linkage: 'people',
} as const satisfies Partial<Record<PageId, 'events' | 'people' | 'any'>>;

export type FeedPage = keyof typeof needs;
export const isFeedPage = (page: string): page is FeedPage => Object.hasOwn(needs, page);

/** The feeds that the page could be made of. */
export function feedsFor(sight: Sight, page: FeedPage): FeedSight[] {
  const need = needs[page];
  return [...sight.feeds.values()].filter(({ feed }) => need === 'any' || feed[need]);
}

export type Verdict = { allowed: true; basis: string } | ({ allowed: false } & Refused);

/** What is made of the records of all people together may be seen by who may see every loaded feed that names people. Where none is listed, by nobody. */
export function maySeePeople(sight: Sight, loaded: readonly string[]): boolean {
  return loaded.length > 0 && loaded.every((feed) => {
    const found = sight.feeds.get(feed);
    return found !== undefined && (!found.feed.people || found.refused === null);
  });
}

/**
 * May the page be shown at all? Where an agreement gives a feed that it could be made of; or, to someone who has stated no purpose, where a published
 * one is loaded. Who stated one and is given nothing for it is told so: other numbers in the same place would be taken for those. How records are
 * linked is one thing made of all people's records, so it is shown whole or not at all.
 * @param loaded undefined where there is nothing to show: then the page, which says so, is judged
 */
export function judgePage(sight: Sight, page: FeedPage, loaded: readonly string[] | undefined): Verdict {
  const possible = feedsFor(sight, page);
  const given = possible.filter(({ feed, refused }) => !feed.published && refused === null);
  const refused = possible.flatMap((each) => (each.refused ? [each.refused] : []));
  const whole = page !== 'linkage' || loaded === undefined || maySeePeople(sight, loaded);
  const isOpen = sight.stated === null && possible.some(({ feed }) => feed.published && loaded?.includes(feed.feed));
  if (whole && (given.length > 0 || isOpen)) return { allowed: true, basis: basisOf(given) };
  return { allowed: false, ...(refused.length > 0 ? nearest(refused) : { reason: 'no-agreement' as const }) };
}

const basisOf = (given: readonly FeedSight[]): string => writeBasis(given.flatMap((each) => each.clauses.map(writeClauseRef))) || 'open-data';

/** Those that say who somebody is and identify: a name, a date of birth, an address, a number; not a sex or an age alone. */
const namingColumns = ({ items }: Sharing, { feed, personColumns }: SharedFeed): string[] => personColumns.filter((name) => identifies(items, feed, name));

/** The one purpose for which names are shown beside each other that no case joins. */
export const linkagePurpose = 'record-linkage';

/**
 * May the reader see the records of named people that linkage is unsure of? Any pair may be of any agencies, so: for the purpose of keeping links
 * right, by clauses that give every column by which somebody can be told, of every loaded feed that names people.
 */
export function judgeReview(book: GrantBook, sharing: Sharing, { who, stated, at }: Asking, loaded: readonly string[]): Verdict {
  if (stated === null) return { allowed: false, reason: 'no-purpose' };
  const people = sharing.feeds.filter((feed) => feed.people);
  const shown = people.filter(({ feed }) => loaded.includes(feed));
  const asked = shown.length > 0 ? shown : people;
  const decisions = asked.flatMap((feed) => namingColumns(sharing, feed).map((column) => decide(book.index, { who, relation: 'none', purpose: linkagePurpose, item: { key: `${feed.feed}/${column}`, form: 'identified', holder: feed.holder }, subject: null, at })));
  const refused = decisions.filter((decision) => !decision.allowed);
  const clauses = decisions.flatMap((decision) => (decision.allowed && decision.by === 'clause' ? [writeClauseRef(decision.clause)] : []));
  if (refused.length > 0 || clauses.length === 0) return { allowed: false, ...(refused.length > 0 ? nearest(refused) : { reason: 'no-agreement' as const }) };
  if (stated !== linkagePurpose) return { allowed: false, reason: 'not-for-purpose' };
  return { allowed: true, basis: writeBasis(clauses) };
}

const isLive = ({ from, to }: Pick<Grant, 'from' | 'to'>, at: number): boolean => from <= at && at < to;

const givesNow = (book: ClauseBook, { who, at }: Pick<Asking, 'who' | 'at'>): boolean => [...(book.get(keyOf(who.agency, who.role))?.values() ?? [])].flat().some((clause) => isLive(clause, at));

/**
 * May the reader look for named people, or for cases, at all? Where a clause of the book is in force for their agency and role, for the purpose that
 * they stated. Of whom they may see what is decided person by person, and case by case.
 */
export function judgeNamed(book: ClauseBook, { who, stated, at }: Asking): Verdict {
  const own = book.get(keyOf(who.agency, who.role));
  if (!own) return { allowed: false, reason: 'not-recipient' };
  if (stated === null && givesNow(book, { who, at })) return { allowed: false, reason: 'no-purpose' };
  const asked = stated === null ? [...own.values()].flat() : own.get(stated);
  if (!asked) return { allowed: false, reason: 'not-for-purpose' };
  const given = asked.filter((clause) => isLive(clause, at));
  if (stated !== null && given.length > 0) return { allowed: true, basis: writeBasis(given.map(writeClauseRef)) };
  return { allowed: false, ...whyOver(asked, at) };
}

/** Why none of these clauses gives anything now, by the one that lasted longest. */
function whyOver(clauses: readonly GivenClause[], at: number): Refused & { clause: ClauseRef } {
  const { agreementId, version, clause, endedBy } = clauses.toSorted((a, b) => b.to - a.to)[0]!;
  const ended = clauses.some(({ to }) => to <= at);
  return { reason: !ended ? 'not-yet' : endedBy === 'power' ? 'power-not-in-force' : 'lapsed', clause: { agreementId, version, clause } };
}

/** The clauses by which a reader sees figures, of whatever feed. */
export const standsOnFeeds = ({ feeds }: Sight): string => writeBasis([...feeds.values()].flatMap(({ clauses }) => clauses.map(writeClauseRef)));

/**
 * The first of these clauses that gives the reader nothing any more; null where each still does. Of one that never gave them anything, which a page
 * cannot have stood on, no more is said than that.
 */
export function findFallen(book: GrantBook['clauses'], { who, at }: Pick<Asking, 'who' | 'at'>, standsOn: string): Refused | null {
  const own = Map.groupBy(book.get(keyOf(who.agency, who.role)) ?? [], writeClauseRef);
  for (const name of standsOn.split(' ').filter((each) => each.includes('/'))) {
    const spans = own.get(name);
    if (!spans) return { reason: 'not-recipient' };
    if (!spans.some((span) => isLive(span, at))) return whyOver(spans, at);
  }
  return null;
}
