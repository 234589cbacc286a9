// Who gives what to whom under an agreement: one flow for each clause, providing agency and receiving agency. For a map and its table.

import type { Role } from '../core/index.ts';
import type { AgreementContent, Form, Relation } from './agreement.ts';
import type { AgreementPacks } from './agreement-packs.ts';
import { fieldTerms, termsOf } from './clause-terms.ts';

export interface DataFlow {
  /** From 1. */
  clause: number;
  /** Codes of the agencies. */
  from: string;
  to: string;
  roles: readonly Role[];
  items: readonly { title: string; fields: string }[];
  form: Form;
  purpose: string;
  relation: Relation;
  /** Codes of the pack of legal powers. */
  powers: readonly string[];
}

/** A flow within one agency is among them: its own people need the agreement too. Nothing flows from an agency that holds none of the items. */
export function dataFlows(content: AgreementContent, packs: AgreementPacks): DataFlow[] {
  return termsOf(content, packs).flatMap(({ number, clause, items }) =>
    clause.from.flatMap((from) => {
      const given = items.filter(({ holder }) => holder === undefined || holder === from).map((item) => ({ title: item.title, fields: fieldTerms(item, clause.form) }));
      if (given.length === 0) return [];
      return clause.to.map(({ agency, roles }) => ({ clause: number, from, to: agency, roles, items: given, form: clause.form, purpose: clause.purpose, relation: clause.relation, powers: clause.powers }));
    }),
  );
}
