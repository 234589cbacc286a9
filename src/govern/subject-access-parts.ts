// The parts of what is held about a person: rows of agencies' feeds, what cases hold, decisions to share, emergency openings, seals, and who saw it. Whatever
// leads to somebody whose record is sealed to the reader is shut to the reader too. Pure.

import type { RecordedAuditEvent } from '../store/index.ts';
import { nameOfRow, type AcceptedCorrection } from './accepted-correction.ts';
import { correctionsByRow, withCorrections } from './correction.ts';
import { isDated, type HeldRow, type RecordColumn, type RecordFeed } from './person-record.ts';
import type { PackFact, PackPart } from './subject-access-pack.ts';
import type { HeldCasework } from './subject-access.store.ts';

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
  /** Newest first. */
  events: readonly RecordedAuditEvent[];
}

/** An address may say with whom somebody lives. */
const isText = ({ type, person }: RecordColumn): boolean => type === 'text' && (person === undefined || person === 'address' || person === 'phone' || person === 'email');

/** In the order in which a person reads them. */
export function partsOf({ feeds, rows, shared, isSealed, casework, events, corrections = [] }: HeldMaterial): PackPart[] {
  const corrected = correctionsByRow(corrections);
  return [
    ...feeds.flatMap((feed) => rows.filter((row) => row.feed === feed.feed).map((row) => rowPart(row, feed, { shared: shared.get(`${row.load} ${row.line}`) ?? (row.others.length > 0 ? 'too' : undefined), shut: row.others.some(isSealed), corrections: corrected.get(nameOfRow(row)) ?? [] })).toSorted(newestFirst)),
    ...caseParts(casework),
    ...casework.shares.map((share) => sharePart(share, casework.followUps)),
    ...casework.glasses.map((glass): PackPart => ({
      part: `glass:${glass.broken_glass_id}`, kind: 'glass', holder: glass.agency, date: glass.broken_at.toISOString(), code: glass.role,
      facts: [code('purpose', glass.purpose), written('reason', 'Why', glass.reason), ...(glass.outcome === null ? [] : [code('outcome', glass.outcome), written('note', 'What the review found', glass.note!)])],
    })),
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
    ...(shared === undefined ? {} : { shared }), facts: withCorrections(facts, corrections),
  };
}

function caseParts({ cases, entries, attachments }: HeldCasework): PackPart[] {
  return [
    ...cases.map((each): PackPart => ({ part: `case:${each.case_id}`, kind: 'case', group: 'casework', holder: each.holder, date: each.opened_at.toISOString(), facts: [] })),
    ...entries.map((each): PackPart => ({ part: `entry:${each.entry_id}`, kind: 'entry', group: 'casework', holder: each.holder, date: each.created_at.toISOString(), code: each.section, facts: [written('text', 'What was written', each.text)] })),
    ...attachments.map((each): PackPart => ({ part: `attachment:${each.attachment_id}`, kind: 'attachment', group: 'casework', holder: each.holder, date: each.added_at.toISOString(), code: each.section, facts: [written('file_name', 'File', each.file_name)] })),
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
