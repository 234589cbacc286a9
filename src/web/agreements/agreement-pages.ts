// What all pages of agreements are given, and what they share: the reader, who may see which agreement, and refusals that hint at nothing.

import type { FastifyRequest } from 'fastify';
import { Problem, type Clock } from '../../core/index.ts';
import {
  agreementStatus, findAgencyCode, newestVersion, type Agreement, type AgreementContent, type AgreementDrafts, type AgreementFault, type AgreementPacks,
  type AgreementRegister, type AgreementStatus, type Reader,
} from '../../govern/index.ts';
import type { PageDeps } from '../page.ts';
import type { AgreementVocabulary } from './agreement-vocabulary.ts';

export interface AgreementPagesDeps extends PageDeps {
  clock: Clock;
  register: AgreementRegister;
  drafts: AgreementDrafts;
  packs: AgreementPacks;
  /** The packs in the words of the pages. */
  vocabulary: AgreementVocabulary;
}

export const noAgreement = () => new Problem('notFound', { what: 'There is no such agreement', todo: 'Go back to the list of agreements.' });

export const agreementAddress = (agreementId: string, more = ''): string => `/govern/agreements/${encodeURIComponent(agreementId)}${more}`;

/** Who asks. The agency is empty where no pack knows it: it is then no party of anything. */
export function readerOf(request: FastifyRequest, { packs }: Pick<AgreementPagesDeps, 'packs'>): Reader {
  const { userId, role, agency } = request.session!;
  return { userId, role, agency: findAgencyCode(packs.agencies, agency) ?? '' };
}

type Drafted = Extract<Agreement['events'][number], { kind: 'drafted' }>;

/** Every version, the first first. */
export const versionsOf = ({ events }: Agreement): Drafted[] => events.filter((event) => event.kind === 'drafted');

const isParty = (content: AgreementContent, agency: string) => content.parties.some((party) => party.agency === agency);

/** Those who write agreements see all, where the partnership knows their agency; others see those that their agency is a party of, in the version in force or the newest. */
export function mayReadAgreement(reader: Reader, agreement: Agreement, status: AgreementStatus): boolean {
  if (reader.agency === '') return false;
  return reader.role === 'governance-lead' || isParty(status.content, reader.agency) || isParty(newestVersion(agreement).content, reader.agency);
}

export interface FoundAgreement {
  agreement: Agreement;
  status: AgreementStatus;
  reader: Reader;
}

/** The agreement of an address; what the reader may not see is not found, as is what does not exist, and both are audited as refused. */
export async function getAgreement(request: FastifyRequest, deps: AgreementPagesDeps): Promise<FoundAgreement> {
  const { agreementId } = request.params as { agreementId: string };
  const reader = readerOf(request, deps);
  const agreement = agreementId.length <= 100 ? await deps.register.find(agreementId) : undefined;
  const status = agreement && agreementStatus(agreement, deps.clock.now());
  if (agreement && status && mayReadAgreement(reader, agreement, status)) return { agreement, status, reader };
  await deps.trail.record({ actorId: reader.userId, action: 'agreement.open', outcome: 'refused', ...(agreement ? { subjectKind: 'agreement', subjectIds: [agreement.agreementId] } : {}) });
  throw noAgreement();
}

const badVersion = () => new Problem('usage', { what: 'This address asks for a version that is not known here', todo: 'Open the agreement and choose again.' });

/** The version that an address asks for; without one, the version in force, or the newest where none was. */
export function findVersion(request: FastifyRequest, { agreement, status }: FoundAgreement): { version: number; content: AgreementContent } {
  const { version: asked } = request.query as Record<string, unknown>;
  const wanted = asked ?? String(status.version);
  const found = versionsOf(agreement).find(({ version }) => String(version) === wanted);
  if (!found) throw badVersion();
  return found;
}

/** What stood in the way, for the person who tried. */
export const faultWords: Record<AgreementFault, string> = {
  'content-faulty': 'Something in the agreement must be mended first. Nothing was saved',
  'not-your-agency': 'Your agency is no party of this agreement, so nothing was done',
  'not-a-signatory': 'Only a signatory of a party may do this, so nothing was done',
  'not-a-governance-lead': 'Only an information governance lead of a party may do this, so nothing was done',
  'signed-already': 'Your agency has signed this version already',
  'version-superseded': 'A newer version was saved after you opened this page. Nothing was done. Read the newer version first',
  lapsed: 'The agreement has lapsed, so nothing was done',
  'not-found': 'There is no such agreement',
};
