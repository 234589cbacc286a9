// No snapshot to read yet: the one problem that has a page of its own.

import { Problem, type LakeReader } from '../../core/index.ts';

export class NoDataYet extends Problem {
  constructor(cause: unknown) {
    super('notFound', { what: 'There is no snapshot yet', todo: 'Load files with "npx headwater ingest", then run "npx headwater build".', cause });
    this.name = 'NoDataYet';
  }
}

/** The given reader, whose "not found" and "busy" problems become NoDataYet; a broken disk stays what it is. */
export function lakeOrNoData(lake: () => LakeReader): () => LakeReader {
  return () => {
    try {
      return lake();
    } catch (error) {
      if (error instanceof Problem && (error.kind === 'notFound' || error.kind === 'busy')) throw new NoDataYet(error);
      throw error;
    }
  };
}

/** The given way of reading, whose "not found" becomes NoDataYet: a snapshot that is not there, or was built before its tables. */
export const orNoData = <Given extends unknown[], T>(read: (...given: Given) => Promise<T>) => (...given: Given): Promise<T> => read(...given).catch((error: unknown) => {
  throw error instanceof Problem && error.kind === 'notFound' ? new NoDataYet(error) : error;
});
