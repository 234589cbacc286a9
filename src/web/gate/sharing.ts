// What a partnership's packs say about sharing: its feeds with their columns, the purposes that people can state, and its agencies.

import { readAgencies, readDataItems, readPurposes, type Agencies, type DataItems, type Purposes } from '../../govern/index.ts';
import { describeSharing, listFeeds, type SharedFeed } from '../../ingest/index.ts';

export interface Sharing {
  feeds: readonly SharedFeed[];
  items: DataItems['feeds'];
  purposes: Purposes;
  agencies: Agencies;
}

/** A folder of local packs stands over the product's own. */
export function readSharing(localPacks: string | undefined): Sharing {
  return {
    feeds: listFeeds(localPacks).map(describeSharing),
    items: readDataItems(localPacks).feeds,
    purposes: readPurposes(localPacks).value,
    agencies: readAgencies(localPacks).value,
  };
}
