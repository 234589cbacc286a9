// How each of a few series went, month by month: one small panel for each, on its own scale from zero, so that the shape
// of a small series can be read beside that of a large one. A month that disclosure control removed leaves a gap over a hatched mark.

import { drawChart, hatch, textWidth, type Chart, type ChartSize, type Drawing } from './chart-frame.ts';
import { ink, palette } from './palette.ts';
import { writeCount, writeMonth } from './number-words.ts';
import { escapeText, label as text, tag } from './svg-text.ts';

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
const between = 14;

function drawPanels({ id, panels }: TrendPanels, size: ChartSize): Drawing {
  const pattern = `${id}-${size.name}-hatch`;
  const across = size.name === 'wide' ? Math.min(panels.length === 7 || panels.length === 8 ? 4 : 3, panels.length) : 1;
  const width = Math.floor((size.width - gap * (across - 1)) / across);
  const height = size.name === 'wide' ? 190 : 150;
  const rows = Math.ceil(panels.length / across);
  const months = [...new Set(panels.flatMap((panel) => panel.points.map((point) => point.month.slice(0, 7))))].sort();
  const drawn = panels.map((panel, index) => {
    const [x, y] = [(index % across) * (width + gap), Math.floor(index / across) * (height + between)];
    return tag('g', { transform: `translate(${x},${y})` }, drawPanel(panel, months, { width, height, pattern }));
  });
  return { width: size.width, height: rows * height + (rows - 1) * between, inner: `${hatch(pattern)}${drawn.join('')}` };
}

interface PanelFrame {
  width: number;
  height: number;
  /** Fill of months that are kept back. */
  pattern: string;
}

const top = 30;
const footer = 26;

function drawPanel(panel: TrendPanel, months: string[], { width, height, pattern }: PanelFrame): string {
  const values = new Map(panel.points.map((point) => [point.month.slice(0, 7), point.value]));
  const known = months.map((month) => values.get(month) ?? null);
  const last = known.findLastIndex((value) => value !== null);
  const ticks = niceTicks(Math.max(1, ...known.map((value) => value ?? 0)));
  const left = Math.max(...ticks.map((tick) => textWidth(writeCount(tick)))) + 10;
  const right = width - (last < 0 ? 12 : textWidth(writeCount(known[last]!)) + 14);
  const step = (right - left) / months.length;
  const x = (index: number): number => left + (index + 0.5) * step;
  const y = (value: number): number => height - footer - (value / ticks.at(-1)!) * (height - footer - top);
  const grid = ticks.map((tick) => `${tag('line', { x1: left, x2: right, y1: y(tick), y2: y(tick), stroke: tick === 0 ? ink.quiet : ink.faint })}${text(writeCount(tick), { x: left - 5, y: y(tick) + 5, 'text-anchor': 'end', fill: ink.quiet })}`);
  const years = months.flatMap((month, index) => (month.endsWith('-01') || (index === 0 && !months.some((each) => each.endsWith('-01')))
    ? [`${tag('line', { x1: x(index), x2: x(index), y1: y(0), y2: y(0) + 5, stroke: ink.quiet })}${text(month.slice(0, 4), { x: x(index) - 4, y: y(0) + 20, fill: ink.quiet })}`] : []));
  const hidden = known.flatMap((value, index) => (value === null ? [tag('rect', { x: left + index * step, y: y(0) - 12, width: step, height: 12, fill: `url(#${pattern})`, stroke: ink.line, 'stroke-width': 0.5 })] : []));
  return [
    text(panel.label, { x: 0, y: 14, 'font-weight': 'bold' }),
    ...grid,
    ...years,
    ...hidden,
    tag('path', { d: linePath(known, x, y), fill: 'none', stroke: palette.blue, 'stroke-width': 2, 'stroke-linejoin': 'round' }),
    ...known.flatMap((value, index) => (value !== null && (known[index - 1] ?? null) === null && (known[index + 1] ?? null) === null ? [tag('circle', { cx: x(index), cy: y(value), r: 2.5, fill: palette.blue })] : [])),
    ...(last < 0 ? [text('No month can be shown', { x: left + 8, y: height / 2, fill: ink.quiet })] : [endMark(months[last]!, known[last]!, x(last), y(known[last]!))]),
  ].join('');
}

/** Broken where a month is not known. */
function linePath(known: (number | null)[], x: (index: number) => number, y: (value: number) => number): string {
  return known.map((value, index) => (value === null ? '' : `${(known[index - 1] ?? null) === null ? 'M' : 'L'}${x(index).toFixed(1)},${y(value).toFixed(1)}`)).join('');
}

function endMark(month: string, value: number, x: number, y: number): string {
  const dot = tag('circle', { cx: x, cy: y, r: 4, fill: palette.blue, stroke: ink.ground }, tag('title', {}, escapeText(`${writeMonth(month)}: ${writeCount(value)}`)));
  return `${dot}${text(writeCount(value), { x: x + 7, y: y + 5, 'font-weight': 'bold' })}`;
}

/** Zero, a middle and a top that are round numbers; the top is at least `highest`. */
export function niceTicks(highest: number): number[] {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, highest)));
  const top = [1, 2, 4, 5, 6, 8, 10].map((step) => step * power).find((value) => value >= highest) ?? 10 * power;
  return top < 2 ? [0, top] : [0, top / 2, top];
}
