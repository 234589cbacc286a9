// Cases of a simulated partnership, so that its lead practitioner has people to work with: begun by the sample's hub coordinator under the sample
// agreement, as any case is. A real partnership gets none.

import type { Clock } from '../core/index.ts';
import type { Casework } from '../store/index.ts';
import type { Reader } from './access-request.ts';
import { readerCases } from './governed-case.store.ts';

const coordinator: Reader = { userId: 'sample-hub-coordinator', role: 'hub-coordinator', agency: 'early-help' };
const lead = { userId: 'sample-lead-practitioner', agency: 'early-help' };

/**
 * Begins a case for each of the chosen people where the coordinator sees none yet, and asks for them only then; returns how many were begun. Call it for simulated homes only.
 *
 * @example await seedSampleCases(casework.db, clock, () => held.knownTo('early-help-episode', 12));
 */
export async function seedSampleCases(db: Casework['db'], clock: Clock, choosePeople: () => Promise<readonly string[]>): Promise<number> {
  const cases = readerCases(db, clock, coordinator, 'early-help');
  if ((await cases.listCases({ limit: 1 })).length > 0) return 0;
  const begun: string[] = [];
  for (const personKey of await choosePeople()) {
    const started = await cases.startCase(personKey);
    if (started.ok) begun.push(started.caseId);
  }
  await cases.assignLead(begun, lead);
  return begun.length;
}
