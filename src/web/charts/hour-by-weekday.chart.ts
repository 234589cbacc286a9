// When in the week things happen: a cell for each hour and weekday, shaded in five steps of one colour. Cells that
// disclosure control removed are hatched. On a narrow screen the hours run down and the days across.

import * as Plot from '@observablehq/plot';
import { drawChart, element, hatch, plot, textWidth, type Chart, type ChartSize, type SvgNode } from './chart-frame.ts';
import { classBreaks, classOf } from './class-breaks.ts';
import { ink, rampOf } from './palette.ts';
import { writeCount, writeHour } from './number-words.ts';

export interface HourCell {
  /** 1 Monday to 7 Sunday. */
  weekday: number;
  /** 0 to 23. */
  hour: number;
  /** Null where suppressed. */
  value: number | null;
}

export interface HourByWeekday {
  id: string;
  title: string;
  description: string;
  subtitle?: string;
  cells: HourCell[];
  /** Such as "events". */
  unit: string;
}

export const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const;

export function hourByWeekdayChart(input: HourByWeekday): Chart {
  return drawChart({ ...input, draw: (size) => drawHours(input, size) });
}

const hours = Array.from({ length: 24 }, (_, hour) => hour);
const days = [1, 2, 3, 4, 5, 6, 7];
const shortDays = (day: number): string => weekdays[day - 1]!.slice(0, 3);
const shortHours = (hour: number): string => (hour % 3 === 0 ? writeHour(hour) : '');

function drawHours({ id, cells, unit }: HourByWeekday, size: ChartSize): SvgNode {
  const wide = size.name === 'wide';
  const pattern = `${id}-${size.name}-hatch`;
  const breaks = classBreaks(cells.flatMap((cell) => (cell.value === null ? [] : [cell.value])), 5);
  const colours = rampOf(breaks.length - 1);
  const shade = (cell: HourCell): string => (cell.value === null ? `url(#${pattern})` : colours[classOf(cell.value, breaks)]!);
  const say = (cell: HourCell): string => `${weekdays[cell.weekday - 1]}, ${writeHour(cell.hour)}: ${cell.value === null ? 'suppressed' : `${writeCount(cell.value)} ${unit}`}`;
  const keyHeight = wide ? 50 : 74;
  const height = (wide ? 30 + 7 * 28 : 28 + 24 * 20) + keyHeight;
  const node = plot({
    width: size.width,
    height,
    marginTop: 28,
    marginLeft: wide ? 96 : 74,
    marginRight: 2,
    marginBottom: keyHeight,
    padding: 0.04,
    x: wide ? { type: 'band', domain: hours } : { type: 'band', domain: days },
    y: wide ? { type: 'band', domain: days } : { type: 'band', domain: hours },
    color: { type: 'identity' },
    marks: [
      Plot.axisX({ anchor: 'top', tickSize: 0, label: null, tickFormat: wide ? shortHours : shortDays }),
      Plot.axisY({ tickSize: 0, label: null, tickFormat: wide ? (day: number) => weekdays[day - 1]! : shortHours }),
      Plot.cell(cells, { x: wide ? 'hour' : 'weekday', y: wide ? 'weekday' : 'hour', fill: shade, title: say }),
    ],
  });
  node.insertBefore(element('defs', {}, [hatch(pattern)]), node.firstChild);
  node.appendChild(rampKey({ breaks, colours, unit, left: wide ? 96 : 0, top: height - keyHeight + 10, pattern: cells.some((cell) => cell.value === null) ? pattern : null, width: size.width }));
  return node;
}

interface RampKey {
  breaks: number[];
  colours: string[];
  unit: string;
  left: number;
  top: number;
  width: number;
  pattern: string | null;
}

/** The classes as boxes side by side, with their lowest values written under them. */
function rampKey({ breaks, colours, unit, left, top, width, pattern }: RampKey): SvgNode {
  const box = Math.min(64, Math.floor((width - left - 100) / (colours.length + 1)));
  const parts = colours.flatMap((colour, index) => [
    element('rect', { x: left + index * box, y: top, width: box - 2, height: 12, fill: colour, stroke: ink.quiet, 'stroke-width': 0.5 }),
    element('text', { x: left + index * box, y: top + 28, 'text-anchor': 'start', fill: ink.quiet }, writeCount(breaks[index]!)),
  ]);
  const end = left + colours.length * box;
  parts.push(element('text', { x: end, y: top + 28, 'text-anchor': 'start', fill: ink.quiet }, `to ${writeCount(breaks.at(-1) ?? 0)} ${unit}`));
  if (pattern) {
    const beside = end + 140 + textWidth('Suppressed') < width;
    const [at, row] = beside ? [end + 140, top] : [left, top + 42];
    parts.push(element('rect', { x: at, y: row, width: 16, height: 12, fill: `url(#${pattern})`, stroke: ink.quiet, 'stroke-width': 0.5 }));
    parts.push(element('text', { x: at + 22, y: row + 11, 'text-anchor': 'start', fill: ink.quiet }, 'Suppressed'));
  }
  return element('g', {}, parts);
}
