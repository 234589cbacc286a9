// The ways in which two records agree, in blocks by what is compared: bars from nought for what each weighs, or two dots for how often it
// happens between records of one person and of two people by chance.

import * as Plot from '@observablehq/plot';
import { drawChart, plot, textWidth, type Chart, type ChartSize, type Drawing } from './chart-frame.ts';
import { writeShare } from './number-words.ts';
import { ink, palette } from './palette.ts';
import { escapeText, label, tag } from './svg-text.ts';
import { wrapWords } from './wrap-words.ts';

interface LevelChart {
  id: string;
  title: string;
  description: string;
  subtitle?: string;
}

export interface LevelBars extends LevelChart {
  rows: { block: string; label: string; value: number }[];
}

export interface LevelDots extends LevelChart {
  rows: { block: string; label: string; one: number; chance: number }[];
}

const against = '#A34713';
/** Words stay readable over the lines behind them. */
const halo = { stroke: ink.ground, 'stroke-width': 4, 'paint-order': 'stroke' } as const;
const rowHeight = 24;

export function levelBarsChart(input: LevelBars): Chart {
  return drawChart({ ...input, draw: (size) => drawBars(input, size) });
}

export function levelDotsChart(input: LevelDots): Chart {
  return drawChart({ ...input, draw: (size) => drawDots(input, size) });
}

interface Placed<T> {
  item: T;
  lines: string[];
  y: number;
}

/** Rows under their block's name; on a narrow picture each row's words stand above its mark. */
function layOut<T extends { block: string; label: string }>(rows: T[], wrapAt: number | undefined): { placed: Placed<T>[]; blocks: { name: string; y: number }[]; height: number } {
  const placed: Placed<T>[] = [];
  const blocks: { name: string; y: number }[] = [];
  let y = 0;
  for (const [name, list] of Map.groupBy(rows, ({ block }) => block)) {
    y += blocks.length > 0 ? 10 : 0;
    blocks.push({ name, y: y + 16 });
    y += 24;
    for (const item of list) {
      const lines = wrapAt === undefined ? [item.label] : wrapWords(item.label, wrapAt);
      y += wrapAt === undefined ? 0 : 3 + 16 * lines.length;
      placed.push({ item, lines, y });
      y += rowHeight;
    }
  }
  return { placed, blocks, height: y };
}

function frameOf(rows: { label: string }[], size: ChartSize): { wide: boolean; left: number; right: number } {
  const wide = size.name === 'wide';
  return { wide, left: wide ? Math.min(420, Math.max(...rows.map((row) => textWidth(row.label))) + 26) : 8, right: 60 };
}

function nameRows(placed: Placed<{ label: string }>[], blocks: { name: string; y: number }[], { wide, left, top }: { wide: boolean; left: number; top: number }): string {
  const names = placed.map(({ lines, y }) => (wide
    ? label(lines.join(' '), { x: left - 12, y: top + y + 14, 'text-anchor': 'end' })
    : lines.map((line, at) => label(line, { x: 2, y: top + y - 4 - (lines.length - 1 - at) * 16, ...halo })).join('')));
  return `${names.join('')}${blocks.map(({ name, y }) => label(name, { x: 0, y: top + y, 'font-weight': 'bold' })).join('')}`;
}

function drawBars({ rows }: LevelBars, size: ChartSize): Drawing {
  const { wide, left, right } = frameOf(rows, size);
  const { placed, blocks, height } = layOut(rows, wide ? undefined : size.width - 6);
  const top = 4;
  const low = Math.min(0, Math.floor(Math.min(...rows.map((row) => row.value)) - 1));
  const high = Math.ceil(Math.max(1, ...rows.map((row) => row.value)) + 1);
  const x = (value: number) => left + ((value - low) / (high - low)) * (size.width - left - right);
  const bars = placed.map(({ item: { value, label: words }, y }) => {
    const written = `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(1)}`;
    const bar = tag('rect', { x: Math.min(x(0), x(value)), y: top + y + 2, width: Math.max(1, Math.abs(x(value) - x(0))), height: 16, fill: value < 0 ? against : palette.blue }, tag('title', {}, escapeText(`${words}: ${written} bits`)));
    return `${bar}${label(written, { x: Math.max(x(0), x(value)) + 6, y: top + y + 14, ...halo })}`;
  });
  return plot({
    width: size.width, height: top + height + 46, marginLeft: left, marginRight: right, marginTop: top, marginBottom: 46,
    x: { domain: [low, high] },
    marks: [
      Plot.gridX({ ticks: wide ? 8 : 4, stroke: ink.faint, strokeOpacity: 1 }),
      Plot.axisX({ ticks: wide ? 8 : 4, tickSize: 0, tickFormat: (value: number) => String(value).replace('-', '−'), label: low < -0.5 ? '← against · bits · for one person →' : 'Bits', labelAnchor: 'center', labelArrow: 'none' }),
      Plot.ruleX([0], { stroke: ink.quiet }),
    ],
  }, `${bars.join('')}${nameRows(placed, blocks, { wide, left, top })}`);
}

const least = 1e-6;

function drawDots({ rows }: LevelDots, size: ChartSize): Drawing {
  const { wide, left } = frameOf(rows, size);
  const { placed, blocks, height } = layOut(rows, wide ? undefined : size.width - 6);
  const top = 34;
  const right = 24;
  const x = (share: number) => left + ((Math.log10(Math.max(share, least)) + 6) / 6) * (size.width - left - right);
  const dots = placed.map(({ item, y }) => {
    const at = top + y + 10;
    const [one, chance] = [x(item.one), x(item.chance)];
    return [
      tag('line', { x1: Math.min(one, chance), x2: Math.max(one, chance), y1: at, y2: at, stroke: ink.line, 'stroke-width': 2 }),
      tag('circle', { cx: chance, cy: at, r: 5, fill: ink.ground, stroke: palette.orange, 'stroke-width': 2.5 }, tag('title', {}, escapeText(`${item.label}, by chance: ${writeShare(item.chance)}`))),
      tag('circle', { cx: one, cy: at, r: 5.5, fill: palette.blue }, tag('title', {}, escapeText(`${item.label}, of one person: ${writeShare(item.one)}`))),
    ].join('');
  });
  const key = `${tag('circle', { cx: 8, cy: 14, r: 5.5, fill: palette.blue })}${label('One person', { x: 18, y: 19 })}${tag('circle', { cx: 124, cy: 14, r: 5, fill: ink.ground, stroke: palette.orange, 'stroke-width': 2.5 })}${label('Two people by chance', { x: 134, y: 19 })}`;
  const ticks = wide ? [1e-6, 1e-4, 1e-2, 1] : [1e-4, 1e-2, 1];
  const words = (share: number) => (share >= 0.001 ? `${share * 100}%` : `1 in ${Math.round(1 / share).toLocaleString('en-GB')}${share <= least ? ' or less' : ''}`);
  return plot({
    width: size.width, height: top + height + 34, marginLeft: left, marginRight: right, marginTop: top, marginBottom: 34,
    x: { type: 'log', domain: [least, 1] },
    marks: [
      Plot.gridX(ticks, { stroke: ink.faint, strokeOpacity: 1 }),
      Plot.axisX(ticks, { tickSize: 0, label: null, tickFormat: words, textAnchor: 'middle' }),
    ],
  }, `${dots.join('')}${nameRows(placed, blocks, { wide, left, top })}${key}`);
}
