// /govern/subject-access: people who asked to see what is held about them. An information governance lead opens a request for a person's key or the id of an
// agency's record, which is sent in the form; nothing of a person stands in an address.

import type { FastifyInstance, FastifyReply } from 'fastify';
import { askedByWhom, type NewSubjectAccess } from '../../govern/index.ts';
import { presentVocabulary } from '../agreements/agreement-vocabulary.ts';
import { askDate, askOne, askText, namesOf, problemsOf, readSent, type FormField, type Sent } from '../form/step-form.ts';
import type { FieldProblem } from '../form/sent-fields.ts';
import { readerOf } from '../gate/reader-of.ts';
import { accessAnswerRoutes } from './access-answer.routes.ts';
import { accessFileRoutes } from './access-file.routes.ts';
import { accessOthersRoutes } from './access-others.routes.ts';
import { accessRequestRoutes } from './access-request.routes.ts';
import { accessAddress, accessHome, askedByWords, doneOf, noteAccess, presentRequest, todayOf, type AccessPagesDeps } from './access-pages.ts';

export function subjectAccessRoutes(app: FastifyInstance, given: Omit<AccessPagesDeps, 'vocabulary'>): void {
  const deps: AccessPagesDeps = { ...given, vocabulary: presentVocabulary(given.packs) };
  const door = { preHandler: deps.requirePage('subject-access') };
  accessRequestRoutes(app, deps);
  accessOthersRoutes(app, deps);
  accessAnswerRoutes(app, deps);
  accessFileRoutes(app, deps);

  app.get(accessHome, door, async (request, reply) => {
    const who = await readerOf(deps, request);
    const files = await deps.subjectAccess.list(who);
    await noteAccess(deps, who, { action: 'list', ids: files.map(({ subjectAccessId }) => subjectAccessId) });
    const listed = files.map((file) => ({ ...presentRequest(file, todayOf(deps)), open: file.state === 'open' || file.state === 'identity', dueOn: file.dueOn ?? '9999' }));
    return deps.renderPage(reply, 'rights/subject-access.njk', {
      title: 'Subject access', done: doneOf(request.query), open: listed.filter(({ open }) => open).toSorted((a, b) => (a.dueOn < b.dueOn ? -1 : a.dueOn > b.dueOn ? 1 : 0)), past: listed.filter(({ open }) => !open),
    });
  });

  const showForm = (reply: FastifyReply, fields: readonly FormField[], problems: FieldProblem[] = []) =>
    deps.renderPage(reply, 'rights/access-new.njk', { title: 'Open a request', ...(problems.length > 0 ? { error: true } : {}), problems, fields });

  app.get(`${accessHome}/new`, door, async (_request, reply) => showForm(reply, readForm(null, todayOf(deps)).fields));

  app.post(`${accessHome}/new`, door, async (request, reply) => {
    const who = await readerOf(deps, request);
    const { fields, asked } = readForm(readSent(request.body, namesOf(readForm(null, todayOf(deps)).fields)), todayOf(deps));
    if (!asked) return showForm(reply.code(400), fields, problemsOf(fields));
    const refuse = async (text: string, { code = 400, note = { ids: [] } }: { code?: number; note?: { ids: string[]; kind?: string; basis?: string } } = {}) => {
      await noteAccess(deps, who, { action: 'open', outcome: 'refused', ...note });
      fields[0]!.error = text;
      return showForm(reply.code(code), fields, problemsOf(fields));
    };
    const personKey = await deps.keyOf(asked.personKey);
    if (personKey === undefined) return refuse('Nobody in the snapshot of today has this key or number');
    const opened = await deps.subjectAccess.open(who, { ...asked, personKey });
    if (opened.ok) return reply.redirect(`${accessAddress(opened.subjectAccessId)}?done=opened`, 303);
    if (opened.reason === 'sealed') return refuse(`This record is sealed. Ring ${opened.whomToRing.replace(/\.$/, '')}: one of its keepers who is an information governance lead answers the request`, { code: 403, note: { ids: [personKey], kind: 'person', basis: 'sealed' } });
    return refuse('The request could not be opened. Nothing was kept');
  });
}

/** The questions, and the request where all are answered. The person is still to be looked up. */
function readForm(sent: Sent | null, today: string): { fields: FormField[]; asked?: NewSubjectAccess } {
  const person = askText(sent, { name: 'person', label: 'Who is it about?', hint: 'The key of a person, such as P0123456789abcdef, or the id of an agency’s record, such as police:N0012345', longest: 200, missing: 'Enter the key of a person or the id of a record', stored: undefined });
  const by = askOne(sent, { name: 'by', label: 'Who asked?', missing: 'Choose who asked', stored: undefined, choices: askedByWhom.map((value) => ({ value, text: askedByWords[value] })) });
  const authority = askText(sent, { kind: 'area', name: 'authority', label: 'How was it checked that they may ask for the person?', hint: 'Only where somebody asks for them: parental responsibility, a signed authority, a power of attorney. For a child who can understand, what the child wants', longest: 1000, missing: 'Enter how it was checked that they may ask', stored: undefined });
  const on = askDate(sent, { name: 'on', label: 'Day on which they asked', hint: 'The day on which it arrived, by any way, spoken or written, at any agency', example: '27 3 2026', stored: undefined });
  if (by.value !== 'representative' && sent?.text('authority') === '') delete authority.field.error;
  if (by.value === 'person' && sent?.text('authority') !== '') authority.field.error = 'Leave this empty where the person asks';
  if (on.value !== undefined && on.value > today) on.field.error = 'The day on which they asked must be today or in the past';
  const fields = [person, by, authority, on].map(({ field }) => field);
  if (!sent || fields.some(({ error }) => error !== undefined)) return { fields };
  return { fields, asked: { personKey: person.value!, askedBy: by.value!, authority: by.value === 'person' ? null : authority.value!, askedOn: on.value! } };
}
