#!/usr/bin/env node
// Starts the command on the pinned runtime, whatever Node version called it.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const source = join(root, 'src', 'main.ts');
const entry = existsSync(source) ? source : join(root, 'dist', 'main.js');

function pinnedNode() {
  if (Number(process.versions.node.split('.')[0]) >= 26) return process.execPath;
  const require = createRequire(import.meta.url);
  try {
    const folder = dirname(require.resolve('node/package.json'));
    const name = process.platform === 'win32' ? 'node.exe' : 'node';
    const path = join(folder, 'bin', name);
    if (existsSync(path)) return path;
  } catch {
    // falls through to the message below
  }
  process.stderr.write('Headwater needs Node 26, which npm installs with it. Run "npm ci" and try again.\n');
  process.exit(2);
}

// Compiled code is kept for the next start, which takes half the time; where the folder cannot be written, it is compiled anew each time.
const env = { NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'headwater'), ...process.env };
const child = spawn(pinnedNode(), [entry, ...process.argv.slice(2)], { stdio: 'inherit', env });
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(signal ? 130 : (code ?? 1)));
