// How each of a few series went, month by month: one small panel for each, on its own scale from zero, so that the shape
// of a small series can be read beside that of a large one. A month that disclosure control removed leaves a gap over a hatched mark.

import * as Plot from '@observablehq/plot';
import { compose, drawChart, element, hatch, plot, textWidth, type Chart, type ChartSize, type SvgNode } from './chart-frame.ts';
import { ink, palette } from './palette.ts';
import { writeCount, writeMonth } from './number-words.ts';

export interface TrendPanel {
  label: string;
  points: { month: string; value: number | null }[];
}

export interface TrendPanels {
  id: string;
  title: string;
  description: string;
  subtitle?: string;
  panels: TrendPanel[];
}

export function trendPanelsChart(input: TrendPanels): Chart {
  return drawChart({ ...input, draw: (size) => drawPanels(input, size) });
}

const gap = 24;

function drawPanels({ id, panels }: TrendPanels, size: ChartSize): SvgNode {
  const pattern = `${id}-${size.name}-hatch`;
  const across = size.name === 'wide' ? Math.min(3, panels.length) : 1;
  const width = Math.floor((size.width - gap * (across - 1)) / across);
  const height = size.name === 'wide' ? 190 : 150;
  const rows = Math.ceil(panels.length / across);
  const months = [...new Set(panels.flatMap((panel) => panel.points.map((point) => point.month)))].sort();
  const all = compose(
    size.width,
    rows * height + (rows - 1) * 14,
    panels.map((panel, index) => ({
      x: (index % across) * (width + gap),
      y: Math.floor(index / across) * (height + 14),
      node: drawPanel(panel, months, { width, height, pattern }),
    })),
  );
  all.insertBefore(element('defs', {}, [hatch(pattern)]), all.firstChild);
  return all;
}

interface Placed {
  at: Date;
  value: number;
  label: string;
}

interface PanelFrame {
  width: number;
  height: number;
  /** Fill of months that are kept back. */
  pattern: string;
}

function drawPanel(panel: TrendPanel, months: string[], { width, height, pattern }: PanelFrame): SvgNode {
  const all = months.map((month) => ({ month, at: toDate(month), from: toDate(month, -half), to: toDate(month, half), value: panel.points.find((point) => point.month === month)?.value ?? null }));
  const shown: Placed[] = all.flatMap(({ month, at, value }) => (value === null ? [] : [{ at, value, label: `${writeMonth(month)}: ${writeCount(value)}` }]));
  const highest = Math.max(1, ...shown.map((point) => point.value));
  const last = shown.at(-1);
  const ticks = niceTicks(highest);
  const top = ticks.at(-1)!;
  const node = plot({
    width,
    height,
    marginTop: 30,
    marginBottom: 26,
    marginLeft: Math.max(...ticks.map((tick) => textWidth(writeCount(tick)))) + 10,
    marginRight: last ? textWidth(writeCount(last.value)) + 12 : 12,
    x: { type: 'utc', domain: [toDate(months[0] ?? '2000-01', -half), toDate(months.at(-1) ?? '2000-02', half)] },
    y: { domain: [0, Math.max(top, highest)] },
    marks: [
      Plot.gridY(ticks, { stroke: ink.faint, strokeOpacity: 1 }),
      Plot.axisY(ticks, { tickSize: 0, label: null, tickFormat: writeCount, fill: ink.quiet }),
      Plot.axisX(yearTicks(months), { tickSize: 5, label: null, tickFormat: (date: Date) => String(date.getUTCFullYear()), stroke: ink.line, fill: ink.quiet, textAnchor: 'start', dx: -4 }),
      Plot.rect(all.filter((point) => point.value === null), { x1: 'from', x2: 'to', y1: 0, y2: Math.max(top, highest) * 0.1, fill: `url(#${pattern})`, inset: 0 }),
      Plot.ruleY([0], { stroke: ink.quiet }),
      Plot.line(all, { x: 'at', y: (point: { value: number | null }) => point.value ?? Number.NaN, stroke: palette.blue, strokeWidth: 2 }),
      Plot.dot(lonely(all), { x: 'at', y: 'value', r: 2.5, fill: palette.blue }),
      Plot.dot(last ? [last] : [], { x: 'at', y: 'value', r: 4, fill: palette.blue, stroke: ink.ground, title: 'label' }),
      Plot.text(last ? [last] : [], { x: 'at', y: 'value', text: (point: Placed) => writeCount(point.value), dx: 7, textAnchor: 'start', fontWeight: 'bold' }),
    ],
  });
  node.appendChild(element('text', { x: 0, y: 14, 'text-anchor': 'start', 'font-weight': 'bold' }, panel.label));
  if (shown.length === 0) node.appendChild(element('text', { x: 48, y: height / 2, 'text-anchor': 'start', fill: ink.quiet }, 'No month can be shown'));
  return node;
}

/** Months with a gap on each side, which a line alone would not show. */
function lonely(points: { at: Date; value: number | null }[]): { at: Date; value: number }[] {
  const known = (index: number): boolean => (points[index]?.value ?? null) !== null;
  return points.filter((point, index): point is { at: Date; value: number } => point.value !== null && !known(index - 1) && !known(index + 1));
}

/** Zero, a middle and a top that are round numbers; the top is at least `highest`. */
export function niceTicks(highest: number): number[] {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, highest)));
  const top = [1, 2, 4, 5, 6, 8, 10].map((step) => step * power).find((value) => value >= highest) ?? 10 * power;
  return top < 2 ? [0, top] : [0, top / 2, top];
}

function yearTicks(months: string[]): Date[] {
  const starts = months.filter((month) => month.slice(5, 7) === '01');
  return (starts.length > 0 ? starts : months.slice(0, 1)).map((month) => toDate(month));
}

const half = 15 * 86_400_000;

function toDate(month: string, shift = 0): Date {
  return new Date(Date.parse(`${month.slice(0, 7)}-01T00:00:00Z`) + shift);
}
