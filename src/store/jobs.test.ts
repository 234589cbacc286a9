import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { fixedClock } from '../core/index.ts';
import { describeStores, type Place } from '../../test/support/stores.ts';
import { openCasework, type Casework } from './casework.ts';
import { startJobs, type JobHandlers, type JobLog, type Jobs } from './jobs.ts';
import { storeSessions } from './session.store.ts';

const clock = fixedClock('2026-11-24T09:00:00Z');

const lines: { level: string; fields: Record<string, unknown>; message: string }[] = [];
const write = (level: string) => (fields: object, message: string) => void lines.push({ level, fields: fields as Record<string, unknown>, message });
const log: JobLog = { info: write('info'), warn: write('warn'), error: write('error') };
const options = { log, pollSeconds: 0.5 };
const patience = { timeout: 20_000, interval: 50 };

describeStores('jobs', (stores) => {
  let casework: Casework;
  let jobs: Jobs;
  const runs: { data: unknown; attempt: number }[] = [];
  let release: (() => void) | undefined;
  const handlers: JobHandlers = {
    note: { run: async (data, { attempt }) => void runs.push({ data, attempt }) },
    stumble: {
      retries: 1,
      retryDelay: 1,
      run: async (data, { attempt }) => {
        runs.push({ data, attempt });
        if (attempt < 2 || data.hopeless) throw new Error('Jane Doe, born 1 May 2001, was not found');
      },
    },
    slow: {
      run: async (data, { attempt }) => {
        await new Promise<void>((resolve) => {
          release = resolve;
        });
        runs.push({ data, attempt });
      },
    },
  };

  beforeAll(async () => {
    casework = await openCasework({ ...(await stores.readyPlace()), clock });
    jobs = await startJobs(casework, handlers, options);
  });
  beforeEach(() => {
    lines.length = 0;
    runs.length = 0;
  });
  afterAll(async () => {
    await jobs.stop();
    await casework.close();
  });
  const stateOf = async (id: string) => (await sql<{ state: string }>`select state::text from pgboss.job where id = ${id}`.execute(casework.db)).rows[0]?.state;

  it('run with the data they were sent', async () => {
    const id = await jobs.send('note', { load: '000001' });
    await expect.poll(() => runs, patience).toEqual([{ data: { load: '000001' }, attempt: 1 }]);
    await expect.poll(() => stateOf(id), patience).toBe('completed');
    expect(lines).toContainEqual({ level: 'info', fields: { job: 'note', id, attempt: 1, milliseconds: expect.any(Number) }, message: 'A job ran.' });
  });

  it('are tried again when they fail, and the log does not quote the error', async () => {
    const [recovering, hopeless] = [await jobs.send('stumble'), await jobs.send('stumble', { hopeless: true })];
    await expect.poll(() => Promise.all([stateOf(recovering), stateOf(hopeless)]), patience).toEqual(['completed', 'failed']);
    expect(runs.map(({ attempt }) => attempt).toSorted()).toEqual([1, 1, 2, 2]);
    expect(lines.filter(({ level }) => level === 'warn').map(({ fields }) => fields.id).toSorted()).toEqual([recovering, hopeless].toSorted());
    expect(lines.filter(({ level }) => level === 'error').map(({ fields }) => fields)).toEqual([{ job: 'stumble', id: hopeless, attempt: 2, code: 'Error' }]);
    expect(JSON.stringify(lines)).not.toContain('Jane');
  });

  it('sent within a transaction are there only if it is kept', async () => {
    const undone = casework.db.transaction().execute(async (within) => {
      await jobs.send('note', { kept: false }, { within });
      throw new Error('undo');
    });
    await expect(undone).rejects.toThrow('undo');
    await casework.db.transaction().execute((within) => jobs.send('note', { kept: true }, { within }));
    await expect.poll(() => runs, patience).toEqual([{ data: { kept: true }, attempt: 1 }]);
  });

  it('sent for later wait', async () => {
    const id = await jobs.send('note', {}, { after: 3600 });
    expect(await stateOf(id)).toBe('created');
    await new Promise((resolve) => {
      setTimeout(resolve, 800);
    });
    expect(runs).toEqual([]);
  });

  it('nobody handles are refused', async () => {
    await expect(jobs.send('not-a-job')).rejects.toThrow();
  });

  it('are scheduled: sessions swept every ten minutes, the embedded store tidied every hour', async () => {
    const schedules = await sql`select name, cron, timezone from pgboss.schedule order by name`.execute(casework.db);
    const tidy = { name: 'tidy-store', cron: '30 * * * *', timezone: 'UTC' };
    expect(schedules.rows).toEqual([{ name: 'sweep-sessions', cron: '*/10 * * * *', timezone: 'UTC' }, ...(stores.dialect === 'pglite' ? [tidy] : [])]);
  });

  it('sweep ended sessions away and keep the others', async () => {
    const session = { userId: 'u1', name: 'x', agency: 'police', role: 'analyst', purpose: null, startedAt: 0 } as const;
    const [old, live] = ['a'.repeat(64), 'b'.repeat(64)];
    await storeSessions(casework.db).save({ ...session, key: old, idleUntil: clock.now(), expiresAt: clock.now() + 1 });
    await storeSessions(casework.db).save({ ...session, key: live, idleUntil: clock.now() + 1, expiresAt: clock.now() + 1 });
    await jobs.send('sweep-sessions');
    await expect.poll(() => casework.db.selectFrom('session').select('key').execute(), patience).toEqual([{ key: live }]);
  });

  it('running at a stop are waited for', async () => {
    await jobs.send('slow', { number: 1 });
    await expect.poll(() => release, patience).toBeDefined();
    setTimeout(() => release!(), 300);
    await jobs.stop();
    expect(runs).toEqual([{ data: { number: 1 }, attempt: 1 }]);
    jobs = await startJobs(casework, handlers, options);
  });
});

/** Another process that starts the queue, sends one job and says so; its handler never ends. */
async function sendElsewhere(place: Place, pollSeconds: number, sayWhen: 'sent' | 'running') {
  const code = `
    import { openCasework, startJobs } from ${JSON.stringify(join(import.meta.dirname, 'index.ts'))};
    const casework = await openCasework({ ...${JSON.stringify(place)}, clock: { now: () => Date.now() } });
    const say = () => undefined;
    const run = () => { console.log('running'); return new Promise(() => undefined); };
    const jobs = await startJobs(casework, { note: { run, retryDelay: 1 } }, { log: { info: say, warn: say, error: say }, pollSeconds: ${pollSeconds} });
    await jobs.send('note', { from: 'elsewhere' }${sayWhen === 'sent' ? ', { after: 2 }' : ''});
    console.log('sent');`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  await expect.poll(() => said, patience).toContain(sayWhen);
  child.kill('SIGKILL');
  await once(child, 'exit');
}

describeStores('jobs after a crash', (stores) => {
  const open = async (place: Place) => {
    const runs: unknown[] = [];
    const casework = await openCasework({ ...place, clock });
    const jobs = await startJobs(casework, { note: { retryDelay: 1, run: async (data, { attempt }) => void runs.push({ data, attempt }) } }, options);
    const close = async () => {
      await jobs.stop();
      await casework.close();
    };
    return { runs, casework, jobs, close };
  };

  it('that were waiting run at the next start', async () => {
    const place = await stores.readyPlace();
    await sendElsewhere(place, 60, 'sent');
    const { runs, close } = await open(place);
    await expect.poll(() => runs, patience).toEqual([{ data: { from: 'elsewhere' }, attempt: 1 }]);
    await close();
  });

  it('that were running run again once their heartbeat has stopped', async () => {
    const place = await stores.readyPlace();
    await sendElsewhere(place, 0.5, 'running');
    const { runs, casework, jobs, close } = await open(place);
    await sql`update pgboss.job set heartbeat_on = heartbeat_on - interval '5 minutes' where name = 'note'`.execute(casework.db);
    await jobs.supervise();
    await expect.poll(() => runs, patience).toEqual([{ data: { from: 'elsewhere' }, attempt: 2 }]);
    await close();
  });
});
