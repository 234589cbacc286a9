// An axis of shares across a chart: its lines and numbers, written as text. Observable Plot would take longer over these than all else
// that a page does.

import { writeShare } from './number-words.ts';
import { ink } from './palette.ts';
import { label, tag } from './svg-text.ts';

export interface ShareAxis {
  /** Where a share is, in pixels from the left. */
  x(share: number): number;
  /** Lines, numbers under them and a stronger line at zero: under all that the chart shows. */
  inner: string;
}

export interface ShareAxisOf {
  /** The share at the left edge; zero where absent. */
  least?: number;
  /** The share at the right edge. */
  longest: number;
  left: number;
  right: number;
  top: number;
  bottom: number;
  /** About as many lines. */
  ticks: number;
}

export function shareAxis({ least = 0, longest, left, right, top, bottom, ticks }: ShareAxisOf): ShareAxis {
  const x = (share: number): number => left + ((share - least) / (longest - least)) * (right - left);
  const places = shareTicks(least, longest, ticks);
  const line = (at: number) => tag('line', { x1: x(at), x2: x(at), y1: top, y2: bottom });
  return {
    x,
    inner: [
      tag('g', { stroke: ink.faint }, places.map(line).join('')),
      tag('g', { 'text-anchor': 'middle', 'font-variant': 'tabular-nums' }, places.map((at) => label(writeShare(at), { x: x(at), y: bottom + 18.8 })).join('')),
      least === 0 ? tag('g', { stroke: ink.quiet }, line(0)) : '',
    ].join(''),
  };
}

/**
 * Round shares between two, about `count` steps apart by 1, 2 or 5 times a power of ten.
 * @example shareTicks(0, 0.53, 6) // [0, 0.1, 0.2, 0.3, 0.4, 0.5]
 */
export function shareTicks(least: number, longest: number, count: number): number[] {
  const rough = (longest - least) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  // The middle, as powers go, of two steps parts them.
  const factor = [[50, 10], [10, 5], [2, 2]].find(([limit]) => rough / power >= Math.sqrt(limit!))?.[1] ?? 1;
  const perWhole = 1 / (power * factor);
  const [first, last] = [Math.ceil(least * perWhole - 1e-9), Math.floor(longest * perWhole + 1e-9)];
  return Array.from({ length: last - first + 1 }, (_, index) => (first + index) / perWhole);
}
