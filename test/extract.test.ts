// Extracts of a real build from the command line: what clauses give and nothing else, pseudonyms that no two purposes share, and the way back from a
// pseudonym to a person for whom an agreement gives it.

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../src/core/index.ts';
import { openProtection, readAgreementPacks, storeAgreements, type AgreementContent, type Clause } from '../src/govern/index.ts';
import { purposeKey, purposePseudonym } from '../src/build/purpose-pseudonym.ts';
import { findCurrentManifest, listAuditEvents, openCasework, openDuck, pseudonymKey, snapshotFolder, type Home } from '../src/store/index.ts';
import { agreementWith, figuresClause, namesClause, signAll } from './support/agreement-for-all.ts';
import { runCommandHere, type Ran } from './support/run-command.ts';
import { builtHome, newFolder } from './support/sample-home.ts';
import { quickStores, type Place } from './support/stores.ts';

interface Manifest {
  clauses: string[];
  snapshot: { id: string };
  recipient: { name: string; agency: string; role: string };
  tables: { name: string; rows: number; columns: string[]; files: { name: string; sha256: string }[] }[];
  fields: { feed: string; fields: string[] }[];
  sha256: string;
}

const dayFrom = (days: number) => new Date(systemClock.now() + days * 86_400_000).toISOString().slice(0, 10);
const dates: Partial<AgreementContent> = { startsOn: dayFrom(-60), reviewOn: dayFrom(180), endsOn: dayFrom(360) };
const analyst: Clause['to'] = [{ agency: 'violence-reduction-unit', roles: ['analyst'] }];
const coordinator: Clause['to'] = [{ agency: 'early-help', roles: ['hub-coordinator'] }];
/** A few fields of two feeds of the police. */
const narrowItems: Clause['items'] = [
  { feed: 'police-incident', fields: ['reported_at', 'opening_code', 'closing_code', 'grade'] },
  { feed: 'police-involvement', fields: ['incident_ref', 'role', 'sex'] },
];

const stores = quickStores();
let home: Home;
let place: Place;
let agreements: Record<'wide' | 'narrow' | 'named' | 'lapsed', string>;
const folder = newFolder('extract');
const out = (name: string) => join(folder, name);

const extract = (name: string, purpose: string, agreement: string, ...more: string[]): Promise<Ran> =>
  runCommandHere(['extract', '--purpose', purpose, '--agreement', agreement, '--recipient', 'Priya Nair', '--by', 'sample-governance-lead', '--out', out(name), '--home', home.dir, ...more], place);
const reidentify = (pseudonyms: string[], given: Partial<Record<'purpose' | 'agreement' | 'ground' | 'by' | 'as', string>> = {}): Promise<Ran> => {
  const all = { purpose: 'record-linkage', agreement: agreements.named, ground: 'A child in this row may be in danger tonight', by: 'maria', as: 'early-help/hub-coordinator', ...given };
  return runCommandHere(['reidentify', ...pseudonyms, ...Object.entries(all).flatMap(([name, value]) => [`--${name}`, value]), '--home', home.dir], place);
};
const manifestOf = (name: string) => JSON.parse(readFileSync(join(out(name), 'manifest.json'), 'utf8')) as Manifest;

async function rowsOf<T = Record<string, unknown>>(path: string, order = ''): Promise<T[]> {
  const duck = await openDuck({ threads: 1 });
  try {
    return await duck.rows<T>(`SELECT * FROM '${path}' ${order}`);
  } finally {
    duck.close();
  }
}
const tableOf = <T = Record<string, unknown>>(name: string, table: string) => rowsOf<T>(join(out(name), `${table}.parquet`));
const held = <T>(table: string) => rowsOf<T>(join(snapshotFolder(home, findCurrentManifest(home)!.id), 'identified', `${table}.parquet`));

async function withStore<T>(use: (casework: Awaited<ReturnType<typeof openCasework>>) => Promise<T>): Promise<T> {
  const casework = await openCasework({ ...place, clock: systemClock });
  try {
    return await use(casework);
  } finally {
    await casework.close();
  }
}

beforeAll(async () => {
  home = await builtHome();
  place = await stores.readyPlace();
  agreements = await withStore(async ({ db }) => {
    const register = await storeAgreements(db, systemClock, { packs: readAgreementPacks(undefined) });
    const sign = (clauses: Clause[]) => signAll(register, agreementWith(clauses, dates));
    const lead = { userId: 'sample-governance-lead', role: 'governance-lead', agency: 'council' } as const;
    const lapsed = await sign([figuresClause({ purpose: 'account-to-public', to: analyst })]);
    await register.end(lapsed, lead, 'The work is done');
    return {
      wide: await sign([figuresClause({ purpose: 'understand-demand', to: analyst }), figuresClause({ purpose: 'evaluation', to: [...analyst, ...coordinator] })]),
      narrow: await sign([figuresClause({ purpose: 'commissioning', from: ['police'], items: narrowItems, to: analyst })]),
      named: await sign([figuresClause({ purpose: 'record-linkage', to: coordinator }), namesClause({ to: coordinator })]),
      lapsed,
    };
  });
  expect(await extract('demand', 'understand-demand', agreements.wide)).toMatchObject({ code: 0 });
  expect(await extract('evaluation', 'evaluation', agreements.wide, '--to', 'violence-reduction-unit/analyst')).toMatchObject({ code: 0 });
  expect(await extract('narrow', 'commissioning', agreements.narrow)).toMatchObject({ code: 0 });
  expect(await extract('linkage', 'record-linkage', agreements.named)).toMatchObject({ code: 0 });
}, 240_000);

const ids = ['person_id', 'event_id', 'place_id', 'household_id'];
async function pseudonymsOf(name: string): Promise<Set<string>> {
  const found = new Set<string>();
  for (const { name: table } of manifestOf(name).tables) {
    for (const row of await tableOf(name, table)) for (const id of ids) if (typeof row[id] === 'string') found.add(row[id]);
  }
  return found;
}

describe('an extract', () => {
  it('holds people, who was involved in what, events and places, as the clauses give them', async () => {
    const { tables, clauses, recipient } = manifestOf('demand');
    expect(tables.map(({ name }) => name)).toEqual(['person', 'involvement', 'event', 'place']);
    expect(tables.every(({ rows }) => rows > 100)).toBe(true);
    expect(clauses).toEqual([`${agreements.wide}/1/1`]);
    expect(recipient).toEqual({ name: 'Priya Nair', agency: 'violence-reduction-unit', role: 'analyst' });
    const people = await tableOf<{ birth_year: number | null; household_id: string | null }>('demand', 'person');
    expect(people.filter(({ birth_year }) => birth_year !== null && birth_year > 1900).length).toBeGreaterThan(people.length / 2);
    expect(people.some(({ household_id }) => household_id !== null)).toBe(true);
    const events = new Set((await tableOf<{ event_id: string }>('demand', 'event')).map(({ event_id }) => event_id));
    const involved = await tableOf<{ event_id: string }>('demand', 'involvement');
    expect(involved.filter(({ event_id }) => events.has(event_id)).length).toBeGreaterThan(involved.length * 0.9);
  });

  it('says the same in CSV and in Parquet', async () => {
    for (const { name, rows } of manifestOf('demand').tables) {
      const csv = readFileSync(join(out('demand'), `${name}.csv`), 'utf8').trimEnd().split('\n');
      expect(csv.length - 1).toBe(rows);
      const first = (await tableOf('demand', name))[0]!;
      expect(csv[0]).toBe(Object.keys(first).join(','));
      expect(csv[1]!.split(',')[0]).toBe(Object.values(first)[0]);
    }
  });

  it('has only columns and rows that the clauses give', async () => {
    const { tables, fields } = manifestOf('narrow');
    expect(fields.map(({ feed }) => feed)).toEqual(['police-incident', 'police-involvement']);
    expect(Object.fromEntries(tables.map(({ name, columns }) => [name, columns]))).toEqual({
      person: ['person_id', 'sex'],
      involvement: ['event_id', 'person_id', 'role', 'agency'],
      event: ['event_id', 'feed', 'agency', 'kind', 'category', 'reported_at', 'opening_code', 'closing_code', 'grade', 'harm_days'],
    });
    expect(new Set((await tableOf<{ feed: string }>('narrow', 'event')).map(({ feed }) => feed))).toEqual(new Set(['police-incident']));
    expect(new Set((await tableOf<{ agency: string }>('narrow', 'involvement')).map(({ agency }) => agency))).toEqual(new Set(['police']));
    const mentions = await held<{ feed: string; person_key: string | null }>('mention');
    expect((await tableOf('narrow', 'person')).length).toBe(new Set(mentions.flatMap(({ feed, person_key }) => (feed === 'police-involvement' && person_key ? [person_key] : []))).size);
  });

  it('has no name, no address, no agency\'s number and no free text', async () => {
    const names = (await held<{ surname: string | null; address: string | null; local_id: string; nhs_number: string | null }>('mention')).slice(0, 3000);
    const cells = new Set<unknown>();
    for (const { name } of manifestOf('demand').tables) {
      // A street, a school and an ethnic group may bear a name that somebody has.
      for (const { ethnicity: _group, name: _place, ...row } of await tableOf('demand', name)) for (const value of Object.values(row)) cells.add(value);
    }
    expect(cells.size).toBeGreaterThan(5000);
    const told = names.flatMap(({ surname, address, local_id, nhs_number }) => [surname, address, local_id, nhs_number].flatMap((value) => (value && cells.has(value) ? [value] : [])));
    expect(told).toEqual([]);
  });

  it('shares no pseudonym with one for another purpose, nor with the zone that pages read', async () => {
    const [demand, evaluation] = [await pseudonymsOf('demand'), await pseudonymsOf('evaluation')];
    expect(demand.size).toBeGreaterThan(1000);
    expect(evaluation.size).toBe(demand.size);
    expect([...demand].filter((each) => evaluation.has(each))).toEqual([]);
    const zone = await rowsOf<{ person_id: string }>(join(snapshotFolder(home, findCurrentManifest(home)!.id), 'pseudonymised', 'person.parquet'));
    expect(zone.filter(({ person_id }) => demand.has(person_id) || [...demand].some((each) => each.startsWith(person_id))).slice(0, 1)).toEqual([]);
  }, 60_000);

  it('stands in the order of its pseudonyms, which is another for each purpose', async () => {
    const order = async (name: string) => (await tableOf<{ person_id: string; birth_year: number; sex: string; household_id: string }>(name, 'person'));
    const [demand, evaluation] = [await order('demand'), await order('evaluation')];
    for (const some of [demand, evaluation]) expect(some.map(({ person_id }) => person_id)).toEqual(some.map(({ person_id }) => person_id).toSorted());
    const told = (some: typeof demand) => some.map(({ birth_year, sex }) => `${birth_year} ${sex}`);
    expect(told(demand).toSorted()).toEqual(told(evaluation).toSorted());
    const inPlace = told(demand).filter((each, n) => each === told(evaluation)[n]).length;
    // As many as stand in one place by chance: the sum of the squares of the shares.
    const shares = [...Map.groupBy(told(demand), (each) => each).values()].map((same) => (same.length / demand.length) ** 2);
    const byChance = demand.length * shares.reduce((sum, each) => sum + each, 0);
    expect(inPlace).toBeLessThan(byChance + 6 * Math.sqrt(byChance) + 5);
  });

  it('is the same in every file when it is made again for the purpose', async () => {
    expect(await extract('again', 'understand-demand', agreements.wide)).toMatchObject({ code: 0 });
    expect(manifestOf('again').tables).toEqual(manifestOf('demand').tables);
  });

  it('has a manifest with the hash of each file, and the audit has the manifest', async () => {
    for (const { files } of manifestOf('demand').tables) for (const { name, sha256 } of files) expect(createHash('sha256').update(readFileSync(join(out('demand'), name))).digest('hex')).toBe(sha256);
    const hash = createHash('sha256').update(readFileSync(join(out('demand'), 'manifest.json'))).digest('hex');
    const [event] = await withStore(({ db }) => listAuditEvents(db, { subjectId: hash, limit: 5 }));
    expect(event).toMatchObject({ actorId: 'sample-governance-lead', action: 'extract.make', outcome: 'done', purpose: 'understand-demand', basis: `${agreements.wide}/1/1`, subjectKind: 'extract', subjectIds: [agreements.wide, hash] });
    if (process.platform !== 'win32') for (const name of readdirSync(out('demand'))) expect(statSync(join(out('demand'), name)).mode & 0o077).toBe(0);
  });

  it('tells its reader for whom it is, and that no small number is hidden', () => {
    const note = readFileSync(join(out('demand'), 'README.md'), 'utf8');
    expect(note).toContain('**For Priya Nair alone**');
    expect(note).toContain('No small number is hidden here');
    expect(note).toContain('content can still show that two rows are one event');
  });

  it('can be of a few columns alone', async () => {
    expect(await extract('few', 'understand-demand', agreements.wide, '--column', 'event.category', '--column', 'sex')).toMatchObject({ code: 0 });
    expect(manifestOf('few').tables.map(({ name, columns }) => [name, columns])).toEqual([['person', ['person_id', 'sex']], ['event', ['event_id', 'feed', 'agency', 'category']]]);
    expect((await tableOf<{ category: string | null }>('few', 'event')).some(({ category }) => category !== null)).toBe(true);
  });

  it.each(['event.cell', 'event.longitude', 'event.latitude'])('can be of %s alone, told of as many events as with all columns', async (asked) => {
    const [name, column] = [`alone-${asked}`, asked.split('.')[1]!];
    expect(await extract(name, 'understand-demand', agreements.wide, '--column', asked)).toMatchObject({ code: 0 });
    expect(manifestOf(name).tables.map((table) => [table.name, table.columns])).toEqual([['event', ['event_id', 'feed', 'agency', column]]]);
    const told = async (extracted: string) => (await tableOf(extracted, 'event')).map((row) => [row.event_id, row[column] ?? null]);
    expect(await told(name)).toEqual(await told('demand'));
    expect((await told(name)).filter(([, value]) => value !== null).length).toBeGreaterThan(100);
  });
});

describe('an extract is refused', () => {
  it.each([
    ['without a live agreement', () => extract('no', 'account-to-public', agreements.lapsed), 1, /The agreement has lapsed/],
    ['for a purpose that the agreement does not give', () => extract('no', 'evaluation', agreements.narrow), 1, /No live clause of this agreement/],
    ['for an agreement that does not exist', () => extract('no', 'evaluation', 'a-000000000000'), 1, /No live clause of this agreement[^]*Understand demand and harm together/],
    ['to somebody whom no clause names', () => extract('no', 'evaluation', agreements.wide, '--to', 'police/analyst'), 1, /No live clause/],
    ['where clauses name several recipients and none is told', () => extract('no', 'evaluation', agreements.wide), 2, /several recipients[^]*--to early-help\/hub-coordinator/],
    ['for a purpose that nobody knows', () => extract('no', 'curiosity', agreements.wide), 2, /no purpose called "curiosity"/],
    ['of a score of a person', () => extract('no', 'understand-demand', agreements.wide, '--column', 'ace_count'), 2, /"ace_count" means a count of adverse experiences/],
    ['of a column that is not given', () => extract('no', 'commissioning', agreements.narrow, '--column', 'person.birth_year'), 2, /"person.birth_year" is not among the columns/],
    ['into a folder that holds something', () => extract('demand', 'understand-demand', agreements.wide), 2, /something here already/],
  ])('%s', async (_case, run, code, words) => {
    const ran = await run();
    expect(ran.code).toBe(code);
    expect(ran.stderr).toMatch(words);
    expect(existsSync(out('no'))).toBe(false);
    expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('into the home itself', async () => {
    const ran = await runCommandHere(['extract', '--purpose', 'understand-demand', '--agreement', agreements.wide, '--recipient', 'P', '--by', 'g', '--out', join(home.dir, 'data', 'out'), '--home', home.dir], place);
    expect(ran).toMatchObject({ code: 2 });
    expect(ran.stderr).toContain('cannot lie inside the home');
  });

  it('and that is in the audit', async () => {
    const events = await withStore(({ db }) => listAuditEvents(db, { limit: 50 }));
    expect(events.filter(({ action, outcome }) => action === 'extract.make' && outcome === 'refused').map(({ basis }) => basis)).toEqual(expect.arrayContaining(['lapsed', 'no-agreement', 'not-recipient']));
  });
});

describe('re-identification', () => {
  /** A person of the extract for linkage in whose records a clause names somebody. */
  let known: { pseudonym: string; personKey: string };
  let other: { pseudonym: string; personKey: string };

  beforeAll(async () => {
    const key = purposeKey(pseudonymKey(home), 'record-linkage');
    const keys = new Map((await held<{ person_key: string }>('person')).map(({ person_key }) => [purposePseudonym(key, 'person', person_key), person_key]));
    const named = new Set((await held<{ feed: string; person_key: string | null }>('mention')).flatMap(({ feed, person_key }) => (feed === 'police-involvement' && person_key ? [person_key] : [])));
    const found = (await tableOf<{ person_id: string }>('linkage', 'person')).filter(({ person_id }) => named.has(keys.get(person_id) ?? ''));
    [known, other] = found.map(({ person_id }) => ({ pseudonym: person_id, personKey: keys.get(person_id)! })) as [typeof known, typeof other];
  });

  it('gives the person\'s key to whom a live clause gives their records, and is an act of its own in the audit', async () => {
    const ran = await reidentify([known.pseudonym, 'ab'.repeat(16)]);
    expect(ran).toMatchObject({ code: 0, stdout: `${known.pseudonym}  ${known.personKey}\n${'ab'.repeat(16)}  not given\n` });
    const events = (await withStore(({ db }) => listAuditEvents(db, { actorId: 'maria', limit: 2 }))).filter(({ action }) => action === 'pseudonym.reidentify');
    expect(events.find(({ outcome }) => outcome === 'done')).toMatchObject({ purpose: 'record-linkage', basis: `${agreements.named}/1/2`, subjectKind: 'person', subjectIds: [known.personKey], actorRole: 'hub-coordinator', actorAgency: 'early-help' });
    expect(events.find(({ outcome }) => outcome === 'refused')).toMatchObject({ basis: 'not-given', subjectKind: 'pseudonym', subjectIds: [expect.any(String), 'ab'.repeat(16)] });
    const rows = await withStore(({ db }) => db.selectFrom('reidentification').selectAll().execute());
    expect(rows).toMatchObject([{ user_id: 'maria', agreement_id: agreements.named, ground: 'A child in this row may be in danger tonight', asked: 2, person_keys: [known.personKey] }]);
  });

  it.each([
    ['that nobody has', () => reidentify(['cd'.repeat(16)])],
    ['asked for another purpose', () => reidentify([known.pseudonym], { purpose: 'understand-demand' })],
    ['of an extract for another purpose', async () => reidentify([(await tableOf<{ person_id: string }>('demand', 'person'))[0]!.person_id])],
    ['under an agreement that names nobody', () => reidentify([known.pseudonym], { agreement: agreements.wide })],
    ['by a role to whom no clause gives names', () => reidentify([known.pseudonym], { as: 'council/governance-lead' })],
  ])('gives the same answer for a pseudonym %s', async (_case, run) => {
    const ran = await run();
    expect(ran.code).toBe(4);
    expect(ran.stdout).toMatch(/^[0-9a-f]{32} {2}not given\n$/);
    expect(ran.stderr).toBe('headwater: Nothing is given. Nobody has this pseudonym for this purpose, or no live clause of this agreement gives you their records. Which of the two is not told; the asking is in the audit.\n');
  });

  it.each([
    ['without a ground that can be reviewed', { ground: 'because I ask' }, /five words or more/],
    ['without an agency that the partnership knows', { as: 'nowhere/analyst' }, /does not begin with an agency/],
    ['without a role', { as: 'police/detective' }, /does not end with a role/],
  ])('is wrong use %s', async (_case, given, words) => {
    const ran = await reidentify([known.pseudonym], given);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toMatch(words);
  });

  it('does not take what is no pseudonym, so that no name gets into the audit', async () => {
    expect(await reidentify(['Jane Doe'])).toMatchObject({ code: 2, stderr: expect.stringContaining('32 digits and letters') });
  });

  it('does not open a sealed record', async () => {
    expect(await reidentify([other.pseudonym])).toMatchObject({ code: 0 });
    await withStore(({ db }) => openProtection(db, systemClock).seal({ userId: 'lead', role: 'governance-lead', agency: 'council' }, { personKey: other.personKey, ground: 'domestic-abuse', whomToRing: 'Duty desk', keepers: ['somebody-else'] }));
    expect(await reidentify([other.pseudonym])).toMatchObject({ code: 4, stdout: `${other.pseudonym}  not given\n` });
  });

  it('ends with the agreement', async () => {
    expect(await reidentify([known.pseudonym])).toMatchObject({ code: 0 });
    await withStore(async ({ db }) => {
      const register = await storeAgreements(db, systemClock, { packs: readAgreementPacks(undefined) });
      await register.end(agreements.named, { userId: 'lead', role: 'governance-lead', agency: 'council' }, 'No longer needed');
    });
    expect(await reidentify([known.pseudonym])).toMatchObject({ code: 4 });
  });
});
