// A question: a named analysis over the pseudonymised zone, with an answer that can be shown, downloaded and traced.
// Understand, Causes, What works and Account all make these; the page frame, the API and `ask` all show them.

import type { Filters } from './filters.ts';

export type CellValue = string | number | null;

export interface Column {
  name: string;
  /** The heading a reader sees. */
  label: string;
  /** How to write it: a whole count, a decimal, a share of 1, a month, or words. */
  format: 'text' | 'count' | 'decimal' | 'share' | 'month' | 'date';
  /** Units or denominator, such as "per 1,000 residents a year". */
  unit?: string;
}

/** A cell that disclosure control removed is null in `rows` and true in `suppressed` at the same place. */
export interface Table {
  id: string;
  title: string;
  columns: Column[];
  rows: Record<string, CellValue>[];
  /** "row index:column name" of each suppressed cell. */
  suppressed: string[];
  note?: string;
}

export interface SourceNote {
  feed: string;
  label: string;
  /** As disclosure control lets them out; null where they are too few. */
  rows: number | null;
  lastLoaded: string | null;
}

/** A feed that is not in an answer, whether it is loaded or not, and why this reader may not see it. */
export interface LeftOutFeed {
  feed: string;
  label: string;
  /** A sentence. */
  why: string;
}

export interface Answer {
  question: string;
  title: string;
  /** One sentence: the number and how sure. */
  sentence: string;
  filters: Filters;
  snapshot: { id: string; builtAt: string; dataTo: string | null };
  /** The main table first. */
  tables: Table[];
  /** Figures that a chart needs beside the tables, already disclosure-controlled. */
  figures: Record<string, CellValue>;
  /** How sure: method, completeness, what is missing and whom that leaves out. */
  howSure: string[];
  /** Where from. */
  sources: SourceNote[];
  /** Feeds that the reader may not see, where there are any. */
  leftOut?: LeftOutFeed[];
  sql: string[];
  suppression: { rule: string; suppressedCells: number };
  seconds: number;
}

/** Which part of a snapshot may be read. */
export interface FeedLimits {
  feeds: ReadonlySet<string>;
  /** What is made of the records of all people together may be read too: repeats by person and household, and how well records are linked. */
  people: boolean;
}

/** Read access to the current snapshot's pseudonymised zone. */
export interface LakeReader {
  snapshot: Answer['snapshot'];
  /** Where only a part of the snapshot is there: which. */
  limits?: FeedLimits;
  /** The same snapshot as if it held no other feed. Where a reader cannot do this, nobody may read a part through it. */
  forFeeds?(limits: FeedLimits): Promise<LakeReader>;
  /** Values are bound; a list goes as one text joined by commas, taken apart with string_split. */
  rows<T = Record<string, unknown>>(sql: string, params?: Record<string, string | number | boolean | null>): Promise<T[]>;
  hasTable(name: string): boolean;
}

/** A table that a question needs ready in the pseudonymised zone; made once in each build, by SQL over that zone's tables. */
export interface DerivedTable {
  name: string;
  sql: string;
  /** What it is made of: events and places alone, which a build has before it knows people, or people too. */
  of: 'events' | 'people';
  /** Only for the tables made after it; a snapshot does not hold it. */
  passing?: boolean;
}

export interface Question {
  id: string;
  title: string;
  /** For the command line's list. */
  summary: string;
  /** A note in docs/methods. */
  method: string;
  derived: DerivedTable[];
  answer(lake: LakeReader, filters: Filters, options: Record<string, string>): Promise<Answer>;
}
