// What agencies hold about people, by lineage over the served snapshot: from a person's key to mentions and events, to load and line, to the
// accepted row of the feed. It decides nothing about who may see what: the room `govern` does, and asks here.

import { identifies, readDataItems, type HeldRow, type PeopleSource, type PersonQuery, type RecordFeed, type RowState } from '../govern/index.ts';
import { labelOf, listFeeds, readLoadedRows, readRowStates, type Contract } from '../ingest/index.ts';
import { followKeysOfPeople, type MatchIndex } from '../linkage/index.ts';
import { findCurrentManifest, followIdentified, type Home } from '../store/index.ts';
import { existingPeopleSql, hasPersonSql, othersInRowsSql, peopleByNumberSql, peopleOfFeedSql, placesOfPeopleSql } from './held-people.sql.ts';
import { openPeopleSearch } from './search-people.ts';

/** Records that the search collects before it is known which of them the reader may see. */
const mostCandidates = 60;

const tables = ['mention', 'event', 'source_record', 'source_person', 'person_event', 'person_event_record'];
const keyTables = { people: 'source_person', events: 'person_event', eventRecords: 'person_event_record' };

interface Place {
  person_key: string;
  load_id: string;
  line: number;
}

export interface HeldPeople extends PeopleSource {
  /** People whom a feed knows, those first whom most feeds know. */
  knownTo(feed: string, people: number): Promise<string[]>;
  /** Every state that a row of a feed has had in what was loaded, oldest first. */
  states(feed: string, rowKey: string): Promise<RowState[]>;
  close(): Promise<void>;
}

/** Feeds with their columns as a person's record shows them, in the order of their agencies. */
export function readRecordFeeds(localPacks: string | undefined): RecordFeed[] {
  const { feeds: items } = readDataItems(localPacks);
  const feeds = listFeeds(localPacks).map(({ feed, title, agency, columns }): RecordFeed => ({
    feed, title, holder: agency,
    columns: columns.map(({ name, label, type, person, codes, codeTitles }) => ({ name, label: label ?? labelOf(name), type, person, ...(codes ? { codes } : {}), codeTitles, identifying: identifies(items, feed, name) })),
  }));
  return feeds.toSorted((a, b) => (a.holder < b.holder ? -1 : a.holder > b.holder ? 1 : a.title < b.title ? -1 : 1));
}

/** Opens at the first question; a Problem where there is no snapshot. */
export function openHeldPeople(home: Home, contracts: readonly Contract[] = listFeeds(home.packs)): HeldPeople {
  const reader = followIdentified(home, tables.map((name) => ({ zone: 'identified' as const, name })));
  const keysNow = followKeysOfPeople(reader, keyTables);
  const search = followSearch(home);
  return {
    async find(key) {
      const keys = await keysNow();
      const personKey = keys.now(key);
      // Asked of a key that means nobody too: the work is not to tell.
      const { records } = (await reader.rows<{ records: number }>(hasPersonSql, { key: personKey ?? key }))[0]!;
      return personKey === undefined || records === 0 ? undefined : { personKey, meaning: keys.meaning(personKey), ever: keys.ever(personKey) };
    },
    async keysOf(personKeys) {
      const keys = await keysNow();
      return personKeys.map((personKey) => ({ personKey, meaning: keys.meaning(personKey), ever: keys.ever(personKey) }));
    },
    async now(some) {
      if (some.length === 0) return [];
      const keys = await keysNow();
      const meant = [...new Set(some.flatMap((key) => keys.now(key) ?? []))];
      return (await reader.rows<{ person_key: string }>(existingPeopleSql, { keys: meant.join('\n') })).map(({ person_key }) => person_key);
    },
    async rows(personKeys, feeds) {
      if (personKeys.length === 0 || feeds?.length === 0) return [];
      const params = { keys: personKeys.join('\n') };
      const places = (await reader.rows<Place>(placesOfPeopleSql, params)).filter(({ load_id }) => feeds?.includes(load_id.split('/', 1)[0]!) ?? true);
      const others = Map.groupBy(await reader.rows<Place & { other: string }>(othersInRowsSql, params), placeName);
      const loaded = await readLoadedRows(home, contracts, places.map(({ load_id, line }) => ({ load: load_id, line })));
      const rowAt = new Map(loaded.map((row) => [`${row.load} ${row.line}`, row]));
      return places.flatMap((place): HeldRow[] => {
        const row = rowAt.get(`${place.load_id} ${place.line}`);
        return row ? [{ ...row, personKey: place.person_key, others: (others.get(placeName(place)) ?? []).map(({ other }) => other) }] : [];
      });
    },
    async candidates(query) {
      const byNumber = query.number === undefined ? [] : await reader.rows<{ person_key: string }>(peopleByNumberSql, { number: query.number.toUpperCase().replaceAll(/[^A-Z0-9]/g, '') });
      const known = matchQuery(query);
      const found = known === undefined ? [] : await search.use((index) => index.findMatches(known, { limit: mostCandidates }));
      return [...new Set([...byNumber.map(({ person_key }) => person_key), ...found.flatMap(({ personKey }) => personKey ?? [])])];
    },
    prepare: () => search.use(async () => undefined),
    async knownTo(feed, people) {
      return (await reader.rows<{ person_key: string }>(peopleOfFeedSql, { feed, people })).map(({ person_key }) => person_key);
    },
    states: (feed, rowKey) => readRowStates(home, contracts, { feed, rowKey }),
    close: async () => {
      await search.close();
      await reader.close();
    },
  };
}

const placeName = ({ person_key, load_id, line }: Place) => `${person_key} ${load_id} ${line}`;

/** What of a query the index of people can be asked; undefined where there is nothing. */
function matchQuery({ forename, surname, birthDate, postcode }: PersonQuery) {
  const query = { ...(forename === undefined ? {} : { forename }), ...(surname === undefined ? {} : { surname }), ...(birthDate === undefined ? {} : { birth_date: birthDate }), ...(postcode === undefined ? {} : { postcode }) };
  return Object.keys(query).length === 0 ? undefined : query;
}

interface OpenSearch {
  snapshot: string | undefined;
  index: Promise<MatchIndex>;
  /** Searches that run. */
  users: number;
  retired: boolean;
}

/** The index of the snapshot that is served now: opened at the first search, and anew after a build, when the searches that run have ended. */
function followSearch(home: Home): { use<T>(work: (index: MatchIndex) => Promise<T>): Promise<T>; close(): Promise<void> } {
  let open: OpenSearch | undefined;
  const shut = async (search: OpenSearch): Promise<void> => (await search.index.catch(() => undefined))?.close();
  const retire = async (): Promise<void> => {
    const last = open;
    open = undefined;
    if (!last) return;
    last.retired = true;
    if (last.users === 0) await shut(last);
  };
  return {
    async use(work) {
      const snapshot = findCurrentManifest(home)?.id;
      if (open && open.snapshot !== snapshot) await retire();
      const search = (open ??= { snapshot, index: openPeopleSearch(home), users: 0, retired: false });
      search.users += 1;
      try {
        return await work(await search.index);
      } catch (error) {
        // An index that could not be opened is tried again.
        if (open === search) await search.index.catch(() => void (open = undefined));
        throw error;
      } finally {
        search.users -= 1;
        if (search.retired && search.users === 0) await shut(search);
      }
    },
    close: retire,
  };
}
