// The tables of data quality. All counts are released: rows of files too, since a few rows of one reason may be a few people.

import type { CellValue, Column, Table } from '../core/index.ts';
import { isTooSmall, ruleForFeeds } from '../govern/index.ts';
import { freshnessOf } from './cadence.ts';
import type { FeedRow } from './catalogue.ts';
import type { ColumnRow, LinkageRow, ReasonRow } from './data-quality.sql.ts';
import type { FeedMonthRow } from './feed-months.ts';
import type { QuestionContext } from './inquiry.ts';
import { findMonthGaps } from './month-gaps.ts';
import { countingOf, countMonths } from './noisy-count.ts';
import { capital, round } from './plain-numbers.ts';
import { mayShowMean, releaseCount, releaseTable, shareOf } from './release.ts';
import { monthNumber, monthOf, type Scope } from './scope.ts';
import { findSilences, type SilentRun } from './silent-stretches.ts';

type Row = Record<string, CellValue>;

const text = (name: string, label: string): Column => ({ name, label, format: 'text' });
const count = (name: string, label: string): Column => ({ name, label, format: 'count' });
const share = (name: string, label: string): Column => ({ name, label, format: 'share' });
const date = (name: string, label: string): Column => ({ name, label, format: 'date' });
const titleOf = ({ categories }: QuestionContext, feed: string) => categories.feeds.get(feed)?.title ?? feed;

export function freshnessTable(context: QuestionContext, feeds: readonly FeedRow[]): Table {
  const rows = feeds.map((row): Row => {
    const { lastLoaded, expected, lateDays } = freshnessOf(row.cadence, row.last_loaded_at, context.clock.now());
    return { feed: titleOf(context, row.feed), code: row.feed, cadence: row.cadence, last_loaded: lastLoaded, data_to: row.last_date, expected, late_days: lateDays };
  });
  return {
    id: 'freshness',
    title: 'When each feed last came',
    columns: [text('feed', 'Feed'), text('cadence', 'Comes'), date('last_loaded', 'Last received'), date('data_to', 'Data up to'), date('expected', 'Next expected by'), count('late_days', 'Days late')],
    rows: rows.toSorted((a, b) => Number(b.late_days ?? -1) - Number(a.late_days ?? -1)),
    suppressed: [],
    note: 'Expected is the last load plus the cadence of the feed’s contract. A feed that comes once is not expected again.',
  };
}

/** The rule for a feed: none where it is published already. */
const ruleOf = ({ disclosure }: QuestionContext, feed: string) => ruleForFeeds(disclosure, [feed]);

/** The table with the cells marked that were not let out. Each feed's counts stand for themselves, under its own rule. */
function withMarks(table: Omit<Table, 'suppressed'>): Table {
  return { ...table, suppressed: table.rows.flatMap((row, index) => Object.entries(row).flatMap(([column, value]) => (value === null && table.columns.some(({ name, format }) => name === column && format !== 'text') ? [`${index}:${column}`] : []))) };
}

/** Finer than other shares: where few of many rows are in quarantine, that is not none. From counts as they are shown. */
export const quarantinedShare = (quarantined: number | null, rows: number | null): number | null => (quarantined === null || !rows ? null : round(quarantined / rows, 4));

const outcomes = ['rows', 'accepted', 'quarantined', 'repeated', 'superseded'] as const;

export function outcomeTable(context: QuestionContext, feeds: readonly FeedRow[]): Table {
  return withMarks({
    id: 'rows',
    title: 'What became of every row',
    columns: [text('feed', 'Feed'), count('files', 'Files'), count('rows', 'Rows'), count('accepted', 'Accepted'), count('quarantined', 'Quarantined'), count('repeated', 'Repeated'), count('superseded', 'Superseded'), share('quarantined_share', 'Share in quarantine')],
    rows: feeds.map((row) => {
      const shown = Object.fromEntries(outcomes.map((name) => [name, releaseCount(ruleOf(context, row.feed), row[name])]));
      return { feed: titleOf(context, row.feed), code: row.feed, files: row.files, ...shown, quarantined_share: row.rows === 0 ? 0 : quarantinedShare(shown.quarantined!, shown.rows!) };
    }),
    note: 'Every row is accepted, quarantined or repeated (the same as one already held). Superseded are those of the accepted that a later state of the same record replaced; they are kept as history. The command “headwater quarantine” counts and lists the rows of your home one by one.',
  });
}

/** To one in a hundred; null where that would tell that very few are filled, or are not. */
function filledShare(context: QuestionContext, { feed, filled, rows }: ColumnRow): number | null {
  const rule = ruleOf(context, feed);
  const few = isTooSmall(rule, filled) || isTooSmall(rule, rows - filled);
  if (isTooSmall(rule, rows) || (few && rows / 200 <= rule.lowMax)) return null;
  return round(filled / rows, 2);
}

export function completenessTable(context: QuestionContext, columns: readonly ColumnRow[]): Table {
  return withMarks({
    id: 'completeness',
    title: 'How complete each column is',
    columns: [text('feed', 'Feed'), text('column', 'Column'), count('rows', 'Rows'), share('filled_share', 'Share filled')],
    rows: columns.filter(({ rows }) => rows > 0).map((row) => ({ feed: titleOf(context, row.feed), code: row.feed, column: row.label ?? row.column_name, rows: releaseCount(ruleOf(context, row.feed), row.rows), filled_share: filledShare(context, row) })),
  });
}

export function quarantineTable(context: QuestionContext, reasons: readonly ReasonRow[]): Table {
  return withMarks({
    id: 'quarantine',
    title: 'Why rows are in quarantine',
    columns: [text('feed', 'Feed'), text('column', 'Column'), text('reason', 'Reason'), count('rows', 'Rows')],
    rows: reasons.map((row) => ({ feed: titleOf(context, row.feed), code: row.feed, column: row.column_name, reason: row.reason, rows: releaseCount(ruleOf(context, row.feed), row.rows) })),
    note: 'A row may be there for several reasons. Nothing is dropped: mend the rows and load them again.',
  });
}

const truthColumns = [share('precision', 'Links that are right'), share('precision_low', 'Right, low'), share('precision_high', 'Right, high'), share('recall', 'True links found'), share('recall_low', 'Found, low'), share('recall_high', 'Found, high')];
const truthNote = 'Links that are right: of the pairs of records joined, those that are one person. True links found: of the pairs that are one person, those joined. Intervals are of 95 per cent, over people (found) and joined groups (right), since the pairs of one person are not independent.';
const signColumns = [count('unlinkable_records', 'Records with too little to link by'), share('unlinkable_share', 'Share of records'), count('single_agency_people', 'People of one agency alone'), share('single_agency_share', 'Share of people')];
const signNote = 'The truth is not known here, so nobody can say which links are missing. Two signs of them: records with no number and no full name, or nothing beside the name, and people whom one agency alone knows. A group with more of these than others may be linked less well, or may meet fewer agencies.';

/** Precision and recall by group, each with its interval, where the truth is known; else how many records are joined to another, and signs of missed matches. */
export function linkageTable({ disclosure }: QuestionContext, rows: readonly LinkageRow[]): Table {
  const known = rows.some((row) => row.true_pairs !== null);
  const measures = ['joined_share', ...(known ? truthColumns.map(({ name }) => name) : [])];
  const columns = [text('group_kind', 'By'), text('group', 'Group'), count('records', 'Records'), count('people', 'People'), share('joined_share', 'Records joined to another'), ...(known ? truthColumns : signColumns)];
  const base: Table = { id: 'linkage', title: 'How well records of the same person are joined', columns, rows: [], suppressed: [], note: known ? truthNote : signNote };
  const all = rows.find((row) => row.group_kind === 'all');
  const kinds = [...Map.groupBy(rows.filter((row) => row.group_kind !== 'all'), (row) => row.group_kind).values()];
  const shown: Row[] = [];
  const suppressed: string[] = [];
  for (const kind of [all ? [all] : [], ...kinds]) {
    const withTotal = all && kind[0] !== all ? [...kind, all] : kind;
    const exact = { ...base, rows: withTotal.map((row): Row => ({ group_kind: capital(row.group_kind), group: row.group_name, records: row.records, people: row.people, ...measuresOf(row), ...(known ? {} : { unlinkable_records: row.unlinkable_records, unlinkable_share: null, single_agency_people: row.single_agency_people, single_agency_share: null }) })) };
    const released = releaseTable(exact, disclosure, {
      counts: [{ column: 'records', dependents: measures }, { column: 'people', dependents: measures }, ...(known ? [] : [{ column: 'unlinkable_records', dependents: ['unlinkable_share'] }, { column: 'single_agency_people', dependents: ['single_agency_share'] }])],
      dimensions: ['group'],
      totalRows: (row) => kind[0] !== all && row.group_kind === 'All',
    });
    const start = shown.length;
    // Shares are made from counts as they are shown, so that they give no count away.
    shown.push(...released.rows.slice(0, kind.length).map((row): Row => (known ? row : { ...row, unlinkable_share: shareOf(row.unlinkable_records, row.records), single_agency_share: shareOf(row.single_agency_people, row.people) })));
    for (const mark of released.suppressed) {
      const [index, column] = mark.split(':') as [string, string];
      if (Number(index) < kind.length) suppressed.push(`${start + Number(index)}:${column}`);
    }
  }
  return { ...base, rows: shown, suppressed };

  function measuresOf(row: LinkageRow): Row {
    const rate = (name: 'precision' | 'recall', of: number | null): Row => {
      const ends = [`${name}_low`, `${name}_high`] as const;
      if (row.correct_pairs === null || of === null || !mayShowMean(disclosure, of)) return { [name]: null, [ends[0]]: null, [ends[1]]: null };
      const rounded = (value: number | null) => (value === null ? null : round(value, 3));
      return { [name]: round(row.correct_pairs / of, 3), [ends[0]]: rounded(row[`${name}_low`]), [ends[1]]: rounded(row[`${name}_high`]) };
    };
    return { joined_share: row.records > 0 ? round(1 - row.people / row.records, 3) : null, ...(known ? { ...rate('precision', row.found_pairs), ...rate('recall', row.true_pairs) } : {}) };
  }
}

const gapWords = { none: 'No records', fewer: 'Far fewer than usual', more: 'Far more than usual' } as const;

/** Months of each feed with none, far fewer or far more events than usual. */
export function gapsTable(context: QuestionContext, scope: Scope, rows: readonly FeedMonthRow[]): Table {
  const { disclosure } = context;
  const counts = countMonths(countingOf(disclosure, scope), rows, (row) => row.feed);
  const found = [...Map.groupBy(rows.filter((row) => row.events > 0), (row) => row.feed)].flatMap(([feed, inPeriod]) => {
    const [first, last] = spanOf(scope, feed, inPeriod);
    const shown = [...counts.get(feed)!].map(([month, counted]) => ({ month, events: Math.max(0, counted.count + counted.noise.value) }));
    return findMonthGaps(shown.filter(({ month }) => month >= first && month <= last), first, last).map((gap) => ({ feed, ...gap, counted: counts.get(feed)!.get(gap.month) }));
  });
  const exact: Table = {
    id: 'gaps',
    title: 'Months that do not look like the others',
    columns: [text('feed', 'Feed'), { name: 'month', label: 'Month', format: 'month' }, text('what', 'What'), count('events', 'Events'), count('usual', 'Usually')],
    rows: found.map(({ feed, month, usual, what, counted }) => ({ feed: titleOf(context, feed), code: feed, month: monthOf(month), what: gapWords[what], events: counted?.count ?? 0, usual: Math.round(usual) })),
    suppressed: [],
    note: 'Usual is the median of the same month in other years, or of the months around it. The last month of a feed may not be complete yet.',
  };
  const noise = (row: Row) => counts.get(String(row.code))?.get(monthNumber(String(row.month)))?.noise;
  const released = releaseTable(exact, disclosure, { counts: [{ column: 'events', noise }], dimensions: ['feed', 'month'] });
  return { ...released, rows: released.rows.map((row) => ({ ...row, usual: typeof row.usual === 'number' ? releaseCount(disclosure, row.usual) : null })) };
}

/** The months that a feed should hold: from its first to its last, or as far as the filters go. */
function spanOf(scope: Scope, feed: string, months: readonly FeedMonthRow[]): [number, number] {
  const own = scope.series.filter((each) => each.feed === feed);
  const numbers = [...own.flatMap((each) => [each.first_month, each.last_month]).flatMap((month) => (month === null ? [] : [monthNumber(month)])), ...months.map((row) => row.month_id)];
  return [Math.max(Math.min(...numbers), scope.from ?? -Infinity), Math.min(Math.max(...numbers), scope.to ?? Infinity)];
}

/** Stretches of days on which a feed said nothing though it should. */
export function silenceTable(context: QuestionContext, runs: readonly SilentRun[], { from, to }: Scope): Table {
  const inPeriod = (first: string, last: string) => (from === null || monthNumber(last) >= from) && (to === null || monthNumber(first) <= to);
  const found = findSilences(runs).filter((each) => inPeriod(each.from, each.to));
  return {
    id: 'silences',
    title: 'Days on which a feed said nothing',
    columns: [text('feed', 'Feed'), date('from', 'From'), date('to', 'To'), count('days', 'Days'), count('expected', 'Events to be expected')],
    rows: found.map(({ feed, from: first, to: last, days, expected }) => ({ feed: titleOf(context, feed), code: feed, from: first, to: last, days, expected: Math.round(expected / 5) * 5 })),
    suppressed: [],
    note: 'At least a week without an event where, by the four weeks on either side, fifteen or more were to be expected, and no other year has the like at that time.',
  };
}
