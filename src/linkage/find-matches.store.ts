// Who is this, among a million? Answers a search before a record is made, in milliseconds. The query is cleaned as a record is; the records
// that share most with it are collected from the index (candidate-finder.ts), and a few hundred of them are compared and weighed by the
// linkage's own expressions and model, so that a pair weighs here what it weighs in a build. Limits: a record that shares no value rare enough
// is not found; a full name that nobody has is taken for two independent names.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Problem } from '../core/index.ts';
import { openDuck, readSealedFile, type Duck, type FileKey } from '../store/index.ts';
import { createCandidateFinder, type CandidateFinder, type PostingList } from './candidate-finder.ts';
import { forbidden, opposed } from './cluster-records.ts';
import { levelInPattern, patternPlaces, type PatternPlace } from './compare-pairs.sql.ts';
import { findSorted, openParts, readArray, type PartFile } from './index-files.ts';
import { indexFiles, type IndexDescription } from './match-index.store.ts';
import { fieldEnd, noValue } from './match-index.sql.ts';
import { findConflicts, weighPatterns, type MatchModel } from './match-model.ts';
import { createQueryEngine, type CleanQuery, type MatchQuery, type QueryEngine } from './match-query.store.ts';

export type { MatchQuery } from './match-query.store.ts';

export interface MatchPart {
  /** A comparison's name; or prior, names (which go together more often than chance says), relatives. */
  name: string;
  label: string;
  /** The level's name and words; undefined where a value is missing, and for the parts that are no comparison. */
  level?: string;
  levelLabel?: string;
  /** What it adds to the weight. */
  bits: number;
}

export interface FoundMatch {
  sourceId: string;
  /** Where the index has people. */
  personKey?: string;
  /** That the two are one person. 0 where a conflict forbids it. */
  probability: number;
  /** In bits, prior included, as in a build; a conflict counts as −1000, an absolute one as −1,000,000. */
  weight: number;
  /** The weight without conflicts: the sum of the parts. */
  evidence: number;
  /** Names of the rules by which the two are never linked by themselves. */
  conflicts: string[];
  parts: MatchPart[];
}

export interface FindOptions {
  /** Matches to give at most; 10 where not said. */
  limit?: number;
  /** The least probability, conflicts left out of it; 0.001 where not said. */
  least?: number;
}

export interface MatchIndex {
  records: number;
  /** Matches in the order of their evidence, the best first. */
  findMatches(query: MatchQuery, options?: FindOptions): Promise<FoundMatch[]>;
  /** Weighs a query against records by their numbers, in the order of their ids. */
  weighAgainst(query: MatchQuery, records: readonly number[]): Promise<FoundMatch[]>;
  close(): void;
}

/** Records that are compared at most. */
const mostCompared = 300;

interface OpenIndex {
  about: IndexDescription;
  places: PatternPlace[];
  model: MatchModel;
  duck: Duck;
  engine: QueryEngine;
  hashes: Float64Array;
  starts: Uint32Array;
  postings: PartFile;
  candidates: CandidateFinder;
  ends: Float64Array;
  lines: PartFile;
  names: Float64Array;
  dependence: Float32Array;
  people?: { ends: Float64Array; lines: PartFile };
}

/**
 * Opens an index that `writeMatchIndex` has written, with the keys that may open it where it lies encrypted.
 * @throws Problem where there is none, or where another engine's version wrote it
 * @example const index = await openMatchIndex(folder); const [best] = await index.findMatches({ surname: 'Thistlewood', forename: 'Peg', born_about: 1961 })
 */
export async function openMatchIndex(folder: string, keys: readonly FileKey[] = []): Promise<MatchIndex> {
  const path = (name: keyof typeof indexFiles) => join(folder, indexFiles[name]);
  if (!existsSync(path('about'))) throw new Problem('notFound', { what: 'There is no index of people to search', where: folder, todo: 'Make one with "npx headwater build".' });
  const about = JSON.parse(readSealedFile(path('about'), keys).toString('utf8')) as IndexDescription;
  const duck = await openDuck({ memoryLimit: '512MB', threads: 1 });
  try {
    const { version } = await duck.one<{ version: string }>('SELECT version() AS version');
    if (about.format !== 1 || about.engine !== version) throw new Problem('badInput', { what: 'The index of people was written by another version', where: folder, todo: 'Build again with "npx headwater build --force".' });
    const { settings } = about;
    const postings = openParts(path('records'), keys);
    const index: OpenIndex = {
      about, duck, postings,
      candidates: createCandidateFinder(about.records, listReader(postings)),
      places: patternPlaces(settings.comparisons),
      model: { comparisons: settings.comparisons, ...about.model },
      engine: createQueryEngine(duck, about),
      hashes: readArray(path('hashes'), Float64Array, keys), starts: readArray(path('starts'), Uint32Array, keys),
      ends: readArray(path('ends'), Float64Array, keys), lines: openParts(path('lines'), keys),
      names: readArray(path('names'), Float64Array, keys), dependence: readArray(path('dependence'), Float32Array, keys),
      ...(existsSync(path('peopleEnds')) ? { people: { ends: readArray(path('peopleEnds'), Float64Array, keys), lines: openParts(path('people'), keys) } } : {}),
    };
    return presentIndex(index);
  } catch (error) {
    duck.close();
    throw error;
  }
}

/** Reads a list into a room that the next list takes over. */
function listReader(postings: PartFile): (list: PostingList) => Int32Array {
  let room = new Int32Array(1 << 14);
  return ({ start, end }) => {
    if (end - start > room.length) room = new Int32Array(2 * (end - start));
    const list = room.subarray(0, end - start);
    postings.readInto(new Uint8Array(list.buffer, list.byteOffset, list.byteLength), start * list.BYTES_PER_ELEMENT);
    return list;
  };
}

function presentIndex(index: OpenIndex): MatchIndex {
  // Prepared statements hold their parameters, so that one search runs at a time.
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const run = last.then(work);
    last = run.catch(() => undefined);
    return run;
  };
  return {
    records: index.about.records,
    findMatches: (query, options = {}) =>
      inTurn(async () => {
        const { clean, groups } = await cleanQuery(index, query);
        const found = await weigh(index, clean, index.candidates.find(groups, mostCompared));
        return found.filter((match) => 1 / (1 + 2 ** -match.evidence) >= (options.least ?? 0.001)).slice(0, options.limit ?? 10).map((match) => presentMatch(index, match));
      }),
    weighAgainst: (query, records) => inTurn(async () => (await weigh(index, (await cleanQuery(index, query)).clean, records)).map((match) => presentMatch(index, match))),
    close: () => {
      for (const file of [index.postings, index.lines, index.people?.lines]) file?.close();
      index.duck.close();
    },
  };
}

/** The query as a record, with the sounds and forms of its names and how they go together; and its keys that records have, as groups of lists of records. */
async function cleanQuery({ about, engine, names, dependence, hashes, starts }: OpenIndex, query: MatchQuery): Promise<{ clean: CleanQuery; groups: PostingList[][] }> {
  const clean = await engine.clean(query);
  const { keys, fullName } = await engine.hash(clean);
  const name = fullName === undefined ? -1 : findSorted(names, fullName);
  if (name >= 0) clean.values.set('name_dependence', String(dependence[name]));
  const groups = new Map<string, PostingList[]>();
  for (const { key, hash } of keys) {
    const place = findSorted(hashes, hash);
    if (place < 0) continue;
    const { group } = about.keys[key]!;
    groups.set(group, [...(groups.get(group) ?? []), { start: starts[place]!, end: starts[place + 1]! }]);
  }
  return { clean, groups: [...groups.values()] };
}

/** The records' lines as bytes, one character for each. */
function readLines({ ends, lines }: OpenIndex, records: readonly number[]): string[] {
  const bytes = Buffer.allocUnsafe(records.reduce((size, record) => size + ends[record + 1]! - ends[record]!, 0));
  let at = 0;
  for (const record of records) {
    const size = ends[record + 1]! - ends[record]!;
    lines.readInto(bytes.subarray(at, at + size), ends[record]!);
    at += size;
  }
  return bytes.toString('latin1', 0, at - 1).split('\n');
}

/** A candidate as weighed; `line` is its record's, as bytes. */
interface Weighed {
  record: number;
  line: string;
  levels: Int8Array;
  frequency: number;
  chance: number;
  evidence: number;
  weight: number;
}

/** The candidates in the order of their evidence, the best first. */
async function weigh(index: OpenIndex, query: CleanQuery, records: readonly number[]): Promise<Weighed[]> {
  if (records.length === 0) return [];
  const { engine, places, model, about } = index;
  // In the order of their places: parts of an encrypted file that hold several are opened once.
  const ordered = records.toSorted((a, b) => a - b);
  const lines = readLines(index, ordered);
  const lineOf = new Map(lines.map((line, i) => [ordered[i]!, line]));
  const rows = await engine.compare(query, lines);
  // Many candidates agree alike: each pattern is weighed once.
  const patterns = [...new Set(rows.map(({ pattern }) => pattern))];
  const at = new Map(patterns.map((pattern, p) => [pattern, p]));
  const levels = Int8Array.from({ length: patterns.length * places.length }, (_, i) => levelInPattern(patterns[Math.floor(i / places.length)]!, places[i % places.length]!));
  const weights = weighPatterns(model, { comparisons: places.length, levels, counts: new Float64Array(patterns.length) }, about.settings.conflicts);
  const weighed = rows.map(({ record, pattern, frequency }): Weighed => {
    const p = at.get(pattern)!;
    const chance = weights.chance[p]! + frequency;
    const kin = weights.kin[p]!;
    const evidence = weights.match[p]! - Math.max(chance, kin) - Math.log2(1 + 2 ** -Math.abs(chance - kin));
    const weight = weights.conflict[p] === 2 ? forbidden : weights.conflict[p] === 1 ? opposed : evidence;
    return { record, line: lineOf.get(record)!, levels: levels.subarray(p * places.length, (p + 1) * places.length), frequency, chance, evidence, weight };
  });
  return weighed.toSorted((a, b) => b.evidence - a.evidence || a.record - b.record);
}

function presentMatch(index: OpenIndex, weighed: Weighed): FoundMatch {
  const { about, people } = index;
  const { record, line, levels, weight, evidence } = weighed;
  const fields = Buffer.from(line, 'latin1').toString().split(fieldEnd);
  return {
    sourceId: fields[about.columns.findIndex(({ name }) => name === 'source_id')]!,
    ...(people ? { personKey: people.lines.read(people.ends[record]!, people.ends[record + 1]! - 1).toString('utf8') } : {}),
    probability: 1 / (1 + 2 ** -weight), weight, evidence,
    conflicts: findConflicts(about.settings.comparisons, levels, about.settings.conflicts).map(({ name }) => name),
    parts: partsOf(index, fields, weighed),
  };
}

/** The weight taken apart; the parts add up to the evidence. */
function partsOf({ model, about }: OpenIndex, fields: string[], { levels, frequency: frequencySum, chance, evidence }: Weighed): MatchPart[] {
  const parts: MatchPart[] = [{ name: 'prior', label: 'Before anything is compared', bits: Math.log2(model.prior) - Math.log2(1 - model.prior - model.kin) }];
  let frequencies = 0;
  let match = Math.log2(model.prior);
  for (const [c, comparison] of model.comparisons.entries()) {
    const level = comparison.levels[levels[c]!];
    if (!level) {
      parts.push({ name: comparison.name, label: comparison.label, bits: 0 });
      continue;
    }
    const power = level.exactOn ? (level.frequencyPower ?? 0) : 0;
    const held = power > 0 ? fields[about.columns.findIndex(({ name }) => name === `${level.exactOn}_frequency`)] : undefined;
    const frequency = held === undefined || held === noValue ? 0 : power * Number(held);
    const m = Math.log2(model.m[c]![levels[c]!]!);
    parts.push({ name: comparison.name, label: comparison.label, level: level.name, levelLabel: level.label, bits: m - (1 - power) * Math.log2(model.u[c]![levels[c]!]!) - frequency });
    frequencies += frequency;
    match += m;
  }
  parts.push({ name: 'names', label: 'How often these names go together', bits: frequencies - frequencySum });
  parts.push({ name: 'relatives', label: 'They may be relatives', bits: evidence - (match - chance) });
  return parts;
}
