// What in a period of the audit is worth a second look, and why: pure, from each day of everybody and the rules of the pack. It compares people with
// their own days before and with others of their role; it says what was counted, and accuses nobody.

import { usualLimit, type UsualLimit } from '../stats/index.ts';
import type { ActorDayFacts } from '../store/index.ts';
import type { AuditSignalCode, AuditSignalRules } from './audit-signal-rules.ts';
import { addDays } from './british-day.ts';

export interface AuditSignal {
  rule: AuditSignalCode;
  actorId: string;
  day: string;
  agency: string | null;
  role: string | null;
  /** A row of that person and day. */
  lastEvent: number;
  /** How many of what the rule counts. */
  count: number;
  /** What was usual, where the rule compares. */
  usual?: UsualLimit & { days: number; people: number };
}

export interface SignalsFound {
  /** The newest day first; on a day the larger counts first. */
  signals: AuditSignal[];
  /** Comparisons with what is usual that were made: so many times falseAlarm come about by chance. */
  compared: number;
}

const counts: Record<Exclude<AuditSignalCode, 'more-than-own-usual' | 'more-than-role-usual'>, keyof ActorDayFacts> = {
  'outside-hours': 'outsideHours',
  'broken-glass': 'brokenGlass',
  'no-relation': 'noRelation',
  'own-name': 'ownName',
  'own-address': 'ownAddress',
  'many-refusals': 'refusals',
  'many-exports': 'exports',
};

/**
 * @param days of the period and of `baselineDays` before it, of everybody
 * @param from the first day that is looked at; days before it serve as what is usual
 */
export function findAuditSignals(days: readonly ActorDayFacts[], from: string, rules: AuditSignalRules): SignalsFound {
  const ofActor = Map.groupBy(days, ({ actorId }) => actorId);
  const others = baselinesOfRoles(days, rules);
  const signals: AuditSignal[] = [];
  let compared = 0;
  for (const facts of days.filter(({ day }) => day >= from)) {
    const { actorId, day, agency, role, lastEvent } = facts;
    const add = (rule: AuditSignalCode, count: number, usual?: AuditSignal['usual']) => void signals.push({ rule, actorId, day, agency, role, lastEvent, count, ...(usual ? { usual } : {}) });
    for (const [rule, { fewest }] of rules.signals) {
      if (rule === 'more-than-own-usual' || rule === 'more-than-role-usual') {
        const before = rule === 'more-than-own-usual' ? baselineBefore(ofActor.get(actorId)!, day, rules) : others(facts);
        if (!isEnough(before, rules, rule === 'more-than-own-usual' ? 1 : 2)) continue;
        compared += 1;
        if (facts.people < fewest || !mayBeMore(before, facts)) continue;
        const usual = { ...usualLimit(before.counts(), rules.falseAlarm), days: before.days, people: before.people };
        if (facts.people > usual.limit) add(rule, facts.people, usual);
        continue;
      }
      if (rule === 'outside-hours' && agency !== null && rules.hours.notFor.includes(agency)) continue;
      const count = facts[counts[rule]] as number;
      if (count >= fewest) add(rule, count);
    }
  }
  signals.sort((a, b) => (a.day !== b.day ? (a.day < b.day ? 1 : -1) : b.count - a.count || (a.actorId < b.actorId ? -1 : 1)));
  return { signals, compared };
}

/** What the days before were like. */
interface Baseline {
  days: number;
  people: number;
  /** On how many of the days at least so many people were seen. */
  atLeast(count: number): number;
  counts(): number[];
}

const isEnough = ({ days, people }: Baseline, { fewestDays }: AuditSignalRules, fewestPeople: number): boolean => days >= Math.max(2, fewestDays) && people >= fewestPeople;

/** A count that one day in twenty reached is not unusual; so the limit need not be reckoned for most. */
const mayBeMore = (before: Baseline, { people }: ActorDayFacts): boolean => before.atLeast(people) <= before.days / 20;

function baselineBefore(facts: readonly ActorDayFacts[], day: string, { baselineDays }: AuditSignalRules): Baseline {
  const first = addDays(day, -baselineDays);
  const before = facts.filter((each) => each.day >= first && each.day < day);
  return {
    days: before.length,
    people: new Set(before.map(({ actorId }) => actorId)).size,
    atLeast: (count) => before.filter(({ people }) => people >= count).length,
    counts: () => before.map(({ people }) => people),
  };
}

const nobody: Baseline = { days: 0, people: 0, atLeast: () => 0, counts: () => [] };

/** The days of others of somebody's role: those of the whole role are gathered and sorted once for each day, and the somebody's own taken out. */
function baselinesOfRoles(days: readonly ActorDayFacts[], rules: AuditSignalRules): (facts: ActorDayFacts) => Baseline {
  const ofRole = Map.groupBy(days, ({ role }) => role);
  const gathered = new Map<string, { all: Baseline; sorted: number[]; ofActor: Map<string, ActorDayFacts[]> }>();
  const gather = (role: string, day: string) => {
    const first = addDays(day, -rules.baselineDays);
    const before = ofRole.get(role)!.filter((each) => each.day >= first && each.day < day);
    return { all: baselineBefore(before, day, rules), sorted: before.map(({ people }) => people).toSorted((a, b) => b - a), ofActor: Map.groupBy(before, ({ actorId }) => actorId) };
  };
  return ({ role, day, actorId }) => {
    if (role === null) return nobody;
    const found = gathered.get(`${role} ${day}`) ?? gather(role, day);
    gathered.set(`${role} ${day}`, found);
    const { all, sorted, ofActor } = found;
    const own = ofActor.get(actorId) ?? [];
    return {
      days: all.days - own.length,
      people: all.people - (own.length > 0 ? 1 : 0),
      atLeast: (count) => howManyAtLeast(sorted, count) - own.filter(({ people }) => people >= count).length,
      counts: () => [...ofActor].flatMap(([actor, facts]) => (actor === actorId ? [] : facts.map(({ people }) => people))),
    };
  };
}

/** @param sorted the largest first */
function howManyAtLeast(sorted: readonly number[], count: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! >= count) low = middle + 1;
    else high = middle;
  }
  return low;
}
