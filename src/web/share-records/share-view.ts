// A decision to share, in the words of its pages.

import { doubtsAboutGround, type AgreementPacks, type ListedShareRecord, type Reader, type ShareFile, type ShareRecord, type ShareReview } from '../../govern/index.ts';
import { presentDate, presentDateTime } from '../frame/date-words.ts';
import { consentWords, decisionWords } from './share-form.ts';

export const reviewWords: Record<ShareReview['outcome'], string> = { sound: 'It was right', 'not-sound': 'It was not right', 'follow-up': 'It must be followed up' };

export const shareAddress = (shareRecordId: string): string => `/govern/share-records/${shareRecordId}`;
const linesOf = (text: string): string[] => text.split('\n').filter((line) => line.trim() !== '');
const recipientOf = ({ to }: ShareRecord, packs: AgreementPacks): string => ('agency' in to ? (packs.agencies.get(to.agency)?.title ?? to.agency) : to.other);
const agencyOf = (code: string, packs: AgreementPacks): string => packs.agencies.get(code)?.title ?? code;

export function presentListed(record: ListedShareRecord, packs: AgreementPacks, { showReview }: { showReview: boolean }) {
  return {
    href: shareAddress(record.shareRecordId),
    day: presentDate(record.decidedOn),
    decision: decisionWords[record.decision],
    personKey: record.personKey,
    from: agencyOf(record.from, packs),
    to: recipientOf(record, packs),
    purpose: packs.purposes.get(record.purpose)?.title ?? record.purpose,
    review: showReview ? (record.reviewed === null ? 'Not reviewed yet' : reviewWords[record.reviewed]) : null,
  };
}

/** One decision with what its reader may do about it. */
export function presentShare(file: ShareFile, packs: AgreementPacks, who: Reader) {
  const own = file.recordedBy === who.userId || file.decidedBy === who.userId;
  const ofAgency = file.from === who.agency;
  const isLead = who.role === 'governance-lead';
  const itemTitle = (item: string) => (item.startsWith('case/') ? `A case: ${packs.sections.get(item.slice('case/'.length))?.title ?? item}` : (packs.feeds.get(item)?.title ?? item));
  const row = (label: string, lines: readonly string[]) => ({ label, lines });
  const rows = [
    row('Person', [file.personKey]),
    row('Decision', [decisionWords[file.decision]]),
    row('From', [agencyOf(file.from, packs)]),
    row(file.decision === 'share' ? 'Shared with' : 'Not shared with', [recipientOf(file, packs)]),
    row('What information', linesOf(file.what)),
    ...(file.items.length > 0 ? [row('Comes from', file.items.map(itemTitle))] : []),
    row('Purpose', [packs.purposes.get(file.purpose)?.title ?? file.purpose]),
    row('Ground in law', file.ground.length > 0 ? file.ground.map((code) => (packs.powers.has(code) ? `${packs.powers.get(code)!.title} (${packs.powers.get(code)!.citation})` : code)) : ['None was relied on']),
    row('Reasons', linesOf(file.reasons)),
    row('Was the person asked?', [consentWords[file.consent]]),
    ...(file.consentWhy === null ? [] : [row('Why without their agreement', linesOf(file.consentWhy))]),
    row('Decided', [`${presentDate(file.decidedOn)}, by ${file.decidedBy}`]),
    row('Recorded', [`${presentDateTime(file.recordedAt)}, by ${file.recordedBy}`]),
  ];
  return {
    address: shareAddress(file.shareRecordId),
    heading: `${decisionWords[file.decision]}: ${recipientOf(file, packs)}, ${presentDate(file.decidedOn)}`,
    personHref: `/people/${encodeURIComponent(file.personKey)}`,
    rows,
    doubts: ofAgency || isLead ? doubtsAboutGround(packs, file) : [],
    followUps: file.followUps.map(({ kind, text, by, at }) => ({ title: kind === 'outcome' ? 'What became of it' : 'A correction', lines: linesOf(text), who: `${by}, ${presentDateTime(at)}` })),
    reviews: file.reviews.map(({ outcome, note, by, at }) => ({ title: reviewWords[outcome], lines: linesOf(note), who: `${by}, ${presentDateTime(at)}` })),
    showsAfter: ofAgency || isLead,
    mayFollow: ofAgency,
    mayReview: isLead && !own,
    ownReview: isLead && own,
    auditHref: isLead ? `/govern/audit?by=${encodeURIComponent(file.recordedBy)}` : null,
  };
}
