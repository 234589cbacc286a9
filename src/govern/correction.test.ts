import { describe, expect, it } from 'vitest';
import { correctionOf, type AcceptedCorrection } from './accepted-correction.ts';
import { factSince, markCorrections, readRight, sourceStateOf, withCorrections, type RowState } from './correction.ts';
import type { RecordColumn, ShownFeed } from './person-record.ts';

const column = (type: string, over: Partial<RecordColumn> = {}): RecordColumn => ({ name: 'c', label: 'C', type, identifying: false, ...over });
const accepted = (wrong: string, right: string | null, over: Partial<AcceptedCorrection> = {}): AcceptedCorrection => ({ correctionId: 'x', feed: 'roll', rowKey: 'k', column: 'c', wrong, right, decidedAt: 5, ...over });
const state = (load: string, value: string | null): RowState => ({ load, line: 2, file: `${load}.csv`, loadedAt: `2026-0${load}-01T00:00:00Z`, values: { c: value } });

describe('a correction beside what a row says', () => {
  it('holds as long as the row says what was wrong, whatever its capitals and spaces', () => {
    for (const value of ['Quill', 'QUILL', ' quill '] as const) expect(correctionOf([accepted('Quill', 'Rook')], 'c', value)).toEqual({ right: 'Rook', decidedAt: 5, mended: false });
  });

  it('is mended where the row says what is right, and gone where it says a third thing', () => {
    expect(correctionOf([accepted('Quill', 'Rook')], 'c', 'ROOK')).toEqual({ right: 'Rook', decidedAt: 5, mended: true });
    expect(correctionOf([accepted('Quill', 'Rook')], 'c', 'Crow')).toBeUndefined();
    expect(correctionOf([accepted('Quill', null)], 'c', 'Crow')).toBeUndefined();
    expect(correctionOf([accepted('Quill', 'Rook')], 'd', 'Quill')).toBeUndefined();
  });

  it('is the newest, and one that still holds rather than one that was mended', () => {
    expect(correctionOf([accepted('A', 'B', { decidedAt: 1 }), accepted('A', 'C', { decidedAt: 2 })], 'c', 'A')!.right).toBe('C');
    expect(correctionOf([accepted('B', 'C', { decidedAt: 1 }), accepted('A', 'B', { decidedAt: 2 })], 'c', 'B')).toEqual({ right: 'C', decidedAt: 1, mended: false });
  });

  it('stands by the row of its feed and key alone', () => {
    const cells = [{ column: column('text'), value: 'Quill', by: { allowed: true as const, by: 'open-data' as const } }];
    const row = (rowKey: string) => ({ feed: 'roll', load: 'l', line: 2, rowKey, file: 'f', loadedAt: '', date: null, cells });
    const shown: ShownFeed[] = [{ feed: { feed: 'roll', title: 'Roll', holder: 'education', columns: [] }, by: [], rows: [row('k'), row('other')] }];
    const marked = markCorrections(shown, [accepted('Quill', 'Rook'), accepted('Quill', 'Rook', { feed: 'another', rowKey: 'other' })]);
    expect(marked[0]!.rows.map(({ cells: [cell] }) => [cell!.value, cell!.correction?.right])).toEqual([['Quill', 'Rook'], ['Quill', undefined]]);
  });
});

describe('a correction in an answer to the person', () => {
  it('is a fact of its own behind the wrong one, read for others as that one is; what is shut stays shut', () => {
    const fact = { name: 'c', label: 'Summary', value: 'Quill', column: column('text'), text: true };
    expect(withCorrections([fact], [accepted('Quill', 'Rook')])).toEqual([fact, { ...fact, name: 'c@corrected', label: 'Corrected: Summary', value: 'Rook' }]);
    expect(withCorrections([fact], [accepted('Quill', null)])[1]).toEqual({ name: 'c@corrected', label: 'Corrected: Summary', value: 'This is not so' });
    expect(withCorrections([{ ...fact, closed: true }], [accepted('Quill', 'Rook')])).toHaveLength(1);
    expect(withCorrections([{ ...fact, value: 'Rook' }], [accepted('Quill', 'Rook')])).toHaveLength(1);
  });
});

describe('what its agency says by now', () => {
  it('is what the newest state of the row says', () => {
    expect(sourceStateOf([state('1', 'A')], accepted('A', 'B')).kind).toBe('wrong');
    expect(sourceStateOf([state('1', 'A'), state('2', 'b')], accepted('A', 'B'))).toEqual({ kind: 'mended', file: '2.csv', loadedAt: '2026-02-01T00:00:00Z' });
    expect(sourceStateOf([state('1', 'A'), state('2', 'C')], accepted('A', 'B')).kind).toBe('other');
    expect(sourceStateOf([state('1', 'A'), state('2', null)], accepted('A', null)).kind).toBe('mended');
    expect(sourceStateOf([state('1', 'A'), state('2', null)], accepted('A', 'B')).kind).toBe('other');
    expect(sourceStateOf([], accepted('A', 'B')).kind).toBe('gone');
  });

  it('came with the first state that says it', () => {
    const states = [state('1', 'X'), state('2', 'A'), state('3', 'A')];
    expect(factSince(states, 'c', 'A', '2026-09-01T00:00:00Z')).toBe(Date.parse('2026-02-01T00:00:00Z'));
    expect(factSince([], 'c', 'A', '2026-09-01T00:00:00Z')).toBe(Date.parse('2026-09-01T00:00:00Z'));
  });
});

describe('what is right', () => {
  it.each<[string, string, string]>([
    ['date', '17 4 2015', '2015-04-17'], ['date', '2015-04-17', '2015-04-17'], ['date', '17/4/2015', '2015-04-17'], ['datetime', '27 3 2026 22:10', '2026-03-27 22:10:00'], ['datetime', '2026-03-27T9:05:30', '2026-03-27 09:05:30'], ['datetime', '27 3 2026', '2026-03-27'],
    ['month', '3 2026', '2026-03-01'], ['month', '2026-03', '2026-03-01'], ['boolean', 'Yes', 'true'], ['integer', '-4', '-4'], ['decimal', '4.5', '4.5'], ['nhs-number', '999 000 0018', '9990000018'], ['text', ' Rook ', 'Rook'], ['code', 'Anything', 'Anything'],
  ])('of a %s, “%s”, is kept as the column writes it', (type, typed, value) => {
    expect(readRight(column(type), typed)).toEqual({ ok: true, value });
  });

  it.each<[string, string]>([['date', '30 2 2015'], ['date', 'April'], ['datetime', '27 3 2026 25:10'], ['month', '13 2026'], ['boolean', 'perhaps'], ['integer', '4.5'], ['decimal', 'x'], ['nhs-number', '999']])('of a %s, “%s”, is asked again', (type, typed) => {
    expect(readRight(column(type), typed).ok).toBe(false);
  });

  it('is one of the codes, where they have names', () => {
    const coded = column('code', { codes: ['3', '4', 'domestic-abuse'], codeTitles: { '3': 'Level three', '4': 'Level four' } });
    expect(readRight(coded, 'level three')).toEqual({ ok: true, value: '3' });
    expect(readRight(coded, '4')).toEqual({ ok: true, value: '4' });
    expect(readRight(coded, 'Domestic abuse')).toEqual({ ok: true, value: 'domestic-abuse' });
    expect(readRight(coded, '5').ok).toBe(false);
    expect(readRight({ ...coded, type: 'list' }, 'level three; 4')).toEqual({ ok: true, value: '3; 4' });
    expect(readRight({ ...coded, type: 'list' }, '3; x').ok).toBe(false);
  });
});
