// headwater match: who is this? Searches the people of the current snapshot by what is known of somebody, for a person who says who they are, as what
// they ask and why. As on pages, a live agreement decides what finds somebody: a value that it does not give neither finds nor weighs. Of a sealed
// record it tells whom to ring. What it found is in the audit before it is shown.

import { openHeldPeople, openPeopleSearch, readRecordFeeds } from '../build/index.ts';
import { Problem } from '../core/index.ts';
import { basisOfRecord, indexGrants, openPeople, readAgreementPacks, sealedScore, storeAgreements, type AgreementPacks, type Asking, type Comparable, type Grant, type People, type ShownFields } from '../govern/index.ts';
import type { FoundMatch, MatchIndex, MatchQuery } from '../linkage/index.ts';
import { recordAuditEvent, type Casework, type Home } from '../store/index.ts';
import { homeOf, print, type CliContext } from './context.ts';
import { checkName, checkPurpose, parseAgencyRole } from './given-reader.ts';
import { columns } from './match-options.ts';

interface Options {
  home?: string;
  json?: boolean;
  limit: string;
  by: string;
  purpose: string;
  as: string;
  born?: string;
  age?: string;
  [column: string]: string | boolean | undefined;
}

function queryOf(options: Options, year: number): MatchQuery {
  if (options.born !== undefined && !/^\d{4}-\d\d-\d\d$/.test(options.born)) throw new Problem('usage', { what: 'The date of birth is not a date', where: '--born', todo: 'Write it like 1961-04-17.' });
  if (options.age !== undefined && !/^\d{1,3}$/.test(options.age)) throw new Problem('usage', { what: 'The age is not a number of years', where: '--age', todo: 'Write it like --age 40.' });
  const given = Object.fromEntries(columns.map(([name, column]) => [column, options[name] as string | undefined]));
  const query: MatchQuery = { ...given, birth_date: options.born, ...(options.age === undefined ? {} : { born_about: year - Number(options.age) }) };
  if (Object.values(query).every((value) => value === undefined)) throw new Problem('usage', { what: 'Nothing is said of whom to look for', where: 'match', todo: 'Give --surname, --forename, --born or others.' });
  return query;
}

/** A match as it is told: an agency's own number of a person stands in its id only where the reader is shown it. */
export type ToldMatch = Omit<FoundMatch, 'sourceId' | 'personKey'> & { personKey: string; agency: string; sourceId: string | null };

interface Answer {
  found: ToldMatch[];
  sealed: { whomToRing: string }[];
}

function linesOf({ personKey, agency, sourceId, probability, conflicts, parts }: ToldMatch): string[] {
  const said = parts.filter((part) => part.levelLabel !== undefined).map((part) => `${part.levelLabel} (${part.bits >= 0 ? '+' : '−'}${Math.abs(part.bits).toFixed(1)})`);
  return [
    `${personKey} ${sourceId ?? agency}: ${(100 * probability).toFixed(1)} per cent`,
    `  ${said.join(' · ')}`,
    ...conflicts.map((conflict) => `  Never linked by itself: ${conflict}`),
  ];
}

const agencyOf = ({ sourceId }: Pick<FoundMatch, 'sourceId'>): string => sourceId.slice(0, sourceId.indexOf(':'));

/** Kinds of column that a record's value may come from, where it is not the one of its name. */
const comesFrom: Readonly<Record<string, readonly string[]>> = { born_about: ['birth_date', 'age'], upn: ['upn', 'local_id'] };

/** What of the query may be compared with a record. */
function comparableQuery(query: MatchQuery, { whole, hidden }: ShownFields): MatchQuery {
  const may = (column: string) => {
    const from = comesFrom[column] ?? [column];
    return from.some((each) => whole.has(each)) && !from.some((each) => hidden.has(each));
  };
  return Object.fromEntries(Object.entries(query).filter(([column, value]) => value !== undefined && may(column)));
}

/** Records that a search gives at most, of which the reader may see some. */
const mostCandidates = 100;

interface Seen {
  answer: Answer;
  /** Everybody of whom something is told, and what allows it: for the audit alone. */
  people: Comparable[];
}

const nameOf = (query: MatchQuery): string => Object.keys(query).toSorted().join(' ');

/** Each record is told as the search by what may be compared with it alone finds and weighs it, as if nothing else were known. */
async function search(index: MatchIndex, people: People, asking: Asking, query: MatchQuery): Promise<Seen> {
  const given = Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined));
  const searches = new Map([[nameOf(given), given]]);
  const known = new Map<string, Comparable | undefined>();
  const seen = new Map<string, Comparable>();
  const answer: Answer = { found: [], sealed: [] };
  // A search that is added meanwhile is run in its turn.
  for (const [name, part] of searches) {
    const candidates = await index.findMatches(part, { limit: mostCandidates });
    const fresh = [...new Set(candidates.flatMap(({ personKey }) => (personKey === undefined || known.has(personKey) ? [] : [personKey])))];
    for (const key of fresh) known.set(key, undefined);
    for (const each of await people.comparable(asking, fresh)) known.set(each.personKey, each);
    for (const match of candidates) {
      const person = known.get(match.personKey ?? '');
      const fields = person?.fields.get(agencyOf(match));
      const own = fields ? comparableQuery(given, fields) : {};
      if (!person || !fields || Object.keys(own).length === 0) continue;
      if (nameOf(own) !== name) searches.set(nameOf(own), own);
      else if (person.whomToRing === undefined) {
        answer.found.push(toldMatch(match, person, fields));
        seen.set(person.personKey, person);
      } else if (match.probability >= sealedScore && Object.keys(own).length > 1 && !seen.has(person.personKey)) {
        answer.sealed.push({ whomToRing: person.whomToRing });
        seen.set(person.personKey, person);
      }
    }
  }
  answer.found.sort((left, right) => right.evidence - left.evidence);
  return { answer, people: [...seen.values()] };
}

function toldMatch({ sourceId, ...match }: FoundMatch, { personKey }: Comparable, { whole, hidden }: ShownFields): ToldMatch {
  return { ...match, personKey, agency: agencyOf({ sourceId }), sourceId: whole.has('local_id') && !hidden.has('local_id') ? sourceId : null };
}

interface Searched {
  home: Home;
  casework: Casework;
  packs: AgreementPacks;
  asking: Asking & { purpose: string };
  grants: readonly Grant[];
  query: MatchQuery;
  limit: number;
}

/** The answer, in the audit before it is given. */
async function searchAudited(context: CliContext, { home, casework, packs, asking, grants, query, limit }: Searched): Promise<Answer> {
  const { who, purpose, at } = asking;
  const index = await openPeopleSearch(home, context.progress);
  const held = openHeldPeople(home);
  try {
    const people = openPeople(casework.db, context.clock, { source: held, feeds: readRecordFeeds(home.packs) });
    const { answer: { found: all, sealed }, people: seen } = await search(index, people, asking, query);
    const found = all.slice(0, limit);
    const shown = seen.filter(({ personKey, whomToRing }) => whomToRing !== undefined || found.some((match) => match.personKey === personKey));
    const given = grants.some((grant) => grant.agency === who.agency && grant.role === who.role && grant.purpose === purpose && grant.form === 'identified' && grant.from <= at && at < grant.to);
    const refused = shown.length === 0 && !given;
    const basis = refused ? 'no-agreement' : basisOfRecord(shown.flatMap(({ feeds }) => feeds));
    await recordAuditEvent(casework.db, context.clock, {
      actorId: who.userId, actorAgency: who.agency, actorRole: who.role, action: 'person.search', outcome: refused ? 'refused' : 'done',
      subjectKind: 'person', subjectIds: shown.map(({ personKey }) => personKey), purpose, ...(basis === '' ? {} : { basis }),
    });
    if (refused) throw new Problem('failed', { what: `No live agreement gives ${who.agency}/${who.role} records of named people for "${packs.purposes.get(purpose)!.title}"`, where: '--as, --purpose', todo: 'Agree on sharing first: see /govern/agreements.' });
    return { found, sealed };
  } finally {
    index.close();
    await held.close();
  }
}

export async function match(context: CliContext, options: Options): Promise<void> {
  const limit = Number(options.limit);
  if (!Number.isInteger(limit) || limit < 1) throw new Problem('usage', { what: 'The limit is not a whole number from 1', where: '--limit', todo: 'Write it like --limit 5.' });
  const query = queryOf(options, new Date(context.clock.now()).getFullYear());
  const by = checkName(options.by, '--by');
  const home = homeOf(context, options);
  const packs = readAgreementPacks(home.packs);
  const who = { userId: by, ...parseAgencyRole(options.as, '--as', packs.agencies) };
  const purpose = checkPurpose(options.purpose, packs, { identified: true });
  const casework = await context.openStore(home);
  try {
    const grants = await (await storeAgreements(casework.db, context.clock, { packs })).grants();
    const asking = { index: indexGrants(grants), who, purpose, at: context.clock.now() };
    const { found, sealed } = await searchAudited(context, { home, casework, packs, asking, grants, query, limit });
    print(context, options.json, { found, sealed }, () => [
      ...found.flatMap(linesOf),
      ...sealed.map(({ whomToRing }) => `Somebody like that has a sealed record. Ring ${whomToRing.replace(/\.$/, '')}.`),
      ...(found.length + sealed.length === 0 ? ['Nobody is like that among those whose records an agreement gives you for this purpose.'] : []),
    ]);
  } finally {
    await casework.close();
  }
}
