// Which test files share a process with others, so that the code they load is loaded and compiled once: all but those that change their process.

import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const changesProcess = /setFlagsFromString|\bvi\.(?:mock|stub|useFakeTimers)|\bprocess\.(?:chdir|umask|setuid|seteuid)|\bprocess\.env\.\w+ =(?!=)/;

export const testFiles = ['src/**/*.test.ts', 'test/**/*.test.ts', 'bench/**/*.test.ts'];

/** The files that have a process of their own, as vitest's `include` takes them. */
export function findAlone(root: string): string[] {
  return globSync(testFiles, { cwd: root }).filter((file) => changesProcess.test(readFileSync(join(root, file), 'utf8'))).toSorted();
}
