import type { Polygon } from 'geojson';
import { parseHTML } from 'linkedom';
import { expect, it } from 'vitest';
import { classBreaks, classOf } from '../charts/class-breaks.ts';
import { listNamedAreas } from './area-shapes.ts';
import { mapLegend } from './map-legend.ts';
import { mapPath } from './map-path.ts';
import { fitMap } from './map-projection.ts';
import { placeCollection } from './place-collection.ts';
import { drawPlaceMap, type PlaceShape } from './place-map.ts';

/** A square of about 1.1 km, its south-west corner `east` and `north` squares from 0.5° W, 52° N. */
const square = (east: number, north: number): Polygon => {
  const [w, s] = [-0.5 + east * 0.016, 52 + north * 0.01];
  return { type: 'Polygon', coordinates: [[[w, s], [w + 0.016, s], [w + 0.016, s + 0.01], [w, s + 0.01], [w, s]]] };
};
const place = (index: number, state: PlaceShape['state'], value: number | null, name = `Area ${index}`): PlaceShape => ({ code: `E${index}`, name, shape: square(index % 3, Math.floor(index / 3)), state, value, words: value === null ? 'no figure' : `${value} per 1,000` });
const places = [place(0, 'shown', 5), place(1, 'shown', 25), place(2, 'suppressed', null, '"><script>alert(1)</script>'), place(3, 'missing', null), place(4, 'shown', 40), place(5, 'shown', 10)];
const breaks = [0, 10, 20, 40];
const map = { id: 'map-one', title: 'Where it is', description: 'Rates by area', breaks, places, ground: [], width: 400 };
const documentOf = (svg: string) => parseHTML(`<body>${svg}</body>`).document;

it('each area is drawn once, in its class, with its name and value', () => {
  const document = documentOf(drawPlaceMap(map).svg);
  const named = [...document.querySelectorAll('path')].filter((node) => node.querySelector('title'));
  expect(named).toHaveLength(6);
  const fills = named.map((node) => [node.textContent, node.parentElement!.getAttribute('fill')]);
  expect(Object.fromEntries(fills)).toMatchObject({ 'Area 0: 5 per 1,000': '#DCE9F5', 'Area 5: 10 per 1,000': '#6BA3D0', 'Area 1: 25 per 1,000': '#12436D', 'Area 4: 40 per 1,000': '#12436D' });
});

it('suppressed areas are hatched and areas without a figure are outlined', () => {
  const document = documentOf(drawPlaceMap(map).svg);
  expect(document.querySelector('[fill="url(#map-one-hatch)"] title')!.textContent).toContain('no figure');
  expect(document.querySelector('[stroke-dasharray] title')!.textContent).toBe('Area 3: no figure');
  expect(document.querySelector('script')).toBeNull();
});

it('the map has a name, a description and a scale bar, and no inline style', () => {
  const { svg, scale } = drawPlaceMap(map);
  const root = documentOf(svg).querySelector('svg')!;
  expect(root.getAttribute('role')).toBe('img');
  expect(root.getAttribute('aria-labelledby')).toBe('map-one-title map-one-desc');
  expect(scale).toBe('1 km');
  expect(svg).not.toMatch(/\sstyle=|<style/);
});

it('the scale bar is as long as it says', () => {
  const frame = fitMap(places.map(({ shape }) => shape), 400);
  const [west, east] = [frame.projection([-0.5, 52.01])!, frame.projection([-0.452, 52.01])!];
  const metresPerPixel = 3290 / (east[0] - west[0]);
  expect(frame.scaleBar.pixels * metresPerPixel).toBeGreaterThan(980);
  expect(frame.scaleBar.pixels * metresPerPixel).toBeLessThan(1020);
});

it('north is up and shapes stay inside the frame', () => {
  const frame = fitMap(places.map(({ shape }) => shape), 400);
  const [south, north] = [frame.projection([-0.49, 52])!, frame.projection([-0.49, 52.02])!];
  expect(north[1]).toBeLessThan(south[1]);
  for (const point of [south, north]) {
    expect(point[0]).toBeGreaterThanOrEqual(8);
    expect(point[1]).toBeLessThanOrEqual(frame.height);
  }
});

it('neighbours share their snapped border, and a ring smaller than a pixel is not drawn', () => {
  const frame = fitMap(places.map(({ shape }) => shape), 400);
  expect(mapPath(frame.projection, square(0, 0))).toMatch(/^M[\d.]+,[\d.]+([hvl][-\d.,]+)+z$/);
  expect(mapPath(frame.projection, { type: 'Polygon', coordinates: [[[0, 0], [1e-7, 0], [1e-7, 1e-7], [0, 0]]] })).toBe('');
});

it('an outline drawn again at another size is worked out again', () => {
  const shape = square(0, 0);
  const [small, large] = [200, 400].map((width) => mapPath(fitMap([shape], width).projection, shape));
  expect(small).not.toBe(large);
  expect(mapPath(fitMap([shape], 400).projection, shape)).toBe(large);
});

it('a map without any shape has a frame all the same', () => {
  expect(fitMap([], 400)).toMatchObject({ width: 400, height: 200, scaleBar: { label: '' } });
});

it('many hexagons make one path for each class', () => {
  const many = Array.from({ length: 1300 }, (_, index) => ({ ...place(index, 'shown' as const, index % 40), shape: square(index % 40, Math.floor(index / 40)) }));
  const { svg } = drawPlaceMap({ ...map, places: many });
  expect(documentOf(svg).querySelectorAll('path title').length).toBe(0);
  expect(svg.length).toBeLessThan(70_000);
});

it('the legend says each class with its limits, suppressed and missing, and how many', () => {
  const legend = mapLegend({ breaks, places, classOf: (value) => classOf(value, breaks), write: String });
  expect(legend.map(({ text, count }) => [text, count])).toEqual([
    ['0 to under 10', 1],
    ['10 to under 20', 1],
    ['20 to 40', 2],
    ['Kept back: a small number', 1],
    ['No figure', 1],
  ]);
});

it('the legend of a few distinct values says them, not limits between them', () => {
  const few = [place(0, 'shown', 10), place(1, 'shown', 15), place(2, 'shown', 15)];
  const limits = classBreaks([10, 15, 15], 5);
  expect(mapLegend({ breaks: limits, places: few, classOf: (value) => classOf(value, limits), write: String }).map(({ text, count }) => [text, count])).toEqual([['10', 1], ['15', 2]]);
});

it('the shapes of the map that can be moved hold no more than the page shows', () => {
  const { features } = placeCollection({ places, breaks });
  expect(features.map(({ properties }) => properties.state)).toEqual(['shown', 'shown', 'suppressed', 'missing', 'shown', 'shown']);
  expect(features[0]!.properties).toEqual({ code: 'E0', name: 'Area 0', words: '5 per 1,000', state: 'shown', colour: '#DCE9F5' });
  expect(features[2]!.properties.colour).toBeNull();
});

it('areas are read once for a snapshot, and a boundary that cannot be read leaves the area without a shape', async () => {
  let reads = 0;
  const row = { name: null, ward_code: 'W', ward_name: 'Ward', authority_code: null, authority_name: null };
  const lake = {
    snapshot: { id: 's', builtAt: '2026-01-01T00:00:00Z', dataTo: null },
    hasTable: () => true,
    rows: async <T>() => {
      reads += 1;
      return [{ ...row, code: 'A', geometry: JSON.stringify(square(0, 0)) }, { ...row, code: 'B', geometry: '{broken' }, { ...row, code: 'C', geometry: null }, { ...row, code: 'D', geometry: '{"type":"Polygon","coordinates":[[]]}' }] as T[];
    },
  };
  const areas = await listNamedAreas(lake);
  await listNamedAreas(lake);
  expect(reads).toBe(1);
  expect(areas.map(({ code, name, shape }) => [code, name, shape === null])).toEqual([['A', 'A', false], ['B', 'B', true], ['C', 'C', true], ['D', 'D', true]]);
});
