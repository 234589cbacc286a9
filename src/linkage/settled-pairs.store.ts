// What does the model say of the pairs that people settled? Each is weighed as any other pair is, before the decisions touch it. Left out:
// pairs that an undo decided, which go by whole groups, and decisions that later ones rule out.

import type { Duck } from '../store/index.ts';
import { opposed } from './cluster-records.ts';
import type { PatternPlace } from './compare-pairs.sql.ts';
import { explainPairsSql } from './explain-pairs.sql.ts';
import { reconcileDecisions, type LinkDecision } from './link-decisions.ts';
import type { LinkageSettings } from './linkage-settings.ts';
import type { MatchModel } from './match-model.ts';
import type { SettledCount } from './reviewed-threshold.ts';
import { comparePairs } from './compare-pairs.store.ts';

/** Makes `linkage_settled` (l, r, same, weight): the latest answer to each pair of records that are here. A pair that a rule forbids has no weight. */
export async function weighSettled(duck: Duck, { model, places, settings }: { model: MatchModel; places: PatternPlace[]; settings: LinkageSettings }, decisions: readonly LinkDecision[]): Promise<void> {
  const latest = [...new Map(reconcileDecisions(decisions).kept.map((decision) => [JSON.stringify([decision.left, decision.right].toSorted()), decision])).values()].filter(({ undo }) => undo === undefined);
  if (latest.length === 0) return duck.run('CREATE OR REPLACE TEMP TABLE linkage_settled (l INTEGER, r INTEGER, same BOOLEAN, weight DOUBLE)');
  await duck.run(`CREATE OR REPLACE TEMP TABLE linkage_answer AS
    SELECT least(a.rid, b.rid) AS l, greatest(a.rid, b.rid) AS r, d.same
    FROM (SELECT unnest(from_json($latest::JSON, '[{"left": "VARCHAR", "right": "VARCHAR", "same": "BOOLEAN"}]'), recursive := true)) d
    JOIN linkage_record a ON a.source_id = d."left" JOIN linkage_record b ON b.source_id = d."right"`, { latest: JSON.stringify(latest) });
  await comparePairs(duck, 'linkage_answer', 'linkage_answer_pair', places, settings);
  await duck.run(`CREATE OR REPLACE TEMP TABLE linkage_settled AS
    SELECT d.l, d.r, d.same, CASE WHEN e.weight > ${opposed} THEN e.weight END AS weight FROM linkage_answer d JOIN (${explainPairsSql('linkage_answer_pair', places, model, settings.conflicts)}) e ON e.l = d.l AND e.r = d.r;
    DROP TABLE linkage_answer; DROP TABLE linkage_answer_pair`);
}

/** The settled pairs that have a weight, by whole bits. */
export const countSettled = (duck: Duck): Promise<SettledCount[]> =>
  duck.rows<SettledCount>('SELECT floor(weight)::INTEGER AS step, count(*) FILTER (WHERE same) AS reviewed_same, count(*) FILTER (WHERE NOT same) AS reviewed_different FROM linkage_settled WHERE weight IS NOT NULL GROUP BY 1 ORDER BY 1');
