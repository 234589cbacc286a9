// The people of the sample sign-in: one for each role, all invented, all behind one password that is no secret.

import type { Role } from '../../core/index.ts';

export interface SampleUser {
  id: string;
  name: string;
  agency: string;
  role: Role;
}

export const samplePassword = 'open-the-sluice';

export const sampleUsers = [
  { id: 'sample-analyst', name: 'Priya Nair', agency: 'Violence reduction unit', role: 'analyst' },
  { id: 'sample-referrer', name: 'Tom Aldridge', agency: 'Police', role: 'referrer' },
  { id: 'sample-hub-coordinator', name: 'Grace Okafor', agency: 'Early help', role: 'hub-coordinator' },
  { id: 'sample-lead-practitioner', name: 'Daniel Whitlock', agency: 'Early help', role: 'lead-practitioner' },
  { id: 'sample-commissioner', name: 'Helen Ashdown', agency: 'Council', role: 'commissioner' },
  { id: 'sample-governance-lead', name: 'Samuel Adeyemi', agency: 'Council', role: 'governance-lead' },
  { id: 'sample-board-member', name: 'Margaret Thorne', agency: 'Police and crime commissioner', role: 'board-member' },
  { id: 'sample-panel-member', name: 'Yusuf Rahman', agency: 'Scrutiny panel', role: 'panel-member' },
] as const satisfies readonly SampleUser[];

export function findSampleUser(id: unknown): SampleUser | undefined {
  return sampleUsers.find((user) => user.id === id);
}
