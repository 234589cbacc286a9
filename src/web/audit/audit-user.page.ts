// What did this user see and do, in a period? Day by day in numbers, then whom they saw, then each row. The address names the user by a row of theirs,
// since an id can be a name; looking is itself in the audit.

import type { FastifyInstance } from 'fastify';
import { Problem } from '../../core/index.ts';
import { addDays, britishDayOf, endOfBritishDay, startOfBritishDay } from '../../govern/index.ts';
import { presentCount, presentDate, presentDateTime } from '../frame/date-words.ts';
import { actedAsWords, namedAgreements, presentAuditRows } from './audit-row.ts';
import { dayText, idText, rowNumber, type AuditStudyDeps } from './audit-study.ts';
import { auditWays } from './audit-ways.ts';
import { userAddress } from './audit-words.ts';

const rowsOnPage = 50;
const peopleOnPage = 50;
const usualDays = 30;
const mostDays = 366;

const title = 'What this user saw and did';
const badAddress = () => new Problem('usage', { what: 'This address asks the audit for something that is not known here', todo: 'Open the page Audit and choose again.' });

interface Period {
  from: string;
  to: string;
}

/** The last thirty days where none is given; a Problem in words where the days make no period. */
function readPeriod({ from, to }: Record<string, unknown>, today: string): Period & { problem?: string } {
  const usual = { from: addDays(today, 1 - usualDays), to: today };
  if (from === undefined && to === undefined) return usual;
  const [first, last] = [dayText(from), dayText(to)];
  if (first === undefined || last === undefined) return { ...usual, problem: 'Enter both days as year, month and day, such as 2026-11-28' };
  if (first > last) return { ...usual, problem: 'The first day must not be after the last' };
  if (last > addDays(first, mostDays - 1)) return { ...usual, problem: `Choose ${mostDays} days or fewer` };
  return { from: first, to: last };
}

export function auditUserRoutes(app: FastifyInstance, deps: AuditStudyDeps): void {
  const door = { preHandler: deps.requirePage('audit') };
  const { study, gate } = deps;
  const template = 'audit/audit-user.njk';
  const ways = auditWays('user');

  app.get<{ Querystring: Record<string, unknown> }>('/govern/audit/user', door, async (request, reply) => {
    const { row, before: older, from, to } = request.query;
    if (row === undefined && older === undefined) return deps.renderPage(reply, template, { title: 'What a user saw and did', ways, user: '' });
    const [rowId, before] = [rowNumber(row), older === undefined ? undefined : rowNumber(older)];
    const actorId = rowId === undefined ? undefined : await study.actorOf(rowId);
    if (rowId === undefined || actorId === undefined || (older !== undefined && before === undefined)) throw badAddress();
    const { problem, ...period } = readPeriod({ from, to }, britishDayOf(deps.clock.now()));
    const span = { from: startOfBritishDay(period.from), to: endOfBritishDay(period.to) };
    await deps.trail.record({ actorId: request.session!.userId, action: 'audit.user', outcome: 'done', subjectKind: 'user', subjectIds: [actorId] });
    const [days, seen] = [await study.days({ actorId, ...span }), await study.seen({ actorId, ...span, limit: peopleOnPage })];
    const found = await study.list({ actorId, ...span, limit: rowsOnPage + 1, ...(before === undefined ? {} : { before }) });
    const events = found.slice(0, rowsOnPage);
    const total = (of: 'events' | 'exports' | 'refusals') => days.reduce((sum, day) => sum + day[of], 0);
    return deps.renderPage(reply.code(problem ? 400 : 200), template, {
      title,
      ways,
      ...(problem ? { error: true, problem } : {}),
      user: actorId,
      shown: true,
      row: rowId,
      as: [...new Set(events.map((event) => actedAsWords(gate.sharing, event)).filter((words) => words !== ''))],
      period: { ...period, words: `${presentDate(period.from)} to ${presentDate(period.to)}` },
      totals: { days: days.length, events: presentCount(total('events')), people: presentCount(seen.total), exports: presentCount(total('exports')), refusals: presentCount(total('refusals')) },
      days: days.map(({ day, events: all, people, exports, refusals }) => ({ day: presentDate(day), href: userAddress({ row: rowId, from: day, to: day }), events: presentCount(all), people: presentCount(people), exports: presentCount(exports), refusals: presentCount(refusals) })),
      seen: seen.subjects.map(({ id, times, lastAt }) => ({ id, times: presentCount(times), lastAt: presentDateTime(lastAt) })),
      moreSeen: seen.total > seen.subjects.length ? presentCount(seen.total - seen.subjects.length) : undefined,
      rows: presentAuditRows(events, { sharing: gate.sharing, agreements: await namedAgreements(deps.register, events), actorHref: ({ auditEventId }) => userAddress({ row: auditEventId, ...period }) }),
      newest: before === undefined ? undefined : userAddress({ row: rowId, ...period }),
      older: found.length > rowsOnPage ? userAddress({ row: rowId, ...period, before: events.at(-1)!.auditEventId }) : undefined,
    });
  });

  app.post('/govern/audit/user', door, async (request, reply) => {
    const sent = ((request.body ?? {}) as Record<string, unknown>).user;
    const user = idText(sent);
    const last = user ? (await study.list({ actorId: user, limit: 1 }))[0] : undefined;
    if (last) return reply.redirect(userAddress({ row: last.auditEventId }), 303);
    const problem = user === undefined ? 'Enter the id of one user, 200 characters or fewer' : user === '' ? 'Enter the id of a user' : 'Nobody with this id has done anything here';
    return deps.renderPage(reply.code(400), template, { title: 'What a user saw and did', ways, user: typeof sent === 'string' ? sent : '', error: true, problem, unknown: true });
  });
}
