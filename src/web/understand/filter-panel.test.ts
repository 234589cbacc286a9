import { expect, it } from 'vitest';
import { monthsBetween, type FilterChoices } from './filter-choices.ts';
import { presentFilterPanel, type PageOption } from './filter-panel.ts';
import { readAddress } from './question-address.ts';

const choices: FilterChoices = {
  demands: [],
  feeds: [{ value: 'police-incident', text: 'Police incidents' }],
  agencies: [{ value: 'police', text: 'Police' }, { value: 'education', text: 'Schools and education' }],
  categories: [{ label: 'Crime', choices: [{ value: 'burglary', text: 'Burglary' }, { value: 'robbery', text: 'Robbery' }] }],
  areas: [{ label: 'Wards', choices: [{ value: 'W1', text: 'Harbour' }] }],
  months: ['2025-01', '2025-02', '2025-03'],
};
const measure: PageOption = { name: 'measure', label: 'Trend and hours by', standard: 'events', said: true, choices: [{ value: 'events', text: 'Number of events' }, { value: 'hours', text: 'Hours' }] };
const panel = (query: object) => presentFilterPanel(readAddress('/understand/demand', query, ['measure']), choices, [measure]);

it('without filters, all is said to be shown and there is nothing to clear', () => {
  expect(panel({})).toMatchObject({
    summary: 'All agencies, all types of event, January 2025 to March 2025, all areas. Trend and hours by: Number of events.',
    tags: [],
    clearHref: null,
  });
});

it('a period beyond the data has one end, since it would run backwards', () => {
  expect(panel({ from: '2030-01' }).summary).toContain('from January 2030, all areas');
  expect(panel({ to: '2019-12' }).summary).toContain('until December 2019, all areas');
});

it('each choice has a link that takes only it away', () => {
  const { tags, clearHref, summary } = panel({ agency: 'police', category: 'burglary,robbery', from: '2025-02', area: 'W1', measure: 'hours' });
  expect(summary).toBe('Police, Burglary and Robbery, February 2025 to March 2025, Harbour. Trend and hours by: Hours.');
  expect(tags.map((group) => [group.heading, group.items.map((item) => item.text)])).toEqual([
    ['Agency', ['Police']],
    ['Type of event', ['Burglary', 'Robbery']],
    ['Area', ['Harbour']],
    ['Period', ['From February 2025']],
  ]);
  expect(tags[1]!.items[0]!.href).toBe('/understand/demand?agency=police&category=robbery&area=W1&from=2025-02&measure=hours');
  expect(clearHref).toBe('/understand/demand?measure=hours');
});

it('the form offers what is not yet chosen and carries what it does not change', () => {
  const view = panel({ category: 'burglary', area: 'W1', sort: 'trend.month.asc' });
  expect(view.categories).toEqual([{ label: 'Crime', choices: [{ value: 'robbery', text: 'Robbery' }] }]);
  expect(view.areas).toEqual([]);
  expect(view.carried).toEqual([{ name: 'category', value: 'burglary' }, { name: 'area', value: 'W1' }, { name: 'sort', value: 'trend.month.asc' }]);
  expect(view.options[0]!.items.map((item) => item.chosen)).toEqual([true, false]);
});

it('a value that the snapshot does not hold stays visible, so that it can be taken away', () => {
  const view = panel({ agency: 'nobody', from: '2031-01' });
  expect(view.agencies.at(-1)).toEqual({ value: 'nobody', text: 'nobody', checked: true });
  expect(view.from.find((item) => item.chosen)).toEqual({ value: '2031-01', text: 'January 2031', chosen: true });
});

it('months run from the first to the last without a gap', () => {
  expect(monthsBetween(['2024-11-01', null], ['2025-02-01'])).toEqual(['2024-11', '2024-12', '2025-01', '2025-02']);
  expect(monthsBetween([], [])).toEqual([]);
});

it('a great many choices are twenty links and a number, and the form carries them all', () => {
  const { tags, carried } = panel({ area: Array.from({ length: 300 }, (_, i) => `A${i}`) });
  expect(tags[0]).toMatchObject({ heading: 'Area', more: 280 });
  expect(tags[0]!.items).toHaveLength(20);
  expect(carried).toHaveLength(300);
});
