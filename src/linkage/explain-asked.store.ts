// Why do these two records weigh what they weigh? For pairs that somebody names by their ids, by the very model of the run: the same parts and the
// same words as on a pair's page. Nothing of the records themselves is in them, only how they agree.

import { writeFileSync } from 'node:fs';
import { Problem, toCsv } from '../core/index.ts';
import { id, type Duck } from '../store/index.ts';
import { explainPairsSql } from './explain-pairs.sql.ts';
import { explainParts, type ExplainedPart, type PairParts } from './explain-words.ts';
import { pairColumns, recordKeyOf } from './labels.store.ts';
import type { LinkedRecords } from './link-records.ts';
import type { ReadRecords } from './read-records.store.ts';
import { levelsSql, weighedSql } from './splink-pairs.sql.ts';
import type { SplinkSettings } from './splink-settings.ts';
import { comparePairs } from './compare-pairs.store.ts';
import { columnsOf } from './table-columns.store.ts';

export interface AskedRecord {
  id: string;
  source?: string;
}

export interface ExplainedPair {
  left: AskedRecord;
  right: AskedRecord;
  /** In bits, of the model alone, without rules that forbid a link. */
  weight: number;
  probability: number;
  /** The rule that forbids the link. */
  conflict: string | null;
  parts: ExplainedPart[];
}

type Row = Record<string, string | number | null>;

/** Makes `dedupe_asked` (row, key_l, key_r) of pairs as read into a table. */
export async function readAsked(duck: Duck, table: string, columns: string[], read: ReadRecords): Promise<void> {
  const { left, right, sourceLeft, sourceRight } = pairColumns(columns, read.source !== undefined, { what: 'pairs', where: '--explain' });
  await duck.run(`CREATE OR REPLACE TEMP TABLE dedupe_asked AS SELECT (rowid + 1)::INTEGER AS row, ${recordKeyOf(left, sourceLeft)} AS key_l, ${recordKeyOf(right, sourceRight)} AS key_r FROM ${id(table)}`);
  const [unknown] = await duck.rows<{ row: number }>('SELECT row FROM dedupe_asked WHERE key_l IS NULL OR key_r IS NULL OR key_l = key_r OR key_l NOT IN (SELECT key FROM dedupe_key) OR key_r NOT IN (SELECT key FROM dedupe_key) ORDER BY row LIMIT 1');
  if (unknown) throw new Problem('badInput', { what: `Row ${unknown.row} of the pairs does not name two of the records`, where: '--explain', todo: 'Write the ids as they stand in the files, with their sources where records have one.' });
}

/** Makes `dedupe_asked_pair` (row, l, r, match_key), once the records have their numbers. */
const numberAsked = (duck: Duck): Promise<void> =>
  duck.run(`CREATE OR REPLACE TEMP TABLE dedupe_asked_pair AS SELECT t.row, least(a.rid, b.rid) AS l, greatest(a.rid, b.rid) AS r, 0::INTEGER AS match_key FROM dedupe_asked t JOIN dedupe_record a ON a.key = t.key_l JOIN dedupe_record b ON b.key = t.key_r`);

/** The explained rows (l, r, …) of the pairs asked for, in their order, with the ids and sources of both records. */
const askedRows = (duck: Duck, explained: string, read: ReadRecords): Promise<Row[]> => {
  const source = (side: string, name: string) => (read.source === undefined ? '' : `, ${side}.source::VARCHAR AS ${name}`);
  return duck.rows<Row>(`SELECT a.id::VARCHAR AS asked_l, b.id::VARCHAR AS asked_r${source('a', 'asked_source_l')}${source('b', 'asked_source_r')}, e.* FROM dedupe_asked_pair t
    JOIN (${explained}) e ON e.l = t.l AND e.r = t.r JOIN dedupe_record a ON a.rid = t.l JOIN dedupe_record b ON b.rid = t.r ORDER BY t.row`);
};

function explainedPair(row: Row, weight: number, parts: PairParts): ExplainedPair {
  const side = (letter: string): AskedRecord => ({ id: String(row[`asked_${letter}`]), ...(typeof row[`asked_source_${letter}`] === 'string' ? { source: String(row[`asked_source_${letter}`]) } : {}) });
  return { left: side('l'), right: side('r'), weight, probability: 1 / (1 + 2 ** -weight), conflict: parts.conflict, parts: explainParts(parts) };
}

/** By the person settings, while a linkage's tables stand (call it from `onLinked`). */
export async function explainByLinkage(duck: Duck, { places, model, settings }: LinkedRecords, read: ReadRecords): Promise<ExplainedPair[]> {
  await numberAsked(duck);
  await duck.run('CREATE OR REPLACE TEMP TABLE dedupe_asked_once AS SELECT DISTINCT l, r FROM dedupe_asked_pair');
  await comparePairs(duck, 'dedupe_asked_once', 'dedupe_asked_compared', places, settings);
  const rows = await askedRows(duck, explainPairsSql('dedupe_asked_compared', places, model, settings.conflicts), read);
  return rows.map((row) => explainedPair(row, Number(row.sum_bits), {
    prior: Number(row.bits_prior), names: Number(row.bits_names), relatives: Number(row.bits_relatives), conflict: typeof row.conflict === 'string' ? row.conflict : null,
    comparisons: places.map(({ comparison: { name, label, levels } }) => ({
      label, level: levels.find((level) => level.name === row[`level_${name}`])?.label ?? null, bits: Number(row[`bits_${name}`] ?? 0), rarity: typeof row[`rarity_${name}`] === 'number' ? Number(row[`rarity_${name}`]) : null,
    })),
  }));
}

/** By settings of one's own or a Splink model, while `splink_record` stands. */
export async function explainByModel(duck: Duck, model: SplinkSettings, read: ReadRecords): Promise<ExplainedPair[]> {
  await numberAsked(duck);
  await duck.run('CREATE OR REPLACE TEMP TABLE dedupe_asked_once AS SELECT DISTINCT l, r, match_key FROM dedupe_asked_pair');
  const columns = (await columnsOf(duck, 'splink_record')).filter((name) => !name.startsWith('hw_'));
  const shown: SplinkSettings = { ...model, retain_intermediate_calculation_columns: true };
  const rows = await askedRows(duck, weighedSql(shown, levelsSql(shown, columns, 'dedupe_asked_once')), read);
  const mw = model.match_weight_column_prefix ?? 'mw_';
  const prior = model.probability_two_random_records_match;
  return rows.map((row) => explainedPair(row, Number(row.weight), {
    prior: Math.log2(prior) - Math.log2(1 - prior), names: 0, relatives: 0, conflict: null,
    comparisons: model.comparisons.map((one) => {
      const name = one.output_column_name;
      const levels = one.comparison_levels.filter((level) => !level.is_null_level);
      const level = levels[levels.length - 1 - Number(row[model.comparison_vector_value_column_prefix + name])];
      const rarity = row[`${mw}tf_adj_${name}`];
      const word = level?.label_for_charts ?? level?.sql_condition;
      return { label: one.comparison_description ?? name, level: word === undefined ? null : `${one.comparison_description ?? name}: ${word}`, bits: Number(row[mw + name]) + (typeof rarity === 'number' ? rarity : 0), rarity: level?.tf_adjustment_column !== undefined && typeof rarity === 'number' ? rarity : null };
    }),
  }));
}

export const explainedFile = 'explained.csv';

/** Writes a row for each part of each pair, with the sum of the parts so far; what a rule forbids ends with the rule's name. */
export function writeExplained(path: string, pairs: readonly ExplainedPair[]): void {
  const rows = pairs.flatMap(({ left, right, conflict, parts }) => {
    let total = 0;
    const ids = { id_l: left.id, source_l: left.source, id_r: right.id, source_r: right.source };
    const bits = (value: number) => Math.round(value * 1e4) / 1e4;
    return [
      ...parts.map((part, index) => ({ ...ids, part: index + 1, words: part.words, strength: part.strength, bits: bits(part.bits), total: bits((total += part.bits)) })),
      ...(conflict === null ? [] : [{ ...ids, part: parts.length + 1, words: `Never linked by itself: ${conflict}`, strength: 'a rule', bits: null, total: null }]),
    ];
  });
  const columns = ['id_l', ...(pairs.some(({ left }) => left.source !== undefined) ? ['source_l'] : []), 'id_r', ...(pairs.some(({ right }) => right.source !== undefined) ? ['source_r'] : [])];
  writeFileSync(path, toCsv([...columns, 'part', 'words', 'strength', 'bits', 'total'], rows));
}
