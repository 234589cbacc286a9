import { describe, expect, it } from 'vitest';
import { contractMistakes } from './contract-check.ts';
import { getFeed, listFeeds } from './contract.ts';
import { describeSharing } from './shared-feed.ts';

describe('what sharing needs to know of a feed', () => {
  const feeds = listFeeds().map(describeSharing);

  it('tells feeds that anyone may have from those that need an agreement', () => {
    expect(feeds.filter(({ published }) => published).map(({ feed }) => feed).toSorted()).toEqual(['area-lookup', 'area-profile', 'boundary', 'licensed-premises', 'police-uk-outcomes', 'police-uk-stop-search', 'police-uk-street', 'school']);
  });

  it('holds no people in any published feed', () => {
    expect(feeds.filter(({ published, people }) => published && people)).toEqual([]);
  });

  it('says what rows become, who holds them, and which columns say who somebody is', () => {
    expect(feeds.find(({ feed }) => feed === 'police-incident')).toMatchObject({ holder: 'police', events: true, people: false, published: false, personColumns: [] });
    const involved = feeds.find(({ feed }) => feed === 'police-involvement')!;
    expect(involved).toMatchObject({ people: true });
    expect(involved.personColumns.length).toBeGreaterThan(2);
    expect(feeds.filter(({ people, personColumns }) => people && personColumns.length === 0)).toEqual([]);
  });
});

it('A contract that says it is published must say by which licence', () => {
  const { source, ...contract } = getFeed(undefined, 'police-uk-street');
  const known = { agencies: ['police'], categories: [], categoryTitles: {}, categoryAttributes: ['policeUk'], words: () => [], feeds: [] };
  const mistakes = contractMistakes({ ...contract, columns: contract.columns, source: { ...source, licence: undefined } } as Parameters<typeof contractMistakes>[0], 'police-uk-street', known);
  expect(mistakes.map(({ path }) => path.join('.'))).toContain('source');
});
