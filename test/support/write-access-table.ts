// Writes the table of the decision into docs/methods/access.md.

import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { withAccessTable } from './access-table.ts';

const path = join(resolve(import.meta.dirname, '..', '..'), 'docs', 'methods', 'access.md');
writeFileSync(path, withAccessTable(readFileSync(path, 'utf8')));
