// The pages of merges and splits: the list, one event with its records, and undoing it or taking the undo back. Every view and every act is
// audited by the ids of the records before a name is shown; addresses hold the events' numbers, which tell nobody whose they are.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../../core/index.ts';
import type { People } from '../../govern/index.ts';
import { refusalWords, type PersonEventService } from '../../linkage/index.ts';
import type { Categories } from '../../understand/index.ts';
import { textOf } from '../form/sent-fields.ts';
import { presentDate } from '../frame/date-words.ts';
import type { PageDeps } from '../page.ts';
import { orNoData } from '../problem/no-data.ts';
import { daysOfMonth, eventKinds, presentEvent, presentEventList, shownIds, type EventAddress, type EventContext } from './person-event-view.ts';
import { recordPages } from './record-pages.ts';
import { longestReason } from './review-pair.ts';
import { sealedLinks } from './sealed-links.ts';

export interface PersonEventDeps extends PageDeps {
  personEvents: PersonEventService;
  people: Pick<People, 'sealedTo'>;
  /** Names of agencies; the product's own where absent. */
  categories?: Categories;
}

const rowsOnPage = 50;

const badAddress = new Problem('usage', { what: 'This address asks for events that are not known here', todo: 'Open the page Merges and splits and choose again.' });
const noEvent = new Problem('notFound', { what: 'There is no such event in this snapshot', todo: 'Go back to the list of merges and splits.' });

function readEventsAddress(query: Record<string, unknown>): EventAddress {
  const [kind, month, before] = [query.kind ?? '', query.month ?? '', query.before ?? ''].map((value) => (typeof value === 'string' ? value : 'x'));
  const known = eventKinds.find((each) => each === kind);
  if ((kind !== '' && !known) || !/^(\d{4}-(0[1-9]|1[0-2]))?$/.test(month!) || !/^\d{0,12}$/.test(before!)) throw badAddress;
  return { ...(known ? { kind: known } : {}), ...(month ? { month } : {}), ...(before ? { before: Number(before) } : {}) };
}

export function personEventRoutes(app: FastifyInstance, deps: PersonEventDeps): void {
  const { renderPage } = deps;
  const service = whereThereAreEvents(deps.personEvents);
  const door = { preHandler: deps.requirePage('review-links') };
  const { agencyName, audit, auditSealed, whyOf } = recordPages(deps);
  const { holdsSealed, sealedEvents } = sealedLinks(deps);

  app.get<{ Querystring: Record<string, unknown> }>('/linkage/events', door, async (request, reply) => {
    const address = readEventsAddress(request.query);
    const { month, ...filter } = address;
    const without = await sealedEvents(request, service);
    const events = await service.list({ ...filter, ...(month ? daysOfMonth(month) : {}), without, limit: rowsOnPage + 1 });
    const months = await service.months(without);
    await audit(request, 'person-events.view', []);
    return renderPage(reply, 'linkage/person-events.njk', presentEventList(events.slice(0, rowsOnPage), address, events.length > rowsOnPage, months));
  });

  /** An event of somebody who is sealed to the reader is answered like one that is not there, and audited as what was asked for. */
  const getEvent = async (request: FastifyRequest, action: string) => {
    const { event: number } = request.params as { event?: string };
    const found = number !== undefined && /^\d{1,12}$/.test(number) ? await service.find(Number(number)) : undefined;
    if (!found) throw noEvent;
    const { event, records } = found;
    const concerned = [event.oldKey, event.newKey, ...event.keysBefore, ...event.keysAfter, ...records.map(({ personKey }) => personKey)].filter((key) => key !== null);
    if (!(await holdsSealed(request, concerned))) return found;
    await auditSealed(request, action, records.map(({ sourceId }) => sourceId));
    throw noEvent;
  };

  type Found = Awaited<ReturnType<typeof getEvent>>;

  /** Audits what is shown, then shows it. */
  const show = async (request: FastifyRequest, reply: FastifyReply, { event, records, plan }: Found, more: Pick<EventContext, 'refused'> = {}) => {
    const shown = await service.events.records(shownIds(records));
    await audit(request, 'person-event.view', shown.map(({ sourceId }) => sourceId));
    const settled = !plan.ok && plan.refusal.why === 'settled' ? await service.events.findPairId(plan.refusal.left, plan.refusal.right) : undefined;
    const { done } = request.query as { done?: string };
    return renderPage(reply, 'linkage/person-event.njk', {
      ...presentEvent({ event, records, plan, shown, agencyName, ...(settled ? { settledHref: `/linkage/review/${settled}` } : {}), ...(done ? { done } : {}), ...more }),
      longestReason,
    });
  };

  app.get('/linkage/events/:event', door, async (request, reply) => show(request, reply, await getEvent(request, 'person-event.view')));

  app.post('/linkage/events/:event', door, async (request, reply) => {
    const body = (request.body ?? {}) as Record<string, unknown>;
    const withdraw = body.act === 'withdraw';
    const action = withdraw ? 'person-event.withdraw' : 'person-event.undo';
    const found = await getEvent(request, action);
    const [reason, confirmed] = [textOf(body.reason), body.confirm === 'yes'];
    const messages = [
      ...(reason === '' ? [{ text: 'Enter a reason', href: '#reason' }] : reason.length > longestReason ? [{ text: `The reason must be ${longestReason.toLocaleString('en-GB')} characters or fewer`, href: '#reason' }] : []),
      ...(confirmed ? [] : [{ text: withdraw ? 'Confirm that the undo is to be taken back' : 'Confirm that the event is to be undone', href: '#confirm' }]),
    ];
    if (messages.length > 0) return show(request, reply.code(400), found, { refused: { reason, confirmed, messages } });
    const number = found.event.event;
    const by = request.session!.userId;
    const asked = { reason, by, why: whyOf(request) };
    const result = withdraw ? await service.withdraw(number, asked) : await service.undo(number, asked);
    if (!result.ok) await audit(request, action, found.records.map(({ sourceId }) => sourceId), 'refused');
    // A form that is sent twice, or an undo that somebody else was first with: the page says how it stands.
    if (!result.ok) {
      const { refusal } = result;
      if (refusal.why === 'unknown') throw noEvent;
      if (refusal.why === 'waiting' || refusal.why === 'no-undo') return reply.redirect(`/linkage/events/${number}`, 303);
      return show(request, reply.code(409), await getEvent(request, action), { refused: { reason, confirmed, messages: [{ text: refusalWords(refusal, presentDate).what, href: '#undo' }] } });
    }
    return reply.redirect(`/linkage/events/${number}?done=${withdraw ? 'withdraw' : 'undo'}`, 303);
  });
}

/** A snapshot that is not there, or was built before the events, is "no data yet". */
function whereThereAreEvents(service: PersonEventService): PersonEventService {
  return { ...service, list: orNoData(service.list), find: orNoData(service.find), months: orNoData(service.months), people: orNoData(service.people) };
}
