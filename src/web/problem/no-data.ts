// No snapshot to read yet, or none of which it is known whose data it holds: the one problem that has a page of its own.

import { Problem, type LakeReader } from '../../core/index.ts';

export class NoDataYet extends Problem {
  /** There is a snapshot, and it does not say of which feeds. */
  readonly unlisted: boolean;

  constructor(cause: unknown, { unlisted = false }: { unlisted?: boolean } = {}) {
    super('notFound', unlisted
      ? { what: 'The snapshot does not say which feeds it holds', todo: 'Build it again with "npx headwater build --force".', cause }
      : { what: 'There is no snapshot yet', todo: 'Load files with "npx headwater ingest", then run "npx headwater build".', cause });
    this.name = 'NoDataYet';
    this.unlisted = unlisted;
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
