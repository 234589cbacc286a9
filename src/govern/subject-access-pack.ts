// What is held about a person, in parts, for the person to have: which parts tell of somebody else and wait for a decision, and what is left once those are
// removed and what the law lets be left out is gone. What is removed leaves one mark, always the same; what is withheld leaves nothing. Pure.

import { createHash } from 'node:crypto';
import type { RecordedAuditEvent } from '../store/index.ts';
import type { LostAttachment } from './held-file.ts';
import type { RecordColumn, RecordFeed } from './person-record.ts';
import type { FoundOther, OtherFinder } from './third-party.ts';

export const partKinds = ['row', 'state', 'aside', 'case', 'entry', 'attachment', 'share', 'glass', 'link', 'asked', 'correction', 'seal', 'seen'] as const;
export type PartKind = (typeof partKinds)[number];

export interface PackFact {
  /** Of the fact within its part. */
  name: string;
  label: string;
  value: string;
  /** Of a feed, for its words; absent where the value is words already. */
  column?: RecordColumn;
  /** Somebody wrote it: looked through for other people. */
  text?: boolean;
  /** Somebody else whom it may name has a sealed record, of which the reader is no keeper: it is removed, and not shown to the reader either. */
  closed?: boolean;
  /** A file stands for it, and the value is its SHA-256. It goes as a whole or not at all. */
  file?: PackFile;
}

export interface PackFile {
  attachmentId: string;
  mediaType: string;
  bytes: number;
  /** It was to go and cannot be had. */
  lost?: LostAttachment;
}

/** One thing that is held, decided on as a whole. */
export interface PackPart {
  /** Its id, such as "entry:…": ids alone, nothing of what it says. */
  part: string;
  kind: PartKind;
  /** What it belongs to and is withheld with, where the whole is: a feed. */
  group?: string;
  feed?: RecordFeed;
  /** Code of the agency that holds it. */
  holder: string | null;
  /** Of a day or a time, as text; null where none is known. */
  date: string | null;
  /** What it is called, such as a section of a case. */
  code?: string;
  source?: { file: string; line: number; loadedAt: string };
  /** The row is about other people too; `theirs`: its own names and numbers are somebody else's; `unsure`: they may be, wherever they are not known as the person's. */
  shared?: 'too' | 'theirs' | 'unsure';
  /** The record of a feed that it is a state of, or about: it is withheld with the row. */
  row?: string;
  /** Of the audit. */
  event?: RecordedAuditEvent;
  facts: PackFact[];
}

export interface PartChoice {
  place: string;
  choice: 'remove' | 'keep';
  reason: string;
  by: string;
  at: number;
}

export interface PartExemption {
  part: string;
  act: 'withhold' | 'give';
  ground: string;
  words: string;
  by: string;
  at: number;
}

export type ReviewKind = FoundOther['kind'] | 'column' | 'read' | 'file' | 'seal';

/** One place that tells, or may tell, of somebody else. */
export interface ReviewPlace {
  /** The part, the fact and the letters of it. */
  place: string;
  part: PackPart;
  fact: PackFact | null;
  start: number;
  end: number;
  choice: PartChoice | null;
}

/** Places on which one decision is taken: a name wherever it stands, the columns of a row. */
export interface ReviewItem {
  /** For forms. It tells nothing. */
  id: string;
  kind: ReviewKind;
  /** What was found, as it stands first. */
  found: string;
  places: ReviewPlace[];
  /** Some place has no decision yet. */
  waits: boolean;
}

/** A fact as it is released. */
export interface ShownFact extends PackFact {
  /** With `removedMark` in the place of what was removed. */
  shown: string;
  /** Nothing of it is left. */
  removed: boolean;
}

export interface ShownPart extends Omit<PackPart, 'facts'> {
  facts: ShownFact[];
}

export const removedMark = '[removed: about somebody else]';

const placeOf = (part: PackPart, fact: PackFact | null, start: number, end: number): string => [part.part, ...(fact ? [fact.name, `${start}-${end}`] : [])].join('|');
/** What somebody wrote in words of their own: not a term of a list, nor an address. */
const isSentence = ({ value, column }: PackFact): boolean => value.split(/\s+/).length > 8 || ((column === undefined || column.identifying) && /(?<!\p{L})\p{Ll}+[,;]? \p{Ll}+[,;]? \p{Ll}+/u.test(value));
const whole = (fact: PackFact): FoundOther => ({ start: 0, end: fact.value.length, kind: 'name' });

/** A column of a row that leads to somebody else, and not to the person too: all of whom it names where the row is theirs, else where it was. */
const isOfOthers = ({ shared }: PackPart, { column, value }: PackFact, finder: OtherFinder): boolean =>
  column !== undefined && !finder.isOwn(value) && (((shared === 'theirs' || shared === 'unsure') && (column.person !== undefined || column.identifying)) || (shared === 'too' && column.identifying && column.person === undefined));

interface Found extends Pick<ReviewPlace, 'fact' | 'start' | 'end'> {
  kind: ReviewKind;
  /** Places of one kind and key are decided as one. */
  key: string;
}

/** Of what kind, and which letters, in a part. */
function findPlaces(part: PackPart, finder: OtherFinder): Found[] {
  // One decision on all that tells of a seal: also on who set and lifted it.
  if (part.kind === 'seal' || part.event?.action.startsWith('seal.')) return [{ kind: 'seal', fact: null, start: 0, end: 0, key: '' }];
  return part.facts.filter(({ closed }) => !closed).flatMap((fact): Found[] => {
    if (fact.file) return [{ ...whole(fact), kind: 'file', fact, key: part.part }];
    // What stands in no column of a feed is somebody's own words, however few.
    const read = fact.text === true && (fact.column === undefined || isSentence(fact));
    if (!read && isOfOthers(part, fact, finder)) return [{ ...whole(fact), kind: 'column', fact, key: part.part }];
    if (!fact.text) return [];
    const found = finder.find(fact.value).map(({ kind, start, end }) => ({ kind, fact, start, end, key: fact.value.slice(start, end).normalize('NFC').toLowerCase().replaceAll(/\s+/g, ' ') }));
    return read ? [...found, { ...whole(fact), kind: 'read', fact, key: `${part.part}|${fact.name}` }] : found;
  });
}

/** With what leads to people who are sealed to the reader taken out of all texts, before anybody reads them. */
export function closeKnown(parts: readonly PackPart[], { findKnown }: Pick<OtherFinder, 'findKnown'>): PackPart[] {
  return parts.map((part) => ({
    ...part,
    facts: part.facts.map((fact) => {
      // What stands in a column of a row that may be theirs is no text, and closed as a whole.
      if (!fact.text && part.shared === 'unsure' && !fact.closed && findKnown(fact.value).length > 0) return { ...fact, value: '', closed: true };
      if (!fact.text || fact.closed) return fact;
      const { shown, removed } = withoutSpans(fact.value, findKnown(fact.value));
      if (!removed) return { ...fact, value: shown };
      const { text: _, ...rest } = fact;
      return { ...rest, value: '', closed: true };
    }),
  }));
}

/** All that tells, or may tell, of others, in the order of the parts; what waits first. The newest choice of a place counts. */
export function reviewParts(parts: readonly PackPart[], finder: OtherFinder, choices: readonly PartChoice[]): ReviewItem[] {
  const chosen = new Map(choices.map((each) => [each.place, each]));
  const items = new Map<string, ReviewItem>();
  for (const part of parts) {
    for (const { kind, fact, start, end, key } of findPlaces(part, finder)) {
      const name = `${kind} ${key}`;
      const place = placeOf(part, fact, start, end) + (kind === 'read' ? '|read' : '');
      const item = items.get(name) ?? { id: createHash('sha256').update(name).digest('hex').slice(0, 20), kind, found: fact ? fact.value.slice(start, end) : '', places: [], waits: false };
      const choice = chosen.get(place) ?? null;
      item.places.push({ place, part, fact, start, end, choice });
      item.waits ||= choice === null;
      items.set(name, item);
    }
  }
  const all = [...items.values()];
  return [...all.filter(({ waits }) => waits), ...all.filter(({ waits }) => !waits)];
}

/** Parts, and groups of parts, that are withheld now. */
export function withheldNow(exemptions: readonly PartExemption[]): ReadonlyMap<string, PartExemption> {
  const newest = new Map(exemptions.map((each) => [each.part, each]));
  return new Map([...newest].filter(([, { act }]) => act === 'withhold'));
}

/** Rows that are withheld and are not among the parts: the next load may have them under another line, or as another state, where nothing withholds them. All else keeps its id. */
export function lostParts(parts: readonly PackPart[], withheld: ReadonlyMap<string, PartExemption>): string[] {
  const there = new Set(parts.map(({ part }) => part));
  return [...withheld.keys()].filter((part) => /^(row|state|aside):/.test(part) && !there.has(part));
}

/** Parts that are not withheld: only these are to be decided on and released. With a row go its other states and what was said to be wrong in it. Who saw or wrote down what is withheld goes with it. */
export function partsLeft(parts: readonly PackPart[], withheld: ReadonlyMap<string, PartExemption>): PackPart[] {
  const rows = new Set(parts.flatMap(({ part, kind, row }) => (kind === 'row' && row !== undefined && withheld.has(part) ? [row] : [])));
  const isWithheld = ({ part, group, row }: PackPart) => withheld.has(part) || (group !== undefined && withheld.has(group)) || (row !== undefined && rows.has(row));
  const ids = new Set(parts.filter(isWithheld).map(({ part }) => part.slice(part.indexOf(':') + 1)));
  return parts.filter((part) => !isWithheld(part) && !part.event?.subjectIds?.some((id) => ids.has(id)));
}

/** What is released. What waits for a decision is removed, should it ever be shown. */
export function showParts(parts: readonly PackPart[], items: readonly ReviewItem[]): ShownPart[] {
  const gone = Map.groupBy(items.flatMap(({ places }) => places.filter(({ choice }) => choice?.choice !== 'keep')), ({ part, fact }) => `${part.part}|${fact?.name ?? ''}`);
  return parts.flatMap((part): ShownPart[] => {
    if (gone.has(`${part.part}|`)) return [];
    return [{ ...part, facts: part.facts.map((fact) => (fact.closed || fact.file?.lost ? { ...fact, value: '', shown: removedMark, removed: true } : { ...fact, ...withoutSpans(fact.value, gone.get(`${part.part}|${fact.name}`) ?? []) })) }];
  });
}

export interface NumberedFile extends PackFile {
  /** By which the answer names it: its own name may tell of others. */
  number: number;
  sha256: string;
}

/** Files that go with the answer, in its order. */
export function filesGiven(shown: readonly ShownPart[]): NumberedFile[] {
  const given = shown.flatMap(({ facts }) => facts.flatMap(({ file, removed, value }) => (file && !removed ? [{ ...file, sha256: value }] : [])));
  return given.map((file, place) => ({ ...file, number: place + 1 }));
}

function withoutSpans(value: string, spans: readonly { start: number; end: number }[]): Pick<ShownFact, 'shown' | 'removed'> {
  let [shown, at] = ['', 0];
  for (const { start, end } of spans.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    if (end <= at) continue;
    if (start >= at && value.slice(at, start).trim() !== '') shown += value.slice(at, start) + removedMark;
    else if (at === 0) shown = removedMark;
    at = Math.max(at, end);
  }
  shown += value.slice(at);
  return { shown, removed: spans.length > 0 && shown === removedMark };
}
