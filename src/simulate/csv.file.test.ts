import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { csvLine, openCsv } from './csv.file.ts';

const dir = mkdtempSync(join(tmpdir(), 'headwater-csv-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe('CSV files', () => {
  it('quote what needs it and write nothing for an empty cell', () => {
    expect(csvLine(['a', 1, true, null, undefined, '', 'x,y', 'say "no"', 'two\nlines'])).toBe('a,1,true,,,,"x,y","say ""no""","two\nlines"\n');
  });

  it('hold the rows that were written, plain or gzip', async () => {
    for (const gzip of [false, true]) {
      const path = join(dir, `rows.csv${gzip ? '.gz' : ''}`);
      const file = openCsv(path, ['n', 'text'], gzip);
      for (let n = 0; n < 50_000; n += 1) {
        file.row([n, 'some words']);
        if (n % 5000 === 0) await file.flush();
      }
      await file.close();
      const bytes = readFileSync(path);
      const lines = (gzip ? gunzipSync(bytes) : bytes).toString().trimEnd().split('\n');
      expect(file.rows).toBe(50_000);
      expect(lines).toHaveLength(50_001);
      expect(lines.at(-1)).toBe('49999,some words');
    }
  });

  it('say what is wrong where a folder cannot be made', () => {
    writeFileSync(join(dir, 'taken'), '');
    expect(() => openCsv(join(dir, 'taken', 'rows.csv'), ['n'])).toThrow(/ENOTDIR|EEXIST/);
  });

  it('fail when the file cannot be written, rather than wait for ever', async () => {
    const file = openCsv(join(dir, 'gone', 'rows.csv'), ['n']);
    await file.close();
    const folder = openCsv(join(dir, 'gone'), ['n']);
    await expect(folder.close()).rejects.toThrow();
  });
});
