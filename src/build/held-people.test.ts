import { DuckDBConnection } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { builtHome } from '../../test/support/sample-home.ts';
import { rowLineage } from '../ingest/index.ts';
import { openHomeDuck, readParquetSql, findCurrentManifest, snapshotFolder, type Home } from '../store/index.ts';
import { openHeldPeople, type HeldPeople } from './index.ts';

let home: Home;
let people: HeldPeople;
let identified: (table: string) => string;

beforeAll(async () => {
  home = await builtHome();
  people = openHeldPeople(home);
  identified = (table) => readParquetSql(`${snapshotFolder(home, findCurrentManifest(home)!.id)}/identified/${table}.parquet`);
}, 180_000);
afterAll(() => people?.close());

/** What the engine is sent meanwhile, without its values. */
async function sentBy(work: () => Promise<unknown>): Promise<string[]> {
  const sent: string[] = [];
  const { run } = DuckDBConnection.prototype;
  const spy = vi.spyOn(DuckDBConnection.prototype, 'run').mockImplementation(function note(this: DuckDBConnection, ...given) {
    sent.push(given[0]);
    return run.apply(this, given);
  });
  try {
    await work();
  } finally {
    spy.mockRestore();
  }
  return sent;
}

const ask = async <T>(sql: string): Promise<T[]> => {
  const duck = await openHomeDuck(home);
  try {
    return await duck.rows<T>(sql);
  } finally {
    duck.close();
  }
};

describe('what agencies hold about a person', () => {
  it('is looked for by the same statements whether somebody has the key or nobody', async () => {
    const [somebody, nobody] = [(await people.knownTo('early-help-episode', 1))[0]!, 'P00000000000000ff'];
    // Which keys mean whom is read once.
    await people.find(nobody);
    for (const look of [(key: string) => people.find(key), (key: string) => people.now([key]), (key: string) => people.keysOf([key])]) expect(await sentBy(() => look(somebody))).toEqual(await sentBy(() => look(nobody)));
    expect(await sentBy(() => people.find(nobody))).toHaveLength(1);
  });

  it('is every row that mentions them and every event that they were in, as the file had it', async () => {
    const [personKey] = await people.knownTo('early-help-episode', 1);
    const rows = await people.rows([personKey!]);
    const mentions = await ask<{ mention_id: string; feed: string; event_id: string | null; line: number; load_id: string }>(`SELECT mention_id, feed, event_id, line, load_id FROM ${identified('mention')} WHERE person_key = '${personKey}'`);
    expect(new Set(rows.map(({ feed }) => feed)).size).toBeGreaterThan(2);
    for (const { mention_id, load_id, line } of mentions) {
      const state = (await rowLineage(home, mention_id)).at(-1)!;
      expect(state).toMatchObject({ load: load_id, line });
      expect(rows.find((row) => row.load === load_id && row.line === line)).toMatchObject({ personKey, file: state.file, loadedAt: state.loadedAt });
    }
    const incidents = mentions.filter(({ feed, event_id }) => feed === 'police-involvement' && event_id !== null).map(({ event_id }) => event_id!.split(':')[1]!);
    const held = rows.filter(({ feed }) => feed === 'police-incident').map(({ values }) => values.incident_ref);
    expect(held.toSorted()).toEqual([...new Set(incidents)].filter((ref) => held.includes(ref)).toSorted());
    expect(await people.rows([personKey!], ['early-help-episode'])).toEqual(rows.filter(({ feed }) => feed === 'early-help-episode'));
    expect(rows).toHaveLength(new Set(rows.map(({ load, line }) => `${load} ${line}`)).size);
  });

  it('gives each value by the column of its feed, dates and lists as text, and nothing where nothing was sent', async () => {
    const [personKey] = await people.knownTo('early-help-episode', 1);
    const row = (await people.rows([personKey!])).find(({ feed }) => feed === 'early-help-episode')!;
    expect(row.values.requested_on).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect(row.values.needs).toMatch(/^[a-z-]+(; [a-z-]+)*$/);
    expect(Object.keys(row.values)).toContain('closure_reason');
    expect(Object.values(row.values)).not.toContain('');
  });

  it('knows every state of a row by a key that no load changes, the newest as the record has it', async () => {
    const [personKey] = await people.knownTo('early-help-episode', 1);
    const row = (await people.rows([personKey!])).find(({ feed }) => feed === 'early-help-episode')!;
    const lineage = await rowLineage(home, `early-help-episode:${row.rowKey}`);
    const states = await people.states(row.feed, row.rowKey);
    expect(states.map(({ load, line }) => [load, line])).toEqual(lineage.map(({ load, line }) => [load, line]));
    expect(states.at(-1)).toMatchObject({ load: row.load, line: row.line, values: row.values });
    expect(await people.states(row.feed, "no such row' OR 1=1 --")).toEqual([]);
    expect(await people.states('no-such-feed', row.rowKey)).toEqual([]);
  });

  it('names everybody else whom a row is about', async () => {
    const [shared] = await ask<{ event_id: string; keys: string[] }>(`SELECT event_id, list_sort(list(DISTINCT person_key)) AS keys FROM ${identified('mention')} WHERE event_id LIKE 'police-incident:%' AND person_key IS NOT NULL GROUP BY event_id HAVING count(DISTINCT person_key) > 1 ORDER BY event_id LIMIT 1`);
    const [one, ...rest] = shared!.keys;
    const row = (await people.rows([one!])).find(({ values, feed }) => feed === 'police-incident' && `police-incident:${values.incident_ref}` === shared!.event_id)!;
    expect(row.others.toSorted()).toEqual(rest);
    const own = (await people.rows([one!])).find(({ values, feed }) => feed === 'police-involvement' && `police-incident:${values.incident_ref}` === shared!.event_id)!;
    expect(own.others).toEqual([]);
  });
});

describe('looking for people', () => {
  it('finds them by name and date of birth, and by an agency’s number', async () => {
    const [record] = await ask<{ forename: string; surname: string; born: string; local_id: string; person_key: string }>(
      `SELECT forename, surname, birth_date::VARCHAR AS born, local_id, person_key FROM ${identified('source_record')} r JOIN ${identified('source_person')} p USING (source_id) WHERE forename IS NOT NULL AND surname IS NOT NULL AND birth_date IS NOT NULL AND agency = 'police' ORDER BY source_id LIMIT 1`,
    );
    const { forename, surname, born, local_id: number, person_key: personKey } = record!;
    expect(await people.candidates({ forename, surname, birthDate: born })).toContain(personKey);
    expect(await people.candidates({ number: ` ${number.toLowerCase()} ` })).toEqual([personKey]);
    expect(await people.candidates({ number: "' OR 1=1 --" })).toEqual([]);
  }, 60_000);

  it('knows a key that is in use, and no other', async () => {
    const [personKey] = await people.knownTo('early-help-episode', 1);
    expect(await people.find(personKey!)).toMatchObject({ personKey, meaning: [personKey] });
    expect(await people.find('P0000000000000000')).toBeUndefined();
    expect(await people.find("P' OR 1=1 --")).toBeUndefined();
    expect(await people.rows(['P0000000000000000'])).toEqual([]);
    expect(await people.now([personKey!, 'P0000000000000000'])).toEqual([personKey]);
    expect(await people.now([])).toEqual([]);
  });
});
