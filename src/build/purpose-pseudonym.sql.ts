// HMAC-SHA-256 as the query engine works it out, which has sha256() alone: sha256(outer block, sha256(inner block, message)). The blocks go in as
// variables, so that no statement, plan or error text holds them.

import type { PseudonymKind } from './purpose-pseudonym.ts';

/** Needs $inner and $outer, as pseudonymBlocks gives them. */
export const setBlocksSql = ['SET VARIABLE pseudonym_inner = unhex($inner)', 'SET VARIABLE pseudonym_outer = unhex($outer)'] as const;

const hmacSql = (inner: string, outer: string, message: string): string => `substr(sha256(${outer} || unhex(sha256(${inner} || encode(${message})))), 1, 32)`;

/** The pseudonym of an expression, or NULL. Needs the blocks to be set. */
export const purposePseudonymSql = (expression: string, kind: PseudonymKind): string => hmacSql(`getvariable('pseudonym_inner')`, `getvariable('pseudonym_outer')`, `'${kind}:' || ${expression}`);

/** Keys of people that anyone has or had, with the pseudonym of each, where it is one of $asked (a line each). Needs $inner and $outer. */
export const peopleOfPseudonymsSql = `
  SELECT pseudonym, person_key FROM (
    SELECT person_key, ${hmacSql('unhex($inner)', 'unhex($outer)', `'person:' || person_key`)} AS pseudonym
    FROM (SELECT person_key FROM source_person UNION SELECT old_key FROM person_event WHERE old_key IS NOT NULL)
  ) WHERE pseudonym IN (SELECT unnest(string_split($asked, chr(10))))`;
