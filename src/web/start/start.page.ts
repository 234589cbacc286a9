// The start page: what there is for this person's work today, from the current snapshot, and what is not here yet.

import type { FastifyInstance } from 'fastify';
import { roleTitles, type Clock, type LakeReader, type Question } from '../../core/index.ts';
import { presentCount, presentDate } from '../frame/date-words.ts';
import { presentSnapshot, understandPages } from '../frame/frame.ts';
import type { PageDeps } from '../page.ts';
import { maySee } from '../permission.ts';
import { presentErrorForLog } from '../problem/http-problem.ts';
import { NoDataYet } from '../problem/no-data.ts';
import { createBriefs } from './question-briefs.ts';
import { startWork } from './start-work.ts';

const day = 86_400_000;
const staleAfterDays = 60;

/** A warning where the newest data are old; none for invented data, whose time stands still. */
export function findStaleWarning(now: number, snapshot: LakeReader['snapshot'], simulated: boolean): string | null {
  if (simulated || snapshot.dataTo === null) return null;
  const days = Math.floor((now - Date.parse(snapshot.dataTo)) / day);
  return days > staleAfterDays ? `The newest data are of ${presentDate(snapshot.dataTo)}, ${presentCount(days)} days ago. Nothing later is on any page.` : null;
}

function findLake(lake: () => LakeReader): LakeReader | null {
  try {
    return lake();
  } catch (error) {
    if (error instanceof NoDataYet) return null;
    throw error;
  }
}

export function startRoutes(app: FastifyInstance, clock: Clock, deps: PageDeps & { simulated: boolean }): void {
  const readBriefs = createBriefs((question, error) => app.log.warn({ question, error: presentErrorForLog(error) }, 'a question could not be answered'));

  app.get('/', { preHandler: deps.requirePage('start') }, async (request, reply) => {
    const { role, name } = request.session!;
    const lake = findLake(deps.lake);
    const open = understandPages.filter((item) => maySee(role, item.page));
    const mine = open.map((item) => deps.questions.find((question) => question.id === item.page)).filter((item): item is Question => item !== undefined);
    const briefs = lake ? await readBriefs(lake, mine) : [];
    return deps.renderPage(reply, 'start/start.njk', {
      title: 'Start',
      name,
      roleTitle: roleTitles[role],
      work: startWork[role],
      review: maySee(role, 'review-links'),
      snapshot: lake ? presentSnapshot(lake.snapshot) : null,
      warning: lake ? findStaleWarning(clock.now(), lake.snapshot, deps.simulated) : null,
      questions: briefs.map((brief) => ({ ...brief, href: open.find((item) => item.page === brief.id)?.href })),
    });
  });

  app.get('/understand', { preHandler: deps.requirePage('start') }, async (request, reply) => {
    const first = understandPages.find((item) => maySee(request.session!.role, item.page));
    return reply.redirect(first?.href ?? '/', 303);
  });
}
