// How well are the records of historical_50k linked with no settings at all, by the rules that the linkage finds for itself? What is missed is
// measured, since a limit says the most that is allowed.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dedupeFiles } from '../../src/linkage/index.ts';
import type { Measure } from '../benchmark.ts';

export async function measureOwnRules(file: string): Promise<Measure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'headwater-bench-own-rules-'));
  try {
    const before = process.cpuUsage();
    const { reached, candidatePairs, pairs, clusters } = await dedupeFiles({ files: [file], idColumn: 'unique_id', truthColumn: 'cluster', out: folder });
    const { user, system } = process.cpuUsage(before);
    return [
      { what: 'historical_50k, no settings: processor time', value: (user + system) / 1e6, unit: 's' },
      { what: '  candidate pairs', value: candidatePairs, unit: '', limit: 5_000_000 },
      { what: '  true pairs that no rule reached', value: 1 - reached!, unit: '', limit: 0.15 },
      { what: '  1 - pairs F1', value: 1 - pairs!.f1, unit: '', limit: 0.15 },
      { what: '  1 - clusters F1', value: 1 - clusters!.f1, unit: '', limit: 0.1 },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
