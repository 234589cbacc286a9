// Places a map on the page: Mercator, as the map that can be moved uses it, fitted to the width, and the length of its scale bar.

import { geoMercator, geoMercatorRaw, type GeoProjection } from 'd3-geo';
import type { MultiPolygon, Polygon } from 'geojson';
import { boundingBox } from '../../geo/index.ts';

export interface MapFrame {
  projection: GeoProjection;
  width: number;
  height: number;
  scaleBar: { pixels: number; label: string };
}

const margin = 8;
const footer = 22;
const earthRadius = 6_371_008.8;
const radians = Math.PI / 180;

/** Fits shapes into a width; the height follows, and stays within `tallest`. */
export function fitMap(shapes: (Polygon | MultiPolygon)[], width: number, tallest = width * 1.05): MapFrame {
  if (shapes.length === 0) return { projection: geoMercator(), width, height: width / 2, scaleBar: { pixels: 0, label: '' } };
  const [west, south, east, north] = boundingBox(shapes);
  const [left, bottom] = geoMercatorRaw(west * radians, south * radians);
  const [right, top] = geoMercatorRaw(east * radians, north * radians);
  const [across, down] = [Math.max(right - left, 1e-9), Math.max(top - bottom, 1e-9)];
  const scale = Math.min((width - 2 * margin) / across, (tallest - 2 * margin - footer) / down);
  const height = Math.ceil(scale * down) + 2 * margin + footer;
  const projection = geoMercator().scale(scale).translate([width / 2 - (scale * (left + right)) / 2, margin + scale * top]);
  return { projection, width, height, scaleBar: scaleBar(scale, width, (south + north) / 2) };
}

function scaleBar(scale: number, width: number, latitude: number): MapFrame['scaleBar'] {
  const metresPerPixel = (Math.cos(latitude * radians) * earthRadius) / scale;
  const most = metresPerPixel * width * 0.3;
  const length = [100_000, 50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500, 200, 100, 50].find((metres) => metres <= most) ?? 20;
  return { pixels: Math.round(length / metresPerPixel), label: length >= 1000 ? `${length / 1000} km` : `${length} m` };
}
