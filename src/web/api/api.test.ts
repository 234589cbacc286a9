import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { meansScore } from '../../govern/index.ts';
import { openTestServer, signedInAs, type TestServer } from '../../../test/support/web-server.ts';
import { answerSchema, problemSchema, questionListSchema } from './answer.schema.ts';

describe('the API', () => {
  let server: TestServer;
  let cookie: string;
  beforeAll(async () => {
    server = await openTestServer();
    ({ cookie } = await signedInAs(server, 'analyst'));
  });
  afterAll(() => server.app.close());
  const ask = async (url: string) => server.app.inject({ url, headers: { cookie } });

  test('It lists the questions that the role may ask', async () => {
    const all = questionListSchema.parse((await ask('/api/questions')).json());
    expect(all.questions.map((question) => question.id)).toEqual(['demand', 'repeat-demand', 'places', 'data-quality', 'linkage']);
    const panel = await signedInAs(server, 'panel-member');
    const some = questionListSchema.parse((await server.app.inject({ url: '/api/questions', headers: { cookie: panel.cookie } })).json());
    expect(some.questions.map((question) => question.id)).toEqual(['data-quality', 'linkage']);
  });

  test('An answer has its filters, options, tables, suppression, query and snapshot', async () => {
    const response = await ask('/api/questions/demand?agency=police,hospital&category=burglary&category=robbery&from=2025-01&to=2025-12&measure=hours');
    expect(response.statusCode).toBe(200);
    const answer = answerSchema.parse(response.json());
    expect(answer.filters).toEqual({ agency: ['police', 'hospital'], category: ['burglary', 'robbery'], area: [], from: '2025-01', to: '2025-12' });
    expect(answer.figures).toEqual({ total: 42, measure: 'hours' });
    expect(answer.tables[0]!.suppressed).toEqual(['1:events']);
    expect(answer.tables[0]!.rows[1]!.events).toBeNull();
    expect(answer.snapshot.id).toBe('c0ffee1234567890');
  });

  test('No answer has a column that is a score of a person', async () => {
    const { questions } = questionListSchema.parse((await ask('/api/questions')).json());
    const answers = await Promise.all(questions.map(async ({ id }) => answerSchema.parse((await ask(`/api/questions/${id}`)).json())));
    const columns = answers.flatMap(({ tables }) => tables.flatMap((table) => table.columns.map(({ name }) => name)));
    expect(columns.length).toBeGreaterThan(5);
    expect(columns.filter(meansScore)).toEqual([]);
  });

  test('Who asks for a score of a person by name is told why there is none', async () => {
    for (const url of ['/api/questions/ace-count', '/api/questions/demand?by=reoffending-risk-score', '/api/questions/demand?ace_score=4']) {
      const response = await ask(url);
      expect([response.statusCode, problemSchema.parse(response.json()).reason]).toEqual([403, 'score-of-a-person']);
      expect(response.body).not.toMatch(/ace[-_]|reoffending/);
    }
  });

  test('Every field of an answer is sent: nothing is lost on the way', async () => {
    const body = (await ask('/api/questions/demand')).json() as object;
    expect(Object.keys(body).toSorted()).toEqual(Object.keys(answerSchema.shape).toSorted());
  });

  test.each([['from=2025-13', 'first month “2025-13”'], ['to=2025', 'last month “2025”'], ['from=2025-01&from=2025-02', 'first month “2025-01”, “2025-02”'], ['agency=mi5', 'agency “mi5”'], ['from=2025-02&to=2025-01', 'The first month is after the last.']])(
    'A filter that cannot be read (%s) is said, not dropped',
    async (query, what) => {
      const response = await ask(`/api/questions/demand?${query}`);
      expect(response.statusCode).toBe(400);
      expect(response.headers['content-type']).toBe('application/problem+json; charset=utf-8');
      const problem = problemSchema.parse(response.json());
      expect(problem.detail).toContain(what);
    },
  );

  test('A question that does not exist is a problem of kind 404', async () => {
    const response = await ask('/api/questions/scores-of-persons');
    expect(response.statusCode).toBe(404);
    expect(problemSchema.parse(response.json())).toMatchObject({ status: 404, title: 'Page not found' });
    expect((await ask('/api/nothing')).headers['content-type']).toContain('problem+json');
  });

  test('The OpenAPI document names every route of the API, and no other', async () => {
    const document = (await server.app.inject({ url: '/api/openapi.json' })).json() as { openapi: string; paths: Record<string, object>; components: { schemas: Record<string, object> } };
    expect(document.openapi).toBe('3.1.0');
    const stack: string[] = [];
    const served: string[] = [];
    for (const [, indent, part] of server.app.printRoutes({ commonPrefix: false }).matchAll(/^([│ ]*)[├└]── (\S+) \(/gm)) {
      stack.splice(indent!.length / 4, Infinity, part!);
      const path = stack.join('');
      if (path.startsWith('/api/')) served.push(path.replaceAll(/:(\w+)/g, '{$1}'));
    }
    expect(served.length).toBeGreaterThan(3);
    expect(Object.keys(document.paths).toSorted()).toEqual(served.toSorted());
  });

  test('The address of the API itself is the same document', async () => {
    const [short, long] = [await server.app.inject({ url: '/api' }), await server.app.inject({ url: '/api/openapi.json' })];
    expect([short.statusCode, short.body]).toEqual([200, long.body]);
  });

  test('Its schemas are JSON Schema that our own answers satisfy, and every reference is there', async () => {
    const text = (await server.app.inject({ url: '/api/openapi.json' })).body;
    const document = JSON.parse(text) as { components: { schemas: Record<string, z.core.JSONSchema.JSONSchema> } };
    for (const [, name] of text.matchAll(/"#\/components\/schemas\/(\w+)"/g)) expect(document.components.schemas[name!], name).toBeDefined();
    const fromDocument = z.fromJSONSchema(document.components.schemas.Answer!);
    expect(fromDocument.safeParse((await ask('/api/questions/demand')).json()).success).toBe(true);
    expect(fromDocument.safeParse({ question: 'demand' }).success).toBe(false);
  });
});
