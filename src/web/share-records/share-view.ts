// A decision to share, in the words of its pages.

import { doubtsAboutGround, type AgreementPacks, type ListedShareRecord, type Reader, type ShareFile, type ShareRecord, type ShareReview } from '../../govern/index.ts';
import { codeWords, createNaming, type AgreementVocabulary, type Naming } from '../agreements/agreement-vocabulary.ts';
import { presentDate, presentDateTime } from '../frame/date-words.ts';
import { consentWords, decisionWords } from './share-form.ts';

export const reviewWords: Record<ShareReview['outcome'], string> = { sound: 'It was right', 'not-sound': 'It was not right', 'follow-up': 'It must be followed up' };

export const shareAddress = (shareRecordId: string): string => `/govern/share-records/${shareRecordId}`;
const linesOf = (text: string): string[] => text.split('\n').filter((line) => line.trim() !== '');
const recipientOf = ({ to }: ShareRecord, naming: Naming): string => ('agency' in to ? naming.agency(to.agency) : to.other);

export function presentListed(record: ListedShareRecord, vocabulary: AgreementVocabulary, { showReview }: { showReview: boolean }) {
  const naming = createNaming(vocabulary);
  return {
    href: shareAddress(record.shareRecordId),
    day: presentDate(record.decidedOn),
    decision: decisionWords[record.decision],
    personKey: record.personKey,
    from: naming.agency(record.from),
    to: recipientOf(record, naming),
    purpose: naming.purpose(record.purpose),
    review: showReview ? (record.reviewed === null ? 'Not reviewed yet' : reviewWords[record.reviewed]) : null,
  };
}

/** One decision with what its reader may do about it. */
export function presentShare(file: ShareFile, { packs, vocabulary }: { packs: AgreementPacks; vocabulary: AgreementVocabulary }, who: Reader) {
  const naming = createNaming(vocabulary);
  const own = file.recordedBy === who.userId || file.decidedBy === who.userId;
  const ofAgency = file.from === who.agency;
  const isLead = who.role === 'governance-lead';
  const itemTitle = (item: string) => (item.startsWith('case/') ? `A case: ${vocabulary.sections.get(item.slice('case/'.length)) ?? codeWords(item.slice('case/'.length))}` : naming.feed(item));
  const powerWords = (code: string) => `${naming.power(code)}${vocabulary.powers.has(code) ? ` (${vocabulary.powers.get(code)!.citation})` : ''}`;
  const row = (label: string, lines: readonly string[]) => ({ label, lines });
  const rows = [
    row('Person', [file.personKey]),
    row('Decision', [decisionWords[file.decision]]),
    row('From', [naming.agency(file.from)]),
    row(file.decision === 'share' ? 'Shared with' : 'Not shared with', [recipientOf(file, naming)]),
    row('What information', linesOf(file.what)),
    ...(file.items.length > 0 ? [row('Comes from', file.items.map(itemTitle))] : []),
    row('Purpose', [naming.purpose(file.purpose)]),
    row('Legal basis', file.ground.length > 0 ? file.ground.map(powerWords) : ['None was relied on']),
    row('Reasons', linesOf(file.reasons)),
    row('Was the person asked?', [consentWords[file.consent]]),
    ...(file.consentWhy === null ? [] : [row('Why without their agreement', linesOf(file.consentWhy))]),
    row('Decided', [`${presentDate(file.decidedOn)}, by ${file.decidedBy}`]),
    row('Recorded', [`${presentDateTime(file.recordedAt)}, by ${file.recordedBy}`]),
  ];
  return {
    address: shareAddress(file.shareRecordId),
    heading: `${decisionWords[file.decision]}: ${recipientOf(file, naming)}, ${presentDate(file.decidedOn)}`,
    personHref: `/people/${encodeURIComponent(file.personKey)}`,
    rows,
    doubts: ofAgency || isLead ? doubtsAboutGround(packs, file) : [],
    followUps: file.followUps.map(({ kind, text, by, at }) => ({ title: kind === 'outcome' ? 'What became of it' : 'A correction', lines: linesOf(text), who: `${by}, ${presentDateTime(at)}` })),
    reviews: file.reviews.map(({ outcome, note, by, at }) => ({ title: reviewWords[outcome], lines: linesOf(note), who: `${by}, ${presentDateTime(at)}` })),
    showsAfter: ofAgency || isLead,
    mayFollow: ofAgency,
    mayReview: isLead && !own,
    ownReview: isLead && own,
  };
}
