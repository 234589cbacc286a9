// The frame of an answer: asks the lake, keeps each statement as it was asked, and puts question, sources, suppression and time around the tables.

import { readOnce, type Answer, type CellValue, type Clock, type Filters, type LakeReader, type SourceNote, type Table } from '../core/index.ts';
import { presentRule, ruleForFeeds, type DisclosureRule } from '../govern/index.ts';
import type { FeedRow } from './catalogue.ts';
import type { Categories } from './categories.ts';
import { releaseCount } from './release.ts';
import type { Scope } from './scope.ts';

/** What every question is given: rules and words that a partnership may edit, and the time. */
export interface QuestionContext {
  disclosure: DisclosureRule;
  categories: Categories;
  clock: Clock;
}

export interface Inquiry {
  rows<T>(sql: string): Promise<T[]>;
  /** Rows of a statement about a scope: it runs with numbers, and is shown with names. */
  counts<T>(scope: Scope, sqlOf: (scope: Scope) => string): Promise<T[]>;
  /** Rows of a small table as it is, which no filter narrows: read once while the snapshot is open, and shared by all who ask. */
  keptRows<T>(sql: string): Promise<readonly T[]>;
  finish(parts: AnswerParts): Answer;
}

export interface AnswerParts {
  sentence: string;
  tables: Table[];
  figures?: Record<string, CellValue>;
  howSure: string[];
  sources: SourceNote[];
  /** In place of the partnership's: what holds for the feeds of the answer. */
  rule?: DisclosureRule;
}

export interface InquiryOf {
  id: string;
  title: string;
  filters: Filters;
}

export function openInquiry(context: QuestionContext, lake: LakeReader, question: InquiryOf): Inquiry {
  const start = context.clock.now();
  const asked: string[] = [];
  return {
    rows: (sql) => {
      asked.push(sql.trim());
      return lake.rows(sql);
    },
    counts: (scope, sqlOf) => {
      asked.push(sqlOf({ ...scope, shown: true }).trim());
      return lake.rows(sqlOf(scope));
    },
    keptRows: async <T>(sql: string) => {
      asked.push(sql.trim());
      return (await keptTables(lake))(sql) as Promise<readonly T[]>;
    },
    finish: ({ sentence, tables, figures = {}, howSure, sources, rule = context.disclosure }) => ({
      question: question.id,
      title: question.title,
      sentence,
      filters: question.filters,
      snapshot: lake.snapshot,
      tables,
      figures,
      howSure,
      sources,
      sql: asked,
      suppression: { rule: presentRule(rule), suppressedCells: tables.reduce((sum, table) => sum + table.suppressed.length, 0) },
      seconds: (context.clock.now() - start) / 1000,
    }),
  };
}

/** Each statement's rows, by the statement. */
const keptTables = readOnce(async (lake) => {
  const tables = new Map<string, Promise<readonly unknown[]>>();
  return (sql: string) => {
    const known = tables.get(sql);
    if (known) return known;
    const reading = lake.rows<unknown>(sql);
    tables.set(sql, reading);
    reading.catch(() => tables.delete(sql));
    return reading;
  };
});

/** Where an answer comes from: each feed with its rows and last load. */
export function sourceNotes(context: QuestionContext, feedRows: readonly FeedRow[], feeds: readonly string[]): SourceNote[] {
  return feeds.map((feed) => {
    const row = feedRows.find((each) => each.feed === feed);
    return { feed, label: context.categories.feeds.get(feed)?.title ?? feed, rows: releaseCount(ruleForFeeds(context.disclosure, [feed]), row?.accepted ?? 0), lastLoaded: row?.last_loaded_at ?? null };
  });
}
