import { expect, it } from 'vitest';
import { readCategories } from '../../understand/index.ts';
import type { FilterChoices } from './filter-choices.ts';
import { keepKnownFilters, keepKnownOptions, listLeftOut, refuseLeftOut } from './known-values.ts';

const known = { agency: new Set(['police', 'hospital']), category: new Set(['burglary']), area: new Set(['E01000001', 'E01000002']) };
const choices: FilterChoices = { feeds: [{ value: 'own-feed', text: 'Own feed' }], demands: [], agencies: [], categories: [], areas: [], months: [] };
const words = readCategories(undefined);

it('what is known is kept once, and each thing that is not is left out once', () => {
  const { filters, leftOut } = keepKnownFilters({ agency: ['police', 'police', 'mi5', 'mi5'], category: 'burglary,witchcraft', area: ['E01000001', '__proto__'], from: '2025-01' }, known);
  expect(filters).toEqual({ agency: ['police'], category: ['burglary'], area: ['E01000001'], from: '2025-01', to: undefined });
  expect(leftOut).toEqual([{ noun: 'agency', values: ['mi5'] }, { noun: 'type of event', values: ['witchcraft'] }, { noun: 'area', values: ['__proto__'] }]);
});

it.each(['2024', '01/02/2026', '2025-13', '2025-1', 'January 2025', '2025-01-15', '💩'])('"%s" is no month', (month) => {
  const { filters, leftOut } = keepKnownFilters({ from: month }, known);
  expect([filters.from, leftOut]).toEqual([undefined, [{ noun: 'first month', values: [month] }]]);
});

it('a month given twice alike is one; two different ones are none', () => {
  expect(keepKnownFilters({ to: ['2025-01', '2025-01'] }, known)).toMatchObject({ filters: { to: '2025-01' }, leftOut: [] });
  expect(keepKnownFilters({ to: ['2025-01', '2025-02'] }, known)).toMatchObject({ filters: { to: undefined }, leftOut: [{ noun: 'last month', values: ['2025-01', '2025-02'] }] });
});

it.each([undefined, null, {}, { area: { a: 'b' } }, { area: [{}] }, JSON.parse('{"__proto__":"x","constructor":{"prototype":1}}')])('%j asks for everything', (query) => {
  expect(keepKnownFilters(query, known)).toEqual({ filters: { agency: [], category: [], area: [], from: undefined, to: undefined }, leftOut: [] });
});

it('options take their own words, feeds and maps, and nothing that every object has', () => {
  const keep = (options: Record<string, string>) => keepKnownOptions(options, { by: ['area', 'hexagon'], feed: 'feeds', layer: 'layers' }, choices, words);
  expect(keep({ by: 'hexagon', feed: 'own-feed', layer: 'demand,istv-assault,burglary,istv-assault/burglary,demand' }).options).toEqual({ by: 'hexagon', feed: 'own-feed', layer: 'demand,istv-assault,burglary,istv-assault/burglary' });
  expect(keep({ by: 'area,hexagon' })).toEqual({ options: { by: 'area' }, leftOut: [] });
  expect(keep({ by: 'constructor', feed: 'toString', layer: '__proto__,a/b/c,demand' })).toEqual({
    options: { layer: 'demand' },
    leftOut: [{ noun: 'choice', values: ['constructor'] }, { noun: 'feed', values: ['toString'] }, { noun: 'map', values: ['__proto__', 'a/b/c'] }],
  });
});

it('thousands of things are one short list, without line ends or unreadable letters', () => {
  const many = Array.from({ length: 4000 }, (_, i) => `x${i}`);
  expect(listLeftOut([{ noun: 'area', values: many }, { noun: 'agency', values: ['a\u0000\r\nb', `${'long '.repeat(20)}`, '\u0000'] }])).toBe('area “x0”, “x1”, “x2” and 3,997 more; agency “a b”, “long long long long long long long long…”, “?”');
  expect(listLeftOut([])).toBeUndefined();
});

it('a file or a program is refused, with the same list', () => {
  expect(() => refuseLeftOut([{ noun: 'area', values: ['x'] }], { agency: [], category: [], area: [] })).toThrow('Not known here: area “x”. Use the codes');
  expect(() => refuseLeftOut([], { agency: [], category: [], area: [], from: '2025-02', to: '2025-01' })).toThrow('The first month is after the last.');
  expect(() => refuseLeftOut([], { agency: [], category: [], area: [], from: '2025-01', to: '2025-01' })).not.toThrow();
});
