// A home with a key: nothing identified lies plain in it, every reader opens it, and the key can be changed at any moment, also by a run that
// is cut off.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openPeopleSearch } from '../src/build/index.ts';
import { silentProgress } from '../src/core/index.ts';
import { exportQuarantine, ingestFiles, listLoads, listQuarantine, retryQuarantine, rowLineage } from '../src/ingest/index.ts';
import { checkSnapshot, fileKeyId, findCurrentManifest, fingerprint, followIdentified, homeKeys, keyFileOf, keyFromText, listProtectedFiles, nextKeyFileOf, openHome, openLake, openSnapshotWriter, readSealedFile, rotateKeys, sealedPartSize, takeLock, type Home, type Manifest } from '../src/store/index.ts';
import { runCommand, runCommandHere } from './support/run-command.ts';
import { buildSample, builtHome, copyOf, giveStore, newFolder, sampleClock } from './support/sample-home.ts';

let plain: Home;
/** The same home, encrypted. */
let keyed: Home;
let built: Manifest;

const keysOf = (home: Home) => homeKeys(home)!.all;
const idOf = (home: Home) => homeKeys(home)!.current.id;
const landingOf = (home: Home, feed: string) => {
  const [load] = listLoads(home, feed);
  return join(load!.folder, load!.landing!);
};

beforeAll(async () => {
  plain = await builtHome();
  built = findCurrentManifest(plain)!;
  keyed = copyOf(plain);
  expect(homeKeys(keyed)).toBeUndefined();
  const { from, files, encrypted } = rotateKeys(keyed, silentProgress);
  expect([from, encrypted]).toEqual([undefined, files]);
});

/** Everything that reads identified files; throws where one does not open. */
async function readAll(home: Home): Promise<void> {
  expect(await checkSnapshot(home, findCurrentManifest(home)!)).toEqual([]);
  const reader = followIdentified(home, [{ zone: 'identified', name: 'source_record' }, { zone: 'identified', name: 'source_person' }]);
  try {
    const [{ surname } = { surname: '' }] = await reader.rows<{ surname: string }>('SELECT surname FROM source_record JOIN source_person USING (source_id) WHERE surname IS NOT NULL ORDER BY source_id LIMIT 1');
    const search = await openPeopleSearch(home);
    const found = await search.findMatches({ surname }, { limit: 1 });
    search.close();
    expect(found).toHaveLength(1);
  } finally {
    await reader.close();
  }
  const [load] = listLoads(home, 'police-incident');
  expect(load).toBeDefined();
  expect((await listQuarantine(home)).length).toBeGreaterThan(0);
  for (const path of listProtectedFiles(home)) if (path.includes('landing')) expect(readSealedFile(path, keysOf(home)).length).toBeGreaterThan(0);
}

describe('a home with a key', () => {
  it('keeps the index of the search encrypted, its lines in small parts and the lists that are read whole in large ones', async () => {
    const home = copyOf(keyed);
    (await openPeopleSearch(home)).close();
    const index = join(home.lake, 'snapshots', built.id, 'identified', 'match-index');
    const parts = Object.fromEntries(readdirSync(index).map((name) => [name, sealedPartSize(join(index, name))]));
    expect(parts).toMatchObject({ 'lines.txt': 'small', 'people.txt': 'small', 'about.json': 'large', 'line-ends.f64': 'large', 'key-records.i32': 'large' });
    expect(Object.values(parts)).not.toContain(undefined);
  });

  it('keeps no loaded file, no load and no identified table plain, and nothing in temp/', () => {
    const files = listProtectedFiles(keyed);
    expect(files.length).toBeGreaterThan(60);
    expect(files.filter((path) => fileKeyId(path) !== idOf(keyed))).toEqual([]);
    const zone = join(keyed.lake, 'snapshots', built.id, 'identified');
    for (const table of Object.keys(built.tables.identified)) expect(readFileSync(join(zone, `${table}.parquet`)).subarray(0, 4).toString()).toBe('PARE');
    expect(readFileSync(landingOf(plain, 'tenancy'), 'latin1')).toContain('tenancy_ref');
    expect(readFileSync(landingOf(keyed, 'tenancy'), 'latin1')).not.toContain('tenancy_ref');
    expect(readSealedFile(landingOf(keyed, 'tenancy'), keysOf(keyed)).equals(readFileSync(landingOf(plain, 'tenancy')))).toBe(true);
    expect(existsSync(keyed.temp) ? readdirSync(keyed.temp, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()) : []).toEqual([]);
  });

  it('is rid of plain tables that a crash left as soon as the next snapshot is begun', () => {
    const home = copyOf(keyed);
    mkdirSync(join(home.temp, 'sealing'), { recursive: true });
    writeFileSync(join(home.temp, 'sealing', 'person.parquet'), 'plain');
    openSnapshotWriter(home).discard();
    expect(existsSync(join(home.temp, 'sealing'))).toBe(false);
  });

  it('begins with a key of its own, or with the environment’s, which is not written down', async () => {
    const dir = newFolder('init');
    expect((await runCommandHere(['init', join(dir, 'own')])).stdout).toContain('Keep a copy of it elsewhere');
    expect(readFileSync(join(dir, 'own', 'keys', 'encryption.key'), 'utf8')).toMatch(/^[0-9a-f]{64}\n$/);
    const given = await runCommand(['init', join(dir, 'given'), '--json'], { env: { HEADWATER_KEY: 'ab'.repeat(32) } });
    expect(JSON.parse(given.stdout)).toMatchObject({ key: fingerprint(keyFromText('ab'.repeat(32))!.id) });
    expect(readdirSync(join(dir, 'given', 'keys'))).toEqual([]);
    const wrong = await runCommand(['init', join(dir, 'wrong')], { env: { HEADWATER_KEY: 'sesame' } });
    expect(wrong).toMatchObject({ code: 2, stdout: '' });
    expect(wrong.stderr).not.toContain('sesame');
    expect(existsSync(join(dir, 'wrong'))).toBe(false);
  });

  it('opens for every reader of identified files', async () => {
    await readAll(keyed);
    const id = (await withReader(keyed, (rows) => rows<{ event_id: string }>("SELECT event_id FROM event WHERE feed = 'police-incident' ORDER BY event_id LIMIT 1")))[0]!.event_id;
    expect(await rowLineage(keyed, id)).toHaveLength(1);
    const { feed } = (await listQuarantine(keyed))[0]!;
    const out = join(newFolder('export'), 'rows.csv');
    expect((await exportQuarantine(keyed, feed, out)).rows).toBeGreaterThan(0);
  });

  it('builds the same tables from encrypted loads, keeps people’s keys and writes nothing plain', async () => {
    const home = copyOf(keyed);
    const { manifest } = await buildSample(home, true);
    // Of plain files, as a build without a key gives them: encrypted, they are never the same bytes twice.
    expect(manifest.tables).toEqual(built.tables);
    expect((manifest.linkage.keys as { from: string }).from).toBe(built.id);
    expect(listProtectedFiles(home).filter((path) => fileKeyId(path) !== idOf(home))).toEqual([]);
    expect(await checkSnapshot(home, manifest)).toEqual([]);
  });

  it('encrypts what is loaded and retried from then on', async () => {
    const home = copyOf(keyed);
    const file = join(newFolder('files'), 'tenancy.csv');
    const [headings, ...rows] = readFileSync(landingOf(plain, 'tenancy'), 'utf8').split('\n');
    writeFileSync(file, [headings, rows[0]!.replace(/^[^,]+/, 'T-999999')].join('\n'));
    expect(await ingestFiles(home, 'tenancy', [file], { clock: sampleClock })).toMatchObject({ rows: 1, accepted: 1 });
    expect(await ingestFiles(home, 'tenancy', [file], { clock: sampleClock })).toMatchObject({ rows: 1, accepted: 0, repeated: 1 });
    await retryQuarantine(home, undefined, { clock: sampleClock });
    expect(listProtectedFiles(home).filter((path) => fileKeyId(path) !== idOf(home))).toEqual([]);
  });

  it('without its key says in one line which one is missing; the pseudonymised zone is served still', async () => {
    const home = copyOf(keyed);
    await giveStore(home);
    rmSync(keyFileOf(home));
    const name = fingerprint(idOf(keyed));
    for (const command of [['build', '--force'], ['match', '--surname', 'Thistlewood', '--by', 'samuel.adeyemi', '--as', 'early-help/hub-coordinator', '--purpose', 'early-help'], ['quarantine']]) {
      const ran = await runCommandHere([...command, '--home', home.dir]);
      expect(ran).toMatchObject({ code: 3, stdout: '' });
      expect(ran.stderr).toContain(`The key ${name} is needed`);
      expect(ran.stderr.trim().split('\n')).toHaveLength(1);
    }
    const lake = await openLake(home);
    expect(await lake.rows('SELECT count(*) AS n FROM event')).toHaveLength(1);
    lake.close();
  });

  it('may have its key elsewhere, in a file that headwater.yaml names or from the environment', async () => {
    const home = copyOf(keyed);
    const elsewhere = join(newFolder('key'), 'county.key');
    renameSync(keyFileOf(home), elsewhere);
    await readAll(openHome(home.dir, { key: readFileSync(elsewhere, 'utf8') }));
    writeFileSync(join(home.dir, 'headwater.yaml'), `${readFileSync(join(home.dir, 'headwater.yaml'), 'utf8')}keyFile: ${JSON.stringify(elsewhere)}\n`);
    await readAll(openHome(home.dir));
    rmSync(elsewhere);
    expect(() => homeKeys(openHome(home.dir))).toThrow('The key file that headwater.yaml names is not there');
  });

  it('is told by doctor; a home without a key is told that it has none', async () => {
    expect((await runCommandHere(['doctor', '--home', keyed.dir])).stdout).toMatch(new RegExp(`^ok +key +\\d+ files encrypted with ${fingerprint(idOf(keyed))}`, 'm'));
    expect((await runCommandHere(['doctor', '--home', plain.dir])).stdout).toMatch(/^ok +key +this home has no key, so nothing in it is encrypted/m);
  });
});

async function withReader<T>(home: Home, work: (rows: <R>(sql: string) => Promise<R[]>) => Promise<T>): Promise<T> {
  const reader = followIdentified(home, [{ zone: 'identified', name: 'event' }]);
  try {
    return await work(reader.rows);
  } finally {
    await reader.close();
  }
}

describe('changing the key', () => {
  it('brings every file under the new key and forgets the old one; a reader that is open goes on', async () => {
    const home = copyOf(keyed);
    await withReader(home, async (rows) => {
      const before = await rows('SELECT count(*) AS n FROM event');
      const old = idOf(home);
      const { from, to, resumed } = rotateKeys(home, silentProgress);
      expect([from, to, resumed]).toEqual([old, idOf(home), false]);
      expect(to).not.toBe(old);
      expect(listProtectedFiles(home).filter((path) => fileKeyId(path) !== to)).toEqual([]);
      expect(keysOf(home).map(({ id }) => id)).toEqual([to]);
      expect(await rows('SELECT count(*) AS n FROM event')).toEqual(before);
    });
    await readAll(home);
  });

  it('cut off at any step leaves every file open to the keys at hand, and the next run finishes', { timeout: 120_000 }, async () => {
    const home = copyOf(keyed);
    const files = listProtectedFiles(home).length;
    const old = idOf(home);
    for (const step of [1, Math.floor(files / 2), files]) {
      const { signal } = spawnSync(process.execPath, [join(import.meta.dirname, 'support', 'cut-off-process.ts'), String(step), 'rotate', home.dir]);
      expect(signal).toBe('SIGKILL');
      expect(idOf(home)).toBe(old);
      expect(existsSync(nextKeyFileOf(home))).toBe(true);
      await readAll(home);
    }
    writeFileSync(`${landingOf(home, 'tenancy')}.sealing`, 'half a file');
    const ran = await runCommandHere(['keys', 'show', '--home', home.dir]);
    expect(ran.stdout).toContain('A change of keys was cut off');
    expect((await runCommandHere(['doctor', '--home', home.dir])).stdout).toMatch(/^FAIL +key +a change of keys was cut off/m);
    const { resumed, to, encrypted } = rotateKeys(home, silentProgress);
    expect([resumed, encrypted]).toEqual([true, 0]);
    expect(idOf(home)).toBe(to);
    expect(existsSync(nextKeyFileOf(home)) || existsSync(`${landingOf(home, 'tenancy')}.sealing`)).toBe(false);
    await readAll(home);
  });

  it('to a key from the environment asks for the one before', async () => {
    const home = copyOf(keyed);
    const old = readFileSync(keyFileOf(home), 'utf8').trim();
    rmSync(keyFileOf(home));
    const key = 'ab'.repeat(32);
    expect(() => rotateKeys(openHome(home.dir, { key }), silentProgress)).toThrow(/encrypted with a key that is not at hand .*HEADWATER_OLD_KEY/);
    const both = openHome(home.dir, { key, oldKey: old });
    rotateKeys(both, silentProgress);
    await readAll(openHome(home.dir, { key }));
    expect(() => homeKeys(openHome(home.dir, { key: 'not a key' }))).toThrow(/^HEADWATER_KEY is not a key/);
  });

  it('waits for nobody: another process that loads or builds is named', () => {
    const home = copyOf(keyed);
    const release = takeLock(join(home.dir, 'locks'), 'build');
    try {
      expect(() => rotateKeys(home, silentProgress)).toThrow(/is using "build"/);
    } finally {
      release();
    }
  });

  it('shows fingerprints and never a key', async () => {
    const secret = readFileSync(keyFileOf(keyed), 'utf8').trim();
    for (const args of [['keys', 'show'], ['keys', 'show', '--json'], ['doctor']]) {
      const { stdout, stderr } = await runCommandHere([...args, '--home', keyed.dir]);
      expect(stdout).toContain(fingerprint(idOf(keyed)));
      expect(stdout + stderr).not.toContain(secret);
    }
    const home = copyOf(keyed);
    const ran = await runCommandHere(['keys', 'rotate', '--home', home.dir, '--json']);
    expect(JSON.parse(ran.stdout)).toMatchObject({ from: fingerprint(idOf(keyed)), to: fingerprint(idOf(home)), audited: true, resumed: false });
    expect(ran.stdout).not.toContain(readFileSync(keyFileOf(home), 'utf8').trim());
  });
});
