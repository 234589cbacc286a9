// Nobody's adverse experiences are counted and nobody is scored: not by a feed, a case, a table, a question, a page, an extract or the API. Walks all
// of them by name. What people worry about, in their own words, is read one by one and counted by nothing.

import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { sql } from 'kysely';
import { beforeAll, describe, expect, it } from 'vitest';
import { extractTables } from '../src/build/index.ts';
import { noFilters, systemClock } from '../src/core/index.ts';
import { meansScore, readDataItems, uncountedSections } from '../src/govern/index.ts';
import { listFeeds } from '../src/ingest/index.ts';
import { openCasework, openDuck, openLake, type Home } from '../src/store/index.ts';
import { createQuestions, questionOptions, readCategories } from '../src/understand/index.ts';
import { openApiDocument } from '../src/web/api/openapi.ts';
import { runCommandHere } from './support/run-command.ts';
import { builtHome, giveStore } from './support/sample-home.ts';

const root = resolve(import.meta.dirname, '..');
const filesIn = (folder: string, ends: string): string[] => readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith(ends)).map((name) => join(root, folder, name));

/** Names that would be a score; and there must be names at all. */
function expectNone(names: readonly string[], least: number): void {
  expect(names.length).toBeGreaterThanOrEqual(least);
  expect(names.filter(meansScore)).toEqual([]);
}

/** Of two records, by the linkage model: no person's own. */
const ofPairs = 'Probability of one person';

/** Every key of an object, however deep. */
function keysOf(value: unknown): string[] {
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, inner]) => [...(Array.isArray(value) ? [] : [key]), ...keysOf(inner)]);
}

describe('no count of adverse experiences and no score of a person', () => {
  let home: Home;
  beforeAll(async () => {
    home = await builtHome();
    await giveStore(home);
  }, 180_000);

  it('is a column of a feed, by its name, its headings or its label', () => {
    expectNone(listFeeds().flatMap(({ feed, columns }) => columns.flatMap(({ name, also, label }) => [`${feed}/${name}`, ...also, ...(label ? [label] : [])])), 200);
  });

  it('is a section of a case, or a field of the store', async () => {
    expectNone([...readDataItems(undefined).sections.keys()].map((section) => `case/${section}`), 8);
    const casework = await openCasework({ folder: home.store, clock: systemClock });
    try {
      const { rows } = await sql<{ name: string }>`select table_name || '.' || column_name as name from information_schema.columns where table_schema = 'casework'`.execute(casework.db);
      expectNone(rows.map(({ name }) => name), 80);
    } finally {
      await casework.close();
    }
  });

  it('is a column of any table of a snapshot, with names or without', async () => {
    const duck = await openDuck({ threads: 1 });
    try {
      const columns: string[] = [];
      for (const path of readdirSync(home.lake, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.parquet')).map((name) => join(home.lake, name))) {
        columns.push(...(await duck.rows<{ column_name: string }>(`DESCRIBE SELECT * FROM '${path}'`)).map(({ column_name }) => column_name));
      }
      expectNone(columns, 200);
    } finally {
      duck.close();
    }
  });

  it('is in the answer to a question: no table, figure, choice or category', async () => {
    const lake = await openLake(home);
    try {
      const names: string[] = [];
      for (const question of createQuestions({ localPacks: undefined, clock: systemClock })) {
        const { tables, figures } = await question.answer(lake, noFilters, {});
        names.push(question.id, ...Object.keys(figures), ...tables.flatMap((table) => [table.id, ...table.columns.flatMap(({ name, label }) => [name, label])]));
      }
      expectNone(names.filter((name) => name !== ofPairs), 60);
      expectNone([...keysOf(questionOptions), ...readCategories(undefined).categories.keys()], 40);
    } finally {
      lake.close();
    }
  }, 60_000);

  it('is a column of an extract, or a field of the API', () => {
    expectNone(Object.entries(extractTables).flatMap(([table, columns]) => columns.map((column) => `${table}.${column}`)), 30);
    expectNone(keysOf(openApiDocument({ baseUrl: 'http://localhost', cookieName: 'c', version: '1', people: true })), 80);
  });

  it('is shown by the template of a page', () => {
    const shown = filesIn('src/web', '.njk').flatMap((path) => [...readFileSync(path, 'utf8').matchAll(/\{[{%]([^]*?)[}%]\}/g)].flatMap(([, inside]) => inside!.replaceAll(/"[^"]*"/g, '').match(/[A-Za-z_][\w.]*/g) ?? []));
    expectNone(shown, 500);
  });

  it('is given to who asks for one by name: the reason is told', async () => {
    for (const words of [['ask', 'ace-count'], ['ask', 'demand', '--option', 'by=reoffending-risk-score'], ['ask', 'demand', '--option', 'ace_score=4']]) {
      const ran = await runCommandHere([...words, '--home', home.dir]);
      expect(ran).toMatchObject({ code: 2, stdout: '' });
      expect(ran.stderr).toContain('means a count of adverse experiences, or a score or prediction of one person, and nobody is given one');
    }
    expect((await runCommandHere(['ask', 'demand', '--option', 'by=area', '--home', home.dir])).stderr).not.toContain('adverse experiences');
  }, 60_000);
});

describe('what people worry about, in their own words', () => {
  it('has its section in a case, which is no score', () => {
    expect(readDataItems(undefined).sections.has('worries')).toBe(true);
    expect(meansScore('case/worries')).toBe(false);
    expect(uncountedSections.filter((section) => !readDataItems(undefined).sections.has(section))).toEqual([]);
  });

  it('is counted by no statement', () => {
    const statements = [...filesIn('src', '.sql.ts'), ...filesIn('src', '.store.ts'), ...filesIn('src/store/migrations', '.sql')].flatMap((path) => readFileSync(path, 'utf8').split(/;\s|\n\n/));
    const ofEntries = statements.filter((statement) => /\bcase_entry\b|\bworries\b/.test(statement));
    expect(ofEntries.length).toBeGreaterThan(5);
    expect(ofEntries.filter((statement) => /\b(count|sum|avg)\s*\(|\.count\b|countAll|group ?by/i.test(statement) && !statement.includes('uncountedSections'))).toEqual([]);
  });

  it('is named by no code, so that nothing can treat it apart, but where it is left out of a count', () => {
    const naming = filesIn('src', '.ts').filter((path) => !path.endsWith('.test.ts') && !path.endsWith('.fixture.ts') && /['"`](case\/)?worries['"`]/.test(readFileSync(path, 'utf8')));
    expect(naming.map((path) => basename(path))).toEqual(['score-of-a-person.ts']);
  });
});
