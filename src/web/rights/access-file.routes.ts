// Files of cases: opened by whoever answers, to decide whether each goes, and handed over with the answer that was released. Each is given out as a file to
// keep, never shown as a page. Whoever may not have it learns nothing of it.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isRowId, type FileAnswer } from '../../govern/index.ts';
import { fileHeaders } from '../cases/attachment-form.ts';
import { readerOf } from '../gate/reader-of.ts';
import { notFound } from '../problem/http-problem.ts';
import { lostWords } from './access-file.ts';
import { filesOf } from './access-files.ts';
import { answerOf, noteAccess, type AccessPagesDeps } from './access-pages.ts';

export function accessFileRoutes(app: FastifyInstance, deps: AccessPagesDeps): void {
  const door = { preHandler: deps.requirePage('subject-access') };
  const { subjectAccess } = deps;
  type Params = { subjectAccessId: string; attachmentId: string };

  const give = (at: string, action: string, find: (who: Awaited<ReturnType<typeof readerOf>>, params: Params) => Promise<FileAnswer | undefined>) =>
    app.get(`/govern/subject-access/:subjectAccessId/${at}/:attachmentId`, door, async (request: FastifyRequest, reply: FastifyReply) => {
      const params = request.params as Params;
      const who = await readerOf(deps, request);
      const found = isRowId(params.attachmentId) ? await find(who, params) : undefined;
      if (!found) {
        await noteAccess(deps, who, { action, outcome: 'refused', ids: [params.attachmentId, params.subjectAccessId].filter(isRowId) });
        return deps.sendProblem(request, reply, notFound);
      }
      if (found.kind === 'file') return reply.headers(fileHeaders(found)).send(found.content);
      request.log.error({ attachment: params.attachmentId, why: found.why }, 'an attached file cannot be opened');
      return deps.sendProblem(request, reply, { status: 500, title: 'This file cannot be opened', detail: [`${lostWords[found.why]}.`, 'It cannot go with an answer: choose that it is removed. Tell the person who runs the service, and give them the reference below: they can put the file back from a backup.'] });
    });

  give('files', 'open-file', (who, { subjectAccessId, attachmentId }) => subjectAccess.openFile(who, subjectAccessId, attachmentId));
  give('released', 'export', (who, { subjectAccessId, attachmentId }) => subjectAccess.releasedFile(who, subjectAccessId, attachmentId, (pack) => filesOf(answerOf(deps, pack))));
}
