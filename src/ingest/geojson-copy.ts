// A GeoJSON collection as a clean copy with line numbers: each feature a row, its properties the columns, its geometry as text.
// Features are found by their braces, so that each keeps the line it begins on.

import { closeSync, openSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { Problem } from '../core/index.ts';
import { writeAll } from '../store/index.ts';
import type { Contract } from './contract.schema.ts';
import { matchHeadings } from './match-headings.ts';
import { outlineFault } from './outline-fault.ts';
import { asReadingProblem, inspectSource, type CsvSource, type SourceFile } from './source-file.ts';
import { decodeText } from './split-csv.ts';
import type { MalformedRow, StrictCopy } from './strict-copy.ts';

const largest = 400 * 1024 * 1024;

interface Feature {
  line: number;
  /** The feature as it came. */
  raw: string;
  properties: Record<string, unknown>;
  geometry: unknown;
}

export function inspectGeojson(path: string, contract: Contract): CsvSource {
  const { file } = inspectSource(path);
  const { features } = readFeatures(file);
  const names = [...new Set(features.flatMap((feature) => Object.keys(feature.properties)))].filter((name) => name.toLowerCase() !== 'geometry');
  const headings = features.length === 0 ? contract.columns.map((column) => column.name) : [...names, 'geometry'];
  return { ...file, delimiter: ',', headings, matched: matchHeadings(contract, headings, file.name) };
}

export function writeGeojsonCopy(source: CsvSource, target: string, onMalformed: (row: MalformedRow) => void): StrictCopy {
  const { features, windows1252 } = readFeatures(source);
  const outline = source.matched.columns.find(({ column }) => column?.type === 'geometry')?.column;
  const counts: StrictCopy = { rows: 0, malformed: 0, windows1252Rows: 0, blank: 0 };
  const descriptor = openSync(target, 'w', 0o600);
  try {
    for (const feature of features) {
      const cells = source.headings.map((heading) => cellText(heading === 'geometry' ? feature.geometry : feature.properties[heading]));
      const reason = cells.some((cell) => cell.includes('\u0000')) ? 'a NUL character' : outline && outlineFault(feature.geometry, outline.within);
      if (reason) {
        counts.malformed += 1;
        onMalformed({ line: feature.line, reason, raw: feature.raw });
        continue;
      }
      counts.rows += 1;
      if (windows1252) counts.windows1252Rows += 1;
      writeAll(descriptor, `"${feature.line}",${cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')}\n`);
    }
  } finally {
    closeSync(descriptor);
  }
  return counts;
}

function cellText(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function readFeatures(file: SourceFile): { features: Feature[]; windows1252: boolean } {
  const { json, windows1252 } = readJson(file);
  const start = json.search(/"features"\s*:\s*\[/);
  if (start < 0) {
    const cut = !isJson(json);
    throw new Problem('badInput', {
      what: cut ? 'The file is not GeoJSON, or stops in the middle' : 'The file is not a GeoJSON collection of features',
      where: file.name,
      todo: cut ? `Export it as a GeoJSON FeatureCollection in WGS84, or fetch it again; ${nothing}` : 'Export it as a GeoJSON FeatureCollection in WGS84.',
    });
  }
  const list = json.indexOf('[', start) + 1;
  const features: Feature[] = [];
  let line = 1 + countNewlines(json, 0, list);
  let counted = list;
  const lineOf = (at: number) => {
    line += countNewlines(json, counted, at);
    counted = at;
    return line;
  };
  let at = skipBlanks(json, list);
  for (let more = json[at] !== ']'; more; ) {
    const begins = lineOf(at);
    if (at < json.length && json[at] !== '{') throw brokenFeature(file.name, begins);
    const end = findClosing(json, at);
    if (end === undefined) throw cutOff(file.name, begins);
    const raw = json.slice(at, end);
    features.push({ line: begins, raw, ...parseFeature(raw, file.name, begins) });
    at = skipBlanks(json, end);
    if (at >= json.length) throw cutOff(file.name, lineOf(at));
    more = json[at] === ',';
    if (more) at = skipBlanks(json, at + 1);
    else if (json[at] !== ']') throw brokenFeature(file.name, lineOf(at));
  }
  // What is around the list must be whole too: a file that was cut lacks its end.
  if (!isJson(json.slice(0, list) + json.slice(at))) throw cutOff(file.name, lineOf(at));
  return { features, windows1252 };
}

const nothing = 'nothing of the file was loaded.';

function cutOff(name: string, line: number): Problem {
  return new Problem('badInput', { what: 'The GeoJSON stops in the middle or is damaged, so features would be missing', where: `${name}, line ${line}`, todo: `Fetch or copy the file again; ${nothing}` });
}

function brokenFeature(name: string, line: number, cause?: unknown): Problem {
  return new Problem('badInput', { what: 'A feature is not valid GeoJSON', where: `${name}, line ${line}`, todo: `Export the boundaries again; ${nothing}`, cause });
}

function parseFeature(json: string, name: string, line: number): Pick<Feature, 'properties' | 'geometry'> {
  let value: { properties?: Record<string, unknown> | null; geometry?: unknown };
  try {
    value = JSON.parse(json) as typeof value;
  } catch (error) {
    throw brokenFeature(name, line, error);
  }
  return { properties: value.properties ?? {}, geometry: value.geometry };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function skipBlanks(json: string, from: number): number {
  let at = from;
  while (at < json.length && ' \n\r\t'.includes(json[at]!)) at += 1;
  return at;
}

/** The character after the brace that closes the one at `open`; undefined where none does. */
function findClosing(json: string, open: number): number | undefined {
  let depth = 0;
  let quoted = false;
  for (let at = open; at < json.length; at += 1) {
    const character = json[at];
    if (quoted) {
      if (character === '\\') at += 1;
      else if (character === '"') quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === '{') depth += 1;
    else if (character === '}' && --depth === 0) return at + 1;
  }
  return undefined;
}

function countNewlines(json: string, from: number, to: number): number {
  let count = 0;
  for (let at = json.indexOf('\n', from); at >= 0 && at < to; at = json.indexOf('\n', at + 1)) count += 1;
  return count;
}

/** JSON is UTF-8, but older programs of maps write Windows-1252: a name with an accent would lose it. */
function readJson(file: SourceFile): { json: string; windows1252: boolean } {
  if (file.bytes > largest) throw new Problem('badInput', { what: 'The boundary file is larger than 400 MB', where: file.name, todo: 'Use generalised boundaries, or load the file in parts.' });
  let bytes = readFileSync(file.path);
  if (file.gzip) {
    try {
      bytes = gunzipSync(bytes, { maxOutputLength: largest });
    } catch (error) {
      throw asReadingProblem(error, file.name);
    }
  }
  const { text, windows1252 } = decodeText(bytes);
  return { json: text.replace(/^\uFEFF/, ''), windows1252 };
}
