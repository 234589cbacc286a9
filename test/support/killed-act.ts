// Decides about a pair of records in a process of its own that is killed without warning before the row of the audit is written, or just after both
// are kept: node killed-act.ts before | after FOLDER-OR-ADDRESS. What it leaves is for the test to read.

import { fixedClock } from '../../src/core/index.ts';
import { addLinkDecision, openCasework, withAudit } from '../../src/store/index.ts';

const [when = '', place = ''] = process.argv.slice(2);
const clock = fixedClock('2026-11-24T09:00:00Z');
const casework = await openCasework({ ...(place.startsWith('postgres') ? { url: place } : { folder: place }), clock });
const decision = { left: 'killed:a', right: 'killed:b', decision: 'same' as const, decidedBy: 'u1' };
const audited = { actorId: 'u1', action: 'link-pair.decide', outcome: 'done' as const, subjectKind: 'source-record', subjectIds: [decision.left, decision.right] };
const seat = () => ({ round: 1, seat: 1 });
const die = () => process.kill(process.pid, 'SIGKILL');

if (when === 'before') {
  await withAudit(casework.db, clock, audited, async (transaction) => {
    await transaction.insertInto('link_decision').values({ left_source_id: decision.left, right_source_id: decision.right, review_round: 1, seat: 1, decision: 'same', reason: null, decided_by: 'u1', decided_at: new Date(clock.now()) }).execute();
    die();
    // The signal ends the process between two of its turns.
    await new Promise(() => undefined);
    return true;
  });
}
await addLinkDecision(casework.db, clock, { ...decision, audited }, seat);
die();
