// What is in quarantine: counts by feed, column and reason.

import { openDuck, type Home } from '../store/index.ts';
import { listLoads } from './load-record.ts';
import { openQuarantineSql, quarantineCountsSql } from './quarantine.sql.ts';
import { quarantinedFiles, releasedFiles } from './row-stage.store.ts';

export interface QuarantineCount {
  feed: string;
  /** NULL where the row as a whole is at fault. */
  column_name: string | null;
  reason: string;
  rows: number;
}

/** A row with two faults counts under both. */
export async function listQuarantine(home: Home, feed?: string): Promise<QuarantineCount[]> {
  const loads = listLoads(home, feed);
  const quarantined = quarantinedFiles(loads);
  if (quarantined.length === 0) return [];
  const duck = await openDuck({ memoryLimit: home.settings.memoryLimit, threads: home.settings.threads });
  try {
    return await duck.rows<QuarantineCount>(quarantineCountsSql(openQuarantineSql(quarantined, releasedFiles(loads))));
  } finally {
    duck.close();
  }
}
