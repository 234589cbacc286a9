// Decisions to share information about a person with another agency, or to withhold it, each with its purpose, ground in law, consent and reasons.
// Added and never changed; what became of it, corrections and reviews stand beside it. The database decides who reads which, row by row, and knows of a
// seal by the record's own key; a seal under another key of the same person, from before or after a merge, is looked for here.

import type { Selectable } from 'kysely';
import type { Clock } from '../core/index.ts';
import { auditActor, recordAuditEvent, type Casework, type ShareFollowUpTable, type ShareRecordTable, type ShareReviewTable } from '../store/index.ts';
import type { Reader } from './access-request.ts';
import { asReader, isRefusal, isRowId, type ReaderTransaction } from './reader-transaction.store.ts';
import { findSealedTo, type KeySource } from './sealed-people.ts';

export const shareDecisions = ['share', 'withhold'] as const;
export const consents = ['given', 'refused', 'not-sought'] as const;
export const followUpKinds = ['outcome', 'correction'] as const;
export const shareReviewOutcomes = ['sound', 'not-sound', 'follow-up'] as const;
export type ShareDecision = (typeof shareDecisions)[number];
export type Consent = (typeof consents)[number];

export interface NewShareRecord {
  decision: ShareDecision;
  personKey: string;
  /** Feeds by name, sections of a case as "case/section"; none where Headwater does not hold what was asked for. */
  items: readonly string[];
  /** The information, in words. */
  what: string;
  /** An agency of the partnership, or another body in words. */
  to: { agency: string } | { other: string };
  purpose: string;
  /** Codes of legal powers; none only where it was withheld. */
  ground: readonly string[];
  reasons: string;
  consent: Consent;
  /** Why consent was not sought, or why it was shared against a refusal. */
  consentWhy: string | null;
  /** Absent: whoever records it. */
  decidedBy?: string;
  /** The day, such as "2026-11-28". */
  decidedOn: string;
}

export interface ShareRecord extends NewShareRecord {
  shareRecordId: string;
  /** The agency whose decision it is. */
  from: string;
  decidedBy: string;
  recordedBy: string;
  /** Milliseconds since the epoch, as are all times here. */
  recordedAt: number;
}

export interface FollowUp {
  kind: (typeof followUpKinds)[number];
  text: string;
}

export interface ShareReview {
  outcome: (typeof shareReviewOutcomes)[number];
  /** What was found, in words. */
  note: string;
}

export interface ListedShareRecord extends ShareRecord {
  /** The outcome of the newest review; null where this reader sees none. */
  reviewed: ShareReview['outcome'] | null;
}

export interface ShareFile extends ShareRecord {
  followUps: (FollowUp & { by: string; at: number })[];
  /** The newest first. */
  reviews: (ShareReview & { by: string; at: number })[];
}

/** Who asks, for which purpose. */
export interface ShareAsking {
  who: Reader;
  purpose: string | null;
}

export interface SharePage {
  limit: number;
  /** The last of the page before. */
  after?: { at: number; id: string };
  /** Only those that wait for this reader's review. */
  waiting?: boolean;
}

export interface ShareRecords {
  /** Newest first; those that wait for a review, oldest first. */
  list(asking: ShareAsking, page: SharePage): Promise<ListedShareRecord[]>;
  find(asking: ShareAsking, shareRecordId: string): Promise<ShareFile | undefined>;
  /** Refused for a sealed person of whom the reader is no keeper, whichever of the person's keys the seal is under. */
  add(asking: ShareAsking, record: NewShareRecord): Promise<{ ok: true; shareRecordId: string } | { ok: false }>;
  followUp(asking: ShareAsking, followUp: FollowUp & { shareRecordId: string }): Promise<{ ok: boolean }>;
  /** An information governance lead's; refused for what they decided or recorded themselves. */
  review(asking: ShareAsking, review: ShareReview & { shareRecordId: string }): Promise<{ ok: boolean }>;
}

const columns = [
  'share_record_id', 'decision', 'person_key', 'items', 'what', 'from_agency', 'to_agency', 'to_other', 'purpose', 'ground', 'reasons', 'consent', 'consent_why', 'decided_by', 'decided_on', 'recorded_by', 'recorded_at',
] as const;

export function openShareRecords(db: Casework['db'], clock: Clock, { source }: { source: KeySource }): ShareRecords {
  const run = <T>({ who, purpose }: ShareAsking, work: (transaction: ReaderTransaction) => Promise<T>) => asReader(db, who, purpose, clock, work);
  const act = async (asking: ShareAsking, action: string, add: (transaction: ReaderTransaction) => Promise<{ shareRecordId: string; personKey: string }>): Promise<{ ok: true; shareRecordId: string } | { ok: false }> => {
    // Whoever comes from no known agency decides for none.
    if (asking.who.agency === '') return { ok: false };
    try {
      return await run(asking, async (transaction) => {
        const { shareRecordId, personKey } = await add(transaction);
        await recordAuditEvent(transaction, clock, { ...auditActor(asking.who), action, outcome: 'done', subjectKind: 'share-record', subjectIds: [shareRecordId, personKey], ...(asking.purpose === null ? {} : { purpose: asking.purpose }) });
        return { ok: true as const, shareRecordId };
      });
    } catch (error) {
      if (isRefusal(error)) return { ok: false };
      throw error;
    }
  };
  /** What is not the reader's looks like what is not there. */
  const about = async (transaction: ReaderTransaction, shareRecordId: string): Promise<{ shareRecordId: string; personKey: string }> => {
    const row = await transaction.selectFrom('share_record').select('person_key').where('share_record_id', '=', shareRecordId).executeTakeFirst();
    return { shareRecordId, personKey: row?.person_key ?? '' };
  };
  const sealedTo = (asking: ShareAsking, keys: readonly string[]) => findSealedTo(db, { ...asking, at: clock.now() }, { source, keys });
  const isOpenTo = async (asking: ShareAsking, { personKey }: { personKey: string }) => (await sealedTo(asking, [personKey])).size === 0;
  /** What the reader may read, and with that add to. */
  const mayReach = async (asking: ShareAsking, shareRecordId: string): Promise<boolean> => isRowId(shareRecordId) && isOpenTo(asking, await run(asking, (transaction) => about(transaction, shareRecordId)));
  return {
    async list(asking, { limit, after, ...page }) {
      const shown: ListedShareRecord[] = [];
      for (let from = after; ;) {
        const rows = await run(asking, (transaction) => listRecords(transaction, asking.who, { ...page, limit, ...(from ? { after: from } : {}) }));
        const sealed = await sealedTo(asking, rows.map(({ personKey }) => personKey));
        shown.push(...rows.filter(({ personKey }) => !sealed.has(personKey)));
        const last = rows.at(-1);
        if (shown.length >= limit || rows.length < limit || !last) return shown.slice(0, limit);
        from = { at: last.recordedAt, id: last.shareRecordId };
      }
    },
    async find(asking, shareRecordId) {
      const file = isRowId(shareRecordId) ? await run(asking, (transaction) => findRecord(transaction, shareRecordId)) : undefined;
      return file && (await isOpenTo(asking, file)) ? file : undefined;
    },
    add: async (asking, record) => ((await isOpenTo(asking, record)) ? act(asking, 'share.record', (transaction) => addRecord(transaction, record)) : { ok: false }),
    followUp: async (asking, { shareRecordId, kind, text }) =>
      (await mayReach(asking, shareRecordId))
        ? act(asking, `share.${kind}`, async (transaction) => {
          await transaction.insertInto('share_follow_up').values({ share_record_id: shareRecordId, kind, text }).execute();
          return about(transaction, shareRecordId);
        })
        : { ok: false },
    review: async (asking, { shareRecordId, outcome, note }) =>
      (await mayReach(asking, shareRecordId))
        ? act(asking, 'share.review', async (transaction) => {
          await transaction.insertInto('share_review').values({ share_record_id: shareRecordId, outcome, note }).execute();
          return about(transaction, shareRecordId);
        })
        : { ok: false },
  };
}

async function addRecord(transaction: ReaderTransaction, { personKey, consentWhy, decidedBy, decidedOn, to, ...record }: NewShareRecord): Promise<{ shareRecordId: string; personKey: string }> {
  const { decision, what, purpose, reasons, consent } = record;
  const { share_record_id: shareRecordId } = await transaction
    .insertInto('share_record')
    .values({
      decision, what, purpose, reasons, consent, person_key: personKey, items: [...record.items], ground: [...record.ground], consent_why: consentWhy, decided_on: decidedOn,
      to_agency: 'agency' in to ? to.agency : null, to_other: 'other' in to ? to.other : null, ...(decidedBy === undefined ? {} : { decided_by: decidedBy }),
    })
    .returning('share_record_id')
    .executeTakeFirstOrThrow();
  return { shareRecordId, personKey };
}

async function listRecords(transaction: ReaderTransaction, who: Reader, { limit, after, waiting = false }: SharePage): Promise<ListedShareRecord[]> {
  const order = waiting ? 'asc' : 'desc';
  let query = transaction
    .selectFrom('share_record as s')
    .select(columns.map((name) => `s.${name}` as const))
    .select((e) => e.selectFrom('share_review as r').select('r.outcome').whereRef('r.share_record_id', '=', 's.share_record_id').orderBy('r.reviewed_at', 'desc').orderBy('r.share_review_id').limit(1).as('reviewed'))
    .orderBy('s.recorded_at', order)
    .orderBy('s.share_record_id')
    .limit(limit);
  if (after) {
    const at = new Date(after.at);
    query = query.where((e) => e.or([e('s.recorded_at', waiting ? '>' : '<', at), e.and([e('s.recorded_at', '=', at), e('s.share_record_id', '>', after.id)])]));
  }
  if (waiting) {
    query = query
      .where('s.recorded_by', '<>', who.userId)
      .where('s.decided_by', '<>', who.userId)
      .where((e) => e.not(e.exists(e.selectFrom('share_review as w').select('w.share_review_id').whereRef('w.share_record_id', '=', 's.share_record_id'))));
  }
  return (await query.execute()).map((row) => ({ ...present(row), reviewed: row.reviewed }));
}

async function findRecord(transaction: ReaderTransaction, shareRecordId: string): Promise<ShareFile | undefined> {
  const row = await transaction.selectFrom('share_record').select(columns).where('share_record_id', '=', shareRecordId).executeTakeFirst();
  if (!row) return undefined;
  const followUps = await transaction.selectFrom('share_follow_up').selectAll().where('share_record_id', '=', shareRecordId).orderBy('recorded_at').orderBy('share_follow_up_id').execute();
  const reviews = await transaction.selectFrom('share_review').selectAll().where('share_record_id', '=', shareRecordId).orderBy('reviewed_at', 'desc').orderBy('share_review_id').execute();
  return { ...present(row), followUps: followUps.map(presentFollowUp), reviews: reviews.map(presentReview) };
}

type Row = Pick<Selectable<ShareRecordTable>, (typeof columns)[number]>;

const present = (row: Row): ShareRecord => ({
  shareRecordId: row.share_record_id, decision: row.decision, personKey: row.person_key, items: row.items, what: row.what, from: row.from_agency, to: row.to_agency === null ? { other: row.to_other! } : { agency: row.to_agency }, purpose: row.purpose, ground: row.ground,
  reasons: row.reasons, consent: row.consent, consentWhy: row.consent_why, decidedBy: row.decided_by, decidedOn: row.decided_on, recordedBy: row.recorded_by, recordedAt: row.recorded_at.getTime(),
});
const presentFollowUp = ({ kind, text, recorded_by: by, recorded_at: at }: Selectable<ShareFollowUpTable>) => ({ kind, text, by, at: at.getTime() });
const presentReview = ({ outcome, note, reviewed_by: by, reviewed_at: at }: Selectable<ShareReviewTable>) => ({ outcome, note, by, at: at.getTime() });
