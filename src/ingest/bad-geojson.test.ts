// Every kind of bad boundary file: what is said of it, what is put in quarantine, and that nothing is lost.

import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { fileIn, load, standardRecords, tally, temporaryHome } from '../../test/support/ingest-home.ts';
import { Problem } from '../core/index.ts';
import type { Home } from '../store/index.ts';
import { listLoads, listQuarantine } from './index.ts';

const ring = (west: number, south: number) => [[west, south], [west + 0.1, south], [west + 0.1, south + 0.1], [west, south + 0.1], [west, south]];
const square = (west: number, south = 51) => ({ type: 'Polygon', coordinates: [ring(west, south)] });
const area = (n: number, geometry: unknown = square(-1), more: object = {}) => ({ type: 'Feature', properties: { LSOA21CD: `E0100000${n}`, ...more }, geometry });
const collection = (...features: unknown[]) => `{"type":"FeatureCollection","features":[\n${features.map((one) => JSON.stringify(one)).join(',\n')}\n]}\n`;
const good = collection(area(1), area(2), area(3));

let files = 0;
const ingest = (home: Home, content: string | Buffer, name = `b${++files}.geojson`) => load(home, 'boundary', fileIn(home, name, content));
async function saidOf(home: Home, content: string | Buffer, name: string): Promise<string> {
  const error = await ingest(home, content, name).then(() => undefined, (caught: unknown) => caught);
  expect(error, name).toBeInstanceOf(Problem);
  expect((error as Problem).message).not.toContain('\n');
  expect((error as Problem).exitCode).toBe(3);
  return (error as Problem).message;
}

/** What is in quarantine: reason and line. */
async function quarantined(home: Home): Promise<(string | number)[][]> {
  return (await listQuarantine(home, 'boundary')).map((one) => [one.reason.split(' (')[0]!, one.rows, one.example.line]).toSorted();
}

describe('a boundary file that is refused as a whole', () => {
  it('wherever it is cut off, also between two features, says so, and what was held stays', async () => {
    const home = temporaryHome();
    await ingest(home, good, 'first.geojson');
    const second = good.indexOf(',\n{');
    for (const cut of [second, second + 1, second + 2, second + 40, good.length - 3, good.length - 4, good.length - 5, good.length - 8]) {
      expect(await saidOf(home, good.slice(0, cut).trimEnd(), 'cut.geojson'), String(cut)).toMatch(/^The GeoJSON stops in the middle or is damaged, so features would be missing \(cut\.geojson, line [2-5]\)\. Fetch or copy the file again; nothing of the file was loaded\.$/);
    }
    expect(await saidOf(home, '{"type":"FeatureColl', 'head.geojson')).toBe('The file is not GeoJSON, or stops in the middle (head.geojson). Export it as a GeoJSON FeatureCollection in WGS84, or fetch it again; nothing of the file was loaded.');
    expect(await saidOf(home, gzipSync(good).subarray(0, 60), 'half.geojson.gz')).toContain('The gzip file stops in the middle, so rows would be missing (half.geojson.gz)');
    expect(listLoads(home).map((one) => one.file)).toEqual(['first.geojson']);
  });

  it('with something between features, a NUL, or another kind of JSON says where', async () => {
    const home = temporaryHome();
    const bad = (line: number, name: string) => `A feature is not valid GeoJSON (${name}, line ${line}). Export the boundaries again; nothing of the file was loaded.`;
    expect(await saidOf(home, good.replace(',\n{', ',\nstray {'), 'stray')).toBe(bad(3, 'stray'));
    expect(await saidOf(home, good.replace('},\n{', '}\n\u0000{'), 'nul')).toBe(bad(3, 'nul'));
    expect(await saidOf(home, good.replace('E01000002', 'E01\u0000'), 'nul-in-text')).toBe(bad(3, 'nul-in-text'));
    expect(await saidOf(home, collection(null, area(1)), 'null')).toBe(bad(2, 'null'));
    expect(await saidOf(home, '{"type":"Topology","objects":{}}', 'topology')).toBe('The file is not a GeoJSON collection of features (topology). Export it as a GeoJSON FeatureCollection in WGS84.');
    expect(listLoads(home)).toEqual([]);
  });

  it('with another property than the contract’s names what was found', async () => {
    const home = temporaryHome();
    expect(await saidOf(home, good.replaceAll('LSOA21CD', 'LSOA21'), 'wrong.geojson')).toContain('A column is missing: "lsoa21_code"; found instead "LSOA21"');
  });
});

describe('a boundary file that can be read', () => {
  it('with a byte-order mark, as gzip or without features is as any other', async () => {
    const home = temporaryHome();
    expect(tally(await ingest(home, collection()))).toEqual([0, 0, 0, 0]);
    expect(tally(await ingest(home, `\uFEFF${good}`))).toEqual([3, 3, 0, 0]);
    expect(tally(await ingest(home, gzipSync(good)))).toEqual([3, 0, 0, 3]);
    expect(listLoads(home).map((one) => one.byteOrderMark)).toEqual([false, true, false]);
  });

  it('with one key twice keeps both where they differ, and calls the same one repeated', async () => {
    const home = temporaryHome();
    expect(tally(await ingest(home, collection(area(1), area(1), area(1, square(-2)))))).toEqual([3, 2, 0, 1]);
    expect(listLoads(home)[0]!.superseded).toBe(1);
  });

  it('puts a feature without geometry, without its code or with a NUL in quarantine, with its line', async () => {
    const home = temporaryHome();
    const nameless = { type: 'Feature', properties: { LSOA21: 'E01000009' }, geometry: square(-1) };
    expect(tally(await ingest(home, collection(area(1), area(2, null), nameless, area(3, square(-1), { LSOA21NM: 'a\u0000b' }), { type: 'Feature', properties: { LSOA21CD: 'E01000004' } })))).toEqual([5, 1, 4, 0]);
    expect(await quarantined(home)).toEqual([['a NUL character', 1, 5], ['empty, and must be filled', 1, 4], ['empty, and must be filled', 2, 3]]);
  });

  it('puts an outline in the sea, the wrong way round, in metres or of no area in quarantine', async () => {
    const home = temporaryHome();
    const swapped = { type: 'Polygon', coordinates: [ring(51, -1)] };
    const metres = { type: 'MultiPolygon', coordinates: [[ring(509_000, 221_000)]] };
    const outlines = [square(-1), square(-30), square(1, 56), swapped, metres, { type: 'Point', coordinates: [-1, 51] }, { type: 'Polygon', coordinates: 'x' }, { type: 'MultiPolygon', coordinates: [] }, 'POLYGON'];
    expect(tally(await ingest(home, collection(...outlines.map((outline, i) => area(i + 1, outline)))))).toEqual([9, 1, 8, 0]);
    expect(await quarantined(home)).toEqual([
      ['an outline without coordinates, or with coordinates that are no numbers', 2, 8],
      ['in the sea or in Ireland', 1, 4],
      ['longitude and latitude are the wrong way round', 1, 5],
      ['not degrees, perhaps eastings and northings of the national grid', 1, 6],
      ['not the outline of an area', 2, 7],
      ['outside the United Kingdom, in the sea or abroad', 1, 3],
    ]);
  });
});

describe('a boundary file of an older program', () => {
  it('in Windows-1252 keeps its accents, and the load says so', async () => {
    const home = temporaryHome();
    expect(tally(await ingest(home, Buffer.from(collection(area(1, square(-1), { LSOA21NM: 'Ynys Môn 001A' }), area(2)), 'latin1'), 'older.geojson'))).toEqual([2, 2, 0, 0]);
    expect(listLoads(home)[0]).toMatchObject({ encoding: 'windows-1252 in part' });
    const duck = await standardRecords(home);
    expect(await duck.rows('SELECT area_name FROM area ORDER BY area_code')).toEqual([{ area_name: 'Ynys Môn 001A' }, { area_name: null }]);
    duck.close();
  });
});
