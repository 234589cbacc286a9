// Keeping and destroying files that agencies sent, for information governance leads, as cases are: what is due and why, decisions to keep, proposals that
// a second person confirms. Every act and its row of the audit are one transaction; a file goes after its certificate, and its mark stands before.

import { Problem, type Clock } from '../core/index.ts';
import type { Casework } from '../store/index.ts';
import type { Reader } from './access-request.ts';
import { britishDayOf } from './british-day.ts';
import { addLoadProposal, addLoadReview, decidesAboutLoads, findLoadHindrance, listHeldPersonKeys, listLoadProposals, listLoadReviews, type LoadProposal, type LoadReview } from './load-retention.store.ts';
import type { PeopleSource } from './people-service.ts';
import { asReader, type ReaderTransaction } from './reader-transaction.store.ts';
import { actsOn, decisionsAbout, isOvertaken, longestDueFirst, refuseWaiting } from './retention-decisions.ts';
import type { RetentionDue } from './retention-due.ts';
import { findLoadDue, otherCopiesOfFile, type HeldFile, type LoadFiles } from './retention-load.ts';
import type { Retention, RetentionSchedule } from './retention-schedule.ts';
import { destroy, listHolds, type Hindrance } from './retention.store.ts';

/** A file whose agency has a schedule. */
export interface FileToKeep extends HeldFile {
  agency: string;
}

export interface DueFile extends FileToKeep {
  due: RetentionDue;
  held: boolean;
  /** A proposal to destroy it waits. */
  proposed: boolean;
}

export interface LoadQueue {
  /** The longest due first. */
  due: DueFile[];
  /** Files that are not published, of agencies that no schedule is about. */
  unscheduled: number;
  /** Proposals that wait for a second person, the oldest first. */
  waiting: LoadProposal[];
}

export interface FileToDecide extends FileToKeep {
  due: RetentionDue | undefined;
  schedules: readonly RetentionSchedule[];
  /** Every decision to keep it, the newest first. */
  reviews: readonly LoadReview[];
  /** The decision by which it is kept today. */
  standing: LoadReview | undefined;
  /** The proposal that waits, and those that were refused, the newest first. */
  waiting: LoadProposal | undefined;
  refused: readonly LoadProposal[];
  /** The waiting proposal is not of the file as it is now, or its schedule is another. */
  changed: boolean;
  hindrance: Hindrance | null;
}

export type LoadOutcome = { ok: true; id: string } | { ok: false; reason: Hindrance | 'not-due' | 'busy' };

export interface LoadRetention {
  queue(who: Reader): Promise<LoadQueue>;
  /** Proposals that wait, of files that are there: without reading the days of any other. */
  listProposals(who: Reader): Promise<LoadProposal[]>;
  find(who: Reader, load: string): Promise<FileToDecide | undefined>;
  /** Keeps a file that is due, or is kept by decision already, through a day. */
  keep(who: Reader, decision: { load: string; keepUntil: string; reason: string }): Promise<LoadOutcome>;
  propose(who: Reader, proposal: { load: string; reason: string }): Promise<LoadOutcome>;
  /** Refuses the proposal that waits, or takes back one's own. */
  refuse(who: Reader, refusal: { load: string; reason: string }): Promise<LoadOutcome>;
  /** Destroys the file of the proposal that waits; `id` is the number of the certificate. */
  confirm(who: Reader, load: string): Promise<LoadOutcome>;
}

export interface LoadRetentionGiven {
  retention: Retention;
  files: LoadFiles;
  /** Where people under a legal hold have rows. */
  source: Pick<PeopleSource, 'now' | 'rows'>;
}

const loadShape = /^[a-z0-9-]{1,100}\/\d{6}-[0-9a-f]{12}$/;

export function openLoadRetention(db: Casework['db'], clock: Clock, { retention, files, source }: LoadRetentionGiven): LoadRetention {
  const schedulesOf = (agency: string) => [...retention.schedules.values()].filter(({ holder }) => holder === agency);
  const agencies = new Set([...retention.schedules.values()].flatMap(({ holder }) => holder ?? []));
  const run = <T>(who: Reader, work: (transaction: ReaderTransaction) => Promise<T>): Promise<T> => asReader(db, who, null, clock, work);
  const isScheduled = (file: HeldFile): file is FileToKeep => !file.published && file.agency !== null && agencies.has(file.agency);
  const dueOf = (file: FileToKeep, newest: LoadReview | undefined) => findLoadDue(schedulesOf(file.agency), file, { reviewed: newest?.at ?? null, keepUntil: newest?.keepUntil ?? null }, clock.now());

  const act = actsOn(db, clock);

  /** Of people under a hold, the served snapshot says in which loads they have rows. */
  const isOfHeldPerson = async (keys: readonly string[], { feed, parts }: HeldFile): Promise<boolean> =>
    keys.length > 0 && (await source.rows(await source.now(keys), [feed])).some(({ load }) => parts.includes(load));

  const find: LoadRetention['find'] = async (who, load) => {
    const [file] = loadShape.test(load) && (await run(who, decidesAboutLoads)) ? await files.list({ agencies, load }) : [];
    if (!file || !isScheduled(file)) return undefined;
    const { reviews, proposals, hindrance, heldKeys } = await run(who, async (transaction) => ({
      reviews: await listLoadReviews(transaction, load), proposals: await listLoadProposals(transaction, load), hindrance: await findLoadHindrance(transaction, file), heldKeys: await listHeldPersonKeys(transaction),
    }));
    const [newest] = reviews;
    const due = dueOf(file, newest);
    const waiting = proposals.find(({ refusal }) => refusal === null);
    return {
      ...file, due, schedules: schedulesOf(file.agency), reviews, standing: newest && newest.keepUntil >= britishDayOf(clock.now()) ? newest : undefined,
      waiting, refused: proposals.filter(({ refusal }) => refusal !== null), changed: waiting !== undefined && isStale(waiting, { file, due, newest }),
      hindrance: hindrance ?? ((await isOfHeldPerson(heldKeys, file)) ? 'held' : null),
    };
  };

  const ids = ({ load }: FileToKeep): string[] => [load];
  const decisions = decisionsAbout<string, FileToDecide>({
    act, kind: () => 'load', of: 'load', find, ids,
    addReview: (transaction, { load }, decision) => addLoadReview(transaction, { load, ...decision }),
    addProposal: (transaction, file, decision) => addLoadProposal(transaction, { file, agency: file.agency, ...decision }),
  });

  return {
    async listProposals(who) {
      const waiting = await run(who, async (transaction) => ((await decidesAboutLoads(transaction)) ? (await listLoadProposals(transaction)).filter(({ refusal }) => refusal === null) : []));
      const there: LoadProposal[] = [];
      for (const proposal of waiting) if ((await files.list({ agencies, load: proposal.load })).length > 0) there.push(proposal);
      return there;
    },
    async queue(who) {
      const seen = await run(who, async (transaction) => ((await decidesAboutLoads(transaction)) ? { reviews: await listLoadReviews(transaction), proposals: await listLoadProposals(transaction), holds: await listHolds(transaction) } : undefined));
      if (!seen) return { due: [], unscheduled: 0, waiting: [] };
      const all = await files.list({ agencies });
      const newestOf = new Map(seen.reviews.toReversed().map((review) => [review.load, review]));
      const waiting = seen.proposals.filter(({ refusal, load }) => refusal === null && all.some((file) => file.load === load)).toReversed();
      const proposed = new Set(waiting.map(({ load }) => load));
      const held = new Set(seen.holds.flatMap(({ kind, target, lifting }) => (lifting === null && (kind === 'feed' || kind === 'agency') ? [`${kind} ${target}`] : [])));
      const due = all.filter(isScheduled).flatMap((file) => {
        const found = dueOf(file, newestOf.get(file.load));
        return found ? [{ ...file, due: found, held: held.has(`feed ${file.feed}`) || held.has(`agency ${file.agency}`), proposed: proposed.has(file.load) }] : [];
      });
      return {
        due: longestDueFirst(due, ({ load }) => load),
        unscheduled: all.filter((file) => !file.published && !isScheduled(file)).length,
        waiting,
      };
    },
    find,
    keep: (who, { load, ...decision }) => decisions.keep(who, load, decision),
    propose: (who, { load, reason }) => decisions.propose(who, load, reason),
    refuse: async (who, { load, reason }) => refuseWaiting(act, who, await find(who, load), { kind: 'load', ids: [load], reason }),
    async confirm(who, load) {
      const file = await find(who, load);
      if (!file?.waiting) return { ok: false, reason: 'not-there' };
      const { waiting: { proposalId }, due, changed, hindrance } = file;
      if (hindrance !== null) return { ok: false, reason: hindrance };
      if (due?.what !== 'end') return { ok: false, reason: 'not-due' };
      if (changed) return { ok: false, reason: 'changed' };
      let outcome: LoadOutcome = { ok: false, reason: 'busy' };
      try {
        await files.destroy(file, async () => {
          outcome = await act(who, 'retention.destroy', 'load', async (transaction) => {
            const certified = await destroy(transaction, { proposalId, parts: file.parts, copies: otherCopiesOfFile(files.servedSnapshot()) });
            return 'hindrance' in certified ? certified : { id: String(certified.number), ids: [proposalId, load] };
          });
          return outcome.ok;
        });
      } catch (error) {
        if (!(error instanceof Problem) || error.kind !== 'busy') throw error;
      }
      return outcome;
    },
  };
}

/** The file, its schedule or a decision about it is another than when it was proposed. */
const isStale = (proposal: LoadProposal, { file, due, newest }: { file: HeldFile; due: RetentionDue | undefined; newest: LoadReview | undefined }): boolean =>
  proposal.sha256 !== file.sha256 || proposal.parts.join() !== file.parts.join() || isOvertaken(proposal, { reviewedAt: newest?.at ?? null, due }, 'load');
