// Shares against the threshold of a linkage: one line each, named at its own end, with a dashed line at the threshold that is used.

import * as Plot from '@observablehq/plot';
import { drawChart, plot, type Chart, type ChartSize, type Drawing } from './chart-frame.ts';
import { writeShare } from './number-words.ts';
import { ink, palette } from './palette.ts';

export interface ThresholdCurve {
  name: string;
  points: { bits: number; share: number | null }[];
}

export interface ThresholdCurves {
  id: string;
  title: string;
  description: string;
  subtitle?: string;
  /** At most two. */
  curves: ThresholdCurve[];
  threshold: number;
}

const colours = [palette.blue, '#A34713'] as const;
const dashes = ['', '7,4'] as const;

export function thresholdCurvesChart(input: ThresholdCurves): Chart {
  if (input.curves.length > colours.length) throw new Error('A chart of thresholds has at most two lines');
  return drawChart({ ...input, draw: (size) => drawCurves(input, size) });
}

function drawCurves({ curves, threshold }: ThresholdCurves, size: ChartSize): Drawing {
  const wide = size.name === 'wide';
  const drawn = curves.map(({ name, points }, index) => ({ name, colour: colours[index]!, dash: dashes[index]!, points: points.filter((point): point is { bits: number; share: number } => point.share !== null) }));
  const shares = drawn.flatMap(({ points }) => points.map(({ share }) => share));
  // Positions are compared, not lengths: the axis may start above nought, and its labels say so.
  const floor = Math.max(0, Math.floor((Math.min(1, ...shares) - 0.02) * 10) / 10);
  const roof = Math.min(1, Math.ceil((Math.max(0.05, ...shares) + 0.02) * 10) / 10);
  const bits = drawn.flatMap(({ points }) => points.map((point) => point.bits));
  const [low, high] = [Math.min(...bits, threshold), Math.max(...bits, threshold)];
  const halo = { stroke: ink.ground, strokeWidth: 5 } as const;
  return plot({
    width: Math.min(size.width, 800), height: wide ? 360 : 320, marginLeft: 52, marginRight: 20, marginTop: 30, marginBottom: 48,
    x: { domain: [low, high] },
    y: { domain: [floor, roof] },
    marks: [
      Plot.gridY({ ticks: 5, stroke: ink.faint, strokeOpacity: 1 }),
      Plot.axisY({ ticks: 5, tickSize: 0, label: null, tickFormat: writeShare }),
      Plot.axisX({ ticks: wide ? 8 : 5, tickSize: 4, tickFormat: (value: number) => String(value).replace('-', '−'), label: wide ? '← links more · least weight linked, in bits · links less →' : 'Least weight linked, in bits', labelAnchor: 'center', labelArrow: 'none' }),
      Plot.ruleX([threshold], { stroke: ink.text, strokeDasharray: '5,4' }),
      Plot.text([threshold], { x: (value: number) => value, y: () => floor + (roof - floor) * 0.07, text: () => 'Used now', dx: 5, textAnchor: 'start', fill: ink.text, ...halo }),
      ...drawn.map(({ points, colour, dash }) => Plot.line(points, { x: 'bits', y: 'share', stroke: colour, strokeWidth: 3, ...(dash ? { strokeDasharray: dash } : {}) })),
      ...drawn.map(({ points, colour, name }, index) => Plot.text(points.slice(index === 0 ? -1 : 0, index === 0 ? undefined : 1), { x: 'bits', y: 'share', text: () => name, dx: index === 0 ? -4 : 4, dy: labelShift(drawn, index), textAnchor: index === 0 ? 'end' : 'start', fill: colour, fontWeight: 'bold', ...halo })),
    ],
  });
}

interface Drawn {
  points: { bits: number; share: number }[];
}

/** Each name stands on the side of its line that the other line does not take. */
function labelShift(drawn: Drawn[], index: number): number {
  const other = drawn[1 - index];
  const own = drawn[index]!.points.at(index === 0 ? -1 : 0);
  const beside = other?.points.at(index === 0 ? -1 : 0);
  if (!own) return 0;
  if (!beside) return own.share > 0.5 ? 16 : -14;
  return own.share >= beside.share ? -12 : 16;
}
