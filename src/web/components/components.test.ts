import { parseHTML } from 'linkedom';
import nunjucks from 'nunjucks';
import { expect, it } from 'vitest';
import { optionTags } from '../frame/option-tags.ts';
import { webFolder } from '../web-folder.ts';

const environment = new nunjucks.Environment(new nunjucks.FileSystemLoader(webFolder), { autoescape: true, trimBlocks: true, lstripBlocks: true });
environment.addFilter('count', String);
environment.addFilter('optionTags', optionTags);
const render = (file: string, macro: string, ...given: unknown[]) => {
  const names = given.map((_, index) => `p${index}`);
  const html = environment.renderString(`{% from "components/${file}.njk" import ${macro} %}{{ ${macro}(${names.join(', ')}) }}`, Object.fromEntries(names.map((name, index) => [name, given[index]])));
  return parseHTML(`<body>${html}</body>`).document;
};
const words = (node: { textContent: string | null } | null | undefined) => (node?.textContent ?? '').replaceAll(/\s+/g, ' ').trim();
const hostile = '<img src=x onerror=alert(1)>';

const cell = (text: string, more = {}) => ({ text, numeric: false, whole: false, suppressed: false, empty: false, sortValue: '', ...more });
const table = {
  id: 'sample',
  title: 'A sample',
  headings: [{ name: 'a', label: hostile, numeric: false, sort: 'none', href: '/x?sort=sample.a.asc' }, { name: 'b', label: 'Events', numeric: true, sort: 'descending', href: '/x' }],
  rows: [[cell(hostile, { href: '/x?area=1' }), cell('[c]', { numeric: true, suppressed: true, sortValue: -1 })], [cell('B'), cell('', { numeric: true, empty: true, sortValue: -1 })]],
  totals: [[cell('All'), cell('12', { numeric: true, sortValue: 12 })]],
  total: 2,
  complete: true,
  hasSuppressed: true,
  csvHref: '/x.csv',
  metadataHref: '/x.json',
};

it('a table marks what is suppressed and what is empty, and links names', () => {
  const document = render('answer-table', 'answerTable', table, 'What [c] means.', false);
  expect(document.querySelector('img')).toBeNull();
  expect(words(document.querySelector('thead th a'))).toBe(hostile);
  expect(document.querySelector('tbody th a')?.getAttribute('href')).toBe('/x?area=1');
  expect(document.querySelector('.hw-table__hidden abbr')?.getAttribute('title')).toBe('Kept back: a small number');
  expect(words([...document.querySelectorAll('tbody td')].at(-1))).toBe('–no figure');
  expect(words(document.querySelector('tfoot'))).toBe('All 12');
  expect(words(document.querySelector('.hw-table'))).toContain('What [c] means.');
});

it('a table is sorted by script only where all its rows are on the page', () => {
  const module = (complete: boolean) => render('answer-table', 'answerTable', { ...table, complete, allHref: '/x?rows=sample' }, '', false).querySelector('table')!.getAttribute('data-module');
  expect(module(true)).toBe('moj-sortable-table');
  expect(module(false)).toBeNull();
});

it('a caption that a heading has said already is kept for screen readers alone', () => {
  expect(render('answer-table', 'answerTable', table, '', true).querySelector('caption')!.className).toBe('govuk-visually-hidden');
  expect(render('answer-table', 'answerTable', table, '', false).querySelector('caption')!.className).toContain('govuk-table__caption');
});

it('the filter panel says what is chosen and escapes it', () => {
  const option = { name: 'by', label: 'Count by', items: [{ value: 'a', text: 'A', chosen: true }, { value: 'b', text: hostile, chosen: false }] };
  const panel = { action: '/x', summary: hostile, tags: [{ heading: 'Area', items: [{ text: hostile, href: '/x' }] }], clearHref: '/x', carried: [{ name: 'sort', value: hostile }], agencies: [], categories: [], areas: [], from: [], to: [], options: [option, { ...option, name: 'layer', many: true }] };
  const document = render('filter-panel', 'filterPanel', panel);
  expect(document.querySelector('img')).toBeNull();
  expect(words(document.querySelector('.moj-filter__tag'))).toBe(`Remove this filter: ${hostile}`);
  expect(document.querySelector('input[type="hidden"]')?.getAttribute('value')).toBe(hostile);
  expect(document.querySelector('select[name="by"] option[selected]')?.getAttribute('value')).toBe('a');
  expect(words(document.querySelector('select[name="by"] option[value="b"]'))).toBe(hostile);
  expect(document.querySelectorAll('input[type="checkbox"][name="layer"]')).toHaveLength(2);
});

it('a chart has both widths and its finding as a heading', () => {
  const document = render('chart-figure', 'chartFigure', { id: 'c', title: hostile, subtitle: 'Share', wide: '<svg id="w"></svg>', narrow: '<svg id="n"></svg>', imageHref: '/x.svg' });
  expect(document.querySelector('img')).toBeNull();
  expect(words(document.querySelector('figcaption h3'))).toBe(hostile);
  expect([...document.querySelectorAll('svg')].map((node) => node.id)).toEqual(['w', 'n']);
});

it('a map names its legend, its scale and where its shapes come from', () => {
  const document = render('map-figure', 'mapFigure', { id: '1', title: hostile, subtitle: 'Rate', svg: '<svg></svg>', legend: [{ swatch: '<svg></svg>', text: '0 to 10', count: 1 }], legendTitle: 'Events', scale: '5 km', placeNouns: ['area', 'areas'], placesHref: '/x.geojson', imageHref: '/x.svg' });
  expect(document.querySelector('img')).toBeNull();
  expect(document.querySelector('figure')?.getAttribute('data-places')).toBe('/x.geojson');
  expect(words(document.querySelector('.hw-legend__item'))).toBe('0 to 10 (1 area)');
  expect(words(document.querySelector('.hw-map__scale'))).toBe('The bar is 5 km long. North is up.');
});

it('the months are links, and the chosen one is said', () => {
  const bar = { words: 'May 2025: 12', href: '/x?from=2025-05', chosen: true, height: 50, hidden: false };
  const document = render('period-strip', 'periodStrip', { title: 'Months', allHref: '/x', years: [{ year: '2025', href: '/x?from=2025-01', chosen: false, bars: [bar, { ...bar, chosen: false, hidden: true, words: 'June 2025: kept back' }] }] });
  const links = [...document.querySelectorAll('.hw-strip__link')];
  expect(links.map((link) => [words(link), link.getAttribute('aria-current')])).toEqual([['May 2025: 12', 'true'], ['June 2025: kept back', null]]);
  expect(document.querySelector('rect')?.getAttribute('height')).toBe('50');
});

it('the source gives feeds, snapshot, rule and each statement', () => {
  const source = { feeds: [{ label: hostile, rows: '12', loaded: 'today' }], snapshot: 'abc', builtAt: 'today', dataTo: null, seconds: '1 millisecond', sql: ['SELECT 1 < 2'], rule: 'A rule.', suppressed: 'nothing is kept back' };
  const document = render('source-note', 'sourceNote', source);
  expect(document.querySelector('img')).toBeNull();
  expect(words(document.querySelector('pre'))).toBe('SELECT 1 < 2');
  expect(words(document.querySelector('.hw-source__list'))).toContain('A rule. Here nothing is kept back.');
});
