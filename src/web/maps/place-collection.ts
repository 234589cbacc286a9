// The same map as GeoJSON, for the map that can be moved: only what the page itself shows, after disclosure control.

import type { Feature, FeatureCollection, MultiPolygon, Polygon } from 'geojson';
import { classOf } from '../charts/class-breaks.ts';
import { rampOf } from '../charts/palette.ts';
import type { PlaceShape } from './place-map.ts';

interface PlaceProperties {
  code: string;
  name: string;
  words: string;
  state: PlaceShape['state'];
  /** Colour of its class, the same as on the drawn map and in the legend. */
  colour: string | null;
}

export type PlaceCollection = FeatureCollection<Polygon | MultiPolygon, PlaceProperties>;

/** Five decimals are about one metre. */
const places = 5;

export function placeCollection(shapes: PlaceShape[], breaks: number[]): PlaceCollection {
  const colours = rampOf(breaks.length - 1);
  return {
    type: 'FeatureCollection',
    features: shapes.map((place): Feature<Polygon | MultiPolygon, PlaceProperties> => ({
      type: 'Feature',
      geometry: rounded(place.shape),
      properties: {
        code: place.code,
        name: place.name,
        words: place.words,
        state: place.state,
        colour: place.state === 'shown' && place.value !== null ? colours[classOf(place.value, breaks)]! : null,
      },
    })),
  };
}

function rounded<Shape extends Polygon | MultiPolygon>(shape: Shape): Shape {
  const round = (value: unknown): unknown => (Array.isArray(value) ? value.map(round) : typeof value === 'number' ? Number(value.toFixed(places)) : value);
  return { ...shape, coordinates: round(shape.coordinates) } as Shape;
}
