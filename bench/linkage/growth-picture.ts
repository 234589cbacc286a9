// How time and memory grow with the records, as one SVG: processor time over candidate pairs, and peak memory over records, each from nought.

import * as Plot from '@observablehq/plot';
import { drawChart, plot } from '../../src/web/charts/chart-frame.ts';
import { halo, ink, palette } from '../../src/web/charts/palette.ts';
import { label, tag } from '../../src/web/charts/svg-text.ts';

export interface GrowthRun {
  /** Millions of records. */
  records: number;
  /** Millions of candidate pairs. */
  pairs: number;
  cpuSeconds: number;
  memoryGb: number;
}

const height = 320;

function panel(runs: readonly GrowthRun[], { x, y, across, up, width }: { x: keyof GrowthRun; y: keyof GrowthRun; across: string; up: string; width: number }): string {
  const drawn = plot({
    width, height, marginLeft: 52, marginRight: 40, marginTop: 40, marginBottom: 48,
    x: { domain: [0, Math.max(...runs.map((run) => run[x])) * 1.05], label: null },
    y: { domain: [0, Math.max(...runs.map((run) => run[y])) * 1.1], label: null },
    marks: [
      Plot.gridY({ ticks: 5, stroke: ink.faint, strokeOpacity: 1 }),
      Plot.axisX({ ticks: 5, tickSize: 0 }),
      Plot.axisY({ ticks: 5, tickSize: 0 }),
      Plot.ruleY([0], { stroke: ink.quiet }),
      Plot.line(runs, { x, y, stroke: palette.blue, strokeWidth: 2 }),
      Plot.dot(runs, { x, y, fill: palette.blue, r: 4 }),
      Plot.text(runs.filter((run) => run.records >= 1), { x, y, text: (run: GrowthRun) => `${run.records} million`, dy: -14, textAnchor: 'end', ...halo }),
    ],
  });
  return `${label(up, { x: 0, y: 16, 'font-weight': 'bold' })}${drawn.inner}${label(across, { x: width - 40, y: height - 8, 'text-anchor': 'end', fill: ink.quiet })}`;
}

/** @param runs the smallest first */
export function growthPicture(runs: readonly GrowthRun[]): string {
  const half = 470;
  return drawChart({
    id: 'linkage-growth',
    title: 'Linkage takes time in step with candidate pairs',
    description: `Two panels for ${runs.map(({ records }) => records).join(', ')} million records: processor seconds over millions of candidate pairs, and peak memory in gigabytes over millions of records. docs/benchmarks.md has the numbers.`,
    draw: () => ({
      width: 2 * half + 20, height,
      inner: tag('g', {}, panel(runs, { x: 'pairs', y: 'cpuSeconds', across: 'Million candidate pairs', up: 'Processor time, seconds', width: half }))
        + tag('g', { transform: `translate(${half + 20},0)` }, panel(runs, { x: 'records', y: 'memoryGb', across: 'Million records', up: 'Peak memory, gigabytes', width: half })),
    }),
  }).wide;
}
