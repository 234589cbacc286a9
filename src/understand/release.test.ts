import { describe, expect, it } from 'vitest';
import type { Table } from '../core/index.ts';
import { readDisclosureRule } from '../govern/index.ts';
import { mayShowMean, releaseCount, releaseTable, scaleToReleased, shareOf } from './release.ts';

const rule = readDisclosureRule(undefined, 'default').value;

describe('releaseTable', () => {
  it('sorts by what is shown with the total last, and moves the marks along', () => {
    const table: Table = {
      id: 't',
      title: '',
      columns: [{ name: 'name', label: '', format: 'text' }, { name: 'events', label: '', format: 'count' }],
      rows: [{ name: 'b', events: 3 }, { name: 'a', events: 4 }, { name: 'All', events: 220 }, { name: 'c', events: 101 }, { name: 'd', events: 112 }],
      suppressed: [],
    };
    const released = releaseTable(table, rule, { counts: [{ column: 'events' }], totalRows: (row) => row.name === 'All', greatestFirst: 'events' });
    expect(released.rows).toEqual([{ name: 'd', events: 110 }, { name: 'c', events: 100 }, { name: 'a', events: null }, { name: 'b', events: null }, { name: 'All', events: 220 }]);
    expect(released.suppressed).toEqual(['2:events', '3:events']);
  });
});

describe('scaleToReleased', () => {
  it('makes a measure from the released count, so that no exact count can be worked out from it', () => {
    // 23 burglaries of 242 days are shown as 25, so their harm is that of 25.
    expect(scaleToReleased(rule, { sum: 23 * 242, having: 23, of: 23 }, 25)).toBe(25 * 242);
  });

  it('rounds a mixed measure to the given unit', () => {
    expect(scaleToReleased(rule, { sum: 23 * 365 + 977, having: 1000, of: 1000 }, 1000, 1825)).toBe(9125);
  });

  it('hides the measure where the count is hidden or too few events have it', () => {
    expect(scaleToReleased(rule, { sum: 90, having: 3, of: 3 }, null)).toBeNull();
    expect(scaleToReleased(rule, { sum: 90, having: 3, of: 40 }, 40)).toBeNull();
  });

  it('is nought where there were no events', () => {
    expect(scaleToReleased(rule, { sum: 0, having: 0, of: 0 }, 0)).toBe(0);
  });
});

describe('the smaller rules', () => {
  it('hide 1 to 7, round others to 5, and show 0', () => {
    expect([0, 1, 7, 8, 12, 13].map((count) => releaseCount(rule, count))).toEqual([0, null, null, 10, 10, 15]);
    expect([0, 1, 7, 8].map((values) => mayShowMean(rule, values))).toEqual([false, false, false, true]);
  });

  it('give a share of 1 from released figures alone', () => {
    expect([shareOf(10, 40), shareOf(null, 40), shareOf(10, 0), shareOf(45, 40)]).toEqual([0.25, null, null, 1]);
  });
});
