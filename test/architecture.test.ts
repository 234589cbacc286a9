// The direction of the code, kept by a test: floors, rooms, doors, names and the generated map.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { describe, expect, it } from 'vitest';
import { codeMap } from './support/code-map.ts';

const root = resolve(import.meta.dirname, '..');
const source = join(root, 'src');

const floors = [
  ['core'],
  ['stats', 'geo'],
  ['store'],
  ['govern'],
  ['ingest', 'linkage', 'simulate'],
  ['build'],
  ['understand', 'causes', 'evidence', 'hub', 'commission', 'account'],
  ['web', 'cli'],
  ['open-server.ts'],
  ['main.ts'],
];
const floorOf = new Map(floors.flatMap((rooms, floor) => rooms.map((room) => [room, floor] as const)));
const drawers = /^(utils?|helpers?|misc|common|shared|managers?|types|constants)(\.|$)/;

const allFiles = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
const files = allFiles(source);
const code = files.filter((file) => file.endsWith('.ts'));
const roomOf = (file: string) => relative(source, file).split(sep)[0]!;

interface Import {
  from: string;
  to: string;
}

function importsOf(file: string): Import[] {
  const text = readFileSync(file, 'utf8');
  const found = [...text.matchAll(/(?:^|\n)\s*(?:import|export)\s[^'";]*?from\s+'(\.[^']+)'|import\(\s*'(\.[^']+)'\s*\)|(?:^|\n)import\s+'(\.[^']+)'/g)];
  return found.map((match) => ({ from: file, to: resolve(dirname(file), (match[1] ?? match[2] ?? match[3])!) }));
}
/** What a file imports when it is loaded, with all that those import. */
function loadedWith(file: string, known = new Set<string>()): Set<string> {
  if (known.has(file)) return known;
  known.add(file);
  const text = readFileSync(file, 'utf8');
  const found = text.matchAll(/(?:^|\n)(?:import|export)\s(?!type\b)[^'";]*?from\s+'([^']+)'/g);
  for (const [, to] of found) {
    if (to!.startsWith('.')) loadedWith(resolve(dirname(file), to!), known);
    else known.add(to!);
  }
  return known;
}
const imports = code.filter((file) => !file.endsWith('.test.ts')).flatMap(importsOf);
const insideSource = imports.filter(({ to }) => to.startsWith(source + sep));
const show = ({ from, to }: Import) => `${relative(root, from)} → ${relative(root, to)}`;

describe('architecture', () => {
  it('every room of src is on a floor', () => {
    const rooms = new Set(files.map(roomOf));
    expect([...rooms].filter((room) => !floorOf.has(room))).toEqual([]);
  });

  it('code imports only from floors below, never from another room on its own floor', () => {
    const wrong = insideSource.filter(({ from, to }) => {
      const [here, there] = [roomOf(from), roomOf(to)];
      return here !== there && floorOf.get(there)! >= floorOf.get(here)!;
    });
    expect(wrong.map(show)).toEqual([]);
  });

  it('another room is entered by its index alone, where it is no file by itself', () => {
    const wrong = insideSource.filter(({ from, to }) => roomOf(from) !== roomOf(to) && basename(to) !== 'index.ts' && basename(to) !== roomOf(to));
    expect(wrong.map(show)).toEqual([]);
  });

  it('every import finds its file', () => {
    expect(imports.filter(({ to }) => !existsSync(to)).map(show)).toEqual([]);
  });

  it('a command is understood before the code of any other room than core is loaded, and without the engines of the stores', () => {
    const loaded = [...loadedWith(join(source, 'main.ts'))].filter((each) => !each.startsWith('node:'));
    expect(new Set(loaded.map((each) => (each.startsWith(source) ? roomOf(each) : each)))).toEqual(new Set(['main.ts', 'cli', 'core', 'cli-progress', 'commander', 'zod']));
  });

  it('the query engine and the job queue are loaded by what uses them alone', () => {
    const packages = [...loadedWith(join(source, 'govern', 'index.ts'))].filter((each) => /duckdb|^pg-boss$/.test(each));
    expect(packages).toEqual([]);
  });

  it('there are no cycles', () => {
    const next = new Map<string, string[]>();
    for (const { from, to } of insideSource) next.set(from, [...(next.get(from) ?? []), to]);
    const done = new Set<string>();
    const cycles: string[] = [];
    const visit = (file: string, path: string[]) => {
      if (path.includes(file)) {
        cycles.push([...path.slice(path.indexOf(file)), file].map((each) => relative(root, each)).join(' → '));
        return;
      }
      if (done.has(file)) return;
      for (const to of next.get(file) ?? []) visit(to, [...path, file]);
      done.add(file);
    };
    for (const file of next.keys()) visit(file, []);
    expect(cycles).toEqual([]);
  });

  it('there are no drawer files or folders', () => {
    const parts = files.flatMap((file) => relative(source, file).split(sep).map((part) => ({ part, file })));
    expect(parts.filter(({ part }) => drawers.test(part)).map(({ file }) => relative(root, file))).toEqual([]);
  });

  it('file names are unique in the tree, but for index.ts', () => {
    const counts = new Map<string, string[]>();
    for (const file of code) {
      const name = basename(file);
      if (name !== 'index.ts') counts.set(name, [...(counts.get(name) ?? []), relative(root, file)]);
    }
    expect([...counts.values()].filter((paths) => paths.length > 1)).toEqual([]);
  });

  it('a file opens with a comment that says what it answers, unless it is a test', () => {
    const silent = code.filter((file) => !file.endsWith('.test.ts') && !/^(#!.*\n)?(\/\/|\/\*)/.test(readFileSync(file, 'utf8')));
    expect(silent.map((file) => relative(root, file))).toEqual([]);
  });

  it('an index re-exports only', () => {
    const wrong = code.filter((file) => basename(file) === 'index.ts').filter((file) => {
      const body = readFileSync(file, 'utf8').replace(/\/\/.*|\/\*[\s\S]*?\*\//g, '');
      return body.replace(/export\s+(type\s+)?(\*|\{[^}]*\})\s+from\s+'[^']+';/g, '').trim() !== '';
    });
    expect(wrong.map((file) => relative(root, file))).toEqual([]);
  });

  it('only main.ts reads the environment', () => {
    const wrong = code.filter((file) => !file.endsWith('.test.ts') && basename(file) !== 'main.ts' && /process\.env\b/.test(readFileSync(file, 'utf8')));
    expect(wrong.map((file) => relative(root, file))).toEqual([]);
  });

  it('a CSV file is written by the rule against formulas, but for the search index’s own files', () => {
    const writes = code.filter((file) => !file.endsWith('.test.ts') && /\bTO \$\{?[^`]*FORMAT csv|\bTO '[^`]*FORMAT csv/i.test(readFileSync(file, 'utf8')));
    const names = writes.map((file) => relative(source, file).split(sep).join('/'));
    expect(names.filter((name) => !name.startsWith('linkage/match-index.'))).toEqual(['build/extract.sql.ts']);
    expect(readFileSync(join(source, 'build', 'extract.sql.ts'), 'utf8')).toContain('formulaRule.start');
    const lines = code.filter((file) => !file.endsWith('.test.ts') && /\bcsvLine\s*\(/.test(readFileSync(file, 'utf8'))).map((file) => relative(source, file).split(sep).join('/'));
    expect(lines.toSorted()).toEqual(['core/csv.ts', 'ingest/export-quarantine.store.ts', 'simulate/csv.file.ts']);
  });

  it('what is published for others to import comes from an index', () => {
    const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { exports: Record<string, string | { types: string; default: string }> };
    const published = Object.values(exports).filter((each) => typeof each !== 'string');
    expect(published.map((each) => [each.default, each.types])).toEqual(['linkage', 'stats'].map((room) => [`./dist/${room}/index.js`, `./dist/${room}/index.d.ts`]));
    expect(published.filter((each) => !existsSync(join(root, each.default.replace('./dist/', 'src/').replace(/js$/, 'ts'))))).toEqual([]);
  });

  it('the map of the code is up to date', () => {
    expect(readFileSync(join(root, 'docs', 'map.md'), 'utf8')).toBe(codeMap(root));
  });
});
