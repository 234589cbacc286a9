import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeText, findRecord, firstLine, splitFields } from './split-csv.ts';

const comma = 44;
const bytes = (text: string) => Buffer.from(text);

function records(text: string): { line: number; fields: string[]; fault?: string }[] {
  const all = bytes(text);
  const found: { line: number; fields: string[]; fault?: string }[] = [];
  let line = 1;
  for (let at = 0; at < all.length; ) {
    const record = findRecord(all, at, true, comma)!;
    const content = decodeText(all.subarray(at, record.end)).text;
    found.push({ line, fields: record.fault ? [content] : splitFields(content, ','), fault: record.fault });
    line += record.lines;
    at = record.next;
  }
  return found;
}

const quoted = (field: string) => `"${field.replaceAll('"', '""')}"`;

describe('records of a CSV', () => {
  it('give back any fields that were written by the rules', () => {
    const field = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', 'é', ' '), maxLength: 8 });
    fc.assert(
      fc.property(fc.array(fc.array(field, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 6 }), fc.constantFrom('\n', '\r\n'), (rows, end) => {
        const found = records(rows.map((row) => row.map(quoted).join(',') + end).join(''));
        expect(found.map((row) => row.fields)).toEqual(rows);
        expect(found.every((row) => row.fault === undefined)).toBe(true);
      }),
    );
  });

  it('begin on the physical line where their first byte is', () => {
    expect(records('a,b\r\n"x\ny",1\r"p\r\nq",2\nlast,3').map(({ line, fields }) => [line, ...fields])).toEqual([
      [1, 'a', 'b'],
      [2, 'x\ny', '1'],
      [4, 'p\r\nq', '2'],
      [6, 'last', '3'],
    ]);
  });

  it('never take more than one line when a quote is wrong', () => {
    expect(records('1,"open\n2,fine\n3,"a"b\n4,fine').map(({ line, fault }) => [line, fault])).toEqual([[1, 'quote'], [2, undefined], [3, 'quote'], [4, undefined]]);
  });

  it('wait for more bytes where the end is not there yet', () => {
    expect(findRecord(bytes('a,b'), 0, false, comma)).toBeUndefined();
    expect(findRecord(bytes('"a\n'), 0, false, comma)).toBeUndefined();
    expect(findRecord(bytes('a,b\r'), 0, false, comma)).toBeUndefined();
    expect(findRecord(bytes('a,b\n'), 0, false, comma)).toMatchObject({ end: 3, next: 4, lines: 1 });
    expect(firstLine(bytes('abc'), 0, false, 'quote')).toBeUndefined();
  });

  it('are read as UTF-8, or else as Windows-1252', () => {
    expect(decodeText(Buffer.from([0xc3, 0xa9]))).toEqual({ text: 'é', windows1252: false });
    expect(decodeText(Buffer.from([0xe9, 0x80]))).toEqual({ text: 'é€', windows1252: true });
  });
});
