// The command line as a user meets it: each command once for its real work, once with a wrong input; exit codes; quiet pipes.
// Each command runs at least once as a process of its own; other calls run in this process.

import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { canMount, runCommand, runCommandHere, runMounted } from './support/run-command.ts';
import { systemClock } from '../src/core/index.ts';
import { listAuditEvents, listWaitingRows, openCasework, openHome, takeLock, waitingFolder } from '../src/store/index.ts';
import { giveStore, newFolder } from './support/sample-home.ts';

let dir: string;
let home: string;

/** Who looks, and for what. */
const asking = ['--by', 'grace', '--purpose', 'information-governance'];

const headings = 'Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,Last outcome category,Context';
const row = (n: number, type = 'Burglary') => `${n.toString(16).padStart(64, '0')},2026-0${1 + (n % 6)},Fenmarch Police,Fenmarch Police,0.1${n % 10},52.6${n % 10},On or near Mill Road,E0199000${n % 9},Fenmarch 00${n % 9}A,${type},,`;
const rows = (n: number) => Array.from({ length: n }, (_, i) => row(i));
const profile = [
  'lsoa21_code,lsoa21_name,IMD_decile,IMD_score,pop_Aged_15_years_and_under,pop_Aged_16_to_24_years,pop_Aged_25_to_34_years,pop_Aged_35_to_49_years,pop_Aged_50_to_64_years,pop_Aged_65_years_and_over',
  ...Array.from({ length: 9 }, (_, i) => `E0199000${i},Fenmarch 00${i}A,${i + 1},${40 - i * 4},300,200,200,300,300,200`),
].join('\n');

beforeAll(async () => {
  dir = newFolder('command-line');
  home = join(dir, 'home');
  writeFileSync(join(dir, 'street.csv'), `${headings}\n${[...rows(400), row(999, 'Witchcraft')].join('\n')}\n`);
  writeFileSync(join(dir, 'profile.csv'), `${profile}\n`);
  expect((await runCommand(['init', home, '--name', 'Testshire'])).code).toBe(0);
  await runCommandHere(['ingest', 'police-uk-street', join(dir, 'street.csv'), '--home', home]);
  await runCommandHere(['ingest', 'area-profile', join(dir, 'profile.csv'), '--by', 'Ada', '--home', home]);
  expect((await runCommand(['build', '--home', home])).code).toBe(0);
});

describe('every command', () => {
  const commands = ['start', 'init', 'simulate', 'feeds', 'ingest', 'quarantine', 'lineage', 'build', 'ask', 'match', 'people', 'dedupe', 'extract', 'reidentify', 'serve', 'audit', 'keys', 'backup', 'restore', 'doctor'];
  it.each(commands)('%s has help', async (command) => {
    // As a process, the one that no other test runs as one. Some run as processes in tests of their own: match, people, backup, restore, start.
    const ran = await (command === 'simulate' ? runCommand : runCommandHere)([command, '--help']);
    expect(ran.code).toBe(0);
    expect(ran.stdout).toContain(`Usage: headwater ${command}`);
    expect(ran.stdout.length).toBeGreaterThan(400);
    expect(ran.stdout).toContain('Exit codes: 0 done');
  });

  it('is listed with what it does, and the exit codes', async () => {
    const { stdout } = await runCommandHere(['--help']);
    const listed = /Commands:\n([^]*?)\n\n/.exec(stdout)![1]!.split('\n').flatMap((line) => /^ {2}([a-z]+) /.exec(line)?.[1] ?? []);
    expect(listed.toSorted()).toEqual([...commands, 'help'].toSorted());
    expect(stdout).toContain('Exit codes: 0 done');
  });

  it('that is not known is refused with code 2', async () => {
    const ran = await runCommandHere(['fly']);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain('fly');
  });

  it('prints its version', async () => {
    expect(await runCommand(['--version'])).toMatchObject({ code: 0, stdout: `${(JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }).version}\n` });
  });

  it('says where a partnership can be made when there is none, as it can be pasted', async () => {
    const place = join(dir, "no one's here");
    const ran = await runCommandHere(['build', '--home', place]);
    expect(ran.code).toBe(4);
    expect(ran.stderr).toMatch(/^headwater: No partnership here \(.*headwater\.yaml\)\. Make one with "npx headwater init/);
    const word = /npx headwater init (.+)", or set HEADWATER_HOME/.exec(ran.stderr)?.[1];
    expect(spawnSync('sh', ['-c', `printf %s ${word}`], { encoding: 'utf8' }).stdout).toBe(place);
  });
});

describe('keys, extract and reidentify', () => {
  it('run as processes: keys show tells the key, and what extract and reidentify cannot do ends with code 2 and one line', async () => {
    const place = join(dir, 'with-store');
    await runCommandHere(['init', place]);
    await giveStore(openHome(place));
    expect(JSON.parse((await runCommand(['keys', 'show', '--home', place, '--json'])).stdout)).toMatchObject({ source: 'file', changing: false, waiting: null, files: expect.any(Object) });
    const asked = ['--agreement', 'a-000000000000', '--by', 'g', '--home', place];
    const extract = await runCommand(['extract', '--purpose', 'curiosity', ...asked, '--recipient', 'P', '--out', join(dir, 'extract')]);
    expect(extract).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(/^headwater: There is no purpose called "curiosity"[^\n]*\n$/) });
    expect(existsSync(join(dir, 'extract'))).toBe(false);
    const reidentify = await runCommand(['reidentify', 'Jane Doe', '--purpose', 'evaluation', ...asked, '--ground', 'A child may be in danger tonight', '--as', 'police/analyst']);
    expect(reidentify).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(/^headwater: [^\n]*32 digits and letters[^\n]*\n$/) });
  }, 120_000);
});

describe('init', () => {
  it('makes settings, packs and data, and never writes over a partnership', async () => {
    for (const name of ['headwater.yaml', 'packs', 'data', 'loads', 'keys']) expect(existsSync(join(home, name))).toBe(true);
    const again = await runCommandHere(['init', home]);
    expect(again.code).toBe(2);
    expect(again.stderr).toContain('There is a partnership here already');
  });

  it('prints a next step that can be pasted, whatever the folder is called', async () => {
    for (const name of ['a dir with spaces', "O'Brien & sons", '$HOME', '-odd', 'plain']) {
      const place = join(newFolder('named'), name);
      const made = await runCommandHere(['init', place]);
      const step = /^Next: npx headwater ingest FEED FILE… --home (.+?) {3}\(/m.exec(made.stdout)?.[1];
      expect(spawnSync('sh', ['-c', `printf %s ${step}`], { encoding: 'utf8' }).stdout).toBe(place);
    }
  });

  it.skipIf(!canMount)('says so where the folder cannot be written', () => {
    const place = newFolder('read-only');
    const ran = runMounted(`mount --bind '${place}' '${place}' && mount -o remount,ro,bind '${place}'`, ['init', join(place, 'home')]);
    expect(ran.code).toBe(6);
    expect(ran.stderr).toMatch(/^headwater: Headwater may not write here/);
  });

  it('names the line of a setting that is wrong', async () => {
    const bad = join(dir, 'bad');
    await runCommandHere(['init', bad]);
    writeFileSync(join(bad, 'headwater.yaml'), 'partnership: X\nmemorylimit: 2GB\n');
    const ran = await runCommandHere(['doctor', '--home', bad]);
    expect(ran.code).toBe(3);
    expect(ran.stderr).toContain('memorylimit');
  });

  it('a file where the home should be is said in one line, by init and by start', async () => {
    const file = join(dir, 'not-a-folder');
    writeFileSync(file, 'x');
    for (const command of [['init', file], ['start', '--home', file]]) {
      const ran = await (command[0] === 'start' ? runCommand : runCommandHere)(command);
      expect(ran.code).toBe(2);
      expect(ran.stderr.trim().split('\n')).toHaveLength(1);
      expect(ran.stderr).toContain('This is a file, and a home is a folder');
    }
  });

  it('doctor ends each sentence once', async () => {
    const odd = join(dir, 'odd-pack');
    await runCommandHere(['init', odd]);
    writeFileSync(join(odd, 'packs', 'feeds', 'mistake.yaml'), 'feed: other\n');
    const { stdout } = await runCommandHere(['doctor', '--home', odd]);
    expect(stdout).toMatch(/FAIL {2}packs .*mistake\.yaml.*Mend the line that is named\./);
    expect(stdout).not.toContain('..');
  });
});

describe('feeds', () => {
  it('lists feeds, shows a contract and writes a template that ingests as empty', async () => {
    const list = JSON.parse((await runCommand(['feeds', '--json'])).stdout) as { feed: string }[];
    expect(list.map(({ feed }) => feed)).toEqual(expect.arrayContaining(['police-uk-street', 'istv-assault', 'school-roll', 'boundary']));
    expect((await runCommandHere(['feeds', 'show', 'istv-assault'])).stdout).toContain('ASSAULT LOCATION TYPE');
    const file = join(dir, 'template.csv');
    expect((await runCommandHere(['feeds', 'template', 'tenancy', file])).code).toBe(0);
    expect(readFileSync(file, 'utf8')).toContain('tenancy_ref,tenant_ref');
    expect((await runCommandHere(['feeds', 'template', 'tenancy', file])).code).toBe(2);
  });

  it('names the codes of each column that has some, since a row with another is quarantined', async () => {
    const { stdout } = await runCommandHere(['feeds', 'show', 'ambulance-call']);
    expect(stdout).toMatch(/^ {2}chief_complaint .*\n {49}one of: assault, mental-health/m);
    expect(stdout).toMatch(/^ {2}sex .*\n {49}one of: /m);
  });

  it('offers the nearest name for one that is not known', async () => {
    const ran = await runCommandHere(['feeds', 'show', 'police-uk-stret']);
    expect(ran.code).toBe(4);
    expect(ran.stderr).toContain('police-uk-street');
  });
});

describe('ingest and quarantine', () => {
  it('counts every row once as accepted, quarantined or repeated, in JSON', async () => {
    const ran = await runCommand(['ingest', 'police-uk-street', join(dir, 'street.csv'), '--home', home, '--json']);
    expect(JSON.parse(ran.stdout)).toEqual({ feed: 'police-uk-street', files: 1, rows: 401, accepted: 0, quarantined: 0, repeated: 401, blank: 0, notes: [], seconds: expect.any(Number) });
    expect(ran.stderr).toBe('');
  });

  it('leave a row for the audit, without a store, and count what is in quarantine without one', async () => {
    const rows = listWaitingRows(openHome(home)).rows.map(({ actorId, action, outcome, subjectKind, subjectIds }) => [actorId, action, outcome, subjectKind, subjectIds]);
    expect(rows).toEqual([
      ['os-user:tester', 'feed.ingest', 'done', 'load', [expect.stringMatching(/^police-uk-street\/000001-[0-9a-f]{12}$/)]],
      ['Ada', 'feed.ingest', 'done', 'load', [expect.stringMatching(/^area-profile\/000001-/)]],
      [expect.stringMatching(/^os-user:./), 'snapshot.build', 'done', 'snapshot', [expect.stringMatching(/^[0-9a-f]{16}$/)]],
    ]);
    const counted = await runCommand(['quarantine', '--home', home, '--json']);
    expect(JSON.parse(counted.stdout)).toEqual([expect.objectContaining({ feed: 'police-uk-street', column_name: 'Crime type', rows: 1, example: { file: 'street.csv', line: 402, value: null }, advice: null })]);
    expect(counted.stdout).not.toContain('Witchcraft');
    expect(listWaitingRows(openHome(home)).rows.at(-1)).toMatchObject({ action: 'quarantine.count' });
    expect(existsSync(join(home, 'store'))).toBe(false);
  });

  it('show and export nothing of a row to who does not say who they are and why, or while a server has the store', async () => {
    await giveStore(openHome(home));
    const file = join(dir, 'unsaid.csv');
    const key = `police-uk-street:${row(7).slice(0, 64)}`;
    for (const words of [['quarantine', '--by', 'Ada'], ['quarantine', '--purpose', 'information-governance'], ['quarantine', 'export', 'police-uk-street', file], ['quarantine', 'export', 'police-uk-street', file, '--by', 'Ada', '--purpose', 'evaluation'], ['lineage', key, '--by', 'Ada']]) {
      expect(await runCommandHere([...words, '--home', home])).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(/--by|--purpose/) });
    }
    const release = takeLock(openHome(home).store, 'store');
    try {
      for (const words of [['quarantine'], ['quarantine', 'export', 'police-uk-street', file], ['lineage', key]]) {
        expect(await runCommandHere([...words, ...asking, '--home', home])).toMatchObject({ code: 5, stdout: '' });
      }
      expect((await runCommandHere(['quarantine', '--home', home])).code).toBe(0);
    } finally {
      release();
    }
    expect(existsSync(file)).toBe(false);
  });

  it('lists what was rejected and why, exports it, and takes it after a mend of the code list', async () => {
    const list = JSON.parse((await runCommandHere(['quarantine', ...asking, '--home', home, '--json'])).stdout) as { feed: string; rows: number; reason: string }[];
    expect(list).toEqual([expect.objectContaining({ feed: 'police-uk-street', column_name: 'Crime type', rows: 1, example: { file: 'street.csv', line: 402, value: 'Witchcraft' } })]);
    const file = join(dir, 'rejected.csv');
    expect((await runCommandHere(['quarantine', 'export', 'police-uk-street', file, ...asking, '--home', home])).code).toBe(0);
    expect(readFileSync(file, 'utf8')).toContain('Witchcraft');
    expect((await runCommandHere(['quarantine', 'export', 'police-uk-street', file, ...asking, '--home', home])).code).toBe(2);
    const pack = readFileSync(join(import.meta.dirname, '..', 'packs', 'feeds', 'police-uk-street.yaml'), 'utf8');
    mkdirSync(join(home, 'packs', 'feeds'), { recursive: true });
    writeFileSync(join(home, 'packs', 'feeds', 'police-uk-street.yaml'), pack.replace('Vehicle crime,', 'Vehicle crime, Witchcraft,'));
    const retried = JSON.parse((await runCommandHere(['quarantine', 'retry', 'police-uk-street', '--home', home, '--json'])).stdout) as { accepted: number };
    expect(retried.accepted).toBe(1);
    expect((await runCommandHere(['quarantine', '--home', home])).stdout).toBe('Nothing is in quarantine.\n');
  });

  it('leads from a record, a mention and a place back to file, line and load', async () => {
    const [event] = JSON.parse((await runCommand(['lineage', `police-uk-street:${row(7).slice(0, 64)}`, ...asking, '--home', home, '--json'])).stdout) as { file: string; line: number; load: string; current: boolean }[];
    expect(event).toMatchObject({ file: 'street.csv', line: 9, load: expect.stringMatching(/^police-uk-street\/000001-/), current: true });
    const place = await runCommandHere(['lineage', 'point:0.130000,52.630000', ...asking, '--home', home]);
    expect(place.stdout).toMatch(/^point:0\.130000,52\.630000 comes from:\n {2}street\.csv, line \d+: load police-uk-street\/000001-\S+, \d{4}-\d\d-\d\d \d\d:\d\d UTC, SHA-256 [0-9a-f]{12}…\n$/);
    const none = await runCommandHere(['lineage', 'police-uk-street:nothing', ...asking, '--home', home]);
    expect(none.code).toBe(4);
    expect(none.stderr).toMatch(/^headwater: No record has the id "police-uk-street:nothing"\. Check the id/);
  });

  it('prints the commonest mistake with an example, and what is known of a file beside its rows', async () => {
    const file = join(dir, 'odd.csv');
    writeFileSync(file, `${headings}\n${row(1001, 'Burglry')}\n${',,,,,,,,,,,\n'.repeat(3)}`);
    const loaded = await runCommandHere(['ingest', 'police-uk-street', file, '--home', home]);
    expect(loaded.stdout).toContain('1 rows in 1 file: 0 accepted, 1 quarantined, 0 repeated');
    expect(loaded.stdout).toContain('Note: 3 blank lines without anything in any cell were passed over; blank lines are not rows.\n');
    expect((await runCommandHere(['quarantine', ...asking, '--home', home])).stdout).toMatch(/line 2: "Burglry"\. 'Burglry' is not one of the codes for crime type\. Did you mean 'Burglary'\? Allowed: Anti-social behaviour, /);
  });

  it('does not take a mistyped feed for an empty quarantine', async () => {
    for (const words of [['list', 'police-uk-stret'], ['retry', 'police-uk-stret'], ['export', 'police-uk-stret', join(dir, 'none.csv'), ...asking]]) {
      const ran = await runCommandHere(['quarantine', ...words, '--home', home]);
      expect(ran.code).toBe(4);
      expect(ran.stderr).toContain('police-uk-street');
    }
  });

  it('says which file is missing', async () => {
    const ran = await runCommandHere(['ingest', 'police-uk-street', join(dir, 'gone.csv'), '--home', home]);
    expect(ran.code).toBeGreaterThan(1);
    expect(ran.stderr).toContain('gone.csv');
    expect(ran.stderr.trim().split('\n')).toHaveLength(1);
  });
});

describe('dedupe', () => {
  it('links a file without a home, prints counts, times and scores, and names a column that is not there', async () => {
    const file = join(dir, 'people.csv');
    writeFileSync(file, 'ref,first,last,born,who\n1,Margaret,Thompson,1961-04-17,1\n2,PEGGY,Thompson,1961-04-17,1\n3,Daniel,Hughes,2004-09-02,2\n4,Imran,Hussain,1990-12-25,3\n');
    const ran = await runCommand(['dedupe', file, '--id', 'ref', '--preset', 'person', '--truth', 'who', '--out', join(dir, 'linked'), '--json']);
    expect(ran.stderr).toBe('');
    expect(JSON.parse(ran.stdout)).toMatchObject({ records: 4, candidatePairs: 1, threshold: 0.5, seconds: { total: expect.any(Number) }, peakMemoryBytes: expect.any(Number), pairs: { precision: 1, recall: 1, f1: 1 }, clusters: { precision: 1, recall: 1, f1: 1 } });
    expect(existsSync(join(dir, 'linked', 'clusters.parquet'))).toBe(true);
    const wrong = await runCommandHere(['dedupe', file, '--id', 'reff', '--out', join(dir, 'linked')]);
    expect(wrong.code).toBe(3);
    expect(wrong.stderr).toMatch(/^headwater: The records have no column "reff" \(--id\)\. Did you mean ref/);
  });
});

describe('build, ask and doctor', () => {
  it('build prints its manifest', async () => {
    const ran = await runCommandHere(['build', '--home', home, '--json']);
    expect(JSON.parse(ran.stdout)).toMatchObject({ id: expect.stringMatching(/^[0-9a-f]{16}$/), inputs: expect.any(Array), tables: { identified: expect.any(Object), pseudonymised: expect.any(Object) } });
  });

  it('ask lists the questions, and answers one with its query, snapshot and time', async () => {
    expect((await runCommandHere(['ask'])).stdout).toContain('repeat-demand');
    const answer = JSON.parse((await runCommand(['ask', 'demand', '--from', '2026-02', '--home', home, '--json'])).stdout) as Record<string, unknown>;
    expect(answer).toMatchObject({ question: 'demand', filters: { from: '2026-02' }, snapshot: { id: expect.any(String), builtAt: expect.any(String) }, rows: expect.any(Array), sql: expect.any(Array), seconds: expect.any(Number) });
    expect((answer.rows as unknown[]).length).toBeGreaterThan(0);
  });

  it('ask refuses a question or a month that is not one', async () => {
    const unknown = await runCommandHere(['ask', 'fortune', '--home', home]);
    expect(unknown.code).toBe(4);
    expect(unknown.stderr).toContain('Ask one of: demand');
    expect((await runCommandHere(['ask', 'demand', '--from', 'March', '--home', home])).code).toBe(2);
    for (const [wrong, said] of [
      [['--area', 'E0'], 'Not known here: area "E0" (--area)'],
      [['--agency', 'cia', 'police', 'fbi'], 'Not known here: agency "cia" and 1 more (--agency)'],
      [['--category', 'burglry'], 'Not known here: category "burglry" (--category)'],
      [['--from', '2026-03', '--to', '2026-01'], 'The first month is after the last'],
      [['--option', 'by=area'], '"demand" has no option "by" (--option). It has: measure, feed.'],
      [['--option', 'constructor=x'], '"demand" has no option "constructor"'],
      [['--option', 'measure=weight'], 'The option "measure" of "demand" is not "weight"'],
    ] as const) {
      const refused = await runCommandHere(['ask', 'demand', ...wrong, '--home', home]);
      expect([refused.code, refused.stdout]).toEqual([2, '']);
      expect(refused.stderr).toContain(said);
    }
  });

  it('doctor finds all well, and names a snapshot’s file that was changed', async () => {
    const well = await runCommandHere(['doctor', '--home', home, '--json']);
    const checks = JSON.parse(well.stdout) as { name: string; ok: boolean; detail: string }[];
    expect(checks.filter(({ ok }) => !ok)).toEqual([]);
    expect(well.code).toBe(0);
    const current = JSON.parse(readFileSync(join(home, 'lake', 'current.json'), 'utf8')) as { snapshot: string };
    const file = join(home, 'lake', 'snapshots', current.snapshot, 'pseudonymised', 'area.parquet');
    const before = readFileSync(file);
    chmodSync(file, 0o600);
    writeFileSync(file, 'rubbish');
    const ill = await runCommand(['doctor', '--home', home]);
    writeFileSync(file, before);
    expect(ill.code).toBe(1);
    expect(ill.stdout).toContain('pseudonymised/area.parquet has changed since it was built');
  });
});

describe('audit verify', () => {
  it('says that the audit is whole, prints what to keep, and refuses what was kept of another', async () => {
    await runCommandHere(['ask', 'demand', '--home', home]);
    const waiting = listWaitingRows(openHome(home)).rows.length;
    expect(waiting).toBeGreaterThan(0);
    const ran = await runCommand(['audit', 'verify', '--home', home]);
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.stdout).toMatch(/^The audit is whole: \d+ rows/);
    expect(ran.stdout).toContain(`${waiting} ${waiting === 1 ? 'row' : 'rows'} of what commands did had waited and`);
    const json = JSON.parse((await runCommandHere(['audit', 'verify', '--home', home, '--json'])).stdout) as { rows: number };
    expect(json).toMatchObject({ ok: true, rows: expect.any(Number), head: { place: json.rows, hash: expect.stringMatching(/^[0-9a-f]{64}$/) }, checkpoints: 0, backwards: 0, waiting: { takenIn: 0, altered: [] } });
    const gone = await runCommandHere(['audit', 'verify', '--home', home, '--expect', `${json.rows + 3}:${'a'.repeat(64)}`]);
    expect(gone).toMatchObject({ code: 1, stdout: '' });
    expect(gone.stderr).toMatch(new RegExp(`^headwater: The audit is not whole: row ${json.rows + 1} is missing, and all rows up to ${json.rows + 3}\\. Change nothing`));
    expect((await runCommandHere(['audit', 'verify', '--home', home, '--expect', '3'])).code).toBe(2);
  });

  it('finds what each command of this file did, showed and was asked for, in its order, and nothing that was typed', async () => {
    const casework = await openCasework({ folder: openHome(home).store, clock: systemClock });
    try {
      const events = (await listAuditEvents(casework.db, { limit: 500 })).toReversed();
      const key = `police-uk-street:${row(7).slice(0, 64)}`;
      const told = events.filter(({ purpose }) => purpose !== undefined).map(({ actorId, action, outcome, subjectKind, subjectIds, purpose }) => [actorId, action, outcome, subjectKind, subjectIds, purpose]);
      const [by, why] = ['grace', 'information-governance'];
      expect(told).toEqual([
        [by, 'quarantine.view', 'done', undefined, [], why],
        [by, 'quarantine.export', 'done', 'feed', ['police-uk-street'], why],
        [by, 'lineage.view', 'done', 'source-record', [key], why],
        [by, 'lineage.view', 'done', 'place', ['point:0.130000,52.630000'], why],
        [by, 'lineage.view', 'done', undefined, [], why],
        [by, 'quarantine.view', 'done', undefined, [], why],
      ]);
      const waited = events.filter(({ purpose, action }) => purpose === undefined && action !== 'audit.take-in').map(({ action }) => action);
      expect(waited.slice(0, 4)).toEqual(['feed.ingest', 'feed.ingest', 'snapshot.build', 'quarantine.count']);
      expect(waited).toEqual(expect.arrayContaining(['quarantine.retry', 'question.ask']));
      expect(events.find(({ action }) => action === 'quarantine.retry')).toMatchObject({ outcome: 'done', subjectKind: 'load', subjectIds: [expect.stringMatching(/^police-uk-street\/000002-/)] });
    } finally {
      await casework.close();
    }
  });

  it('names a row that waits and was altered, and takes in the others', async () => {
    await runCommandHere(['quarantine', '--home', home]);
    const [name] = readdirSync(waitingFolder(openHome(home))) as [string];
    const path = join(waitingFolder(openHome(home)), name);
    writeFileSync(path, readFileSync(path, 'utf8').replace('quarantine.count', 'quarantine.retry'));
    await runCommandHere(['quarantine', '--home', home]);
    const ran = await runCommandHere(['audit', 'verify', '--home', home]);
    expect(ran.code).toBe(1);
    expect(ran.stdout).toContain('1 row of what commands did had waited');
    expect(ran.stderr).toMatch(/^headwater: A row that waits to be taken into the audit is not as this home wrote it: \d+-[0-9a-f]{16}\.json \(.*waiting\)\. It was not taken in\./);
    rmSync(path);
    expect((await runCommandHere(['audit', 'verify', '--home', home])).code).toBe(0);
  });

  it('accepts no clock where no row of the audit is ahead of it', async () => {
    const ran = await runCommandHere(['audit', 'accept-clock', '--by', 'Ada', '--home', home]);
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toContain('No row of the audit is ahead of the clock');
  });
});
