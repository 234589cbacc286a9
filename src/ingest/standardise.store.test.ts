// Each feed's rows as standard records, on small files whose records are known by hand.

import { describe, expect, it } from 'vitest';
import { clock, fileIn, load, packIn, standardRecords, tally, temporaryHome, visitPack } from '../../test/support/ingest-home.ts';
import { openDuck, type Duck, type Home } from '../store/index.ts';
import { getFeed, ingestFiles, listFeeds, standardise, templateFile } from './index.ts';

/** A file of a feed from rows that give some columns; the others are empty. */
function rowsFile(home: Home, feed: string, rows: Record<string, string>[], name = `${feed}.csv`): string {
  const names = getFeed(home.packs, feed).columns.map((column) => column.name);
  for (const row of rows) for (const key of Object.keys(row)) expect(names).toContain(key);
  const cell = (text = '') => (/[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return fileIn(home, name, [names.map(cell).join(','), ...rows.map((row) => names.map((column) => cell(row[column])).join(','))].join('\n'));
}

async function recordsOf(feeds: Record<string, Record<string, string>[]>, work: (duck: Duck, home: Home) => Promise<void>): Promise<void> {
  const home = temporaryHome();
  for (const [feed, rows] of Object.entries(feeds)) {
    const counts = await load(home, feed, rowsFile(home, feed, rows));
    expect(counts, feed).toMatchObject({ accepted: rows.length, quarantined: 0 });
  }
  const duck = await standardRecords(home);
  try {
    await work(duck, home);
  } finally {
    duck.close();
  }
}

const incident = { reported_at: '2025-05-01 22:10', opening_code: 'concern-for-safety', longitude: '-0.41', latitude: '51.88' };

describe('standard records', () => {
  it('of a police incident: opening code of its first state, closing code of its last, flags from the qualifiers', async () => {
    const home = temporaryHome();
    await load(home, 'police-incident', rowsFile(home, 'police-incident', [{ ...incident, incident_ref: 'I1', officer_minutes: '30', grade: '2' }, { ...incident, incident_ref: 'I2' }], 'first.csv'));
    await load(
      home,
      'police-incident',
      rowsFile(home, 'police-incident', [{ ...incident, incident_ref: 'I1', opening_code: 'domestic-incident', closing_code: 'violence-with-injury', qualifiers: 'knife; alcohol;child', officer_minutes: '95', started_at: '2025-05-01 21:55', time_precision: 'hour', summary: 'text' }], 'second.csv'),
    );
    const duck = await standardRecords(home);
    expect(await duck.rows('SELECT event_id, kind, category, opening_code, closing_code, flags, started_at, reported_at, time_precision, minutes, grade, detail, agency FROM event ORDER BY event_id')).toEqual([
      { event_id: 'police-incident:I1', kind: 'incident', category: 'violence-with-injury', opening_code: 'concern-for-safety', closing_code: 'violence-with-injury', flags: ['alcohol', 'child', 'knife', 'weapon'], started_at: '2025-05-01T21:55:00', reported_at: '2025-05-01T22:10:00', time_precision: 'hour', minutes: 95, grade: null, detail: 'text', agency: 'police' },
      { event_id: 'police-incident:I2', kind: 'incident', category: 'concern-for-safety', opening_code: 'concern-for-safety', closing_code: null, flags: [], started_at: '2025-05-01T22:10:00', reported_at: '2025-05-01T22:10:00', time_precision: 'minute', minutes: null, grade: null, detail: null, agency: 'police' },
    ]);
    duck.close();
  });

  it('of a person in an incident: the mention names the incident, unknown sex is empty, ethnicity is one of five groups', async () => {
    await recordsOf(
      {
        'police-incident': [{ ...incident, incident_ref: 'I1' }],
        'police-involvement': [
          { incident_ref: 'I1', nominal_ref: 'N1', role: 'victim', forename: 'Ada', surname: 'Byron', date_of_birth: '10/12/1985', sex: 'F', ethnicity: 'w1', postcode: 'lu11aa', recorded_on: '2025-05-01' },
          { incident_ref: 'I1', nominal_ref: 'N2', role: 'suspect', sex: 'U', ethnicity: 'Asian/Asian British - Indian', age: '31' },
          { incident_ref: 'I1', nominal_ref: 'N3', role: 'witness', ethnicity: 'not stated' },
        ],
      },
      async (duck) => {
        expect(await duck.rows('SELECT mention_id, local_id, event_id, role, forename, birth_date, age, sex, ethnicity, postcode, observed_on FROM mention ORDER BY mention_id')).toEqual([
          { mention_id: 'police-involvement:I1/N1/victim', local_id: 'N1', event_id: 'police-incident:I1', role: 'victim', forename: 'Ada', birth_date: '1985-12-10', age: null, sex: 'F', ethnicity: 'White', postcode: 'LU1 1AA', observed_on: '2025-05-01' },
          { mention_id: 'police-involvement:I1/N2/suspect', local_id: 'N2', event_id: 'police-incident:I1', role: 'suspect', forename: null, birth_date: null, age: 31, sex: null, ethnicity: 'Asian', postcode: null, observed_on: null },
          { mention_id: 'police-involvement:I1/N3/witness', local_id: 'N3', event_id: 'police-incident:I1', role: 'witness', forename: null, birth_date: null, age: null, sex: null, ethnicity: null, postcode: null, observed_on: null },
        ]);
      },
    );
  });

  it('of an assault in an emergency department: its place is the licensed premises of exactly that name, or unknown', async () => {
    const assault = { 'REPORTING PERIOD START DATE': '2025-05-01', 'REPORTING PERIOD END DATE': '2025-05-31', 'SITE CODE (OF TREATMENT)': 'RC9', 'ASSAULT METHOD': 'sharp object', 'ASSAULT LOCATION TYPE': 'licensed premises' };
    await recordsOf(
      {
        'licensed-premises': [
          { premises_ref: 'P1', name: 'The Red Lion', address: '1 High Street, Fenmarch', longitude: '-0.42', latitude: '51.87' },
          { premises_ref: 'P2', name: 'The Crown', address: '2 Low Road' },
          { premises_ref: 'P3', name: 'Crown', address: '9 Far Lane' },
        ],
        'istv-assault': [
          { ...assault, 'ASSAULT DATE AND TIME': '2025-05-03 01:15', 'ASSAULT LOCATION DESCRIPTION': 'RED LION' },
          { ...assault, 'ASSAULT DATE AND TIME': '2025-05-04', 'ASSAULT LOCATION DESCRIPTION': 'Red Lion, 1 High Street, Fenmarch' },
          { ...assault, 'ASSAULT DATE AND TIME': '2025-05-05 02:00', 'ASSAULT LOCATION DESCRIPTION': 'the crown' },
          { ...assault, 'ASSAULT DATE AND TIME': '2025-05-06 02:00', 'ASSAULT LOCATION DESCRIPTION': 'Crown, 9 Far Lane' },
          { ...assault, 'ASSAULT DATE AND TIME': '2025-05-07 02:00', 'ASSAULT LOCATION DESCRIPTION': 'Red Lions' },
        ],
      },
      async (duck) => {
        expect(await duck.rows('SELECT started_at, time_precision, place_id, kind, category, flags FROM event ORDER BY started_at')).toMatchObject([
          { place_id: 'premises:P1', time_precision: 'minute', kind: 'ed-assault', category: 'ed-assault', flags: ['knife', 'licensed-premises', 'weapon'] },
          { place_id: 'premises:P1', time_precision: 'day' },
          { place_id: null },
          { place_id: 'premises:P3' },
          { place_id: null },
        ]);
      },
    );
  });

  it('of an assault in an emergency department: its place is a school by name, or a street all of whose published points lie in one area', async () => {
    const assault = { 'REPORTING PERIOD START DATE': '2025-05-01', 'REPORTING PERIOD END DATE': '2025-05-31', 'SITE CODE (OF TREATMENT)': 'RC9', 'ASSAULT METHOD': 'push', 'ASSAULT LOCATION TYPE': 'street or public place' };
    const crime = { Month: '2025-04', 'Reported by': 'Test', 'Crime type': 'Robbery' };
    const at = (day: number, description: string) => ({ ...assault, 'ASSAULT DATE AND TIME': `2025-05-0${day} 01:15`, 'ASSAULT LOCATION DESCRIPTION': description });
    await recordsOf(
      {
        school: [{ urn: '100001', establishment_name: 'Osier Bank School', longitude: '-0.42', latitude: '51.87' }],
        'police-uk-street': [
          { ...crime, 'Crime ID': 'a'.repeat(64), Location: 'On or near Mill Lane', Longitude: '-0.410000', Latitude: '51.880000', 'LSOA code': 'E01015693' },
          { ...crime, 'Crime ID': 'b'.repeat(64), Location: 'On or near Mill Lane', Longitude: '-0.411000', Latitude: '51.881000', 'LSOA code': 'E01015693' },
          { ...crime, 'Crime ID': 'c'.repeat(64), Location: 'On or near High Street', Longitude: '-0.412000', Latitude: '51.882000', 'LSOA code': 'E01015693' },
          { ...crime, 'Crime ID': 'd'.repeat(64), Location: 'On or near High Street', Longitude: '-0.500000', Latitude: '51.900000', 'LSOA code': 'E01015694' },
          { ...crime, 'Crime ID': 'e'.repeat(64), Location: 'On or near Nightclub', Longitude: '-0.413000', Latitude: '51.883000', 'LSOA code': 'E01015693' },
        ],
        'istv-assault': [at(1, 'OSIER BANK SCHOOL'), at(2, 'mill lane, Fenmarch'), at(3, 'High Street, Fenmarch'), at(4, 'Nightclub'), at(5, '')],
      },
      async (duck) => {
        expect((await duck.rows<{ place_id: string | null }>("SELECT place_id FROM event WHERE feed = 'istv-assault' ORDER BY started_at")).map((row) => row.place_id)).toEqual(['school:100001', 'point:-0.410000,51.880000', null, null, null]);
      },
    );
  });

  it('of one address: the property number stands for it wherever another agency leaves the number out', async () => {
    await recordsOf(
      {
        tenancy: [{ tenancy_ref: 'T1', tenant_ref: 'H1', started_on: '2024-01-01', uprn: '100', address: '1 Mill Lane, Fenmarch', postcode: 'LU1 1AA', forename: 'Ada', longitude: '-0.42', latitude: '51.87' }],
        'police-incident': [{ ...incident, incident_ref: 'I1', location: '1 MILL LANE FENMARCH', postcode: 'lu1 1aa' }, { ...incident, incident_ref: 'I2', longitude: '-0.55', latitude: '51.9' }],
      },
      async (duck) => {
        expect(await duck.rows('SELECT event_id, place_id FROM event ORDER BY event_id')).toEqual([
          { event_id: 'police-incident:I1', place_id: 'uprn:100' },
          { event_id: 'police-incident:I2', place_id: 'point:-0.550000,51.900000' },
        ]);
        expect(await duck.rows('SELECT place_id, kind, address, postcode FROM place ORDER BY place_id')).toEqual([
          // A private feed's point may be somebody's home: it is no published street point.
          { place_id: 'point:-0.550000,51.900000', kind: 'point', address: null, postcode: null },
          { place_id: 'uprn:100', kind: 'address', address: '1 MILL LANE FENMARCH', postcode: 'LU1 1AA' },
        ]);
        expect(await duck.rows('SELECT from_id, to_id, kind, valid_from, valid_to FROM relation')).toEqual([{ from_id: 'tenancy:T1/H1', to_id: 'uprn:100', kind: 'lives-at', valid_from: '2024-01-01', valid_to: null }]);
      },
    );
  });

  it('of published crimes and their outcomes: one street point, the outcome linked to its crime, months kept as months', async () => {
    const point = { Longitude: '-0.416', Latitude: '51.878', Location: 'On or near Park Street', 'LSOA code': 'E01015693', 'Reported by': 'Test', Month: '2024-03' };
    await recordsOf(
      {
        'police-uk-street': [
          { ...point, 'Crime ID': 'abc', 'Crime type': 'Burglary', 'Last outcome category': 'Under investigation' },
          { ...point, 'Crime type': 'Anti-social behaviour' },
          { Month: '2024-03', 'Reported by': 'Test', Location: 'No location', 'Crime ID': 'def', 'Crime type': 'Robbery' },
        ],
        'police-uk-outcomes': [{ ...point, 'Crime ID': 'abc', Month: '2024-04', 'Outcome type': 'Suspect charged' }],
      },
      async (duck) => {
        expect(await duck.rows(`SELECT feed, kind, category, started_at, time_precision, place_id, outcome FROM event ORDER BY kind, category`)).toEqual([
          { feed: 'police-uk-street', kind: 'crime', category: 'burglary', started_at: '2024-03-01', time_precision: 'month', place_id: 'point:-0.416000,51.878000', outcome: 'Under investigation' },
          { feed: 'police-uk-street', kind: 'crime', category: 'robbery', started_at: '2024-03-01', time_precision: 'month', place_id: null, outcome: null },
          { feed: 'police-uk-street', kind: 'incident', category: 'anti-social-behaviour', started_at: '2024-03-01', time_precision: 'month', place_id: 'point:-0.416000,51.878000', outcome: null },
          { feed: 'police-uk-outcomes', kind: 'outcome', category: null, started_at: '2024-04-01', time_precision: 'month', place_id: 'point:-0.416000,51.878000', outcome: 'Suspect charged' },
        ]);
        expect(await duck.rows('SELECT kind, name, area_code FROM place')).toEqual([{ kind: 'street-point', name: 'On or near Park Street', area_code: 'E01015693' }]);
        expect(await duck.rows('SELECT to_id, kind FROM relation')).toEqual([{ to_id: 'police-uk-street:abc', kind: 'outcome-of' }]);
      },
    );
  });

  it('say where they are from by numbers, which read and sort as the texts do', async () => {
    await recordsOf({ 'police-incident': [{ ...incident, incident_ref: 'I1' }], 'asb-complaint': [{ complaint_ref: 'C1', received_at: '2025-04-01 10:00', kind: 'noise' }] }, async (duck) => {
      expect(await duck.one("SELECT bool_and(typeof(feed) LIKE 'ENUM%' AND typeof(agency) LIKE 'ENUM%' AND typeof(load_id) LIKE 'ENUM%') AS numbers FROM event")).toEqual({ numbers: true });
      const rows = await duck.rows<{ feed: string; load_id: string }>('SELECT feed, agency, load_id FROM event ORDER BY load_id');
      expect(rows).toMatchObject([{ feed: 'asb-complaint' }, { feed: 'police-incident', agency: 'police' }]);
      expect(rows.map((row) => row.load_id.split('/')[0])).toEqual(rows.map((row) => row.feed));
    });
  });

  it('of schools, pupils, families and treatment', async () => {
    const upn = 'A000123412345';
    const { upnCheckLetter } = await import('../core/index.ts');
    const pupil = `${upnCheckLetter(upn.slice(1))}${upn.slice(1)}`;
    await recordsOf(
      {
        school: [{ urn: '100001', establishment_name: 'Fen Primary', longitude: '-0.42', latitude: '51.87', lsoa_code: 'E01015693' }],
        'school-roll': [{ academic_year: '2024-25', urn: '100001', upn: pupil, forename: 'Ada', surname: 'Byron', date_of_birth: '2015-01-02', joined_on: '2024-09-01' }],
        'school-absence': [{ upn: pupil, urn: '100001', first_date: '2025-01-10', last_date: '2025-01-11', sessions: '3', code: 'O' }],
        'school-suspension': [{ upn: pupil, urn: '100001', kind: 'permanent', started_on: '2025-02-01', reason: 'Violence' }],
        'early-help-episode': [{ episode_ref: 'E1', child_ref: 'C1', family_ref: 'F1', requested_on: '2025-03-01', needs: 'domestic-abuse;mental-health' }],
        'social-care-contact': [{ contact_ref: 'S1', child_ref: 'C2', received_on: '2025-03-02', outcome: 'advice', factors: 'gangs' }],
        'treatment-episode': [{ episode_ref: 'D1', client_ref: 'P1', referred_on: '2025-03-03', substance: 'opiates' }],
        'custody-episode': [{ custody_ref: 'K1', nominal_ref: 'N1', arrived_at: '2025-03-04 10:00', needs: 'domestic-abuse-victim', disposal: 'Charged' }],
        'ambulance-call': [{ call_ref: 'A1', called_at: '2025-03-05 10:00', chief_complaint: 'mental-health', crew_minutes: '61', conveyed: 'no' }],
        'asb-complaint': [{ complaint_ref: 'B1', received_at: '2025-03-06 10:00', kind: 'noise', lsoa: 'E01015693' }],
      },
      async (duck) => {
        const events = await duck.rows<{ feed: string }>('SELECT feed, kind, category, flags, minutes, outcome, place_id, time_precision FROM event ORDER BY feed');
        expect(events).toMatchObject([
          { feed: 'ambulance-call', kind: 'ambulance-call', category: 'ambulance-mental-health', flags: ['mental-health'], minutes: 61, outcome: 'not conveyed' },
          { feed: 'asb-complaint', kind: 'asb-complaint', category: 'complaint-noise', place_id: 'area:E01015693' },
          { feed: 'custody-episode', kind: 'custody', category: 'custody', flags: ['domestic'], outcome: 'Charged' },
          { feed: 'early-help-episode', kind: 'early-help', category: 'early-help', flags: ['child', 'domestic', 'mental-health'], time_precision: 'day' },
          { feed: 'school-absence', kind: 'absence', category: 'absence-unauthorised', place_id: 'school:100001' },
          { feed: 'school-suspension', kind: 'suspension', category: 'permanent-exclusion', outcome: 'permanent' },
          { feed: 'social-care-contact', kind: 'social-care', category: 'social-care-contact', flags: ['child', 'gangs'], outcome: 'advice' },
          { feed: 'treatment-episode', kind: 'treatment', category: 'treatment-opiates', flags: ['drugs'] },
        ]);
        expect(await duck.rows(`SELECT DISTINCT local_id, upn, agency FROM mention WHERE agency = 'education'`)).toEqual([{ local_id: pupil, upn: pupil, agency: 'education' }]);
        expect(await duck.rows('SELECT kind, to_id FROM relation ORDER BY kind')).toEqual([{ kind: 'attends', to_id: 'school:100001' }, { kind: 'member-of', to_id: 'family:F1' }]);
        // A call without anything that identifies a person mentions nobody.
        expect(await duck.rows(`SELECT * FROM mention WHERE feed = 'ambulance-call'`)).toEqual([]);
        expect(await duck.rows(`SELECT kind, name FROM place ORDER BY kind`)).toEqual([{ kind: 'area', name: null }, { kind: 'school', name: 'Fen Primary' }]);
      },
    );
  });

  it('can be made of every feed’s empty template, and of nothing at all', async () => {
    const home = temporaryHome();
    const duck = await openDuck();
    expect(await standardise(home, duck)).toMatchObject({ events: 0, mentions: 0, places: 0, relations: 0, areas: 0 });
    for (const contract of listFeeds(home.packs)) {
      const file = fileIn(home, `${contract.feed}.${contract.format}`, templateFile(contract));
      expect(tally(await ingestFiles(home, contract.feed, [file], { clock })), contract.feed).toEqual([0, 0, 0, 0]);
    }
    expect(await standardise(home, duck)).toMatchObject({ events: 0, mentions: 0, places: 0, relations: 0, areas: 0 });
    expect((await duck.rows('SELECT * FROM feed_quality')).length).toBe(listFeeds(home.packs).length);
    duck.close();
  });
});

const square = (code: string, west: number) => ({
  type: 'Feature',
  properties: { LSOA21CD: code, LSOA21NM: `Area ${code}` },
  geometry: { type: 'Polygon', coordinates: [[[west, 51], [west + 1, 51], [west + 1, 52], [west, 52], [west, 51]]] },
});

describe('small areas', () => {
  it('of 2011 are brought to 2021: unchanged, merged, and split by the boundary or the nearest centre; others are kept and counted', async () => {
    const home = temporaryHome();
    packIn(home, 'feeds/visit', visitPack.replace('  - { name: latitude, type: latitude }', '  - { name: latitude, type: latitude }\n  - { name: lsoa, type: lsoa }').replace('longitude: longitude, latitude: latitude }', 'longitude: longitude, latitude: latitude, area_code: lsoa }'));
    await load(home, 'boundary', fileIn(home, 'b.geojson', JSON.stringify({ type: 'FeatureCollection', features: [square('E01000011', -3), square('E01000012', -2), square('E01000013', -1)] })));
    const lookup = ['E01000001,U,E01000013', 'E01000002,S,E01000011', 'E01000002,S,E01000012', 'E01000003,M,E01000013'].map((row) => row.split(','));
    await load(home, 'area-lookup', rowsFile(home, 'area-lookup', lookup.map(([lsoa11_code, change_code, lsoa21_code]) => ({ lsoa11_code: lsoa11_code!, change_code: change_code!, lsoa21_code: lsoa21_code! }))));
    const points = [
      ['-0.5,51.5', 'E01000013', 'E01000013'],
      ['-0.4,51.5', 'E01000001', 'E01000013'],
      ['-0.3,51.5', 'E01000003', 'E01000013'],
      ['-2.5,51.5', 'E01000002', 'E01000011'],
      ['-1.5,51.5', 'E01000002', 'E01000012'],
      ['-3.5,51.5', 'E01000002', 'E01000011'],
      ['-1.4,51.4', '', 'E01000012'],
      ['-5.5,50.5', '', null],
      ['-5.4,50.5', 'E01099999', 'E01099999'],
    ] as const;
    const rows = points.map(([point, code], i) => `R${i},2025-04-01,,,${point},${code}`);
    expect(tally(await load(home, 'visit', fileIn(home, 'v.csv', `ref,day,kind,note,longitude,latitude,lsoa\n${rows.join('\n')}\n`)))).toEqual([9, 9, 0, 0]);
    const duck = await openDuck();
    const { areaCodes } = await standardise(home, duck);
    expect(areaCodes).toEqual({ current: 1, renamed: 2, byBoundary: 3, byCentre: 1, unknown: 1, none: 1 });
    expect((await duck.rows<{ area_code: string | null }>('SELECT area_code FROM event JOIN place USING (place_id) ORDER BY event_id')).map((row) => row.area_code)).toEqual(points.map(([, , code]) => code));
    duck.close();
  });

  it('carry the profile’s figures, numbers as numbers, and the boundary’s outline and centre', async () => {
    const home = temporaryHome();
    await load(home, 'boundary', fileIn(home, 'b.geojson', JSON.stringify({ type: 'FeatureCollection', features: [square('E01000011', -3)] })));
    const names = getFeed(home.packs, 'area-profile').columns.filter((column) => !column.optional).map((column) => column.name);
    const values = names.map((name) => (name === 'lsoa21_code' ? 'E01000011' : name === 'lsoa21_name' ? 'Fen 001A' : name.startsWith('pop_') ? '100' : name === 'IMD_decile' ? '2' : '33.5'));
    expect(tally(await load(home, 'area-profile', fileIn(home, 'p.csv', `${names.join(',')},own_figure,own_word,sound\n${values.join(',')},0.25,fen,54.5\n`)))).toEqual([1, 1, 0, 0]);
    const duck = await standardRecords(home);
    expect(await duck.one('SELECT * EXCLUDE (geometry) FROM area')).toMatchObject({ area_code: 'E01000011', area_name: 'Fen 001A', population: 600, deprivation_decile: 2, deprivation_score: 33.5, longitude: -2.5, latitude: 51.5, own_figure: 0.25, own_word: 'fen', sound: 54.5, pop_Aged_15_years_and_under: 100 });
    expect(JSON.parse((await duck.one<{ geometry: string }>('SELECT geometry FROM area')).geometry)).toMatchObject({ type: 'Polygon' });
    duck.close();
  });
});

describe('how good the data are', () => {
  it('per feed, column and reason', async () => {
    const home = temporaryHome();
    packIn(home, 'feeds/visit', visitPack);
    await load(home, 'visit', fileIn(home, 'v.csv', 'ref,day,kind,note,longitude,latitude\nR1,2025-04-01,home,,,\nR2,2025-04-09,,,-0.4,51.9\nR3,bad,,,,\nR2,2025-04-09,,,-0.4,51.9\n'));
    const duck = await standardRecords(home);
    expect(await duck.rows('SELECT * FROM feed_quality')).toEqual([
      { feed: 'visit', agency: 'council', cadence: 'monthly', files: 1, rows: 4, accepted: 2, quarantined: 1, repeated: 1, superseded: 0, first_date: '2025-04-01', last_date: '2025-04-09', last_loaded_at: '2026-11-24T09:00:00' },
    ]);
    expect(await duck.rows('SELECT column_name, label, filled, rows FROM column_quality ORDER BY column_name')).toEqual([
      { column_name: 'day', label: 'Day', filled: 2, rows: 2 },
      { column_name: 'kind', label: 'Kind', filled: 1, rows: 2 },
      { column_name: 'latitude', label: 'Latitude', filled: 1, rows: 2 },
      { column_name: 'longitude', label: 'Longitude', filled: 1, rows: 2 },
      { column_name: 'note', label: 'Note', filled: 0, rows: 2 },
      { column_name: 'ref', label: 'Ref', filled: 2, rows: 2 },
    ]);
    expect(await duck.rows('SELECT * FROM quarantine_reason')).toEqual([{ feed: 'visit', column_name: 'day', reason: 'not a date (write 2025-04-30 or 30/04/2025)', rows: 1 }]);
    duck.close();
  });
});
