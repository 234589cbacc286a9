// Writes docs/map.md, or with --check says whether it is up to date.

import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { codeMap } from './code-map.ts';

const root = resolve(import.meta.dirname, '..', '..');
const path = join(root, 'docs', 'map.md');
const map = codeMap(root);
if (process.argv.includes('--check')) {
  if (readFileSync(path, 'utf8') !== map) {
    console.error('docs/map.md is out of date (docs/map.md). Run "npm run map" and commit the file.');
    process.exit(1);
  }
} else {
  writeFileSync(path, map);
}
