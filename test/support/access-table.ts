// The decision about access as a table for docs/methods/access.md, made from the rows that the program itself goes through.

import { decisionRows } from '../../src/govern/index.ts';

const begin = '<!-- Made by test/support/write-access-table.ts from src/govern/access-decision.ts. -->';
const end = '<!-- End of what is made. -->';

export function accessTable(): string {
  const rows = decisionRows.map(({ name, when, says }, n) => `| ${n + 1} | ${when} | ${says} | \`${name}\` |`);
  return `| | if | then | called |\n|---|---|---|---|\n${rows.join('\n')}\n`;
}

/** The note with its table made anew. */
export function withAccessTable(note: string): string {
  const [from, to] = [note.indexOf(begin), note.indexOf(end)];
  if (from < 0 || to < from) throw new Error('The note has no place for the table');
  return `${note.slice(0, from + begin.length)}\n\n${accessTable()}\n${note.slice(to)}`;
}
