// Rows about a person that are in no record of theirs: what an agency sent before or since, and what it sent that could not be read. Whoever gives the
// person all that is held looks here too.

import type { HeldRow } from './person-record.ts';

/** Another state of a row than the record has. */
export interface StateRow extends HeldRow {
  /** It came after the snapshot was built. */
  newer: boolean;
}

/** A row that was set aside, as it came. */
export interface AsideRow extends Pick<HeldRow, 'feed' | 'load' | 'line' | 'file' | 'loadedAt' | 'others'> {
  /** Of a record of theirs, or null where the row has none that can be read. */
  rowKey: string | null;
  /** One alone, without a heading, where the line could not be split. */
  cells: readonly { heading: string | null; column?: string | undefined; value: string }[];
  faults: readonly { column: string | null; reason: string }[];
}

export interface RowsBeyond {
  states: readonly StateRow[];
  /** Rows of the person's records that say that they are about somebody else: left out. */
  rowsOfOthers: number;
  aside: readonly AsideRow[];
  /** Rows that are set aside, whoever they are about: all were looked at. */
  looked: number;
  /** Of those, rows with the person's first and last name and nothing else that ties them: left out. */
  namesakes: number;
}

export const nothingBeyond: RowsBeyond = { states: [], rowsOfOthers: 0, aside: [], looked: 0, namesakes: 0 };
