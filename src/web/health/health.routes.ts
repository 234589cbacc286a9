// Whether the service can do its work: the store answers and there is a snapshot to read. For a probe, so it needs no sign-in and
// says nothing of anyone.

import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Clock, LakeReader } from '../../core/index.ts';

export const healthSchema = z.object({
  status: z.enum(['ok', 'failing']),
  store: z.enum(['ok', 'failing']),
  snapshot: z
    .object({ id: z.string(), builtAt: z.string(), ageSeconds: z.number(), dataTo: z.string().nullable() })
    .nullable()
    .describe('The snapshot that pages read; null where none can be read.'),
});

export type Health = z.infer<typeof healthSchema>;

export async function readHealth(clock: Clock, options: { checkStore: () => Promise<unknown>; lake: () => LakeReader }): Promise<Health> {
  const store = await options.checkStore().then(() => 'ok' as const, () => 'failing' as const);
  let snapshot: Health['snapshot'] = null;
  try {
    const { id, builtAt, dataTo } = options.lake().snapshot;
    snapshot = { id, builtAt, ageSeconds: Math.max(0, Math.round((clock.now() - Date.parse(builtAt)) / 1000)), dataTo };
  } catch {
    // No snapshot, or none that can be read: the answer says so.
  }
  return { status: store === 'ok' && snapshot ? 'ok' : 'failing', store, snapshot };
}

export function healthRoutes(app: FastifyInstance, clock: Clock, options: { checkStore: () => Promise<unknown>; lake: () => LakeReader }): void {
  for (const url of ['/health', '/api/health']) {
    app.get(url, { config: { access: 'public' } }, async (_request, reply) => {
      const health = await readHealth(clock, options);
      return reply.code(health.status === 'ok' ? 200 : 503).send(health);
    });
  }
}
