// Can we trust these data? Freshness by cadence, completeness, quarantine, what became of every row, linkage by group, and odd months.
// Limits: linkage is measured only where the truth is known; a complete column may still be wrong. Method note: docs/methods/data-quality.md.

import type { Answer, CellValue, Filters, LakeReader, Question, Table } from '../core/index.ts';
import { ruleForFeeds } from '../govern/index.ts';
import type { Catalogue, FeedRow } from './catalogue.ts';
import { columnQualitySql, feedMonthsSql, linkageSql, quarantineSql, settledSql, silencesSql, type ColumnRow, type LinkageRow, type ReasonRow, type SeriesEventsRow, type SettledRow } from './data-quality.sql.ts';
import { demandCubes } from './demand-cube.sql.ts';
import { feedMonths } from './feed-months.ts';
import { openInquiry, sourceNotes, type QuestionContext } from './inquiry.ts';
import { capital, perCent, smallNumber, writeDay, writeNumber } from './plain-numbers.ts';
import { completenessTable, freshnessTable, gapsTable, linkageTable, outcomeTable, quarantinedShare, quarantineTable, silenceTable } from './quality-tables.ts';
import { releaseCount } from './release.ts';
import { resolveScope, splitList } from './scope.ts';
import { qualityTables } from './silent-stretches.sql.ts';
import { settledTable } from './settled-links.ts';
import type { SilentRun } from './silent-stretches.ts';

const title = 'Can we trust these data?';

/** The question `data-quality`. Option: `feed` (which feeds to show). */
export function dataQualityQuestion(context: QuestionContext): Question {
  return {
    id: 'data-quality',
    title,
    summary: 'How fresh and complete the feeds are, what is in quarantine, and how well records are linked',
    method: 'data-quality',
    derived: [...demandCubes, ...qualityTables],
    answer: (lake, filters, options) => answer(context, lake, filters, options),
  };
}

async function answer(context: QuestionContext, lake: LakeReader, filters: Filters, options: Record<string, string>): Promise<Answer> {
  const inquiry = openInquiry(context, lake, { id: 'data-quality', title, filters });
  const all = await resolveScope(lake, context.categories, { filters, feed: options.feed });
  const feeds = chooseFeedRows(all.catalogue, filters, options.feed);
  const names = feeds.map(({ feed }) => feed);
  const scope = await resolveScope(lake, context.categories, { filters, feed: names.join(',') });
  const read = async <T>(table: string, sql: string): Promise<readonly T[]> => (lake.hasTable(table) && names.length > 0 ? inquiry.keptRows<T>(sql) : []);
  const ofFeeds = async <T extends { feed: string }>(table: string, sql: string): Promise<T[]> => (await read<T>(table, sql)).filter(({ feed }) => names.includes(feed));
  const [columns, reasons, linkage, settled, silent, months] = await Promise.all([
    ofFeeds<ColumnRow>('column_quality', columnQualitySql),
    ofFeeds<ReasonRow>('quarantine_reason', quarantineSql),
    read<LinkageRow>('linkage_quality', linkageSql),
    read<SettledRow>('linkage_settled_quality', settledSql),
    ofFeeds<SilentRun>('feed_silence', silencesSql),
    scope.empty || names.length === 0 ? [] : feedMonths(scope, await inquiry.counts<SeriesEventsRow>(scope, feedMonthsSql)),
  ]);
  const tables = [
    freshnessTable(context, feeds),
    outcomeTable(context, feeds),
    completenessTable(context, columns),
    quarantineTable(context, reasons),
    linkageTable(context, linkage),
    gapsTable(context, scope, months),
    silenceTable(context, silent, scope),
    // Where the truth is known, the table of linkage says more.
    ...(settled.length > 0 && linkage.every((row) => row.true_pairs === null) ? [settledTable(context, settled)] : []),
  ];
  const figures = figuresOf(context, feeds, tables);
  return inquiry.finish({
    sentence: feeds.length === 0 ? emptySentence(all.catalogue.feeds, all.notes) : sentenceOf(tables, figures, context.clock.now()),
    tables,
    figures,
    howSure: howSure(filters, linkage, all.notes.slice(1), lake.limits?.people === false),
    sources: sourceNotes(context, feeds, names),
  });
}

function chooseFeedRows({ feeds, series }: Pick<Catalogue, 'feeds' | 'series'>, filters: Filters, wish: string | undefined): FeedRow[] {
  const wanted = splitList(wish);
  const holders = new Set(series.filter(({ category }) => category !== null && filters.category.includes(category)).map(({ feed }) => feed));
  const agencyFits = (row: FeedRow) => filters.agency.length === 0 || (row.agency !== null && filters.agency.includes(row.agency));
  return feeds.filter((row) => agencyFits(row) && (filters.category.length === 0 || holders.has(row.feed)) && (wanted.length === 0 || wanted.includes(row.feed)));
}

function figuresOf({ disclosure }: QuestionContext, feeds: readonly FeedRow[], tables: readonly Table[]): Record<string, CellValue> {
  const rule = ruleForFeeds(disclosure, feeds.map(({ feed }) => feed));
  const sum = (of: 'rows' | 'quarantined') => releaseCount(rule, feeds.reduce((all, row) => all + row[of], 0));
  const [rows, quarantined] = [sum('rows'), sum('quarantined')];
  const overall = tables[4]!.rows.find((row) => row.group_kind === 'All');
  return {
    feeds: feeds.length,
    feedsLate: tables[0]!.rows.filter((row) => Number(row.late_days ?? 0) > 0).length,
    rows,
    quarantined,
    quarantinedShare: quarantinedShare(quarantined, rows),
    precision: overall?.precision ?? null,
    recall: overall?.recall ?? null,
    oddMonths: tables[5]!.rows.length,
    silences: tables[6]!.rows.length,
  };
}

/** "18 of 20 feeds came in time; the newest data are of 31 October 2026. 1 per cent of 412,345 rows are in quarantine. Linkage finds 97 per cent …" */
function sentenceOf(tables: readonly Table[], figures: Record<string, CellValue>, now: number): string {
  const { feeds, feedsLate, rows, quarantined, quarantinedShare, recall } = figures as Record<string, number | null>;
  const newest = tables[0]!.rows.map((row) => row.data_to).filter((day) => typeof day === 'string').toSorted().at(-1);
  const fresh = `${freshClause(feeds!, feedsLate!)}${newest === undefined ? '' : `; the newest data are of ${writeDay(newest)}${ageClause(newest, now)}`}.`;
  const kept = typeof quarantinedShare !== 'number' ? '' : ` ${quarantined === 0 ? 'None' : capital(perCent(Math.max(quarantinedShare, 1e-9)))} of ${writeNumber(rows!)} rows ${quarantined === 0 ? 'is' : 'are'} in quarantine.`;
  return `${fresh}${kept}${linkageClause(tables[4]!, recall)}${silenceClause(tables[6]!)}`;
}

/** Data older than this are said to be so: a feed may come in time and hold nothing new. */
const daysOfFreshData = 62;

function ageClause(day: string, now: number): string {
  const days = Math.floor((now - Date.parse(day)) / 86_400_000);
  return days > daysOfFreshData ? `, ${writeNumber(days)} days ago` : '';
}

function silenceClause(table: Table): string {
  const [longest, ...others] = table.rows.toSorted((a, b) => Number(b.days) - Number(a.days));
  if (!longest) return '';
  return ` ${others.length > 0 ? `${capital(smallNumber(table.rows.length))} silences, the longest` : 'One silence'}: ${longest.feed}, ${longest.days} days.`;
}

function freshClause(feeds: number, late: number): string {
  if (feeds === 1) return `The feed ${late === 0 ? 'came in time' : 'is late'}`;
  if (late === 0) return `All ${smallNumber(feeds)} feeds came in time`;
  if (late === feeds) return `All ${smallNumber(feeds)} feeds are late`;
  return `${capital(smallNumber(feeds - late))} of ${smallNumber(feeds)} feeds came in time`;
}

function linkageClause(table: Table, recall: number | null | undefined): string {
  if (typeof recall !== 'number') return table.rows.length > 0 ? ' How well people are linked cannot be measured here, because the truth is not known.' : '';
  const groups = table.rows.filter((row) => row.group_kind !== 'All' && typeof row.recall === 'number');
  const worst = groups.toSorted((a, b) => (a.recall as number) - (b.recall as number))[0];
  const fewest = worst && typeof worst.recall_high === 'number' && worst.recall_high < recall ? `, fewest for ${groupWords(String(worst.group_kind).toLowerCase(), String(worst.group))} (${perCent(worst.recall as number)})` : '';
  return ` Linkage finds ${perCent(recall)} of true links${fewest}.`;
}

const groupPhrases: Record<string, string> = { agency: 'records from', ethnicity: 'people recorded as', sex: 'people recorded as', age: 'people aged', deprivation: 'areas in deprivation tenth' };

/** "people recorded as Asian", "records from social care", "records without an age". */
function groupWords(kind: string, group: string): string {
  if (/^not recorded$/i.test(group)) return `records without ${kind === 'age' ? 'an age' : `a recorded ${kind}`}`;
  return `${groupPhrases[kind] ?? kind} ${kind === 'agency' ? group.replaceAll('-', ' ') : group}`;
}

function emptySentence(feeds: readonly FeedRow[], notes: readonly string[]): string {
  if (feeds.length === 0) return 'There is nothing to judge yet, because no feed has been loaded. Load one and build again.';
  return `No loaded feed fits this choice. ${notes.slice(1).join(' ')} Choose another agency, category or feed, or take the filter away.`.replace('  ', ' ');
}

function howSure(filters: Filters, linkage: readonly LinkageRow[], unknown: readonly string[], withoutPeople: boolean): string[] {
  const known = linkage.some((row) => row.true_pairs !== null);
  const narrowed = filters.category.length > 0 || filters.area.length > 0 || filters.from !== undefined || filters.to !== undefined;
  return [
    ...unknown,
    'Counts of rows are of records in files, not of people. All counts pass disclosure control.',
    'A filled column may still be wrong: completeness says that something is there, not that it is true.',
    withoutPeople
      ? 'How well records are linked is left out: it is worked out from the records of all agencies together, and you may not see all of them.'
      : known
      ? 'Linkage is measured against the truth that the simulation planted or that reviewers settled. A group whose true links are found less often looks healthier, safer and less in need than it is. Records without a date of birth, a sex or a full name hold less to link by: part of what is missed among them no method could find.'
      : 'Without a truth to compare with, the share of records joined to another is the only sign: a group with clearly less than the others may have missed links.',
    'An odd month or a silence is a question to the agency: a gap in the file, a change of recording, or something real.',
    ...(narrowed ? ['A category leaves the feeds that hold it. Within them, category, area and period narrow the odd months alone, and the period the silences: files are judged whole.'] : []),
  ];
}
