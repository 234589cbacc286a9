// A pack of a feed is refused where its words mean nothing: each with its file, its line and what is allowed.

import { describe, expect, it } from 'vitest';
import { packIn, temporaryHome, visitPack } from '../../test/support/ingest-home.ts';
import { Problem } from '../core/index.ts';
import { getFeed, listFeeds } from './index.ts';

/** What is said of the pack after a change; the line is that of the changed text. */
function refusalOf(from: string, to: string): string {
  const home = temporaryHome();
  const pack = visitPack.replace(from, to);
  expect(pack).not.toBe(visitPack);
  packIn(home, 'feeds/visit', pack);
  const line = pack.split('\n').findIndex((text) => text.includes(to)) + 1;
  try {
    getFeed(home.packs, 'visit');
  } catch (error) {
    expect(error).toBeInstanceOf(Problem);
    const { message } = error as Problem;
    expect(message).toContain(`visit.yaml:${line})`);
    expect(message).not.toContain('\n');
    return message.replace(/ \(.*visit\.yaml:\d+\)\. Mend the line and try again\.$/, '');
  }
  return 'accepted';
}

describe('a feed pack', () => {
  it('names an agency that there is', () => {
    expect(refusalOf('agency: council', 'agency: concil')).toBe(
      'agency: there is no agency "concil". Did you mean "council"? Allowed: police, hospital, ambulance, education, early-help, social-care, housing, council, treatment, public, violence-reduction-unit, police-and-crime-commissioner, scrutiny-panel',
    );
  });

  it('gives its events kinds and categories that there are, fixed or by a map', () => {
    expect(refusalOf('kind: { is: asb-complaint }', 'kind: { is: asb-complaints }')).toMatch(/^records\.events\.0\.kind\.is: there is no kind of event "asb-complaints"\. Did you mean "asb-complaint"\? Allowed: incident, crime, /);
    expect(refusalOf('category: { is: complaint-noise }', 'category: { is: complaint-nose }')).toMatch(/there is no category "complaint-nose"\. Did you mean "complaint-noise"\? Allowed: .* and \d+ more$/);
    expect(refusalOf('category: { is: complaint-noise }', 'category: { column: kind, map: { home: complaint-noise, office: offices } }')).toContain('there is no category "offices"');
    expect(refusalOf('category: { is: complaint-noise }', 'category: { column: kind, map: { homes: complaint-noise } }')).toContain('there is no code of the column "kind" "homes". Did you mean "home"? Allowed: home, office');
    expect(refusalOf('category: { is: complaint-noise }', 'category: kind')).toContain('the column "kind" is taken as it is, and its code is no category "home"');
    expect(refusalOf('category: { is: complaint-noise }', 'category: { column: kind, categories: policeUS }')).toContain('there is no attribute of the categories "policeUS". Did you mean "policeUk"?');
  });

  it('names code lists, packs of words and feeds that there are', () => {
    expect(refusalOf('codes: [home, office]', 'codes: $category')).toBe('columns.2.codes: there is no such code list. Allowed: a list of words, or $categories');
    expect(refusalOf('codes: [home, office]', 'codes: []')).toContain('the column "kind" is of type code and has no codes');
    expect(refusalOf('outcome: kind', 'outcome: { column: kind, words: ethnicities }')).toContain('there is no pack of words "ethnicities". Did you mean "ethnicity"? Allowed: ');
    expect(refusalOf('place: [{ scheme: point,', 'place: [{ match: licenced-premises, column: note }, { scheme: point,')).toContain('there is no feed "licenced-premises". Did you mean "licensed-premises"?');
  });

  it('names columns that it has, in its key and its records, each once', () => {
    expect(refusalOf('key: [ref]', 'key: [reff]')).toBe('key.0: there is no column "reff". Did you mean "ref"? Allowed: ref, day, kind, note, longitude, latitude');
    expect(refusalOf('started_at: day', 'started_at: [day, dya]')).toContain('there is no column "dya". Did you mean "day"?');
    expect(refusalOf('from: [longitude, latitude] }] }', 'from: [longitude, lat] }] }')).toContain('there is no column "lat"');
    expect(refusalOf('{ name: note,', '{ name: Day,')).toContain('the heading "day" means two columns, "day" and "Day"');
    expect(refusalOf('{ name: note,', '{ name: kind, label: Twice,')).toContain('the column "kind" is there twice');
  });

  it('has no column that is a score of a person', () => {
    for (const name of ['ace_count', 'riskScore', 'predicted harm']) expect(refusalOf('{ name: note,', `{ name: ${name},`)).toBe('columns.3.name: a count of adverse experiences, or a score or prediction of one person, is not taken in: leave the column out');
  });

  it('that comes with Headwater keeps all of this', () => {
    expect(listFeeds().length).toBeGreaterThan(15);
  });
});
