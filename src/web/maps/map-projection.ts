// Places a map on the page: Mercator, as the map that can be moved uses it, fitted to the width, and the length of its scale bar.

import { geoMercator, geoPath, type GeoProjection } from 'd3-geo';
import type { MultiPolygon, Polygon } from 'geojson';

export interface MapFrame {
  projection: GeoProjection;
  width: number;
  height: number;
  scaleBar: { pixels: number; label: string };
}

const margin = 8;
const footer = 22;
const earthRadius = 6_371_008.8;

/** Fits shapes into a width; the height follows, and stays within `tallest`. */
export function fitMap(shapes: (Polygon | MultiPolygon)[], width: number, tallest = width * 1.05): MapFrame {
  const all = { type: 'GeometryCollection' as const, geometries: shapes.map(wound) };
  const projection = geoMercator();
  projection.fitWidth(width - 2 * margin, all);
  const [[, top], [, bottom]] = geoPath(projection).bounds(all);
  const height = Number.isFinite(bottom - top) ? Math.min(tallest, Math.ceil(bottom - top) + 2 * margin + footer) : width / 2;
  projection.fitExtent([[margin, margin], [width - margin, height - margin - footer]], all);
  return { projection, width, height, scaleBar: scaleBar(projection, width, height) };
}

/** d3-geo takes a ring that runs anticlockwise for the whole world outside it; GeoJSON's outer rings may run either way. */
export function wound<Shape extends Polygon | MultiPolygon>(shape: Shape): Shape {
  const turn = (rings: number[][][]): number[][][] => rings.map((ring, index) => (clockwise(ring) === (index === 0) ? ring : ring.toReversed()));
  const coordinates = shape.type === 'Polygon' ? turn(shape.coordinates) : shape.coordinates.map(turn);
  return { ...shape, coordinates } as Shape;
}

function clockwise(ring: number[][]): boolean {
  let doubled = 0;
  for (let index = 0; index < ring.length - 1; index += 1) {
    const [[x1, y1], [x2, y2]] = [ring[index], ring[index + 1]] as [[number, number], [number, number]];
    doubled += (x2 - x1) * (y2 + y1);
  }
  return doubled > 0;
}

function scaleBar(projection: GeoProjection, width: number, height: number): MapFrame['scaleBar'] {
  const invert = projection.invert?.([width / 2, height / 2]);
  if (!invert) return { pixels: 0, label: '' };
  const metresPerPixel = (Math.cos((invert[1] * Math.PI) / 180) * earthRadius) / projection.scale();
  const most = metresPerPixel * width * 0.3;
  const length = [100_000, 50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500, 200, 100, 50].find((metres) => metres <= most) ?? 20;
  return { pixels: Math.round(length / metresPerPixel), label: length >= 1000 ? `${length / 1000} km` : `${length} m` };
}
