// One case as its page shows it: who it is about, who works on it, and what was written, section by section, with the clause that gives each. What the
// reader may not have leaves no trace; nothing is counted.

import { closingSection, mayAttachTo, uncountedSections, type Agreement, type Allowed, type CaseAttachment, type CaseEntry, type OpenedCase } from '../../govern/index.ts';
import { presentCount, presentDate, presentDateTime } from '../frame/date-words.ts';
import { presentBasis } from '../people/person-view.ts';
import { caseAddress, createWords, leadWords, userWords, type CasePagesDeps, type OpenedPage } from './case-pages.ts';

/** Parts of a case that are no sections to write in. */
const noSections = ['file', 'members', 'lead'];

/** What allows each section that is shown, so that its agreement can be named. */
export const allowedParts = ({ opened: { file, members, entries, by } }: OpenedPage): Allowed[] =>
  [...(file ? [by('file', file.holder)] : []), ...(file && members.length > 0 ? [by('members', file.holder)] : []), ...entries.map(({ section, holder }) => by(section, holder))].flatMap((each) => each ?? []);

export function presentCase({ asking, opened, person }: OpenedPage, { vocabulary }: Pick<CasePagesDeps, 'vocabulary'>, agreements: ReadonlyMap<string, Agreement>) {
  const words = createWords(vocabulary);
  const { caseId, personKey, file, members, mayLead, by } = opened;
  const address = caseAddress(caseId);
  const basis = (some: readonly (Allowed | undefined)[]) => [...new Map(some.flatMap((each) => each ?? []).map((each) => presentBasis(each, { agreements })).map((each) => [each.text, each])).values()];
  const row = (label: string, lines: readonly string[]) => ({ label, lines });
  const isOpen = file?.status === 'open';
  const mayManage = mayLead && isOpen;
  return {
    address, personKey, heading: person?.name ?? 'A case', personHref: person?.href ?? null, corrections: person?.corrections ?? [],
    rows: [
      ...(person && person.born.length > 0 ? [row('Date of birth', person.born)] : []),
      ...(file ? [
        row('Status', [isOpen ? 'Open' : 'Closed']), row('Held by', [words.agency(file.holder)]), row('Lead', [leadWords(file, asking, words.agency)]), row('Opened', [presentDate(file.openedAt)]),
        ...(isOpen ? [] : [row('Closed', [file.closedAt === null ? 'On a day that was not kept' : presentDate(file.closedAt)]), ...reasonsOf(opened)]),
      ] : []),
    ],
    basis: file ? basis([by('file', file.holder)]) : [],
    members: members.map(({ caseMemberId, userId, agency, since, until }) => ({
      id: caseMemberId, who: userWords({ userId, agency }, asking, words.agency), time: until === null ? `Since ${presentDate(since)}` : `From ${presentDate(since)} until ${presentDate(until)}`, mayEnd: mayManage && until === null,
    })),
    membersBasis: file && members.length > 0 ? basis([by('members', file.holder)]) : [],
    sections: presentSections(opened, { asking, words, vocabulary, basis }),
    unwritten: isOpen ? sectionsInOrder(vocabulary.sections.keys(), opened.writes).filter((section) => !opened.entries.some((entry) => entry.section === section)).map((section) => ({ title: words.section(section), href: writeAddress(caseId, section) })) : [],
    isClosed: file?.status === 'closed',
    acts: {
      writeHref: opened.writes.length > 0 ? `${address}/entries/new` : null,
      leadHref: mayManage ? `${address}/lead` : null,
      memberHref: mayManage ? `${address}/members/new` : null,
      closeHref: mayManage && opened.writes.includes(closingSection) ? `${address}/close` : null,
    },
  };
}

/** The entry that was written as the case was closed. */
function reasonsOf({ file, entries }: OpenedCase) {
  const lines = entries.filter(({ section, createdAt }) => section === closingSection && createdAt === file?.closedAt).flatMap(({ text }) => linesOf(text));
  return lines.length > 0 ? [{ label: 'Why it was closed', lines }] : [];
}

function presentSections({ caseId, entries, attachments, writes, by }: OpenedCase, { asking, words, vocabulary, basis }: Pick<OpenedPage, 'asking'> & Pick<CasePagesDeps, 'vocabulary'> & { words: ReturnType<typeof createWords>; basis: (some: readonly (Allowed | undefined)[]) => { text: string; href?: string }[] }) {
  return sectionsInOrder(vocabulary.sections.keys(), entries.map(({ section }) => section)).map((section) => {
    const own = entries.filter((entry) => entry.section === section);
    return {
      id: section, title: words.section(section), quoted: uncountedSections.includes(section),
      basis: basis(own.map(({ holder }) => by(section, holder))),
      entries: own.map((entry) => presentEntry(entry, attachments, { mayAttach: mayAttachTo(asking, { writes }, entry), who: (userId) => userWords({ userId, agency: entry.holder }, asking, words.agency) })),
      writeHref: writes.includes(section) ? writeAddress(caseId, section) : null,
    };
  });
}

/** In the order of the packs; those that no pack names last. */
export function sectionsInOrder(known: Iterable<string>, some: readonly string[]): string[] {
  const order = [...known];
  const place = (section: string) => (order.includes(section) ? order.indexOf(section) : order.length);
  return [...new Set(some)].filter((section) => !noSections.includes(section)).toSorted((a, b) => place(a) - place(b) || (a < b ? -1 : 1));
}

const writeAddress = (caseId: string, section: string): string => caseAddress(caseId, `/entries/new?section=${section}`);

const presentEntry = ({ entryId, caseId, author, text, createdAt }: CaseEntry, attachments: readonly CaseAttachment[], { mayAttach, who }: { mayAttach: boolean; who: (userId: string) => string }) => ({
  lines: linesOf(text),
  who: who(author),
  at: presentDateTime(createdAt),
  files: attachments.filter((each) => each.entryId === entryId).map(({ attachmentId, fileName, bytes, addedBy, addedAt }) => ({
    href: caseAddress(caseId, `/attachments/${attachmentId}`), name: fileName, about: `(${sizeWords(bytes)}), added on ${presentDate(addedAt)} by ${who(addedBy)}`,
  })),
  attachHref: mayAttach ? caseAddress(caseId, `/entries/${entryId}/attach`) : null,
});

const linesOf = (text: string): string[] => text.split('\n').filter((line) => line.trim() !== '');
const sizeWords = (bytes: number): string => (bytes < 1000 ? `${presentCount(bytes)} bytes` : bytes < 1_000_000 ? `${presentCount(bytes / 1000)} kB` : `${presentCount(bytes / 1_000_000)} MB`);
