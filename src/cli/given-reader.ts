// Who asks, where a command is told: the agency and role that clauses name, as AGENCY/ROLE, and the person's name or sign-in.

import { Problem, roles, type Role } from '../core/index.ts';
import type { Agencies, AgreementPacks } from '../govern/index.ts';

export interface AgencyRole {
  agency: string;
  role: Role;
}

/** "council/analyst". */
export function parseAgencyRole(given: string, option: string, agencies: Agencies): AgencyRole {
  const [agency = '', name = '', ...rest] = given.split('/');
  const role = roles.find((each) => each === name);
  if (rest.length > 0 || !agencies.has(agency)) throw new Problem('usage', { what: `"${given}" does not begin with an agency of this partnership`, where: option, todo: `Write AGENCY/ROLE, with one of: ${[...agencies.keys()].join(', ')}.` });
  if (!role) throw new Problem('usage', { what: `"${given}" does not end with a role`, where: option, todo: `Write AGENCY/ROLE, with one of: ${roles.join(', ')}.` });
  return { agency, role };
}

export function checkName(given: string, option: string): string {
  const name = given.trim();
  if (name === '' || name.length > 200) throw new Problem('usage', { what: 'The name must have 1 to 200 characters', where: option });
  return name;
}

/** The code of a purpose that the partnership has; of those about named people alone where that is asked. */
export function checkPurpose(given: string, { purposes }: Pick<AgreementPacks, 'purposes'>, { identified = false } = {}): string {
  const known = [...purposes].filter(([, purpose]) => purpose.identified || !identified).map(([code]) => code);
  if (!known.includes(given)) throw new Problem('usage', { what: purposes.has(given) ? `"${given}" is no purpose about named people` : `There is no purpose called "${given}"`, where: '--purpose', todo: `Choose one of: ${known.join(', ')}.` });
  return given;
}

/** Why nobody is given a count of adverse experiences, or a score of a person, in words for whoever asked for one by name. */
export const noScore = (name: string, where: string): Problem =>
  new Problem('usage', {
    what: `"${name}" means a count of adverse experiences, or a score or prediction of one person, and nobody is given one`,
    where,
    todo: 'Such a number says little about one person and has done harm; docs/methods/pseudonyms.md says why. Ask about groups and places instead.',
  });
