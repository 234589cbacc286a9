import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, it } from 'vitest';
import { fileIn, load, packIn, tally, temporaryHome, visitHeadings, visitPack } from '../../test/support/ingest-home.ts';
import { openDuck } from '../store/index.ts';
import { stopStaging } from './row-stage.store.ts';
import { asReadingProblem, openText } from './source-file.ts';

const dir = mkdtempSync(join(tmpdir(), 'headwater-bomb-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const mebibyte = 1024 * 1024;
/** A gzip file may be many in a row. */
function writeGzip(name: string, packed: Buffer, parts: number, first = '') {
  const path = join(dir, name);
  writeFileSync(path, Buffer.concat([...(first === '' ? [] : [gzipSync(first)]), ...Array.from({ length: parts }, () => packed)]));
  return { path, name, gzip: true, bytes: statSync(path).size };
}

async function readAll(file: Parameters<typeof openText>[0]): Promise<number> {
  let bytes = 0;
  for await (const chunk of openText(file) as AsyncIterable<Buffer>) bytes += chunk.length;
  return bytes;
}

it('a gzip file that swells to fill a disk is refused before it does, with what to do', async () => {
  const bomb = writeGzip('bomb.csv.gz', gzipSync(Buffer.alloc(16 * mebibyte, 'a,b\n')), 40);
  expect(bomb.bytes).toBeLessThan(3 * mebibyte);
  const error: unknown = await readAll(bomb).catch((each: unknown) => asReadingProblem(each, 'bomb.csv.gz'));
  expect(error).toMatchObject({ kind: 'badInput', details: { what: 'The gzip file unpacks to more than 200 times its size', where: 'bomb.csv.gz' } });
});

it('a small one that swells as far is read, and so is a large one that swells as tables do', async () => {
  expect(await readAll(writeGzip('even.csv.gz', gzipSync(Buffer.alloc(4 * mebibyte, 'a,b\n')), 2))).toBe(8 * mebibyte);
  const rows = Buffer.from(Array.from({ length: 60_000 }, (_, n) => `${n},${(n * 7919) % 10_007},burglary\n`).join(''));
  const plain = writeGzip('rows.csv.gz', gzipSync(rows), 3);
  expect(await readAll(plain)).toBe(rows.length * 3);
});

// A column that the contract does not know makes rows few and long.
const headings = `${visitHeadings},spare`;
const row = `R1,2025-04-01,home,${'a'.repeat(90)},-0.4,51.9,${'b'.repeat(1000)}\n`;
const rows = Buffer.from(row.repeat(Math.floor((16 * mebibyte) / row.length)));
const packedRows = gzipSync(rows);

it.each([['read by the query engine at once', ''], ['read with care', '\ufeff']])('a load of such a file is refused and leaves nothing, where it is %s', async (_case, mark) => {
  const home = temporaryHome();
  packIn(home, 'feeds/visit', visitPack);
  const bomb = writeGzip('swollen.csv.gz', packedRows, 40, `${mark}${headings}\n`);
  expect(bomb.bytes).toBeLessThan(3 * mebibyte);
  await expect(load(home, 'visit', bomb.path)).rejects.toMatchObject({ kind: 'badInput', details: { what: 'The gzip file unpacks to more than 200 times its size', where: 'swollen.csv.gz' } });
  expect(readdirSync(join(home.loads, 'visit'))).toEqual([]);
  expect(readdirSync(home.temp)).toEqual([]);
  // The home is as ready as before.
  expect(tally(await load(home, 'visit', fileIn(home, 'sound.csv', `${headings}\n${row}`)))).toEqual([1, 1, 0, 0]);
});

it('a large file is loaded whole that swells too far at its beginning alone', async () => {
  const home = temporaryHome();
  packIn(home, 'feeds/visit', visitPack);
  const after = Buffer.from(Array.from({ length: 120_000 }, (_, n) => `S${n},2025-04-01,home,${(n * 104_729) % 999_983} ${(n * 7_368_787) % 179_424_673},-0.4,51.9,\n`).join(''));
  const path = join(dir, 'mixed.csv.gz');
  writeFileSync(path, Buffer.concat([gzipSync(`${headings}\n`), ...Array.from({ length: 17 }, () => packedRows), gzipSync(after)]));
  expect(statSync(path).size * 200).toBeGreaterThan(17 * rows.length + after.length);
  const counts = await load(home, 'visit', path);
  expect(counts).toMatchObject({ rows: 17 * (rows.length / row.length) + 120_000, quarantined: 0 });
});

it('a staging that is stopped ends at once, also between two statements', async () => {
  const duck = await openDuck({ threads: 1 });
  try {
    let statements = 0;
    const endless = (async () => {
      for (;;) {
        statements += 1;
        await duck.run('SELECT 1');
        await duck.run('SELECT sum(a.range * b.range) FROM range(10000000) a, range(10000000) b');
      }
    })();
    await stopStaging(duck, endless);
    expect(statements).toBeGreaterThan(0);
    await expect(endless).rejects.toThrow(/interrupt/i);
    expect(await duck.one('SELECT 1 AS one')).toEqual({ one: 1 });
  } finally {
    duck.close();
  }
});
