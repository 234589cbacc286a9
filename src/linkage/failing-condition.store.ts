// Which condition of which comparison stopped the engine? Asked after a failure, on the pairs that were compared: each comparison alone,
// then its conditions from the first, one more each time, since a later one runs only where those before it do not hold.

import { id, type Duck } from '../store/index.ts';
import { comparePairsSql, patternPlaces } from './compare-pairs.sql.ts';
import { engineErrorKind, engineProblem } from './engine-problem.ts';
import type { Comparison } from './linkage-settings.ts';
import { gammaSql, sidesSql, usedColumns } from './splink-pairs.sql.ts';
import type { SplinkSettings } from './splink-settings.ts';

/** A condition, and a statement that runs its comparison up to it. */
interface Condition {
  where: string;
  sql: string;
  statement: string;
}

/** Whether it stops the engine in the same way. */
async function fails(duck: Duck, { statement }: Condition, kind: string): Promise<boolean> {
  try {
    await duck.run(statement);
    return false;
  } catch (error) {
    if (engineErrorKind(error) === undefined) throw error;
    return engineErrorKind(error) === kind;
  }
}

/** Runs work that compares; an engine's error names the condition, where one alone fails too, else the stage. */
async function namingCondition<T>(duck: Duck, stage: string, comparisons: Condition[][], work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const kind = engineErrorKind(error);
    if (kind === undefined) throw error;
    const found = await findFailing(duck, comparisons, kind).catch(() => undefined);
    throw engineProblem(error, found === undefined ? stage : `${stage}, ${found.where}`, found?.sql);
  }
}

async function findFailing(duck: Duck, comparisons: Condition[][], kind: string): Promise<Condition | undefined> {
  for (const conditions of comparisons) {
    const whole = conditions.at(-1);
    if (whole === undefined || !(await fails(duck, whole, kind))) continue;
    for (const condition of conditions) if (await fails(duck, condition, kind)) return condition;
  }
  return undefined;
}

/** As `namingCondition`, over the conditions of a Splink model and a table of pairs (l, r, match_key). */
export function namingLevels<T>({ duck, model, columns, pairs, stage }: { duck: Duck; model: SplinkSettings; columns: string[]; pairs: string; stage: string }, work: () => Promise<T>): Promise<T> {
  const comparisons = model.comparisons.map((one) => one.comparison_levels.map((level, index): Condition => {
    const part = { ...one, comparison_levels: one.comparison_levels.slice(0, index + 1) };
    const used = usedColumns({ ...model, comparisons: [part] }, columns);
    return { where: `comparison "${one.output_column_name}"${level.label_for_charts === undefined ? '' : `, level "${level.label_for_charts}"`}`, sql: level.sql_condition, statement: `SELECT max(${gammaSql(part)}) FROM (${sidesSql(used, pairs)})` };
  }));
  return namingCondition(duck, stage, comparisons, work);
}

/** As `namingCondition`, over the comparisons of settings in code and a table of pairs (l, r). */
export function namingComparisons<T>({ duck, comparisons: compared, pairs, stage }: { duck: Duck; comparisons: Comparison[]; pairs: string; stage: string }, work: () => Promise<T>): Promise<T> {
  // A comparison may read similarities of another.
  const shared = { columns: [...new Set(compared.flatMap(({ columns }) => columns))], similarities: Object.assign({}, ...compared.map(({ similarities }) => similarities)) };
  const comparisons = compared.map((comparison) => [undefined, ...comparison.levels.slice(0, -1)].map((level, index): Condition => {
    const part = { ...comparison, ...shared, levels: [...comparison.levels.slice(0, index), comparison.levels.at(-1)!] };
    return {
      where: `comparison "${comparison.label}"${level === undefined ? '' : `, level "${level.label}"`}`, sql: level?.sql ?? comparison.missing,
      statement: `SELECT max(pattern) FROM (${comparePairsSql(id(pairs), patternPlaces([part]))})`,
    };
  }));
  return namingCondition(duck, stage, comparisons, work);
}
