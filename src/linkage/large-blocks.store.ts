// Which value do so many records share that a rule's block is too large? The value may tell of people, so that it is in no message and no log:
// it is written into a file beside the results, where the records came from files of whoever asks.

import { writeFileSync } from 'node:fs';
import { toCsv } from '../core/index.ts';
import { id, type Duck } from '../store/index.ts';
import { equalKeys } from './splink-pairs.sql.ts';

/** A rule whose blocks may be too large. */
export interface BlocksOfRule {
  rule: string;
  /** Expressions over the table on which the records of a block agree. */
  keys: string[];
  /** A list of which any value may agree. */
  listKey?: string;
  /** The table of prepared records. */
  from: string;
  /** Blocks of more records are too large. */
  over: number;
}

type LargeBlock = Record<'rule' | 'columns' | 'value', string> & { records: number };

export interface LargeBlocks {
  /** Where a person finds the values in the end. */
  file: string;
  /** Adds the largest three of a rule's blocks that are too large. */
  keep(blocks: BlocksOfRule): Promise<void>;
}

export const largeBlocksFile = 'large-blocks.csv';
const mostOfRule = 3;

/** The largest blocks of more than so many records: records, value. */
function largeBlocksSql({ keys, listKey, from, over }: BlocksOfRule): string {
  const all = [...keys, ...(listKey === undefined ? [] : [`unnest(list_distinct(${listKey}))`])];
  const names = all.map((_, index) => `k${index}`);
  return `SELECT count(*) AS records, concat_ws(' | ', ${names.map((name) => `${name}::VARCHAR`).join(', ')}) AS value
    FROM (SELECT ${all.map((key, index) => `${key} AS ${names[index]}`).join(', ')} FROM ${id(from)}) WHERE ${names.map((name) => `${name} IS NOT NULL`).join(' AND ')}
    GROUP BY ${names.join(', ')} HAVING count(*) > ${over} ORDER BY records DESC, value LIMIT ${mostOfRule}`;
}

/** Keeps large blocks in `writing`, which is to end as `file`; nothing is written before there is one. */
export function keepLargeBlocks(duck: Duck, writing: string, file: string): LargeBlocks {
  const rows: LargeBlock[] = [];
  return {
    file,
    keep: async (blocks) => {
      const columns = [...blocks.keys, ...(blocks.listKey === undefined ? [] : [`any of ${blocks.listKey}`])].join(' | ');
      for (const { records, value } of await duck.rows<{ records: number; value: string }>(largeBlocksSql(blocks))) rows.push({ rule: blocks.rule, columns, records, value });
      writeFileSync(writing, toCsv(['rule', 'columns', 'records', 'value'], rows));
    },
  };
}

/** The blocks of a rule that is a condition, as far as it has equalities whose two sides are the same. */
export function blocksOfCondition(rule: string, condition: string, over: number): BlocksOfRule | undefined {
  const keys = equalKeys(condition).filter(({ left, right }) => left === right).map(({ left }) => left);
  return keys.length > 0 ? { rule, keys, from: 'splink_record', over } : undefined;
}

/** Keeps the blocks where they are wanted; the words that lead to their values. */
export async function keptWhere(kept: LargeBlocks | undefined, blocks: BlocksOfRule | undefined): Promise<string> {
  if (!kept || !blocks) return '';
  await kept.keep(blocks);
  return ` The value of its largest block is in ${kept.file}.`;
}
