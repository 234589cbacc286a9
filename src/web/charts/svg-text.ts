// Writes SVG elements as text: every value escaped, coordinates rounded to a tenth of a pixel. Much lighter than a document where
// there are hundreds of marks.

import { ink } from './palette.ts';

export type SvgAttributes = Record<string, string | number | undefined>;

/** @example tag('text', { x: 1.234 }, escapeText('A & B')) // '<text x="1.2">A &amp; B</text>' */
export function tag(name: string, attributes: SvgAttributes, content = ''): string {
  let text = `<${name}`;
  for (const key in attributes) {
    const value = attributes[key];
    if (value !== undefined) text += ` ${key}="${typeof value === 'number' ? Math.round(value * 10) / 10 : escapeText(value)}"`;
  }
  return content === '' ? `${text}/>` : `${text}>${content}</${name}>`;
}

/** A label: text from the data. */
export function label(text: string, attributes: SvgAttributes): string {
  return tag('text', attributes, escapeText(text));
}

/** A label that may lie over a line: the ground is drawn around its letters. */
export function haloed(text: string, attributes: SvgAttributes): string {
  return label(text, { ...attributes, stroke: ink.ground, 'stroke-width': 4, 'stroke-linejoin': 'round', 'paint-order': 'stroke', fill: ink.text });
}

const special = /[&<>"]/;

/** Most texts have nothing to escape. */
export function escapeText(text: string): string {
  if (!special.test(text)) return text;
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
