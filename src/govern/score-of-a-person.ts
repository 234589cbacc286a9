// Which items would be a score of one person: a count of adverse experiences, or a prediction of what someone will do. Nobody is ever given
// one, by any agreement. This is the one list; the database's function means_score() is made the same by a test. Words of people about
// what they lived through are no score: they are worries, in their own words.

const numbers = '(count|score|total|number|sum|tally|index|level|band|rating|rank|percentile|decile)';
const fates = '(risk|vulnerability|threat|harm|needs?|crime|offending|reoffending|offender|victim|victimisation|escalation|person|family|household|child)';

/** Regular expressions over the words of a key, each word between two underscores. Plain enough to mean the same in PostgreSQL. */
export const scorePatterns: readonly string[] = [
  `_aces?${numbers}?([0-9]+[a-z]*)?_`,
  '_adverse_?(childhood_?)?experiences?_',
  '_childhood_?advers(e|ity|ities)_',
  `_(trauma|adversity|adversities)_?${numbers}_`,
  `_${fates}_?(score|index|rank|percentile|decile|probability|likelihood|chance|prediction|propensity)_`,
  `_(score|index|rank|percentile|decile|probability|likelihood|chance|prediction)_(of|for|that|to)_`,
  '_(predict|predicts|predicted|prediction|predictions|predictive|predictor|propensity|forecast|forecasts|forecasted)_',
  '_(ogrs|ogp|ovp|rsr)[0-9]*_',
];

/** Sections of a case in which people tell what they live or lived through. They are read one by one and counted by nothing: a count of worries would be a score too. */
export const uncountedSections: readonly string[] = ['own-words', 'worries'];

const anyScore = new RegExp(scorePatterns.join('|'));

/**
 * Whether an item's key, or a column's or section's name, means a score of a person.
 *
 * @example
 * meansScore('early-help-episode/aceCount'); // true
 * meansScore('area-profile/IMD_score'); // false: of an area
 */
export function meansScore(key: string): boolean {
  const words = key.replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2').replaceAll(/[^A-Za-z0-9]+/g, '_').toLowerCase();
  return anyScore.test(`_${words}_`);
}

const aces = '\\b(?:aces?|adverse (?:childhood )?experiences?)\\b';
const scoreInText = new RegExp(`${aces}[^.\\n]{0,20}\\b(?:score|count|total)\\b|\\b(?:score|count|number|total) of ${aces}|\\b(?:risk|harm|vulnerability|trauma) (?:score|index|rating)\\b`, 'i');
const numberAlone = /^[^\p{L}\p{N}]*(?:(?:aces?|score|count|level|risk)[^\p{L}\p{N}]*)*\d+(?:\s*(?:\/|of|out of)\s*\d+)?[^\p{L}\p{N}]*$/iu;

/**
 * Whether what is written in a section is a count or a score where somebody's words are to stand: a number alone; among worries, words for a score of a person too.
 *
 * @example
 * tellsScore('worries', 'ACE score: 4'); // true
 */
export const tellsScore = (section: string, text: string): boolean => uncountedSections.includes(section) && (numberAlone.test(text) || (section !== 'own-words' && scoreInText.test(text)));
