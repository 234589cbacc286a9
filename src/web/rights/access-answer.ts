// The answer to a subject access request, as the person reads it: what each agency holds, what cases hold, decisions to share, emergencies, under which
// agreements and for what, and who saw it, in plain words. The page, the document and the file of rows are made from this. Of what is left out nothing is said
// here but what stands in every answer.

import { roleTitles, type Role } from '../../core/index.ts';
import { filesGiven, presentSchedule, removedMark, type AccessPack, type AgreementPacks, type ShownFact, type ShownPart } from '../../govern/index.ts';
import { createNaming, type AgreementVocabulary, type Naming } from '../agreements/agreement-vocabulary.ts';
import { letterSentence } from '../audit/audit-letter.ts';
import type { AuditRowContext } from '../audit/audit-row.ts';
import { presentDate, presentDateTime } from '../frame/date-words.ts';
import { presentSource, presentValue } from '../people/person-view.ts';
import { presentFile } from './access-file.ts';
import { lookedThrough } from './access-looked.ts';
import { consentWords, decisionWords } from '../share-records/share-form.ts';

export interface AnswerEntry {
  /** For whoever answers; not printed. */
  part: string;
  heading: string;
  agency: string;
  date: string | null;
  facts: { label: string; value: string }[];
  source: string | null;
}

export interface AnswerBlock {
  /** For whoever answers: what the whole block is withheld with; null where it has no such name. */
  group: string | null;
  heading: string;
  entries: AnswerEntry[];
}

export interface AnswerSection {
  id: string;
  heading: string;
  intro: string;
  blocks: AnswerBlock[];
}

export interface AccessAnswer {
  partnership: string;
  personKey: string;
  askedOn: string;
  madeOn: string;
  contact: string;
  sections: AnswerSection[];
}

export interface AnswerContext {
  packs: AgreementPacks;
  vocabulary: AgreementVocabulary;
  audit: AuditRowContext;
  partnership: string;
  contact?: { name: string; email?: string } | undefined;
}

/** In every answer, whatever is in it. */
export const answerNotes: readonly string[] = [
  'This tells you what the agencies of the partnership hold about you together, where each piece comes from, under which agreements they may share it and for what, and who has seen it.',
  `Where you read “${removedMark}”, words were taken out that tell of another person, who has rights of their own.`,
  'The law lets some information be left out of any answer, such as what would put somebody in danger or would prejudice an investigation. Where telling you so would undo that, you are not told whether it was done here.',
  'Nobody decides about you by computer alone, and no score is made of you.',
];
export const rightsNotes: readonly string[] = [
  'You can ask the agencies to put right what is wrong, to erase what they need no longer, to hold its use while you dispute it, and you can object to its use.',
  'You can complain to the Information Commissioner’s Office: ico.org.uk, 0303 123 1113, or go to court.',
];

const glassOutcomes: Record<string, string> = { justified: 'It was right', 'not-justified': 'It was not right', 'to-be-followed-up': 'It is being followed up' };
const roleWords = (role: string | undefined): string => (role === undefined ? 'A member of staff' : (roleTitles[role as Role] ?? role.replaceAll('-', ' ')));
const linkWords: Record<string, string> = { same: 'That both are about you, or that both are about one person', different: 'That they are about two people', unsure: 'That it cannot be told' };
const undoWords: Record<string, string> = { 'undo-merge': 'That records were put together as one person was undone', 'undo-split': 'That records of one person were parted was undone', 'undo-moved': 'That records went from one person to another was undone' };
const askerWords: Record<string, string> = { person: 'You', practitioner: 'Somebody who works with you', agency: 'An agency' };
const outcomeWords: Record<string, string> = { accepted: 'It was accepted', refused: 'It was refused', waits: 'It is not decided yet' };
const shareLabels: Record<string, string> = { link_decision: 'What was decided', asked_by: 'Who asked for it', correction_outcome: 'What was decided', to_agency: 'With whom', purpose: 'For what', consent: 'Your agreement', outcome: 'What the review found' };

function words({ name, value }: ShownFact, { packs, vocabulary }: AnswerContext, naming: Naming): string {
  if (name === 'to_agency') return naming.agency(value);
  if (name === 'purpose') return naming.purpose(value);
  if (name.startsWith('ground-')) return `${naming.power(value)}${vocabulary.powers.has(value) ? ` (${vocabulary.powers.get(value)!.citation})` : ''}`;
  if (name === 'consent') return (consentWords as Record<string, string>)[value] ?? value;
  if (name === 'outcome') return glassOutcomes[value] ?? value;
  if (name === 'link_decision') return linkWords[value] ?? value;
  if (name === 'asked_by') return askerWords[value] ?? value;
  if (name === 'correction_outcome') return outcomeWords[value] ?? value;
  return packs.purposes.get(value)?.title ?? value;
}

const labelOf = ({ name, label }: ShownFact): string => (name.startsWith('ground-') ? 'Legal basis' : label || (shareLabels[name] ?? name));

/** By its number in the answer, and its hash, so that what was handed over can be told from what was not. */
function presentGiven({ file, value, removed }: ShownFact, given: ReadonlyMap<string, number>): string {
  if (removed) return 'It does not come with this answer, since no part can be taken out of a file: ask the agency that added it';
  return `It comes with this answer as file ${given.get(file!.attachmentId)} (${presentFile(file!)}; SHA-256 ${value})`;
}

const presentFacts = (part: ShownPart, context: AnswerContext, naming: Naming, given: ReadonlyMap<string, number>): AnswerEntry['facts'] =>
  part.facts.map((fact) => fact.file ? { label: fact.label, value: presentGiven(fact, given) } : ({ label: labelOf(fact), value: fact.removed ? removedMark : fact.text ? fact.shown : fact.column ? presentValue(fact.column, fact.shown) : words(fact, context, naming) }));

function headingOf(part: ShownPart, { vocabulary }: AnswerContext): string {
  const section = part.code === undefined ? '' : (vocabulary.sections.get(part.code) ?? part.code.replaceAll('-', ' '));
  const on = part.date === null ? 'No date' : presentDate(part.date);
  switch (part.kind) {
    case 'case': return `A case was opened on ${on}`;
    case 'entry': return `${section}, ${on}`;
    case 'attachment': return `A file with “${section}”, ${on}`;
    case 'share': return `${part.code === 'share' ? decisionWords.share : decisionWords.withhold}, ${on}`;
    case 'glass': return `${roleWords(part.code)}, ${presentDateTime(part.date!)}`;
    case 'state': return part.code === 'newer' ? `Sent since, ${on}` : `Sent before, ${on}`;
    case 'aside': return 'A row that could not be read';
    case 'link': return part.code === 'pair' ? `Two records were compared on ${on}` : `${undoWords[part.code!] ?? 'An undoing was taken back'}, ${on}`;
    case 'asked': return `${roleWords(part.code)}, ${on}`;
    case 'correction': return `Reported as wrong on ${on}`;
    case 'seal': return `Sealed on ${on}`;
    default: return on;
  }
}

export function presentAnswer(pack: AccessPack, context: AnswerContext): AccessAnswer {
  const naming = createNaming(context.vocabulary);
  const given = new Map(filesGiven(pack.shown).map(({ attachmentId, number }) => [attachmentId, number]));
  const of = (...kinds: ShownPart['kind'][]) => pack.shown.filter(({ kind }) => kinds.includes(kind));
  const entry = (part: ShownPart): AnswerEntry => ({
    part: part.part, heading: headingOf(part, context), agency: part.holder === null ? '' : naming.agency(part.holder), date: part.date, facts: presentFacts(part, context, naming, given), source: part.source ? presentSource(part.source) : null,
  });
  const blocks = (parts: readonly ShownPart[], group: string | null = null): AnswerBlock[] => [...Map.groupBy(parts, ({ holder }) => holder ?? '')].map(([holder, own]) => ({ group, heading: holder === '' ? '' : naming.agency(holder), entries: own.map(entry) }));
  const byFeed = (kind: ShownPart['kind']) => [...Map.groupBy(of(kind), ({ feed }) => feed!)].map(([feed, own]): AnswerBlock => ({ group: `feed:${feed.feed}`, heading: `${naming.agency(feed.holder)}: ${feed.title}`, entries: own.map(entry) }));
  const sections: AnswerSection[] = [
    { id: 'held', heading: 'What agencies hold about you', intro: 'Each piece stands with its date and the file that it came from. An agency may have recorded it wrongly.', blocks: byFeed('row') },
    { id: 'states', heading: 'What agencies sent about you before or since', intro: 'Other states of these records: what an agency sent before it sent them again, and what came after the records were last put together.', blocks: byFeed('state') },
    { id: 'aside', heading: 'What agencies sent about you that could not be read', intro: 'These rows are kept as they came, until the agency mends them, and are in no record of yours.', blocks: byFeed('aside') },
    { id: 'cases', heading: 'What is written in cases about you', intro: 'What people who work with you wrote down, and the files that belong to it.', blocks: blocks(of('case', 'entry', 'attachment'), 'casework') },
    { id: 'shares', heading: 'Decisions whether to give others information about you', intro: 'Beside what agreements let agencies see, these were decided one by one.', blocks: blocks(of('share')) },
    { id: 'emergencies', heading: 'When your record was opened in an emergency', intro: 'For two hours, with a reason, and reviewed afterwards.', blocks: blocks(of('glass')) },
    { id: 'corrections', heading: 'Facts about you that were reported as wrong', intro: 'Whoever reported them, and what was decided.', blocks: blocks(of('correction')) },
    { id: 'links', heading: 'What was written when your records were compared', intro: 'Records of agencies are put together where they are about one person. Where that was in doubt, people decided. Of other people’s records nothing is told.', blocks: blocks(of('link')) },
    { id: 'asked', heading: 'When somebody asked who is behind a pseudonym, and it was you', intro: 'For figures your name is replaced by a pseudonym. Who is behind one may be asked only under an agreement, with a reason.', blocks: blocks(of('asked')) },
    { id: 'seals', heading: 'Your record is sealed', intro: 'Only people named for it may open it.', blocks: blocks(of('seal')) },
    { id: 'agreements', heading: 'Under which agreements it is shared, and for what', intro: 'Agencies may look at what others hold about you only under an agreement, for a purpose that it names.', blocks: [...Map.groupBy(pack.covers, ({ agreementId }) => agreementId).values()].map((covers) => ({ group: null, heading: covers[0]!.title, entries: covers.map((cover) => presentCover(cover, context, naming)) })) },
    { id: 'seen', heading: 'Who has seen it', intro: `The newest first: the role and the agency of whoever looked, when, and for what; not their name.${pack.cut ? ' There is more than fits here: ask for the earlier part.' : ''}`, blocks: blocksOfSeen(of('seen'), context, naming) },
    { id: 'looked', heading: 'What was looked through, and what is not in this answer', intro: 'Each kind of thing that Headwater keeps about people.', blocks: [{ group: null, heading: '', entries: lookedThrough(pack) }] },
  ];
  return {
    partnership: context.partnership, personKey: pack.personKey, askedOn: presentDate(pack.file.askedOn), madeOn: presentDate(pack.asAt),
    contact: context.contact ? `${context.contact.name}${context.contact.email ? ` (${context.contact.email})` : ''}` : 'the agency that gave you this answer',
    sections: sections.filter((section) => section.blocks.length > 0),
  };
}

function presentCover({ agreementId, purpose, form, from, to, retention }: AccessPack['covers'][number], { packs }: AnswerContext, naming: Naming): AnswerEntry {
  const schedule = packs.retention.schedules.get(retention);
  const list = (codes: readonly string[]) => codes.map((code) => naming.agency(code)).join(', ');
  return {
    part: `agreement:${agreementId}`, heading: naming.purpose(purpose), agency: '', date: null, source: null,
    facts: [
      { label: 'In what form', value: form === 'identified' ? 'With your name' : 'Without names, for figures' }, { label: 'Held by', value: list(from) }, { label: 'Seen by', value: list(to) },
      ...(schedule ? [{ label: 'How long it is kept', value: presentSchedule(schedule) }] : []),
    ],
  };
}

function blocksOfSeen(parts: readonly ShownPart[], { audit }: AnswerContext, naming: Naming): AnswerBlock[] {
  if (parts.length === 0) return [];
  // Without its basis: that of one search is of all whom it found, and may tell of other people and of what is withheld.
  const tell = (event: NonNullable<ShownPart['event']>) => {
    const { basis: _, ...told } = event;
    return letterSentence(told, audit);
  };
  return [{ group: null, heading: '', entries: parts.map(({ part, event, date, holder }) => ({ part, heading: tell(event!), agency: holder === null ? '' : naming.agency(holder), date, facts: [], source: null })) }];
}
