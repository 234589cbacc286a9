// Where templates and assets lie: beside this file in a checkout, and under src/web beside dist in the published package.

import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);

export const webFolder = existsSync(join(import.meta.dirname, 'layout.njk'))
  ? import.meta.dirname
  : join(import.meta.dirname, '..', '..', 'src', 'web');

/** The folder of an installed npm package. */
export function packageFolder(name: string): string {
  return dirname(require.resolve(`${name}/package.json`));
}
