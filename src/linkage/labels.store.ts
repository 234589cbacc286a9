// Which pairs did people label as one person or two? A file of two ids (with their sources) and the label; rows that contradict each other,
// directly or through a chain (A is B, B is C, A is not C), are found with their row numbers and taken out of training; and how well a
// linkage agrees with the labels.

import { Problem } from '../core/index.ts';
import { id, type Duck } from '../store/index.ts';
import type { ReadRecords } from './read-records.store.ts';
import { createSets } from './union-find.ts';

export interface LabelReport {
  labels: number;
  matches: number;
  /** Labels whose records are not among the records read. */
  unknown: number;
  /** Rows of the file (the first after the headings is 1) that cannot all be right; at most 100 of them. */
  contradictions: { rows: number[]; why: string }[];
  contradicted: number;
}

export interface LabelScore {
  precision: number;
  recall: number;
  f1: number;
  /** Labelled pairs that count: those that do not contradict others. */
  pairs: number;
}

interface LabelRow {
  row: number;
  l: number;
  r: number;
  same: boolean;
}

const mostShown = 100;
const headings = {
  left: /^(unique_)?(record_)?(id|key|ref)_?(l|left|a|1)$|_(l|left)$/i,
  right: /^(unique_)?(record_)?(id|key|ref)_?(r|right|b|2)$|_(r|right)$/i,
  source: /source|agency|dataset/i,
  label: /^(match|is_match|label|same|same_person|clerical_match_score|decision)$/i,
};

/** The columns of two records' ids, with their sources, by their headings. */
export function pairColumns(columns: string[], withSource: boolean, { what, where }: { what: string; where: string }): { left: string; right: string; sourceLeft?: string; sourceRight?: string } {
  const plain = columns.filter((column) => !headings.source.test(column));
  const left = plain.find((column) => headings.left.test(column));
  const right = plain.find((column) => headings.right.test(column) && column !== left);
  const sources = columns.filter((column) => headings.source.test(column));
  const [sourceLeft, sourceRight] = [sources.find((column) => headings.left.test(column)), sources.find((column) => headings.right.test(column))];
  if (!left || !right) throw new Problem('badInput', { what: `The ${what} need two ids, and have ${columns.join(', ')}`, where, todo: 'Call the columns id_l and id_r (with source_l and source_r where records have a source).' });
  if (withSource && (!sourceLeft || !sourceRight)) throw new Problem('badInput', { what: `The records have a source, the ${what} none`, where, todo: 'Add the columns source_l and source_r.' });
  return { left, right, ...(withSource ? { sourceLeft: sourceLeft!, sourceRight: sourceRight! } : {}) };
}

/** The columns of a labels file by their headings. */
export function labelColumns(columns: string[], withSource: boolean): ReturnType<typeof pairColumns> & { label: string } {
  const label = columns.find((column) => !headings.source.test(column) && headings.label.test(column));
  const ids = columns.filter((column) => !headings.source.test(column) && (headings.left.test(column) || headings.right.test(column)));
  if (!label || ids.length < 2) throw new Problem('badInput', { what: `The labels need two ids and a label, and have ${columns.join(', ')}`, where: '--labels', todo: 'Call the columns id_l, id_r and match (with source_l and source_r where records have a source).' });
  return { ...pairColumns(columns, withSource, { what: 'labels', where: '--labels' }), label };
}

/** The key of a record as `recordKeySql` makes it, from the column of its id and that of its source. */
export const recordKeyOf = (column: string, source: string | undefined): string => (source === undefined ? `${id(column)}::VARCHAR` : `coalesce(${id(source)}::VARCHAR, '') || ':' || ${id(column)}::VARCHAR`);

/** Makes `dedupe_label` (row, key_l, key_r, same) of the labels as read into a table. */
export async function readLabels(duck: Duck, table: string, columns: string[], read: ReadRecords): Promise<void> {
  const { left, right, label, sourceLeft, sourceRight } = labelColumns(columns, read.source !== undefined);
  const word = `lower(trim(${id(label)}::VARCHAR))`;
  await duck.run(`CREATE OR REPLACE TEMP TABLE dedupe_label AS SELECT (rowid + 1)::INTEGER AS row, ${recordKeyOf(left, sourceLeft)} AS key_l, ${recordKeyOf(right, sourceRight)} AS key_r,
    CASE WHEN ${word} IN ('match', 'true', 'yes', 'y', 't', 'same') THEN TRUE WHEN ${word} IN ('no match', 'non-match', 'nonmatch', 'no-match', 'false', 'no', 'n', 'f', 'different') THEN FALSE
      WHEN try_cast(${word} AS DOUBLE) BETWEEN 0 AND 1 THEN try_cast(${word} AS DOUBLE) >= 0.5 END AS same FROM ${id(table)}`);
  const [bad] = await duck.rows<{ row: number }>('SELECT row FROM dedupe_label WHERE same IS NULL OR key_l IS NULL OR key_r IS NULL ORDER BY row LIMIT 1');
  if (bad) throw new Problem('badInput', { what: `Row ${bad.row} of the labels has no id, or a label that is neither match nor no match`, where: '--labels', todo: 'Write match or no match (or 1 and 0).' });
}

/** Finds labels that cannot all be right. */
export function findContradictions(rows: readonly LabelRow[], records: number): { rows: number[]; why: string }[] {
  const seen = new Map<string, LabelRow>();
  const found: { rows: number[]; why: string }[] = [];
  const direct = new Set<number>();
  for (const row of rows) {
    const key = `${Math.min(row.l, row.r)} ${Math.max(row.l, row.r)}`;
    const before = seen.get(key);
    if (before && before.same !== row.same) {
      found.push({ rows: [before.row, row.row], why: 'the same pair is labelled both ways' });
      direct.add(before.row).add(row.row);
    } else if (!before) seen.set(key, row);
  }
  const sets = createSets(records);
  const chain = new Map<number, LabelRow[]>();
  for (const row of rows) {
    if (!row.same || direct.has(row.row)) continue;
    sets.join(row.l, row.r);
    for (const record of [row.l, row.r]) (chain.get(record) ?? chain.set(record, []).get(record)!).push(row);
  }
  for (const row of rows) {
    if (row.same || direct.has(row.row) || sets.rootOf(row.l) !== sets.rootOf(row.r)) continue;
    found.push({ rows: [...wayBetween(chain, row.l, row.r), row.row].toSorted((a, b) => a - b), why: 'labelled as two people, and as one through other labels' });
  }
  return found;
}

/** The rows of the shortest chain of matches between two records. */
function wayBetween(chain: Map<number, LabelRow[]>, from: number, to: number): number[] {
  const came = new Map<number, { before: number; row: number }>([[from, { before: -1, row: -1 }]]);
  let border = [from];
  while (border.length > 0 && !came.has(to)) {
    const beyond: number[] = [];
    for (const record of border) {
      for (const row of chain.get(record) ?? []) {
        const other = row.l === record ? row.r : row.l;
        if (came.has(other)) continue;
        came.set(other, { before: record, row: row.row });
        beyond.push(other);
      }
    }
    border = beyond;
  }
  const rows: number[] = [];
  for (let at = to; at !== from && came.has(at); at = came.get(at)!.before) rows.push(came.get(at)!.row);
  return rows;
}

/** Numbers the labels over `numbers` (a SELECT of rid, key) into `dedupe_labelled` (l, r, same, sound) and reports on them. */
export async function numberLabels(duck: Duck, numbers: string, records: number): Promise<LabelReport> {
  await duck.run(`CREATE OR REPLACE TEMP TABLE dedupe_labelled AS SELECT t.row, least(a.rid, b.rid) AS l, greatest(a.rid, b.rid) AS r, t.same FROM dedupe_label t JOIN (${numbers}) a ON a.key = t.key_l JOIN (${numbers}) b ON b.key = t.key_r WHERE a.rid <> b.rid`);
  const { labels } = await duck.one<{ labels: number }>('SELECT count(*) AS labels FROM dedupe_label');
  const rows = await duck.rows<LabelRow>('SELECT row, l, r, same FROM dedupe_labelled ORDER BY row');
  const contradictions = findContradictions(rows, records);
  const wrong = [...new Set(contradictions.flatMap((one) => one.rows))];
  await duck.run(`DELETE FROM dedupe_labelled WHERE list_contains($wrong::INTEGER[], row)`, { wrong: `[${wrong.join(', ')}]` });
  return { labels, matches: rows.filter((row) => row.same).length, unknown: labels - rows.length, contradictions: contradictions.slice(0, mostShown), contradicted: wrong.length };
}

/** SELECT of l, r of the pairs labelled as one person. */
export const labelledMatchesSql = 'SELECT DISTINCT l, r FROM dedupe_labelled WHERE same';

/** How well clusters (source_id, person_key) agree with the labels that do not contradict each other. */
export async function scoreLabels(duck: Duck, clusters: string, numbers: string): Promise<LabelScore> {
  const { pairs, tp, fp, fn } = await duck.one<{ pairs: number; tp: number; fp: number; fn: number }>(`WITH k AS (SELECT n.rid, c.person_key FROM (${numbers}) n JOIN ${id(clusters)} c ON c.source_id = n.key)
    SELECT count(*) AS pairs, count(*) FILTER (WHERE same AND together) AS tp, count(*) FILTER (WHERE NOT same AND together) AS fp, count(*) FILTER (WHERE same AND NOT together) AS fn
    FROM (SELECT DISTINCT t.l, t.r, t.same, a.person_key = b.person_key AS together FROM dedupe_labelled t JOIN k a ON a.rid = t.l JOIN k b ON b.rid = t.r)`);
  const precision = tp + fp === 0 ? 1 : tp / (tp + fp);
  const recall = tp + fn === 0 ? 1 : tp / (tp + fn);
  return { precision, recall, f1: precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall), pairs };
}
