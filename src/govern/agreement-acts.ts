// What a person does to an agreement, as the event that is to be added, or the reason why it cannot be done. Pure: the registers keep the events.
// Information governance leads of a party draft and end; signatories of a party sign and withdraw.

import { randomBytes } from 'node:crypto';
import type { Reader } from './access-request.ts';
import type { Agreement, AgreementEvent } from './agreement.ts';
import { checkAgreement, hasFault, parseAgreement } from './agreement-check.ts';
import type { AgreementPacks } from './agreement-packs.ts';
import type { AgreementFault, AgreementOutcome, Finding } from './agreement-register.ts';
import { agreementStatus, newestVersion, signedBy } from './agreement-state.ts';
import { britishDayOf, endOfBritishDay } from './british-day.ts';

/** An id that tells nothing of what the agreement is about. */
export const newAgreementId = (): string => `a-${randomBytes(6).toString('hex')}`;

export const notFound: AgreementOutcome<never> = { ok: false, reason: 'not-found', findings: [] };

export type Act = { ok: true; event: AgreementEvent } | { ok: false; reason: AgreementFault; findings: readonly Finding[] };

const refuse = (reason: AgreementFault, findings: readonly Finding[] = []): Act => ({ ok: false, reason, findings });

export interface Acting {
  by: Reader;
  now: number;
}

export interface Drafting extends Acting {
  packs: AgreementPacks;
  /** All agreements of the register. */
  agreements: readonly Agreement[];
}

const isParty = (parties: readonly { agency: string }[], by: Reader) => parties.some(({ agency }) => agency === by.agency);

/** What is found in a content, against the packs, today and the other agreements that are not over. */
export function findingsOf(given: unknown, { packs, agreements, now }: Omit<Drafting, 'by'>, agreementId?: string): readonly Finding[] {
  const parsed = parseAgreement(given);
  if ('findings' in parsed) return parsed.findings;
  const others = agreements.filter((other) => other.agreementId !== agreementId).flatMap((other) => {
    const { state, content } = agreementStatus(other, now);
    return state === 'lapsed' ? [] : [{ agreementId: other.agreementId, content }];
  });
  return checkAgreement(parsed.content, { packs, others, today: britishDayOf(now) });
}

/** Version 1 where `agreement` is undefined, otherwise the next version. */
export function actOfDrafting(agreement: Agreement | undefined, given: unknown, drafting: Drafting & { basedOn?: number }): Act {
  const { by, now } = drafting;
  if (by.role !== 'governance-lead') return refuse('not-a-governance-lead');
  const newest = agreement && newestVersion(agreement);
  if (newest && !isParty(newest.content.parties, by)) return refuse('not-your-agency');
  if (agreement && isOver(agreement)) return refuse('lapsed');
  if (newest && drafting.basedOn !== undefined && drafting.basedOn !== newest.version) return refuse('version-superseded');
  const findings = findingsOf(given, drafting, agreement?.agreementId);
  if (hasFault(findings)) return refuse('content-faulty', findings);
  const parsed = parseAgreement(given);
  if ('findings' in parsed) return refuse('content-faulty', parsed.findings);
  if (!newest && !isParty(parsed.content.parties, by)) return refuse('not-your-agency');
  return { ok: true, event: { kind: 'drafted', version: (newest?.version ?? 0) + 1, content: parsed.content, by: by.userId, at: now } };
}

export function actOfSigning(agreement: Agreement, version: number, { by, now }: Acting): Act {
  const newest = newestVersion(agreement);
  if (by.role !== 'signatory') return refuse('not-a-signatory');
  if (!isParty(newest.content.parties, by)) return refuse('not-your-agency');
  if (isOver(agreement)) return refuse('lapsed');
  if (version !== newest.version) return refuse('version-superseded');
  if (now >= endOfBritishDay(newest.content.endsOn)) return refuse('lapsed');
  if (signedBy(agreement, version).includes(by.agency)) return refuse('signed-already');
  return { ok: true, event: { kind: 'signed', version, agency: by.agency, by: by.userId, at: now } };
}

export function actOfWithdrawing(agreement: Agreement, reason: string, { by, now }: Acting): Act {
  const { state, content } = agreementStatus(agreement, now);
  if (by.role !== 'signatory') return refuse('not-a-signatory');
  if (!isParty(content.parties, by) && !isParty(newestVersion(agreement).content.parties, by)) return refuse('not-your-agency');
  if (state === 'lapsed') return refuse('lapsed');
  const given = checkReason(reason);
  return given.ok ? { ok: true, event: { kind: 'withdrawn', agency: by.agency, by: by.userId, at: now, reason: given.reason } } : given.refusal;
}

export function actOfEnding(agreement: Agreement, reason: string, { by, now }: Acting): Act {
  const { state, content } = agreementStatus(agreement, now);
  if (by.role !== 'governance-lead') return refuse('not-a-governance-lead');
  if (!isParty(content.parties, by)) return refuse('not-your-agency');
  if (state === 'lapsed') return refuse('lapsed');
  const given = checkReason(reason);
  return given.ok ? { ok: true, event: { kind: 'ended', by: by.userId, at: now, reason: given.reason } } : given.refusal;
}

/** Withdrawn or ended: for good. An agreement whose last day is over can be renewed by a new version. */
const isOver = ({ events }: Agreement): boolean => events.some(({ kind }) => kind === 'withdrawn' || kind === 'ended');

const longestReason = 1000;

function checkReason(given: string): { ok: true; reason: string } | { ok: false; refusal: Act } {
  const reason = given.trim();
  if (reason === '') return { ok: false, refusal: refuse('content-faulty', [{ path: ['reason'], message: 'Enter the reason.', level: 'fault' }]) };
  if (reason.length > longestReason) return { ok: false, refusal: refuse('content-faulty', [{ path: ['reason'], message: `Enter a reason of at most ${longestReason} characters.`, level: 'fault' }]) };
  return { ok: true, reason };
}
