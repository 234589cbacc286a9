// Beginning a case about somebody whom the reader sees, with who asked for help and why. Whom they do not see, or may not help so, is answered like nobody.

import type { FastifyInstance, FastifyReply } from 'fastify';
import { isPersonKey, openingSection } from '../../govern/index.ts';
import { problemsOf, readSent, type Sent } from '../form/step-form.ts';
import type { FieldProblem } from '../form/sent-fields.ts';
import { notFound } from '../problem/http-problem.ts';
import { askEntry } from './case-form.ts';
import { askingOf, caseAddress, casesHome, namePeople, noteCase, type CasePagesDeps } from './case-pages.ts';

export function caseNewRoutes(app: FastifyInstance, deps: CasePagesDeps): void {
  const door = { preHandler: deps.requirePage('cases') };
  const show = async (reply: FastifyReply, personKey: string, sent: Sent | null, problems?: FieldProblem[]) => {
    const asking = await askingOf(deps, reply.request);
    const { field } = askEntry(sent, openingSection, deps);
    const person = (await namePeople(deps, asking, [personKey])).get(personKey);
    const found = problems ?? problemsOf([field]);
    return deps.renderPage(reply, 'cases/case-step.njk', {
      title: 'Begin a case', ...(found.length > 0 ? { error: true } : {}), problems: found, about: person?.name ?? `the person with the key ${personKey}`, fields: [field], button: 'Begin the case', hidden: { person: personKey },
      intro: ['Your agency holds the case. From then on, those who work for it see what agreements give to an agency that works with the person.'],
      address: `${casesHome}/new`, backHref: person?.href ?? casesHome, backText: person?.href ? 'The person’s record' : 'Cases',
    });
  };

  app.get('/cases/new', door, async (request, reply) => {
    const asking = await askingOf(deps, request);
    const { person } = request.query as { person?: unknown };
    const personKey = typeof person === 'string' && isPersonKey(person) ? person : '';
    if (await deps.cases.mayBegin(asking, personKey)) return show(reply, personKey, null);
    await noteCase(deps, asking, { action: 'case.begin', outcome: 'refused', ids: personKey === '' ? [] : [personKey] });
    return deps.sendProblem(request, reply, notFound);
  });

  app.post('/cases/new', door, async (request, reply) => {
    const asking = await askingOf(deps, request);
    const sent = readSent(request.body, ['person', 'text']);
    const personKey = isPersonKey(sent.text('person')) ? sent.text('person') : '';
    const refused = () => noteCase(deps, asking, { action: 'case.begin', outcome: 'refused', ids: personKey === '' ? [] : [personKey] });
    if (!(await deps.cases.mayBegin(asking, personKey))) {
      await refused();
      return deps.sendProblem(request, reply, notFound);
    }
    const { value } = askEntry(sent, openingSection, deps);
    if (value === undefined) return show(reply.code(400), personKey, sent);
    const outcome = await deps.cases.begin(asking, { personKey, referral: value });
    if (outcome.ok) return reply.redirect(`${caseAddress(outcome.caseId)}?done=begun`, 303);
    await refused();
    return show(reply.code(409), personKey, sent, [{ text: 'The case could not be begun, and nothing was kept. Load the person’s record again', href: '#main-content' }]);
  });
}
