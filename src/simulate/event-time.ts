// Draws when an event of a kind happens: by hour, weekday, month, school holiday, payday and match day, as the pack's profiles say.

import type { Random } from '../core/index.ts';
import type { Calendar } from './calendar.ts';
import { createCalendar, partsOf, weekdayOf } from './calendar.ts';
import type { SimulationPack } from './simulation.pack.ts';

export interface EventTime {
  /** Moves to a month; draws are from that month. */
  setMonth(month: number): void;
  /** A local minute by a profile. */
  draw(random: Random, profile: string): number;
  /** How busy the month is for a profile beside an average month, from its length, season and days. */
  level(profile: string): number;
  /** Growth since the period's middle for a named trend. */
  trend(name: string): number;
  isMatchDay(day: number): boolean;
}

function lastFridayOnOrBefore(day: number): number {
  let found = day;
  while (weekdayOf(found) !== 5) found -= 1;
  return found;
}

export function createEventTime(pack: SimulationPack, calendar: Calendar): EventTime {
  const { time } = pack;
  const profiles = Object.entries(time.profiles).map(([name, profile]) => {
    let total = 0;
    return { name, ...profile, hourly: Float64Array.from(profile.hours, (hour) => (total += hour)), daily: new Float64Array(0) as Float64Array, level: 1 };
  });
  const byName = new Map(profiles.map((profile) => [profile.name, profile]));
  let month = 0;
  const find = (name: string) => {
    const profile = byName.get(name);
    if (!profile) throw new Error(`packs/simulation.yaml has no time profile called ${name}`);
    return profile;
  };
  const isMatchDay = (day: number) => {
    const { month: monthOfYear, dayOfMonth } = partsOf(day);
    return weekdayOf(day) === 6 && (monthOfYear >= 8 || monthOfYear <= 5) && ((dayOfMonth > 0 && dayOfMonth <= 7) || (dayOfMonth > 14 && dayOfMonth <= 21));
  };
  const dailyWeights = (profile: (typeof profiles)[number], within: Calendar, m: number): { daily: Float64Array; level: number } => {
    const from = within.monthStart[m]!;
    const to = within.monthStart[m + 1]!;
    const payday = lastFridayOnOrBefore(to - 1);
    let total = 0;
    const daily = Float64Array.from({ length: to - from }, (_, i) => {
      const day = from + i;
      let weight = profile.weekdays[weekdayOf(day) - 1]!;
      if (profile.holiday !== undefined && weekdayOf(day) <= 5 && !within.isSchoolDay(day)) weight *= profile.holiday;
      if (profile.name === 'night-time') {
        if (day === payday || day === payday + 1) weight *= time.paydayFactor;
        if (isMatchDay(day)) weight *= time.matchDayFactor;
        if (within.isHoliday(day + 1)) weight *= 1.4;
      }
      if (profile.name === 'youth-street' && isMatchDay(day)) weight *= time.matchDayFactor;
      return (total += weight);
    });
    return { daily, level: profile.months[partsOf(from).month - 1]! * total };
  };
  const year = createCalendar(calendar.firstMonth, 12);
  const usual = new Map(profiles.map((profile) => {
    let total = 0;
    for (let m = 0; m < 12; m += 1) total += dailyWeights(profile, year, m).level;
    return [profile.name, total / 12];
  }));
  return {
    setMonth(next) {
      month = next;
      for (const profile of profiles) {
        const { daily, level } = dailyWeights(profile, calendar, month);
        profile.daily = daily;
        profile.level = level / usual.get(profile.name)!;
      }
    },
    draw(random, name) {
      const profile = find(name);
      const day = calendar.monthStart[month]! + random.pickIndex(profile.daily);
      const hour = random.pickIndex(profile.hourly);
      // The small hours belong to the evening before.
      const night = name === 'night-time' && hour < 6 && day + 1 < calendar.monthStart[month + 1]! ? 1 : 0;
      return (day + night) * 1440 + hour * 60 + random.below(60);
    },
    level: (name) => find(name).level,
    trend: (name) => (1 + (time.trendPerYear[name] ?? time.trendPerYear['default'] ?? 0)) ** ((month - calendar.months / 2) / 12),
    isMatchDay,
  };
}
