// What an extract says of itself in manifest.json: for whom, for which purpose, by which clauses, of which snapshot, and the hash of each file.

import type { ExtractTable } from './extract-columns.ts';
import type { ExtractPlan } from './plan-extract.ts';

/** For whom, for what and by whom. */
export interface ExtractTerms {
  purpose: { code: string; title: string };
  agreement: { id: string; title: string };
  /** A named person, with the agency and role that the clauses name. */
  recipient: { name: string; agency: string; role: string };
  madeBy: string;
  /** ISO 8601. */
  madeAt: string;
}

export interface ExtractManifest extends ExtractTerms {
  kind: 'headwater-extract';
  partnership: string;
  simulated: boolean;
  /** Clauses that give it: agreement/version/clause. */
  clauses: readonly string[];
  snapshot: { id: string; builtAt: string; dataTo: string | null };
  fields: ExtractPlan['fields'];
  tables: { name: ExtractTable; rows: number; columns: string[]; files: { name: string; bytes: number; sha256: string }[] }[];
}
