// One request: who asks is checked, the time is extended, it is closed, or the answer is released once nothing waits.

import type { FastifyInstance, FastifyReply } from 'fastify';
import { closingWays, filesGiven, identityWays, type NewAccessStep, type StepOutcome } from '../../govern/index.ts';
import { askDate, askOne, askText, dateNames, problemsOf, readSent, type FormField, type Sent } from '../form/step-form.ts';
import type { FieldProblem } from '../form/sent-fields.ts';
import { presentFile } from './access-file.ts';
import { filesOf } from './access-files.ts';
import { accessAddress, answerOf, closingWords, doneOf, identityWords, noteAccess, openRequest, presentRequest, todayOf, type AccessPagesDeps } from './access-pages.ts';

type Opened = NonNullable<Awaited<ReturnType<typeof openRequest>>>;
interface StepForm {
  fields: FormField[];
  step?: NewAccessStep;
}
const kinds = ['identity', 'extension', 'closing'] as const;
type Kind = (typeof kinds)[number];

export function accessRequestRoutes(app: FastifyInstance, deps: AccessPagesDeps): void {
  const door = { preHandler: deps.requirePage('subject-access') };
  const { subjectAccess } = deps;
  const address = '/govern/subject-access/:subjectAccessId';

  const show = async (reply: FastifyReply, { file, who }: Opened, { done = null, forms = {}, problems = [] }: { done?: string | null; forms?: Partial<Record<Kind, StepForm>>; problems?: FieldProblem[] } = {}) => {
    const today = todayOf(deps);
    const answering = file.identity !== null && file.closing === null;
    const answer = await subjectAccess.pack(who, file.subjectAccessId);
    const fieldsOf = (kind: Kind) => (forms[kind] ?? stepForms[kind](null, today)).fields;
    return deps.renderPage(reply, 'rights/access-request.njk', {
      title: 'A request to see what is held', ...(problems.length > 0 ? { error: true } : {}), problems, done, request: presentRequest(file, today, answer.kind === 'sealed'), answering,
      sealed: answer.kind === 'sealed' ? answer.whomToRing.replace(/\.$/, '') : null,
      waiting: answer.kind === 'pack' ? answer.pack.waiting : 0, left: answer.kind === 'pack' ? answer.pack.withheld.size : 0, lost: answer.kind === 'pack' ? answer.pack.lost.length : 0,
      identityFields: file.identity === null && file.closing === null ? fieldsOf('identity') : null,
      extensionFields: file.state === 'open' && file.extension === null && file.extendBy !== null && today <= file.extendBy ? fieldsOf('extension') : null,
      closingFields: file.closing === null && file.releases.length === 0 ? fieldsOf('closing') : null,
      released: file.releases.length > 0 && file.closing === null, outdated: answer.kind === 'pack' && answer.pack.outdated,
      files: answer.kind === 'pack' ? filesGiven(answer.pack.shown).map((each) => ({ text: `Download file ${each.number} (${presentFile(each)})`, href: accessAddress(file.subjectAccessId, `/released/${each.attachmentId}`) })) : [],
    });
  };

  app.get(address, door, async (request, reply) => {
    const opened = await openRequest(request, reply, deps);
    return opened ? show(reply, opened, { done: doneOf(request.query) }) : reply;
  });

  app.post(address, door, async (request, reply) => {
    const opened = await openRequest(request, reply, deps);
    if (!opened) return reply;
    const { who, file } = opened;
    const { subjectAccessId } = file;
    const refuse = async (action: string, text: string, forms = {}) => {
      await noteAccess(deps, who, { action, outcome: 'refused', ids: [subjectAccessId, file.personKey] });
      return show(reply.code(409), opened, { forms, problems: [{ text, href: '#main-content' }] });
    };
    const act = String((request.body as { act?: unknown } | null)?.act ?? '');
    if (act === 'release') {
      readSent(request.body, ['act']);
      const released = await subjectAccess.release(who, subjectAccessId, (pack) => filesOf(answerOf(deps, pack)));
      if (released.ok) return reply.redirect(`${accessAddress(subjectAccessId)}?done=release`, 303);
      if (released.reason === 'lost') return refuse('release', 'A file that was to go with the answer cannot be had. Choose that it is removed, or have it put back from a backup');
      return refuse('release', released.reason === 'waits' ? 'Something still waits for a decision: nothing is released until all that tells of others is decided, and nothing that was left out is lost' : 'The answer could not be released. Nothing was kept');
    }
    const kind = kinds.find((each) => each === act);
    if (!kind) return show(reply.code(400), opened, { problems: [{ text: 'Choose what to do', href: '#main-content' }] });
    const form = stepForms[kind](readSent(request.body, ['act', 'way', 'words', 'why', 'reason', 'end', ...dateNames('on')]), todayOf(deps));
    if (!form.step) return show(reply.code(400), opened, { forms: { [kind]: form }, problems: problemsOf(form.fields) });
    const step = await subjectAccess.step(who, subjectAccessId, form.step);
    return step.ok ? reply.redirect(`${accessAddress(subjectAccessId)}?done=${kind}`, 303) : refuse(kind, whyNot[step.reason], { [kind]: form });
  });
}

const whyNot: Record<Extract<StepOutcome, { ok: false }>['reason'], string> = {
  'too-late': 'It is too late to extend the time: the person had to be told within the first month',
  answered: 'It was answered: an answered request cannot be closed as one without an answer',
  refused: 'It could not be kept: it was done already, or the request is closed or sealed',
};

const stepForms: Record<Kind, (sent: Sent | null, today: string) => StepForm> = {
  identity(sent, today) {
    const way = askOne(sent, { name: 'way', label: 'How was it checked who asks?', missing: 'Choose how it was checked', stored: undefined, choices: identityWays.map((value) => ({ value, text: identityWords[value] })) });
    const on = askDate(sent, { name: 'on', label: 'Day on which it was known', hint: 'The time to answer runs from here, or from the day on which they asked where that is later', example: '27 3 2026', stored: undefined });
    const words = askText(sent, { name: 'words', label: 'What was seen (optional)', hint: 'Such as “Passport and council tax bill”. Do not write numbers of documents', longest: 1000, missing: '', stored: undefined });
    if (sent?.text('words') === '') delete words.field.error;
    if (on.value !== undefined && on.value > today) on.field.error = 'The day on which it was known must be today or in the past';
    const fields = [way, on, words].map(({ field }) => field);
    return !sent || fields.some(({ error }) => error !== undefined) ? { fields } : { fields, step: { kind: 'identity', code: way.value!, on: on.value!, words: words.value ?? '' } };
  },
  extension(sent, today) {
    const why = askText(sent, { kind: 'area', name: 'why', label: 'Why does it take longer?', hint: 'It must be complex, or one of many requests of this person. Tell them, and why, within the first month', longest: 1000, missing: 'Enter why it takes longer', stored: undefined });
    return why.value === undefined ? { fields: [why.field] } : { fields: [why.field], step: { kind: 'extension', code: 'complex-or-many', on: today, words: why.value } };
  },
  closing(sent, today) {
    const end = askOne(sent, { name: 'end', label: 'Why is there no answer?', missing: 'Choose why there is no answer', stored: undefined, choices: closingWays.map((value) => ({ value, text: closingWords[value] })) });
    const reason = askText(sent, { kind: 'area', name: 'reason', label: 'In your words', hint: 'Tell the person why, and that they can complain to the Information Commissioner and go to court', longest: 1000, missing: 'Enter why it is closed', stored: undefined });
    const fields = [end.field, reason.field];
    return end.value === undefined || reason.value === undefined ? { fields } : { fields, step: { kind: 'closing', code: end.value, on: today, words: reason.value } };
  },
};
