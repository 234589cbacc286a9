import { expect, test } from 'vitest';
import { errorsAt, realDay, textOf } from './sent-fields.ts';

test('a text is trimmed; what is none, or was sent twice, is empty', () => {
  expect([textOf(' a b '), textOf(undefined), textOf(['a', 'b']), textOf({})]).toEqual(['a b', '', '', '']);
});

test('a day is real where the calendar has it', () => {
  expect(realDay({ day: '3', month: '11', year: '2026' })).toBe('2026-11-03');
  for (const [day, month, year] of [['31', '11', '2026'], ['29', '2', '2026'], ['', '11', '2026'], ['3', '11', '26'], ['3a', '11', '2026']] as const) expect(realDay({ day, month, year })).toBeUndefined();
});

test('what is wrong with a field is found by its id', () => {
  expect(errorsAt([{ href: '#reason', text: 'Enter a reason' }])).toEqual({ reason: { text: 'Enter a reason' } });
});
