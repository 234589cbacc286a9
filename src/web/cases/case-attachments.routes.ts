// Files of a case: one form that attaches one to an entry, and each under an address of its own, given out as a file to keep. What is not the reader's is
// answered like a page that is not there.

import type { FastifyInstance } from 'fastify';
import { isRowId, largestAttachment, mayAttachTo, type LostAttachment } from '../../govern/index.ts';
import { presentDateTime } from '../frame/date-words.ts';
import { sentFiles, takeFiles, tooLargeCode } from '../form/sent-file.ts';
import { notFound, type HttpProblem } from '../problem/http-problem.ts';
import { askFile, fileField, fileHeaders } from './attachment-form.ts';
import { askingOf, createWords, noteCase, type CasePagesDeps } from './case-pages.ts';
import { createStep } from './case-step.ts';

const whyLost: Record<LostAttachment, string> = {
  missing: 'It is not where Headwater keeps it.',
  unreadable: 'It is damaged, or the key that it is encrypted with is not at hand.',
  changed: 'It is not the file that was attached, so nothing of it is given out.',
};

const lostProblem = (why: LostAttachment): HttpProblem => ({
  status: 500, title: 'This file cannot be opened', detail: [whyLost[why], 'What was written in the case is not touched by this.', 'Tell the person who runs the service, and give them the reference below: they can put the file back from a backup.'],
});

/** Everything here may take a file, within a scope of its own: no other form can. */
export async function caseAttachmentRoutes(app: FastifyInstance, deps: CasePagesDeps): Promise<void> {
  await app.register(async (scope) => {
    takeFiles(scope, { largest: largestAttachment, often: 60 });
    scope.setErrorHandler((error, request, reply) => {
      if ((error as { code?: unknown }).code !== tooLargeCode) throw error;
      // Nothing of the form was read, not even its token: the page says what is wrong.
      return reply.redirect(`${request.url.split('?')[0]}?problem=too-large`, 303);
    });
    attachRoutes(scope, deps);
  });
  app.get('/cases/:caseId/attachments/:attachmentId', { preHandler: deps.requirePage('cases') }, async (request, reply) => {
    const asking = await askingOf(deps, request);
    const { caseId, attachmentId } = request.params as { caseId: string; attachmentId: string };
    const opened = await deps.cases.openAttachment(asking, { caseId, attachmentId });
    if (!opened) {
      await noteCase(deps, asking, { action: 'case.open-attachment', outcome: 'refused', ids: [attachmentId, caseId].filter(isRowId) });
      return deps.sendProblem(request, reply, notFound);
    }
    if (opened.kind === 'lost') {
      request.log.error({ attachment: attachmentId, why: opened.why }, 'an attached file cannot be opened');
      return deps.sendProblem(request, reply, lostProblem(opened.why));
    }
    return reply.headers(fileHeaders(opened.attachment)).send(opened.content);
  });
}

function attachRoutes(scope: FastifyInstance, deps: CasePagesDeps): void {
  const { section } = createWords(deps.vocabulary);
  createStep(scope, deps, {
    at: '/entries/:entryId/attach', names: [fileField], action: 'case.attach', code: 'attached',
    act({ page: { asking, opened }, sent, request }) {
      const { entryId } = request.params as { entryId: string };
      const entry = opened.entries.find((each) => each.entryId === entryId && mayAttachTo(asking, opened, each));
      if (!entry) return undefined;
      const step = (fault?: Parameters<typeof askFile>[0]) => ({
        title: 'Attach a file', fields: [askFile(fault)], button: 'Attach the file',
        intro: [`It will stand with the entry of ${presentDateTime(entry.createdAt)} under “${section(entry.section)}”, with your sign-in and the day. Whoever may read the entry may open it. It cannot be changed or taken away again.`],
      });
      if (!sent) return { step: step((request.query as { problem?: unknown }).problem === 'too-large' ? 'too-large' : undefined) };
      const [file, another] = sentFiles(request.body, fileField);
      if (!file || another) return { step: step(another ? 'several' : 'missing') };
      return {
        step: step(),
        done: async () => {
          const outcome = await deps.cases.attach(asking, { caseId: opened.caseId, entryId, fileName: file.name, content: file.content });
          return 'fault' in outcome ? { ok: false, step: step(outcome.fault) } : outcome;
        },
      };
    },
  });
}
