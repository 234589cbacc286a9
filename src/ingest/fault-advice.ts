// What to tell a person of a fault in a row: its reason, and for a word outside its code list the nearest codes.

import { adviseCode } from './code-advice.ts';
import type { Contract } from './contract.schema.ts';

export interface Fault {
  column_name: string | null;
  value: string | null;
  reason: string;
}

/** The advice on a fault beyond its reason; undefined where there is none. */
export type Adviser = (fault: Fault) => string | undefined;

/** Each column and value is looked up once. A column that has no code list, or that the contract no longer has, gets none. */
export function createAdviser(contract: Contract): Adviser {
  const columns = new Map(contract.columns.map((column) => [column.name, column]));
  const known = new Map<string, string | undefined>();
  return ({ column_name, value, reason }) => {
    const column = column_name === null ? undefined : columns.get(column_name);
    if (!column?.codes || value === null || !reason.startsWith('not ')) return undefined;
    const key = `${column.name}\u0000${value}`;
    if (!known.has(key)) known.set(key, adviseCode(column, value));
    return known.get(key);
  };
}
