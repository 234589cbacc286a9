// Two bars for each group, from zero: the share of people, homes or places in it, and the share of events that falls on them.
// Shows what once-only and often-repeated contact add up to. Suppressed bars are hatched and say so.

import { drawChart, hatch, textWidth, type Chart, type ChartSize, type Drawing } from './chart-frame.ts';
import { ink, series } from './palette.ts';
import { writeShare } from './number-words.ts';
import { shareAxis } from './share-axis.ts';
import { escapeText, label, tag } from './svg-text.ts';

export interface ShareBars {
  id: string;
  title: string;
  description: string;
  subtitle?: string;
  names: string[];
  groups: { label: string; values: (number | null)[] }[];
}

export function shareBarsChart(input: ShareBars): Chart {
  if (input.names.length > 4) throw new Error('A chart has at most four series');
  return drawChart({ ...input, draw: (size) => drawBars(input, size) });
}

function drawBars({ id, names, groups }: ShareBars, size: ChartSize): Drawing {
  const wide = size.name === 'wide';
  const pattern = `${id}-${size.name}-hatch`;
  const bar = 20;
  const step = names.length * bar + (wide ? 14 : 34);
  const left = wide ? Math.min(320, Math.max(...groups.map((group) => textWidth(group.label))) + 12) : 14;
  const bars = groups.flatMap((group, row) => names.map((name, index) => ({
    group: group.label,
    name,
    value: group.values[index] ?? null,
    y1: row * step + (wide ? 0 : 20) + index * bar,
    colour: series[index]!,
  })));
  const key = nameKey(names, left, size.width);
  const top = key.rows * 24 + 8;
  const longest = Math.max(0.05, ...bars.map((item) => item.value ?? 0));
  const height = top + groups.length * step + 24;
  const { x, inner } = shareAxis({ longest, left, right: size.width - 52, top: top - 2, bottom: height - 24, ticks: wide ? 6 : 4 });
  const drawn = bars.flatMap((item) => [
    item.value === null
      ? tag('rect', { x: left, y: top + item.y1, width: 36, height: bar - 3, fill: `url(#${pattern})`, stroke: ink.quiet, 'stroke-width': 0.5 })
      : tag('rect', { x: left, y: top + item.y1, width: Math.max(0, x(item.value) - left), height: bar - 3, fill: item.colour }, tag('title', {}, escapeText(`${item.group}, ${item.name}: ${writeShare(item.value)}`))),
    label(item.value === null ? '[c] kept back' : writeShare(item.value), { x: (item.value === null ? left + 36 : x(item.value)) + 6, y: top + item.y1 + 13 }),
  ]);
  const rowNames = groups.map((group, row) => wide
    ? label(group.label, { x: left - 10, y: top + row * step + (names.length * bar) / 2 + 4, 'text-anchor': 'end' })
    : label(group.label, { x: left, y: top + row * step + 14, 'font-weight': 'bold' }));
  return { width: size.width, height, inner: `${inner}${hatch(pattern)}${drawn.join('')}${rowNames.join('')}${key.text}` };
}

/** The series' names with their colours, on as many rows as they need. */
function nameKey(names: string[], left: number, width: number): { text: string; rows: number } {
  let [at, row] = [left, 0];
  const parts = names.map((name, index) => {
    const needed = 20 + textWidth(name) + 22;
    if (at > left && at + needed - 22 > width) [at, row] = [left, row + 1];
    const part = `${tag('rect', { x: at, y: 5 + row * 24, width: 14, height: 14, fill: series[index] })}${label(name, { x: at + 20, y: 17 + row * 24 })}`;
    at += needed;
    return part;
  });
  return { text: parts.join(''), rows: row + 1 };
}
