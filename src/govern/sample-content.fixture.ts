// A small agreement for tests: police share incidents without names with a violence reduction unit, and early help its own records with itself.

import type { Reader } from './access-request.ts';
import type { Agreement, AgreementContent, AgreementEvent, Clause } from './agreement.ts';

export const figuresClause: Clause = {
  purpose: 'understand-demand',
  from: ['police'],
  items: [{ feed: 'police-incident', fields: 'all' }],
  form: 'pseudonymised',
  to: [{ agency: 'violence-reduction-unit', roles: ['analyst'] }],
  relation: 'none',
  powers: ['article-6-1-e', 'article-9-2-g-statutory', 'article-10-statutory', 'crime-and-disorder-1998-115'],
  necessity: 'Harm that the police see shows its pattern only over all incidents.',
};

export const helpClause: Clause = {
  purpose: 'early-help',
  from: ['early-help'],
  items: [{ feed: 'early-help-episode', fields: ['needs', 'forename', 'surname'] }, { section: 'plan' }],
  form: 'identified',
  to: [{ agency: 'early-help', roles: ['hub-coordinator', 'lead-practitioner'] }],
  relation: 'member',
  powers: ['article-6-1-e', 'article-9-2-g-safeguarding', 'article-10-safeguarding', 'children-1989-17', 'children-2004-10'],
  necessity: 'Whoever helps a family must know what was agreed with it.',
};

const party = (agency: string) => ({ agency, role: 'controller' as const, contact: 'Data protection officer' });

export const sampleContent = (given: Partial<AgreementContent> = {}): AgreementContent => ({
  title: 'Incidents without names',
  aims: 'See where harm comes from.',
  benefits: 'Help comes earlier.',
  parties: [party('police'), party('violence-reduction-unit'), party('early-help')],
  clauses: [figuresClause, helpClause],
  onwardUse: 'none',
  retention: 'pseudonymised-picture',
  quality: 'Faults are corrected.',
  rights: 'Each party answers for its own records.',
  security: 'Data are encrypted.',
  breach: 'Each party tells the others within 24 hours.',
  startsOn: '2026-11-01',
  reviewOn: '2027-03-01',
  endsOn: '2027-10-31',
  ...given,
});

export const reader = (role: Reader['role'], agency: string): Reader => ({ userId: `${role}-${agency}`, role, agency });

/** An agreement whose versions were drafted and signed by all parties at these moments (null: not signed). */
export function signedAgreement(versions: readonly { content: AgreementContent; draftedAt: number; signedAt: number | null }[], later: readonly AgreementEvent[] = []): Agreement {
  const events = versions.flatMap(({ content, draftedAt, signedAt }, index): AgreementEvent[] => [
    { kind: 'drafted', version: index + 1, content, by: 'governance-lead-police', at: draftedAt },
    ...(signedAt === null ? [] : content.parties.map(({ agency }): AgreementEvent => ({ kind: 'signed', version: index + 1, agency, by: `signatory-${agency}`, at: signedAt }))),
  ]);
  return { agreementId: 'a-000000000001', events: [...events, ...later] };
}
