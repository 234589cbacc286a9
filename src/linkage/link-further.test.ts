import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDuck, type Duck } from '../store/index.ts';
import { linkFurtherRecords, linkRecords, writeLinkState, type LinkDecision } from './index.ts';
import { makeRows, writeRows } from './random-people.fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'headwater-further-'));
const state = join(folder, 'first');
const all = makeRows(900);
/** Seven records in eight are there from the start. */
const early = all.filter((_, i) => i % 8 !== 3);
let duck: Duck;

const people = (table: string) => duck.rows<{ source_id: string; person_key: string }>(`FROM ${table} ORDER BY source_id`);

beforeAll(async () => {
  duck = await openDuck({ memoryLimit: '1GB' });
  await writeRows(duck, early);
  await linkRecords(duck, { source: 'source_record', out: 'first', onLinked: (linked) => writeLinkState(duck, linked, 'source_record', state) });
}, 120_000);
afterAll(() => {
  duck.close();
  rmSync(folder, { recursive: true });
});

/** A further linkage upon the first, with a tenth of the records that are not in it: once for all tests. */
let second: ReturnType<typeof linkSecond> | undefined;
const linkSecond = async () => {
  const keep = join(folder, 'second');
  return { keep, ...(await linkBoth([...early, ...all.filter((_, i) => i % 80 === 3)], state, keep)) };
};
const secondLinkage = () => (second ??= linkSecond());

/** Links the rows on top of a kept linkage, and all of them by the same model. */
async function linkBoth(rows: Record<string, string | null>[], from: string, keep: string, decisions: LinkDecision[] = []) {
  await writeRows(duck, rows);
  const whole = await linkFurtherRecords(duck, { source: 'source_record', state: from, out: 'whole', everything: true, decisions });
  const further = await linkFurtherRecords(duck, { source: 'source_record', state: from, keep, out: 'further', decisions });
  expect(await people('further')).toEqual(await people('whole'));
  return { whole, further };
}

describe('linkFurtherRecords', () => {
  it('leaves everybody as they were where nothing is new', async () => {
    await writeRows(duck, early);
    const result = await linkFurtherRecords(duck, { source: 'source_record', state, out: 'further' });
    expect(result).toMatchObject({ records: early.length, changed: 0, clustered: 0, comparedPairs: 0 });
    expect(await people('further')).toEqual(await people('first'));
  });

  it('gives the full run of the same model where all is compared anew', async () => {
    await writeRows(duck, early);
    await linkFurtherRecords(duck, { source: 'source_record', state, out: 'further', everything: true });
    expect(await people('further')).toEqual(await people('first'));
  });

  it('links new records as a full run with the same model does, and compares far fewer pairs', async () => {
    const { whole, further } = await secondLinkage();
    expect(further.changed).toBeGreaterThan(10);
    expect(further.comparedPairs).toBeLessThan(whole.comparedPairs / 5);
  });

  it('goes on from one further linkage to the next: added, changed and removed records', async () => {
    const { keep } = await secondLinkage();
    const changed = all
      .filter((_, i) => i % 16 !== 11 && i % 30 !== 7)
      .map((row, i) => (i % 25 === 0 ? { ...row, forename: 'Zebedee', birth_date: '1971-12-24' } : i % 25 === 1 ? { ...row, postcode: 'FM1 1AB' } : row));
    const { further } = await linkBoth(changed, keep, join(folder, 'third'));
    expect(further.changed).toBeGreaterThan(100);
    await linkBoth(all, join(folder, 'third'), join(folder, 'third'));
  }, 120_000);

  it('honours what reviewers decided', async () => {
    const before = new Map((await people('first')).map((row) => [row.source_id, row.person_key]));
    const [one, other] = [early[0]!.source_id!, early.find((row) => before.get(row.source_id!) !== before.get(early[0]!.source_id!))!.source_id!];
    await linkBoth(early, state, join(folder, 'decided'), [{ left: one, right: other, same: true }]);
    const after = new Map((await people('further')).map((row) => [row.source_id, row.person_key]));
    expect(after.get(one)).toBe(after.get(other));
  });

  it('says where there is no linkage to go on from', async () => {
    await expect(linkFurtherRecords(duck, { source: 'source_record', state: join(folder, 'nowhere'), out: 'x' })).rejects.toThrow(/no linkage to go on from/);
  });
});
