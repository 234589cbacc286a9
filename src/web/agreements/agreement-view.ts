// One agreement as its page shows it: how it stands, who has signed what, what each version changed, and what was done to it when. What a
// reader may do stands beside it; the register decides again when they do it.

import { endOfBritishDay, newestVersion, signedBy, type Agreement, type AgreementEvent, type AgreementState, type AgreementStatus, type Reader } from '../../govern/index.ts';
import { presentDate, presentDateTime } from '../frame/date-words.ts';
import { agreementAddress, versionsOf } from './agreement-pages.ts';
import { listDifferences } from './agreement-summary.ts';
import { createNaming, joinWords, type AgreementVocabulary, type Naming } from './agreement-vocabulary.ts';

export const stateTags: Record<AgreementState, { text: string; classes: string }> = {
  draft: { text: 'Draft', classes: 'govuk-tag--grey' },
  signing: { text: 'Being signed', classes: 'govuk-tag--yellow' },
  agreed: { text: 'Agreed, not begun', classes: 'govuk-tag--teal' },
  live: { text: 'In force', classes: 'govuk-tag--green' },
  lapsed: { text: 'Lapsed', classes: 'govuk-tag--red' },
};

/** How one version stands: in words of the agreement's state where it is the one that counts. */
export function versionTag(agreement: Agreement, status: AgreementStatus, { version, now }: { version: number; now: number }): { text: string; classes: string } {
  if (version === status.version) return stateTags[status.state];
  const newest = newestVersion(agreement);
  const never = endingOf(agreement) !== undefined || now >= endOfBritishDay(newest.content.endsOn);
  const text = version < newest.version ? 'Earlier version' : never ? 'Never in force' : status.missing.length === 0 ? 'Signed by all, not begun' : 'Newest version, waits for signatures';
  return { text, classes: 'govuk-tag--grey' };
}

const endingOf = ({ events }: Agreement) => events.find((event) => event.kind === 'withdrawn' || event.kind === 'ended');
const asSentence = (text: string) => (/[.!?]$/.test(text.trim()) ? text.trim() : `${text.trim()}.`);

function lapseWords(agreement: Agreement, { lapse, content }: AgreementStatus, naming: Naming): string {
  const ending = endingOf(agreement);
  if (lapse === 'last-day' || !ending) return `It lapsed at the end of its last day, ${presentDate(content.endsOn)}.`;
  const reason = asSentence(ending.reason);
  if (ending.kind === 'withdrawn') return `It lapsed when ${naming.agency(ending.agency)} withdrew on ${presentDateTime(ending.at)}. The reason given: ${reason}`;
  return `It was ended on ${presentDateTime(ending.at)}. The reason given: ${reason}`;
}

/** How an agreement stands, in one to three sentences. */
export function statusSentences(agreement: Agreement, status: AgreementStatus, naming: Naming): string[] {
  const { state, content, version, missing } = status;
  const newest = newestVersion(agreement);
  const names = joinWords(missing.map(naming.agency));
  const waiting = newest.version > version && missing.length > 0 ? [`Version ${newest.version} waits to be signed by ${names}. Version ${version} holds until then.`] : [];
  if (state === 'lapsed') return [lapseWords(agreement, status, naming), 'What stood on it is dark.'];
  if (state === 'draft') return [`No party has signed version ${version} yet. It gives no access until all ${content.parties.length} have.`];
  if (state === 'signing') return [`${content.parties.length - missing.length} of ${content.parties.length} parties have signed version ${version}. Still to sign: ${names}.`, 'It gives no access until all have signed.'];
  if (state === 'agreed') return [`Every party has signed version ${version}. It begins on ${presentDate(status.from ?? content.startsOn)} and gives no access before.`, ...waiting];
  return [`Version ${version} is in force until the end of ${presentDate(content.endsOn)}.`, ...(status.reviewDue ? [`Its review was due on ${presentDate(content.reviewOn)}.`] : []), ...waiting];
}

/** Signatures of the version in force and, where it is another, of the newest. */
function presentSignatures(agreement: Agreement, status: AgreementStatus, naming: Naming) {
  const newest = newestVersion(agreement);
  const shown = versionsOf(agreement).filter(({ version }) => version === status.version || version === newest.version);
  return shown.map(({ version, content }) => {
    const signed = new Set(signedBy(agreement, version));
    const rows = content.parties.map(({ agency }) => {
      const event = agreement.events.find((each) => each.kind === 'signed' && each.version === version && each.agency === agency);
      return { agency: naming.agency(agency), ...(event && signed.has(agency) ? { by: event.by, at: presentDateTime(event.at) } : {}) };
    });
    return { version, rows };
  });
}

const actWords = (event: AgreementEvent, naming: Naming): string => {
  if (event.kind === 'drafted') return `Saved version ${event.version}`;
  if (event.kind === 'signed') return `Signed version ${event.version} for ${naming.agency(event.agency)}`;
  if (event.kind === 'withdrawn') return `Withdrew ${naming.agency(event.agency)}: ${event.reason}`;
  return `Ended it: ${event.reason}`;
};

export interface Acts {
  sign: boolean;
  withdraw: boolean;
  redraft: boolean;
  end: boolean;
}

/** What to offer; the register refuses all else. */
export function offeredActs(agreement: Agreement, status: AgreementStatus, reader: Reader): Acts {
  const newest = newestVersion(agreement).content.parties.some(({ agency }) => agency === reader.agency);
  const inForce = status.content.parties.some(({ agency }) => agency === reader.agency);
  const [signatory, lead] = [reader.role === 'signatory', reader.role === 'governance-lead'];
  const stands = status.state !== 'lapsed';
  return {
    sign: signatory && newest && !endingOf(agreement) && status.missing.includes(reader.agency),
    withdraw: signatory && stands && (newest || inForce),
    redraft: lead && newest && !endingOf(agreement),
    end: lead && stands && inForce,
  };
}

export function presentAgreementPage({ agreement, status, reader }: { agreement: Agreement; status: AgreementStatus; reader: Reader }, vocabulary: AgreementVocabulary) {
  const naming = createNaming(vocabulary);
  const versions = versionsOf(agreement);
  return {
    title: status.content.title,
    address: agreementAddress(agreement.agreementId),
    state: stateTags[status.state],
    sentences: statusSentences(agreement, status, naming),
    version: status.version,
    signatures: presentSignatures(agreement, status, naming),
    acts: offeredActs(agreement, status, reader),
    own: naming.agency(reader.agency),
    changes: versions.slice(1).map((later, place) => ({ version: later.version, from: versions[place]!.version, at: presentDate(later.at), differences: listDifferences(versions[place]!.content, later.content, vocabulary) })).toReversed(),
    history: agreement.events.map((event) => ({ at: presentDateTime(event.at), by: event.by, did: actWords(event, naming) })).toReversed(),
  };
}

export interface ListedAgreement {
  agreement: Agreement;
  status: AgreementStatus;
}

export function presentAgreementRow({ agreement, status }: ListedAgreement, reader: Reader, naming: Naming) {
  const newest = newestVersion(agreement);
  const mine = status.missing.includes(reader.agency) && status.state !== 'lapsed';
  return {
    title: status.content.title,
    href: agreementAddress(agreement.agreementId),
    state: stateTags[status.state],
    parties: joinWords(status.content.parties.map(({ agency }) => naming.agency(agency))),
    missing: status.state === 'lapsed' || status.missing.length === 0 ? '' : joinWords(status.missing.map(naming.agency)),
    waitingVersion: newest.version > status.version ? newest.version : undefined,
    lastDay: presentDate(status.content.endsOn),
    review: presentDate(status.content.reviewOn),
    reviewDue: status.reviewDue,
    mine,
    ...(status.state === 'lapsed' ? { lapse: lapseWords(agreement, status, naming) } : {}),
  };
}
