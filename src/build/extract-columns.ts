// Which columns of an extract a feed may fill, given the fields of it that clauses give. A column is given where every field that it is made of is
// given. What is made coarser of a field that identifies (a year of birth, an area, a pseudonym of an address) is given where every field that does
// not identify is: the rule by which pages show a feed. See docs/methods/pseudonyms.md.

import type { Contract } from '../ingest/index.ts';

export const extractTables = {
  person: ['person_id', 'birth_year', 'sex', 'ethnicity', 'area_code', 'household_id'],
  involvement: ['event_id', 'person_id', 'role', 'agency'],
  event: [
    'event_id', 'feed', 'agency', 'kind', 'category', 'demand_type', 'flags', 'started_at', 'reported_at', 'time_precision', 'opening_code', 'closing_code',
    'place_id', 'area_code', 'cell', 'longitude', 'latitude', 'grade', 'minutes', 'harm_days', 'outcome',
  ],
  place: ['place_id', 'kind', 'name', 'area_code', 'cell', 'longitude', 'latitude'],
} as const;
export type ExtractTable = keyof typeof extractTables;

/** Pseudonyms and what tells whose a row is: there wherever the table is. */
export const rowColumns = { person: ['person_id'], involvement: ['event_id', 'person_id', 'role', 'agency'], event: ['event_id', 'feed', 'agency'], place: ['place_id', 'kind'] } as const satisfies Record<ExtractTable, readonly string[]>;

/** Columns of an event that are told by where it was. */
export const placeColumns = ['place_id', 'area_code', 'cell', 'longitude', 'latitude'] as const;

export interface FeedGives {
  feed: string;
  /** Columns of the table `event` that this feed's rows may fill; none where the feed gives no events. */
  event: ReadonlySet<string>;
  /** Its rows may say who was in which event, as what. */
  involvement: boolean;
  /** Columns of the table `person` that its rows may help to fill. */
  person: ReadonlySet<string>;
}

export interface GivenFeed {
  contract: Pick<Contract, 'feed' | 'columns' | 'records'>;
  given: ReadonlySet<string>;
  identifies: (column: string) => boolean;
}

export function columnsGiven({ contract, given, identifies }: GivenFeed): FeedGives {
  const { feed, columns, records } = contract;
  if (given.size === 0) return { feed, event: new Set(), involvement: false, person: new Set() };
  const whole = columns.every(({ name }) => identifies(name) || given.has(name));
  const allowed = (fields: readonly string[]) => fields.every((field) => (identifies(field) ? whole : given.has(field)));
  const madeOf = records.events.map(fieldsOfEvent);
  const event = extractTables.event.filter((column) => {
    const made = madeOf.flatMap((fields) => (fields[column] === undefined ? [] : [fields[column]]));
    return made.length > 0 && made.every(allowed);
  });
  const involvement = records.mentions.length > 0 && records.mentions.every((mention) => allowed([...fieldsIn(mention.role), ...fieldsIn(mention.event), ...fieldsIn(mention.when)]));
  const ofPerson = (...fields: string[]) => columns.filter(({ person }) => person !== undefined && fields.includes(person)).map(({ name }) => name);
  const madePerson: Record<string, string[]> = { birth_year: ofPerson('birth_date'), sex: ofPerson('sex'), ethnicity: ofPerson('ethnicity'), area_code: ofPerson('postcode'), household_id: ofPerson('address', 'postcode') };
  const person = records.mentions.length === 0 ? [] : Object.entries(madePerson).flatMap(([column, fields]) => (fields.length > 0 && allowed(fields) ? [column] : []));
  return { feed, event: new Set(event), involvement, person: new Set(person) };
}

/** The fields behind each column of an event; a column that the rule does not fill is not among them. */
function fieldsOfEvent(rule: Contract['records']['events'][number]): Partial<Record<string, string[]>> {
  const time = [...fieldsIn(rule.started_at), ...fieldsIn(rule.reported_at)];
  const category = fieldsIn(rule.category);
  const flags = rule.flags.flatMap((flag) => ('from' in flag ? [flag.from] : fieldsIn(flag.when)));
  const place = fieldsIn(rule.place);
  const own = ['category', 'started_at', 'reported_at', 'opening_code', 'closing_code', 'grade', 'minutes', 'outcome'] as const;
  return {
    event_id: [], feed: [], agency: [],
    kind: [...fieldsIn(rule.kind), ...fieldsIn(rule.when)],
    ...Object.fromEntries(own.flatMap((name) => (rule[name] === undefined ? [] : [[name, fieldsIn(rule[name])]]))),
    ...(rule.category === undefined ? {} : { demand_type: [...category, ...flags], harm_days: category }),
    ...(rule.flags.length === 0 ? {} : { flags }),
    ...(time.length === 0 ? {} : { time_precision: [...time, ...fieldsIn(rule.time_precision)] }),
    ...(rule.place.length === 0 ? {} : Object.fromEntries(placeColumns.map((name) => [name, place]))),
  };
}

/** Parts of a rule whose words are no columns. */
const fixedWords: ReadonlySet<string> = new Set(['is', 'map', 'otherwise', 'words', 'categories', 'of', 'in', 'has', 'filled', 'scheme', 'flag', 'part', 'feed', 'match']);

/** Every column that a part of a contract's rules reads. */
function fieldsIn(part: unknown): string[] {
  if (typeof part === 'string') return [part];
  if (Array.isArray(part)) return part.flatMap(fieldsIn);
  if (part === null || typeof part !== 'object') return [];
  return Object.entries(part).flatMap(([key, inner]) => (fixedWords.has(key) ? [] : fieldsIn(inner)));
}
