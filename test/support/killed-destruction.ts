// Destroys a case in a process of its own that is killed without warning when its rows are gone and the audit is not written yet, or just after all is
// kept and before its files are removed: node killed-destruction.ts before | after PROPOSAL FOLDER-OR-ADDRESS HOME. What it leaves is for the test to read.

import { fixedClock } from '../../src/core/index.ts';
import { openRetention, readRetention } from '../../src/govern/index.ts';
import { homeAt, openAttachmentFiles, openCasework } from '../../src/store/index.ts';
import { noLoads } from './memory-loads.ts';

const [when = '', proposalId = '', place = '', home = ''] = process.argv.slice(2);
const steady = fixedClock('2026-12-01T09:00:00Z');
const casework = await openCasework({ ...(place.startsWith('postgres') ? { url: place } : { folder: place }), clock: steady });
const die = () => process.kill(process.pid, 'SIGKILL');
const nobody = { find: async () => undefined, keysOf: async () => [], now: async () => [], rows: async () => [], states: async () => [] };

const attachments = openAttachmentFiles(homeAt(home, { partnership: 'Test', simulated: true, memoryLimit: '500MB', threads: 1 }));

// The database has deleted, and gives the number of the certificate; the audit takes its row after that.
const db = when === 'before' ? casework.db.withPlugin({
  transformQuery: ({ node }) => node,
  transformResult: async ({ result }) => {
    if (result.rows.some((row) => (row as { outcome?: string }).outcome === 'done')) {
      die();
      await new Promise(() => undefined);
    }
    return result;
  },
}) : casework.db;
const done = await openRetention(db, steady, { retention: readRetention(undefined).value, source: nobody, feeds: [], attachments: { ...attachments, remove: async () => undefined }, loads: noLoads }).confirm({ userId: 'second-lead', role: 'governance-lead', agency: 'council' }, proposalId);
process.stdout.write(JSON.stringify(done));
die();
