// What people do to an agreement: a signatory signs for their agency or takes it out, an information governance lead ends it. Each is a page
// that says what follows, and asks. The register decides, keeps and audits; a version that is no longer the newest is never signed.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { newestVersion, type AgreementFault, type AgreementOutcome } from '../../govern/index.ts';
import { presentDate } from '../frame/date-words.ts';
import type { PageId } from '../permission.ts';
import { agreementAddress, faultWords, getAgreement, noAgreement, type AgreementPagesDeps, type FoundAgreement } from './agreement-pages.ts';
import { createNaming, joinWords, type Naming } from './agreement-vocabulary.ts';
import { offeredActs, type Acts } from './agreement-view.ts';
import type { FieldProblem } from '../form/sent-fields.ts';
import { readSent, type Sent } from '../form/step-form.ts';

const longestReason = 1000;

interface ActPage {
  id: 'sign' | 'withdraw' | 'end';
  page: PageId;
  done: string;
  /** Names that its form sends. */
  names: string[];
  offered: keyof Acts;
  present(found: FoundAgreement, naming: Naming): { heading: string; sentences: string[]; confirmation: string; unconfirmed: string; button: string; reasonLabel?: string };
  act(found: FoundAgreement, sent: { version: number; reason: string }, deps: AgreementPagesDeps): Promise<AgreementOutcome>;
}

/** What is no longer given, clause by clause; another agreement may give it too. */
function endings({ status }: FoundAgreement, naming: Naming): string[] {
  if (status.state !== 'live') return ['The agreement gives no access now, so nobody loses any. Nobody can sign it after that, and it cannot be taken back.'];
  return [
    'The agreement lapses at once, for all parties. From that moment it no longer gives:',
    ...status.content.clauses.map((clause, place) => `Clause ${place + 1}, ${naming.purpose(clause.purpose)}: data of ${joinWords(clause.from.map(naming.agency))} to ${joinWords(clause.to.map(({ agency }) => naming.agency(agency)))}.`),
    'What another agreement gives is still seen under that one. It cannot be taken back. To share again, a new agreement is needed.',
  ];
}

const actPages: readonly ActPage[] = [
  {
    id: 'sign', page: 'sign-agreements', done: 'signed', names: ['confirm', 'version'], offered: 'sign',
    present({ agreement, reader, status }, naming) {
      const { version, content } = newestVersion(agreement);
      const last = status.missing.length === 1 && status.missing[0] === reader.agency;
      const from = presentDate(content.startsOn);
      return {
        heading: `Sign version ${version} for ${naming.agency(reader.agency)}`,
        sentences: [`It holds from ${from} until the end of ${presentDate(content.endsOn)}.`, last ? `You are the last to sign. From then on, and from ${from}, those whom its clauses name see what they give.` : 'It gives no access until every party has signed.'],
        confirmation: `I have read version ${version}, and I may sign for ${naming.agency(reader.agency)}`,
        unconfirmed: 'Confirm that you have read it and may sign',
        button: 'Sign',
      };
    },
    act: ({ agreement, reader }, { version }, { register }) => register.sign(agreement.agreementId, version, reader),
  },
  {
    id: 'withdraw', page: 'sign-agreements', done: 'withdrawn', names: ['confirm', 'reason'], offered: 'withdraw',
    present: (found, naming) => ({
      heading: `Withdraw ${naming.agency(found.reader.agency)}`, sentences: endings(found, naming), reasonLabel: 'Why does your agency withdraw?',
      confirmation: `I may withdraw ${naming.agency(found.reader.agency)} from this agreement`, unconfirmed: 'Confirm that you may withdraw your agency', button: 'Withdraw',
    }),
    act: ({ agreement, reader }, { reason }, { register }) => register.withdraw(agreement.agreementId, reader, reason),
  },
  {
    id: 'end', page: 'write-agreements', done: 'ended', names: ['confirm', 'reason'], offered: 'end',
    present: (found, naming) => ({
      heading: 'End this agreement', sentences: endings(found, naming), reasonLabel: 'Why does it end?',
      confirmation: 'I may end this agreement for all parties', unconfirmed: 'Confirm that you may end it', button: 'End the agreement',
    }),
    act: ({ agreement, reader }, { reason }, { register }) => register.end(agreement.agreementId, reader, reason),
  },
];

const statusOfFault: Partial<Record<AgreementFault, number>> = { 'content-faulty': 400, 'not-your-agency': 403, 'not-a-signatory': 403, 'not-a-governance-lead': 403 };

const textAt = (problems: readonly FieldProblem[], href: string) => problems.find((problem) => problem.href === href)?.text;

export function agreementActRoutes(app: FastifyInstance, deps: AgreementPagesDeps): void {
  const naming = createNaming(deps.vocabulary);

  const show = async (reply: FastifyReply, given: { act: ActPage; found: FoundAgreement; sent?: Sent; problems?: FieldProblem[]; status?: number }) => {
    const { act, found, sent, problems = [], status = 200 } = given;
    const address = agreementAddress(found.agreement.agreementId);
    const { version, content } = newestVersion(found.agreement);
    const warnings = act.id === 'sign' ? await deps.register.check(content, found.agreement.agreementId) : [];
    return deps.renderPage(reply.code(status), 'agreements/agreement-act.njk', {
      ...act.present(found, naming), title: act.present(found, naming).heading, error: problems.length > 0, problems, warnings, address,
      reasonError: textAt(problems, '#reason'), confirmError: textAt(problems, '#confirm'),
      action: `${address}/${act.id}`, version, caption: content.title, offered: offeredActs(found.agreement, found.status, found.reader)[act.offered],
      signs: act.id === 'sign', reason: sent && act.names.includes('reason') ? sent.text('reason') : '', confirmed: sent?.text('confirm') === 'yes',
    });
  };

  const fieldProblems = (act: ActPage, found: FoundAgreement, sent: Sent): FieldProblem[] => {
    const reason = act.names.includes('reason') ? sent.text('reason') : undefined;
    const wrong = reason === '' ? 'Enter a reason' : reason && reason.length > longestReason ? `The reason must be ${longestReason.toLocaleString('en-GB')} characters or fewer` : undefined;
    return [...(wrong ? [{ text: wrong, href: '#reason' }] : []), ...(sent.text('confirm') === 'yes' ? [] : [{ text: act.present(found, naming).unconfirmed, href: '#confirm' }])];
  };

  const send = async (request: FastifyRequest, reply: FastifyReply, act: ActPage) => {
    const sent = readSent(request.body, act.names);
    const found = await getAgreement(request, deps);
    const problems = fieldProblems(act, found, sent);
    if (problems.length > 0) return show(reply, { act, found, sent, problems, status: 400 });
    const version = act.names.includes('version') && /^\d{1,6}$/.test(sent.text('version')) ? Number(sent.text('version')) : 0;
    const outcome = await act.act(found, { version, reason: act.names.includes('reason') ? sent.text('reason') : '' }, deps);
    if (outcome.ok) return reply.redirect(agreementAddress(found.agreement.agreementId, `?done=${act.done}`), 303);
    if (outcome.reason === 'not-found') throw noAgreement();
    // As it stands now: a newer version, or another's signature, may have come between.
    const now = await getAgreement(request, deps);
    const findings = outcome.findings.map(({ message }) => ({ text: message, href: '#reason' }));
    return show(reply, { act, found: now, problems: findings.length > 0 ? findings : [{ text: faultWords[outcome.reason], href: '#act' }], status: statusOfFault[outcome.reason] ?? 409 });
  };

  for (const act of actPages) {
    const door = { preHandler: deps.requirePage(act.page) };
    app.get(`/govern/agreements/:agreementId/${act.id}`, door, async (request, reply) => show(reply, { act, found: await getAgreement(request, deps) }));
    app.post(`/govern/agreements/:agreementId/${act.id}`, door, (request, reply) => send(request, reply, act));
  }
}
