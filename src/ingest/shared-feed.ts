// What the gate in front of pages needs to know of a feed: whether anyone may have it already, what its rows become, and which of its columns
// say who somebody is.

import type { Contract } from './contract.schema.ts';

export interface SharedFeed {
  feed: string;
  title: string;
  /** Code of the agency that holds it. */
  holder: string;
  /** Needs no agreement. */
  published: boolean;
  /** Its rows become events. */
  events: boolean;
  /** Its rows name people, so that linkage reads them. */
  people: boolean;
  columns: string[];
  /** Those that linkage reads and the review of links shows. */
  personColumns: string[];
}

export function describeSharing({ feed, title, agency, published, columns, records }: Contract): SharedFeed {
  return {
    feed,
    title,
    holder: agency,
    published,
    events: records.events.length > 0,
    people: records.mentions.length > 0,
    columns: columns.map(({ name }) => name),
    personColumns: columns.filter(({ person }) => person !== undefined).map(({ name }) => name),
  };
}
