// Restores a backup with its database in a process of its own that dies without warning: while rows are written, before they are proven, once they are
// proven, or once they are kept and before the home has its place: node cut-off-restore.ts AT FILE DIR KEY-FILE URL

import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { Client } from 'pg';

const [at = '', file = '', dir = '', keyFile = '', url = ''] = process.argv.slice(2);
const die = () => process.kill(process.pid, 'SIGKILL');
const { renameSync } = fs;
if (at === 'kept') fs.renameSync = (from, to) => (to === dir ? die() : renameSync(from, to));
syncBuiltinESMExports();
const query = Client.prototype.query as (...given: unknown[]) => Promise<unknown>;
let inserts = 0;
Client.prototype.query = function note(this: Client, ...given: unknown[]) {
  const statement = String(given[0]);
  if (at === 'rows' && statement.startsWith('insert into casework.') && (inserts += 1) > 3) die();
  if (at === 'proof' && statement.includes('enable trigger user')) die();
  if (at === 'proven' && statement === 'commit' && inserts === -1) die();
  if (statement.startsWith('declare rows_copied')) inserts = -1;
  return query.apply(this, given);
} as typeof Client.prototype.query;

const { readKeyFile, restoreHome } = await import('../../src/store/index.ts');
await restoreHome(file, dir, { keys: [readKeyFile(keyFile)], progress: (await import('../../src/core/index.ts')).silentProgress, server: { url } });
