// How complete each feed is: one bar from zero to all for each feed, the gap to all left open, with the share written beside.

import { drawChart, element, textWidth, type Chart, type ChartSize, type SvgNode } from './chart-frame.ts';
import { ink, palette } from './palette.ts';
import { writeShare } from './number-words.ts';

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

function drawRows(rows: Completeness['rows'], size: ChartSize): SvgNode {
  const wide = size.name === 'wide';
  const left = wide ? Math.min(360, Math.max(...rows.map((row) => textWidth(row.label))) + 12) : 0;
  const step = wide ? 30 : 46;
  const span = size.width - left - 60;
  const height = rows.length * step + 30;
  const bars = rows.flatMap(({ label, share }, index) => {
    const y = index * step + (wide ? 4 : 22);
    const middle = y + 13;
    return [
      wide
        ? element('text', { x: left - 10, y: middle + 2, 'text-anchor': 'end' }, label)
        : element('text', { x: 0, y: y - 6, 'text-anchor': 'start', 'font-weight': 'bold' }, label),
      element('rect', { x: left, y, width: span, height: 20, fill: ink.ground, stroke: ink.quiet, 'stroke-width': 1 }),
      element('rect', { x: left, y, width: span * (share ?? 0), height: 20, fill: palette.blue }, [element('title', {}, `${label}: ${share === null ? 'not known' : writeShare(share)}`)]),
      element('text', { x: left + span + 8, y: middle + 2, 'text-anchor': 'start' }, share === null ? 'n/a' : writeShare(share)),
    ];
  });
  const ticks = [0, 0.5, 1].map((tick) => element('text', { x: left + span * tick, y: height - 6, 'text-anchor': tick === 0 ? 'start' : tick === 1 ? 'end' : 'middle', fill: ink.quiet }, writeShare(tick)));
  return element('svg', { viewBox: `0 0 ${size.width} ${height}`, width: size.width, height, fill: 'currentColor', 'font-size': 14 }, [...bars, ...ticks]);
}
