// A person's record as its page shows it: who this is by what agencies say, then what each holds, newest first, each block with the clause that
// gives it. Facts stand with their date and source; nothing is counted, weighed or scored.

import { counted } from '../../core/index.ts';
import type { Agreement, AgreementRegister, Allowed, CellCorrection, RecordColumn, ShownCell, ShownFeed, ShownRow } from '../../govern/index.ts';
import { presentDate, presentTime } from '../frame/date-words.ts';

export interface ViewContext {
  agencyName(code: string): string;
  /** By agreement's id. */
  agreements: ReadonlyMap<string, Agreement>;
}

/** The agreements behind what is shown. */
export async function findAgreements(register: AgreementRegister, feeds: readonly Pick<ShownFeed, 'by'>[]): Promise<Map<string, Agreement>> {
  const ids = new Set(feeds.flatMap(({ by }) => by.flatMap((each) => (each.by === 'clause' ? [each.clause.agreementId] : []))));
  const found = new Map<string, Agreement>();
  for (const id of ids) {
    const agreement = await register.find(id);
    if (agreement) found.set(id, agreement);
  }
  return found;
}

function titleOf(agreements: ViewContext['agreements'], { agreementId, version }: { agreementId: string; version: number }): string {
  const drafted = agreements.get(agreementId)?.events.find((event) => event.kind === 'drafted' && event.version === version);
  return drafted?.kind === 'drafted' ? drafted.content.title : 'an agreement';
}

/** What allows a block, in words. */
export function presentBasis(by: Allowed, { agreements }: Pick<ViewContext, 'agreements'>): { text: string; href?: string } {
  if (by.by === 'clause') return { text: `Shared under ${titleOf(agreements, by.clause)}, clause ${by.clause.clause}`, href: `/govern/agreements/${encodeURIComponent(by.clause.agreementId)}` };
  if (by.by === 'broken-glass') return { text: `Shown because you asked to see more, until ${presentTime(by.until)}` };
  return { text: 'Published already' };
}

const grouped = (value: string): string => (/^\d{10}$/.test(value) ? `${value.slice(0, 3)} ${value.slice(3, 6)} ${value.slice(6)}` : value);
const sexes: Record<string, string> = { M: 'Male', F: 'Female', U: 'Not known' };
const asWords = (code: string): string => code.replaceAll('-', ' ').replace(/^./, (letter) => letter.toUpperCase());

/** A time as the clock on the wall in Britain had it; a day alone where no more is known. */
function presentWallTime(value: string): string {
  const [, day, hours, minutes] = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d):(\d\d))?/.exec(value) ?? [];
  if (day === undefined) return value;
  if (hours === undefined) return presentDate(day);
  const hour = Number(hours);
  return `${presentDate(day)} at ${hour % 12 === 0 ? 12 : hour % 12}:${minutes}${hour < 12 ? 'am' : 'pm'}`;
}

/** A value in words; codes by their titles. */
export function presentValue({ type, person, codeTitles }: RecordColumn, value: string): string {
  if (person === 'sex') return sexes[value] ?? value;
  if (person === 'nhs_number' || type === 'nhs-number') return grouped(value);
  if (type === 'date') return presentDate(value);
  if (type === 'datetime') return presentWallTime(value);
  if (type === 'month') return presentDate(value).replace(/^\d+ /, '');
  if (type === 'boolean') return value === 'true' ? 'Yes' : 'No';
  if (type === 'code') return codeTitles?.[value] ?? asWords(value);
  if (type === 'list') return value.split('; ').map((code) => codeTitles?.[code] ?? asWords(code)).join('; ');
  return value;
}

/** The source of a row, as every page names it. */
export const presentSource = ({ file, line, loadedAt }: Pick<ShownRow, 'file' | 'line' | 'loadedAt'>): string => `${file}, line ${line.toLocaleString('en-GB')}, loaded on ${presentDate(loadedAt)}`;

/** What stands beside a fact that was found to be wrong. */
export function presentCellCorrection(column: RecordColumn, { right, decidedAt, mended }: CellCorrection): string {
  if (mended) return `Corrected on ${presentDate(decidedAt)}, and mended by the agency since`;
  return right === null ? `Corrected on ${presentDate(decidedAt)}: this is not so` : `Corrected on ${presentDate(decidedAt)}: it should say “${presentValue(column, right)}”`;
}

const whoOrder = ['forename', 'middle_names', 'surname', 'birth_date', 'age', 'sex', 'address', 'postcode', 'phone', 'email', 'nhs_number', 'upn', 'local_id', 'household_ref', 'ethnicity'];
const whoLabels: Record<string, string> = {
  forename: 'First name', middle_names: 'Middle names', surname: 'Last name', birth_date: 'Date of birth', age: 'Age when recorded', sex: 'Sex', address: 'Address', postcode: 'Postcode', phone: 'Telephone', email: 'Email',
  nhs_number: 'NHS number', upn: 'Pupil number (UPN)', local_id: 'Number at the agency', household_ref: 'Number of the family', ethnicity: 'Ethnicity',
};

interface Said {
  text: string;
  agencies: Set<string>;
  corrections: Set<string>;
}

/** Each thing that agencies say of who this is: every value once, in capitals or not, with those who say it. */
function presentWho(feeds: readonly ShownFeed[], { agencyName }: ViewContext): { label: string; values: { text: string; agencies: string; corrections: string[] }[] }[] {
  const said = new Map<string, Map<string, Said>>();
  for (const { feed, rows } of feeds) for (const { cells } of rows) for (const { column, value, correction } of cells) {
    if (column.person === undefined) continue;
    const values = said.get(column.person) ?? new Map<string, Said>();
    said.set(column.person, values);
    const text = presentValue(column, value);
    const known = values.get(text.toLowerCase()) ?? { text, agencies: new Set<string>(), corrections: new Set<string>() };
    known.agencies.add(agencyName(feed.holder));
    if (correction) known.corrections.add(`${agencyName(feed.holder)}: ${presentCellCorrection(column, correction)}`);
    values.set(text.toLowerCase(), known.text === known.text.toUpperCase() ? { ...known, text } : known);
  }
  const fields = [...said.keys()].toSorted((a, b) => whoOrder.indexOf(a) - whoOrder.indexOf(b));
  return fields.map((field) => ({ label: whoLabels[field] ?? asWords(field), values: [...said.get(field)!.values()].map(({ text, agencies, corrections }) => ({ text, agencies: [...agencies].join(', '), corrections: [...corrections] })) }));
}

/** The name that the newest row gives, as some row writes it that does not write all in capitals; undefined where none is shown. */
export function nameOf(feeds: readonly ShownFeed[]): string | undefined {
  const rows = feeds.flatMap((each) => each.rows).toSorted((a, b) => ((a.date ?? '') < (b.date ?? '') ? 1 : -1));
  const part = ({ cells }: ShownRow, person: string) => cells.find(({ column }) => column.person === person)?.value;
  const named = rows.find((row) => part(row, 'surname') !== undefined && part(row, 'forename') !== undefined) ?? rows.find((row) => part(row, 'surname') !== undefined || part(row, 'forename') !== undefined);
  const spelt = (person: string): string | undefined => {
    const value = named && part(named, person);
    return rows.map((row) => part(row, person)).find((other) => other !== undefined && other !== other.toUpperCase() && other.toLowerCase() === value?.toLowerCase()) ?? value;
  };
  return named && [spelt('forename'), spelt('surname')].filter((each) => each !== undefined).join(' ');
}

const presentCell = ({ column, value, correction }: ShownCell) => ({ label: column.label, value: presentValue(column, value), correction: correction ? presentCellCorrection(column, correction) : null });

function presentRow(row: ShownRow, wrongHref: ((row: ShownRow) => string) | null) {
  const dated = row.cells.find(({ column, value }) => value === row.date && column.person === undefined);
  // Who it is stands above, once; a row that says nothing else says it here.
  const facts = row.cells.filter(({ column }) => column.person === undefined);
  const shown = facts.length > 0 ? facts.filter((cell) => cell !== dated) : row.cells;
  return {
    heading: dated ? `${dated.column.label}: ${presentValue(dated.column, dated.value)}` : 'No date',
    correction: dated?.correction ? presentCellCorrection(dated.column, dated.correction) : null,
    facts: shown.map(presentCell),
    wrongHref: wrongHref?.(row) ?? null,
    source: presentSource(row),
  };
}

/** What is shown, by agency and then by feed. */
export function presentRecord(feeds: readonly ShownFeed[], context: ViewContext, wrongHref: ((row: ShownRow) => string) | null = null) {
  const agencies = Map.groupBy(feeds, ({ feed }) => feed.holder);
  return {
    name: nameOf(feeds) ?? null,
    who: presentWho(feeds, context),
    agencies: [...agencies].map(([code, own]) => ({
      name: context.agencyName(code),
      feeds: own.map(({ feed, rows, by }) => ({ id: feed.feed, title: feed.title, basis: by.map((each) => presentBasis(each, context)), rows: rows.map((row) => presentRow(row, wrongHref)) })),
    })),
  };
}

/** "1 hour 59 minutes": how long a broken glass stays open, never less than it is. */
export function presentTimeLeft(milliseconds: number): string {
  const minutes = Math.max(1, Math.ceil(milliseconds / 60_000));
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  const of = (n: number, one: string) => (n === 0 ? [] : [counted(n, one)]);
  return [...of(hours, 'hour'), ...of(rest, 'minute')].join(' ');
}
