// The words that an agreement is written with: agencies, purposes, powers in law, terms of keeping, feeds with their fields. Read once from
// the packs; codes that no pack names stand as they are.

import { roleTitles, type Role } from '../../core/index.ts';
import {
  powerKindTitles, presentSchedule, type AgreementContent, type AgreementPacks, type Clause, type DataItem, type Form, type LegalPower, type PowerKind, type Relation,
} from '../../govern/index.ts';
import { presentDate } from '../frame/date-words.ts';

export interface FeedWords {
  feed: string;
  title: string;
  agency: string;
  fields: readonly { name: string; identifying: boolean }[];
}

export interface PowerWords {
  code: string;
  title: string;
  citation: string;
  /** The heading that it stands under. */
  group: string;
  /** Sentences: where it stands, what it needs beside it, whether it was checked. */
  notes: readonly string[];
}

export interface AgreementVocabulary {
  agencies: ReadonlyMap<string, string>;
  /** Agencies that can be parties. */
  parties: readonly string[];
  purposes: ReadonlyMap<string, { title: string; sentence: string }>;
  powers: ReadonlyMap<string, PowerWords>;
  retention: ReadonlyMap<string, { title: string; about: string }>;
  feeds: ReadonlyMap<string, FeedWords>;
  /** Parts of a case, by code. */
  sections: ReadonlyMap<string, string>;
}

/** What the packs say, in the words of the pages. */
export function presentVocabulary(packs: AgreementPacks): AgreementVocabulary {
  return {
    agencies: new Map([...packs.agencies.values()].map(({ code, title }) => [code, title])),
    parties: [...packs.agencies.values()].filter(({ sector }) => sector !== 'public').map(({ code }) => code),
    purposes: new Map([...packs.purposes.values()].map(({ code, title, says }) => [code, { title, sentence: says }])),
    powers: new Map([...packs.powers.values()].map((power) => [power.code, presentPower(power)])),
    retention: new Map([...packs.retention.schedules.values()].map((schedule) => [schedule.code, { title: schedule.title, about: presentSchedule(schedule) }])),
    feeds: new Map([...packs.feeds.values()].map(({ feed, title, holder, columns }) => [feed, { feed, title, agency: holder, fields: columns }])),
    sections: new Map([...packs.sections.values()].map(({ section, title }) => [section, title])),
  };
}

const needWords: Record<PowerKind, string> = {
  article6: 'a lawful basis under article 6', article9: 'a condition under article 9', article10: 'a condition under article 10',
  part3: 'a lawful basis under Part 3', 'part3-sensitive': 'a condition for sensitive processing', gateway: 'a statutory gateway', 'common-law': 'a power at common law',
};

function presentPower({ code, title, citation, kind, needs, inForceFrom, inForceTo, checked }: LegalPower): PowerWords {
  const notes = [
    `${citation}.`,
    ...(needs.length > 0 ? [`Needs ${needs.map((need) => needWords[need]).join(' or ')} as well.`] : []),
    ...(inForceFrom === null ? ['Not in force, as far as is known.'] : []),
    ...(inForceTo === null ? [] : [`In force until ${presentDate(inForceTo)}.`]),
    ...(checked ? [] : ['To be confirmed by your legal adviser.']),
  ];
  return { code, title, citation, group: powerKindTitles[kind], notes };
}

/** Every power to choose from, under the headings of their kinds. */
export function powerChoices({ powers }: AgreementVocabulary): { label: string; choices: { value: string; text: string; hint: string }[] }[] {
  const byGroup = Map.groupBy(powers.values(), ({ group }) => group);
  return [...byGroup].map(([label, all]) => ({ label, choices: all.map(({ code, title, notes }) => ({ value: code, text: title, hint: notes.join(' ') })) }));
}

export const roleName = (role: Role): string => roleTitles[role];

/** "early-help" → "Early help", for a code that no pack names. */
export const codeWords = (code: string): string => code.replaceAll('-', ' ').replace(/^./, (letter) => letter.toUpperCase());

/** "a, b and c". */
export function joinWords(words: readonly string[]): string {
  return words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

export const relationWords: Record<Relation, string> = {
  none: 'No relation to the person is needed',
  agency: 'Their agency works with the person',
  member: 'They are a member of the team around the person',
  lead: 'They lead the work with the person',
};

export const formWords: Record<Form, string> = {
  pseudonymised: 'Figures made from records without names',
  identified: 'Records of named people',
};

export const onwardUseWords: Record<AgreementContent['onwardUse'], string> = {
  none: 'Nobody may pass the data on',
  'same-purpose': 'The data may be passed on for the same purpose only',
  'with-consent-of-source': 'The data may be passed on where the agency that gave them agrees',
};

export const partyRoleWords: Record<AgreementContent['parties'][number]['role'], string> = {
  controller: 'Controller: decides alone why and how its data are used',
  'joint-controller': 'Joint controller: decides together with others',
  processor: 'Processor: acts on the instructions of others',
};

export interface Naming {
  agency(code: string): string;
  purpose(code: string): string;
  power(code: string): string;
  retention(code: string): string;
  feed(code: string): string;
  item(item: DataItem, form: Form | undefined): string;
  recipient(to: Clause['to'][number] | { agency: string; roles: readonly Role[] }): string;
}

export function createNaming(vocabulary: AgreementVocabulary): Naming {
  const agency = (code: string) => vocabulary.agencies.get(code) ?? codeWords(code);
  const feed = (code: string) => vocabulary.feeds.get(code)?.title ?? codeWords(code);
  return {
    agency,
    feed,
    purpose: (code) => vocabulary.purposes.get(code)?.title ?? codeWords(code),
    power: (code) => vocabulary.powers.get(code)?.title ?? codeWords(code),
    retention: (code) => vocabulary.retention.get(code)?.title ?? codeWords(code),
    item: (item, form) => ('section' in item ? `Part of a case: ${vocabulary.sections.get(item.section) ?? codeWords(item.section)}` : `${feed(item.feed)}: ${fieldsWords(item.fields, form)}`),
    recipient: ({ agency: code, roles }) => `${agency(code)}: ${roles.length === 0 ? 'roles not chosen yet' : joinWords(roles.map((role) => roleName(role)))}`,
  };
}

function fieldsWords(fields: 'all' | readonly string[], form: Form | undefined): string {
  if (fields === 'all') return form === 'identified' ? 'all fields' : 'all fields but those that identify';
  return fields.length === 0 ? 'fields not chosen yet' : joinWords(fields.map((name) => name.replaceAll('_', ' ')));
}
