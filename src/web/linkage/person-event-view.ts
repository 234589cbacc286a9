// Merges and splits as pages show them: a line in the list, and one event with its records side by side, what it did and whether it can be undone.

import {
  eventSentence, kindWords, refusalWords, undoSentence, undoStateWords, type EventRecord, type EventSide, type PersonEvent, type ReviewRecord, type UndoPlan,
} from '../../linkage/index.ts';
import type { FieldProblem } from '../form/sent-fields.ts';
import { presentDate, presentDateTime } from '../frame/date-words.ts';
import { presentFieldGroups, recordLine } from './review-fields.ts';

export const eventKinds = ['merge', 'split', 'moved'] as const;
export type EventKind = (typeof eventKinds)[number];

/** Records of one side that a page shows at most. */
export const mostOfSide = 50;

export interface EventAddress {
  kind?: EventKind;
  /** Such as 2026-11. */
  month?: string;
  before?: number;
}

export function eventsAddress({ kind, month, before }: EventAddress): string {
  const query = [...(kind ? [`kind=${kind}`] : []), ...(month ? [`month=${month}`] : []), ...(before === undefined ? [] : [`before=${before}`])].join('&');
  return query === '' ? '/linkage/events' : `/linkage/events?${query}`;
}

/** "2026-11" → its first and last day. */
export function daysOfMonth(month: string): { from: string; to: string } {
  const [year, number] = month.split('-').map(Number) as [number, number];
  return { from: `${month}-01`, to: new Date(Date.UTC(year, number, 0)).toISOString().slice(0, 10) };
}

const monthWords = new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' });
const presentMonth = (month: string) => monthWords.format(new Date(`${month}-01T12:00:00Z`));

const sentenceEnd = (text: string) => (/[.!?]$/.test(text) ? text : `${text}.`);
const upperFirst = (text: string) => text.replace(/^./, (letter) => letter.toUpperCase());

export function presentEventRow(event: PersonEvent) {
  return {
    href: `/linkage/events/${event.event}`, number: event.event, on: presentDate(event.at), kind: kindWords[event.kind], sentence: eventSentence(event),
    why: sentenceEnd(upperFirst(event.reason)), state: undoStateWords(event), stands: event.undo.state === 'stands', by: event.undo.state === 'undone' ? event.undo.by : null,
  };
}

export function presentEventList(events: readonly PersonEvent[], address: EventAddress, more: boolean, months: readonly { month: string; events: number }[]) {
  const { kind, month, before } = address;
  return {
    title: 'Merges and splits of people',
    rows: events.map(presentEventRow),
    kinds: [{ value: '', text: 'All kinds' }, ...eventKinds.map((value) => ({ value, text: { merge: 'Merges: two people became one', split: 'Splits: one person became two', moved: 'Moves: records went to another person' }[value] }))].map((item) => ({ ...item, selected: item.value === (kind ?? '') })),
    months: [{ value: '', text: 'All months' }, ...months.map((each) => ({ value: each.month, text: `${presentMonth(each.month)} (${each.events.toLocaleString('en-GB')})` }))].map((item) => ({ ...item, selected: item.value === (month ?? '') })),
    filtered: kind !== undefined || month !== undefined,
    older: more ? eventsAddress({ ...address, before: events.at(-1)!.event }) : null,
    newest: before === undefined ? null : eventsAddress({ ...address, before: undefined } as EventAddress),
  };
}

const sideWords: Record<EventSide, (kind: string) => string> = {
  moved: (kind) => (kind === 'split' ? 'Records that left' : 'Records that moved'),
  joined: () => 'Records that they were joined with',
  stayed: () => 'Records that stayed',
};

const titles: Record<string, string> = { merge: 'Two people became one', split: 'One person became two', moved: 'Records went to another person' };

export interface EventContext {
  event: PersonEvent;
  records: readonly EventRecord[];
  plan: UndoPlan;
  /** The records that are shown, with their values. */
  shown: readonly ReviewRecord[];
  agencyName(code: string): string;
  /** The pair that people settled otherwise, where that is why the event cannot be undone. */
  settledHref?: string;
  refused?: { reason: string; confirmed: boolean; messages: FieldProblem[] };
  done?: string;
}

/** The ids of the records that the page shows, side by side. */
export function shownIds(records: readonly EventRecord[]): string[] {
  return (['moved', 'joined', 'stayed'] as const).flatMap((side) => records.filter((record) => record.side === side && record.personKey !== null).slice(0, mostOfSide).map(({ sourceId }) => sourceId));
}

export function presentEvent({ event, records, plan, shown, agencyName, settledHref, refused, done }: EventContext) {
  const byId = new Map(shown.map((record) => [record.sourceId, record]));
  const sides = (['moved', 'joined', 'stayed'] as const).flatMap((side) => {
    const all = records.filter((record) => record.side === side);
    if (all.length === 0) return [];
    const here = all.filter(({ personKey }) => personKey !== null);
    const list = here.flatMap(({ sourceId }) => byId.get(sourceId) ?? []);
    return [{ side, heading: sideWords[side](event.kind), count: all.length, gone: all.length - here.length, hidden: here.length - list.length, list }];
  });
  const row = presentEventRow(event);
  const refusal = plan.ok ? null : refusalWords(plan.refusal, (at) => presentDate(at));
  const { undo } = event;
  return {
    title: `Event ${event.event}: ${titles[event.kind] ?? kindWords[event.kind]}`,
    error: refused !== undefined,
    ...row,
    heading: titles[event.kind] ?? kindWords[event.kind],
    when: presentDateTime(event.at),
    build: event.build,
    keysBefore: event.keysBefore,
    keysAfter: event.keysAfter,
    undoes: event.undoes,
    sides: sides.map((side) => ({ ...side, list: side.list.map((record) => ({ line: recordLine(record), agency: agencyName(record.agency), localId: record.localId })) })),
    fields: presentFieldGroups(sides.map(({ list }) => list)),
    may: plan.ok,
    undoWords: undoSentence(event),
    waiting: undo.state === 'waiting' ? { reason: undo.undo.reason, by: undo.undo.decidedBy, on: presentDate(undo.undo.decidedAt) } : null,
    refusal: refusal && undo.state !== 'waiting' ? { what: sentenceEnd(refusal.what), todo: refusal.todo, href: settledHref ?? null } : null,
    refused: refused ?? null,
    problems: Object.fromEntries(refused?.messages.map(({ text, href }) => [href.slice(1), text]) ?? []),
    done: done === 'undo' || done === 'withdraw' ? done : null,
  };
}
