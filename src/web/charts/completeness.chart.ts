// How complete each feed is: one bar from zero to all for each feed, the gap to all left open, with the share written beside.

import { drawChart, textWidth, type Chart, type ChartSize, type Drawing } from './chart-frame.ts';
import { ink, palette } from './palette.ts';
import { writeShare } from './number-words.ts';
import { escapeText, label as text, tag } from './svg-text.ts';

export interface Completeness {
  id: string;
  title: string;
  description: string;
  subtitle?: string;
  rows: { label: string; share: number | null }[];
}

export function completenessChart(input: Completeness): Chart {
  return drawChart({ ...input, draw: (size) => drawRows(input.rows, size) });
}

function drawRows(rows: Completeness['rows'], size: ChartSize): Drawing {
  const wide = size.name === 'wide';
  const left = wide ? Math.min(360, Math.max(...rows.map((row) => textWidth(row.label))) + 12) : 0;
  const step = wide ? 30 : 46;
  const span = size.width - left - 60;
  const height = rows.length * step + 30;
  const bars = rows.map(({ label, share }, index) => {
    const y = index * step + (wide ? 4 : 22);
    return [
      text(label, wide ? { x: left - 10, y: y + 15, 'text-anchor': 'end' } : { x: 0, y: y - 6, 'font-weight': 'bold' }),
      tag('rect', { x: left, y, width: span, height: 20, fill: ink.ground, stroke: ink.quiet, 'stroke-width': 1 }),
      tag('rect', { x: left, y, width: span * (share ?? 0), height: 20, fill: palette.blue }, tag('title', {}, escapeText(`${label}: ${share === null ? 'not known' : writeShare(share)}`))),
      text(share === null ? 'n/a' : writeShare(share), { x: left + span + 8, y: y + 15 }),
    ].join('');
  });
  const ticks = [0, 0.5, 1].map((tick) => text(writeShare(tick), { x: left + span * tick, y: height - 6, 'text-anchor': tick === 0 ? 'start' : tick === 1 ? 'end' : 'middle', fill: ink.quiet }));
  return { width: size.width, height, inner: [...bars, ...ticks].join('') };
}
