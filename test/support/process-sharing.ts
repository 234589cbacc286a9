// Which test files may share a process with others, so that the code they load is loaded once: those that keep nothing beyond their own
// end. A file that starts processes, opens stores or a browser, or asks about its process, has one to itself.

import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Support that makes things in memory alone and gives them back to the test. */
const harmlessSupport = ['code-map', 'fake-person-events', 'fake-review', 'lake-builder', 'linkage-lake', 'sample-county', 'web-server'];

const keepsSomething = /node:child_process|node:worker_threads|\bprocess\.|setFlagsFromString|\bvi\./;

export const testFiles = ['src/**/*.test.ts', 'test/**/*.test.ts', 'bench/**/*.test.ts'];

/** The files that may share, as vitest's `include` takes them. */
export function findSharing(root: string): string[] {
  return globSync(testFiles, { cwd: root }).filter((file) => mayShareProcess(readFileSync(join(root, file), 'utf8'))).toSorted();
}

export function mayShareProcess(text: string): boolean {
  const support = [...text.matchAll(/\/support\/([\w-]+)\.ts'/g)].map((match) => match[1]!);
  return support.every((name) => harmlessSupport.includes(name)) && !keepsSomething.test(text);
}
