// The agencies of a partnership, as its pack names them, and which of them a person who signs in comes from.

import { z } from 'zod';
import { readPack, type Pack } from '../store/index.ts';

/** What the law calls a body by: it decides which powers reach it. */
export const sectors = ['police', 'health', 'social-care', 'education', 'early-help', 'housing', 'council', 'probation', 'voluntary', 'oversight', 'public', 'other'] as const;
export type Sector = (typeof sectors)[number];

/** Part 3 of the Data Protection Act 2018 is for these (section 30 and Schedule 7), as far as sectors tell them. */
export const isCompetentAuthority = (sector: Sector): boolean => sector === 'police' || sector === 'probation';

/** Whose records of health and care are held in confidence, and who have a Caldicott guardian. */
export const isHealthOrCare = (sector: Sector): boolean => sector === 'health' || sector === 'social-care';

const schema = z
  .looseObject({ agencies: z.record(z.string(), z.looseObject({ title: z.string().min(1), sector: z.enum(sectors).default('other'), partOf: z.string().optional() })) })
  .superRefine(({ agencies }, context) => {
    for (const [code, { partOf }] of Object.entries(agencies)) {
      const whole = partOf === undefined ? undefined : agencies[partOf];
      if (partOf !== undefined && (!whole || partOf === code || whole.partOf !== undefined)) context.addIssue({ code: 'custom', path: ['agencies', code, 'partOf'], message: 'must be the code of another agency, which is part of none' });
    }
  });

export interface Agency {
  code: string;
  title: string;
  sector: Sector;
  /** Of a body that is no legal person: the agency that it is a part of, which is the controller. */
  partOf?: string;
}

export type Agencies = ReadonlyMap<string, Agency>;

export function readAgencies(localPacks: string | undefined): Pack<Agencies> {
  const pack = readPack(localPacks, 'agencies', schema);
  return { ...pack, value: new Map(Object.entries(pack.value.agencies).map(([code, { title, sector, partOf }]) => [code, { code, title, sector, ...(partOf === undefined ? {} : { partOf }) }])) };
}

const plain = (text: string) => text.trim().toLowerCase().replaceAll('’', "'").replaceAll(/\s+/g, ' ');

/**
 * The code of the agency that an identity provider names, by code or by title. Undefined where the partnership has none of that name, or two:
 * then nothing is granted.
 *
 * @example
 * findAgencyCode(agencies, 'Early help'); // 'early-help'
 */
export function findAgencyCode(agencies: Agencies, claim: string): string | undefined {
  const wanted = plain(claim);
  const found = [...agencies.values()].filter(({ code, title }) => code === wanted || plain(title) === wanted);
  return found.length === 1 ? found[0]!.code : undefined;
}
