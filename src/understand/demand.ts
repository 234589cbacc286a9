// What is demand, when and how much? Events, officer hours and harm by demand type, category, month and hour of the week.
// Counts have noise and are rounded; hours and harm are made from counts as shown, so that neither gives a count away.
// Limits: minutes and hours that were not recorded are missing, and said. Method note: docs/methods/demand.md.

import type { Answer, CellValue, Filters, LakeReader, Question, Table } from '../core/index.ts';
import { ruleForFeeds } from '../govern/index.ts';
import { demandTables, type DemandMeasure } from './demand-tables.ts';
import { demandRows } from './demand-rows.ts';
import { hourOfWeekSql, hourRows, seriesMonthsSql, type NumberedHour, type SeriesMonthRow } from './demand.sql.ts';
import { demandCubes } from './demand-cube.sql.ts';
import { demandSentence } from './demand-sentence.ts';
import { nounOf } from './event-nouns.ts';
import { openInquiry, sourceNotes, type QuestionContext } from './inquiry.ts';
import { capital, perCent, writeNumber } from './plain-numbers.ts';
import { countingOf } from './noisy-count.ts';
import { weightsOf } from './harm-days.ts';
import { nothingFound, resolveScope, type Scope } from './scope.ts';

const title = 'What is demand, when and how much?';

/** The question `demand`. Options: `measure` (events, hours or harm), `feed` (which feeds count). */
export function demandQuestion(context: QuestionContext): Question {
  return {
    id: 'demand',
    title,
    summary: 'What demand is, by count, officer hours and harm; its trend and its hours',
    method: 'demand',
    derived: [...demandCubes],
    answer: (lake, filters, options) => answer(context, lake, filters, options),
  };
}

async function answer(given: QuestionContext, lake: LakeReader, filters: Filters, options: Record<string, string>): Promise<Answer> {
  const inquiry = openInquiry(given, lake, { id: 'demand', title, filters });
  const scope = await resolveScope(lake, given.categories, { filters, feed: options.feed });
  const rule = ruleForFeeds(given.disclosure, scope.feeds);
  const context = { ...given, disclosure: rule };
  const counting = countingOf(rule, scope);
  const { measure, note } = readMeasure(options.measure);
  const cut = counting.byCategory ? 'chosen' : measure === 'harm' ? 'weighed' : 'whole';
  const [totals, hours] = scope.empty
    ? [[], []]
    : await Promise.all([
        inquiry.counts<SeriesMonthRow>(scope, seriesMonthsSql).then((rows) => demandRows(scope, rows, cut)),
        inquiry.counts<NumberedHour>(scope, (of) => hourOfWeekSql(of, cut)).then((rows) => hourRows(scope.catalogue, rows)),
      ]);
  const sources = sourceNotes(context, scope.catalogue.feeds, scope.feeds);
  const shaped = demandTables(context, { totals, hours, measure, noun: nounOf(scope, context.categories), counting, weights: weightsOf(scope) });
  if (!totals.some((row) => row.events > 0)) {
    return inquiry.finish({ sentence: nothingFound(scope), tables: shaped.tables.map(emptied), howSure: [...note, ...scope.notes], sources, rule });
  }
  return inquiry.finish({
    sentence: demandSentence(context, shaped, nounOf(scope, context.categories)),
    tables: shaped.tables,
    figures: shaped.figures,
    howSure: [...note, ...howSure(context, scope, shaped.figures, measure)],
    sources,
    rule,
  });
}

const emptied = (table: Table): Table => ({ ...table, rows: [], suppressed: [] });

function readMeasure(asked: string | undefined): { measure: DemandMeasure; note: string[] } {
  if (asked === undefined || asked === 'events' || asked === 'hours' || asked === 'harm') return { measure: asked ?? 'events', note: [] };
  return { measure: 'events', note: [`There is no measure called "${asked}", so events are counted. Choose events, hours or harm.`] };
}

function howSure(context: QuestionContext, scope: Scope, figures: Record<string, CellValue>, measure: DemandMeasure): string[] {
  const { harm } = context.categories;
  const hourless = figures.eventsWithoutHour;
  const noMean = harm.statistic === 'mean' && harm.withoutMean.length > 0 ? `; ${harm.withoutMean.join(', ').toLowerCase()} have no mean and keep the median` : '';
  return [
    'These are counts of records, not a sample: what was not reported or not recorded is not here.',
    ...scope.notes,
    'The demand type is what the event was about: a flag such as mental health or domestic outranks the category of the call. "Not crime" goes by the category alone.',
    figures.timedShare === 0 ? 'No event of this choice has officer or crew minutes, so there are no hours.' : `${shareWords(figures.timedShare)} of events have officer or crew minutes${figures.timedShare === 1 ? '' : '; the mean of each group stands for its events without any'}.`,
    figures.weighedShare === 0
      ? 'No event of this choice has a harm weight. That is not the same as no harm.'
      : `${shareWords(figures.weighedShare)} of events have a harm weight: days of the Cambridge Crime Harm Index, by the ${harm.statistic} of the offences of each kind${noMean}.${figures.weighedShare === 1 ? '' : ' The rest have no weight, which is not the same as no harm.'}`,
    ...(typeof hourless === 'number' && hourless > 0 ? [hourless === figures.events ? 'No event of this choice says its hour, so there is no table of hours.' : `The hour is not known for ${writeNumber(hourless)} events; they are left out of the table of hours.`] : []),
    ...(measure === 'harm' ? ['Median or mean changes the harm of a kind of crime by up to forty times (violence without injury: 10 days or 437); the harm-weights pack chooses.'] : []),
  ];
}

function shareWords(share: CellValue | undefined): string {
  return typeof share === 'number' ? capital(perCent(share)) : 'A share too near to all or nothing to show';
}
