// Understand, the first step: what demand is, when and how much, how concentrated it is, where it happens, and whether the data can be trusted.
export { demandTypeSql, eventClassificationSql } from './categories.sql.ts';
export { readCategories, type Categories, type Category } from './categories.ts';
export { derivedTables } from './derived-tables.ts';
export { questionOptions, unknownFilters, type AcceptedOptions } from './known-choices.ts';
export { classificationFor, createQuestions, findQuestion, type QuestionsOf } from './questions.ts';
