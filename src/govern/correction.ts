// A correction of a fact that an agency holds about a person: what may be typed as right, where it stands in a record and in an answer to the person, and
// whether the agency has mended its own record since. Pure.

import { correctionOf, nameOfRow, saysSame, type AcceptedCorrection } from './accepted-correction.ts';
import { isRealDay } from './british-day.ts';
import type { HeldRow, RecordColumn, RecordFeed, ShownFeed } from './person-record.ts';
import type { PackFact } from './subject-access-pack.ts';

export const correctionAskers = ['person', 'practitioner', 'agency'] as const;
export type CorrectionAsker = (typeof correctionAskers)[number];
export const correctionOutcomes = ['accepted', 'refused'] as const;
export type CorrectionOutcome = (typeof correctionOutcomes)[number];

/** A row as it stood in one load. */
export type RowState = Pick<HeldRow, 'load' | 'line' | 'file' | 'loadedAt' | 'values'>;
/** What its agency's own record says by now. */
export type SourceState = { kind: 'wrong' } | { kind: 'mended' | 'other'; file: string; loadedAt: string } | { kind: 'gone' };

export const correctionsByRow = (accepted: readonly AcceptedCorrection[]): Map<string, AcceptedCorrection[]> => Map.groupBy(accepted, nameOfRow);

/** The record with each correction beside the fact that it is about. Only facts that are shown have one. */
export function markCorrections(shown: readonly ShownFeed[], accepted: readonly AcceptedCorrection[]): ShownFeed[] {
  const byRow = correctionsByRow(accepted);
  return shown.map((feed) => ({
    ...feed,
    rows: feed.rows.map((row) => {
      const own = byRow.get(nameOfRow(row));
      if (!own) return row;
      return { ...row, cells: row.cells.map((cell) => {
        const correction = correctionOf(own, cell.column.name, cell.value);
        return correction ? { ...cell, correction } : cell;
      }) };
    }),
  }));
}

/** The facts of a part of an answer to the person, each that was corrected with what is right behind it; somebody else whom that may name is looked for in it as in the fact itself. */
export function withCorrections(facts: readonly PackFact[], accepted: readonly AcceptedCorrection[]): PackFact[] {
  return facts.flatMap((fact) => {
    const correction = fact.closed ? undefined : correctionOf(accepted, fact.name, fact.value);
    if (!correction || correction.mended) return [fact];
    const { column, value: _, ...rest } = fact;
    if (correction.right === null) return [fact, { name: `${fact.name}@corrected`, label: `Corrected: ${fact.label}`, value: 'This is not so' }];
    return [fact, { ...rest, ...(column ? { column } : {}), name: `${fact.name}@corrected`, label: `Corrected: ${fact.label}`, value: correction.right }];
  });
}

/** Whether the agency has mended its own record: what the newest state of the row says. */
export function sourceStateOf(states: readonly RowState[], { column, wrong, right }: Pick<AcceptedCorrection, 'column' | 'wrong' | 'right'>): SourceState {
  const newest = states.at(-1);
  if (!newest) return { kind: 'gone' };
  const value = newest.values[column] ?? null;
  if (value !== null && saysSame(value, wrong)) return { kind: 'wrong' };
  const mended = value === null ? right === null : right !== null && saysSame(value, right);
  return { kind: mended ? 'mended' : 'other', file: newest.file, loadedAt: newest.loadedAt };
}

/** When the fact came: the first state of the row that says it. */
export function factSince(states: readonly RowState[], column: string, value: string, otherwise: string): number {
  const first = states.find((state) => saysSame(state.values[column] ?? '', value));
  return Date.parse(first?.loadedAt ?? otherwise);
}

export type ReadRight = { ok: true; value: string } | { ok: false; says: string };

const good = (value: string): ReadRight => ({ ok: true, value });
const bad = (says: string): ReadRight => ({ ok: false, says });

function readDay(text: string): string | undefined {
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text);
  const british = /^(\d{1,2})[ /.](\d{1,2})[ /.](\d{4})$/.exec(text);
  const [year, month, day] = iso ? iso.slice(1) : (british?.slice(1).toReversed() ?? []);
  if (year === undefined) return undefined;
  const written = `${year}-${month!.padStart(2, '0')}-${day!.padStart(2, '0')}`;
  return isRealDay(written) ? written : undefined;
}

function readTime(text: string): string | undefined {
  const [, day = '', hours = '', minutes = '', seconds = '00'] = /^(\S+(?: \d{1,2} \d{4})?)[ T](\d{1,2}):(\d\d)(?::(\d\d))?$/.exec(text) ?? [];
  const date = readDay(day);
  return date === undefined || Number(hours) > 23 || Number(minutes) > 59 ? undefined : `${date} ${hours.padStart(2, '0')}:${minutes}:${seconds}`;
}

function readCode(text: string, { codes = [], codeTitles = {} }: RecordColumn): string | undefined {
  if (codes.length === 0) return text;
  return codes.find((code) => [code, code.replaceAll('-', ' '), codeTitles[code] ?? code].some((each) => saysSame(each, text)));
}

/** What is right, as the column writes it: dates as 2026-11-24, codes as codes. */
export function readRight(column: RecordColumn, typed: string): ReadRight {
  const text = typed.trim();
  switch (column.type) {
    case 'date': {
      const day = readDay(text);
      return day === undefined ? bad('Enter a real date, like 27 3 2012') : good(day);
    }
    case 'datetime': {
      const time = readTime(text) ?? readDay(text);
      return time === undefined ? bad('Enter a real date and time, like 27 3 2026 22:10') : good(time);
    }
    case 'month': {
      const day = readDay(`1 ${text.replace('/', ' ')}`) ?? readDay(`${text}-01`);
      return day === undefined ? bad('Enter a month, like 3 2026') : good(day);
    }
    case 'boolean':
      return /^(yes|true)$/i.test(text) ? good('true') : /^(no|false)$/i.test(text) ? good('false') : bad('Enter yes or no');
    case 'integer':
      return /^-?\d{1,15}$/.test(text) ? good(text) : bad('Enter a whole number');
    case 'decimal': case 'longitude': case 'latitude':
      return /^-?\d{1,15}(\.\d{1,15})?$/.test(text) ? good(text) : bad('Enter a number');
    case 'nhs-number':
      return /^\d{10}$/.test(text.replaceAll(' ', '')) ? good(text.replaceAll(' ', '')) : bad('Enter an NHS number of 10 digits');
    case 'code': {
      const code = readCode(text, column);
      return code === undefined ? bad('Choose only from the list') : good(code);
    }
    case 'list': {
      const codes = text.split(';').map((each) => readCode(each.trim(), column));
      return codes.includes(undefined) ? bad('Enter words of this list, with “; ” between') : good(codes.join('; '));
    }
    default:
      return good(text);
  }
}

/** The column of a row, and what it says; undefined where it says nothing. */
export function factOf(row: HeldRow, feed: RecordFeed, column: string): { column: RecordColumn; value: string } | undefined {
  const found = feed.columns.find(({ name }) => name === column);
  const value = row.values[column] ?? null;
  return found && value !== null ? { column: found, value } : undefined;
}
