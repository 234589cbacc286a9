// The parts of what is held about a person: rows of agencies' feeds with their other states and those set aside, what cases hold, decisions to share, emergency
// openings, what was written elsewhere, seals, and who saw it. Whatever
// leads to somebody whose record is sealed to the reader is shut to the reader too. Pure.

import type { RecordedAuditEvent } from '../store/index.ts';
import { nameOfRow, type AcceptedCorrection } from './accepted-correction.ts';
import { correctionsByRow, withCorrections } from './correction.ts';
import { isDated, type HeldRow, type RecordColumn, type RecordFeed } from './person-record.ts';
import type { PackFact, PackFile, PackPart } from './subject-access-pack.ts';
import type { HeldCasework } from './subject-access.store.ts';
import { wordParts, type HeldWords } from './subject-access-words.ts';
import type { AsideRow, RowsBeyond, StateRow } from './rows-beyond-record.ts';

export interface HeldMaterial {
  feeds: readonly RecordFeed[];
  rows: readonly HeldRow[];
  /** By "load line", as PeopleAround has it. */
  shared: ReadonlyMap<string, 'too' | 'theirs'>;
  /** Whether another person's record is sealed to whoever answers. */
  isSealed: (personKey: string) => boolean;
  casework: HeldCasework;
  /** What was accepted about the rows. */
  corrections?: readonly AcceptedCorrection[];
  /** Rows in no record of theirs; none where absent. */
  beyond?: Pick<RowsBeyond, 'states' | 'aside'> | undefined;
  /** Written about them elsewhere; nothing where absent. */
  words?: HeldWords | undefined;
  /** Whether files of cases go with an answer, and which of those that were to go cannot be had; they stand by name alone where absent. */
  files?: { closed: boolean; lost: ReadonlyMap<string, NonNullable<PackFile['lost']>> } | undefined;
  /** Newest first. */
  events: readonly RecordedAuditEvent[];
}

/** An address may say with whom somebody lives. */
const isText = ({ type, person }: RecordColumn): boolean => type === 'text' && (person === undefined || person === 'address' || person === 'phone' || person === 'email');

/** In the order in which a person reads them. */
export function partsOf({ feeds, rows, shared, isSealed, casework, beyond, words, files, events, corrections = [] }: HeldMaterial): PackPart[] {
  const corrected = correctionsByRow(corrections);
  const beside = <T extends { feed: string; others: readonly string[] }>(some: readonly T[], of: (row: T, feed: RecordFeed, shut: boolean) => PackPart) =>
    feeds.flatMap((feed) => some.filter((row) => row.feed === feed.feed).map((row) => of(row, feed, row.others.some(isSealed))));
  return [
    ...feeds.flatMap((feed) => rows.filter((row) => row.feed === feed.feed).map((row) => rowPart(row, feed, { shared: shared.get(`${row.load} ${row.line}`) ?? (row.others.length > 0 ? 'too' : undefined), shut: row.others.some(isSealed), corrections: corrected.get(nameOfRow(row)) ?? [] })).toSorted(newestFirst)),
    ...beside(beyond?.states ?? [], (row, feed, shut) => statePart(row, feed, shut, corrected.get(nameOfRow(row)) ?? [])),
    ...beside(beyond?.aside ?? [], asidePart),
    ...caseParts(casework, files),
    ...casework.shares.map((share) => sharePart(share, casework.followUps)),
    ...casework.glasses.map((glass): PackPart => ({
      part: `glass:${glass.broken_glass_id}`, kind: 'glass', holder: glass.agency, date: glass.broken_at.toISOString(), code: glass.role,
      facts: [code('purpose', glass.purpose), written('reason', 'Why', glass.reason), ...(glass.outcome === null ? [] : [code('outcome', glass.outcome), written('note', 'What the review found', glass.note!)])],
    })),
    ...(words ? wordParts(words, { feeds, isSealed, shutRows: new Set([...rows, ...(beyond?.states ?? [])].filter(({ others }) => others.some(isSealed)).map(nameOfRow)) }) : []),
    ...casework.seals.map((seal): PackPart => ({ part: `seal:${seal.sealed_subject_id}`, kind: 'seal', holder: null, date: seal.sealed_at.toISOString(), facts: [] })),
    ...events.map((event): PackPart => ({ part: `seen:${event.auditEventId}`, kind: 'seen', holder: event.actorAgency ?? null, date: new Date(event.occurredAt).toISOString(), event, facts: [] })),
  ];
}

const newestFirst = (a: PackPart, b: PackPart): number => ((a.date ?? '') === (b.date ?? '') ? (a.part < b.part ? 1 : -1) : (a.date ?? '') < (b.date ?? '') ? 1 : -1);
const written = (name: string, label: string, value: string): PackFact => ({ name, label, value, text: true });
/** A code, whose words the pages know. */
const code = (name: string, value: string): PackFact => ({ name, label: '', value });

function rowPart(row: HeldRow, feed: RecordFeed, { shared, shut, corrections }: { shared: PackPart['shared'] | undefined; shut: boolean; corrections: readonly AcceptedCorrection[] }): PackPart {
  const { load, line, file, loadedAt } = row;
  const facts = feed.columns.flatMap((column): PackFact[] => {
    const value = row.values[column.name] ?? null;
    if (value === null) return [];
    const closed = shut && (shared === 'theirs' ? column.identifying || column.person !== undefined : column.identifying && column.person === undefined);
    return [{ name: column.name, label: column.label, value: closed ? '' : value, column, ...(isText(column) && !closed ? { text: true } : {}), ...(closed ? { closed } : {}) }];
  });
  const dated = facts.find(({ column }) => isDated(column!));
  return {
    part: `row:${load}:${line}`, kind: 'row', group: `feed:${feed.feed}`, feed, holder: feed.holder, date: dated?.value ?? null, source: { file, line, loadedAt },
    ...(shared === undefined ? {} : { shared }), row: nameOfRow(row), facts: withCorrections(facts, corrections),
  };
}

/** Where somebody sealed may be meant, nothing of it is open but what is about nobody. */
const closing = (fact: PackFact, shut: boolean): PackFact => {
  if (!shut || !(fact.text || fact.column?.identifying || fact.column?.person !== undefined)) return fact;
  const { text: _, ...rest } = fact;
  return { ...rest, value: '', closed: true };
};

function statePart(row: StateRow, feed: RecordFeed, shut: boolean, corrections: readonly AcceptedCorrection[]): PackPart {
  const part = rowPart(row, feed, { shared: 'unsure', shut: false, corrections });
  return { ...part, part: `state:${row.load}:${row.line}`, kind: 'state', code: row.newer ? 'newer' : 'earlier', facts: part.facts.map((fact) => closing(fact, shut)) };
}

/** As it came: nothing in it could be read as what it should be. */
function asidePart({ load, line, file, loadedAt, rowKey, cells, faults, feed: name }: AsideRow, feed: RecordFeed, shut: boolean): PackPart {
  const columnOf = (column: string | null | undefined) => feed.columns.find((each) => each.name === column);
  const facts = cells.flatMap(({ heading, column: written, value }, place): PackFact[] => {
    if (value.trim() === '') return [];
    const known = columnOf(written);
    const column = known && { name: known.name, label: known.label, type: 'text', identifying: known.identifying, person: known.person };
    return [closing({ name: `cell-${place}`, label: known?.label ?? heading ?? 'The line as it came', value, ...(column ? { column } : {}), ...(!column || isText(column) ? { text: true } : {}) }, shut)];
  });
  return {
    part: `aside:${load}:${line}`, kind: 'aside', group: `feed:${name}`, feed, holder: feed.holder, date: null, source: { file, line, loadedAt }, shared: 'unsure', ...(rowKey === null ? {} : { row: nameOfRow({ feed: name, rowKey }) }),
    facts: [...facts, ...faults.map(({ column, reason }, place): PackFact => ({ name: `fault-${place}`, label: 'Why it could not be read', value: column === null ? reason : `${columnOf(column)?.label ?? column}: ${reason}` }))],
  };
}

/** The file as a fact of its own, which waits to be looked at; where it could tell of somebody sealed, whom nobody can look for in it, it is closed. */
function fileFacts({ attachment_id: attachmentId, media_type: mediaType, bytes, sha256 }: HeldCasework['attachments'][number], files: HeldMaterial['files']): PackFact[] {
  if (!files) return [];
  const lost = files.lost.get(attachmentId);
  return [{ name: 'file', label: 'The file itself', value: files.closed ? '' : sha256, file: { attachmentId, mediaType, bytes: Number(bytes), ...(lost ? { lost } : {}) }, ...(files.closed ? { closed: true } : {}) }];
}

function caseParts({ cases, entries, attachments }: HeldCasework, files: HeldMaterial['files']): PackPart[] {
  return [
    ...cases.map((each): PackPart => ({ part: `case:${each.case_id}`, kind: 'case', group: 'casework', holder: each.holder, date: each.opened_at.toISOString(), facts: [] })),
    ...entries.map((each): PackPart => ({ part: `entry:${each.entry_id}`, kind: 'entry', group: 'casework', holder: each.holder, date: each.created_at.toISOString(), code: each.section, facts: [written('text', 'What was written', each.text)] })),
    ...attachments.map((each): PackPart => ({ part: `attachment:${each.attachment_id}`, kind: 'attachment', group: 'casework', holder: each.holder, date: each.added_at.toISOString(), code: each.section, facts: [written('file_name', 'File', each.file_name), ...fileFacts(each, files)] })),
  ];
}

function sharePart(share: HeldCasework['shares'][number], followUps: HeldCasework['followUps']): PackPart {
  const later = followUps.filter((each) => each.share_record_id === share.share_record_id);
  return {
    part: `share:${share.share_record_id}`, kind: 'share', holder: share.from_agency, date: share.decided_on, code: share.decision,
    facts: [
      ...(share.to_agency === null ? [written('to_other', 'With whom', share.to_other!)] : [code('to_agency', share.to_agency)]),
      written('what', 'What information', share.what), code('purpose', share.purpose), ...share.ground.map((power, place) => code(`ground-${place}`, power)), written('reasons', 'Why', share.reasons), code('consent', share.consent),
      ...(share.consent_why === null ? [] : [written('consent_why', 'Why without your agreement', share.consent_why)]),
      ...later.map(({ kind, text }, place) => written(`${kind}-${place}`, kind === 'outcome' ? 'What became of it' : 'A correction', text)),
    ],
  };
}
