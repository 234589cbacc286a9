import { parseHTML } from 'linkedom';
import { expect, it } from 'vitest';
import { drawChart, hatch, plot, textWidth } from './chart-frame.ts';
import { completenessChart } from './completeness.chart.ts';
import { concentrationChart } from './concentration.chart.ts';
import { hourByWeekdayChart } from './hour-by-weekday.chart.ts';
import { intervalDotsChart } from './interval-dots.chart.ts';
import { contrast, palette, ramp, rampOf, series } from './palette.ts';
import { shareBarsChart } from './share-bars.chart.ts';
import { sharePairsChart } from './share-pairs.chart.ts';
import { niceTicks, trendPanelsChart } from './trend-panels.chart.ts';

const hostile = '"><script>alert(1)</script> & Co';
const parse = (svg: string) => parseHTML(`<body>${svg}</body>`).document;
const texts = (svg: string) => [...parse(svg).querySelectorAll('text')].map((node) => node.textContent);

const about = { id: 'sample', title: 'A finding', description: 'What it shows' };
const pairs = { ...about, names: ['Events', 'Hours'] as [string, string], rows: [{ label: 'Crime', first: 0.4, second: 0.2 }, { label: hostile, first: null, second: null }] };
const months = Array.from({ length: 24 }, (_, index) => `${2024 + Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, '0')}`);
const hours = Array.from({ length: 168 }, (_, index) => ({ weekday: Math.floor(index / 24) + 1, hour: index % 24, value: index === 5 ? null : index * 5 }));
const curve = [0.05, 0.5, 1].map((units) => ({ units, events: Math.min(1, units * 1.6), chance: units, chanceLow: units * 0.9, chanceHigh: Math.min(1, units * 1.1) }));

const everyChart = () => [
  sharePairsChart(pairs),
  trendPanelsChart({ ...about, panels: [{ label: hostile, points: months.map((month, index) => ({ month, value: index === 3 ? null : index })) }] }),
  hourByWeekdayChart({ ...about, cells: hours, unit: 'events' }),
  concentrationChart({ ...about, points: curve, units: 'addresses', events: 'incidents', mark: 0.05 }),
  shareBarsChart({ ...about, names: ['People', 'Events'], groups: [{ label: hostile, values: [0.5, null] }] }),
  intervalDotsChart({ ...about, overall: 0.95, rows: [{ block: 'Sex', label: hostile, value: 0.9, low: 0.85, high: 0.94 }, { block: 'Sex', label: 'Other', value: null, low: null, high: null }] }),
  completenessChart({ ...about, rows: [{ label: hostile, share: 0.8 }, { label: 'None', share: null }] }),
];

it('every chart is named and described at both widths, without style, class, script or the other width\'s ids', () => {
  for (const chart of everyChart()) {
    for (const [svg, name] of [[chart.wide, 'wide'], [chart.narrow, 'narrow']] as const) {
      const root = parse(svg).querySelector('svg')!;
      expect(root.getAttribute('role')).toBe('img');
      expect(root.getAttribute('aria-labelledby')).toBe(`sample-${name}-title sample-${name}-desc`);
      expect(root.querySelector(`#sample-${name}-title`)!.textContent).toBe('A finding');
      expect(root.querySelector(`#sample-${name}-desc`)!.textContent).toBe('What it shows');
      expect(svg).not.toMatch(/<style|\sstyle=|\sclass=|<script|aria-label=/);
    }
  }
});

it('a label from the data is text, whatever it holds', () => {
  for (const chart of everyChart()) {
    expect(parse(chart.wide).querySelector('script')).toBeNull();
    expect(parse(chart.narrow).querySelector('script')).toBeNull();
  }
  expect(texts(sharePairsChart(pairs).wide)).toContain(hostile);
});

it('coordinates keep one decimal and no chart weighs more than 30 kB', () => {
  for (const chart of everyChart()) {
    expect(chart.wide).not.toMatch(/\b(d|x|y|x1|x2|y1|y2|cx|cy|transform)="[^"]*\d\.\d{2,}/);
    expect(chart.wide.length).toBeLessThan(30_000);
    expect(chart.narrow.length).toBeLessThan(30_000);
  }
});

it('a narrow chart fits a screen of 375 pixels and writes no text outside it', () => {
  for (const chart of everyChart()) {
    const root = parse(chart.narrow).querySelector('svg')!;
    expect(Number(root.getAttribute('width'))).toBeLessThanOrEqual(345);
    for (const node of root.querySelectorAll('text[x]')) expect(Number(node.getAttribute('x'))).toBeGreaterThanOrEqual(0);
  }
});

it('pairs of shares start at zero and a suppressed pair has a mark in place of points', () => {
  const chart = sharePairsChart(pairs);
  expect(texts(chart.wide)).toEqual(expect.arrayContaining(['0%', '40%', '20%', '[c] kept back', 'Events', 'Hours']));
  expect(parse(chart.wide).querySelectorAll(`[fill="${series[0]}"]`).length).toBeGreaterThan(0);
});

it('a trend has a panel for each series, from zero, with a gap where a month is suppressed', () => {
  const panel = (label: string) => ({ label, points: months.map((month, index) => ({ month, value: index === 10 ? null : 100 + index })) });
  const chart = trendPanelsChart({ ...about, panels: [panel('Crime'), panel('Welfare')] });
  const root = parse(chart.wide).querySelector('svg')!;
  const lines = [...root.querySelectorAll(`path[stroke="${palette.blue}"]`)];
  expect(lines).toHaveLength(2);
  const line = lines[0]!;
  expect(root.querySelectorAll('rect[fill="url(#sample-wide-hatch)"]')).toHaveLength(2);
  expect(line.getAttribute('d')!.match(/M/g)).toHaveLength(2);
  expect(texts(chart.wide)).toEqual(expect.arrayContaining(['Crime', 'Welfare', '0', '123']));
});

it('round ticks end at or above the highest value', () => {
  expect(niceTicks(686)).toEqual([0, 400, 800]);
  expect(niceTicks(1000)).toEqual([0, 500, 1000]);
  expect(niceTicks(1)).toEqual([0, 1]);
  for (const highest of [3, 17, 45, 99, 101, 1234, 99_999]) expect(niceTicks(highest).at(-1)).toBeGreaterThanOrEqual(highest);
});

it('the week has 168 cells, each with its value in words, and a hatched one where suppressed', () => {
  const chart = hourByWeekdayChart({ ...about, cells: hours, unit: 'events' });
  const document = parse(chart.wide);
  const cells = [...document.querySelectorAll('rect')].filter((node) => node.querySelector('title'));
  expect(cells).toHaveLength(168);
  expect(cells.filter((node) => node.getAttribute('fill') === 'url(#sample-wide-hatch)')).toHaveLength(1);
  expect(cells[5]!.textContent).toBe('Monday, 5am: kept back');
  expect(cells[167]!.textContent).toBe('Sunday, 11pm: 835 events');
  expect(texts(chart.wide)).toContain('Kept back');
});

it('a concentration curve marks the share asked for beside chance, with the band drawn', () => {
  const chart = concentrationChart({ ...about, points: curve, units: 'addresses', events: 'incidents', mark: 0.05 });
  expect(texts(chart.wide)).toEqual(expect.arrayContaining(['5% of addresses: 8%', 'by chance 5%', 'If spread evenly']));
  expect(parse(chart.wide).querySelectorAll('[fill-opacity="0.25"]').length).toBe(1);
});

it('share bars are as long as their share and refuse a fifth series', () => {
  const chart = shareBarsChart({ ...about, names: ['People', 'Events'], groups: [{ label: 'One', values: [0.8, 0.4] }, { label: 'Two', values: [0.2, null] }] });
  const bars = [...parse(chart.wide).querySelectorAll('rect')].filter((node) => node.querySelector('title')).map((node) => Number(node.getAttribute('width')));
  expect(bars).toHaveLength(3);
  expect(bars[0]! / bars[1]!).toBeCloseTo(2, 1);
  expect(bars[0]! / bars[2]!).toBeCloseTo(4, 1);
  expect(() => shareBarsChart({ ...about, names: ['a', 'b', 'c', 'd', 'e'], groups: [] })).toThrow('four series');
});

it('intervals are drawn from low to high and an unknown share is said', () => {
  const chart = intervalDotsChart({ ...about, overall: 0.95, rows: [{ block: 'Sex', label: 'Women', value: 0.9, low: 0.8, high: 0.96 }, { block: 'Sex', label: 'Men', value: null, low: null, high: null }] });
  const document = parse(chart.wide);
  expect(document.querySelectorAll('circle').length).toBe(1);
  expect(document.querySelector('circle title')!.textContent).toBe('Women: 90%, between 80% and 96%');
  expect(texts(chart.wide)).toEqual(expect.arrayContaining(['Sex', 'Women', 'Men', 'too few to show', 'Everyone 95%']));
});

it('completeness bars reach their share of the whole', () => {
  const bars = [...parse(completenessChart({ ...about, rows: [{ label: 'A', share: 0.25 }] }).wide).querySelectorAll('rect')].map((node) => Number(node.getAttribute('width')));
  expect(bars[1]! / bars[0]!).toBeCloseTo(0.25, 2);
});

it('series differ from white by 3 to 1 at least, but for orange, which always has a dark partner and a label', () => {
  expect(contrast('#FFFFFF', '#000000')).toBeCloseTo(21);
  for (const colour of [palette.blue, palette.turquoise, palette.pink, palette.grey]) expect(contrast(colour, '#FFFFFF')).toBeGreaterThanOrEqual(2.99);
  expect(contrast(palette.orange, palette.blue)).toBeGreaterThanOrEqual(3);
  expect(ramp.map((colour) => contrast(colour, '#FFFFFF'))).toEqual(ramp.map((colour) => contrast(colour, '#FFFFFF')).toSorted((a, b) => a - b));
  expect(rampOf(2)).toEqual([ramp[0], ramp[4]]);
});

it('what is written over a plot stands in it, and text keeps room', () => {
  expect(textWidth('abcdefghij')).toBeGreaterThan(50);
  expect(hatch('h')).toContain('<line');
  const chart = drawChart({ ...about, draw: ({ width }) => plot({ width, height: 50, marks: [] }, '<circle r="1"/>') });
  expect(chart).toMatchObject({ width: 960, height: 50 });
  expect(chart.wide).toMatch(/<circle r="1"\/><\/svg>$/);
});
