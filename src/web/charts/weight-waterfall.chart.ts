// How a pair's weight comes about: each part of the sum as a bar that begins where the last one ended, then the total from nought. What
// speaks for one person goes to the right, what speaks against to the left; every bar says so in words too.

import * as Plot from '@observablehq/plot';
import { writeBits } from '../../linkage/index.ts';
import { drawChart, plot, textWidth, type Chart, type ChartSize, type Drawing } from './chart-frame.ts';
import { ink, palette } from './palette.ts';
import { escapeText, label, tag } from './svg-text.ts';
import { wrapWords } from './wrap-words.ts';

export interface WaterfallBar {
  label: string;
  /** Bits, positive for one person. */
  bits: number;
}

export interface WeightWaterfall {
  id: string;
  title: string;
  description: string;
  subtitle?: string;
  bars: WaterfallBar[];
  total: number;
}

const against = '#A34713';
/** Words stay readable over the lines behind them. */
const halo = { stroke: ink.ground, 'stroke-width': 4, 'paint-order': 'stroke' } as const;

export function weightWaterfallChart(input: WeightWaterfall): Chart {
  return drawChart({ ...input, draw: (size) => drawWaterfall(input, size) });
}

function drawWaterfall({ bars, total }: WeightWaterfall, size: ChartSize): Drawing {
  const wide = size.name === 'wide';
  const left = wide ? Math.min(430, Math.max(...bars.map((bar) => textWidth(bar.label))) + 16) : 14;
  const [right, top] = [56, 10];
  const rows = layOut(bars, total, wide ? undefined : size.width - 6);
  const reached = rows.flatMap(({ from, to }) => [from, to, 0]);
  const [low, high] = [Math.floor(Math.min(...reached)) - 1, Math.ceil(Math.max(...reached)) + 1];
  const height = top + rows.at(-1)!.y + 30 + 46;
  const x = (bits: number): number => left + ((bits - low) / (high - low)) * (size.width - left - right);
  const drawn = rows.map((row, index) => {
    const y = top + row.y;
    const [x1, x2] = [x(Math.min(row.from, row.to)), x(Math.max(row.from, row.to))];
    const weight = row.total ? 'bold' : undefined;
    const bar = tag('rect', { x: x1, y, width: Math.max(1.5, x2 - x1), height: 18, fill: row.total ? ink.text : row.bits < 0 ? against : palette.blue }, tag('title', {}, escapeText(`${row.words.join(' ')}: ${writeBits(row.bits)} bits`)));
    const value = label(writeBits(row.bits), { x: x2 + 6, y: y + 14, 'font-weight': weight, ...halo });
    const words = wide
      ? label(row.words.join(' '), { x: left - 10, y: y + 14, 'text-anchor': 'end', 'font-weight': weight })
      : row.words.map((line, at) => label(line, { x: 2, y: y - 6 - (row.words.length - 1 - at) * 17, 'font-weight': weight, ...halo })).join('');
    const next = index + 2 < rows.length ? tag('line', { x1: x(row.to), x2: x(row.to), y1: y + 18, y2: top + rows[index + 1]!.y, stroke: ink.line, 'stroke-width': 1 }) : '';
    return `${next}${bar}${value}${words}`;
  });
  return plot({
    width: size.width,
    height,
    marginLeft: left,
    marginRight: right,
    marginTop: top,
    marginBottom: 46,
    x: { domain: [low, high] },
    marks: [
      Plot.gridX({ ticks: wide ? 8 : 4, stroke: ink.faint, strokeOpacity: 1 }),
      Plot.axisX({ ticks: wide ? 8 : 4, tickSize: 0, tickFormat: (bits: number) => String(bits).replace('-', '−'), label: '← against · bits · for one person →', labelAnchor: 'center', labelArrow: 'none' }),
      Plot.ruleX([0], { stroke: ink.quiet }),
    ],
  }, drawn.join(''));
}

interface Row {
  words: string[];
  bits: number;
  from: number;
  to: number;
  total: boolean;
  y: number;
}

/** Each bar from where the last ended; on a narrow picture the words stand above, on as many lines as they need. */
function layOut(bars: WaterfallBar[], total: number, wrapAt: number | undefined): Row[] {
  let [sum, y] = [0, wrapAt === undefined ? 6 : 0];
  const rows: Row[] = [];
  const add = (name: string, bits: number, from: number, last: boolean) => {
    const words = wrapAt === undefined ? [name] : wrapWords(name, wrapAt);
    if (wrapAt !== undefined) y += words.length * 17 + 5;
    rows.push({ words, bits, from, to: from + bits, total: last, y });
    y += wrapAt === undefined ? 30 : 24;
  };
  for (const bar of bars) {
    add(bar.label, bar.bits, sum, false);
    sum += bar.bits;
  }
  add('All together', total, 0, true);
  return rows;
}
