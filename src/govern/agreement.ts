// An information sharing agreement: who shares which data with whom, for which purpose, by which power, from when until when. Its state is
// worked out from what was done to it, never stored. The parts follow the ICO's data sharing code; see docs/methods/agreements.md.

import { z } from 'zod';
import { roles } from '../core/index.ts';

/** How close the reader stands to the person whom an item is about, from furthest to closest; each includes those before it. */
export const relations = ['none', 'agency', 'member', 'lead'] as const;
export type Relation = (typeof relations)[number];

/** Items leave as records of named people, or as figures made from pseudonymised records. */
export const forms = ['pseudonymised', 'identified'] as const;
export type Form = (typeof forms)[number];

const code = z.string().regex(/^[a-z][a-z0-9-]*$/, { error: 'must be a code, such as early-help' });
const words = z.string().trim().min(1).max(5000);
const day = z.iso.date();

/** Fields of a feed, or a section of a case. */
export const dataItemSchema = z.union([
  z.strictObject({ feed: code, fields: z.union([z.literal('all'), z.array(z.string().min(1).max(100)).min(1)]) }),
  z.strictObject({ section: code }),
]);
export type DataItem = z.infer<typeof dataItemSchema>;

export const clauseSchema = z.strictObject({
  /** Of the pack of purposes. */
  purpose: code,
  /** Agencies whose data these are. */
  from: z.array(code).min(1),
  items: z.array(dataItemSchema).min(1),
  form: z.enum(forms),
  /** Who may see them: people of these roles in this agency. */
  to: z.array(z.strictObject({ agency: code, roles: z.array(z.enum(roles)).min(1) })).min(1),
  /** The least relation to the person that a reader needs; for pseudonymised items always none. */
  relation: z.enum(relations),
  /** Conditions and gateways of the pack of legal powers: at least one basis in law for the purpose. */
  powers: z.array(code).min(1),
  /** Why the purpose cannot be reached with less. */
  necessity: words,
});
export type Clause = z.infer<typeof clauseSchema>;

export const agreementContentSchema = z.strictObject({
  title: words.max(200),
  aims: words,
  benefits: words,
  parties: z.array(z.strictObject({ agency: code, role: z.enum(['controller', 'joint-controller', 'processor']), contact: words.max(300) })).min(2),
  clauses: z.array(clauseSchema).min(1),
  onwardUse: z.enum(['none', 'same-purpose', 'with-consent-of-source']),
  /** A schedule of the pack of retention schedules. */
  retention: code,
  quality: words,
  rights: words,
  security: words,
  breach: words,
  startsOn: day,
  reviewOn: day,
  endsOn: day,
});
export type AgreementContent = z.infer<typeof agreementContentSchema>;

/** What is done to an agreement, in the order in which it was done. A signature is of one version. */
export type AgreementEvent =
  | { kind: 'drafted'; version: number; content: AgreementContent; by: string; at: number }
  | { kind: 'signed'; version: number; agency: string; by: string; at: number }
  | { kind: 'withdrawn'; agency: string; by: string; at: number; reason: string }
  | { kind: 'ended'; by: string; at: number; reason: string };

export interface Agreement {
  agreementId: string;
  events: readonly AgreementEvent[];
}

export type AgreementState =
  /** No party has signed the newest version, and none is or was in force. */
  | 'draft'
  /** Some have signed; `missing` lists who has not. */
  | 'signing'
  /** Signed by all; its first day lies ahead. */
  | 'agreed'
  | 'live'
  /** Its last day is over, a party withdrew, or it was ended. */
  | 'lapsed';

export interface AgreementStatus {
  state: AgreementState;
  /** The version that is in force, or that is being signed where none is. */
  version: number;
  content: AgreementContent;
  /** Parties that have not signed the newest version. */
  missing: readonly string[];
  /** Milliseconds since the epoch from which, and before which, the version in force holds; null where it never did. */
  from: number | null;
  to: number | null;
  /** Why it lapsed. */
  lapse: 'last-day' | 'withdrawn' | 'ended' | null;
  reviewDue: boolean;
}
