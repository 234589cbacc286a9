// The whole web server as it is served, for attacks on it: a real casework store with the sample agreements, its own sessions, audit and drafts, a small
// lake, and invented people whose every value is a word of its own, so that a leak shows.

import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { createHash, randomBytes } from 'node:crypto';
import type { Role } from '../../src/core/index.ts';
import { readRecordFeeds } from '../../src/build/index.ts';
import { openAcceptedCorrections, openCaseDesk, openCorrections, openPeople, openProtection, openReidentification, openRetention, openShareRecords, openSubjectAccess, readAccessExemptions, readAgreementPacks, readAuditSignalRules, sealSubject, seedSampleAgreements, storeAgreements, storeDrafts, storeSignalReviews, type AgreementRegister, type RetentionDesk } from '../../src/govern/index.ts';
import { storeAudit, storeAuditStudy, storeSessions, type AuditEvent, type Casework } from '../../src/store/index.ts';
import { createQuestions } from '../../src/understand/index.ts';
import { createWebServer } from '../../src/web/create-web-server.ts';
import { keyOfSecret } from '../../src/web/sign-in/signed-in.ts';
import { newAttachmentHome } from './attachment-home.ts';
import { fakePersonEvents } from './fake-person-events.ts';
import { fakeReview, type FakeReview } from './fake-review.ts';
import { openGovernedStore, quoted, timeSql, type GovernedStore } from './governed-store.ts';
import { openTestLake } from './lake-builder.ts';
import { memoryLoads, oldTenancies } from './memory-loads.ts';
import { heldRow, memoryPeople } from './people-server.ts';
import { sampleCounty } from './sample-county.ts';
import { quickStores } from './stores.ts';
import { formToken, get, handClock, openJar, post, type HandClock, type Jar } from './web-server.ts';

export const known = 'P0000000000000001';
export const sealed = 'P0000000000000002';
export const elsewhere = 'P0000000000000003';
/** What extracts call these people; the third is somebody of whom early help may see nothing. */
export const pseudonyms = { known: 'a0'.repeat(16), sealed: 'b0'.repeat(16), elsewhere: 'c0'.repeat(16) };
/** Cases about them: two of early help, one of the police, and one of early help under a key that the sealed person had before; with an entry in each. */
export const caseIds = { known: '0000000a-0000-4000-8000-00000000000a', sealed: '0000000b-0000-4000-8000-00000000000b', elsewhere: '0000000c-0000-4000-8000-00000000000c', former: '0000000d-0000-4000-8000-00000000000d' };
/** Of these cases, in the same order: the entry in each, and the file that belongs to it. */
export const entryIds = { known: '0000000a-0000-4000-8000-0000000000ea', sealed: '0000000b-0000-4000-8000-0000000000eb', elsewhere: '0000000c-0000-4000-8000-0000000000ec', former: '0000000d-0000-4000-8000-0000000000ed' };
export const attachmentIds = { known: '0000000a-0000-4000-8000-0000000000fa', sealed: '0000000b-0000-4000-8000-0000000000fb', elsewhere: '0000000c-0000-4000-8000-0000000000fc', former: '0000000d-0000-4000-8000-0000000000fd' };
/** Nobody has this key. */
export const nobody = 'P00000000000000ff';

const rowsOf = (personKey: string, word: string) => [
  heldRow(personKey, 'early-help-episode', 2, { episode_ref: `${word}-episode`, requested_on: '2026-05-01', level: '3', closure_reason: `${word}-closure`, forename: `Ada${word}`, surname: `Quill${word}`, date_of_birth: '2015-04-17', postcode: 'FM1 1AA' }),
  heldRow(personKey, 'police-incident', 4, { incident_ref: `${word}-incident`, reported_at: '2026-06-01 22:10:00', closing_code: 'domestic-incident', summary: `${word}-summary`, location: `${word}-place` }),
];
/** The people; any value about them holds one of these words. */
export const personWords = ['alphabird', 'sigmabird', 'omegabird'] as const;
const rows = [...rowsOf(known, 'alphabird'), ...rowsOf(sealed, 'sigmabird'), ...rowsOf(elsewhere, 'omegabird')];
/** A key under which the sealed person stood before; the seal is under today's. */
const former = 'P0000000000000005';
const memory = memoryPeople(rows, { [former]: sealed });
/** As an index finds them: those of whom something that was typed is a part of a value. */
const candidates: typeof memory.candidates = async (query) => {
  const typed = Object.values(query as Record<string, string>).map((each) => each.toLowerCase());
  return [...new Set(rows.filter(({ values }) => Object.values(values).some((value) => typed.some((each) => value?.toLowerCase().includes(each)))).map(({ personKey }) => personKey))];
};

export interface Attacker {
  jar: Jar;
  secret: string;
  userId: string;
  get(url: string, headers?: Record<string, string>): Promise<LightMyRequestResponse>;
  /** Sends a form with this browser's own token, unless told otherwise. */
  post(url: string, form?: Record<string, string> | [string, string][], given?: { token?: string | null; headers?: Record<string, string> }): Promise<LightMyRequestResponse>;
  /** This browser's token for forms. */
  token(): Promise<string>;
}

export interface AttackServer {
  app: FastifyInstance;
  clock: HandClock;
  store: GovernedStore;
  register: AgreementRegister;
  review: FakeReview;
  /** Since it was last emptied. */
  audited: AuditEvent[];
  log: string[];
  /** Since it was last emptied: each statement that the store was sent, and each question to whoever holds the records, without its values. */
  work: string[];
  as(role: Role, agency: string, given?: { userId?: string; name?: string; purpose?: string | null }): Promise<Attacker>;
  /** The case under the key that the sealed person had before. */
  plantFormer(): Promise<void>;
  /** The newest agreement, as its address names it. */
  agreementId: string;
  sealId: string;
  /** Of a closed case that somebody proposed to destroy, and of a legal hold on another. */
  caseId: string;
  proposalId: string;
  holdId: string;
  close(): Promise<void>;
}

/** The same store, which notes the text of each statement that it is sent. */
function noteStatements(db: Casework['db'], work: string[]): Casework['db'] {
  const compiler = db.getExecutor();
  return db.withPlugin({
    transformQuery: ({ node, queryId }) => {
      work.push(compiler.compileQuery(node, queryId).sql);
      return node;
    },
    transformResult: async ({ result }) => result,
  });
}

/** The same holder of records, which notes what it is asked; asked for no rows it reads none. */
function noteQuestions<T extends typeof memory>(source: T, work: string[]): T {
  return Object.fromEntries(Object.entries(source).map(([name, ask]) => [name, (...given: unknown[]) => {
    work.push(name === 'rows' && (given[0] as unknown[]).length === 0 ? 'no rows' : name);
    return (ask as (...all: unknown[]) => unknown)(...given);
  }])) as unknown as T;
}

export const baseUrl = 'http://localhost:8080';

export async function openAttackServer(given: { baseUrl?: string } = {}): Promise<AttackServer> {
  const clock = handClock();
  const packs = readAgreementPacks(undefined);
  const store = await openGovernedStore(quickStores(), clock);
  const work: string[] = [];
  const db = noteStatements(store.casework.db, work);
  const source = noteQuestions({ ...memory, candidates }, work);
  const register = await storeAgreements(db, clock, { packs });
  await seedSampleAgreements(register, clock, packs);
  const lake = await openTestLake(sampleCounty({ incidents: 600 }));
  const [review, log, audited] = [fakeReview(), [] as string[], [] as AuditEvent[]];
  const kept = storeAudit(db, clock);
  const sessions = { ...storeSessions(db), withAudit: async (...[event, ...more]: Parameters<typeof kept.withSession>) => { audited.push(event); await kept.withSession(event, ...more); } };
  const people = openPeople(db, clock, { source, feeds: readRecordFeeds(undefined), corrections: openAcceptedCorrections(db) });
  const { files: attachments } = newAttachmentHome();
  const retention = openRetention(db, clock, { retention: packs.retention, source, feeds: readRecordFeeds(undefined), attachments, loads: memoryLoads([oldTenancies()]) });
  const app = await createWebServer({
    version: '0.1.0', partnership: 'Fenmarch', simulated: true, questions: createQuestions({ clock }), lake: () => lake, sessions, checkStore: async () => true,
    review, personEvents: fakePersonEvents(), agreements: register, agreementPacks: packs, agreementDrafts: storeDrafts(db, clock),
    people, cases: openCaseDesk(db, clock, { source, people, attachments }), protection: openProtection(db, clock), shareRecords: openShareRecords(db, clock, { source }), retention,
    subjectAccess: { desk: openSubjectAccess(db, clock, { source, feeds: readRecordFeeds(undefined), around: async () => ({ own: {}, others: [], shared: new Map() }), idsOf: async ({ ever }) => [...ever], register }), keyOf: async (id) => (await source.find(id))?.personKey, exemptions: readAccessExemptions(undefined) },
    corrections: { desk: openCorrections(db, clock, { people, source, feeds: readRecordFeeds(undefined), idsOf: async ({ ever }) => [...ever] }), keyOf: async (id) => (await source.find(id))?.personKey },
    reidentification: openReidentification(db, clock, { people, register, pseudonyms: { peopleOf: async (_purpose, asked) => new Map(Object.entries({ known, sealed, elsewhere }).flatMap(([name, key]) => (asked.includes(pseudonyms[name as 'known']) ? [[pseudonyms[name as 'known'], key] as const] : []))) } }),
    auditStudy: { ...storeAuditStudy(db), people: { find: async (id) => (id === known ? { personKey: known, keys: [known], records: [] } : undefined) }, reviews: storeSignalReviews(db, clock), rules: readAuditSignalRules(undefined).value },
    audit: { ...kept, record: async (event, ...more) => { audited.push(event); await kept.record(event, ...more); } },
    identity: { kind: 'sample' }, cookieSecret: 'a cookie secret for tests, forty characters', baseUrl: given.baseUrl ?? baseUrl, clock, log: { write: (line) => void log.push(line) },
    contact: { name: 'the data team', email: 'data@example.org' }, limits: { requests: 100_000, signIns: 100_000, passwords: 100_000 },
  });
  await app.ready();

  const plantCase = async (which: keyof typeof caseIds, personKey: string, word: string) => {
    const [caseId, entryId, attachmentId, letter] = [caseIds[which], entryIds[which], attachmentIds[which], Buffer.from(`%PDF-1.7 ${word}-letter`)];
    const [holder, lead] = personKey === elsewhere ? ['police', null] : ['early-help', 'lead-practitioner-early-help'];
    await store.asOwner(`insert into case_file (case_id, person_key, holder, lead_user, lead_agency, opened_at) values ('${caseId}', ${quoted(personKey)}, '${holder}', ${quoted(lead)}, ${quoted(lead && 'early-help')}, ${timeSql(clock.now())});
      insert into case_entry (entry_id, case_id, section, holder, author, text, created_at) values ('${entryId}', '${caseId}', 'worries', '${holder}', 'practitioner', '${word}-worry', ${timeSql(clock.now())});
      insert into case_attachment (attachment_id, entry_id, file_name, media_type, bytes, sha256, added_by, added_at) values ('${attachmentId}', '${entryId}', '${word}-letter.pdf', 'application/pdf', ${letter.length}, '${createHash('sha256').update(letter).digest('hex')}', 'practitioner', ${timeSql(clock.now())})`);
    await attachments.write(attachmentId, letter);
  };
  for (const [which, personKey, word] of [['known', known, 'alphabird'], ['sealed', sealed, 'sigmabird'], ['elsewhere', elsewhere, 'omegabird']] as const) await plantCase(which, personKey, word);
  const seal = await sealSubject(db, clock, { reader: { userId: 'ig', role: 'governance-lead', agency: 'council' }, personKey: sealed, ground: 'domestic-abuse', whomToRing: 'the safeguarding desk on 01632 960001', keepers: ['keeper'] });
  if (!seal.ok) throw new Error('Not sealed');

  const as: AttackServer['as'] = async (role, agency, { userId = `${role}-${agency.toLowerCase().replaceAll(' ', '-')}`, name = 'Robin Attack', purpose = role === 'governance-lead' ? 'information-governance' : null } = {}) => {
    const [jar, secret, now] = [openJar(), randomBytes(32).toString('base64url'), clock.now()];
    await sessions.save({ key: keyOfSecret(secret), userId, name, agency, role, purpose, startedAt: now, expiresAt: now + 10 * 3_600_000, idleUntil: now + 30 * 60_000 });
    jar.set('headwater', secret);
    const token = async () => formToken((await get(app, jar, '/help')).body);
    /** A token serves as long as the cookie that it belongs to. */
    const kept = new Map<string | undefined, string>();
    const keptToken = async () => {
      const known = kept.get(jar.get('headwater-form')) ?? (await token());
      kept.set(jar.get('headwater-form'), known);
      return known;
    };
    return {
      jar, secret, userId, token,
      get: (url, headers) => get(app, jar, url, headers),
      post: async (url, form = {}, { token: other, headers = {} } = {}) => {
        const sent = other === undefined ? await keptToken() : other;
        const pairs: [string, string][] = Array.isArray(form) ? form : Object.entries(form);
        return post(app, jar, url, [...(sent === null ? [] : [['form-token', sent] as [string, string]]), ...pairs], headers);
      },
    };
  };
  const planted = await plantRetention(store, retention);
  const agreementId = (await register.list())[0]!.agreementId;
  return {
    app, clock, store, register, review, audited, log, work, as, plantFormer: () => plantCase('former', former, 'sigmabird'), agreementId, sealId: seal.sealedSubjectId, ...planted,
    close: async () => {
      await app.close();
      lake.close();
      await store.casework.close();
    },
  };
}

/** A case long closed, about somebody whom no agency knows, proposed to be destroyed by a lead who attacks nothing. */
async function plantRetention(store: GovernedStore, retention: RetentionDesk): Promise<Pick<AttackServer, 'caseId' | 'proposalId' | 'holdId'>> {
  const [caseId, lead] = ['00000001-0000-4000-8000-000000000001', { userId: 'ig', role: 'governance-lead', agency: 'council' } as const];
  await store.asOwner(`insert into case_file (case_id, person_key, holder, status, opened_at, closed_at) values ('${caseId}', 'P0000000000000004', 'early-help', 'closed', '1990-01-10', '1995-01-10')`);
  const [proposed, held] = [await retention.propose(lead, { caseId, reason: 'Needed no more' }), await retention.placeHold(lead, { kind: 'agency', target: 'police', reason: 'A claim', authority: 'Court' })];
  if (!proposed.ok || !held.ok) throw new Error('Nothing to attack');
  return { caseId, proposalId: proposed.id, holdId: held.id };
}

/** What must not differ between two refusals: ids, references and tokens taken out. */
export const withoutIds = (body: string): string =>
  body.replaceAll(/name="form-token" value="[^"]+"/g, '').replaceAll(/P[0-9a-f]{16}/g, 'PERSON').replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'UUID').replaceAll(/a-[0-9a-f]{12}/g, 'AGREEMENT');

/** What an answer tells that only the machine knows: a stack, a place in the code, an engine's words; null where nothing. */
export const tellsOfTheMachine = (body: string): string | null =>
  /\bat .+\.(?:ts|js):\d+|node_modules|\/src\/|PGlite|postgres|duckdb|syntax error|(?:Parser|Binder|Catalog|Conversion) Error|SQLSTATE|violates|TypeError|ReferenceError|invalid (?:input|byte)/i.exec(body)?.[0] ?? null;
