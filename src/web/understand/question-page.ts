// What one question page adds to the frame: which question, which options, and which picture goes with which table.

import type { Answer, CellValue, LakeReader, Table } from '../../core/index.ts';
import type { questionOptions } from '../../understand/index.ts';
import type { PageId } from '../permission.ts';
import type { FilterChoices } from './filter-choices.ts';
import type { PageOption } from './filter-panel.ts';
import type { Section } from './question-view.ts';

export interface QuestionPage {
  page: PageId;
  path: string;
  question: keyof typeof questionOptions;
  template: string;
  /** What the page offers, with what the answer took where the address is silent. */
  options(choices: FilterChoices, answer: Answer): PageOption[];
  sections(answer: Answer, options: Record<string, string>): Section[];
  /** A table in the shape that reads best on the page; the download keeps the question's own. */
  reshape?(table: Table, lake: LakeReader): Table | Promise<Table>;
}

export function findTable(answer: Answer, id: string): Table | undefined {
  const table = answer.tables.find((item) => item.id === id);
  return table && table.rows.length > 0 ? table : undefined;
}

export function numberOf(value: CellValue | undefined): number | null {
  return typeof value === 'number' ? value : null;
}

export function wordOf(value: CellValue | undefined): string {
  return value === null || value === undefined ? '' : String(value);
}

/** Which feeds count: the question's own choice, or one feed. */
export function feedOption(choices: FilterChoices): PageOption {
  return { name: 'feed', label: 'Count from', standard: '', choices: [{ value: '', text: 'The usual feeds' }, ...choices.feeds] };
}
