// Why the law lets a part be left out of an answer to a subject access request: the grounds of the pack `access-exemptions`.

import { z } from 'zod';
import { readPack } from '../store/index.ts';

const exemptionSchema = z.strictObject({ title: z.string().min(1), says: z.string().min(1), citation: z.string().min(1), checked: z.boolean() });
const packSchema = z.strictObject({
  source: z.string(),
  date: z.iso.date(),
  exemptions: z.record(z.string().regex(/^[a-z][a-z0-9-]*$/, { error: 'must be a code' }), exemptionSchema),
});

export type AccessExemption = z.infer<typeof exemptionSchema>;
export type AccessExemptions = ReadonlyMap<string, AccessExemption>;

/** By code. @throws Problem that names the file and line of the first mistake */
export const readAccessExemptions = (localPacks: string | undefined): AccessExemptions => new Map(Object.entries(readPack(localPacks, 'access-exemptions', packSchema).value.exemptions));
