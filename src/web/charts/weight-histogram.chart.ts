// How many pairs have each weight, on a logarithmic scale because most pairs are surely two people, with a line at the threshold. A count
// that cannot be shown leaves a hatched stub.

import * as Plot from '@observablehq/plot';
import { drawChart, hatch, plot, type Chart, type ChartSize, type Drawing } from './chart-frame.ts';
import { writeCount } from './number-words.ts';
import { ink, palette } from './palette.ts';
import { escapeText, tag } from './svg-text.ts';

export interface WeightHistogram {
  id: string;
  title: string;
  description: string;
  subtitle?: string;
  rows: { bits: number; pairs: number | null }[];
  /** In bits. */
  threshold: number;
}

export function weightHistogramChart(input: WeightHistogram): Chart {
  return drawChart({ ...input, draw: (size) => drawHistogram(input, size) });
}

function drawHistogram({ id, rows, threshold }: WeightHistogram, size: ChartSize): Drawing {
  const wide = size.name === 'wide';
  const [left, right, top, bottom] = [wide ? 76 : 64, 16, 30, 48];
  const height = wide ? 360 : 320;
  const low = Math.min(...rows.map(({ bits }) => bits), threshold - 1);
  const high = Math.max(...rows.map(({ bits }) => bits), threshold) + 1;
  const top10 = Math.max(1, Math.ceil(Math.log10(Math.max(10, ...rows.map(({ pairs }) => pairs ?? 0)))));
  const x = (bits: number) => left + ((bits - low) / (high - low)) * (size.width - left - right);
  const y = (pairs: number) => top + (1 - Math.log10(Math.max(1, pairs)) / top10) * (height - top - bottom);
  const pattern = `${id}-${size.name}-hatch`;
  const bars = rows.filter(({ pairs }) => pairs !== 0).map(({ bits, pairs }) => {
    const from = pairs === null ? y(3) : y(pairs);
    return tag('rect', { x: x(bits) + 0.5, width: Math.max(1, x(bits + 1) - x(bits) - 1), y: from, height: Math.max(1, y(1) - from), fill: pairs === null ? `url(#${pattern})` : bits >= threshold ? palette.blue : palette.orange },
      tag('title', {}, escapeText(`${bits} to ${bits + 1} bits: ${pairs === null ? 'kept back' : `${writeCount(pairs)} pairs`}`)));
  });
  const ticks = Array.from({ length: top10 + 1 }, (_, power) => 10 ** power);
  return plot({
    width: size.width, height, marginLeft: left, marginRight: right, marginTop: top, marginBottom: bottom,
    x: { domain: [low, high] },
    y: { type: 'log', domain: [1, 10 ** top10] },
    marks: [
      Plot.gridY(ticks, { stroke: ink.faint, strokeOpacity: 1 }),
      Plot.axisY(ticks, { tickSize: 0, label: null, tickFormat: writeCount }),
      Plot.axisX({ ticks: wide ? 10 : 5, tickSize: 4, tickFormat: (bits: number) => String(bits).replace('-', '−'), label: '← two people · weight in bits · one person →', labelAnchor: 'center', labelArrow: 'none' }),
      Plot.ruleX([threshold], { stroke: ink.text, strokeDasharray: '5,4' }),
      Plot.text([threshold], { x: (value: number) => value, text: () => 'Linked from here', frameAnchor: 'top', dy: -18, textAnchor: x(threshold) > size.width / 2 ? 'end' : 'start' }),
    ],
  }, `${hatch(pattern)}${bars.join('')}`);
}
