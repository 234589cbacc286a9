import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtHome } from '../../test/support/sample-home.ts';
import { findCurrentManifest, openHomeDuck, readParquetSql, snapshotFolder, type Home } from '../store/index.ts';
import { openLinkedPeople, type LinkedPeople } from './index.ts';

let home: Home;
let linked: LinkedPeople;

beforeAll(async () => {
  home = await builtHome();
  linked = openLinkedPeople(home);
}, 180_000);
afterAll(() => linked?.close());

const ask = async <T>(sql: (table: (name: string) => string) => string): Promise<T[]> => {
  const duck = await openHomeDuck(home);
  try {
    return await duck.rows<T>(sql((name) => readParquetSql(`${snapshotFolder(home, findCurrentManifest(home)!.id)}/identified/${name}.parquet`)));
  } finally {
    duck.close();
  }
};

describe('whom agencies know around a person', () => {
  it('is whoever was in the same events, by every name that any of their rows gives', async () => {
    const [shared] = await ask<{ one: string; other: string }>((table) => `SELECT m.person_key AS one, o.person_key AS other FROM ${table('mention')} m JOIN ${table('mention')} o USING (event_id) WHERE m.person_key < o.person_key AND o.surname IS NOT NULL ORDER BY 1, 2 LIMIT 1`);
    const { own, others } = await linked.around(shared!.one);
    const names = await ask<{ person_key: string; surname: string }>((table) => `SELECT DISTINCT person_key, surname FROM ${table('mention')} WHERE person_key IN ('${shared!.one}', '${shared!.other}') AND surname IS NOT NULL ORDER BY ALL`);
    const found = others.find(({ personKey }) => personKey === shared!.other)!;
    expect(found.values.surname!.toSorted()).toEqual(names.filter(({ person_key }) => person_key === shared!.other).map(({ surname }) => surname));
    expect(own.surname ?? []).toEqual(names.filter(({ person_key }) => person_key === shared!.one).map(({ surname }) => surname));
    expect(others.map(({ personKey }) => personKey)).not.toContain(shared!.one);
  });

  it('is whoever lives at the same address or is of the same family', async () => {
    const [home1] = await ask<{ one: string; other: string }>((table) => `SELECT h.person_key AS one, o.person_key AS other FROM ${table('household')} h JOIN ${table('household')} o USING (household_key) WHERE h.person_key < o.person_key ORDER BY 1, 2 LIMIT 1`);
    expect((await linked.around(home1!.one)).others.map(({ personKey }) => personKey)).toContain(home1!.other);
    const [family] = await ask<{ one: string; other: string }>((table) => `SELECT m.person_key AS one, o.person_key AS other FROM ${table('mention')} m JOIN ${table('mention')} o USING (agency, household_ref) WHERE m.person_key < o.person_key ORDER BY 1, 2 LIMIT 1`);
    expect((await linked.around(family!.one)).others.map(({ personKey }) => personKey)).toContain(family!.other);
  });

  it('is whoever is asked for too, and the person’s own date of birth is told', async () => {
    const [apart] = await ask<{ one: string; other: string; born: string }>((table) => `SELECT min(person_key) AS one, max(person_key) AS other, CAST(arg_min(birth_date, person_key) AS VARCHAR) AS born FROM ${table('mention')} WHERE surname IS NOT NULL AND birth_date IS NOT NULL`);
    const { own, others } = await linked.around(apart!.one, [apart!.other]);
    expect(others.find(({ personKey }) => personKey === apart!.other)!.values.surname!.length).toBeGreaterThan(0);
    expect(own.birth_date).toContain(apart!.born);
    expect((await linked.around(apart!.one)).others.map(({ personKey }) => personKey)).not.toContain(apart!.other);
  });

  it('is nobody for somebody of whom nothing is held', async () => {
    expect(await linked.around('P0000000000000000')).toEqual({ own: {}, others: [], shared: new Map() });
  });

  it('knows short forms of a first name too', async () => {
    const [pair] = await ask<{ one: string }>((table) => `SELECT m.person_key AS one FROM ${table('mention')} m JOIN ${table('mention')} o USING (event_id) WHERE m.person_key <> o.person_key AND lower(o.forename) = 'william' ORDER BY 1 LIMIT 1`);
    const { others } = await linked.around(pair!.one);
    expect(others.flatMap(({ values }) => values.forename ?? []).map((name) => name.toLowerCase())).toContain('bill');
  });

  it('is told of each row that is about others too, also where no record of theirs is linked', async () => {
    const [shared] = await ask<{ one: string; event_id: string }>((table) => `SELECT min(person_key) AS one, event_id FROM ${table('mention')} WHERE event_id LIKE 'police-incident:%' GROUP BY event_id HAVING count(DISTINCT coalesce(person_key, mention_id)) > 1 AND min(person_key) IS NOT NULL ORDER BY event_id LIMIT 1`);
    const [row] = await ask<{ load_id: string; line: number }>((table) => `SELECT load_id, line FROM ${table('event')} WHERE event_id = '${shared!.event_id}'`);
    const [own] = await ask<{ load_id: string; line: number }>((table) => `SELECT load_id, line FROM ${table('mention')} WHERE event_id = '${shared!.event_id}' AND person_key = '${shared!.one}' LIMIT 1`);
    const { shared: rows } = await linked.around(shared!.one);
    expect(rows.get(`${row!.load_id} ${row!.line}`)).toBe('too');
    expect(rows.get(`${own!.load_id} ${own!.line}`)).toBeUndefined();
  });
});
