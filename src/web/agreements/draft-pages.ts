// What the pages of an agreement in writing share: finding one's own draft, changing it without losing what another tab did, a question
// shown and kept, and a page that asks before it removes something.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../../core/index.ts';
import type { AgreementDraft, DraftContent, Finding } from '../../govern/index.ts';
import type { AgreementPagesDeps } from './agreement-pages.ts';
import { findWholeContent, presentChecked } from './draft-check.ts';
import type { StepAnswer } from './draft-steps.ts';
import { namesOf, problemsOf, readSent, type FormField, type Sent } from '../form/step-form.ts';

export const draftsBase = '/govern/agreements/drafts';

export const noDraft = () => new Problem('notFound', { what: 'There is no such draft', todo: 'Go back to the list of agreements.' });

/** A page with one question, or with a button alone. */
export interface StepPage {
  title: string;
  caption: string;
  back: string;
  fields: FormField[];
  intro?: string;
  /** The part that the question belongs to, such as "Clause 2". */
  section?: string;
  button?: string;
  warning?: boolean;
  findings?: readonly Finding[];
}

export interface Question<T> {
  path: string;
  ask(draft: AgreementDraft, request: FastifyRequest, sent: Sent | null): Omit<StepPage, 'fields' | 'caption'> & { answer: StepAnswer<T> };
  keep(content: DraftContent, value: T, request: FastifyRequest): DraftContent;
  /** Where to go when the answer is kept. */
  next(request: FastifyRequest, content: DraftContent): string;
}

export interface Confirmation {
  path: string;
  page(draft: AgreementDraft, request: FastifyRequest): Pick<StepPage, 'title' | 'intro' | 'back' | 'button'>;
  act(request: FastifyRequest, draft: AgreementDraft): Promise<string>;
}

interface DraftParams {
  draftId: string;
  party?: string;
  clause?: string;
  '*'?: string;
}

export type DraftPages = ReturnType<typeof createDraftPages>;

const fromCheck = (request: FastifyRequest) => (request.query as Record<string, unknown>).from === 'check';
const pathOf = (request: FastifyRequest) => request.url.split('?')[0]!;

export const addressOf = ({ draftId }: Pick<AgreementDraft, 'draftId'>): string => `${draftsBase}/${draftId}`;
export const captionOf = ({ content, agreementId }: AgreementDraft): string => content.title ?? (agreementId ? 'A new version' : 'A new agreement');
export const draftParams = (request: FastifyRequest) => request.params as DraftParams;
/** Back to checking the answers where the question was opened from there. */
export const backOf = (request: FastifyRequest, draft: AgreementDraft, otherwise = addressOf(draft)): string => (fromCheck(request) ? `${addressOf(draft)}/check` : otherwise);

export function createDraftPages(app: FastifyInstance, deps: AgreementPagesDeps) {
  const { renderPage, drafts, vocabulary } = deps;
  const door = { preHandler: deps.requirePage('write-agreements') };

  const getDraft = async (request: FastifyRequest): Promise<AgreementDraft> => {
    const { draftId } = draftParams(request);
    const draft = /^[\w-]{36}$/.test(draftId) ? await drafts.find(draftId, request.session!.userId) : undefined;
    if (!draft) throw noDraft();
    return draft;
  };

  /** Changes what is kept now, whatever another tab has changed since the page was opened. */
  const change = async (request: FastifyRequest, make: (content: DraftContent) => DraftContent): Promise<DraftContent> => {
    for (let attempt = 0; attempt < 5; attempt += 1) {
      const draft = await getDraft(request);
      const content = make(draft.content);
      if (await drafts.replace({ ...draft, content })) return content;
    }
    throw new Problem('busy', { what: 'The draft is being changed elsewhere', todo: 'Try again.' });
  };

  const findingsOf = async ({ content, agreementId }: AgreementDraft): Promise<readonly Finding[]> => {
    const whole = findWholeContent(content);
    return whole ? deps.register.check(whole, agreementId ?? undefined) : [];
  };

  /** What the check finds about the question of this address. */
  const findingsAt = async (draft: AgreementDraft, request: FastifyRequest): Promise<Finding[]> => {
    const step = pathOf(request).slice(addressOf(draft).length + 1);
    const rows = presentChecked(draft.content, await findingsOf(draft), vocabulary).flatMap((section) => section.rows);
    return rows.filter((row) => row.step === step).flatMap((row) => row.findings);
  };

  const show = (request: FastifyRequest, reply: FastifyReply, page: StepPage, sent = false) => {
    const problems = sent ? problemsOf(page.fields) : [];
    const failed = problems.length > 0;
    return renderPage(failed ? reply.code(400) : reply, 'agreements/agreement-step.njk', { ...page, error: failed, problems, action: fromCheck(request) ? `${pathOf(request)}?from=check` : pathOf(request) });
  };

  /** Shown as it is kept; sent, it is shown again with what is wrong, or kept. */
  function question<T>({ path, ask, keep, next }: Question<T>): void {
    app.get(path, door, async (request, reply) => {
      const draft = await getDraft(request);
      const { answer, ...page } = ask(draft, request, null);
      return show(request, reply, { ...page, caption: captionOf(draft), fields: answer.fields, findings: await findingsAt(draft, request) });
    });
    app.post(path, door, async (request, reply) => {
      const draft = await getDraft(request);
      const sent = readSent(request.body, namesOf(ask(draft, request, null).answer.fields));
      const { answer, ...page } = ask(draft, request, sent);
      const { value } = answer;
      if (value === undefined) return show(request, reply, { ...page, caption: captionOf(draft), fields: answer.fields }, true);
      const content = await change(request, (kept) => keep(kept, value, request));
      return reply.redirect(fromCheck(request) ? `${addressOf(draft)}/check` : next(request, content), 303);
    });
  }

  function confirm({ path, page, act }: Confirmation): void {
    app.get(path, door, async (request, reply) => {
      const draft = await getDraft(request);
      return show(request, reply, { ...page(draft, request), caption: captionOf(draft), fields: [], warning: true });
    });
    app.post(path, door, async (request, reply) => {
      const draft = await getDraft(request);
      page(draft, request);
      readSent(request.body, []);
      return reply.redirect(await act(request, draft), 303);
    });
  }

  return { door, getDraft, change, findingsOf, question, confirm };
}
