// The purposes for which people look at data, as the pack names them. A purpose is stated once for a task and must be one that a clause gives.

import { z } from 'zod';
import { readPack, type Pack } from '../store/index.ts';

export const regimes = ['uk-gdpr', 'part-3'] as const;
/** The law that governs it: general processing, or law enforcement by competent authorities (Data Protection Act 2018, Part 3). */
export type Regime = (typeof regimes)[number];

const schema = z.strictObject({
  source: z.string().min(1),
  date: z.iso.date(),
  checked: z.boolean(),
  purposes: z.record(z.string().regex(/^[a-z][a-z0-9-]*$/, { error: 'must be a code, such as early-help' }), z.strictObject({
    title: z.string().min(1).max(100),
    says: z.string().min(1).max(300),
    regime: z.enum(regimes),
    identified: z.boolean(),
  })),
});

export interface Purpose {
  code: string;
  title: string;
  /** One sentence. */
  says: string;
  regime: Regime;
  /** It is about named people; where false, pseudonymised data are enough and no more is given. */
  identified: boolean;
}

export type Purposes = ReadonlyMap<string, Purpose>;

export function readPurposes(localPacks: string | undefined): Pack<Purposes> {
  const pack = readPack(localPacks, 'purposes', schema);
  return { ...pack, value: new Map(Object.entries(pack.value.purposes).map(([code, purpose]) => [code, { code, ...purpose }])) };
}
