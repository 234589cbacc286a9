// One line of JSON for each request: the route's pattern, never the address with its query, and nothing of who asked.

import type { FastifyInstance, FastifyServerOptions } from 'fastify';
import { stdTimeFunctions } from 'pino';

export function logOptions(destination: { write(line: string): void } | undefined): FastifyServerOptions['logger'] {
  if (!destination) return false;
  return { level: 'info', base: { service: 'headwater' }, timestamp: stdTimeFunctions.isoTime, stream: destination };
}

export function logRequests(app: FastifyInstance): void {
  app.addHook('onResponse', async (request, reply) => {
    request.log.info(
      {
        method: request.method,
        route: request.routeOptions.url ?? 'none',
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime * 10) / 10,
      },
      'request',
    );
  });
}
