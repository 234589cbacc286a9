// /govern/share-records: decisions to share information about a person with another agency, or to withhold it. Those whose work is with people write
// them down; what became of each, and what was wrong in it, is added; an information governance lead who had no part in it reviews it.

import type { FastifyInstance } from 'fastify';
import { presentVocabulary } from '../agreements/agreement-vocabulary.ts';
import { orNoData } from '../problem/no-data.ts';
import { shareFileRoutes } from './share-file.routes.ts';
import { shareNewRoutes } from './share-new.routes.ts';
import { askingOf, doneOf, noteShare, type ShareRecordsDeps } from './share-pages.ts';
import { presentListed } from './share-view.ts';

const onPage = 50;
const afterText = /^(\d{1,15})\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

export function shareRecordsRoutes(app: FastifyInstance, given: Omit<ShareRecordsDeps, 'vocabulary'>): void {
  const { list, find } = given.shareRecords;
  // Without a snapshot nobody knows which keys mean one person, nor whom a seal closes.
  const deps: ShareRecordsDeps = { ...given, shareRecords: { ...given.shareRecords, list: orNoData(list), find: orNoData(find) }, vocabulary: presentVocabulary(given.packs) };
  const door = { preHandler: deps.requirePage('share-records') };
  const { shareRecords, vocabulary } = deps;
  shareNewRoutes(app, deps);
  shareFileRoutes(app, deps);

  app.get('/govern/share-records', door, async (request, reply) => {
    const asking = await askingOf(deps, request);
    const isLead = asking.who.role === 'governance-lead';
    const { show, after } = request.query as { show?: unknown; after?: unknown };
    const waiting = isLead && show === 'waiting';
    const place = afterText.exec(typeof after === 'string' ? after : '');
    const found = await shareRecords.list(asking, { limit: onPage + 1, waiting, ...(place ? { after: { at: Number(place[1]), id: place[2]! } } : {}) });
    const listed = found.slice(0, onPage);
    await noteShare(deps, asking, { action: 'share.list', outcome: 'done', ids: listed.map(({ shareRecordId }) => shareRecordId) });
    const last = listed.at(-1);
    return deps.renderPage(reply, 'share-records/share-records.njk', {
      title: 'Decisions to share', done: doneOf(request.query), isLead, waiting, statePurpose: !isLead && asking.purpose === null,
      records: listed.map((record) => presentListed(record, vocabulary, { showReview: isLead || record.from === asking.who.agency })),
      nextHref: found.length > onPage && last ? `/govern/share-records?${waiting ? 'show=waiting&' : ''}after=${last.recordedAt}.${last.shareRecordId}` : null,
    });
  });
}
