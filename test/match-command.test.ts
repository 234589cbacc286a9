// Searching for a person from the command line, over a snapshot of the sample partnership.

import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openPeopleSearch } from '../src/build/index.ts';
import { findCurrentManifest, openDuck, snapshotFolder, type Home } from '../src/store/index.ts';
import { runCommand, runCommandHere } from './support/run-command.ts';
import { builtHome, newFolder } from './support/sample-home.ts';

interface Row {
  source_id: string;
  person_key: string;
  forename: string;
  surname: string;
  birth_date: string;
}

let home: Home;
let somebody: Row;

beforeAll(async () => {
  home = await builtHome();
  const zone = join(snapshotFolder(home, findCurrentManifest(home)!.id), 'identified');
  const duck = await openDuck();
  try {
    somebody = await duck.one<Row>(`SELECT source_id, person_key, forename, surname, birth_date FROM '${join(zone, 'source_record.parquet')}' JOIN '${join(zone, 'source_person.parquet')}' USING (source_id)
      WHERE forename IS NOT NULL AND surname IS NOT NULL AND length(surname) > 4 AND birth_date IS NOT NULL AND day(birth_date) > 1 ORDER BY source_id LIMIT 1`);
  } finally {
    duck.close();
  }
});

describe('headwater match', () => {
  it('finds somebody by names and date of birth, with reasons', async () => {
    const ran = await runCommand(['match', '--home', home.dir, '--forename', somebody.forename, '--surname', somebody.surname.toUpperCase(), '--born', somebody.birth_date]);
    expect(ran.code, ran.stderr).toBe(0);
    expect(ran.stdout).toContain(somebody.person_key);
    expect(ran.stdout).toMatch(/Same surname \(\+\d/);
  });

  it('gives the same as JSON', async () => {
    const ran = await runCommandHere(['match', '--home', home.dir, '--surname', somebody.surname, '--born', somebody.birth_date, '--limit', '3', '--json']);
    const found = JSON.parse(ran.stdout) as { personKey: string; probability: number; parts: unknown[] }[];
    expect(found.length).toBeLessThanOrEqual(3);
    expect(found.map((match) => match.personKey)).toContain(somebody.person_key);
  });

  it.each([
    [['--born', '17/04/1961'], 2, /not a date \(--born\)/],
    [[], 2, /Nothing is said of whom to look for/],
    [['--surname', 'Ash', '--limit', '0'], 2, /not a whole number from 1/],
  ])('refuses %j', async (words, code, line) => {
    const ran = await runCommandHere(['match', '--home', home.dir, ...words]);
    expect(ran).toMatchObject({ code, stdout: '' });
    expect(ran.stderr).toMatch(line);
  });

  it('says where there is no snapshot', async () => {
    const dir = join(newFolder('bare'), 'home');
    await runCommandHere(['init', dir]);
    const ran = await runCommandHere(['match', '--home', dir, '--surname', 'Ash']);
    expect(ran.code).toBe(4);
    expect(ran.stderr).toMatch(/There is no snapshot yet/);
  });

  it('opens an index that is there, with every record', async () => {
    const index = await openPeopleSearch(home);
    try {
      expect(index.records).toBe(findCurrentManifest(home)!.tables.identified.source_record!.rows);
    } finally {
      index.close();
    }
  });
});
