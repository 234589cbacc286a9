// What a reader should know of files that were loaded and is no fault of a row: columns that were not there, columns left out, blank lines.

import { counted } from '../core/index.ts';
import type { CsvSource } from './source-file.ts';

const mostNamed = 6;

/** One sentence for each thing to know, whatever the number of files. */
export function loadNotes(sources: readonly CsvSource[], blank: number): string[] {
  const notes: string[] = [];
  for (const [column, files] of filesOf(sources, ({ matched }) => matched.missing)) {
    notes.push(`Column "${column}" is not in ${whichFiles(files, sources.length)}; it is left unknown${files.length < sources.length ? ' there' : ''}.`);
  }
  const ignored = [...filesOf(sources, ({ matched }) => matched.ignored.filter((heading) => heading.trim() !== ''))];
  for (const [heading, files] of ignored.slice(0, mostNamed)) {
    notes.push(`Column "${heading.slice(0, 40)}" of ${whichFiles(files, sources.length)} is not in the contract; it was left out.`);
  }
  if (ignored.length > mostNamed) notes.push(`${(ignored.length - mostNamed).toLocaleString('en-GB')} more columns are not in the contract; they were left out.`);
  if (blank > 0) notes.push(`${counted(blank, 'blank line')} without anything in any cell ${blank === 1 ? 'was' : 'were'} passed over; blank lines are not rows.`);
  return notes;
}

function filesOf(sources: readonly CsvSource[], names: (source: CsvSource) => readonly string[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const source of sources) for (const name of names(source)) found.set(name, [...(found.get(name) ?? []), source.name]);
  return found;
}

function whichFiles(files: readonly string[], all: number): string {
  if (files.length === all) return all === 1 ? 'the file' : `any of the ${all} files`;
  return files.length === 1 ? files[0]! : `${files.length} of the ${all} files, such as ${files[0]}`;
}
