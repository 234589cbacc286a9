// Keeping and destroying cases, for information governance leads: what is due and why, decisions to keep, proposals that a second person confirms, legal
// holds, certificates. Every act and its row of the audit are one transaction. What a lead may not know of is answered like what is not there.

import type { Clock } from '../core/index.ts';
import type { AttachmentFiles, Casework } from '../store/index.ts';
import type { Reader } from './access-request.ts';
import { britishDayOf } from './british-day.ts';
import type { FindAccepted } from './correction.store.ts';
import { openLoadRetention, type LoadRetention } from './load-retention.ts';
import type { RecordFeed } from './person-record.ts';
import { isPersonKey, type PeopleSource } from './people-service.ts';
import { asReader, isRowId, type ReaderTransaction } from './reader-transaction.store.ts';
import { openRecordRetention, type RecordRetention, type RecordSource } from './record-retention.ts';
import { latestBirthDates } from './retention-birth.ts';
import { actsOn, decisionsAbout, isOvertaken, longestDueFirst, type Act, type DecisionOutcome } from './retention-decisions.ts';
import { digestOfRows } from './retention-digest.ts';
import { findRetentionDue, type RetentionDue, type RetentionFacts } from './retention-due.ts';
import type { LoadFiles } from './retention-load.ts';
import type { Retention, RetentionSchedule } from './retention-schedule.ts';
import {
  addHold, addLifting, addProposal, addRefusal, addReview, destroy, findCertificate, findHindrance, findHold, findProposal, knowsCaseUnder, listCaseRows, listCertificates, listHolds, listProposals, listRetainedCases, listReviews,
  type CaseRow, type Certificate, type Hindrance, type LegalHold, type NewHold, type Proposal, type RetainedCase, type Review,
} from './retention.store.ts';
import { findSealedTo } from './sealed-people.ts';

/** What else may hold copies of a case that is destroyed: kept with its certificate, as true then. */
export const otherCopies: readonly string[] = [
  'Backups made before this day hold the case until they are removed. A backup that is restored brings it back: it must then be destroyed again.',
  'The database writes over the space of removed rows later. Copies and journals of a database server hold them until they are removed.',
  'The attached files were removed with the case. What people took of them, prints and exports are wherever people put them.',
  'The audit keeps who did what to this case and its person, by ids and never with content. Decisions to share, corrections, requests for access and files that agencies loaded are not destroyed with it: each comes due, and is destroyed, by itself.',
];

export interface DueCase extends RetainedCase {
  due: RetentionDue;
}

export interface RetentionQueue {
  /** What is due, the longest first. */
  due: DueCase[];
  /** Of all cases that this lead may know of: how many no schedule is about, and how many were closed on a day that nobody kept. */
  unscheduled: number;
  undated: number;
  /** There are more cases than were looked at. */
  truncated: boolean;
}

export interface CaseToDecide extends RetainedCase {
  due: RetentionDue | undefined;
  schedules: readonly RetentionSchedule[];
  /** Every decision to keep it, the newest first. */
  reviews: readonly Review[];
  /** The decision by which it is kept today: another one may take its place. */
  standing: Review | undefined;
  hindrance: Hindrance | null;
}

export interface ProposalFile extends Proposal {
  /** Every row that will go. */
  rows: CaseRow[];
  /** Absent where the case is destroyed. */
  case: CaseToDecide | undefined;
  certificate: number | null;
  /** It is not what was proposed any more. */
  changed: boolean;
  /** Why it cannot be confirmed now, whoever confirms; null also where it is destroyed or refused. */
  hindrance: Hindrance | 'not-due' | null;
}

export interface RetentionDesk {
  queue(who: Reader): Promise<RetentionQueue>;
  findCase(who: Reader, caseId: string): Promise<CaseToDecide | undefined>;
  /** Keeps a case that is due through a day; or one that is kept by decision already, through another day. */
  keep(who: Reader, decision: { caseId: string; keepUntil: string; reason: string }): Promise<DecisionOutcome>;
  propose(who: Reader, proposal: { caseId: string; reason: string }): Promise<DecisionOutcome>;
  listProposals(who: Reader): Promise<Proposal[]>;
  findProposal(who: Reader, proposalId: string): Promise<ProposalFile | undefined>;
  refuse(who: Reader, refusal: { proposalId: string; reason: string }): Promise<DecisionOutcome>;
  /** Destroys what another person proposed; the id is the number of the certificate. */
  confirm(who: Reader, proposalId: string): Promise<DecisionOutcome>;
  listHolds(who: Reader): Promise<LegalHold[]>;
  findHold(who: Reader, holdId: string): Promise<LegalHold | undefined>;
  /** Whether the lead may know of a case under a key, also of somebody who is not in the snapshot that is served. */
  knowsPerson(who: Reader, personKey: string): Promise<boolean>;
  placeHold(who: Reader, hold: NewHold): Promise<DecisionOutcome>;
  liftHold(who: Reader, lifting: { holdId: string; reason: string; authority: string }): Promise<DecisionOutcome>;
  listCertificates(who: Reader, page: { most: number; before?: number | undefined }): Promise<Certificate[]>;
  findCertificate(who: Reader, number: number): Promise<Certificate | undefined>;
  /** The same for files that agencies sent. */
  loads: LoadRetention;
  /** The same for decisions to share, requests for access and corrections. */
  records: RecordRetention;
}

export interface RetentionGiven {
  retention: Retention;
  source: Pick<PeopleSource, 'find'> & RecordSource;
  feeds: readonly RecordFeed[];
  /** What was accepted about dates of birth; nothing where absent. */
  corrections?: FindAccepted;
  attachments: Pick<AttachmentFiles, 'unsettle' | 'remove'>;
  /** Files that agencies sent. */
  loads: LoadFiles;
}

/** Cases that are looked at, the oldest first. */
const mostCases = 20_000;

export function openRetention(db: Casework['db'], clock: Clock, given: RetentionGiven): RetentionDesk {
  const run: Run = (who, work) => asReader(db, who, null, clock, work);
  const cases = caseReader(db, clock, given);
  const files = proposalReader(run, cases);

  const act = actsOn(db, clock);
  const decisions = decisionsAbout<string, CaseToDecide>({
    act, kind: () => 'case', of: 'case', find: cases.find, ids: ({ caseId, personKey }) => [caseId, personKey],
    addReview: (transaction, { caseId }, decision) => addReview(transaction, { caseId, ...decision }),
    addProposal: (transaction, { caseId }, decision) => addProposal(transaction, { caseId, ...decision }),
  });

  return {
    queue: cases.queue,
    findCase: cases.find,
    keep: (who, { caseId, ...decision }) => decisions.keep(who, caseId, decision),
    propose: (who, { caseId, reason }) => decisions.propose(who, caseId, reason),
    listProposals: async (who) => cases.known(who, await run(who, listProposals)),
    findProposal: files.find,
    async refuse(who, { proposalId, reason }) {
      const file = await files.find(who, proposalId);
      if (!file?.case) return { ok: false, reason: 'not-there' };
      return act(who, 'retention.refuse', 'case', async (transaction) => {
        await addRefusal(transaction, { proposalId, reason });
        return { id: proposalId, ids: [proposalId, file.caseId, file.case!.personKey] };
      });
    },
    async confirm(who, proposalId) {
      const file = await files.find(who, proposalId);
      if (!file?.case || file.refusal) return { ok: false, reason: 'not-there' };
      const { caseId, hindrance, case: { personKey } } = file;
      if (hindrance !== null) return { ok: false, reason: hindrance };
      const keys = await cases.keysOf(personKey);
      const attached = file.rows.flatMap(({ kind, id }) => (kind === 'attachment' ? [id] : []));
      const outcome = await act(who, 'retention.destroy', 'case', async (transaction) => {
        const destroyed = await destroy(transaction, { proposalId, keys, copies: otherCopies });
        if ('hindrance' in destroyed) return destroyed;
        // From here on they go once their rows have gone, whatever cuts this off.
        await given.attachments.unsettle(attached);
        return { id: String(destroyed.number), ids: [proposalId, caseId, personKey] };
      });
      if (outcome.ok) await given.attachments.remove(attached).catch(() => undefined);
      return outcome;
    },
    ...holdActs({ run, act, cases }),
    listCertificates: (who, page) => run(who, (transaction) => listCertificates(transaction, page)),
    findCertificate: (who, number) => run(who, (transaction) => findCertificate(transaction, { number })),
    loads: openLoadRetention(db, clock, { retention: given.retention, files: given.loads, source: given.source }),
    records: openRecordRetention(db, clock, { retention: given.retention, source: given.source }),
  };
}

type Run = <T>(who: Reader, work: (transaction: ReaderTransaction) => Promise<T>) => Promise<T>;

function holdActs({ run, act, cases }: { run: Run; act: Act; cases: CaseReader }): Pick<RetentionDesk, 'listHolds' | 'findHold' | 'knowsPerson' | 'placeHold' | 'liftHold'> {
  const find: RetentionDesk['findHold'] = async (who, holdId) => {
    const held = isRowId(holdId) ? await run(who, (transaction) => findHold(transaction, holdId)) : undefined;
    return held && (await cases.knownHolds(who, [held]))[0];
  };
  return {
    listHolds: async (who) => cases.knownHolds(who, await run(who, listHolds)),
    findHold: find,
    knowsPerson: async (who, personKey) => (await cases.isOpenTo(who, [personKey])) && run(who, (transaction) => knowsCaseUnder(transaction, personKey)),
    async placeHold(who, hold) {
      const personKeys = hold.kind === 'person' ? await cases.keysOf(hold.target) : [];
      if (!(await cases.isOpenTo(who, personKeys))) return { ok: false, reason: 'not-there' };
      const of = hold.kind === 'case' ? await cases.find(who, hold.target) : undefined;
      if (hold.kind === 'case' && !of) return { ok: false, reason: 'not-there' };
      return act(who, 'retention.hold', 'legal-hold', async (transaction) => {
        const id = await addHold(transaction, { ...hold, personKeys });
        return { id, ids: [id, hold.target, ...(of ? [of.personKey] : [])] };
      });
    },
    async liftHold(who, { holdId, reason, authority }) {
      const held = await find(who, holdId);
      if (!held) return { ok: false, reason: 'not-there' };
      return act(who, 'retention.lift', 'legal-hold', async (transaction) => {
        await addLifting(transaction, { holdId, reason, authority });
        return { id: holdId, ids: [holdId, held.target] };
      });
    },
  };
}

interface CaseReader {
  queue: RetentionDesk['queue'];
  find: RetentionDesk['findCase'];
  /** Every key by which a person is or was known. */
  keysOf(personKey: string): Promise<string[]>;
  /** Those proposals whose case this lead may know of. */
  known(who: Reader, proposals: readonly Proposal[]): Promise<Proposal[]>;
  /** Whether none of the keys is sealed to this lead, under whatever key the seal stands. */
  isOpenTo(who: Reader, keys: readonly string[]): Promise<boolean>;
  /** Those holds whose person, or whose case, this lead may know of. */
  knownHolds(who: Reader, holds: readonly LegalHold[]): Promise<LegalHold[]>;
}

/** Cases with what is due of them; those whose person is sealed to the lead, under whatever key, are left out. */
function caseReader(db: Casework['db'], clock: Clock, { retention, source, feeds, corrections }: RetentionGiven): CaseReader {
  const schedulesOf = (holder: string) => [...retention.schedules.values()].filter((schedule) => schedule.holder === holder);
  const read = (who: Reader, asked: { caseId?: string; most: number }): Promise<RetainedCase[]> => asReader(db, who, null, clock, (transaction) => listRetainedCases(transaction, asked));
  /** The database closes what is sealed under the key of the case; here, under any other key of its person. */
  const sealedTo = (who: Reader, keys: readonly string[]) => findSealedTo(db, { who, purpose: null, at: clock.now() }, { source, keys });
  const unsealed = async <T extends RetainedCase>(who: Reader, some: readonly T[]): Promise<T[]> => {
    const sealed = await sealedTo(who, some.map(({ personKey }) => personKey));
    return some.filter(({ personKey }) => !sealed.has(personKey));
  };
  /** Dates of birth are asked for only where a schedule could be over but for somebody's age. */
  const withDue = async (who: Reader, some: readonly RetainedCase[]): Promise<(RetainedCase & { due: RetentionDue | undefined })[]> => {
    const now = clock.now();
    const noAge = ({ age: _age, ...schedule }: RetentionSchedule): RetentionSchedule => schedule;
    const hasAge = (holder: string) => schedulesOf(holder).some(({ age }) => age !== undefined);
    const ageless = some.map((each) => ({ each, due: findRetentionDue(schedulesOf(each.holder).map(noAge), factsOf(each, null), now) }));
    const births = await latestBirthDates({ source, feeds, accepted: async (rows) => (await corrections?.({ who, purpose: null, at: now }, rows)) ?? [] }, ageless.flatMap(({ each, due }) => (due && hasAge(each.holder) ? [each.personKey] : [])));
    // Nobody's age makes due what is not due without it.
    return ageless.map(({ each, due }) => ({ ...each, due: due && findRetentionDue(schedulesOf(each.holder), factsOf(each, births.get(each.personKey) ?? null), now) }));
  };
  const keysOf = async (personKey: string): Promise<string[]> => {
    if (!isPersonKey(personKey)) return [personKey];
    // Of somebody who is not in the snapshot any more, the keys may still be known.
    const keys = (await source.find(personKey)) ?? (await source.keysOf([personKey]))[0];
    return [...new Set([personKey, ...(keys ? [keys.personKey, ...keys.meaning, ...keys.ever] : [])])];
  };
  return {
    keysOf,
    async queue(who) {
      const all = await read(who, { most: mostCases + 1 });
      const told = (await withDue(who, all.slice(0, mostCases))).map((each) => ({ ...each, unscheduled: schedulesOf(each.holder).length === 0, undated: each.status === 'closed' && each.closedAt === null }));
      const known = await unsealed(who, told.filter(({ due, unscheduled, undated }) => due !== undefined || unscheduled || undated));
      return {
        due: longestDueFirst(known.flatMap(({ due, unscheduled: _unscheduled, undated: _undated, ...each }) => (due ? [{ ...each, due }] : [])), ({ caseId }) => caseId),
        unscheduled: known.filter(({ unscheduled }) => unscheduled).length,
        undated: known.filter(({ undated }) => undated).length,
        truncated: all.length > mostCases,
      };
    },
    async find(who, caseId) {
      const [found] = isRowId(caseId) ? await withDue(who, await unsealed(who, await read(who, { caseId, most: 1 }))) : [];
      if (!found) return undefined;
      const keys = await keysOf(found.personKey);
      const { reviews, hindrance } = await asReader(db, who, null, clock, async (transaction) => ({ reviews: await listReviews(transaction, caseId), hindrance: await findHindrance(transaction, caseId, keys) }));
      const [newest] = reviews;
      return { ...found, schedules: schedulesOf(found.holder), reviews, standing: newest && newest.keepUntil >= retentionDay(clock) ? newest : undefined, hindrance };
    },
    async known(who, proposals) {
      const open: Proposal[] = [];
      for (const proposal of proposals) if ((await unsealed(who, await read(who, { caseId: proposal.caseId, most: 1 }))).length > 0) open.push(proposal);
      return open;
    },
    isOpenTo: async (who, keys) => (await sealedTo(who, keys)).size === 0,
    async knownHolds(who, holds) {
      const about = new Map<string, readonly string[]>();
      for (const { holdId, kind, target, personKeys } of holds) {
        // A case that is destroyed is nobody's any more.
        about.set(holdId, kind === 'person' ? [target, ...personKeys] : kind === 'case' && isRowId(target) ? (await read(who, { caseId: target, most: 1 })).map(({ personKey }) => personKey) : []);
      }
      const sealed = await sealedTo(who, [...about.values()].flat());
      return holds.filter(({ holdId }) => !about.get(holdId)!.some((key) => sealed.has(key)));
    },
  };
}

function proposalReader(run: Run, cases: CaseReader): { find: RetentionDesk['findProposal'] } {
  return {
    async find(who, proposalId) {
      if (!isRowId(proposalId)) return undefined;
      const found = await run(who, async (transaction) => {
        const proposal = await findProposal(transaction, proposalId);
        return proposal && { proposal, certificate: await findCertificate(transaction, { proposalId }), rows: await listCaseRows(transaction, proposal.caseId) };
      });
      if (!found) return undefined;
      const { proposal, certificate, rows } = found;
      const about = certificate ? undefined : await cases.find(who, proposal.caseId);
      // Sealed to this lead since it was proposed, under another key of the person.
      if (!certificate && !about) return undefined;
      const changed = !certificate && (digestOfRows(rows) !== proposal.sha256 || (about !== undefined && isOvertaken(proposal, about, 'case')));
      return { ...proposal, rows, case: about, certificate: certificate?.number ?? null, changed, hindrance: about && proposal.refusal === null ? hindranceOf(about, changed) : null };
    },
  };
}

/** A schedule may have been made longer since it was proposed: that comes before any other change. */
const hindranceOf = ({ hindrance, due }: CaseToDecide, changed: boolean): ProposalFile['hindrance'] => hindrance ?? (due?.what !== 'end' ? 'not-due' : changed ? 'changed' : null);

const factsOf = ({ openedAt, lastAt, closedAt, keepUntil, reviewedAt }: RetainedCase, birthDate: string | null): RetentionFacts => ({ recorded: openedAt, lastRecorded: lastAt, closed: closedAt, birthDate, reviewed: reviewedAt, keepUntil });

/** Today in Britain. */
export const retentionDay = (clock: Clock): string => britishDayOf(clock.now());
