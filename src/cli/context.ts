// What a command may use: everything from outside comes in here, so that commands can be tested without a process.

import type { Writable } from 'node:stream';
import type { Clock, Progress } from '../core/index.ts';
import { openHome, type Home } from '../store/index.ts';

export interface RunningServer {
  address: string;
  /** Sample sign-ins, where the partnership is simulated. */
  signIns: { name: string; role: string; username: string; password: string }[];
  /** Resolves when the server has stopped. */
  stopped: Promise<void>;
}

export interface CheckResult {
  name: string;
  ok: boolean;
  detail: string;
  todo?: string;
}

export interface CliContext {
  /** HEADWATER_HOME, or ./.headwater. */
  homeDir: string;
  port: number;
  clock: Clock;
  stdout: Writable;
  stderr: Writable;
  /** Progress is drawn on a terminal and left out in a pipe. */
  progress: Progress;
  /** Starts the web server for a home. */
  serve(home: Home, options: { port: number }): Promise<RunningServer>;
  /** Checks the casework store of a home. */
  checkStore(home: Home): Promise<CheckResult[]>;
}

/** Prints a result: JSON with --json, else the lines given. */
export function print(context: CliContext, json: boolean | undefined, value: unknown, lines: () => string[]): void {
  context.stdout.write(json ? `${JSON.stringify(value, null, 2)}\n` : `${lines().join('\n')}\n`);
}

/** The home that a command works on: --home, HEADWATER_HOME or ./.headwater. */
export function homeOf(context: CliContext, options: { home?: string }): Home {
  return openHome(options.home ?? context.homeDir);
}
