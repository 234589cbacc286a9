// The gate in front of every page that shows data: for this reader and their stated purpose, the part of the snapshot that agreements give, or the
// reason why there is none. It is asked at each request and keeps no answer: an agreement that lapses is felt at the next click.

import type { FastifyRequest } from 'fastify';
import { readOnce, type Clock, type LakeReader, type LeftOutFeed, type Session } from '../../core/index.ts';
import { findAgencyCode, type Agreement, type AgreementRegister, type Asking as PersonAsking, type Grant } from '../../govern/index.ts';
import type { PageId } from '../permission.ts';
import { notFound, type HttpProblem } from '../problem/http-problem.ts';
import { NoDataYet } from '../problem/no-data.ts';
import { loadedFeedsSql } from './loaded-feeds.sql.ts';
import { presentDark } from './dark.ts';
import { asSentence, refusalWords } from './refusal-words.ts';
import type { Sharing } from './sharing.ts';
import { feedsFor, findFallen, isFeedPage, judgePage, judgeNamed, judgeReview, look, maySeePeople, openBook, standsOnFeeds, type GrantBook, type Refused, type Sight, type Verdict } from './sight.ts';

/** Why, for the audit: codes alone. */
export interface Why {
  purpose?: string;
  basis?: string;
}

/** What a request may see, once it is let in. */
export interface Seen {
  sight: Sight;
  /** The part of the snapshot; throws NoDataYet where there is none. */
  lake: () => LakeReader;
  /** Feeds that the page could be made of and this reader may not see. */
  leftOut: LeftOutFeed[];
  why: Why;
  /** The clauses that what is shown stands on, as the audit writes them; empty where it is published. */
  standsOn: string;
}

export type Passage =
  | { kind: 'open'; seen: Seen }
  /** The reader has purposes to choose from, and has stated none. */
  | { kind: 'state-purpose'; why: Why }
  | { kind: 'dark'; why: Why; problem: HttpProblem };

export interface Gate {
  sharing: Sharing;
  sightOf(session: Session): Promise<Sight>;
  /** Those of the pages that show data which are not dark now. */
  openPages(sight: Sight, pages: readonly PageId[]): Promise<PageId[]>;
  /** Null where the page needs no agreement. One that tells of people asks all the same for a purpose, of a reader who has any to state. */
  enter(request: FastifyRequest, page: PageId): Promise<Passage | null>;
  /** What a question about one person is asked with: who, for which purpose, now, under what agreements give. */
  askingOf(session: Session): Promise<PersonAsking>;
  /** What a reader may see of everything, for pages that show no data of their own. */
  seenBy(session: Session): Promise<Seen>;
  /** Why the first of these clauses that gives the reader nothing any more does so no longer, without a full stop; null where each still gives something. */
  findFallen(session: Session, standsOn: string): Promise<string | null>;
}

export interface GateOptions {
  /** Absent: nothing but published data is seen. */
  register: AgreementRegister | undefined;
  sharing: Sharing;
  clock: Clock;
  lake: () => LakeReader;
  contact: { name: string; email?: string } | undefined;
}

const noGrants: readonly Grant[] = [];
const isReviewPage = (page: PageId): boolean => page === 'review-links';
/** Pages about named people one by one, with the clauses that they stand on. */
const namedPages = { people: 'people', cases: 'cases' } as const satisfies Partial<Record<PageId, keyof GrantBook>>;
const isNamedPage = (page: PageId): page is keyof typeof namedPages => Object.hasOwn(namedPages, page);
/** Pages that tell an information governance lead of people, or of who saw them, by a duty of the role and no clause. */
const dutyPages: readonly PageId[] = ['seals', 'broken-glass', 'share-records', 'retention', 'subject-access', 'corrections', 're-identify', 'audit'];

export function createGate({ register, sharing, clock, lake, contact }: GateOptions): Gate {
  let book: { grants: readonly Grant[]; laidOut: GrantBook } | undefined;

  const bookNow = async (): Promise<GrantBook> => {
    const grants = (await register?.grants()) ?? noGrants;
    if (book?.grants !== grants) book = { grants, laidOut: openBook(grants, sharing) };
    return book.laidOut;
  };
  const askingOf = ({ userId, role, agency, purpose }: Session) => ({ who: { userId, role, agency: findAgencyCode(sharing.agencies, agency) ?? '' }, stated: purpose, at: clock.now() });
  const sightOf = async (session: Session): Promise<Sight> => look(await bookNow(), sharing, askingOf(session));

  const loadedIn = readOnce(listLoaded);
  /** Feeds of the snapshot. Where there is no snapshot, or it does not list them, nothing is there to see. */
  const readLoaded = async (): Promise<{ whole: LakeReader; loaded: string[] } | { missing: NoDataYet }> => {
    try {
      const whole = lake();
      const loaded = await loadedIn(whole);
      return loaded.length === 0 ? { missing: new NoDataYet(undefined, { unlisted: true }) } : { whole, loaded };
    } catch (error) {
      if (error instanceof NoDataYet) return { missing: error };
      throw error;
    }
  };
  type Loaded = Awaited<ReturnType<typeof readLoaded>>;

  const lakeFor = async (sight: Sight, found: Loaded): Promise<Seen['lake']> => {
    if ('missing' in found) {
      return () => {
        throw found.missing;
      };
    }
    const { whole, loaded } = found;
    const feeds = new Set([...sight.feeds].filter(([, { refused }]) => refused === null).map(([feed]) => feed));
    const people = maySeePeople(sight, loaded);
    const part = await limitTo(whole, { feeds, people });
    return () => part;
  };

  const agreementOf = async (refused: Refused, known = new Map<string, Promise<Agreement | undefined>>()): Promise<Agreement | undefined> => {
    if (!refused.clause || !register) return undefined;
    const { agreementId } = refused.clause;
    const finding = known.get(agreementId) ?? register.find(agreementId);
    known.set(agreementId, finding);
    return finding;
  };

  const leftOutOf = async (session: Session, sight: Sight, page: PageId): Promise<LeftOutFeed[]> => {
    if (!isFeedPage(page)) return [];
    const left: LeftOutFeed[] = [];
    const known = new Map<string, Promise<Agreement | undefined>>();
    for (const { feed, refused } of feedsFor(sight, page)) {
      if (!refused) continue;
      const words = refusalWords(refused, { session, sight, sharing, agreement: await agreementOf(refused, known) });
      left.push({ feed: feed.feed, label: feed.title, why: asSentence(words) });
    }
    return left;
  };

  const judge = async (sight: Sight, page: PageId, found: Loaded): Promise<Verdict> => {
    const loaded = 'missing' in found ? [] : found.loaded;
    if (isNamedPage(page)) return judgeNamed((await bookNow())[namedPages[page]], sight);
    return isFeedPage(page) ? judgePage(sight, page, 'missing' in found ? undefined : loaded) : judgeReview(await bookNow(), sharing, { who: sight.who, stated: sight.stated, at: sight.at }, loaded);
  };

  /** Who has none to state goes on: to look who saw whom must be possible when no agreement is in force. */
  const asksForPurpose = async (request: FastifyRequest, page: PageId): Promise<boolean> => {
    const session = request.session!;
    return session.role === 'governance-lead' && dutyPages.includes(page) && session.purpose === null && isForReading(request) && (await sightOf(session)).purposes.length > 0;
  };

  return {
    sharing,
    sightOf,
    async askingOf(session) {
      const { who, stated, at } = askingOf(session);
      const { name, address } = session;
      return { index: (await bookNow()).index, who, purpose: stated, at, own: { name, address } };
    },
    async seenBy(session) {
      const sight = await sightOf(session);
      return { sight, lake: await lakeFor(sight, await readLoaded()), leftOut: [], why: whyOf(session), standsOn: standsOnFeeds(sight) };
    },
    async openPages(sight, pages) {
      const found = await readLoaded();
      return pages.filter((page) => !isFeedPage(page) || judgePage(sight, page, 'missing' in found ? undefined : found.loaded).allowed);
    },
    async enter(request, page) {
      const session = request.session!;
      if (!isFeedPage(page) && !isReviewPage(page) && !isNamedPage(page)) return (await asksForPurpose(request, page)) ? { kind: 'state-purpose', why: {} } : null;
      const sight = await sightOf(session);
      // Whom no clause names learns nothing of pages about named people, not even that they are there.
      if (isNamedPage(page) && !(await bookNow())[namedPages[page]].has(`${sight.who.agency} ${sight.who.role}`)) return { kind: 'dark', why: { ...whyOf(session), basis: 'not-recipient' }, problem: notFound };
      if (session.purpose === null && sight.purposes.length > 0 && isForReading(request)) return { kind: 'state-purpose', why: {} };
      const found = await readLoaded();
      // Linkage's pairs are of records of any feed.
      if (isReviewPage(page) && 'missing' in found && found.missing.unlisted) throw found.missing;
      const verdict = await judge(sight, page, found);
      const why = { ...whyOf(session), basis: verdict.allowed ? verdict.basis : verdict.reason };
      if (!verdict.allowed) return { kind: 'dark', why, problem: presentDark(verdict, { session, sight, sharing, agreement: await agreementOf(verdict) }, { contact, returnTo: request.method === 'GET' ? request.url : '/' }) };
      return { kind: 'open', seen: { sight, lake: await lakeFor(sight, found), leftOut: await leftOutOf(session, sight, page), why, standsOn: verdict.basis === 'open-data' ? '' : verdict.basis } };
    },
    async findFallen(session, standsOn) {
      const sight = await sightOf(session);
      const fallen = findFallen((await bookNow()).clauses, sight, standsOn);
      return fallen && refusalWords(fallen, { session, sight, sharing, agreement: await agreementOf(fallen) });
    },
  };
}

const whyOf = ({ purpose }: Session): Why => (purpose === null ? {} : { purpose });

/** A page that a person opens; not a file, a form or an answer of the API. */
function isForReading({ method, routeOptions }: FastifyRequest): boolean {
  const route = routeOptions.url ?? '';
  return (method === 'GET' || method === 'HEAD') && !route.startsWith('/api/') && !/\.[\w-]+(\.\w+)?$/.test(route);
}

async function listLoaded(whole: LakeReader): Promise<string[]> {
  if (!whole.hasTable('feed_quality')) return [];
  const listed = await whole.rows<{ feed: string }>(loadedFeedsSql(['feed_quality']));
  if (listed.length === 0 || !whole.hasTable('demand_series')) return listed.map(({ feed }) => feed);
  return (await whole.rows<{ feed: string }>(loadedFeedsSql(['feed_quality', 'demand_series']))).map(({ feed }) => feed);
}

async function limitTo(whole: LakeReader, limits: NonNullable<LakeReader['limits']>): Promise<LakeReader> {
  if (!whole.forFeeds) throw new Error('This reader cannot leave feeds out, so nobody may read a part of it');
  return whole.forFeeds(limits);
}
