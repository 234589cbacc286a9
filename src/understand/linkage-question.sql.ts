// Reads what a build noted about how it linked records: levels, training, weights, completeness and common values. None of it names a person.

export interface LevelRow {
  comparison_label: string;
  level_label: string;
  m: number;
  u: number;
  weight: number;
}

export const linkageLevelsSql = 'SELECT comparison_label, level_label, m, u, weight FROM linkage_level ORDER BY comparison_place, level_place';

/** Pairs whose weight is at least `step` bits and less than one bit more. */
export interface WeightCountRow {
  step: number;
  pairs: number;
  expected: number;
  known_pairs: number;
  true_pairs: number;
  reviewed_same: number;
  reviewed_different: number;
}

export const weightCountsSql = 'SELECT step, pairs, expected, known_pairs, true_pairs, reviewed_same, reviewed_different FROM linkage_weight_count ORDER BY step';

export interface TrainingRow {
  session: string;
  pairs: number;
  rounds: number;
  last_change: number | null;
  converged: boolean;
  used: boolean;
}

export const trainingSql = 'SELECT session, pairs, rounds, last_change, converged, used FROM linkage_training ORDER BY place';

export const unlinkableSql = 'SELECT step, records FROM linkage_unlinkable ORDER BY step';

export interface FieldRow {
  agency: string;
  field: string;
  records: number;
  filled: number;
}

export const fieldCompletenessSql = 'SELECT agency, field, records, filled FROM linkage_completeness ORDER BY place, agency';

export interface CommonValueRow {
  field: string;
  value: string;
  records: number;
  weight: number;
}

export const commonValuesSql = 'SELECT field, value, records, weight FROM linkage_common_value ORDER BY field, records DESC, value';

export const linkageSummarySql = 'SELECT name, value FROM linkage_summary';
