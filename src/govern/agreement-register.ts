// The register of a partnership's agreements: what can be done to one, and who may do it. The store keeps what was done; see agreement.store.ts.

import type { Grant, Reader } from './access-request.ts';
import type { Agreement, AgreementContent } from './agreement.ts';

/** Why something cannot be done to an agreement; a person can mend it. */
export type AgreementFault =
  /** The content contradicts itself, another agreement or the law as the packs have it; `findings` say where. */
  | 'content-faulty'
  /** The reader's agency is no party. */
  | 'not-your-agency'
  /** Only a signatory signs and withdraws. */
  | 'not-a-signatory'
  /** Only an information governance lead drafts and ends. */
  | 'not-a-governance-lead'
  | 'signed-already'
  /** A newer version was drafted meanwhile. */
  | 'version-superseded'
  | 'lapsed'
  | 'not-found';

export interface Finding {
  /** Where in the content, such as ["clauses", 1, "powers"]. */
  path: readonly (string | number)[];
  /** One sentence: what is wrong and how to mend it. */
  message: string;
  /** A fault stops the draft; a warning is shown to those who sign. */
  level: 'fault' | 'warning';
}

export type AgreementOutcome<T = object> = ({ ok: true } & T) | { ok: false; reason: AgreementFault; findings: readonly Finding[] };

export interface AgreementRegister {
  /** Newest first. */
  list(): Promise<readonly Agreement[]>;
  find(agreementId: string): Promise<Agreement | undefined>;
  /** What is wrong or doubtful with a content, as `draft` would find it; for `redraft`, say of which agreement. */
  check(content: unknown, agreementId?: string): Promise<readonly Finding[]>;
  /** Version 1 of a new agreement. */
  draft(content: AgreementContent, by: Reader): Promise<AgreementOutcome<{ agreementId: string; version: number }>>;
  /** The next version; the one in force holds until all parties have signed it. Refused where `basedOn` is no longer the newest version. */
  redraft(agreementId: string, content: AgreementContent, by: Reader, basedOn?: number): Promise<AgreementOutcome<{ version: number }>>;
  /** Signs the newest version for the reader's agency: only a signatory of a party may. */
  sign(agreementId: string, version: number, by: Reader): Promise<AgreementOutcome>;
  /** A party's signatory takes their agency out: the agreement lapses at once. */
  withdraw(agreementId: string, by: Reader, reason: string): Promise<AgreementOutcome>;
  /** An information governance lead ends it for all, at once. */
  end(agreementId: string, by: Reader, reason: string): Promise<AgreementOutcome>;
  /** What all agreements give, lapsed ones too, so that a refusal can say why. Cheap to ask for each request: the same array until something is done. */
  grants(): Promise<readonly Grant[]>;
}
