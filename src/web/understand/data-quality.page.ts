// /understand/data-quality: whether the data can be trusted: freshness, completeness, quarantine, linkage by group, odd months.

import type { Answer, Table } from '../../core/index.ts';
import type { Chart } from '../charts/chart-frame.ts';
import { completenessChart } from '../charts/completeness.chart.ts';
import { intervalDotsChart, type IntervalDot } from '../charts/interval-dots.chart.ts';
import { writeShare } from '../charts/number-words.ts';
import { findTable, numberOf, wordOf, type QuestionPage } from './question-page.ts';
import type { Section } from './question-view.ts';

export const dataQualityPage: QuestionPage = {
  page: 'data-quality',
  path: '/understand/data-quality',
  question: 'data-quality',
  template: 'understand/question.njk',
  options: (choices) => [{ name: 'feed', label: 'Feed', standard: '', choices: [{ value: '', text: 'All feeds' }, ...choices.feeds] }],
  sections: presentQualitySections,
};

export function presentQualitySections(answer: Answer): Section[] {
  const completeness = findTable(answer, 'completeness');
  const linkage = findTable(answer, 'linkage');
  return [
    { id: 'quality-freshness', heading: 'Is each feed up to date?', charts: [], table: 'freshness', open: true },
    { id: 'quality-rows', heading: 'What became of every row?', charts: [], table: 'rows', open: true },
    { id: 'quality-complete', heading: 'How complete are the rows?', charts: completeness ? [completeChart(completeness)] : [], table: 'completeness' },
    { id: 'quality-linkage', heading: 'How well are records joined to people?', charts: linkage ? linkageCharts(linkage) : [], table: 'linkage' },
    ...(findTable(answer, 'settled-links') ? [{ id: 'quality-settled', heading: 'For whom does the model decide as people do?', charts: [], table: 'settled-links', open: true }] : []),
    { id: 'quality-gaps', heading: 'Which months look odd?', charts: [], table: 'gaps', open: true },
    { id: 'quality-silences', heading: 'When did a feed say nothing?', charts: [], table: 'silences', open: true },
    { id: 'quality-quarantine', heading: 'Why are rows in quarantine?', charts: [], table: 'quarantine', open: true, most: 10 },
  ];
}

/** The share of all values of a feed that are filled: its columns weigh the same. */
export function completenessByFeed(table: Table): { label: string; share: number | null }[] {
  const feeds = Map.groupBy(table.rows, (row) => wordOf(row.feed));
  return [...feeds].map(([label, rows]) => {
    const shares = rows.map((row) => numberOf(row.filled_share)).filter((share) => share !== null);
    return { label, share: shares.length === 0 ? null : shares.reduce((sum, share) => sum + share, 0) / shares.length };
  }).toSorted((a, b) => (a.share ?? 2) - (b.share ?? 2));
}

function completeChart(table: Table): Chart {
  const rows = completenessByFeed(table);
  const [least] = rows;
  return completenessChart({
    id: 'completeness',
    title: least && least.share !== null ? `${least.label} has the most gaps: ${writeShare(least.share)} of its values are filled` : 'How complete each feed is',
    subtitle: 'Share of values that are filled, all columns of a feed together',
    description: `A bar for each of ${rows.length} feeds, from none to all of its values filled. The table under the chart gives every column.`,
    rows,
  });
}

function linkageCharts(table: Table): Chart[] {
  const measure = table.rows.some((row) => typeof row.recall === 'number') ? 'recall' : 'joined_share';
  const all = table.rows.find((row) => row.group_kind === 'All');
  const rows: IntervalDot[] = table.rows.filter((row) => row !== all).map((row) => ({
    block: wordOf(row.group_kind),
    label: groupName(wordOf(row.group)),
    value: numberOf(row[measure]),
    low: measure === 'recall' ? numberOf(row.recall_low) : null,
    high: measure === 'recall' ? numberOf(row.recall_high) : null,
  }));
  if (rows.length === 0) return [];
  const blocks = [...new Set(rows.map((row) => row.block))];
  rows.sort((a, b) => blocks.indexOf(a.block) - blocks.indexOf(b.block) || a.label.localeCompare(b.label, 'en-GB', { numeric: true }));
  const overall = numberOf(all?.[measure]);
  return [
    intervalDotsChart({
      id: 'linkage',
      title: measure === 'recall' ? recallFinding(rows, overall) : 'How many records are joined to another, by group',
      subtitle: measure === 'recall'
        ? 'Share of true links that are found, with its 95% interval; the dashed line is everyone. The axis does not start at zero'
        : 'Share of records that are joined to another; the dashed line is everyone. The axis may not start at zero',
      description: `A dot for each of ${rows.length} groups${measure === 'recall' ? ', with a line for its interval' : ''}. The table under the chart gives the numbers.`,
      rows,
      overall,
    }),
  ];
}

/** A group whose whole interval lies under everyone's share. */
export function recallFinding(rows: IntervalDot[], overall: number | null): string {
  const below = rows.filter((row) => overall !== null && row.value !== null && row.high !== null && row.high < overall).toSorted((a, b) => a.value! - b.value!);
  const [worst] = below;
  if (worst) return `Links are found least often for ${groupWords(worst)}: ${writeShare(worst.value!)}, against ${writeShare(overall!)} for everyone`;
  return overall === null ? 'How often true links are found, by group' : `${writeShare(overall)} of true links are found, and no group is clearly below that`;
}

/** "people aged 0 to 9", "council records", "people in deprivation decile 3", "people whose ethnicity is not recorded". */
function groupWords({ block, label }: IntervalDot): string {
  const kind = block.toLowerCase();
  if (/^not (recorded|known)$/i.test(label)) return `people whose ${kind} is not recorded`;
  if (kind === 'agency') return `${label.toLowerCase()} records`;
  if (kind === 'deprivation') return `people in deprivation ${label.toLowerCase()}`;
  return kind === 'age' ? `people aged ${label}` : `people recorded as ${label}`;
}

function groupName(name: string): string {
  return { F: 'Female', M: 'Male' }[name] ?? name.replace(/^./, (letter) => letter.toUpperCase()).replaceAll('-', ' ');
}
