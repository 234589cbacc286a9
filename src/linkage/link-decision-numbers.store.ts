// Settled decisions by the numbers of the prepared records. A decision on a record that is not there any more waits until it is.

import type { Duck } from '../store/index.ts';
import { reconcileDecisions, type LinkDecision } from './link-decisions.ts';

export interface DecidedPairs {
  /** Pairs of records' numbers, the smaller first. */
  same: [number, number][];
  different: [number, number][];
}

export interface DecisionReport {
  given: number;
  same: number;
  different: number;
  /** Decisions that later ones rule out. */
  contradicted: LinkDecision[];
  /** Decisions on records that are not in the source. */
  waiting: number;
}

export const nothingDecided: DecidedPairs = { same: [], different: [] };

/** The decisions that can be honoured, over `linkage_record`. */
export async function numberDecisions(duck: Duck, decisions: readonly LinkDecision[]): Promise<{ decided: DecidedPairs; report: DecisionReport }> {
  const { kept, contradicted } = reconcileDecisions(decisions);
  const report: DecisionReport = { given: decisions.length, same: 0, different: 0, contradicted, waiting: 0 };
  if (decisions.length === 0) return { decided: nothingDecided, report };
  const ids = [...new Set(kept.flatMap(({ left, right }) => [left, right]))];
  const rows = await duck.rows<{ source_id: string; rid: number }>(`SELECT source_id, rid FROM linkage_record WHERE source_id IN (SELECT unnest(from_json($ids::JSON, '["VARCHAR"]')))`, { ids: JSON.stringify(ids) });
  const numbers = new Map(rows.map(({ source_id, rid }) => [source_id, rid]));
  const decided: DecidedPairs = { same: [], different: [] };
  for (const { left, right, same } of kept) {
    const [a, b] = [numbers.get(left), numbers.get(right)];
    if (a === undefined || b === undefined) {
      report.waiting += 1;
      continue;
    }
    (same ? decided.same : decided.different).push([Math.min(a, b), Math.max(a, b)]);
  }
  report.same = decided.same.length;
  report.different = decided.different.length;
  return { decided, report };
}
