// A share for each group with its interval: a dot and a line from low to high, and a rule at the figure for everyone.
// Groups come in blocks (sex, age, ethnicity …). The axis may start above zero, because positions and not lengths are
// compared; it says so. A share that cannot be shown has no dot.

import * as Plot from '@observablehq/plot';
import { drawChart, plot, textWidth, type Chart, type ChartSize, type Drawing } from './chart-frame.ts';
import { halo, ink, palette } from './palette.ts';
import { writeShare } from './number-words.ts';
import { label } from './svg-text.ts';

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
  const dots = lines.filter((line) => line.row?.value !== null && line.row !== undefined).map((line) => ({ ...line.row!, y: line.y }));
  const ranges = dots.filter((dot) => dot.low !== null && dot.high !== null);
  const plotted = height - top - 30;
  const scale = plotted / ((lines.at(-1)?.y ?? 0) + rowHeight / 2 || 1);
  return plot({
    width: size.width,
    height,
    marginLeft: left,
    marginRight: 54,
    marginTop: top,
    marginBottom: 30,
    x: { domain: [floor, 1] },
    y: { domain: [0, (lines.at(-1)?.y ?? 0) + rowHeight / 2], reverse: true, axis: null },
    marks: [
      Plot.gridX({ ticks: wide ? 6 : 3, stroke: ink.faint, strokeOpacity: 1 }),
      Plot.axisX({ ticks: wide ? 6 : 3, tickSize: 0, label: null, tickFormat: writeShare }),
      Plot.ruleX(overall === null ? [] : [overall], { stroke: ink.quiet, strokeDasharray: '4,3' }),
      Plot.link(ranges, { x1: 'low', x2: 'high', y1: 'y', y2: 'y', stroke: palette.blue, strokeWidth: 3, strokeOpacity: 0.55 }),
      Plot.dot(dots, { x: 'value', y: 'y', r: 5.5, fill: palette.blue, stroke: ink.ground, title: (dot: IntervalDot) => say(dot) }),
      Plot.text(dots, { x: (dot: IntervalDot) => dot.high ?? dot.value, y: 'y', text: (dot: IntervalDot) => writeShare(dot.value!), dx: 9, textAnchor: 'start', ...halo }),
      Plot.text(overall === null ? [] : [overall], { x: (value: number) => value, text: (value: number) => `Everyone ${writeShare(value)}`, frameAnchor: 'top', dy: -18, textAnchor: overall !== null && overall > (1 + floor) / 2 ? 'end' : 'start', fill: ink.quiet }),
    ],
  }, lines.map((line) => writeLine(line, top + line.y * scale + 5, left)).join(''));
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
