// Lighter shapes for a map that keep fitting together. Each border between two areas is one line (TopoJSON's idea, Bostock
// 2012): rings are cut where three areas meet, each line is simplified once, and both neighbours take the same result.
// Lines lose their least important vertices first (Visvalingam and Whyatt 1993), so no gaps open between neighbours.

import type { MultiPolygon, Polygon, Position } from 'geojson';
import { polygonParts } from './point-in-polygon.ts';

/**
 * Simplifies all geometries together. Neighbours must share their border's vertices exactly; where they do not,
 * each is simplified alone.
 *
 * @param geometries degrees, longitude first
 * @param leastArea a vertex goes when the triangle it makes with its neighbours is smaller than this, in square degrees
 * @param decimals places kept in the result: 4 is about 10 m
 * @example
 * simplifyAreas(features.map((feature) => feature.geometry), 1e-6, 4);
 */
export function simplifyAreas(geometries: (Polygon | MultiPolygon)[], leastArea: number, decimals = 5): MultiPolygon[] {
  const keyOf = (position: Position) => `${position[0]},${position[1]}`;
  const junctions = findJunctions(geometries, keyOf);
  const round = (position: Position) => position.slice(0, 2).map((value) => Number(value.toFixed(decimals)));
  const ringsOf = geometries.map((geometry) => polygonParts(geometry).map((rings) => rings.map((ring) => cutRing(ring, junctions, keyOf).map((line) => canonical(line, keyOf)))));
  const lines = new Map<string, Position[]>();
  for (const { key, line } of ringsOf.flat(3)) if (!lines.has(key)) lines.set(key, visvalingam(line, leastArea).map(round));

  // An outline that has come down to a line keeps one more vertex, in its longest border: no area may vanish.
  for (const [outline = []] of ringsOf.flat()) {
    if (outline.reduce((sum, { key }) => sum + lines.get(key)!.length - 1, 0) > 2) continue;
    const longest = outline.toSorted((a, b) => b.line.length - a.line.length)[0];
    if (longest) lines.set(longest.key, visvalingam(longest.line, leastArea, 3).map(round));
  }
  const simplifyRing = (ring: CutLine[]) => {
    const positions = ring.flatMap(({ key, isForward }) => (isForward ? lines.get(key)! : lines.get(key)!.toReversed()).slice(0, -1));
    return positions.length > 0 ? [...positions, positions[0]!] : [];
  };
  return ringsOf.map((parts) => ({
    type: 'MultiPolygon',
    coordinates: parts.map((rings) => rings.map(simplifyRing).filter((ring, i) => i === 0 || ring.length > 3)).filter((rings) => (rings[0]?.length ?? 0) > 3),
  }));
}

interface CutLine {
  key: string;
  /** In the one direction in which both neighbours keep it. */
  line: Position[];
  isForward: boolean;
}

function canonical(line: Position[], keyOf: (position: Position) => string): CutLine {
  const [first, last] = [keyOf(line[0]!), keyOf(line.at(-1)!)];
  const isForward = first === last ? keyOf(line[1]!) <= keyOf(line.at(-2)!) : first < last;
  const kept = isForward ? line : line.toReversed();
  return { key: kept.map(keyOf).join(' '), line: kept, isForward };
}

/** Vertices whose neighbours differ between the rings that use them: where borders meet or part. */
function findJunctions(geometries: (Polygon | MultiPolygon)[], keyOf: (position: Position) => string): Set<string> {
  const neighbours = new Map<string, string>();
  const junctions = new Set<string>();
  for (const ring of geometries.flatMap((geometry) => polygonParts(geometry).flat())) {
    const open = ring.slice(0, -1).map(keyOf);
    for (let i = 0; i < open.length; i += 1) {
      const pair = [open.at(i - 1)!, open[(i + 1) % open.length]!].toSorted().join(' ');
      const seen = neighbours.get(open[i]!);
      if (seen === undefined) neighbours.set(open[i]!, pair);
      else if (seen !== pair) junctions.add(open[i]!);
    }
  }
  return junctions;
}

/** Lines from junction to junction, ends included. A ring without junctions is one line that starts at its smallest vertex. */
function cutRing(ring: Position[], junctions: Set<string>, keyOf: (position: Position) => string): Position[][] {
  const open = ring.slice(0, -1);
  if (open.length < 3) return [];
  let start = open.findIndex((position) => junctions.has(keyOf(position)));
  if (start < 0) {
    start = 0;
    for (let i = 1; i < open.length; i += 1) if (keyOf(open[i]!) < keyOf(open[start]!)) start = i;
  }
  const turned = [...open.slice(start), ...open.slice(0, start + 1)];
  const lines: Position[][] = [];
  let line = [turned[0]!];
  for (const position of turned.slice(1)) {
    line.push(position);
    if (position === turned[0] || junctions.has(keyOf(position))) {
      lines.push(line);
      line = [position];
    }
  }
  if (line.length > 1) lines.push(line);
  return lines;
}

/**
 * Visvalingam and Whyatt: drops, again and again, the inner vertex whose triangle with its neighbours is the smallest;
 * of equal ones, the first in the line.
 *
 * @param line its first and last positions stay; a closed line keeps at least four positions
 * @param leastArea vertices of smaller triangles go, in square units of the positions
 * @param fewest positions kept in any case
 * @example
 * visvalingam([[0, 0], [1, 0.01], [2, 0]], 0.1); // [[0, 0], [2, 0]]
 */
export function visvalingam(line: Position[], leastArea: number, fewest = 2): Position[] {
  const n = line.length;
  const isClosed = line[0]![0] === line[n - 1]![0] && line[0]![1] === line[n - 1]![1];
  const least = isClosed ? Math.max(4, fewest) : fewest;
  const before = Int32Array.from(line, (_, i) => i - 1);
  const after = Int32Array.from(line, (_, i) => i + 1);
  const areas = new Float64Array(n).fill(Infinity);
  const measure = (i: number) => triangleArea(line[before[i]!]!, line[i]!, line[after[i]!]!);
  // A heap with old entries left in: an entry counts only while its area is still its vertex's.
  const heap: HeapEntry[] = [];
  const enter = (i: number) => {
    if (i <= 0 || i >= n - 1) return;
    areas[i] = measure(i);
    pushHeap(heap, { area: areas[i]!, i });
  };
  for (let i = 1; i < n - 1; i += 1) enter(i);
  let left = n;
  while (heap.length > 0 && left > least) {
    const { area, i } = popHeap(heap);
    if (areas[i] !== area) continue;
    if (area >= leastArea) break;
    areas[i] = -1;
    left -= 1;
    after[before[i]!] = after[i]!;
    before[after[i]!] = before[i]!;
    enter(before[i]!);
    enter(after[i]!);
  }
  return line.filter((_, i) => areas[i] !== -1);
}

interface HeapEntry {
  area: number;
  i: number;
}

function comesBefore(a: HeapEntry, b: HeapEntry): boolean {
  return a.area < b.area || (a.area === b.area && a.i < b.i);
}

function pushHeap(heap: HeapEntry[], entry: HeapEntry): void {
  let at = heap.push(entry) - 1;
  for (let up = (at - 1) >> 1; at > 0 && comesBefore(entry, heap[up]!); at = up, up = (at - 1) >> 1) {
    heap[at] = heap[up]!;
    heap[up] = entry;
  }
}

function popHeap(heap: HeapEntry[]): HeapEntry {
  const first = heap[0]!;
  const entry = heap.pop()!;
  if (heap.length === 0) return first;
  let at = 0;
  for (;;) {
    const left = 2 * at + 1;
    if (left >= heap.length) break;
    const child = left + 1 < heap.length && comesBefore(heap[left + 1]!, heap[left]!) ? left + 1 : left;
    if (!comesBefore(heap[child]!, entry)) break;
    heap[at] = heap[child]!;
    at = child;
  }
  heap[at] = entry;
  return first;
}

function triangleArea(a: Position, b: Position, c: Position): number {
  return Math.abs((b[0]! - a[0]!) * (c[1]! - a[1]!) - (c[0]! - a[0]!) * (b[1]! - a[1]!)) / 2;
}
