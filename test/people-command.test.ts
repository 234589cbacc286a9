// Merges and splits of real builds, listed, undone and followed from the command line: new records merge people, an undo gives them their
// keys back in the next build, and the undo can be undone. Likewise a split.

import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../src/core/index.ts';
import { publishDecisions, readReviewFile } from '../src/linkage/index.ts';
import { addLinkDecision, findCurrentManifest, listAuditEvents, openCasework, openDuck, snapshotFolder, takeLock, type Home } from '../src/store/index.ts';
import { runCommand, runCommandHere, type Ran } from './support/run-command.ts';
import { buildSample, giveStore, mergedHome, newFolder } from './support/sample-home.ts';

interface Event {
  event: number;
  build: string;
  kind: string;
  keysBefore: string[];
  keysAfter: string[];
  records: number;
  reason: string;
  undoes: number | null;
  undo: { state: string; by?: number; undo?: { reason: string; decidedBy: string } };
}

let home: Home;
const build = (force = false) => buildSample(home, force);
const people = (...words: string[]): Promise<Ran> => runCommandHere(['people', ...words, '--home', home.dir]);
/** As a user runs it: once for each command. */
const peopleAsProcess = (...words: string[]): Promise<Ran> => runCommand(['people', ...words, '--home', home.dir]);
const json = async <T>(...words: string[]): Promise<T> => JSON.parse((await people(...words, '--json')).stdout) as T;
const events = (...words: string[]) => json<Event[]>('events', ...words);

/** Every record's key in the snapshot that is served, or in another. */
async function keysNow(snapshot = findCurrentManifest(home)!.id): Promise<Map<string, string>> {
  return new Map((await read<{ source_id: string; person_key: string }>('source_person', '', snapshot)).map((row) => [row.source_id, row.person_key]));
}

async function read<T>(table: string, where = '', snapshot = findCurrentManifest(home)!.id): Promise<T[]> {
  const duck = await openDuck();
  try {
    return await duck.rows<T>(`SELECT * FROM '${join(snapshotFolder(home, snapshot), 'identified', `${table}.parquet`)}' ${where}`);
  } finally {
    duck.close();
  }
}

const sidesOf = (event: number) => read<{ source_id: string; side: string }>('person_event_record', `WHERE event_id = ${event}`);

let apart: Map<string, string>;
let merge: Event;
let sides: { source_id: string; side: string }[];

beforeAll(async () => {
  home = await mergedHome();
  await giveStore(home);
  apart = await keysNow((findCurrentManifest(home)!.linkage.keys as { from: string }).from);
  merge = (await events('--kind', 'merge', '--limit', '1000')).at(-1)!;
  sides = await sidesOf(merge.event);
}, 180_000);

describe('headwater people', () => {
  it('lists merges by new records, with the keys before and after', async () => {
    expect(merge).toMatchObject({ kind: 'merge', build: findCurrentManifest(home)!.id, reason: expect.stringMatching(/^(new|changed) records link them$/), undoes: null, undo: { state: 'stands' } });
    expect(merge.keysBefore).toHaveLength(2);
    expect(merge.keysBefore).toContain(merge.keysAfter[0]);
    const { stdout, code } = await peopleAsProcess('events', '--limit', '2');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Event \d+, 2026-11-02 09:00 UTC, build [0-9a-f]{16}: \w+\. .*\n {2}P\w+.* → P\w+.*\n {2}Why: .*\. Stands\.\nEvent/);
    expect(stdout).toContain('There are more. Show them with --limit.');
    expect(await events('--to', '2026-11-01')).toEqual([]);
    expect((await events('--from', '2026-11-02', '--to', '2026-11-02', '--limit', '3')).length).toBe(3);
  });

  it.each([
    ['events --kind gone', 2, /"gone" is not a kind of event/],
    ['events --from 2026-02-30', 2, /"2026-02-30" is not a day/],
    ['events --limit 0', 2, /not a whole number/],
    ['undo 99999 --reason x', 4, /There is no event 99999/],
    ['undo twelve --reason x', 2, /not a whole number/],
    ['undo 1', 2, /required option '--reason/],
    ['where Pnobody', 4, /No person has or had the key "Pnobody"/],
  ])('refuses %s', async (words, code, line) => {
    const ran = await people(...words.split(' '));
    expect(ran).toMatchObject({ code, stdout: '' });
    expect(ran.stderr).toMatch(line);
  });

  it('undoes a merge in the next build: the old keys return to the records that had them, and the next build changes nothing', async () => {
    const said = await peopleAsProcess('undo', String(merge.event), '--reason', 'Two men of one name', '--by', 'Grace');
    expect(said).toMatchObject({ code: 0, stderr: '' });
    expect(said.stdout).toContain('both people have their keys of before');
    expect(said.stdout).toContain('Run "npx headwater build"');
    expect((await events('--limit', '1000')).find(({ event }) => event === merge.event)!.undo).toMatchObject({ state: 'waiting', undo: { reason: 'Two men of one name', decidedBy: 'Grace' } });
    const twice = await people('undo', String(merge.event), '--reason', 'Again');
    expect(twice).toMatchObject({ code: 1, stdout: '' });
    expect(twice.stderr).toMatch(/It is undone already, and waits for the next build/);

    const { reused, manifest } = await build();
    expect(reused).toBe(false);
    const keys = await keysNow();
    for (const { source_id } of sides) expect(keys.get(source_id), source_id).toBe(apart.get(source_id));
    const list = await events('--limit', '1000');
    const undoing = list.find(({ undoes }) => undoes === merge.event)!;
    expect(undoing).toMatchObject({ build: manifest.id, kind: 'split', reason: `undo of event ${merge.event}: Two men of one name`, undo: { state: 'stands' } });
    expect(list.find(({ event }) => event === merge.event)!.undo).toEqual({ state: 'undone', by: undoing.event });
    expect((await people('undo', String(merge.event), '--reason', 'Again')).stderr).toContain(`It is undone already, by event ${undoing.event}`);
    for (const key of merge.keysBefore) expect(await json('where', key)).toMatchObject({ state: 'in-use', now: key });

    const before = await read('person_event');
    expect((await build(true)).manifest.id).toBe(`${manifest.id}-2`);
    expect(await read('person_event')).toEqual(before);
    expect(await keysNow()).toEqual(keys);
  }, 120_000);

  it('undoes the undo, and withdraws an undo that no build has followed', async () => {
    const [undoing] = (await events('--limit', '1000')).filter(({ undoes }) => undoes === merge.event);
    await people('undo', String(undoing!.event), '--reason', 'It is one man after all');
    const withdrawn = await people('undo', String(undoing!.event), '--withdraw', '--reason', 'Not yet');
    expect(withdrawn).toMatchObject({ code: 0, stderr: '' });
    expect(readReviewFile(home).undos!.map(({ event }) => event)).toEqual([merge.event]);
    expect((await people('undo', String(merge.event), '--withdraw', '--reason', 'Too late')).stderr).toContain(`To put it back, undo event ${undoing!.event}.`);

    await people('undo', String(undoing!.event), '--reason', 'It is one man after all');
    await build();
    const keys = await keysNow();
    expect(new Set(sides.map(({ source_id }) => keys.get(source_id))).size).toBe(1);
    const list = await events('--limit', '1000');
    const again = list.find(({ undoes }) => undoes === undoing!.event)!;
    expect(again).toMatchObject({ kind: 'merge', reason: `undo of event ${undoing!.event}: It is one man after all` });
    expect(list.find(({ event }) => event === merge.event)!.undo).toEqual({ state: 'stands' });
    const ended = again.keysBefore.find((key) => key !== again.keysAfter[0])!;
    expect(await json('where', ended)).toMatchObject({ state: 'merged', now: again.keysAfter[0] });
    expect((await peopleAsProcess('where', ended)).stdout).toMatch(new RegExp(`^${ended} has ended\\. It means ${again.keysAfter[0]} now\\.`));
    const refused = await people('undo', String(merge.event), '--reason', 'Two men');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain(`The undo of event ${undoing!.event}, made since, decided otherwise (event ${merge.event}). Undo event ${again.event}, to which it led.`);
  }, 120_000);

  it('refuses what two people settled in the review, and says on which records', async () => {
    const list = await events('--kind', 'merge', '--limit', '1000');
    const other = list.find(({ event, undo, undoes }) => event !== merge.event && undo.state === 'stands' && undoes === null)!;
    const records = await sidesOf(other.event);
    const [left, right] = [records.find(({ side }) => side === 'moved')!.source_id, records.find(({ side }) => side === 'joined')!.source_id].toSorted() as [string, string];
    const casework = await openCasework({ folder: home.store, clock: systemClock });
    for (const [i, decidedBy] of ['u1', 'u2'].entries()) await addLinkDecision(casework.db, systemClock, { left, right, decision: 'same', decidedBy }, () => ({ round: 1, seat: i + 1 }));
    await publishDecisions(home, casework.db);
    await casework.close();
    const ran = await people('undo', String(other.event), '--reason', 'Two men');
    expect(ran).toMatchObject({ code: 1, stdout: '' });
    expect(ran.stderr).toContain(`${left} and ${right}`);
    expect(ran.stderr).toMatch(/People settled in the review on \d{4}-\d\d-\d\d, since the event, that two of its records are the same person/);
  }, 120_000);

  it('undoes a split: the key of before comes back to all of its records', async () => {
    const aside = join(newFolder('aside'), 'school-roll');
    renameSync(join(home.loads, 'school-roll'), aside);
    const before = await keysNow();
    await build();
    const split = (await events('--kind', 'split', '--limit', '1000')).find((event) => event.build === findCurrentManifest(home)!.id)!;
    expect(split.reason).toMatch(/changed records tell them apart|records that linked them were removed/);
    const records = await sidesOf(split.event);
    expect((await people('undo', String(split.event), '--reason', 'One woman who moved')).stdout).toContain('as one person with the key of before');
    await build();
    const keys = await keysNow();
    for (const { source_id } of records) expect(keys.get(source_id)).toBe(before.get(source_id));
    expect((await events()).find(({ undoes }) => undoes === split.event)).toMatchObject({ kind: 'merge', reason: `undo of event ${split.event}: One woman who moved` });
  }, 120_000);

  it('refuses an event that moved no records, and does nothing beside a server', async () => {
    const gone = await read<{ event_id: number }>('person_event', `WHERE kind = 'gone' LIMIT 1`);
    expect((await people('undo', String(gone[0]!.event_id), '--reason', 'x'))).toMatchObject({ code: 2, stderr: expect.stringContaining('Only a merge, a split or a move can be undone') });
    const release = takeLock(home.store, 'store');
    try {
      const busy = await people('undo', String(merge.event), '--reason', 'x');
      expect(busy.code).toBe(5);
      expect(busy.stderr).toContain('/linkage/events');
      expect((await people('events', '--limit', '1')).code).toBe(0);
    } finally {
      release();
    }
  });

  it('stands in the audit by the ids of the records', async () => {
    const casework = await openCasework({ folder: home.store, clock: systemClock });
    try {
      const audited = (await listAuditEvents(casework.db, { limit: 100 })).filter(({ action }) => action.startsWith('person-event.'));
      expect(audited.filter(({ outcome }) => outcome === 'done').map(({ action }) => action).toReversed()).toEqual(['person-event.undo', 'person-event.undo', 'person-event.withdraw', 'person-event.undo', 'person-event.undo']);
      expect(audited.at(-1)).toMatchObject({ actorId: 'Grace', subjectKind: 'source-record', subjectIds: expect.arrayContaining(sides.map(({ source_id }) => source_id)) });
      expect(audited.some(({ outcome }) => outcome === 'refused')).toBe(true);
    } finally {
      await casework.close();
    }
  });
});
