// When in the week things happen: a cell for each hour and weekday, shaded in five steps of one colour. Cells that
// disclosure control removed are hatched. On a narrow screen the hours run down and the days across.

import { drawChart, hatch, textWidth, type Chart, type ChartSize, type Drawing } from './chart-frame.ts';
import { classBreaks, classOf } from './class-breaks.ts';
import { ink, rampOf } from './palette.ts';
import { writeCount, writeHour } from './number-words.ts';
import { escapeText, label, tag } from './svg-text.ts';

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

const top = 28;

interface Grid {
  wide: boolean;
  left: number;
  cellWidth: number;
  cellHeight: number;
}

function drawHours({ id, cells, unit }: HourByWeekday, size: ChartSize): Drawing {
  const wide = size.name === 'wide';
  const left = wide ? 96 : 74;
  const grid: Grid = { wide, left, cellWidth: (size.width - left - 2) / (wide ? 24 : 7), cellHeight: wide ? 28 : 20 };
  const pattern = `${id}-${size.name}-hatch`;
  const breaks = classBreaks(cells.flatMap((cell) => (cell.value === null ? [] : [cell.value])), 5);
  const colours = rampOf(breaks.length - 1);
  const bottom = top + (wide ? 7 : 24) * grid.cellHeight;
  const drawn = cells.map((cell) => {
    const [column, row] = wide ? [cell.hour, cell.weekday - 1] : [cell.weekday - 1, cell.hour];
    const words = `${weekdays[cell.weekday - 1]}, ${writeHour(cell.hour)}: ${cell.value === null ? 'kept back' : `${writeCount(cell.value)} ${unit}`}`;
    return tag('rect', {
      x: left + column * grid.cellWidth,
      y: top + row * grid.cellHeight,
      width: grid.cellWidth - 1,
      height: grid.cellHeight - 1,
      fill: cell.value === null ? `url(#${pattern})` : colours[classOf(cell.value, breaks)],
    }, tag('title', {}, escapeText(words)));
  });
  const key = rampKey({ breaks, colours, unit, left: wide ? left : 0, top: bottom + 10, pattern: cells.some((cell) => cell.value === null) ? pattern : null, width: size.width });
  return { width: size.width, height: bottom + (wide ? 50 : 74), inner: `${hatch(pattern)}${axes(grid)}${drawn.join('')}${key}` };
}

/** Every third hour and every day. */
function axes({ wide, left, cellWidth, cellHeight }: Grid): string {
  const hours = [0, 3, 6, 9, 12, 15, 18, 21].map((hour) => label(writeHour(hour), wide
    ? { x: left + (hour + 0.5) * cellWidth, y: top - 8, 'text-anchor': 'middle' }
    : { x: left - 8, y: top + (hour + 0.5) * cellHeight + 5, 'text-anchor': 'end' }));
  const days = weekdays.map((day, index) => (wide
    ? label(day, { x: left - 8, y: top + (index + 0.5) * cellHeight + 5, 'text-anchor': 'end' })
    : label(day.slice(0, 3), { x: left + (index + 0.5) * cellWidth, y: top - 8, 'text-anchor': 'middle' })));
  return [...hours, ...days].join('');
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
function rampKey({ breaks, colours, unit, left, top, width, pattern }: RampKey): string {
  const box = Math.min(64, Math.floor((width - left - 100) / (colours.length + 1)));
  const parts = colours.map((colour, index) =>
    `${tag('rect', { x: left + index * box, y: top, width: box - 2, height: 12, fill: colour, stroke: ink.quiet, 'stroke-width': 0.5 })}${label(writeCount(breaks[index]!), { x: left + index * box, y: top + 28, fill: ink.quiet })}`);
  const end = left + colours.length * box;
  parts.push(label(`to ${writeCount(breaks.at(-1) ?? 0)} ${unit}`, { x: end, y: top + 28, fill: ink.quiet }));
  if (pattern) {
    const beside = end + 140 + textWidth('Kept back') < width;
    const [at, row] = beside ? [end + 160, top] : [left, top + 42];
    parts.push(tag('rect', { x: at, y: row, width: 16, height: 12, fill: `url(#${pattern})`, stroke: ink.quiet, 'stroke-width': 0.5 }));
    parts.push(label('Kept back', { x: at + 22, y: row + 11, fill: ink.quiet }));
  }
  return parts.join('');
}
