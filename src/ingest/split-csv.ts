// Finds records in the bytes of a CSV (RFC 4180) and says what is wrong with one that is not well formed, in which case only its
// first physical line is taken, so that one stray quote never swallows the rows after it.

import { isUtf8 } from 'node:buffer';

export interface CsvRecord {
  /** The byte after the record and its line end. */
  next: number;
  /** The byte after the record's content. */
  end: number;
  /** Physical lines that it takes up. */
  lines: number;
  fault?: 'quote' | 'long';
}

/** Longer records than this are taken as faulty, so that memory stays bounded. */
export const longestRecord = 32 * 1024 * 1024;

const quote = 34;
const lf = 10;
const cr = 13;
const space = 32;

/** The record that starts at `start`; undefined where the bytes end before it does (unless they are the last). */
export function findRecord(bytes: Buffer, start: number, last: boolean, delimiter: number): CsvRecord | undefined {
  let at = start;
  let lines = 1;
  let fieldStart = true;
  while (at < bytes.length) {
    const byte = bytes[at]!;
    if (byte === quote && fieldStart) {
      const closed = skipQuoted(bytes, at + 1, last);
      if (closed === 'more') return at - start > longestRecord || bytes.length - start > longestRecord ? firstLine(bytes, start, last, 'quote') : undefined;
      if (closed === 'open') return firstLine(bytes, start, last, 'quote');
      at = skipSpaces(bytes, closed.next);
      const after = bytes[at];
      if (after !== undefined && after !== delimiter && after !== lf && after !== cr) return firstLine(bytes, start, last, 'quote');
      lines += closed.lines;
      fieldStart = false;
      continue;
    }
    if (byte === lf || byte === cr) {
      if (byte === cr && at + 1 === bytes.length && !last) return undefined;
      return { end: at, next: byte === cr && bytes[at + 1] === lf ? at + 2 : at + 1, lines };
    }
    fieldStart = byte === delimiter || (fieldStart && byte === space);
    at += 1;
  }
  if (last) return { end: at, next: at, lines };
  return at - start > longestRecord ? firstLine(bytes, start, last, 'long') : undefined;
}

/** Spaces between a closing quote and the delimiter are no part of the field. */
function skipSpaces(bytes: Buffer, from: number): number {
  let at = from;
  while (bytes[at] === space) at += 1;
  return at;
}

function skipQuoted(bytes: Buffer, from: number, last: boolean): { next: number; lines: number } | 'more' | 'open' {
  let at = from;
  let lines = 0;
  while (at < bytes.length) {
    const byte = bytes[at]!;
    if (byte === quote) {
      if (at + 1 === bytes.length && !last) return 'more';
      if (bytes[at + 1] !== quote) return { next: at + 1, lines };
      at += 2;
      continue;
    }
    if (byte === lf || (byte === cr && bytes[at + 1] !== lf)) lines += 1;
    at += 1;
  }
  return last ? 'open' : 'more';
}

/** The first physical line from `start`, whatever its quotes. */
export function firstLine(bytes: Buffer, start: number, last: boolean, fault: 'quote' | 'long'): CsvRecord | undefined {
  const newline = bytes.indexOf(lf, start);
  const carriage = bytes.indexOf(cr, start);
  let end = newline < 0 ? carriage : carriage < 0 ? newline : Math.min(newline, carriage);
  if (end < 0) {
    if (!last && bytes.length - start <= longestRecord) return undefined;
    end = bytes.length;
    return { end, next: end, lines: last ? 1 : 0, fault };
  }
  if (bytes[end] === cr && end + 1 === bytes.length && !last) return undefined;
  return { end, next: bytes[end] === cr && bytes[end + 1] === lf ? end + 2 : end + 1, lines: 1, fault };
}

/** The fields of a well-formed record. */
export function splitFields(record: string, delimiter: string): string[] {
  if (!record.includes('"')) return record.split(delimiter);
  const fields: string[] = [];
  let at = 0;
  for (;;) {
    let open = at;
    while (record[open] === ' ') open += 1;
    if (record[open] === '"') {
      at = open;
      let end = at + 1;
      for (;;) {
        end = record.indexOf('"', end);
        if (end < 0) return [...fields, record.slice(at + 1)];
        if (record[end + 1] !== '"') break;
        end += 2;
      }
      fields.push(record.slice(at + 1, end).replaceAll('""', '"'));
      at = end + 1;
      while (record[at] === ' ') at += 1;
      if (at >= record.length) return fields;
      at += 1;
    } else {
      const end = record.indexOf(delimiter, at);
      if (end < 0) return [...fields, record.slice(at)];
      fields.push(record.slice(at, end));
      at = end + 1;
    }
    if (at > record.length) return fields;
    if (at === record.length) return [...fields, ''];
  }
}

const windows1252 = new TextDecoder('windows-1252');

/** Text of bytes that are UTF-8, or else Windows-1252. */
export function decodeText(bytes: Buffer): { text: string; windows1252: boolean } {
  return isUtf8(bytes) ? { text: bytes.toString('utf8'), windows1252: false } : { text: windows1252.decode(bytes), windows1252: true };
}
