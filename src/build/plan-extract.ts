// What an extract may hold: of every feed the fields that a live clause of one agreement gives to one reader, without names and for one purpose, and
// the columns that these fields fill. Each field is put to the decision about access by itself. Pure.

import { decide, identifies, indexGrants, meansScore, refusals, writeClauseRef, type DataItems, type Grant, type Reader, type Refusal } from '../govern/index.ts';
import type { Contract } from '../ingest/index.ts';
import { columnsGiven, extractTables, rowColumns, type ExtractTable, type FeedGives } from './extract-columns.ts';

export interface ExtractAsked {
  contracts: readonly Contract[];
  items: DataItems['feeds'];
  /** Of all agreements. */
  grants: readonly Grant[];
  agreementId: string;
  purpose: string;
  reader: Reader;
  /** Milliseconds since the epoch. */
  at: number;
  /** "category" or "event.category"; all that is given where absent. */
  only?: readonly string[];
}

export interface PlannedColumn {
  name: string;
  /** Feeds whose rows may fill it. */
  feeds: readonly string[];
}

export interface ExtractPlan {
  tables: Partial<Record<ExtractTable, readonly PlannedColumn[]>>;
  /** What is given, feed by feed. */
  fields: readonly { feed: string; title: string; holder: string; fields: readonly string[] }[];
  /** Clauses that give it, as the audit writes them. */
  clauses: readonly string[];
  /** Published feeds: their places may be named. */
  published: readonly string[];
}

export type PlannedExtract = { ok: true; plan: ExtractPlan } | { ok: false; reason: Refusal } | { ok: false; reason: 'unknown-column'; column: string; columns: readonly string[] };

export function planExtract(asked: ExtractAsked): PlannedExtract {
  if (asked.only?.some(meansScore)) return { ok: false, reason: 'score-of-a-person' };
  const decided = decideFields(asked);
  const given = asked.contracts.map((contract): FeedGives => columnsGiven({ contract, given: new Set(decided.fields.get(contract.feed)), identifies: (column) => identifies(asked.items, contract.feed, column) }));
  const all = tablesOf(given);
  if (Object.keys(all).length === 0) return { ok: false, reason: decided.nearest };
  const columns = Object.entries(all).flatMap(([table, some]) => some.map(({ name }) => `${table}.${name}`));
  const unknown = asked.only?.find((name) => !columns.some((column) => column === name || column.endsWith(`.${name}`)));
  if (unknown !== undefined) return { ok: false, reason: 'unknown-column', column: unknown, columns };
  const fields = asked.contracts.flatMap(({ feed, title, agency }) => {
    const some = decided.fields.get(feed) ?? [];
    return some.length > 0 ? [{ feed, title, holder: agency, fields: some }] : [];
  });
  const published = asked.contracts.flatMap((contract) => (contract.published ? [contract.feed] : []));
  return { ok: true, plan: { tables: asked.only ? chosen(all, asked.only) : all, fields, clauses: decided.clauses, published } };
}

interface Decided {
  fields: Map<string, string[]>;
  clauses: string[];
  /** The reason of what came nearest to being given. */
  nearest: Refusal;
}

function decideFields({ contracts, grants, agreementId, purpose, reader, at }: ExtractAsked): Decided {
  const index = indexGrants(grants.filter((grant) => grant.agreementId === agreementId));
  const decided: Decided = { fields: new Map(), clauses: [], nearest: 'no-agreement' };
  const clauses = new Set<string>();
  for (const { feed, agency, columns } of contracts) {
    for (const { name } of columns) {
      const decision = decide(index, { who: reader, relation: 'none', purpose, item: { key: `${feed}/${name}`, form: 'pseudonymised', holder: agency }, subject: null, at });
      if (decision.allowed && decision.by === 'clause') {
        decided.fields.set(feed, [...(decided.fields.get(feed) ?? []), name]);
        clauses.add(writeClauseRef(decision.clause));
      } else if (!decision.allowed && decision.reason !== 'score-of-a-person' && refusals.indexOf(decision.reason) > refusals.indexOf(decided.nearest)) {
        decided.nearest = decision.reason;
      }
    }
  }
  decided.clauses = [...clauses].toSorted();
  return decided;
}

function tablesOf(given: readonly FeedGives[]): Partial<Record<ExtractTable, PlannedColumn[]>> {
  const feedsOf = (gives: (feed: FeedGives) => boolean) => given.filter(gives).map(({ feed }) => feed);
  const involved = feedsOf(({ involvement }) => involvement);
  const inPlaces = feedsOf(({ event }) => event.has('place_id'));
  const people = feedsOf(({ involvement, person }) => involvement || person.size > 0);
  const feeds: Record<ExtractTable, (column: string) => string[]> = {
    person: (column) => (column === 'person_id' ? people : feedsOf(({ person }) => person.has(column))),
    involvement: () => involved,
    event: (column) => feedsOf(({ event }) => event.has(column)),
    place: () => inPlaces,
  };
  return Object.fromEntries(Object.entries(extractTables).flatMap(([table, columns]) => {
    const planned = columns.map((name) => ({ name, feeds: feeds[table as ExtractTable](name) })).filter((column) => column.feeds.length > 0);
    return planned.length > 0 ? [[table, planned]] : [];
  }));
}

/** The tables that hold one of these columns, with no others but those that tell whose a row is. */
function chosen(all: ExtractPlan['tables'], only: readonly string[]): ExtractPlan['tables'] {
  return Object.fromEntries(Object.entries(all).flatMap(([table, columns]) => {
    const isAsked = ({ name }: PlannedColumn) => only.includes(name) || only.includes(`${table}.${name}`);
    if (!columns.some(isAsked)) return [];
    return [[table, columns.filter((column) => isAsked(column) || (rowColumns[table as ExtractTable] as readonly string[]).includes(column.name))]];
  }));
}
