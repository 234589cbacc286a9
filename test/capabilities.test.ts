// docs/capabilities.md says only what is there: each state is known, and each test, page and command it names exists.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
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
    const questionPages = names.filter((name) => name.startsWith('/understand/')).map((name) => name.slice('/understand/'.length));
    expect(questionPages.filter((name) => !(pages as readonly string[]).includes(name))).toEqual([]);
    const commands = names.filter((name) => name.startsWith('headwater ')).map((name) => name.split(' ')[1]!);
    const files = readdirSync(join(root, 'src', 'cli'));
    expect(commands.filter((name) => !files.includes(`${name}.command.ts`))).toEqual([]);
  });
});
