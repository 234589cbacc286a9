// What to call the events of a choice in a sentence: "incidents", "ambulance calls", "incidents of burglary", or "events" where kinds are mixed.

import type { Categories } from './categories.ts';
import type { Scope } from './scope.ts';

const nouns: Readonly<Record<string, string>> = {
  incident: 'incidents',
  crime: 'recorded crimes',
  outcome: 'outcomes',
  'stop-search': 'stops and searches',
  custody: 'times in custody',
  'ed-assault': 'emergency department assaults',
  'ambulance-call': 'ambulance calls',
  absence: 'absences',
  suspension: 'suspensions',
  'early-help': 'early help episodes',
  'social-care': 'social care contacts',
  'asb-complaint': 'complaints',
  treatment: 'treatment episodes',
};

/** One noun for the events of a choice. Published street crime holds anti-social behaviour too, so it is "recorded crimes and incidents". */
export function nounOf({ series, catalogue }: Scope, { categories }: Categories): string {
  const kinds = new Set(series.map((each) => each.kind ?? ''));
  const published = series.length > 0 && series.every((each) => each.feed === 'police-uk-street');
  const [only] = kinds;
  const noun = published ? 'recorded crimes and incidents' : kinds.size === 1 ? (nouns[only!] ?? 'events') : 'events';
  const chosen = new Set(series.map((each) => each.category));
  const [category] = chosen;
  const feeds = new Set(series.map((each) => each.feed));
  const others = catalogue.series.some((each) => feeds.has(each.feed) && each.category !== category);
  const title = chosen.size === 1 && others ? categories.get(category ?? '')?.title : undefined;
  if (title === undefined) return noun;
  return `${published ? 'records' : noun} of ${title.charAt(0).toLowerCase()}${title.slice(1)}`;
}
