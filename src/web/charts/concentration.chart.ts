// How concentrated something is: the share of events (up) that falls on the most affected share of people, homes or places
// (across), beside the band that chance alone would give with as many events. An even spread would be the straight line.
// Reference: Bernasco and Steenbeek (2017), "More places than crimes", Journal of Quantitative Criminology 33.

import * as Plot from '@observablehq/plot';
import { drawChart, plot, type Chart, type ChartSize, type Drawing } from './chart-frame.ts';
import { ink, palette } from './palette.ts';
import { writeShare } from './number-words.ts';

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
  const halo = { stroke: ink.ground, strokeWidth: 5, fill: ink.text } as const;
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
      Plot.text(labels(curve, middle), { x: 'x', y: 'y', text: 'text', textAnchor: 'start', ...halo }),
    ],
  });
}

/** Names of the lines, written on them where they are far apart. */
function labels(curve: CurvePoint[], middle: CurvePoint[]): { x: number; y: number; text: string }[] {
  const near = (points: CurvePoint[], share: number): CurvePoint | undefined => points.find((point) => point.units >= share);
  const even = { x: 0.54, y: 0.4, text: 'If spread evenly' };
  const chance = near(middle, 0.58);
  const seen = near(curve, 0.36);
  return [
    even,
    ...(chance?.chance ? [{ x: chance.units + 0.02, y: chance.chance - 0.06, text: 'By chance alone' }] : []),
    ...(seen ? [{ x: seen.units + 0.02, y: seen.events - 0.06, text: 'Recorded' }] : []),
  ];
}
