import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/longest-first.ts';
import { makeMemoryFolder } from './test/support/memory-folder.ts';
import { findAlone, testFiles } from './test/support/process-sharing.ts';

// What one run leaves for the next lies on the disk: compiled code of packages, which each test process would compile anew, and the browser.
process.env.HEADWATER_TEST_CACHE ??= tmpdir();
process.env.NODE_COMPILE_CACHE ??= join(process.env.HEADWATER_TEST_CACHE, 'headwater-test-compile-cache');
process.env.TMPDIR = makeMemoryFolder() ?? tmpdir();

const alone = findAlone(import.meta.dirname);

export default defineConfig({
  test: {
    globalSetup: ['test/support/stores.setup.ts'],
    setupFiles: ['test/support/made-folders.setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 180_000,
    // One more than the cores that it must do with: browsers, servers and commands are waited for.
    maxWorkers: 3,
    // An embedded store or a read file is memory outside the heap: by default each makes V8 look through the whole heap of a process that has loaded everything.
    execArgv: ['--external-memory-accounted-in-global-limit', '--external-memory-max-growing-factor=4'],
    reporters: ['default'],
    sequence: { sequencer: LongestFirst },
    // Node runs the code as it stands, as it does for users; rewriting every module for every process costs more than some tests.
    experimental: { viteModuleRunner: false, nodeLoader: false },
    projects: [
      { extends: true, test: { name: 'alone', include: alone } },
      { extends: true, test: { name: 'sharing', include: testFiles, exclude: ['**/node_modules/**', ...alone], isolate: false } },
    ],
  },
});
