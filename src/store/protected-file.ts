// Is this file one that a home protects? Encrypted, wherever it lies now; or plain, in a home without a key, among what it encrypts once it has one.

import { existsSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { sealedFileKeyId } from './sealed-file.ts';
import { parquetKind, sealedParquetKeyId } from './sealed-parquet.ts';

export interface ProtectedFile {
  path: string;
  /** The folder of the home that it lies in. */
  home?: string;
  /** The id of the key that it was encrypted with. */
  keyId?: string;
}

/** Undefined for a file of the reader's own, and where there is no file. */
export function findProtected(path: string): ProtectedFile | undefined {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat?.isFile()) return undefined;
  const keyId = stat.size >= 12 && parquetKind(path) === 'sealed' ? sealedParquetKeyId(path) : sealedFileKeyId(path);
  const home = homeAround(path);
  return keyId === undefined && home === undefined ? undefined : { path, ...(home === undefined ? {} : { home }), ...(keyId === undefined ? {} : { keyId }) };
}

/** The home that has this file in a folder that it protects, whatever links lead there. */
function homeAround(path: string): string | undefined {
  const real = realpathSync(path);
  for (let folder = dirname(real); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'headwater.yaml'))) return isProtectedPlace(relative(folder, real).split(sep)) ? folder : undefined;
    if (dirname(folder) === folder) return undefined;
  }
}

const isProtectedPlace = ([first, second, , zone]: string[]): boolean =>
  first === 'loads' || first === 'attachments' || first === 'decisions' || (first === 'lake' && second === 'snapshots' && zone === 'identified');
