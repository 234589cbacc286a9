import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, it } from 'vitest';
import { asReadingProblem, openText } from './source-file.ts';

const dir = mkdtempSync(join(tmpdir(), 'headwater-bomb-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const mebibyte = 1024 * 1024;
/** A gzip file may be many in a row. */
function writeGzip(name: string, part: Buffer, parts: number) {
  const path = join(dir, name);
  writeFileSync(path, Buffer.concat(Array.from({ length: parts }, () => gzipSync(part))));
  return { path, gzip: true, bytes: statSync(path).size };
}

async function readAll(file: Parameters<typeof openText>[0]): Promise<number> {
  let bytes = 0;
  for await (const chunk of openText(file) as AsyncIterable<Buffer>) bytes += chunk.length;
  return bytes;
}

it('a gzip file that swells to fill a disk is refused before it does, with what to do', async () => {
  const bomb = writeGzip('bomb.csv.gz', Buffer.alloc(16 * mebibyte, 'a,b\n'), 40);
  expect(bomb.bytes).toBeLessThan(3 * mebibyte);
  const error: unknown = await readAll(bomb).catch((each: unknown) => asReadingProblem(each, 'bomb.csv.gz'));
  expect(error).toMatchObject({ kind: 'badInput', details: { what: 'The gzip file unpacks to more than 200 times its size', where: 'bomb.csv.gz' } });
});

it('a small one that swells as far is read, and so is a large one that swells as tables do', async () => {
  expect(await readAll(writeGzip('even.csv.gz', Buffer.alloc(4 * mebibyte, 'a,b\n'), 2))).toBe(8 * mebibyte);
  const rows = Buffer.from(Array.from({ length: 60_000 }, (_, n) => `${n},${(n * 7919) % 10_007},burglary\n`).join(''));
  const plain = writeGzip('rows.csv.gz', rows, 3);
  expect(await readAll(plain)).toBe(rows.length * 3);
});
