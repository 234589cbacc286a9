// Agreements for tests: one in force that gives everything to every role of the sample sign-in, so that a test of pages need not think of
// agreements; and one that a test writes itself, signed by all its parties.

import { memoryAgreements } from './memory-agreements.ts';
import type { Clock, Role } from '../../src/core/index.ts';
import { readAgencies, findAgencyCode, readAgreementPacks, contentFromTemplate, type AgreementContent, type AgreementPacks, type AgreementRegister, type Clause } from '../../src/govern/index.ts';
import { sampleUsers } from '../../src/web/index.ts';

const packs: AgreementPacks = readAgreementPacks(undefined);
const agencies = readAgencies(undefined).value;

/** One purpose for figures and for names, so that a session has it whatever page it opens. */
export const purposeForAll = 'record-linkage';

export const codeOf = (title: string): string => findAgencyCode(agencies, title)!;

/** Every sample user's role in their agency. */
export const everyReader: Clause['to'] = [...Map.groupBy(sampleUsers, ({ agency }) => codeOf(agency))].map(([agency, users]) => ({ agency, roles: [...new Set(users.map(({ role }): Role => role))] }));

const template = (): AgreementContent => contentFromTemplate(packs.templates.get('understand-demand-and-harm')!, '2026-06-01');

/** A clause of figures from all agencies' feeds, as the template has it. */
export const figuresClause = (given: Partial<Clause> = {}): Clause => ({ ...template().clauses[0]!, ...given });

/** The clause that gives names to those who review links. */
export const namesClause = (given: Partial<Clause> = {}): Clause => ({ ...contentFromTemplate(packs.templates.get('early-help-for-families')!, '2026-06-01').clauses.find(({ purpose }) => purpose === 'record-linkage')!, ...given });

/** The template's text with other clauses. */
export const agreementWith = (clauses: Clause[], given: Partial<AgreementContent> = {}): AgreementContent => ({ ...template(), clauses, ...given });

/** Drafts an agreement and signs it for every party; its id. */
export async function signAll(register: AgreementRegister, content: AgreementContent): Promise<string> {
  const drafted = await register.draft(content, { userId: 'sample-governance-lead', role: 'governance-lead', agency: 'council' });
  if (!drafted.ok) throw new Error(`Not a sound agreement: ${drafted.findings.map(({ path, message }) => `${path.join('.')} ${message}`).join('; ')}`);
  for (const { agency } of content.parties) {
    const signed = await register.sign(drafted.agreementId, drafted.version, { userId: `signatory-${agency}`, role: 'signatory', agency });
    if (!signed.ok) throw new Error(`${agency} could not sign: ${signed.reason}`);
  }
  return drafted.agreementId;
}

export async function agreementForAll(clock: Clock): Promise<AgreementRegister> {
  const register = memoryAgreements(clock, packs);
  const dayFrom = (days: number) => new Date(clock.now() + days * 86_400_000).toISOString().slice(0, 10);
  await signAll(register, agreementWith([figuresClause({ purpose: purposeForAll, to: everyReader }), namesClause({ items: [...namesClause().items, { section: 'file' }] })], { startsOn: dayFrom(-60), reviewOn: dayFrom(180), endsOn: dayFrom(360) }));
  return register;
}
