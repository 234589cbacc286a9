// What a command leaves in the audit. What shows data about people is in the chain, with who asks and what for, before it is shown; what changes the
// home, or shows nothing of one person, leaves a row that the next opening of the casework store takes in.

import { Problem } from '../core/index.ts';
import { readAgreementPacks } from '../govern/index.ts';
import { keepWaitingRow, recordAuditEvent, withWaitingRow, type Changed, type Home } from '../store/index.ts';
import type { CliContext } from './context.ts';
import { checkName, checkPurpose } from './given-reader.ts';

/** Who asks, and what for. */
export interface Asking {
  by: string;
  purpose: string;
}

interface Given {
  by?: string | undefined;
  purpose?: string | undefined;
}

/** Who acts: as told, or the user of this computer. */
export const actorOf = (context: CliContext, { by }: Given): string => (by === undefined ? context.operator : checkName(by, '--by'));

export function checkAsking(home: Home, given: Given & Asking): Asking {
  return { by: checkName(given.by, '--by'), purpose: checkPurpose(given.purpose, readAgreementPacks(home.packs), { identified: true }) };
}

/** As checkAsking; undefined where neither is given. */
export function findAsking(home: Home, { by, purpose }: Given): Asking | undefined {
  if (by === undefined && purpose === undefined) return undefined;
  if (by === undefined || purpose === undefined) throw new Problem('usage', { what: 'Who asks and what for go together', where: by === undefined ? '--by' : '--purpose', todo: 'Give both, or neither.' });
  return checkAsking(home, { by, purpose });
}

/** What is found, in the audit before this returns. A Problem where the audit cannot be written, such as while a server has the embedded store. */
export async function findAudited<T>(context: CliContext, home: Home, asking: Asking, { action, find, subjects }: { action: string; find: () => Promise<T>; subjects: (found: T) => Partial<Changed> }): Promise<T> {
  const casework = await context.openStore(home);
  try {
    const found = await find();
    await recordAuditEvent(casework.db, context.clock, { actorId: asking.by, action, outcome: 'done', ...subjects(found), purpose: asking.purpose });
    return found;
  } finally {
    await casework.close();
  }
}

/** Notes a look at what shows nothing of one person, before it is shown. */
export function noteLook(context: CliContext, home: Home, event: { action: string } & Partial<Changed>): void {
  keepWaitingRow(home, context.clock, { actorId: context.operator, outcome: 'done', ...event });
}

/** Runs what adds loads; they stand in the audit, also those of a run that failed half way. */
export function addLoads<T>(context: CliContext, home: Home, { action, ...given }: Given & { action: string }, run: (onLoad: (load: string) => void) => Promise<T>): Promise<T> {
  const subjectIds: string[] = [];
  return withWaitingRow(home, context.clock, { actorId: actorOf(context, given), action }, (tell) =>
    run((load) => {
      subjectIds.push(load);
      tell({ subjectKind: 'load', subjectIds });
    }));
}
