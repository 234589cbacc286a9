// /corrections: what a reader is told because they relied on a fact that was corrected, or reported one. Each says whose record, by a link, as long as they
// may still see it; where they may not, only whom to ring. They say that they know.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Asking, OwnNotice } from '../../govern/index.ts';
import { readSent } from '../form/step-form.ts';
import { presentDate, presentDateTime } from '../frame/date-words.ts';
import { personAddress } from '../people/people-pages.ts';
import { maySee } from '../permission.ts';
import { notFound } from '../problem/http-problem.ts';
import { noteCorrection, noticeAddress, noticesHome, presentVia, type CorrectionPagesDeps } from './correction-pages.ts';

/** What a notice says in a list: nothing of the person. */
export function presentNotice({ noticeId, outcome, via, madeAt, acknowledgedAt }: OwnNotice) {
  const [accepted, relied, on] = [outcome === 'accepted', via.some((each) => each !== 'report'), presentDate(madeAt)];
  const says = accepted ? `${relied ? 'A record that you relied on' : 'What you reported'} was corrected on ${on}` : `What you reported was decided on ${on}`;
  return { href: noticeAddress(noticeId), accepted, on, says, known: acknowledgedAt === null ? null : presentDateTime(acknowledgedAt) };
}

export function correctionNoticeRoutes(app: FastifyInstance, deps: CorrectionPagesDeps): void {
  const door = { preHandler: deps.requirePage('start') };
  const { corrections } = deps;

  app.get(noticesHome, door, async (request, reply) => {
    const { who } = await deps.gate.askingOf(request.session!);
    const notices = (await corrections.notices(who)).map(presentNotice);
    return deps.renderPage(reply, 'corrections/notices.njk', { title: 'What was corrected', done: (request.query as { done?: unknown }).done === 'known', waiting: notices.filter(({ known }) => known === null), past: notices.filter(({ known }) => known !== null) });
  });

  const openNotice = async (request: FastifyRequest, reply: FastifyReply): Promise<{ asking: Asking; notice: OwnNotice } | undefined> => {
    const asking = await deps.gate.askingOf(request.session!);
    const { noticeId } = request.params as { noticeId: string };
    const notice = (await corrections.notices(asking.who)).find((each) => each.noticeId === noticeId);
    await noteCorrection(deps, asking.who, { action: 'notice', outcome: notice ? 'done' : 'refused', ids: notice ? [noticeId, notice.personKey] : [] });
    if (notice) return { asking, notice };
    await deps.sendProblem(request, reply, notFound);
    return undefined;
  };
  /** The record, where the reader may see it now; whether they may first have to say what they are doing. */
  const recordOf = async (asking: Asking, { personKey }: OwnNotice): Promise<{ href: string | null; purpose: boolean }> => {
    if (!maySee(asking.who.role, 'people')) return { href: null, purpose: false };
    const answer = await deps.people.find(asking, personKey);
    if (answer.kind === 'record') return { href: personAddress(answer.personKey), purpose: false };
    return { href: null, purpose: answer.kind === 'none' && (answer.reason === 'no-purpose' || answer.reason === 'not-for-purpose') };
  };

  app.get(`${noticesHome}/:noticeId`, door, async (request, reply) => {
    const opened = await openNotice(request, reply);
    if (!opened) return reply;
    const { asking, notice } = opened;
    return deps.renderPage(reply, 'corrections/notice.njk', {
      title: notice.outcome === 'accepted' ? 'A record was corrected' : 'What you reported was decided', notice: { ...presentNotice(notice), via: presentVia(notice.via), shared: notice.via.includes('share') }, record: await recordOf(asking, notice),
      purposeHref: `/purpose?return-to=${encodeURIComponent(noticeAddress(notice.noticeId))}`, contact: deps.contact ?? null,
    });
  });

  app.post(`${noticesHome}/:noticeId`, door, async (request, reply) => {
    readSent(request.body, []);
    const opened = await openNotice(request, reply);
    if (!opened) return reply;
    const { asking, notice } = opened;
    const { ok } = notice.acknowledgedAt === null ? await corrections.acknowledge(asking.who, notice.noticeId) : { ok: true };
    if (!ok) await noteCorrection(deps, asking.who, { action: 'acknowledge', outcome: 'refused', ids: [notice.noticeId] });
    return reply.redirect(ok ? `${noticesHome}?done=known` : noticeAddress(notice.noticeId), 303);
  });
}
