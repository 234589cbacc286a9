// "I need to see more now": breaking the glass of one person's record, with a reason, for two hours. The page says what follows before anybody
// does it; where the audit cannot be kept, nothing opens.

import type { FastifyInstance, FastifyReply } from 'fastify';
import { type BreakGlassOutcome } from '../../govern/index.ts';
import { textOf, type FieldProblem } from '../form/sent-fields.ts';
import { notFound } from '../problem/http-problem.ts';
import { openPerson, personAddress, type PeoplePagesDeps, type Shown } from './people-pages.ts';
import { nameOf } from './person-view.ts';

const longestReason = 1000;

type Refused = Exclude<BreakGlassOutcome, { ok: true }>['reason'];

/** What to do about it, for the person who tried; the others are answered as if there were nobody. */
const words: Partial<Record<Refused, { text: string; status: number }>> = {
  'reason-too-short': { text: 'Say in at least five words why you need to see more now', status: 400 },
  'reason-too-long': { text: `The reason must be ${longestReason.toLocaleString('en-GB')} characters or fewer`, status: 400 },
  'audit-not-kept': { text: 'The audit could not be kept just now, so nothing was opened. Try again', status: 503 },
};

export function seeMoreRoutes(app: FastifyInstance, deps: PeoplePagesDeps): void {
  const door = { preHandler: deps.requirePage('people') };

  const show = (reply: FastifyReply, answer: Extract<Shown, { kind: 'record' }>, more: { reason?: string; confirmed?: boolean; problems?: FieldProblem[] } = {}) => {
    const { problems = [], reason = '', confirmed = false } = more;
    const textAt = (href: string) => problems.find((problem) => problem.href === href)?.text ?? null;
    return deps.renderPage(reply, 'people/see-more.njk', {
      title: 'See more of a record now', ...(problems.length > 0 ? { error: true } : {}), problems, reasonError: textAt('#reason'), confirmError: textAt('#confirm'),
      address: personAddress(answer.personKey), name: nameOf(answer.feeds) ?? null, reason, confirmed,
    });
  };

  app.get('/people/:key/see-more', door, async (request, reply) => {
    const opened = await openPerson(request, reply, deps, 'person.view');
    if (!opened) return reply;
    const { answer } = opened;
    if (answer.kind === 'sealed' || answer.brokenUntil !== null) return reply.redirect(personAddress(answer.personKey), 303);
    return answer.mayBreak ? show(reply, answer) : deps.sendProblem(request, reply, notFound);
  });

  app.post('/people/:key/see-more', door, async (request, reply) => {
    const { key } = request.params as { key: string };
    const body = (request.body ?? {}) as Record<string, unknown>;
    const [reason, confirmed] = [textOf(body.reason), body.confirm === 'yes'];
    const opened = await openPerson(request, reply, deps, 'person.view');
    if (!opened) return reply;
    const { asking, answer } = opened;
    if (answer.kind === 'sealed' || answer.brokenUntil !== null) return reply.redirect(personAddress(answer.personKey), 303);
    if (answer.mayBreak && !confirmed) return show(reply.code(400), answer, { reason, problems: [...(reason === '' ? [{ text: 'Enter a reason', href: '#reason' }] : []), { text: 'Confirm that you need to see more now', href: '#confirm' }] });
    const outcome = await deps.people.breakGlass(asking, key, reason);
    if (outcome.ok) return reply.redirect(personAddress(answer.personKey), 303);
    if (outcome.reason !== 'audit-not-kept') await deps.trail.record({ actorId: asking.who.userId, action: 'glass.break', outcome: 'refused', subjectKind: 'person', subjectIds: [answer.personKey], ...(asking.purpose === null ? {} : { purpose: asking.purpose }), basis: outcome.reason });
    const said = outcome.reason === 'not-found' ? undefined : words[outcome.reason];
    if (!said) return deps.sendProblem(request, reply, notFound);
    return show(reply.code(said.status), answer, { reason, confirmed, problems: [{ text: reason === '' ? 'Enter a reason' : said.text, href: '#reason' }] });
  });
}

