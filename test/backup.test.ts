// Backup and restore: the same home to the byte, out of one encrypted file; whatever goes wrong costs nothing that was there and leaves nothing.

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { silentProgress } from '../src/core/index.ts';
import { addCheckpoint, findCurrentManifest, fingerprint, homeKeys, keyFileOf, openAttachmentFiles, listWaitingRows, openCasework, openHome, openLake, readCheckpoints, recordAuditEvent, rotateKeys, takeLock, verifyAudit, type Home } from '../src/store/index.ts';
import { smallPdf } from './support/attachment-home.ts';
import { canMount, runCommand, runCommandHere } from './support/run-command.ts';
import { builtHome, copyOf, giveStore, newFolder, sampleClock } from './support/sample-home.ts';

const attachmentId = '0000000a-0000-4000-8000-00000000000a';
let home: Home;
let backup: string;
let keyFile: string;
/** The home as it was when the backup was made; later backups add to its audit. */
let original: Record<string, string>;

/** Every file and folder of a home that a backup must bring back, with its hash. That it was restored waits beside them for its audit. */
function contentOf(dir: string, leaveOut: RegExp = /^(temp|locks|logs|audit\/waiting)(\/|$)|\.lock$|^keys\/encryption\.key$/): Record<string, string> {
  const entries = readdirSync(dir, { recursive: true, withFileTypes: true }).map((entry) => join(entry.parentPath, entry.name));
  const kept = entries.map((path) => relative(dir, path)).filter((name) => !leaveOut.test(name));
  return Object.fromEntries(kept.toSorted().map((name) => {
    const about = statSync(join(dir, name));
    return [name, about.isDirectory() ? 'folder' : `${(about.mode & 0o777).toString(8)} ${createHash('sha256').update(readFileSync(join(dir, name))).digest('hex')}`];
  }));
}

const placeFor = (name: string) => join(newFolder('restore'), name);
const oneLine = (text: string) => expect(text.trim().split('\n')).toHaveLength(1);
const cutOff = (step: number, ...args: string[]) => spawnSync(process.execPath, [join(import.meta.dirname, 'support', 'cut-off-process.ts'), String(step), ...args], { encoding: 'utf8' });
/** Runs a command with a small disk of its own in a folder; `left` is what lies on it afterwards. */
function onSmallDisk(disk: string, size: string, args: string[]): { code: number | null; left: string; stderr: string } {
  const line = `mount -t tmpfs -o size=${size} tmpfs "$0" && "$@" >/dev/null; code=$?; ls -A "$0"; exit $code`;
  const { status, stdout, stderr } = spawnSync('unshare', ['-rm', 'sh', '-c', line, disk, process.execPath, join(import.meta.dirname, '..', 'src', 'main.ts'), ...args], { encoding: 'utf8' });
  return { code: status, left: stdout.trim(), stderr };
}

const restoreTo = (dir: string, file = backup, key = keyFile) => runCommandHere(['restore', file, dir, '--key-file', key]);

beforeAll(async () => {
  home = copyOf(await builtHome());
  await giveStore(home);
  const casework = await openCasework({ folder: home.store, clock: sampleClock });
  for (let n = 0; n < 20; n += 1) await recordAuditEvent(casework.db, sampleClock, { actorId: `u${n}`, action: 'person.read', outcome: 'done', subjectKind: 'person', subjectIds: [`p${n}`] });
  await addCheckpoint(home, casework.db, sampleClock);
  await casework.close();
  // Attached in plain, since the home has no key yet: the change of keys encrypts it.
  await openAttachmentFiles(home).write(attachmentId, smallPdf);
  await openAttachmentFiles(home).settle([attachmentId]);
  rotateKeys(home, silentProgress);
  keyFile = keyFileOf(home);
  backup = join(newFolder('backup'), 'county.backup');
  const ran = await runCommand(['backup', backup, '--home', home.dir, '--json']);
  expect(ran.stderr).toBe('');
  expect(JSON.parse(ran.stdout)).toMatchObject({ file: backup, store: 'embedded', landing: true, key: fingerprint(homeKeys(home)!.current.id), snapshot: findCurrentManifest(home)!.id });
  original = contentOf(home.dir);
}, 300_000);

describe('a backup', () => {
  it('is one encrypted file for its owner alone, in which neither a name nor the key stands', () => {
    expect(readdirSync(dirname(backup))).toEqual(['county.backup']);
    expect(statSync(backup).mode & 0o077).toBe(0);
    const bytes = readFileSync(backup);
    expect(bytes.subarray(0, 6).toString()).toBe('HWSEAL');
    for (const word of ['headwater.yaml', 'Fenmarch', 'tenancy_ref', 'Thistlewood']) expect(bytes.includes(word)).toBe(false);
  });

  it('restored is the same home to the byte: data, landing files, packs, snapshots, keys, files of cases, store and checkpoints', async () => {
    const dir = placeFor('county');
    const ran = await runCommand(['restore', backup, dir, '--key-file', keyFile, '--json']);
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    const { backup: id } = JSON.parse(ran.stdout) as { backup: string };
    expect(contentOf(dir)).toEqual(original);
    expect(readFileSync(join(dir, 'keys', 'encryption.key'), 'utf8').trim()).toBe(readFileSync(keyFile, 'utf8').trim());
    expect(statSync(join(dir, 'keys', 'encryption.key')).mode & 0o077).toBe(0);
    expect(readdirSync(dirname(dir))).toEqual(['county']);
    const restored = openHome(dir);
    expect(Object.keys(original)).toContain(join('attachments', attachmentId));
    expect([readFileSync(join(dir, 'attachments', attachmentId)).includes('Thistlewood'), openAttachmentFiles(restored).read(attachmentId)!.equals(smallPdf)]).toEqual([false, true]);
    expect(listWaitingRows(restored)).toMatchObject({ rows: [{ actorId: expect.stringMatching(/^os-user:./), action: 'home.restore', outcome: 'done', subjectKind: 'backup', subjectIds: [id] }], altered: [] });
    const casework = await openCasework({ folder: restored.store, clock: sampleClock });
    const verdict = await verifyAudit(casework.db, readCheckpoints(restored));
    await casework.close();
    expect(verdict).toMatchObject({ rows: 21, checkpoints: 2, sinceCheckpoint: 0 });
    expect(verdict.fault).toBeUndefined();
    const [there, here] = [await openLake(home), await openLake(restored)];
    const sql = 'SELECT feed, count(*) AS n FROM event GROUP BY feed ORDER BY feed';
    expect([here.snapshot, await here.rows(sql)]).toEqual([there.snapshot, await there.rows(sql)]);
    for (const lake of [there, here]) lake.close();
  });

  it('is in the audit that it holds', async () => {
    const folder = join(newFolder('store'), 'store');
    cpSync(home.store, folder, { recursive: true });
    const casework = await openCasework({ folder, clock: sampleClock });
    const last = await casework.db.selectFrom('audit_event').selectAll().orderBy('audit_event_id', 'desc').executeTakeFirstOrThrow();
    await casework.close();
    expect(last).toMatchObject({ action: 'backup.begin', subject_kind: 'backup', subject_ids: [expect.stringMatching(/^[0-9a-f]{16}$/)] });
  });

  it('may leave out the files as they were loaded', async () => {
    const file = join(newFolder('backup'), 'small.backup');
    expect((await runCommandHere(['backup', file, '--without-landing', '--home', home.dir])).stdout).toContain('Left out: the files as they were loaded');
    expect(statSync(file).size).toBeLessThan(statSync(backup).size);
    const dir = placeFor('county');
    expect((await restoreTo(dir, file)).code).toBe(0);
    const landing = /^(temp|locks|logs|store|audit)(\/|$)|\.lock$|^keys\/encryption\.key$|^loads\/.*\/landing\./;
    expect(contentOf(dir, landing)).toEqual(contentOf(home.dir, landing));
    expect(Object.keys(contentOf(dir)).filter((name) => /\/landing\./.test(name))).toEqual([]);
  });

  it('is refused where the server runs, a build runs, a file is there, or it would lie in the home', async () => {
    const file = join(newFolder('backup'), 'a.backup');
    const refusals: [() => () => void, string, number, RegExp][] = [
      [() => takeLock(home.store, 'store'), file, 5, /is using "store".*stop the other one/],
      [() => takeLock(join(home.dir, 'locks'), 'build'), file, 5, /is using "build".*Wait until it has finished/],
      [() => () => undefined, backup, 2, /There is a file here already/],
      [() => () => undefined, join(home.dir, 'a.backup'), 2, /cannot lie inside the home/],
    ];
    for (const [hold, place, code, words] of refusals) {
      const release = hold();
      try {
        const ran = await runCommandHere(['backup', place, '--home', home.dir]);
        expect(ran).toMatchObject({ code, stdout: '' });
        expect(ran.stderr).toMatch(words);
        oneLine(ran.stderr);
      } finally {
        release();
      }
    }
    expect(existsSync(file) || existsSync(`${file}.part`)).toBe(false);
  });

  it('of a home without a key is refused, with what to do', async () => {
    const ran = await runCommandHere(['backup', join(newFolder('backup'), 'a.backup'), '--home', (await builtHome()).dir]);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toMatch(/no key, and a backup is always encrypted .*keys rotate/);
  });

  it('cut off at any moment leaves the home whole and no backup under its name; the next one is whole', async () => {
    const file = join(newFolder('backup'), 'a.backup');
    const before = contentOf(home.dir);
    for (const step of [1, 30, 150]) {
      expect(cutOff(step, 'backup', home.dir, file).signal).toBe('SIGKILL');
      expect(existsSync(file)).toBe(false);
    }
    expect(contentOf(home.dir)).toEqual(before);
    expect(cutOff(0, 'backup', home.dir, file).status).toBe(0);
    expect(readdirSync(dirname(file))).toEqual(['a.backup']);
    expect((await restoreTo(placeFor('county'), file)).code).toBe(0);
  });

  it.skipIf(!canMount)('on a disk that fills leaves nothing and says so in one line', () => {
    const disk = newFolder('disk');
    const ran = onSmallDisk(disk, '200k', ['backup', join(disk, 'a.backup'), '--home', home.dir]);
    expect(ran).toMatchObject({ code: 6, left: '' });
    expect(ran.stderr).toMatch(/^headwater: The disk is full \(.*a\.backup\)\. Free some space/);
    oneLine(ran.stderr);
  });
});

describe('a restore', () => {
  it('into a home, or over anything else, is refused and touches nothing', async () => {
    const other = copyOf(home);
    const before = contentOf(other.dir);
    const ran = await restoreTo(other.dir);
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toContain('There is a partnership here already');
    expect(contentOf(other.dir)).toEqual(before);
    const folder = newFolder('notes');
    writeFileSync(join(folder, 'notes.txt'), 'mine');
    expect((await restoreTo(folder)).stderr).toContain('There is something here already');
    expect(readdirSync(folder)).toEqual(['notes.txt']);
    const empty = join(newFolder('restore'), 'empty');
    mkdirSync(empty);
    expect((await restoreTo(empty)).code).toBe(0);
  });

  it('of a damaged, cut, foreign or otherwise encrypted file says so in one line and leaves nothing', async () => {
    const folder = newFolder('harmed');
    const bytes = readFileSync(backup);
    const harm: [string, Buffer, RegExp][] = [
      ['first part', Buffer.from(bytes).fill(bytes[100]! ^ 1, 100, 101), /damaged or cut short/],
      ['middle', Buffer.from(bytes).fill(bytes[bytes.length >> 1]! ^ 1, bytes.length >> 1, (bytes.length >> 1) + 1), /damaged or cut short/],
      ['end', Buffer.from(bytes).fill(bytes.at(-1)! ^ 1, bytes.length - 1), /damaged or cut short/],
      ['cut at a part', bytes.subarray(0, 48 + 65_552), /damaged or cut short/],
      ['cut anywhere', bytes.subarray(0, bytes.length - 1000), /damaged or cut short/],
      ['head alone', bytes.subarray(0, 48), /damaged or cut short/],
      ['empty', Buffer.alloc(0), /This is not a backup of Headwater/],
      ['another file', Buffer.from('partnership: Testshire\n'), /This is not a backup of Headwater/],
    ];
    for (const [name, content, words] of harm) {
      const file = join(folder, `${name}.backup`);
      writeFileSync(file, content);
      const dir = placeFor('county');
      const ran = await restoreTo(dir, file);
      expect(ran, name).toMatchObject({ code: 3, stdout: '' });
      expect(ran.stderr, name).toMatch(words);
      oneLine(ran.stderr);
      expect(readdirSync(dirname(dir)), name).toEqual([]);
    }
    const other = join(folder, 'other.key');
    writeFileSync(other, 'cd'.repeat(32));
    const dir = placeFor('county');
    const ran = await restoreTo(dir, backup, other);
    expect(ran.code).toBe(3);
    expect(ran.stderr).toContain(`This backup needs the key ${fingerprint(homeKeys(home)!.current.id)}`);
    expect((await runCommandHere(['restore', backup, dir])).stderr).toContain('Give its file with --key-file');
    expect((await runCommandHere(['restore', join(folder, 'no such file'), dir, '--key-file', keyFile])).code).toBe(4);
    expect(readdirSync(dirname(dir))).toEqual([]);
  });

  it('with the key from the environment does not write it down', async () => {
    const dir = placeFor('county');
    const key = readFileSync(keyFile, 'utf8').trim();
    const ran = await runCommand(['restore', backup, dir, '--json'], { env: { HEADWATER_KEY: key } });
    expect(JSON.parse(ran.stdout)).toMatchObject({ home: dir, keyFile: null, partnership: 'Little Fenmarch' });
    expect(existsSync(join(dir, 'keys', 'encryption.key'))).toBe(false);
    expect((await runCommand(['doctor', '--home', dir], { env: { HEADWATER_KEY: key } })).stdout).toMatch(/^ok +key .*from HEADWATER_KEY/m);
  });

  it('cut off at any moment leaves no home; the next one takes its place and leaves nothing else', async () => {
    const dir = placeFor('county');
    for (const step of [1, 10, 20]) {
      expect(cutOff(step, 'restore', backup, dir, keyFile).signal).toBe('SIGKILL');
      expect(existsSync(dir)).toBe(false);
    }
    expect((await restoreTo(dir)).code).toBe(0);
    expect(readdirSync(dirname(dir))).toEqual([basename(dir)]);
    expect(contentOf(dir)).toEqual(original);
  });

  it.skipIf(!canMount)('on a disk that fills leaves nothing and says so in one line', () => {
    const disk = newFolder('disk');
    const ran = onSmallDisk(disk, '3m', ['restore', backup, join(disk, 'county'), '--key-file', keyFile]);
    expect(ran).toMatchObject({ code: 6, left: '' });
    expect(ran.stderr).toMatch(/^headwater: The disk is full \(.*county\)\. Free some space/);
    oneLine(ran.stderr);
  });

  it('keeps a truncated copy from being taken for a whole one, wherever it is cut', async () => {
    const file = join(newFolder('cut'), 'a.backup');
    for (const share of [0.2, 0.5, 0.9]) {
      cpSync(backup, file);
      truncateSync(file, Math.floor(statSync(backup).size * share));
      const dir = placeFor('county');
      expect((await restoreTo(dir, file)).code).toBe(3);
      expect(readdirSync(dirname(dir))).toEqual([]);
    }
  });
});
