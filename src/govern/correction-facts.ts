// Which facts may a reader report as wrong, and what do they say? Whoever may read a fact by agreements reports it from the record. An information governance
// lead answers for everybody's right to have it put right, and so may name any fact of whoever is not sealed to them, without being shown what it says.

import { factOf } from './correction.ts';
import type { People, PeopleSource } from './people-service.ts';
import type { Asking, HeldRow, RecordColumn, RecordFeed } from './person-record.ts';

/** One fact of a record. */
export interface FactPlace {
  load: string;
  line: number;
  column: string;
}

export interface FoundFact {
  personKey: string;
  feed: RecordFeed;
  row: Pick<HeldRow, 'feed' | 'load' | 'line' | 'rowKey' | 'file' | 'loadedAt'>;
  column: RecordColumn;
  value: string;
}

/** A row whose facts can be reported. */
export interface FactsOfRow {
  personKey: string;
  feed: RecordFeed;
  row: FoundFact['row'];
  /** What each says; null where the reader may not have it by the record: an information governance lead reports it all the same. */
  facts: { column: RecordColumn; value: string | null }[];
}

export interface FactSources {
  people: People;
  source: PeopleSource;
  feedOf: ReadonlyMap<string, RecordFeed>;
  /** Those of the keys whose person is sealed to the reader. */
  sealedTo(who: Asking['who'], keys: readonly string[]): Promise<ReadonlySet<string>>;
}

export function openFacts({ people, source, feedOf, sealedTo }: FactSources) {
  /** All rows of a person, without asking agreements: for whoever answers for the person's right to have them put right. */
  const leadRows = async ({ who }: Asking, key: string): Promise<{ personKey: string; rows: HeldRow[] } | undefined> => {
    const person = await source.find(key);
    if (!person || (await sealedTo(who, [person.personKey])).size > 0) return undefined;
    const rows = await source.rows([person.personKey]);
    const sealed = await sealedTo(who, rows.flatMap(({ others }) => others));
    return { personKey: person.personKey, rows: rows.filter(({ others }) => !others.some((other) => sealed.has(other))) };
  };
  const unread = (personKey: string, row: HeldRow): FactsOfRow[] => {
    const feed = feedOf.get(row.feed);
    return feed ? [{ personKey, feed, row, facts: feed.columns.flatMap((column) => (factOf(row, feed, column.name) ? [{ column, value: null }] : [])) }] : [];
  };
  const shownRow = async (asking: Asking, key: string, { load, line }: Omit<FactPlace, 'column'>): Promise<FactsOfRow | undefined> => {
    const answer = await people.find(asking, key);
    if (answer.kind !== 'record') return undefined;
    const found = answer.feeds.flatMap(({ feed, rows }) => rows.filter((row) => row.load === load && row.line === line).map((row) => ({ feed, row })))[0];
    return found && { personKey: answer.personKey, ...found, facts: found.row.cells.map(({ column, value }) => ({ column, value })) };
  };
  /** For an information governance lead, with the row as it is held, which says also what is not shown. */
  const findBoth = async (asking: Asking, key: string, place: Omit<FactPlace, 'column'>): Promise<{ found: FactsOfRow; held?: HeldRow } | undefined> => {
    const shown = await shownRow(asking, key, place);
    if (asking.who.role !== 'governance-lead') return shown && { found: shown };
    const all = await leadRows(asking, key);
    const row = all?.rows.find(({ load, line }) => load === place.load && line === place.line);
    const whole = all && row ? unread(all.personKey, row)[0] : undefined;
    return whole && { held: row!, found: { ...whole, facts: whole.facts.map((fact) => shown?.facts.find(({ column }) => column.name === fact.column.name) ?? fact) } };
  };
  const findRow = async (asking: Asking, key: string, place: Omit<FactPlace, 'column'>): Promise<FactsOfRow | undefined> => (await findBoth(asking, key, place))?.found;
  /** The fact as the record has it, for a reader who may report it. */
  const findFact = async (asking: Asking, key: string, { column, ...place }: FactPlace): Promise<FoundFact | undefined> => {
    const { found, held } = (await findBoth(asking, key, place)) ?? {};
    const fact = found?.facts.find((each) => each.column.name === column);
    if (!found || !fact) return undefined;
    const { personKey, feed, row } = found;
    const value = fact.value ?? (held && factOf(held, feed, column)?.value);
    return value === undefined ? undefined : { personKey, feed, row, column: fact.column, value };
  };
  return { leadRows, unread, findRow, findFact };
}
