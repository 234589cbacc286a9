// Two shares of each kind, as two points joined by a line: how much of what happens, and how much of the work it takes.
// Both are read from the same axis, which starts at zero. A share that disclosure control removed has no point.

import * as Plot from '@observablehq/plot';
import { drawChart, plot, textWidth, type Chart, type ChartSize, type Drawing } from './chart-frame.ts';
import { halo, ink, series } from './palette.ts';
import { writeShare } from './number-words.ts';
import { label, tag } from './svg-text.ts';

export interface SharePair {
  label: string;
  /** Shares of 1; null where suppressed or unknown. */
  first: number | null;
  second: number | null;
}

export interface SharePairs {
  id: string;
  title: string;
  description: string;
  subtitle?: string;
  names: [string, string];
  rows: SharePair[];
}

export function sharePairsChart(input: SharePairs): Chart {
  return drawChart({ ...input, draw: (size) => drawPairs(input, size) });
}

const room = 44;
const top = 34;

function drawPairs({ rows, names }: SharePairs, size: ChartSize): Drawing {
  const wide = size.name === 'wide';
  const step = wide ? 36 : 52;
  const labels = wide ? Math.min(320, Math.max(...rows.map((row) => textWidth(row.label)))) : 0;
  const left = labels + room;
  const longest = Math.max(0.05, ...rows.flatMap((row) => [row.first ?? 0, row.second ?? 0]));
  const drop = wide ? 0 : 10;
  const place = (row: SharePair): string => row.label;
  const points = rows.flatMap((row) => [
    { row, at: row.first, other: row.second, colour: series[0], symbol: 'circle' },
    { row, at: row.second, other: row.first, colour: series[1], symbol: 'diamond' },
  ]).filter((point): point is typeof point & { at: number } => point.at !== null);
  const ends = points.map((point, index) => ({ ...point, left: point.other !== null && (point.at < point.other || (point.at === point.other && index % 2 === 0)) }));
  const height = top + rows.length * step + 34;
  return plot({
    width: size.width,
    height,
    marginLeft: left,
    marginRight: room + 6,
    marginTop: top,
    marginBottom: 34,
    x: { domain: [0, longest], nice: false },
    y: { type: 'band', domain: rows.map(place), padding: 0, axis: null },
    marks: [
      Plot.gridX({ ticks: wide ? 6 : 4, stroke: ink.faint, strokeOpacity: 1 }),
      Plot.axisX({ ticks: wide ? 6 : 4, tickSize: 0, label: null, tickFormat: writeShare }),
      Plot.ruleX([0], { stroke: ink.quiet }),
      Plot.text(rows, { y: place, text: 'label', frameAnchor: 'left', dx: wide ? -left : -room, dy: wide ? 0 : -13, textAnchor: 'start', fontWeight: wide ? 'normal' : 'bold', ...halo }),
      Plot.link(rows.filter((row) => row.first !== null && row.second !== null), { x1: 'first', x2: 'second', y1: place, y2: place, stroke: ink.line, strokeWidth: 4, dy: drop }),
      Plot.dot(points, { x: 'at', y: (point) => place(point.row), fill: 'colour', symbol: 'symbol', r: 7, stroke: ink.ground, dy: drop }),
      Plot.text(ends.filter((end) => end.left), { x: 'at', y: (end) => place(end.row), text: (end) => writeShare(end.at), dx: -11, dy: drop, textAnchor: 'end', ...halo }),
      Plot.text(ends.filter((end) => !end.left), { x: 'at', y: (end) => place(end.row), text: (end) => writeShare(end.at), dx: 11, dy: drop, textAnchor: 'start', ...halo }),
      Plot.text(rows.filter((row) => row.first === null && row.second === null), { y: place, text: () => '[c] kept back', frameAnchor: 'left', dx: 8, dy: drop, textAnchor: 'start', fill: ink.quiet }),
    ],
    symbol: { type: 'identity' } as never,
    color: { type: 'identity' },
  }, key(names, wide ? left : 0, rows.some((row) => row.second !== null)));
}

function key(names: [string, string], left: number, both: boolean): string {
  const second = left + 22 + textWidth(names[0]) + 24;
  return [
    tag('circle', { cx: left + 8, cy: 12, r: 7, fill: series[0] }),
    label(names[0], { x: left + 22, y: 17 }),
    ...(both ? [
      tag('path', { d: `M${second + 8},3l6,9l-6,9l-6,-9z`, fill: series[1] }),
      label(names[1], { x: second + 22, y: 17 }),
    ] : []),
  ].join('');
}
