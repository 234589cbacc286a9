import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { codeOf, everyReader, figuresClause, namesClause, signAll } from '../../../test/support/agreement-for-all.ts';
import { agreementOf, lakeOf, lead, openGate, review } from '../../../test/support/gate-server.ts';
import { memoryAgreements } from '../../../test/support/memory-agreements.ts';
import { signedInAs, type TestServer } from '../../../test/support/web-server.ts';
import { roles, type Role } from '../../core/index.ts';
import { maySee, type PageId } from '../permission.ts';
import { sampleUsers } from '../sample-identity/sample-user.ts';
import { readSharing } from './sharing.ts';
import { judgePage, look, maySeePeople, openBook } from './sight.ts';

/** Pages, files and the API's answer of each page that shows data. */
const addressesOf: Partial<Record<PageId, string[]>> = {
  ...Object.fromEntries((['demand', 'repeat-demand', 'places', 'data-quality'] as const).map((page) => [page, [`/understand/${page}`, `/understand/${page}.csv`, `/understand/${page}.csv-metadata.json`, `/understand/${page}.svg`, `/api/questions/${page}`]])),
  linkage: ['/linkage', '/linkage.csv', '/linkage.csv-metadata.json', '/linkage.svg', '/api/questions/linkage'],
};
addressesOf.places!.push('/understand/places.geojson');
const isFile = (address: string) => /\.(csv|csv-metadata\.json|svg|geojson)$/.test(address);

const states = ['no agreement', 'not signed by all', 'not begun', 'live', 'ended'] as const;
type State = (typeof states)[number];
/** A commissioner is no recipient. */
const recipients = everyReader.map(({ agency, roles: all }) => ({ agency, roles: all.filter((role) => role !== 'commissioner') })).filter(({ roles: some }) => some.length > 0);

async function bringTo(state: State, server: Awaited<ReturnType<typeof openGate>>): Promise<void> {
  const content = { ...agreementOf(figuresClause({ purpose: 'evaluation', to: recipients })), ...(state === 'not begun' ? { startsOn: '2026-12-01' } : {}) };
  if (state === 'no agreement') return;
  if (state === 'not signed by all') {
    const drafted = await server.register.draft(content, lead);
    if (drafted.ok) await server.register.sign(drafted.agreementId, 1, { userId: 's', role: 'signatory', agency: 'police' });
    return;
  }
  const id = await signAll(server.register, content);
  server.clock.move(10);
  if (state === 'ended') await server.register.end(id, lead, 'No longer needed');
}

/** Written apart from the code: what each reader must be answered. */
function expected(state: State, purpose: string | null, role: Role, page: PageId, address: string): number[] {
  const given = state === 'live' && role !== 'commissioner';
  if (!maySee(role, page)) return [403];
  if (!given) return [403];
  if (purpose === null) return isFile(address) || address.startsWith('/api/') ? [403] : [303];
  if (purpose !== 'evaluation') return [403];
  // A picture that the page has not, with numbers such as these.
  return address.endsWith('.svg') ? [404] : [200];
}

describe.each(states)('with %s', (state) => {
  let server: Awaited<ReturnType<typeof openGate>>;
  beforeAll(async () => {
    server = await openGate();
    await bringTo(state, server);
  });
  afterAll(() => server.app.close());

  // Where nothing is in force, one purpose is as good as another.
  test.each(state === 'live' ? [null, 'evaluation', 'commissioning', 'not-a-purpose'] : [null, 'evaluation'])('and the purpose %s, every role is answered at every address as the agreement says, and audited', async (purpose) => {
    for (const role of roles) {
      const { cookie, session } = await signedInAs(server, role, { purpose });
      for (const [page, addresses] of Object.entries(addressesOf) as [PageId, string[]][]) {
        for (const address of addresses) {
          server.audited.length = 0;
          const response = await server.app.inject({ url: address, headers: { cookie } });
          const at = `${role} ${address}`;
          expect(expected(state, purpose, role, page, address), at).toContain(response.statusCode);
          if (response.statusCode === 303) {
            expect(response.headers.location, at).toBe(`/purpose?return-to=${encodeURIComponent(address)}`);
            expect(server.audited, at).toEqual([]);
            continue;
          }
          const [event, ...more] = server.audited;
          expect([event!.actorId, event!.outcome, event!.subjectIds, more], at).toEqual([session.userId, response.statusCode === 403 ? 'refused' : 'done', [page], []]);
          if (maySee(role, page)) {
            expect(event!.purpose, at).toBe(purpose ?? undefined);
            expect(event!.basis, at).toMatch(response.statusCode === 403 ? /^(no|not|lapsed)[a-z-]*$/ : /^a-\w+\/1\/1$/);
          }
          if (response.statusCode === 403) {
            expect(response.body, at).not.toMatch(/The answer to|Northgate|Police incidents|Rows held/);
            if (maySee(role, page)) expect(response.body, at).toContain('You cannot see this now');
          }
        }
      }
    }
  });
});

describe('a page that is dark', () => {
  test('says that the agreement lapsed, when and why, on the next click, and links it', async () => {
    const server = await openGate();
    const id = await signAll(server.register, agreementOf(figuresClause()));
    server.clock.move(1);
    const { cookie } = await signedInAs(server, 'analyst', { purpose: 'understand-demand' });
    const open = () => server.app.inject({ url: '/understand/demand', headers: { cookie } });
    expect((await open()).statusCode).toBe(200);
    await server.register.withdraw(id, { userId: 's', role: 'signatory', agency: 'police' }, 'We need our data back');
    const { statusCode, body } = await open();
    expect(statusCode).toBe(403);
    expect(body).toContain('<h1 class="govuk-heading-l">You cannot see this now</h1>');
    expect(body).toContain('The agreement “Understand demand and harm together” lapsed on 24 November 2026: Police took part in it no longer.');
    expect(body).toContain(`href="/govern/agreements/${id}"`);
    expect(body).toContain('the data team (data@example.org)');
    expect(server.audited.at(-1)).toMatchObject({ action: 'page.open', outcome: 'refused', purpose: 'understand-demand', basis: 'lapsed' });
    const api = await server.app.inject({ url: '/api/questions/demand', headers: { cookie } });
    expect([api.statusCode, api.headers['content-type'], api.json()]).toEqual([403, 'application/problem+json; charset=utf-8', expect.objectContaining({ title: 'You cannot see this now', status: 403, reason: 'lapsed', detail: expect.stringContaining('lapsed on 24 November 2026') })]);
    await server.app.close();
  });

  test('goes dark at the minute when the last day is over, though nobody does anything', async () => {
    const server = await openGate();
    await signAll(server.register, { ...agreementOf(figuresClause()), reviewOn: '2026-11-24', endsOn: '2026-11-24' });
    const open = async () => {
      const { cookie } = await signedInAs(server, 'analyst', { purpose: 'understand-demand' });
      return server.app.inject({ url: '/understand/demand', headers: { cookie } });
    };
    server.clock.move(14 * 60 + 54);
    expect((await open()).statusCode).toBe(200);
    server.clock.move(1);
    const { statusCode, body } = await open();
    expect([statusCode, body.includes('its last day was over')]).toEqual([403, true]);
    await server.app.close();
  });

  test('names no agreement to someone whose agency is no party of it', async () => {
    const server = await openGate();
    const content = agreementOf(figuresClause({ purpose: 'evaluation', to: [{ agency: 'violence-reduction-unit', roles: ['analyst'] }] }));
    await signAll(server.register, { ...content, parties: content.parties.filter(({ agency }) => agency !== 'early-help' && agency !== 'scrutiny-panel'), clauses: content.clauses.map((clause) => ({ ...clause, from: clause.from.filter((agency) => agency !== 'early-help'), items: clause.items.filter((item) => !('feed' in item) || item.feed !== 'early-help-episode') })) });
    server.clock.move(1);
    const { cookie } = await signedInAs(server, 'hub-coordinator', { purpose: 'evaluation' });
    const { statusCode, body } = await server.app.inject({ url: '/understand/demand', headers: { cookie } });
    expect(statusCode).toBe(403);
    expect(body).toContain('No agreement in force gives these data to a hub coordinator of Early help.');
    expect(body).not.toMatch(/Understand demand and harm together|\/govern\/agreements\/a-/);
    await server.app.close();
  });

  test('says so where the sign-in names an agency that the partnership does not know', async () => {
    const server = await openGate();
    await signAll(server.register, agreementOf(figuresClause()));
    server.clock.move(1);
    const { cookie } = await signedInAs(server, 'analyst', { purpose: 'understand-demand', agency: 'Ministry <b>of</b> Nowhere' });
    const { statusCode, body } = await server.app.inject({ url: '/understand/demand', headers: { cookie } });
    expect(statusCode).toBe(403);
    expect(body).toContain('names the agency “Ministry &lt;b&gt;of&lt;/b&gt; Nowhere”, which this partnership does not know');
    await server.app.close();
  });

  test('shows nothing where what agreements give cannot be read, or a reader cannot leave feeds out', async () => {
    const broken = await openGate({ register: { ...memoryAgreements({ now: () => 0 }), grants: () => Promise.reject(new Error('store away')) } });
    const { cookie } = await signedInAs(broken, 'analyst');
    const answer = await broken.app.inject({ url: '/understand/demand', headers: { cookie } });
    expect([answer.statusCode, answer.body.includes('The answer to'), broken.audited]).toEqual([500, false, []]);
    await broken.app.close();
    const { forFeeds: _, ...unable } = lakeOf('police-incident', 'secret-feed');
    const server = await openGate({ lake: unable });
    await signAll(server.register, agreementOf(figuresClause()));
    server.clock.move(1);
    const analyst = await signedInAs(server, 'analyst', { purpose: 'understand-demand' });
    const whole = await server.app.inject({ url: '/understand/demand', headers: { cookie: analyst.cookie } });
    expect([whole.statusCode, whole.body.includes('The answer to')]).toEqual([500, false]);
    await server.app.close();
  });
});

describe('what is given in part', () => {
  const onlyPolice = figuresClause({ items: [{ feed: 'police-incident', fields: 'all' }, { feed: 'ambulance-call', fields: ['call_ref', 'called_at'] }] });

  test('is all that the answer is made of, and the page, the API and the description of a file say what is not in it', async () => {
    const lake = lakeOf('police-incident', 'ambulance-call', 'police-uk-street', 'area-profile', 'feed-without-a-contract');
    const server = await openGate({ lake });
    await signAll(server.register, agreementOf(onlyPolice));
    server.clock.move(1);
    const { cookie } = await signedInAs(server, 'analyst', { purpose: 'understand-demand' });
    const { statusCode, body } = await server.app.inject({ url: '/understand/demand', headers: { cookie } });
    expect(statusCode).toBe(200);
    const { feeds, people } = lake.asked.at(-1)!;
    expect(people).toBe(false);
    expect(feeds.has('police-incident') && feeds.has('police-uk-street') && feeds.has('area-profile')).toBe(true);
    // Only a part of its columns is given, so it does not count; and what no contract describes is nobody's.
    expect(feeds.has('ambulance-call') || feeds.has('feed-without-a-contract') || feeds.has('istv-assault')).toBe(false);
    expect(body).toContain('Not in this number');
    expect(body).toMatch(/Ambulance calls[^<]*\. The agreement “Understand demand and harm together” leaves these data out, or a part of them\./);
    const { leftOut } = (await server.app.inject({ url: '/api/questions/demand', headers: { cookie } })).json() as { leftOut: { feed: string }[] };
    expect(leftOut.map(({ feed }) => feed)).toContain('ambulance-call');
    expect(leftOut.map(({ feed }) => feed)).not.toContain('police-uk-street');
    expect((await server.app.inject({ url: '/understand/demand.csv-metadata.json', headers: { cookie } })).body).toContain('Not in these numbers: Ambulance calls');
    expect((await server.app.inject({ url: '/linkage', headers: { cookie } })).statusCode).toBe(403);
    await server.app.close();
  });

  test('of people is whole only where every loaded feed that names people is given', async () => {
    for (const [loaded, people] of [[['police-involvement', 'ambulance-call'], true], [['police-involvement', 'feed-without-a-contract'], false]] as const) {
      const lake = lakeOf(...loaded);
      const server = await openGate({ lake });
      await signAll(server.register, agreementOf(figuresClause()));
      server.clock.move(1);
      const { cookie } = await signedInAs(server, 'analyst', { purpose: 'understand-demand' });
      expect((await server.app.inject({ url: '/linkage', headers: { cookie } })).statusCode).toBe(people ? 200 : 403);
      await server.app.inject({ url: '/understand/demand', headers: { cookie } });
      expect(lake.asked.at(-1)!.people).toBe(people);
      await server.app.close();
    }
  });

  test('of published data needs neither agreement nor purpose', async () => {
    for (const register of [null, undefined]) {
      const lake = lakeOf('police-uk-street', 'police-incident');
      const server = await openGate({ lake, ...(register === null ? { register } : {}) });
      const { cookie } = await signedInAs(server, 'analyst', { purpose: null });
      const { statusCode, body } = await server.app.inject({ url: '/understand/demand', headers: { cookie } });
      expect(statusCode).toBe(200);
      expect([...lake.asked.at(-1)!.feeds].toSorted()).toEqual(['area-lookup', 'area-profile', 'boundary', 'licensed-premises', 'police-uk-outcomes', 'police-uk-stop-search', 'police-uk-street', 'school']);
      expect(server.audited.at(-1)).toEqual({ actorId: 'sample-analyst', action: 'page.open', outcome: 'done', subjectKind: 'page', subjectIds: ['demand'], basis: 'open-data' });
      expect(body).toContain('Police incidents');
      expect((await server.app.inject({ url: '/linkage', headers: { cookie } })).statusCode).toBe(403);
      await server.app.close();
    }
  });
});

describe.each([
  ['without its list of feeds', () => ({ ...lakeOf('police-incident'), hasTable: (name: string) => name === 'event' || name === 'demand_series' })],
  ['whose list is empty', () => lakeOf()],
])('of a snapshot %s', (_case, lakeOfCase) => {
  test('nobody sees anything, whatever agreements give, and every page says why', async () => {
    const lake = lakeOfCase();
    const server = await openGate({ lake });
    await signAll(server.register, agreementOf(figuresClause(), figuresClause({ purpose: 'record-linkage', to: everyReader }), namesClause()));
    server.clock.move(1);
    for (const [role, purpose, pages] of [
      ['analyst', 'understand-demand', ['/understand/demand', '/understand/demand.csv', '/understand/data-quality']],
      ['analyst', 'record-linkage', ['/understand/demand', '/api/questions/places']],
      ['hub-coordinator', 'record-linkage', ['/linkage/review', `/linkage/review/${review.idOf(1)}`, '/linkage/events']],
    ] as [Role, string, string[]][]) {
      const { cookie } = await signedInAs(server, role, { purpose });
      for (const url of pages) {
        const { statusCode, body } = await server.app.inject({ url, headers: { cookie } });
        expect(statusCode, url).toBe(503);
        expect(body, url).toContain('does not say whose data it holds');
        expect(body, url).not.toMatch(/The answer to|Northgate|Thistlewood|Margaret/);
      }
    }
    const { cookie } = await signedInAs(server, 'analyst', { purpose: 'record-linkage' });
    for (const url of ['/linkage', '/linkage.csv']) expect((await server.app.inject({ url, headers: { cookie } })).statusCode).toBe(503);
    expect(lake.asked).toEqual([]);
    await server.app.close();
  });
});

test('Where no feed is listed, nobody may see what is made of all people together', () => {
  const sharing = readSharing(undefined);
  const sight = look(openBook([], sharing), sharing, { who: { userId: 'u', role: 'analyst', agency: 'police' }, stated: null, at: 0 });
  const given = { ...sight, feeds: new Map([...sight.feeds].map(([feed, each]) => [feed, { ...each, refused: null }])) };
  expect(maySeePeople(given, ['police-involvement'])).toBe(true);
  expect(maySeePeople(given, [])).toBe(false);
  expect(judgePage(given, 'linkage', []).allowed).toBe(false);
});

describe('names beside names', () => {
  const pages = ['/linkage/review', '/linkage/events', `/linkage/review/${review.idOf(1)}`];
  const open = async (server: TestServer, purpose: string | null, role: Role = 'hub-coordinator') => {
    const { cookie } = await signedInAs(server, role, { purpose });
    return Promise.all(pages.map(async (url) => server.app.inject({ url, headers: { cookie } })));
  };

  test('are shown for the purpose of keeping links right alone, to those whom a clause names', async () => {
    const server = await openGate({ lake: lakeOf('police-involvement', 'tenancy') });
    await signAll(server.register, agreementOf(figuresClause(), namesClause()));
    server.clock.move(1);
    for (const { statusCode } of await open(server, 'record-linkage')) expect(statusCode).toBe(200);
    for (const { statusCode, body } of await open(server, 'understand-demand')) {
      expect([statusCode, /Thistlewood|Margaret/.test(body)]).toEqual([403, false]);
      expect(body).toContain('Your purpose, “Understand demand and harm”, does not cover these data');
    }
    for (const { statusCode, headers } of await open(server, null)) expect([statusCode, String(headers.location).startsWith('/purpose?')]).toEqual([303, true]);
    await server.app.close();
  });

  test('are kept where a clause leaves out one column of one loaded feed', async () => {
    const items = namesClause().items.map((item) => ('feed' in item && item.feed === 'tenancy' ? { feed: 'tenancy', fields: ['forename', 'surname'] } : item));
    const server = await openGate({ lake: lakeOf('police-involvement', 'tenancy') });
    await signAll(server.register, agreementOf(namesClause({ items })));
    server.clock.move(1);
    for (const { statusCode, body } of await open(server, 'record-linkage')) expect([statusCode, /Thistlewood|Margaret/.test(body)]).toEqual([403, false]);
    expect(server.audited.at(-1)).toMatchObject({ outcome: 'refused', basis: 'not-this-item', purpose: 'record-linkage' });
    await server.app.close();
  });
});

test('Every sample user comes from an agency that agreements can name', () => {
  for (const { agency } of sampleUsers) expect(codeOf(agency), agency).toBeDefined();
});
