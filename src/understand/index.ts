// Understand, the first step: what demand is, when and how much, how concentrated it is, where it happens, and whether the data can be trusted.
export { derivedTables } from './derived-tables.ts';
export { readCategories, type Categories, type Category } from './categories.ts';
export { demandTypeSql, eventClassificationSql } from './categories.sql.ts';
