// One loaded file that may be due: keeping it until a day, proposing that it be destroyed, and confirming or refusing what somebody else proposed.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { FileToDecide, LoadOutcome, Reader } from '../../govern/index.ts';
import { problemsOf } from '../form/step-form.ts';
import type { FieldProblem } from '../form/sent-fields.ts';
import { readerOf } from '../gate/reader-of.ts';
import { notFound } from '../problem/http-problem.ts';
import { readConfirmation, readDecision } from './decision-form.ts';
import { presentFile, whyNotLoad } from './load-pages.ts';
import { certificateAddress, createWords, doneOf, loadAddress, noteRetention, retentionHome, type RetentionDeps } from './retention-pages.ts';

const address = '/govern/retention/loads/:feed/:name';
const acts = ['keep', 'propose', 'confirm', 'refuse'] as const;
type Act = (typeof acts)[number];
const actions: Record<Act, string> = { keep: 'retention.keep', propose: 'retention.propose', confirm: 'retention.destroy', refuse: 'retention.refuse' };

interface Opened {
  who: Reader;
  file: FileToDecide;
}

export function loadRoutes(app: FastifyInstance, deps: RetentionDeps): void {
  const door = { preHandler: deps.requirePage('retention') };
  const { loads } = deps.retention;
  const words = createWords(deps.vocabulary);

  const open = async (request: FastifyRequest, reply: FastifyReply): Promise<Opened | undefined> => {
    const who = await readerOf(deps, request);
    const { feed, name } = request.params as { feed: string; name: string };
    const file = await loads.find(who, `${feed}/${name}`);
    // What is no load's id is not kept: somebody may have typed a name.
    await noteRetention(deps, who, { action: 'retention.view', outcome: file ? 'done' : 'refused', kind: 'load', ids: file ? [file.load] : [] });
    if (file) return { who, file };
    await deps.sendProblem(request, reply, notFound);
    return undefined;
  };
  const show = (reply: FastifyReply, { who, file }: Opened, forms: Forms, { done = null, problems = problemsOf([...forms.keep, ...forms.propose, forms.confirm, forms.refuse]) }: { done?: string | null; problems?: FieldProblem[] } = {}) =>
    deps.renderPage(reply, 'retention/retention-load.njk', { title: 'A file to decide', ...(problems.length > 0 ? { error: true } : {}), problems, done, found: presentFile(file, { words, who }), keepFields: forms.keep, proposeFields: forms.propose, confirmField: forms.confirm, refuseField: forms.refuse });

  app.get(address, door, async (request, reply) => {
    const opened = await open(request, reply);
    return opened ? show(reply, opened, readForms(null, deps).forms, { done: doneOf(request.query) }) : reply;
  });

  app.post(address, door, async (request, reply) => {
    const opened = await open(request, reply);
    if (!opened) return reply;
    const { who, file: { load } } = opened;
    const { act, forms, send } = readForms(request.body, deps);
    if (!send) return show(reply.code(400), opened, forms);
    const outcome = await send(deps, who, load);
    if (outcome.ok) return reply.redirect(nextAddress(act, load, outcome.id), 303);
    await noteRetention(deps, who, { action: actions[act], outcome: 'refused', kind: 'load', ids: [load], basis: outcome.reason });
    return show(reply.code(409), opened, forms, { problems: [{ text: whyNotLoad[outcome.reason], href: '#main-content' }] });
  });
}

function nextAddress(act: Act, load: string, id: string): string {
  if (act === 'confirm') return `${certificateAddress(id)}?done=load-destroyed`;
  return act === 'propose' ? `${loadAddress(load)}?done=load-proposed` : `${retentionHome}?done=${act === 'keep' ? 'load-kept' : 'refused'}`;
}

type Forms = ReturnType<typeof readDecision>['forms'] & Pick<ReturnType<typeof readConfirmation>, 'confirm' | 'refuse'>;
type Send = (deps: RetentionDeps, who: Reader, load: string) => Promise<LoadOutcome>;

/** The form that was sent, the others as they are at first; `send` is undefined where something is missing or wrong in it. */
function readForms(body: unknown, deps: RetentionDeps): { act: Act; forms: Forms; send: Send | undefined } {
  const asked = (body as { act?: unknown } | null)?.act;
  const act = acts.find((each) => each === asked) ?? 'propose';
  const decides = act === 'keep' || act === 'propose';
  const [decision, confirmation] = [readDecision(decides ? body : null, deps), readConfirmation(decides ? null : body)];
  const { keepUntil, keepWhy, proposeWhy } = decision;
  const { confirmed, reason } = confirmation;
  const sends: Record<Act, Send | undefined> = {
    keep: keepUntil !== undefined && keepWhy !== undefined ? ({ retention }, who, load) => retention.loads.keep(who, { load, keepUntil, reason: keepWhy }) : undefined,
    propose: proposeWhy !== undefined ? ({ retention }, who, load) => retention.loads.propose(who, { load, reason: proposeWhy }) : undefined,
    confirm: confirmed ? ({ retention }, who, load) => retention.loads.confirm(who, load) : undefined,
    refuse: reason !== undefined ? ({ retention }, who, load) => retention.loads.refuse(who, { load, reason }) : undefined,
  };
  return { act, forms: { ...decision.forms, confirm: confirmation.confirm, refuse: confirmation.refuse }, send: body === null ? undefined : sends[act] };
}
