import { describe, expect, it } from 'vitest';
import type { Series } from './catalogue.ts';
import { chooseFeeds } from './demand-feeds.ts';

const series = (feed: string, agency: string, kind: string, category = 'burglary'): Series => ({ series_id: 1, feed_id: 1, category_id: 1, demand_id: 1, feed, agency, kind, category, demand_type: 'crime', events: 1, first_month: null, last_month: null, weighed: 0, weight: null });
const incident = series('police-incident', 'police', 'incident');
const street = series('police-uk-street', 'police', 'crime');
const search = series('police-uk-stop-search', 'police', 'stop-search', 'stop-search');
const custody = series('custody-episode', 'police', 'custody', 'custody');
const ambulance = series('ambulance-call', 'ambulance', 'ambulance-call', 'ambulance-fall');
const nobody = { feeds: [], agencies: [], categories: [] };

describe('chooseFeeds', () => {
  it('counts police incidents and not the published crimes that describe the same happenings', () => {
    expect(chooseFeeds([incident, street, ambulance], nobody).feeds).toEqual(['police-incident']);
  });

  it('counts the published crimes where there are no incidents', () => {
    expect(chooseFeeds([street, search], nobody).feeds).toEqual(['police-uk-street']);
  });

  it('counts an agency’s first contacts once, without what follows from them', () => {
    expect(chooseFeeds([incident, street, search, custody, ambulance], { ...nobody, agencies: ['police', 'ambulance'] }).feeds).toEqual(['ambulance-call', 'police-incident']);
  });

  it('counts what follows where an agency has nothing else', () => {
    expect(chooseFeeds([custody], { ...nobody, agencies: ['police'] }).feeds).toEqual(['custody-episode']);
  });

  it('goes to the feeds that hold a category where the usual ones hold none of it', () => {
    expect(chooseFeeds([incident, ambulance], { ...nobody, categories: ['ambulance-fall'] }).feeds).toEqual(['ambulance-call']);
    expect(chooseFeeds([incident, street, ambulance], { ...nobody, categories: ['burglary'] }).feeds).toEqual(['police-incident']);
  });

  it('takes feeds asked for by name, and none where the name is unknown', () => {
    expect(chooseFeeds([incident, street], { ...nobody, feeds: ['police-uk-street'] }).feeds).toEqual(['police-uk-street']);
    expect(chooseFeeds([incident], { ...nobody, feeds: ['no-such-feed'] }).feeds).toEqual([]);
  });

  it('counts other agencies’ first contacts where no police feed is loaded', () => {
    expect(chooseFeeds([ambulance], nobody).feeds).toEqual(['ambulance-call']);
  });
});
