import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestLake, type LakeRow, type TestLake } from '../../test/support/lake-builder.ts';

const incident = (row: LakeRow): LakeRow => ({ feed: 'police-incident', agency: 'police', kind: 'incident', category: 'burglary', demand_type: 'crime', flags: [], month: '2024-01-01', ...row });
const january = 2024 * 12;

describe('the cubes of repeat demand on a tiny table', () => {
  let lake: TestLake;
  beforeAll(async () => {
    lake = await openTestLake({
      person: [
        { person_id: 'ann', area_code: 'E2', household_id: 'h1' },
        { person_id: 'bob', area_code: 'E2', household_id: 'h1' },
        { person_id: 'cat', area_code: 'E1', household_id: null },
      ],
      place: [{ place_id: 'home', kind: 'address', area_code: 'E1' }, { place_id: 'shop', kind: 'premises', area_code: 'E1' }, { place_id: 'street', kind: 'street-point', area_code: 'E1' }, { place_id: 'e2', kind: 'area', area_code: 'E2' }],
      event: [
        incident({ event_id: 'e1', place_id: 'home' }),
        incident({ event_id: 'e2', place_id: 'home', month: '2024-03-01' }),
        incident({ event_id: 'e3', place_id: 'street' }),
        incident({ event_id: 'e4', place_id: null }),
        incident({ event_id: 'a1', feed: 'ambulance-call', agency: 'ambulance', kind: 'ambulance-call', category: 'ambulance-fall', place_id: 'shop' }),
      ],
      involvement: [
        { event_id: 'e1', person_id: 'ann', role: 'victim', agency: 'police' },
        { event_id: 'e1', person_id: 'ann', role: 'caller', agency: 'police' },
        { event_id: 'e1', person_id: 'bob', role: 'suspect', agency: 'police' },
        { event_id: 'e2', person_id: 'ann', role: 'victim', agency: 'police' },
        { event_id: 'e3', person_id: 'cat', role: 'witness', agency: 'police' },
      ],
    });
  });
  afterAll(() => lake.close());

  it('number units in the order of their areas', async () => {
    expect(await lake.rows('SELECT unit, unit_key, area_id FROM repeat_person_unit ORDER BY unit')).toEqual([
      { unit: 1, unit_key: 'cat', area_id: 1 },
      { unit: 2, unit_key: 'ann', area_id: 2 },
      { unit: 3, unit_key: 'bob', area_id: 2 },
    ]);
  });

  it('count a person once in an event, whatever parts they had', async () => {
    expect(await lake.rows('SELECT unit, month_id, events FROM repeat_person ORDER BY unit, month_id')).toEqual([
      { unit: 1, month_id: january, events: 1 },
      { unit: 2, month_id: january, events: 1 },
      { unit: 2, month_id: january + 2, events: 1 },
      { unit: 3, month_id: january, events: 1 },
    ]);
  });

  it('count a household once in an event, whoever of it was there', async () => {
    expect(await lake.rows('SELECT unit, month_id, events FROM repeat_household ORDER BY month_id')).toEqual([
      { unit: 1, month_id: january, events: 1 },
      { unit: 1, month_id: january + 2, events: 1 },
    ]);
  });

  it('take homes, premises and schools as addresses, and no street point', async () => {
    expect(await lake.rows('SELECT u.unit_key, sum(a.events)::INTEGER AS events FROM repeat_address a JOIN repeat_address_unit u USING (unit) GROUP BY u.unit_key ORDER BY u.unit_key')).toEqual([
      { unit_key: 'home', events: 2 },
      { unit_key: 'shop', events: 1 },
    ]);
  });

  it('count each unit by feed and month, and by feed', async () => {
    expect(await lake.rows('SELECT unit, month_id, events FROM repeat_person_month ORDER BY unit, month_id')).toEqual(await lake.rows('SELECT unit, month_id, events FROM repeat_person ORDER BY unit, month_id'));
    expect(await lake.rows('SELECT unit, area_id, events FROM repeat_person_feed ORDER BY unit')).toEqual([
      { unit: 1, area_id: 1, events: 1 },
      { unit: 2, area_id: 2, events: 2 },
      { unit: 3, area_id: 2, events: 1 },
    ]);
  });

  it('say how many events have a known unit', async () => {
    expect(await lake.rows(`SELECT unit_kind, feed, sum(r.events)::INTEGER AS events FROM repeat_reach r JOIN demand_series USING (series_id) GROUP BY ALL ORDER BY ALL`)).toEqual([
      { unit_kind: 'address', feed: 'ambulance-call', events: 1 },
      { unit_kind: 'address', feed: 'police-incident', events: 2 },
      { unit_kind: 'household', feed: 'police-incident', events: 2 },
      { unit_kind: 'person', feed: 'police-incident', events: 3 },
    ]);
  });
});
