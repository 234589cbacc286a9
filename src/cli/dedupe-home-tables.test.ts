// A home's own tables, linked from the command line: read with the home's key, for whoever says who they are and why.

import { existsSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { runCommandHere } from '../../test/support/run-command.ts';
import { giveStore, newFolder } from '../../test/support/sample-home.ts';
import { systemClock } from '../core/index.ts';
import { dedupeFiles } from '../linkage/index.ts';
import { tinyHeadings, tinyRows } from '../linkage/tiny-files.fixture.ts';
import { fingerprint, homeKeys, listAuditEvents, openCasework, openDuck, openHome, sealFile, sealParquet, text, type Home } from '../store/index.ts';

const asking = ['--by', 'ada.okafor', '--purpose', 'information-governance'];
const zone = join('lake', 'snapshots', 's1', 'identified');

let home: Home;
let name: string;
/** The same table: in the home, as a copy elsewhere, and plain in a home without a key. */
let table: string;
let copy: string;
let plain: string;
let dir: string;
let out: string;

beforeAll(async () => {
  dir = newFolder('own-tables');
  out = join(dir, 'linked');
  await runCommandHere(['init', join(dir, 'home')]);
  home = openHome(join(dir, 'home'));
  await giveStore(home);
  const keys = homeKeys(home)!;
  name = fingerprint(keys.current.id);
  const keyless = join(dir, 'keyless');
  for (const folder of [join(home.dir, zone), join(keyless, zone)]) mkdirSync(folder, { recursive: true });
  symlinkSync(home.dir, join(dir, 'link'));
  writeFileSync(join(keyless, 'headwater.yaml'), 'partnership: Keyless\n');
  [table, copy, plain] = [join(home.dir, zone, 'source_record.parquet'), join(dir, 'copy.parquet'), join(keyless, zone, 'source_record.parquet')];
  writeFileSync(join(dir, 'rows.csv'), [tinyHeadings, ...tinyRows(30)].join('\n'));
  const duck = await openDuck();
  await duck.run(`COPY (SELECT agency || ':' || ref AS source_id, * EXCLUDE (ref) FROM read_csv(${text(join(dir, 'rows.csv'))}, all_varchar = true)) TO ${text(plain)} (FORMAT parquet)`);
  duck.close();
  for (const path of [table, copy]) sealParquet(plain, path, keys.current);
});

const dedupe = (file: string, ...more: string[]) => runCommandHere(['dedupe', file, '--id', 'source_id', '--out', out, ...more]);

async function auditRows() {
  const casework = await openCasework({ folder: home.store, clock: systemClock });
  try {
    return (await listAuditEvents(casework.db, { limit: 10 })).filter(({ action }) => action === 'home.link-tables').map(({ actorId, outcome, subjectKind, subjectIds, purpose }) => [actorId, outcome, subjectKind, subjectIds, purpose]);
  } finally {
    await casework.close();
  }
}

describe('dedupe of a home’s own tables', () => {
  it.each([
    ['without saying who and why', () => dedupe(table, '--home', home.dir), 2, /^headwater: This is a home’s own table of people.*source_record\.parquet\)\. Say so: --by NAME --purpose/],
    ['without saying why', () => dedupe(table, '--home', home.dir, '--by', 'ada.okafor'), 2, /--purpose information-governance/],
    ['for a purpose that is about no named people', () => dedupe(table, '--home', home.dir, '--by', 'ada.okafor', '--purpose', 'evaluation'), 2, /no purpose about named people \(--purpose\)/],
    ['into the home', () => dedupe(table, '--home', home.dir, ...asking, '--out', join(home.dir, 'linked')), 2, /cannot lie inside the home/],
    ['into the home by a link', () => dedupe(table, '--home', home.dir, ...asking, '--out', join(dir, 'link', 'new', 'linked')), 2, /cannot lie inside the home/],
    ['for an analysis of blocking, without saying who and why', () => dedupe(table, '--home', home.dir, '--blocking', 'analyse'), 2, /who they are and why/],
    ['of a home without a key, likewise', () => dedupe(plain, '--home', join(dir, 'keyless')), 2, /who they are and why/],
    ['of another home than the one named', () => dedupe(plain, '--home', home.dir, ...asking), 2, /lies in another home \(.*Name that one: --home .*keyless/],
    ['as labels beside a file of one’s own', () => runCommandHere(['dedupe', join(dir, 'rows.csv'), '--id', 'ref', '--source', 'agency', '--labels', copy, '--home', home.dir, '--out', out]), 2, /who they are and why \(.*copy\.parquet\)/],
  ])('is refused %s', async (_when, run, code, words) => {
    const ran = await run();
    expect(ran).toMatchObject({ code, stdout: '', stderr: expect.stringMatching(words) });
    expect(ran.stderr.trim().split('\n')).toHaveLength(1);
    expect(existsSync(out)).toBe(false);
  });

  it('says which key is missing: with no home, with one that has another, and where a program gives none', async () => {
    expect((await dedupe(copy, ...asking)).stderr).toMatch(new RegExp(`The key ${name} is needed|encrypted with the key ${name} of a home .*--home`));
    const ran = await dedupe(copy, '--home', join(dir, 'keyless'), ...asking);
    expect(ran).toMatchObject({ code: 3, stdout: '', stderr: expect.stringMatching(new RegExp(`^headwater: The key ${name} is needed to read what is encrypted here \\(.*copy\\.parquet\\)\\. Give it with HEADWATER_KEY`)) });
    await expect(dedupeFiles({ files: [copy], idColumn: 'source_id', out: join(dir, 'none') })).rejects.toThrow(`The key ${name} is needed`);
    expect(readdirSync(join(dir, 'none'))).toEqual([]);
  });

  it('says of an encrypted file that is no table that it is none', async () => {
    const file = join(dir, 'landing.csv');
    sealFile(join(dir, 'rows.csv'), file, homeKeys(home)!.current);
    expect((await dedupe(file, '--home', home.dir)).stderr).toMatch(/who they are and why \(.*landing\.csv\)/);
    await expect(dedupeFiles({ files: [file], idColumn: 'ref', out: join(dir, 'none') })).rejects.toThrow(/encrypted by Headwater, and is no table \(.*landing\.csv\)/);
  });

  it('links them for the owner of the result alone, and the audit says who read which and why', async () => {
    const ran = await dedupe(table, '--home', home.dir, ...asking, '--source', 'agency', '--truth', 'person', '--measures', '--json');
    expect(ran.stderr).toBe('');
    const linked = JSON.parse(ran.stdout) as { records: number; clusters: { f1: number } };
    expect(linked.records).toBe(tinyRows(30).length);
    expect(linked.clusters.f1).toBeGreaterThan(0.85);
    const files = readdirSync(out);
    expect(files.toSorted()).toEqual(['cluster-measures.parquet', 'clusters.parquet', 'pairs.parquet']);
    expect(files.filter((file) => (statSync(join(out, file)).mode & 0o077) !== 0)).toEqual([]);
    expect(statSync(out).mode & 0o077).toBe(0);
    expect(readdirSync(home.temp)).toEqual([]);
    expect(await auditRows()).toEqual([['ada.okafor', 'done', 'table', ['lake/snapshots/s1/identified/source_record.parquet'], 'information-governance']]);
  });
});
