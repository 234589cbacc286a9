// The sentence that answers the demand question, from released figures alone.

import type { CellValue } from '../core/index.ts';
import type { DemandShape } from './demand-tables.ts';
import type { QuestionContext } from './inquiry.ts';
import { capital, perCent, writeNumber } from './plain-numbers.ts';

type Row = Record<string, CellValue>;

/** Such as "72 per cent of 45,230 incidents were not crime; mental health was 8 per cent of incidents but 31 per cent of officer hours." */
export function demandSentence(context: QuestionContext, { tables, figures }: DemandShape, noun: string): string {
  const rows = tables[0]!.rows.filter((row) => row.code !== 'all');
  const all = figures.events;
  if (typeof all !== 'number') return `There are too few ${noun} in this choice to show. Choose a longer period, more areas or more categories.`;
  const count = `${writeNumber(all)} ${noun}`;
  const hours = tables[0]!.rows.find((row) => row.code === 'all')?.hours;
  const time = typeof hours === 'number' && hours > 0 ? `${writeNumber(hours)} hours of officers or crews` : undefined;
  const [only] = rows;
  if (rows.length === 1 && only) return `${capital(count)}, all ${nameOf(context, only)}${time ? `, took ${time}` : ''}.`;
  const heavy = heaviest(rows);
  const lead = typeof figures.notCrimeShare === 'number' ? crimeClause(count, figures.notCrimeShare) : `There were ${count}`;
  if (heavy) return `${lead}; ${nameOf(context, heavy)} was ${perCent(heavy.share as number)} of ${noun} but ${perCent(heavy.hours_share as number)} of officer hours.`;
  const most = rows.find((row) => row.code !== 'crime' && typeof row.share === 'number' && row.share > 0);
  if (!most || figures.notCrimeShare === 0) return `${lead}.`;
  const [share, notCrime] = [most.share as number, figures.notCrimeShare];
  if (typeof notCrime !== 'number' || perCent(share) !== perCent(notCrime)) return `${lead}; ${nameOf(context, most)} was ${perCent(share)}.`;
  // The same number twice would read as a slip.
  return share >= 0.95 * notCrime ? `${lead}, nearly all of them ${nameOf(context, most)}.` : `${lead}; the commonest of them was ${nameOf(context, most)}.`;
}

function crimeClause(count: string, notCrime: number): string {
  if (notCrime === 0) return `All of ${count} were crime`;
  if (notCrime === 1) return `None of ${count} was crime`;
  return `${capital(perCent(notCrime))} of ${count} were not crime`;
}

function nameOf(context: QuestionContext, row: Row): string {
  return (context.categories.demands.get(String(row.code)) ?? String(row.demand)).toLowerCase();
}

/** The type of demand whose share of hours exceeds its share of events the most, where by at least five points. */
function heaviest(rows: readonly Row[]): Row | undefined {
  const excess = (row: Row) => (typeof row.share === 'number' && typeof row.hours_share === 'number' ? row.hours_share - row.share : 0);
  const [most] = rows.filter((row) => row.code !== 'crime' && excess(row) >= 0.05).toSorted((a, b) => excess(b) - excess(a));
  return most;
}
