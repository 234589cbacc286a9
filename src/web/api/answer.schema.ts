// What the API answers, as schemas: the OpenAPI document is made from them, and a test holds every answer to them.

import { z } from 'zod';
import type { Answer } from '../../core/index.ts';

const cell = z.union([z.string(), z.number(), z.null()]);

const columnSchema = z.object({
  name: z.string(),
  label: z.string(),
  format: z.enum(['text', 'count', 'decimal', 'share', 'month', 'date']),
  unit: z.string().optional(),
});

const tableSchema = z
  .object({
    id: z.string(),
    title: z.string(),
    columns: z.array(columnSchema),
    rows: z.array(z.record(z.string(), cell)),
    suppressed: z.array(z.string()).describe('"row index:column name" of each cell that disclosure control removed'),
    note: z.string().optional(),
  })
  .meta({ id: 'Table' });

export const answerSchema = z
  .object({
    question: z.string(),
    title: z.string(),
    sentence: z.string().describe('The answer, with its number and how sure it is'),
    filters: z.object({
      agency: z.array(z.string()),
      category: z.array(z.string()),
      area: z.array(z.string()),
      from: z.string().optional(),
      to: z.string().optional(),
    }),
    snapshot: z.object({ id: z.string(), builtAt: z.string(), dataTo: z.string().nullable() }),
    tables: z.array(tableSchema),
    figures: z.record(z.string(), cell),
    howSure: z.array(z.string()),
    sources: z.array(z.object({ feed: z.string(), label: z.string(), rows: z.number().nullable(), lastLoaded: z.string().nullable() })),
    leftOut: z.array(z.object({ feed: z.string(), label: z.string(), why: z.string() })).describe('Feeds that you may not see and that are not in these numbers, whether or not they are loaded'),
    sql: z.array(z.string()),
    suppression: z.object({ rule: z.string(), suppressedCells: z.number() }),
    seconds: z.number(),
  })
  .meta({ id: 'Answer' });

/** The compiler holds the schema and core's Answer together. */
export const presentAnswer = (answer: Answer): z.infer<typeof answerSchema> => ({ ...answer, leftOut: answer.leftOut ?? [] });

export const questionListSchema = z
  .object({ questions: z.array(z.object({ id: z.string(), title: z.string(), summary: z.string(), method: z.string(), href: z.string() })) })
  .meta({ id: 'QuestionList' });

export type QuestionList = z.infer<typeof questionListSchema>;

export const problemSchema = z
  .object({
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    reason: z.string().optional().describe('Why agreements do not let you see it: a code'),
    reference: z.string().describe('Names the request in the log'),
  })
  .meta({ id: 'Problem' });

const month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/);

/** The query of a question, as the API takes it: many values of one name, or one value with commas. */
export const questionQuerySchema = z.object({
  agency: z.array(z.string()).optional().describe('Agency codes; absent means all'),
  category: z.array(z.string()).optional().describe('Category codes; absent means all'),
  area: z.array(z.string()).optional().describe('Area, ward or authority codes; absent means all'),
  from: month.optional().describe('First month, such as 2025-01'),
  to: month.optional().describe('Last month, such as 2025-12'),
});
