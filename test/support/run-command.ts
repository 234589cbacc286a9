// Runs the command line as a user does, in a process of its own, on the pinned runtime; or, where the process itself is not what is
// tested, by the same code in this process, which is much quicker.

import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Writable } from 'node:stream';
import { runCommandLine } from '../../src/cli/index.ts';
import { silentProgress, systemClock } from '../../src/core/index.ts';
import { checkCasework, openHomeCasework } from '../../src/store/index.ts';
import type { Place } from './stores.ts';

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
  // Compiled code is kept between processes, as it changes nothing but how soon they start.
  return { ...rest, NO_COLOR: '1', NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(tmpdir(), 'headwater-test-compile-cache'), ...extra };
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

const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };

/** Runs `headwater …` to its end in this process, with the home's embedded store or the one given, and without a server: what a command prints and its exit code. */
export async function runCommandHere(args: readonly string[], place?: Place): Promise<Ran> {
  const ran: Ran = { code: null, signal: null, stdout: '', stderr: '' };
  const keep = (name: 'stdout' | 'stderr') => new Writable({
    write(chunk: Buffer, _encoding, done) {
      ran[name] += chunk.toString();
      done();
    },
  });
  const store = (home: { store: string }) => ({ ...(place ?? { folder: home.store }), clock: systemClock });
  ran.code = await runCommandLine(args, {
    version,
    homeDir: '.headwater',
    port: 8080,
    operator: 'os-user:tester',
    clock: systemClock,
    stdout: keep('stdout'),
    stderr: keep('stderr'),
    progress: silentProgress,
    openServer: () => Promise.reject(new Error('To serve, start a process: runCommand or startCommand.')),
    openStore: (home) => openHomeCasework(home, store(home)),
    checkStore: (home) => checkCasework(store(home)),
  });
  return ran;
}

/** True where this machine lets us mount a small disk of our own, for tests of a full or read-only one. */
export const canMount = spawnSync('unshare', ['-rm', 'true']).status === 0;

/** Runs `headwater …` after a shell line in a mount namespace of its own. */
export function runMounted(prepare: string, args: readonly string[], env: Record<string, string> = {}): Ran {
  const quoted = [process.execPath, entry, ...args].map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
  const { status, signal, stdout, stderr } = spawnSync('unshare', ['-rm', 'sh', '-c', `${prepare} && exec ${quoted}`], { cwd: root, env: environment(env), encoding: 'utf8', timeout: 60_000 });
  return { code: status, signal, stdout, stderr };
}
