// Searching for a person from the command line, over a snapshot of the sample partnership.

import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../src/core/index.ts';
import { openPeopleSearch } from '../src/build/index.ts';
import { findCurrentManifest, listAuditEvents, openCasework, openDuck, snapshotFolder, type Home } from '../src/store/index.ts';
import { runCommand, runCommandHere } from './support/run-command.ts';
import { builtHome, newFolder } from './support/sample-home.ts';

interface Row {
  source_id: string;
  person_key: string;
  forename: string;
  surname: string;
  birth_date: string;
}

/** Who searches, and for what. */
const asking = ['--by', 'daniel.whitlock', '--purpose', 'early-help'];

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
    const ran = await runCommand(['match', '--home', home.dir, ...asking, '--forename', somebody.forename, '--surname', somebody.surname.toUpperCase(), '--born', somebody.birth_date]);
    expect(ran.code, ran.stderr).toBe(0);
    expect(ran.stdout).toContain(somebody.person_key);
    expect(ran.stdout).toMatch(/Same surname \(\+\d/);
  });

  it('gives the same as JSON', async () => {
    const ran = await runCommandHere(['match', '--home', home.dir, ...asking, '--surname', somebody.surname, '--born', somebody.birth_date, '--limit', '3', '--json']);
    const found = JSON.parse(ran.stdout) as { personKey: string; probability: number; parts: unknown[] }[];
    expect(found.length).toBeLessThanOrEqual(3);
    expect(found.map((match) => match.personKey)).toContain(somebody.person_key);
  });

  it('is in the audit with who asked, what for and whom it found, and not with what was typed', async () => {
    const ran = await runCommandHere(['match', '--home', home.dir, ...asking, '--surname', somebody.surname, '--born', somebody.birth_date, '--json']);
    const keys = (JSON.parse(ran.stdout) as { personKey: string }[]).map(({ personKey }) => personKey);
    const casework = await openCasework({ folder: home.store, clock: systemClock });
    try {
      const events = await listAuditEvents(casework.db, { actorId: 'daniel.whitlock', limit: 10 });
      const last = events.find(({ subjectIds }) => subjectIds?.join() === [...new Set(keys)].join())!;
      expect(last).toMatchObject({ action: 'person.search', outcome: 'done', subjectKind: 'person', purpose: 'early-help' });
      expect(keys).toContain(somebody.person_key);
      expect(JSON.stringify(events)).not.toContain(somebody.surname);
    } finally {
      await casework.close();
    }
  });

  it('shows nobody to who does not say who asks', async () => {
    const ran = await runCommandHere(['match', '--home', home.dir, '--surname', somebody.surname]);
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toMatch(/--by/);
  });

  it.each([
    [['--born', '17/04/1961'], 2, /not a date \(--born\)/],
    [[], 2, /Nothing is said of whom to look for/],
    [['--surname', 'Ash', '--limit', '0'], 2, /not a whole number from 1/],
    [['--surname', 'Ash', '--by', ' '], 2, /1 to 200 characters \(--by\)/],
    [['--surname', 'Ash', '--purpose', 'evaluation'], 2, /"evaluation" is no purpose about named people \(--purpose\).*early-help/],
  ])('refuses %j', async (words, code, line) => {
    const ran = await runCommandHere(['match', '--home', home.dir, ...asking, ...words]);
    expect(ran).toMatchObject({ code, stdout: '' });
    expect(ran.stderr).toMatch(line);
  });

  it('says where there is no snapshot', async () => {
    const dir = join(newFolder('bare'), 'home');
    await runCommandHere(['init', dir]);
    const ran = await runCommandHere(['match', '--home', dir, ...asking, '--surname', 'Ash']);
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
