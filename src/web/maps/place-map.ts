// Draws a map of rates or counts on the server: areas or hexagons in a few shades of one colour, white lines between,
// suppressed ones hatched, ones without a figure outlined. North is up; a bar gives the scale. Names and values come up on
// pointing. The colours' meaning is in the legend beside it, which `mapLegend` shapes, and every figure is in the table.

import type { MultiPolygon, Polygon } from 'geojson';
import { classOf } from '../charts/class-breaks.ts';
import { ink, rampOf } from '../charts/palette.ts';
import { escapeText } from '../charts/svg-text.ts';
import { fitMap, type MapFrame } from './map-projection.ts';
import { mapPath } from './map-path.ts';

export interface PlaceShape {
  code: string;
  name: string;
  shape: Polygon | MultiPolygon;
  state: 'shown' | 'suppressed' | 'missing';
  value: number | null;
  /** The value with its unit and interval, as words. */
  words: string;
}

export interface PlaceMap {
  id: string;
  title: string;
  description: string;
  /** Class limits, from classBreaks. */
  breaks: number[];
  places: PlaceShape[];
  /** Outlines of areas under hexagons. */
  ground: (Polygon | MultiPolygon)[];
  /** What the map is fitted to; the places where absent. */
  fit?: (Polygon | MultiPolygon)[];
  width: number;
}

export interface DrawnMap {
  svg: string;
  width: number;
  height: number;
  scale: string;
}

/** Above this many hexagons on one map, names on pointing are left to the map that can be moved. */
const mostNames = 1200;

export function drawPlaceMap(map: PlaceMap): DrawnMap {
  const frame = fitMap(map.fit && map.fit.length > 0 ? map.fit : map.places.map((place) => place.shape), map.width);
  const colours = rampOf(map.breaks.length - 1);
  const named = map.places.length <= mostNames;
  const groups = colours.map((colour, index) => ({
    fill: colour,
    places: map.places.filter((place) => place.state === 'shown' && place.value !== null && classOf(place.value, map.breaks) === index),
  }));
  const suppressed = { fill: `url(#${map.id}-hatch)`, places: map.places.filter((place) => place.state === 'suppressed') };
  const missing = { fill: 'none', places: map.places.filter((place) => place.state === 'missing') };
  const thin = map.places.length > 800 ? 0.4 : 0.8;
  const body = [
    `<defs><pattern id="${map.id}-hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="5" height="5" fill="${ink.ground}"/><path d="M0,0v5" stroke="${ink.quiet}" stroke-width="2"/></pattern></defs>`,
    map.ground.length > 0 ? `<path d="${map.ground.map((shape) => mapPath(frame.projection, shape)).join('')}" fill="#F3F2F1" stroke="${ink.line}" stroke-width="0.6"/>` : '',
    ...groups.map((group) => drawGroup({ ...group, stroke: ink.ground, thin, frame, named })),
    drawGroup({ ...suppressed, stroke: ink.quiet, thin: 0.6, frame, named }),
    drawGroup({ ...missing, stroke: ink.quiet, thin: 0.8, dashed: true, frame, named }),
    drawScale(frame),
  ];
  return {
    svg: `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${frame.width} ${frame.height}" width="${frame.width}" height="${frame.height}" role="img" aria-labelledby="${map.id}-title ${map.id}-desc" stroke-linejoin="round"><title id="${map.id}-title">${escapeText(map.title)}</title><desc id="${map.id}-desc">${escapeText(map.description)}</desc>${body.join('')}</svg>`,
    width: frame.width,
    height: frame.height,
    scale: frame.scaleBar.label,
  };
}

interface Group {
  fill: string;
  places: PlaceShape[];
  stroke: string;
  thin: number;
  dashed?: boolean;
  frame: MapFrame;
  named: boolean;
}

function drawGroup({ fill, places, stroke, thin, dashed, frame, named }: Group): string {
  if (places.length === 0) return '';
  const paths = places.map((place) => ({ d: mapPath(frame.projection, place.shape), place })).filter(({ d }) => d !== '');
  const inner = named
    ? paths.map(({ d, place }) => `<path d="${d}"><title>${escapeText(`${place.name}: ${place.words}`)}</title></path>`).join('')
    : `<path d="${paths.map(({ d }) => d).join('')}"/>`;
  return `<g fill="${fill}" stroke="${stroke}" stroke-width="${thin}"${dashed ? ' stroke-dasharray="2,2" pointer-events="all"' : ''}>${inner}</g>`;
}

function drawScale({ scaleBar, height }: MapFrame): string {
  return `<path d="M8,${height - 12}v6h${scaleBar.pixels}v-6" fill="none" stroke="${ink.text}" stroke-width="1.5"/>`;
}
