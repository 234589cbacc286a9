// An agreement that somebody is still writing: their answers, complete or not, kept until they are saved as a version or thrown away.
// It is nobody else's, binds nobody and gives no access.

import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '../core/index.ts';
import { agreementContentSchema, clauseSchema, type AgreementContent } from './agreement.ts';

const feedItemSchema = z.strictObject({ feed: z.string(), fields: z.union([z.literal('all'), z.array(z.string())]) });

/** A clause as far as it is written. A feed without fields is chosen, its fields are not yet. The key stays when others are removed. */
export const draftClauseSchema = clauseSchema.partial().extend({
  key: z.string(),
  from: z.array(z.string()).default([]),
  items: z.array(z.union([feedItemSchema, z.strictObject({ section: z.string() })])).default([]),
  to: z.array(z.strictObject({ agency: z.string(), roles: clauseSchema.shape.to.element.shape.roles.or(z.tuple([])) })).default([]),
  powers: z.array(z.string()).default([]),
});
export type DraftClause = z.infer<typeof draftClauseSchema>;

export const draftContentSchema = agreementContentSchema.partial().extend({
  parties: z.array(agreementContentSchema.shape.parties.element).default([]),
  clauses: z.array(draftClauseSchema).default([]),
});
export type DraftContent = z.infer<typeof draftContentSchema>;

export interface AgreementDraft {
  draftId: string;
  userId: string;
  /** The agreement whose next version this becomes, and the version it began from; null for a new agreement. */
  agreementId: string | null;
  baseVersion: number | null;
  content: DraftContent;
  /** Grows by one with each change. */
  revision: number;
  /** Milliseconds since the epoch. */
  changedAt: number;
}

export type NewDraft = Pick<AgreementDraft, 'userId' | 'agreementId' | 'baseVersion' | 'content'>;

/** Drafts of each person: nobody finds another's. */
export interface AgreementDrafts {
  /** The last changed first. */
  list(userId: string): Promise<readonly AgreementDraft[]>;
  find(draftId: string, userId: string): Promise<AgreementDraft | undefined>;
  begin(draft: NewDraft): Promise<string>;
  /** Writes over the revision named; false where there is no such draft, or it has been changed since. */
  replace(draft: Pick<AgreementDraft, 'draftId' | 'userId' | 'revision' | 'content'>): Promise<boolean>;
  discard(draftId: string, userId: string): Promise<void>;
}

/** Keys of clauses are c1, c2 and so on; a removed one is not used again while a later one stands. */
export const nextClauseKey = (content: DraftContent): string => `c${Math.max(0, ...content.clauses.map(({ key }) => Number(key.slice(1)) || 0)) + 1}`;

/** The content of an agreement as the beginning of a draft. */
export function toDraft(content: AgreementContent): DraftContent {
  return { ...content, clauses: content.clauses.map((clause, place) => ({ ...clause, key: `c${place + 1}` })) };
}

/** The content without what only a draft has; it may still lack answers. */
export function fromDraft(content: DraftContent): unknown {
  return { ...content, clauses: content.clauses.map(({ key: _key, ...clause }) => clause) };
}

/** Drafts in memory: for tests, and for pages without a store. They end with the process. */
export function memoryDrafts(clock: Clock): AgreementDrafts {
  const held = new Map<string, AgreementDraft>();
  const findOwn = (draftId: string, userId: string) => {
    const draft = held.get(draftId);
    return draft?.userId === userId ? draft : undefined;
  };
  return {
    list: async (userId) => structuredClone([...held.values()].filter((draft) => draft.userId === userId).toSorted((a, b) => b.changedAt - a.changedAt)),
    find: async (draftId, userId) => structuredClone(findOwn(draftId, userId)),
    async begin(draft) {
      const draftId = randomUUID();
      held.set(draftId, structuredClone({ ...draft, draftId, revision: 1, changedAt: clock.now() }));
      return draftId;
    },
    async replace({ draftId, userId, revision, content }) {
      const draft = findOwn(draftId, userId);
      if (draft?.revision !== revision) return false;
      held.set(draftId, structuredClone({ ...draft, content, revision: revision + 1, changedAt: clock.now() }));
      return true;
    },
    async discard(draftId, userId) {
      if (findOwn(draftId, userId)) held.delete(draftId);
    },
  };
}
