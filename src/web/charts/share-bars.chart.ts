// Two bars for each group, from zero: the share of people, homes or places in it, and the share of events that falls on them.
// Shows what once-only and often-repeated contact add up to. Suppressed bars are hatched and say so.

import * as Plot from '@observablehq/plot';
import { drawChart, element, hatch, plot, textWidth, type Chart, type ChartSize, type SvgNode } from './chart-frame.ts';
import { ink, series } from './palette.ts';
import { writeShare } from './number-words.ts';

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

function drawBars({ id, names, groups }: ShareBars, size: ChartSize): SvgNode {
  const wide = size.name === 'wide';
  const pattern = `${id}-${size.name}-hatch`;
  const bar = 20;
  const step = names.length * bar + (wide ? 14 : 34);
  const left = wide ? Math.min(320, Math.max(...groups.map((group) => textWidth(group.label))) + 12) : 0;
  const bars = groups.flatMap((group, row) => names.map((name, index) => ({
    group: group.label,
    name,
    value: group.values[index] ?? null,
    y1: 32 + row * step + (wide ? 0 : 20) + index * bar,
    colour: series[index]!,
  })));
  const longest = Math.max(0.05, ...bars.map((item) => item.value ?? 0));
  const height = 32 + groups.length * step + 24;
  const x = (value: number): number => left + (value / longest) * (size.width - left - 52);
  const node = plot({
    width: size.width,
    height,
    marginLeft: left,
    marginRight: 52,
    marginTop: 30,
    marginBottom: 24,
    x: { domain: [0, longest] },
    marks: [
      Plot.gridX({ ticks: wide ? 6 : 4, stroke: ink.faint, strokeOpacity: 1 }),
      Plot.axisX({ ticks: wide ? 6 : 4, tickSize: 0, label: null, tickFormat: writeShare }),
      Plot.ruleX([0], { stroke: ink.quiet }),
    ],
  });
  const drawn = bars.flatMap((item) => [
    item.value === null
      ? element('rect', { x: left, y: item.y1, width: 36, height: bar - 3, fill: `url(#${pattern})`, stroke: ink.quiet, 'stroke-width': 0.5 })
      : element('rect', { x: left, y: item.y1, width: Math.max(0, x(item.value) - left), height: bar - 3, fill: item.colour }, [element('title', {}, `${item.group}, ${item.name}: ${writeShare(item.value)}`)]),
    element('text', { x: (item.value === null ? left + 36 : x(item.value)) + 6, y: item.y1 + 13, 'text-anchor': 'start' }, item.value === null ? '[c] suppressed' : writeShare(item.value)),
  ]);
  const rowNames = groups.map((group, row) => wide
    ? element('text', { x: left - 10, y: 32 + row * step + (names.length * bar) / 2 + 4, 'text-anchor': 'end' }, group.label)
    : element('text', { x: 0, y: 32 + row * step + 14, 'text-anchor': 'start', 'font-weight': 'bold' }, group.label));
  node.insertBefore(element('defs', {}, [hatch(pattern)]), node.firstChild);
  for (const part of [...drawn, ...rowNames, nameKey(names, left)]) node.appendChild(part);
  return node;
}

function nameKey(names: string[], left: number): SvgNode {
  let at = left;
  return element('g', {}, names.flatMap((name, index) => {
    const parts = [
      element('rect', { x: at, y: 5, width: 14, height: 14, fill: series[index]! }),
      element('text', { x: at + 20, y: 17, 'text-anchor': 'start' }, name),
    ];
    at += 20 + textWidth(name) + 22;
    return parts;
  }));
}
