// docs/capabilities.md says only what is there: each state is known, and each test, page and command it names exists.

import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pages } from '../src/web/index.ts';

const root = resolve(import.meta.dirname, '..');
const rows = readFileSync(join(root, 'docs', 'capabilities.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !/^\| (step|capability|who|system) /.test(line))
  .map((line) => line.slice(1, -1).split('|').map((cell) => cell.trim()));
const quoted = (text: string) => [...text.matchAll(/`([^`]+)`/g)].map((match) => match[1]!);

describe('the list of capabilities', () => {
  it('gives every row one of three states', () => {
    expect(rows.length).toBeGreaterThan(50);
    expect(rows.filter(([, state]) => !['works', 'partly', 'not yet'].includes(state!))).toEqual([]);
  });

  it('names a test that exists for all that works, even partly', () => {
    const tests = rows.flatMap((row) => row.flatMap(quoted)).filter((name) => name.endsWith('.test.ts'));
    expect(tests.filter((name) => !existsSync(join(root, name)))).toEqual([]);
    const without = rows.filter(([, state, ...rest]) => state !== 'not yet' && !rest.some((cell) => cell.includes('.test.ts')));
    expect(without).toEqual([]);
  });

  it('names pages and commands that exist', () => {
    const names = rows.flatMap((row) => row.flatMap(quoted));
    const web = globSync('src/web/**/*.ts', { cwd: root }).filter((file) => !file.endsWith('.test.ts')).map((file) => readFileSync(join(root, file), 'utf8')).join('\n');
    const addresses = names.filter((name) => name.startsWith('/'));
    expect(addresses.length).toBeGreaterThan(20);
    const isPage = (address: string) => (pages as readonly string[]).includes(address.replace('/understand/', '')) || web.includes(`'${address}'`);
    expect(addresses.filter((address) => !isPage(address))).toEqual([]);
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
    const runs = names.flatMap((name) => /^npm (?:run )?([a-z-]+)$/.exec(name)?.[1] ?? []);
    expect(runs.length).toBeGreaterThan(1);
    expect(runs.filter((name) => !(name in scripts))).toEqual([]);
    const commands = names.filter((name) => name.startsWith('headwater ')).map((name) => name.split(' ')[1]!);
    const files = readdirSync(join(root, 'src', 'cli'));
    expect(commands.filter((name) => !files.includes(`${name}.command.ts`))).toEqual([]);
  });
});
