// A share for each group with its interval: a dot and a line from low to high, and a rule at the figure for everyone.
// Groups come in blocks (sex, age, ethnicity …). The axis may start above zero, because positions and not lengths are
// compared; it says so. A share that cannot be shown has no dot.

import { drawChart, textWidth, type Chart, type ChartSize, type Drawing } from './chart-frame.ts';
import { ink, palette } from './palette.ts';
import { writeShare } from './number-words.ts';
import { shareAxis, type ShareAxis } from './share-axis.ts';
import { escapeText, haloed, label, tag } from './svg-text.ts';

export interface IntervalDot {
  block: string;
  label: string;
  value: number | null;
  low: number | null;
  high: number | null;
}

export interface IntervalDots {
  id: string;
  title: string;
  description: string;
  subtitle?: string;
  rows: IntervalDot[];
  /** The figure for everyone, to compare with. */
  overall: number | null;
}

export function intervalDotsChart(input: IntervalDots): Chart {
  return drawChart({ ...input, draw: (size) => drawDots(input, size) });
}

const rowHeight = 28;

function drawDots({ rows, overall }: IntervalDots, size: ChartSize): Drawing {
  const wide = size.name === 'wide';
  const left = Math.min(wide ? 320 : 168, Math.max(...rows.map((row) => textWidth(row.label))) + 16);
  const lines = layOut(rows);
  const top = overall === null ? 12 : 28;
  const height = top + (lines.at(-1)?.y ?? 0) + rowHeight + 30;
  const known = rows.flatMap((row) => [row.low, row.high, row.value]).filter((value): value is number => value !== null);
  const floor = Math.max(0, Math.floor((Math.min(1, overall ?? 1, ...known) - 0.02) * 20) / 20);
  const plotted = height - top - 30;
  const scale = plotted / ((lines.at(-1)?.y ?? 0) + rowHeight / 2 || 1);
  const axis = shareAxis({ least: floor, longest: 1, left, right: size.width - 54, top, bottom: height - 30, ticks: wide ? 6 : 3 });
  const everyone = overall === null ? '' : [
    tag('line', { x1: axis.x(overall), x2: axis.x(overall), y1: top, y2: height - 30, stroke: ink.quiet, 'stroke-dasharray': '4,3' }),
    label(`Everyone ${writeShare(overall)}`, { x: axis.x(overall), y: top - 8.2, 'text-anchor': overall > (1 + floor) / 2 ? 'end' : 'start', fill: ink.quiet }),
  ].join('');
  const dots = lines.map(({ row, y }) => (row ? drawDot(row, axis, top + y * scale) : '')).join('');
  return { width: size.width, height, inner: `${axis.inner}${everyone}${dots}${lines.map((line) => writeLine(line, top + line.y * scale + 5, left)).join('')}` };
}

function drawDot(dot: IntervalDot, { x }: ShareAxis, y: number): string {
  const { value, low, high } = dot;
  if (value === null) return '';
  return [
    low === null || high === null ? '' : tag('line', { x1: x(low), x2: x(high), y1: y, y2: y, stroke: palette.blue, 'stroke-width': 3, 'stroke-opacity': '0.55' }),
    tag('circle', { cx: x(value), cy: y, r: 5.5, fill: palette.blue, stroke: ink.ground, 'stroke-width': 1.5 }, tag('title', {}, escapeText(say(dot)))),
    haloed(writeShare(value), { x: x(high ?? value) + 9, y: y + 4.2 }),
  ].join('');
}

function writeLine({ block, row }: Line, y: number, left: number): string {
  if (!row) return label(block, { x: 0, y, 'font-weight': 'bold' });
  const missing = row.value === null ? label('too few to show', { x: left + 8, y, fill: ink.quiet }) : '';
  return `${label(row.label, { x: left - 10, y, 'text-anchor': 'end' })}${missing}`;
}

interface Line {
  block: string;
  row?: IntervalDot;
  y: number;
}

/** Rows under a heading for each block; positions in pixels from the top of the plot. */
function layOut(rows: IntervalDot[]): Line[] {
  const lines: Line[] = [];
  let y = rowHeight / 2;
  for (const block of new Set(rows.map((row) => row.block))) {
    if (block !== '') {
      lines.push({ block, y });
      y += rowHeight;
    }
    for (const row of rows.filter((item) => item.block === block)) {
      lines.push({ block, row, y });
      y += rowHeight;
    }
  }
  return lines;
}

function say(dot: IntervalDot): string {
  const range = dot.low === null || dot.high === null ? '' : `, between ${writeShare(dot.low)} and ${writeShare(dot.high)}`;
  return `${dot.label}: ${writeShare(dot.value ?? 0)}${range}`;
}
