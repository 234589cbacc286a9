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
  const done = new Map<string, Position[]>();
  const round = (position: Position) => position.slice(0, 2).map((value) => Number(value.toFixed(decimals)));

  const simplifyLine = (line: Position[]): Position[] => {
    const forward = keyOf(line[0]!) < keyOf(line.at(-1)!) || (keyOf(line[0]!) === keyOf(line.at(-1)!) && keyOf(line[1]!) <= keyOf(line.at(-2)!));
    const canonical = forward ? line : line.toReversed();
    const key = canonical.map(keyOf).join(' ');
    let simple = done.get(key);
    if (!simple) {
      simple = visvalingam(canonical, leastArea).map(round);
      done.set(key, simple);
    }
    return forward ? simple : simple.toReversed();
  };
  const simplifyRing = (ring: Position[]) => {
    const simple = cutRing(ring, junctions, keyOf).flatMap((line) => simplifyLine(line).slice(0, -1));
    return simple.length > 0 ? [...simple, simple[0]!] : [];
  };
  return geometries.map((geometry) => ({
    type: 'MultiPolygon',
    coordinates: polygonParts(geometry)
      .map((rings) => rings.map(simplifyRing).filter((ring, i) => i === 0 || ring.length > 3))
      .filter((rings) => (rings[0]?.length ?? 0) > 3),
  }));
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

/** Visvalingam and Whyatt: drops, again and again, the inner vertex with the smallest triangle. A closed line keeps four vertices. */
export function visvalingam(line: Position[], leastArea: number): Position[] {
  const closed = line[0]![0] === line.at(-1)![0] && line[0]![1] === line.at(-1)![1];
  const kept = [...line];
  const least = closed ? 4 : 2;
  while (kept.length > least) {
    let smallest = Infinity;
    let at = -1;
    for (let i = 1; i < kept.length - 1; i += 1) {
      const area = triangleArea(kept[i - 1]!, kept[i]!, kept[i + 1]!);
      if (area < smallest) {
        smallest = area;
        at = i;
      }
    }
    if (smallest >= leastArea) break;
    kept.splice(at, 1);
  }
  return kept;
}

function triangleArea(a: Position, b: Position, c: Position): number {
  return Math.abs((b[0]! - a[0]!) * (c[1]! - a[1]!) - (c[0]! - a[0]!) * (b[1]! - a[1]!)) / 2;
}
