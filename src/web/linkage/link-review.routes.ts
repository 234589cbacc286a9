// The pages of the review: the queue, the next pair, one pair and what is decided about it, the records of a person. Every view and every
// decision is audited by the ids of the records before a name is shown; addresses hold ids of pairs that tell nobody whose they are.

import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Problem } from '../../core/index.ts';
import type { People } from '../../govern/index.ts';
import { chanceWords, decisionKinds, reviewPairs, type LinkReviewService, type PersonEventService, type ReviewPair } from '../../linkage/index.ts';
import type { Categories } from '../../understand/index.ts';
import { textOf } from '../form/sent-fields.ts';
import type { PageDeps } from '../page.ts';
import { maySee } from '../permission.ts';
import { orNoData } from '../problem/no-data.ts';
import { recordPages } from './record-pages.ts';
import { longestReason, presentPair, type PairContext } from './review-pair.ts';
import { recordLine } from './review-fields.ts';
import { findNext, joinQueue, presentQueue } from './review-queue.ts';
import { sealedLinks } from './sealed-links.ts';

export interface LinkReviewDeps extends PageDeps {
  review: LinkReviewService;
  people: Pick<People, 'sealedTo'>;
  /** Merges and splits, to which a pair's page leads. */
  personEvents?: Pick<PersonEventService, 'list' | 'people'>;
  /** Names of agencies; the product's own where absent. */
  categories?: Categories;
}

/** Merges and splits of the person that a pair's page names at most. */
const eventsOnPair = 5;

const noPair = new Problem('notFound', { what: 'There is no such pair in this snapshot', todo: 'Go back to the queue.' });

const isPairId = (value: unknown): value is string => typeof value === 'string' && /^[0-9a-z]{8,40}$/.test(value);

export function linkReviewRoutes(app: FastifyInstance, deps: LinkReviewDeps): void {
  const { renderPage } = deps;
  const review = whereThereIsData(deps.review);
  const door = { preHandler: deps.requirePage('review-links') };
  const { agencyName, audit, auditSealed, whyOf } = recordPages(deps);
  const { holdsSealed, openQueue, sealedEvents } = sealedLinks(deps);
  const entriesFor = async (request: FastifyRequest) => {
    const { queue, decisions } = await openQueue(request, review);
    return { decisions, entries: joinQueue(queue, decisions, request.session!.userId) };
  };

  app.get('/linkage/review', door, async (request, reply) => {
    const { userId } = request.session!;
    const { decisions, entries } = await entriesFor(request);
    await audit(request, 'link-queue.view', []);
    return renderPage(reply, 'linkage/review-queue.njk', { ...presentQueue(entries, decisions, userId), mayModel: maySee(request.session!.role, 'linkage'), done: (request.query as { done?: string }).done === '1' });
  });

  app.get('/linkage/review/next', door, async (request, reply) => {
    const { after, done } = request.query as { after?: string; done?: string };
    const next = findNext((await entriesFor(request)).entries, isPairId(after) ? after : undefined);
    const said = done === '1' ? '?done=1' : '';
    return reply.redirect(next ? `/linkage/review/${next.pairId}${said}` : `/linkage/review${said}`, 303);
  });

  /** A pair of somebody who is sealed to the reader is answered like one that is not there, and audited as what was asked for. */
  const getPair = async (request: FastifyRequest, action: string): Promise<ReviewPair> => {
    const { pairId } = request.params as { pairId?: string };
    const pair = isPairId(pairId) ? await review.pairs.findPair(pairId) : undefined;
    if (!pair) throw noPair;
    const { left, right } = pair;
    if (!(await holdsSealed(request, [left.personKey, right.personKey]))) return pair;
    await auditSealed(request, action, [left.sourceId, right.sourceId]);
    throw noPair;
  };

  const view = async (request: FastifyRequest, pair: ReviewPair, refused?: PairContext['refused']) => {
    const { userId } = request.session!;
    const decisions = (await review.decisions()).filter(({ left, right }) => left === pair.left.sourceId && right === pair.right.sourceId);
    const [decided] = reviewPairs(decisions);
    const queued = (await review.pairs.queue()).find(({ pairId }) => pairId === pair.pairId);
    const { personEvents } = deps;
    const events = personEvents ? await personEvents.list({ keys: [pair.left.personKey, pair.right.personKey], without: await sealedEvents(request, personEvents), limit: eventsOnPair }) : [];
    return presentPair({ pair, review: decided, decisions, userId, reason: queued?.reason, agencyName, events, done: (request.query as { done?: string }).done === '1', ...(refused ? { refused } : {}) });
  };

  app.get('/linkage/review/:pairId', door, async (request, reply) => {
    const pair = await getPair(request, 'link-pair.view');
    await audit(request, 'link-pair.view', [pair.left.sourceId, pair.right.sourceId]);
    return renderPage(reply, 'linkage/review-pair.njk', await view(request, pair));
  });

  app.post('/linkage/review/:pairId', door, async (request, reply) => {
    const pair = await getPair(request, 'link-pair.decide');
    const body = (request.body ?? {}) as Record<string, unknown>;
    const decision = decisionKinds.find((kind) => kind === body.decision);
    const reason = textOf(body.reason);
    const ids = [pair.left.sourceId, pair.right.sourceId];
    if (decision === undefined || reason.length > longestReason) {
      await audit(request, 'link-pair.view', ids);
      const message = decision === undefined ? 'Choose whether the two records are one person' : `The reason must be ${longestReason.toLocaleString('en-GB')} characters or fewer`;
      return renderPage(reply.code(400), 'linkage/review-pair.njk', await view(request, pair, { reason, message, field: decision === undefined ? 'decision' : 'reason' }));
    }
    const made = await review.decide({ left: pair.left.sourceId, right: pair.right.sourceId, decision, decidedBy: request.session!.userId, ...(reason === '' ? {} : { reason }) }, body.again === 'yes', whyOf(request));
    if (!made) await audit(request, 'link-pair.decide', ids, 'refused');
    return reply.redirect(`/linkage/review/next?after=${pair.pairId}&done=1`, 303);
  });

  app.get('/linkage/review/:pairId/person', door, async (request, reply) => {
    const pair = await getPair(request, 'link-person.view');
    const { of } = request.query as { of?: string };
    const side = of === 'b' ? pair.right : pair.left;
    const { records, pairs } = await review.pairs.personOf(side.sourceId);
    await audit(request, 'link-person.view', records.map(({ sourceId }) => sourceId));
    const letter = new Map(records.map(({ sourceId }, index) => [sourceId, String(index + 1)]));
    return renderPage(reply, 'linkage/review-person.njk', {
      title: 'The records of this person',
      pairId: pair.pairId,
      records: records.map((record) => ({ number: letter.get(record.sourceId), line: recordLine(record), agency: agencyName(record.agency), localId: record.localId })),
      pairs: pairs.map((each) => ({ href: `/linkage/review/${each.pairId}`, left: letter.get(each.left), right: letter.get(each.right), chance: each.conflict ? 'kept apart by a rule' : chanceWords(each.probability), conflict: each.conflict })),
    });
  });
}

/** A snapshot that is not there, or was built before the review's tables, is "no data yet". */
function whereThereIsData(review: LinkReviewService): LinkReviewService {
  const { queue, findPair, peopleOf, personOf } = review.pairs;
  return { ...review, pairs: { queue: orNoData(queue), findPair: orNoData(findPair), peopleOf: orNoData(peopleOf), personOf: orNoData(personOf) } };
}
