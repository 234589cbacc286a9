import { describe, expect, it } from 'vitest';
import type { Table } from '../core/index.ts';
import { readDisclosureRule } from '../govern/index.ts';
import { mayShowMean, releaseCount, releaseTable, shareOf, shareOfCounted } from './release.ts';

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

describe('shareOfCounted', () => {
  const counted = (count: number, value = 0) => ({ count, noise: { value, most: 8 } });

  it('makes a share from both counts as they are shown', () => {
    expect(shareOfCounted(rule, counted(24, 3), counted(101, -2))).toBe(0.25);
  });

  it('hides a share where too few are in it, or out of it', () => {
    expect([shareOfCounted(rule, counted(3), counted(100)), shareOfCounted(rule, counted(97), counted(100)), shareOfCounted(rule, counted(9, -4), counted(100))]).toEqual([null, null, null]);
  });

  it('says all and none as they are', () => {
    expect([shareOfCounted(rule, counted(0), counted(100)), shareOfCounted(rule, counted(100), counted(100, 3))]).toEqual([0, 1]);
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
