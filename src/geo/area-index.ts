// Which area does a point fall in? A packed Hilbert R-tree of the parts' rectangles (flatbush), then the exact test of
// point-in-polygon.ts. Built once, a look-up costs microseconds. Generalised boundaries put points near a border in the
// wrong area or in none: use an area code that came with the data where there is one.

import Flatbush from 'flatbush';
import type { Feature, MultiPolygon, Polygon } from 'geojson';
import { flattenRing, polygonParts, ringsContainPoint } from './point-in-polygon.ts';

export type AreaFeature<P> = Feature<Polygon | MultiPolygon, P>;

export interface AreaIndex<P> {
  /** The area that holds the point; the first given where areas overlap; undefined where none does. */
  findArea(longitude: number, latitude: number): AreaFeature<P> | undefined;
  size: number;
}

/**
 * An index over polygons for many point look-ups.
 *
 * @param features GeoJSON features, degrees, longitude first
 * @example
 * const index = createAreaIndex(collection.features);
 * index.findArea(-0.4169, 51.8787)?.properties.area_code;
 */
export function createAreaIndex<P>(features: AreaFeature<P>[]): AreaIndex<P> {
  const parts = features.flatMap((feature, owner) =>
    polygonParts(feature.geometry)
      .filter((rings) => (rings[0]?.length ?? 0) > 2)
      .map((rings) => ({ owner, rings: rings.map(flattenRing) })),
  );
  if (parts.length === 0) return { findArea: () => undefined, size: 0 };
  const tree = new Flatbush(parts.length);
  for (const { rings } of parts) tree.add(...ringBox(rings[0]!));
  tree.finish();

  return {
    size: features.length,
    findArea(longitude, latitude) {
      if (!Number.isFinite(longitude) || !Number.isFinite(latitude)) return undefined;
      let found = features.length;
      tree.search(longitude, latitude, longitude, latitude, (i) => {
        const { owner, rings } = parts[i]!;
        if (owner < found && ringsContainPoint(rings, longitude, latitude)) found = owner;
        return false;
      });
      return features[found];
    },
  };
}

function ringBox(ring: Float64Array): [number, number, number, number] {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < ring.length; i += 2) {
    west = Math.min(west, ring[i]!);
    east = Math.max(east, ring[i]!);
    south = Math.min(south, ring[i + 1]!);
    north = Math.max(north, ring[i + 1]!);
  }
  return [west, south, east, north];
}
