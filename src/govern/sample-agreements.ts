// The agreements of a simulated partnership: the product's templates, begun a month ago and signed by its invented signatories, so that its pages
// have something to stand on. A real partnership gets none: it writes and signs its own.

import { Problem, type Clock } from '../core/index.ts';
import type { Reader } from './access-request.ts';
import type { AgreementPacks } from './agreement-packs.ts';
import type { AgreementRegister } from './agreement-register.ts';
import { contentFromTemplate } from './agreement-template.ts';
import { addMonths, britishDayOf } from './british-day.ts';

const sampleTemplates = ['understand-demand-and-harm', 'early-help-for-families'];

/** The sample's information governance lead, who drafts; and its signatories, one for each agency. Invented, as all of the sample. */
const sampleLead: Reader = { userId: 'sample-governance-lead', role: 'governance-lead', agency: 'council' };
const sampleSignatory = (agency: string): Reader => ({ userId: `sample-signatory-${agency}`, role: 'signatory', agency });

/**
 * Drafts and signs the sample agreements where the register holds none. Returns the ids of those that it made.
 * Call it for simulated homes only.
 *
 * @throws Problem where local packs contradict the sample agreements
 */
export async function seedSampleAgreements(register: AgreementRegister, clock: Clock, packs: Pick<AgreementPacks, 'templates'>): Promise<string[]> {
  if ((await register.list()).length > 0) return [];
  const startsOn = addMonths(britishDayOf(clock.now()), -1);
  const made: string[] = [];
  for (const template of sampleTemplates.flatMap((code) => packs.templates.get(code) ?? [])) {
    const content = contentFromTemplate(template, startsOn);
    const drafted = await register.draft(content, sampleLead);
    if (!drafted.ok) throw refused(content.title, drafted);
    for (const { agency } of content.parties) {
      const signed = await register.sign(drafted.agreementId, drafted.version, sampleSignatory(agency));
      if (!signed.ok) throw refused(content.title, signed);
    }
    made.push(drafted.agreementId);
  }
  return made;
}

function refused(title: string, { reason, findings }: { reason: string; findings: readonly { message: string }[] }): Problem {
  return new Problem('badInput', {
    what: `The sample agreement "${title}" cannot be made: ${findings[0]?.message ?? reason}`,
    where: 'packs/agreement-templates.yaml',
    todo: 'Mend the packs of this home, or remove your own so that the product\'s are used.',
  });
}
