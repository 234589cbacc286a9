// The question pages and what can be taken from them, all behind the same permission: the page, its tables as CSV with a
// description, its pictures as SVG, and the shapes of the map that can be moved.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Problem, type Answer, type LakeReader, type Question } from '../../core/index.ts';
import { questionOptions, readCategories, type AcceptedOptions, type Categories } from '../../understand/index.ts';
import type { Chart } from '../charts/chart-frame.ts';
import type { PageDeps } from '../page.ts';
import { chartFile, tableCsv, tableMetadata } from './answer-file.ts';
import { dataQualityPage } from './data-quality.page.ts';
import { demandPage } from './demand.page.ts';
import { readFilterChoices } from './filter-choices.ts';
import { linkagePage } from '../linkage/linkage.page.ts';
import { onlyPublished, withLeftOut } from '../gate/left-out.ts';
import { presentFilterPanel } from './filter-panel.ts';
import { readPeriodStrip } from './period-strip.ts';
import { placeMapFile, placesGeojson, placesPage, presentPlacesMaps } from './places.page.ts';
import { keepKnownFilters, keepKnownOptions, listLeftOut, readKnownFilters, refuseLeftOut, type LeftOut } from './known-values.ts';
import { orderMonths, readAddress, writeAddress, type QuestionAddress } from './question-address.ts';
import type { QuestionPage } from './question-page.ts';
import { presentQuestion } from './question-view.ts';
import { repeatDemandPage } from './repeat-demand.page.ts';

export interface UnderstandDeps extends PageDeps {
  /** Names of agencies, categories and feeds; the product's own packs where absent. */
  categories?: Categories;
  /** Named on downloaded pictures. */
  partnership?: string;
}

const pages: readonly QuestionPage[] = [demandPage, repeatDemandPage, placesPage, dataQualityPage, linkagePage];

export function understandRoutes(app: FastifyInstance, deps: UnderstandDeps): void {
  const words = deps.categories ?? readCategories(undefined);
  for (const page of pages) questionRoutes(app, deps, page, words);
  app.get('/understand/places.geojson', { preHandler: deps.requirePage(placesPage.page) }, async (request, reply) => {
    const { answer, lake, address } = await askForFile(deps, placesPage, request, words);
    return reply.type('application/geo+json; charset=utf-8').send(JSON.stringify(await placesGeojson(answer, lake, address, queryOf(request).map)));
  });
}

function questionRoutes(app: FastifyInstance, deps: UnderstandDeps, page: QuestionPage, words: Categories): void {
  const door = { preHandler: deps.requirePage(page.page) };

  app.get(page.path, door, async (request, reply) => {
    const { answer, lake, address, notices } = await askForPage(deps, page, request, words);
    const choices = await readFilterChoices(lake, words);
    const filters = presentFilterPanel(address, choices, page.options(choices, answer));
    const shown = { ...answer, tables: await Promise.all(answer.tables.map((table) => page.reshape?.(table, lake) ?? table)) };
    const view = presentQuestion({ answer: shown, address, filters, notices, sections: page.sections(answer, address.options), method: getQuestion(deps.questions, page.question).method });
    if (page !== placesPage || view.empty) return deps.renderPage(reply, page.template, view);
    const maps = await presentPlacesMaps(answer, lake, address);
    const strip = await readPeriodStrip(lake, getQuestion(deps.questions, demandPage.question), { answer, address, choices });
    return deps.renderPage(reply, page.template, { ...view, maps, strip });
  });

  app.get(`${page.path}.csv`, door, async (request, reply) => {
    const { answer, address } = await askForFile(deps, page, request, words);
    const table = getTable(answer, queryOf(request).table);
    return attach(reply, `${page.page}-${table.id}.csv`).type('text/csv; charset=utf-8; header=present').send(tableCsv(table, address.view.sort));
  });

  app.get(`${page.path}.csv-metadata.json`, door, async (request, reply) => {
    const { answer, address } = await askForFile(deps, page, request, words);
    const table = getTable(answer, queryOf(request).table);
    const csvHref = writeAddress(address, { path: `${page.path}.csv`, options: { table: table.id } });
    return reply.type('application/csvm+json; charset=utf-8').send(JSON.stringify(tableMetadata(table, answer, csvHref), null, 2));
  });

  app.get(`${page.path}.svg`, door, async (request, reply) => {
    const { answer, lake, address } = await askForFile(deps, page, request, words);
    const partnership = deps.partnership ?? 'Headwater';
    const { chart, map } = queryOf(request);
    const drawn = map && page === placesPage
      ? await placeMapFile({ answer, lake, address, map, partnership })
      : chartFile(getChart(page.sections(answer, address.options).flatMap((section) => section.charts), chart), answer, partnership);
    if (drawn === undefined) throw noPicture();
    return attach(reply, `${page.page}-${map ? `map-${map}` : (chart ?? 'picture')}.svg`).type('image/svg+xml; charset=utf-8').send(drawn);
  });
}

interface Asked {
  answer: Answer;
  lake: LakeReader;
  address: QuestionAddress;
}

/** The address with what is known of it. */
async function readKnownAddress(page: QuestionPage, request: FastifyRequest, lake: LakeReader, words: Categories): Promise<{ address: QuestionAddress; leftOut: LeftOut[] }> {
  const accepted: AcceptedOptions = questionOptions[page.question];
  const asked = readAddress(page.path, request.query, Object.keys(accepted));
  const { filters, leftOut } = keepKnownFilters(request.query, await readKnownFilters(lake, words));
  const own = keepKnownOptions(asked.options, accepted, await readFilterChoices(lake, words), words);
  return { address: { ...asked, filters, options: own.options }, leftOut: [...leftOut, ...own.leftOut] };
}

/** For a page: what is known of the address is answered, the rest is said in one sentence. */
async function askForPage(deps: UnderstandDeps, page: QuestionPage, request: FastifyRequest, words: Categories): Promise<Asked & { notices: string[] }> {
  const lake = deps.lakeOf(request);
  const known = await readKnownAddress(page, request, lake, words);
  const { address, swapped } = orderMonths(known.address);
  const listed = listLeftOut(known.leftOut);
  const notices = [
    ...onlyPublished(request.seen!),
    ...(listed === undefined ? [] : [`Left out, because it is not known here: ${listed}.`]),
    ...(swapped ? ['The first month was after the last, so they were swapped.'] : []),
  ];
  return { answer: await answerOf(deps, page, request, address), lake, address, notices: notices.length === 0 ? [] : [notices.join(' ')] };
}

/** For a file: an address that is not known in every part is refused. */
async function askForFile(deps: UnderstandDeps, page: QuestionPage, request: FastifyRequest, words: Categories): Promise<Asked> {
  const lake = deps.lakeOf(request);
  const { address, leftOut } = await readKnownAddress(page, request, lake, words);
  refuseLeftOut(leftOut, address.filters);
  return { answer: await answerOf(deps, page, request, address), lake, address };
}

/** The answer from what this reader may see, with what is not in it. */
async function answerOf(deps: UnderstandDeps, page: QuestionPage, request: FastifyRequest, address: QuestionAddress): Promise<Answer> {
  const answer = await getQuestion(deps.questions, page.question).answer(deps.lakeOf(request), address.filters, address.options);
  return withLeftOut(answer, request.seen!);
}

function getQuestion(questions: readonly Question[], id: string): Question {
  const found = questions.find((question) => question.id === id);
  if (!found) throw new Error(`No question is called ${id}`);
  return found;
}

function queryOf(request: FastifyRequest): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(request.query as Record<string, unknown>).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

function getTable(answer: Answer, id: string | undefined): Answer['tables'][number] {
  const table = id === undefined ? answer.tables[0] : answer.tables.find((item) => item.id === id);
  if (!table) throw new Problem('notFound', { what: 'This page has no table of that name', todo: `Choose one of ${answer.tables.map((item) => item.id).join(', ')}.` });
  return table;
}

function getChart(charts: Chart[], id: string | undefined): Chart {
  const chart = id === undefined ? charts[0] : charts.find((item) => item.id === id);
  if (!chart) throw noPicture();
  return chart;
}

function noPicture(): Problem {
  return new Problem('notFound', { what: 'This page has no picture of that name with these filters', todo: 'Go back to the page and download from there.' });
}

function attach(reply: FastifyReply, name: string): FastifyReply {
  return reply.header('content-disposition', `attachment; filename="${name.replaceAll(/[^\w.-]/g, '')}"`);
}
