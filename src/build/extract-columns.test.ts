import { describe, expect, it } from 'vitest';
import { readDataItems } from '../govern/index.ts';
import { getFeed } from '../ingest/index.ts';
import { columnsGiven, extractTables } from './extract-columns.ts';

const { feeds } = readDataItems(undefined);
const identifies = (feed: string) => (column: string) => feeds.get(feed)!.columns.find(({ name }) => name === column)?.identifying ?? true;
const gives = (feed: string, given: readonly string[]) => columnsGiven({ contract: getFeed(undefined, feed), given: new Set(given), identifies: identifies(feed) });
const everyPlain = (feed: string) => feeds.get(feed)!.columns.filter(({ identifying }) => !identifying).map(({ name }) => name);

describe('the columns of an extract', () => {
  it('are none where no field is given', () => {
    expect(gives('police-incident', [])).toEqual({ feed: 'police-incident', event: new Set(), involvement: false, person: new Set() });
  });

  it('are those alone whose every field is given', () => {
    expect([...gives('police-incident', ['officer_minutes', 'grade']).event]).toEqual(['event_id', 'feed', 'agency', 'kind', 'grade', 'minutes']);
    expect(gives('police-incident', ['closing_code']).event).not.toContain('category');
    expect([...gives('police-incident', ['closing_code', 'opening_code']).event]).toEqual(['event_id', 'feed', 'agency', 'kind', 'category', 'opening_code', 'closing_code', 'harm_days']);
    expect([...gives('police-incident', ['closing_code', 'opening_code', 'qualifiers']).event]).toEqual(expect.arrayContaining(['demand_type', 'flags']));
  });

  it('tell where an event was only with every field that does not identify', () => {
    const plain = everyPlain('police-incident');
    expect(gives('police-incident', plain.filter((name) => name !== 'grade')).event).not.toContain('area_code');
    expect(gives('police-incident', plain).event).toEqual(new Set(extractTables.event));
  });

  it('tell of people what the fields of their mentions give', () => {
    expect(gives('police-involvement', ['sex', 'role'])).toEqual({ feed: 'police-involvement', event: new Set(), involvement: false, person: new Set(['sex']) });
    expect(gives('police-involvement', ['incident_ref', 'role'])).toMatchObject({ involvement: true, person: new Set() });
    expect(gives('police-involvement', everyPlain('police-involvement'))).toMatchObject({ involvement: true, person: new Set(['birth_year', 'sex', 'ethnicity', 'area_code', 'household_id']) });
  });

  it('never include a name, an address, an agency\'s own number or free text', () => {
    const all = Object.values(extractTables).flat();
    expect(all.filter((name) => /surname|forename|address|postcode|phone|email|uprn|local_id|nhs|upn|detail|summary|birth_date/.test(name))).toEqual([]);
  });
});
