// What looks unusual in the audit: seven days of signals, each with why, and what somebody found who looked. Signals help people to look; they accuse
// nobody. Addresses name whose signal it is by a row of the audit.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../../core/index.ts';
import { addDays, auditSignalCodes, britishDayOf, endOfBritishDay, findAgencyCode, findAuditSignals, longestNote, signalOutcomes, startOfBritishDay, type AuditSignal, type SignalReview } from '../../govern/index.ts';
import { presentCount, presentDate, presentDateTime } from '../frame/date-words.ts';
import { actedAsWords } from './audit-row.ts';
import { dayText, rowNumber, type AuditStudyDeps } from './audit-study.ts';
import { auditWays } from './audit-ways.ts';
import { userAddress } from './audit-words.ts';
import { chanceWords, openTag, outcomeTags, signalSentence } from './signal-words.ts';

const daysOnPage = 7;

const noSignal = () => new Problem('notFound', { what: 'There is no such signal', todo: 'Go back to what looks unusual.' });
const badAddress = () => new Problem('usage', { what: 'This address asks the audit for something that is not known here', todo: 'Open the page Audit and choose again.' });
const sameSignal = (a: Pick<SignalReview, 'rule' | 'actorId' | 'day'>, b: Pick<SignalReview, 'rule' | 'actorId' | 'day'>) => a.rule === b.rule && a.actorId === b.actorId && a.day === b.day;

export function auditUnusualRoutes(app: FastifyInstance, deps: AuditStudyDeps): void {
  const door = { preHandler: deps.requirePage('audit') };
  const { study, gate } = deps;
  const { rules, reviews } = study;
  const today = () => britishDayOf(deps.clock.now());

  const signalsOf = async (from: string, to: string) =>
    findAuditSignals(await study.actorDays({ from: startOfBritishDay(addDays(from, -rules.baselineDays)), to: endOfBritishDay(to), hours: rules.hours }), from, rules);

  const signalAddress = ({ rule, lastEvent, day }: AuditSignal) => `/govern/audit/unusual/${rule}/${day}/${lastEvent}`;

  const present = (signal: AuditSignal, all: readonly SignalReview[], userId: string) => {
    const { rule, day, actorId, agency, role, lastEvent } = signal;
    const said = all.filter((review) => sameSignal(review, signal));
    return {
      title: rules.signals.get(rule)!.title,
      day: presentDate(day),
      actor: actorId,
      as: actedAsWords(gate.sharing, { actorAgency: agency ?? undefined, actorRole: role ?? undefined }),
      sentence: signalSentence(signal, rules),
      userHref: userAddress({ row: lastEvent, from: day, to: day }),
      tag: said[0] ? outcomeTags[said[0].outcome] : openTag,
      href: actorId === userId ? undefined : signalAddress(signal),
      said: said.map(({ outcome, note, reviewedBy, reviewedAt }) => ({ tag: outcomeTags[outcome], note, by: reviewedBy, at: presentDateTime(reviewedAt) })),
    };
  };

  app.get<{ Querystring: Record<string, unknown> }>('/govern/audit/unusual', door, async (request, reply) => {
    const last = request.query.to === undefined ? today() : dayText(request.query.to);
    if (last === undefined) throw badAddress();
    const from = addDays(last, 1 - daysOnPage);
    const [{ signals, compared }, said] = [await signalsOf(from, last), await reviews.list(from)];
    const shown = signals.map((signal) => present(signal, said, request.session!.userId));
    return deps.renderPage(reply, 'audit/audit-unusual.njk', {
      title: 'What looks unusual',
      ways: auditWays('unusual'),
      period: `${presentDate(from)} to ${presentDate(last)}`,
      byDay: [...Map.groupBy(shown, ({ day }) => day)].map(([day, each]) => ({ day, signals: each })),
      compared: presentCount(compared),
      byChance: compared * rules.falseAlarm < 1 ? 'fewer than one' : `about ${presentCount(compared * rules.falseAlarm)}`,
      chance: chanceWords(rules.falseAlarm),
      fewestDays: rules.fewestDays,
      done: request.query.done === '1',
      earlier: `/govern/audit/unusual?to=${addDays(from, -1)}`,
      later: last < today() ? `/govern/audit/unusual?to=${addDays(last, daysOnPage) > today() ? today() : addDays(last, daysOnPage)}` : undefined,
    });
  });

  /** The signal of an address, made anew from the audit; what is not there, or is the reader's own, is not found. */
  const getSignal = async (request: FastifyRequest): Promise<AuditSignal> => {
    const { rule, day, row } = request.params as Record<string, string>;
    const [code, known, event] = [auditSignalCodes.find((each) => each === rule), dayText(day), rowNumber(row)];
    const actorId = code && known && event ? await study.actorOf(event) : undefined;
    if (!code || !known || actorId === undefined || actorId === request.session!.userId || !rules.signals.has(code)) throw noSignal();
    const { signals } = await signalsOf(known, known);
    const found = signals.find((signal) => sameSignal(signal, { rule: code, actorId, day: known }));
    if (!found) throw noSignal();
    return found;
  };

  const show = async (request: FastifyRequest, reply: FastifyReply, signal: AuditSignal, more: Record<string, unknown> = {}) =>
    deps.renderPage(reply, 'audit/audit-signal.njk', { title: 'Look into it', signal: present(signal, await reviews.list(signal.day), request.session!.userId), action: signalAddress(signal), longestNote, outcome: '', note: '', problems: {}, ...more });

  app.get('/govern/audit/unusual/:rule/:day/:row', door, async (request, reply) => show(request, reply, await getSignal(request)));

  app.post('/govern/audit/unusual/:rule/:day/:row', door, async (request, reply) => {
    const signal = await getSignal(request);
    const body = (request.body ?? {}) as Record<string, unknown>;
    const outcome = signalOutcomes.find((each) => each === body.outcome);
    const note = typeof body.note === 'string' ? body.note.replaceAll('\r\n', '\n').trim() : '';
    const problems = {
      ...(outcome ? {} : { outcome: 'Say whether it is as expected or to be followed up' }),
      ...(note === '' ? { note: 'Say in words what you found' } : note.length > longestNote ? { note: `Use ${presentCount(longestNote)} characters or fewer` } : /[^\P{Cc}\n\t]/u.test(note) ? { note: 'Use letters, numbers and punctuation alone' } : {}),
    };
    if (!outcome || Object.keys(problems).length > 0) return show(request, reply.code(400), signal, { error: true, problems, outcome: outcome ?? '', note });
    const { userId, role, agency } = request.session!;
    const { rule, actorId, day } = signal;
    await reviews.add({ rule, actorId, day, outcome, note }, { userId, role, agency: findAgencyCode(gate.sharing.agencies, agency) ?? '' });
    return reply.redirect(`/govern/audit/unusual?to=${day}&done=1`, 303);
  });
}
