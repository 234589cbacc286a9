// Draws a chart on the server: each at two widths, of which the style sheet shows one (the hidden one is not in the
// accessibility tree). The SVG carries a title and a description, no inline style and no script, so that it stands under
// a strict content policy, prints, and can be downloaded as it is. Axes and marks come from Observable Plot; grids of many
// marks are written as text.

import * as Plot from '@observablehq/plot';
import { ink } from './palette.ts';
import { SvgDocument, type SvgElement } from './svg-document.ts';
import { escapeText, tag } from './svg-text.ts';

export interface ChartSize {
  name: 'wide' | 'narrow';
  width: number;
}

/** What a chart draws: the inside of its SVG. */
export interface Drawing {
  width: number;
  height: number;
  inner: string;
}

export interface ChartSpec {
  /** Unique on the page: a word or words with hyphens. */
  id: string;
  /** The finding, as a sentence without a full stop. */
  title: string;
  /** What the picture shows, for those who do not see it; the table under it has the numbers. */
  description: string;
  /** Such as "Share of all events, per cent". Shown under the title. */
  subtitle?: string;
  draw(size: ChartSize): Drawing;
}

export interface Chart {
  id: string;
  title: string;
  subtitle?: string;
  description: string;
  wide: string;
  narrow: string;
  /** Size of the wide picture, to place it in a file. */
  width: number;
  height: number;
}

const wideSize: ChartSize = { name: 'wide', width: 960 };
const narrowSize: ChartSize = { name: 'narrow', width: 345 };

const document = new SvgDocument();

/** Text size on every chart, in CSS pixels. */
export const fontSize = 14;

export function drawChart(spec: ChartSpec): Chart {
  const wide = spec.draw(wideSize);
  return {
    id: spec.id,
    title: spec.title,
    ...(spec.subtitle ? { subtitle: spec.subtitle } : {}),
    description: spec.description,
    wide: finish(wide, `${spec.id}-wide`, spec),
    narrow: finish(spec.draw(narrowSize), `${spec.id}-narrow`, spec),
    width: wide.width,
    height: wide.height,
  };
}

/** Observable Plot with the server's document, then `more` written over it. */
export function plot(options: Plot.PlotOptions, more = ''): Drawing {
  const node = Plot.plot({ ...options, document: document as never }) as unknown as SvgElement;
  return {
    width: Number(node.getAttribute('width')),
    height: Number(node.getAttribute('height')),
    inner: `${tag('g', { 'text-anchor': 'middle' }, node.inner)}${more}`,
  };
}

/** The pattern of suppressed values: diagonal lines on white, told apart from any colour and in grey print. */
export function hatch(id: string): string {
  const lines = `${tag('rect', { width: 6, height: 6, fill: ink.ground })}${tag('line', { x1: 0, y1: 0, x2: 0, y2: 6, stroke: ink.quiet, 'stroke-width': 2.4 })}`;
  return tag('defs', {}, tag('pattern', { id, width: 6, height: 6, patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)' }, lines));
}

/** Rough width of a text in pixels, to keep room for labels. */
export function textWidth(text: string, size = fontSize): number {
  return Math.ceil([...text].length * size * 0.56);
}

function finish({ width, height, inner }: Drawing, id: string, { title, description }: ChartSpec): string {
  const attributes = {
    xmlns: 'http://www.w3.org/2000/svg',
    viewBox: `0 0 ${width} ${height}`,
    width,
    height,
    role: 'img',
    'aria-labelledby': `${id}-title ${id}-desc`,
    'font-family': 'Arial, Helvetica, sans-serif',
    'font-size': fontSize,
    fill: 'currentColor',
    color: ink.text,
  };
  const names = `${tag('title', { id: `${id}-title` }, escapeText(title))}${tag('desc', { id: `${id}-desc` }, escapeText(description))}`;
  return tag('svg', attributes, `${names}${inner}`);
}
