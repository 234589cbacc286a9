// Serves a home: joins its snapshot, its casework store, the questions and the pages.

import { once } from 'node:events';
import { createWriteStream, existsSync, readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { openHeldPeople, openLinkedPeople, openRowsBeyond, openPseudonyms, readRecordFeeds } from './build/index.ts';
import type { OpenServer, RunningServer } from './cli/index.ts';
import { Problem, systemClock } from './core/index.ts';
import { chooseFormerPeople, listCertifiedLoads, openAcceptedCorrections, openCaseDesk, openCorrections, openPeople, openProtection, openReidentification, openRetention, openShareRecords, openSubjectAccess, readAccessExemptions, readAgreementPacks, readAuditSignalRules, seedSampleAgreements, seedSampleCases, storeAgreements, storeDrafts, storeSignalReviews } from './govern/index.ts';
import { listFeeds, openLoadFiles, sweepDestroyedLoads, type Contract } from './ingest/index.ts';
import { openLinkReviewService, openPersonEventService, openPersonIds } from './linkage/index.ts';
import { addCheckpoint, findHeldAttachments, followLake, homeSecret, makeFolder, openAttachmentFiles, openHomeCasework, startJobs, storeAudit, storeAuditStudy, storeSessions, takeInWaitingRows, takeLock, type AttachmentFiles, type Casework, type CaseworkOptions, type Home } from './store/index.ts';
import { createQuestions, readCategories, type Categories } from './understand/index.ts';
import { createWebServer, readSharing, readWebSettings, samplePassword, sampleUsers, type WebSettings } from './web/index.ts';

/** Over real data the sample sign-ins have a password of this home, printed at the start. */
function identityFor(home: Home, identity: WebSettings['identity']): WebSettings['identity'] {
  return identity.kind === 'sample' && !home.settings.simulated ? { ...identity, password: homeSecret(home, 'sample-password').slice(0, 12) } : identity;
}

/** How many people of a simulated partnership have a case from the start. */
const sampleCases = 12;
/** Cases of long ago that are due to be destroyed. */
const sampleClosedCases = 2;
const anHour = 3_600_000;

const describeFeed = (agencies: Categories['agencies'], { feed, title, agency, cadence, source }: Contract) => ({
  id: feed,
  title,
  agency: agencies.get(agency) ?? agency,
  cadence,
  source: [source.name, source.reference, source.licence].filter(Boolean).join(', '),
});

function openLog(home: Home) {
  const folder = join(home.dir, 'logs');
  makeFolder(folder);
  return createWriteStream(join(folder, 'web.log'), { flags: 'a', mode: 0o600 });
}

/** The jobs' lines in the same log: ids and codes only, never what a job carries. */
function jobLog(log: Writable) {
  const write = (level: number) => (fields: object, msg: string) => void log.write(`${JSON.stringify({ level, time: systemClock.now(), ...fields, msg })}\n`);
  return { info: write(30), warn: write(40), error: write(50) };
}

/** Takes in what commands left for the audit beside this server, and notes the head of the audit outside the database now, every hour and at the end. */
function keepCheckpoints(home: Home, casework: Casework, log: Writable): () => Promise<void> {
  const note = async () => {
    try {
      await takeInWaitingRows(home, casework);
      await addCheckpoint(home, casework.db, systemClock);
    } catch (error) {
      log.write(`${JSON.stringify({ level: 50, time: systemClock.now(), msg: 'the audit has no new checkpoint', error: String(error) })}\n`);
    }
  };
  const first = note();
  const timer = setInterval(() => void note(), anHour).unref();
  return async () => {
    clearInterval(timer);
    await first;
    await note();
  };
}

/** Now and every hour, clears up files whose act was cut off: of attached files, an hour ago or more, since no act takes so long, also not on another server of this home. */
function sweepFiles(home: Home, files: AttachmentFiles, casework: Casework, log: Writable): () => Promise<void> {
  const told = (of: string) => (error: unknown) => void log.write(`${JSON.stringify({ level: 50, time: systemClock.now(), msg: `what was left of ${of} was not cleared up`, error: String(error) })}\n`);
  const sweep = async () => {
    await files.sweep(systemClock.now() - anHour, (ids) => findHeldAttachments(casework.db, ids)).catch(told('attached files'));
    await listCertifiedLoads(casework.db).then((certified) => sweepDestroyedLoads(home, certified)).catch(told('destroyed loads'));
  };
  let running = sweep();
  const timer = setInterval(() => void (running = sweep()), anHour).unref();
  return async () => {
    clearInterval(timer);
    await running;
  };
}

/** The embedded store serves one process, which holds its lock as long as it serves. Asked before anything is opened, so that it is said at once. */
function refuseServedHome(home: Home, { url }: CaseworkOptions): void {
  if (url !== undefined) return;
  try {
    takeLock(home.store, 'store')();
  } catch (error) {
    if (!(error instanceof Problem) || error.kind !== 'busy') throw error;
    const { what, where } = error.details;
    throw new Problem('busy', { what, where, todo: 'Use what it serves, or stop it first. To serve one home twice, give both a PostgreSQL server with DATABASE_URL.', cause: error });
  }
}

/** Takes a port and gives it back: a Problem where it cannot be had. */
async function tryPort(host: string, port: number): Promise<void> {
  const probe = createServer();
  await listenOn(host, port, () => once(probe.listen({ host, port }), 'listening'));
  await new Promise((resolve) => probe.close(resolve));
}

/** Settings, home, port and store are had before any work begins, so that what stands in the way of serving is said at once. */
export async function openServer(home: Home, { root, version, env, store, port }: ServerOptions): Promise<OpenServer> {
  const settings = readWebSettings(env, port);
  refuseServedHome(home, store);
  await tryPort(settings.host, port);
  const casework = await openHomeCasework(home, store);
  return { serve: () => serve({ root, version, env, home, casework, settings, port }), close: () => casework.close() };
}

interface ServerOptions {
  /** The folder of the product. */
  root: string;
  version: string;
  env: NodeJS.ProcessEnv;
  store: CaseworkOptions;
  port: number;
}

interface Opened extends Omit<ServerOptions, 'store'> {
  home: Home;
  casework: Casework;
  settings: WebSettings;
}

async function serve({ root, version, env, home, casework, settings, port }: Opened): Promise<RunningServer> {
  try {
    const log = openLog(home);
    // Read while the rest is made ready: opening it is the longest part of a start.
    const opening = followLake(home, (error) => log.write(`${JSON.stringify({ level: 50, msg: 'the new snapshot cannot be opened', error: String(error) })}\n`));
    opening.catch(() => undefined);
    const identity = identityFor(home, settings.identity);
    const review = await openLinkReviewService(home, casework);
    const personEvents = openPersonEventService(home, casework);
    const held = openHeldPeople(home);
    const pseudonyms = openPseudonyms(home);
    const personIds = openPersonIds(home);
    const linked = openLinkedPeople(home);
    const beyond = openRowsBeyond(home);
    const attachments = openAttachmentFiles(home);
    const categories = readCategories(home.packs);
    const agreementPacks = readAgreementPacks(home.packs);
    const agreements = await storeAgreements(casework.db, systemClock, { packs: agreementPacks });
    if (home.settings.simulated) {
      await seedSampleAgreements(agreements, systemClock, agreementPacks);
      await seedSampleCases(casework.db, systemClock, {
        open: () => held.knownTo('early-help-episode', sampleCases).catch(() => []),
        closed: () => chooseFormerPeople(held, systemClock, { feeds: readRecordFeeds(home.packs), people: sampleClosedCases }).catch(() => []),
      });
    }
    const lake = await opening;
    const corrections = openAcceptedCorrections(casework.db);
    const idsOf = async ({ personKey, ever }: { personKey: string; ever: readonly string[] }) => [...ever, ...((await personIds.find(personKey))?.records ?? [])];
    const people = openPeople(casework.db, systemClock, { source: held, feeds: readRecordFeeds(home.packs), corrections });
    const subjectAccess = openSubjectAccess(casework.db, systemClock, { source: held, feeds: readRecordFeeds(home.packs), around: (key, also) => linked.around(key, also), beyond, files: attachments, idsOf, register: agreements, corrections });
    const glossary = join(root, 'docs', 'glossary.md');
    const app = await createWebServer({
      version,
      partnership: home.settings.partnership,
      simulated: home.settings.simulated,
      questions: createQuestions({ localPacks: home.packs, clock: systemClock }),
      lake: () => lake.current(),
      sessions: { ...storeSessions(casework.db), withAudit: storeAudit(casework.db, systemClock).withSession },
      checkStore: async () => {
        const health = await casework.check();
        if (!health.ok) throw new Error(health.detail);
      },
      review,
      personEvents,
      agreements,
      agreementPacks,
      agreementDrafts: storeDrafts(casework.db, systemClock),
      people,
      cases: openCaseDesk(casework.db, systemClock, { source: held, people, attachments }),
      reidentification: openReidentification(casework.db, systemClock, { people, register: agreements, pseudonyms }),
      protection: openProtection(casework.db, systemClock),
      shareRecords: openShareRecords(casework.db, systemClock, { source: held }),
      retention: openRetention(casework.db, systemClock, { retention: agreementPacks.retention, source: held, feeds: readRecordFeeds(home.packs), corrections, attachments, loads: openLoadFiles(home, listFeeds(home.packs)) }),
      subjectAccess: { desk: subjectAccess, keyOf: async (id) => (await personIds.find(id))?.personKey, exemptions: readAccessExemptions(home.packs) },
      corrections: { desk: openCorrections(casework.db, systemClock, { people, source: held, feeds: readRecordFeeds(home.packs), idsOf }), keyOf: async (id) => (await personIds.find(id))?.personKey },
      sharing: readSharing(home.packs),
      audit: storeAudit(casework.db, systemClock),
      auditStudy: { ...storeAuditStudy(casework.db), people: personIds, reviews: storeSignalReviews(casework.db, systemClock), rules: readAuditSignalRules(home.packs).value },
      identity,
      cookieSecret: homeSecret(home, 'cookie'),
      baseUrl: settings.baseUrl,
      clock: systemClock,
      log,
      feeds: listFeeds(home.packs).map((feed) => describeFeed(categories.agencies, feed)),
      categories,
      contact: settings.contact,
      ...(existsSync(glossary) ? { glossary: readFileSync(glossary, 'utf8') } : {}),
      trustProxy: settings.trustProxy,
    });
    await listen(app, settings.host, port);
    const stopCheckpoints = keepCheckpoints(home, casework, log);
    const stopSweeping = sweepFiles(home, attachments, casework, log);
    const stopped = runUntilStopped(casework, log, async () => {
      await app.close();
      await stopSweeping();
      await stopCheckpoints();
      lake.close();
      await review.close();
      await personEvents.close();
      await held.close();
      await pseudonyms.close();
      await personIds.close();
      await linked.close();
      await beyond.close();
    });
    const { port: actual } = app.server.address() as AddressInfo;
    const signIns = identity.kind === 'sample' ? sampleUsers.map((user) => ({ ...user, username: user.id, password: identity.password ?? samplePassword })) : [];
    return { address: env.BASE_URL ? settings.baseUrl : `http://localhost:${actual}`, signIns, stopped };
  } catch (error) {
    await casework.close();
    throw error;
  }
}

interface Listener {
  listen(options: { host: string; port: number }): Promise<string>;
  close(): PromiseLike<unknown>;
}

async function listen(app: Listener, host: string, port: number): Promise<void> {
  try {
    await listenOn(host, port, () => app.listen({ host, port }));
  } catch (error) {
    await app.close();
    throw error;
  }
}

/** Runs what opens a port; says in words why it could not be had. */
async function listenOn(host: string, port: number, run: () => Promise<unknown>): Promise<void> {
  try {
    await run();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const where = `${host}:${port}`;
    const other = port < 65_535 ? port + 1 : 8080;
    if (code === 'EADDRINUSE') throw new Problem('busy', { what: `Port ${port} is taken by another program`, where, todo: `Stop that program, or choose another port with PORT=${other} or --port ${other}.` });
    if (code === 'EACCES') throw new Problem('usage', { what: `Your user may not open port ${port}`, where, todo: 'Choose a port from 1024 up, such as PORT=8080.' });
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') throw new Problem('usage', { what: 'This computer has no such network address', where, todo: 'Set HOST to an address of this computer, or leave it out.' });
    throw error;
  }
}

/** Signals so close to the first are the same wish: a terminal and what started this process both pass on one Ctrl-C. A later one stops at once. */
const oneStopMs = 1000;

/** Starts the jobs beside the pages; on the first signal, lets requests and jobs end, then closes the store. */
function runUntilStopped(casework: Casework, log: Writable, closeWeb: () => Promise<void>): Promise<void> {
  const jobs = startJobs(casework, {}, { log: jobLog(log) }).catch((error: unknown) => {
    process.stderr.write(`headwater: the job queue did not start: ${error instanceof Error ? error.message : String(error)}\n`);
    return undefined;
  });
  return new Promise((resolve, reject) => {
    const stopAtOnce = () => {
      process.removeListener('SIGINT', stop);
      process.removeListener('SIGTERM', stop);
    };
    let stopping = false;
    const stop = () => {
      if (stopping) return;
      stopping = true;
      setTimeout(stopAtOnce, oneStopMs).unref();
      void (async () => {
        await closeWeb();
        await (await jobs)?.stop();
        await casework.close();
      })().then(resolve, reject);
    };
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
  });
}
