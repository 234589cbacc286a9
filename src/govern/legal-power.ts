// Conditions and gateways in law on which a clause can stand: which regime, since when and until when, what they do not reach, and what else
// must stand beside them. Each says whether it was checked against its source or is from memory.

import { z } from 'zod';
import { readPack, type Pack } from '../store/index.ts';
import { sectors, type Sector } from './agency.ts';
import type { Form } from './agreement.ts';
import { endOfBritishDay, startOfBritishDay } from './british-day.ts';
import type { ItemKind } from './data-item.ts';

export const powerKinds = ['article6', 'article9', 'article10', 'part3', 'part3-sensitive', 'gateway', 'common-law'] as const;
export type PowerKind = (typeof powerKinds)[number];

export const powerKindTitles = {
  article6: 'Lawful basis (UK GDPR, article 6)',
  article9: 'Condition for special categories (UK GDPR, article 9)',
  article10: 'Condition for criminal offence data (UK GDPR, article 10)',
  part3: 'Lawful basis for law enforcement (Data Protection Act 2018, Part 3)',
  'part3-sensitive': 'Condition for sensitive processing (Data Protection Act 2018, Schedule 8)',
  gateway: 'Statutory gateway',
  'common-law': 'Common law',
} as const satisfies Record<PowerKind, string>;

const limitSchema = z
  .strictObject({
    kinds: z.array(z.enum(['health', 'criminal', 'special'])).min(1).optional(),
    sectors: z.array(z.enum(sectors)).min(1).optional(),
    forms: z.array(z.enum(['pseudonymised', 'identified'])).min(1).optional(),
  })
  .refine((limit) => Object.values(limit).some((given) => given !== undefined), { error: 'must say kinds, sectors or forms' });

const powerSchema = z
  .strictObject({
    title: z.string().min(1),
    citation: z.string().min(1),
    says: z.string().min(1),
    regime: z.enum(['uk-gdpr', 'part-3', 'any']),
    kind: z.enum(powerKinds),
    needs: z.array(z.enum(powerKinds)).default([]),
    inForceFrom: z.iso.date().nullable(),
    inForceTo: z.iso.date().nullable().default(null),
    mayNotCarry: z.array(limitSchema).default([]),
    consent: z.enum(['rests-on', 'stands-without']).nullable().default(null),
    source: z.string().min(1),
    date: z.iso.date(),
    checked: z.boolean(),
  })
  .refine(({ inForceFrom, inForceTo }) => inForceFrom === null || inForceTo === null || inForceFrom <= inForceTo, { error: 'must not lie before inForceFrom', path: ['inForceTo'] });

const packSchema = z.strictObject({ source: z.string(), date: z.iso.date(), powers: z.record(z.string().regex(/^[a-z][a-z0-9-]*$/, { error: 'must be a code' }), powerSchema) });

export type LegalPower = z.infer<typeof powerSchema> & { code: string };
export type LegalPowers = ReadonlyMap<string, LegalPower>;

export function readLegalPowers(localPacks: string | undefined): Pack<LegalPowers> {
  const pack = readPack(localPacks, 'legal-powers', packSchema);
  return { ...pack, value: new Map(Object.entries(pack.value.powers).map(([code, power]) => [code, { code, ...power }])) };
}

/** From which moment, and before which, a power is in force; infinite where no end is set, and never where it has not begun. */
export function forceOf({ inForceFrom, inForceTo }: Pick<LegalPower, 'inForceFrom' | 'inForceTo'>): { from: number; to: number } {
  return {
    from: inForceFrom === null ? Infinity : startOfBritishDay(inForceFrom),
    to: inForceTo === null ? Infinity : endOfBritishDay(inForceTo),
  };
}

/** What is to be carried: kinds of one item, its holder's sector and the form. */
export interface Load {
  kinds: readonly ItemKind[];
  sector: Sector;
  form: Form;
}

/** True where no limit of the power keeps it from carrying this. */
export function mayCarry(power: LegalPower, { kinds, sector, form }: Load): boolean {
  return !power.mayNotCarry.some((limit) => (!limit.kinds || limit.kinds.some((kind) => kinds.includes(kind))) && (!limit.sectors || limit.sectors.includes(sector)) && (!limit.forms || limit.forms.includes(form)));
}
