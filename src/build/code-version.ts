// Which code made a snapshot: the package's version and a hash of the source that can change its content.

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const rooms = ['core', 'stats', 'geo', 'store', 'govern', 'ingest', 'linkage', 'build', 'understand'];

export interface CodeVersion {
  version: string;
  sha256: string;
}

export function codeVersion(): CodeVersion {
  const sources = dirname(dirname(fileURLToPath(import.meta.url)));
  const hash = createHash('sha256');
  for (const room of rooms) {
    const files = readdirSync(join(sources, room), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(ts|js|sql)$/.test(entry.name) && !/\.(test|d)\.ts$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .toSorted();
    for (const file of files) hash.update(`${relative(sources, file)}\n`).update(readFileSync(file));
  }
  const { version } = JSON.parse(readFileSync(join(dirname(sources), 'package.json'), 'utf8')) as { version: string };
  return { version, sha256: hash.digest('hex').slice(0, 16) };
}
