import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { fileIn, temporaryHome } from '../../test/support/ingest-home.ts';
import { scanLanding } from './scan-landing.ts';

const home = temporaryHome();
const scan = (content: string | Buffer<ArrayBuffer>, gzip = false) => {
  const bytes = gzip ? gzipSync(content) : Buffer.from(content);
  const path = fileIn(home, 'scan', bytes);
  return scanLanding({ path, name: 'scan', bytes: bytes.length, gzip, bom: false }).then((result) => ({ ...result, same: result.sha256 === createHash('sha256').update(bytes).digest('hex') }));
};

describe('one pass over a landed file', () => {
  it('counts physical lines, with or without a last line end', async () => {
    expect((await scan('a\nb\n')).lines).toBe(2);
    expect((await scan('a\nb')).lines).toBe(2);
    expect((await scan('a\r\nb\r\n')).lines).toBe(2);
    expect((await scan('a\rb\r')).lines).toBe(2);
  });

  it('names the line ends', async () => {
    const kinds: string[] = [];
    for (const text of ['a\nb\n', 'a\r\nb\r\n', 'a\rb\r', 'a\r\nb\n', 'a\nb\rc', 'a']) kinds.push((await scan(text)).newline);
    expect(kinds).toEqual(['lf', 'crlf', 'cr', 'mixed', 'mixed', 'none']);
  });

  it('sees Windows-1252 and NUL anywhere, and characters cut by a chunk as whole', async () => {
    const long = 'é'.repeat(700_000);
    expect(await scan(`x${long}\n`)).toMatchObject({ utf8: true, nul: false, same: true });
    expect(await scan(`${long}\n`, true)).toMatchObject({ utf8: true, lines: 1, same: true });
    expect((await scan(Buffer.from([0x61, 0xe9, 0x0a]))).utf8).toBe(false);
    expect((await scan(Buffer.from([0x61, 0xc3]))).utf8).toBe(false);
    expect((await scan('a\u0000b\n')).nul).toBe(true);
  });

  it('counts line ends that a chunk cuts in two', async () => {
    const edge = 1 << 20;
    const text = `${'x'.repeat(edge - 1)}\r\n${'y'.repeat(10)}\r\n`;
    expect(await scan(text)).toMatchObject({ newline: 'crlf', lines: 2 });
  });
});
