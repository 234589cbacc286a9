// Keeping and destroying decisions to share, requests for access with their answers, and corrections, for information governance leads, as cases are: what is
// due by the schedules of its kind, decisions to keep, proposals that a second person confirms. A record that something still needs is not due: a decision
// to share while there is a case about the person, a correction while a file that is held has the row; the list looks in the snapshot that is served.

import { recordKinds, type Casework, type RecordKind, type RecordRowKind } from '../store/index.ts';
import type { Clock } from '../core/index.ts';
import type { Reader } from './access-request.ts';
import { britishDayOf } from './british-day.ts';
import { nameOfRow } from './accepted-correction.ts';
import type { CorrectionSources } from './correction-service.ts';
import { asReader, isRowId, type ReaderTransaction } from './reader-transaction.store.ts';
import {
  addRecordProposal, addRecordReview, countRecordRows, findRecordHindrance, listCaseKeys, listRecordProposals, listRecordReviews, listRetainedRecords, type RecordProposal, type RecordReview, type RetainedRecord,
} from './record-retention.store.ts';
import { actsOn, decisionsAbout, isOvertaken, longestDueFirst, refuseWaiting, type DecisionOutcome } from './retention-decisions.ts';
import { findRetentionDue, type RetentionDue } from './retention-due.ts';
import type { Retention, RetentionSchedule } from './retention-schedule.ts';
import { destroy, type Hindrance } from './retention.store.ts';
import { findSealedTo } from './sealed-people.ts';

export interface DueRecord extends RetainedRecord {
  due: RetentionDue;
}

export interface RecordQueue {
  /** The longest due first. */
  due: DueRecord[];
  /** Proposals that wait for a second person, the oldest first. */
  waiting: RecordProposal[];
  /** There are more records than were looked at. */
  truncated: boolean;
}

export interface RecordToDecide extends RetainedRecord {
  due: RetentionDue | undefined;
  schedules: readonly RetentionSchedule[];
  /** Every decision to keep it, the newest first. */
  reviews: readonly RecordReview[];
  /** The decision by which it is kept today. */
  standing: RecordReview | undefined;
  /** The proposal that waits, and those that were refused, the newest first. */
  waiting: RecordProposal | undefined;
  refused: readonly RecordProposal[];
  /** It, its schedule or a decision about it is another than when it was proposed, as far as can be told before. */
  changed: boolean;
  hindrance: Hindrance | null;
  /** What it consists of. */
  counts: readonly { kind: RecordRowKind; rows: number }[];
}

export interface RecordName {
  kind: RecordKind;
  recordId: string;
}

export interface RecordRetention {
  queue(who: Reader): Promise<RecordQueue>;
  /** That wait for a second person, the oldest first. */
  listProposals(who: Reader): Promise<RecordProposal[]>;
  find(who: Reader, name: RecordName): Promise<RecordToDecide | undefined>;
  /** Keeps a record that is due, or is kept by decision already, through a day. */
  keep(who: Reader, decision: RecordName & { keepUntil: string; reason: string }): Promise<DecisionOutcome>;
  propose(who: Reader, proposal: RecordName & { reason: string }): Promise<DecisionOutcome>;
  /** Refuses the proposal that waits, or takes back one's own. */
  refuse(who: Reader, refusal: RecordName & { reason: string }): Promise<DecisionOutcome>;
  /** Destroys the record of the proposal that waits; `id` is the number of the certificate. */
  confirm(who: Reader, name: RecordName): Promise<DecisionOutcome>;
}

const everywhere = [
  'Backups made before this day hold it until they are removed. A backup that is restored brings it back: it must then be destroyed again.',
  'The database writes over the space of removed rows later. Copies and journals of a database server hold them until they are removed.',
  'Prints and exports that people took are wherever people put them.',
];

/** What else may hold copies of a record that is destroyed: kept with its certificate, as true then. */
export const otherCopiesOfRecord: Record<RecordKind, readonly string[]> = {
  'share-record': [...everywhere, 'Who was given the information holds what they were given, by their own schedule.', 'The audit keeps who recorded, read and reviewed it, by ids and never with content. What was written about deciding to keep or destroy it stays.'],
  'subject-access': [...everywhere, 'The person, or who asked for them, has what was handed over. Headwater kept its hashes alone, and they went with the request.', 'The audit keeps who opened, decided and released it, by ids and never with content. What was written about deciding to keep or destroy it stays.'],
  correction: [...everywhere, 'Who was told of it, and the agency whose fact it was, may have written it down.', 'The audit keeps who reported, decided and read it, by ids and never with content. What was written about deciding to keep or destroy it stays.'],
};

/** What is served and loaded: `states` of a row in every file that is held. */
export type RecordSource = Pick<CorrectionSources['source'], 'keysOf' | 'now' | 'rows' | 'states'>;

/** Records of a kind that are looked at, the oldest first. */
const mostRecords = 20_000;
const day = 24 * 60 * 60 * 1000;

export function openRecordRetention(db: Casework['db'], clock: Clock, { retention, source }: { retention: Retention; source: RecordSource }): RecordRetention {
  const run = <T>(who: Reader, work: (transaction: ReaderTransaction) => Promise<T>): Promise<T> => asReader(db, who, null, clock, work);
  const act = actsOn(db, clock);
  const schedulesOf = (kind: RecordKind) => [...retention.schedules.values()].filter((schedule) => schedule.of === kind);

  /** By each key, all that its person is or was known by. */
  const everyKeyOf = async (keys: readonly string[]): Promise<Map<string, readonly string[]>> => {
    const people = await source.keysOf([...new Set([...keys, ...(await source.now(keys))])]);
    const known = new Map(people.flatMap(({ meaning, ever }) => [...meaning, ...ever].map((key) => [key, [...meaning, ...ever]] as const)));
    return new Map(keys.map((key) => [key, [...new Set([key, ...(known.get(key) ?? [])])]]));
  };
  /** Rows of corrections that the served snapshot still has, so that the correction is still needed. */
  const standingRows = async (records: readonly RetainedRecord[], keysOf: ReadonlyMap<string, readonly string[]>): Promise<Set<string>> => {
    const about = records.filter(({ feed }) => feed !== null);
    if (about.length === 0) return new Set();
    const people = await source.now([...new Set(about.flatMap(({ personKey }) => keysOf.get(personKey)!))]);
    return new Set((await source.rows(people, [...new Set(about.map(({ feed }) => feed!))])).map(nameOfRow));
  };
  /** With what the program knows beside the database: other keys of the person, and what is served. Those whose person is sealed to the reader are left out. */
  const looked = async (who: Reader, records: readonly RetainedRecord[]): Promise<RetainedRecord[]> => {
    if (records.length === 0) return [];
    const keys = [...new Set(records.map(({ personKey }) => personKey))];
    const sealed = await findSealedTo(db, { who, purpose: null, at: clock.now() }, { source, keys });
    const seen = records.filter(({ personKey }) => !sealed.has(personKey));
    const keysOf = await everyKeyOf(keys);
    const shares = seen.filter(({ kind }) => kind === 'share-record');
    const withCase = shares.length === 0 ? new Set<string>() : await run(who, (transaction) => listCaseKeys(transaction, [...new Set(shares.flatMap(({ personKey }) => keysOf.get(personKey)!))]));
    const rows = await standingRows(seen, keysOf);
    return seen.map((record) => ({
      ...record,
      open: record.open || (record.kind === 'share-record' && keysOf.get(record.personKey)!.some((key) => withCase.has(key))) || (record.feed !== null && rows.has(nameOfRow({ feed: record.feed, rowKey: record.rowKey! }))),
    }));
  };
  const dueOf = ({ kind, open, recordedAt, lastAt, endedAt, keepUntil, reviewedAt }: RetainedRecord): RetentionDue | undefined =>
    open ? undefined : findRetentionDue(schedulesOf(kind), { recorded: recordedAt, lastRecorded: lastAt, closed: endedAt, ended: endedAt, birthDate: null, reviewed: reviewedAt, keepUntil }, clock.now());
  /** Before this nothing of the kind can have ended and be due now. */
  const endedBefore = (kind: RecordKind): number => {
    const years = schedulesOf(kind).map(({ years, review }) => (review === null ? (years ?? 0) : 0));
    return clock.now() - Math.max(0, Math.min(...years) * 365 - 2) * day;
  };
  const known = async (who: Reader, proposals: readonly RecordProposal[]): Promise<RecordProposal[]> => {
    const there: RetainedRecord[] = [];
    for (const { kind, recordId } of proposals) there.push(...(await run(who, (transaction) => listRetainedRecords(transaction, kind, { recordId }))));
    const seen = new Set((await looked(who, there)).map(({ recordId }) => recordId));
    return proposals.filter(({ recordId }) => seen.has(recordId));
  };
  const listProposals: RecordRetention['listProposals'] = async (who) => known(who, (await run(who, (transaction) => listRecordProposals(transaction))).filter(({ refusal }) => refusal === null).toReversed());

  const find: RecordRetention['find'] = async (who, { kind, recordId }) => {
    if (!isRowId(recordId) || !recordKinds.includes(kind)) return undefined;
    const [seen] = await looked(who, await run(who, (transaction) => listRetainedRecords(transaction, kind, { recordId })));
    if (!seen) return undefined;
    const record = { ...seen, open: seen.open || (seen.feed !== null && (await source.states(seen.feed, seen.rowKey!)).length > 0) };
    const keys = (await everyKeyOf([record.personKey])).get(record.personKey)!;
    const { reviews, proposals, hindrance, counts } = await run(who, async (transaction) => ({
      reviews: await listRecordReviews(transaction, recordId), proposals: await listRecordProposals(transaction, recordId), hindrance: await findRecordHindrance(transaction, { kind, recordId, keys }), counts: await countRecordRows(transaction, { kind, recordId }),
    }));
    const [newest] = reviews;
    const due = dueOf(record);
    const waiting = proposals.find(({ refusal }) => refusal === null);
    return {
      ...record, due, schedules: schedulesOf(kind), reviews, standing: newest && newest.keepUntil >= britishDayOf(clock.now()) ? newest : undefined,
      waiting, refused: proposals.filter(({ refusal }) => refusal !== null), changed: waiting !== undefined && (record.lastAt > waiting.proposedAt || isOvertaken(waiting, { reviewedAt: newest?.at ?? null, due }, 'record')),
      hindrance: hindrance ?? (record.open ? 'open' : null), counts,
    };
  };
  const ids = ({ recordId, personKey }: RetainedRecord): string[] => [recordId, personKey];
  const decisions = decisionsAbout<RecordName, RecordToDecide>({
    act, kind: ({ kind }) => kind, of: 'record', find, ids,
    addReview: (transaction, { kind, recordId }, decision) => addRecordReview(transaction, { kind, recordId, ...decision }),
    addProposal: (transaction, { kind, recordId }, decision) => addRecordProposal(transaction, { kind, recordId, ...decision }),
  });

  return {
    async queue(who) {
      const due: DueRecord[] = [];
      let truncated = false;
      for (const kind of recordKinds) {
        if (schedulesOf(kind).length === 0) continue;
        const records = await run(who, (transaction) => listRetainedRecords(transaction, kind, { endedBefore: endedBefore(kind), most: mostRecords + 1 }));
        truncated ||= records.length > mostRecords;
        // What the program knows beside the database is asked only of what would be due.
        const some = await looked(who, records.slice(0, mostRecords).filter((record) => dueOf(record) !== undefined));
        for (const record of some) {
          const found = dueOf(record);
          if (found) due.push({ ...record, due: found });
        }
      }
      return { due: longestDueFirst(due, ({ recordId }) => recordId), waiting: await listProposals(who), truncated };
    },
    listProposals,
    find,
    keep: (who, { kind, recordId, ...decision }) => decisions.keep(who, { kind, recordId }, decision),
    propose: (who, { kind, recordId, reason }) => decisions.propose(who, { kind, recordId }, reason),
    async refuse(who, { kind, recordId, reason }) {
      const found = await find(who, { kind, recordId });
      return refuseWaiting(act, who, found, { kind, ids: found ? ids(found) : [], reason });
    },
    async confirm(who, name) {
      const found = await find(who, name);
      if (!found?.waiting) return { ok: false, reason: 'not-there' };
      const { kind, waiting: { proposalId }, due, changed, hindrance } = found;
      if (hindrance !== null) return { ok: false, reason: hindrance };
      if (due?.what !== 'end') return { ok: false, reason: 'not-due' };
      if (changed) return { ok: false, reason: 'changed' };
      const keys = (await everyKeyOf([found.personKey])).get(found.personKey)!;
      return act(who, 'retention.destroy', kind, async (transaction) => {
        const destroyed = await destroy(transaction, { proposalId, keys, copies: otherCopiesOfRecord[kind] });
        return 'hindrance' in destroyed ? destroyed : { id: String(destroyed.number), ids: [proposalId, ...ids(found)] };
      });
    },
  };
}
