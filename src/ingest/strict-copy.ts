// The careful way: reads a file record by record, sets aside those that are not well formed, and writes the others as a clean
// copy with line numbers, which the query engine then reads as it reads any clean file. Memory is one record and one chunk.

import { closeSync, openSync } from 'node:fs';
import { restoreFormula } from '../core/index.ts';
import { writeAll } from '../store/index.ts';
import { isMendedFile } from './mended-file.ts';
import { asReadingProblem, openText, type CsvSource } from './source-file.ts';
import { decodeText, findRecord, firstLine, longestRecord, splitFields, type CsvRecord } from './split-csv.ts';

export interface MalformedRow {
  line: number;
  reason: string;
  /** The whole line as text; a NUL is shown as ␀. */
  raw: string;
}

export interface StrictCopy {
  rows: number;
  malformed: number;
  windows1252Rows: number;
  /** Lines without anything in any cell; they are no rows. */
  blank: number;
}

/** The longest cell that is passed on; longer ones are quarantined. Below the query engine's own limit for a line (2 MB). */
const longestCopied = 1_000_000;

export async function writeStrictCopy(source: CsvSource, target: string, onMalformed: (row: MalformedRow) => void, flush: () => Promise<void>): Promise<StrictCopy> {
  const out = createCopy(target);
  const counts: StrictCopy = { rows: 0, malformed: 0, windows1252Rows: 0, blank: 0 };
  const mended = isMendedFile(source.headings);
  const delimiter = source.delimiter.charCodeAt(0);
  let line = 1;
  let rest: Buffer = Buffer.alloc(0);
  let first = true;

  const take = (bytes: Buffer, start: number, found: CsvRecord): CsvRecord => {
    let record = found;
    let { text, windows1252 } = decodeText(bytes.subarray(start, record.end));
    let fields = record.fault ? [] : dropSurplus(splitFields(text, source.delimiter), source.headings.length);
    if (!record.fault && record.lines > 1 && fields.length !== source.headings.length) {
      record = firstLine(bytes, start, true, 'quote')!;
      ({ text, windows1252 } = decodeText(bytes.subarray(start, record.end)));
      fields = [];
    }
    const reason = faultOf(record, text, fields, source.headings.length);
    // Empty cells as many as the headings go on to the query engine, which passes them over as it does in a file that it reads directly.
    const blank = !record.fault && fields.length !== source.headings.length && fields.every((field) => field.trim() === '');
    if (!first && blank) counts.blank += 1;
    else if (!first) {
      if (windows1252) counts.windows1252Rows += 1;
      if (reason) {
        counts.malformed += 1;
        onMalformed({ line, reason, raw: text.replaceAll('\u0000', '␀') });
      } else {
        counts.rows += 1;
        out.write(line, mended ? fields.map(restoreFormula) : fields);
      }
    }
    first = false;
    line += record.lines;
    return record;
  };

  const consume = (bytes: Buffer, last: boolean): Buffer => {
    let at = 0;
    while (at < bytes.length) {
      const found = findRecord(bytes, at, last, delimiter);
      if (!found) break;
      at = take(bytes, at, found).next;
    }
    return bytes.subarray(at);
  };

  try {
    let skip = source.bom ? 3 : 0;
    for await (const chunk of openText(source) as AsyncIterable<Buffer>) {
      let bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
      if (skip > 0) {
        bytes = bytes.subarray(skip);
        skip = 0;
      }
      rest = bytes.length > longestRecord || bytes.length >= 1 << 20 ? consume(bytes, false) : bytes;
      await flush();
    }
    consume(rest, true);
  } catch (error) {
    throw asReadingProblem(error, source.name);
  } finally {
    out.close();
  }
  return counts;
}

/** Empty cells after the last heading, as spreadsheets leave them, are no cells. */
function dropSurplus(fields: string[], expected: number): string[] {
  return fields.length > expected && fields.slice(expected).every((field) => field === '') ? fields.slice(0, expected) : fields;
}

function faultOf(record: CsvRecord, text: string, fields: string[], expected: number): string | undefined {
  if (record.fault === 'long') return 'a line of more than 32 MB';
  if (record.fault === 'quote') return 'a quotation mark that is not closed or not at the edge of its cell';
  if (text.includes('\u0000')) return 'a NUL character';
  if (fields.length !== expected) return `${fields.length} cells where there are ${expected} headings`;
  if (text.length > longestCopied && fields.some((field) => field.length > longestCopied)) return 'a cell of more than 1,000,000 characters';
  if (text.length > longestCopied) return 'a row of more than 1,000,000 characters';
  return undefined;
}

interface Copy {
  write(line: number, fields: string[]): void;
  close(): void;
}

function createCopy(path: string): Copy {
  const descriptor = openSync(path, 'w', 0o600);
  let pending: string[] = [];
  let size = 0;
  const flush = () => {
    if (pending.length > 0) writeAll(descriptor, pending.join(''));
    pending = [];
    size = 0;
  };
  return {
    write(line, fields) {
      const text = `"${line}",${fields.map((field) => (/[",\r\n]/.test(field) || field !== field.trim() ? `"${field.replaceAll('"', '""')}"` : field)).join(',')}\n`;
      pending.push(text);
      size += text.length;
      if (size > 1 << 20) flush();
    },
    close() {
      flush();
      closeSync(descriptor);
    },
  };
}
