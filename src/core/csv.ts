// Writing CSV (RFC 4180) that is safe to open in a spreadsheet: a cell that would run as a formula gets an apostrophe before it (OWASP, CSV injection).

export type CsvCell = string | number | boolean | null | undefined;

/** White space as characters themselves, since the engines that read the rule do not mean the same by "\s". */
const blank = '\t\n\v\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff';

/** The rule, for whatever writes CSV: a cell that begins like the first and is not the second runs in a spreadsheet. Regular expressions that every engine reads alike. */
export const formulaRule = {
  start: `^'*[${blank}]*[=+\\-@\t\r＝＋－＠]`,
  number: '^[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]+)?$',
} as const;

const formulaStart = new RegExp(formulaRule.start);
const plainNumber = new RegExp(formulaRule.number);

/** "=1+1" → "'=1+1". Numbers such as "-0.4" stay as they are. A formula that has apostrophes before it gets one more, so that taking one off gives the cell as it was. */
export function neutraliseFormula(text: string): string {
  return formulaStart.test(text) && !plainNumber.test(text) ? `'${text}` : text;
}

/** Takes off what neutraliseFormula put on, for files that come back after a mend. */
export function restoreFormula(text: string): string {
  return text.startsWith("'") && neutraliseFormula(text.slice(1)) === text ? text.slice(1) : text;
}

function csvCell(value: CsvCell): string {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'string' ? neutraliseFormula(value) : String(value);
  return /[",\r\n]/.test(text) || text !== text.trim() ? `"${text.replaceAll('"', '""')}"` : text;
}

/** One line of CSV with its line end (CRLF, as RFC 4180 has it). */
export function csvLine(cells: readonly CsvCell[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

/** A whole file: headings, then each row's cells in the order of `columns`. Formulas are neutralised. */
export function toCsv(columns: readonly string[], rows: readonly Readonly<Record<string, CsvCell>>[]): string {
  return csvLine(columns) + rows.map((row) => csvLine(columns.map((column) => row[column]))).join('');
}
