// The questions of this room, made with the rules and words of a partnership.

import type { Clock, Question } from '../core/index.ts';
import { readDisclosureRule, type DisclosureRule } from '../govern/index.ts';
import { demandTypeSql, eventClassificationSql } from './categories.sql.ts';
import { readCategories, type Categories } from './categories.ts';
import { dataQualityQuestion } from './data-quality.ts';
import { demandQuestion } from './demand.ts';
import { linkageQuestion } from './linkage-question.ts';
import { placesQuestion } from './places.ts';
import { repeatDemandQuestion } from './repeat-demand.ts';

export interface QuestionsOf {
  /** The folder of a partnership's own packs; the product's where absent. */
  localPacks?: string | undefined;
  clock: Clock;
  /** In place of those that the packs give. */
  disclosure?: DisclosureRule;
  categories?: Categories;
}

/**
 * The questions `demand`, `repeat-demand`, `places`, `data-quality` and `linkage`. Throws a Problem where a pack has a mistake.
 * @example createQuestions({ clock: systemClock }).map(({ id }) => id)
 */
export function createQuestions({ localPacks, clock, disclosure, categories }: QuestionsOf): readonly Question[] {
  const context = {
    clock,
    disclosure: disclosure ?? readDisclosureRule(localPacks).value,
    categories: categories ?? readCategories(localPacks),
  };
  return [demandQuestion(context), repeatDemandQuestion(context), placesQuestion(context), dataQualityQuestion(context), linkageQuestion(context)];
}

export function findQuestion(questions: readonly Question[], id: string): Question | undefined {
  return questions.find((question) => question.id === id);
}

/** What a build needs to give events their demand and harm: a relation of the categories, and an expression over `e` (event) and `c` (it). */
export function classificationFor(localPacks: string | undefined): { relationSql: string; demandSql: string } {
  const categories = readCategories(localPacks);
  return { relationSql: eventClassificationSql(categories), demandSql: demandTypeSql(categories) };
}
