import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/longest-first.ts';
import { findSharing, testFiles } from './test/support/process-sharing.ts';

// Compiled code of packages is kept from one test process to the next, each of which would compile it anew.
process.env.NODE_COMPILE_CACHE ??= join(tmpdir(), 'headwater-test-compile-cache');

const sharing = findSharing(import.meta.dirname);

export default defineConfig({
  test: {
    globalSetup: ['test/support/stores.setup.ts'],
    setupFiles: ['test/support/made-folders.setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 180_000,
    // One more than the cores that it must do with: browsers, servers and commands are waited for.
    maxWorkers: 3,
    reporters: ['default'],
    sequence: { sequencer: LongestFirst },
    projects: [
      { extends: true, test: { name: 'alone', include: testFiles, exclude: ['**/node_modules/**', ...sharing] } },
      { extends: true, test: { name: 'sharing', include: sharing, isolate: false } },
    ],
  },
});
