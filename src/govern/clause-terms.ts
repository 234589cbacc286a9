// The words in which the documents of an agreement tell a clause: whose data, which fields, to whom, how close, by which powers; and what of the
// content is protected further. Shared by the legal text, the map of data flows and the impact assessment.

import { roleTitles } from '../core/index.ts';
import type { AgreementContent, Clause, DataItem, Relation } from './agreement.ts';
import type { AgreementPacks } from './agreement-packs.ts';
import { expandItem, itemKinds, type ExpandedItem, type ItemKind } from './data-item.ts';
import { listWords } from './document-section.ts';
import type { LegalPower } from './legal-power.ts';

export const relationTerms = {
  none: 'No relation to a person is needed',
  agency: 'The reader’s agency works with the person',
  member: 'The reader belongs to the team around the person',
  lead: 'The reader leads the work with the person',
} as const satisfies Record<Relation, string>;

export const formTerms = { pseudonymised: 'Pseudonymised', identified: 'Identified' } as const;

export const kindTerms = {
  health: 'data concerning health',
  criminal: 'criminal offence data',
  special: 'data of another special category, such as racial or ethnic origin',
} as const satisfies Record<ItemKind, string>;

export interface ClauseTerms {
  number: number;
  clause: Clause;
  purpose: string;
  /** Titles of the agencies. */
  from: readonly string[];
  to: readonly { agency: string; roles: readonly string[] }[];
  items: readonly ItemTerms[];
  powers: readonly LegalPower[];
  kinds: readonly ItemKind[];
  children: boolean;
}

export interface ItemTerms {
  title: string;
  /** Code of the holder; undefined for a section of a case, which each providing agency holds. */
  holder: string | undefined;
  fields: readonly string[];
  all: boolean;
  kinds: readonly ItemKind[];
}

export const titleOf = (packs: AgreementPacks, agency: string): string => packs.agencies.get(agency)?.title ?? agency;

export function termsOf(content: AgreementContent, packs: AgreementPacks): ClauseTerms[] {
  return content.clauses.map((clause, index) => {
    const expanded = clause.items.map((item) => expandItem(packs, item, clause.form));
    return {
      number: index + 1,
      clause,
      purpose: packs.purposes.get(clause.purpose)?.title ?? clause.purpose,
      from: clause.from.map((agency) => titleOf(packs, agency)),
      to: clause.to.map(({ agency, roles }) => ({ agency: titleOf(packs, agency), roles: roles.map((role) => roleTitles[role]) })),
      items: clause.items.map((item, at) => itemTerms(item, expanded[at]!, packs)),
      powers: clause.powers.flatMap((code) => packs.powers.get(code) ?? []),
      kinds: kindsOf(expanded.flat()),
      children: expanded.flat().some(({ children }) => children),
    };
  });
}

const kindsOf = (items: readonly ExpandedItem[]): ItemKind[] => itemKinds.filter((kind) => items.some(({ kinds }) => kinds.includes(kind)));

function itemTerms(item: DataItem, expanded: readonly ExpandedItem[], packs: AgreementPacks): ItemTerms {
  const kinds = kindsOf(expanded);
  if ('section' in item) return { title: `Case record: ${packs.sections.get(item.section)?.title ?? item.section}`, holder: undefined, fields: [], all: true, kinds };
  const feed = packs.feeds.get(item.feed);
  return { title: feed?.title ?? item.feed, holder: feed?.holder, fields: expanded.map(({ key }) => key.slice(key.indexOf('/') + 1)), all: item.fields === 'all', kinds };
}

export const fieldTerms = ({ fields, all, holder }: ItemTerms, form: Clause['form']): string => {
  if (holder === undefined && fields.length === 0) return 'The whole section';
  return `${all ? (form === 'identified' ? 'Every field: ' : 'Every field that does not identify a person: ') : ''}${fields.join(', ')}`;
};

export const recipientTerms = ({ agency, roles }: ClauseTerms['to'][number]): string => `${agency}: ${listWords(roles)}`;

export const kindsInWords = (kinds: readonly ItemKind[]): string => (kinds.length === 0 ? 'None' : listWords(kinds.map((kind) => kindTerms[kind])).replace(/^./, (letter) => letter.toUpperCase()));

/** Said wherever a power stands that was not checked against its source. */
export const toBeConfirmed = 'to be confirmed by your legal adviser';

/** The powers of the agreement, each once, in the order in which clauses name them. */
export const powersOf = (terms: readonly ClauseTerms[]): LegalPower[] => [...new Map(terms.flatMap(({ powers }) => powers.map((power) => [power.code, power] as const))).values()];

/** Whether any clause is of law enforcement, under Part 3 of the Data Protection Act 2018. */
export const usesPart3 = (terms: readonly ClauseTerms[]) => terms.some(({ powers }) => powers.some(({ regime }) => regime === 'part-3'));
