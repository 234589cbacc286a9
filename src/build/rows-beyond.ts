// Rows about one person that the served snapshot has in no record of theirs: other states of their rows, and rows in quarantine. With whom else they may
// be about, by numbers, so that whoever gives them out can close what leads to somebody sealed. It decides nothing about who may see what.

import type { AsideRow, HeldRow, RowsBeyond, StateRow } from '../govern/index.ts';
import { findRowsSetAside, listFeeds, partsOfLine, readOtherStates, shortestNumber, whoseRow, type Contract, type OtherState, type PersonTraces, type RowSetAside } from '../ingest/index.ts';
import { findCurrentManifest, followIdentified, type Home } from '../store/index.ts';
import { peopleByRecordSql, peopleMeantSql, placesOfOthersSql, tracesSql } from './rows-beyond.sql.ts';

export interface RowsBeyondReader {
  /** `rows` are those that the snapshot has about the person; of the loads made until a moment (milliseconds since the epoch). */
  find(personKey: string, rows: readonly HeldRow[], until: number): Promise<RowsBeyond>;
  /** Whose each record is, by its id such as police:N0012345; ids of no record are left out. */
  peopleOf(recordIds: readonly string[]): Promise<Map<string, string>>;
  close(): Promise<void>;
}

const tables = ['mention', 'event', 'source_record', 'source_person'];
const numberFields: ReadonlySet<string> = new Set(['local_id', 'nhs_number', 'upn']);

interface TraceRow {
  agency: string;
  local_id: string | null;
  nhs_number: string | null;
  upn: string | null;
  forename: string | null;
  surname: string | null;
  birth_date: string | null;
}

const nameOf = ({ feed, rowKey }: { feed: string; rowKey: string | null }): string => `${feed} ${rowKey}`;
const placeOf = ({ load, line }: { load: string; line: number }): string => `${load} ${line}`;

/** Opens at the first question; a Problem where there is no snapshot. */
export function openRowsBeyond(home: Home, contracts: readonly Contract[] = listFeeds(home.packs)): RowsBeyondReader {
  const reader = followIdentified(home, tables.map((name) => ({ zone: 'identified' as const, name })));

  const tracesOf = async (personKey: string, rows: readonly HeldRow[]): Promise<PersonTraces> => {
    const found = await reader.rows<TraceRow>(tracesSql, { key: personKey });
    const all = (field: Exclude<keyof TraceRow, 'agency'>) => [...new Set(found.flatMap((row) => row[field] ?? []))];
    return {
      localIds: found.flatMap(({ agency, local_id: localId }) => (localId === null ? [] : [{ agency, localId }])), nhsNumbers: all('nhs_number'), upns: all('upn'), forenames: all('forename'), surnames: all('surname'), birthDates: all('birth_date'),
      records: rows.map(({ feed, rowKey }) => ({ feed, rowKey })),
    };
  };
  /** By number, whose it is. */
  const peopleMeant = async (numbers: readonly string[]): Promise<Map<string, string[]>> => {
    if (numbers.length === 0) return new Map();
    const found = await reader.rows<{ number: string; person_key: string }>(peopleMeantSql, { numbers: [...new Set(numbers)].join('\n') });
    return new Map([...Map.groupBy(found, ({ number }) => number)].map(([number, some]) => [number, some.map(({ person_key }) => person_key)]));
  };
  /** Rows of these that the snapshot has in somebody's record. */
  const placesOfOthers = async (states: readonly OtherState[]): Promise<Set<string>> =>
    states.length === 0 ? new Set() : new Set((await reader.rows<{ place: string }>(placesOfOthersSql, { places: states.map(placeOf).join('\n') })).map(({ place }) => place));
  const contractOf = (feed: string) => contracts.find((each) => each.feed === feed)!;
  const cellsOf = ({ feed, values }: OtherState) => contractOf(feed).columns.map(({ name, person }) => ({ column: name, person, value: values[name] ?? '' }));

  return {
    async find(personKey, rows, until) {
      const traces = await tracesOf(personKey, rows);
      const asked = await readOtherStates(home, contracts, { traces, known: rows, until });
      const elsewhere = await placesOfOthers(asked);
      // What the snapshot has in another's record is theirs, whatever number it bears.
      const states = asked.filter((state) => !elsewhere.has(placeOf(state)));
      const { rows: aside, looked, namesakes } = await findRowsSetAside(home, contracts, { traces, until });
      const isOthers = (agency: string, by: string, cells: Parameters<typeof whoseRow>[1]) => by === 'record' && whoseRow(agency, cells, traces) === 'other';
      const ownStates = states.filter((state) => !isOthers(contractOf(state.feed).agency, state.by, cellsOf(state)));
      const ownAside = aside.filter((row) => !isOthers(contractOf(row.feed).agency, row.by, row.cells));
      const people = await peopleMeant([...ownStates.flatMap((state) => numbersIn(cellsOf(state))), ...ownAside.flatMap((row) => numbersInLine(row))]);
      const othersAt = Map.groupBy(rows.filter(({ others }) => others.length > 0), nameOf);
      const othersOf = (row: { feed: string; rowKey: string | null }, numbers: readonly string[]) =>
        [...new Set([...(othersAt.get(nameOf(row)) ?? []).flatMap(({ others }) => others), ...numbers.flatMap((number) => people.get(number) ?? [])])].filter((key) => key !== personKey);
      const built = new Set(findCurrentManifest(home)?.inputs.map((input) => input.load));
      return {
        states: ownStates.map((state): StateRow => ({ ...state, personKey, others: othersOf(state, numbersIn(cellsOf(state))), newer: !built.has(state.load) })),
        rowsOfOthers: states.length - ownStates.length + aside.length - ownAside.length,
        aside: ownAside.map((row): AsideRow => ({ ...row, others: othersOf(row, numbersInLine(row)) })),
        looked, namesakes,
      };
    },
    async peopleOf(recordIds) {
      if (recordIds.length === 0) return new Map();
      return new Map((await reader.rows<{ source_id: string; person_key: string }>(peopleByRecordSql, { ids: [...new Set(recordIds)].join('\n') })).map(({ source_id, person_key }) => [source_id, person_key]));
    },
    close: () => reader.close(),
  };
}

const plainNumber = (text: string): string => text.toUpperCase().replaceAll(/[^A-Z0-9]/g, '');
const numbersIn = (cells: readonly { person?: string | undefined; value: string }[]): string[] => cells.filter(({ person, value }) => numberFields.has(person ?? '') && value !== '').map(({ value }) => plainNumber(value));
/** Whatever in a row as it came may be a number of somebody. */
const numbersInLine = ({ cells }: Pick<RowSetAside, 'cells'>): string[] => cells.flatMap(({ value }) => partsOfLine(value).map(plainNumber)).filter((number) => number.length >= shortestNumber && /\d/.test(number));
