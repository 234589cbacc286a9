// Opens a file to load: plain or gzip by its content, whatever its name; and reads its headings before anything is written.

import { closeSync, createReadStream, fstatSync, openSync, type ReadStream } from 'node:fs';
import { basename } from 'node:path';
import { pipeline, Transform, type Readable } from 'node:stream';
import { createGunzip, gunzipSync, constants, type Gunzip } from 'node:zlib';
import { asProblem, Problem } from '../core/index.ts';
import { readWhole } from '../store/index.ts';
import type { Contract } from './contract.schema.ts';
import { matchHeadings, type Headings } from './match-headings.ts';
import { decodeText, findRecord, splitFields } from './split-csv.ts';

export interface SourceFile {
  path: string;
  /** The file's name alone. */
  name: string;
  bytes: number;
  gzip: boolean;
  bom: boolean;
}

export interface CsvSource extends SourceFile {
  delimiter: string;
  headings: string[];
  matched: Headings;
}

/** Enough for any row of headings. */
const beginning = 128 * 1024;

/** Looks at the beginning of a file. A Problem where it cannot be read, is empty, or is not text. */
export function inspectSource(path: string): { file: SourceFile; head: Buffer; whole: boolean } {
  const name = basename(path);
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      throw new Problem('notFound', { what: 'There is no such file', where: path, todo: 'Check the name and the folder.', cause: error });
    }
    throw new Problem('badInput', { what: 'The file cannot be read', where: path, todo: 'Check that your user may read it.', cause: error });
  }
  try {
    const state = fstatSync(descriptor);
    if (!state.isFile()) throw new Problem('badInput', { what: 'This is not a file', where: path, todo: 'Name the files to load.' });
    if (state.size === 0) throw emptyFile(name);
    const packed = readWhole(descriptor, 0, Math.min(beginning, state.size));
    const gzip = packed[0] === 0x1f && packed[1] === 0x8b;
    const text = gzip ? unpackBeginning(packed, name) : packed;
    if (text.length === 0 || /^[\uFEFF\s]*$/.test(text.toString('utf8'))) throw emptyFile(name);
    refuseOtherFormats(text, name);
    const bom = text[0] === 0xef && text[1] === 0xbb && text[2] === 0xbf;
    return { file: { path, name, bytes: state.size, gzip, bom }, head: bom ? text.subarray(3) : text, whole: packed.length === state.size };
  } catch (error) {
    throw asProblem(error, path);
  } finally {
    closeSync(descriptor);
  }
}

export function inspectCsv(path: string, contract: Contract): CsvSource {
  const { file, head, whole } = inspectSource(path);
  const candidates = [',', ';', '\t', '|'].flatMap((delimiter) => {
    const record = findRecord(head, 0, whole, delimiter.charCodeAt(0));
    return record && !record.fault ? [{ delimiter, headings: splitFields(decodeText(head.subarray(0, record.end)).text, delimiter).map((heading) => heading.replaceAll('\u0000', '').trim()) }] : [];
  });
  const known = new Set(contract.columns.flatMap((column) => [column.name, ...column.also]).map((name) => name.toLowerCase()));
  const score = (headings: readonly string[]) => headings.filter((heading) => known.has(heading.toLowerCase())).length;
  const best = candidates.toSorted((a, b) => score(b.headings) - score(a.headings))[0];
  if (contract.format === 'csv' && (!best || score(best.headings) === 0)) refuseOther(head, score, file.name);
  if (!best) throw new Problem('badInput', { what: 'Line 1 is not a row of headings', where: `${file.name}, line 1`, todo: 'Put the headings in the first line.' });
  return { ...file, ...best, matched: matchHeadings(contract, best.headings, file.name) };
}

/** Lines among which headings are looked for that are not in the first. */
const firstLines = 20;

/** Why no heading is known in line 1: another kind of file, or a title above the headings. Returns where neither shows. */
function refuseOther(head: Buffer, score: (headings: readonly string[]) => number, name: string): void {
  const start = decodeText(head.subarray(0, 4096)).text.trimStart();
  const other = otherKinds.find(([pattern]) => pattern.test(start));
  if (other) throw new Problem('badInput', { what: `The file is ${other[1]}`, where: name, todo: `${other[2]} Load a CSV file (UTF-8) with the headings in its first line.` });
  const lines = decodeText(head).text.split(/\r\n|\n|\r/).slice(0, firstLines);
  const found = lines.findIndex((line) => [',', ';', '\t', '|'].some((delimiter) => score(line.split(delimiter).map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'))) >= 2));
  if (found > 0) throw new Problem('badInput', { what: `The headings are in line ${found + 1}`, where: `${name}, line ${found + 1}`, todo: `Take out the ${found === 1 ? 'line' : `${found} lines`} above them, so that the headings are in line 1.` });
}

/** Files passed by mistake: how each begins, what it is, what to do. */
const otherKinds: readonly (readonly [RegExp, string, string])[] = [
  [/^%PDF-/, 'a PDF document', 'Ask the sender for the table itself.'],
  [/^(<!doctype html|<html)/i, 'a web page', 'It may be a sign-in page that was saved instead of the file: fetch the file again.'],
  [/^</, 'XML', 'Ask the sender for CSV.'],
  [/^[[{]/, 'JSON', 'Ask the sender for CSV.'],
  // oxlint-disable-next-line no-control-regex
  [/[\u0000-\u0008\u000e-\u001f]/, 'not text', 'It may be a picture, a database or a damaged file.'],
];

/** A table in gzip is a tenth of its size, rarely a fiftieth. What swells further than this, and to more than memory holds at ease, is made to fill a disk. */
const mostSwelling = { times: 200, bytes: 256 * 1024 * 1024 };

/** Passes on what is unpacked, until it has swollen too far. Tells once, long before that, where what is unpacked yet has. */
function refuseSwelling({ name, bytes: packed }: Pick<SourceFile, 'name' | 'bytes'>, unpacking: Gunzip, onSwelling: () => void): Transform {
  let unpacked = 0;
  let told = false;
  const swollen = (from: number) => unpacked > mostSwelling.bytes && unpacked > from * mostSwelling.times;
  return new Transform({
    transform(chunk: Buffer, _encoding, passOn) {
      unpacked += chunk.length;
      if (!told && swollen(unpacking.bytesWritten)) {
        told = true;
        onSwelling();
      }
      if (!swollen(packed)) return passOn(null, chunk);
      return passOn(new Problem('badInput', { what: `The gzip file unpacks to more than ${mostSwelling.times} times its size`, where: name, todo: 'No table does that: ask the sender what it is. Nothing of it was loaded. If it is a table after all, unpack it yourself and load that.' }));
    },
  });
}

/** What a gzip file's bytes go through, one after the other: unpacked, and refused where they swell too far. */
export function unpackingStages(file: Pick<SourceFile, 'name' | 'bytes'>, onSwelling: () => void = () => undefined): [Gunzip, Transform] {
  const unpacking = createGunzip({ chunkSize: pieceFor(16 * file.bytes) });
  return [unpacking, refuseSwelling(file, unpacking, onSwelling)];
}

/** A stream takes memory for a whole piece before it knows how little there is to read. */
const pieceFor = (bytes: number): number => Math.min(1 << 20, Math.max(1 << 12, bytes));

/** The bytes of a file as they lie there, in pieces of up to 1 MiB. */
export function openBytes(file: Pick<SourceFile, 'path' | 'bytes'>): ReadStream {
  return createReadStream(file.path, { highWaterMark: pieceFor(file.bytes) });
}

/** The bytes of a file, unpacked where it is gzip. */
export function openText(file: Pick<SourceFile, 'path' | 'name' | 'gzip' | 'bytes'>): Readable {
  const raw = openBytes(file);
  if (!file.gzip) return raw;
  const [unpacking, bounded] = unpackingStages(file);
  pipeline(raw, unpacking, bounded, () => undefined);
  return bounded;
}

/** Half a gzip, or a broken one, as a Problem. */
export function asReadingProblem(error: unknown, name: string): unknown {
  const code = (error as NodeJS.ErrnoException | undefined)?.code ?? '';
  if (code === 'Z_BUF_ERROR') {
    return new Problem('badInput', { what: 'The gzip file stops in the middle, so rows would be missing', where: name, todo: 'Fetch or copy the file again; nothing of it was loaded.', cause: error });
  }
  if (code.startsWith('Z_')) {
    return new Problem('badInput', { what: 'The gzip file is damaged', where: name, todo: 'Fetch or copy the file again; nothing of it was loaded.', cause: error });
  }
  return asProblem(error, name);
}

function unpackBeginning(packed: Buffer, name: string): Buffer {
  try {
    return gunzipSync(packed, { finishFlush: constants.Z_SYNC_FLUSH });
  } catch (error) {
    throw asReadingProblem(error, name);
  }
}

function emptyFile(name: string): Problem {
  return new Problem('badInput', { what: 'The file is empty', where: name, todo: 'Export it again, with its headings in the first line.' });
}

function refuseOtherFormats(head: Buffer, name: string): void {
  const starts = (...bytes: number[]) => bytes.every((byte, i) => head[i] === byte);
  if (starts(0x50, 0x4b, 3, 4) || starts(0xd0, 0xcf, 0x11, 0xe0)) {
    throw new Problem('badInput', { what: 'The file is a spreadsheet or a zip archive', where: name, todo: 'Save the sheet as CSV (UTF-8), or unpack the archive, and load that.' });
  }
  const sample = head.subarray(0, 1000);
  const zeros = sample.filter((byte) => byte === 0).length;
  // Latin letters in UTF-16 are every other byte nought, with a mark before them or not.
  if (starts(0xff, 0xfe) || starts(0xfe, 0xff) || (zeros > sample.length * 0.4 && zeros < sample.length * 0.6)) {
    throw new Problem('badInput', { what: 'The file is UTF-16 text', where: name, todo: 'Save it as CSV (UTF-8) and load that.' });
  }
}
