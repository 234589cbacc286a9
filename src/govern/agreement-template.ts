// Agreements to begin from: a template's content, dated from a first day.

import { z } from 'zod';
import { readPack, type Pack } from '../store/index.ts';
import { agreementContentSchema, type AgreementContent } from './agreement.ts';
import { addDays, addMonths } from './british-day.ts';

const templateSchema = z.strictObject({
  says: z.string().min(1),
  months: z.number().int().min(1).max(120),
  reviewMonths: z.number().int().min(1).max(120),
  content: agreementContentSchema.omit({ startsOn: true, reviewOn: true, endsOn: true }),
});
const packSchema = z.strictObject({ source: z.string(), date: z.iso.date(), templates: z.record(z.string().regex(/^[a-z][a-z0-9-]*$/, { error: 'must be a code' }), templateSchema) });

export type AgreementTemplate = z.infer<typeof templateSchema> & { code: string };

export function readAgreementTemplates(localPacks: string | undefined): Pack<ReadonlyMap<string, AgreementTemplate>> {
  const pack = readPack(localPacks, 'agreement-templates', packSchema);
  return { ...pack, value: new Map(Object.entries(pack.value.templates).map(([code, template]) => [code, { code, ...template }])) };
}

/** The template's content as an agreement that begins on a day, such as "2026-12-01". */
export function contentFromTemplate({ content, months, reviewMonths }: AgreementTemplate, startsOn: string): AgreementContent {
  return { ...structuredClone(content), startsOn, reviewOn: addMonths(startsOn, reviewMonths), endsOn: addDays(addMonths(startsOn, months), -1) };
}
