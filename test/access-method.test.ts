// docs/methods/access.md shows the decision as the program has it.

import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { decisionRows, refusals } from '../src/govern/index.ts';
import { withAccessTable } from './support/access-table.ts';

const note = readFileSync(join(resolve(import.meta.dirname, '..'), 'docs', 'methods', 'access.md'), 'utf8');

it('the table of the decision is the one that runs: else run "node test/support/write-access-table.ts" and commit the file', () => {
  expect(withAccessTable(note)).toBe(note);
});

it('the table has a row for each reason that a refusal can have', () => {
  const names = decisionRows.map(({ name }) => name);
  expect(refusals.filter((reason) => !names.includes(reason))).toEqual([]);
  expect(new Set(names).size).toBe(names.length);
});
