import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvLine, neutraliseFormula, restoreFormula, toCsv } from './csv.ts';

describe('writing CSV', () => {
  it('quotes what RFC 4180 says must be quoted, and ends lines with CRLF', () => {
    expect(toCsv(['a', 'b'], [{ a: 'x,y', b: 'say "hi"' }, { a: 'two\nlines', b: null }, { a: 1.5, b: true }])).toBe('a,b\r\n"x,y","say ""hi"""\r\n"two\nlines",\r\n1.5,true\r\n');
  });

  it('puts an apostrophe before a cell that a spreadsheet would run', () => {
    expect(['=1+1', '+44 7700 900000', '-2+3', '@SUM(A1)', '\t=1', ' =1', '＝1', '-0.4', '+5', 'plain', ''].map(neutraliseFormula)).toEqual(["'=1+1", "'+44 7700 900000", "'-2+3", "'@SUM(A1)", "'\t=1", "' =1", "'＝1", '-0.4', '+5', 'plain', '']);
    expect(csvLine(['=HYPERLINK("http://x")'])).toBe(`"'=HYPERLINK(""http://x"")"\r\n`);
  });

  it('takes the apostrophe off again, and no other', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.stringMatching(/^'{0,3} ?[=+@-]?[0-9.']{0,4}$/)), (text) => restoreFormula(neutraliseFormula(text)) === text));
    expect(restoreFormula("'tis")).toBe("'tis");
    expect(restoreFormula("'=1")).toBe('=1');
  });
});
