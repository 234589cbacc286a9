// The people of the sample sign-in: one for each role, a second governance lead since nobody destroys alone, and one for each agency that signs
// agreements; all invented, all behind one password that is no secret.

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
  { id: 'sample-governance-lead-police', name: 'Judith Penrose', agency: 'Police', role: 'governance-lead' },
  { id: 'sample-board-member', name: 'Margaret Thorne', agency: 'Police and crime commissioner', role: 'board-member' },
  { id: 'sample-panel-member', name: 'Yusuf Rahman', agency: 'Scrutiny panel', role: 'panel-member' },
  { id: 'sample-signatory-police', name: 'Ruth Calloway', agency: 'Police', role: 'signatory' },
  { id: 'sample-signatory-hospital', name: 'Anil Deshmukh', agency: 'Hospital trust', role: 'signatory' },
  { id: 'sample-signatory-ambulance', name: 'Bethan Pryce', agency: 'Ambulance service', role: 'signatory' },
  { id: 'sample-signatory-education', name: 'Marcus Oyelaran', agency: 'Schools and education', role: 'signatory' },
  { id: 'sample-signatory-early-help', name: 'Fiona Drummond', agency: 'Early help', role: 'signatory' },
  { id: 'sample-signatory-social-care', name: 'Joyce Amankwah', agency: "Children's social care", role: 'signatory' },
  { id: 'sample-signatory-housing', name: 'Peter Lindqvist', agency: 'Housing association', role: 'signatory' },
  { id: 'sample-signatory-council', name: 'Nadia Karimi', agency: 'Council', role: 'signatory' },
  { id: 'sample-signatory-treatment', name: 'Sean Gallagher', agency: 'Drug and alcohol treatment', role: 'signatory' },
  { id: 'sample-signatory-violence-reduction-unit', name: 'Claire Renshaw', agency: 'Violence reduction unit', role: 'signatory' },
  { id: 'sample-signatory-police-and-crime-commissioner', name: 'Edmund Fairley', agency: 'Police and crime commissioner', role: 'signatory' },
  { id: 'sample-signatory-scrutiny-panel', name: 'Amina Yusuf', agency: 'Scrutiny panel', role: 'signatory' },
] as const satisfies readonly SampleUser[];

export function findSampleUser(id: unknown): SampleUser | undefined {
  return sampleUsers.find((user) => user.id === id);
}
