// The page of one thing that may be due and is no case: keeping it until a day, proposing that it be destroyed, and confirming or refusing what somebody
// else proposed. What it is, a loaded file or a record, says its own page.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { LoadOutcome, Reader } from '../../govern/index.ts';
import { problemsOf } from '../form/step-form.ts';
import type { FieldProblem } from '../form/sent-fields.ts';
import { readerOf } from '../gate/reader-of.ts';
import { notFound } from '../problem/http-problem.ts';
import { readConfirmation, readDecision } from './decision-form.ts';
import { certificateAddress, doneOf, noteRetention, retentionHome, type RetentionDeps } from './retention-pages.ts';

export interface DecisionPage<Found> {
  /** The route, with its parameters. */
  route: string;
  title: string;
  /** Its kind and its ids, as the audit names them. */
  kind(found: Found): string;
  ids(found: Found): string[];
  /** Of what was asked for and is not there. */
  askedFor(params: unknown): { kind: string; ids: string[] };
  find(who: Reader, params: unknown): Promise<Found | undefined>;
  addressOf(found: Found): string;
  present(found: Found, who: Reader): object;
  whyNot: Record<Extract<LoadOutcome, { ok: false }>['reason'], string>;
  /** Codes of what is said afterwards. */
  done: Record<'keep' | 'propose' | 'confirm', string>;
  keep(who: Reader, found: Found, decision: { keepUntil: string; reason: string }): Promise<LoadOutcome>;
  propose(who: Reader, found: Found, reason: string): Promise<LoadOutcome>;
  refuse(who: Reader, found: Found, reason: string): Promise<LoadOutcome>;
  confirm(who: Reader, found: Found): Promise<LoadOutcome>;
}

const acts = ['keep', 'propose', 'confirm', 'refuse'] as const;
type Act = (typeof acts)[number];
const actions: Record<Act, string> = { keep: 'retention.keep', propose: 'retention.propose', confirm: 'retention.destroy', refuse: 'retention.refuse' };

export function decisionRoutes<Found>(app: FastifyInstance, deps: RetentionDeps, page: DecisionPage<Found>): void {
  const door = { preHandler: deps.requirePage('retention') };
  const open = async (request: FastifyRequest, reply: FastifyReply): Promise<{ who: Reader; found: Found } | undefined> => {
    const who = await readerOf(deps, request);
    const found = await page.find(who, request.params);
    const asked = found ? { kind: page.kind(found), ids: page.ids(found) } : page.askedFor(request.params);
    await noteRetention(deps, who, { action: 'retention.view', outcome: found ? 'done' : 'refused', ...asked });
    if (found) return { who, found };
    await deps.sendProblem(request, reply, notFound);
    return undefined;
  };
  const show = (reply: FastifyReply, { who, found }: { who: Reader; found: Found }, forms: Forms, { done = null, problems = problemsOf([...forms.keep, ...forms.propose, forms.confirm, forms.refuse]) }: { done?: string | null; problems?: FieldProblem[] } = {}) =>
    deps.renderPage(reply, 'retention/decision.njk', { title: page.title, ...(problems.length > 0 ? { error: true } : {}), problems, done, found: { address: page.addressOf(found), ...page.present(found, who) }, keepFields: forms.keep, proposeFields: forms.propose, confirmField: forms.confirm, refuseField: forms.refuse });

  app.get(page.route, door, async (request, reply) => {
    const opened = await open(request, reply);
    return opened ? show(reply, opened, readForms(null, deps, page).forms, { done: doneOf(request.query) }) : reply;
  });

  app.post(page.route, door, async (request, reply) => {
    const opened = await open(request, reply);
    if (!opened) return reply;
    const { who, found } = opened;
    const { act, forms, send } = readForms(request.body, deps, page);
    if (!send) return show(reply.code(400), opened, forms);
    const outcome = await send(who, found);
    if (outcome.ok) return reply.redirect(nextAddress(page, act, { found, id: outcome.id }), 303);
    await noteRetention(deps, who, { action: actions[act], outcome: 'refused', kind: page.kind(found), ids: page.ids(found), basis: outcome.reason });
    return show(reply.code(409), opened, forms, { problems: [{ text: page.whyNot[outcome.reason], href: '#main-content' }] });
  });
}

function nextAddress<Found>({ done, addressOf }: DecisionPage<Found>, act: Act, { found, id }: { found: Found; id: string }): string {
  if (act === 'confirm') return `${certificateAddress(id)}?done=${done.confirm}`;
  return act === 'propose' ? `${addressOf(found)}?done=${done.propose}` : `${retentionHome}?done=${act === 'keep' ? done.keep : 'refused'}`;
}

type Forms = ReturnType<typeof readDecision>['forms'] & Pick<ReturnType<typeof readConfirmation>, 'confirm' | 'refuse'>;

/** The form that was sent, the others as they are at first; `send` is undefined where something is missing or wrong in it. */
function readForms<Found>(body: unknown, deps: RetentionDeps, page: DecisionPage<Found>): { act: Act; forms: Forms; send: ((who: Reader, found: Found) => Promise<LoadOutcome>) | undefined } {
  const asked = (body as { act?: unknown } | null)?.act;
  const act = acts.find((each) => each === asked) ?? 'propose';
  const decides = act === 'keep' || act === 'propose';
  const [decision, confirmation] = [readDecision(decides ? body : null, deps), readConfirmation(decides ? null : body)];
  const { keepUntil, keepWhy, proposeWhy } = decision;
  const { confirmed, reason } = confirmation;
  const sends: Record<Act, ((who: Reader, found: Found) => Promise<LoadOutcome>) | undefined> = {
    keep: keepUntil !== undefined && keepWhy !== undefined ? (who, found) => page.keep(who, found, { keepUntil, reason: keepWhy }) : undefined,
    propose: proposeWhy !== undefined ? (who, found) => page.propose(who, found, proposeWhy) : undefined,
    confirm: confirmed ? (who, found) => page.confirm(who, found) : undefined,
    refuse: reason !== undefined ? (who, found) => page.refuse(who, found, reason) : undefined,
  };
  return { act, forms: { ...decision.forms, confirm: confirmation.confirm, refuse: confirmation.refuse }, send: body === null ? undefined : sends[act] };
}
