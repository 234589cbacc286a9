// What a command may use: everything from outside comes in here, so that commands can be tested without a process.

import type { Writable } from 'node:stream';
import type { Clock, Progress } from '../core/index.ts';
import { openHome, type Casework, type CaseworkServer, type GivenKeys, type Home } from '../store/index.ts';

export interface RunningServer {
  address: string;
  /** Sample sign-ins, where the partnership is simulated. */
  signIns: { name: string; role: string; username: string; password: string }[];
  /** Resolves when the server has stopped. */
  stopped: Promise<void>;
}

/** What serving needs, held from before the first work until it serves. */
export interface OpenServer {
  /** Serves the current snapshot; closes what is held where it cannot. */
  serve(): Promise<RunningServer>;
  /** Gives back what is held, where it will not come to serving. */
  close(): Promise<void>;
}

export interface CheckResult {
  name: string;
  ok: boolean;
  detail: string;
  todo?: string;
}

export interface CliContext {
  version: string;
  /** HEADWATER_HOME, or ./.headwater. */
  homeDir: string;
  port: number;
  /** Keys that the environment gives instead of a file. */
  given?: GivenKeys;
  /** Where the casework store is a PostgreSQL server, which several processes may use at once. */
  storeServer?: CaseworkServer;
  /** The user of this computer, as the audit names them where a command is not told who runs it. */
  operator: string;
  clock: Clock;
  stdout: Writable;
  stderr: Writable;
  /** Progress is drawn on a terminal and left out in a pipe. */
  progress: Progress;
  /** Takes a home and its store for serving, and tries the port; a Problem where another process has one of them. */
  openServer(home: Home, options: { port: number }): Promise<OpenServer>;
  /** Opens the casework store of a home, with what waited in its audit; a Problem where another process has it. */
  openStore(home: Home): Promise<Casework>;
  /** Checks the casework store of a home. */
  checkStore(home: Home): Promise<CheckResult[]>;
}

/** Prints a result: JSON with --json, else the lines given. */
export function print(context: CliContext, json: boolean | undefined, value: unknown, lines: () => string[]): void {
  context.stdout.write(json ? `${JSON.stringify(value, null, 2)}\n` : `${lines().join('\n')}\n`);
}

/** The home that a command works on: --home, HEADWATER_HOME or ./.headwater. */
export function homeOf(context: CliContext, options: { home?: string }): Home {
  return openHome(options.home ?? context.homeDir, context.given);
}
