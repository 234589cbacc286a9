// What to call the events of a choice in a sentence: "incidents", "ambulance calls", or "events" where kinds are mixed.

import type { Series } from './catalogue.ts';

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

/** One noun for the events of these series. Published street crime holds anti-social behaviour too, so it is "recorded crimes and incidents". */
export function nounOf(series: readonly Series[]): string {
  if (series.length > 0 && series.every((each) => each.feed === 'police-uk-street')) return 'recorded crimes and incidents';
  const kinds = new Set(series.map((each) => each.kind ?? ''));
  const [only] = kinds;
  return kinds.size === 1 ? (nouns[only!] ?? 'events') : 'events';
}
