// The meaning of a map's shades, as swatches with words: each class with its limits, then suppressed and missing where there are any.

import { ink, rampOf } from '../charts/palette.ts';
import type { PlaceShape } from './place-map.ts';

export interface LegendItem {
  /** A small SVG, hidden from screen readers; the words say the same. */
  swatch: string;
  text: string;
  count: number;
}

export interface LegendOf {
  breaks: number[];
  places: PlaceShape[];
  classOf: (value: number) => number;
  write: (value: number) => string;
}

export function mapLegend({ breaks, places, classOf, write }: LegendOf): LegendItem[] {
  const shown = places.filter((place) => place.state === 'shown' && place.value !== null);
  const colours = rampOf(breaks.length - 1);
  const held = colours.map((_, index) => shown.map((place) => place.value!).filter((value) => classOf(value) === index));
  // A few distinct values are said themselves: limits between them would be empty words.
  const each = held.every((values) => new Set(values.map(write)).size === 1);
  const items: LegendItem[] = colours.map((colour, index) => ({
    swatch: swatch(`fill="${colour}" stroke="${ink.quiet}"`),
    text: each ? write(held[index]![0]!) : classWords(index, breaks, write),
    count: held[index]!.length,
  }));
  const count = (state: PlaceShape['state']): number => places.filter((place) => place.state === state).length;
  const hatched = swatch(`fill="${ink.ground}" stroke="${ink.quiet}"`, `<path d="M0,8L8,0M0,16L16,0M8,16L24,0M16,16L24,8" stroke="${ink.quiet}" stroke-width="1.6"/>`);
  if (count('suppressed') > 0) items.push({ swatch: hatched, text: 'Kept back: a small number', count: count('suppressed') });
  if (count('missing') > 0) items.push({ swatch: swatch(`fill="${ink.ground}" stroke="${ink.quiet}" stroke-dasharray="2,2"`), text: 'No figure', count: count('missing') });
  return shown.length === 0 ? items.filter((item) => item.text === 'No figure' || item.text.startsWith('Kept back')) : items;
}

function classWords(index: number, breaks: number[], write: (value: number) => string): string {
  const [low, high] = [breaks[index]!, breaks[index + 1]!];
  if (low === high) return write(low);
  return index === breaks.length - 2 ? `${write(low)} to ${write(high)}` : `${write(low)} to under ${write(high)}`;
}

function swatch(attributes: string, inside = ''): string {
  return `<svg class="hw-legend__swatch" viewBox="0 0 24 16" width="24" height="16" aria-hidden="true" focusable="false"><rect x="0.5" y="0.5" width="23" height="15" ${attributes}/>${inside}</svg>`;
}
