import { parseHTML } from 'linkedom';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestLake, type TestLake } from '../../../test/support/lake-builder.ts';
import { sampleCounty } from '../../../test/support/sample-county.ts';
import { openTestServer, signedInAs, type TestServer } from '../../../test/support/web-server.ts';
import { fixedClock } from '../../core/index.ts';
import { createQuestions } from '../../understand/index.ts';
import { understandRoutes } from './understand.routes.ts';

const paths = ['/understand/demand', '/understand/repeat-demand', '/understand/places', '/understand/data-quality'];
const clock = fixedClock('2025-01-10T09:00:00Z');
let lake: TestLake;
let server: TestServer;
let cookie: string;

beforeAll(async () => {
  lake = await openTestLake(sampleCounty());
  server = await openTestServer({ questions: createQuestions({ clock }), lake: () => lake }, [understandRoutes]);
  cookie = (await signedInAs(server, 'analyst')).cookie;
});

afterAll(async () => {
  await server.app.close();
  lake.close();
});

const get = (url: string) => server.app.inject({ url, headers: { cookie } });
const open = async (url: string) => {
  const response = await get(url);
  expect(response.statusCode, url).toBe(200);
  return { body: response.body, document: parseHTML(response.body).document };
};
const domOf = (html: string) => parseHTML(html).document;
const words = (node: { textContent: string | null } | null) => (node?.textContent ?? '').replaceAll(/\s+/g, ' ').trim();

describe('every question page', () => {
  it.each(paths)('%s has question, answer, filters, picture, table, how sure and where from, in this order', async (path) => {
    const { document } = await open(path);
    const order = ['h1', '.hw-question__answer', '.hw-filter', 'figure, .hw-table', '#sure-heading', '#source-heading'].map((selector) => document.querySelector(selector));
    for (const node of order) expect(node).not.toBeNull();
    const all = [...document.querySelectorAll('*')];
    const places = order.map((node) => all.indexOf(node!));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(words(document.querySelector('.hw-question__answer')).length).toBeGreaterThan(20);
  });

  it.each(paths)('%s has no inline style, no inline script and no event attribute', async (path) => {
    const { body } = await open(path);
    expect(body).not.toMatch(/\sstyle="|<style|\son[a-z]+="/);
    for (const [, inner] of body.matchAll(/<script[^>]*>([^<]*)<\/script>/g)) expect(inner).toBe('');
  });

  it.each(paths)('%s has each id once, and every name that a label or description points to', async (path) => {
    const { document } = await open(path);
    const ids = [...document.querySelectorAll('[id]')].map((node) => node.id);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    const pointed = [...document.querySelectorAll('[aria-labelledby], [aria-describedby], label[for]')].flatMap((node) => ['aria-labelledby', 'aria-describedby', 'for'].flatMap((name) => (node.getAttribute(name) ?? '').split(' ').filter(Boolean)));
    expect(pointed.filter((id) => !ids.includes(id))).toEqual([]);
  });

  it.each(paths)('%s weighs less than 300 kB without styles and scripts, uncompressed', async (path) => {
    expect((await open(path)).body.length).toBeLessThan(300_000);
  });

  it.each(paths)('%s is refused to those who may not see it, with its files', async (path) => {
    const other = (await signedInAs(server, 'referrer')).cookie;
    for (const url of [path, `${path}.csv`, `${path}.svg`, `${path}.csv-metadata.json`, '/understand/places.geojson']) {
      expect((await server.app.inject({ url, headers: { cookie: other } })).statusCode, url).toBe(403);
      expect((await server.app.inject({ url })).statusCode, url).toBe(303);
    }
  });

  it.each(paths)('%s says hostile filter values back as text only', async (path) => {
    const hostile = '"><img src=x onerror=alert(1)>';
    const query = new URLSearchParams([['agency', hostile], ['category', hostile], ['area', hostile], ['from', hostile], ['feed', hostile], ['layer', hostile], ['by', hostile], ['measure', hostile], ['sort', hostile], ['rows', hostile]]);
    const { body, document } = await open(`${path}?${query}`);
    expect(body).not.toContain('<img src=x');
    expect(document.querySelector('img')).toBeNull();
    const notes = [...document.querySelectorAll('.govuk-inset-text')].map(words);
    expect(notes).toHaveLength(1);
    expect(notes[0]).toContain(`agency “${hostile}”`);
  });
});

describe('filters', () => {
  it('are said in words and each can be taken away without losing another', async () => {
    const { document } = await open('/understand/demand?agency=police&category=burglary&category=shoplifting&from=2024-01&area=E01990001&measure=hours');
    expect(words(document.querySelector('.hw-filter__summary'))).toBe('Showing Police, Burglary and Shoplifting, January 2024 to December 2024, Sample area 01. Trend and hours by: Officer and crew hours.');
    const tags = [...document.querySelectorAll('.moj-filter__tag')];
    expect(tags.map(words)).toEqual(['Police', 'Burglary', 'Shoplifting', 'Sample area 01', 'From January 2024'].map((text) => `Remove this filter: ${text}`));
    expect(tags[1]!.getAttribute('href')).toBe('/understand/demand?agency=police&category=shoplifting&area=E01990001&from=2024-01&measure=hours');
  });

  it('are a form that carries what it does not change', async () => {
    const { document } = await open('/understand/demand?category=burglary&area=E01990001&sort=by-demand.events.asc');
    const form = document.querySelector('form[method="get"]')!;
    const hidden = [...form.querySelectorAll('input[type="hidden"]')].map((input) => [input.getAttribute('name'), input.getAttribute('value')]);
    expect(hidden).toEqual([['category', 'burglary'], ['area', 'E01990001'], ['sort', 'by-demand.events.asc']]);
    const names = [...form.querySelectorAll('select')].map((select) => select.getAttribute('name'));
    expect(names).toEqual(['measure', 'feed', 'from', 'to', 'category', 'area']);
  });

  it('that nothing fits give a page that says why and what would help', async () => {
    const { document } = await open('/understand/demand?from=2019-01&to=2019-06');
    expect(words(document.querySelector('.hw-empty'))).toMatch(/^Nothing can be shown Nothing was found .+ Choose a longer period or more areas\. Clear all filters$/);
    expect(document.querySelector('figure')).toBeNull();
  });

  const odd = {
    'unknown codes': 'area=nowhere&category=witchcraft&agency=mi5',
    'thousands of areas': Array.from({ length: 3000 }, (_, i) => `area=x${i}`).join('&'),
    'one area thousands of times': `area=nowhere&${Array.from({ length: 3000 }, () => 'area=E01990001').join('&')}`,
    'dates in other styles': 'from=2024&to=01/02/2026',
    'a date given twice': 'from=2024-01&from=2025-01',
    'a period that ends before it starts': 'from=2024-06&to=2024-01',
    'names of objects': 'area=__proto__&__proto__=x&constructor=y&area[a]=b&feed=toString&measure=constructor&by=__proto__&layer=valueOf&sort=__proto__.a.b&rows=__proto__',
    'pictures and unreadable letters': 'area=%F0%9F%92%A9&agency=%01&category=%E0%A4%A&from=%F0%9F%92%A9&feed=%FF&layer=%F0%9F%92%A9',
  };
  describe.each(Object.entries(odd))('with %s', (_name, query) => {
    it.each(paths)('%s shows the rest, with one short note', async (path) => {
      const { body, document } = await open(`${path}?${query}`);
      const notes = [...document.querySelectorAll('.govuk-inset-text')].map(words);
      expect(notes).toHaveLength(1);
      expect(notes[0]!.length).toBeLessThan(420);
      expect(notes[0]).toMatch(/^(Left out, because it is not known here: .+|The first month was after the last, so they were swapped)\.$/);
      expect(document.querySelector('.hw-empty')).toBeNull();
      expect(body.length).toBeLessThan(400_000);
    });

    it.each(['/understand/demand.csv', '/understand/demand.csv-metadata.json', '/understand/demand.svg', '/understand/places.geojson', '/api/questions/demand'])('%s is refused in one sentence, not given for another choice', async (path) => {
      const response = await get(`${path}?${query}`);
      expect(response.statusCode).toBe(400);
      const said = path.startsWith('/api') ? (response.json() as { detail: string }).detail : words(domOf(response.body).querySelector('main'));
      expect(said).toMatch(/Not known here: |The first month is after the last\./);
      expect(said.length).toBeLessThan(600);
    });
  });

  it.each([...paths, '/understand/demand.csv', '/api/questions/demand'])('with a NUL, which no keyboard sends, %s is refused whole', async (path) => {
    expect((await get(`${path}?agency=%00`)).statusCode).toBe(400);
  });

  it('of many areas are all kept, and the summary stays short', async () => {
    const { document } = await open(`/understand/demand?${Array.from({ length: 12 }, (_, i) => `area=E0199${String(i + 1).padStart(4, '0')}`).join('&')}`);
    expect(words(document.querySelector('.hw-filter__summary'))).toMatch(/Sample area 01, Sample area 02, Sample area 03, Sample area 04 and 8 more\./);
    expect(document.querySelectorAll('input[type="hidden"][name="area"]')).toHaveLength(12);
  });
});

describe('tables', () => {
  it('mark each suppressed cell and say what the mark means', async () => {
    const { document } = await open('/understand/repeat-demand');
    const marks = [...document.querySelectorAll('#concentration .hw-table__hidden abbr')];
    expect(marks.length).toBeGreaterThan(0);
    expect(new Set(marks.map(words))).toEqual(new Set(['[c]']));
    expect(words(document.querySelector('#concentration'))).toContain('[c] stands for a number that is kept back');
  });

  it('can be scrolled by keyboard and sorted by link', async () => {
    const { document } = await open('/understand/demand?sort=by-demand.events.asc');
    const region = document.querySelector('#by-demand .hw-scroll')!;
    expect(region.getAttribute('tabindex')).toBe('0');
    const events = [...region.querySelectorAll('tbody tr td:nth-child(2)')].map((cell) => Number(words(cell).replaceAll(',', '')));
    expect(events).toEqual(events.toSorted((a, b) => a - b));
    expect(words(region.querySelector('tfoot th'))).toBe('All');
    expect(region.querySelector('th[aria-sort="ascending"]')).not.toBeNull();
  });

  it('show the hours as a grid of 24 rows and seven days', async () => {
    const { document } = await open('/understand/demand');
    expect(document.querySelectorAll('#hour-by-weekday tbody tr')).toHaveLength(24);
    expect([...document.querySelectorAll('#hour-by-weekday thead th')].map(words)).toEqual(['Hour', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']);
  });
});

describe('downloads', () => {
  it('the CSV holds the page\'s numbers, the filters apply, and suppressed cells keep their mark', async () => {
    const { document } = await open('/understand/demand?agency=police');
    const href = document.querySelector('#by-demand a[download]')!.getAttribute('href')!;
    const response = await get(href);
    expect(response.headers['content-type']).toContain('text/csv');
    expect(response.headers['content-disposition']).toBe('attachment; filename="demand-by-demand.csv"');
    const lines = response.body.trimEnd().split('\r\n');
    expect(lines[0]).toBe('demand,events,share,hours,hours_share,harm,harm_share');
    expect(lines).toHaveLength(document.querySelectorAll('#by-demand tbody tr').length + 2);
    expect((await get('/understand/repeat-demand.csv?table=concentration')).body).toContain('[c]');
  });

  it('the description names each column, the source and the rule', async () => {
    const response = await get('/understand/demand.csv-metadata.json?table=by-demand&agency=police');
    const metadata = response.json() as { url: string; tableSchema: { columns: { name: string }[] }; notes: string[]; null: string[] };
    expect(metadata.url).toBe('/understand/demand.csv?agency=police&table=by-demand');
    expect(metadata.tableSchema.columns.map((column) => column.name)).toEqual(['demand', 'events', 'share', 'hours', 'hours_share', 'harm', 'harm_share']);
    expect(metadata.notes.join(' ')).toContain('1 to 7');
    expect(metadata.null).toContain('[c]');
  });

  it('the picture is an SVG that stands alone, with title, source and snapshot', async () => {
    const { document } = await open('/understand/demand');
    for (const link of document.querySelectorAll('figure a[download]')) {
      const response = await get(link.getAttribute('href')!);
      expect(response.statusCode).toBe(200);
      expect(response.headers['content-type']).toContain('image/svg+xml');
      expect(response.body).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
      expect(response.body).toContain('Snapshot a1b2c3d4');
    }
  });

  it('a table or picture that is not there is not found', async () => {
    for (const url of ['/understand/demand.csv?table=nobody', '/understand/demand.svg?chart=nobody', '/understand/places.svg?map=9']) expect((await get(url)).statusCode, url).toBe(404);
  });
});

describe('places', () => {
  it('draws every area with its rate, and the map\'s shapes say the same as the page', async () => {
    const { document } = await open('/understand/places');
    const names = [...document.querySelectorAll('.hw-map__box path title')].map(words);
    expect(names).toHaveLength(12);
    expect(names[0]).toMatch(/^Sample area \d\d: [\d.]+ per 1,000 residents a year \([\d.]+ to [\d.]+\), [\d,]+ events$/);
    const figure = document.querySelector('.hw-map')!;
    const shapes = (await get(figure.getAttribute('data-places')!)).json() as { features: { properties: { name: string; words: string } }[] };
    expect(new Set(shapes.features.map(({ properties }) => `${properties.name}: ${properties.words}`))).toEqual(new Set(names));
  });

  it('puts up to four layers side by side, each with its legend', async () => {
    const { document } = await open('/understand/places?layer=demand&layer=istv-assault&layer=ambulance-call');
    expect(document.querySelectorAll('.hw-maps--three > figure')).toHaveLength(3);
    expect([...document.querySelectorAll('.hw-map .hw-chart__title')].map((node) => words(node).split(':')[0])).toEqual(['All demand', 'Assaults treated in an emergency department', 'Ambulance calls']);
    expect(document.querySelectorAll('.hw-legend')).toHaveLength(3);
  });

  it('draws hexagons over the areas, hatches suppressed ones, and says both in the legend', async () => {
    const { document } = await open('/understand/places?by=hexagon');
    const hatched = document.querySelectorAll('[fill="url(#map-1-drawn-hatch)"] path').length;
    const legend = [...document.querySelectorAll('.hw-legend__item')].map(words);
    expect(hatched).toBeGreaterThan(0);
    expect(legend.at(-1)).toBe(`Kept back: a small number (${hatched} hexagons)`);
    const shapes = (await get('/understand/places.geojson?by=hexagon')).json() as { features: { properties: { state: string } }[] };
    expect(shapes.features.filter(({ properties }) => properties.state === 'suppressed')).toHaveLength(hatched);
    expect(shapes.features.filter(({ properties }) => properties.state === 'ground')).toHaveLength(12);
  });

  it('with a ward chosen, draws its areas alone over the outlines of the rest', async () => {
    const { document } = await open('/understand/places?area=E05990001');
    expect(document.querySelectorAll('.hw-map__box path title')).toHaveLength(4);
    expect(words(document.querySelector('.hw-filter__summary'))).toContain('North');
  });

  it('never puts a suppressed count into shapes, title or legend', async () => {
    const exact = await lake.duck.rows<{ cell: string; events: number }>(`SELECT cell, count(*)::INTEGER AS events FROM event WHERE feed = 'police-incident' GROUP BY cell HAVING events < 8`);
    const { features } = (await get('/understand/places.geojson?by=hexagon')).json() as { features: { properties: { code: string; words: string; state: string } }[] };
    for (const { cell } of exact) expect(features.find(({ properties }) => properties.code === cell)?.properties).toMatchObject({ state: 'suppressed', words: 'kept back, a small number', colour: null });
    expect(exact.length).toBeGreaterThan(0);
  });

  it('the map file has the legend in it', async () => {
    const { body } = await get('/understand/places.svg?map=1');
    expect(body).toContain('North is up.');
    expect(parseHTML(`<body>${body}</body>`).document.querySelectorAll('.hw-legend__swatch').length).toBeGreaterThan(1);
  });
});

it('a snapshot without events, areas or quality still gives four pages that say so', async () => {
  // It lists a feed, which nobody may see.
  const bare = await openTestLake({ feed_quality: [{ feed: 'not-in-the-packs', rows: 0 }] });
  const plain = await openTestServer({ questions: createQuestions({ clock }), lake: () => bare }, [understandRoutes]);
  const { cookie: signed } = await signedInAs(plain, 'analyst');
  for (const path of paths) {
    const response = await plain.app.inject({ url: path, headers: { cookie: signed } });
    expect(response.statusCode, path).toBe(200);
    expect(words(parseHTML(response.body).document.querySelector('.hw-empty')), path).toContain('Nothing can be shown');
  }
  await plain.app.close();
  bare.close();
});
