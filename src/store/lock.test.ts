import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { newFolder } from '../../test/support/made-folders.ts';
import { Problem } from '../core/index.ts';
import { homeAt } from './home.ts';
import { withLock } from './lock.ts';

const newHome = () => homeAt(newFolder('lock'), { partnership: 'Test', simulated: true, memoryLimit: '1GB', threads: 2 });

/** The number of a process that has ended. */
const deadPid = () => Number(execFileSync(process.execPath, ['-e', 'process.stdout.write(String(process.pid))']).toString());

describe('locks', () => {
  it('refuse a second holder and say who holds it', async () => {
    const home = newHome();
    await withLock(home, 'build', async () => {
      const second = withLock(home, 'build', async () => 'never');
      await expect(second).rejects.toThrow(Problem);
      await expect(second).rejects.toThrow(new RegExp(`process \\(number ${process.pid}`));
    });
  });

  it('are given back when the work ends or fails', async () => {
    const home = newHome();
    await expect(withLock(home, 'build', () => Promise.reject(new Error('broke')))).rejects.toThrow('broke');
    expect(existsSync(join(home.dir, 'locks', 'build.lock'))).toBe(false);
    await expect(withLock(home, 'build', async () => 'ran')).resolves.toBe('ran');
  });

  it('are taken over from a process that has died', async () => {
    const home = newHome();
    mkdirSync(join(home.dir, 'locks'));
    writeFileSync(join(home.dir, 'locks', 'build.lock'), JSON.stringify({ pid: deadPid(), host: hostname(), since: '2026-01-01T00:00:00Z' }));
    await expect(withLock(home, 'build', async () => 'ran')).resolves.toBe('ran');
  });

  it('are taken over when a dead process had the number of this one, as after a restart', async () => {
    const home = newHome();
    mkdirSync(join(home.dir, 'locks'));
    writeFileSync(join(home.dir, 'locks', 'build.lock'), JSON.stringify({ pid: process.pid, host: hostname(), since: '2026-01-01T00:00:00Z' }));
    await expect(withLock(home, 'build', async () => 'ran')).resolves.toBe('ran');
  });

  it('are not taken over from a process on another machine', async () => {
    const home = newHome();
    mkdirSync(join(home.dir, 'locks'));
    writeFileSync(join(home.dir, 'locks', 'build.lock'), JSON.stringify({ pid: 1, host: 'elsewhere', since: '2026-01-01T00:00:00Z' }));
    await expect(withLock(home, 'build', async () => 'ran')).rejects.toThrow(/Wait until it has finished/);
  });

  it('are taken over when a crash left the file empty', async () => {
    const home = newHome();
    mkdirSync(join(home.dir, 'locks'));
    writeFileSync(join(home.dir, 'locks', 'build.lock'), '');
    await expect(withLock(home, 'build', async () => 'ran')).resolves.toBe('ran');
  });
});
