// What a column is called for a reader: its label in the contract, or its name spelt as words.

import type { ContractColumn } from './contract.schema.ts';

const initials = /^(lsoa\d*|ltla\d*|upn|urn|uprn|nhs|imd|la|fsm|lsoa)$/i;

/** "date_of_birth" → "Date of birth", "lsoa21_code" → "LSOA21 code"; headings that are already words stay. */
export function labelOf(name: string): string {
  const words = name.replaceAll('_', ' ').trim();
  const sentence = /[a-z]/.test(words) ? words : words.toLowerCase();
  const spelt = sentence.split(' ').map((word) => (initials.test(word) ? word.toUpperCase() : word)).join(' ');
  return spelt.slice(0, 1).toUpperCase() + spelt.slice(1);
}

/** The label within a sentence: "opening code", but "UPRN". */
export function labelWithin(column: Pick<ContractColumn, 'name' | 'label'>): string {
  const label = column.label ?? labelOf(column.name);
  return /^.[A-Z]/.test(label) ? label : label.slice(0, 1).toLowerCase() + label.slice(1);
}
