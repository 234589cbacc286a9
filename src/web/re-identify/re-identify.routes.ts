// /govern/re-identify: which person does a pseudonym of an extract stand for? Asked with a ground, for the purpose stated, under an agreement that gives
// records of named people; what is given leads to the person's record. Whether a pseudonym exists is never told. Governance leads see all askings.

import type { FastifyInstance, FastifyReply } from 'fastify';
import { roleTitles, type Role } from '../../core/index.ts';
import { agreementStatus, mostPseudonyms, type AgreementRegister, type Asking, type ListedReidentification, type Reidentification, type ReidentifyAnswer, type ReidentifyOutcome } from '../../govern/index.ts';
import { errorsAt, textOf, type FieldProblem } from '../form/sent-fields.ts';
import { presentDateTime } from '../frame/date-words.ts';
import { purposeAddress } from '../gate/dark.ts';
import type { PageDeps } from '../page.ts';

export interface ReidentifyDeps extends PageDeps {
  reidentification: Reidentification;
  register: Pick<AgreementRegister, 'find'>;
  agencyName(code: string): string;
}

interface Form {
  agreement: string;
  pseudonyms: string;
  ground: string;
}

const mostListed = 100;

const refusals: Record<Extract<ReidentifyOutcome, { ok: false }>['reason'], FieldProblem> = {
  'no-purpose': { text: 'State what you are doing first', href: '#pseudonyms' },
  'no-pseudonym': { text: 'Enter at least one pseudonym', href: '#pseudonyms' },
  malformed: { text: 'Enter each pseudonym whole, as the column person_id has it: 32 digits and letters from a to f', href: '#pseudonyms' },
  'too-many': { text: `Enter at most ${mostPseudonyms} pseudonyms`, href: '#pseudonyms' },
  'ground-too-short': { text: 'Write in five words or more why you must know who this is', href: '#ground' },
  'ground-too-long': { text: 'Why you must know must be 1,000 characters or fewer', href: '#ground' },
};

export function reidentifyRoutes(app: FastifyInstance, deps: ReidentifyDeps): void {
  const door = { preHandler: deps.requirePage('re-identify') };
  const { reidentification, register } = deps;
  const titleOf = async (agreementId: string, at: number): Promise<string> => {
    const agreement = await register.find(agreementId);
    return agreement ? agreementStatus(agreement, at).content.title : agreementId;
  };
  const purposeTitle = (code: string): string => deps.gate.sharing.purposes.get(code)?.title ?? code;
  const present = async ({ userId, role, agency, agreementId, purpose, ground, asked, given, at }: ListedReidentification) => ({
    who: `${userId}, ${(roleTitles[role as Role] ?? role).toLowerCase()} of ${deps.agencyName(agency)}`,
    at: presentDateTime(at), purpose: purposeTitle(purpose), agreement: { text: await titleOf(agreementId, at), href: `/govern/agreements/${encodeURIComponent(agreementId)}` }, ground,
    given: `${given} of ${asked}`,
  });

  const show = async (reply: FastifyReply, asking: Asking, { form = { agreement: '', pseudonyms: '', ground: '' }, problems = [], answers }: { form?: Form; problems?: FieldProblem[]; answers?: readonly ReidentifyAnswer[] } = {}) => {
    const agreements = asking.purpose === null ? [] : await reidentification.agreementsFor(asking);
    const choices = await Promise.all(agreements.map(async (value) => ({ value, text: await titleOf(value, asking.at), checked: value === form.agreement || agreements.length === 1 })));
    const listed = asking.who.role === 'governance-lead' ? await Promise.all((await reidentification.list(mostListed)).map(present)) : null;
    return deps.renderPage(reply, 're-identify/re-identify.njk', {
      title: answers ? 'What is given' : 'Who is behind a pseudonym?',
      ...(problems.length > 0 ? { error: true } : {}),
      problems, errorAt: errorsAt(problems), form, choices,
      purpose: asking.purpose === null ? null : purposeTitle(asking.purpose),
      stateHref: purposeAddress('/govern/re-identify'),
      answers: answers?.map(({ pseudonym, personKey }) => ({ pseudonym, href: personKey === null ? null : `/people/${encodeURIComponent(personKey)}`, personKey })) ?? null,
      listed,
    });
  };

  /** Under an agreement that gives this reader no names; what is no agreement's id stays out of the audit. */
  const noteRefused = async ({ who, purpose }: Asking, agreementId: string) =>
    deps.trail.record({
      actorId: who.userId, action: 'pseudonym.reidentify', outcome: 'refused', ...((await register.find(agreementId)) ? { subjectKind: 'agreement', subjectIds: [agreementId] } : {}),
      ...(purpose === null ? { basis: 'no-purpose' } : { purpose, basis: 'not-recipient' }),
    });

  app.get('/govern/re-identify', door, async (request, reply) => show(reply, await deps.gate.askingOf(request.session!)));

  app.post('/govern/re-identify', door, async (request, reply) => {
    const body = (request.body ?? {}) as Record<string, unknown>;
    const form: Form = { agreement: textOf(body.agreement), pseudonyms: textOf(body.pseudonyms), ground: textOf(body.ground) };
    const asking = await deps.gate.askingOf(request.session!);
    const allowed = asking.purpose === null ? [] : await reidentification.agreementsFor(asking);
    if (!allowed.includes(form.agreement)) {
      if (form.agreement !== '') await noteRefused(asking, form.agreement);
      return show(reply.code(400), asking, { form, problems: [{ text: 'Choose the agreement that gives you records of named people', href: '#agreement' }] });
    }
    const outcome = await reidentification.reidentify(asking, { agreementId: form.agreement, ground: form.ground, pseudonyms: form.pseudonyms.split(/[\s,;]+/) });
    if (!outcome.ok) return show(reply.code(400), asking, { form, problems: [refusals[outcome.reason]] });
    return show(reply, asking, { answers: outcome.answers });
  });
}
