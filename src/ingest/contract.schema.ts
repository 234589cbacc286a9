// What a feed's contract may say: the columns an agency sends, what counts as the same row, and how rows become standard records.

import { z } from 'zod';
import { meansScore } from '../govern/index.ts';

export const columnKinds = [
  'text', 'integer', 'decimal', 'boolean', 'date', 'datetime', 'month', 'code', 'list',
  'postcode', 'nhs-number', 'upn', 'lsoa', 'longitude', 'latitude', 'geometry',
] as const;

/** The identifying columns of a mention that a contract's column may fill. */
export const personFields = [
  'local_id', 'forename', 'middle_names', 'surname', 'birth_date', 'age', 'sex', 'ethnicity',
  'address', 'postcode', 'nhs_number', 'upn', 'phone', 'email', 'household_ref',
] as const;

const columnSchema = z.strictObject({
  /** Never a score of a person: see docs/methods/access.md. */
  name: z.string().min(1).refine((name) => !meansScore(name), 'a count of adverse experiences, or a score or prediction of one person, is not taken in: leave the column out'),
  /** Other headings that mean this column. */
  also: z.array(z.string()).default([]),
  label: z.string().optional(),
  type: z.enum(columnKinds),
  required: z.boolean().default(false),
  /** The file may lack the column altogether. */
  optional: z.boolean().default(false),
  personal: z.boolean().default(false),
  person: z.enum(personFields).optional(),
  codes: z.union([z.array(z.string()), z.literal('$categories')], 'there is no such code list. Allowed: a list of words, or $categories').optional(),
  pattern: z.string().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  /** The most characters a value may have. */
  longest: z.number().int().positive().default(20_000),
  separator: z.string().min(1).default(';'),
  /** Datetimes without an offset are in this zone; kept as British time. */
  zone: z.enum(['UTC', 'Europe/London']).default('Europe/London'),
  /** Where a coordinate may be. */
  within: z.enum(['united-kingdom', 'anywhere']).default('united-kingdom'),
  about: z.string().optional(),
});

const scalar = z.union([z.string(), z.number(), z.boolean()]);

/** A column's name; a list is the first that is filled; `is` a fixed value; `map` and `words` translate; `of: first` takes the first state of the row. */
export type Value =
  | string
  | Value[]
  | { is: string | number | boolean }
  | { column: string; map?: Record<string, string | number>; otherwise?: 'keep' | 'empty'; words?: string; categories?: string; of?: 'first' | 'last' }
  | { sum: string[] };

const valueSchema: z.ZodType<Value> = z.lazy(() =>
  z.union([
    z.string(),
    z.array(valueSchema),
    z.strictObject({ is: scalar }),
    z.strictObject({
      column: z.string(),
      map: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
      otherwise: z.enum(['keep', 'empty']).optional(),
      /** A pack of `words:` that translates, such as ethnicity. */
      words: z.string().optional(),
      /** The category whose attribute of this name equals the value, such as policeUk. */
      categories: z.string().optional(),
      of: z.enum(['first', 'last']).optional(),
    }),
    z.strictObject({ sum: z.array(z.string()).min(1) }),
  ]),
);

const conditionSchema = z.strictObject({
  column: z.string(),
  in: z.array(scalar).optional(),
  has: z.string().optional(),
  filled: z.boolean().optional(),
});

/** An id made of columns: of a place (scheme) or of another feed's row (feed). */
const idSchema = z.union([
  z.strictObject({ scheme: z.enum(['uprn', 'address', 'point', 'premises', 'school', 'area', 'family']), from: z.array(z.string()).min(1) }),
  z.strictObject({ feed: z.string(), from: z.array(z.string()).min(1) }),
  /** The place of another feed that has the column's text as its name; `part: first` takes the text before the first comma. */
  z.strictObject({ match: z.string(), column: z.string(), part: z.literal('first').optional() }),
]);

const flagSchema = z.union([
  z.strictObject({ from: z.string(), map: z.record(z.string(), z.array(z.string())).optional() }),
  z.strictObject({ flag: z.string(), when: conditionSchema.optional() }),
]);

const eventSchema = z.strictObject({
  when: conditionSchema.optional(),
  kind: valueSchema,
  category: valueSchema.optional(),
  opening_code: valueSchema.optional(),
  closing_code: valueSchema.optional(),
  flags: z.array(flagSchema).default([]),
  started_at: valueSchema.optional(),
  ended_at: valueSchema.optional(),
  reported_at: valueSchema.optional(),
  time_precision: valueSchema.optional(),
  place: z.array(idSchema).default([]),
  grade: valueSchema.optional(),
  minutes: valueSchema.optional(),
  outcome: valueSchema.optional(),
  detail: valueSchema.optional(),
});

const mentionSchema = z.strictObject({
  when: conditionSchema.optional(),
  role: valueSchema,
  /** The event this person was in, where it is not the row's own. */
  event: idSchema.optional(),
  observed_on: valueSchema.optional(),
});

const placeSchema = z.strictObject({
  when: conditionSchema.optional(),
  id: z.array(idSchema).min(1),
  kind: valueSchema.optional(),
  name: valueSchema.optional(),
  address: valueSchema.optional(),
  postcode: valueSchema.optional(),
  longitude: valueSchema.optional(),
  latitude: valueSchema.optional(),
  area_code: valueSchema.optional(),
});

const endSchema = z.union([z.enum(['event', 'mention']), z.array(idSchema).min(1)]);

const relationSchema = z.strictObject({
  when: conditionSchema.optional(),
  kind: z.string(),
  from: endSchema,
  to: endSchema,
  valid_from: valueSchema.optional(),
  valid_to: valueSchema.optional(),
});

const areaSchema = z.strictObject({
  area_code: valueSchema,
  area_name: valueSchema.optional(),
  ward_code: valueSchema.optional(),
  ward_name: valueSchema.optional(),
  authority_code: valueSchema.optional(),
  authority_name: valueSchema.optional(),
  population: valueSchema.optional(),
  deprivation_score: valueSchema.optional(),
  deprivation_decile: valueSchema.optional(),
  geometry: valueSchema.optional(),
  /** Keep the feed's other columns by name. */
  others: z.boolean().default(false),
});

const areaLookupSchema = z.strictObject({ from: z.string(), to: z.string() });

export const recordsSchema = z.strictObject({
  events: z.array(eventSchema).default([]),
  mentions: z.array(mentionSchema).default([]),
  places: z.array(placeSchema).default([]),
  relations: z.array(relationSchema).default([]),
  area: areaSchema.optional(),
  areaLookup: areaLookupSchema.optional(),
});

export const contractSchema = z.strictObject({
  feed: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/),
  title: z.string(),
  agency: z.string(),
  about: z.string(),
  cadence: z.enum(['once', 'yearly', 'termly', 'monthly', 'weekly', 'daily']),
  format: z.enum(['csv', 'geojson']).default('csv'),
  /** Anyone may have these data already: no agreement is needed to see them. `source` then names the licence. */
  published: z.boolean().default(false),
  source: z.strictObject({ name: z.string(), reference: z.string(), date: z.union([z.string(), z.date()]).transform(String), licence: z.string().optional() }),
  /** Columns that identify a row; or the whole row; or the whole row and how many times it has occurred. */
  key: z.union([z.array(z.string()).min(1), z.literal('row'), z.literal('occurrence')]),
  extraColumns: z.enum(['ignore', 'keep']).default('ignore'),
  columns: z.array(columnSchema).min(1),
  records: recordsSchema.prefault({}),
});

export type ContractColumn = Omit<z.infer<typeof columnSchema>, 'codes'> & { codes?: string[]; codeTitles?: Readonly<Record<string, string>> };
export type EventRule = z.infer<typeof eventSchema>;
export type MentionRule = z.infer<typeof mentionSchema>;
export type PlaceRule = z.infer<typeof placeSchema>;
export type RelationRule = z.infer<typeof relationSchema>;
export type AreaRule = z.infer<typeof areaSchema>;
export type FlagRule = z.infer<typeof flagSchema>;
export type Condition = z.infer<typeof conditionSchema>;
export type IdRule = z.infer<typeof idSchema>;

/** A feed's contract with its code lists filled in, and the hash of the pack it came from. */
export interface Contract extends Omit<z.infer<typeof contractSchema>, 'columns'> {
  columns: ContractColumn[];
  packSha256: string;
  packPath: string;
}
