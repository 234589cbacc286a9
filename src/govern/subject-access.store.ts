// Requests to see what is held, as the store keeps them: what was done about each, and, for whoever may answer it, what the casework holds about the
// person. The database gives them to information governance leads alone, and nothing of a case while a seal shuts it.

import { sql } from 'kysely';
import type { AccessRelease, AccessStep, ClosingWay, IdentityWay, SubjectAccessFile } from './subject-access.ts';
import type { PartChoice, PartExemption } from './subject-access-pack.ts';
import type { ReaderTransaction } from './reader-transaction.store.ts';

export type NewSubjectAccess = Pick<SubjectAccessFile, 'personKey' | 'askedOn' | 'askedBy' | 'authority'>;
export interface NewAccessStep {
  kind: 'identity' | 'extension' | 'closing';
  code: string;
  on: string;
  words: string;
}

export async function insertAccess(transaction: ReaderTransaction, { personKey, askedOn, askedBy, authority }: NewSubjectAccess): Promise<string> {
  const row = await transaction.insertInto('subject_access').values({ person_key: personKey, asked_on: askedOn, asked_by: askedBy, authority }).returning('subject_access_id').executeTakeFirstOrThrow();
  return row.subject_access_id;
}

export async function insertStep(transaction: ReaderTransaction, subjectAccessId: string, { kind, code, on, words }: NewAccessStep): Promise<void> {
  await transaction.insertInto('subject_access_step').values({ subject_access_id: subjectAccessId, kind, code, on_day: on, words }).execute();
}

export async function insertWord(transaction: ReaderTransaction, subjectAccessId: string, word: string): Promise<void> {
  await transaction.insertInto('subject_access_word').values({ subject_access_id: subjectAccessId, word }).execute();
}

export async function insertChoices(transaction: ReaderTransaction, subjectAccessId: string, choices: readonly Pick<PartChoice, 'place' | 'choice' | 'reason'>[]): Promise<void> {
  for (let from = 0; from < choices.length; from += 500) {
    await transaction.insertInto('subject_access_choice').values(choices.slice(from, from + 500).map(({ place, choice, reason }) => ({ subject_access_id: subjectAccessId, place, choice, reason }))).execute();
  }
}

export async function insertExemption(transaction: ReaderTransaction, subjectAccessId: string, { part, act, ground, words }: Pick<PartExemption, 'part' | 'act' | 'ground' | 'words'>): Promise<void> {
  await transaction.insertInto('subject_access_exemption').values({ subject_access_id: subjectAccessId, part, act, ground, words }).execute();
}

export async function insertRelease(transaction: ReaderTransaction, subjectAccessId: string, { asAt, auditTo, document, rows }: Pick<AccessRelease, 'asAt' | 'auditTo' | 'document' | 'rows'>): Promise<string> {
  const row = await transaction
    .insertInto('subject_access_release')
    .values({ subject_access_id: subjectAccessId, as_at: new Date(asAt), audit_to: auditTo, document_sha256: document.sha256, document_bytes: document.bytes, rows_sha256: rows.sha256, rows_bytes: rows.bytes })
    .returning('subject_access_release_id')
    .executeTakeFirstOrThrow();
  return row.subject_access_release_id;
}

/** Newest first: one; or all that are neither answered nor closed, and the newest of those that are. */
export async function readAccess(transaction: ReaderTransaction, { subjectAccessId, mostPast = 500 }: { subjectAccessId?: string; mostPast?: number } = {}): Promise<SubjectAccessFile[]> {
  const done = transaction.selectFrom('subject_access_step').select('subject_access_id').where('kind', '=', 'closing').union(transaction.selectFrom('subject_access_release').select('subject_access_id'));
  const past = transaction.selectFrom('subject_access').select('subject_access_id').where('subject_access_id', 'in', done).orderBy('opened_at', 'desc').orderBy('subject_access_id').limit(mostPast);
  const query = transaction.selectFrom('subject_access').selectAll().orderBy('opened_at', 'desc').orderBy('subject_access_id');
  const rows = await (subjectAccessId === undefined ? query.where((where) => where.or([where('subject_access_id', 'not in', done), where('subject_access_id', 'in', past)])) : query.where('subject_access_id', '=', subjectAccessId)).execute();
  if (rows.length === 0) return [];
  const ids = rows.map((row) => row.subject_access_id);
  const steps = Map.groupBy(await transaction.selectFrom('subject_access_step').selectAll().where('subject_access_id', 'in', ids).execute(), (row) => row.subject_access_id);
  const releases = Map.groupBy(await transaction.selectFrom('subject_access_release').selectAll().where('subject_access_id', 'in', ids).orderBy('released_at', 'desc').orderBy('subject_access_release_id').execute(), (row) => row.subject_access_id);
  return rows.map((row) => {
    const step = (kind: string) => {
      const found = steps.get(row.subject_access_id)?.find((each) => each.kind === kind);
      return found ? { code: found.code, on: found.on_day, words: found.words, by: found.done_by, at: found.done_at.getTime() } : null;
    };
    return {
      subjectAccessId: row.subject_access_id, personKey: row.person_key, askedOn: row.asked_on, askedBy: row.asked_by, authority: row.authority, openedBy: row.opened_by, openedAt: row.opened_at.getTime(),
      identity: step('identity') as AccessStep<IdentityWay> | null, extension: step('extension'), closing: step('closing') as AccessStep<ClosingWay> | null,
      releases: (releases.get(row.subject_access_id) ?? []).map((each): AccessRelease => ({
        subjectAccessReleaseId: each.subject_access_release_id, asAt: each.as_at.getTime(), auditTo: Number(each.audit_to), document: { sha256: each.document_sha256, bytes: Number(each.document_bytes) },
        rows: { sha256: each.rows_sha256, bytes: Number(each.rows_bytes) }, by: each.released_by, at: each.released_at.getTime(),
      })),
    };
  });
}

export interface AccessDecisions {
  words: { word: string; by: string; at: number }[];
  choices: PartChoice[];
  exemptions: PartExemption[];
}

/** What was decided until a moment, in the order in which it was. */
export async function readDecisions(transaction: ReaderTransaction, subjectAccessId: string, until: number): Promise<AccessDecisions> {
  const at = new Date(until);
  const words = await transaction.selectFrom('subject_access_word').selectAll().where('subject_access_id', '=', subjectAccessId).where('added_at', '<=', at).orderBy('subject_access_word_id').execute();
  const choices = await transaction.selectFrom('subject_access_choice').selectAll().where('subject_access_id', '=', subjectAccessId).where('decided_at', '<=', at).orderBy('subject_access_choice_id').execute();
  const exemptions = await transaction.selectFrom('subject_access_exemption').selectAll().where('subject_access_id', '=', subjectAccessId).where('decided_at', '<=', at).orderBy('subject_access_exemption_id').execute();
  return {
    words: words.map(({ word, added_by: by, added_at }) => ({ word, by, at: added_at.getTime() })),
    choices: choices.map(({ place, choice, reason, decided_by: by, decided_at }) => ({ place, choice, reason, by, at: decided_at.getTime() })),
    exemptions: exemptions.map(({ part, act, ground, words: why, decided_by: by, decided_at }) => ({ part, act, ground, words: why, by, at: decided_at.getTime() })),
  };
}

export interface HeldCasework {
  cases: { case_id: string; holder: string; opened_at: Date }[];
  entries: { entry_id: string; section: string; holder: string; text: string; created_at: Date }[];
  attachments: { attachment_id: string; section: string; holder: string; file_name: string; media_type: string; bytes: number; sha256: string; added_at: Date }[];
  shares: { share_record_id: string; decision: string; what: string; from_agency: string; to_agency: string | null; to_other: string | null; purpose: string; ground: string[]; reasons: string; consent: string; consent_why: string | null; decided_on: string; recorded_at: Date }[];
  followUps: { share_record_id: string; kind: string; text: string }[];
  glasses: { broken_glass_id: string; agency: string; role: string; purpose: string; reason: string; broken_at: Date; outcome: string | null; note: string | null }[];
  seals: { sealed_subject_id: string; sealed_at: Date }[];
}

/** What the casework holds about a person: cases by their keys of today, seals by every key they ever had. */
export async function readHeldCasework(transaction: ReaderTransaction, { subjectAccessId, keys, ever, until }: { subjectAccessId: string; keys: readonly string[]; ever: readonly string[]; until: number }): Promise<HeldCasework> {
  const at = new Date(until);
  const cases = await sql<HeldCasework['cases'][number]>`select case_id, holder, opened_at from access_cases(${subjectAccessId}::uuid, ${keys}::text[]) where opened_at <= ${at}`.execute(transaction);
  const entries = await sql<HeldCasework['entries'][number]>`select entry_id, section, holder, text, created_at from access_entries(${subjectAccessId}::uuid, ${keys}::text[]) where created_at <= ${at}`.execute(transaction);
  const attachments = await sql<HeldCasework['attachments'][number]>`select attachment_id, section, holder, file_name, media_type, bytes, sha256, added_at from access_attachments(${subjectAccessId}::uuid, ${keys}::text[]) where added_at <= ${at}`.execute(transaction);
  const shares = await transaction.selectFrom('share_record').select(['share_record_id', 'decision', 'what', 'from_agency', 'to_agency', 'to_other', 'purpose', 'ground', 'reasons', 'consent', 'consent_why', 'decided_on', 'recorded_at']).where('person_key', 'in', keys).where('recorded_at', '<=', at).orderBy('recorded_at', 'desc').orderBy('share_record_id').execute();
  const followUps = shares.length === 0 ? [] : await transaction.selectFrom('share_follow_up').select(['share_record_id', 'kind', 'text']).where('share_record_id', 'in', shares.map((each) => each.share_record_id)).where('recorded_at', '<=', at).orderBy('recorded_at').orderBy('share_follow_up_id').execute();
  const glasses = await transaction
    .selectFrom('broken_glass as g')
    .leftJoin('broken_glass_review as r', (join) => join.onRef('r.broken_glass_id', '=', 'g.broken_glass_id').on('r.reviewed_at', '<=', at))
    .select(['g.broken_glass_id', 'g.agency', 'g.role', 'g.purpose', 'g.reason', 'g.broken_at', 'r.outcome', 'r.note']).where('g.person_key', 'in', keys).where('g.broken_at', '<=', at).orderBy('g.broken_at', 'desc').orderBy('g.broken_glass_id').execute();
  const seals = await transaction.selectFrom('sealed_subject').select(['sealed_subject_id', 'sealed_at']).where('person_key', 'in', ever).where('sealed_at', '<=', at).where(sql<boolean>`seal_holds(sealed_subject_id)`).orderBy('sealed_at', 'desc').orderBy('sealed_subject_id').execute();
  return { cases: cases.rows, entries: entries.rows, attachments: attachments.rows, shares, followUps, glasses, seals };
}

/** Whether anything was decided after a moment. */
export async function hasDecisionAfter(transaction: ReaderTransaction, subjectAccessId: string, moment: number): Promise<boolean> {
  const at = new Date(moment);
  const { rows } = await sql<{ later: boolean }>`select exists (select from subject_access_word where subject_access_id = ${subjectAccessId}::uuid and added_at > ${at})
    or exists (select from subject_access_choice where subject_access_id = ${subjectAccessId}::uuid and decided_at > ${at})
    or exists (select from subject_access_exemption where subject_access_id = ${subjectAccessId}::uuid and decided_at > ${at}) as later`.execute(transaction);
  return rows[0]!.later;
}

/** The last row of the audit now; 0 where there is none. */
export async function lastAuditRow(transaction: ReaderTransaction): Promise<number> {
  const row = await transaction.selectFrom('audit_event').select((e) => e.fn.max('audit_event_id').as('last')).executeTakeFirst();
  return Number(row?.last ?? 0);
}
