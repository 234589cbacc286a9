import { expect, it } from 'vitest';
import { bankHolidays, isWorkingDay, workingDayFrom } from './bank-holiday.ts';

// As published by the government for England and Wales.
it.each([
  [2021, ['2021-01-01', '2021-04-02', '2021-04-05', '2021-05-03', '2021-05-31', '2021-08-30', '2021-12-27', '2021-12-28']],
  [2024, ['2024-01-01', '2024-03-29', '2024-04-01', '2024-05-06', '2024-05-27', '2024-08-26', '2024-12-25', '2024-12-26']],
  [2026, ['2026-01-01', '2026-04-03', '2026-04-06', '2026-05-04', '2026-05-25', '2026-08-31', '2026-12-25', '2026-12-28']],
  [2027, ['2027-01-01', '2027-03-26', '2027-03-29', '2027-05-03', '2027-05-31', '2027-08-30', '2027-12-27', '2027-12-28']],
])('the bank holidays of %i are those that were published', (year, days) => {
  expect(bankHolidays(year)).toEqual(days);
});

it.each([['2020-05-04', '2020-05-08'], ['2022-05-30', '2022-06-02'], ['2012-05-28', '2012-06-04']])('the holiday of %s was moved to %s', (usual, day) => {
  expect([isWorkingDay(usual), isWorkingDay(day)]).toEqual([true, false]);
});

it('Christmas on a Sunday moves behind Boxing Day, and New Year on a Saturday to the Monday', () => {
  expect(bankHolidays(2022).slice(-2)).toEqual(['2022-12-26', '2022-12-27']);
  expect(bankHolidays(2022)[0]).toBe('2022-01-03');
});

it('a day that is no working day leads to the next that is one', () => {
  expect(isWorkingDay('2026-11-27')).toBe(true);
  expect(workingDayFrom('2026-11-28')).toBe('2026-11-30');
  expect(workingDayFrom('2026-12-25')).toBe('2026-12-29');
  expect(workingDayFrom('2027-01-01')).toBe('2027-01-04');
});
