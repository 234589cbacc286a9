import { expect, it } from 'vitest';
import { carried, orderMonths, readAddress, withoutFilter, writeAddress } from './question-address.ts';

const query = { agency: ['police', 'education'], category: 'burglary,robbery', area: 'E01000001', from: '2025-01', to: '2025-12', measure: 'hours', sort: 'by-demand.events.desc', nonsense: 'x' };
const address = readAddress('/understand/demand', query, ['measure', 'feed']);

it('an address is read into filters, options and view, and names nobody knows are dropped', () => {
  expect(address.filters).toEqual({ agency: ['police', 'education'], category: ['burglary', 'robbery'], area: ['E01000001'], from: '2025-01', to: '2025-12' });
  expect(address.options).toEqual({ measure: 'hours' });
  expect(address.view).toEqual({ sort: 'by-demand.events.desc' });
});

it('what is written reads back the same', () => {
  const written = new URL(writeAddress(address), 'http://x').searchParams;
  const again = Object.fromEntries([...new Set(written.keys())].map((name) => [name, written.getAll(name).length === 1 ? written.get(name) : written.getAll(name)]));
  expect(readAddress('/understand/demand', again, ['measure', 'feed'])).toEqual(address);
});

it('changing one choice loses no other', () => {
  const changed = new URL(writeAddress(address, { options: { measure: 'harm' }, hash: 'trend' }), 'http://x');
  expect(changed.searchParams.getAll('agency')).toEqual(['police', 'education']);
  expect(changed.searchParams.get('measure')).toBe('harm');
  expect(changed.searchParams.get('from')).toBe('2025-01');
  expect(changed.hash).toBe('#trend');
  const fewer = new URL(withoutFilter(address, 'category', 'burglary'), 'http://x');
  expect(fewer.searchParams.getAll('category')).toEqual(['robbery']);
  expect(fewer.searchParams.get('sort')).toBe('by-demand.events.desc');
});

it('an option without a value leaves the address', () => {
  expect(writeAddress(readAddress('/p', { measure: 'hours' }, ['measure']), { options: { measure: undefined } })).toBe('/p');
});

it('a form carries all but its own controls', () => {
  expect(carried(address, ['agency', 'from', 'to', 'measure'])).toEqual([
    { name: 'category', value: 'burglary' },
    { name: 'category', value: 'robbery' },
    { name: 'area', value: 'E01000001' },
    { name: 'sort', value: 'by-demand.events.desc' },
  ]);
});

it('hostile values stay values: quotes and angles are encoded in the address', () => {
  const hostile = readAddress('/p', { agency: '"><script>alert(1)</script>', measure: 'a&b=c#d' }, ['measure']);
  const written = writeAddress(hostile);
  expect(written).not.toMatch(/[<>"#]/);
  expect(new URL(written, 'http://x').searchParams.get('measure')).toBe('a&b=c#d');
});

it('a period that ends before it starts is turned round, and only that one', () => {
  const back = orderMonths(readAddress('/p', { from: '2025-05', to: '2025-02' }, []));
  expect([back.swapped, back.address.filters]).toEqual([true, { agency: [], category: [], area: [], from: '2025-02', to: '2025-05' }]);
  for (const query of [{}, { from: '2025-05' }, { from: '2025-05', to: '2025-05' }]) expect(orderMonths(readAddress('/p', query, [])).swapped).toBe(false);
});

it('values that are not text are left out', () => {
  expect(readAddress('/p', { measure: ['a', 'b'], sort: { x: 1 } }, ['measure'])).toMatchObject({ options: { measure: 'a,b' }, view: {} });
});
