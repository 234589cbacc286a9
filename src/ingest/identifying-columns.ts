// Which columns of a contract identify something: a row, a person, a home or a place. What a spreadsheet does to such a cell makes
// different things one, so it is looked for in these alone; in a note or a title it may be meant.

import type { Contract, IdRule } from './contract.schema.ts';

const identifyingFields: readonly string[] = ['local_id', 'household_ref'];

/** Names of the columns in the key, of those that are a person's id or home at the agency, and of those that ids of records are made of. */
export function identifyingColumns({ key, columns, records }: Pick<Contract, 'key' | 'columns' | 'records'>): ReadonlySet<string> {
  const persons = columns.filter(({ person }) => person !== undefined && identifyingFields.includes(person)).map(({ name }) => name);
  const ends = records.relations.flatMap(({ from, to }) => [from, to]);
  const ids: IdRule[] = [
    ...records.events.flatMap(({ place }) => place),
    ...records.mentions.flatMap(({ event }) => (event ? [event] : [])),
    ...records.places.flatMap(({ id }) => id),
    ...ends.flatMap((end) => (typeof end === 'string' ? [] : end)),
  ];
  return new Set([...(Array.isArray(key) ? key : []), ...persons, ...ids.flatMap((rule) => ('from' in rule ? rule.from : []))]);
}
