// /govern/seals: people whose records only named keepers may read. An information governance lead seals a record, names its keepers and lifts the
// seal, each with what the audit needs to know; keys and ids alone stand here, no names of people.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../../core/index.ts';
import { sealGrounds, type People, type Protection, type Reader, type Seal } from '../../govern/index.ts';
import { errorsAt, textOf, type FieldProblem } from '../form/sent-fields.ts';
import { presentDateTime } from '../frame/date-words.ts';
import { readerOf } from '../gate/reader-of.ts';
import type { PageDeps } from '../page.ts';
import { notFound } from '../problem/http-problem.ts';

export interface SealsDeps extends PageDeps {
  people: People;
  protection: Protection;
}

const groundWords: Record<Seal['ground'], string> = { 'domestic-abuse': 'Domestic abuse', 'protected-person': 'A protected person', 'staff-family': 'Family of someone who works here', other: 'Another ground' };
const doneWords = new Map([['sealed', 'The record is sealed.'], ['keeper', 'The keeper is named.'], ['lifted', 'The seal is lifted.']]);
const longest = { person: 100, whomToRing: 300, keeper: 200, reason: 1000 };
const mostKeepers = 20;
const acts = ['keeper', 'lift'] as const;

const keepersOf = (text: string): string[] => [...new Set(text.split(/\r?\n/).map((line) => line.trim()).filter((line) => line !== ''))];

const present = (seal: Seal) => ({ ...seal, ground: groundWords[seal.ground], at: presentDateTime(seal.sealedAt), href: `/govern/seals/${seal.sealedSubjectId}` });

export function sealsRoutes(app: FastifyInstance, deps: SealsDeps): void {
  const door = { preHandler: deps.requirePage('seals') };
  /** What the store refused; what it did, it keeps itself. */
  const noteRefused = ({ userId }: Reader, action: string, subjectKind: 'person' | 'seal', subjectIds: string[]) => deps.trail.record({ actorId: userId, action, outcome: 'refused', subjectKind, subjectIds });

  app.get('/govern/seals', door, async (request, reply) => {
    const { done } = request.query as { done?: unknown };
    const seals = await deps.protection.listSeals(await readerOf(deps, request));
    const said = typeof done === 'string' ? doneWords.get(done) : undefined;
    return deps.renderPage(reply, 'seals/seals.njk', { title: 'Sealed records', seals: seals.map(present), done: said ?? null });
  });

  const showNew = (reply: FastifyReply, form: { person: string; ground: string; whomToRing: string; keepers: string }, problems: FieldProblem[] = []) =>
    deps.renderPage(reply, 'seals/seal-new.njk', {
      title: 'Seal a record', ...(problems.length > 0 ? { error: true } : {}), problems, errorAt: errorsAt(problems), form,
      grounds: sealGrounds.map((value) => ({ value, text: groundWords[value], checked: value === form.ground })),
    });

  app.get('/govern/seals/new', door, async (request, reply) => {
    const { person } = request.query as { person?: unknown };
    return showNew(reply, { person: textOf(person).slice(0, longest.person), ground: '', whomToRing: '', keepers: '' });
  });

  app.post('/govern/seals/new', door, async (request, reply) => {
    const body = (request.body ?? {}) as Record<string, unknown>;
    const form = { person: textOf(body.person), ground: textOf(body.ground), whomToRing: textOf(body.ring), keepers: textOf(body.keepers) };
    const who = await readerOf(deps, request);
    const [keepers, ground] = [keepersOf(form.keepers), sealGrounds.find((each) => each === form.ground)];
    const personKey = await deps.people.exists(form.person);
    const problems: FieldProblem[] = [
      ...(personKey === undefined ? [{ text: 'Enter the key of a person of this snapshot, such as P0123456789abcdef', href: '#person' }] : []),
      ...(ground === undefined ? [{ text: 'Choose why the record is sealed', href: '#ground' }] : []),
      ...(form.whomToRing === '' ? [{ text: 'Enter whom to ring', href: '#ring' }] : form.whomToRing.length > longest.whomToRing ? [{ text: `Whom to ring must be ${longest.whomToRing} characters or fewer`, href: '#ring' }] : []),
      ...keeperProblems(keepers, who.userId),
    ];
    const [first, ...rest] = keepers;
    if (problems.length > 0 || personKey === undefined || ground === undefined || first === undefined) return showNew(reply.code(400), form, problems);
    const outcome = await deps.protection.seal(who, { personKey, ground, whomToRing: form.whomToRing, keepers: [first, ...rest] });
    if (outcome.ok) return reply.redirect('/govern/seals?done=sealed', 303);
    await noteRefused(who, 'seal.set', 'person', [personKey]);
    return showNew(reply.code(409), form, [{ text: 'The record could not be sealed. Nothing was changed', href: '#person' }]);
  });

  const findSeal = async (request: FastifyRequest): Promise<Seal | undefined> => {
    const { sealedSubjectId } = request.params as { sealedSubjectId: string };
    return (await deps.protection.listSeals(await readerOf(deps, request))).find((seal) => seal.sealedSubjectId === sealedSubjectId);
  };
  const showSeal = (reply: FastifyReply, seal: Seal, form: { keeper: string; reason: string } = { keeper: '', reason: '' }, problems: FieldProblem[] = []) =>
    deps.renderPage(reply, 'seals/seal.njk', { title: 'A sealed record', ...(problems.length > 0 ? { error: true } : {}), problems, errorAt: errorsAt(problems), form, seal: present(seal) });

  app.get('/govern/seals/:sealedSubjectId', door, async (request, reply) => {
    const seal = await findSeal(request);
    return seal ? showSeal(reply, seal) : deps.sendProblem(request, reply, notFound);
  });

  app.post('/govern/seals/:sealedSubjectId', door, async (request, reply) => {
    const seal = await findSeal(request);
    if (!seal) return deps.sendProblem(request, reply, notFound);
    const body = (request.body ?? {}) as Record<string, unknown>;
    const act = acts.find((each) => each === body.act);
    if (act === undefined) throw new Problem('badInput', { what: 'It was not said what to do with this seal, so nothing was done', todo: 'Open the seal again and use the buttons on its page.' });
    const form = { keeper: textOf(body.keeper), reason: textOf(body.reason) };
    const who = await readerOf(deps, request);
    const { sealedSubjectId, personKey } = seal;
    const problems = act === 'keeper' ? (seal.keepers.includes(form.keeper) ? [{ text: 'They are a keeper already', href: '#keeper' }] : keeperProblems(keepersOf(form.keeper), who.userId, 'keeper')) : liftProblems(form.reason);
    if (problems.length > 0) return showSeal(reply.code(400), seal, form, problems);
    const { ok } = act === 'keeper' ? await deps.protection.addKeeper(who, { sealedSubjectId, userId: form.keeper }) : await deps.protection.lift(who, { sealedSubjectId, reason: form.reason });
    if (ok) return reply.redirect(`/govern/seals?done=${act === 'keeper' ? 'keeper' : 'lifted'}`, 303);
    await noteRefused(who, act === 'keeper' ? 'seal.add-keeper' : 'seal.lift', 'seal', [sealedSubjectId, personKey]);
    return showSeal(reply.code(409), seal, form, [act === 'keeper' ? { text: 'The keeper could not be named. Nothing was changed', href: '#keeper' } : { text: 'The seal could not be lifted. Nothing was changed', href: '#reason' }]);
  });
}

function liftProblems(reason: string): FieldProblem[] {
  if (reason === '') return [{ text: 'Enter why the seal is lifted', href: '#reason' }];
  return reason.length > longest.reason ? [{ text: `The reason must be ${longest.reason.toLocaleString('en-GB')} characters or fewer`, href: '#reason' }] : [];
}

function keeperProblems(keepers: readonly string[], self: string, field = 'keepers'): FieldProblem[] {
  const href = `#${field}`;
  if (keepers.length === 0) return [{ text: 'Enter the sign-in of at least one keeper', href }];
  if (keepers.length > mostKeepers) return [{ text: `Enter at most ${mostKeepers} keepers`, href }];
  if (keepers.some((each) => each.length > longest.keeper)) return [{ text: `A sign-in must be ${longest.keeper} characters or fewer`, href }];
  return keepers.includes(self) ? [{ text: 'You cannot name yourself: somebody else keeps what you seal', href }] : [];
}
