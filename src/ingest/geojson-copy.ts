// A GeoJSON collection as a clean copy with line numbers: each feature a row, its properties the columns, its geometry as text.
// Features are found by their braces, so that each keeps the line it begins on.

import { closeSync, openSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { Problem } from '../core/index.ts';
import { writeAll } from '../store/index.ts';
import type { Contract } from './contract.schema.ts';
import { matchHeadings } from './match-headings.ts';
import { asReadingProblem, inspectSource, type CsvSource, type SourceFile } from './source-file.ts';
import type { StrictCopy } from './strict-copy.ts';

const largest = 400 * 1024 * 1024;

interface Feature {
  line: number;
  properties: Record<string, unknown>;
  geometry: unknown;
}

export function inspectGeojson(path: string, contract: Contract): CsvSource {
  const { file } = inspectSource(path);
  const features = readFeatures(file);
  const names = [...new Set(features.flatMap((feature) => Object.keys(feature.properties)))].filter((name) => name.toLowerCase() !== 'geometry');
  const headings = features.length === 0 ? contract.columns.map((column) => column.name) : [...names, 'geometry'];
  return { ...file, delimiter: ',', headings, matched: matchHeadings(contract, headings, file.name) };
}

export function writeGeojsonCopy(source: CsvSource, target: string): StrictCopy {
  const features = readFeatures(source);
  const descriptor = openSync(target, 'w', 0o600);
  try {
    for (const feature of features) {
      const cells = source.headings.map((heading) => cellText(heading === 'geometry' ? feature.geometry : feature.properties[heading]));
      writeAll(descriptor, `"${feature.line}",${cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')}\n`);
    }
  } finally {
    closeSync(descriptor);
  }
  return { rows: features.length, malformed: 0, windows1252Rows: 0, blank: 0 };
}

function cellText(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function readFeatures(file: SourceFile): Feature[] {
  const json = readJson(file);
  const start = json.search(/"features"\s*:\s*\[/);
  if (start < 0) throw new Problem('badInput', { what: 'The file is not a GeoJSON collection of features', where: file.name, todo: 'Export it as a GeoJSON FeatureCollection in WGS84.' });
  const features: Feature[] = [];
  let line = 1 + countNewlines(json, 0, start);
  let at = json.indexOf('[', start) + 1;
  let counted = start;
  for (;;) {
    const open = json.indexOf('{', at);
    const closeList = json.indexOf(']', at);
    if (open < 0 || (closeList >= 0 && closeList < open)) return features;
    const end = findClosing(json, open);
    line += countNewlines(json, counted, open);
    counted = open;
    features.push({ line, ...parseFeature(json.slice(open, end), file.name, line) });
    at = end;
  }
}

function parseFeature(json: string, name: string, line: number): Omit<Feature, 'line'> {
  const broken = (cause?: unknown) => new Problem('badInput', { what: 'A feature is not valid GeoJSON', where: `${name}, line ${line}`, todo: 'Export the boundaries again; nothing of the file was loaded.', cause });
  let value: { properties?: Record<string, unknown> | null; geometry?: unknown };
  try {
    value = JSON.parse(json) as typeof value;
  } catch (error) {
    throw broken(error);
  }
  return { properties: value.properties ?? {}, geometry: value.geometry };
}

/** The character after the brace that closes the one at `open`; the end of the text where none does. */
function findClosing(json: string, open: number): number {
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
  return json.length;
}

function countNewlines(json: string, from: number, to: number): number {
  let count = 0;
  for (let at = json.indexOf('\n', from); at >= 0 && at < to; at = json.indexOf('\n', at + 1)) count += 1;
  return count;
}

function readJson(file: SourceFile): string {
  if (file.bytes > largest) throw new Problem('badInput', { what: 'The boundary file is larger than 400 MB', where: file.name, todo: 'Use generalised boundaries, or load the file in parts.' });
  let bytes = readFileSync(file.path);
  if (file.gzip) {
    try {
      bytes = gunzipSync(bytes, { maxOutputLength: largest });
    } catch (error) {
      throw asReadingProblem(error, file.name);
    }
  }
  return bytes.toString('utf8').replace(/^\uFEFF/, '');
}
