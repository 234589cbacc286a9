// Recording a decision to share, or not to: one page of questions. Doubts about the ground in law are said before it is kept, and stop nothing; whom the
// reader may not see, nothing is recorded about.

import type { FastifyInstance, FastifyReply } from 'fastify';
import { doubtsAboutGround, isPersonKey, type Asking, type NewShareRecord } from '../../govern/index.ts';
import { namesOf, problemsOf, readSent, type FormField } from '../form/step-form.ts';
import type { FieldProblem } from '../form/sent-fields.ts';
import { fault, readShareForm } from './share-form.ts';
import { askingOf, noteShare, type ShareRecordsDeps } from './share-pages.ts';
import { shareAddress } from './share-view.ts';

export function shareNewRoutes(app: FastifyInstance, deps: ShareRecordsDeps): void {
  const door = { preHandler: deps.requirePage('share-records') };
  const { shareRecords, packs, vocabulary } = deps;

  const showForm = (reply: FastifyReply, fields: readonly FormField[], { problems = [], doubts = [] }: { problems?: FieldProblem[]; doubts?: string[] } = {}) =>
    deps.renderPage(reply, 'share-records/share-record-new.njk', { title: 'Record a decision to share', ...(problems.length > 0 ? { error: true } : {}), problems, fields, doubts });

  app.get('/govern/share-records/new', door, async (request, reply) => {
    const { who } = await askingOf(deps, request);
    const { person } = request.query as { person?: unknown };
    const personKey = typeof person === 'string' && isPersonKey(person) ? person : '';
    return showForm(reply, readShareForm(null, { packs, vocabulary, from: who.agency, now: deps.clock.now(), personKey }).fields);
  });

  app.post('/govern/share-records/new', door, async (request, reply) => {
    const asking = await askingOf(deps, request);
    const given = { packs, vocabulary, from: asking.who.agency, now: deps.clock.now(), personKey: '' };
    const sent = readSent(request.body, [...namesOf(readShareForm(null, given).fields), 'confirm']);
    const { fields, record } = readShareForm(sent, given);
    if (!record) return showForm(reply.code(400), fields, { problems: problemsOf(fields) });
    const doubts = doubtsAboutGround(packs, { ...record, from: asking.who.agency });
    if (doubts.length > 0 && sent.text('confirm') !== 'yes') return showForm(reply.code(400), fields, { doubts, problems: [{ text: 'Look at the legal basis again, and confirm it where it stands', href: '#confirm' }] });
    // Last of all, so that nobody learns from the form whether there is such a person, but for a record or a refusal in the audit.
    const person = await findPerson(deps, asking, record.personKey);
    const refuse = async (text: string, basis?: string) => {
      await noteShare(deps, asking, { action: 'share.record', outcome: 'refused', kind: 'person', ids: isPersonKey(record.personKey) ? [record.personKey] : [], ...(basis === undefined ? {} : { basis }) });
      return showForm(reply.code(400), fields, { doubts, problems: [fault(fields, 'person', text)] });
    };
    if ('text' in person) return refuse(person.text, person.basis);
    const added = await shareRecords.add(asking, { ...record, personKey: person.personKey } satisfies NewShareRecord);
    return added.ok ? reply.redirect(`${shareAddress(added.shareRecordId)}?done=recorded`, 303) : refuse('The decision could not be kept. Where a record is sealed, one of its keepers records it');
  });
}

/** The key that the person has now, or what is said instead. Whom the reader may not see is answered like somebody who does not exist. */
async function findPerson(deps: ShareRecordsDeps, asking: Asking, key: string): Promise<{ personKey: string } | { basis: string; text: string }> {
  const unknown = 'You see nobody with this key for what you are doing now. Check the key, and the purpose that you have stated';
  if (asking.who.role === 'governance-lead') {
    const personKey = await deps.people.exists(key);
    return personKey === undefined ? { basis: 'not-found', text: unknown } : { personKey };
  }
  const answer = await deps.people.find(asking, key);
  if (answer.kind === 'record') return answer;
  return answer.kind === 'sealed' ? { basis: 'sealed', text: `This record is sealed. Ring ${answer.whomToRing}` } : { basis: answer.reason, text: unknown };
}
