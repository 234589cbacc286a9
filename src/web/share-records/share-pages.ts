// What the pages about decisions to share are given, who asks, and the row of the audit that each leaves.

import type { FastifyRequest } from 'fastify';
import type { Clock } from '../../core/index.ts';
import type { AgreementPacks, Asking, People, ShareRecords } from '../../govern/index.ts';
import type { AgreementVocabulary } from '../agreements/agreement-vocabulary.ts';
import { createDoneOf } from '../form/done-words.ts';
import type { PageDeps } from '../page.ts';

export interface ShareRecordsDeps extends PageDeps {
  people: People;
  shareRecords: ShareRecords;
  packs: AgreementPacks;
  /** The packs in the words of the pages. */
  vocabulary: AgreementVocabulary;
  clock: Clock;
}

interface Noted {
  ids: string[];
  /** Absent: "share-record". */
  kind?: string;
  basis?: string;
}

export const askingOf = (deps: ShareRecordsDeps, request: FastifyRequest): Promise<Asking> => deps.gate.askingOf(request.session!);

/** In the audit before anything is shown. */
export function noteShare(deps: ShareRecordsDeps, { who, purpose }: Asking, event: { action: string; outcome: 'done' | 'refused' } & Noted): Promise<void> {
  const { action, outcome, ids, kind = 'share-record', basis } = event;
  return deps.trail.record({ actorId: who.userId, action, outcome, subjectKind: kind, subjectIds: ids, ...(purpose === null ? {} : { purpose }), ...(basis === undefined ? {} : { basis }) });
}

/** What has just been done, by the code in the address. */
export const doneOf = createDoneOf({ recorded: 'The decision is recorded.', outcome: 'What became of it is recorded.', correction: 'The correction is recorded.', reviewed: 'Your review is recorded.' });
