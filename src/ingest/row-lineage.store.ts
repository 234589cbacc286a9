// From a record back to the file and line it came from, with every state that the row has had.

import { Problem } from '../core/index.ts';
import { openDuck, text, type Home } from '../store/index.ts';
import { acceptedPath, listLoads } from './load-record.ts';

export interface RowState {
  load: string;
  file: string;
  sha256: string;
  line: number;
  loadedAt: string;
  /** The row as it stands; the others were superseded. */
  current: boolean;
}

/** The states of an event or mention, such as "police-incident:INC1", oldest first. A Problem where no row has this id. */
export async function rowLineage(home: Home, recordId: string): Promise<RowState[]> {
  const colon = recordId.indexOf(':');
  const feed = recordId.slice(0, colon);
  const key = recordId.slice(colon + 1).replace(/#\d+$/, '');
  const loads = colon < 0 ? [] : listLoads(home, feed);
  const orderOf = new Map(loads.map((load) => [load.load, load.sequence]));
  const found: (RowState & { order: number })[] = [];
  if (loads.length > 0) {
    const duck = await openDuck({ memoryLimit: home.settings.memoryLimit, threads: home.settings.threads });
    try {
      const rows = await duck.rows<{ filename: string; line: number }>(`SELECT filename, line FROM read_parquet([${loads.map((load) => text(acceptedPath(load))).join(', ')}], filename = true) WHERE row_key = $key`, { key });
      for (const row of rows) {
        const load = loads.find((one) => acceptedPath(one) === row.filename)!;
        const { sha256, file, loadedAt } = load;
        found.push({ load: load.load, file, sha256, line: row.line, loadedAt, current: false, order: orderOf.get(load.retryOf ?? load.load) ?? load.sequence });
      }
    } finally {
      duck.close();
    }
  }
  if (found.length === 0) throw new Problem('notFound', { what: `No row has the id "${recordId}"`, todo: 'Check the id; it is FEED:key.' });
  const states = found.toSorted((a, b) => a.order - b.order || a.line - b.line);
  states.at(-1)!.current = true;
  return states.map(({ order: _order, ...state }) => state);
}
