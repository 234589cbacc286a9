// The risks of a sharing to the people whom the data are about, worked out from what is shared, in which form, with how many, and how far it may go on.
// Likelihood and severity are before and after the measures; the overall risk follows from both, after the ICO's template for impact assessments.

import { counted } from '../core/index.ts';
import type { AgreementContent } from './agreement.ts';
import { powersOf, toBeConfirmed, type ClauseTerms } from './clause-terms.ts';

export const likelihoods = ['Remote', 'Possible', 'Probable'] as const;
export const severities = ['Minimal', 'Significant', 'Severe'] as const;
export const overalls = ['Low', 'Medium', 'High'] as const;
type Likelihood = 0 | 1 | 2;
type Severity = 0 | 1 | 2;

export interface Risk {
  code: string;
  /** What could happen to whom, and why here. */
  what: string;
  likelihood: Likelihood;
  severity: Severity;
  measures: string;
  /** With the measures in place. */
  residual: { likelihood: Likelihood; severity: Severity };
}

/** Low where either is least; high where both are more than that and one is the greatest. */
export function overallOf({ likelihood, severity }: { likelihood: Likelihood; severity: Severity }): (typeof overalls)[number] {
  if (likelihood === 0 && severity === 2) return 'Medium';
  if (likelihood === 0 || severity === 0) return 'Low';
  return likelihood === 2 || severity === 2 ? 'High' : 'Medium';
}

const step = (from: Likelihood, by: 1 | 2 = 1): Likelihood => Math.max(0, from - by) as Likelihood;

/** A recipient is a role of an agency. */
export const recipientCount = (terms: readonly ClauseTerms[]): number => new Set(terms.flatMap(({ clause }) => clause.to.flatMap(({ agency, roles }) => roles.map((role) => `${agency} ${role}`)))).size;

const many = 5;

/** In a fixed order; only those that the content gives rise to. */
export function listRisks(content: AgreementContent, terms: readonly ClauseTerms[]): Risk[] {
  return [
    ...namedRisks(terms),
    ...pseudonymisedRisks(terms),
    ...protectedRisks(terms),
    ...linkRisks(terms),
    ...useRisks(content, terms),
    ...lawRisks(terms),
    {
      code: 'security',
      what: 'Shared Data are lost, stolen, altered or published through an attack or a mistake, and people are exposed to harm, fraud or shame.',
      likelihood: 1, severity: terms.some(({ clause }) => clause.form === 'identified') ? 2 : 1,
      measures: 'Encryption on the way; a key of the System for the files that name people, and an encrypted disk, which whoever runs the System provides, for all else; sign-in with the agency’s own account; an audit whose wholeness can be proved; encrypted back-ups, which whoever runs the System restores to test them; one breach procedure for all Parties.',
      residual: { likelihood: 0, severity: terms.some(({ clause }) => clause.form === 'identified') ? 2 : 1 },
    },
    {
      code: 'kept-too-long',
      what: 'Data are kept after they have ceased to be needed, and a person is judged by what is long past.',
      likelihood: 1, severity: 1,
      measures: 'A retention schedule; access through the System ends the moment the Agreement lapses; each Party deletes what is due, and records that it did.',
      residual: { likelihood: 0, severity: 1 },
    },
  ];
}

function namedRisks(terms: readonly ClauseTerms[]): Risk[] {
  const named = terms.filter(({ clause }) => clause.form === 'identified');
  if (named.length === 0) return [];
  const recipients = recipientCount(named);
  const open = named.filter(({ clause }) => clause.relation === 'none');
  const likelihood: Likelihood = recipients > many || open.length > 0 ? 2 : 1;
  const why = `${counted(recipients, 'role')} may see records of named people${open.length > 0 ? `, and under ${open.length === 1 ? `Clause ${open[0]!.number}` : `Clauses ${open.map(({ number }) => number).join(', ')}`} they need no relation to the person` : ''}`;
  return [
    {
      code: 'looking-without-need',
      what: `Somebody looks at the record of a person whom they do not work with, out of curiosity or ill will: ${why}.`,
      likelihood, severity: 2,
      measures: 'A stated Purpose for each task; access only in the relation that the Clause asks for; each view recorded with its Purpose in an audit that information governance leads read; people can ask who saw their record.',
      residual: { likelihood: step(likelihood), severity: 1 },
    },
    {
      code: 'told-to-the-wrong-person',
      what: `A fact reaches a person who may do harm with it, such as a violent partner${named.some(({ children }) => children) ? ', and a child or their carer is put in danger' : ''}.`,
      likelihood: 1, severity: 2,
      measures: 'Records of people who must be protected are sealed; emergency access does not open a seal; contact details are shared only where a Clause needs them; staff are trained to check before they tell.',
      residual: { likelihood: 0, severity: 2 },
    },
    {
      code: 'trust',
      what: `A family that learns of the sharing too late trusts services less and turns away from help${named.some(({ kinds }) => kinds.includes('health')) ? ', or a patient holds back what a clinician needs to know' : ''}.`,
      likelihood: 1, severity: 1,
      measures: 'People are told at the start, in plain words, unless that would put somebody at risk; confidential health data are shared only on consent, statute or an overriding public interest; the least that will do is shared.',
      residual: { likelihood: 0, severity: 1 },
    },
  ];
}

function pseudonymisedRisks(terms: readonly ClauseTerms[]): Risk[] {
  const unnamed = terms.filter(({ clause }) => clause.form === 'pseudonymised');
  if (unnamed.length === 0) return [];
  const recipients = recipientCount(unnamed);
  const likelihood: Likelihood = recipients > many ? 2 : 1;
  return [{
    code: 'identified-from-figures',
    what: `A person is recognised from a small count or from a rare combination of facts, although no name is shown: ${counted(recipients, 'role')} may see figures made from ${counted(new Set(unnamed.flatMap(({ items }) => items.map(({ title }) => title))).size, 'source')} joined together.`,
    likelihood, severity: unnamed.some(({ kinds }) => kinds.length > 0) ? 2 : 1,
    measures: 'Names, addresses, free text and the agencies’ own numbers are removed; pseudonyms are made with a key that no reader is given; points are moved to a grid; in each table small counts are withheld, with those from which they could be worked out, and others rounded; comparing tables is answered by noise, where the partnership has chosen a rule with it; trying to identify anybody is forbidden.',
    residual: { likelihood: step(likelihood, 2), severity: 1 },
  }];
}

function protectedRisks(terms: readonly ClauseTerms[]): Risk[] {
  const risks: Risk[] = [];
  const kinds = new Set(terms.flatMap((each) => each.kinds));
  if (kinds.size > 0) {
    risks.push({
      code: 'discrimination',
      what: `People are treated worse, or a group or neighbourhood is labelled, because of ${[...(kinds.has('health') ? ['their health'] : []), ...(kinds.has('criminal') ? ['an alleged or past offence'] : []), ...(kinds.has('special') ? ['their origin or another protected characteristic'] : [])].join(', ')}.`,
      likelihood: 1, severity: 2,
      measures: 'Conditions of Schedule 1 with an appropriate policy document; no score or prediction of a person; a person’s part in an event is kept as a fact of that event; figures stand beside the quality of the data that they rest on.',
      residual: { likelihood: 0, severity: 2 },
    });
  }
  if (terms.some(({ children }) => children)) {
    risks.push({
      code: 'children',
      what: 'Data about children, who may be less aware of the risks and of their rights, follow them into adult life.',
      likelihood: 1, severity: 2,
      measures: 'The best interests of the child are weighed in each Clause; privacy information is written for children too; retention is bounded; access needs a relation to the child or gives figures alone.',
      residual: { likelihood: 0, severity: 2 },
    });
  }
  return risks;
}

function linkRisks(terms: readonly ClauseTerms[]): Risk[] {
  if (new Set(terms.flatMap(({ clause }) => clause.from)).size < 2) return [];
  const named = terms.some(({ clause }) => clause.form === 'identified');
  return [{
    code: 'wrong-link',
    what: `Records of two people are joined as one, or one person’s are not joined, ${named ? 'and somebody is helped or judged by another’s history' : 'and figures mislead, more often for groups whose names are often misspelt'}.`,
    likelihood: named ? 2 : 1, severity: named ? 2 : 1,
    measures: 'Links carry their probability; doubtful ones are settled by two people; errors are measured by group; every merge can be undone; corrections reach all who were given the fact.',
    residual: { likelihood: named ? 1 : 0, severity: 1 },
  }];
}

function useRisks(content: AgreementContent, terms: readonly ClauseTerms[]): Risk[] {
  const likelihood: Likelihood = content.onwardUse === 'none' ? 0 : 1;
  const police = terms.some(({ clause }) => clause.to.some(({ agency }) => agency === 'police') && clause.from.some((agency) => agency !== 'police'));
  return [
    {
      code: 'other-use',
      what: content.onwardUse === 'none' ? 'Data are used for another purpose than people were told, although onward use is not allowed.' : `Data are used further than people expect, since they may be passed on ${content.onwardUse === 'same-purpose' ? 'for the same Purpose' : 'with the consent of the Providing Party'}.`,
      likelihood, severity: 1,
      measures: 'A Purpose is stated and checked for each view; onward use is limited by section 12; exports are recorded; each Purpose is reviewed with the Agreement.',
      residual: { likelihood: step(likelihood), severity: 1 },
    },
    ...(police ? [{
      code: 'enforcement', what: 'People who asked for help find that what they said is used to enforce the law against them.', likelihood: 1, severity: 2,
      measures: 'The Purpose limits what police readers may see; use for law enforcement needs a basis of its own under Part 3 of the 2018 Act; each view is recorded.', residual: { likelihood: 0, severity: 2 },
    } as const] : []),
  ];
}

function lawRisks(terms: readonly ClauseTerms[]): Risk[] {
  const unchecked = powersOf(terms).filter(({ checked }) => !checked);
  const ending = powersOf(terms).filter(({ inForceTo }) => inForceTo !== null);
  if (unchecked.length === 0 && ending.length === 0) return [];
  return [{
    code: 'no-power',
    what: `Sharing turns out to have no power behind it${unchecked.length > 0 ? `: ${counted(unchecked.length, 'power')} named in the Agreement ${unchecked.length === 1 ? 'has' : 'have'} not been checked against the source, ${toBeConfirmed}` : ''}${ending.length > 0 ? `; ${counted(ending.length, 'power')} will end` : ''}.`,
    likelihood: unchecked.length > 0 ? 1 : 0, severity: 1,
    measures: 'Each Clause names its powers; a Clause goes dark by itself on the day on which one of them ends; a legal adviser confirms what has not been checked before the Agreement is signed.',
    residual: { likelihood: 0, severity: 1 },
  }];
}
