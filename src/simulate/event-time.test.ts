import { describe, expect, it } from 'vitest';
import { createRandom } from '../core/index.ts';
import { createCalendar, weekdayOf } from './calendar.ts';
import { createEventTime } from './event-time.ts';
import { readSimulationPack, withoutPlants } from './simulation.pack.ts';

const pack = readSimulationPack();
const calendar = createCalendar('2024-01', 24);
const time = createEventTime(pack, calendar);
const random = createRandom(1, 'event time');

function draws(profile: string, month: number, count = 4000): { day: number; hour: number; weekday: number }[] {
  time.setMonth(month);
  return Array.from({ length: count }, () => {
    const minute = time.draw(random, profile);
    const day = Math.floor(minute / 1440);
    return { day, hour: Math.floor((minute % 1440) / 60), weekday: weekdayOf(day) };
  });
}

describe('when events happen', () => {
  it('stays within the month', () => {
    for (const profile of Object.keys(pack.time.profiles)) {
      for (const { day } of draws(profile, 4, 500)) {
        expect(day).toBeGreaterThanOrEqual(calendar.monthStart[4]!);
        expect(day).toBeLessThan(calendar.monthStart[5]!);
      }
    }
  });

  it('puts the night-time economy on Friday and Saturday nights, of which the small hours belong to the evening before', () => {
    const night = draws('night-time', 5);
    const weekend = night.filter(({ weekday, hour }) => (hour >= 18 && (weekday === 5 || weekday === 6)) || (hour < 6 && (weekday === 6 || weekday === 7)));
    expect(weekend.length / night.length).toBeGreaterThan(0.5);
    expect(night.filter(({ hour }) => hour >= 6 && hour < 12).length / night.length).toBeLessThan(0.05);
  });

  it('puts more of the young in the street in school holidays', () => {
    time.setMonth(7);
    const august = time.level('youth-street');
    time.setMonth(0);
    expect(august).toBeGreaterThan(1.4 * time.level('youth-street'));
  });

  it('has nothing at school at weekends or in holidays', () => {
    for (const { day } of draws('school-day', 2, 500)) expect(calendar.isSchoolDay(day)).toBe(true);
  });

  it('is on average the yearly rate over a year', () => {
    for (const profile of Object.keys(pack.time.profiles)) {
      let total = 0;
      for (let month = 0; month < 12; month += 1) {
        time.setMonth(month);
        total += time.level(profile);
      }
      expect(total / 12, profile).toBeCloseTo(1, 6);
    }
  });

  it('is flat from month to month, but for their length, with nothing planted', () => {
    const flat = createEventTime(withoutPlants(pack), calendar);
    const levels = Array.from({ length: 12 }, (_, month) => {
      flat.setMonth(month);
      return flat.level('youth-street');
    });
    expect(Math.max(...levels) / Math.min(...levels)).toBeLessThan(1.16);
    expect(flat.trend('shoplifting')).toBe(1);
    expect(time.trend('shoplifting')).not.toBe(1);
  });

  it('refuses a profile that the pack does not have', () => {
    expect(() => time.draw(random, 'never')).toThrow(/no time profile called never/);
  });
});
