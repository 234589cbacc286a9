// People as a reader may have them: a search, one person's record, breaking the glass. One way leads to all of them, so that page, file, print, API
// and search answer alike. Someone of whom the reader may see nothing is answered like someone who does not exist.

import type { Clock } from '../core/index.ts';
import type { AuditFlag, Casework } from '../store/index.ts';
import { glassRoles, glassTime } from './access-decision.ts';
import type { Refusal } from './access-request.ts';
import { breakGlass, type BreakGlassOutcome } from './break-glass.store.ts';
import { ownRecordFlags } from './own-record.ts';
import { maySeeAny, nearestRefusal, showRecord, type Asking, type HeldRow, type RecordColumn, type RecordFeed, type ShownFeed, type Standing } from './person-record.ts';
import { fitPerson, shownFields, type PersonFit, type PersonQuery, type ShownFields } from './person-search.ts';
import type { FindAccepted } from './correction.store.ts';
import { markCorrections } from './correction.ts';
import { findStandings, listCasePeople, type PersonKeys } from './person-standing.store.ts';
import { asReader } from './reader-transaction.store.ts';
import { findSealedTo, type KeySource } from './sealed-people.ts';

/** Where rows about people come from; it decides nothing. */
export interface PeopleSource extends KeySource {
  /** The person whom a key means now. */
  find(key: string): Promise<PersonKeys | undefined>;
  /** Of these feeds alone, where they are given. */
  rows(personKeys: readonly string[], feeds?: readonly string[]): Promise<HeldRow[]>;
  /** People who may be meant, in no order; the reader may or may not see them. */
  candidates(query: PersonQuery): Promise<string[]>;
  /** Makes ready what a search needs. */
  prepare(): Promise<void>;
}

/** Whom a key means now; where that is nobody in the snapshot, somebody who has that key alone. */
export const personOf = async (source: Pick<PeopleSource, 'find'>, key: string): Promise<PersonKeys> => (await source.find(key)) ?? { personKey: key, meaning: [key], ever: [key] };

export type PersonAnswer =
  | { kind: 'record'; personKey: string; feeds: ShownFeed[]; /** Until when the reader has broken the glass; null where they have not. */ brokenUntil: number | null; mayBreak: boolean; /** For the audit alone. */ flags?: AuditFlag[] }
  /** A record exists; nothing of it is told. */
  | { kind: 'sealed'; personKey: string; whomToRing: string }
  | { kind: 'none'; reason: Refusal | 'not-found' };

export type FoundPerson = { personKey: string; fit: PersonFit; feeds: ShownFeed[]; /** For the audit alone. */ flags?: AuditFlag[] };
export interface SearchAnswer {
  /** At most ten, those first that fit best. */
  found: FoundPerson[];
  sealed: { personKey: string; whomToRing: string }[];
}

/** What a search that weighs records by itself may tell of somebody. */
export interface Comparable {
  personKey: string;
  /** By agency. */
  fields: ReadonlyMap<string, ShownFields>;
  feeds: ShownFeed[];
  /** Where the record is sealed to the reader: then this alone is told, and the rest only decides whether it is. */
  whomToRing?: string;
}

export interface People {
  find(asking: Asking, key: string): Promise<PersonAnswer>;
  search(asking: Asking, query: PersonQuery): Promise<SearchAnswer>;
  /** Of those whom the reader may see, or learn of that a record is sealed, what may be compared; the others are left out. */
  comparable(asking: Asking, personKeys: readonly string[]): Promise<Comparable[]>;
  /**
   * What names each of several people, by the key that was asked for: what the reader's own agency holds about them, or where that names nobody, others. Those who are
   * sealed to the reader, or whose name they are not given, are left out.
   */
  namesOf(asking: Asking, personKeys: readonly string[]): Promise<ReadonlyMap<string, Omit<FoundPerson, 'fit'>>>;
  /** Opens the record for two hours; refused for someone of whom the reader may see nothing. */
  breakGlass(asking: Asking, key: string, reason: string): Promise<BreakGlassOutcome | { ok: false; reason: 'not-found' }>;
  /** Makes ready for a search that is about to come. */
  prepare(): Promise<void>;
  /** Whether somebody has this key, for those who seal records. */
  exists(key: string): Promise<string | undefined>;
  /** Those of the keys, of any snapshot, whose person is sealed to the reader: for pages that show names by another way than a record. */
  sealedTo(asking: Asking, personKeys: readonly string[]): Promise<ReadonlySet<string>>;
}

const mostFound = 10;
/** People of the reader's own cases that a search looks through, beside those whom the index finds. */
const mostOwn = 200;
/** Nobody has this key: it stands where work is done for nobody. */
export const noPerson = 'P0000000000000000';
/** Less than this does not single anybody out, and a seal is not to be felt out letter by letter. */
export const sealedScore = 0.7;

export function isPersonKey(text: string): boolean {
  return /^P[0-9a-f]{16}$/.test(text);
}

export function openPeople(db: Casework['db'], clock: Clock, { source, feeds, corrections }: { source: PeopleSource; feeds: readonly RecordFeed[]; /** What was accepted about what is shown; nothing where absent. */ corrections?: FindAccepted }): People {
  const standingsOf = (asking: Asking, people: readonly PersonKeys[]): Promise<Map<string, Standing>> =>
    asReader(db, asking.who, asking.purpose, { now: () => asking.at }, (transaction) => findStandings(transaction, people));

  /** Other people in these rows whose records are sealed to the reader. */
  const sealedAmong = async (asking: Asking, rows: readonly HeldRow[]): Promise<(personKey: string) => boolean> => {
    const others = [...new Set(rows.flatMap((row) => row.others))];
    if (others.length === 0) return () => false;
    const standings = await standingsOf(asking, await source.keysOf(others));
    return (personKey) => isSealedTo(standings.get(personKey));
  };

  /** What of each is shown, as if no seal held where it is sealed to the reader. */
  const showAll = async (asking: Asking, people: readonly PersonKeys[], standings: ReadonlyMap<string, Standing>, of: readonly RecordFeed[] = feeds): Promise<Map<string, Pick<FoundPerson, 'feeds' | 'flags'> & { rows: HeldRow[] }>> => {
    const open = people.filter(({ personKey }) => maySeeAny(asking, unsealed(standings.get(personKey)!), of));
    const rows = await source.rows(open.map(({ personKey }) => personKey), of === feeds ? undefined : of.map(({ feed }) => feed));
    const isSealed = await sealedAmong(asking, rows);
    const rowsOf = Map.groupBy(rows, ({ personKey }) => personKey);
    return new Map(open.map(({ personKey }) => {
      const own = rowsOf.get(personKey) ?? [];
      return [personKey, { rows: own, feeds: showRecord(asking, unsealed(standings.get(personKey)!), { feeds: of, rows: own, isSealed }), flags: asking.own ? ownRecordFlags(asking.own, own, of) : [] }];
    }));
  };

  const find = async (asking: Asking, key: string): Promise<PersonAnswer> => {
    if (!isPersonKey(key)) return { kind: 'none', reason: 'not-found' };
    const known = await source.find(key);
    // For a key that nobody has the same is asked as for one whose person the reader may not see, so that the work does not tell them apart.
    const person = known ?? { personKey: key, meaning: [key], ever: [key] };
    const standings = await standingsOf(asking, [person]);
    const standing = standings.get(person.personKey)!;
    const { feeds: shown, flags } = (await showAll(asking, [person], standings)).get(person.personKey) ?? { feeds: [], flags: [] };
    if (!known) return { kind: 'none', reason: 'not-found' };
    const { personKey } = person;
    if (shown.length === 0) return { kind: 'none', reason: nearestRefusal(asking, standing, feeds) };
    if (isSealedTo(standing)) return standing.whomToRing === null ? { kind: 'none', reason: 'sealed' } : { kind: 'sealed', personKey, whomToRing: standing.whomToRing };
    const brokenUntil = isOpen(standing.subject.brokenUntil, asking.at) ? standing.subject.brokenUntil : null;
    const marked = corrections ? markCorrections(shown, await corrections(asking, shown.flatMap(({ rows }) => rows))) : shown;
    return { kind: 'record', personKey, feeds: marked, brokenUntil, mayBreak: glassRoles.includes(asking.who.role) && asking.purpose !== null && brokenUntil === null, flags: [...(flags ?? []), ...(standing.relation === 'none' ? (['no-relation'] as const) : [])] };
  };

  return {
    find,
    async search(asking, query) {
      // Among many of one name those whom the reader works with are not to be missed.
      const own = await asReader(db, asking.who, asking.purpose, { now: () => asking.at }, (transaction) => listCasePeople(transaction, mostOwn));
      const people = await source.keysOf([...new Set([...(await source.candidates(query)), ...(await source.now(own))])]);
      const standings = await standingsOf(asking, people);
      const shown = await showAll(asking, people, standings);
      const answer: SearchAnswer = { found: [], sealed: [] };
      for (const [personKey, { feeds: shownFeeds, flags }] of shown) {
        const fit = fitPerson(query, shownFeeds);
        if (!fit) continue;
        const standing = standings.get(personKey)!;
        if (!isSealedTo(standing)) answer.found.push({ personKey, fit, feeds: shownFeeds, flags });
        else if (standing.whomToRing !== null && fit.score >= sealedScore && Object.keys(query).length > 1) answer.sealed.push({ personKey, whomToRing: standing.whomToRing });
      }
      answer.found.sort((a, b) => b.fit.score - a.fit.score || (a.personKey < b.personKey ? -1 : 1));
      answer.sealed.sort((a, b) => (a.personKey < b.personKey ? -1 : 1));
      return { found: answer.found.slice(0, mostFound), sealed: answer.sealed.slice(0, mostFound) };
    },
    async comparable(asking, personKeys) {
      const people = await source.keysOf(await source.now(personKeys));
      const standings = await standingsOf(asking, people);
      return [...(await showAll(asking, people, standings))].flatMap(([personKey, { feeds: shown, rows }]): Comparable[] => {
        const standing = standings.get(personKey)!;
        const sealed = isSealedTo(standing);
        if (shown.length === 0 || (sealed && standing.whomToRing === null)) return [];
        return [{ personKey, fields: shownFields(rows, feeds, shown), feeds: shown, ...(sealed ? { whomToRing: standing.whomToRing! } : {}) }];
      });
    },
    async namesOf(asking, personKeys) {
      const people = await source.keysOf(await source.now(personKeys));
      const standings = await standingsOf(asking, people);
      const naming = feeds.filter(({ columns }) => columns.some(isName));
      const named = new Map<string, Omit<FoundPerson, 'fit'>>();
      for (const own of [true, false]) {
        const left = people.filter(({ personKey }) => !named.has(personKey) && !isSealedTo(standings.get(personKey)));
        const shown = await showAll(asking, left, standings, naming.filter(({ holder }) => (holder === asking.who.agency) === own));
        for (const [personKey, { feeds: of, flags }] of shown) if (of.some(({ rows }) => rows.some(({ cells }) => cells.some(({ column }) => isName(column))))) named.set(personKey, { personKey, feeds: of, flags });
      }
      const accepted = corrections ? await corrections(asking, [...named.values()].flatMap(({ feeds: of }) => of.flatMap(({ rows }) => rows))) : [];
      return new Map(people.flatMap(({ personKey, meaning }) => {
        const found = named.get(personKey);
        const each = found && { ...found, feeds: markCorrections(found.feeds, accepted) };
        return each ? personKeys.filter((key) => key === personKey || meaning.includes(key)).map((key) => [key, each] as const) : [];
      }));
    },
    async breakGlass(asking, key, reason) {
      const answer = await find(asking, key);
      if (answer.kind === 'none') return { ok: false, reason: 'not-found' };
      if (answer.kind === 'sealed') return { ok: false, reason: 'sealed', notice: { whomToRing: answer.whomToRing } };
      return breakGlass(db, clock, { reader: asking.who, purpose: asking.purpose, personKey: answer.personKey, reason });
    },
    prepare: () => source.prepare(),
    exists: async (key) => (isPersonKey(key) ? (await source.find(key))?.personKey : undefined),
    sealedTo: (asking, keys) => findSealedTo(db, asking, { source, keys }),
  };
}

const isName = ({ person }: RecordColumn): boolean => person === 'forename' || person === 'surname';
const isSealedTo = (standing: Standing | undefined): boolean => standing !== undefined && standing.subject.sealed && !standing.subject.keeper;
const unsealed = (standing: Standing): Standing => (isSealedTo(standing) ? { ...standing, subject: { ...standing.subject, sealed: false } } : standing);
const isOpen = (until: number | null, at: number): boolean => until !== null && at < until && at >= until - glassTime;
