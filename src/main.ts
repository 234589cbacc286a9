#!/usr/bin/env node
// The composition root: it alone reads the environment, and joins the store and the server for the command line.

import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createProgressBar, runCommandLine, type CliContext } from './cli/index.ts';
import { asProblem, systemClock } from './core/index.ts';
import type { CaseworkOptions, Home } from './store/index.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
const env = process.env;

/** Marked, so that it cannot be taken for somebody's sign-in. A container may know its user by number alone. */
function operatorName(): string {
  try {
    return `os-user:${userInfo().username}`.slice(0, 200);
  } catch {
    return `os-user:${process.getuid?.() ?? 'unknown'}`;
  }
}

const caseworkOptions = (home: Home): CaseworkOptions =>
  env.DATABASE_URL
    ? { url: env.DATABASE_URL, migrationUrl: env.MIGRATION_DATABASE_URL, clock: systemClock }
    : { folder: home.store, clock: systemClock };

// A reader that has seen enough, such as `head`, is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

const port = Number(env.PORT ?? 8080);
const context: CliContext = {
  version,
  homeDir: env.HEADWATER_HOME ?? '.headwater',
  port,
  given: { key: env.HEADWATER_KEY, oldKey: env.HEADWATER_OLD_KEY },
  ...(env.DATABASE_URL ? { storeServer: { url: env.DATABASE_URL, migrationUrl: env.MIGRATION_DATABASE_URL || undefined } } : {}),
  operator: operatorName(),
  clock: systemClock,
  stdout: process.stdout,
  stderr: process.stderr,
  progress: createProgressBar(process.stderr),
  // Loaded here, so that a command which serves nothing and opens no store starts without them.
  openServer: async (home, options) => (await import('./open-server.ts')).openServer(home, { root, version, env, store: caseworkOptions(home), ...options }),
  openStore: async (home) => (await import('./store/index.ts')).openHomeCasework(home, caseworkOptions(home)),
  checkStore: async (home) => (await import('./store/index.ts')).checkCasework(caseworkOptions(home)),
};

if (!Number.isInteger(port) || port < 0 || port > 65_535) {
  process.stderr.write(`headwater: PORT is "${env.PORT}", which is not a port. Set it to a whole number from 1 to 65535, or leave it out for 8080.\n`);
  process.exitCode = 2;
} else {
  try {
    process.exitCode = await runCommandLine(process.argv.slice(2), context);
  } catch (error) {
    process.stderr.write(`headwater: ${String(asProblem(error, context.homeDir))}\n`);
    process.exitCode = 1;
  }
}
