import { expect, it } from 'vitest';
import { shareAxis, shareTicks } from './share-axis.ts';

it.each([
  [0, 0.53, 6, [0, 0.1, 0.2, 0.3, 0.4, 0.5]],
  [0, 0.53, 4, [0, 0.1, 0.2, 0.3, 0.4, 0.5]],
  [0, 1, 4, [0, 0.2, 0.4, 0.6, 0.8, 1]],
  [0, 0.3, 6, [0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3]],
  [0.85, 1, 3, [0.85, 0.9, 0.95, 1]],
  [0, 0.05, 6, [0, 0.01, 0.02, 0.03, 0.04, 0.05]],
])('shares from %d to %d in about %d steps', (least, longest, count, ticks) => {
  expect(shareTicks(least, longest, count).map((tick) => Number(tick.toFixed(6)))).toEqual(ticks);
});

it('places zero at the left and the longest at the right', () => {
  const { x, inner } = shareAxis({ longest: 0.4, left: 100, right: 300, top: 10, bottom: 50, ticks: 4 });
  expect([x(0), x(0.1), x(0.4)]).toEqual([100, 150, 300]);
  expect(inner).toContain('<text x="150" y="68.8">10%</text>');
});
