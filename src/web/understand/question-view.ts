// The frame of every question page: question, answer, filters, pictures with their tables, how sure, where from.
// Each page says which picture goes with which table; this shapes the rest, and the words for an answer with nothing in it.

import type { Answer, Table } from '../../core/index.ts';
import type { Chart } from '../charts/chart-frame.ts';
import { writeCount } from '../charts/number-words.ts';
import { presentDate, presentDateTime } from '../frame/date-words.ts';
import { presentTable, type TableView } from './answer-table.ts';
import type { FilterPanel } from './filter-panel.ts';
import { writeAddress, type QuestionAddress } from './question-address.ts';

export interface Section {
  id: string;
  heading: string;
  /** A sentence or two before the picture. */
  lead?: string;
  charts: Chart[];
  /** Id of the table with the same numbers. */
  table?: string;
  /** The table is open; others open at a press. */
  open?: boolean;
  /** How many rows a long table shows at first. */
  most?: number;
}

export interface ChartFigure extends Chart {
  imageHref: string;
}

export interface SectionView {
  id: string;
  heading: string;
  lead?: string;
  charts: ChartFigure[];
  table?: TableView;
  open: boolean;
}

export interface EmptyState {
  why: string;
  /** Absent where the answer says it already. */
  help?: string;
}

export interface QuestionView {
  [name: string]: unknown;
  title: string;
  wide: true;
  question: string;
  sentence: string;
  notices: string[];
  filters: FilterPanel;
  empty: EmptyState | null;
  sections: SectionView[];
  suppressionWords: string;
  howSure: string[];
  /** The page of the question's note on its method. */
  methodHref: string;
  source: SourceView;
}

interface SourceView {
  feeds: { label: string; rows: string; loaded: string }[];
  /** Feeds that this reader may not see, by the reason. */
  leftOut: { why: string; labels: string[] }[];
  snapshot: string;
  builtAt: string;
  dataTo: string | null;
  seconds: string;
  sql: string[];
  rule: string;
  suppressed: string;
}

export interface QuestionParts {
  answer: Answer;
  address: QuestionAddress;
  filters: FilterPanel;
  notices: string[];
  sections: Section[];
  /** The question's note in docs/methods. */
  method: string;
}

export function presentQuestion({ answer, address, filters, notices, sections, method }: QuestionParts): QuestionView {
  const tables = new Map(answer.tables.map((table) => [table.id, table]));
  const used = new Set(sections.map((section) => section.table));
  const rest: Section[] = answer.tables.filter((table) => !used.has(table.id)).map((table) => ({ id: `more-${table.id}`, heading: table.title, charts: [], table: table.id }));
  return {
    title: answer.title,
    wide: true,
    question: answer.title,
    sentence: answer.sentence,
    notices,
    filters,
    empty: emptyState(answer, filters),
    sections: [...sections, ...rest].map((section) => presentSection(section, tables, address)).filter((section) => section.charts.length > 0 || (section.table?.total ?? 0) > 0),
    suppressionWords: suppressionWords(answer),
    howSure: answer.howSure,
    methodHref: `/help/methods/${method.replace(/^docs\/methods\/|\.md$/g, '')}`,
    source: presentSource(answer),
  };
}

function presentSection(section: Section, tables: Map<string, Table>, address: QuestionAddress): SectionView {
  const table = section.table === undefined ? undefined : tables.get(section.table);
  const named = table !== undefined && ((address.view.sort ?? '').startsWith(`${table.id}.`) || (address.view.rows ?? '').split(',').includes(table.id));
  return {
    id: section.id,
    heading: section.heading,
    ...(section.lead ? { lead: section.lead } : {}),
    charts: section.charts.map((chart) => ({ ...chart, imageHref: writeAddress(address, { path: `${address.path}.svg`, options: { chart: chart.id }, view: { sort: undefined, rows: undefined } }) })),
    ...(table ? { table: presentTable(table, address, section.most) } : {}),
    open: section.open === true || named,
  };
}

/** Why there is nothing to see, and what would help; null where there is something. */
export function emptyState(answer: Answer, filters: Pick<FilterPanel, 'tags'>): EmptyState | null {
  const rows = answer.tables.reduce((sum, table) => sum + table.rows.length, 0);
  if (rows === 0) {
    return {
      why: answer.sentence,
      ...(/\b(Choose|Change|Load|Take)\b/.test(answer.sentence) ? {} : { help: adviceFor(filters) }),
    };
  }
  const numbers = answer.tables.flatMap((table) => table.rows.flatMap((row) => table.columns.filter((column) => column.format !== 'text' && column.format !== 'month' && column.format !== 'date').map((column) => row[column.name] ?? null)));
  if (answer.suppression.suppressedCells > 0 && numbers.every((value) => value === null)) {
    return {
      why: `Every number in this choice is too small to show. ${answer.suppression.rule}`,
      help: 'Choose a longer period, a larger area or more types of event.',
    };
  }
  return null;
}

function adviceFor(filters: Pick<FilterPanel, 'tags'>): string {
  return filters.tags.length > 0 ? 'Take away one of the filters, or choose a longer period.' : 'Load a feed that holds events, then build again. The data quality page shows which feeds are loaded.';
}

function suppressionWords(answer: Answer): string {
  return `[c] stands for a number that is kept back because it is small, or because it would give a small one away. ${answer.suppression.rule}`;
}

function presentSource(answer: Answer): SourceView {
  const { snapshot, suppression, seconds } = answer;
  return {
    feeds: answer.sources.map(({ label, rows, lastLoaded }) => ({ label, rows: rows === null ? '[c]' : writeCount(rows), loaded: lastLoaded ? presentDateTime(lastLoaded) : 'not known' })),
    leftOut: [...Map.groupBy(answer.leftOut ?? [], ({ why }) => why)].map(([why, feeds]) => ({ why, labels: feeds.map(({ label }) => label) })),
    snapshot: snapshot.id,
    builtAt: presentDateTime(snapshot.builtAt),
    dataTo: snapshot.dataTo ? presentDate(snapshot.dataTo) : null,
    seconds: seconds < 0.001 ? 'less than a millisecond' : `${writeCount(seconds * 1000)} milliseconds`,
    sql: answer.sql,
    rule: suppression.rule,
    suppressed: suppression.suppressedCells === 0 ? 'nothing is kept back' : suppression.suppressedCells === 1 ? '1 number is kept back' : `${writeCount(suppression.suppressedCells)} numbers are kept back`,
  };
}
