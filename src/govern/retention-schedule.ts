// How long records are kept, from which event, and when somebody looks whether they are still needed; and the longest term of an agreement.

import { z } from 'zod';
import { readPack, recordKinds, type Pack } from '../store/index.ts';

const years = z.number().int().min(1).max(120);

/** What starts the clock. `source`: as the agency that gave the data keeps its own. */
export const retentionEvents = ['recorded', 'last-recorded', 'closed', 'left', 'ended', 'source'] as const;

const scheduleSchema = z
  .strictObject({
    title: z.string().min(1),
    holder: z.string().nullable(),
    /** What it is of, where that is neither cases nor files of an agency. */
    of: z.enum(recordKinds).optional(),
    from: z.enum(retentionEvents),
    years: years.optional(),
    age: years.optional(),
    review: years.nullable(),
    source: z.string().min(1),
    date: z.iso.date(),
    checked: z.boolean(),
  })
  .refine((schedule) => schedule.from === 'source' || schedule.years !== undefined || schedule.age !== undefined, { error: 'must say years or age' })
  .refine((schedule) => schedule.of === undefined || schedule.holder === null, { error: 'must be of records or of an agency, not of both' });

const packSchema = z.strictObject({
  source: z.string(),
  date: z.iso.date(),
  agreement: z.strictObject({ longestYears: years, longestReviewYears: years, source: z.string(), date: z.iso.date(), checked: z.boolean() }),
  schedules: z.record(z.string().regex(/^[a-z][a-z0-9-]*$/, { error: 'must be a code' }), scheduleSchema),
});

export type RetentionSchedule = z.infer<typeof scheduleSchema> & { code: string };

export interface Retention {
  schedules: ReadonlyMap<string, RetentionSchedule>;
  agreement: z.infer<typeof packSchema>['agreement'];
}

export function readRetention(localPacks: string | undefined): Pack<Retention> {
  const pack = readPack(localPacks, 'retention', packSchema);
  return { ...pack, value: { agreement: pack.value.agreement, schedules: new Map(Object.entries(pack.value.schedules).map(([code, schedule]) => [code, { code, ...schedule }])) } };
}

const since = {
  recorded: 'it was recorded', 'last-recorded': 'the case was last added to', closed: 'the case was closed', left: 'the person left', ended: 'it ended', source: '',
} as const satisfies Record<RetentionSchedule['from'], string>;

/** Of a decision to share, a request for access or a correction. */
const sinceRecord = { ...since, 'last-recorded': 'it was last added to', closed: 'it was answered, closed or decided' } as const;

/** Of a loaded file. */
const newestRow = (from: RetentionSchedule['from']): string => `the day of its newest row${from === 'closed' || from === 'left' || from === 'ended' ? ' (the day on which it was loaded, where something in it had not ended)' : ''}`;

const counted = (number: number) => (number === 1 ? '1 year' : `${number} years`);

/** What a schedule is told of. */
export type ScheduleOf = 'case' | 'load' | 'record';

/**
 * A schedule in words: of a case, of a record beside cases, or of a loaded file, where the clock starts at its newest row.
 *
 * @example
 * presentSchedule(earlyHelp); // 'Kept for 6 years after the case was closed, or until the person would be 25, whichever is later.'
 */
export function presentSchedule(schedule: RetentionSchedule, of: ScheduleOf = 'case'): string {
  const { from, years: kept, age, review } = schedule;
  const ofAge = of === 'load' ? 'somebody born on the day of its newest row would be' : 'the person would be';
  const start = of === 'load' ? newestRow(from) : of === 'case' ? since[from] : sinceRecord[from];
  const parts = [...(kept === undefined ? [] : [`for ${counted(kept)} after ${start}`]), ...(age === undefined ? [] : [`until ${ofAge} ${age}`])];
  const first = from === 'source' ? 'Kept no longer than the agency that gave the data keeps its own record.' : `Kept ${parts.join(', or ')}${parts.length > 1 ? ', whichever is later' : ''}.`;
  return review === null ? first : `${first} The need to keep them is decided anew every ${review === 1 ? 'year' : counted(review)}.`;
}
