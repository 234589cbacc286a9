// Writes outlines as short SVG paths: snapped to half a pixel (neighbours snap alike, so they still fit), repeated points
// left out, relative moves. An outline drawn again at the same place and size is not worked out again.

import type { GeoProjection } from 'd3-geo';
import type { MultiPolygon, Polygon } from 'geojson';

const grid = 2;
const held = new WeakMap<object, { key: string; path: string }>();

/** @example mapPath(projection, square) // "M10,10h20v20h-20z" for a square of 20 pixels */
export function mapPath(projection: GeoProjection, shape: Polygon | MultiPolygon): string {
  const key = `${projection.scale()} ${projection.translate().join(' ')}`;
  const known = held.get(shape);
  if (known?.key === key) return known.path;
  const polygons = shape.type === 'Polygon' ? [shape.coordinates] : shape.coordinates;
  const path = polygons.flat().map((ring) => ringPath(projection, ring)).join('');
  held.set(shape, { key, path });
  return path;
}

function ringPath(projection: GeoProjection, ring: number[][]): string {
  const points: [number, number][] = [];
  for (const [longitude = 0, latitude = 0] of ring) {
    const place = projection([longitude, latitude]);
    if (!place) continue;
    const point: [number, number] = [Math.round(place[0] * grid), Math.round(place[1] * grid)];
    const last = points.at(-1);
    if (!last || last[0] !== point[0] || last[1] !== point[1]) points.push(point);
  }
  const first = points[0];
  if (points.length > 1 && first![0] === points.at(-1)![0] && first![1] === points.at(-1)![1]) points.pop();
  if (points.length < 3) return '';
  let text = `M${first![0] / grid},${first![1] / grid}`;
  for (let index = 1; index < points.length; index += 1) {
    const [dx, dy] = [(points[index]![0] - points[index - 1]![0]) / grid, (points[index]![1] - points[index - 1]![1]) / grid];
    text += dy === 0 ? `h${dx}` : dx === 0 ? `v${dy}` : `l${dx},${dy}`;
  }
  return `${text}z`;
}
