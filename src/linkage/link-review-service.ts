// Everything that the pages of the review may do, over one home and its casework store: read pairs, read and add decisions. Every decision is
// written to the file that a build reads.

import { addLinkDecision, listLinkDecisions, listPersonUndos, type AuditWhy, type Casework, type Home, type NewDecision, type RecordedDecision } from '../store/index.ts';
import { writeReviewFile } from './link-decision-file.ts';
import { openLinkReview, type LinkReviewReader } from './link-review.store.ts';
import { openPairs, seatRule, settledDecisions } from './link-review.ts';

export interface LinkReviewService {
  pairs: Pick<LinkReviewReader, 'queue' | 'findPair' | 'peopleOf' | 'personOf'>;
  /** In the order in which they were made. */
  decisions(): Promise<RecordedDecision[]>;
  /**
   * Keeps the decision with its row of the audit: both, or neither. Undefined where the person may not decide the pair now: they have decided it,
   * or it is settled and not taken up again; such a refusal is the caller's to audit.
   */
  decide(decision: NewDecision, reopen: boolean, why?: AuditWhy): Promise<RecordedDecision | undefined>;
  close(): Promise<void>;
}

/** Writes what people settled, began and undid to the file that a build reads. */
export async function publishDecisions(home: Home, db: Casework['db']): Promise<void> {
  const [decisions, undos] = [await listLinkDecisions(db), await listPersonUndos(db)];
  const standing = undos.filter(({ withdrawn }) => !withdrawn).map(({ event, build, reason, decidedBy, decidedAt }) => ({ event, build, reason, decidedBy, decidedAt }));
  writeReviewFile(home, { decisions: settledDecisions(decisions), open: openPairs(decisions), undos: standing });
}

/** Opens the review of a home, and writes the settled decisions where a build finds them. */
export async function openLinkReviewService(home: Home, casework: Pick<Casework, 'db' | 'clock'>): Promise<LinkReviewService> {
  const { db, clock } = casework;
  const pairs = openLinkReview(home);
  const write = () => publishDecisions(home, db);
  await write();
  return {
    pairs,
    decisions: () => listLinkDecisions(db),
    decide: async (decision, reopen, why) => {
      const audited = { actorId: decision.decidedBy, action: 'link-pair.decide', outcome: 'done' as const, subjectKind: 'source-record', subjectIds: [decision.left, decision.right], ...why };
      const made = await addLinkDecision(db, clock, { ...decision, audited }, seatRule(reopen));
      if (made) await write();
      return made;
    },
    close: () => pairs.close(),
  };
}
