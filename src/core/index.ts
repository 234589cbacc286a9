// Words and rules without input or output: ids, clocks, seeded random numbers, postcodes, NHS numbers, filters, questions, sessions and errors.
export * from './errors.ts';
export * from './clock.ts';
export * from './random.ts';
export * from './progress.ts';
export * from './nhs-number.ts';
export * from './upn.ts';
export * from './postcode.ts';
export * from './filters.ts';
export * from './question.ts';
export * from './read-once.ts';
export * from './session.ts';
export * from './csv.ts';
export * from './quote-for-shell.ts';
export * from './counted.ts';
export * from './file-size.ts';
export * from './bank-holiday.ts';
