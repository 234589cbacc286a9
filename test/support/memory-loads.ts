// Loaded files in memory, for tests of who may keep and destroy them; and none at all, for tests of cases.

import { Problem } from '../../src/core/index.ts';
import type { HeldFile, LoadFiles } from '../../src/govern/index.ts';

/** `files` are changed as they are destroyed; `busy` stands for something that is being loaded. */
export function memoryLoads(files: HeldFile[]): LoadFiles & { busy: boolean } {
  const given: LoadFiles & { busy: boolean } = {
    busy: false,
    list: async ({ load }) => files.filter((file) => load === undefined || file.load === load),
    destroy: async (file, keep) => {
      if (given.busy) throw new Problem('busy', { what: 'Another process is using "loads"', todo: 'Wait.' });
      const destroyed = await keep();
      if (destroyed) files.splice(files.findIndex(({ load }) => load === file.load), 1);
      return destroyed;
    },
    servedSnapshot: () => '20261101T090000-0123456789abcdef',
  };
  return given;
}

export const noLoads = memoryLoads([]);

/** A file of the housing association with rows of 2014 and 2015. */
export const oldTenancies = (over: Partial<HeldFile> = {}): HeldFile => {
  const load = over.load ?? 'tenancy/000001-0123456789ab';
  return { load, feed: 'tenancy', agency: 'housing', published: false, file: 'tenancies-2015.csv', sha256: '0123456789ab'.padEnd(64, '0'), rows: 1234, parts: [load], loadedAt: Date.parse('2015-04-02T09:00:00Z'), firstOn: '2014-01-10', lastOn: '2015-03-01', undated: 0, loadedOn: '2015-04-02', running: 0, ...over };
};
