// /people: who is this, among the people of all agencies? And one person's record: its page, its file, its answer of the API, and asking to see more
// in an emergency. Everything is made from what the room `govern` gives for this reader; nothing typed stands in an address.

import type { FastifyInstance } from 'fastify';
import { glassTime, type Asking } from '../../govern/index.ts';
import { caseAddress, casesHome, noteCase } from '../cases/case-pages.ts';
import { presentDate, presentDateTime, presentTime } from '../frame/date-words.ts';
import { maySee } from '../permission.ts';
import { personSearchRoutes } from './person-search.page.ts';
import { openPerson, personAddress, type PeoplePagesDeps } from './people-pages.ts';
import { recordCsv, recordJson, sealedWords } from './person-file.ts';
import { findAgreements, presentRecord, presentTimeLeft } from './person-view.ts';
import { seeMoreRoutes } from './see-more.routes.ts';

export function peopleRoutes(app: FastifyInstance, deps: PeoplePagesDeps): void {
  const door = { preHandler: deps.requirePage('people') };
  personSearchRoutes(app, deps);
  seeMoreRoutes(app, deps);

  app.get('/people/:key', door, async (request, reply) => {
    const opened = await openPerson(request, reply, deps, 'person.view');
    if (!opened) return reply;
    const { answer, asking } = opened;
    // A key of an earlier snapshot leads to the person whom it means now.
    if ((request.params as { key: string }).key !== answer.personKey) return reply.redirect(personAddress(answer.personKey), 303);
    const maySeal = asking.who.role === 'governance-lead';
    if (answer.kind === 'sealed') return deps.renderPage(reply, 'people/sealed.njk', { title: 'A sealed record', notice: sealedWords(answer.whomToRing), sealHref: maySeal ? '/govern/seals' : null });
    const agreements = await findAgreements(deps.register, answer.feeds);
    const address = personAddress(answer.personKey);
    const worked = await findCases(deps, asking, answer.personKey);
    return deps.renderPage(reply, 'people/person.njk', {
      title: 'A person’s record',
      ...presentRecord(answer.feeds, { agreements, agencyName: deps.agencyName }, deps.corrections ? ({ load, line }) => personAddress(answer.personKey, `/wrong?${new URLSearchParams({ load, line: String(line) })}`) : null),
      done: (request.query as { done?: unknown }).done === 'reported' ? 'It is written down. An information governance lead decides, and you are told what was decided.' : null,
      address,
      personKey: answer.personKey,
      printed: presentDateTime(asking.at),
      purpose: asking.purpose === null ? null : (deps.gate.sharing.purposes.get(asking.purpose)?.title ?? asking.purpose),
      broken: answer.brokenUntil === null ? null : { until: presentTime(answer.brokenUntil), left: presentTimeLeft(Math.min(glassTime, answer.brokenUntil - asking.at)) },
      openFor: answer.brokenUntil === null ? 0 : Math.max(1, Math.min(glassTime, answer.brokenUntil - asking.at)),
      seeMoreHref: answer.mayBreak ? `${address}/see-more` : null,
      ...worked,
      sealHref: maySeal ? `/govern/seals/new?person=${encodeURIComponent(answer.personKey)}` : null,
      shareHref: maySee(asking.who.role, 'share-records') ? `/govern/share-records/new?person=${encodeURIComponent(answer.personKey)}` : null,
    });
  });

  app.get('/people/:key/record.csv', door, async (request, reply) => {
    const opened = await openPerson(request, reply, deps, 'person.export');
    if (!opened) return reply;
    const { answer } = opened;
    const agreements = await findAgreements(deps.register, answer.kind === 'record' ? answer.feeds : []);
    return reply.type('text/csv; charset=utf-8').header('content-disposition', `attachment; filename="record-${answer.personKey}.csv"`).send(recordCsv(answer, { agreements, agencyName: deps.agencyName }));
  });

  app.get('/api/people/:key', door, async (request, reply) => {
    const opened = await openPerson(request, reply, deps, 'person.export');
    return opened ? reply.send(recordJson(opened.answer)) : reply;
  });
}

/** Cases about the person that this reader may see, and whether they may begin one; audited where there are any. */
async function findCases({ cases, trail }: PeoplePagesDeps, asking: Asking, personKey: string) {
  if (!cases || !maySee(asking.who.role, 'cases')) return { cases: [], beginHref: null };
  const found = await cases.ofPerson(asking, personKey);
  if (found.cases.length > 0) await noteCase({ trail }, asking, { action: 'case.list', outcome: 'done', ids: [...found.cases.map(({ caseId }) => caseId), personKey], basis: found.basis });
  return {
    cases: found.cases.map(({ caseId, status, openedAt }) => ({ href: caseAddress(caseId), text: `${status === 'open' ? 'Open case' : 'Closed case'}, opened on ${presentDate(openedAt)}` })),
    beginHref: (await cases.mayBegin(asking, personKey, found)) ? `${casesHome}/new?person=${encodeURIComponent(personKey)}` : null,
  };
}
