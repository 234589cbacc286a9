// Runs the command line as a user does: a process of its own, on the pinned runtime.

import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..', '..');
const entry = join(root, 'src', 'main.ts');

export interface Ran {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  env?: Record<string, string>;
  /** Milliseconds after which it is killed without warning. */
  killAfter?: number;
}

const environment = (extra: Record<string, string> = {}): NodeJS.ProcessEnv => {
  // The test runner sets BASE_URL for itself.
  const { DATABASE_URL: _url, HEADWATER_HOME: _home, PORT: _port, BASE_URL: _base, ...rest } = process.env;
  return { ...rest, NO_COLOR: '1', ...extra };
};

/** Starts `headwater …` and leaves it running. */
export function startCommand(args: readonly string[], options: RunOptions = {}): ChildProcess {
  return spawn(process.execPath, [entry, ...args], { cwd: root, env: environment(options.env), stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Runs `headwater …` to its end. */
export async function runCommand(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const child = startCommand(args, options);
  const ran: Ran = { code: null, signal: null, stdout: '', stderr: '' };
  child.stdout!.on('data', (chunk: Buffer) => (ran.stdout += chunk.toString()));
  child.stderr!.on('data', (chunk: Buffer) => (ran.stderr += chunk.toString()));
  const timer = options.killAfter === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), options.killAfter);
  return new Promise((done) => {
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      done({ ...ran, code, signal });
    });
  });
}

/** True where this machine lets us mount a small disk of our own, for tests of a full or read-only one. */
export const canMount = spawnSync('unshare', ['-rm', 'true']).status === 0;

/** Runs `headwater …` after a shell line in a mount namespace of its own. */
export function runMounted(prepare: string, args: readonly string[], env: Record<string, string> = {}): Ran {
  const quoted = [process.execPath, entry, ...args].map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
  const { status, signal, stdout, stderr } = spawnSync('unshare', ['-rm', 'sh', '-c', `${prepare} && exec ${quoted}`], { cwd: root, env: environment(env), encoding: 'utf8' });
  return { code: status, signal, stdout, stderr };
}
