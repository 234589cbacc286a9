// Which row that no record was made of is about one person? By what agencies know of who the person is: numbers that one person alone has, the key of a
// record that is theirs, or first and last name with the date of birth. A name alone ties nothing: it is counted, never given. Pure.

/** What agencies know of who a person is. */
export interface PersonTraces {
  /** Numbers that one agency alone gives. */
  localIds: readonly { agency: string; localId: string }[];
  nhsNumbers: readonly string[];
  upns: readonly string[];
  forenames: readonly string[];
  surnames: readonly string[];
  /** As 2012-04-17. */
  birthDates: readonly string[];
  /** Records that the person's rows are states of. */
  records: readonly { feed: string; rowKey: string }[];
}

/** By what a row is tied to the person; `namesake` where their first and last name are in it, and nothing else of theirs. */
export type Tie = 'number' | 'record' | 'name-and-birth-date' | 'namesake';

export interface RawCell {
  /** The contract's column; undefined where it has none, or where the line could not be split. */
  column?: string | undefined;
  person?: string | undefined;
  value: string;
}

export interface RawRow {
  feed: string;
  agency: string;
  /** Columns of the key that the feed's rows have. */
  key: readonly string[];
  cells: readonly RawCell[];
}

/** Letters and digits alone, without accents or capitals: "O’Brien" and "OBRIEN" are one. */
export const folded = (text: string): string => text.normalize('NFD').replaceAll(/[^\p{L}\p{N}]/gu, '').toLowerCase();
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const filled = (texts: readonly string[]): Set<string> => new Set(texts.filter((text) => text !== ''));
/** Anything shorter may stand in a line for something else. */
export const shortestNumber = 5;

/** Of a line that could not be split, what stands between its marks, and each word of that. */
export const partsOfLine = (line: string): string[] => line.split(/[,;|\t"]/).flatMap((part) => [part, ...part.trim().split(/\s+/)]);

/** The day that a cell writes, as 2012-04-17; undefined where it writes none, or one that is not in the calendar. */
export function dayIn(value: string): string | undefined {
  const text = value.trim();
  const iso = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ T].*)?$/.exec(text);
  const british = /^(\d{1,2})[ /.-](\d{1,2}|[A-Za-z]{3,9})[ /.-](\d{4})(?: .*)?$/.exec(text);
  const [year, month, day] = iso ? iso.slice(1) : (british?.slice(1).toReversed() ?? []);
  if (year === undefined) return undefined;
  const number = /^\d+$/.test(month!) ? Number(month) : months.indexOf(month!.slice(0, 3).toLowerCase()) + 1;
  const at = new Date(Date.UTC(Number(year), number - 1, Number(day)));
  return number > 0 && at.getUTCMonth() === number - 1 && at.getUTCDate() === Number(day) ? at.toISOString().slice(0, 10) : undefined;
}

/**
 * How rows as they came are tied to a person.
 *
 * @example
 * openTies(traces)({ feed: 'tenancy', agency: 'housing', key: ['tenancy_ref'], cells: [{ column: 'nhs', value: '943 476 5919' }] }); // 'number'
 */
export function openTies({ localIds, nhsNumbers, upns, forenames, surnames, birthDates, records }: PersonTraces): (row: RawRow) => Tie | undefined {
  const everyone = new Set([...nhsNumbers, ...upns].map(folded).filter((number) => number.length >= shortestNumber));
  const [first, last, born] = [filled(forenames.map(folded)), filled(surnames.map(folded)), filled(birthDates)];
  const owned = new Set(localIds.flatMap(({ agency, localId }) => (folded(localId) === '' ? [] : [`${agency} ${folded(localId)}`])));
  const known = new Set(records.map(({ feed, rowKey }) => `${feed} ${rowKey}`));
  return ({ feed, agency, key, cells }) => {
    const whole = cells.length === 1 && cells[0]!.column === undefined;
    const texts = whole ? partsOfLine(cells[0]!.value) : cells.map(({ value }) => value);
    const parts = texts.map(folded);
    const isLocal = ({ column, person, value }: RawCell) => column !== undefined && person === 'local_id' && owned.has(`${agency} ${folded(value)}`);
    if (parts.some((part) => everyone.has(part)) || cells.some(isLocal) || (whole && parts.some((part) => part.length >= shortestNumber && /\p{L}/u.test(part) && owned.has(`${agency} ${part}`)))) return 'number';
    if (!whole && key.length > 0 && known.has(`${feed} ${key.map((name) => cells.find(({ column }) => column === name)?.value.trim() ?? '').join('/')}`)) return 'record';
    if (!parts.some((part) => first.has(part)) || !parts.some((part) => last.has(part))) return undefined;
    return texts.some((text) => born.has(dayIn(text) ?? '')) ? 'name-and-birth-date' : 'namesake';
  };
}

/** Of whom a row of a known record says that it is: by its numbers where it has any, else by name and date of birth. */
export function whoseRow(agency: string, cells: readonly RawCell[], { localIds, nhsNumbers, upns, forenames, surnames, birthDates }: PersonTraces): 'theirs' | 'other' | 'unsure' {
  const said = (field: string) => cells.filter(({ person, value }) => person === field && folded(value) !== '').map(({ value }) => value);
  const own: Record<string, ReadonlySet<string>> = { local_id: new Set(localIds.filter((each) => each.agency === agency).map(({ localId }) => folded(localId))), nhs_number: new Set(nhsNumbers.map(folded)), upn: new Set(upns.map(folded)) };
  const numbers = Object.entries(own).flatMap(([field, values]) => said(field).map((value) => values.has(folded(value))));
  if (numbers.length > 0) return numbers.includes(true) ? 'theirs' : 'other';
  const [first, last] = [new Set(forenames.map(folded)), new Set(surnames.map(folded))];
  const named = [...said('forename').map((value) => first.has(folded(value))), ...said('surname').map((value) => last.has(folded(value))), ...said('birth_date').map((value) => birthDates.includes(dayIn(value) ?? ''))];
  if (named.length === 0) return 'unsure';
  return named.length >= 3 && !named.includes(false) ? 'theirs' : named.filter(Boolean).length >= 2 ? 'unsure' : 'other';
}
