// Two shares of each kind, as two points joined by a line: how much of what happens, and how much of the work it takes.
// Both are read from the same axis, which starts at zero. A share that disclosure control removed has no point.

import { drawChart, textWidth, type Chart, type ChartSize, type Drawing } from './chart-frame.ts';
import { ink, series } from './palette.ts';
import { writeShare } from './number-words.ts';
import { shareAxis, type ShareAxis } from './share-axis.ts';
import { haloed, label, tag } from './svg-text.ts';

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
  const height = top + rows.length * step + 34;
  const axis = shareAxis({ longest, left, right: size.width - room - 6, top, bottom: height - 34, ticks: wide ? 6 : 4 });
  const drawn = rows.map((row, index) => {
    const middle = top + (index + 0.5) * step;
    const name = haloed(row.label, { x: 0, y: middle + baseline - (wide ? 0 : 13), 'font-weight': wide ? undefined : 'bold' });
    return `${name}${drawPair(row, axis, middle + (wide ? 0 : 10))}`;
  });
  return { width: size.width, height, inner: `${axis.inner}${drawn.join('')}${key(names, wide ? left : 0, rows.some((row) => row.second !== null))}` };
}

/** From the middle of a line of text down to where its letters stand. */
const baseline = 4.2;

/** The two points with the line between them, and each share on its outer side. */
function drawPair({ first, second }: SharePair, { x }: ShareAxis, y: number): string {
  if (first === null && second === null) return label('[c] kept back', { x: x(0) + 8, y: y + baseline, fill: ink.quiet });
  const line = first === null || second === null ? '' : tag('line', { x1: x(first), x2: x(second), y1: y, y2: y, stroke: ink.line, 'stroke-width': 4 });
  const around = { stroke: ink.ground, 'stroke-width': 1.5 };
  const circle = first === null ? '' : tag('circle', { cx: x(first), cy: y, r: 7, fill: series[0], ...around });
  const diamond = second === null ? '' : tag('path', { transform: `translate(${tenth(x(second))},${tenth(y)})`, d: 'M0,-11.5L6.7,0L0,11.5L-6.7,0Z', fill: series[1], ...around });
  const words = (at: number | null, toTheLeft: boolean) => (at === null ? '' : haloed(writeShare(at), { x: x(at) + (toTheLeft ? -11 : 11), y: y + baseline, 'text-anchor': toTheLeft ? 'end' : undefined }));
  return `${line}${circle}${diamond}${words(first, second !== null && first !== null && first <= second)}${words(second, first !== null && second !== null && second < first)}`;
}

const tenth = (value: number): number => Math.round(value * 10) / 10;

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
