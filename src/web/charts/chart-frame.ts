// Draws a chart on the server: each at two widths, of which the style sheet shows one (the hidden one is not in the
// accessibility tree). The SVG carries a title and a description, no inline style and no script, so that it stands under
// a strict content policy, prints, and can be downloaded as it is.

import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { ink } from './palette.ts';

export interface ChartSize {
  name: 'wide' | 'narrow';
  width: number;
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
  draw(size: ChartSize): SvgNode;
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

/** The part of the document's element that drawing needs; the server has no browser types. */
export interface SvgNode {
  tagName: string;
  textContent: string;
  outerHTML: string;
  children: Iterable<SvgNode>;
  getAttribute(name: string): string | null;
  setAttribute(name: string, value: string): void;
  removeAttribute(name: string): void;
  appendChild(child: SvgNode): SvgNode;
  insertBefore(child: SvgNode, before: unknown): SvgNode;
  firstChild: unknown;
  querySelectorAll(selector: string): Iterable<SvgNode>;
  remove(): void;
}

const sizes: ChartSize[] = [
  { name: 'wide', width: 960 },
  { name: 'narrow', width: 345 },
];

const { document } = parseHTML('<!doctype html><html><body></body></html>');
const namespace = 'http://www.w3.org/2000/svg';

/** Text size on every chart, in CSS pixels. */
export const fontSize = 14;

export function drawChart(spec: ChartSpec): Chart {
  const [wide, narrow] = sizes.map((size) => finish(spec.draw(size), `${spec.id}-${size.name}`, spec)) as [SvgNode, SvgNode];
  return {
    id: spec.id,
    title: spec.title,
    ...(spec.subtitle ? { subtitle: spec.subtitle } : {}),
    description: spec.description,
    wide: wide.outerHTML,
    narrow: narrow.outerHTML,
    width: Number(wide.getAttribute('width')),
    height: Number(wide.getAttribute('height')),
  };
}

/** Observable Plot with the server's document. */
export function plot(options: Plot.PlotOptions): SvgNode {
  const node = Plot.plot({ ...options, document: document as never }) as unknown as SvgNode;
  node.setAttribute('font-size', String(fontSize));
  return node;
}

export function element(name: string, attributes: Record<string, string | number>, content: SvgNode[] | string = []): SvgNode {
  const node = document.createElementNS(namespace, name) as unknown as SvgNode;
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, String(value));
  if (typeof content === 'string') node.textContent = content;
  else for (const child of content) node.appendChild(child);
  return node;
}

/** Several pictures in one, each at its place. */
export function compose(width: number, height: number, parts: { x: number; y: number; node: SvgNode }[]): SvgNode {
  const placed = parts.map(({ x, y, node }) => {
    node.setAttribute('x', String(x));
    node.setAttribute('y', String(y));
    return node;
  });
  return element('svg', { viewBox: `0 0 ${width} ${height}`, width, height, fill: 'currentColor', 'font-size': fontSize }, placed);
}

/** The pattern of suppressed values: diagonal lines on white, told apart from any colour and in grey print. */
export function hatch(id: string): SvgNode {
  return element('pattern', { id, width: 6, height: 6, patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)' }, [
    element('rect', { width: 6, height: 6, fill: ink.ground }),
    element('line', { x1: 0, y1: 0, x2: 0, y2: 6, stroke: ink.quiet, 'stroke-width': 2.4 }),
  ]);
}

/** Rough width of a text in pixels, to keep room for labels. */
export function textWidth(text: string, size = fontSize): number {
  return Math.ceil([...text].length * size * 0.56);
}

function finish(node: SvgNode, id: string, spec: ChartSpec): SvgNode {
  clean(node);
  for (const name of ['class', 'style', 'xmlns:xlink']) node.removeAttribute(name);
  const attributes = { xmlns: namespace, role: 'img', 'aria-labelledby': `${id}-title ${id}-desc`, 'font-family': 'Arial, Helvetica, sans-serif', color: ink.text };
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.insertBefore(element('desc', { id: `${id}-desc` }, spec.description), node.firstChild);
  node.insertBefore(element('title', { id: `${id}-title` }, spec.title), node.firstChild);
  return node;
}

const numeric = new Set(['x', 'y', 'x1', 'x2', 'y1', 'y2', 'cx', 'cy', 'r', 'dx', 'dy', 'width', 'height', 'd', 'points', 'transform', 'viewBox']);

function clean(node: SvgNode): void {
  for (const child of node.querySelectorAll('style')) child.remove();
  for (const item of node.querySelectorAll('*')) {
    item.removeAttribute('style');
    item.removeAttribute('aria-label');
    item.removeAttribute('aria-hidden');
    item.removeAttribute('class');
    for (const name of numeric) {
      const value = item.getAttribute(name);
      if (value?.includes('.')) item.setAttribute(name, value.replaceAll(/-?\d+\.\d{2,}(e-?\d+)?/g, (found) => String(Math.round(Number(found) * 10) / 10)));
    }
    if (item.tagName.toLowerCase() === 'svg') {
      item.removeAttribute('font-family');
      item.removeAttribute('xmlns');
    }
  }
}
