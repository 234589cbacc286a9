// What holds for any file: every row in exactly one of three, loading again changes nothing, the order of files does not matter.

import * as fc from 'fast-check';
import { chmodSync, mkdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { fileIn, load, packIn, standardRecords, tally, temporaryHome, visitHeadings, visitPack } from '../../test/support/ingest-home.ts';
import type { Home } from '../store/index.ts';
import { listLoads, rowLineage } from './index.ts';

const contracts = {
  key: visitPack,
  row: visitPack.replace('key: [ref]', 'key: row'),
  occurrence: visitPack.replace('key: [ref]', 'key: occurrence'),
  optional: visitPack.replace('{ name: ref, type: text, required: true }', '{ name: ref, type: text }'),
};

function homeWith(contract: keyof typeof contracts): Home {
  const home = temporaryHome();
  packIn(home, 'feeds/visit', contracts[contract]);
  return home;
}

/** Rows good and bad, with few different values so that keys and whole rows repeat. */
const row = fc
  .record({
    ref: fc.constantFrom('R1', 'R2', 'R3', ''),
    day: fc.constantFrom('2025-04-01', '1/4/2025', '2025-04-02', '31/02/2025'),
    kind: fc.constantFrom('home', 'office', 'Home', 'pub', ''),
    note: fc.constantFrom('', 'a', '"b, c"', '"two\nlines"', '"broken'),
    place: fc.constantFrom(',', '-0.4,51.9', '0,0', '-0.4', '-0.4,51.9,x'),
  })
  .map(({ ref, day, kind, note, place }) => `${ref},${day},${kind},${note},${place}`);
const fileOf = fc.array(row, { maxLength: 12 });
const csv = (rows: string[]) => `${visitHeadings}\n${rows.map((one) => `${one}\n`).join('')}`;

/** What the standard records say, without the load and line they came from. */
async function picture(home: Home): Promise<unknown> {
  const duck = await standardRecords(home);
  try {
    return {
      events: await duck.rows('SELECT * EXCLUDE (load_id, line) FROM event ORDER BY ALL'),
      places: await duck.rows('SELECT * EXCLUDE (load_id, line) FROM place ORDER BY ALL'),
      reasons: await duck.rows('SELECT * FROM quarantine_reason ORDER BY ALL'),
    };
  } finally {
    duck.close();
  }
}

describe('loading any file', () => {
  it.each(['key', 'row', 'occurrence', 'optional'] as const)('puts every row in exactly one of three, and loading it again changes nothing (%s)', async (contract) => {
    await fc.assert(
      fc.asyncProperty(fileOf, fileOf, async (first, second) => {
        const home = homeWith(contract);
        const one = fileIn(home, 'one.csv', csv(first));
        const two = fileIn(home, 'two.csv', csv(second));
        const loaded = [await load(home, 'visit', one), await load(home, 'visit', two)];
        for (const counts of loaded) expect(counts.accepted + counts.quarantined + counts.repeated).toBe(counts.rows);
        const before = await picture(home);
        const held = listLoads(home).length;
        const again = await load(home, 'visit', one, two);
        expect(again).toMatchObject({ accepted: 0, quarantined: 0, repeated: again.rows, rows: loaded[0]!.rows + loaded[1]!.rows });
        expect(listLoads(home)).toHaveLength(held);
        // The same content in another dress is another file with nothing new in it.
        const zipped = await load(home, 'visit', fileIn(home, 'zipped.csv', gzipSync(csv(first))));
        expect(zipped).toMatchObject({ accepted: 0, quarantined: 0, repeated: zipped.rows });
        expect(await picture(home)).toEqual(before);
      }),
      { numRuns: 3 },
    );
  });

  it.each(['row', 'occurrence'] as const)('gives the same records whichever file comes first, where rows have no key (%s)', async (contract) => {
    await fc.assert(
      fc.asyncProperty(fileOf, fileOf, async (first, second) => {
        const pictures = [];
        for (const order of [[first, second], [second, first]]) {
          const home = homeWith(contract);
          const counts = await load(home, 'visit', ...order.map((rows, i) => fileIn(home, `${i}.csv`, csv(rows))));
          pictures.push({ accepted: counts.accepted, quarantined: counts.quarantined, picture: await picture(home) });
        }
        expect(pictures[1]).toEqual(pictures[0]);
      }),
      { numRuns: 4 },
    );
  });

  it('counts as many rows accepted whichever file comes first, where rows have keys', async () => {
    await fc.assert(
      fc.asyncProperty(fileOf, fileOf, async (first, second) => {
        const accepted = [];
        for (const order of [[first, second], [second, first]]) {
          const home = homeWith('key');
          accepted.push((await load(home, 'visit', ...order.map((rows, i) => fileIn(home, `${i}.csv`, csv(rows))))).accepted);
        }
        expect(accepted[1]).toBe(accepted[0]);
      }),
      { numRuns: 4 },
    );
  });
});

describe('a home that may not be written', () => {
  it.skipIf(process.getuid?.() === 0)('says so in one line', async () => {
    const home = homeWith('key');
    const file = fileIn(home, 'a.csv', csv([]));
    mkdirSync(home.loads);
    chmodSync(home.loads, 0o555);
    await expect(load(home, 'visit', file)).rejects.toMatchObject({ kind: 'storage', message: expect.stringContaining('may not write here') });
    chmodSync(home.loads, 0o755);
  });
});

describe('the same file twice in one call', () => {
  it('is loaded once, under whatever names', async () => {
    const home = homeWith('occurrence');
    const content = csv(['R1,2025-04-01,home,,,', 'R1,2025-04-01,home,,,', 'R2,bad,,,,']);
    const files = ['a.csv', 'b.csv', 'c.csv'].map((name) => fileIn(home, name, content));
    expect(tally(await load(home, 'visit', ...files))).toEqual([9, 2, 1, 6]);
    expect(listLoads(home).map((one) => one.file)).toEqual(['a.csv']);
  });
});

describe('rows without a key', () => {
  it('count as often as they occur in one file, and once over several', async () => {
    const home = homeWith('optional');
    const same = ',2025-04-01,home,,-0.4,51.9';
    expect(tally(await load(home, 'visit', fileIn(home, 'a.csv', csv([same, same, same]))))).toEqual([3, 3, 0, 0]);
    expect(tally(await load(home, 'visit', fileIn(home, 'b.csv', csv([same, same, 'R1,2025-04-01,,,,']))))).toEqual([3, 1, 0, 2]);
    expect(tally(await load(home, 'visit', fileIn(home, 'c.csv', csv([same, same, same, same]))))).toEqual([4, 1, 0, 3]);
  });
});

describe('a corrected file', () => {
  it('supersedes with history: the record says the later, the lineage both, by file and line', async () => {
    const home = homeWith('key');
    const first = fileIn(home, 'first.csv', csv(['R1,2025-04-01,home,old,,', 'R2,2025-04-01,home,,,']));
    const second = fileIn(home, 'second.csv', csv(['R2,2025-04-01,home,,,', 'R3,2025-04-01,home,,,', 'R1,2025-04-05,office,new,,']));
    expect(tally(await load(home, 'visit', first))).toEqual([2, 2, 0, 0]);
    expect(tally(await load(home, 'visit', second))).toEqual([3, 2, 0, 1]);
    const duck = await standardRecords(home);
    expect(await duck.rows(`SELECT event_id, detail, line FROM event ORDER BY event_id`)).toEqual([
      { event_id: 'visit:R1', detail: 'new', line: 4 },
      { event_id: 'visit:R2', detail: null, line: 3 },
      { event_id: 'visit:R3', detail: null, line: 3 },
    ]);
    expect(await duck.rows('SELECT files, rows, accepted, repeated, superseded FROM feed_quality')).toEqual([{ files: 2, rows: 5, accepted: 4, repeated: 1, superseded: 1 }]);
    duck.close();
    expect(await rowLineage(home, 'visit:R1')).toMatchObject([
      { file: 'first.csv', line: 2, current: false },
      { file: 'second.csv', line: 4, current: true },
    ]);
    await expect(rowLineage(home, 'visit:R9')).rejects.toThrow('No record has the id "visit:R9"');
  });
});

describe('a contract that a partnership changes', () => {
  it('can be the guide’s own example', async () => {
    const guide = readFileSync(resolve(import.meta.dirname, '../../docs/how-to/load-your-data.md'), 'utf8');
    const [, yaml = ''] = /```yaml\n([\s\S]*?)```/.exec(guide) ?? [];
    const home = temporaryHome();
    packIn(home, 'feeds/warden-patrol', yaml);
    const file = fileIn(home, 'w.csv', 'patrol_ref,seen_at,what,longitude,latitude\nW1,2025-04-01 21:30,drinking,-0.4,51.9\n');
    expect(tally(await load(home, 'warden-patrol', file))).toEqual([1, 1, 0, 0]);
    const duck = await standardRecords(home);
    expect(await duck.rows('SELECT event_id, category, flags, started_at, place_id FROM event')).toEqual([
      { event_id: 'warden-patrol:W1', category: 'complaint-drugs-alcohol', flags: ['alcohol'], started_at: '2025-04-01T21:30:00', place_id: 'point:-0.400000,51.900000' },
    ]);
    duck.close();
  });

  it('is used instead of the product’s, and its own feed needs no code', async () => {
    const home = homeWith('key');
    expect(tally(await load(home, 'visit', fileIn(home, 'v.csv', csv(['R1,2025-04-01,home,,-0.4,51.9']))))).toEqual([1, 1, 0, 0]);
    const duck = await standardRecords(home);
    expect(await duck.rows('SELECT event_id, kind, category, started_at, time_precision, place_id FROM event')).toEqual([
      { event_id: 'visit:R1', kind: 'asb-complaint', category: 'complaint-noise', started_at: '2025-04-01', time_precision: 'day', place_id: 'point:-0.400000,51.900000' },
    ]);
    duck.close();
  });

  it('by a column more still knows the rows it holds', async () => {
    const home = homeWith('row');
    const rows = ['R1,2025-04-01,home,,,', 'R2,2025-04-01,,,,'];
    expect(tally(await load(home, 'visit', fileIn(home, 'before.csv', csv(rows))))).toEqual([2, 2, 0, 0]);
    packIn(home, 'feeds/visit', contracts.row.replace('  - { name: note,', '  - { name: size, type: integer }\n  - { name: note,'));
    const after = `${visitHeadings},size\n${rows.map((one) => `${one},\n`).join('')}R2,2025-04-01,,,,,7\n`;
    expect(tally(await load(home, 'visit', fileIn(home, 'after.csv', after)))).toEqual([3, 1, 0, 2]);
  });

  it('that names a column it does not have is refused with its file', async () => {
    const home = temporaryHome();
    packIn(home, 'feeds/visit', visitPack.replace('started_at: day', 'started_at: dya'));
    await expect(load(home, 'visit', fileIn(home, 'v.csv', csv([])))).rejects.toThrow(/there is no column "dya"\. Did you mean "day"\? .*visit\.yaml:\d+\)/);
  });
});
