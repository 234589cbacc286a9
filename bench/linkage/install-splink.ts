// Splink 5 in a virtual environment of its own, from the package index through pip. Reported as absent where Python or the index is missing.

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const version = '5.0.0';
const folder = process.env.BENCH_SPLINK_ENV ?? join(tmpdir(), `headwater-bench-splink-${version}`);

/** The interpreter that has Splink, or why there is none. */
export function installSplink(): { python: string } | { absent: string } {
  const python = join(folder, 'bin', 'python');
  const has = () => existsSync(python) && spawnSync(python, ['-c', 'import splink'], { stdio: 'ignore' }).status === 0;
  if (has()) return { python };
  const run = (command: string, args: string[]) => spawnSync(command, args, { encoding: 'utf8' });
  const made = run('python3', ['-m', 'venv', folder]);
  if (made.status !== 0) return { absent: `python3 -m venv failed: ${(made.stderr ?? made.error?.message ?? '').trim().split('\n').at(-1)}` };
  const installed = run(python, ['-m', 'pip', 'install', '--quiet', `splink==${version}`]);
  if (installed.status !== 0 || !has()) return { absent: `pip install splink==${version} failed: ${installed.stderr.trim().split('\n').at(-1)}` };
  return { python };
}
