import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { z } from 'zod';
import { readPack } from './packs.ts';

const packs = mkdtempSync(join(tmpdir(), 'headwater-packs-'));
afterAll(() => rmSync(packs, { recursive: true, force: true }));

const schema = z.strictObject({ title: z.string(), codes: z.array(z.string()), rest: z.unknown() });
const write = (yaml: string) => writeFileSync(join(packs, 'made-up.yaml'), yaml);
const read = () => readPack(packs, 'made-up', schema);

it('a pack that is edited is read anew, and its hash changes', () => {
  mkdirSync(packs, { recursive: true });
  write('title: One\ncodes: [a]\nrest: {deep: [1]}\n');
  const first = read();
  expect(read()).toEqual(first);
  write('title: Two\ncodes: [a]\nrest: {deep: [1]}\n');
  expect(read().value.title).toBe('Two');
  expect(read().sha256).not.toBe(first.sha256);
});

it('what one reader does to a pack does not reach the next', () => {
  write('title: One\ncodes: [a]\nrest: {deep: [1]}\n');
  for (let turn = 0; turn < 3; turn += 1) {
    const { value } = read();
    expect(value).toEqual({ title: 'One', codes: ['a'], rest: { deep: [1] } });
    value.codes.push('b');
    (value.rest as { deep: number[] }).deep.push(2);
  }
});

it('a mistake is named with its line each time, whether the schema or YAML finds it', () => {
  write('title: One\ncodes:\n  - a\n  - 7\nrest: 1\n');
  for (let turn = 0; turn < 2; turn += 1) expect(read).toThrow(/codes\.1: .*made-up\.yaml:4/);
  write('title: One\ncodes: [\n');
  for (let turn = 0; turn < 2; turn += 1) expect(read).toThrow(/not valid YAML.*made-up\.yaml:\d+/);
});
