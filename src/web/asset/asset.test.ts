import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestServer, type TestServer } from '../../../test/support/web-server.ts';
import { adaptStyleSheet, openAssets } from './asset-catalogue.ts';
import { chooseEncoding } from './asset.routes.ts';

const assets = openAssets();

describe('the catalogue', () => {
  test('Neither GOV.UK’s font nor its crest is in any style sheet, and every image that one names is held', () => {
    for (const name of assets.names().filter((item) => item.endsWith('.css'))) {
      const css = assets.find(name)!.body.toString();
      expect([...css.matchAll(/GDS Transport|@font-face|crest[\w-]*\.(?:svg|png)|Calvert|url\(["']?https?:[^)]*/g)].map(([found]) => found), name).toEqual([]);
      for (const [, target] of css.matchAll(/url\(["']?(?!data:|#|none)([^"')]+)["']?\)/g)) expect(assets.find(target!), `${name}: ${target}`).toBeDefined();
    }
  });

  test('No script points at a source map or at another host’s code', () => {
    for (const name of assets.names().filter((item) => /\.m?js$/.test(item))) expect(assets.find(name)!.body.includes('sourceMappingURL'), name).toBe(false);
  });

  test('A name that is not held is a mistake in a template, and is thrown', () => {
    expect(() => assets.url('nothing.css')).toThrow('No asset is called nothing.css');
  });

  test('The system’s fonts take the place of GOV.UK’s', () => {
    expect(adaptStyleSheet('@font-face{font-family:GDS Transport;src:url(/assets/fonts/a.woff2)}p{font-family:GDS Transport,arial,sans-serif}')).toMatch(/^p\{font-family:system-ui,/);
  });
});

test.each([
  [undefined, 'identity'], ['gzip, deflate, br', 'br'], ['gzip', 'gzip'], ['br;q=0, gzip;q=0.5', 'gzip'], ['br;q=0', 'identity'], ['*', 'identity'],
])('Accept-Encoding %s is answered with %s', (header, encoding) => {
  expect(chooseEncoding(header)).toBe(encoding);
});

describe('over the wire', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await openTestServer();
  });
  afterAll(() => server.app.close());

  test('A file of this version is compressed and kept for a year', async () => {
    const url = assets.url('govuk.css');
    const plain = await server.app.inject({ url });
    const packed = await server.app.inject({ url, headers: { 'accept-encoding': 'br' } });
    const zipped = await server.app.inject({ url, headers: { 'accept-encoding': 'gzip' } });
    expect(packed.headers['content-encoding']).toBe('br');
    expect(brotliDecompressSync(packed.rawPayload).equals(plain.rawPayload)).toBe(true);
    expect(gunzipSync(zipped.rawPayload).equals(plain.rawPayload)).toBe(true);
    expect(packed.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(packed.headers.vary).toContain('accept-encoding');
    expect(packed.headers['content-type']).toBe('text/css; charset=utf-8');
  });

  test('A file of another version is served but not kept', async () => {
    const response = await server.app.inject({ url: '/assets/000000000000/govuk.css' });
    expect(response.statusCode).toBe(200);
    expect(response.headers['cache-control']).toBe('no-cache');
  });

  test.each([
    '../web-options.ts', '..%2f..%2fweb-options.ts', '%2e%2e/%2e%2e/package.json', '..\\..\\package.json', 'images/../../server.ts', '/etc/passwd', '%00', 'nothing.css', '.', '',
  ])('The path %j leads to nothing', async (path) => {
    const response = await server.app.inject({ url: `/assets/${assets.version}/${path}` });
    expect(response.statusCode).toBe(404);
  });

  test('A page is compressed', async () => {
    const response = await server.app.inject({ url: '/accessibility', headers: { 'accept-encoding': 'gzip, br' } });
    expect(response.headers['content-encoding']).toBe('br');
    expect(brotliDecompressSync(response.rawPayload).toString()).toContain('Accessibility statement');
  });
});
