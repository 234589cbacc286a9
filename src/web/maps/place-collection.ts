// The same map as GeoJSON, for the map that can be moved: only what the page itself shows, after disclosure control.

import type { Feature, FeatureCollection, MultiPolygon, Polygon } from 'geojson';
import { classOf } from '../charts/class-breaks.ts';
import { rampOf } from '../charts/palette.ts';
import type { PlaceShape } from './place-map.ts';

interface PlaceProperties {
  code: string;
  name: string;
  words: string;
  state: PlaceShape['state'] | 'ground';
  /** Colour of its class, the same as on the drawn map and in the legend. */
  colour: string | null;
  /** The page with this area alone. */
  href?: string;
}

export interface PlaceCollectionOf {
  places: PlaceShape[];
  breaks: number[];
  ground?: (Polygon | MultiPolygon)[];
  alone?: (code: string) => string | undefined;
}

export type PlaceCollection = FeatureCollection<Polygon | MultiPolygon, PlaceProperties>;

/** Five decimals are about one metre. */
const decimals = 5;

export function placeCollection({ places, breaks, ground = [], alone }: PlaceCollectionOf): PlaceCollection {
  const colours = rampOf(breaks.length - 1);
  return {
    type: 'FeatureCollection',
    features: [
      ...ground.map((shape) => feature(shape, { code: '', name: '', words: '', state: 'ground', colour: null })),
      ...places.map(({ code, name, words, state, value, shape }) => {
        const href = alone?.(code);
        const colour = state === 'shown' && value !== null ? colours[classOf(value, breaks)]! : null;
        return feature(shape, { code, name, words, state, colour, ...(href ? { href } : {}) });
      }),
    ],
  };
}

function feature(shape: Polygon | MultiPolygon, properties: PlaceProperties): Feature<Polygon | MultiPolygon, PlaceProperties> {
  return { type: 'Feature', geometry: rounded(shape), properties };
}

function rounded<Shape extends Polygon | MultiPolygon>(shape: Shape): Shape {
  const round = (value: unknown): unknown => (Array.isArray(value) ? value.map(round) : typeof value === 'number' ? Number(value.toFixed(decimals)) : value);
  return { ...shape, coordinates: round(shape.coordinates) } as Shape;
}
