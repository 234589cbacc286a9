import { parseHTML } from 'linkedom';
import { expect, test } from 'vitest';
import { clauseFlowChart, type ClauseFlow } from './clause-flow.chart.ts';

const flow = (given: Partial<ClauseFlow> = {}): ClauseFlow => ({ id: 'clause-1', title: 'Clause 1', description: 'Police give to early help', identified: false, from: ['Police', 'Council'], middle: ['Early help', 'Figures'], to: [['Early help', 'Analyst']], ...given });
const read = (svg: string) => parseHTML(`<body>${svg}</body>`).document;

test('one line leads from each giver to the clause and on to each receiver', () => {
  const document = read(clauseFlowChart(flow({ to: [['Early help', 'Analyst'], ['Police', 'Referrer']] })).wide);
  expect(document.querySelectorAll('path[marker-end]')).toHaveLength(4);
  expect(document.querySelectorAll('rect')).toHaveLength(5);
  expect(document.querySelector('desc')!.textContent).toBe('Police give to early help');
});

test('records of named people are told from figures without colour', () => {
  const [named, figures] = [true, false].map((identified) => read(clauseFlowChart(flow({ identified })).wide));
  expect(figures!.querySelector('path[marker-end]')!.getAttribute('stroke-dasharray')).toBe('6 4');
  expect(named!.querySelector('path[marker-end]')!.getAttribute('stroke-dasharray')).toBeNull();
  expect(named!.querySelectorAll('rect[fill="#12436D"]')).toHaveLength(1);
});

test('every text fits its box, at both widths, even a word without end', () => {
  const chart = clauseFlowChart(flow({ from: ['x'.repeat(300), 'An agency with quite a long name of many words indeed'] }));
  for (const svg of [chart.wide, chart.narrow]) {
    const document = read(svg);
    const width = Number(document.querySelector('svg')!.getAttribute('width'));
    for (const text of document.querySelectorAll('svg > text')) expect(Number(text.getAttribute('x')) + text.textContent!.length * 14 * 0.56).toBeLessThanOrEqual(width);
  }
});

test('a script in a name stands as text', () => {
  const { wide, narrow } = clauseFlowChart(flow({ title: '<script>', description: '</desc><script>', from: ['<script>alert(1)</script>'] }));
  for (const svg of [wide, narrow]) expect(svg).not.toContain('<script');
});
