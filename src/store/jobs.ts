// Work that happens beside the pages: queued in the casework store, so that it survives a crash; tried again with longer
// and longer waits; repeated on a schedule. Handlers must bear running twice: a job cut off by a crash is run again.

import type { Transaction } from 'kysely';
import type { JobWithMetadata, PgBoss } from 'pg-boss';
import type { Casework } from './casework.ts';
import type { CaseworkTables } from './casework-tables.ts';
import { storeSessions } from './session.store.ts';

export interface JobLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface JobRun {
  id: string;
  /** 1 the first time. */
  attempt: number;
  /** Fires when the run has taken too long or its time is up at a stop. */
  signal: AbortSignal;
}

export interface JobHandler {
  run(data: Record<string, unknown>, job: JobRun): Promise<void>;
  /** A cron expression in UTC, for a job that repeats. */
  schedule?: string;
  /** Tries after the first (default 5). */
  retries?: number;
  /** Seconds until the first retry; each further wait is about twice the last (default 5). */
  retryDelay?: number;
  /** Minutes that a run may take (default 15). */
  minutes?: number;
}

export type JobHandlers = Record<string, JobHandler>;

export interface SendOptions {
  /** Enqueues with this transaction: the job is there only if the transaction is kept. */
  within?: Transaction<CaseworkTables>;
  /** Seconds to wait first. */
  after?: number;
}

export interface JobsOptions {
  log: JobLog;
  /** Seconds between looks at the queue (default 2). */
  pollSeconds?: number;
}

export interface Jobs {
  /** Queues a job and returns its id. */
  send(name: string, data?: Record<string, unknown>, options?: SendOptions): Promise<string>;
  /** Retries now what a crash left running and what has run too long; also done every minute. */
  supervise(): Promise<void>;
  /** Takes no more jobs, waits up to ten seconds for those running, and gives the rest back to the queue. */
  stop(): Promise<void>;
}

/** Seconds without a sign of life after which a running job counts as cut off. */
const heartbeatSeconds = 30;
const day = 86_400;

/** Starts the queue with the handlers given and the store's own: sweep-sessions and, in the embedded store, tidy-store. */
export async function startJobs(casework: Casework, handlers: JobHandlers, { log, pollSeconds = 2 }: JobsOptions): Promise<Jobs> {
  const all: JobHandlers = { ...ownHandlers(casework, log), ...handlers };
  // Loaded here, so that commands, which queue nothing, start without it.
  const { PgBoss: Boss } = await import('pg-boss');
  const boss = new Boss({
    db: casework.jobsDatabase,
    backend: casework.dialect,
    migrate: false,
    createSchema: false,
    reindex: false,
    monitorVacuum: casework.dialect === 'postgres',
    openTelemetry: { enabled: false },
    superviseIntervalSeconds: 60,
  });
  boss.on('error', (error) => log.error({ code: codeOf(error) }, 'The job queue met an error.'));
  boss.on('warning', ({ data }) => log.warn({ warning: (data as { type?: string } | undefined)?.type }, 'The job queue gave a warning.'));
  await boss.start();
  try {
    for (const [name, handler] of Object.entries(all)) await prepareQueue(boss, name, handler);
    await forgetSchedules(boss, all);
    for (const [name, handler] of Object.entries(all)) {
      const options = { pollingIntervalSeconds: pollSeconds, includeMetadata: true } as const;
      await boss.work(name, options, ([job]: JobWithMetadata<Record<string, unknown>>[]) => runJob(job!, handler, log));
    }
  } catch (error) {
    await boss.stop({ graceful: false });
    throw error;
  }
  return {
    send: (name, data, options) => sendJob(boss, name, data, options),
    supervise: () => boss.supervise(),
    stop: () => boss.stop({ graceful: true, timeout: 10_000 }),
  };
}

async function prepareQueue(boss: PgBoss, name: string, { retries = 5, retryDelay = 5, minutes = 15, schedule }: JobHandler): Promise<void> {
  const options = {
    retryLimit: retries,
    retryDelay,
    retryBackoff: true,
    retryDelayMax: 3600,
    expireInSeconds: minutes * 60,
    heartbeatSeconds,
    retentionSeconds: 14 * day,
    deleteAfterSeconds: 7 * day,
  };
  if (await boss.getQueue(name)) {
    await boss.updateQueue(name, options);
  } else {
    await boss.createQueue(name, options);
  }
  if (schedule !== undefined) await boss.schedule(name, schedule, {}, { tz: 'UTC', missed: 'once' });
}

/** Removes the schedules of jobs that no longer have one. */
async function forgetSchedules(boss: PgBoss, handlers: JobHandlers): Promise<void> {
  for (const { name, key } of await boss.getSchedules()) {
    if (handlers[name]?.schedule === undefined) await boss.unschedule(name, key);
  }
}

async function runJob(job: JobWithMetadata<Record<string, unknown>>, handler: JobHandler, log: JobLog): Promise<void> {
  const { id, name, retryCount, retryLimit, signal } = job;
  const fields = { job: name, id, attempt: retryCount + 1 };
  const began = performance.now();
  try {
    await handler.run(job.data ?? {}, { id, attempt: retryCount + 1, signal });
  } catch (error) {
    const last = retryCount >= retryLimit;
    log[last ? 'error' : 'warn']({ ...fields, code: codeOf(error) }, last ? 'A job failed for the last time.' : 'A job failed and will be tried again.');
    throw error;
  }
  log.info({ ...fields, milliseconds: Math.round(performance.now() - began) }, 'A job ran.');
}

async function sendJob(boss: PgBoss, name: string, data: Record<string, unknown> = {}, { within, after }: SendOptions = {}): Promise<string> {
  const { fromKysely } = await import('pg-boss');
  const id = await boss.send(name, data, { ...(within && { db: fromKysely(within) }), ...(after !== undefined && { startAfter: after }) });
  if (id === null) throw new Error(`The queue did not take the job ${name}`);
  return id;
}

function ownHandlers({ db, clock, dialect, tidy }: Casework, log: JobLog): JobHandlers {
  const sweep = async () => {
    const sessions = await storeSessions(db).destroyExpired(clock.now());
    if (sessions > 0) log.info({ sessions }, 'Ended sessions were swept away.');
  };
  return {
    'sweep-sessions': { schedule: '*/10 * * * *', run: sweep },
    ...(dialect === 'pglite' && { 'tidy-store': { schedule: '30 * * * *', run: tidy } }),
  };
}

/** What may be logged of an error: its code or class, never its text, which may quote a record. */
function codeOf(error: unknown): string {
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown };
  return String(code ?? name ?? 'unknown');
}
