// How concentrated something is: the share of events (up) that falls on the most affected share of people, homes or places
// (across), beside the band that chance alone would give with as many events. An even spread would be the straight line.
// Reference: Bernasco and Steenbeek (2017), "More places than crimes", Journal of Quantitative Criminology 33.

import * as Plot from '@observablehq/plot';
import { drawChart, plot, type Chart, type ChartSize, type Drawing } from './chart-frame.ts';
import { halo, ink, palette } from './palette.ts';
import { writeShare } from './number-words.ts';

/** The orange of the chance line, dark enough for words. */
const chanceWords = '#A34713';

export interface CurvePoint {
  /** Share of units, most affected first, 0 to 1. */
  units: number;
  /** Share of events, 0 to 1. */
  events: number;
  /** Middle, low and high of the share that chance alone would give. */
  chance: number | null;
  chanceLow: number | null;
  chanceHigh: number | null;
}

export interface ConcentrationCurve {
  id: string;
  title: string;
  description: string;
  subtitle?: string;
  points: CurvePoint[];
  /** Such as "addresses". */
  units: string;
  /** Such as "incidents". */
  events: string;
  /** The point to mark, as a share of units, such as .05; it must be one of the points. */
  mark?: number;
}

export function concentrationChart(input: ConcentrationCurve): Chart {
  return drawChart({ ...input, draw: (size) => drawCurve(input, size) });
}

function drawCurve({ points, units, events, mark }: ConcentrationCurve, size: ChartSize): Drawing {
  const wide = size.name === 'wide';
  const curve = [{ units: 0, events: 0, chance: 0, chanceLow: 0, chanceHigh: 0 }, ...points].sort((a, b) => a.units - b.units);
  const band = curve.filter((point) => point.chanceLow !== null && point.chanceHigh !== null);
  const middle = curve.filter((point) => point.chance !== null);
  const marked = points.filter((point) => mark !== undefined && Math.abs(point.units - mark) < 1e-9);
  const ticks = wide ? [0, 0.2, 0.4, 0.6, 0.8, 1] : [0, 0.5, 1];
  const names = labels(curve, middle, wide);
  return plot({
    width: Math.min(size.width, 800),
    height: wide ? 440 : 360,
    marginLeft: 48,
    marginRight: 24,
    marginTop: 30,
    marginBottom: 48,
    x: { domain: [0, 1] },
    y: { domain: [0, 1] },
    marks: [
      Plot.gridY([0, 0.25, 0.5, 0.75, 1], { stroke: ink.faint, strokeOpacity: 1 }),
      Plot.axisY([0, 0.25, 0.5, 0.75, 1], { tickSize: 0, tickFormat: writeShare, label: `Share of ${events}`, labelArrow: 'none' }),
      Plot.axisX(ticks, { tickSize: 5, tickFormat: writeShare, label: `Share of ${units}, most affected first`, labelArrow: 'none', labelAnchor: 'center' }),
      Plot.line([{ x: 0, y: 0 }, { x: 1, y: 1 }], { x: 'x', y: 'y', stroke: ink.quiet, strokeWidth: 1, strokeDasharray: '2,4' }),
      Plot.areaY(band, { x: 'units', y1: 'chanceLow', y2: 'chanceHigh', fill: palette.orange, fillOpacity: 0.25 }),
      Plot.line(middle, { x: 'units', y: 'chance', stroke: palette.orange, strokeWidth: 2, strokeDasharray: '6,4' }),
      Plot.line(curve, { x: 'units', y: 'events', stroke: palette.blue, strokeWidth: 3 }),
      Plot.ruleX(marked, { x: 'units', y1: 0, y2: 'events', stroke: ink.quiet }),
      Plot.dot(marked, { x: 'units', y: 'events', r: 5, fill: palette.blue, stroke: ink.ground }),
      Plot.dot(marked.filter((point) => point.chance !== null), { x: 'units', y: 'chance', r: 5, symbol: 'diamond', fill: palette.orange, stroke: ink.ground }),
      Plot.text(marked, { x: 'units', y: 'events', text: (point: CurvePoint) => `${writeShare(point.units)} of ${units}: ${writeShare(point.events)}`, dx: 10, dy: wide ? 6 : 8, textAnchor: 'start', fontWeight: 'bold', ...halo }),
      Plot.text(marked.filter((point) => point.chance !== null), { x: 'units', y: 'chance', text: (point: CurvePoint) => `by chance ${writeShare(point.chance ?? 0)}`, dx: 10, dy: 8, textAnchor: 'start', ...halo }),
      ...[false, true].map((before) => Plot.text(names.filter((name) => name.before === before), { x: 'x', y: 'y', text: 'text', textAnchor: before ? 'end' : 'start', ...halo, fill: 'fill', fontWeight: 'bold' })),
    ],
  });
}

interface LineName {
  x: number;
  y: number;
  text: string;
  fill: string;
  /** Where the name ends at its point instead of beginning there. */
  before: boolean;
}

/** The share of events at a share of units, between the points. */
function heightAt(points: CurvePoint[], share: number, of: (point: CurvePoint) => number | null): number | null {
  const next = points.findIndex((point) => point.units >= share);
  const [left, right] = [points[next - 1], points[next]];
  const [low, high] = [left && of(left), right && of(right)];
  if (!left || !right || typeof low !== 'number' || typeof high !== 'number') return null;
  return right.units === left.units ? high : low + ((share - left.units) / (right.units - left.units)) * (high - low);
}

/**
 * The lines' names, in their colours, at a place where the lines are well apart: the upper line's name to its upper left,
 * the lower line's to its lower right.
 */
function labels(curve: CurvePoint[], middle: CurvePoint[], wide: boolean): LineName[] {
  const places = (wide ? [0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6] : [0.45, 0.5, 0.55, 0.6]).flatMap((x) => {
    const [seen, chance] = [heightAt(curve, x, (point) => point.events), heightAt(middle, x, (point) => point.chance)];
    return seen === null ? [] : [{ x, seen, chance }];
  });
  const [widest] = places.toSorted((a, b) => Math.abs(b.seen - (b.chance ?? b.seen)) - Math.abs(a.seen - (a.chance ?? a.seen)));
  const even: LineName = { x: 0.62, y: 0.5, text: 'If spread evenly', fill: ink.quiet, before: false };
  if (!widest) return [even];
  const { x, seen, chance } = widest;
  const top = Math.max(seen, chance ?? 0);
  const place = (y: number, upper: boolean) => {
    // Near the top there is no room above the lines: both names stand below, the upper line's first.
    if (top > 0.9) return { x: x + 0.02, y: Math.min(seen, chance ?? seen) - (upper ? 0.06 : 0.13), before: false };
    return upper ? { x: x - 0.02, y: y + 0.04, before: true } : { x: x + 0.02, y: y - 0.05, before: false };
  };
  return [
    even,
    { text: 'Recorded', fill: palette.blue, ...place(seen, seen >= (chance ?? 0)) },
    ...(chance === null ? [] : [{ text: wide ? 'By chance alone' : 'By chance', fill: chanceWords, ...place(chance, chance > seen) }]),
  ];
}
