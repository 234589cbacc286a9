// Building a snapshot: what it holds, that it is the same each time, and that nothing that goes wrong costs the last one.

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { listLoads } from '../src/ingest/index.ts';
import { writeReviewFile } from '../src/linkage/index.ts';
import { checkSnapshot, findCurrentManifest, newSnapshotId, openDuck, openHome, snapshotFolder, tidySnapshots, type Home } from '../src/store/index.ts';
import { canMount, runCommand, runCommandHere, runMounted, startCommand } from './support/run-command.ts';
import { buildSample as build, builtHome, copyOf, mergedHome, newFolder } from './support/sample-home.ts';

let built: Home;
/** A snapshot of fewer people and feeds, for what costs a build each time and asks nothing of them. */
let small: Home;

beforeAll(async () => {
  built = await builtHome();
  small = await mergedHome();
});

describe('a build', () => {
  it('keeps a manifest of inputs with hashes, row counts, code and packs', () => {
    const manifest = findCurrentManifest(built)!;
    expect(manifest.inputs.length).toBeGreaterThan(15);
    for (const input of manifest.inputs) expect(input).toMatchObject({ feed: expect.any(String), sha256: expect.stringMatching(/^[0-9a-f]{64}$/), rows: expect.any(Number) });
    expect(manifest.code).toMatchObject({ version: expect.stringMatching(/^\d+\.\d+\.\d+$/), sha256: expect.stringMatching(/^[0-9a-f]+$/) });
    expect(Object.keys(manifest.packs)).toEqual(expect.arrayContaining(['categories', 'disclosure', 'feeds/police-incident']));
    expect(manifest.tables.identified.person!.rows).toBeGreaterThan(500);
    expect(manifest.tables.pseudonymised.person!.rows).toBe(manifest.tables.identified.person!.rows);
    expect(manifest.tables.pseudonymised.event!.rows).toBe(manifest.tables.identified.event!.rows);
  });

  it('has nothing to do when nothing has changed', async () => {
    const again = await build(built);
    expect(again.reused).toBe(true);
    expect(again.manifest.id).toBe(findCurrentManifest(built)!.id);
  });

  it('gives the same bytes when it is made again from the same files', async () => {
    const before = findCurrentManifest(built)!;
    const { manifest, reused } = await build(built, true);
    expect(reused).toBe(false);
    expect(manifest.id).toBe(`${before.id}-2`);
    expect((await build(built)).reused).toBe(true);
    expect(manifest.tables).toEqual(before.tables);
  });

  it('is another where the settings ask for the threshold that people’s decisions name, and says which it used', async () => {
    const home = copyOf(built);
    const before = findCurrentManifest(home)!;
    const duck = await openDuck();
    const asked = await duck.rows<{ left: string; right: string; same: boolean }>(`SELECT left_source_id AS "left", right_source_id AS "right", weight >= 0 AS same FROM read_parquet('${join(snapshotFolder(home, before.id), 'identified', 'link_pair.parquet')}') WHERE abs(weight) < 60 ORDER BY abs(weight), pair_id LIMIT 90`);
    duck.close();
    writeReviewFile(home, { decisions: asked, open: [] });
    writeFileSync(join(home.dir, 'headwater.yaml'), `${readFileSync(join(home.dir, 'headwater.yaml'), 'utf8')}linkage:\n  threshold: reviewed\n`);
    // One of its files is destroyed, so that no snapshot made of it may stay.
    const { feed, load, sha256 } = before.inputs.find((input) => input.feed === 'asb-complaint')!;
    writeFileSync(join(home.loads, feed, `.destroyed-${load.split('/')[1]}.json`), JSON.stringify({ load, sha256 }));
    const { manifest, reused } = await build(openHome(home.dir));
    expect(reused).toBe(false);
    expect(manifest.inputs.map((input) => input.load)).not.toContain(load);
    expect(readdirSync(join(home.lake, 'snapshots'))).toEqual([manifest.id]);
    expect(manifest.linkage).toMatchObject({ reviewedThreshold: { enough: true, usual: 0.5, threshold: manifest.linkage.threshold }, thresholdWords: expect.stringMatching(/^Records are linked from a probability of 0\.\d+[,:] .*settled pairs that have a weight/) });
    expect(before.linkage).toMatchObject({ threshold: 0.5 });
    expect(before.linkage).not.toHaveProperty('thresholdWords');
  });

  it('puts no name, address, agency’s number or free text into the pseudonymised zone', async () => {
    const manifest = findCurrentManifest(built)!;
    const folder = snapshotFolder(built, manifest.id);
    const duck = await openDuck();
    try {
      const secrets = await duck.rows<{ value: string }>(`
        SELECT DISTINCT value FROM (
          SELECT unnest([local_id, nhs_number, upn, phone, email, address]) AS value FROM read_parquet('${join(folder, 'identified', 'mention.parquet')}')
          UNION ALL SELECT event_id FROM read_parquet('${join(folder, 'identified', 'event.parquet')}') WHERE event_id IS NOT NULL
        ) WHERE length(value) >= 6`);
      const known = new Set(secrets.map((row) => row.value));
      expect(known.size).toBeGreaterThan(1000);
      const leaks: string[] = [];
      for (const table of Object.keys(manifest.tables.pseudonymised)) {
        const path = join(folder, 'pseudonymised', `${table}.parquet`);
        const columns = await duck.rows<{ column_name: string; column_type: string }>(`DESCRIBE SELECT * FROM read_parquet('${path}')`);
        for (const { column_name } of columns.filter((column) => column.column_type === 'VARCHAR')) {
          const values = await duck.rows<{ value: string }>(`SELECT DISTINCT "${column_name}" AS value FROM read_parquet('${path}') WHERE "${column_name}" IS NOT NULL`);
          const leaked = values.filter(({ value }) => known.has(value)).length;
          if (leaked > 0) leaks.push(`${table}.${column_name}: ${leaked} values`);
        }
      }
      expect(leaks).toEqual([]);
    } finally {
      duck.close();
    }
  });

  it('links records to people well, and says how well', () => {
    const { pairs } = findCurrentManifest(built)!.linkage as { pairs: { f1: number } };
    expect(pairs.f1).toBeGreaterThanOrEqual(0.98);
  });

  it('says which comparisons nothing trained, and keeps how training went', () => {
    const { linkage, tables } = findCurrentManifest(built)!;
    // In so small a home no session is sure of twenty matches that hold them.
    expect(linkage.warnings).toEqual(expect.arrayContaining(['No session trained "NHS number": it keeps its starting m', 'No session trained "UPN": it keeps its starting m']));
    expect(tables.pseudonymised.linkage_training!.rows).toBeGreaterThan(3);
  });

  it('refuses with a clear line where no file has been loaded', async () => {
    const dir = newFolder('empty');
    expect((await runCommandHere(['init', join(dir, 'home')])).code).toBe(0);
    const ran = await runCommandHere(['build', '--home', join(dir, 'home')]);
    expect(ran).toMatchObject({ code: 4, stdout: '' });
    expect(ran.stderr).toMatch(/^headwater: No files have been loaded \(.*\)\. Load some with/);
  });
});

/** Builds in a process of its own that is killed without warning as soon as this is so; what ended it. */
async function killBuild(home: Home, met: () => boolean): Promise<NodeJS.Signals | null> {
  const child = startCommand(['build', '--force', '--home', home.dir]);
  const ended = new Promise<NodeJS.Signals | null>((resolve) => child.on('exit', (_code, signal) => resolve(signal)));
  const looking = setInterval(() => met() && child.kill('SIGKILL'), 5);
  return ended.finally(() => clearInterval(looking));
}

describe('when a build goes wrong', () => {
  it('a kill at any point leaves the last snapshot served; of two builds at once the next finishes, and the other is refused', async () => {
    const home = copyOf(small);
    const last = findCurrentManifest(home)!;
    const next = newSnapshotId(home, last.id.replace(/-\d+$/, ''));
    const snapshots = () => readdirSync(join(home.lake, 'snapshots'));
    const named = snapshots();
    const tablesAreWritten = () => snapshots().some((name) => name.startsWith('.writing-'));
    const hasItsName = () => snapshots().some((name) => !name.startsWith('.') && !named.includes(name));
    // Before anything is made, beside the linkage, and when all is made and the snapshot has its name: then it may be served already.
    expect(await killBuild(home, () => existsSync(join(home.dir, 'locks', 'build.lock')))).toBe('SIGKILL');
    expect(snapshots()).toEqual(named);
    expect(await killBuild(home, tablesAreWritten)).toBe('SIGKILL');
    expect(findCurrentManifest(home)).toEqual(last);
    expect(tablesAreWritten()).toBe(true);
    await killBuild(home, hasItsName);
    const now = findCurrentManifest(home)!;
    expect([last.id, next]).toContain(now.id);
    for (const manifest of [last, now]) expect(await checkSnapshot(home, manifest)).toEqual([]);
    const before = findCurrentManifest(home)!.id;
    const force = () => runCommand(['build', '--force', '--home', home.dir, '--json']);
    const [first, second] = await Promise.all([force(), force()]);
    expect([first.code, second.code].toSorted()).toEqual([0, 5]);
    expect((first.code === 5 ? first : second).stderr).toMatch(/^headwater: Another Headwater process .* is using "build".*Wait until it has finished/);
    expect(findCurrentManifest(home)!.id).not.toBe(before);
    expect(readdirSync(join(home.lake, 'snapshots')).filter((name) => name.startsWith('.'))).toEqual([]);
    expect(existsSync(join(home.temp, 'build'))).toBe(false);
  });

  it.skipIf(!canMount)('a disk that fills leaves the last snapshot served and says so in one line', async () => {
    const home = copyOf(small);
    const last = findCurrentManifest(home)!;
    tidySnapshots(home, { keep: 1 });
    const snapshots = join(home.lake, 'snapshots');
    const keep = newFolder('keep');
    // The lake's own disk is full: its snapshots are moved to a disk of 1 MB more than they need.
    const bytes = Object.values(last.tables).flatMap((zone) => Object.values(zone)).reduce((sum, { bytes }) => sum + bytes, 0);
    const size = Math.ceil(bytes / 1024) + 300;
    const prepare = `cp -a '${snapshots}/.' '${keep}' && mount -t tmpfs -o size=${size}k tmpfs '${snapshots}' && cp -a '${keep}/.' '${snapshots}'`;
    const ran = runMounted(prepare, ['build', '--force', '--home', home.dir]);
    expect(ran.code).toBe(6);
    expect(ran.stderr).toMatch(/^headwater: The disk is full \(.*\)\. Free some space/);
    expect(ran.stderr.trim().split('\n')).toHaveLength(1);
    expect(await checkSnapshot(home, findCurrentManifest(home)!)).toEqual([]);
  });

  it.skipIf(!canMount)('a disk that fills with what the build works on leaves the last snapshot served and says so in one line', async () => {
    const home = copyOf(small);
    const last = findCurrentManifest(home)!;
    mkdirSync(home.temp, { recursive: true });
    const ran = runMounted(`mount -t tmpfs -o size=1m tmpfs '${home.temp}'`, ['build', '--force', '--home', home.dir]);
    expect(ran).toMatchObject({ code: 6, stdout: '' });
    expect(ran.stderr).toMatch(/^headwater: The disk is full \(.*\)\. Free some space/);
    expect(ran.stderr.trim().split('\n')).toHaveLength(1);
    expect(findCurrentManifest(home)).toEqual(last);
    expect(await checkSnapshot(home, last)).toEqual([]);
  });

  it.skipIf(!canMount)('a home that cannot be written gives one clear line, whatever would write there', () => {
    const home = copyOf(small);
    const [load] = listLoads(home, 'tenancy');
    const file = join(load!.folder, load!.landing!);
    const readOnly = `mount --bind '${home.dir}' '${home.dir}' && mount -o remount,ro,bind '${home.dir}'`;
    for (const words of [['build', '--force'], ['ingest', 'tenancy', file], ['quarantine', 'retry'], ['serve'], ['start'], ['keys', 'rotate']]) {
      const ran = runMounted(readOnly, [...words, '--home', home.dir], { PORT: '0' });
      expect(ran.code, `${words[0]}: ${ran.stderr}`).toBe(6);
      expect(ran.stderr).toMatch(/^headwater: Headwater may not write here \(.*\)\. Give your user write permission/);
      expect(ran.stderr.trim().split('\n')).toHaveLength(1);
    }
  });

  it('a damaged pack is named with its line', async () => {
    const home = copyOf(built);
    mkdirSync(home.packs, { recursive: true });
    writeFileSync(join(home.packs, 'disclosure.yaml'), 'rules:\n  - nonsense: [\n');
    const ran = await runCommandHere(['ask', 'demand', '--home', home.dir]);
    expect(ran.code).toBe(3);
    expect(ran.stderr).toMatch(/disclosure\.yaml:\d+/);
  });

  it('keeps secrets to the owner of the home', () => {
    expect(readFileSync(join(built.keys, 'pseudonym.key'), 'utf8')).toMatch(/^[0-9a-f]{64}$/);
    expect(openHome(built.dir).settings.partnership).toBe('Little Fenmarch');
  });
});
