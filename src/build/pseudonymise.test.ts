import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDuck, type Duck } from '../store/index.ts';
import { locatePlaces } from './locate.ts';
import { householdSql, linkedSql, personSql, postcodeAreaSql } from './people.sql.ts';
import { commonOutcomeSql, openPlaceSql, personPseudonymSql, pseudonymousEventSql, pseudonymousInvolvementSql, pseudonymousPersonSql, pseudonymousPlaceSql, pseudonymSql, setKeySql, squareCentreSql } from './pseudonymise.sql.ts';

const key = 'a'.repeat(64);
let duck: Duck;

beforeAll(async () => {
  duck = await openDuck();
  await duck.run(`
    CREATE TABLE place (place_id VARCHAR, kind VARCHAR, name VARCHAR, address VARCHAR, postcode VARCHAR, longitude DOUBLE, latitude DOUBLE, area_code VARCHAR);
    INSERT INTO place VALUES
      ('home', 'address', 'The Old Mill', '1 Mill Road', 'FM1 2AB', 0.12345, 52.61234, 'E01990001'),
      ('pub', 'premises', 'The Crown', '2 High Street', 'FM1 2AB', 0.12, 52.61, 'E01990001'),
      ('nowhere', 'address', NULL, NULL, NULL, NULL, NULL, NULL);
    CREATE TABLE source_record (source_id VARCHAR, agency VARCHAR, local_id VARCHAR, forename VARCHAR, middle_names VARCHAR, surname VARCHAR, birth_date DATE,
      sex VARCHAR, ethnicity VARCHAR, address VARCHAR, postcode VARCHAR, nhs_number VARCHAR, upn VARCHAR, phone VARCHAR, email VARCHAR);
    INSERT INTO source_record VALUES
      ('police:1', 'police', '1', 'Bill', NULL, 'Ash', '1980-02-01', 'M', 'White', '1 Mill Road', 'FM1 2AB', NULL, NULL, NULL, NULL),
      ('police:2', 'police', '2', 'William', NULL, 'Ash', '1980-02-01', 'M', 'White', '1 MILL ROAD', 'FM1 2AB', NULL, NULL, NULL, NULL),
      ('housing:9', 'housing', '9', 'William', NULL, 'Ash', NULL, 'M', NULL, '1 Mill Road', 'FM1 2AB', NULL, NULL, NULL, NULL),
      ('housing:8', 'housing', '8', 'Ada', NULL, 'Ash', '1982-05-03', 'F', NULL, '1, Mill Road', 'FM12AB', NULL, NULL, NULL, NULL);
    CREATE TABLE source_person (source_id VARCHAR, person_key VARCHAR);
    INSERT INTO source_person VALUES ('police:1', 'P1'), ('police:2', 'P1'), ('housing:9', 'P1'), ('housing:8', 'P2');
    CREATE TABLE mention (mention_id VARCHAR, feed VARCHAR, agency VARCHAR, local_id VARCHAR, event_id VARCHAR, role VARCHAR);
    INSERT INTO mention VALUES ('m1', 'f', 'police', '1', 'e1', 'suspect'), ('m2', 'f', 'police', '2', 'e1', 'suspect'), ('m3', 'f', 'police', NULL, 'e1', 'witness');
    CREATE TABLE event (event_id VARCHAR, feed VARCHAR, agency VARCHAR, kind VARCHAR, category VARCHAR, flags VARCHAR[], started_at TIMESTAMP, reported_at TIMESTAMP, time_precision VARCHAR,
      opening_code VARCHAR, closing_code VARCHAR, place_id VARCHAR, grade VARCHAR, minutes DOUBLE, outcome VARCHAR, detail VARCHAR);
    INSERT INTO event VALUES
      ('e1', 'police-incident', 'police', 'incident', 'robbery', ['weapon'], '2026-03-01 23:15', '2026-03-02 00:05', 'minute', 'robbery', 'robbery', 'home', '1', 60, NULL, 'William Ash said'),
      ('e2', 'police-uk-street', 'police', 'crime', 'burglary', [], '2026-04-01 00:00', NULL, 'month', NULL, NULL, 'nowhere', NULL, NULL, NULL, NULL);
    CREATE TABLE classification (category VARCHAR, demand VARCHAR, harm_days DOUBLE);
    INSERT INTO classification VALUES ('robbery', 'crime', 365), ('burglary', 'crime', 236.6);`);
  await duck.run(`
    INSERT INTO event SELECT 'x' || i, 'custody-episode', 'police', 'custody', 'custody', [], '2026-05-01', NULL, 'day', NULL, NULL, NULL, NULL, NULL,
      CASE WHEN i < 10 THEN 'Charged' ELSE 'Told Mr Ash to go home' END, NULL FROM range(12) t(i)`);
  await duck.run(commonOutcomeSql);
  await duck.run(linkedSql);
  await locatePlaces(duck);
  await duck.run(postcodeAreaSql);
  await duck.run(personSql());
  await duck.run(householdSql);
  await duck.run(setKeySql, { key });
  for (const sql of [personPseudonymSql(), openPlaceSql()]) await duck.run(sql);
});
afterAll(() => duck.close());

const hex = /^[0-9a-f]{16}$/;

describe('people', () => {
  it('take the value that most of their records give', async () => {
    const [person] = await duck.rows<Record<string, unknown>>(`SELECT * FROM person WHERE person_key = 'P1'`);
    expect(person).toMatchObject({ forename: 'William', birth_date: '1980-02-01', records: 3, agencies: 2, area_code: 'E01990001' });
  });

  it('share a household when their addresses are the same, however they are written', async () => {
    const rows = await duck.rows<{ household_key: string }>('SELECT household_key FROM household');
    expect(rows).toHaveLength(2);
    expect(new Set(rows.map((row) => row.household_key)).size).toBe(1);
  });
});

describe('the pseudonymised zone', () => {
  it('gives the same pseudonym for the same key and kind, and another for another', async () => {
    const ask = async (expression: string, kind: string, secret: string) => {
      await duck.run(setKeySql, { key: secret });
      const answer = await duck.one<{ p: string | null }>(`SELECT ${pseudonymSql(expression, kind)} AS p`);
      await duck.run(setKeySql, { key });
      return answer;
    };
    const { p } = await ask(`'P1'`, 'person', key);
    expect(p).toMatch(hex);
    expect((await ask(`'P1'`, 'person', key)).p).toBe(p);
    expect((await ask(`'P1'`, 'household', key)).p).not.toBe(p);
    expect((await ask(`'P1'`, 'person', 'b'.repeat(64))).p).not.toBe(p);
    expect((await ask('NULL', 'person', key)).p).toBeNull();
  });

  it('holds a birth year, and nothing else that names a person', async () => {
    const rows = await duck.rows<Record<string, unknown>>(pseudonymousPersonSql());
    expect(Object.keys(rows[0]!)).toEqual(['person_id', 'birth_year', 'sex', 'ethnicity', 'area_code', 'household_id']);
    expect(rows.map((row) => row.birth_year).toSorted()).toEqual([1980, 1982]);
    expect(JSON.stringify(rows)).not.toMatch(/Ash|William|P1|Mill/);
  });

  it('holds each person once in an event, though two of their records name it', async () => {
    const rows = await duck.rows<Record<string, string>>(pseudonymousInvolvementSql());
    expect(rows).toHaveLength(1);
    expect(rows[0]!.person_id).toMatch(hex);
  });

  it('moves the point of an address to the centre of its 100 m square and leaves premises where they are', async () => {
    const rows = await duck.rows<{ kind: string; name: string | null; longitude: number | null; latitude: number | null; cell: string | null }>(pseudonymousPlaceSql());
    const pub = rows.find((row) => row.kind === 'premises')!;
    const home = rows.find((row) => row.kind === 'address' && row.longitude !== null)!;
    expect(pub).toMatchObject({ name: 'The Crown', longitude: 0.12, latitude: 52.61 });
    expect(home.name).toBeNull();
    expect(home.latitude).not.toBe(52.61234);
    expect(Math.abs(home.latitude! - 52.61234) * 111_320).toBeLessThanOrEqual(51);
    expect(Math.abs(home.longitude! - 0.12345) * 111_320 * Math.cos((52.61 * Math.PI) / 180)).toBeLessThanOrEqual(51);
    expect(home.cell).toMatch(/^89/);
    expect(rows.filter((row) => row.cell === null)).toHaveLength(1);
  });

  it('puts two points of one square in one place', async () => {
    const square = squareCentreSql('x', 'y');
    const [row] = await duck.rows<{ n: number }>(
      `SELECT count(DISTINCT (${square.longitude}, ${square.latitude})) AS n FROM (SELECT 0.1001 AS x, 52.6001 AS y UNION ALL SELECT 0.10012, 52.60012)`,
    );
    expect(row!.n).toBe(1);
  });

  it('gives events their demand, harm, month, weekday and hour, and no free text', async () => {
    const rows = await duck.rows<Record<string, unknown>>(pseudonymousEventSql('c.demand'));
    expect(JSON.stringify(rows, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))).not.toContain('William');
    const robbery = rows.find((row) => row.category === 'robbery')!;
    expect(robbery).toMatchObject({ month: '2026-03-01', weekday: 7, hour: 23, demand_type: 'crime', harm_days: 365, area_code: 'E01990001', flags: ['weapon'] });
    const burglary = rows.find((row) => row.category === 'burglary')!;
    expect(new Set(rows.map((row) => row.outcome))).toEqual(new Set([null, 'Charged']));
    expect(burglary).toMatchObject({ month: '2026-04-01', weekday: null, hour: null, area_code: null, longitude: null });
  });
});
