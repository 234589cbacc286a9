// The start page: what there is for this person's work today, from the current snapshot, and what is not here yet.

import type { FastifyInstance } from 'fastify';
import type { Corrections, Reader } from '../../govern/index.ts';
import { presentNotice } from '../corrections/correction-notice.routes.ts';
import { noticesHome } from '../corrections/correction-pages.ts';
import { roleTitles, type Clock, type LakeReader, type Question } from '../../core/index.ts';
import { presentCount, presentDate } from '../frame/date-words.ts';
import { presentSnapshot, understandPages } from '../frame/frame.ts';
import type { Seen } from '../gate/gate.ts';
import type { PageDeps } from '../page.ts';
import { maySee } from '../permission.ts';
import { presentErrorForLog } from '../problem/http-problem.ts';
import { NoDataYet } from '../problem/no-data.ts';
import { createBriefs } from './question-briefs.ts';
import { startWork } from './start-work.ts';
import { listWaitingWork, type WaitingSources } from './waiting-work.ts';

const day = 86_400_000;
const staleAfterDays = 60;
/** The rest have a page of their own. */
const mostNotices = 5;

/** A warning where the newest data are old; none for invented data, whose time stands still. */
export function findStaleWarning(now: number, snapshot: LakeReader['snapshot'], simulated: boolean): string | null {
  if (simulated || snapshot.dataTo === null) return null;
  const days = Math.floor((now - Date.parse(snapshot.dataTo)) / day);
  return days > staleAfterDays ? `The newest data are of ${presentDate(snapshot.dataTo)}, ${presentCount(days)} days ago. Nothing later is on any page.` : null;
}

function findLake(seen: Seen): { lake: LakeReader | null; unlisted: boolean } {
  try {
    return { lake: seen.lake(), unlisted: false };
  } catch (error) {
    if (error instanceof NoDataYet) return { lake: null, unlisted: error.unlisted };
    throw error;
  }
}

/** What to do about pages that cannot be seen now. */
function presentDarkStart({ purposes, stated, purpose }: Seen['sight']) {
  if (purposes.length === 0) return { text: 'No agreement in force gives your agency and role more than this. If your work needs it, ask your agency’s information governance lead.', href: null };
  if (purpose !== null) return { text: 'Your purpose does not cover more than this.', href: purposes.length > 1 ? '/purpose' : null, action: 'State another purpose' };
  return { text: stated === null ? 'Say what you are doing now, and this page shows what partners share for it.' : 'Agreements no longer give what you had stated.', href: '/purpose', action: 'State what you are doing' };
}

/** What was corrected of what they relied on, and what waits for their decision. */
async function findCorrected(corrections: Corrections, who: Reader) {
  const notices = (await corrections.notices(who)).filter(({ acknowledgedAt }) => acknowledgedAt === null).map(presentNotice);
  return {
    notices: notices.slice(0, mostNotices), moreNotices: notices.length > mostNotices ? { count: notices.length - mostNotices, href: noticesHome } : null, correctionsWaiting: maySee(who.role, 'corrections') ? await corrections.waiting(who) : 0,
  };
}

export function startRoutes(app: FastifyInstance, clock: Clock, deps: PageDeps & { simulated: boolean; people: boolean; cases: boolean; corrections?: Corrections; waiting?: WaitingSources }): void {
  const readBriefs = createBriefs((question, error) => app.log.warn({ question, error: presentErrorForLog(error) }, 'a question could not be answered'));

  app.get('/', { preHandler: deps.requirePage('start') }, async (request, reply) => {
    const { role } = request.session!;
    const seen = await deps.gate.seenBy(request.session!);
    request.seen = seen;
    const { lake, unlisted } = findLake(seen);
    const listed = understandPages.filter((item) => maySee(role, item.page));
    const open = await deps.gate.openPages(seen.sight, listed.map((item) => item.page));
    const mine = open.map((page) => deps.questions.find((question) => question.id === page)).filter((item): item is Question => item !== undefined);
    const briefs = lake ? await readBriefs(lake, mine) : [];
    return deps.renderPage(reply, 'start/start.njk', {
      title: 'Start',
      roleTitle: roleTitles[role],
      work: startWork[role],
      review: maySee(role, 'review-links'),
      glassWaiting: await deps.waitingFor(request.session!),
      ...(deps.corrections ? await findCorrected(deps.corrections, seen.sight.who) : { notices: [], moreNotices: null, correctionsWaiting: 0 }),
      mayWork: deps.cases && maySee(role, 'cases') && seen.sight.cases,
      mayFind: deps.people && maySee(role, 'people') && seen.sight.people,
      waiting: await listWaitingWork(clock, seen.sight.who, deps.waiting ?? {}, (error) => app.log.warn({ error: presentErrorForLog(error) }, 'what waits could not be counted')),
      signs: maySee(role, 'sign-agreements'),
      writes: maySee(role, 'write-agreements'),
      snapshot: lake ? presentSnapshot(lake.snapshot) : null,
      unlisted,
      warning: lake ? findStaleWarning(clock.now(), lake.snapshot, deps.simulated) : null,
      questions: briefs.map((brief) => ({ ...brief, href: listed.find((item) => item.page === brief.id)?.href })),
      dark: listed.length > 0 && open.length < listed.length ? presentDarkStart(seen.sight) : null,
    });
  });

  app.get('/understand', { preHandler: deps.requirePage('start') }, async (request, reply) => {
    const first = understandPages.find((item) => maySee(request.session!.role, item.page));
    return reply.redirect(first?.href ?? '/', 303);
  });
}
