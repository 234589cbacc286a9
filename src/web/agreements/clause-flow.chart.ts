// Draws one clause as a flow: whose data, through the clause with its purpose and form, to those who may see them. Records of named people
// have a heavy line and a dark box, figures without names a dashed line and a white box, so that print in grey tells them apart.

import { drawChart, textWidth, type Chart, type ChartSize, type Drawing } from '../charts/chart-frame.ts';
import { ink, palette } from '../charts/palette.ts';
import { tag, label } from '../charts/svg-text.ts';

export interface ClauseFlow {
  id: string;
  title: string;
  description: string;
  identified: boolean;
  /** Each box: its first line is bold. */
  from: string[];
  middle: string[];
  to: string[][];
}

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
  lines: { text: string; bold: boolean }[];
}

const lineHeight = 18;
const padding = 10;
const gap = 10;

export function clauseFlowChart(flow: ClauseFlow): Chart {
  return drawChart({ id: flow.id, title: flow.title, description: flow.description, draw: (size) => (size.name === 'wide' ? drawAcross(flow, size) : drawDown(flow, size)) });
}

/** Breaks at spaces, and a word that is wider than the box wherever it must. */
function fit(text: string, width: number): string[] {
  const most = Math.max(4, Math.floor(width / textWidth('n')));
  const words = text.split(/\s+/).flatMap((word) => (word.length > most ? (word.match(new RegExp(`.{1,${most}}`, 'gsu')) ?? []) : [word]));
  const lines: string[] = [];
  for (const word of words) {
    const longer = lines.length > 0 ? `${lines.at(-1)} ${word}` : word;
    if (lines.length > 0 && textWidth(longer) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

function boxOf(texts: readonly string[], x: number, width: number): Box {
  const lines = texts.flatMap((text, place) => fit(text, width - 2 * padding).map((line) => ({ text: line, bold: place === 0 && texts.length > 1 })));
  return { x, y: 0, width, height: lines.length * lineHeight + 2 * padding - 4, lines };
}

/** Boxes one under the other from `top`; the height that they take. */
function stack(boxes: Box[], top: number): number {
  let y = top;
  for (const box of boxes) {
    box.y = y;
    y += box.height + gap;
  }
  return Math.max(0, y - gap - top);
}

function drawBox({ x, y, width, height, lines }: Box, dark: boolean): string {
  const words = lines.map(({ text, bold }, place) => label(text, { x: x + padding, y: y + padding + 11 + place * lineHeight, ...(bold ? { 'font-weight': 'bold' } : {}), ...(dark ? { fill: ink.ground } : {}) }));
  return tag('rect', { x, y, width, height, fill: dark ? palette.blue : ink.ground, stroke: palette.blue, 'stroke-width': 2, rx: 3 }) + words.join('');
}

const stroke = (identified: boolean) => ({ fill: 'none', stroke: palette.grey, 'stroke-width': identified ? 3 : 1.5, ...(identified ? {} : { 'stroke-dasharray': '6 4' }) });

function arrow(id: string): string {
  return tag('defs', {}, tag('marker', { id, viewBox: '0 0 10 10', refX: 9, refY: 5, markerWidth: 12, markerHeight: 12, markerUnits: 'userSpaceOnUse', orient: 'auto' }, tag('path', { d: 'M 0 0 L 10 5 L 0 10 z', fill: palette.grey })));
}

/** Three columns: givers, the clause, receivers. */
function drawAcross({ id, identified, from, middle, to }: ClauseFlow, size: ChartSize): Drawing {
  const column = 240;
  const between = (size.width - 3 * column - 4) / 2;
  const [left, centre, right] = [2, 2 + column + between, 2 + 2 * (column + between)];
  const givers = from.map((text) => boxOf([text], left, column));
  const receivers = to.map((texts) => boxOf(texts, right, column));
  const [clause] = [boxOf(middle, centre, column)];
  const tall = Math.max(stack(givers, 0), stack(receivers, 0), clause.height);
  stack(givers, 2 + (tall - stack(givers, 0)) / 2);
  stack(receivers, 2 + (tall - stack(receivers, 0)) / 2);
  clause.y = 2 + (tall - clause.height) / 2;
  const middleY = clause.y + clause.height / 2;
  const curve = (x1: number, y1: number, x2: number, y2: number) => `M ${x1.toFixed(1)} ${y1.toFixed(1)} C ${(x1 + between / 2).toFixed(1)} ${y1.toFixed(1)} ${(x2 - between / 2).toFixed(1)} ${y2.toFixed(1)} ${x2.toFixed(1)} ${y2.toFixed(1)}`;
  const lines = [
    ...givers.map((box) => curve(left + column, box.y + box.height / 2, centre, middleY)),
    ...receivers.map((box) => curve(centre + column, middleY, right, box.y + box.height / 2)),
  ].map((d) => tag('path', { d, ...stroke(identified), 'marker-end': `url(#${id}-wide-arrow)` }));
  return { width: size.width, height: tall + 4, inner: arrow(`${id}-wide-arrow`) + lines.join('') + [...givers, ...receivers].map((box) => drawBox(box, false)).join('') + drawBox(clause, identified) };
}

/** One under the other: givers, the clause, receivers. */
function drawDown({ id, identified, from, middle, to }: ClauseFlow, size: ChartSize): Drawing {
  const width = size.width - 4;
  const leap = 34;
  const giver = boxOf(['From', ...from], 2, width);
  const clause = boxOf(middle, 2, width);
  const receivers = to.map((texts) => boxOf(texts, 2, width));
  giver.y = 2;
  clause.y = giver.y + giver.height + leap;
  const top = clause.y + clause.height + leap;
  const tall = stack(receivers, top);
  const down = (y: number) => tag('path', { d: `M ${size.width / 2} ${y} V ${y + leap - 2}`, ...stroke(identified), 'marker-end': `url(#${id}-narrow-arrow)` });
  return { width: size.width, height: top + tall + 2, inner: arrow(`${id}-narrow-arrow`) + down(giver.y + giver.height) + down(clause.y + clause.height) + drawBox(giver, false) + drawBox(clause, identified) + receivers.map((box) => drawBox(box, false)).join('') };
}
