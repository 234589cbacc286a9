// People and grants for tests of governed cases: an early help team that holds cases, a nurse who works on some, and those who should see nothing.

import type { Role } from '../../src/core/index.ts';
import type { Grant, Reader, Relation } from '../../src/govern/index.ts';

export const governedStart = Date.parse('2026-12-01T09:00:00Z');
const day = 24 * 60 * 60 * 1000;

const who = (userId: string, agency: string, role: Role): Reader => ({ userId, agency, role });
export const coordinator = who('coordinator', 'early-help', 'hub-coordinator');
export const practitioner = who('practitioner', 'early-help', 'lead-practitioner');
export const nurse = who('nurse', 'hospital', 'lead-practitioner');
export const outsider = who('outsider', 'housing', 'hub-coordinator');
export const governance = who('governance', 'council', 'governance-lead');

export const grantTo = (reader: Reader, section: string, relation: Relation, over: Partial<Grant> = {}): Grant => ({
  agreementId: 'a1', version: 1, clause: 1, agency: reader.agency, role: reader.role, purpose: 'early-help', holder: 'early-help', item: `case/${section}`, form: 'identified', relation,
  from: governedStart - day, to: governedStart + 30 * day, endedBy: 'agreement', ...over,
});

/** What the agreement of these tests gives. */
export const usualGrants: readonly Grant[] = [
  ...['file', 'lead', 'members', 'worries', 'plan'].map((section) => grantTo(coordinator, section, 'agency')),
  ...['file', 'members', 'worries', 'plan'].map((section) => grantTo(practitioner, section, 'member')),
  grantTo(nurse, 'file', 'member'),
  grantTo(nurse, 'worries', 'member'),
  grantTo(nurse, 'health', 'member', { holder: 'hospital' }),
  grantTo(coordinator, 'health', 'lead', { holder: 'hospital' }),
];
