// /cases: those that this reader may see, and each with what they may have of it. The database decides, case by case and part by part; a case that is not
// the reader's looks like none.

import type { FastifyInstance } from 'fastify';
import type { Asking, CaseFile } from '../../govern/index.ts';
import { presentVocabulary } from '../agreements/agreement-vocabulary.ts';
import { presentDate, presentDateTime } from '../frame/date-words.ts';
import { findAgreements } from '../people/person-view.ts';
import { orNoData } from '../problem/no-data.ts';
import { caseActRoutes } from './case-acts.routes.ts';
import { caseAttachmentRoutes } from './case-attachments.routes.ts';
import { caseNewRoutes } from './case-new.routes.ts';
import { askingOf, caseAddress, casesHome, createWords, doneOf, joinBasis, leadWords, namePeople, noteCase, openCase, type CasePagesDeps, type CasePagesGiven, type NamedPerson } from './case-pages.ts';
import { allowedParts, presentCase } from './case-view.ts';

const onPage = 25;
const afterText = /^(\d{1,15})\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** Which cases, by the word in the address. */
const shows = {
  open: { text: 'Open', status: 'open', own: false },
  mine: { text: 'Mine', status: 'open', own: true },
  closed: { text: 'Closed', status: 'closed', own: false },
} as const;
type Show = keyof typeof shows;

export async function casesRoutes(app: FastifyInstance, given: CasePagesGiven): Promise<void> {
  const { list, find, ofPerson, mayBegin, openAttachment } = given.cases;
  // Without a snapshot nobody knows which keys mean one person, nor whom a seal closes.
  const cases = { ...given.cases, list: orNoData(list), find: orNoData(find), ofPerson: orNoData(ofPerson), mayBegin: orNoData(mayBegin), openAttachment: orNoData(openAttachment) };
  const deps: CasePagesDeps = { ...given, cases, people: { namesOf: orNoData(given.people.namesOf) }, vocabulary: presentVocabulary(given.packs) };
  const door = { preHandler: deps.requirePage('cases') };
  const words = createWords(deps.vocabulary);
  caseNewRoutes(app, deps);
  caseActRoutes(app, deps);
  await caseAttachmentRoutes(app, deps);

  const presentListed = (file: CaseFile, person: NamedPerson | undefined, asking: Asking) => ({
    href: caseAddress(file.caseId), name: person?.name ?? null, corrections: person?.corrections ?? [], personKey: file.personKey, holder: words.agency(file.holder), lead: leadWords(file, asking, words.agency), opened: presentDate(file.openedAt),
    status: file.status === 'open' ? 'Open' : file.closedAt === null ? 'Closed' : `Closed ${presentDate(file.closedAt)}`,
  });

  app.get(casesHome, door, async (request, reply) => {
    const asking = await askingOf(deps, request);
    const query = request.query as { show?: unknown; after?: unknown };
    const show: Show = query.show === 'mine' || query.show === 'closed' ? query.show : 'open';
    const place = afterText.exec(typeof query.after === 'string' ? query.after : '');
    const found = await deps.cases.list(asking, { limit: onPage + 1, status: shows[show].status, own: shows[show].own, ...(place && Number(place[1]) < latest ? { after: { at: Number(place[1]), id: place[2]! } } : {}) });
    const listed = found.cases.slice(0, onPage);
    const people = await namePeople(deps, asking, listed.map(({ personKey }) => personKey));
    const named = [...people.values()];
    await noteCase(deps, asking, { action: 'case.list', outcome: 'done', ids: [...new Set(listed.flatMap(({ caseId, personKey }) => [caseId, personKey]))], basis: joinBasis(found.basis, ...named.map(({ basis }) => basis)), flags: [...new Set(named.flatMap(({ flags }) => flags))] });
    const last = listed.at(-1);
    return deps.renderPage(reply, 'cases/cases.njk', {
      title: 'Cases', done: doneOf(request.query), show, filters: (Object.keys(shows) as Show[]).map((each) => ({ text: shows[each].text, href: each === 'open' ? casesHome : `${casesHome}?show=${each}`, active: each === show })),
      cases: listed.map((file) => presentListed(file, people.get(file.personKey), asking)), later: place !== null,
      nextHref: found.cases.length > onPage && last ? `${casesHome}?${show === 'open' ? '' : `show=${show}&`}after=${last.openedAt}.${last.caseId}` : null,
    });
  });

  app.get('/cases/:caseId', door, async (request, reply) => {
    const page = await openCase(request, reply, deps);
    if (!page) return reply;
    const { asking, opened } = page;
    const agreements = await findAgreements(deps.register, [{ by: allowedParts(page) }]);
    const beginHref = opened.file?.status === 'closed' && (await deps.cases.mayBegin(asking, opened.personKey)) ? `${casesHome}/new?person=${encodeURIComponent(opened.personKey)}` : null;
    return deps.renderPage(reply, 'cases/case.njk', {
      title: 'A case', done: doneOf(request.query), shown: presentCase(page, deps, agreements), beginHref, printed: presentDateTime(asking.at),
      purpose: asking.purpose === null ? null : (deps.gate.sharing.purposes.get(asking.purpose)?.title ?? asking.purpose),
    });
  });
}

/** The end of the year 9999: no later time has a text that the database reads. */
const latest = 253_402_300_799_999;
