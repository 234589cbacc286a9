import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lakeOver, openTestLake, type TestLake } from '../../../test/support/lake-builder.ts';
import { makeLinkageTables } from '../../../test/support/linkage-lake.ts';
import { sampleCounty } from '../../../test/support/sample-county.ts';
import { openTestServer, signedInAs, type TestServer } from '../../../test/support/web-server.ts';
import { fixedClock } from '../../core/index.ts';
import { createQuestions } from '../../understand/index.ts';
import { understandRoutes } from '../understand/understand.routes.ts';

const clock = fixedClock('2025-01-10T09:00:00Z');

async function openLake(truth: boolean, reviewed: boolean): Promise<TestLake> {
  const { duck } = await openTestLake(sampleCounty());
  await makeLinkageTables(duck, { truth, reviewed });
  return lakeOver(duck);
}

describe('the linkage page', () => {
  let lake: TestLake;
  let server: TestServer;
  const open = async (url: string) => {
    const { cookie } = await signedInAs(server, 'analyst');
    return server.app.inject({ url, headers: { cookie } });
  };
  beforeAll(async () => {
    lake = await openLake(true, true);
    server = await openTestServer({ questions: createQuestions({ clock }), lake: () => lake }, [understandRoutes]);
  });
  afterAll(async () => {
    await server.app.close();
    lake.close();
  });

  test('draws each picture with its table, and links to linkage by group', async () => {
    const { body, statusCode } = await open('/linkage');
    expect(statusCode).toBe(200);
    for (const id of ['level-weights', 'level-shares', 'pair-weights', 'threshold-truth', 'threshold-reviewed', 'threshold-expected', 'unlinkable', 'field-completeness', 'common-values']) expect(body).toContain(`id="chart-${id}"`);
    for (const heading of ['What each way of agreeing weighs', 'Pairs by weight', 'What another threshold would do', 'Records that hold too little to be linked', 'How complete each agency’s fields are', 'The commonest values', 'How training went']) expect(body).toContain(heading);
    expect(body).toContain('href="/understand/data-quality#section-quality-linkage"');
    expect(body).toContain('Same NHS number says most');
    expect(body).not.toContain('Change what is shown');
    expect(body.match(/<style|\sstyle=|\son\w+=/g)).toBeNull();
  });

  test('gives each table as CSV and each picture as SVG', async () => {
    const csv = await open('/linkage.csv?table=thresholds');
    expect(csv.headers['content-type']).toContain('text/csv');
    expect(csv.body.split('\r\n')[0]).toBe('bits,probability,precision,recall,reviewed_precision,reviewed_recall,expected_precision,expected_recall');
    for (const chart of ['level-weights', 'level-shares', 'pair-weights', 'threshold-truth', 'common-values']) {
      const svg = await open(`/linkage.svg?chart=${chart}`);
      expect(svg.headers['content-type']).toContain('image/svg+xml');
      expect(svg.body).not.toMatch(/NaN|undefined|Infinity/);
    }
  });

  test('gives the API the same, without names', async () => {
    const { cookie } = await signedInAs(server, 'analyst');
    const response = await server.app.inject({ url: '/api/questions/linkage', headers: { cookie } });
    expect(response.statusCode).toBe(200);
    expect((response.json() as { tables: { id: string }[] }).tables.map(({ id }) => id)).toEqual(['levels', 'distribution', 'thresholds', 'unlinkable', 'fields', 'values', 'training']);
  });

  test('keeps back the count of a weight that few pairs have', async () => {
    const { body } = await open('/linkage?rows=distribution');
    expect(body).toContain('[c]');
  });
});

test('Without truth and without reviews the page says what the model expects, and says that it is that', async () => {
  const lake = await openLake(false, false);
  const server = await openTestServer({ questions: createQuestions({ clock }), lake: () => lake }, [understandRoutes]);
  const { cookie } = await signedInAs(server, 'panel-member');
  const { body } = await server.app.inject({ url: '/linkage', headers: { cookie } });
  expect(body).toContain('id="chart-threshold-expected"');
  expect(body).not.toContain('id="chart-threshold-truth"');
  expect(body).toContain('As the model expects of itself');
  await server.app.close();
  lake.close();
});

test('A snapshot from before the linkage tables says so', async () => {
  const lake = await openTestLake(sampleCounty());
  const server = await openTestServer({ questions: createQuestions({ clock }), lake: () => lake }, [understandRoutes]);
  const { cookie } = await signedInAs(server, 'analyst');
  expect((await server.app.inject({ url: '/linkage', headers: { cookie } })).statusCode).toBe(404);
  await server.app.close();
  lake.close();
});
