// Cases of a simulated partnership, so that its people have something to work with: begun by the sample's hub coordinator under the sample agreement, as
// any case is; and a few of long ago that were closed, so that keeping and destroying has something to decide. A real partnership gets none.

import type { Clock } from '../core/index.ts';
import type { Casework } from '../store/index.ts';
import type { Reader } from './access-request.ts';
import { closingSection, openingSection } from './case-service.ts';
import { casesWithin, readerCases, type GovernedCases } from './governed-case.store.ts';
import type { PeopleSource } from './people-service.ts';
import type { RecordFeed } from './person-record.ts';
import { latestBirthDates } from './retention-birth.ts';
import { asReaderLongAgo } from './sample-cases.store.ts';

const coordinator: Reader = { userId: 'sample-hub-coordinator', role: 'hub-coordinator', agency: 'early-help' };
const lead = { userId: 'sample-lead-practitioner', agency: 'early-help' };
const purpose = 'early-help';
/** How many years ago an old case was opened and closed: longer than its schedule keeps it. */
const [opened, closed] = [9, 8];

export interface SamplePeople {
  /** Who has a case now. */
  open(): Promise<readonly string[]>;
  /** Who had one long ago: adults, or their age would keep the case. */
  closed(): Promise<readonly string[]>;
}

/**
 * Begins cases for the chosen people where the coordinator sees no open one yet, and asks for them only then; returns how many were begun and are open. The
 * old ones come first, so that a start that was cut off is taken up by the next. Call it for simulated homes only.
 *
 * @example await seedSampleCases(casework.db, clock, { open: () => held.knownTo('early-help-episode', 12), closed: async () => [] });
 */
export async function seedSampleCases(db: Casework['db'], clock: Clock, people: SamplePeople): Promise<number> {
  const cases = readerCases(db, clock, coordinator, purpose);
  if ((await cases.listCases({ limit: 1, status: 'open' })).length > 0) return 0;
  if ((await cases.listCases({ limit: 1, status: 'closed' })).length === 0) for (const personKey of await people.closed()) await seedClosed(db, clock, personKey);
  const begun: string[] = [];
  for (const personKey of await people.open()) {
    const started = await cases.startCase(personKey);
    if (started.ok) begun.push(started.caseId);
  }
  await cases.assignLead(begun, lead);
  return begun.length;
}

async function seedClosed(db: Casework['db'], clock: Clock, personKey: string): Promise<void> {
  const caseId = await longAgo(db, yearsBefore(clock, opened), async (cases) => {
    const started = await cases.startCase(personKey);
    if (!started.ok) return undefined;
    await cases.addEntry({ caseId: started.caseId, section: openingSection, text: 'They asked for help with the rent, and with two children who had stopped going to school.' });
    await cases.addEntry({ caseId: started.caseId, section: 'plan', text: 'A worker visits every other week. The school keeps a place at its breakfast club. The landlord waits until the end of the month.' });
    await cases.assignLead([started.caseId], lead);
    return started.caseId;
  });
  if (caseId === undefined) return;
  await longAgo(db, yearsBefore(clock, closed), async (cases) => {
    await cases.addEntry({ caseId, section: closingSection, text: 'The rent is paid and the children are back at school. The family carries on by itself, and knows whom to ring.' });
    await cases.closeCase(caseId);
  });
}

/** At ten in the morning, on the first of this month. */
const yearsBefore = (clock: Clock, years: number): number => {
  const now = new Date(clock.now());
  return Date.UTC(now.getUTCFullYear() - years, now.getUTCMonth(), 1, 10);
};

const longAgo = <T>(db: Casework['db'], at: number, work: (cases: GovernedCases) => Promise<T>): Promise<T | undefined> => {
  const clock: Clock = { now: () => at };
  return asReaderLongAgo(db, coordinator, { purpose, clock }, (transaction) => work(casesWithin(transaction, clock)));
};

/** Who may have had a case long ago that is due by now: tenants whom many agencies know, grown up when it was opened. */
export async function chooseFormerPeople(held: Pick<PeopleSource, 'find' | 'rows'> & { knownTo(feed: string, people: number): Promise<string[]> }, clock: Clock, { feeds, people }: { feeds: readonly RecordFeed[]; people: number }): Promise<string[]> {
  const keys = await held.knownTo('tenancy', 10 * people);
  const births = await latestBirthDates({ source: held, feeds, accepted: async () => [] }, keys);
  const grownUp = new Date(yearsBefore(clock, opened + 18)).toISOString().slice(0, 10);
  return keys.filter((key) => (births.get(key) ?? '9') < grownUp).slice(0, people);
}
