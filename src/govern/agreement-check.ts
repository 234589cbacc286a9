// What is wrong with the content of an agreement, and how to mend it. A fault stops the draft; a warning is shown to those who sign.

import { agreementContentSchema, type AgreementContent } from './agreement.ts';
import { findConflicts, type OtherAgreement } from './agreement-conflict.ts';
import type { AgreementPacks } from './agreement-packs.ts';
import type { Finding } from './agreement-register.ts';
import { addMonths, dayInWords } from './british-day.ts';
import { checkClause } from './clause-check.ts';

export interface CheckOptions {
  packs: AgreementPacks;
  /** Other agreements that are not over: what contradicts them is said. */
  others?: readonly OtherAgreement[];
  /** Today in Britain: an agreement whose last day is over cannot be drafted. */
  today?: string;
}

/** The content as the schema has it, or where it differs. */
export function parseAgreement(given: unknown): { content: AgreementContent } | { findings: Finding[] } {
  const parsed = agreementContentSchema.safeParse(given);
  if (parsed.success) return { content: parsed.data };
  return { findings: parsed.error.issues.map(({ path, message }) => ({ level: 'fault', path: path.map((key) => (typeof key === 'symbol' ? String(key) : key)), message })) };
}

/**
 * Everything that is wrong or doubtful, faults first.
 *
 * @example
 * checkAgreement(content, { packs }).filter(({ level }) => level === 'fault').length; // 0
 */
export function checkAgreement(content: AgreementContent, { packs, others = [], today }: CheckOptions): Finding[] {
  const findings = [
    ...checkParties(content, packs),
    ...content.clauses.flatMap((_, index) => checkClause(content, index, packs)),
    ...checkTerm(content, packs, today),
    ...findConflicts(content, others, packs),
  ];
  return [...findings.filter(({ level }) => level === 'fault'), ...findings.filter(({ level }) => level === 'warning')];
}

export const hasFault = (findings: readonly Finding[]): boolean => findings.some(({ level }) => level === 'fault');

function checkParties({ parties, clauses }: AgreementContent, packs: AgreementPacks): Finding[] {
  const used = new Set(clauses.flatMap(({ from, to }) => [...from, ...to.map(({ agency }) => agency)]));
  return parties.flatMap(({ agency, role }, at): Finding[] => {
    const title = packs.agencies.get(agency)?.title;
    const path = ['parties', at, 'agency'];
    if (title === undefined) return [{ level: 'fault', path, message: `There is no agency called "${agency}". Choose one of the partnership's agencies.` }];
    if (parties.findIndex((party) => party.agency === agency) < at) return [{ level: 'fault', path, message: `${title} is a party twice. Take one of them out.` }];
    if (!used.has(agency) && role !== 'processor') return [{ level: 'warning', path, message: `${title} neither gives nor receives anything. Add what it shares, or take it out.` }];
    return [];
  });
}

function checkTerm({ startsOn, reviewOn, endsOn, retention }: AgreementContent, packs: AgreementPacks, today: string | undefined): Finding[] {
  const findings: Finding[] = [];
  const note = (level: Finding['level'], key: string, message: string) => void findings.push({ level, path: [key], message });
  const { longestYears, longestReviewYears } = packs.retention.agreement;
  if (!packs.retention.schedules.has(retention)) note('fault', 'retention', `There is no retention schedule called "${retention}". Choose one of: ${[...packs.retention.schedules.keys()].join(', ')}.`);
  if (endsOn < startsOn) note('fault', 'endsOn', 'The last day lies before the first. Enter a later last day.');
  else if (endsOn >= addMonths(startsOn, 12 * longestYears)) note('fault', 'endsOn', `The agreement would hold for longer than ${longestYears} years, the longest term that the partnership allows. Enter an earlier last day.`);
  if (today !== undefined && endsOn < today) note('fault', 'endsOn', `The last day, ${dayInWords(endsOn)}, is over. Enter a later one.`);
  if (reviewOn < startsOn) note('fault', 'reviewOn', 'The review lies before the first day. Enter a later day.');
  else if (reviewOn > endsOn) note('fault', 'reviewOn', 'The review lies after the last day. Enter an earlier day.');
  else if (reviewOn > addMonths(startsOn, 12 * longestReviewYears)) note('warning', 'reviewOn', `The first review comes more than ${longestReviewYears} years after the start. Review it sooner.`);
  return findings;
}
