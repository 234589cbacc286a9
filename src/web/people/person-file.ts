// A person's record as a file and as an answer of the API: the same cells as on the page, each with its source and what allows it.

import { z } from 'zod';
import { toCsv } from '../../core/index.ts';
import { britishDayOf, writeClauseRef, type Allowed, type CellCorrection, type RecordColumn, type ShownFeed } from '../../govern/index.ts';
import type { Shown } from './people-pages.ts';
import { presentBasis, presentValue, type ViewContext } from './person-view.ts';

const columns = ['agency', 'feed', 'date', 'field', 'value', 'in_words', 'source_file', 'source_line', 'loaded_on', 'shared_under', 'corrected_to', 'corrected_on'];

/** What stands in the place of a sealed record, everywhere. */
export const sealedWords = (whomToRing: string): string => `A record exists. Ring ${whomToRing.replace(/\.$/, '')}.`;

/** In the words of the page, so that nobody takes it for what the agency holds. */
const correctedTo = (column: RecordColumn, { right, mended }: CellCorrection): string => (mended ? 'Mended at its source' : right === null ? 'This is not so' : presentValue(column, right));

/** One line for each cell. */
export function recordCsv(answer: Shown, context: ViewContext): string {
  if (answer.kind === 'sealed') return toCsv(['note'], [{ note: sealedWords(answer.whomToRing) }]);
  return toCsv(columns, answer.feeds.flatMap(({ feed, rows }) => rows.flatMap((row) => row.cells.map(({ column, value, by, correction }) => ({
    agency: context.agencyName(feed.holder), feed: feed.title, date: row.date?.slice(0, 10) ?? null, field: column.label, value, in_words: presentValue(column, value),
    source_file: row.file, source_line: row.line, loaded_on: row.loadedAt.slice(0, 10), shared_under: presentBasis(by, context).text,
    corrected_to: correction ? correctedTo(column, correction) : null, corrected_on: correction ? britishDayOf(correction.decidedAt) : null,
  })))));
}

const correctionSchema = z.object({
  right: z.string().nullable().describe('What is right; null where the value is not so, and nothing stands in its place'),
  decidedOn: z.string(),
  mended: z.boolean().describe('The value is right by now: the agency has mended its record'),
});
const value = z.object({
  field: z.string(), label: z.string(), value: z.string(), allowedBy: z.string().describe('The clause as agreement/version/clause, or broken-glass'),
  correction: correctionSchema.optional().describe('Where the value was found to be wrong'),
});
const feedSchema = z.object({
  agency: z.string(),
  feed: z.string(),
  title: z.string(),
  rows: z.array(z.object({ date: z.string().nullable(), source: z.object({ file: z.string(), line: z.number(), loadedAt: z.string() }), values: z.array(value) })),
});

/** Of a sealed record only `sealed` is there. */
export const personSchema = z.object({
  person: z.string(),
  sealed: z.string().optional().describe('That a record exists, and whom to ring'),
  brokenGlassUntil: z.string().optional().describe('ISO 8601: until when more is shown than agreements give'),
  feeds: z.array(feedSchema),
});

const allowedBy = (by: Allowed): string => (by.by === 'clause' ? writeClauseRef(by.clause) : by.by);

const presentFeed = ({ feed, rows }: ShownFeed): z.infer<typeof feedSchema> => ({
  agency: feed.holder,
  feed: feed.feed,
  title: feed.title,
  rows: rows.map(({ date, file, line, loadedAt, cells }) => ({ date, source: { file, line, loadedAt }, values: cells.map(({ column, value: held, by, correction }) => ({
    field: column.name, label: column.label, value: held, allowedBy: allowedBy(by), ...(correction ? { correction: { right: correction.right, decidedOn: britishDayOf(correction.decidedAt), mended: correction.mended } } : {}),
  })) })),
});

export function recordJson(answer: Shown): z.infer<typeof personSchema> {
  if (answer.kind === 'sealed') return { person: answer.personKey, sealed: sealedWords(answer.whomToRing), feeds: [] };
  return { person: answer.personKey, ...(answer.brokenUntil === null ? {} : { brokenGlassUntil: new Date(answer.brokenUntil).toISOString() }), feeds: answer.feeds.map(presentFeed) };
}
