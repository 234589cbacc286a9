import { describe, expect, it } from 'vitest';
import { noFilters, type Answer, type Table } from '../../core/index.ts';
import { sharePairsChart } from '../charts/share-pairs.chart.ts';
import { chartFile, tableCsv, tableMetadata, wrap } from './answer-file.ts';
import { completenessByFeed, presentQualitySections, recallFinding } from './data-quality.page.ts';
import { demandFinding, hoursAcrossDays, presentDemandSections, trendFinding } from './demand.page.ts';
import { presentFilterPanel } from './filter-panel.ts';
import { nameCells, nameFirst } from './places.page.ts';
import { readAddress } from './question-address.ts';
import { emptyState, presentQuestion, type Section } from './question-view.ts';
import { markedPoint, presentRepeatSections } from './repeat-demand.page.ts';

const table: Table = {
  id: 'by-demand',
  title: 'Demand by type',
  columns: [{ name: 'demand', label: 'Demand', format: 'text' }, { name: 'events', label: 'Events', format: 'count' }, { name: 'share', label: 'Share', format: 'share' }, { name: 'hours_share', label: 'Share of hours', format: 'share' }],
  rows: [{ demand: 'Crime', code: 'crime', events: 60, share: 0.6, hours_share: 0.3 }, { demand: '=cmd|calc', code: 'x', events: null, share: null, hours_share: null }, { demand: 'All', code: 'all', events: 100, share: 1, hours_share: 1 }],
  suppressed: ['1:events', '1:share', '1:hours_share'],
};
const answer: Answer = {
  question: 'demand',
  title: 'What is demand?',
  sentence: 'Sixty per cent of 100 incidents were crime.',
  filters: noFilters,
  snapshot: { id: 'abcdef1234567890', builtAt: '2026-11-23T09:05:00Z', dataTo: '2026-10-31' },
  tables: [table],
  figures: {},
  howSure: ['These are counts of records.'],
  sources: [{ feed: 'police-incident', label: 'Police incidents', rows: 12345, lastLoaded: '2026-11-20T10:00:00Z' }],
  sql: ['SELECT 1'],
  suppression: { rule: 'Counts from 1 to 7 are not shown.', suppressedCells: 3 },
  seconds: 0.0123,
};
const address = readAddress('/understand/demand', { agency: 'police' }, ['measure']);
const filters = presentFilterPanel(address, { feeds: [], demands: [], agencies: [], categories: [], areas: [], months: [] }, []);
const chart = sharePairsChart({ id: 'by-demand', title: 'A & B', description: 'd', names: ['a', 'b'], rows: [{ label: 'Crime', first: 0.6, second: 0.3 }] });
const sections: Section[] = [{ id: 'types', heading: 'What it is', charts: [chart], table: 'by-demand', open: true }];

describe('the frame of a question page', () => {
  const view = presentQuestion({ answer, address, filters, notices: [], sections, method: 'demand' });

  it('says where the number comes from in words', () => {
    expect(view.source).toEqual({
      leftOut: [],
      feeds: [{ label: 'Police incidents', rows: '12,345', loaded: '20 November 2026 at 10:00am' }],
      snapshot: 'abcdef1234567890',
      builtAt: '23 November 2026 at 9:05am',
      dataTo: '31 October 2026',
      seconds: '12 milliseconds',
      sql: ['SELECT 1'],
      rule: 'Counts from 1 to 7 are not shown.',
      suppressed: '3 numbers are kept back',
    });
  });

  it('names the note on its method', () => {
    expect(view.methodHref).toBe('/help/methods/demand');
  });

  it('puts a picture and its table together, each with a download that carries the filters', () => {
    expect(view.sections).toHaveLength(1);
    expect(view.sections[0]!.charts[0]!.imageHref).toBe('/understand/demand.svg?agency=police&chart=by-demand');
    expect(view.sections[0]!.table!.csvHref).toBe('/understand/demand.csv?agency=police&table=by-demand');
  });

  it('shows a table that no section names, rather than losing it', () => {
    const more = presentQuestion({ answer: { ...answer, tables: [table, { ...table, id: 'extra' }] }, address, filters, notices: [], sections, method: 'demand' });
    expect(more.sections.map((section) => section.id)).toEqual(['types', 'more-extra']);
  });

  it('leaves out a section without anything in it', () => {
    expect(presentQuestion({ answer: { ...answer, tables: [{ ...table, rows: [] }] }, address, filters, notices: [], sections: [{ ...sections[0]!, charts: [] }], method: 'demand' }).sections).toEqual([]);
  });
});

describe('an answer with nothing in it', () => {
  const none = { ...answer, sentence: 'There are no incidents.', tables: [{ ...table, rows: [], suppressed: [] }] };

  it('says why, and what would help', () => {
    expect(emptyState(none, { tags: [] })).toEqual({ why: 'There are no incidents.', help: expect.stringContaining('Load a feed') });
    expect(emptyState(none, { tags: [{ heading: 'Agency', items: [], more: 0 }] })?.help).toContain('Take away one of the filters');
  });

  it('does not give advice that the answer gives already', () => {
    expect(emptyState({ ...none, sentence: 'Nothing was found. Choose a longer period.' }, { tags: [] })).toEqual({ why: 'Nothing was found. Choose a longer period.' });
  });

  it('where every number is kept back, says so and asks for more data', () => {
    const hidden = { ...answer, tables: [{ ...table, rows: [{ demand: 'Crime', events: null, share: null, hours_share: null }] }] };
    expect(emptyState(hidden, { tags: [] })).toEqual({ why: 'Every number in this choice is too small to show. Counts from 1 to 7 are not shown.', help: expect.stringContaining('longer period') });
    expect(emptyState(answer, { tags: [] })).toBeNull();
  });
});

describe('files', () => {
  it('CSV keeps the mark of a suppressed cell and makes a formula harmless', () => {
    expect(tableCsv(table)).toBe("demand,events,share,hours_share\r\nCrime,60,0.6,0.3\r\n'=cmd|calc,[c],[c],[c]\r\nAll,100,1,1\r\n");
    expect(tableCsv(table, 'by-demand.demand.asc').split('\r\n').map((line) => line.split(',')[0])).toEqual(['demand', "'=cmd|calc", 'Crime', 'All', '']);
  });

  it('the description says which texts stand for no number', () => {
    expect(tableMetadata(table, answer, '/x.csv')).toMatchObject({ url: '/x.csv', null: ['', '[c]'], 'dc:source': 'Police incidents', 'dc:identifier': 'abcdef1234567890' });
  });

  it('a picture carries its title and source, escaped', () => {
    const file = chartFile(chart, answer, 'Fen & March');
    expect(file).toContain('A &amp; B');
    expect(file).toContain('Fen &amp; March. Source: Police incidents. Snapshot abcdef12');
    expect(file).not.toMatch(/\sstyle=|<script/);
  });

  it('long titles are wrapped between words', () => {
    expect(wrap('one two three four', 9)).toEqual(['one two', 'three', 'four']);
    expect(wrap('', 9)).toEqual([]);
  });
});

describe('what a picture says it finds', () => {
  it('demand: the type with the widest gap between work and count, or else the largest', () => {
    expect(demandFinding([{ label: 'Crime', first: 0.6, second: 0.3 }, { label: 'Mental health', first: 0.1, second: 0.4 }])).toBe('Mental health is 10% of events but 40% of hours');
    expect(demandFinding([{ label: 'Crime', first: 0.6, second: null }, { label: 'Welfare', first: 0.4, second: null }])).toBe('Crime is the largest type: 60% of events');
    expect(demandFinding([])).toBe('Types of demand');
  });

  it('trend: the largest change between two whole years, and none from months kept back', () => {
    const months = (before: number | null, after: number) => Array.from({ length: 24 }, (_, index) => ({ month: `m${index}`, value: index < 12 ? before : after }));
    expect(trendFinding([{ label: 'Crime', points: months(100, 110) }, { label: 'Welfare', points: months(100, 80) }])).toBe('Welfare fell by 20% in the last year, the largest change');
    expect(trendFinding([{ label: 'Crime', points: months(100, 101) }])).toBe('Every type was within 2% of the year before');
    expect(trendFinding([{ label: 'Crime', points: months(null, 110) }])).toBe('Month by month, by type of demand');
  });

  it('repeats: the point that the sentence speaks of', () => {
    const rows: Table['rows'] = [{ top: 0.01, share: 0.1 }, { top: 0.03, share: 0.25, chance: 0.08, chance_low: 0.07, chance_high: 0.09 }, { top: 0.05, share: 0.4 }];
    const concentration: Table = { ...table, id: 'concentration', rows };
    expect(markedPoint(concentration)).toEqual({ units: 0.03, events: 0.25, chance: 0.08, chanceLow: 0.07, chanceHigh: 0.09 });
    expect(markedPoint({ ...concentration, rows: [{ top: 0.01, share: null }] })).toBeUndefined();
  });

  it('linkage: the group whose whole interval lies under everyone, if there is one', () => {
    const row = (label: string, value: number, high: number) => ({ block: 'Ethnicity', label, value, low: value - 0.02, high });
    expect(recallFinding([row('White', 0.97, 0.98), row('Asian', 0.9, 0.93)], 0.95)).toBe('Links are found least often for people recorded as Asian: 90%, against 95% for everyone');
    expect(recallFinding([{ ...row('Council', 0.9, 0.93), block: 'Agency' }], 0.95)).toContain('for council records: 90%');
    expect(recallFinding([{ ...row('Decile 3', 0.9, 0.93), block: 'Deprivation' }], 0.95)).toContain('for people in deprivation decile 3: 90%');
    expect(recallFinding([{ ...row('Not recorded', 0.9, 0.93), block: 'Sex' }], 0.95)).toContain('for people whose sex is not recorded: 90%');
    expect(recallFinding([row('White', 0.94, 0.97)], 0.95)).toBe('95% of true links are found, and no group is clearly below that');
  });

  it('completeness: each feed by the mean of its columns, the least complete first', () => {
    const rows = [{ feed: 'A', filled_share: 1 }, { feed: 'A', filled_share: 0.5 }, { feed: 'B', filled_share: 0.6 }, { feed: 'C', filled_share: null }];
    expect(completenessByFeed({ ...table, rows })).toEqual([{ label: 'B', share: 0.6 }, { label: 'A', share: 0.75 }, { label: 'C', share: null }]);
  });
});

describe('tables as the page shows them', () => {
  it('the hours stand as a grid, with suppressed cells at their place', () => {
    const rows = Array.from({ length: 168 }, (_, index) => ({ weekday: Math.floor(index / 24) + 1, hour: index % 24, value: index === 25 ? null : index }));
    const grid = hoursAcrossDays({ id: 'hour-by-weekday', title: 'Hours', columns: [], rows, suppressed: ['25:value'] });
    expect(grid.rows).toHaveLength(24);
    expect(grid.rows[1]).toMatchObject({ hour: '1am to 2am', day1: 1, day2: null, day7: 145 });
    expect(grid.suppressed).toEqual(['1:day2']);
  });

  it('an area is named before its code', () => {
    const areas = { ...table, columns: [{ name: 'area_code', label: 'Code', format: 'text' as const }, { name: 'area_name', label: 'Area', format: 'text' as const }] };
    expect(nameFirst(areas).columns.map((column) => column.name)).toEqual(['area_name', 'area_code']);
    expect(nameFirst(table)).toBe(table);
  });

  it('a hexagon is named by the area of its centre, before its code, and keeps its order', () => {
    const cells = { ...table, columns: [{ name: 'cell', label: 'Hexagon (H3)', format: 'text' as const }, { name: 'count', label: 'Events', format: 'count' as const }], rows: [{ cell: 'a', count: 40 }, { cell: 'b', count: 15 }] };
    const named = nameCells(cells, (cell) => (cell === 'a' ? 'Northgate 1' : undefined));
    expect(named.columns.map((column) => column.name)).toEqual(['near', 'cell', 'count']);
    expect(named.rows).toEqual([{ near: 'Near Northgate 1', cell: 'a', count: 40 }, { near: 'Outside the areas', cell: 'b', count: 15 }]);
    expect(nameCells(table, () => undefined)).toBe(table);
  });

  it('answers without tables make sections without pictures', () => {
    const bare = { ...answer, tables: [] };
    for (const made of [presentDemandSections(bare, {}), presentRepeatSections(bare), presentQualitySections(bare)]) expect(made.flatMap((section) => section.charts)).toEqual([]);
  });
});
