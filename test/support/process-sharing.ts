// Which test files may share a process with others, so that the code they load is loaded once: those that keep nothing beyond their own
// end. A file that starts processes or a browser, or asks about its process, has one to itself.

import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Support that starts processes or a browser. */
const lastingSupport = ['browser', 'browser-visit', 'postgres', 'run-command'];

const keepsSomething = /node:child_process|node:worker_threads|\bprocess\.|setFlagsFromString|\bvi\./;

export const testFiles = ['src/**/*.test.ts', 'test/**/*.test.ts', 'bench/**/*.test.ts'];

/** The files that may share, as vitest's `include` takes them. */
export function findSharing(root: string): string[] {
  return globSync(testFiles, { cwd: root }).filter((file) => mayShareProcess(readFileSync(join(root, file), 'utf8'))).toSorted();
}

export function mayShareProcess(text: string): boolean {
  const support = [...text.matchAll(/\/support\/([\w-]+)\.ts'/g)].map((match) => match[1]!);
  return support.every((name) => !lastingSupport.includes(name)) && !keepsSomething.test(text);
}
