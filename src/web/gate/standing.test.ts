import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { figuresClause, signAll } from '../../../test/support/agreement-for-all.ts';
import { agreementOf, openGate } from '../../../test/support/gate-server.ts';
import { signedInAs } from '../../../test/support/web-server.ts';

describe('a page that is open', () => {
  let server: Awaited<ReturnType<typeof openGate>>;
  let id: string;
  let cookie: string;
  beforeAll(async () => {
    server = await openGate();
    id = await signAll(server.register, agreementOf(figuresClause()));
    server.clock.move(1);
    ({ cookie } = await signedInAs(server, 'analyst', { purpose: 'understand-demand' }));
  });
  afterAll(() => server.app.close());
  const ask = async (on: string) => server.app.inject({ url: `/purpose/standing?on=${encodeURIComponent(on)}`, headers: { cookie } });

  test('names the clauses that it stands on, and asks by a script of ours; one that stands on none asks nothing', async () => {
    for (const url of ['/understand/demand', '/']) {
      const { body } = await server.app.inject({ url, headers: { cookie } });
      expect(body, url).toContain(`data-stands-on="${id}/1/1"`);
      expect(body, url).toMatch(/<script type="module" src="\/assets\/[^"]+standing\.js"><\/script>/);
    }
    expect((await server.app.inject({ url: '/help', headers: { cookie } })).body).not.toMatch(/data-stands-on|standing\.js/);
  });

  test('is told that all stands, and when a clause gives nothing any more, that it lapsed, when and why; the question is in no audit', async () => {
    server.audited.length = 0;
    expect((await ask(`${id}/1/1`)).json()).toEqual({ stands: true });
    await server.register.withdraw(id, { userId: 's', role: 'signatory', agency: 'police' }, 'We need our data back');
    expect((await ask(`${id}/1/1`)).json()).toEqual({ stands: false, why: 'The agreement “Understand demand and harm together” lapsed on 24 November 2026: Police took part in it no longer.' });
    expect(server.audited).toEqual([]);
    expect((await server.app.inject({ url: '/understand/demand', headers: { cookie } })).body).not.toContain('data-stands-on');
  });

  test('learns nothing of clauses that never gave it anything, whether they are there or not', async () => {
    const other = await signAll(server.register, agreementOf(figuresClause({ to: [{ agency: 'council', roles: ['governance-lead'] }] })));
    const [there, not] = [await ask(`${other}/1/1`), await ask('a-000000000000/1/1')];
    expect(there.json()).toEqual({ stands: false, why: 'No agreement in force gives these data to an analyst of Violence reduction unit.' });
    expect(not.body).toBe(there.body);
    for (const odd of ['', ' ', 'broken-glass', 'open-data']) expect((await ask(odd)).json()).toEqual({ stands: true });
    expect((await server.app.inject({ url: '/purpose/standing?on=a&on=b', headers: { cookie } })).json()).toEqual({ stands: true });
    expect((await server.app.inject({ url: '/purpose/standing?on=x' })).statusCode).toBe(303);
  });

  test('keeps nobody signed in by asking', async () => {
    const other = await signedInAs(server, 'analyst', { purpose: 'understand-demand' });
    for (let minutes = 0; minutes < 29; minutes += 5) {
      server.clock.move(5);
      await server.app.inject({ url: '/purpose/standing?on=', headers: { cookie: other.cookie } });
    }
    expect((await server.app.inject({ url: '/help', headers: { cookie: other.cookie } })).statusCode).toBe(303);
  });
});
