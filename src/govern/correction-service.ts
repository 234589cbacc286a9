// Corrections: whoever may read a fact reports that it is wrong, with what is right and on which evidence; an information governance lead who is somebody
// else decides; and whoever relied on it is told. What the fact says is read from the record, never typed. Of a sealed person there is nothing but for keepers.

import { randomUUID } from 'node:crypto';
import type { Clock } from '../core/index.ts';
import { auditActor, recordAuditEvent, type Casework } from '../store/index.ts';
import type { Reader } from './access-request.ts';
import { saysSame } from './accepted-correction.ts';
import { openFacts, type FactPlace, type FactsOfRow } from './correction-facts.ts';
import { factSince, sourceStateOf, type CorrectionAsker, type CorrectionOutcome, type RowState, type SourceState } from './correction.ts';
import { insertAcknowledgement, insertCorrection, insertDecision, pushCorrection, readCorrections, readOwnNotices, readPeopleWaiting, type CorrectionFile, type OwnNotice } from './correction.store.ts';
import { personOf, type People, type PeopleSource } from './people-service.ts';
import type { Asking, RecordColumn, RecordFeed } from './person-record.ts';
import type { PersonKeys } from './person-standing.store.ts';
import { asReader, isAboutNothing, isRefusalOrTwice, isRowId, isTwice, type ReaderTransaction } from './reader-transaction.store.ts';
import { findSealedTo } from './sealed-people.ts';

export interface CorrectionReport {
  right: string | null;
  evidence: string;
  askedBy: CorrectionAsker;
}
export type ReportOutcome = { ok: true; correctionId: string } | { ok: false; reason: 'not-found' | 'already' | 'same' | 'refused' };

export interface CorrectionView extends CorrectionFile {
  feedOf: RecordFeed | undefined;
  columnOf: RecordColumn | undefined;
  /** What its agency's own record says by now. */
  source: SourceState;
}

export interface Corrections {
  /** Rows of a person, for an information governance lead; undefined where nobody has the key, or a seal shuts them. */
  rows(asking: Asking, key: string): Promise<{ personKey: string; rows: FactsOfRow[] } | undefined>;
  /** One row; undefined where the reader may see nothing of it. */
  row(asking: Asking, key: string, place: Omit<FactPlace, 'column'>): Promise<FactsOfRow | undefined>;
  report(asking: Asking, key: string, fact: FactPlace & CorrectionReport): Promise<ReportOutcome>;
  /** Newest first: all that wait, and of what was decided the newest. */
  list(who: Reader): Promise<CorrectionFile[]>;
  find(who: Reader, correctionId: string): Promise<CorrectionView | undefined>;
  decide(who: Reader, correctionId: string, decision: { outcome: CorrectionOutcome; reason: string }): Promise<{ ok: boolean }>;
  /** How many wait for this reader. */
  waiting(who: Reader): Promise<number>;
  /** The reader's own, first those that wait. */
  notices(who: Reader): Promise<OwnNotice[]>;
  acknowledge(who: Reader, noticeId: string): Promise<{ ok: boolean }>;
}

export interface CorrectionSources {
  people: People;
  source: PeopleSource & { states(feed: string, rowKey: string): Promise<RowState[]> };
  feeds: readonly RecordFeed[];
  /** Every id under which the audit may know a person. */
  idsOf(person: PersonKeys): Promise<string[]>;
}

export function openCorrections(db: Casework['db'], clock: Clock, { people, source, feeds, idsOf }: CorrectionSources): Corrections {
  const feedOf = new Map(feeds.map((feed) => [feed.feed, feed]));
  const run = <T>(who: Reader, purpose: string | null, work: (transaction: ReaderTransaction) => Promise<T>) => asReader(db, who, purpose, clock, work);
  const sealedTo = (who: Reader, keys: readonly string[]) => findSealedTo(db, { who, purpose: null, at: clock.now() }, { source, keys });
  const { leadRows, unread, findRow, findFact } = openFacts({ people, source, feedOf, sealedTo });

  /** Does it and notes it in the audit, both or neither. */
  const act = async <T>({ who, purpose }: Pick<Asking, 'who' | 'purpose'>, action: string, work: (transaction: ReaderTransaction) => Promise<{ ids: string[]; value: T }>): Promise<{ ok: true; value: T } | { ok: false; twice: boolean }> => {
    try {
      return await run(who, purpose, async (transaction) => {
        const { ids, value } = await work(transaction);
        await recordAuditEvent(transaction, clock, { ...auditActor(who), action: `correction.${action}`, outcome: 'done', subjectKind: 'correction', subjectIds: ids, ...(purpose === null ? {} : { purpose }) });
        return { ok: true as const, value };
      });
    } catch (error) {
      if (isRefusalOrTwice(error) || isAboutNothing(error)) return { ok: false, twice: isTwice(error) };
      throw error;
    }
  };

  const readOpen = async (who: Reader, correctionId?: string): Promise<CorrectionFile[]> => {
    const files = await run(who, null, (transaction) => readCorrections(transaction, { correctionId }));
    const sealed = await sealedTo(who, files.map(({ personKey }) => personKey));
    return files.filter(({ personKey }) => !sealed.has(personKey));
  };
  const findOpen = async (who: Reader, correctionId: string) => (isRowId(correctionId) ? (await readOpen(who, correctionId))[0] : undefined);

  return {
    async rows(asking, key) {
      const all = asking.who.role === 'governance-lead' ? await leadRows(asking, key) : undefined;
      return all && { personKey: all.personKey, rows: all.rows.flatMap((row) => unread(all.personKey, row)) };
    },
    row: findRow,
    async report(asking, key, { right, evidence, askedBy, ...place }) {
      const fact = await findFact(asking, key, place);
      if (!fact || asking.who.agency === '') return { ok: false, reason: 'not-found' };
      const { personKey, feed, row, column, value } = fact;
      if (right !== null && saysSame(right, value)) return { ok: false, reason: 'same' };
      const since = factSince(await source.states(row.feed, row.rowKey), column.name, value, row.loadedAt);
      const correctionId = randomUUID();
      const kept = await act(asking, 'report', async (transaction) => {
        await insertCorrection(transaction, { correctionId, personKey, holder: feed.holder, feed: row.feed, rowKey: row.rowKey, column: column.name, load: row.load, line: row.line, file: row.file, wrong: value, right, evidence, askedBy, factSince: Math.min(since, Math.trunc(clock.now())) });
        return { ids: [correctionId, personKey], value: undefined };
      });
      return kept.ok ? { ok: true, correctionId } : { ok: false, reason: kept.twice ? 'already' : 'refused' };
    },
    list: (who) => readOpen(who),
    async find(who, correctionId) {
      const file = await findOpen(who, correctionId);
      if (!file) return undefined;
      const feed = feedOf.get(file.feed);
      return { ...file, feedOf: feed, columnOf: feed?.columns.find(({ name }) => name === file.column), source: sourceStateOf(await source.states(file.feed, file.rowKey), file) };
    },
    async decide(who, correctionId, { outcome, reason }) {
      const file = await findOpen(who, correctionId);
      if (!file) return { ok: false };
      const person = await personOf(source, file.personKey);
      const ids = [...new Set([file.personKey, ...person.meaning, ...(await idsOf(person)), `${file.feed}:${file.rowKey}`])];
      const names = feedOf.get(file.feed)?.columns.find(({ name }) => name === file.column)?.person !== undefined;
      const { ok } = await act({ who, purpose: null }, outcome === 'accepted' ? 'accept' : 'refuse', async (transaction) => {
        await insertDecision(transaction, correctionId, { outcome, reason });
        await pushCorrection(transaction, correctionId, { ids, names });
        return { ids: [correctionId, file.personKey], value: undefined };
      });
      return { ok };
    },
    async waiting(who) {
      const keys = who.role === 'governance-lead' ? await run(who, null, (transaction) => readPeopleWaiting(transaction, who.userId)) : [];
      const sealed = await sealedTo(who, keys);
      return keys.filter((key) => !sealed.has(key)).length;
    },
    notices: (who) => run(who, null, readOwnNotices),
    async acknowledge(who, noticeId) {
      const notice = isRowId(noticeId) ? (await run(who, null, readOwnNotices)).find((each) => each.noticeId === noticeId) : undefined;
      if (!notice) return { ok: false };
      const { ok } = await act({ who, purpose: null }, 'acknowledge', async (transaction) => {
        await insertAcknowledgement(transaction, noticeId);
        return { ids: [noticeId, notice.personKey], value: undefined };
      });
      return { ok };
    },
  };
}
