// Answering people who ask what is held about them: a request is opened, who asks is checked, everything that is held is brought together, what tells of
// others is decided, what the law exempts is left out, and the rest is released, kept by its hash. Information governance leads alone do it; whose record
// is sealed, a keeper of the seal. What was released comes again only where it is still the same, to the byte.

import { createHash } from 'node:crypto';
import type { Clock } from '../core/index.ts';
import { auditActor, listAuditEvents, recordAuditEvent, type AttachmentFiles, type Casework } from '../store/index.ts';
import type { Reader } from './access-request.ts';
import type { AgreementRegister } from './agreement-register.ts';
import { britishDayOf } from './british-day.ts';
import type { FindAccepted } from './correction.store.ts';
import { personOf, type PeopleSource } from './people-service.ts';
import type { HeldRow, RecordFeed } from './person-record.ts';
import { readHeldFile, type HeldFile } from './held-file.ts';
import { nothingBeyond, type RowsBeyond } from './rows-beyond-record.ts';
import { findStandings, type PersonKeys } from './person-standing.store.ts';
import { endingOf } from './attachment-kind.ts';
import { asReader, isAboutNothing, isRefusalOrTwice, isRowId, type ReaderTransaction } from './reader-transaction.store.ts';
import { findSealedTo } from './sealed-people.ts';
import { listSeals } from './seal.store.ts';
import { clockOf, type AccessClock, type AccessRelease, type SubjectAccessFile } from './subject-access.ts';
import { coverOf, type AccessCover } from './subject-access-cover.ts';
import { closeKnown, filesGiven, lostParts, partsLeft, reviewParts, showParts, withheldNow, type PackFile, type PackPart, type PartChoice, type PartExemption, type ReviewItem, type ShownPart } from './subject-access-pack.ts';
import { partsOf } from './subject-access-parts.ts';
import { hasDecisionAfter, insertAccess, insertChoices, insertExemption, insertRelease, insertStep, insertWord, lastAuditRow, readAccess, readDecisions, readHeldCasework, type AccessDecisions, type HeldCasework, type NewAccessStep, type NewSubjectAccess } from './subject-access.store.ts';
import { othersInWords } from './subject-access-words.ts';
import { readHeldWords } from './subject-access-words.store.ts';
import { openOtherFinder, type PeopleAround } from './third-party.ts';

export interface AccessPack {
  file: SubjectAccessFile;
  /** The key that the person has now. */
  personKey: string;
  /** All that is held, withheld parts too: for whoever answers. */
  parts: PackPart[];
  withheld: ReadonlyMap<string, PartExemption>;
  /** What was withheld and is no longer found under its id: nothing is released until somebody has looked and put it back. */
  lost: string[];
  items: ReviewItem[];
  /** How many of the items wait. */
  waiting: number;
  words: AccessDecisions['words'];
  /** What is released. */
  shown: ShownPart[];
  covers: AccessCover[];
  /** What else was looked through, and what of it is not among the parts; undefined where nobody could look. */
  beyond: Pick<RowsBeyond, 'looked' | 'namesakes' | 'rowsOfOthers'> | undefined;
  asAt: number;
  auditTo: number;
  /** More was done to the record than a pack holds. */
  cut: boolean;
  /** Something was decided since the last release: that is not handed over any more. */
  outdated: boolean;
}

export type AccessFiles = Record<'document' | 'rows', string>;
export type MakeFiles = (pack: AccessPack) => AccessFiles | Promise<AccessFiles>;
export type PackAnswer =
  | { kind: 'pack'; pack: AccessPack }
  | { kind: 'sealed'; file: SubjectAccessFile; whomToRing: string }
  /** Who asks is not checked, or it is closed. */
  | { kind: 'not-now'; file: SubjectAccessFile }
  | { kind: 'none' };
export type OpenOutcome = { ok: true; subjectAccessId: string } | { ok: false; reason: 'not-found' | 'refused' } | { ok: false; reason: 'sealed'; whomToRing: string };
/** Too late: the time to say that it takes longer is over. Answered: what has an answer is not closed as what has none. */
export type StepOutcome = { ok: true } | { ok: false; reason: 'too-late' | 'answered' | 'refused' };
/** Lost: a file that was to go cannot be had. */
export type ReleaseOutcome = { ok: true } | { ok: false; reason: 'waits' | 'refused' | 'lost' };
/** A file of a case, to be looked at or handed over; what is lost is told of and not given. */
export type FileAnswer = { kind: 'file'; fileName: string; mediaType: string; content: Buffer } | { kind: 'lost'; why: NonNullable<PackFile['lost']> };

export interface SubjectAccess {
  /** Newest first: all that are open, and the newest of the others. */
  list(who: Reader): Promise<(SubjectAccessFile & AccessClock)[]>;
  find(who: Reader, subjectAccessId: string): Promise<(SubjectAccessFile & AccessClock) | undefined>;
  open(who: Reader, request: NewSubjectAccess): Promise<OpenOutcome>;
  step(who: Reader, subjectAccessId: string, step: NewAccessStep): Promise<StepOutcome>;
  addWord(who: Reader, subjectAccessId: string, word: string): Promise<{ ok: boolean }>;
  choose(who: Reader, subjectAccessId: string, choices: readonly Pick<PartChoice, 'place' | 'choice' | 'reason'>[]): Promise<{ ok: boolean }>;
  exempt(who: Reader, subjectAccessId: string, exemption: Pick<PartExemption, 'part' | 'act' | 'ground' | 'words'>): Promise<{ ok: boolean }>;
  /** As it is now. */
  pack(who: Reader, subjectAccessId: string): Promise<PackAnswer>;
  /** Refused while anything waits for a decision, or what was withheld is lost. */
  release(who: Reader, subjectAccessId: string, make: MakeFiles): Promise<ReleaseOutcome>;
  /** What was released last: undefined where it can no longer be made as it was, or something was decided since. */
  released(who: Reader, subjectAccessId: string, make: MakeFiles): Promise<{ release: AccessRelease; files: AccessFiles } | undefined>;
  /** An attached file, to decide whether it goes: kept in the audit before it is given. Undefined where there is none for this reader. */
  openFile(who: Reader, subjectAccessId: string, attachmentId: string): Promise<FileAnswer | undefined>;
  /** A file that goes with what was released last; undefined where it does not, or where that is not handed over any more. */
  releasedFile(who: Reader, subjectAccessId: string, attachmentId: string, make: MakeFiles): Promise<FileAnswer | undefined>;
}

export interface SubjectAccessSources {
  source: PeopleSource;
  feeds: readonly RecordFeed[];
  /** What was accepted about rows; nothing where absent. */
  corrections?: FindAccepted;
  /** Whom agencies know around a person; also who further people are. */
  around(personKey: string, also?: readonly string[]): Promise<PeopleAround>;
  /** Rows in no record of theirs, and whose a record is; nothing is looked for where absent. */
  beyond?: { find(personKey: string, rows: readonly HeldRow[], until: number): Promise<RowsBeyond>; peopleOf(recordIds: readonly string[]): Promise<Map<string, string>> };
  /** Files of cases; where absent they stand by name alone. */
  files?: Pick<AttachmentFiles, 'read'>;
  /** Every id under which the audit may know a person. */
  idsOf(person: PersonKeys): Promise<string[]>;
  register: AgreementRegister;
}

const mostEvents = 5000;
/** By number where it goes, since its own name may tell of others; marked where it is only looked at. */
const nameOfFile = ({ mediaType, number }: { mediaType: string; number?: number }): string => `${number === undefined ? 'for-review-only' : `file-${number}`}.${endingOf(mediaType)}`;
const hashOf = (text: string) => ({ sha256: createHash('sha256').update(text).digest('hex'), bytes: Buffer.byteLength(text) });

export function openSubjectAccess(db: Casework['db'], clock: Clock, sources: SubjectAccessSources): SubjectAccess {
  const { source } = sources;
  const run = <T>(who: Reader, work: (transaction: ReaderTransaction) => Promise<T>) => asReader(db, who, null, clock, work);
  const clocked = (file: SubjectAccessFile) => ({ ...file, ...clockOf(file, britishDayOf(clock.now())) });

  /** Does it and notes it in the audit, both or neither; false where the database refuses. */
  const act = async <T>(who: Reader, action: string, work: (transaction: ReaderTransaction) => Promise<{ ids: string[]; value: T }>): Promise<{ ok: true; value: T } | { ok: false }> => {
    try {
      return await run(who, async (transaction) => {
        const { ids, value } = await work(transaction);
        await recordAuditEvent(transaction, clock, { ...auditActor(who), action: `subject-access.${action}`, outcome: 'done', subjectKind: 'subject-access', subjectIds: ids });
        return { ok: true as const, value };
      });
    } catch (error) {
      // Refused by its policies, done already, or about nothing that is there.
      if (isRefusalOrTwice(error) || isAboutNothing(error)) return { ok: false };
      throw error;
    }
  };
  const sealOf = async (who: Reader, person: PersonKeys): Promise<string | undefined> => {
    const standing = (await run(who, (transaction) => findStandings(transaction, [person]))).get(person.personKey)!;
    if (!standing.subject.sealed || standing.subject.keeper) return undefined;
    return (await listSeals(db, clock, who)).find(({ personKey, keepers }) => person.ever.includes(personKey) && !keepers.includes(who.userId))?.whomToRing ?? 'the information governance lead of the partnership';
  };
  const findFile = async (who: Reader, id: string) => (isRowId(id) ? (await run(who, (transaction) => readAccess(transaction, { subjectAccessId: id })))[0] : undefined);
  /** About a request whose person no seal shuts to the reader. */
  const about = async (who: Reader, id: string, action: string, work: (transaction: ReaderTransaction) => Promise<void>): Promise<{ ok: boolean }> => {
    const file = await findFile(who, id);
    if (!file || (await sealOf(who, await personOf(source, file.personKey))) !== undefined) return { ok: false };
    return { ok: (await act(who, action, async (transaction) => {
      await work(transaction);
      return { ids: [id, file.personKey], value: undefined };
    })).ok };
  };

  /** Whom records and keys of others in what was written mean now. */
  const findOthersOf = async ({ records, keys }: ReturnType<typeof othersInWords>): Promise<Map<string, string>> => {
    const found = new Map(await sources.beyond?.peopleOf(records));
    for (const key of keys) for (const now of await source.now([key])) found.set(key, now);
    return found;
  };
  /** Only those that were decided to go are read: a decision is worth nothing where the file is lost. */
  const filesOf = ({ attachments }: HeldCasework, choices: readonly PartChoice[], closed: boolean) => {
    const { files } = sources;
    if (!files) return undefined;
    const goes = new Map(choices.map(({ place, choice }) => [place.split('|', 2).join('|'), choice === 'keep']));
    const lost = closed ? [] : attachments.flatMap((each) => {
      const held = goes.get(`attachment:${each.attachment_id}|file`) ? readHeldFile(files, each.attachment_id, each.sha256) : undefined;
      return typeof held === 'string' ? [[each.attachment_id, held] as const] : [];
    });
    return { closed, lost: new Map(lost) };
  };
  const gather = async (who: Reader, file: SubjectAccessFile, person: PersonKeys, until?: Pick<AccessRelease, 'asAt' | 'auditTo'>): Promise<AccessPack> => {
    const asAt = until?.asAt ?? Math.trunc(clock.now());
    const { subjectAccessId } = file;
    const last = file.releases[0];
    // A key that one of their records once stood under, and that now means somebody else, has the other's events: which were whose cannot be told.
    const theirs = person.ever.filter((key) => !person.meaning.includes(key));
    const subjectIds = (await sources.idsOf(person)).filter((id) => !theirs.includes(id));
    const { casework, written, decisions, auditTo, outdated } = await run(who, async (transaction) => ({
      casework: await readHeldCasework(transaction, { subjectAccessId, keys: person.meaning, ever: person.ever, until: asAt }),
      written: await readHeldWords(transaction, { keys: person.meaning, records: subjectIds.filter((id) => id.includes(':')), until: asAt }),
      decisions: await readDecisions(transaction, subjectAccessId, asAt),
      auditTo: until?.auditTo ?? (await lastAuditRow(transaction)),
      outdated: last !== undefined && (await hasDecisionAfter(transaction, subjectAccessId, last.asAt)),
    }));
    const rows = await source.rows([person.personKey]);
    const beyond = await sources.beyond?.find(person.personKey, rows, asAt);
    const otherOf = await findOthersOf(othersInWords(written));
    const { states, aside } = beyond ?? nothingBeyond;
    const also = [...new Set([...states, ...aside].flatMap(({ others }) => others).concat([...otherOf.values()]))].filter((key) => key !== person.personKey);
    const around = await sources.around(person.personKey, also);
    const sealed = await findSealedTo(db, { who, purpose: null, at: clock.now() }, { source, keys: [...rows.flatMap(({ others }) => others), ...also, ...around.others.map(({ personKey }) => personKey)] });
    const [shut, others] = [around.others.filter(({ personKey }) => sealed.has(personKey)), around.others.filter(({ personKey }) => !sealed.has(personKey))];
    const corrections = await sources.corrections?.({ who, purpose: null, at: Math.trunc(clock.now()) }, [...rows, ...states], asAt);
    const found = await listAuditEvents(db, { subjectIds, before: auditTo + 1, limit: mostEvents + 1 });
    const all = partsOf({ feeds: sources.feeds, rows, shared: around.shared, isSealed: (key) => sealed.has(key), casework, beyond, words: { ...written, otherOf }, files: filesOf(casework, decisions.choices, sealed.size > 0), events: found.slice(0, mostEvents), ...(corrections ? { corrections } : {}) });
    const parts = shut.length === 0 ? all : closeKnown(all, openOtherFinder({ own: around.own, others: shut }));
    const withheld = withheldNow(decisions.exemptions);
    const left = partsLeft(parts, withheld);
    const items = reviewParts(left, openOtherFinder({ own: around.own, others }, decisions.words.map(({ word }) => word)), decisions.choices);
    const shown = showParts(left, items);
    const held = { feeds: new Set(shown.flatMap(({ feed }) => feed?.feed ?? [])), sections: new Set(shown.flatMap(({ kind, code }) => (kind === 'entry' ? [code!] : []))), holders: new Set(shown.flatMap(({ kind, holder }) => (kind === 'row' || kind === 'entry' ? [holder!] : []))) };
    return {
      file, personKey: person.personKey, parts, withheld, lost: lostParts(parts, withheld), items, waiting: items.filter(({ waits }) => waits).length, words: decisions.words, shown, covers: coverOf(await sources.register.list(), asAt, held), beyond: beyond && { looked: beyond.looked, namesakes: beyond.namesakes, rowsOfOthers: beyond.rowsOfOthers }, asAt, auditTo, cut: found.length > mostEvents, outdated,
    };
  };
  const packOf = async (who: Reader, id: string, until?: (file: SubjectAccessFile) => AccessRelease | undefined): Promise<PackAnswer> => {
    const file = await findFile(who, id);
    if (!file) return { kind: 'none' };
    const person = await personOf(source, file.personKey);
    const whomToRing = await sealOf(who, person);
    if (whomToRing !== undefined) return { kind: 'sealed', file, whomToRing };
    if (file.identity === null || file.closing !== null) return { kind: 'not-now', file };
    return { kind: 'pack', pack: await gather(who, file, person, until?.(file)) };
  };

  /** What was released last with what it was made from, where it still comes out the same. */
  const releasedPack = async (who: Reader, id: string, make: MakeFiles): Promise<{ release: AccessRelease; files: AccessFiles; pack: AccessPack } | undefined> => {
    const answer = await packOf(who, id, ({ releases }) => releases[0]);
    const release = answer.kind === 'pack' ? answer.pack.file.releases[0] : undefined;
    if (answer.kind !== 'pack' || !release || answer.pack.outdated) return undefined;
    const files = await make(answer.pack);
    return hashOf(files.document).sha256 === release.document.sha256 && hashOf(files.rows).sha256 === release.rows.sha256 ? { release, files, pack: answer.pack } : undefined;
  };
  /** Noted in the audit before it is given, also where it is lost. */
  const giveFile = async (who: Reader, id: string, { act: action, personKey, file }: { act: 'open-file' | 'export'; personKey: string; file: PackFile & { sha256: string; number?: number } }): Promise<FileAnswer | undefined> => {
    const held: HeldFile = sources.files ? readHeldFile(sources.files, file.attachmentId, file.sha256) : 'missing';
    const lost = typeof held === 'string';
    await run(who, (transaction) => recordAuditEvent(transaction, clock, { ...auditActor(who), action: `subject-access.${action}`, outcome: lost ? 'failed' : 'done', subjectKind: 'person', subjectIds: [file.attachmentId, id, personKey] }));
    return lost ? { kind: 'lost', why: held } : { kind: 'file', fileName: nameOfFile(file), mediaType: file.mediaType, content: held };
  };

  return {
    list: async (who) => (await run(who, (transaction) => readAccess(transaction))).map(clocked),
    find: async (who, id) => {
      const file = await findFile(who, id);
      return file && clocked(file);
    },
    async open(who, request) {
      const person = await source.find(request.personKey);
      if (!person) return { ok: false, reason: 'not-found' };
      const whomToRing = await sealOf(who, person);
      if (whomToRing !== undefined) return { ok: false, reason: 'sealed', whomToRing };
      const opened = await act(who, 'open', async (transaction) => {
        const id = await insertAccess(transaction, { ...request, personKey: person.personKey });
        return { ids: [id, person.personKey], value: id };
      });
      return opened.ok ? { ok: true, subjectAccessId: opened.value } : { ok: false, reason: 'refused' };
    },
    async step(who, id, step) {
      const file = await findFile(who, id);
      if (!file) return { ok: false, reason: 'refused' };
      const today = britishDayOf(clock.now());
      const { extendBy } = clockOf(file, today);
      if (step.kind === 'extension' && (extendBy === null || today > extendBy)) return { ok: false, reason: 'too-late' };
      if (step.kind === 'closing' && file.releases.length > 0) return { ok: false, reason: 'answered' };
      const { ok } = await about(who, id, step.kind, (transaction) => insertStep(transaction, id, step));
      return ok ? { ok } : { ok, reason: 'refused' };
    },
    addWord: (who, id, word) => about(who, id, 'decide', (transaction) => insertWord(transaction, id, word)),
    choose: (who, id, choices) => about(who, id, 'decide', (transaction) => insertChoices(transaction, id, choices)),
    exempt: (who, id, exemption) => about(who, id, exemption.act, (transaction) => insertExemption(transaction, id, exemption)),
    pack: (who, id) => packOf(who, id),
    async release(who, id, make) {
      const answer = await packOf(who, id);
      if (answer.kind !== 'pack') return { ok: false, reason: 'refused' };
      const { pack } = answer;
      if (pack.waiting > 0 || pack.lost.length > 0) return { ok: false, reason: 'waits' };
      if (pack.parts.some(({ facts }) => facts.some(({ file: held }) => held?.lost))) return { ok: false, reason: 'lost' };
      const { document, rows } = await make(pack);
      const kept = await act(who, 'release', async (transaction) => {
        const release = await insertRelease(transaction, id, { asAt: pack.asAt, auditTo: pack.auditTo, document: hashOf(document), rows: hashOf(rows) });
        return { ids: [id, release, pack.personKey], value: undefined };
      });
      return kept.ok ? { ok: true } : { ok: false, reason: 'refused' };
    },
    released: async (who, id, make) => {
      const found = await releasedPack(who, id, make);
      return found && { release: found.release, files: found.files };
    },
    async openFile(who, id, attachmentId) {
      const answer = await packOf(who, id);
      if (answer.kind !== 'pack') return undefined;
      const fact = partsLeft(answer.pack.parts, answer.pack.withheld).flatMap(({ facts }) => facts).find(({ file, closed }) => file?.attachmentId === attachmentId && !closed);
      return fact && giveFile(who, id, { act: 'open-file', personKey: answer.pack.personKey, file: { ...fact.file!, sha256: fact.value } });
    },
    async releasedFile(who, id, attachmentId, make) {
      const found = await releasedPack(who, id, make);
      const file = found && filesGiven(found.pack.shown).find((each) => each.attachmentId === attachmentId);
      return file && giveFile(who, id, { act: 'export', personKey: found.pack.personKey, file });
    },
  };
}
