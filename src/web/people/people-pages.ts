// What the pages about one person share: who asks, what came of it, and the audit, which has it before anything is shown.

import type { FastifyReply, FastifyRequest } from 'fastify';
import { basisOfRecord, isPersonKey, type AgreementRegister, type Asking, type CaseDesk, type Corrections, type People, type PersonAnswer } from '../../govern/index.ts';
import type { PageDeps } from '../page.ts';
import { notFound } from '../problem/http-problem.ts';

export interface PeoplePagesDeps extends PageDeps {
  people: People;
  /** Names the agreements behind what is shown. */
  register: AgreementRegister;
  agencyName(code: string): string;
  /** Wrong facts can be reported; no such links where absent. */
  corrections?: Corrections;
  /** Cases about the person are named; no such links where absent. */
  cases?: CaseDesk;
}

export type Shown = Exclude<PersonAnswer, { kind: 'none' }>;

export interface Opened {
  asking: Asking;
  answer: Shown;
}

/**
 * The person of an address, audited. Undefined where the answer has been sent: nobody has this key, or the reader may see nothing of whom it means;
 * both are answered alike.
 */
export async function openPerson(request: FastifyRequest, reply: FastifyReply, deps: PeoplePagesDeps, action: string): Promise<Opened | undefined> {
  const { key } = request.params as { key: string };
  const asking = await deps.gate.askingOf(request.session!);
  const answer = await deps.people.find(asking, key);
  const event = { actorId: asking.who.userId, action, subjectKind: 'person', ...(asking.purpose === null ? {} : { purpose: asking.purpose }) };
  if (answer.kind === 'none') {
    await deps.trail.record({ ...event, outcome: 'refused', basis: answer.reason, ...(isPersonKey(key) ? { subjectIds: [key] } : {}) });
    await deps.sendProblem(request, reply, notFound);
    return undefined;
  }
  const { personKey } = answer;
  await deps.trail.record(answer.kind === 'sealed' ? { ...event, outcome: 'refused', basis: 'sealed', subjectIds: [personKey] } : { ...event, outcome: 'done', basis: basisOfRecord(answer.feeds), subjectIds: [personKey], ...(answer.flags?.length ? { flags: answer.flags } : {}) });
  return { asking, answer };
}

export const personAddress = (personKey: string, more = ''): string => `/people/${encodeURIComponent(personKey)}${more}`;
