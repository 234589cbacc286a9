// What agreements and the gate in front of pages need to know of a feed: who holds it, whether anyone may have it already, what it holds, and
// which of its columns would identify somebody.

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
  columns: { name: string; identifying: boolean }[];
}

/** A column identifies where the contract says that it is personal, or that it is a part of who a person is. */
export function describeSharing({ feed, title, agency, published, columns, records }: Contract): SharedFeed {
  return {
    feed,
    title,
    holder: agency,
    published,
    events: records.events.length > 0,
    people: records.mentions.length > 0,
    columns: columns.map(({ name, personal, person }) => ({ name, identifying: personal || person !== undefined })),
  };
}
