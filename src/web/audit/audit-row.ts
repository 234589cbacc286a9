// A row of the audit in words: who, as what, did what, for which purpose, and by which clause or why not. Agreements are named with links.

import { roleTitles } from '../../core/index.ts';
import type { Agreement, AgreementRegister } from '../../govern/index.ts';
import type { AuditFlag, RecordedAuditEvent } from '../../store/index.ts';
import type { Sharing } from '../gate/sharing.ts';
import { presentDateTime } from '../frame/date-words.ts';
import { auditWords, clausesOf, outcomeWords, subjectWords, whyWords } from './audit-words.ts';

export interface AuditRowContext {
  sharing: Pick<Sharing, 'agencies' | 'purposes'>;
  agreements: ReadonlyMap<string, Agreement>;
  actorHref(event: RecordedAuditEvent): string;
}

/** The agreements that these rows name; none where there is no register. */
export async function namedAgreements(register: AgreementRegister | undefined, events: readonly RecordedAuditEvent[]): Promise<Map<string, Agreement>> {
  const ids = new Set(events.flatMap(({ basis }) => clausesOf(basis).map(({ agreementId }) => agreementId)));
  const found = new Map<string, Agreement>();
  for (const id of ids) {
    const agreement = await register?.find(id);
    if (agreement) found.set(id, agreement);
  }
  return found;
}

export function agreementTitle(agreements: AuditRowContext['agreements'], id: string, version: number): string | undefined {
  const drafted = agreements.get(id)?.events.find((event) => event.kind === 'drafted' && event.version === version);
  return drafted?.kind === 'drafted' ? drafted.content.title : undefined;
}

const inWords = (code: string): string => code.replaceAll('-', ' ').replace(/^./, (letter) => letter.toUpperCase());

const flagWords: Record<AuditFlag, string> = {
  'own-name': 'Bears the reader’s own name',
  'own-address': 'Has the reader’s own address',
  'no-relation': 'No case joins the reader to the person',
};

const roleWords = (role: string | undefined): string | undefined => (role === undefined ? undefined : ((roleTitles as Record<string, string>)[role] ?? inWords(role)));
export const agencyWords = ({ agencies }: Pick<Sharing, 'agencies'>, agency: string | null | undefined): string | undefined => (agency ? (agencies.get(agency)?.title ?? inWords(agency)) : undefined);

/** "Lead practitioner, Early help"; empty where neither was kept. */
export const actedAsWords = (sharing: AuditRowContext['sharing'], { actorAgency, actorRole }: { actorAgency?: string | undefined; actorRole?: string | undefined }): string =>
  [roleWords(actorRole), agencyWords(sharing, actorAgency)].filter((each) => each !== undefined).join(', ');

export function presentAuditRows(events: readonly RecordedAuditEvent[], { sharing, agreements, actorHref }: AuditRowContext) {
  return events.map((event) => {
    const { occurredAt, actorId, action, outcome, subjectKind, subjectIds, purpose, basis, flags } = event;
    return {
      at: presentDateTime(occurredAt),
      actor: actorId,
      href: actorId === 'system' ? undefined : actorHref(event),
      as: actedAsWords(sharing, event),
      did: auditWords(action),
      outcome: outcomeWords(outcome),
      refused: outcome !== 'done',
      subjects: subjectWords(subjectKind, subjectIds ?? []),
      purpose: purpose === undefined ? '' : (sharing.purposes.get(purpose)?.title ?? purpose),
      why: whyWords(basis, (id, version) => agreementTitle(agreements, id, version)),
      flags: (flags ?? []).map((flag) => flagWords[flag]),
    };
  });
}
