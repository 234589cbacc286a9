// What is sent to break in: SQL, scripts, paths, NULs and long texts, in every part of every address and every field of every form that the server
// has. The list of addresses is the server's own, so that a page that is added tomorrow is attacked tomorrow.

import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { attachmentIds, caseIds, entryIds, known, openAttackServer, tellsOfTheMachine, type Attacker, type AttackServer } from '../../test/support/attack-server.ts';
import type { Role } from '../core/index.ts';

let at: AttackServer;
let attackers: Attacker[];
let real: Record<string, string>;
let routes: { url: string; methods: string[] }[];

/** The addresses of a server, from the tree that it prints. */
function routesOf(tree: string): typeof routes {
  const path: string[] = [];
  return tree.split('\n').flatMap((line) => {
    const found = /^([│ ]*)[└├]── (.+?)(?: \(([A-Z, ]+)\))?$/.exec(line);
    if (!found) return [];
    const depth = found[1]!.length / 4;
    path.length = depth;
    path.push(found[2]!);
    return found[3] ? [{ url: path.join('').replaceAll('//', '/').replaceAll(/(?<=[^/])\*/g, '/*'), methods: found[3].split(', ') }] : [];
  });
}

const people: [Role, string, string][] = [['governance-lead', 'Council', 'record-linkage'], ['lead-practitioner', 'Early help', 'early-help'], ['analyst', 'Violence reduction unit', 'understand-demand']];
const queryNames = ['by', 'before', 'done', 'person', 'from', 'to', 'area', 'agency', 'category', 'rank', 'level', 'split', 'return-to', 'problem', 'kind', 'month', 'of', 'after', 'code', 'state', 'iss', 'user', 'day', 'rule', 'id', 'key', 'show', 'section', 'record', 'page', 'order', 'sort', 'limit', 'q', 'on', '__proto__', 'constructor'];

beforeAll(async () => {
  at = await openAttackServer();
  attackers = await Promise.all(people.map(([role, agency, purpose]) => at.as(role, agency, { purpose })));
  const begun = String((await attackers[0]!.post('/govern/agreements/new', { template: 'understand-demand-and-harm' })).headers.location);
  const begunAccess = String((await attackers[0]!.post('/govern/subject-access/new', { person: known, by: 'person', 'on-day': '20', 'on-month': '11', 'on-year': '2026' })).headers.location).split(/[/?]/).at(-2)!;
  await attackers[0]!.post(`/govern/subject-access/${begunAccess}`, { act: 'identity', way: 'documents', 'on-day': '20', 'on-month': '11', 'on-year': '2026' });
  const begunCorrection = String((await attackers[0]!.post('/govern/corrections/new', { person: known, row: 'early-help-episode/000001-0123456789ab 2', column: 'surname', act: 'report', way: 'value', right: 'Quill', evidence: 'x', asked: 'person' })).headers.location).split(/[/?]/).at(-2)!;
  real = { key: known, correctionId: begunCorrection, agreementId: at.agreementId, draftId: begun.split('/').at(-1)!, party: 'add', clause: '1', pairId: at.review.idOf(1), event: '1', sealedSubjectId: at.sealId, subjectAccessId: begunAccess, caseId: at.caseId, proposalId: at.proposalId, holdId: at.holdId, entryId: entryIds.known, attachmentId: attachmentIds.known, number: '1', rule: 'volume', day: '2026-11-24', row: '1' };
  routes = [...routesOf(at.app.printRoutes({ commonPrefix: false })), { url: '/assets/:version/*', methods: ['GET'] }].filter(({ url }) => url !== '/*' && !url.startsWith('/sign-out') && !url.endsWith('/discard') && !url.endsWith('/remove'));
}, 120_000);
afterAll(() => at?.close());

/** The address with one parameter, or none, replaced. */
const addressOf = (url: string, replaced = '', by = '') => url.replaceAll(/:(\w+)|\*/g, (part, name: string | undefined) => encodeURIComponent(part === replaced ? by : url.startsWith('/cases') && name === 'caseId' ? caseIds.known : (real[name ?? ''] ?? 'x')));
const parametersOf = (url: string) => [...url.matchAll(/:\w+|\*/g)].map(([part]) => part);

/** What every answer must be, whatever was sent: no fault of the service, no word of the machine. */
function expectHarmless(response: { statusCode: number; body: string }, what: string): void {
  expect(response.statusCode, what).toBeLessThan(500);
  expect(tellsOfTheMachine(response.body), what).toBeNull();
}

const script = '"\'><script>alert(1)</script><img src=x onerror=alert(1)>';
const alwaysTrue = "' or '1'='1' --";
const attempts: [string, string][] = [
  ['SQL, a path that climbs and a script in one', `${alwaysTrue}x'); drop table audit_event; --../../../../etc/passwd${script}`],
  ['a NUL', 'a\0b'],
  ['a name of every object', '__proto__'],
  ['a name of every function', 'constructor'],
];

test('the list of addresses is the whole server', () => {
  const urls = routes.map(({ url }) => url);
  for (const url of ['/people/:key', '/people/:key/record.csv', '/api/people/:key', '/govern/audit', '/govern/agreements/drafts/:draftId/clauses/:clause/*', '/understand/places.geojson', '/linkage/events/:event', '/govern/seals/:sealedSubjectId', '/govern/share-records/new', '/cases', '/cases/:caseId', '/cases/:caseId/entries/new', '/cases/:caseId/close', '/cases/:caseId/attachments/:attachmentId', '/cases/:caseId/entries/:entryId/attach', '/govern/retention/cases/:caseId', '/govern/retention/loads/:feed/:name', '/govern/retention/proposals/:proposalId', '/govern/retention/holds/:holdId', '/govern/retention/certificates/:number', '/govern/re-identify', '/govern/audit/user', '/govern/audit/unusual/:rule/:day/:row']) expect(urls).toContain(url);
  expect(routes.length).toBeGreaterThan(60);
});

describe.each(attempts)('%s', (_, attempt) => {
  test('in every part of every address breaks nothing and is no text of the page', async () => {
    for (const { url, methods } of routes) {
      for (const part of methods.includes('GET') ? parametersOf(url) : []) {
        const response = await attackers[url.startsWith('/cases') ? 1 : 0]!.get(addressOf(url, part, attempt));
        expectHarmless(response, `${url} ${part}`);
        if (String(response.headers['content-type']).startsWith('text/html')) expect(response.body, url).not.toMatch(/<script>alert|<img src=x/);
        expect(response.body, url).not.toContain('root:x:0');
      }
    }
  });

  test('in every query breaks nothing, once or sent twice, and comes back as text at most', async () => {
    const query = new URLSearchParams(queryNames.map((name) => [name, attempt]));
    // Twice for the fullest attempt: how a field that came twice is read does not go by what stands in it.
    const sent = attempt === attempts[0]![1] ? [query.toString(), `${query.toString()}&${query.toString()}`] : [query.toString()];
    for (const { url } of routes.filter(({ methods }) => methods.includes('GET'))) {
      const who = attackers[/^\/(?:api\/)?(?:people|cases)/.test(url) ? 1 : url.startsWith('/understand') ? 2 : 0]!;
      for (const each of sent) {
        const response = await who.get(`${addressOf(url)}?${each}`);
        expectHarmless(response, url);
        expect(response.body, url).not.toMatch(/<script>alert|<img src=x/);
      }
    }
  });

  test('in every field of every form breaks nothing, and is no text of the page', async () => {
    for (const { url, methods } of routes.filter(({ url: each }) => !each.startsWith('/sample-identity'))) {
      if (!methods.includes('POST')) continue;
      const [who] = /^\/(?:people|cases|govern\/share-records)/.test(url) ? [attackers[1]!] : [attackers[0]!];
      const page = methods.includes('GET') ? (await who.get(addressOf(url))).body : '';
      const fields = [...new Set([...page.matchAll(/<(?:input|textarea|select)[^>]* name="([^"]+)"/g)].map((match) => match[1]!))].filter((name) => name !== 'form-token' && name !== 'act');
      const choices = Object.fromEntries([...page.matchAll(/name="([^"]+)" type="(?:radio|checkbox)" value="([^"]+)"/g)].map((match) => [match[1]!, match[2]!]));
      const last = [...fields, 'confirm', 'reason', 'purpose'];
      // One field at a time for the fullest attempt: what is refused for one field never comes to the next.
      for (const field of attempt === attempts[0]![1] ? last : ['*']) {
        const form = { ...Object.fromEntries(fields.map((name) => [name, choices[name] ?? 'Words that somebody may have typed here'])), confirm: 'yes', ...(field === '*' ? Object.fromEntries(last.map((name) => [name, attempt])) : { [field]: attempt }) };
        // Those that would end what the others need are sent without the consent that they ask for.
        if (/\/(end|withdraw|check|events\/:event)$/.test(url) && field !== 'confirm') delete (form as Record<string, string>).confirm;
        const response = await who.post(addressOf(url), form);
        expectHarmless(response, `${url} ${field}`);
        expect(response.body, `${url} ${field}`).not.toMatch(/<script>alert|<img src=x/);
        expect(String(response.headers.location ?? ''), `${url} ${field}`).not.toMatch(/^(?:https?:)?\/\//);
      }
    }
  });
});

test('what was kept of it stands as text on every page that shows it', async () => {
  for (const { url, methods } of routes) {
    if (!methods.includes('GET') || url.startsWith('/sample-identity')) continue;
    for (const who of attackers.slice(0, 2)) expect((await who.get(addressOf(url))).body, url).not.toMatch(/<script>alert|<img src=x/);
  }
});

test('SQL in a cookie, a header or a session’s words breaks nothing', async () => {
  const sqlText = alwaysTrue;
  for (const url of ['/', '/people', '/govern/audit', '/understand/demand', '/api/questions']) {
    const response = await at.app.inject({ url, headers: { host: 'localhost:8080', cookie: `headwater=${encodeURIComponent(sqlText)}; headwater-form=${encodeURIComponent(sqlText)}`, 'x-forwarded-for': sqlText, 'user-agent': sqlText, 'accept-language': sqlText, referer: sqlText } });
    expect([303, 401]).toContain(response.statusCode);
  }
  const odd = await at.as('governance-lead', sqlText, { name: script, userId: "u' or 1=1 --" });
  const page = await odd.get('/govern/audit');
  expectHarmless(page, 'audit');
  expect(page.body).not.toMatch(/<script>alert|<img src=x/);
  expectHarmless(await odd.get(`/govern/audit?by=${encodeURIComponent("u' or 1=1 --")}`), 'SQL in the place of a row');
  const [, row] = /\/govern\/audit\/user\?row=(\d+)/.exec(page.body)!;
  const own = await odd.get(`/govern/audit?by=${row}`);
  expect([own.statusCode, own.body.includes('Only what <strong>u&#39; or 1=1 --</strong> did.')]).toEqual([200, true]);
  expect(own.body).not.toContain('lead-practitioner-early-help');
});

test('after all of it every table stands, and the audit’s chain has no gap', async () => {
  const { rows } = await sql<{ place: number; events: number }>`select (select place from audit_head) as place, (select count(*) from audit_event) as events`.execute(at.store.casework.db);
  expect(Number(rows[0]!.place)).toBe(Number(rows[0]!.events));
  expect((await at.register.list()).length).toBeGreaterThan(1);
});

describe('too much', () => {
  test('a form, an address or a header that is too large is refused in words', async () => {
    const [lead] = attackers;
    expect((await lead!.post('/govern/audit', { record: 'x'.repeat(70_000) })).statusCode).toBe(413);
    expect((await lead!.post('/govern/audit', [...Array(3000).keys()].map((n): [string, string] => [`field-${n}`, 'x'.repeat(20)]))).statusCode).toBe(413);
    expect((await lead!.post('/govern/audit', [...Array(3000).keys()].map((n): [string, string] => [`f${n}`, 'x']))).statusCode).toBe(400);
    expectHarmless(await lead!.get(`/govern/audit?by=${'x'.repeat(12_000)}`), 'a long query');
    expectHarmless(await lead!.get(`/people/${'P'.repeat(12_000)}`), 'a long id');
  });

  test.each(['gzip', 'deflate', 'br', 'zstd'])('a body packed with %s is not unpacked: it cannot swell', async (encoding) => {
    const [lead] = attackers;
    const bomb = await lead!.post('/govern/audit', { record: 'x' }, { headers: { 'content-encoding': encoding } });
    expect(bomb.statusCode).toBe(415);
  });
});

describe('files', () => {
  test.each(['..%2f..%2fpackage.json', '%2e%2e/%2e%2e/package.json', '....//....//etc/passwd', '%252e%252e%252fetc%252fpasswd', 'headwater.css%00.js', '/etc/passwd', 'C:%5cWindows%5cwin.ini'])('no asset and no note leads to %s', async (path) => {
    for (const url of [`/assets/x/${path}`, `/assets/${path}`, `/help/methods/${path}`, `/sample-identity/${path}`]) {
      const response = await attackers[0]!.get(url);
      expect([400, 404], url).toContain(response.statusCode);
      expect(response.body, url).not.toMatch(/"dependencies"|root:x:0/);
    }
  });

  test('a file’s name comes from what is known, never from the address: no header can be written into it', async () => {
    const lead = attackers[1]!;
    const csv = await lead.get(`/people/${known}/record.csv?name=%0d%0aset-cookie:a=b`);
    expect(csv.headers['content-disposition']).toBe(`attachment; filename="record-${known}.csv"`);
    const letter = await lead.get(`/cases/${caseIds.known}/attachments/${attachmentIds.known}?name=%0d%0aset-cookie:a=b`);
    expect([letter.statusCode, letter.headers['content-disposition']]).toEqual([200, `attachment; filename="alphabird-letter.pdf"; filename*=UTF-8''alphabird-letter.pdf`]);
    const injected = await lead.get(`/people/${known}%0d%0aset-cookie:a=b/record.csv`);
    expect(injected.statusCode).toBe(404);
    for (const url of ['/understand/demand.csv?area=%22%0d%0ax:y', '/understand/places.geojson?level=%0d%0ax:y', '/understand/demand.svg?rank=%0d%0ax:y']) {
      const { headers } = await attackers[2]!.get(url);
      expect(headers.x).toBeUndefined();
      expect(String(headers['content-disposition'] ?? '')).not.toMatch(/[\r\n]/);
    }
  });
});
