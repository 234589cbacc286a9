// What agreements give one reader, in plain words: by purpose, which items of which agency, under which clause, until when.

import type { Grant, Reader } from '../../govern/index.ts';
import { presentDate } from '../frame/date-words.ts';
import { agreementAddress } from './agreement-pages.ts';
import { createNaming, formWords, relationWords, type AgreementVocabulary } from './agreement-vocabulary.ts';

export interface GivenByClause {
  clause: string;
  href: string;
  form: string;
  relation?: string;
  /** Each agency with what of its data is given. */
  holders: { agency: string; items: string[] }[];
  /** Until when, or from when where it has not begun. */
  time: string;
}

export interface GivenByPurpose {
  purpose: string;
  sentence: string;
  clauses: GivenByClause[];
}

const endless = (at: number | null) => at === null || !Number.isFinite(at);

/** The last day on which it is given: a grant's end is the first moment after it. */
function timeWords({ from, to, endedBy }: Grant, now: number): string {
  const end = endless(to) ? 'with no end set' : `until the end of ${presentDate(to - 1)}`;
  const why = endedBy === 'power' && !endless(to) ? ', when a legal power ends' : '';
  return from > now ? `From ${presentDate(from)} ${end}${why}` : `${end.replace(/^./, (letter) => letter.toUpperCase())}${why}`;
}

function itemWords(keys: readonly string[], vocabulary: AgreementVocabulary): string[] {
  const { feed: feedName } = createNaming(vocabulary);
  const byStart = Map.groupBy(keys, (key) => key.slice(0, key.indexOf('/')));
  return [...byStart].flatMap(([start, all]) => {
    const names = all.map((key) => key.slice(start.length + 1));
    if (start === 'case') return names.map((section) => `Part of a case: ${vocabulary.sections.get(section) ?? section}`);
    const fields = vocabulary.feeds.get(start)?.fields ?? [];
    const plain = fields.filter(({ identifying }) => !identifying);
    const which = names.length === fields.length ? 'all fields' : names.length === plain.length && plain.every(({ name }) => names.includes(name)) ? 'all fields but those that identify' : names.map((name) => name.replaceAll('_', ' ')).join(', ');
    return [`${feedName(start)}: ${which}`];
  });
}

/** What the reader is given now, and what they will be given; by purpose, in the order of the grants. */
export function presentMyAccess(grants: readonly Grant[], given: { reader: Reader; now: number; titles: ReadonlyMap<string, string>; vocabulary: AgreementVocabulary }): GivenByPurpose[] {
  const { reader, now, titles, vocabulary } = given;
  const naming = createNaming(vocabulary);
  const own = grants.filter((grant) => grant.agency === reader.agency && grant.role === reader.role && (endless(grant.to) || grant.to > now) && grant.from < (endless(grant.to) ? Infinity : grant.to));
  const byPurpose = Map.groupBy(own, ({ purpose }) => purpose);
  return [...byPurpose].map(([purpose, ofPurpose]) => {
    const byClause = Map.groupBy(ofPurpose, ({ agreementId, version, clause, from, to }) => `${agreementId} ${version} ${clause} ${from} ${to}`);
    const clauses = [...byClause.values()].map((ofClause): GivenByClause => {
      const first = ofClause[0]!;
      const byHolder = Map.groupBy(ofClause, ({ holder }) => holder);
      return {
        clause: `${titles.get(first.agreementId) ?? 'An agreement'}, clause ${first.clause}`,
        href: `${agreementAddress(first.agreementId)}?version=${first.version}`,
        form: formWords[first.form],
        ...(first.form === 'identified' ? { relation: relationWords[first.relation] } : {}),
        holders: [...byHolder].map(([holder, held]) => ({ agency: naming.agency(holder), items: itemWords(held.map(({ item }) => item), vocabulary) })),
        time: timeWords(first, now),
      };
    });
    return { purpose: naming.purpose(purpose), sentence: vocabulary.purposes.get(purpose)?.sentence ?? '', clauses };
  });
}
