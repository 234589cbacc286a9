// Searching for a person from the command line, over a snapshot of the sample partnership.

import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../src/core/index.ts';
import { openPeopleSearch } from '../src/build/index.ts';
import { openProtection, readAgreementPacks, storeAgreements, type Clause } from '../src/govern/index.ts';
import { findCurrentManifest, listAuditEvents, openCasework, openDuck, openHome, snapshotFolder, type Casework, type Home, type RecordedAuditEvent } from '../src/store/index.ts';
import { agreementWith, namesClause, signAll } from './support/agreement-for-all.ts';
import { runCommandHere } from './support/run-command.ts';
import { builtHome, giveStore, newFolder } from './support/sample-home.ts';
import { quickStores, type Place } from './support/stores.ts';

interface Row {
  source_id: string;
  person_key: string;
  forename: string;
  surname: string;
  birth_date: string;
}

/** Who searches, as what and for what. */
const asking = ['--by', 'daniel.whitlock', '--as', 'early-help/hub-coordinator', '--purpose', 'record-linkage'];
const reader: Clause['to'] = [{ agency: 'early-help', roles: ['hub-coordinator'] }];
const lead = { userId: 'lead', role: 'governance-lead', agency: 'council' } as const;

const stores = quickStores();
let home: Home;
let place: Place;
let somebody: Row;
let agreement: string;

async function withStore<T>(use: (casework: Casework) => Promise<T>): Promise<T> {
  const casework = await openCasework({ ...place, clock: systemClock });
  try {
    return await use(casework);
  } finally {
    await casework.close();
  }
}

interface Found {
  personKey: string;
  agency: string;
  sourceId: string | null;
  probability: number;
  parts: { name: string; levelLabel?: string }[];
}

interface Answer {
  found: Found[];
  sealed: { whomToRing: string }[];
}

/** Everything that is known of somebody. */
const described = ({ forename, surname, birth_date }: Row) => ['--forename', forename, '--surname', surname, '--born', birth_date];

async function match(words: string[], as = asking): Promise<Answer> {
  const ran = await runCommandHere(['match', '--home', home.dir, ...as, ...words, '--json'], place);
  expect(ran.code, ran.stderr).toBe(0);
  return JSON.parse(ran.stdout) as Answer;
}

/** Signs an agreement with these clauses. */
const sign = (clauses: Clause[]): Promise<string> => withStore(async ({ db }) => signAll(await storeAgreements(db, systemClock, { packs: readAgreementPacks(undefined) }), agreementWith(clauses)));
const lastSearch = (): Promise<RecordedAuditEvent> => withStore(async ({ db }) => (await listAuditEvents(db, { limit: 20 })).find(({ action }) => action === 'person.search')!);

beforeAll(async () => {
  home = await builtHome();
  const zone = join(snapshotFolder(home, findCurrentManifest(home)!.id), 'identified');
  const duck = await openDuck();
  try {
    somebody = await duck.one<Row>(`SELECT source_id, person_key, forename, surname, birth_date FROM '${join(zone, 'source_record.parquet')}' JOIN '${join(zone, 'source_person.parquet')}' USING (source_id)
      WHERE agency = 'police' AND forename IS NOT NULL AND surname IS NOT NULL AND length(surname) > 4 AND birth_date IS NOT NULL AND day(birth_date) > 1 ORDER BY source_id LIMIT 1`);
  } finally {
    duck.close();
  }
  place = await stores.readyPlace();
  agreement = await sign([namesClause({ to: reader })]);
});

describe('headwater match', () => {
  it('finds somebody by names and date of birth, with reasons', async () => {
    const ran = await runCommandHere(['match', '--home', home.dir, ...asking, '--forename', somebody.forename, '--surname', somebody.surname.toUpperCase(), '--born', somebody.birth_date], place);
    expect(ran.code, ran.stderr).toBe(0);
    expect(ran.stdout).toContain(somebody.person_key);
    expect(ran.stdout).toMatch(/Same surname \(\+\d/);
  });

  it('gives the same as JSON', async () => {
    const { found, sealed } = await match([...described(somebody), '--limit', '3']);
    expect(found.length).toBeLessThanOrEqual(3);
    expect(found).toContainEqual(expect.objectContaining({ personKey: somebody.person_key, agency: 'police', sourceId: somebody.source_id }));
    expect(sealed).toEqual([]);
  });

  it('is in the audit with who asked, as what, what for, the clause and whom it found, and not with what was typed', async () => {
    const { found } = await match(described(somebody));
    const keys = [...new Set(found.map(({ personKey }) => personKey))];
    const last = await lastSearch();
    expect(last).toMatchObject({ actorId: 'daniel.whitlock', actorAgency: 'early-help', actorRole: 'hub-coordinator', outcome: 'done', subjectKind: 'person', purpose: 'record-linkage', basis: `${agreement}/1/1` });
    expect(last.subjectIds!.toSorted()).toEqual(keys.toSorted());
    expect(keys).toContain(somebody.person_key);
    expect(JSON.stringify(last)).not.toContain(somebody.surname);
  });

  it.each([
    ['a role to whom no clause gives names', ['--by', 'eve', '--as', 'council/analyst', '--purpose', 'record-linkage']],
    ['a purpose for which none does', ['--by', 'eve', '--as', 'early-help/hub-coordinator', '--purpose', 'prevent-crime']],
  ])('tells nothing to %s, and the audit says so', async (_case, as) => {
    const ran = await runCommandHere(['match', '--home', home.dir, ...as, ...described(somebody)], place);
    expect(ran).toMatchObject({ code: 1, stdout: '' });
    expect(ran.stderr).toMatch(/^headwater: No live agreement gives [a-z/-]+ records of named people for "/);
    expect(await lastSearch()).toMatchObject({ actorId: 'eve', outcome: 'refused', basis: 'no-agreement', subjectIds: [] });
  });

  it('neither finds nor weighs by what the agreement leaves out, and gives no number that it leaves out', async () => {
    // Police records without dates of birth and numbers, for another purpose.
    const items: Clause['items'] = [{ feed: 'police-involvement', fields: ['forename', 'surname'] }, { feed: 'custody-episode', fields: ['forename', 'surname'] }];
    const narrow = await sign([namesClause({ purpose: 'early-help', from: ['police'], items, to: reader })]);
    const as = ['--by', 'daniel.whitlock', '--as', 'early-help/hub-coordinator', '--purpose', 'early-help'];
    const right = await match(described(somebody), as);
    const other = await match([...described(somebody).slice(0, 4), '--born', '1911-11-11'], as);
    const none = await match(described(somebody).slice(0, 4), as);
    expect(right.found.map(({ personKey }) => personKey)).toContain(somebody.person_key);
    for (const { agency, sourceId, parts } of right.found) {
      expect([agency, sourceId]).toEqual(['police', null]);
      expect(parts.filter(({ name, levelLabel }) => levelLabel !== undefined && !/name/.test(name))).toEqual([]);
    }
    // A date that is right, one that is wrong and none weigh the same.
    expect(other).toEqual(none);
    expect(right).toEqual(none);
    expect(await match(['--born', somebody.birth_date], as)).toEqual({ found: [], sealed: [] });
    expect(await lastSearch()).toMatchObject({ outcome: 'done', subjectIds: [] });
    await match(described(somebody), as);
    expect(await lastSearch()).toMatchObject({ basis: `${narrow}/1/1` });
  });

  it('tells of a sealed record whom to ring, and that only to who knows much of the person; a keeper finds it', async () => {
    expect(await withStore(({ db }) => openProtection(db, systemClock).seal(lead, { personKey: somebody.person_key, ground: 'domestic-abuse', whomToRing: 'the duty desk.', keepers: ['keeper'] }))).toMatchObject({ ok: true });
    const { found, sealed } = await match(described(somebody));
    expect(found.map(({ personKey }) => personKey)).not.toContain(somebody.person_key);
    expect(sealed).toEqual([{ whomToRing: 'the duty desk.' }]);
    expect((await lastSearch()).subjectIds).toContain(somebody.person_key);
    expect(await match(['--surname', somebody.surname])).toMatchObject({ sealed: [] });
    const ran = await runCommandHere(['match', '--home', home.dir, ...asking, ...described(somebody)], place);
    expect(ran.stdout).toContain('Somebody like that has a sealed record. Ring the duty desk.\n');
    expect(ran.stdout).not.toContain(somebody.person_key);
    expect((await match(described(somebody), ['--by', 'keeper', ...asking.slice(2)])).found.map(({ personKey }) => personKey)).toContain(somebody.person_key);
  });

  it('shows nobody to who does not say who asks', async () => {
    const ran = await runCommandHere(['match', '--home', home.dir, '--surname', somebody.surname], place);
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toMatch(/--by/);
  });

  it.each([
    [['--born', '17/04/1961'], 2, /not a date \(--born\)/],
    [[], 2, /Nothing is said of whom to look for/],
    [['--surname', 'Ash', '--limit', '0'], 2, /not a whole number from 1/],
    [['--surname', 'Ash', '--as', 'police/detective'], 2, /does not end with a role/],
    [['--surname', 'Ash', '--by', ' '], 2, /1 to 200 characters \(--by\)/],
    [['--surname', 'Ash', '--purpose', 'evaluation'], 2, /"evaluation" is no purpose about named people \(--purpose\).*early-help/],
  ])('refuses %j', async (words, code, line) => {
    const ran = await runCommandHere(['match', '--home', home.dir, ...asking, ...words], place);
    expect(ran).toMatchObject({ code, stdout: '' });
    expect(ran.stderr).toMatch(line);
  });

  it('says where there is no snapshot', async () => {
    const dir = join(newFolder('bare'), 'home');
    await runCommandHere(['init', dir]);
    await giveStore(openHome(dir));
    const ran = await runCommandHere(['match', '--home', dir, ...asking, '--surname', 'Ash']);
    expect(ran.code).toBe(4);
    expect(ran.stderr).toMatch(/There is no snapshot yet/);
  });

  it('ends with the agreement', async () => {
    await withStore(async ({ db }) => (await storeAgreements(db, systemClock, { packs: readAgreementPacks(undefined) })).end(agreement, lead, 'No longer needed'));
    expect(await runCommandHere(['match', '--home', home.dir, ...asking, ...described(somebody)], place)).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('No live agreement') });
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
