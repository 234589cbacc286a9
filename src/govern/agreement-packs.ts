// Everything of a partnership's packs that agreements are written, checked, compiled and printed with.

import { createHash } from 'node:crypto';
import { readAgencies, type Agencies } from './agency.ts';
import { readAgreementTemplates, type AgreementTemplate } from './agreement-template.ts';
import { readDataItems, type DataItems } from './data-item.ts';
import { readLegalPowers, type LegalPowers } from './legal-power.ts';
import { readPurposes, type Purposes } from './purpose.ts';
import { readRetention, type Retention } from './retention-schedule.ts';

export interface AgreementPacks {
  agencies: Agencies;
  purposes: Purposes;
  powers: LegalPowers;
  feeds: DataItems['feeds'];
  sections: DataItems['sections'];
  retention: Retention;
  templates: ReadonlyMap<string, AgreementTemplate>;
  /** Of all that decides what agreements give: another hash, and the grants are made anew. */
  sha256: string;
}

/**
 * Reads all packs that agreements rest on; a file in `localPacks` replaces the product's.
 *
 * @throws Problem that names the file and line of the first mistake
 */
export function readAgreementPacks(localPacks: string | undefined): AgreementPacks {
  const [agencies, purposes, powers, retention, templates] = [readAgencies(localPacks), readPurposes(localPacks), readLegalPowers(localPacks), readRetention(localPacks), readAgreementTemplates(localPacks)];
  const { feeds, sections, sha256 } = readDataItems(localPacks);
  return {
    agencies: agencies.value, purposes: purposes.value, powers: powers.value, feeds, sections, retention: retention.value, templates: templates.value,
    sha256: createHash('sha256').update([agencies.sha256, powers.sha256, sha256].join()).digest('hex'),
  };
}
