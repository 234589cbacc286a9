// Agreements in writing, in the casework store: they outlive a sign-out and a restart. Two tabs cannot write over each other unseen.

import { randomUUID } from 'node:crypto';
import type { Kysely, Selectable } from 'kysely';
import type { Clock } from '../core/index.ts';
import type { AgreementDraftTable, CaseworkTables } from '../store/index.ts';
import { draftContentSchema, type AgreementDraft, type AgreementDrafts } from './agreement-draft.ts';

export function storeDrafts(db: Kysely<CaseworkTables>, clock: Clock): AgreementDrafts {
  return {
    async list(userId) {
      const rows = await db.selectFrom('agreement_draft').selectAll().where('user_id', '=', userId).orderBy('changed_at', 'desc').orderBy('agreement_draft_id').execute();
      return rows.map(present);
    },
    async find(draftId, userId) {
      const row = await db.selectFrom('agreement_draft').selectAll().where('agreement_draft_id', '=', draftId).where('user_id', '=', userId).executeTakeFirst();
      return row && present(row);
    },
    async begin({ userId, agreementId, baseVersion, content }) {
      const draftId = randomUUID();
      await db
        .insertInto('agreement_draft')
        .values({ agreement_draft_id: draftId, user_id: userId, agreement_id: agreementId, base_version: baseVersion, content: JSON.stringify(content), revision: 1, changed_at: new Date(clock.now()) })
        .execute();
      return draftId;
    },
    async replace({ draftId, userId, revision, content }) {
      const row = await db
        .updateTable('agreement_draft')
        .set({ content: JSON.stringify(content), revision: revision + 1, changed_at: new Date(clock.now()) })
        .where('agreement_draft_id', '=', draftId)
        .where('user_id', '=', userId)
        .where('revision', '=', revision)
        .returning('agreement_draft_id')
        .executeTakeFirst();
      return row !== undefined;
    },
    async discard(draftId, userId) {
      await db.deleteFrom('agreement_draft').where('agreement_draft_id', '=', draftId).where('user_id', '=', userId).execute();
    },
  };
}

function present(row: Selectable<AgreementDraftTable>): AgreementDraft {
  return {
    draftId: row.agreement_draft_id,
    userId: row.user_id,
    agreementId: row.agreement_id,
    baseVersion: row.base_version,
    content: draftContentSchema.parse(row.content),
    revision: row.revision,
    changedAt: row.changed_at.getTime(),
  };
}
