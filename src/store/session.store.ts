// Sessions in the casework store, so that a restart signs nobody out. Keys come hashed; the secret is never here.

import { sql, type Kysely } from 'kysely';
import { z } from 'zod';
import { roles, type SessionStore } from '../core/index.ts';
import type { CaseworkTables } from './casework-tables.ts';

const dataSchema = z.object({ userId: z.string(), name: z.string(), agency: z.string(), role: z.enum(roles), address: z.string().exactOptional(), purpose: z.string().nullable().default(null) });

export function storeSessions(db: Kysely<CaseworkTables>): SessionStore {
  return {
    async find(key) {
      const row = await db.selectFrom('session').selectAll().where('key', '=', key).executeTakeFirst();
      const data = dataSchema.safeParse(row?.data);
      if (!row || !data.success) return undefined;
      return { key, ...data.data, startedAt: row.started_at.getTime(), expiresAt: row.expires_at.getTime(), idleUntil: row.idle_until.getTime() };
    },

    async save({ key, startedAt, expiresAt, idleUntil, userId, name, agency, role, address, purpose }) {
      const row = {
        data: JSON.stringify({ userId, name, agency, role, ...(address === undefined ? {} : { address }), purpose }),
        started_at: new Date(startedAt),
        idle_until: new Date(idleUntil),
        expires_at: new Date(expiresAt),
      };
      await db.insertInto('session').values({ key, ...row }).onConflict((conflict) => conflict.column('key').doUpdateSet(row)).execute();
    },

    async touch(key, idleUntil) {
      await db.updateTable('session').set({ idle_until: new Date(idleUntil) }).where('key', '=', key).execute();
    },

    async setPurpose(key, purpose) {
      await db.updateTable('session').set({ data: sql`data || jsonb_build_object('purpose', ${purpose}::text)` }).where('key', '=', key).execute();
    },

    async destroy(key) {
      await db.deleteFrom('session').where('key', '=', key).execute();
    },

    async destroyExpired(now) {
      const { numDeletedRows } = await db.deleteFrom('session').where(sql`least(idle_until, expires_at)`, '<=', new Date(now)).executeTakeFirstOrThrow();
      return Number(numDeletedRows);
    },
  };
}
