// Which feeds count as demand, so that one happening is counted once.
// Published street crime describes the crimes that police incidents already hold; outcomes, searches and custody follow from them.

import type { Series } from './catalogue.ts';

/** Kinds of event that follow from demand counted elsewhere. */
const followOn: ReadonlySet<string> = new Set(['outcome', 'stop-search', 'custody']);

/** A feed that tells again what another feed tells. */
const tellsAgain: Readonly<Record<string, string>> = {
  'police-uk-street': 'police-incident',
  'police-uk-stop-search': 'police-incident',
};

export interface FeedChoice {
  feeds: string[];
  /** Why these, as a sentence. */
  why: string;
}

export interface FeedWish {
  /** Feeds asked for by name. */
  feeds: readonly string[];
  agencies: readonly string[];
  categories: readonly string[];
}

/**
 * Chooses the feeds to count. Asked for by name: those. By agency: that agency's first contacts, leaving out what another feed tells already.
 * By category alone: the usual feeds, or where they have none of it, those that do. Otherwise: police incidents, or the published crimes.
 */
export function chooseFeeds(series: readonly Series[], wish: FeedWish): FeedChoice {
  if (wish.feeds.length > 0) return { feeds: present(series, (each) => wish.feeds.includes(each.feed)), why: 'You chose the feeds that count.' };
  if (wish.agencies.length > 0) {
    const theirs = series.filter((each) => each.agency !== null && wish.agencies.includes(each.agency));
    return { feeds: firstContacts(theirs), why: 'All first contacts of the chosen agencies count; a record that another feed tells already, or that follows from one, does not.' };
  }
  const usual = usualFeeds(series);
  if (wish.categories.length > 0) {
    const having = series.filter((each) => each.category !== null && wish.categories.includes(each.category));
    if (having.length > 0 && !having.some((each) => usual.feeds.includes(each.feed))) {
      return { feeds: firstContacts(having), why: 'The usual feeds hold none of this category, so the feeds that hold it count.' };
    }
  }
  return usual;
}

function usualFeeds(series: readonly Series[]): FeedChoice {
  const has = (feed: string) => series.some((each) => each.feed === feed);
  if (has('police-incident')) {
    return { feeds: ['police-incident'], why: 'Demand is counted from police incidents. Published crimes describe some of the same happenings, so they are left out unless you choose them.' };
  }
  if (has('police-uk-street')) {
    return { feeds: ['police-uk-street'], why: 'There are no police incidents here, so demand is counted from published crime and anti-social behaviour. Calls that were not recorded as either are missing.' };
  }
  return { feeds: firstContacts(series), why: 'There is no police feed here, so the first contacts of the other agencies count.' };
}

function firstContacts(series: readonly Series[]): string[] {
  const first = present(series, (each) => !followOn.has(each.kind ?? ''));
  const candidates = first.length > 0 ? first : present(series, () => true);
  return candidates.filter((feed) => !candidates.includes(tellsAgain[feed] ?? ''));
}

function present(series: readonly Series[], keep: (each: Series) => boolean): string[] {
  return [...new Set(series.filter(keep).map((each) => each.feed))].toSorted();
}
