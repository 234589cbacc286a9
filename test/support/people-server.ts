// A web server with the pages about people over a real casework store and the sample agreements, and a few invented people whose rows a test
// gives: for tests of who sees what of whom.

import type { LightMyRequestResponse } from 'fastify';
import type { Role } from '../../src/core/index.ts';
import { openAcceptedCorrections, openCaseDesk, openCorrections, openPeople, openProtection, openRetention, openShareRecords, readAgreementPacks, seedSampleAgreements, type AgreementPacks, type AgreementRegister, type CorrectionSources, type HeldFile, type HeldRow, type People } from '../../src/govern/index.ts';
import { readRecordFeeds } from '../../src/build/index.ts';
import { storeAudit, type AuditEvent, type Home } from '../../src/store/index.ts';
import type { PlugRoutes } from '../../src/web/server.ts';
import { brokenGlassRoutes } from '../../src/web/broken-glass/broken-glass.routes.ts';
import { casesRoutes } from '../../src/web/cases/cases.routes.ts';
import { correctionsRoutes } from '../../src/web/corrections/corrections.routes.ts';
import { peopleRoutes } from '../../src/web/people/people.routes.ts';
import { retentionRoutes } from '../../src/web/retention/retention.routes.ts';
import { sealsRoutes } from '../../src/web/seals/seals.routes.ts';
import { shareRecordsRoutes } from '../../src/web/share-records/share-records.routes.ts';
import { newAttachmentHome } from './attachment-home.ts';
import { openGovernedStore, quoted, timeSql, type GovernedStore } from './governed-store.ts';
import { memoryAgreements } from './memory-agreements.ts';
import { memoryLoads } from './memory-loads.ts';
import type { StoresUnderTest } from './stores.ts';
import { formToken, get, handClock, openJar, openTestServer, plainPages, postFiles, sendForm, signedInAs, type FilePart, type HandClock, type TestServer } from './web-server.ts';

export interface PeopleVisitor {
  get(url: string): Promise<LightMyRequestResponse>;
  /** Sends a form with the token of the page at `from`. */
  send(url: string, form?: Record<string, string>, from?: string): Promise<LightMyRequestResponse>;
  /** Sends files, with the token of a page unless told otherwise. */
  sendFiles(url: string, files: readonly FilePart[], form?: Record<string, string>): Promise<LightMyRequestResponse>;
}

export interface PeopleServer {
  server: TestServer;
  clock: HandClock;
  store: GovernedStore;
  register: AgreementRegister;
  people: People;
  audited: AuditEvent[];
  /** Where files of cases lie. */
  home: Home;
  /** Files that agencies sent; none at first. */
  heldFiles: HeldFile[];
  /** While true, the audit of pages rejects. */
  audit: { broken: boolean };
  as(role: Role, agency: string, given?: { userId?: string; purpose?: string | null }): Promise<PeopleVisitor>;
  /** Opens cases about people, each with its lead. */
  plantCases(cases: readonly { personKey: string; lead: Worker; members?: readonly Worker[] }[]): Promise<void>;
  endAgreements(reason: string): Promise<void>;
  close(): Promise<void>;
}

interface Worker {
  userId: string;
  agency: string;
}

/** A row of a feed about a person, with its values. */
export const heldRow = (personKey: string, feed: string, line: number, values: Record<string, string>, others: string[] = []): HeldRow => ({ personKey, feed, load: `${feed}/000001-0123456789ab`, line, rowKey: `${feed}-${line}`, file: `${feed}.csv`, loadedAt: '2026-11-02T09:00:00Z', values, others });

/** People in memory: every one is a candidate of every search, but for those whom the index misses; `history` has what was loaded before too, oldest first. */
export function memoryPeople(rows: readonly HeldRow[], renamed: Record<string, string> = {}, unindexed: readonly string[] = [], history: readonly HeldRow[] = rows): CorrectionSources['source'] {
  const keys = [...new Set(rows.map(({ personKey }) => personKey))];
  const indexed = keys.filter((key) => !unindexed.includes(key));
  const keysOf = (personKey: string) => {
    const old = Object.keys(renamed).filter((key) => renamed[key] === personKey);
    return { personKey, meaning: [personKey, ...old], ever: [personKey, ...old] };
  };
  return {
    find: async (key) => {
      const now = renamed[key] ?? key;
      return keys.includes(now) ? keysOf(now) : undefined;
    },
    keysOf: async (some) => some.map(keysOf),
    rows: async (some) => rows.filter(({ personKey }) => some.includes(personKey)),
    now: async (some) => [...new Set(some.map((key) => renamed[key] ?? key))].filter((key) => keys.includes(key)),
    states: async (feed, rowKey) => history.filter((row) => row.feed === feed && row.rowKey === rowKey),
    candidates: async () => indexed,
    prepare: async () => undefined,
  };
}

/** What further pages may be made with. */
export interface MorePages {
  db: GovernedStore['casework']['db'];
  clock: HandClock;
  register: AgreementRegister;
  packs: AgreementPacks;
}

export async function openPeopleServer(stores: Pick<StoresUnderTest, 'readyPlace'>, source: CorrectionSources['source'], more: (people: People, given: MorePages) => PlugRoutes[] = () => []): Promise<PeopleServer> {
  const clock = handClock();
  const packs = readAgreementPacks(undefined);
  const register = memoryAgreements(clock, packs);
  await seedSampleAgreements(register, clock, packs);
  const store = await openGovernedStore(stores, clock);
  const { db } = store.casework;
  const feeds = readRecordFeeds(undefined);
  const [people, protection] = [openPeople(db, clock, { source, feeds, corrections: openAcceptedCorrections(db) }), openProtection(db, clock)];
  const { home, files: attachments } = newAttachmentHome();
  const corrections = openCorrections(db, clock, { people, source, feeds, idsOf: async ({ ever }) => [...ever] });
  const cases = openCaseDesk(db, clock, { source, people, attachments });
  const keyOf = async (id: string) => (await source.find(id))?.personKey;
  const heldFiles: HeldFile[] = [];
  const audited: AuditEvent[] = [];
  const audit = { broken: false };
  const kept = storeAudit(db, clock);
  const trail = {
    list: kept.list,
    record: async (event: AuditEvent) => {
      if (audit.broken) throw new Error('The audit cannot be kept');
      audited.push(event);
      await kept.record(event);
    },
  };
  const agencyName = (code: string) => packs.agencies.get(code)?.title ?? code;
  const server = await openTestServer({ agreements: register, audit: trail, protection, people, cases, agreementPacks: packs, corrections: { desk: corrections, keyOf }, clock }, [
    plainPages,
    (app, deps) => peopleRoutes(app, { ...deps, people, register, agencyName, corrections, cases }),
    (app, deps) => casesRoutes(app, { ...deps, cases, people, register, packs }),
    (app, deps) => correctionsRoutes(app, { ...deps, people, register, agencyName, corrections, keyOf, contact: { name: 'the data team', email: 'data@example.org' } }),
    (app, deps) => sealsRoutes(app, { ...deps, people, protection }),
    (app, deps) => shareRecordsRoutes(app, { ...deps, people, shareRecords: openShareRecords(db, clock, { source }), packs, clock }),
    (app, deps) => retentionRoutes(app, { ...deps, people, packs, clock, retention: openRetention(db, clock, { retention: packs.retention, source, feeds: readRecordFeeds(undefined), attachments, loads: memoryLoads(heldFiles) }) }),
    (app, deps) => brokenGlassRoutes(app, { ...deps, protection, agencyName }),
    ...more(people, { db, clock, register, packs }),
  ]);

  const as: PeopleServer['as'] = async (role, agency, { userId = `${role}-${agency}`, purpose = role === 'governance-lead' ? 'information-governance' : null } = {}) => {
    const jar = openJar();
    const { cookie } = await signedInAs({ ...server, clock }, role, { userId, agency, purpose });
    jar.set('headwater', cookie.slice('headwater='.length));
    return {
      get: (url) => get(server.app, jar, url),
      send: (url, form = {}, from = '/help') => sendForm(server.app, jar, url, { form, from }),
      sendFiles: async (url, files, form = {}) => postFiles(server.app, jar, url, { files, form: { 'form-token': formToken((await get(server.app, jar, '/help')).body), ...form } }),
    };
  };
  const plantCases: PeopleServer['plantCases'] = (cases) => store.asOwner(cases.flatMap(({ personKey, lead, members = [] }) => [
    `insert into case_file (person_key, holder, lead_user, lead_agency, opened_at) values (${quoted(personKey)}, 'early-help', ${quoted(lead.userId)}, ${quoted(lead.agency)}, ${timeSql(clock.now())})`,
    ...members.map(({ userId, agency }) => `insert into case_member (case_id, user_id, agency, since) select case_id, ${quoted(userId)}, ${quoted(agency)}, ${timeSql(clock.now())} from case_file where person_key = ${quoted(personKey)} and lead_user = ${quoted(lead.userId)}`),
  ]).join(';\n'));
  const endAgreements: PeopleServer['endAgreements'] = async (reason) => {
    for (const { agreementId } of await register.list()) await register.end(agreementId, { userId: 'lead', role: 'governance-lead', agency: 'council' }, reason);
  };
  return {
    server, clock, store, register, people, audited, audit, home, heldFiles, as, plantCases, endAgreements,
    close: async () => {
      await server.app.close();
      await store.casework.close();
    },
  };
}
