// Which of a file's headings is which column of the contract. Case and spaces around do not matter; a missing column is named,
// with what was found instead and what is nearest.

import { Problem } from '../core/index.ts';
import type { Contract } from './contract.schema.ts';
import { mendColumns } from './mended-file.ts';
import { nearestNames } from './nearest-name.ts';
import type { SourceColumn } from './stage-rows.sql.ts';

export interface Headings {
  columns: SourceColumn[];
  /** Headings that the contract does not know and the load leaves out. */
  ignored: string[];
  /** Optional columns that the file lacks. */
  missing: string[];
}

const fold = (heading: string) => heading.trim().replace(/\s+/g, ' ').toLowerCase();

export function matchHeadings(contract: Contract, headings: readonly string[], file: string): Headings {
  const byHeading = new Map(contract.columns.flatMap((column) => [column.name, ...column.also].map((name) => [fold(name), column] as const)));
  const columns: SourceColumn[] = headings.map((heading) => {
    const column = byHeading.get(fold(heading));
    const extra = !column && contract.extraColumns === 'keep' && heading.trim() !== '' && !mendColumns.includes(heading);
    return column ? { heading, column, keep: false } : { heading, keep: extra };
  });
  const found = columns.flatMap((item) => item.column ?? []);
  const twice = found.find((column, i) => found.indexOf(column) !== i) ?? columns.find((item, i) => item.keep && columns.findIndex((other) => fold(other.heading) === fold(item.heading)) !== i);
  if (twice) {
    const name = 'name' in twice ? twice.name : twice.heading;
    throw new Problem('badInput', { what: `The heading "${name}" is there twice`, where: `${file}, line 1`, todo: 'Take out or rename one of the two columns.' });
  }
  const missing = contract.columns.filter((column) => !found.includes(column));
  const wanting = missing.filter((column) => !column.optional);
  if (wanting.length > 0) throw missingColumns(contract, wanting.map((column) => column.name), columns, file);
  return {
    columns,
    ignored: columns.filter((item) => !item.column && !item.keep && !mendColumns.includes(item.heading)).map((item) => item.heading),
    missing: missing.map((column) => column.name),
  };
}

function missingColumns(contract: Contract, wanting: string[], columns: SourceColumn[], file: string): Problem {
  const unknown = columns.filter((item) => !item.column).map((item) => item.heading.trim()).filter((heading) => heading !== '');
  const list = (names: string[]) => names.slice(0, 6).map((name) => `"${short(name)}"`).join(', ') + (names.length > 6 ? ` and ${names.length - 6} more` : '');
  const hints = wanting.flatMap((name) => {
    const [near] = nearestNames(name, unknown);
    return near === undefined ? [] : [`"${short(near)}" may be "${name}"`];
  });
  const matched = columns.length - columns.filter((item) => !item.column).length;
  const where = `${file}, line 1`;
  if (matched === 0) {
    return new Problem('badInput', {
      what: `None of the headings of "${contract.feed}" is in the file; found ${list(columns.map((item) => item.heading.trim()))}`,
      where,
      todo: `Check that this is the right feed, and that line 1 has the headings: ${list(contract.columns.map((column) => column.name))}.`,
    });
  }
  const found = unknown.length > 0 ? `; found instead ${list(unknown)}` : '';
  const hint = hints.length > 0 ? ` ${hints.slice(0, 3).join('; ')}.` : '';
  return new Problem('badInput', {
    what: `${wanting.length === 1 ? 'A column is' : `${wanting.length} columns are`} missing: ${list(wanting)}${found}`,
    where,
    todo: `Name the columns as the contract has them ("headwater feeds show ${contract.feed}" shows it).${hint}`,
  });
}

/** A heading may be a row of personal data where line 1 is missing: show only the beginning. */
function short(heading: string): string {
  return heading.length > 40 ? `${heading.slice(0, 40)}…` : heading;
}
