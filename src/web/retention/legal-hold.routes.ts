// /govern/retention/holds: what must not be destroyed for now, by whose authority; placing a hold on a person, a case, an agency’s
// cases and files, or a feed, and lifting it. Keys and codes alone stand here, no names of people.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { holdKinds, isPersonKey, type HoldKind, type LegalHold, type Reader } from '../../govern/index.ts';
import { askOne, askText, problemsOf, readSent, type FormField, type Read, type Sent } from '../form/step-form.ts';
import type { FieldProblem } from '../form/sent-fields.ts';
import { presentDateTime } from '../frame/date-words.ts';
import { readerOf } from '../gate/reader-of.ts';
import { notFound } from '../problem/http-problem.ts';
import { askedIds, createWords, doneOf, holdAddress, noteRetention, whyNot, type RetentionDeps } from './retention-pages.ts';

const kindWords: Record<HoldKind, string> = { person: 'A person', case: 'A case', agency: 'All cases that an agency holds or wrote in, all its files, its decisions to share and corrections of its facts', feed: 'A feed' };
/** One answer for what is not there and for what this lead may not know of. */
const noTarget: Record<HoldKind, string> = {
  person: 'Enter the key of a person of this snapshot, of a case or of a record that you may know of, such as P0123456789abcdef; or place the hold on the case', case: 'Enter the id of a case, as its page under “Retention” gives it', agency: whyNot['not-there'], feed: whyNot['not-there'],
};
const hasKind = (text: unknown): HoldKind | undefined => holdKinds.find((kind) => kind === text);

export function legalHoldRoutes(app: FastifyInstance, deps: RetentionDeps): void {
  const door = { preHandler: deps.requirePage('retention') };
  app.get('/govern/retention/holds', door, async (request, reply) => {
    const who = await readerOf(deps, request);
    const holds = await deps.retention.listHolds(who);
    await noteRetention(deps, who, { action: 'retention.holds', outcome: 'done', kind: 'legal-hold', ids: holds.map(({ holdId }) => holdId) });
    const [held, lifted] = [holds.filter(({ lifting }) => lifting === null), holds.filter(({ lifting }) => lifting !== null)].map((some) => some.map((hold) => presentHold(hold, deps)));
    return deps.renderPage(reply, 'retention/legal-holds.njk', { title: 'Legal holds', done: doneOf(request.query), held, lifted });
  });
  newHoldRoutes(app, deps);
  heldRoutes(app, deps);
}

function presentHold(hold: LegalHold, { vocabulary }: RetentionDeps) {
  const words = createWords(vocabulary);
  const target = hold.kind === 'agency' ? words.agency(hold.target) : hold.kind === 'feed' ? words.feed(hold.target) : hold.target;
  const lifting = hold.lifting && { reason: hold.lifting.reason, authority: hold.lifting.authority, by: hold.lifting.by, at: presentDateTime(hold.lifting.at) };
  return { href: holdAddress(hold.holdId), kind: kindWords[hold.kind], target, reason: hold.reason, authority: hold.authority, by: hold.placedBy, at: presentDateTime(hold.placedAt), lifting };
}

function newHoldRoutes(app: FastifyInstance, deps: RetentionDeps): void {
  const door = { preHandler: deps.requirePage('retention') };
  const show = (reply: FastifyReply, kind: HoldKind, fields: readonly FormField[], problems: FieldProblem[] = problemsOf(fields)) =>
    deps.renderPage(reply, 'retention/legal-hold-new.njk', { title: 'Place a legal hold', ...(problems.length > 0 ? { error: true } : {}), problems, kind, kindWords: kindWords[kind], fields });

  app.get('/govern/retention/holds/new', door, async (request, reply) => {
    const { kind: asked, target } = request.query as { kind?: unknown; target?: unknown };
    const kind = hasKind(asked);
    if (kind) return show(reply, kind, Object.values(readNew(null, kind, deps, typeof target === 'string' ? target.slice(0, 100) : '')).map(({ field }) => field));
    return deps.renderPage(reply, 'retention/legal-hold-kind.njk', { title: 'Place a legal hold', kinds: holdKinds.map((each) => ({ href: `/govern/retention/holds/new?kind=${each}`, text: kindWords[each] })) });
  });

  app.post('/govern/retention/holds/new', door, async (request, reply) => {
    const who = await readerOf(deps, request);
    const sent = readSent(request.body, ['kind', 'target', 'reason', 'authority']);
    const kind = hasKind(sent.text('kind'));
    if (!kind) return deps.sendProblem(request, reply, notFound);
    const read = readNew(sent, kind, deps, '');
    const fields = Object.values(read).map(({ field }) => field);
    // Somebody's key is looked up last, so that the form tells nothing by itself.
    const wrong = fields.some(({ error }) => error !== undefined);
    if (wrong) return show(reply.code(400), kind, fields);
    const asked = read.target.value!;
    const refuse = async (reason: string) => {
      // What cannot be an id is not kept: somebody may have typed a name.
      await noteRetention(deps, who, { action: 'retention.hold', outcome: 'refused', kind: 'legal-hold', ids: kind === 'person' ? (isPersonKey(asked) ? [asked] : []) : kind === 'case' ? askedIds(asked) : [asked], basis: reason });
      read.target.field.error = noTarget[kind];
      return show(reply.code(400), kind, fields);
    };
    const target = kind === 'person' ? await findPerson(deps, who, asked) : asked;
    if (target === undefined) return refuse('not-there');
    const outcome = await deps.retention.placeHold(who, { kind, target, reason: read.reason.value!, authority: read.authority.value! });
    if (outcome.ok) return reply.redirect('/govern/retention/holds?done=held', 303);
    return refuse(outcome.reason);
  });
}

function readNew(sent: Sent | null, kind: HoldKind, { vocabulary }: RetentionDeps, given: string): { target: Read<string>; reason: Read<string>; authority: Read<string> } {
  const choices = kind === 'agency' ? vocabulary.parties.map((value) => ({ value, text: vocabulary.agencies.get(value)! })) : [...vocabulary.feeds.values()].map(({ feed, title }) => ({ value: feed, text: title }));
  const target = kind === 'person'
    ? askText(sent, { name: 'target', label: 'The person’s key', hint: 'It stands at the end of their record, such as P0123456789abcdef', longest: 100, missing: 'Enter the person’s key', stored: given })
    : kind === 'case'
      ? askText(sent, { name: 'target', label: 'The id of the case', longest: 100, missing: 'Enter the id of the case', stored: given })
      : askOne(sent, { name: 'target', label: kind === 'agency' ? 'Which agency’s cases, files and records?' : 'Which feed?', missing: kind === 'agency' ? 'Choose the agency' : 'Choose the feed', choices, stored: given === '' ? undefined : given });
  return {
    target,
    authority: askText(sent, { name: 'authority', label: 'By whose authority?', hint: 'Such as a court’s order, a public inquiry, a complaint or a request under way, with its reference', longest: 300, missing: 'Enter by whose authority', stored: undefined }),
    reason: askText(sent, { kind: 'area', name: 'reason', label: 'Why must it not be destroyed?', hint: 'Do not write names of people', longest: 1000, missing: 'Enter why it must not be destroyed', stored: undefined }),
  };
}

/** Somebody of the snapshot that is served, or of a case that this lead may know of. */
async function findPerson({ people, retention }: RetentionDeps, who: Reader, key: string): Promise<string | undefined> {
  return (await people.exists(key)) ?? ((await retention.knowsPerson(who, key)) ? key : undefined);
}

function heldRoutes(app: FastifyInstance, deps: RetentionDeps): void {
  const door = { preHandler: deps.requirePage('retention') };
  const open = async (request: FastifyRequest, reply: FastifyReply): Promise<{ who: Reader; hold: LegalHold } | undefined> => {
    const who = await readerOf(deps, request);
    const { holdId } = request.params as { holdId: string };
    const hold = await deps.retention.findHold(who, holdId);
    await noteRetention(deps, who, { action: 'retention.view', outcome: hold ? 'done' : 'refused', kind: 'legal-hold', ids: hold ? [hold.holdId, hold.target] : askedIds(holdId) });
    if (hold) return { who, hold };
    await deps.sendProblem(request, reply, notFound);
    return undefined;
  };
  const readLift = (body: unknown) => {
    const sent = body === null ? null : readSent(body, ['reason', 'authority']);
    return {
      authority: askText(sent, { name: 'authority', label: 'By whose authority is it lifted?', longest: 300, missing: 'Enter by whose authority it is lifted', stored: undefined }),
      reason: askText(sent, { kind: 'area', name: 'reason', label: 'Why is it lifted?', hint: 'Do not write names of people', longest: 1000, missing: 'Enter why it is lifted', stored: undefined }),
    };
  };
  const show = (reply: FastifyReply, hold: LegalHold, read: ReturnType<typeof readLift>, problems: FieldProblem[] = problemsOf([read.authority.field, read.reason.field])) =>
    deps.renderPage(reply, 'retention/legal-hold.njk', { title: 'A legal hold', ...(problems.length > 0 ? { error: true } : {}), problems, hold: presentHold(hold, deps), fields: [read.authority.field, read.reason.field] });

  app.get('/govern/retention/holds/:holdId', door, async (request, reply) => {
    const opened = await open(request, reply);
    return opened ? show(reply, opened.hold, readLift(null)) : reply;
  });

  app.post('/govern/retention/holds/:holdId', door, async (request, reply) => {
    const opened = await open(request, reply);
    if (!opened) return reply;
    const { who, hold } = opened;
    const read = readLift(request.body);
    if (read.reason.value === undefined || read.authority.value === undefined) return show(reply.code(400), hold, read);
    const outcome = await deps.retention.liftHold(who, { holdId: hold.holdId, reason: read.reason.value, authority: read.authority.value });
    if (outcome.ok) return reply.redirect('/govern/retention/holds?done=lifted', 303);
    await noteRetention(deps, who, { action: 'retention.lift', outcome: 'refused', kind: 'legal-hold', ids: [hold.holdId] });
    return show(reply.code(409), hold, read, [{ text: whyNot['not-there'], href: '#main-content' }]);
  });
}
