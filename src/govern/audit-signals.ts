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
  const ofRole = Map.groupBy(days.filter(({ role }) => role !== null), ({ role }) => role!);
  const signals: AuditSignal[] = [];
  let compared = 0;
  for (const facts of days.filter(({ day }) => day >= from)) {
    const { actorId, day, agency, role, lastEvent } = facts;
    const add = (rule: AuditSignalCode, count: number, usual?: AuditSignal['usual']) => void signals.push({ rule, actorId, day, agency, role, lastEvent, count, ...(usual ? { usual } : {}) });
    for (const [rule, { fewest }] of rules.signals) {
      if (rule === 'more-than-own-usual' || rule === 'more-than-role-usual') {
        const before = rule === 'more-than-own-usual' ? ofActor.get(actorId)! : role === null ? [] : ofRole.get(role)!.filter((each) => each.actorId !== actorId);
        const usual = usualBefore(before, day, rules, rule === 'more-than-own-usual' ? 1 : 2);
        if (usual) compared += 1;
        if (usual && facts.people > usual.limit && facts.people >= fewest) add(rule, facts.people, usual);
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

/** Undefined where too few days, or too few people, are known. */
function usualBefore(facts: readonly ActorDayFacts[], day: string, { baselineDays, fewestDays, falseAlarm }: AuditSignalRules, fewestPeople: number): AuditSignal['usual'] {
  const first = addDays(day, -baselineDays);
  const before = facts.filter((each) => each.day >= first && each.day < day);
  const people = new Set(before.map(({ actorId }) => actorId)).size;
  if (before.length < Math.max(2, fewestDays) || people < fewestPeople) return undefined;
  return { ...usualLimit(before.map((each) => each.people), falseAlarm), days: before.length, people };
}
