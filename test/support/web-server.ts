// A web server over a small invented lake, for tests of pages, access and security. Its clock is moved by hand.

import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { randomBytes } from 'node:crypto';
import { createMemorySessions, type Answer, type Clock, type LakeReader, type Question, type Role, type Session, type SessionStore } from '../../src/core/index.ts';
import { samplePassword, sampleUsers, type WebOptions } from '../../src/web/index.ts';
import { agreementForAll, purposeForAll } from './agreement-for-all.ts';
import { buildServer, type PlugRoutes } from '../../src/web/server.ts';
import { keyOfSecret } from '../../src/web/sign-in/signed-in.ts';

export interface HandClock extends Clock {
  move(minutes: number): void;
}

export function handClock(iso = '2026-11-24T09:05:00Z'): HandClock {
  let now = Date.parse(iso);
  return { now: () => now, move: (minutes) => void (now += minutes * 60_000) };
}

/** A snapshot of one feed, without a row. */
export const fakeLake: LakeReader = {
  snapshot: { id: 'c0ffee1234567890', builtAt: '2026-11-23T09:05:00Z', dataTo: '2026-10-31' },
  rows: async <T>(sql: string) => (sql.includes('feed_quality') ? [{ feed: 'police-incident' }] : []) as T[],
  hasTable: (name) => name === 'feed_quality',
  async forFeeds(limits) {
    return { ...this, limits };
  },
};

export function fakeQuestion(id: string, title: string, answer: Partial<Answer> = {}): Question {
  return {
    id,
    title,
    summary: `${title}, in short`,
    method: `docs/methods/${id}.md`,
    derived: [],
    answer: async (lake, filters, options) => ({
      question: id,
      title,
      sentence: `The answer to ${id} is 42, between 40 and 44.`,
      filters,
      snapshot: lake.snapshot,
      tables: [
        {
          id: 'main',
          title,
          columns: [{ name: 'area', label: 'Area', format: 'text' }, { name: 'events', label: 'Events', format: 'count' }],
          rows: [{ area: 'Northgate', events: 40 }, { area: 'Mill Lane', events: null }],
          suppressed: ['1:events'],
        },
      ],
      figures: { total: 42, ...options },
      howSure: ['Nine records in ten have a place.'],
      sources: [{ feed: 'police-incident', label: 'Police incidents', rows: 50, lastLoaded: '2026-11-23' }],
      sql: ['SELECT 42'],
      suppression: { rule: '1 to 7 not shown', suppressedCells: 1 },
      seconds: 0.01,
      ...answer,
    }),
  };
}

export const fakeQuestions: Question[] = [
  fakeQuestion('demand', 'What is demand?'),
  fakeQuestion('repeat-demand', 'How much demand comes back?'),
  fakeQuestion('places', 'Where is it?'),
  fakeQuestion('data-quality', 'Can we trust the data?'),
  fakeQuestion('linkage', 'How are records joined?'),
];

export interface TestServer {
  app: FastifyInstance;
  clock: HandClock;
  sessions: SessionStore;
  log: string[];
}

/** Pages in the place of the real ones, so that the frame can be tested without them. */
export const plainPages: PlugRoutes = (app, deps) => {
  for (const question of deps.questions) {
    app.get<{ Querystring: Record<string, unknown> }>(question.id === 'linkage' ? '/linkage' : `/understand/${question.id}`, { preHandler: deps.requirePage(question.id as 'demand') }, async (request, reply) => {
      const answer = await question.answer(deps.lakeOf(request), { agency: [], category: [], area: [] }, {});
      return deps.renderPage(reply, 'problem/problem.njk', { title: question.title, detail: [answer.sentence, JSON.stringify(request.query)] });
    });
  }
};

export async function openTestServer(given: Partial<WebOptions> = {}, parts: readonly PlugRoutes[] = [plainPages]): Promise<TestServer> {
  const clock = handClock();
  const sessions = given.sessions ?? createMemorySessions();
  const log: string[] = [];
  const agreements = await agreementForAll(clock);
  const app = await buildServer(
    {
      agreements,
      version: '0.1.0',
      partnership: 'Fenmarch',
      simulated: true,
      questions: fakeQuestions,
      lake: () => fakeLake,
      sessions,
      checkStore: async () => true,
      identity: { kind: 'sample' },
      cookieSecret: 'a cookie secret for tests, forty characters',
      baseUrl: 'http://localhost:8080',
      clock,
      log: { write: (line) => void log.push(line) },
      feeds: [{ id: 'police-incident', title: 'Police incidents', agency: 'Police', cadence: 'daily', source: 'National Standard for Incident Recording 2011' }],
      contact: { name: 'the data team', email: 'data@example.org' },
      glossary: '# Glossary\n\n**Household** People who live at one address.\n',
      ...given,
      limits: { requests: 100_000, signIns: 100_000, passwords: 100_000, ...given.limits },
    },
    parts,
  );
  await app.ready();
  return { app, clock, sessions, log };
}

/** A browser's cookie jar, by path prefix, as far as these tests need one. */
export interface Jar {
  header(path: string): string;
  take(response: LightMyRequestResponse): void;
  get(name: string): string | undefined;
  set(name: string, value: string): void;
}

export function openJar(): Jar {
  const held = new Map<string, { name: string; value: string; path: string }>();
  return {
    header: (path) => [...held.values()].filter((cookie) => path.startsWith(cookie.path)).map((cookie) => `${cookie.name}=${cookie.value}`).join('; '),
    take(response) {
      for (const cookie of response.cookies as { name: string; value: string; path?: string; expires?: Date; maxAge?: number }[]) {
        const id = `${cookie.path ?? '/'} ${cookie.name}`;
        if (cookie.maxAge === 0 || (cookie.expires && cookie.expires.getTime() <= 0) || cookie.value === '') held.delete(id);
        else held.set(id, { name: cookie.name, value: encodeURIComponent(decodeURIComponent(cookie.value)), path: cookie.path ?? '/' });
      }
    },
    get: (name) => [...held.values()].find((cookie) => cookie.name === name)?.value,
    set: (name, value) => void held.set(`/ ${name}`, { name, value, path: '/' }),
  };
}

export async function get(app: FastifyInstance, jar: Jar, url: string, headers: Record<string, string> = {}): Promise<LightMyRequestResponse> {
  const path = url.startsWith('http') ? new URL(url).pathname + new URL(url).search : url;
  const response = await app.inject({ method: 'GET', url: path, headers: { host: 'localhost:8080', cookie: jar.header(path), ...headers } });
  jar.take(response);
  return response;
}

export async function post(app: FastifyInstance, jar: Jar, url: string, form: FormPairs, headers: Record<string, string> = {}): Promise<LightMyRequestResponse> {
  const response = await app.inject({
    method: 'POST',
    url,
    headers: { host: 'localhost:8080', cookie: jar.header(url), 'content-type': 'application/x-www-form-urlencoded', ...headers },
    payload: new URLSearchParams(pairsOf(form)).toString(),
  });
  jar.take(response);
  return response;
}

/** A file as a browser sends it with a form. */
export interface FilePart {
  fileName: string;
  content: Buffer | string;
  /** Of the field: "file" where absent. */
  name?: string;
}

/** Sends a form with files, as browsers write it: in a name quotes and ends of line alone are escaped. */
export async function postFiles(app: FastifyInstance, jar: Jar, url: string, { form, files }: { form: FormPairs; files: readonly FilePart[] }): Promise<LightMyRequestResponse> {
  const boundary = '----headwaterTestBoundary7';
  const escaped = (text: string) => text.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
  const parts = [
    ...pairsOf(form).map(([name, value]) => Buffer.from(`--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`)),
    ...files.flatMap(({ fileName, content, name = 'file' }) => [Buffer.from(`--${boundary}\r\ncontent-disposition: form-data; name="${name}"; filename="${escaped(fileName)}"\r\ncontent-type: application/octet-stream\r\n\r\n`), Buffer.from(content), Buffer.from('\r\n')]),
    Buffer.from(`--${boundary}--\r\n`),
  ];
  const response = await app.inject({ method: 'POST', url, headers: { host: 'localhost:8080', cookie: jar.header(url), 'content-type': `multipart/form-data; boundary=${boundary}` }, payload: Buffer.concat(parts) });
  jar.take(response);
  return response;
}

export type FormPairs = Record<string, string> | readonly [string, string][];

/** Sends a form with the token of the page at `from`; a field that stands twice in pairs is sent twice. */
export async function sendForm(app: FastifyInstance, jar: Jar, url: string, { form = {}, from }: { form?: FormPairs; from: string }): Promise<LightMyRequestResponse> {
  const token = formToken((await get(app, jar, from)).body);
  return post(app, jar, url, [['form-token', token], ...pairsOf(form)]);
}

const pairsOf = (form: FormPairs): [string, string][] => (Array.isArray(form) ? [...(form as [string, string][])] : Object.entries(form as Record<string, string>));

/** Follows redirects within the server; the last response, and its path. */
export async function follow(app: FastifyInstance, jar: Jar, url: string): Promise<{ response: LightMyRequestResponse; path: string }> {
  let next = url;
  for (let step = 0; step < 10; step += 1) {
    const response = await get(app, jar, next);
    const { location } = response.headers;
    const here = new URL(next, 'http://localhost:8080');
    if (typeof location !== 'string') return { response, path: here.pathname + here.search };
    next = new URL(location, here).href;
  }
  throw new Error(`Too many redirects from ${url}`);
}

export const formToken = (html: string): string => /name="form-token" value="([^"]+)"/.exec(html)?.[1] ?? '';

/** Signs in as the sample user of a role by the whole protocol; the last page. */
export async function signIn(app: FastifyInstance, jar: Jar, role: Role, returnTo = '/'): Promise<{ response: LightMyRequestResponse; path: string }> {
  const { response, path } = await follow(app, jar, `/sign-in/start?return-to=${encodeURIComponent(returnTo)}`);
  const user = sampleUsers.find((item) => item.role === role)!;
  const posted = await post(app, jar, path, { 'form-token': formToken(response.body), user: user.id, password: samplePassword });
  return follow(app, jar, String(posted.headers.location));
}

/** States a purpose as a person does, after signIn. */
export async function statePurpose(app: FastifyInstance, jar: Jar, purpose = purposeForAll): Promise<LightMyRequestResponse> {
  const page = await get(app, jar, '/purpose');
  return post(app, jar, '/purpose', { 'form-token': formToken(page.body), purpose });
}

/** Headers of somebody signed in who has stated the purpose that gives everything, put straight into the store: for tests of what comes after sign-in. */
export async function signedInAs(server: TestServer, role: Role, given: Partial<Session> = {}): Promise<{ cookie: string; session: Session }> {
  const secret = randomBytes(32).toString('base64url');
  const now = server.clock.now();
  const user = sampleUsers.find((item) => item.role === role)!;
  const session: Session = {
    key: keyOfSecret(secret),
    userId: user.id,
    name: user.name,
    agency: user.agency,
    role,
    purpose: purposeForAll,
    startedAt: now,
    expiresAt: now + 10 * 3_600_000,
    idleUntil: now + 30 * 60_000,
    ...given,
  };
  await server.sessions.save(session);
  return { cookie: `headwater=${secret}`, session };
}
