// The rules by which something in the audit is worth a second look, as the pack has them (packs/audit-signals.yaml).

import { z } from 'zod';
import { readPack, type Pack, type WorkingHours } from '../store/index.ts';

export const auditSignalCodes = ['more-than-own-usual', 'more-than-role-usual', 'outside-hours', 'broken-glass', 'no-relation', 'own-name', 'own-address', 'many-refusals', 'many-exports'] as const;
export type AuditSignalCode = (typeof auditSignalCodes)[number];

const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: 'must be a time, such as 07:00' });
const minutesOf = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

const schema = z.strictObject({
  source: z.string().min(1),
  date: z.iso.date(),
  checked: z.boolean(),
  baselineDays: z.number().int().min(7).max(366),
  fewestDays: z.number().int().min(2).max(366),
  falseAlarm: z.number().min(0.000_001).max(0.1),
  hours: z.strictObject({ from: clock, to: clock, days: z.array(z.enum(weekdays)).min(1), notFor: z.array(z.string()).default([]) }).refine(({ from, to }) => from < to, { error: 'must end after it begins', path: ['to'] }),
  signals: z.partialRecord(z.enum(auditSignalCodes, { error: `must be one of ${auditSignalCodes.join(', ')}` }), z.strictObject({ title: z.string().min(1).max(100), fewest: z.number().int().min(1) })),
});

export interface AuditSignalRules {
  baselineDays: number;
  fewestDays: number;
  falseAlarm: number;
  hours: WorkingHours & { notFor: readonly string[]; /** As the pack writes them. */ words: string };
  /** Those that are on; a rule that the pack leaves out is off. */
  signals: ReadonlyMap<AuditSignalCode, { title: string; fewest: number }>;
  source: string;
  date: string;
}

export function readAuditSignalRules(localPacks: string | undefined): Pack<AuditSignalRules> {
  const pack = readPack(localPacks, 'audit-signals', schema);
  const { hours: { from, to, days, notFor }, signals, checked: _, ...rest } = pack.value;
  return {
    ...pack,
    value: {
      ...rest,
      hours: { from: minutesOf(from), to: minutesOf(to), days: days.map((day) => weekdays.indexOf(day) + 1), notFor, words: `${from} to ${to}` },
      signals: new Map(auditSignalCodes.flatMap((code) => (signals[code] ? [[code, signals[code]] as const] : []))),
    },
  };
}
