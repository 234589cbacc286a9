// Everything that the web server is given. Nothing here or below reads the environment: main.ts does.

import type { AccessExemptions, Corrections, SubjectAccess } from '../govern/index.ts';
import type { AgreementDrafts, AgreementPacks, AgreementRegister, CaseDesk, People, Protection, Reidentification, RetentionDesk, ShareRecords } from '../govern/index.ts';
import type { LinkReviewService, PersonEventService } from '../linkage/index.ts';
import type { Categories } from '../understand/index.ts';
import type { Clock, LakeReader, Question } from '../core/index.ts';
import type { Sharing } from './gate/sharing.ts';
import type { AuditStudy } from './audit/audit-study.ts';
import type { AuditedSessions, AuditTrail } from './audit/audit-trail.ts';

/** A feed as the sources page names it. */
export interface FeedNote {
  id: string;
  title: string;
  agency: string;
  cadence: string;
  /** Who defined it, with its licence where it is published. */
  source: string;
}

/** The sample users, each behind one password: for simulated data, or for this computer alone. */
export interface SampleIdentity {
  kind: 'sample';
  password?: string;
}

/** A partnership's own OpenID Connect provider. */
export interface OpenIdIdentity {
  kind: 'openid';
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** The claim that holds one of our roles, or a list with one of them; default `headwater_role`. */
  roleClaim?: string;
  /** The claim that names the person's agency; default `agency`. */
  agencyClaim?: string;
}

export interface Limits {
  /** Requests a minute from one person, or one address where nobody is signed in. */
  requests: number;
  /** Requests a minute from one address to sign-in. */
  signIns: number;
  /** Passwords a minute from one address, sample sign-in only. */
  passwords: number;
  /** Minutes without a request after which a session ends. */
  idleMinutes: number;
  /** Hours after which a session ends in any case. */
  sessionHours: number;
}

export interface WebOptions {
  /** Of the product, for the API document. */
  version: string;
  partnership: string;
  /** The data are invented: said on every page. */
  simulated: boolean;
  questions: readonly Question[];
  /** The current snapshot; may throw a Problem where there is none. */
  lake: () => LakeReader;
  sessions: AuditedSessions;
  /** Keeps who did and saw what; rejects where it cannot be kept. Nothing is kept where absent. */
  audit?: AuditTrail;
  /** Who saw a person, what a user did, what looks unusual; no such pages where absent. */
  auditStudy?: AuditStudy;
  /** Rejects where the casework store does not answer; for /health. */
  checkStore: () => Promise<unknown>;
  /** The review of doubtful links, which shows names to those who may see them; no such pages where absent, or without `people`, who know the seals. */
  review?: LinkReviewService;
  /** Merges and splits of people, which can be undone; no such pages where absent, or without `people`. */
  personEvents?: PersonEventService;
  /** Agreements: what they give is what people see. Where absent, only published data are seen. */
  agreements?: AgreementRegister;
  /** Agreements in writing; kept in memory, and lost with the process, where absent. */
  agreementDrafts?: AgreementDrafts;
  /** What agreements are written and checked with; the product's own packs where absent. */
  agreementPacks?: AgreementPacks;
  /** People's records as agreements give them; no such pages where absent. */
  people?: People;
  /** Cases and work on them; no such pages where absent, or without `people`, `agreements` and `agreementPacks`. */
  cases?: CaseDesk;
  /** Sealed records and broken glass; no such pages where absent. */
  protection?: Protection;
  /** Decisions to share information about a person, or to withhold it; no such pages where absent. */
  shareRecords?: ShareRecords;
  /** What is kept and destroyed; no such pages where absent, or without `people` and `agreementPacks`. */
  retention?: RetentionDesk;
  /** People who ask what is held about them; no such pages where absent, or without `agreements` and `agreementPacks`. */
  subjectAccess?: { desk: SubjectAccess; keyOf(id: string): Promise<string | undefined>; exemptions: AccessExemptions };
  /** Facts that were reported as wrong, and who is to know; no such pages where absent, or without `people` and `agreements`. */
  corrections?: { desk: Corrections; keyOf(id: string): Promise<string | undefined> };
  /** Who is behind pseudonyms of extracts; no such page where absent. */
  reidentification?: Reidentification;
  /** Feeds, purposes and agencies as the partnership's packs have them; the product's own where absent. */
  sharing?: Sharing;
  identity: SampleIdentity | OpenIdIdentity;
  /** At least 32 characters; signs and seals cookies. */
  cookieSecret: string;
  /** The address that people type, such as https://headwater.example.org. */
  baseUrl: string;
  clock: Clock;
  /** Where the log goes, a JSON object a line; absent: nowhere. */
  log?: { write(line: string): void };
  feeds?: readonly FeedNote[];
  /** Names of agencies, categories and feeds as the partnership's packs have them; the product's own where absent. */
  categories?: Categories;
  /** Who to ask about the service. */
  contact?: { name: string; email?: string };
  /** docs/glossary.md as text, where there is one. */
  glossary?: string;
  /** Folder of the notes on methods; the product's own docs/methods where absent. */
  methodsFolder?: string;
  /** Believe X-Forwarded-For and -Proto: only behind a proxy that sets them. */
  trustProxy?: boolean;
  limits?: Partial<Limits>;
}

export const defaultLimits: Limits = { requests: 600, signIns: 60, passwords: 10, idleMinutes: 30, sessionHours: 10 };

/** True where the address is this computer's own. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || host === '::1' || /^(::ffff:)?127\.\d+\.\d+\.\d+$/.test(host);
}
